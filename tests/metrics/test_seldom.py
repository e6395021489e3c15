"""What seldom comes: nobody at risk, one person, an odd row, a promise of nothing."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve

import osallisuus as osa
from osallisuus.errors import DefinitionError, UndefinedFigure
from osallisuus.metrics.alternatives import Alternatives
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.changed import PARTS, split
from osallisuus.metrics.doubt import needed_to_halve, sensitivity
from osallisuus.metrics.estimate.flow import Flow
from osallisuus.metrics.estimate.logrank import logrank
from osallisuus.metrics.estimate.multistate import cumulative_incidence
from osallisuus.metrics.estimate.special import _continued_fraction, incomplete_beta
from osallisuus.metrics.figure import Result
from osallisuus.metrics.kinds.mean import Mean
from osallisuus.metrics.kinds.occupied import Occupancy
from osallisuus.metrics.kinds.pairs import PairMetric
from osallisuus.metrics.kinds.screened import ScreenedProportion
from osallisuus.metrics.kinds.stays import Stays
from osallisuus.metrics.metric import Metric, Thinning
from osallisuus.metrics.printed import line_of
from osallisuus.metrics.written import interval_text
from osallisuus.model.cadence import AsNeeded
from osallisuus.words import Words
from tests.metrics import figures
from tests.metrics.test_why_changed import FIRST, SECOND, closed, completed, opened, people, ten

ROUNDED = Thinning({"": (7,)}, threshold=10, base=5)


def drawn(name: str, rows: list[Any], grid: Thinning | None = None, **changes: Any) -> list[Any]:
    """What a metric of the catalogue draws from the rows of its table: name, value, reason."""
    metric = evolve(CATALOGUE[name], **changes)
    draws = metric.draw(rows, confidence=0.95, grid=grid)
    return [(draw.name, draw.value, draw.reason) for draw in draws]


# Shares by time ------------------------------------------------------------------------------


def test_who_is_seen_only_on_their_last_day_is_at_risk_of_nothing():
    """Came under observation on day 5 and ended on it: nobody was watched for any time."""
    assert drawn("completion", [(5, 5, "completed", 2)]) == [("completed", None, "nobody_at_risk")]


def test_the_mean_days_may_stand_without_quartiles():
    rows = [(0, 10, "left", 1), (0, 30, "left", 1)]
    shown = drawn("retention", rows, until=(20,), quantiles=False)
    assert shown == [("within_20", 15.0, "")]
    assert len(drawn("retention", rows, until=(20,), quantiles=True)) == 4


def test_a_gap_needs_somebody_in_both_groups_after_rounding():
    """Two of ten rounded to none: there is nobody to be compared with."""
    rows = [("a", 20, "completed", 20), ("b", 20, "completed", 2)]
    assert [reason for *_, reason in drawn("equity_gap", rows, ROUNDED)] == ["too_few", "too_few"]
    assert [value for _, value, _ in drawn("equity_gap", rows)] == [0.0, 0.0]


def test_a_gap_needs_somebody_at_risk_after_rounding():
    """Ten were last seen on their first day; the two who were watched longer round to nobody."""
    rows = [("a", 20, "completed", 20), ("b", 0, None, 10), ("b", 20, None, 2)]
    reasons = [reason for *_, reason in drawn("equity_gap", rows, ROUNDED)]
    assert reasons == ["nobody_at_risk", "nobody_at_risk"]


def test_days_that_run_backwards_count_in_no_group():
    """Nor do they in what is worked out for the reviewer of a release."""
    metric = CATALOGUE["equity_gap"]
    assert metric.contributions([("a", -1, "left")], None) == {}
    assert metric.contributions([("a", 0, None)], None)["entered", "a"] == 1


def test_who_came_and_went_on_one_later_day_is_in_no_flow():
    """Only an origin on the same day counts: who was watched for no time was at no risk."""
    stays = Stays([(5, 5, "left", 2), (0, 0, "left", 3), (0, 9, None, 1)])
    assert stays.flow_by_event().entered == 4
    assert stays.collapsed == 2


def test_before_the_first_day_nobody_is_anywhere():
    occupancy = Occupancy(Flow.of([(5, "", "client", 3), (9, "client", "peer", 1)]))
    assert occupancy.on(2) == {}
    assert occupancy.on(5) == {"client": 3}
    assert occupancy.on(9) == {"client": 2, "peer": 1}


def test_the_incidence_of_a_state_that_is_left_again():
    """Of four clients two became peers, and one of these came back: half have been peers by 7."""
    flow = Flow.of(
        [
            (-1, "", "client", 4),
            (5, "client", "peer", 2),
            (6, "client", "left", 2),
            (7, "peer", "client", 1),
            (9, "peer", "", 1),
            (9, "client", "", 1),
        ]
    )
    curve = cumulative_incidence(flow, "left", "client")
    point = curve.at(8)
    assert point is not None
    assert point.value == 0.5


def test_groups_that_all_left_on_one_day_are_not_compared():
    """Nobody was left to see in which group more stay."""
    one = Flow.of([(-1, "", "in", 3), (5, "in", "out", 3)])
    found = logrank({"a": one, "b": one})
    assert (found.chi2, found.df, found.expected) == (None, 1, (3.0, 3.0))


# Means and shares ------------------------------------------------------------------------------


def test_the_mean_of_own_shares_of_one_person_has_no_interval():
    """One person came to 3 of 4: the mean is theirs, and nothing says how far others differ."""
    metric = Mean(
        name="own_share",
        share=True,
        own=True,
        cases="SELECT person, registered_on AS happened_on, 1 AS amount, 1 AS possible"
        " FROM (SELECT id AS person, registered_on FROM people) AS everybody",
    )
    (draw,) = metric.draw([(4, 3, 0, 1)], confidence=0.95)
    assert (draw.value, draw.low, draw.notes) == (0.75, None, ("one_cluster",))


def test_a_mean_against_a_baseline_range():
    """30 encounters per peer, when they had 10 to 20 at the beginning: 1.5 to 3 times as many."""
    metric = Mean(
        name="times_more",
        baseline=(10, 20),
        cases="SELECT id AS person, registered_on AS happened_on, 1 AS amount FROM people",
    )
    _, against = metric.draw([(1, 30, 0, 10)], confidence=0.95)
    assert (against.low, against.high) == (1.5, 3.0)
    _, against = metric.draw([(1, 31, 0, 12)], confidence=0.95, grid=ROUNDED)
    assert (against.low, against.high) == (1.85, 3.7)  # 370 by 10, not 31 each
    _, nobody = metric.draw([], confidence=0.95)
    assert (nobody.name, nobody.low, nobody.reason) == ("against_baseline", None, "no_cases")


def test_a_cost_for_each_without_groups_has_no_interval():
    """2,400 euros for two who completed, nobody in a group: nothing can be left out in turn."""
    metric = CATALOGUE["cost_per_completer"]
    rows = [(None, 0, 60, "completed", 2, 0, 0, 0), (None, 1, None, None, 1, 1, 240_000, 240_000)]
    _, each = metric.draw(rows, confidence=0.95)
    assert (each.value, each.low, each.notes) == (1200.0, None, ("one_cluster",))


def test_a_share_of_nobody_who_could_have_come():
    """A population of 0 is no denominator."""
    reach = CATALOGUE["coverage"].of(0, "a count of the town, 2025")
    (_, share) = reach.draw([(2, 2)], confidence=0.95)
    assert (share.value, share.n, share.reason) == (None, 0, "no_cases")


def test_a_share_of_the_population_leaves_in_whole_percents():
    reach = CATALOGUE["coverage"].of(1200, "a count of the town, 2025")
    (persons, share) = reach.draw([(43, 43)], confidence=0.95, grid=ROUNDED)
    assert (persons.value, share.k, share.value) == (45, 45, 0.04)


def test_what_is_recorded_late_is_not_told_where_rounding_leaves_no_step():
    """Two in time round to none: nothing says what share of the others comes at all."""
    rows = [(400, 0, 2), (400, 60, 38)]
    days = CATALOGUE["reporting_delay"].days
    shown = {name: reason for name, _, reason in drawn("reporting_delay", rows, ROUNDED)}
    assert shown[f"within_{days[0]}_days"] == "beyond_follow_up"


def test_a_pair_without_marks_of_its_own_says_who_was_followed_up():
    """A kind of pairs that names no classes draws how many have both readings."""
    metric = PairMetric(
        name="twice_read",
        cases="SELECT id AS person, registered_on AS happened_on, NULL AS part, 1 AS before,"
        " 2 AS after, 1 AS due FROM people",
    )
    (draw,) = metric.draw([(None, 1, 2, 1, 3), (None, 1, None, 1, 1)], confidence=0.95)
    assert (draw.name, draw.k, draw.n) == ("followed_up", 3, 4)
    assert metric.marks(Fraction(1), Fraction(2)) == frozenset()


def test_a_form_of_another_wave_is_in_neither():
    """A metric of before and after leaves out what was asked in between."""
    name = "survey_change"
    rows = [("before", 20, 7, 12), ("between", 99, 7, 5), ("after", 24, 7, 12)]
    assert drawn(name, rows) == drawn(name, [rows[0], rows[2]])


# What one person adds to the counts ------------------------------------------------------------


def test_who_was_promised_nothing_adds_nothing():
    """As needed: there is no full week in which a meeting was due."""
    metric = evolve(CATALOGUE["cadence_held"], cadence=AsNeeded())
    assert metric.contributions([], ROUNDED) == {}


def test_who_has_no_span_adds_nothing_to_what_was_received():
    metric = CATALOGUE["dose_curve"]
    assert metric.contributions([(3, 90)], ROUNDED) == {}
    assert metric.contributions([(30, None), (3, 90)], ROUNDED)["persons",] == 1


def test_a_yes_could_have_been_a_no_in_its_own_group():
    """An answer that nobody knows stays one."""
    metric = CATALOGUE["spread"]
    turned = metric.otherwise([("g1", 1), ("g1", 0), ("g2", None)], ("yes",), None)
    assert turned == [[("g1", 0), ("g1", 1), ("g2", None)]]


def test_what_is_not_known_could_be_in_no_population_for_sure():
    metric = next(one for one in CATALOGUE.values() if isinstance(one, ScreenedProportion))
    rows = [("unknown",), ("numerator",), ("denominator",)]
    (turned,) = metric.otherwise(rows, ("denominator",), None)
    assert turned == [("unknown",), ("denominator",), ("denominator",)]


# Definitions -----------------------------------------------------------------------------------


def test_a_metric_is_of_a_kind():
    """The class of all kinds says so by itself."""
    with pytest.raises(DefinitionError, match="needs a kind"):
        Metric.table(CATALOGUE["completion"], (), object())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ({"norms_sd": "7.5"}, "the norms lack"),
        ({"norms_sd": "seven", "norms_reliability": "0.8"}, "norms_sd is a number"),
        ({"norms_sd": "inf", "norms_reliability": "0.8"}, "norms_sd is a number"),
    ],
)
def test_norms_are_stated_together_and_as_numbers(told: dict[str, str], what: str):
    metric = CATALOGUE["reliable_change"]
    with pytest.raises(DefinitionError, match=what) as raised:
        metric.under(**told, **({"norms_source": "a study, 2010"} if len(told) > 1 else {}))
    assert raised.value.problems[0].remedy


class Told(osa.Proportion):
    """A kind of somebody else's, with a policy that may have any value."""

    free_policies = ("told_by",)


