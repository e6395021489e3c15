"""Eligibility on a day: what code can say, what a human decided, and how both are told."""

from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import DefinitionError, ImportProblem
from osallisuus.model.criteria import Answered, Criterion, Elapsed
from osallisuus.model.stated import LOCALES, Span, Text
from osallisuus.programs import VERNA
from osallisuus.rules.answers import respond
from osallisuus.rules.explained import explain
from osallisuus.rules.interviewed import eligibility_on
from osallisuus.rules.interviewed_told import tell_eligibility
from osallisuus.time import PartialDate
from osallisuus.words import Words
from tests.model import made
from tests.rules.interviewing import FORM, PROGRAM, facts, interview


def found(of="Maija", on=10, program=PROGRAM, known=None):
    return eligibility_on(program, facts() if known is None else known, of=of, on=date(2026, 3, on))


def standings(view):
    return {one.code: one.standing for one in view.eligibility}


@pytest.mark.parametrize(
    ("of", "on", "counts", "woman", "adult", "free"),
    [
        ("Maija", 1, None, "unknown", "unknown", "unknown"),
        ("Maija", 2, "i2", "not_met", "unknown", "unknown"),
        ("Maija", 8, "i2", "not_met", "unknown", "unknown"),
        ("Maija", 9, "i9", "met", "not_met", "not_met"),
        ("i2", 31, "i2", "not_met", "unknown", "unknown"),
        ("i9", 31, "i9", "met", "not_met", "not_met"),
        ("p2", 31, None, "unknown", "unknown", "unknown"),
    ],
)
def test_the_answers_of_the_interview_that_counts_are_read(of, on, counts, woman, adult, free):
    """Of a person the latest by the day, of an interview its own; without one all is unknown."""
    view = found(of, on)

    assert (view.decision and view.decision.id) == counts
    assert standings(view) == {
        "woman": woman,
        "adult": adult,
        "free": free,
        "can_share": "unknown",
        "abstinence": "not_required",
    }


def test_a_decision_follows_from_no_criterion_and_changes_none():
    """Q2: a place though a criterion is not met is a human's to give, and both are shown."""
    view = found()

    assert [(one.id, one.outcome, one.decided_by) for one in view.interviews] == [
        ("i2", "not_now", "w1"),
        ("i9", "place", "w1"),
    ]
    assert standings(view)["adult"] == "not_met"


def test_only_interviews_of_the_programme_and_the_person_count():
    others = [
        interview(20, "declined", program="verna"),
        interview(21, "declined", person="p2"),
    ]

    assert found(on=31, known=[*facts(), *others]) == found(on=31)


@pytest.mark.parametrize(
    ("of", "on", "message"),
    [
        ("i9", 8, "the interview is after this day"),
        ("i20", 31, "this interview is not of this programme"),
    ],
)
def test_an_interview_that_cannot_be_asked_about_is_refused(of, on, message):
    with pytest.raises(DefinitionError, match=message):
        found(of, on, known=[*facts(), interview(20, "place", program="verna")])


def test_answers_that_were_never_offered_are_no_answers():
    """They are refused by their items, and not repeated."""
    wrong = made.one("answers", id="a1", form="i9", item="visits", code="private")
    with pytest.raises(ImportProblem, match="not an answer to this item @ visits") as caught:
        found(known=[*facts(), wrong])
    assert "private" not in str(caught.value)


def test_where_no_questions_are_stated_every_criterion_is_unknown():
    """Nothing is filled in for a programme that leaves them open; what is not required stays so."""
    view = found(program=VERNA)

    assert standings(view) == {
        "woman": "unknown",
        "can_share_this_group": "unknown",
        "willing_to_commit": "unknown",
        "abstinence": "not_required",
    }
    assert view.eligibility["woman"].missing == ("gender",)
    assert view.eligibility.missing == ("gender",)
    assert view.eligibility.met_days("woman") == (None, None)
    assert view.eligibility.nearest("woman") == ()
    assert "Without an answer so far: “gender”" in explain(view.eligibility, "en")[1]


def test_where_no_criteria_are_stated_there_is_no_eligibility_and_the_decision_stays():
    view = found(program=evolve(PROGRAM, target=None))

    assert view.eligibility is None
    assert view.decision.outcome == "place"
    assert "The programme states no criteria." in tell_eligibility(view)


def test_it_is_told_with_the_evidence_what_is_missing_and_what_would_change_it():
    assert tell_eligibility(found(), locale="en").splitlines() == [
        "INTERNAL – not for publication",
        "",
        "A circle, 10 March 2026: how each criterion stands. It is no decision: a person decides.",
        "",
        "“Is a woman.” Met.",
        "  - “Your gender?” The answer is as asked.",
        "",
        "“Is of age.” Not met.",
        "  - “Born on?” The answer is another one.",
        "  By the same answers it is met from 17 May 2026.",
        "  Enough for the criterion: “Born on?” 10 March 2008 or before",
        "",
        "“Has an evening, and few visits elsewhere.” Not met.",
        "  - “An evening?” The answer is another one.",
        "  - “Visits a week?” Not asked.",
        "  Enough for the criterion: “An evening?” yes; “Visits a week?” under 3",
        "",
        "“Can be in the same group.” For a person to judge.",
        "",
        "“Abstinence is not required.” So the programme says, and nobody is asked for it.",
        "",
        "Decided by a human, apart from the criteria:",
        "  2 March 2026: not now; decided by w1 (interview i2)",
        "  9 March 2026: a place in this group; decided by w1 (interview i9)",
    ]


