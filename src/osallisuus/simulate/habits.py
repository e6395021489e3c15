"""What people are taken to do in a simulation: numbers that claim nothing about any real programme.

The defaults are round numbers by which every table gets rows. They are no estimates and come from
no source. Whoever plans something puts in what they themselves expect.
"""

from __future__ import annotations

from math import inf
from typing import TypeAlias

from attrs import Attribute, field

from osallisuus.errors import DefinitionError
from osallisuus.model.stated import is_code
from osallisuus.values import frozen

__all__ = ["Habits", "Weights"]

Weights: TypeAlias = tuple[tuple[str, float], ...]
"""Codes, each with a number: how often it comes up beside the others, or its own share."""


def _share(_: object, attribute: Attribute[float], value: float) -> None:
    if not 0 <= value <= 1:
        raise DefinitionError("not a share", where=attribute.name, remedy="give 0 to 1")


def _positive(_: object, attribute: Attribute[int], value: int) -> None:
    if not 1 <= value <= 100_000:
        raise DefinitionError(
            "not a number of days, minutes or people that can be simulated",
            where=attribute.name,
            remedy="give 1 to 100,000",
        )


def _mean(_: object, attribute: Attribute[float], value: float) -> None:
    if not 0 <= value <= 100:
        raise DefinitionError("not a mean number", where=attribute.name, remedy="give 0 to 100")


_LEAVING = ("left", "moved_on", "transferred", "ended_by_organizer", "died")


def _weights(_: object, attribute: Attribute[Weights], value: Weights) -> None:
    if any(code not in _LEAVING or weight < 0 for code, weight in value):
        remedy = f"numbers from 0 on, of {', '.join(_LEAVING)}"
        raise DefinitionError("not weights of endings", where=attribute.name, remedy=remedy)
    if not 0 < sum(weight for _, weight in value) < inf:
        raise DefinitionError(
            "no ending is left", where=attribute.name, remedy="give one a weight above 0"
        )


def _shares(_: object, attribute: Attribute[Weights], value: Weights) -> None:
    if any(not is_code(code) or not 0 <= share <= 1 for code, share in value):
        raise DefinitionError(
            "not shares of codes", where=attribute.name, remedy="give each purpose 0 to 1"
        )


def _texts(_: object, attribute: Attribute[tuple[str, ...]], value: object) -> None:
    texts = value if isinstance(value, tuple | list) else (None,)
    if not all(isinstance(one, str) and one.strip() for one in texts):
        raise DefinitionError("not names", where=attribute.name, remedy='give ("one", "another")')


def _of(default: float) -> float:
    number: float = field(default=default, validator=_share)
    return number


def _days(default: int) -> int:
    number: int = field(default=default, validator=_positive)
    return number


def _times(default: float) -> float:
    number: float = field(default=default, validator=_mean)
    return number


@frozen(kw_only=True)
class Habits:
    """Shares (0 to 1), lengths in days, mean numbers and weights of codes, all made up.

    A share of a stage is of those who came to the stage before. Raises :class:`DefinitionError`
    for what is no share, length or weight.
    """

    # -- time and groups
    intake_days: int = _days(730)
    """Days over which groups begin."""
    observed_days: int = _days(1095)
    """Days from the first on that are known; what would happen later is not in the facts."""
    per_group: int = _days(15)
    """People who are reached for one group, or for one team of guides."""
    per_community: int = _days(45)
    """People who are reached for one community; never more than its stated limit."""
    places: tuple[str, ...] = field(default=(), validator=_texts)
    """Where groups meet; empty: the places that the programme states."""

    # -- the way in
    informed: float = _of(0.9)
    interviewed: float = _of(0.9)
    """Only where the programme states an interview."""
    offered: float = _of(0.85)
    starts: float = _of(0.85)
    in_touch: float = _of(0.5)
    """Of those who were offered a place: somebody was in touch before the start."""
    says_aim: float = _of(0.6)

    # -- taking part
    attends: float = _of(0.75)
    """Mean share of sessions at which somebody is, while they take part."""
    attends_spread: float = _of(0.2)
    """Most that a person's own share lies from the mean; the mean stays what it is."""
    excused: float = _of(0.5)
    """Of absences: by agreement."""
    held: float = _of(0.96)
    """Of sessions; one that is cancelled is made up for in the same week, month or so."""
    theme_kept: float = _of(0.8)
    """Of sessions with a planned theme: that theme was the one that was held."""
    minutes: int = _days(120)
    """Of a session whose length is not stated."""
    pauses: float = _of(0.1)
    """Of enrolments and of roles that may pause."""

    # -- the end
    completes: float = _of(0.6)
    """Of those who start something that has an end. Others leave at one constant hazard."""
    term_days: int = _days(180)
    """Length of a term or of a series of sessions whose length is not stated."""
    stays_days: int = _days(700)
    """Mean stay where there is no planned end."""
    endings: Weights = field(
        default=(("left", 80), ("moved_on", 10), ("transferred", 5), ("ended_by_organizer", 5)),
        validator=_weights,
    )
    """Of those who leave."""

    # -- roles and the field
    takes_role: float = _of(0.35)
    """Of each role whose prerequisites are met; of attested ones so many attest them."""
    role_days: int = _days(400)
    """Mean time in a role."""
    joins_team: float = _of(0.5)
    """Of those who take up a role: they come to the meetings that are meant for it."""
    encounters_per_month: float = _times(2.0)
    """Mean number of each peer; they differ by up to the whole of it."""

    # -- guidance
    guides: int = _days(3)
    goals: int = _days(3)
    """Most goals that one person sets."""
    talks_held: float = _of(1.0)
    """Of the talks that the programme has with everybody; 1 is what it promises."""
    goals_rated: float = _of(0.85)
    changes_guide: float = _of(0.05)
    linked: float = _of(0.4)
    """Of people in guidance: introduced to a place; as many visit it, and make it their own."""

    # -- voice, money, consent
    decisions_per_meeting: float = _times(0.3)
    carried_out: float = _of(0.7)
    ideas_per_year: float = _times(4.0)
    """Of one group or community, where the programme co-develops."""
    told_back: float = _of(0.7)
    consents: Weights = field(default=(("evaluation", 0.9), ("research", 0.3)), validator=_shares)
    """Purpose and share of those who start; each is asked by itself."""
    withdraws: float = _of(0.05)

    def __attrs_post_init__(self) -> None:
        if self.guides < 2 and self.changes_guide > 0:
            raise DefinitionError(
                "nobody to change to", where="guides", remedy="give 2, or changes_guide=0"
            )