def test_a_policy_may_be_free_to_have_any_value():
    """Where the kind says so; of others it says what there is."""
    metric = Told(
        name="as_told",
        cases="SELECT id AS person, registered_on AS happened_on, 1 AS hit FROM people",
    )
    assert metric.under(told_by="a friend").policies == {"told_by": "a friend"}
    with pytest.raises(DefinitionError, match="offers no choice") as raised:
        metric.under(told_to="a friend")
    assert "told_by" in raised.value.problems[0].remedy


def test_a_figure_for_the_staff_never_leaves():
    metric = evolve(CATALOGUE["first_session"], staff_only=True)
    rows = [(1, 30, 30), (0, 30, 30)]
    (shown,) = metric.draw(rows, confidence=0.95)
    (hidden,) = metric.draw(rows, confidence=0.95, grid=ROUNDED)
    assert (shown.value, hidden.value) == (0.5, None)


# Figures ---------------------------------------------------------------------------------------


def test_a_share_of_nobody_has_no_doubt_to_be_weighed():
    nobody = evolve(figures.ALL_CLOSED, k=0, n=0)
    with pytest.raises(UndefinedFigure):
        sensitivity(nobody)
    with pytest.raises(UndefinedFigure):
        needed_to_halve(nobody)


def test_a_step_without_a_figure_is_said_not_to_be_told_apart():
    steps: Any = dict.fromkeys(PARTS, lambda: None)
    change = split(figures.ALL_CLOSED, evolve(figures.ALL_CLOSED, value=0.7), steps)
    assert change.unsplit == PARTS[:-1]
    assert change.parts["cut_off"] == change.difference
    assert change.explain().count("\n") == 2


