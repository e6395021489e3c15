"""``osallisuus plan`` as somebody at a terminal uses it."""

import json
from datetime import date

import icalendar
import pytest

from osallisuus.words.locale import locale_of

WEEKLY = ("plan", "wertzu", "--start", "2026-03-02")


def test_eight_sessions_from_a_start_alone(call):
    done = call("plan", "wertzu", "--start", "2018-01-08")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("8 sessions, 8 January 2018 – 26 February 2018\n")
    assert len([line for line in done.out.splitlines() if " Mon " in line]) == 8


def test_a_range_asks_for_a_choice(call):
    """Q10: 17 to 34 sessions are promised; nobody's weekday is made up."""
    refused = call("plan", "verna", "--start", "2018-01-08", "--as", "json")
    assert refused.code == 1
    assert "name 1 to 2 of them" in refused.err
    chosen = call("plan", "verna", "--start", "2018-01-08", "--weekday", "mon,thu", "--as", "json")
    record = json.loads(chosen.out)
    assert (record["program"], record["promised"], record["on"]) == (
        "verna",
        [17, 34],
        ["mon", "thu"],
    )
    months = call(
        "plan", "verna", "--start", "2018-01-08", "--weekday", "tue", "--months", 2, "--as", "json"
    )
    assert json.loads(months.out)["ends_on"] == "2018-03-08"


@pytest.mark.parametrize(
    ("policy", "number", "last"),
    [("skip", 7, "2026-04-20"), ("extend", 8, "2026-04-27"), ("move", 8, "2026-04-20")],
)
def test_finnish_holidays(call, policy, number, last):
    record = json.loads(call(*WEEKLY, "--holidays", policy, "--as", "json").out)
    assert (len(record["sessions"]), record["last"]) == (number, last)


def test_closures_from_a_file_and_where_moved_sessions_go(call, tmp_path):
    (tmp_path / "closures.csv").write_text("starts_on,reason,policy\n2026-03-09,training,\n")
    done = call(
        *WEEKLY,
        "--closures",
        "closures.csv",
        "--closed",
        "move",
        "--move-to",
        "sat",
        "--lang",
        "fi",
    )
    assert "la 14.3.2026  (Ei tapaamista 9.3.2026: training.)" in done.out
    broken = tmp_path / "broken.csv"
    broken.write_text("starts_on,reason\nsoon,training\n")
    refused = call(*WEEKLY, "--closures", "broken.csv")
    assert (refused.code, refused.out) == (1, "")
    assert "not a day @ broken.csv:2.starts_on" in refused.err


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("fi", "Ei tapaamista 6.4.2026: Toinen pääsiäispäivä. Se jää pois.\n"),
        (
            "sv",
            f"Ingen träff {locale_of('sv').day(date(2026, 4, 6))}: Annandag påsk. Den uteblir.\n",
        ),
        ("en", "No session on 6 April 2026: Easter Monday. It is left out.\n"),
    ],
)
def test_why_there_is_no_session(call, code, answer):
    assert (
        call(*WEEKLY, "--holidays", "skip", "--why", "2026-04-06", "--locale", code).out == answer
    )


def test_a_calendar_file_with_a_neutral_subject_in_the_language(call, tmp_path):
    done = call(*WEEKLY, "--at", "10:00", "--as", "ics", "--out", "plan.ics", "--locale", "fi")
    assert done.out == "plan.ics\n"
    events = icalendar.Calendar.from_ical((tmp_path / "plan.ics").read_bytes()).walk("VEVENT")
    assert {event["summary"] for event in events} == {"Tapaaminen"}
    assert len(events) == 8
    again = call(*WEEKLY, "--at", "10:00", "--as", "ics", "--subject", "Kahvit")
    repeated = icalendar.Calendar.from_ical(again.out).walk("VEVENT")
    assert [event["uid"] for event in repeated] == [event["uid"] for event in events]
    assert {event["summary"] for event in repeated} == {"Kahvit"}


COURSE = """
name = "course"
version = "1"
title = { en = "Course" }
kinds = ["group_training"]

[[themes]]
code = "hope"
label = { fi = "Toivo", en = "Hope" }

[sessions]
cadence = { kind = "exactly", count = 3, every = "week", duration = 90 }
outline = [
  { title = { fi = "Tutustuminen", en = "Getting to know" } },
  { title = { fi = "Oma tarina", en = "Own story" }, theme = "hope" },
]
"""


def test_the_outline_says_what_each_session_is_about(call, tmp_path):
    (tmp_path / "course.toml").write_text(COURSE, "utf-8")
    base = ("plan", "course.toml", "--start", "2026-03-02", "--at", "10:00")
    lines = call(*base, "--locale", "fi").out.splitlines()
    assert lines[-3].endswith("Tutustuminen")
    assert lines[-2].endswith("Oma tarina – Toivo")
    assert lines[-1].endswith("10:00–11:30")
    record = json.loads(call(*base, "--as", "json").out)
    assert [one["theme"] for one in record["sessions"]] == [None, "hope", None]


def test_a_theme_stands_in_the_calendar_only_where_it_is_asked_for(call, tmp_path):
    """Whoever sees somebody's calendar need not know what they talk of."""
    (tmp_path / "course.toml").write_text(COURSE, "utf-8")
    base = ("plan", "course.toml", "--start", "2026-03-02", "--at", "10:00", "--as", "ics")
    plain, asked = call(*base).out, call(*base, "--themes").out
    for word in ("Hope", "hope", "story"):
        assert word not in plain
    events = icalendar.Calendar.from_ical(asked).walk("VEVENT")
    assert [event["summary"] for event in events] == [
        "Getting to know",
        "Own story – Hope",
        "Meeting",
    ]


