"""Why a figure changed: the parts are told apart, and they sum to the difference exactly."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import count

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import osallisuus as osa
from osallisuus.metrics.changed import PARTS, Change

START = date(2025, 1, 7)
FIRST, SECOND = date(2025, 7, 1), date(2026, 1, 1)


def ticking():
    hours = count()
    return lambda: datetime(2025, 7, 1, tzinfo=UTC) + timedelta(hours=next(hours))


def enrollment(number, started=START, ended=None, ending=None):
    return osa.Enrollment(
        id=f"e{number}", person=f"p{number}", program="verna", program_version="1",
        started_on=started, ended_on=ended, ending=ending,
    )  # fmt: skip


def people(numbers):
    return [osa.Person(id=f"p{number}", registered_on=START) for number in numbers]


def opened(facts):
    register = osa.open("memory:", actor="tester", purpose="a test", clock=ticking())
    register.add(facts)
    return register


def completed(register, as_of=FIRST, **settings):
    return register.measure("completion", as_of=as_of, **settings).figure("completed")


def closed(number, ending, **more):
    return enrollment(number, ended=date(2025, 5, 6), ending=ending, **more)


def ten():
    """Six who completed and four who left, all before the first cut."""
    endings = ["completed"] * 6 + ["left"] * 4
    return [*people(range(10)), *(closed(i, ending) for i, ending in enumerate(endings))]


def parts(change):
    return {name: float(part) for name, part in change.parts.items() if part}


def test_nothing_has_changed_where_nothing_has():
    register = opened(ten())
    figure = completed(register)
    assert parts(completed(register).why_changed(figure)) == {}


def test_a_corrected_ending_is_a_correction():
    """6 of 10 become 7 of 10: e9 had completed after all."""
    register = opened(ten())
    before = completed(register)
    register.add([closed(9, "completed")])
    assert parts(completed(register).why_changed(before)) == {"corrections": pytest.approx(0.1)}


def test_a_fact_recorded_late_is_no_news_of_the_world():
    """An eleventh who completed in May was recorded after the figure was made: 7 of 11."""
    register = opened(ten())
    before = completed(register)
    register.add([*people([10]), closed(10, "completed")])
    change = completed(register).why_changed(before)
    assert parts(change) == {"late_facts": pytest.approx(7 / 11 - 6 / 10)}


def test_time_and_people_are_told_apart():
    """One of ten was open at the first cut and completed later; two came later and completed."""
    first = [fact for fact in ten() if fact.id != "e9"]
    register = opened([*first, enrollment(9)])
    before = completed(register)
    register.add([enrollment(9, ended=date(2025, 9, 2), ending="completed")])
    came = date(2025, 8, 5)
    register.add([
        *people([10, 11]),
        *(enrollment(i, started=came, ended=date(2025, 12, 2), ending="completed") for i in (10, 11)),
    ])  # fmt: skip
    change = completed(register, SECOND).why_changed(before)
    # all nine others had ended by the first cut: 6 of 10 by then, the open one moves it up to 7
    assert float(change.before) == pytest.approx(0.6)
    assert parts(change) == {
        "new_time": pytest.approx(0.1),
        "new_people": pytest.approx(9 / 12 - 7 / 10),
    }


def test_a_person_erased_is_an_erasure():
    """Of 6 of 10 one who completed is erased with all revisions: 5 of 9 remain."""
    register = opened(ten())
    before = completed(register)
    assert register.erase("p0").found
    assert parts(completed(register).why_changed(before)) == {
        "erasures": pytest.approx(5 / 9 - 6 / 10)
    }


def test_another_policy_is_a_cut_off_and_another_select_a_definition():
    register = opened([
        *ten(),
        enrollment(20, started=date(2025, 1, 8)),
        *people([20]),
    ])  # fmt: skip
    first = register.measure("people_and_episodes", as_of=FIRST).figure("persons")
    mine = evolve(
        osa.metric("people_and_episodes"),
        cases="SELECT person, started_on AS starts_on, ended_on AS ends_on FROM enrollments "
        "WHERE started_on IS NOT NULL AND ended_on IS NULL",
    )
    narrowed = register.measure(mine, as_of=FIRST).figure("persons")
    assert parts(narrowed.why_changed(first)) == {"definition": -10.0}
    week = osa.Period(date(2025, 6, 1), date(2025, 6, 8))
    later = register.measure("people_and_episodes", as_of=FIRST, periods=[week]).figure("persons")
    assert parts(later.why_changed(first)) == {"cut_off": -10.0}


def test_a_step_without_a_figure_leaves_its_share_to_the_next():
    """Nobody of those known then is left: what was corrected in them cannot be told apart."""
    register = opened([*people([1]), closed(1, "completed")])
    before = completed(register)
    assert register.erase("p1").found
    register.add([*people([2, 3]), closed(2, "completed"), closed(3, "left")])
    change = completed(register).why_changed(before)
    assert change.unsplit == ("erasures", "corrections")
    assert parts(change) == {"late_facts": -0.5}


endings = st.sampled_from(["completed", "left", "moved_on", None])
ages = st.integers(0, 300)


@st.composite
def histories(draw):
    """Three batches of facts: before the first figure, corrections, and news."""
    numbers = range(draw(st.integers(1, 6)))

    def one(number):
        started = START + timedelta(days=draw(ages))
        ending = draw(endings)
        ended = None if ending is None else started + timedelta(days=draw(ages))
        return enrollment(number, started, ended, ending)

    first = [*people(numbers), *(one(number) for number in numbers)]
    again = [one(number) for number in numbers if draw(st.booleans())]
    later = range(10, 10 + draw(st.integers(0, 4)))
    return first, again, [*people(later), *(one(number) for number in later)]


@given(histories())
def test_the_parts_sum_to_the_difference_exactly(history):
    first, again, later = history
    register = opened(first)
    before = completed(register)
    register.add([*again, *later])
    after = completed(register, SECOND)
    if before.status != "shown" or after.status != "shown":
        with pytest.raises(osa.UndefinedFigure):
            after.why_changed(before)
        return
    change = after.why_changed(before)
    assert tuple(change.parts) == PARTS
    assert sum(change.parts.values()) == change.difference
    assert change.difference == Fraction(after.value) - Fraction(before.value)


def test_a_released_figure_leads_neither_to_facts_nor_back_in_time():
    register = opened(ten())
    (result,) = register.release("completion", profile="internal", as_of=FIRST).results
    for figure in result:
        for ask in (figure.facts, lambda figure=figure: figure.why_changed(figure)):
            with pytest.raises(osa.UndefinedFigure):
                ask()


def test_the_facts_behind_a_share_are_those_counted_and_those_it_is_a_share_of():
    figure = completed(opened(ten()))
    traced = figure.facts()
    assert len(traced) == figure.n == 10
    assert sum(case.counted for case in traced) == figure.k == 6
    assert {fact for case in traced if case.counted for fact in case.facts} == {
        ("enrollments", f"e{number}") for number in range(6)
    }


def test_the_facts_are_those_of_the_stratum_and_as_known_then():
    """A later correction does not change what an earlier figure was counted from."""
    register = opened([*people([1, 2]), closed(1, "completed"), closed(2, "left")])
    register.add([
        osa.Trait(id="t1", person="p1", name="aim", value="harm_reduction", since=START),
        osa.Trait(id="t2", person="p2", name="aim", value="rehabilitation", since=START),
    ])  # fmt: skip
    result = register.measure("completion", as_of=FIRST, by="person.aim")
    (case,) = result.figure(person__aim="harm_reduction").facts()
    assert case.person == "p1"
    register.add([closed(1, "left")])
    assert case in result.figure(person__aim="harm_reduction").facts()
    assert case.counted


def test_every_figure_of_a_metric_with_cases_leads_to_facts():
    """Whatever the kind, a figure that counts somebody can name the facts."""
    with osa.open("examples/verna", actor="tester", purpose="a test") as register:
        for name in ("first_session", "attendance", "recruitment_funnel", "encounter_themes"):
            for figure in register.measure(name):
                traced = figure.facts()
                assert traced, figure.name
                assert all(case.facts for case in traced)


def test_alternatives_show_a_figure_under_each_policy():
    """One policy at a time; the metric's own come first."""
    metric = evolve(
        osa.metric("people_and_episodes"),
        policies={"open_ones": "in"},
        choices={"open_ones": ("in", "out")},
        cases="SELECT person, started_on AS starts_on, ended_on AS ends_on FROM enrollments "
        "WHERE started_on IS NOT NULL AND (:open_ones = 'in' OR ended_on IS NOT NULL)",
    )
    register = opened([*people([1, 2]), closed(1, "completed"), enrollment(2)])
    found = register.alternatives(metric, as_of=FIRST)
    assert [change for change, _ in found] == [{}, {"open_ones": "out"}]
    assert found.own.figure("persons").value == 2
    assert found.under(open_ones="out").figure("persons").value == 1
    assert found.own.provenance.definition != found.under(open_ones="out").provenance.definition
    assert str(found).splitlines()[1:3] == ["  2  as defined", "  1  open_ones=out"]
    assert found.explain("en").splitlines()[:3] == [
        "People and periods of taking part – Persons",
        "  2  as it is defined",
        "  1  Open ones: out.",
    ]
    with pytest.raises(osa.DefinitionError, match="open_ones=out"):
        found.under(open_ones="maybe")


