"""Where people stand on leaving, by the rules of a fund; a silence is never a no."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import osallisuus as osa
from osallisuus.metrics.funders import fund_results
from osallisuus.model.stated import LOCALES
from osallisuus.reports.funders import GENDERS, tell_fund_table, tell_standings
from osallisuus.rules.funders import fund_rules
from osallisuus.rules.leaving import FOUR_WEEKS, leavings
from osallisuus.time import Period
from osallisuus.words import Words
from tests.cli.running import run
from tests.model import made
from tests.rules.test_funders import OPEN_DOOR, PROGRAM, YEAR, enrolled, role

LEFT = date(2018, 6, 4)
ON = YEAR.ends_on + FOUR_WEEKS
RULES = fund_rules("esf_plus")
BY_TRAIT = {one.trait: one for one in RULES.results}
LABEL = {"yes": "yes", "no": "no", "same_on_entry": "no", "no_answer": "no_answer"}


def left(person="p1", left_on=LEFT, **given):
    return enrolled(person, ended_on=left_on, ending="completed", **given)


def said(value, days=0, name="work_on_leaving", person="p1", number=1):
    return made.one(
        "traits", id=f"t-{person}-{name}-{number}", person=person, name=name, value=value,
        since=LEFT + timedelta(days),
    )  # fmt: skip


def came(value, since=date(2018, 1, 2), person="p1"):
    return made.one(
        "traits", id=f"c-{person}-{since}", person=person, name="employment", value=value,
        since=since,
    )  # fmt: skip


UNEMPLOYED = came("unemployed")
ITSELF, TOLD = "enrollments[e-p1]", "traits[t-p1-work_on_leaving-1]"
CASES = {
    "has found work": ([left(), UNEMPLOYED, said("yes")], "yes", TOLD),
    "on the last day of the four weeks": ([left(), UNEMPLOYED, said("yes", 28)], "yes", TOLD),
    "a day too late": ([left(), UNEMPLOYED, said("yes", 29)], "not_asked", ITSELF),
    "before leaving, which is not about leaving": (
        [left(), UNEMPLOYED, said("yes", -1)], "not_asked", ITSELF),
    "has found none": ([left(), UNEMPLOYED, said("no")], "no", TOLD),
    "found some within the four weeks": (
        [left(), UNEMPLOYED, said("no", number=0), said("yes", 20)], "yes", TOLD),
    "does not want to answer": (
        [left(), UNEMPLOYED, said("no_answer")], "no_answer", TOLD),
    "said no, and later did not want to answer": (
        [left(), UNEMPLOYED, said("no"), said("no_answer", 9, number=2)], "no", TOLD),
    "was not asked": ([left(), UNEMPLOYED], "not_asked", ITSELF),
    "was asked about something else": (
        [left(), UNEMPLOYED, said("yes", name="training_on_leaving")], "not_asked", ITSELF),
    "came with work": ([left(), came("employed"), said("yes")], "same_on_entry", TOLD),
    "came with work and has none now": ([left(), came("employed"), said("no")], "no", TOLD),
    "found work long before leaving": (
        [left(), UNEMPLOYED, came("employed", date(2018, 5, 1)), said("yes")], "yes", TOLD),
    "how they came is not recorded": ([left(), said("yes")], "entry_not_known", TOLD),
    "did not want to say how they came": (
        [left(), came("no_answer"), said("yes")], "entry_not_known", TOLD),
    "a co-developer whose role ended": (
        [role("p1", "co_developer", ends_on=LEFT), UNEMPLOYED, said("yes")], "yes", TOLD),
    "came back and left again": (
        [left(left_on=date(2018, 4, 3)), left(id="e-again", started_on=date(2018, 5, 7)),
         UNEMPLOYED, said("yes")], "yes", TOLD),
    "what was said of an earlier leaving is not about the last": (
        [left(), left(id="e-again", started_on=date(2018, 9, 3), left_on=date(2018, 11, 5)),
         UNEMPLOYED, said("yes")], "not_asked", "enrollments[e-again]"),
}  # fmt: skip
NOT_LEFT = {
    "has not left": [enrolled("p1"), said("yes")],
    "came back and has not left": [left(), enrolled("p1", date(2018, 9, 3), id="e-again")],
    "left the year before": [left(started_on=date(2017, 2, 6), left_on=date(2017, 12, 31))],
    "left the year after": [left(left_on=date(2019, 1, 1))],
    "visited an open service": [OPEN_DOOR, left(group="g0"), said("yes")],
    "was paid by the project": [
        left(), role("p1", "project_staff", date(2018, 1, 1)), said("yes")],
}  # fmt: skip


def told(facts, on=ON, rules=RULES, period=YEAR):
    return leavings(PROGRAM, facts, rules=rules, period=period, on=on)


def of_work(facts, **given):
    return [one for one in told(facts, **given) if one.indicator.trait == "work_on_leaving"]


@pytest.mark.parametrize("name", CASES)
def test_each_result_says_whether_it_counts_and_by_which_fact(name):
    """R22: within four weeks of the last exit, and new to them."""
    facts, outcome, evidence = CASES[name]
    (found,) = of_work(facts)

    assert (found.outcome, found.evidence) == (outcome, evidence)
    known = {"yes": True, "no": False, "same_on_entry": False}
    assert found.counts is known.get(outcome)


@pytest.mark.parametrize("name", NOT_LEFT)
def test_who_has_not_left_is_asked_nothing(name):
    assert told(NOT_LEFT[name]) == ()


def test_every_result_is_told_of_everybody_who_left():
    found = told([left(), said("yes", name="qualification_on_leaving")])

    assert [(one.indicator.code, one.outcome) for one in found] == [
        ("EECR01", "not_asked"),
        ("EECR02", "not_asked"),
        ("EECR03", "yes"),
        ("EECR04", "not_asked"),
    ]


@pytest.mark.parametrize(("days", "outcome"), [(28, "still_time"), (29, "not_asked")])
def test_while_the_four_weeks_last_there_is_time_to_ask(days, outcome):
    """The day after them is the first on which all of them are known."""
    (found,) = of_work([left(), UNEMPLOYED], on=LEFT + timedelta(days))

    assert (found.outcome, found.counts) == (outcome, None)
    assert told([left()], on=LEFT) == ()


def test_each_period_of_the_fund_has_its_own_rules():
    """In 2014-2020 only who was outside the labour market could begin to look for work."""
    facts = [left(), UNEMPLOYED, said("yes", name="job_search_on_leaving")]
    new, *_ = told(facts)
    old, *_ = told(facts, rules=fund_rules("esf_2014_2020"))

    assert (new.indicator.code, new.outcome) == ("EECR01", "yes")
    assert (old.indicator.code, old.outcome) == ("CR01", "same_on_entry")
    assert not any(one.verified for one in RULES.results)


def labels(facts, indicator, as_of=ON, period=YEAR):
    with osa.open("memory:") as register:
        people = {fact.person for fact in facts if hasattr(fact, "person")}
        register.add([made.one("people", id=name) for name in sorted(people)])
        register.add(facts)
        result = register.measure(
            fund_results(indicator), program=PROGRAM, periods=[period], as_of=as_of
        )
        return {one.name: one.k for one in result if one.k}


def expected(facts, indicator, on=ON):
    found = {}
    for one in told(facts, on=on):
        if one.indicator == indicator:
            label = LABEL.get(one.outcome, "unknown")
            found[label] = found.get(label, 0) + 1
    return found


@pytest.mark.parametrize("name", {**CASES, **NOT_LEFT})
def test_the_metric_counts_what_the_rule_says(name):
    facts = NOT_LEFT[name] if name in NOT_LEFT else CASES[name][0]
    work = BY_TRAIT["work_on_leaving"]

    assert labels(facts, work) == expected(facts, work)


@st.composite
def endings(draw):
    """A few people with entries, exits and answers around the days that matter."""
    near = st.integers(-40, 40).map(lambda number: LEFT + timedelta(number))
    facts = [OPEN_DOOR]
    for number in range(draw(st.integers(0, 9))):
        person = draw(st.sampled_from(["p1", "p2"]))
        kind, day = draw(st.integers(0, 3)), draw(near)
        ends_on = draw(st.none() | near.map(lambda at, day=day: max(at, day)))
        if kind == 0:
            group = draw(st.sampled_from([None, None, "g0"]))
            facts.append(enrolled(person, day, id=f"e{number}", group=group, ended_on=ends_on))
        elif kind == 1:
            held = draw(st.sampled_from(["co_developer", "co_developer", "peer", "manager"]))
            facts.append(role(person, held, day, id=f"r{number}", ends_on=ends_on))
        else:
            name = draw(st.sampled_from(["work_on_leaving", "employment", "paid_by_project"]))
            value = {
                "employment": ["employed", "inactive", "no_answer", "unemployed"],
            }.get(name, ["yes", "no", "no_answer"])
            facts.append(
                made.one("traits", id=f"t{number}", person=person, name=name, since=day,
                         value=draw(st.sampled_from(value)))
            )  # fmt: skip
    return facts


@settings(max_examples=60, deadline=None)
@given(endings(), st.integers(-30, 60))
def test_rule_and_metric_agree_on_any_endings(facts, days):
    """A law: two ways to say the rules, of which one leaves through the gate."""
    work, on = BY_TRAIT["work_on_leaving"], LEFT + timedelta(days)

    assert labels(facts, work, as_of=on) == expected(facts, work, on=on)


def crowd(genders):
    facts = []
    for gender, (found, silent) in genders.items():
        for number in range(found + silent):
            person = f"{gender}-{number}"
            facts += [made.one("people", id=person), left(person), came("inactive", person=person)]
            facts.append(said(gender, -100, "gender", person))
            facts += [said("yes", 9, person=person)] if number < found else []
    return facts


def test_results_are_told_by_gender_and_silence_apart():
    """R21, U22: of 5 women and 3 men who left, 3 and 1 have found work."""
    register = osa.open("memory:")
    register.add(crowd({"woman": (3, 2), "man": (1, 2)}))
    table = register.fund_table(PROGRAM, period=YEAR, profile=None)
    lines = {line.text: [line.counts[gender] for gender in GENDERS] for line in table.results}

    assert lines["participants who left, in all"] == [5, 3, 0, 0, 0]
    assert lines["employed on leaving, self-employed included"] == [3, 1, 0, 0, 0]
    assert lines["does not want to answer: work"] == [0, 0, 0, 0, 0]
    assert lines["not known: work"] == [2, 2, 0, 0, 0]
    assert lines["in education or training on leaving"] == [0, 0, 0, 0, 0]
    assert lines["not known: qualification"] == [5, 3, 0, 0, 0]


def test_results_leave_by_the_gate_as_everything_else():
    """One release with the participants; few men are not told, and many women are rounded."""
    register = osa.open("memory:")
    register.add(crowd({"woman": (31, 22), "man": (2, 1)}))
    table = register.fund_table(PROGRAM, period=YEAR)
    lines = {line.text: line.counts for line in table.results}
    work = lines["employed on leaving, self-employed included"]

    assert work["woman"] in (30, 32, None)
    assert work["man"] is None
    assert lines["participants who left, in all"]["man"] is None
    assert len(list(register.releases())) == 1
    markdown = tell_fund_table(table, words=Words("en"))
    assert "## Results on leaving" in markdown
    assert "| EECR04* | " in markdown


@pytest.mark.parametrize("locale", LOCALES)
def test_outcomes_are_told_in_words(locale):
    """Who may see single people is told of each result, and why."""
    found = [one for facts, _, _ in CASES.values() for one in told(facts)]
    found += told([left(), UNEMPLOYED], on=LEFT + timedelta(1))
    text = tell_standings((), found, words=Words(locale))

    assert len({one.outcome for one in found}) == 7
    assert text.startswith(Words(locale)("document.internal"))
    assert text.count(TOLD) >= 9
    assert {Words(locale)(f"fund.outcome.{one.outcome}") in text for one in found} == {True}


def test_the_command_tells_why_each_result_counts_or_is_not_known():
    place = ("fund", "examples/wertzu", "--program", "wertzu", "--period", "2016-01-01..2019-01-01")
    why = run(*place, "--why", cwd=".").out

    assert "Results on leaving:" in why
    assert "in education or training on leaving: not known: was not asked" in why


def test_a_period_that_is_not_over_is_told_as_far_as_it_has_come():
    """The four weeks are cut at the last fact: whoever can still be asked is not known."""
    register = osa.open("memory:")
    register.add(crowd({"woman": (0, 1)}))
    ends = Period(YEAR.starts_on, date(2018, 6, 5))
    table = register.fund_table(PROGRAM, period=ends, profile=None)

    assert [line.counts["woman"] for line in table.results[:1]] == [1]
