"""Who appears in a recording has consented to that (X17)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from osallisuus.model.batch import Batch
from osallisuus.model.facts import TABLES
from osallisuus.rules.findings import check
from tests.model import made

DAY = date(2021, 11, 23)
AT = datetime(2021, 11, 23, 13, tzinfo=ZoneInfo("Europe/Helsinki"))
GROUP = made.one("groups", id="g1", program="yhteiskehittaminen")
MEETING = made.one("sessions", id="s1", group="g1", kind="webinar", status="held", starts_at=AT)
ENROLLED = made.one(
    "enrollments", id="e1", person="p1", program="yhteiskehittaminen", group="g1", started_on=DAY
)
RECORDING = made.one(
    "observations", id="o1", program="yhteiskehittaminen", group="g1", measure="recorded",
    phase="during", observed_on=DAY,
)  # fmt: skip


def present(status="present", session="s1"):
    return made.one("attendance", id="a1", session=session, person="p1", status=status)


def consent(given_on=DAY, **given):
    plain = {"id": "c1", "person": "p1", "purpose": "public_appearance", "given_on": given_on}
    return made.one("consents", **plain | given)


def found(*facts, tables=TABLES):
    rows = dict.fromkeys(tables, ()) | Batch.of([GROUP, ENROLLED, *facts]).rows
    return [(one.code, one.where) for one in check(rows)]


WITHOUT = [("recorded_without_consent", "attendance[a1]")]
CASES = {
    "nobody was asked": ([RECORDING, MEETING, present()], WITHOUT),
    "consented": ([RECORDING, MEETING, present(), consent()], []),
    "consented only later": (
        [RECORDING, MEETING, present(), consent(date(2021, 11, 24))], WITHOUT),
    "took the consent back": (
        [RECORDING, MEETING, present(), consent(withdrawn_on=date(2022, 1, 3))], WITHOUT),
    "consented to something else": (
        [RECORDING, MEETING, present(), consent(purpose="research")], WITHOUT),
    "somebody else consented": ([RECORDING, MEETING, present(), consent(person="p2")], WITHOUT),
    "was not there": ([RECORDING, MEETING, present("excused")], []),
    "was not recorded": ([MEETING, present()], []),
    "another group was recorded": (
        [made.one("observations", id="o1", measure="recorded", group="g2", observed_on=DAY),
         MEETING, present()], []),
    "another day was recorded": (
        [made.one("observations", id="o1", measure="recorded", group="g1",
                  observed_on=date(2021, 11, 22)), MEETING, present()], []),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_whoever_is_in_a_recording_has_consented_to_be(name):
    facts, expected = CASES[name]

    assert found(*facts) == expected


def test_a_meeting_that_was_not_held_was_not_recorded():
    planned = made.one("sessions", id="s1", group="g1", status="cancelled", starts_at=AT)

    assert ("recorded_without_consent", "attendance[a1]") not in found(
        RECORDING, planned, present()
    )


def test_facts_without_the_table_of_consents_say_nothing_of_them():
    """As when a few facts are added: the consents may be in the store already."""
    tables = [name for name in TABLES if name != "consents"]

    assert found(RECORDING, MEETING, present(), tables=tables) == []
