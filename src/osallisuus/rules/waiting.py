"""Capacity and the waiting list, as views of the facts: who could be offered a place next, and why.

Nothing is decided here and nothing is stored. The order follows a policy that has a name and stands
in every answer; people of one turn are equal by it, and among them the ids only make the answer
the same each time. A human offers the place (Q1, Q2). An order of asking is no rank of people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, Literal, TypeAlias, get_args

from osallisuus.errors import DefinitionError, did_you_mean
from osallisuus.given import given_whole
from osallisuus.model.facts import Enrollment, Group
from osallisuus.rules.finding import Finding, FindingRule, PlaceOf, Rows
from osallisuus.rules.interviews import interview_that_counts
from osallisuus.rules.tables import grouped
from osallisuus.values import frozen

__all__ = [
    "RULES",
    "Capacity",
    "CapacityStanding",
    "WaitingList",
    "WaitingPerson",
    "WaitingPolicy",
    "capacity_on",
    "most_together",
    "people_in",
    "waiting_list",
]

CapacityStanding: TypeAlias = Literal["free", "full", "over", "not_stated"]
"""Of a group: places are left; none is; more people than places; nobody said how many places."""

WaitingPolicy: TypeAlias = Literal["asked", "interviewed", "longest_waiting"]
"""What the order follows. ``asked``: the day on which somebody first came to know of the programme
in this episode. ``interviewed``: the day of the interview; whoever has had none comes after, by the
day of asking. ``longest_waiting``: all the days ever waited for this programme, with those of
earlier episodes that ended before a start."""


@frozen(kw_only=True)
class Capacity:
    """The places of a group on one day. Somebody on a pause keeps their place."""

    group: str
    capacity: int | None
    """``None`` = not stated, which is neither full nor without limit."""
    taking_part: int
    offered: int
    """People who have been offered a place and have not started; it is kept for them."""

    @property
    def free(self) -> int | None:
        """Places that are left, at least 0; ``None`` where the capacity is not stated."""
        if self.capacity is None:
            return None
        return max(0, self.capacity - self.taking_part - self.offered)

    @property
    def standing(self) -> CapacityStanding:
        """Whether there is a place."""
        if self.capacity is None:
            return "not_stated"
        taken = self.taking_part + self.offered
        if taken > self.capacity:
            return "over"
        return "free" if taken < self.capacity else "full"


@frozen(kw_only=True)
class WaitingPerson:
    """Somebody who waits for a place, and what the order looks at."""

    person: str
    enrollment: str
    turn: int
    """1 for who could be offered a place first; people of one turn are equal by the policy."""
    asked_on: date
    interviewed_on: date | None
    days: int
    """Days waited for this programme, earlier episodes without a start among them."""


@frozen(kw_only=True)
class WaitingList:
    """Who waits on one day, in the order of a named policy."""

    program: str
    on: date
    policy: WaitingPolicy
    people: tuple[WaitingPerson, ...]

    def next(self, places: int | None) -> tuple[WaitingPerson, ...]:
        """Who could be offered *places* places; whoever shares the last turn is among them.

        So there may be more people than places: then a human chooses between equals. ``None``,
        a capacity that is not stated, is nobody. Raises :class:`DefinitionError` for fewer than 0.
        """
        if places is not None:
            given_whole(places, "places", 0, 10**18)
        if not places or not self.people:
            return ()
        last = self.people[min(places, len(self.people)) - 1].turn
        return tuple(one for one in self.people if one.turn <= last)


def people_in(rows: Rows, group: str, on: date) -> set[str]:
    """Who takes part in a group on that day or has been offered a place in it."""
    return {row.person for row in _holding(rows, group, on)}


def capacity_on(rows: Rows, group: Group, *, on: date) -> Capacity:
    """The places of *group* on that day. *rows* are the facts by table."""
    holding = list(_holding(rows, group.id, on))
    taking_part = {row.person for row in holding if _by(row.started_on, on)}
    return Capacity(
        group=group.id,
        capacity=group.capacity,
        taking_part=len(taking_part),
        offered=len({row.person for row in holding} - taking_part),
    )


def waiting_list(
    rows: Rows, program: str, *, on: date, policy: WaitingPolicy, group: str | None = None
) -> WaitingList:
    """Who waits for *program* on that day, in the order of *policy*.

    On the list is who has asked or been interviewed, has neither been offered a place nor started
    nor ended, and whose latest interview did not say "not now" or "declined". With *group*, people
    who wait for another certain group are left out, and so is who was sent from this one to
    another. Raises :class:`DefinitionError` for an unknown policy.
    """
    if policy not in get_args(WaitingPolicy):
        raise DefinitionError(
            "no such order", where="policy", remedy=did_you_mean(policy, get_args(WaitingPolicy))
        )
    episodes = grouped(rows, "enrollments", "person")
    interviews = grouped(rows, "interviews", "person")
    waiting = []
    for row in rows.get("enrollments", ()):
        asked = _asked_on(row)
        if row.program != program or not _waits(row, on) or asked is None or asked > on:
            continue
        interview = interview_that_counts(interviews[row.person], row, by=on)
        outcome = interview.outcome if interview is not None else None
        elsewhere = group is not None and (
            row.group not in (None, group)
            or (outcome == "other_group" and interview is not None and interview.group == group)
        )
        if outcome in ("not_now", "declined") or elsewhere:
            continue
        interviewed = row.interviewed_on if _by(row.interviewed_on, on) else None
        if interviewed is None and interview is not None and interview.happened_on >= asked:
            interviewed = interview.happened_on
        days = sum(_days(one, on) for one in episodes[row.person] if one.program == program)
        waiting.append((row, asked, interviewed, days))
    return WaitingList(program=program, on=on, policy=policy, people=_in_order(waiting, policy))


_Waiting: TypeAlias = tuple[Enrollment, date, date | None, int]
"""An enrolment, the day of asking, that of the interview, and the days waited."""


def _in_order(waiting: Iterable[_Waiting], policy: WaitingPolicy) -> tuple[WaitingPerson, ...]:
    def key(one: _Waiting) -> tuple[object, ...]:
        _, asked, interviewed, days = one
        if policy == "asked":
            return (asked,)
        if policy == "interviewed":
            return (interviewed is None, interviewed or asked)
        return (-days,)

    ordered = sorted(waiting, key=lambda one: (key(one), one[0].person, one[0].id))
    people: list[WaitingPerson] = []
    for number, one in enumerate(ordered, start=1):
        row, asked, interviewed, days = one
        equal = number > 1 and key(one) == key(ordered[number - 2])
        people.append(
            WaitingPerson(
                person=row.person,
                enrollment=row.id,
                turn=people[-1].turn if equal else number,
                asked_on=asked,
                interviewed_on=interviewed,
                days=days,
            )
        )
    return tuple(people)


def _by(day: date | None, on: date) -> bool:
    return day is not None and day <= on


def _asked_on(row: Enrollment) -> date | None:
    return row.reached_on or row.informed_on or row.interviewed_on


def _waits(row: Enrollment, on: date) -> bool:
    return not any(_by(day, on) for day in (row.offered_on, row.started_on, row.ended_on))


def _days(row: Enrollment, on: date) -> int:
    """Days for which this episode has waited; an episode that came to a start is over with."""
    asked = _asked_on(row)
    if asked is None or asked > on or _by(row.started_on, on):
        return 0
    return ((row.ended_on if row.ended_on and row.ended_on <= on else on) - asked).days


def _holding(rows: Rows, group: str, on: date) -> Iterator[Enrollment]:
    """Enrolments with a place in the group on that day: started or offered, and not ended."""
    row: Enrollment
    for row in rows.get("enrollments", ()):
        begun = _by(row.started_on, on) or _by(row.offered_on, on)
        if row.group == group and begun and not _by(row.ended_on, on):
            yield row


def _over_capacity(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """No more people take part in a group at once than it has places."""
    most = most_together(rows)
    for index, group in enumerate(rows.get("groups", ())):
        if group.capacity is not None and most[group.id] > group.capacity:
            yield Finding(
                "over_capacity",
                "more people took part at once than the group has places",
                f"{place('groups', index)}.capacity",
                "correct the capacity, or the starts and ends of its enrolments",
            )


def most_together(rows: Rows) -> defaultdict[str, int]:
    """The most people who took part at once, by the id of their group; 0 where nobody did."""
    changes: dict[str, list[tuple[date, int]]] = defaultdict(list)
    row: Enrollment
    for row in rows.get("enrollments", ()):
        if row.group is not None and row.started_on is not None:
            # a day on which one leaves and another starts is not over capacity
            changes[row.group].append((row.started_on, 1))
            if row.ended_on is not None:
                changes[row.group].append((max(row.ended_on, row.started_on), -1))
    most: defaultdict[str, int] = defaultdict(int)
    for group, own in changes.items():
        together = 0
        for _, change in sorted(own):
            together += change
            most[group] = max(most[group], together)
    return most


RULES: Final[tuple[FindingRule, ...]] = (_over_capacity,)
"""Findings in the facts alone."""