def test_before_any_interview_it_says_what_to_ask_and_that_nobody_has_decided():
    lines = tell_eligibility(found("p2"), locale="fi").splitlines()

    assert "”On nainen.” Ei tiedossa." in lines
    assert "  - ”Sukupuolesi?” Ei vastausta." in lines
    assert "  Kriteeriin riittää: ”Sukupuolesi?” nainen" in lines
    assert (
        "Kysyttävä seuraavaksi: ”Sukupuolesi?”, ”Milloin synnyit?”, ”Onko sinulla ilta?”" in lines
    )
    assert lines[-1].startswith("Haastattelua ei ole kirjattu")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("of", ["Maija", "i2", "p2"])
def test_it_is_internal_and_repeats_neither_a_person_nor_an_answer(locale, of):
    """Nobody is named, and nobody is called eligible, accepted or rejected."""
    for program in (PROGRAM, VERNA):
        if of == "i2" and program is VERNA:
            continue
        text = tell_eligibility(found(of, program=program), locale=locale)
        assert text.splitlines()[0] == Words(locale)("document.internal")
        for word in ("Maija", "my own", "None", "2008-05-17", "17 May 2008"):
            assert word not in text
        for word in ("eligible", "reject", "accepted", "hylät", "hyväksy", "avslag", "godkän"):
            assert word not in text.lower()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_standing_evidence_and_comparison_has_its_words(locale):
    words = Words(locale)
    keys = [
        *("met", "not_met", "unknown", "judged", "not_required"),
        *("leaf.met", "leaf.not_met", "leaf.not_answered", "leaf.not_asked"),
        *("is", "is_not", "less", "at_most", "more", "at_least", "answered"),
        *("before", "up_to", "after", "from"),
    ]

    assert [key for key in keys if f"view.criteria.{key}" not in words] == []
    assert all(f"view.guidance.level.{level}" in words for level in (-2, -1, 0, 1, 2))


ASKED = {
    "gender != woman": ("!=", "gender", "woman", "“Your gender?” other than woman"),
    "evening = false": ("=", "evening", False, "“An evening?” no"),
    "visits <= 2": ("<=", "visits", 2, "“An evening?” yes; “Visits a week?” 2 or less"),
    "visits > 2": (">", "visits", 2, "“An evening?” yes; “Visits a week?” over 2"),
    "visits >= 2": (">=", "visits", 2, "“An evening?” yes; “Visits a week?” 2 or more"),
    "born_on < day": ("<", "born_on", "2001-05-17", "“Born on?” before 17 May 2001"),
    "born_on > day": (">", "born_on", "2001-05-17", "“Born on?” after 17 May 2001"),
    "born_on >= day": (">=", "born_on", "2001-05-17", "“Born on?” 17 May 2001 or after"),
    "born_on = day": ("=", "born_on", "2001-05-17", "“Born on?” 17 May 2001"),
    "gender exists": ("exists", "gender", True, "“Your gender?” any answer"),
}


@pytest.mark.parametrize("case", ASKED)
def test_what_would_change_a_criterion_is_said_in_the_words_of_the_questions(case):
    """Nothing has been answered; each comparison in its own words, days as days."""
    operator, question, answer, says = ASKED[case]
    condition = Answered(question=question, operator=operator, answer=answer)
    criterion = Criterion(code="one", text=Text(en="This."), condition=condition)
    program = evolve(PROGRAM, target=evolve(PROGRAM.target, criteria=(criterion,)))

    assert f"  Enough for the criterion: {says}" in tell_eligibility(found("p2", program=program))


def test_days_are_said_up_to_their_last():
    """How long time lets the answers meet a criterion, and how long the programme asks it."""
    criterion = Criterion(
        code="young",
        text=Text(en="Is under 18."),
        condition=Elapsed(question="born_on", unit="year", less_than=18),
        during=Span(last=PartialDate.parse("2026-04")),
    )
    program = evolve(PROGRAM, target=evolve(PROGRAM.target, criteria=(criterion,)))

    assert tell_eligibility(found(program=program)).splitlines()[4:8] == [
        "“Is under 18.” Met.",
        "  - “Born on?” The answer is as asked.",
        "  By the same answers it is met up to 16 May 2026.",
        "  This is asked up to 30 April 2026.",
    ]


def test_what_is_met_from_today_is_met_and_not_to_come():
    text = tell_eligibility(
        eligibility_on(PROGRAM, facts(), of="Maija", on=date(2026, 5, 17)), locale="en"
    )

    assert "“Is of age.” Met.\n  - “Born on?” The answer is as asked.\n\n" in text


@given(st.permutations(list(facts())))
def test_the_order_of_facts_does_not_matter(shuffled):
    assert tell_eligibility(found(known=shuffled)) == tell_eligibility(found())


@given(st.text("abcdefghijklmnopqrstuvwxyzåäö", min_size=12))
def test_what_somebody_said_in_their_own_words_is_told_nowhere(words):
    """Neither in the text for those who interview nor in what the view shows of itself."""
    told = (
        *(one for one in facts() if one.id != "i2.1"),
        *respond(FORM, {"gender": words}).facts("i2"),
    )
    view = found("i2", known=told)

    assert standings(view)["woman"] == "not_met"
    assert words not in tell_eligibility(view) + repr(view)
