"""Interviews and the way in: a human decides, and what deserves a look on the way is found."""

from datetime import date

import pytest

from osallisuus.model.batch import Batch
from osallisuus.model.definition import read_program
from osallisuus.rules.admission import VOLUNTARY
from osallisuus.rules.answers import respond
from osallisuus.rules.findings import check
from osallisuus.rules.interviews import interview_that_counts
from osallisuus.rules.keeping import check_program
from tests.model import made

PROGRAM = read_program(
    """
name = "circle"
version = "1"
title.en = "A circle"
kinds = ["group_training"]

[target]
text.en = "Women who want to come."
non_criteria = [{ code = "abstinence", text.en = "Abstinence is not required." }]

[[target.criteria]]
code = "woman"
text.en = "Is a woman, in her own words."
condition = { kind = "answered", question = "gender", answer = "woman" }

[[target.criteria]]
code = "adult"
text.en = "Is of age."
condition = { kind = "elapsed", question = "born_on", unit = "year", at_least = 18 }

[before_start]
informs_of.en = "What the group is."

[[settings]]
code = "own_prison"
kind = "open_prison"
label.en = "An open prison"
restricted = true

[interview]
purpose.en = "To get to know each other."

[interview.questionnaire]
name = "intake"
version = "1"
title.en = "First interview"
items = [
  { link_id = "gender", text.en = "Your gender?", type = "choice", open = true, options = [
    { code = "woman", label.en = "woman" },
  ] },
  { link_id = "born_on", text.en = "Born on?", type = "date", enable_when = [
    { question = "gender", operator = "=", answer = "woman" },
  ] },
]
""",
    "circle.toml",
)
FORM = PROGRAM.interview.questionnaire


def day(number):
    return date(2026, 3, number)


def interview(name="i1", **given):
    plain = {"person": "p1", "program": "circle", "happened_on": day(1), "outcome": "place"}
    return made.one("interviews", id=name, **plain | given)


def enrollment(name="e1", **given):
    plain = {"person": "p1", "program": "circle", "group": "g1", "informed_on": day(1)}
    return made.one("enrollments", id=name, **plain | {"started_on": day(9)} | given)


def found(*facts):
    rows = Batch.of(facts).rows
    both = [*check(rows), *check_program(PROGRAM, rows)]
    return [(finding.code, finding.where) for finding in both]


MAN = respond(FORM, {"gender": "man"}).facts("i1")
WOMAN = respond(FORM, {"gender": "woman", "born_on": date(2000, 1, 1)}).facts("i1")
CHILD = respond(FORM, {"gender": "woman", "born_on": date(2010, 1, 1)}).facts("i1")
GROUP = made.one("groups", id="g1", program="circle", starts_on=day(9), setting="open_prison")


def consent(**given):
    plain = {"person": "p1", "purpose": VOLUNTARY, "given_on": day(8)}
    return made.one("consents", id="n1", **plain | given)


