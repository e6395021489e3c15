"""Presence that cannot be as it is recorded."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from osallisuus.rules.findings import check
from tests.model import made

SESSION = made.one("sessions", id="s1", group="g1", minutes=180, status="held",
                   starts_at=datetime(2018, 1, 9, 10, tzinfo=ZoneInfo("Europe/Helsinki")))  # fmt: skip


def enrolled(number, started_on=date(2018, 1, 2)):
    return made.one(
        "enrollments", id=f"e{number}", person="p1", group="g1", started_on=started_on,
        reached_on=date(2017, 12, 1),
    )  # fmt: skip


def found(attendance, enrollments, **tables):
    rows = {"sessions": [SESSION], "enrollments": enrollments,
            "attendance": [made.one("attendance", **{"id": "a1", "session": "s1", "person": "p1",
                                                     "status": "present"} | attendance)]}  # fmt: skip
    return [(one.code, one.where) for one in check(rows | tables)]


@pytest.mark.parametrize(
    ("minutes", "is_found"), [(400, True), (181, True), (180, False), (None, False)]
)
def test_nobody_is_longer_at_a_session_than_it_lasts(minutes, is_found):
    expected = [("longer_than_the_session", "attendance[a1].minutes")] if is_found else []

    assert found({"minutes": minutes}, [enrolled(1)]) == expected


def test_presence_of_somebody_who_never_started_is_found():
    assert found({}, [enrolled(1, None)]) == [
        ("present_and_never_started", "attendance[a1].person")
    ]


@pytest.mark.parametrize(
    ("attendance", "enrollments", "tables"),
    [
        ({}, [enrolled(1, None), enrolled(2)], {}),
        ({"status": "absent"}, [enrolled(1, None)], {}),
        ({"acting_as": "peer"}, [enrolled(1, None)], {}),
        (
            {},
            [enrolled(1, None)],
            {"memberships": [made.one("memberships", person="p1", group="g1")]},
        ),
    ],
    ids=["started another time", "was not there", "came as somebody else", "is a member"],
)
def test_who_started_or_came_otherwise_is_not_found(attendance, enrollments, tables):
    assert found(attendance, enrollments, **tables) == []
