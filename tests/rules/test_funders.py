"""Who counts as a participant of a fund, and why; and the table that passes the gate."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import osallisuus as osa
from osallisuus.errors import DefinitionError
from osallisuus.metrics.funders import fund_participants
from osallisuus.model.stated import LOCALES
from osallisuus.reports.funders import ANOTHER, GENDERS, tell_fund_table, tell_standings
from osallisuus.rules.funders import STAFF, fund_rules, standings
from osallisuus.time import Period
from osallisuus.words import Words
from tests.cli.running import run
from tests.model import made

PROGRAM = "wertzu"
YEAR = Period(date(2018, 1, 1), date(2019, 1, 1))
STARTED = date(2018, 3, 5)
OPEN_DOOR = made.one(
    "groups", id="g0", program=PROGRAM, kind="meeting", setting="drop_in", starts_on=date(2017, 1, 1)
)  # fmt: skip


def enrolled(person, started_on=STARTED, **given):
    return made.one(
        "enrollments",
        **{"id": f"e-{person}", "person": person, "program": PROGRAM, "program_version": "1",
           "reached_on": date(2017, 1, 1), "started_on": started_on} | given,
    )  # fmt: skip


def role(person, role, starts_on=STARTED, **given):
    given = {"id": f"r-{person}", "person": person, "program": PROGRAM} | given
    return made.one("roles", role=role, starts_on=starts_on, **given)


def trait(person, name, value, since=date(2018, 1, 2)):
    fact_id = f"t-{person}-{name}"
    return made.one("traits", id=fact_id, person=person, name=name, value=value, since=since)


CASES = {
    "took part": ([enrolled("p1")], "took_part", "enrollments[e-p1]"),
    "develops it without being employed": (
        [role("p1", "co_developer")], "co_developer", "roles[r-p1]"),
    "was offered a place and did not start": (
        [enrolled("p1", None)], "not_started", "enrollments[e-p1]"),
    "visits an open service": (
        [OPEN_DOOR, enrolled("p1", group="g0")], "open_service", "enrollments[e-p1]"),
    "is employed by the project": (
        [enrolled("p1"), role("p1", "project_staff", date(2018, 1, 1))],
        "paid_by_project", "roles[r-p1]"),
    "a peer whom the project pays": (
        [role("p1", "co_developer"), trait("p1", "paid_by_project", "yes")],
        "paid_by_project", "traits[t-p1-paid_by_project]"),
    "was employed until that day": (
        [enrolled("p1"), role("p1", "project_staff", date(2018, 1, 1), ends_on=STARTED)],
        "took_part", "enrollments[e-p1]"),
    "was employed later": (
        [enrolled("p1"), role("p1", "project_staff", date(2018, 6, 1))],
        "took_part", "enrollments[e-p1]"),
    "is employed elsewhere": (
        [enrolled("p1"), role("p1", "professional", date(2018, 1, 1), program="verna")],
        "took_part", "enrollments[e-p1]"),
    "began the year before": (
        [enrolled("p1", date(2017, 12, 31))], "other_period", "enrollments[e-p1]"),
    "came back": (
        [enrolled("p1", date(2017, 5, 2)), enrolled("p1", id="e-again")],
        "other_period", "enrollments[e-p1]"),
    "visited, then took part": (
        [OPEN_DOOR, enrolled("p1", group="g0"), enrolled("p1", date(2018, 9, 3), id="e-then")],
        "took_part", "enrollments[e-then]"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_who_counts_and_why(name):
    """Q22, Q23, R14, R15: one record of a person, with the fact that decides it."""
    facts, reason, evidence = CASES[name]
    (found,) = standings(PROGRAM, facts, period=YEAR)

    assert (found.reason, found.evidence) == (reason, evidence)
    assert found.counts == (reason in ("took_part", "co_developer"))


def counted(facts, period=YEAR):
    with osa.open("memory:") as register:
        people = {fact.person for fact in facts if hasattr(fact, "person")}
        register.add([made.one("people", id=name) for name in sorted(people)])
        register.add(facts)
        result = register.measure(
            fund_participants(), program=PROGRAM, periods=[period], as_of=period.ends_on
        )
        return {figure.name: figure.value or 0 for figure in result}


@pytest.mark.parametrize("name", CASES)
def test_the_metric_counts_whom_the_rule_counts(name):
    facts, _, _ = CASES[name]
    (found,) = standings(PROGRAM, facts, period=YEAR)

    assert counted(facts).get("persons", 0) == found.counts


@st.composite
def lives(draw):
    """A few people with enrolments, roles and pay around the turn of a year."""
    days = st.dates(date(2017, 11, 1), date(2019, 2, 1))
    facts = [OPEN_DOOR]
    for number in range(draw(st.integers(0, 7))):
        person = draw(st.sampled_from(["p1", "p2", "p3"]))
        kind, day = draw(st.integers(0, 2)), draw(days)
        later = draw(st.none() | days)
        if kind == 0:
            group = draw(st.sampled_from([None, "g0"]))
            started = draw(st.none() | st.just(day))
            facts.append(enrolled(person, started, id=f"e{number}", group=group))
        elif kind == 1:
            held = draw(st.sampled_from(["co_developer", "peer", *STAFF]))
            program = draw(st.sampled_from([PROGRAM, "verna", None]))
            ends = later if later is not None and later > day else None
            facts.append(role(person, held, day, id=f"r{number}", program=program, ends_on=ends))
        else:
            facts.append(
                made.one("traits", id=f"t{number}", person=person, since=day,
                         name=draw(st.sampled_from(["paid_by_project", "gender"])), value="yes")
            )  # fmt: skip
    return facts


@settings(max_examples=40)
@given(lives())
def test_rule_and_metric_agree_on_any_lives(facts):
    """A law: two ways to say the rules, of which one leaves through the gate."""
    expected = sum(one.counts for one in standings(PROGRAM, facts, period=YEAR))

    assert counted(facts).get("persons", 0) == expected


def crowd(genders, **traits):
    """People of each gender, all of whom took part and said the same of themselves."""
    facts = []
    for gender, many in genders.items():
        for number in range(many):
            person = f"{gender}-{number}"
            facts += [made.one("people", id=person), enrolled(person)]
            facts += [trait(person, "gender", gender)] if gender != "silent" else []
            facts += [trait(person, name, value) for name, value in traits.items()]
    return facts


def test_not_wanting_to_answer_is_apart_from_not_being_asked():
    """U22: two columns for gender, and two lines for everything else."""
    register = osa.open("memory:")
    register.add(crowd({"woman": 3, "no_answer": 2, "silent": 1}, employment="no_answer"))
    table = register.fund_table(PROGRAM, period=YEAR, profile=None)
    lines = {line.text: [line.counts[gender] for gender in GENDERS] for line in table.lines}

    assert lines["participants in all"] == [3, 0, 0, 2, 1]
    assert lines["does not want to answer: employment"] == [3, 0, 0, 2, 1]
    assert lines["not asked: employment"] == [0, 0, 0, 0, 0]
    assert lines["not asked: age"] == [3, 0, 0, 2, 1]


def test_a_combined_line_is_the_sum_of_its_parts():
    """R22: unemployed includes the long-term unemployed."""
    register = osa.open("memory:")
    long = crowd({"woman": 4}, employment="long_term_unemployed")
    register.add([*long, *crowd({"man": 5}, employment="unemployed")])
    table = register.fund_table(PROGRAM, period=YEAR, profile=None)
    counts = {line.code: [line.counts[one] for one in ("woman", "man")] for line in table.lines}

    assert counts["EECO02"] == [4, 5]
    assert counts["EECO03"] == [4, 0]


def test_a_gender_of_another_code_stands_in_a_column_of_its_own_and_is_found():
    """Nobody is lost: the columns of a line add up to all who took part."""
    register = osa.open("memory:")
    register.add(crowd({"woman": 3, "nainen": 2, "silent": 1}, employment="no_answer"))
    table = register.fund_table(PROGRAM, period=YEAR, profile=None)
    lines = {line.text: line.counts for line in table.lines}
    told = tell_fund_table(table, words=Words("en"))

    assert {len(line.counts) for line in (*table.lines, *table.results)} == {len(GENDERS) + 1}
    assert lines["participants in all"][ANOTHER] == 2
    assert sum(lines["participants in all"].values()) == 6
    assert lines["does not want to answer: employment"][ANOTHER] == 2
    assert "| not one of these |" in told
    assert "none that the fund's rules know" in told
    found = [one for one in register.check() if one.code == "unknown_code"]
    assert [one.where for one in found] == ["traits[t-nainen-0-gender].value"]
    assert "nainen" not in f"{found[0].what}{found[0].remedy}"


def test_without_such_a_code_there_is_no_such_column():
    register = osa.open("memory:")
    register.add(crowd({"woman": 3}))

    assert register.fund_table(PROGRAM, period=YEAR, profile=None).columns == GENDERS


def test_a_table_that_leaves_tells_what_a_report_tells():
    """Which programme, that it is rounded, that the facts are made up, that it is remembered."""
    register = osa.open("memory:")
    register.add(crowd({"woman": 41}))
    register.add([made.one("observations", id="o1", program=PROGRAM, measure="synthetic_data")])
    words = Words("en")
    public = tell_fund_table(register.fund_table(PROGRAM, period=YEAR), words=words)
    exact = tell_fund_table(register.fund_table(PROGRAM, period=YEAR, profile=None), words=words)

    assert "Peer facilitator training" in public.splitlines()[0]
    assert "Counts are rounded to the nearest 5" in public
    assert "release 1 of this store" in public
    assert "rounded" not in exact
    assert "remembered" not in exact
    for told in (public, exact):
        assert words("document.synthetic") in told


def test_a_measure_of_made_up_facts_says_so_too():
    made_up = Words("en")("document.synthetic")
    shown = run("measure", "examples/wertzu", "completion", "--internal", cwd=".")
    data = run("measure", "examples/wertzu", "completion", "--internal", "--json", cwd=".")

    assert made_up in shown.out
    assert made_up in data.err


def test_what_leaves_is_rounded_and_small_counts_are_hidden():
    """The whole table is one release: 41 women are 40, and 3 men are not told."""
    register = osa.open("memory:")
    register.add(crowd({"woman": 41, "man": 3}))
    table = register.fund_table(PROGRAM, period=YEAR)
    total = table.lines[0].counts

    assert total["woman"] in (40, None)
    assert total["man"] is None
    assert table.hidden > 0
    assert len(list(register.releases())) == 1
    assert "·· = " in tell_fund_table(table, words=Words("en"))
    assert "INTERNAL" not in tell_fund_table(table, words=Words("en"))


def test_a_table_under_the_internal_profile_says_so():
    """It passed the gate, and is exact all the same; who is not listed is not nobody."""
    register = osa.open("memory:")
    register.add(crowd({"woman": 41, "man": 12}))
    table = register.fund_table(PROGRAM, period=YEAR, profile="internal")
    total = table.lines[0].counts

    assert (total["woman"], total["man"], total["other"]) == (41, 12, None)
    assert "INTERNAL" in tell_fund_table(table, words=Words("en"))


def test_codes_that_nobody_has_confirmed_are_marked():
    """Two codes of the period 2021-2027 are confirmed by public sources, and no others."""
    rules = fund_rules("esf_plus")
    old = fund_rules("esf_2014_2020")

    assert [one.code for one in rules.indicators if one.verified] == ["EECO02", "EECO12"]
    assert [one.code for one in old.indicators if one.verified] == []
    register = osa.open("memory:")
    register.add(crowd({"woman": 1}))
    told = tell_fund_table(
        register.fund_table(PROGRAM, period=YEAR, profile=None), words=Words("en")
    )
    assert "| EECO02 | " in told
    assert "| EECO03* | " in told
    assert "not confirmed by a public source" in told


def test_unknown_rules_are_answered_with_those_that_there_are():
    with pytest.raises(DefinitionError, match="esf_plus"):
        fund_rules("esf_pluss")


@pytest.mark.parametrize("locale", LOCALES)
def test_reasons_are_told_in_words_and_internal(locale):
    facts = [fact for own, _, _ in CASES.values() for fact in own]
    told = tell_standings(standings(PROGRAM, facts, period=YEAR), words=Words(locale))

    assert told.startswith(Words(locale)("document.internal"))
    assert all(Words(locale)(f"fund.reason.{reason}") for _, reason, _ in CASES.values())


def test_the_command_prints_the_table_or_the_reasons():
    place = ("fund", "examples/wertzu", "--program", "wertzu", "--period", "2016-01-01..2019-01-01")
    exact = run(*place, "--internal", cwd=".")
    why = run(*place, "--why", cwd=".")

    assert exact.out.splitlines()[0].startswith("# ESF+ 2021–2027, Peer facilitator training")
    assert "INTERNAL" in exact.out
    assert why.out.count("counts: took part") == 41
    assert "INTERNAL" not in run(*place, cwd=".").out
    assert run(*place[:-1], "2016", cwd=".").code == 2


def test_who_takes_part_elsewhere_is_not_counted_here():
    assert standings(PROGRAM, [enrolled("p1", program="verna")], period=YEAR) == ()
