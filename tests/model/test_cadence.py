"""Cadences promise what their source promises, and read back as they were written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import DefinitionError
from osallisuus.model.cadence import (
    AsNeeded,
    Cadence,
    Every,
    Exactly,
    Length,
    Rate,
    promised,
    whole_units,
)
from osallisuus.model.canonical import plain
from osallisuus.model.structure import structure
from osallisuus.time import Period, add_months

UNITS = st.sampled_from(["day", "week", "month", "year"])
NUMBERS = st.integers(1, 400)
PAIRS = st.tuples(NUMBERS, NUMBERS).map(sorted)
CADENCES = st.one_of(
    st.builds(Exactly, NUMBERS, UNITS, st.none() | NUMBERS),
    st.builds(lambda pair, unit: Rate(*pair, unit), PAIRS, UNITS),
    # an interval is of a hundred years at most
    st.builds(lambda pair, unit: Every(*(min(one, 100) for one in pair), unit), PAIRS, UNITS),
    st.just(AsNeeded()),
)
STARTS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(CADENCES)
def test_a_cadence_reads_back_as_it_was_written(cadence):
    """The TOML form of any cadence gives an equal cadence, without a problem."""
    problems = []

    assert structure(Cadence, plain(cadence), "cadence", problems) == cadence
    assert problems == []


@given(STARTS)
def test_once_or_twice_a_week_for_four_months_is_17_to_34_sessions(start):
    """Four months hold 17 whole weeks whenever they start, so 17 to 34 sessions (T11)."""
    group = Period(start, add_months(start, 4))

    assert 120 <= group.days <= 123
    assert whole_units(group, "week") == 17
    assert promised(Rate(1, 2, "week"), group) == (17, 34)


@given(st.integers(2000, 2100))
def test_a_year_holds_what_its_meetings_promise(year):
    """Team 26-52, weekly team 52, supervision 12, community meetings 12-24, days 1-2, reports 3."""
    whole = Period(date(year, 1, 1), date(year + 1, 1, 1))

    assert promised(Every(1, 2, "week"), whole) == (26, 52)
    assert promised(Rate(1, 1, "week"), whole) == (52, 52)
    assert promised(Rate(1, 1, "month"), whole) == (12, 12)
    assert promised(Rate(1, 2, "month"), whole) == (12, 24)
    assert promised(Rate(1, 2, "year"), whole) == (1, 2)
    assert promised(Rate(3, 3, "year"), whole) == (3, 3)


def test_a_change_of_four_to_five_years_holds_48_to_120_community_meetings():
    """Fewest in four years, most in five: 48-120 meetings and 4-10 development days (T12)."""
    start = date(2016, 1, 1)
    earliest, latest = Length(4, 5, "year").ends(start)

    for rate, numbers in [(Rate(1, 2, "month"), (48, 120)), (Rate(1, 2, "year"), (4, 10))]:
        fewest = promised(rate, Period(start, earliest))[0]
        most = promised(rate, Period(start, latest))[1]
        assert (fewest, most) == numbers


def test_as_needed_promises_no_number():
    """What is held as needed cannot be missed."""
    assert promised(AsNeeded(), Period(date(2020, 1, 1), date(2021, 1, 1))) is None


def test_eight_weekly_sessions_span_49_days_and_two_months_are_59_to_62():
    """Sessions and nominal duration are two things, and both can be stated (T10)."""
    start = date(2018, 1, 8)

    assert Exactly(8, "week", 240).span_days == 49
    assert promised(Exactly(8, "week"), Period(start, date(2018, 2, 27))) == (8, 8)
    days = {(Length(2, 2, "month").ends(date(2018, month, 1))[0] - date(2018, month, 1)).days
            for month in range(1, 13)}  # fmt: skip
    assert min(days) == 59
    assert max(days) == 62


@given(STARTS, NUMBERS, UNITS)
def test_whole_units_never_reach_beyond_the_period(start, days, unit):
    """The whole units of a period fit in it, and one more does not."""
    period = Period(start, date.fromordinal(start.toordinal() + days))
    length = whole_units(period, unit)

    assert length == 0 or Length(length, length, unit).ends(start)[0] <= period.ends_on
    assert Length(length + 1, length + 1, unit).ends(start)[0] > period.ends_on


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        (Rate, (2, 1, "week"), "max is below min @ max"),
        (Every, (0, 1, "week"), "min is not a whole number that is possible @ min"),
        (Exactly, (0, "week"), "count is not a whole number that is possible @ count"),
        (Exactly, (8, "week", 0), "duration is not a whole number that is possible @ duration"),
        (Length, (5, 4, "year"), "max is below min @ max"),
    ],
    ids=["rate", "every", "count", "duration", "length"],
)
def test_a_cadence_that_cannot_be_is_refused(kind, values, words):
    """Nothing happens zero times, and no range runs backwards."""
    with pytest.raises(DefinitionError) as caught:
        kind(*values)
    assert str(caught.value).startswith(words)