@pytest.mark.parametrize(
    ("policies", "told"),
    [({"opn": "in"}, "open_ones"), ({"open_ones": "maybe"}, "one of in, out")],
)
def test_an_unknown_policy_is_refused_with_what_there_is(policies, told):
    metric = osa.Proportion(
        name="mine",
        policies={"open_ones": "in"},
        choices={"open_ones": ("in", "out")},
        cases="SELECT id AS person, registered_on AS happened_on, 1 AS hit FROM people",
    )
    with pytest.raises(osa.DefinitionError, match=told):
        opened(ten()).measure(metric, policies=policies)


def _counted(name):
    return lambda register: register.measure("people_and_episodes", as_of=FIRST).figure(name)


UNRELATED = {
    "another metric": (_counted("persons"), completed, "another figure"),
    "another part": (_counted("persons"), _counted("episodes"), "another figure"),
    "another programme": (lambda one: completed(one, program="verna"), completed, "verna"),
    "another stratum": (lambda one: completed(one, by="enrollment.ending"), completed, "strata"),
    "a later day": (lambda one: completed(one, SECOND), completed, "later one"),
}


@pytest.mark.parametrize("what", UNRELATED)
def test_a_figure_that_is_no_earlier_one_of_the_same_is_refused_with_what_would_work(what):
    """Nothing is made up about two numbers that have nothing to do with each other."""
    ask_previous, ask, told = UNRELATED[what]
    register = opened([*people(range(4)), *(closed(number, "completed") for number in range(4))])
    with pytest.raises(osa.DefinitionError, match=told) as caught:
        ask(register).why_changed(ask_previous(register))
    assert all(problem.remedy for problem in caught.value.problems)