def test_a_share_without_its_counts_is_printed_without_them():
    """One that was published without its seats says no "28 of 41"."""
    assert line_of(figures.ALL_CLOSED) == "completion, completed: 68% (53–80%), 28 of 41"
    without = evolve(figures.ALL_CLOSED, k=None)
    assert line_of(without) == "completion, completed: 68% (53–80%)"


def test_a_share_that_is_known_from_one_side_says_at_most_or_at_least():
    """Such as the share of nobody, of whom only an upper bound can be told."""
    upper = evolve(figures.ALL_CLOSED, low=None)
    assert interval_text(upper, Words("en")) == "at most 80%"
    assert interval_text(evolve(upper, low=0.53, high=None), Words("en")) == "at least 53%"


def test_two_days_of_one_figure_are_told_apart_by_their_days():
    register = opened(ten())
    first, second = completed(register), completed(register, as_of=SECOND)
    told = osa.compare(second, first, force=True).explain("en")
    assert "1 January 2026" in told
    assert "1 July 2025" in told


def test_a_difference_that_turns_under_another_choice_is_said():
    """The women came more often; without those who were excused, the men did."""
    gap = evolve(figures.ALL_CLOSED, name="women", measure="difference", value=0.1, low=-0.1)
    day = evolve(gap, at=60)
    nobody = evolve(
        gap, name="others", value=None, low=None, high=None, status="undefined", reason="no_cases"
    )
    found = Alternatives(
        (
            ({}, Result(provenance=gap.provenance, figures=(gap, day, nobody))),
            (
                {"excused": "out"},
                Result(provenance=gap.provenance, figures=(evolve(gap, value=-0.1), day, nobody)),
            ),
        )
    )
    assert len(found) == 2
    assert [name for name, _ in found.rows()] == ["women", "others"]  # no point of a curve
    assert [figure.name for figure in found.turned] == ["women"]
    told = found.explain("en").splitlines()
    assert told[-1] == "Another choice would turn the direction of a difference round."
    assert "  There are no cases to count.  as it is defined" in told


