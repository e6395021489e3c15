"""When reports to funders are due."""

from datetime import date

import pytest
from attrs import evolve

from osallisuus.model.arrangements import ReportDuty
from osallisuus.model.cadence import AsNeeded, Every, Exactly, Rate
from osallisuus.model.program import Program
from osallisuus.model.stated import Text
from osallisuus.programs import WERTZU, YHTEISO
from osallisuus.rules.reporting import SHOWN, due_reports, report_periods, was_shown
from osallisuus.time import Period
from tests.model import made

YEARS = Period(date(2018, 2, 1), date(2019, 6, 1))


def duty(cadence, to="esf"):
    return ReportDuty(code="monitoring", label=Text(en="Monitoring"), to=to, cadence=cadence)


def sent(day):
    return made.one(
        "observations", id=f"o-{day}", program="yhteiso", measure="report_sent.esf_monitoring",
        observed_on=day,
    )  # fmt: skip


def test_three_reports_a_year_are_three_periods_of_four_months():
    """Y25: by the calendar year, whenever the programme began; the last one is not over yet."""
    found = report_periods(duty(Rate(3, 3, "year")), YEARS)

    assert [str(one) for one in found] == [
        "2018-01-01..2018-05-01",
        "2018-05-01..2018-09-01",
        "2018-09-01..2019-01-01",
        "2019-01-01..2019-05-01",
    ]


@pytest.mark.parametrize(
    ("cadence", "number"),
    [
        (Rate(1, 1, "year"), 1),
        (Rate(4, 4, "year"), 5),
        (Rate(1, 1, "month"), 16),
        (Exactly(3, "year"), 1),
        (Rate(1, 2, "year"), 0),
        (Rate(5, 5, "year"), 0),
        (Rate(1, 1, "week"), 0),
        (Every(1, 2, "month"), 0),
        (AsNeeded(), 0),
        (None, 0),
    ],
)
def test_only_a_cadence_that_says_which_months_makes_periods(cadence, number):
    """A range or an interval leaves that to people, and five reports are no whole months each."""
    assert len(report_periods(duty(cadence), YEARS)) == number


def test_the_yearly_report_is_due_by_the_end_of_march():
    """U23: STEA wants it in March of the next year; another funder when the period is over."""
    yearly = duty(Rate(1, 1, "year"), to="stea")
    program = Program(
        name="x", version="1", title=Text(en="X"), kinds=("community",),
        funders=YHTEISO.funders, reports=(yearly,),
    )  # fmt: skip
    (report,) = due_reports(program, [], since=date(2018, 2, 1), on=date(2019, 2, 1))

    assert report.due_on == date(2019, 3, 31)
    other = evolve(program, reports=(evolve(yearly, to="esf"),))
    (report,) = due_reports(other, [], since=date(2018, 2, 1), on=date(2019, 2, 1))
    assert report.due_on == date(2018, 12, 31)
    first, *_ = due_reports(YHTEISO, [], since=date(2018, 2, 1), on=date(2019, 2, 1))
    assert first.due_on == date(2018, 4, 30)


def test_a_report_is_sent_after_its_period_and_before_the_next_one_ends():
    """A report sent before the period was over is of the period before."""
    observed = [sent(date(2018, 4, 30)), sent(date(2018, 9, 1)), sent(date(2019, 1, 8))]
    found = due_reports(YHTEISO, observed, since=date(2018, 1, 1), on=date(2019, 2, 1))

    assert [report.sent_on for report in found] == [None, date(2018, 9, 1), date(2019, 1, 8)]
    assert due_reports(YHTEISO, observed, since=date(2018, 1, 1), on=date(2018, 12, 1))[1:] == (
        found[1],
    )


def test_without_a_duty_or_before_the_start_nothing_is_due():
    assert due_reports(WERTZU, [], since=date(2018, 1, 1), on=date(2020, 1, 1)) == ()
    assert due_reports(YHTEISO, [], since=date(2020, 1, 1), on=date(2020, 1, 1)) == ()


def test_a_community_has_seen_figures_of_a_day_from_a_month_before_it_on():
    """Y26: and only its own, whatever else was recorded then."""
    day = date(2018, 3, 1)
    shown = made.one("observations", program="yhteiso", measure=SHOWN, observed_on=day)
    others = [sent(date(2018, 4, 1)), evolve(shown, program="verna")]
    assert was_shown("yhteiso", [shown], as_of=date(2018, 4, 1))
    assert was_shown("yhteiso", [shown], as_of=date(2018, 1, 1))
    assert not was_shown("yhteiso", [shown], as_of=date(2018, 4, 2))
    assert not was_shown("yhteiso", others, as_of=day)
