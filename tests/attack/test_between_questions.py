"""What lies between questions that are each harmless: stretches of time, seats, and lists."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from osallisuus.disclosure import gate
from osallisuus.model import facts as f
from osallisuus.time import Period
from tests.attack.programmes import AS_OF, FIRST, Maker, register_of

K = 10
HELSINKI = ZoneInfo("Europe/Helsinki")


def _starting(days: Sequence[tuple[date, int]]) -> list[f.Fact]:
    """So many people who start on each day; every other one of a day completes."""
    maker = Maker(random.Random(1))
    group = maker.group(0, ["P"])
    for day, n in days:
        for number in range(n):
            maker.add(
                f.Enrollment, person=maker.person({"gender": "woman"}), program="wertzu",
                program_version="1", group=group, reached_on=day, informed_on=day,
                interviewed_on=day, offered_on=day, started_on=day,
                ended_on=day + timedelta(60), ending="completed" if number % 2 else "left",
            )  # fmt: skip
    return maker.facts


class _Days:
    """A reader of figures of periods: what they say of the people of each day together."""

    def __init__(self, days: Sequence[date]) -> None:
        self.days = days
        self.rows: list[list[int]] = []
        self.spans: list[tuple[int, int]] = []

    def read(self, released: Any) -> None:
        for figure in released.results[0].to_dict()["figures"]:
            if figure["status"] == "shown":
                period = Period.parse(figure["period"])
                inside = [int(day in period) for day in self.days]
                completed = [0] * len(self.days)
                self.rows += [[*inside, *inside], [*inside, *completed]]
                for n in (figure["n"], figure["k"]):
                    self.spans.append((max(n - 2, K), n + 2) if n else (0, 0))

    def numbers(self, day: date, *parts: int) -> int:
        """How many numbers are possible: of those who completed (0), who left (1), or of both."""
        target = np.zeros(2 * len(self.days))
        for part in parts:
            target[part * len(self.days) + self.days.index(day)] = 1
        lows, highs = zip(*self.spans, strict=True)
        known = LinearConstraint(np.array(self.rows), lows, highs)
        ends = [
            sign * milp(
                sign * target, constraints=known, integrality=np.ones(len(target)),
                bounds=Bounds(0, 1_000),
            ).fun
            for sign in (1, -1)
        ]  # fmt: skip
        return round(ends[1] - ends[0]) + 1


FEW = (1, 3, 6, 8)


def _overlapping_periods(few: int) -> tuple[_Days, date]:
    """40 periods that differ by a day at their end, in one release."""
    draw = random.Random(few)
    first = [date(2021, 2, 1) + timedelta(day) for day in range(20)]
    last = date(2021, 3, 15)
    starting = [(day, draw.choice((0, 1, 1, 2))) for day in first]
    starting += [(date(2021, 2, 25), 50), (last, few), (date(2021, 5, 1), 30)]
    reader = _Days([day for day, _ in starting])
    periods = [Period(day, end) for day in first for end in (last, last + timedelta(1))]
    reader.read(
        register_of(_starting(starting)).release(
            "completion", as_of=AS_OF, program="wertzu", periods=periods
        )
    )
    return reader, last


@pytest.mark.parametrize("few", FEW)
def test_overlapping_periods_of_one_release_do_not_tell_of_a_day(few: int) -> None:
    """How many started on the day by which they differ?"""
    reader, last = _overlapping_periods(few)
    assert reader.rows
    assert reader.numbers(last, 0, 1) >= K


def _three_releases(few: int, seed: int) -> tuple[_Days, date]:
    draw = random.Random(seed)
    days = [date(2021, 2, 1) + timedelta(7 * week) for week in range(9)]
    middle = days[4]
    starting = [(day, few if day == middle else draw.randint(12, 22)) for day in days]
    register = register_of(_starting(starting))
    reader = _Days(days)
    for early in days[:4]:
        for late in days[5:]:
            after = late + timedelta(1)
            for period in (
                Period(early, middle), Period(middle + timedelta(1), after), Period(early, after),
            ):  # fmt: skip
                reader.read(
                    register.release("completion", as_of=AS_OF, program="wertzu", periods=[period])
                )
    return reader, middle


@pytest.mark.parametrize("few", FEW)
def test_three_releases_do_not_tell_of_the_day_between_two_of_them(few: int) -> None:
    """From a to b, less from a to t, less from the day after t to b: the people of the day t."""
    reader, middle = _three_releases(few, few)
    assert len(reader.rows) >= 8
    assert reader.numbers(middle, 0, 1) >= K
    assert reader.numbers(middle, 0) >= min(K, 1 + few)


def test_without_stretches_of_time_they_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader bites."""
    monkeypatch.setattr(gate, "segments", lambda *args: [])
    for reader, day in (_three_releases(3, 3), _overlapping_periods(3)):
        assert reader.numbers(day, 0, 1) < K


@pytest.mark.parametrize("present", [0, 4, 7, 33, 36, 40])
@pytest.mark.parametrize("metric", ["attendance", "own_attendance"])
def test_the_seats_of_one_session_are_people(metric: str, present: int) -> None:
    """Few of 40 came, or few did not: a share of seats would tell how many.

    Of the day of one session among several as well, which is a period of its own.
    """
    maker = Maker(random.Random(1))
    group = maker.group(0, ["P"])
    people = [maker.person({"gender": "woman"}) for _ in range(40)]
    for person in people:
        maker.episode(person, group, 4, None, 0)
    for week in range(3):
        at = datetime(2021, 2, 7, 13, tzinfo=HELSINKI) + timedelta(7 * week)
        session = maker.add(
            f.Session, group=group, kind="meeting", starts_at=at, minutes=60, status="held"
        )
        for number, person in enumerate(people):
            here = number < present if week == 1 else number % 2
            maker.add(
                f.Attendance, session=session, person=person,
                status="present" if here else "absent",
            )  # fmt: skip
    day = date(2021, 2, 14)
    released = register_of(maker.facts).release(
        metric, as_of=FIRST + timedelta(200), periods=[Period(day, day + timedelta(1))]
    )
    (figure,) = released.results[0]
    assert figure.status == "suppressed"


@pytest.mark.parametrize("other", [0, 1, 5, 9])
def test_a_rare_value_leaves_no_trace(other: int) -> None:
    """Neither by its name, nor in the number of figures that are said to be hidden."""
    maker = Maker(random.Random(1))
    group = maker.group(0, ["P"])
    for gender, n in (("woman", 60), ("man", 45), ("other", other)):
        for _ in range(n):
            maker.episode(maker.person({"gender": gender}), group, 4, "completed", 60)
    released = register_of(maker.facts).release(
        "people_and_episodes", by="person.gender", as_of=AS_OF
    )
    figures = list(released.results[0])
    assert {one.strata["person.gender"] for one in figures} == {"man", "woman"}
    assert released.hidden == sum(one.status == "suppressed" for one in figures)


@pytest.mark.parametrize("stratum", ["role.role", "role.ending"])
def test_a_role_that_one_person_had_is_not_listed(stratum: str) -> None:
    maker = Maker(random.Random(1))
    for number in range(40):
        maker.add(
            f.RoleSpan, person=maker.person({"gender": "woman"}),
            role="peer" if number else "lead_peer_guide", program="wertzu", starts_on=FIRST,
            ends_on=FIRST + timedelta(60),
            ending="term_ended" if number else "withdrawn_by_organizer",
        )  # fmt: skip
    (result,) = register_of(maker.facts).release("role_tenure", by=stratum, as_of=AS_OF).results
    assert len({one.strata[stratum] for one in result}) == 1
