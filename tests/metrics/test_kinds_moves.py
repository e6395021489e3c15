"""Kinds of metrics about time: what their tables do where cases meet periods and last days."""

from __future__ import annotations

from datetime import date, timedelta

import osallisuus as osa

START = date(2020, 1, 1)


def _day(number: int) -> date:
    return START + timedelta(number)


def _held(*spans: tuple[int, int | None]) -> osa.Register:
    """One person who started on day 0 and held a role over *spans*."""
    register = osa.open("memory:")
    facts: list[osa.Fact] = [
        osa.Person(id="p", registered_on=START),
        osa.Enrollment(id="e", person="p", program="verna", program_version="1", started_on=START),
    ]
    for number, (begun, ended) in enumerate(spans):
        facts.append(
            osa.RoleSpan(
                id=f"r{number}",
                person="p",
                role="peer",
                starts_on=_day(begun),
                ends_on=None if ended is None else _day(ended),
            )
        )
    register.add(facts)
    return register


def _curve(register: osa.Register, as_of: int) -> dict[int, float]:
    result = register.measure("role_occupancy", as_of=_day(as_of))
    return {figure.at: figure.value for figure in result}


def test_a_role_that_begins_on_the_last_known_day_is_held():
    """Its spell has no length yet, but the move into it has happened."""
    assert _curve(_held((5, None)), 6) == {0: 0.0, 5: 1.0}


def test_the_day_after_a_role_has_begun_tells_the_same():
    """A figure does not wait a day for what is known already."""
    assert _curve(_held((5, None)), 7) == {0: 0.0, 5: 1.0, 6: 1.0}


def test_a_period_counts_a_case_whole_though_another_overlaps_it():
    """Each of two periods with a day in common has the curve that it has by itself."""
    register = _held((5, 9), (12, None))
    one = osa.Period(_day(0), _day(10))
    other = osa.Period(_day(-5), _day(5))
    alone = [
        [
            figure.to_dict()
            for figure in register.measure("role_occupancy", as_of=_day(20), periods=[p])
        ]
        for p in (one, other)
    ]
    both = register.measure("role_occupancy", as_of=_day(20), periods=[one, other])
    assert [figure.to_dict() for figure in both] == alone[0] + alone[1]
    assert len(alone[0]) > 3


def test_spans_of_one_role_that_touch_are_one_spell():
    """Handing a role over to oneself is no break; nor is a span inside another."""
    assert _curve(_held((0, 5), (5, 9), (2, 4)), 20) == {0: 1.0, 9: 0.0, 19: 0.0}
