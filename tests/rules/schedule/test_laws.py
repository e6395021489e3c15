"""What must hold of every plan, whatever is asked; and the fast way against the slow one."""

from datetime import UTC, date, time, timedelta

from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from osallisuus.model.cadence import Every, Exactly, Rate
from osallisuus.model.stated import Text
from osallisuus.rules.schedule.closures import CLOSURE_POLICIES, Closure
from osallisuus.rules.schedule.days import NthWeekday, Weekday, YearDay
from osallisuus.rules.schedule.diff import difference
from osallisuus.rules.schedule.edit import SessionChange, edit
from osallisuus.rules.schedule.plan import plan
from osallisuus.rules.schedule.promise import promise_of
from osallisuus.rules.schedule.record import plan_record
from osallisuus.rules.schedule.timetable import Timetable
from osallisuus.time import Period
from tests.rules.schedule.slow import slow_plan, whole_blocks

STARTS = st.dates(date(2019, 1, 1), date(2030, 12, 31))
WEEKDAYS = st.integers(0, 6).map(Weekday)
ON = {
    "week": WEEKDAYS,
    "month": st.builds(NthWeekday, st.sampled_from((1, 2, 3, 4, 5, -1)), st.integers(0, 6)),
    "year": st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda one: YearDay(one.month, one.day)),
}  # fmt: skip
UNITS = st.sampled_from(("day", "week", "month", "year"))


@st.composite
def closures_after(draw, start):
    first = start + timedelta(draw(st.integers(-10, 200)))
    length = draw(st.integers(1, 40))
    policy = draw(st.sampled_from(CLOSURE_POLICIES))
    return Closure(
        period=Period(first, first + timedelta(length)), reason=Text(en="closed"), policy=policy
    )


@st.composite
def asked(draw, *, units=UNITS, closed=True):
    """What somebody may ask: cadence, start, timetable, end and closures."""
    unit, start = draw(units), draw(STARTS)
    kind = draw(st.sampled_from((Exactly, Rate, Every)))
    on = () if unit == "day" else (draw(ON[unit]),)
    every, until = None, start + timedelta(draw(st.integers(0, 500)))
    if kind is Exactly:
        # leap days are four years apart, and a plan is at most twenty years long
        most = 4 if on == (YearDay(2, 29),) else 12
        cadence, until = Exactly(draw(st.integers(1, most)), unit, 90), None
    elif kind is Every:
        low = draw(st.integers(1, 3))
        cadence, every = Every(low, low + 1, unit), draw(st.sampled_from((low, low + 1)))
    else:
        number = 1 if unit == "day" else draw(st.integers(1, 3))
        cadence = Rate(number, 3 if unit != "day" else 1, unit)
        if unit != "day":
            on = tuple(draw(st.lists(ON[unit], min_size=number, max_size=3, unique=True)))
    table = Timetable(
        on=on, every=every, at=time(12), minutes=90,
        move_to=tuple(draw(st.sets(WEEKDAYS, min_size=1))),
    )  # fmt: skip
    closures = draw(st.lists(closures_after(start), max_size=3)) if closed else []
    return cadence, start, table, until, tuple(closures)


def planned(question):
    cadence, start, table, until, closures = question
    return plan(cadence, start, table, ends_on=until, closures=closures)


@settings(max_examples=200)
@given(asked())
def test_the_fast_way_gives_what_looking_at_every_day_gives(question):
    cadence, start, table, until, closures = question
    # two days of one rule on one date are one date for the slow way
    made = planned(question)
    assume(len({one.rule_on for one in made.sessions}) == len(made.sessions))
    weekdays = {day.number for day in table.move_to}
    held, left_out = slow_plan(
        cadence, start, made.rule.on, table.every or 1, until, closures, weekdays
    )
    assert [(one.rule_on, one.day) for one in made.sessions] == held
    assert [one.days.starts_on for one in made.left_out if one.place] == left_out


@given(asked())
def test_planning_twice_gives_the_same_bytes(question):
    one, other = planned(question), planned(question)
    assert one == other
    assert repr(plan_record(one)) == repr(plan_record(other))
    assert not difference(one, other)


@given(asked())
def test_whatever_is_not_as_the_rule_says_has_its_reason(question):
    made = planned(question)
    for one in made.sessions:
        assert bool(one.reasons) == (one.day != one.rule_on)
    for one in made.left_out:
        closure = one.reason.closure
        if closure is None:
            assert one.reason.code == "no_such_day"
        else:
            assert one.days.starts_on in closure.period
            assert (one.reason.code == "nowhere_to_move") == (closure.policy == "move")