CASES = {
    "interviewed again for the same group": (
        [interview("i2", happened_on=day(3)), interview(group=None)],
        ("interviewed_again", "interviews[i2]"),
    ),
    "interviewed twice on one day": (
        [interview(), interview("i2")],
        ("interviewed_again", "interviews[i2]"),
    ),
    "an interview after the start": (
        [interview(happened_on=day(10)), enrollment()],
        ("interview_after_start", "interviews[i1].happened_on"),
    ),
    "ended by the organiser, decided by nobody": (
        [enrollment(ended_on=day(20), ending="ended_by_organizer")],
        ("decided_by_nobody", "enrollments[e1].decided_by"),
    ),
    "a place that nobody decided": (
        [interview(outcome="not_now"), enrollment(offered_on=day(2)), *MAN],
        ("place_not_decided", "enrollments[e1].offered_on"),
    ),
    "a start that nobody decided": (
        [interview(outcome="other_group"), enrollment(), *CHILD],
        ("place_not_decided", "enrollments[e1].started_on"),
    ),
    "the latest interview counts": (
        [
            interview(group="g1"),
            interview("i2", happened_on=day(3), outcome="not_now"),
            enrollment(),
            *respond(FORM, {"gender": "man"}).facts("i2"),
        ],
        ("place_not_decided", "enrollments[e1].started_on"),
    ),
    "not told what the group is": (
        [enrollment(informed_on=None)],
        ("not_informed", "enrollments[e1].informed_on"),
    ),
    "no record of being there of one's own free will": (
        [GROUP, enrollment(), consent(purpose="evaluation")],
        ("not_voluntary_on_record", "groups[g1]"),
    ),
    "a consent that came after the start": (
        [GROUP, enrollment(), consent(given_on=day(10))],
        ("not_voluntary_on_record", "groups[g1]"),
    ),
    "a consent that was taken back": (
        [GROUP, enrollment(), consent(given_on=day(7), withdrawn_on=day(9))],
        ("not_voluntary_on_record", "groups[g1]"),
    ),
    "an answer that is not offered": (
        [interview(), made.one("answers", id="a1", form="i1", item="born_on", number=7.0)],
        ("answer_not_offered", "interviews[i1], item born_on"),
    ),
    "an item that there is not": (
        [interview(), made.one("answers", id="a1", form="i1", item="virtanen", code="yes")],
        ("answer_not_offered", "interviews[i1], answers[a1].item"),
    ),
    "an answer to what was not asked": (
        [interview(), *WOMAN[1:]],
        ("answer_not_asked", "interviews[i1], item born_on"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_rule_finds_its_case_and_nothing_else(case):
    """A broken rule is one finding at its own place; the fact itself stands."""
    facts, expected = CASES[case]
    assert found(*facts) == [expected]


@pytest.mark.parametrize(
    "facts",
    [
        [interview(), enrollment(), *WOMAN],
        [interview(), enrollment(), *MAN],
        [interview(outcome="not_now"), enrollment(), *WOMAN],
        [interview(outcome="not_now"), enrollment(started_on=None), *MAN],
        [interview(outcome="not_now"), enrollment()],
        [interview(), interview("i2", group="g2", happened_on=day(3))],
        [interview(), interview("i2", person="p2"), interview("i3", program="verna")],
        [interview(), enrollment(), interview("i2", happened_on=day(12), group="g2")],
        [interview(happened_on=day(30)), enrollment(ended_on=day(20), ending="left")],
        [interview(happened_on=day(9)), enrollment()],
        [enrollment(ended_on=day(20), ending="ended_by_organizer", decided_by="w1")],
        [GROUP, enrollment(), consent()],
        [GROUP, enrollment(), consent(given_on=day(9), withdrawn_on=day(10))],
        [GROUP, enrollment(started_on=None), consent(purpose="evaluation")],
        [GROUP, enrollment()],
        [enrollment(program="verna", informed_on=None)],
    ],
    ids=[
        "all in order",
        "a human decided otherwise",
        "nothing speaks against it",
        "no place was given",
        "no answers are recorded",
        "another group",
        "other people and programmes",
        "interviewed again while there",
        "interviewed for another time after the end",
        "on the day of the start",
        "decided by somebody",
        "free to refuse",
        "taken back later",
        "nobody started",
        "no table of consents",
        "another programme",
    ],
)
def test_what_is_in_order_is_not_found(facts):
    """A human may decide against a criterion; that is no finding, since the decision is there."""
    assert found(*facts) == []


def test_a_finding_tells_neither_criterion_nor_answer():
    """What somebody answered could be read from the criterion that is not met."""
    rows = Batch.of([interview(outcome="not_now"), enrollment(), *CHILD]).rows
    text = " ".join(map(str, check_program(PROGRAM, rows)))

    assert text
    assert not any(word in text for word in ("adult", "born", "2010", "not_now"))


def test_the_latest_interview_by_a_day_counts():
    """Those after the day, of others and for other programmes do not; the id breaks a tie."""
    rows = [
        interview("i1", happened_on=day(1)),
        interview("i3", happened_on=day(2)),
        interview("i2", happened_on=day(2)),
        interview("i4", happened_on=day(5)),
        interview("i5", person="p2", happened_on=day(2)),
        interview("i6", program="verna", happened_on=day(2)),
    ]

    assert interview_that_counts(rows, enrollment(), by=day(4)).id == "i3"
    assert interview_that_counts(rows, enrollment()).id == "i4"
    assert interview_that_counts(rows, enrollment(), by=date(2026, 2, 1)) is None