def test_a_figure_that_knows_of_later_facts_is_no_earlier_one():
    """As of the same day, but recorded later: the two were swapped."""
    register = opened(ten())
    before = completed(register)
    register.add([closed(0, "left")])
    after = completed(register)
    assert after.why_changed(before).difference
    with pytest.raises(osa.DefinitionError, match=r"later\.why_changed"):
        before.why_changed(after)
    known = register.known_at(datetime(2025, 7, 1, 0, 30, tzinfo=UTC))
    with pytest.raises(osa.DefinitionError, match=r"later\.why_changed"):
        completed(known).why_changed(after)
    assert after.why_changed(completed(known)).difference == after.why_changed(before).difference


def test_figures_of_two_stores_are_refused():
    """By the first entries of their journals; without a journal where they share no fact."""
    one, other = opened(ten()), opened([*ten(), *people([10])])
    with pytest.raises(osa.DefinitionError, match="two stores"):
        completed(other).why_changed(completed(one))
    wertzu, verna = (
        completed(osa.open(f"examples/{name}", actor="tester", purpose="a test"), date(2020, 1, 1))
        for name in ("wertzu", "verna")
    )
    with pytest.raises(osa.DefinitionError, match=r"two stores.*known_at"):
        verna.why_changed(wertzu)


def test_a_store_that_is_opened_again_is_the_same(tmp_path):
    """Last year's figure is measured again with known_at, today, in another process."""
    place = str(tmp_path / "own.db")
    with (
        osa.open(place, actor="tester", purpose="a test", clock=ticking()) as first,
        osa.open(place, actor="somebody", purpose="a test") as again,
    ):
        first.add(ten())
        assert not completed(again).why_changed(completed(first)).difference


