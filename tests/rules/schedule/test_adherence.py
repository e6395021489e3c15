"""Were the promised meetings held, per full week or other unit?"""

from datetime import timedelta
from fractions import Fraction

import pytest

from osallisuus.model.cadence import AsNeeded, Every, Exactly, Rate
from osallisuus.rules.schedule.adherence import adherence
from osallisuus.rules.schedule.promise import promise_of
from osallisuus.time import Period
from tests.rules.schedule.series import days

V7 = Rate(1, 2, "week")
V13 = Every(1, 2, "week")


def judged(cadence, held, within):
    found = adherence(cadence, days(held), Period.parse(within))
    return [one.verdict for one in found.blocks], found


@pytest.mark.parametrize(
    ("cadence", "held", "within", "expected"),
    [
        # V7: once or twice a week, weeks from the first day on
        (V7, "2018-01-08 01-11 01-15", "2018-01-08..2018-01-22", ["inside", "inside"]),
        (V7, "2018-01-08 01-09 01-10", "2018-01-08..2018-01-22", ["above", "below"]),
        # a partial week is marked and not judged
        (V7, "2018-01-08", "2018-01-08..2018-01-18", ["inside", None]),
        # V13: at least one and at most two in each two weeks
        (V13, "2018-01-08 01-22", "2018-01-08..2018-02-05", ["inside", "inside"]),
        (V13, "2018-01-08 01-15 01-16", "2018-01-08..2018-02-05", ["above", "below"]),
        # every two to three weeks: two of them fit into three
        (Every(2, 3, "week"), "2018-01-08 01-22", "2018-01-08..2018-01-29", ["inside"]),
        # K24: once in every month, from the 31st to the last of February and back to the 31st
        (Rate(1, 1, "month"), "2018-02-27 03-30", "2018-01-31..2018-03-31", ["inside", "inside"]),
        # W20: eight weeks, and nothing is promised after them
        (Exactly(2, "week"), "2018-01-08", "2018-01-08..2018-03-01", ["inside", "below"]),
        (V7, "", "2018-01-08..2018-01-08", []),
        (AsNeeded(), "2018-01-08", "2018-01-08..2018-02-05", []),
    ],
)
def test_full_units_are_judged_and_partial_ones_marked(cadence, held, within, expected):
    assert judged(cadence, held, within)[0] == expected


def test_the_share_is_that_of_full_units_inside():
    _, found = judged(V7, "2018-01-08 01-15 01-16 01-17 01-29", "2018-01-08..2018-02-01")
    assert [one.held for one in found.blocks] == [1, 3, 0, 1]
    assert (found.inside, len(found.full), found.share) == (1, 3, Fraction(1, 3))


def test_without_a_full_unit_there_is_no_share():
    assert judged(V7, "2018-01-08", "2018-01-08..2018-01-10")[1].share is None
    assert judged(AsNeeded(), "", "2018-01-08..2019-01-08")[1].share is None


def test_a_partial_unit_is_promised_its_part():
    """Three days of a week with one or two meetings: 3/7 to 6/7."""
    _, found = judged(V7, "", "2018-01-08..2018-01-11")
    (part,) = found.blocks
    assert (part.partial, part.low, part.high) == (True, Fraction(3, 7), Fraction(6, 7))
    assert part.days.days == 3


def test_a_full_unit_is_promised_whole_numbers():
    _, found = judged(V7, "", "2018-01-08..2018-01-15")
    assert (found.blocks[0].low, found.blocks[0].high, found.blocks[0].partial) == (1, 2, False)


@pytest.mark.parametrize("low", range(1, 6))
@pytest.mark.parametrize("more", range(4))
def test_whoever_keeps_to_any_step_of_the_range_is_never_above_or_below(low, more):
    cadence = Every(low, low + more, "day")
    begin = days("2018-01-01")[0]
    for each in range(low, low + more + 1):
        held = [begin + timedelta(number) for number in range(0, 200, each)]
        found = adherence(cadence, held, Period(begin, begin + timedelta(180)))
        assert found.share == 1, each


def test_what_is_needed_now_and_then_promises_nothing():
    assert promise_of(AsNeeded()) is None
