"""What differs between two plans."""

from attrs import evolve

from osallisuus.model.cadence import Exactly
from osallisuus.rules.schedule.days import day_of
from osallisuus.rules.schedule.diff import difference
from osallisuus.rules.schedule.edit import SessionChange, edit
from osallisuus.rules.schedule.say import difference_text
from osallisuus.words import Words
from osallisuus.words.locale import locale_of
from tests.rules.schedule.series import closure, day, series, timetable

FOUR = Exactly(4, "week", duration=60)


def four(**more):
    return series(FOUR, series="g1", **more)


def places(sessions):
    return [one.place for one in sessions]


def test_equal_plans_do_not_differ():
    found = difference(four(), four())
    assert not found
    assert places(found.unchanged) == [1, 2, 3, 4]


def test_sessions_are_added_removed_moved_changed_or_left_alone():
    closed = [closure("2026-03-09", None, "extend"), closure("2026-03-16", None, "move")]
    before = four()
    after = edit(four(closed=closed), 4, SessionChange(room="r2"))
    found = difference(before, after)
    assert found
    assert places(found.added) == [5]
    assert places(found.removed) == [2]
    assert [(old.place, new.day.day) for old, new in found.moved] == [(3, 17)]
    assert [(old.room, new.room) for old, new in found.changed] == [(None, "r2")]
    assert places(found.unchanged) == [1]


def test_another_length_or_zone_is_a_move_and_a_cancellation_a_change():
    longer = edit(four(), 1, SessionChange(minutes=90))
    assert places(new for _, new in difference(four(), longer).moved) == [1]
    elsewhere = four(table=timetable(zone="Europe/Stockholm"))
    assert len(difference(four(), elsewhere).moved) == 4
    gone = edit(four(), 1, SessionChange(cancelled=True))
    assert places(new for _, new in difference(four(), gone).changed) == [1]


def test_the_other_of_two_equal_clock_times_is_a_move():
    """03:30 on 25 October is there twice; Python takes both for equal."""
    first, second = (
        series(FOUR, "2026-10-25", timetable(at="03:30", fold=fold), series="g1")
        for fold in ("first", "second")
    )
    assert places(new for _, new in difference(first, second).moved) == [1]


def test_the_same_time_for_another_reason_is_no_difference():
    before = four()
    other = evolve(before, sessions=edit(before, 1, SessionChange()).sessions)
    assert other != before
    assert not difference(before, other)


def test_a_series_under_another_name_is_another_series():
    found = difference(four(), series(FOUR, series="g2"))
    assert (len(found.added), len(found.removed), found.unchanged) == (4, 4, ())


def test_the_difference_as_text_says_what_becomes_of_each():
    after = edit(four(), 3, SessionChange(on=(day_of("tue"),)), "following")
    after = edit(after, 1, SessionChange(cancelled=True))
    assert difference_text(difference(four(), after), Words("en")) == (
        "Moved: Mon 16 March 2026  10:00–11:00 → Tue 17 March 2026  10:00–11:00\n"
        "Moved: Mon 23 March 2026  10:00–11:00 → Tue 24 March 2026  10:00–11:00\n"
        "Changed: Mon 2 March 2026  10:00–11:00"
        " → Mon 2 March 2026  10:00–11:00  cancelled  (Changed by a person.)\n"
        "1 session stays as it is.\n"
    )
    shorter = evolve(four(), sessions=four().sessions[:3])
    assert difference_text(difference(four(), shorter), Words("fi")).splitlines() == [
        "Poistettu: ma 23.3.2026  10:00–11:00",
        "3 tapaamista pysyy ennallaan.",
    ]
    assert difference_text(difference(shorter, four()), Words("sv")).splitlines()[0] == (
        f"Tillagd: mån {locale_of('sv').day(day('2026-03-23'))}  10:00–11:00"
    )
