"""The metrics keep every promise of a metric, and their choices count otherwise."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import osallisuus as osa
import pytest
from osallisuus.conformance import MetricConformance

from osallisuus_metric_pack import MID_REVIEW_HELD, SESSIONS_CALLED_OFF, WORKSHOP_SIZE


class TestSessionsCalledOff(MetricConformance):
    metric = SESSIONS_CALLED_OFF


class TestMidReviewHeld(MetricConformance):
    metric = MID_REVIEW_HELD


class TestWorkshopSize(MetricConformance):
    metric = WORKSHOP_SIZE


@pytest.mark.parametrize(("acting", "people"), [("own", 1), ("all", 2)])
def test_whoever_comes_for_work_is_counted_only_when_asked(acting, people):
    """The choice is written beside the figure."""
    starts_at = datetime(2025, 1, 7, 10, tzinfo=ZoneInfo("Europe/Helsinki"))
    register = osa.open("memory:")
    register.add(
        [
            osa.Person(id="p1", registered_on=date(2025, 1, 1)),
            osa.Person(id="p2", registered_on=date(2025, 1, 1)),
            osa.Group(
                id="g1",
                program="p",
                program_version="1",
                kind="workshops",
                starts_on=date(2025, 1, 1),
            ),
            osa.Session(
                id="s1",
                group="g1",
                kind="workshop",
                starts_at=starts_at,
                minutes=90,
                status="held",
            ),
            osa.Attendance(id="a1", session="s1", person="p1", status="present"),
            osa.Attendance(
                id="a2", session="s1", person="p2", status="present", acting_as="professional"
            ),
        ]
    )
    figure = register.measure(WORKSHOP_SIZE.under(acting=acting)).figure()
    assert (figure.k, figure.n) == (people, 1)
    assert figure.provenance.policies == {"acting": acting}
