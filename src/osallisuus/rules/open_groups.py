"""What a question of forming groups is made of, and what its answer holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Literal, TypeAlias

from attrs import field

from osallisuus.model.stated import Code
from osallisuus.values import frozen

__all__ = ["Candidate", "Formed", "Grouping", "HardRule", "OpenGroup", "Wishes", "fits"]

HardRule: TypeAlias = Literal["least", "most", "language", "days", "facilitator", "apart"]
"""A rule by its name; ``apart`` are all judgements together."""


@frozen(kw_only=True)
class Candidate:
    """Somebody who is to have a place, or who could facilitate a group."""

    person: str
    languages: frozenset[Code] | None = None
    """Languages in which the person can take part; ``None`` = not stated, which rules out none."""
    days: frozenset[Code] | None = None
    """Days on which the person can come, such as ``mon``; ``None`` = not stated."""
    group: str | None = None
    """The group in which the person has a place already and keeps it; ``None`` = none yet."""
    facilitates: bool = False
    """Facilitators take no place of the group, and lead one group at most."""
    traits: Mapping[Code, Code] = field(factory=dict, hash=False, repr=False)
    """What the person has said of themselves; looked at only where a spread is asked for."""


@frozen(kw_only=True)
class OpenGroup:
    """A group that is to be formed. What is not stated restricts nobody."""

    group: str
    least: int = 0
    most: int | None = None
    language: Code | None = None
    day: Code | None = None
    ends_on: date | None = None


@frozen(kw_only=True)
class Wishes:
    """What else is wanted: a facilitator for each group is hard, the others are soft."""

    together: tuple[tuple[str, str], ...] = ()
    """Pairs of people who wish to share a group."""
    spread: tuple[Code, ...] = ()
    """Names of traits whose values are to be spread evenly over the groups."""
    facilitator: bool = False


@frozen(kw_only=True)
class Formed:
    """One group as proposed; people by their ids."""

    group: str
    people: tuple[str, ...] = field(repr=False)
    facilitators: tuple[str, ...] = field(default=(), repr=False)


@frozen(kw_only=True)
class Grouping:
    """A proposal, or the nearest one there is.

    ``feasible`` says whether every hard rule is kept. If not, ``alternatives`` are the smallest
    sets of hard rules without which it would be, and ``groups`` are formed without the first of
    these that has no judgements in it; there are none where all have.
    """

    groups: tuple[Formed, ...]
    alternatives: tuple[tuple[HardRule, ...], ...] = ()
    without: tuple[HardRule, ...] = ()
    """The hard rules that ``groups`` do without; none where it is feasible."""
    left_out: bool = False
    """Whether the wishes to be together were not looked at: judgements stand in the way of some.

    Of which is not said. ``met`` and ``unmet`` are then empty.
    """
    met: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    unmet: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    unevenness: int = 0
    """By how many people the fullest and emptiest group of each kind differ, over all kinds."""
    proved: bool = True
    """Whether nothing better exists for sure; a solver may stop at its limit before."""

    @property
    def feasible(self) -> bool:
        """Whether every hard rule is kept."""
        return not self.alternatives


def fits(one: Candidate, group: OpenGroup, without: Collection[HardRule] = ()) -> bool:
    """Whether language and day allow somebody into a group; what is not stated allows it.

    Whoever has a place keeps it, whatever the group's language and day.
    """
    if one.group is not None:
        return one.group == group.group
    speaks = (
        "language" in without
        or group.language is None
        or one.languages is None
        or group.language in one.languages
    )
    comes = "days" in without or group.day is None or one.days is None or group.day in one.days
    return speaks and comes