def test_the_facts_of_a_state_are_those_of_who_was_in_it():
    with osa.open("examples/wertzu", actor="tester", purpose="a test") as register:
        figure = register.measure("role_occupancy").figures[0]
        assert all(case.facts for case in figure.facts())


def test_of_two_programmes_in_one_store_none_is_the_one_of_a_figure():
    """Two figures of all programmes are compared as what they are."""
    other = [evolve(fact, id=f"{fact.id}o", program="wertzu") for fact in ten()[10:]]
    register = opened([*ten(), *other])
    figure = completed(register)
    gap = osa.compare(figure, completed(opened(ten())), force=True)
    assert gap.difference_of is not None
    assert [one.provenance.program for one in gap.difference_of] == [None, "verna"]


def test_a_figure_that_was_kept_as_text_cannot_be_split_against():
    """It does not know how it was asked: a release from long ago, or from elsewhere."""
    register = opened(ten())
    kept = evolve(completed(register), origin=None)
    with pytest.raises(UndefinedFigure, match="how it was asked"):
        completed(register).why_changed(kept)


def test_the_facts_of_a_count_of_people_are_the_people():
    """A metric that reads no table of what people did."""
    metric = osa.Proportion(
        name="registered_early",
        cases="SELECT id AS person, registered_on AS happened_on, 1 AS hit FROM people",
    )
    figure = opened(people(range(3))).measure(metric, as_of=FIRST).figure()
    assert [case.person for case in figure.facts()] == ["p0", "p1", "p2"]


def test_the_facts_of_a_figure_of_a_year_are_of_that_year():
    register = opened([*ten(), *people([20]), closed(20, "completed", started=date(2024, 3, 1))])
    years = [osa.Period.parse(f"{year}-01-01..{year + 1}-01-01") for year in (2024, 2025)]
    result = register.measure("people_and_episodes", as_of=FIRST, periods=years)
    found = [
        (str(figure.period), len(figure.facts())) for figure in result if figure.name == "persons"
    ]
    assert [count for _, count in found] == [1, 11]


def test_a_figure_whose_facts_are_gone_says_so():
    """Somebody was erased meanwhile: the figure stands, and cannot be traced."""
    endings = osa.MultiLabel(
        name="endings",
        cases="SELECT person, id AS case_id, ended_on AS happened_on, ending AS label"
        " FROM enrollments WHERE ended_on IS NOT NULL",
    )
    register = opened([*people([1]), closed(1, "completed")])
    figure = register.measure(endings, as_of=FIRST).figure("completed")
    register.erase("p1")
    with pytest.raises(UndefinedFigure, match="no longer"):
        figure.facts()


# Numbers at their ends -------------------------------------------------------------------------


def test_the_work_of_a_fraction_is_bounded():
    """One that comes closer ever more slowly is left where it is; here it comes to 2."""
    found = _continued_fraction(lambda i: -0.25 if i else 1.0, lambda i: 1.0)
    assert found == pytest.approx(2, abs=1e-4)


def test_beyond_any_number_of_people_digits_go_and_the_work_stays_bounded():
    assert incomplete_beta(1e6, 1e6, 0.5) == pytest.approx(0.5, abs=1e-8)
    assert 0 < incomplete_beta(1e14, 1e14, 0.5) < 1
