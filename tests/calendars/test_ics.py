"""Plans as iCalendar: what is written; test_readers.py has when each session is found to be."""

import re
import subprocess
import sys
from datetime import UTC, date, datetime
from hashlib import sha256

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.calendars.ics import plan_ics
from osallisuus.errors import DefinitionError
from osallisuus.model.cadence import Exactly, Rate
from osallisuus.model.stated import Text
from osallisuus.register import program_named
from osallisuus.rules.schedule.edit import SessionChange, edit
from osallisuus.rules.schedule.program import plan_program
from tests.calendars.readers import by_vobject
from tests.rules.schedule.series import day, series, timetable

STAMP = datetime(2026, 1, 1, 12, tzinfo=UTC)
WEEKLY = Rate(1, 1, "week")
DAILY = Rate(1, 1, "day")


def uid(id_):
    return sha256(f"osallisuus {id_}".encode()).hexdigest()[:32]


def lines(content):
    """The logical lines: folded ones put together again."""
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_lines_end_in_crlf_and_are_folded_at_75_octets():
    plan = series(table=timetable(room="Sali ä" * 30))
    content = plan_ics(plan, stamp=STAMP, subject="Tapaaminen å" * 15)
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    physical = content.split(b"\r\n")
    assert max(len(line) for line in physical) <= 75
    assert any(line.startswith(b" ") for line in physical)
    assert f"SUMMARY:{'Tapaaminen å' * 15}" in lines(content)


def test_a_calendar_says_nothing_of_the_programme_or_a_person():
    program = program_named("wertzu")
    table = timetable(facilitators=("p-123456",))
    plan = plan_program(program, day("2026-03-02"), table, series="wertzu-group-7")
    text = plan_ics(plan, stamp=STAMP).decode().lower()
    for word in ("wertzu", "group-7", "p-123456", "peer", "organizer", "attendee", "description"):
        assert word not in text
    found = icalendar.Calendar.from_ical(text.upper())
    assert {event["summary"] for event in found.walk("VEVENT")} == {"MEETING"}


def test_the_organiser_may_give_a_word():
    assert "SUMMARY:Kahvit" in lines(plan_ics(series(), stamp=STAMP, subject="Kahvit"))


def test_a_session_may_have_a_word_of_its_own():
    content = plan_ics(series(series="g1"), stamp=STAMP, subjects={"g1.002": "Toivo"})
    found = [line for line in lines(content) if line.startswith("SUMMARY")]
    assert found == ["SUMMARY:Meeting", "SUMMARY:Toivo", *["SUMMARY:Meeting"] * 6]


def test_the_uid_of_a_session_stays_when_it_is_moved_and_another_series_has_others():
    before, moved = series(series="g1"), edit(
        series(series="g1"), 2, SessionChange(day=day("2026-03-10"))
    )  # fmt: skip
    other = series(series="g2")
    uids = [
        {one[0] for one in by_vobject(plan_ics(plan, stamp=STAMP))}
        for plan in (before, moved, other)
    ]
    assert uids[0] == uids[1]
    assert len(uids[0]) == 8
    assert uids[0].isdisjoint(uids[2])


def test_a_cancelled_session_is_a_cancelled_event():
    plan = edit(
        series(series="g1"), 2, SessionChange(cancelled=True, why=Text(en="somebody is ill"))
    )
    content = plan_ics(plan, stamp=STAMP, revisions={"g1.002": 3})
    events = icalendar.Calendar.from_ical(content).walk("VEVENT")
    found = {(event["uid"], event["status"], event["sequence"]) for event in events}
    assert len(events) == 8
    assert (uid("g1.002"), "CANCELLED", 3) in found
    assert {(status, number) for id_, status, number in found if id_ != uid("g1.002")} == {
        ("CONFIRMED", 0)
    }
    assert b"ill" not in content


def test_sessions_without_a_clock_time_are_whole_days_that_leave_people_free():
    content = plan_ics(series(Exactly(1, "week"), table=timetable(at=None)), stamp=STAMP)
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert (event.start, event.end) == (date(2026, 3, 2), date(2026, 3, 3))
    assert event["transp"] == "TRANSPARENT"
    assert b"VTIMEZONE" not in content


def test_a_session_without_a_length_has_no_end():
    content = plan_ics(series(Exactly(1, "week")), stamp=STAMP)
    assert b"DTEND" not in content


def test_a_plan_without_sessions_is_an_empty_calendar():
    content = plan_ics(series(WEEKLY, until="2026-03-02"), stamp=STAMP)
    assert icalendar.Calendar.from_ical(content).walk("VEVENT") == []


