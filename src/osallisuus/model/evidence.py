"""What a source tells of a programme: where it comes from, what was found, what was published.

Each class is one table of a programme's TOML file. Only what the source publishes stands here; a
claim without a figure stays a claim.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import field

from osallisuus.errors import DefinitionError
from osallisuus.model.stated import Code, Listed, Modality, Range, Span, Statement, Text
from osallisuus.time import PartialDate
from osallisuus.values import frozen

__all__ = [
    "Baseline",
    "Discrepancy",
    "EvaluationPhase",
    "Goal",
    "Link",
    "NotStated",
    "Origin",
    "Outcome",
    "Phase",
    "Pilot",
    "PublishedFigure",
    "Source",
]

Phase: TypeAlias = Literal["before", "during", "after"]


@frozen(kw_only=True)
class Source:
    """The published description that a definition is made from."""

    title: Text
    citation: Text | None = None
    created: PartialDate | None = None
    edited: PartialDate | None = None
    published: PartialDate | None = None
    imported: bool | None = None
    """Whether the description was carried over from an older service (V1)."""


@frozen(kw_only=True)
class Origin:
    """Whose idea it was: the programme's, or that of a part of it (W1, V15, X12)."""

    by: Code
    text: Text


@frozen(kw_only=True)
class Goal:
    """A goal and all the levels on which the source sets it (W6: a set, not one)."""

    code: Code
    text: Text
    levels: tuple[Code, ...]
    modality: Modality = "is"


@frozen(kw_only=True)
class EvaluationPhase:
    """The situation of the programme before, during or after it was put in place (W26).

    Not to be mixed up with the review points of one person (Q14).
    """

    phase: Phase
    statements: tuple[Statement, ...]


@frozen(kw_only=True)
class Baseline:
    """How things were before, as a range where a number is known (W24).

    ``contradicted_by``: what the source reports against it afterwards.
    """

    code: Code
    text: Text
    range: Range | None = None
    belief: bool | None = None
    contradicted_by: Text | None = None


@frozen(kw_only=True)
class Outcome:
    """A change that the source names, and with what it was seen, if it says (W7, V22, Y30)."""

    code: Code
    text: Text
    seen_by: Listed[Code] = field(default=None, metadata={"refers_to": ("instruments",)})
    figures_published: bool | None = None


@frozen(kw_only=True)
class PublishedFigure:
    """A figure as published: ``count`` of ``total``, with the source's own word for the latter.

    Two programmes' figures compare only if their denominators mean the same (Q13).
    """

    code: Code
    text: Text
    count: int
    total: int | None = None
    denominator: Code | None = None

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.count <= (self.count if self.total is None else self.total):
            raise DefinitionError("a part is larger than its whole", where="count")
        if (self.total is None) != (self.denominator is None):
            raise DefinitionError("a total needs the word for what it counts", where="denominator")


@frozen(kw_only=True)
class Pilot:
    """A trial of the programme, with dates as coarse as the source gives them (K16, K17)."""

    code: Code
    label: Text
    during: Span
    partners: Listed[Code] = field(default=None, metadata={"refers_to": ("partners",)})
    joint_organizers: Listed[Code] = field(default=None, metadata={"refers_to": ("partners",)})
    attached_to: Text | None = None
    evaluated_by: Listed[Code] = field(default=None, metadata={"refers_to": ("roles",)})
    results_published: bool | None = None
    modality: Modality = "is"


@frozen(kw_only=True)
class Link:
    """How the programme relates to another one, shipped or not (W9, Y6)."""

    program: Code
    relation: Code
    text: Text


@frozen(kw_only=True)
class Discrepancy:
    """Two readings of the same thing in one source, both kept (Q30)."""

    about: Code
    readings: tuple[Text, ...]


@frozen
class NotStated:
    """Something that the source leaves open and that nobody may fill in (Q27).

    ``about`` may be the path of a field of the programme, such as ``interview`` or
    ``sessions.outline``; that field then has to be ``None``.
    """

    about: str
    text: Text
