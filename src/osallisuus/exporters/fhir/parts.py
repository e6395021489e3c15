"""The small parts that every FHIR resource of ours is made of, and what tells R4B from R5.

Resources are plain JSON values. Systems and profiles of our own are URNs, since the library has no
address on the web to which a URL could lead. No narrative is written: it would be the one place
where markup could slip into a record (requirement E5).
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from osallisuus.values import frozen

__all__ = [
    "OWN",
    "R4B",
    "R5",
    "Json",
    "Release",
    "absent",
    "concept",
    "entry",
    "identified",
    "own",
    "resource_id",
    "stated",
]

Json = dict[str, Any]

OWN: Final = "urn:osallisuus:"
_ABSENT: Final = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_ID: Final = re.compile(r"[A-Za-z0-9\-.]{1,64}").fullmatch


@frozen
class Release:
    """A release of FHIR; ``r5`` where a part of it has changed since R4."""

    name: str
    version: str
    r5: bool


R4B: Final = Release("r4b", "4.3.0", r5=False)
R5: Final = Release("r5", "5.0.0", r5=True)


def resource_id(text: str) -> str:
    """*text* as the id of a resource; where it has other characters, a digest of it."""
    return text if _ID(text) else f"h-{sha256(text.encode()).hexdigest()[:40]}"


def identified(kind: str, identity: str, *, system: str) -> Json:
    """The beginning of the resource *kind*: its id, and ours as it is."""
    return {
        "resourceType": kind,
        "id": resource_id(identity),
        "identifier": [{"system": OWN + system, "value": identity}],
    }


def concept(system: str, code: str, display: str = "") -> Json:
    """A concept of one code: of ours, or of a *system* that is a whole URL."""
    coding = {"system": system if ":" in system else OWN + system, "code": code}
    if display:
        coding["display"] = display
    return {"coding": [coding]}


def own(name: str, kind: str, value: Any) -> Json:
    """An extension of ours that holds a value of that kind, such as ``Code``."""
    return {"url": OWN + name, f"value{kind}": value}


def absent(reason: str, *more: Json) -> Json:
    """What stands where a value does not, with the code of HL7 that says why."""
    return {"extension": [{"url": _ABSENT, "valueCode": reason}, *more]}


def stated(**values: Any) -> Json:
    """Those that are stated: FHIR knows no ``null`` and no empty lists."""
    return {name: one for name, one in values.items() if one not in (None, "", [], {})}


def entry(resource: Json) -> Json:
    """*resource* in a bundle, under an address that follows from its id."""
    name = f"{OWN}{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": f"urn:uuid:{uuid5(NAMESPACE_URL, name)}", "resource": resource}
