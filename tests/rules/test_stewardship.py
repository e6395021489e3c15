"""Findings on what people have entrusted to a programme."""

from datetime import date

import pytest
from attrs import evolve

from osallisuus.model.arrangements import Retention
from osallisuus.model.batch import Batch
from osallisuus.model.cadence import Length
from osallisuus.programs import VERNA, WERTZU, YHTEISO
from osallisuus.rules.keeping import check_program
from tests.model import made

ON = date(2020, 12, 1)
EPISODE = made.one(
    "enrollments", id="e1", person="p1", program="wertzu", program_version="1",
    started_on=date(2018, 1, 8), ended_on=date(2018, 3, 1), ending="completed",
)  # fmt: skip
PERSON = made.one("people", id="p1", registered_on=date(2018, 1, 2))
OWN = made.one(
    "assessments", id="a1", person="p1", instrument="audit", wave="own_assessment",
    happened_on=date(2018, 2, 1),
)  # fmt: skip
KEEPING = evolve(WERTZU, retention=Retention(persons=Length(2, 2, "year")))
MEETING = evolve(VERNA, retention=Retention(encounters=Length(1, 1, "year")))
PEER = made.one(
    "roles", id="r1", person="p1", role="peer", program="verna", starts_on=date(2018, 1, 1)
)
MET = made.one("encounters", id="x1", peer="p1", happened_on=date(2019, 11, 30))


def consent(given_on, withdrawn_on=None, purpose="own_assessment"):
    return made.one(
        "consents", id="n1", person="p1", purpose=purpose, given_on=given_on,
        withdrawn_on=withdrawn_on,
    )  # fmt: skip


def esis(program):
    # the person's own programme, an instrument for groups, and a score of one person
    enrolled = made.one(
        "enrollments", id="e9", person="p1", program=program, program_version="1",
        started_on=date(2020, 1, 1),
    )  # fmt: skip
    form = made.one("assessments", id="a9", person="p1", instrument="esis", wave="start")
    return [enrolled, form, made.one("scores", id="s9", assessment="a9", value=62.5)]


CASES = {
    "no consent": (WERTZU, [EPISODE, OWN], ("consent_missing", "assessments[a1]")),
    "a consent that came later": (
        WERTZU, [EPISODE, OWN, consent(date(2018, 2, 2))], ("consent_missing", "assessments[a1]"),
    ),
    "a consent that was withdrawn on that day": (
        WERTZU, [EPISODE, OWN, consent(date(2018, 1, 8), date(2018, 2, 1))],
        ("consent_missing", "assessments[a1]"),
    ),
    "a consent to something else": (
        WERTZU, [EPISODE, OWN, consent(date(2018, 1, 8), purpose="evaluation")],
        ("consent_missing", "assessments[a1]"),
    ),
    "kept for nearly three years of two": (
        KEEPING, [PERSON, EPISODE], ("kept_past_its_term", "people[p1]"),
    ),
    "an encounter kept for a year and a day": (
        MEETING, [PEER, MET], ("kept_past_its_term", "encounters[x1]"),
    ),
    "a number of one person by a form for groups": (
        YHTEISO, esis("yhteiso"), ("group_instrument_on_person", "scores[s9]"),
    ),
}  # fmt: skip


def found(program, *facts):
    rows = Batch.of(facts).rows
    return [(one.code, one.where) for one in check_program(program, rows, on=ON)]


@pytest.mark.parametrize("name", CASES)
def test_each_rule_finds_its_case_and_nothing_else(name):
    """W8, W15, Q21, Q24: one finding at its own place."""
    program, facts, expected = CASES[name]

    assert found(program, *facts) == [expected]


IN_ORDER = {
    "consent on the same day": (WERTZU, [EPISODE, OWN, consent(date(2018, 2, 1))]),
    "withdrawn afterwards": (
        WERTZU, [EPISODE, OWN, consent(date(2018, 1, 8), date(2018, 2, 2))]),
    "done for no purpose of its own": (WERTZU, [EPISODE, evolve(OWN, wave="start")]),
    "a programme that states no term": (WERTZU, [PERSON, EPISODE]),
    "within the term": (KEEPING, [PERSON, evolve(EPISODE, ended_on=date(2018, 12, 1))]),
    "taking part still": (KEEPING, [PERSON, evolve(EPISODE, ended_on=None, ending=None)]),
    "still in another programme": (KEEPING, [PERSON, EPISODE, PEER]),
    "somebody of another programme": (KEEPING, [PERSON, evolve(EPISODE, program="verna")]),
    "an encounter of a year ago": (MEETING, [PEER, evolve(MET, happened_on=date(2019, 12, 1))]),
    "encounters of peers of another programme": (MEETING, [evolve(PEER, program="wertzu"), MET]),
    "a form for groups without a score": (YHTEISO, esis("yhteiso")[:2]),
    "a form for groups whose score could not be computed": (
        YHTEISO, [*esis("yhteiso")[:2], made.one("scores", id="s9", assessment="a9")]),
    "another programme's form": (WERTZU, esis("yhteiso")),
}  # fmt: skip


@pytest.mark.parametrize("name", IN_ORDER)
def test_what_is_in_order_is_not_found(name):
    program, facts = IN_ORDER[name]
    steward = {"consent_missing", "kept_past_its_term", "group_instrument_on_person"}

    assert [code for code, _ in found(program, *facts) if code in steward] == []


def test_several_scores_of_single_persons_are_one_finding():
    """Otherwise a survey of hundreds would bury everything else."""
    facts = [*esis("yhteiso"), made.one("scores", id="s8", assessment="a9", scale="b", value=1)]
    rows = Batch.of(facts).rows
    (one,) = check_program(YHTEISO, rows, on=ON)

    assert one.what.startswith("2 scores of single persons")
