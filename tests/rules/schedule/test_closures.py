"""What becomes of sessions on closed days."""

import pytest

from osallisuus.errors import DefinitionError, LimitError
from osallisuus.model.cadence import Exactly, Rate
from osallisuus.model.stated import Text
from osallisuus.rules.schedule.closures import Closure, closed_days
from osallisuus.rules.schedule.days import Weekday
from osallisuus.time import Period
from tests.rules.schedule.series import EIGHT, WEEKLY, closure, dates, day, days, series, timetable

FOUR = Exactly(4, "week")


@pytest.mark.parametrize(
    ("policy", "expected", "left_out"),
    [
        ("skip", "2026-03-02 03-16 03-23", "2026-03-09"),
        ("extend", "2026-03-02 03-16 03-23 03-30", "2026-03-09"),
        ("move", "2026-03-02 03-11 03-16 03-23", ""),
    ],
)
def test_a_number_of_sessions_and_a_closure_of_two_days(policy, expected, left_out):
    planned = series(FOUR, closed=[closure("2026-03-09", "2026-03-11", policy)])
    assert dates(planned) == days(expected)
    assert [one.days.starts_on for one in planned.left_out] == days(left_out)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("skip", "2026-03-02 03-16"),
        # as many sessions as there would have been before the end, some of them after it
        ("extend", "2026-03-02 03-16 03-23"),
        ("move", "2026-03-02 03-10 03-16"),
    ],
)
def test_a_series_with_an_end_and_a_closed_day(policy, expected):
    planned = series(WEEKLY, until="2026-03-17", closed=[closure("2026-03-09", None, policy)])
    assert dates(planned) == days(expected)
    assert planned.asked == 3


def test_a_closure_holds_its_first_day_and_not_its_last():
    daily = Rate(1, 1, "day")
    planned = series(daily, until="2026-03-06", closed=[closure("2026-03-03", "2026-03-05")])
    assert dates(planned) == days("2026-03-02 03-05")


def test_a_session_moves_to_the_next_day_that_suits():
    friday = series(FOUR, "2026-03-06", closed=[closure("2026-03-13", None, "move")])
    assert dates(friday)[1] == day("2026-03-16")
    table = timetable(move_to=(Weekday(5), Weekday(2)))
    saturday = series(FOUR, "2026-03-06", table, closed=[closure("2026-03-13", None, "move")])
    assert dates(saturday)[1] == day("2026-03-14")


def test_a_session_never_moves_onto_or_beyond_the_next_one():
    planned = series(FOUR, closed=[closure("2026-03-09", "2026-03-16", "move")])
    assert dates(planned) == days("2026-03-02 03-16 03-23")
    (gone,) = planned.left_out
    assert (gone.reason.code, gone.place) == ("nowhere_to_move", 2)
    twice = Rate(2, 2, "week")
    planned = series(twice, "2026-03-02", timetable("mon tue"), until="2026-03-09",
                     closed=[closure("2026-03-02", None, "move")])  # fmt: skip
    assert dates(planned) == days("2026-03-03")


def test_a_session_moves_over_days_that_another_closure_closes():
    closed = [closure("2026-03-09", None, "move"), closure("2026-03-10", "2026-03-12")]
    assert dates(series(FOUR, closed=closed))[1] == day("2026-03-12")


def test_of_two_closures_on_one_day_the_first_given_counts():
    one, other = closure("2026-03-09", None, "skip", "one"), closure("2026-03-09", None, "extend")
    assert len(series(FOUR, closed=[one, other]).sessions) == 3
    assert len(series(FOUR, closed=[other, one]).sessions) == 4


def test_the_reason_and_the_policy_stay_with_what_is_not_as_the_rule_says():
    moving = closure("2026-03-09", None, "move", "holiday")
    skipping = closure("2026-03-16", None, "skip", "moving house")
    planned = series(FOUR, closed=[moving, skipping])
    assert [one.reasons[0].closure for one in planned.sessions if one.reasons] == [moving]
    assert [one.reason.closure for one in planned.left_out] == [skipping]
    assert planned.sessions[1].rule_on == day("2026-03-09")


def test_places_are_those_of_the_rule():
    planned = series(FOUR, closed=[closure("2026-03-09", None, "extend")])
    assert [one.place for one in planned.sessions] == [1, 3, 4, 5]
    assert [one.place for one in planned.left_out] == [2]


def test_a_closure_before_the_start_or_after_the_end_changes_nothing():
    closed = [closure("2020-01-01", "2026-03-02", "extend"), closure("2026-05-01", "2099-01-01")]
    assert dates(series(EIGHT, closed=closed)) == dates(series(EIGHT))


def test_every_day_closed_leaves_an_empty_plan_or_is_refused():
    """Left out, nothing remains; to make up for it would go on for ever."""
    always = ("2026-01-01", "2099-01-01")
    assert series(FOUR, closed=[closure(*always)]).sessions == ()
    assert series(FOUR, closed=[closure(*always, "move")]).sessions == ()
    with pytest.raises(LimitError, match="more than 20 years"):
        series(FOUR, closed=[closure(*always, "extend")])


def test_a_policy_is_one_of_three():
    with pytest.raises(DefinitionError, match="unknown policy") as caught:
        closure("2026-03-09", None, "skipp")
    assert caught.value.problems[0].remedy == "did you mean 'skip'?"


def test_days_are_closed_only_within_the_time_asked_for():
    whole = Closure(period=Period(day("1900-01-01"), day("2900-01-01")), reason=Text(en="x"))
    week = Period(day("2026-03-02"), day("2026-03-09"))
    assert list(closed_days([whole], week)) == days(
        "2026-03-02 03-03 03-04 03-05 03-06 03-07 03-08"
    )
