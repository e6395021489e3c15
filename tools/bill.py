"""A bill of materials (SBOM) of an installation, as CycloneDX 1.6 JSON (ECMA-424)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

__all__ = ["bill_of"]


def bill_of(report: Mapping[str, Any], *, subject: str, moment: int) -> str:
    """The bill of *subject* and all that came with it, as JSON text.

    *report* is what ``pip install --report`` writes; *moment* is in seconds since 1970. The same
    installation gives the same text, and no address from which anything was fetched is in it.
    """
    packages = sorted(report["install"], key=_name)
    components = {_name(package): _component(package) for package in packages}
    main = {**components.pop(subject), "type": "library"}
    content = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_OID, json.dumps(main, sort_keys=True))}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": main,
        },
        "components": list(components.values()),
        "dependencies": [_needs(package, packages) for package in packages],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _name(package: Mapping[str, Any]) -> str:
    return canonicalize_name(package["metadata"]["name"])


def _reference(package: Mapping[str, Any]) -> str:
    """The package URL, which serves as the component's reference too."""
    return f"pkg:pypi/{_name(package)}@{package['metadata']['version']}"


def _component(package: Mapping[str, Any]) -> dict[str, Any]:
    stated = package["metadata"]
    hashes = package["download_info"]["archive_info"]["hashes"]
    return {
        "type": "library",
        "bom-ref": _reference(package),
        "name": _name(package),
        "version": stated["version"],
        "description": stated.get("summary", ""),
        "hashes": [{"alg": "SHA-256", "content": hashes["sha256"]}],
        "licenses": _licences(stated),
        "purl": _reference(package),
    }


def _licences(stated: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a package says of its licence: an SPDX expression, or the names in its classifiers."""
    if "license_expression" in stated:
        return [{"expression": stated["license_expression"]}]
    classified = (one for one in stated.get("classifier", ()) if one.startswith("License :: "))
    names = sorted({one.rpartition(" :: ")[2] for one in classified})
    return [{"license": {"name": name}} for name in names]


def _needs(package: Mapping[str, Any], packages: list[Mapping[str, Any]]) -> dict[str, Any]:
    there = {_name(one): _reference(one) for one in packages}
    wanted = [Requirement(line) for line in package["metadata"].get("requires_dist", ())]
    names = {
        canonicalize_name(one.name)
        for one in wanted
        if one.marker is None or one.marker.evaluate({"extra": ""})
    }
    return {"ref": _reference(package), "dependsOn": sorted(there[name] for name in names)}