def test_the_facts_of_attendance_are_the_sessions_that_were_counted():
    """214 of 269 offers are 269 lines of attendance; who helped in another group is not in it."""
    with osa.open("examples/wertzu", actor="tester", purpose="a test") as register:
        figure = register.measure("attendance").figure("attendance")
        lines = [fact for case in figure.facts() for fact in case.facts if fact[0] == "attendance"]
        assert (figure.k, figure.n, len(lines), len(set(lines))) == (214, 269, 269, 269)
        written = {line.id: line for line in register.facts(osa.Attendance)}
        assert len(written) > 269
        assert sum(written[key].status == "present" for _, key in lines) == 214


def test_alternatives_are_written_in_percent_and_in_the_words_of_the_choices():
    """No code and no decimal fraction: who reads it knows neither."""
    with osa.open("examples/wertzu", actor="tester", purpose="a test") as register:
        found = register.alternatives("completion")
    told = found.explain("fi")
    assert told.startswith(
        "Ohjelman läpikäyminen – Käynyt loppuun\n  68\u00a0% (53–80\u00a0%)  kuten"
    )
    assert "Taukopäiviä ei lasketa" in told
    assert not any(code in told for code in ("episodes", "stopped", "0.68", "0,68"))
    assert "  68% (53–80%)  episodes=esf" in str(found)


def test_a_change_is_explained_in_three_languages():
    """6 of 10, then 5 of 10: one ending was corrected."""
    register = opened(ten())
    before = completed(register)
    register.add([closed(0, "left")])
    change = completed(register).why_changed(before)
    july = "(what happened before 1 July 2025)"
    assert change.explain("en").splitlines() == [
        f"Completing the programme – Completed: 60% {july} and 50% {july}.",
        "−10 percentage points: records were corrected.",
    ]
    assert "−10 prosenttiyksikköä: kirjauksia on korjattu." in change.explain("fi")
    assert "−10 procentenheter: anteckningar har rättats." in change.explain("sv")
    assert change.to_dict()["policies"] == {}
    with pytest.raises(osa.DefinitionError, match="language"):
        change.explain("de")


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("code", ["fi", "sv", "en"])
def test_every_part_of_a_change_has_its_words(name, code):
    figure = completed(opened(ten()))
    every = dict.fromkeys(PARTS, Fraction(0)) | {name: Fraction(1, 80)}
    told = Change(previous=figure, figure=figure, parts=every).explain(code)
    assert re.search(r"\n\+1[.,]3 \w+( \w+)?: .+\.$", told)


def test_a_choice_without_effect_is_said_to_have_none():
    """And one with an effect names the choice before and now."""
    with osa.open("examples/wertzu", actor="tester", purpose="a test") as register:
        own, paused, excused = (
            register.measure("attendance", policies=policies).figure("attendance")
            for policies in ({}, {"pauses": "in"}, {"excused": "out"})
        )
    nothing = paused.why_changed(own)
    assert not nothing.difference
    assert nothing.policies == {"pauses": ("out", "in")}
    assert "pauses: out -> in (no effect)" in str(nothing)
    told = nothing.explain("en")
    assert "Nothing has changed." in told
    assert (
        "Before: Sessions during a pause are left out. Now: Sessions during a pause count" in told
    )
    assert told.endswith("The other choice makes no difference to this figure.")
    moved = excused.why_changed(own)
    assert "excused: in -> out" in str(moved)
    assert "no effect" not in str(moved)
    assert "+8.5 percentage points: other choices were made." in moved.explain("en")
    assert "no difference" not in moved.explain("en")
    assert "nothing has changed" in str(own.why_changed(own))
