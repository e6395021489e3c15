"""What a caller gives is judged first: whatever it is, the answer is the value or an error of ours."""

from datetime import date, datetime
from math import inf, nan

import pytest

import osallisuus as osa
from osallisuus.errors import DefinitionError
from osallisuus.given import given_day, given_number, given_period, given_whole, given_word
from osallisuus.model.cadence import Every, Exactly, Length, Rate
from osallisuus.rules.grouping import form_groups
from osallisuus.rules.open_groups import Candidate, OpenGroup
from osallisuus.rules.reminders import reminders
from osallisuus.rules.schedule.timetable import Timetable
from osallisuus.rules.waiting import WaitingList
from osallisuus.simulate.habits import Habits
from osallisuus.time import PartialDate, Period
from tests.model import made

MOMENT = datetime(2026, 3, 1)  # noqa: DTZ001 - a moment without a zone is what callers pass

DAY = date(2026, 3, 1)
NO_DAYS = [
    None, "x", "2026-03-01", 20260301, MOMENT, date(1, 1, 1), date(999, 12, 31),
    date(9000, 1, 1), date(9999, 12, 31),
]  # fmt: skip
NO_PERIODS = [
    None, "2012", "2012-01-01..2013-01-01", (DAY, DAY), Period(date(1, 1, 1), DAY),
    Period(DAY, date(9999, 12, 31)),
]  # fmt: skip
ASKED = {
    "can_share": lambda store, on: store.can_share("g1", ["p1"], on=on),
    "check": lambda store, on: store.check(on=on or "x"),
    "community": lambda store, on: store.community("g1", on=on),
    "eligibility": lambda store, on: store.eligibility("p1", "verna", on=on),
    "erase_judgements": lambda store, on: store.erase_judgements(on=on),
    "form_groups": lambda store, on: store.form_groups([OpenGroup(group="g1")], ["p1"], on=on),
    "guidance": lambda store, on: store.guidance("c1", on=on),
    "ideas": lambda store, on: store.ideas("verna", on=on),
    "measure": lambda store, on: store.measure("completion", as_of=on or "x"),
    "places": lambda store, on: store.places(["g1"], on=on),
    "reminders": lambda store, on: store.reminders("verna", on=on, days=7),
    "report": lambda store, on: store.report(program="verna", as_of=on or "x"),
    "reviews_due": lambda store, on: store.reviews_due("verna", on=on),
    "roles": lambda store, on: store.roles("p1", "verna", on=on),
    "waiting_list": lambda store, on: store.waiting_list("verna", on=on, policy="asked"),
}


@pytest.fixture(scope="module")
def store():
    register = osa.open("memory:")
    register.add([made.one("people", id="p1")])
    register.add([made.one("groups", id="g1", program="verna", starts_on=DAY)])
    return register


@pytest.mark.parametrize("day", NO_DAYS)
@pytest.mark.parametrize("name", ASKED)
def test_every_question_to_a_register_refuses_what_is_no_day(store, name, day):
    """Also where no fact would be compared with it, so that the answer would look like one."""
    with pytest.raises(DefinitionError, match=r"is not a day|too far from our time"):
        ASKED[name](store, day)


@pytest.mark.parametrize("period", NO_PERIODS)
def test_every_question_about_a_period_refuses_what_is_none(store, period):
    for ask in (
        lambda: store.encounter_needs("verna", period=period),
        lambda: store.fund_table("verna", period=period),
        lambda: store.measure("completion", periods=[period]),
    ):
        with pytest.raises(DefinitionError, match=r"is not a period|too far from our time"):
            ask()


def test_the_first_and_last_day_that_may_be_asked_about_are_answered(store):
    for day in (date(1000, 1, 1), date(8999, 12, 31)):
        assert given_day(day) == day
        store.check(on=day)
        store.reminders("verna", on=day, days=36_525 if day.year > 1100 else 1)
        store.measure("completion", as_of=day)
    whole = Period(date(1000, 1, 1), date(8999, 12, 31))
    assert given_period(whole) is whole
    assert store.encounter_needs("verna", period=whole)
    assert store.fund_table("verna", period=whole)


WRONG = {
    "a count that is no number": lambda: Exactly(nan, "week"),
    "a count with a fraction": lambda: Exactly(1.5, "week"),
    "a unit that nobody knows": lambda: Exactly(2, "fortnight"),
    "a rate without end": lambda: Rate(1, inf, "week"),
    "a rate of another unit": lambda: Rate(1, 2, "decade"),
    "an interval of thousands of years": lambda: Every(1, 10**6, "week"),
    "an interval of another unit": lambda: Every(1, 2, "decade"),
    "a length of another unit": lambda: Length(1, 2, "decade"),
    "true for a number": lambda: Length(True, True, "week"),
    "a period of texts": lambda: Period("a", "b"),
    "a period of moments": lambda: Period(MOMENT, MOMENT),
    "half a minute": lambda: Timetable(minutes=1.5),
    "breaks that are no number": lambda: Timetable(break_minutes=nan),
    "an unknown fold": lambda: Timetable(fold="third"),
    "an unknown gap": lambda: Timetable(gap="back"),
    "a group of no number": lambda: formed(least=nan),
    "half a place": lambda: formed(most=1.5),
    "days that are no number": lambda: reminders({}, "verna", on=DAY, days=nan),
    "days beyond every calendar": lambda: reminders({}, "verna", on=DAY, days=10**9),
    "a text for many": lambda: Habits(places="x"),
    "fewer places than none": lambda: WAITING.next(-1),
    "half a place to offer": lambda: WAITING.next(0.5),
    "an open end as a date": lambda: PartialDate.parse("9999-12-31"),
    "an open end as a year": lambda: PartialDate.parse("9999"),
    "a year before calendars": lambda: PartialDate.parse("0999"),
}
WAITING = WaitingList(program="verna", on=DAY, policy="asked", people=())


def formed(**sizes):
    people = [Candidate(person=f"p{number}") for number in range(5)]
    return form_groups(people, [OpenGroup(group="g1", **sizes)], on=DAY)


@pytest.mark.parametrize("name", WRONG)
def test_what_is_none_of_what_is_asked_for_is_refused(name):
    with pytest.raises(DefinitionError):
        WRONG[name]()


def test_each_check_gives_the_value_back():
    assert given_whole(3, "n", 3, 3) == 3
    assert given_number(0.5, "x", 0, 1) == 0.5
    assert given_word("this", "scope", ("this", "all")) == "this"
    with pytest.raises(DefinitionError, match=r"scope .* \(did you mean 'this'\?\)"):
        given_word("thsi", "scope", ("this", "all"))
    for wrong in (nan, inf, -0.1, 1.1, True, "1", None):
        with pytest.raises(DefinitionError, match="give 0 to 1"):
            given_number(wrong, "x", 0, 1)