def test_the_zone_has_one_onset_for_each_change_in_the_wall_time_that_it_ends():
    """RFC 5545, 3.6.5; lists of dates are read differently by different programs."""
    content = plan_ics(series(), stamp=STAMP).decode()
    zone = content[content.index("BEGIN:VTIMEZONE") : content.index("END:VTIMEZONE")]
    assert re.findall(r"BEGIN:DAYLIGHT\r\nDTSTART:(\w+)", zone) == [
        "20250330T030000",
        "20260329T030000",
        "20270328T030000",
    ]
    assert "RDATE" not in zone
    assert "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0300" in zone


@pytest.mark.parametrize("fold", ["first", "second"])
def test_a_moment_in_the_hour_that_is_there_twice_is_written_in_utc(fold):
    """Readers do not agree on which of the two a local time means; ical.js takes the second."""
    table = timetable(at="03:30", minutes=15, fold=fold)
    content = plan_ics(series(DAILY, "2026-10-25", table, until="2026-10-26"), stamp=STAMP)
    hour = {"first": "00", "second": "01"}[fold]
    assert f"DTSTART:20261025T{hour}3000Z" in lines(content)
    assert f"DTEND:20261025T{hour}4500Z" in lines(content)


def test_so_is_a_session_that_only_ends_in_that_hour():
    table = timetable(at="02:45", minutes=60)
    content = plan_ics(series(DAILY, "2026-10-25", table, until="2026-10-26"), stamp=STAMP)
    assert {"DTSTART:20261024T234500Z", "DTEND:20261025T004500Z"} <= set(lines(content))


def test_equal_plans_and_stamps_give_equal_bytes_in_any_process():
    code = (
        "from datetime import *; import sys\n"
        "from osallisuus.calendars.ics import plan_ics\n"
        "from osallisuus.model.cadence import Exactly\n"
        "from osallisuus.rules.schedule.plan import plan\n"
        "from osallisuus.rules.schedule.timetable import Timetable\n"
        "made = plan(Exactly(8, 'week', 240), date(2026, 3, 2), Timetable(at=time(10)))\n"
        "stamp = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)\n"
        "sys.stdout.buffer.write(plan_ics(made, stamp=stamp))\n"
    )
    there = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, timeout=60,
            env={"PYTHONHASHSEED": seed, "TZ": zone},
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Kathmandu"))
    ]  # fmt: skip
    here = plan_ics(series(table=timetable()), stamp=STAMP)
    assert there == [here, here]


@pytest.mark.parametrize(
    "subject",
    ["", "  ", "two\nlines", "a\rb", "nul\0", "\x0b", "a\u2028b", "\ud800", "a\\Nb", "x" * 201],
)
def test_a_subject_or_room_that_is_no_line_of_text_is_refused(subject):
    with pytest.raises(DefinitionError, match="not one line of text @ subject"):
        plan_ics(series(), stamp=STAMP, subject=subject)
    with pytest.raises(DefinitionError, match="not one line of text @ subjects"):
        plan_ics(series(), stamp=STAMP, subjects={"g1.002": subject})
    with pytest.raises(DefinitionError, match="not one line of text @ room"):
        plan_ics(series(table=timetable(room=subject)), stamp=STAMP)


def test_a_stamp_has_a_zone():
    with pytest.raises(DefinitionError, match="a time without a zone"):
        plan_ics(series(), stamp=datetime(2026, 1, 1))  # noqa: DTZ001


@given(
    st.text(
        st.characters(
            codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\\"
        ),
        min_size=1,
        max_size=80,
    )
)
def test_any_line_of_text_comes_back_as_it_was(text):
    if not text.strip():
        return
    plan = series(Exactly(1, "week", 60), table=timetable(room=text))
    content = plan_ics(plan, stamp=STAMP, subject=text)
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert (event["summary"], event["location"]) == (text, text)
    # a second reader, on the bytes: unfolded and unescaped by hand
    (written,) = [line for line in lines(content) if line.startswith("SUMMARY")]
    plain = re.sub(r"\\(.)", r"\1", written.partition(":")[2])
    assert plain == text


def test_a_missing_library_is_an_error_with_the_command_that_installs_it():
    code = (
        "import sys; sys.modules['icalendar'] = None; sys.modules['holidays'] = None\n"
        "from osallisuus.cli.main import main\n"
        "base = ['plan', 'wertzu', '--start', '2026-03-02']\n"
        "codes = [main(base), main([*base, '--as', 'json'])]\n"
        "codes += [main([*base, '--as', 'ics']), main([*base, '--holidays', 'skip'])]\n"
        "sys.exit(repr(codes) != '[0, 0, 1, 1]')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, timeout=60, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "python -m pip install 'osallisuus[calendar]'" in done.stderr
    assert "python -m pip install 'osallisuus[holidays]'" in done.stderr