@given(asked())
def test_no_session_is_on_a_closed_day_and_no_two_on_one_day(question):
    made = planned(question)
    days = [one.day for one in made.sessions]
    assert not any(day in closure.period for day in days for closure in made.closures)
    assert days == sorted(set(days))


@given(asked())
def test_every_place_is_a_session_or_left_out_and_the_number_asked_is_kept(question):
    made = planned(question)
    places = [one.place for one in made.sessions]
    gone = [one for one in made.left_out if one.place]
    assert sorted(places + [one.place for one in gone]) == list(
        range(1, len(places) + len(gone) + 1)
    )
    made_up_for = sum(one.made_up_for for one in gone)
    assert len(places) + len(gone) - made_up_for == made.asked
    if isinstance(made.cadence, Exactly):
        assert made.asked == made.cadence.count


@given(asked(closed=False))
def test_every_whole_unit_holds_as_many_sessions_as_were_promised(question):
    """In every whole unit and in all of them together, unless the month or year lacks the day."""
    made = planned(question)
    assume(made.ends_on is not None and not made.left_out)
    promise = promise_of(made.cadence)
    # a second Tuesday is promised to each month of the calendar, not from the 14th to the 14th
    assume(made.starts_on.day == 1 if promise.unit == "month" else made.starts_on.day <= 28)
    size = promise.size
    blocks = list(whole_blocks(made.starts_on, made.ends_on, promise.unit))
    for begin, (_, end) in zip(blocks[::size], blocks[size - 1 :: size], strict=False):
        held = sum(begin[0] <= one.day < end for one in made.sessions)
        assert promise.verdict(held) == "inside"
    low, high = made.promised
    if isinstance(made.cadence, Rate):
        assert low <= len(made.sessions) - made.left_over <= high


@given(asked(), st.data())
def test_no_edit_moves_what_was_held_or_takes_an_id_away(question, data):
    made = planned(question)
    assume(len(made.sessions) > 1)
    held = data.draw(st.sets(st.sampled_from([one.place for one in made.sessions]), max_size=3))
    before = with_held(made, held)
    free = [one.place for one in before.sessions if one.status == "planned"]
    assume(free)
    place = data.draw(st.sampled_from(free))
    scope = data.draw(st.sampled_from(("this", "following", "all")))
    change = SessionChange(at=time(18, 15), minutes=45, room="r2")
    after = edit(before, place, change, scope)
    assert {one.id for one in after.sessions} == {one.id for one in before.sessions}
    assert after.left_out == before.left_out
    old = {one.place: one for one in before.sessions}
    for one in after.sessions:
        touched = (
            one.place not in held
            and (scope != "this" or one.place == place)
            and (scope != "following" or one.place >= place)
        )
        assert (one.minutes, one.room) == ((45, "r2") if touched else (90, None))
        assert touched or one == old[one.place]


@given(asked(units=st.just("week")), st.data())
def test_other_days_keep_the_places_and_the_number(question, data):
    made = planned(question)
    assume(made.sessions)
    number = len(made.rule.on)
    on = tuple(data.draw(st.lists(WEEKDAYS, min_size=number, max_size=number, unique=True)))
    after = edit(made, made.sessions[0].place, SessionChange(on=on), "all")
    assert after.asked == made.asked
    weekdays = {day.number for day in on}
    assert {one.rule_on.weekday() for one in after.sessions} <= weekdays
    old = {one.place: one.rule_on for one in made.sessions}
    for one in after.sessions:
        if one.place in old:
            monday = [day - timedelta(day.weekday()) for day in (old[one.place], one.rule_on)]
            assert monday[0] == monday[1]


@given(asked(), st.sampled_from(("Europe/Helsinki", "America/New_York", "Pacific/Auckland")))
def test_every_session_begins_at_its_wall_time_and_lasts_its_minutes(question, zone):
    cadence, start, table, until, closures = question
    made = plan(
        cadence, start, Timetable(**{**_fields(table), "zone": zone}), ends_on=until,
        closures=closures,
    )  # fmt: skip
    for one in made.sessions:
        assert (one.starts_at.hour, one.starts_at.date()) == (12, one.day)
        length = one.ends_at.astimezone(UTC) - one.starts_at.astimezone(UTC)
        expected = cadence.duration if isinstance(cadence, Exactly) else 90
        assert length == timedelta(minutes=expected)


def _fields(table):
    return {name: getattr(table, name) for name in ("on", "every", "at", "minutes", "move_to")}


def with_held(made, places):
    sessions = tuple(
        evolve(one, status="held") if one.place in places else one for one in made.sessions
    )
    return evolve(made, sessions=sessions)
