"""Who stands behind a programme: staff, partners, money, duties, and the care of data.

Each class is one table of a programme's TOML file. Organisations are named, people never are.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import field

from osallisuus.errors import DefinitionError
from osallisuus.model.cadence import Cadence, Length
from osallisuus.model.heading import SMALLEST_THRESHOLD
from osallisuus.model.stated import Code, Listed, Modality, Span, Text
from osallisuus.values import frozen

__all__ = [
    "Body",
    "Compensation",
    "CostHead",
    "DataPurpose",
    "DecisionOwner",
    "Disclosure",
    "Event",
    "Funder",
    "OrganizingResponsibility",
    "Partner",
    "Pathway",
    "Pay",
    "ReportDuty",
    "Retention",
    "StaffTraining",
    "Staffing",
]

_ROLE = {"refers_to": ("roles",)}

Pay: TypeAlias = Literal["fee", "wage", "compensation"]


@frozen(kw_only=True)
class Staffing:
    """Who does which task. ``count`` is of people; ``modality`` tells "may" from "is" (W29)."""

    role: Code = field(metadata=_ROLE)
    task: Code
    count: int | None = None
    optional: bool = False
    text: Text | None = None


@frozen(kw_only=True)
class StaffTraining:
    """A training of staff or of staff and clients together; trainings may overlap (Y14, Y20)."""

    code: Code
    label: Text
    participants: Listed[Code] = field(default=None, metadata=_ROLE)
    length: Length | None = None
    includes_supervision: bool | None = None
    covers_everyone: bool | None = None
    trainers: Listed[Code] = field(default=None, metadata=_ROLE)


@frozen(kw_only=True)
class CostHead:
    """Something that costs. ``may_be_zero``: the source names a way to have it for nothing (W23)."""

    code: Code
    text: Text | None = None
    may_be_zero: bool | None = None


@frozen(kw_only=True)
class Compensation:
    """Pay for taking part or for work, how firmly stated (K27: a goal, not a fact)."""

    role: Code = field(metadata=_ROLE)
    kind: Pay
    text: Text | None = None
    modality: Modality = "is"


@frozen(kw_only=True)
class Pathway:
    """A way on to work or studies. ``as_right``: the source speaks of it as a right (Y22)."""

    code: Code
    text: Text
    as_right: bool | None = None


@frozen(kw_only=True)
class Partner:
    """An organisation that takes part, by a lasting code; its name may change with time (X15)."""

    code: Code = field(metadata={"declares": "partners"})
    name: Text
    kind: Code | None = None
    part: Text | None = None
    required: bool | None = None
    project: Text | None = None
    funded_by: Code | None = field(default=None, metadata={"refers_to": ("funders",)})
    during: Span | None = None


@frozen(kw_only=True)
class OrganizingResponsibility:
    """Who must see to it that the service exists, and when. ``basis`` where it is not the source."""

    by: Code
    of: Text
    during: Span | None = None
    basis: Text | None = None


@frozen(kw_only=True)
class Body:
    """A body that steers or organises, and who sits in it (X1, Y28)."""

    code: Code = field(metadata={"declares": "bodies"})
    label: Text
    members: Listed[Code] = field(default=None, metadata=_ROLE)


@frozen(kw_only=True)
class DecisionOwner:
    """Who decides a matter: a role, or a meeting (Y12, Y16)."""

    matter: Code
    owner: Code = field(metadata={"refers_to": ("roles", "meetings")})
    text: Text | None = None


@frozen(kw_only=True)
class Funder:
    """Who paid, as the source records it."""

    code: Code = field(metadata={"declares": "funders"})
    name: Text
    note: Text | None = None


@frozen(kw_only=True)
class ReportDuty:
    """A report that is due: to whom, how often, and what it holds (Y25, Y26)."""

    code: Code
    label: Text
    to: Code | None = field(default=None, metadata={"refers_to": ("funders",)})
    cadence: Cadence | None = None
    contents: Listed[Code] = None
    channels: Listed[Code] = None
    public: bool | None = None


@frozen(kw_only=True)
class Event:
    """Something held once, or planned, to tell others of the work (X1).

    Who appears in a recording consents to that apart from taking part (X17).
    """

    code: Code
    label: Text
    kind: Code
    organizers: Listed[Code] = field(default=None, metadata={"refers_to": ("bodies", "partners")})
    during: Span | None = None
    recorded: bool | None = None
    public: bool | None = None
    modality: Modality = "is"


@frozen(kw_only=True)
class DataPurpose:
    """A use of the data beside running the programme, and whether it needs consent (W15)."""

    code: Code
    text: Text
    needs_consent: bool = True


@frozen(kw_only=True)
class Retention:
    """How long records are kept after a person's last episode; the controller decides (Q24)."""

    persons: Length | None = None
    encounters: Length | None = None


@frozen(kw_only=True)
class Disclosure:
    """How the programme tightens what may be published. Data may only tighten (section 7).

    ``threshold``: the fewest persons behind a published figure, at least
    :data:`SMALLEST_THRESHOLD`. ``never_by``: columns that no published figure is split by.
    ``community_first``: the community sees its own figures before anybody else.
    """

    threshold: int = SMALLEST_THRESHOLD
    never_by: tuple[Code, ...] = ()
    community_first: bool | None = None

    def __attrs_post_init__(self) -> None:
        if self.threshold < SMALLEST_THRESHOLD:
            raise DefinitionError(
                "a definition may not loosen the protection of small numbers",
                where="threshold",
                remedy=f"give {SMALLEST_THRESHOLD} or more",
            )