def test_a_file_that_is_there_is_left_as_it_is(call, tmp_path):
    (tmp_path / "plan.txt").write_text("mine")
    done = call(*WEEKLY, "--out", "plan.txt")
    assert (done.code, (tmp_path / "plan.txt").read_text()) == (1, "mine")
    assert "the file is there already @ plan.txt" in done.err


def test_a_file_that_is_there_is_replaced_where_that_is_asked_for(call, tmp_path):
    (tmp_path / "plan.txt").write_text("mine")
    done = call(*WEEKLY, "--out", "plan.txt", "--overwrite")
    assert (done.code, done.out) == (0, "plan.txt\n")
    assert (tmp_path / "plan.txt").read_text("utf-8").startswith("8 sessions, 2 March 2026")


TWO_SERIES = """
name = "both"
version = "1"
title = { en = "Both" }
kinds = ["group_training"]
sessions = { cadence = { kind = "exactly", count = 8, every = "week", duration = 120 } }

[[meetings]]
code = "activity"
kind = "activity"
label = { en = "Activity" }
cadence = { kind = "exactly", count = 8, every = "week", duration = 180 }
"""


@pytest.fixture
def group(call, tmp_path):
    """The group meets on Tuesdays at 10, kept as JSON; Easter Monday is 29 March 2027."""
    (tmp_path / "both.toml").write_text(TWO_SERIES, "utf-8")
    done = call("plan", "both.toml", "--start", "2027-03-02", "--at", "10:00", "--series", "g1",
                "--as", "json", "--out", "group.json")  # fmt: skip
    assert (done.code, done.err) == (0, "")
    return ("plan", "both.toml", "--meeting", "activity", "--start", "2027-03-01", "--at", "10:00")


def test_a_moved_session_keeps_clear_of_another_series_of_the_programme(call, group):
    """Of Easter Monday it goes to Wednesday, since the group meets on Tuesday."""
    done = call(*group, "--holidays", "move", "--beside", "group.json", "--as", "json")
    assert (done.code, done.err) == (0, "")
    days = [one["day"] for one in json.loads(done.out)["sessions"]]
    assert days[4] == "2027-03-31"


def test_without_the_other_series_it_is_said_that_it_was_not_looked_at(call, group):
    done = call(*group, "--holidays", "move")
    assert "30 March 2027" in done.out
    assert done.err == (
        "sessions were moved, and other series not looked at: sessions;"
        " --beside FILE keeps clear of one\n"
    )
    assert call(*group).err == ""


def test_what_is_at_the_same_time_as_another_series_is_told(call, group):
    """From 9 to 12 on the group's own days, which the rule itself falls on; after it, nothing."""
    same = [*group[:-3], "2027-03-02", "--at", "09:00", "--beside", "group.json"]
    told = call(*same).err.splitlines()
    assert len(told) == 8
    assert told[0].startswith("at the same time as g1.001: Tue 2 March 2027  09:00–12:00")
    after = [*group[:-3], "2027-03-02", "--at", "12:00", "--beside", "group.json"]
    assert call(*after).err == ""


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("no json", "the other series is no plan @ group.json"),
        ('{"sessions": [1]}', "the other series is no plan @ group.json"),
        (None, "the other series cannot be read: no such file or directory @ group.json"),
    ],
)
def test_another_series_that_cannot_be_read_is_refused(call, tmp_path, content, problem):
    if content is not None:
        (tmp_path / "group.json").write_text(content)
    done = call(*WEEKLY, "--beside", "group.json")
    assert (done.code, done.out) == (1, "")
    assert problem in done.err


def test_a_meeting_by_month(call):
    done = call(
        "plan", "kokemusohjaus", "--meeting", "supervision", "--start", "2026-01-01",
        "--weekday", "lasttue", "--until", "2026-04-01", "--as", "json",
    )  # fmt: skip
    assert [one["day"] for one in json.loads(done.out)["sessions"]] == [
        "2026-01-27",
        "2026-02-24",
        "2026-03-31",
    ]


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("plan", "kokemusohjaus", "--start", "2026-03-02"), "meetings with one: team"),
        ((*WEEKLY, "--zone", "Europe/Helsingfors"), "no such time zone"),
        ((*WEEKLY, "--weekday", "tuesday"), "no such weekday"),
        ((*WEEKLY, "--until", "2026-04-01"), "ends by itself"),
        ((*WEEKLY, "--months", "-1"), "too many months"),
        ((*WEEKLY, "--months", "99999"), "too many months"),
        ((*WEEKLY, "--series", "Maija Meikäläinen"), "not an id for a series"),
        ((*WEEKLY, "--closures", "nowhere.csv"), "nowhere.csv"),
        (("plan", "wertzu", "--start", "1000-01-01", "--holidays", "skip"), "too far from our time"),
    ],
)  # fmt: skip
def test_what_cannot_be_planned_ends_with_one_and_says_why(call, arguments, what):
    done = call(*arguments)
    assert (done.code, done.out) == (1, "")
    assert what in done.err


@pytest.mark.parametrize(
    "wrong",
    [("--start", "8.1.2018"), ("--start", "0001-01-01"), ("--why", "9999-12-31"), ("--at", "10"), ("--at", "1000"), ("--at", "25:00"), ("--as", "pdf"),
     ("--until", "2026-04-01", "--months", "2")],
)  # fmt: skip
def test_a_command_line_that_is_wrong_ends_with_two(call, wrong):
    assert call(*WEEKLY, *wrong).code == 2
