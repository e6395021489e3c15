"""Two figures have a difference only where both say the same of other people."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import osallisuus as osa
from osallisuus.errors import DefinitionError, UndefinedFigure
from osallisuus.ingest.folder import read_folder
from osallisuus.metrics.compare import compare, stated
from osallisuus.metrics.estimate.proportion import newcombe, wilson
from osallisuus.metrics.figure import Figure
from osallisuus.metrics.plain import Provenance
from osallisuus.time import Period
from osallisuus.words import Words

SOURCE = Provenance(
    metric="completion",
    kind="time_to_event",
    definition="0" * 16,
    as_of=date(2019, 1, 1),
    policies={"denominator": "started", "episodes": "each"},
    program="wertzu",
)
PLACES = ("group.place",)


def share(k, n, **changes):
    """A Wilson share of the people of one place."""
    low, high = wilson(k, n)
    figure = Figure(
        name="completed",
        measure="proportion",
        provenance=SOURCE,
        strata={"group.place": "Oulu"},
        value=k / n,
        low=low,
        high=high,
        k=k,
        n=n,
        censored=0.0,
        method="wilson",
    )
    return evolve(figure, **changes)


def espoo(k=29, n=38, **changes):
    return share(k, n, strata={"group.place": "Espoo"}, **changes)


def mean(value, std_err, **changes):
    reach = 1.959963984540054 * std_err
    bounds = {"low": value - reach, "high": value + reach, "std_err": std_err}
    changes = {"measure": "mean", "value": value, "k": None, "method": "t", **bounds, **changes}
    return evolve(share(1, 2), **changes)


def reasons(one, other, **settings):
    """The notes of the forced difference, which are the reasons of the refusal."""
    with pytest.raises(DefinitionError) as caught:
        compare(one, other, **settings)
    notes = compare(one, other, force=True, **settings).notes
    notes = [note for note in notes if note != "other_program"]
    assert notes[-1] == "compared_anyway"
    assert len(caught.value.problems) == len(notes) - 1
    assert all(problem.remedy for problem in caught.value.problems)
    return set(notes[:-1])


def test_two_shares_of_other_people_differ_with_newcombes_interval():
    """T7 of the reference: 28/41 - 29/38 = -0.0802, from -0.2667 to 0.1168."""
    found = compare(share(28, 41), espoo())
    assert (found.value, found.low, found.high) == pytest.approx(
        (-0.0802, -0.2667, 0.1168), abs=5e-5
    )
    assert (found.measure, found.method, found.notes) == ("difference", "newcombe", ())
    assert found.strata == {}


def test_means_differ_with_the_root_of_both_squared_errors():
    found = compare(mean(12, 3), mean(7, 4, strata={"group.place": "Espoo"}))
    assert (found.value, found.std_err, found.measure) == (5, 5, "change")
    assert found.high - found.value == pytest.approx(1.959963984540054 * 5)


@given(st.tuples(st.integers(0, 30), st.integers(1, 30)), st.tuples(st.integers(0, 30), st.integers(1, 30)))  # fmt: skip
def test_from_the_intervals_alone_the_difference_is_newcombes(first, second):
    """Recovering the variances from Wilson's bounds is what Newcombe's interval is (method 10)."""
    (k1, more1), (k2, more2) = first, second
    n1, n2 = k1 + more1, k2 + more2
    found = compare(share(k1, n1, method="logit t"), espoo(k2, n2, method="logit t"))
    assert (found.low, found.high) == pytest.approx(newcombe(k1, n1, k2, n2))


def test_full_counts_differ_without_an_interval():
    one = share(20, 41, measure="count", value=41, low=None, high=None, method="count")
    other = evolve(one, value=38, strata={"group.place": "Espoo"})
    found = compare(one, other)
    assert (found.value, found.low, found.method, found.measure) == (3, None, "count", "count")


def other_source(**changes):
    return evolve(SOURCE, **changes)


EXCUSED = {"denominator": "started", "episodes": "each", "excused": "out"}
OFFERED = {"denominator": "offered", "episodes": "each"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"provenance": other_source(metric="attendance")}, "other_metric"),
        ({"name": "left"}, "other_metric"),
        ({"provenance": other_source(definition="1" * 16)}, "other_definition"),
        ({"provenance": other_source(policies=EXCUSED)}, "other_policy"),
        ({"provenance": other_source(policies=OFFERED)}, "other_denominator"),
        ({"at": 30}, "other_follow_up"),
        ({"provenance": other_source(as_of=date(2020, 1, 1)), "censored": 0.1}, "other_follow_up"),
        ({"strata": {"group.setting": "Espoo"}}, "other_strata"),
        ({"strata": {"group.place": "Oulu"}}, "same_people"),
    ],
)  # fmt: skip
def test_a_difference_that_means_nothing_is_refused_with_its_reason(changes, reason):
    assert reason in reasons(share(28, 41), evolve(espoo(), **changes))


def test_the_refusal_says_which_policy_is_chosen_how():
    figure = espoo(provenance=other_source(policies={**SOURCE.policies, "episodes": "first"}))
    with pytest.raises(DefinitionError, match="episodes is each in one and first in the other"):
        compare(share(28, 41), figure)


def test_several_reasons_are_told_at_once():
    policies = {"denominator": "offered", "episodes": "first"}
    figure = share(29, 38, provenance=other_source(policies=policies))
    assert reasons(share(28, 41), figure) == {"other_denominator", "other_policy", "same_people"}


def test_closed_figures_of_other_days_are_comparable_and_open_ones_are_not():
    """Nobody is on the way any more: time changes neither share."""
    later = other_source(as_of=date(2020, 1, 1))
    assert compare(share(28, 41), espoo(provenance=later)).notes == ()
    by_time = espoo(provenance=later, method="aalen_johansen", censored=None)
    assert reasons(share(28, 41), by_time) == {"other_follow_up"}


def test_cohorts_are_comparable_when_they_were_followed_equally_long():
    """Who began in the first half of a year, a year after its start; then half a year later."""
    young = {"censored": 0.2, "method": "aalen_johansen"}

    def cohort(year, as_of):
        period = Period(date(year, 1, 1), date(year, 7, 1))
        return share(8, 20, period=period, provenance=other_source(as_of=as_of), **young)

    one = cohort(2017, date(2018, 1, 1))
    assert compare(one, cohort(2018, date(2019, 1, 1))).notes == ()
    assert reasons(one, cohort(2018, date(2019, 7, 1))) == {"other_follow_up"}


def test_the_same_people_are_those_of_one_programme_unless_strata_or_periods_part_them():
    whole = share(57, 79, strata={})
    assert "same_people" in reasons(whole, share(28, 41))
    assert compare(share(28, 41), share(29, 38), shared=0).notes == ()
    assert reasons(share(28, 41), espoo(), shared=3) == {"same_people"}
    verna = other_source(program="verna")
    assert compare(share(28, 41), share(29, 38, provenance=verna)).notes == ("other_program",)
    unknown = other_source(program=None)
    assert reasons(share(28, 41), share(29, 38, provenance=unknown)) == {"same_people"}


def test_periods_part_people_only_where_a_case_belongs_to_one_period():
    first, second = (Period(date(year, 1, 1), date(year + 1, 1, 1)) for year in (2017, 2018))
    one, other = share(8, 20, period=first), share(9, 20, period=second)
    assert compare(one, other).period is None
    spans = other_source(kind="count")
    one, other = (evolve(figure, provenance=spans) for figure in (one, other))
    assert reasons(one, other) == {"same_people"}


@pytest.mark.parametrize("force", [False, True])
def test_what_is_hidden_undefined_or_in_another_unit_has_no_difference(force):
    hidden = espoo().suppressed()
    undefined = espoo(value=None, status="undefined", reason="no_cases")
    for figure in (hidden, undefined):
        with pytest.raises(UndefinedFigure):
            compare(share(28, 41), figure, force=force)
        with pytest.raises(UndefinedFigure):
            compare(figure, share(28, 41), force=force)
    with pytest.raises(DefinitionError, match="a proportion and a days have no difference"):
        compare(share(28, 41), espoo(measure="days"), force=force)


def test_a_warning_of_one_is_a_warning_of_the_difference():
    assert compare(share(28, 41), espoo(notes=("few_clusters",))).notes == ("few_clusters",)


@pytest.mark.parametrize("code", ["fi", "sv", "en"])
def test_every_reason_has_words(code):
    from osallisuus.metrics.compare import _REMEDIES

    words = Words(code)
    assert all(f"note.{reason}" in words for reason in (*_REMEDIES, "compared_anyway"))


# The two trainings of the sources ------------------------------------------------------------------


@pytest.fixture(scope="module")
def completed(request):
    """The completed figure of each shipped example, in the words of its programme."""
    found = {}
    for name in ("wertzu", "verna"):
        with osa.open("memory:") as register:
            register.add(read_folder(request.config.rootpath / "examples" / name))
            result = register.measure("completion", program=name)
        found[name] = stated(result, osa.program(name)).figure("completed")
    return found


def test_the_published_totals_come_out_of_the_shipped_examples(completed):
    """W19 and V20: 28 of 41 who took part, 29 of 38 who started, and not in the same words."""
    said = [(f.k, f.n, f.provenance.policies["denominator"]) for f in completed.values()]
    assert said == [(28, 41, "took_part"), (29, 38, "started")]


def test_the_two_trainings_are_not_compared_since_they_count_other_people(completed):
    """T5, T7: a vector for software only; "took part" is not "started" (Q13)."""
    wertzu, verna = completed["wertzu"], completed["verna"]
    with pytest.raises(DefinitionError, match="denominator is took_part in one and started in"):
        compare(wertzu, verna)
    forced = compare(wertzu, verna, force=True)
    assert forced.notes == ("other_program", "other_denominator", "compared_anyway")
    assert (forced.value, forced.low, forced.high) == pytest.approx(
        (-0.0802, -0.2667, 0.1168), abs=5e-5
    )


def test_a_programme_that_states_none_or_several_denominators_changes_no_word():
    with osa.open("memory:") as register:
        result = register.measure("completion")
    assert stated(result, osa.program("kokemusohjaus")) is result
    wertzu = osa.program("wertzu")
    (published,) = (figure for figure in wertzu.figures if figure.denominator)
    another = evolve(published, denominator="interviewed")
    assert stated(result, evolve(wertzu, figures=(published, another))) is result
    attendance = osa.metric("attendance")
    with osa.open("memory:") as register:
        result = register.measure(attendance)
    assert stated(result, osa.program("wertzu")) is result


def test_an_interval_of_another_level_gives_no_interval_from_bounds_alone():
    other = espoo(method="logit t", provenance=other_source(confidence=0.9))
    found = compare(share(28, 41, method="logit t"), other)
    assert (found.low, found.high) == (None, None)
    assert found.value == pytest.approx(28 / 41 - 29 / 38)


def test_a_difference_says_which_figure_is_subtracted_from_which():
    """Otherwise nobody knows for whom the minus speaks."""
    told = compare(share(28, 41), espoo()).explain("en")
    assert "The difference is: place: Oulu (68%) minus place: Espoo (76%)." in told
    turned = compare(espoo(), share(28, 41)).explain("fi")
    assert "Erotus on: paikka: Espoo (76\u00a0%) miinus paikka: Oulu (68\u00a0%)." in turned
    years = [
        osa.Period(date(2018, 1, 1), date(2019, 1, 1)),
        osa.Period(date(2017, 1, 1), date(2018, 1, 1)),
    ]
    later, earlier = (share(28, 41, period=year) for year in years)
    told = compare(later, earlier, force=True).explain("en")
    assert "time: 2018 (68%) minus place: Oulu; time: 2017 (68%)" in told
    alike = compare(share(28, 41), share(29, 38), shared=0).explain("sv")
    assert "den första siffran (68\u00a0%) minus den andra siffran (76\u00a0%)" in alike
    assert "minus" not in share(28, 41).explain("en")


def test_two_stores_of_one_programme_each_are_two_programmes():
    """Also where nobody had to name them, since each store has no other."""
    wertzu, verna = (
        osa.open(f"examples/{name}", actor="tester", purpose="a test").measure("completion")
        for name in ("wertzu", "verna")
    )
    found = compare(wertzu.figure("completed"), verna.figure("completed"))
    assert found.notes == ("other_program",)
    told = found.explain("en")
    assert "wertzu (68%) minus verna (76%)" in told
    assert "of different programmes" in told
    one, other = (wertzu.figure("completed"),) * 2
    assert "other_program" not in compare(one, other, force=True).notes


def test_what_is_not_compared_is_named_once():
    with pytest.raises(DefinitionError) as caught:
        compare(share(28, 41), share(28, 41))
    assert caught.value.problems[0].where == "compare completion.completed"
