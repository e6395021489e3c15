"""What a person reads about themselves: plain, whole, and without a verdict on them."""

from datetime import date

import pytest

from osallisuus.model.criteria import AllOf, Answered, Criterion, Elapsed, NonCriterion, TargetGroup
from osallisuus.model.questionnaire import Item, Option, Questionnaire
from osallisuus.model.stated import LOCALES, Span, Text
from osallisuus.rules.answers import respond
from osallisuus.rules.eligibility import assess
from osallisuus.rules.explained import explain
from osallisuus.time import PartialDate

WOMAN = Option("woman", Text(fi="nainen", sv="kvinna", en="woman"))
FORM = Questionnaire(
    name="intake",
    version="1",
    title=Text(en="First interview"),
    items=(
        Item(
            link_id="gender",
            text=Text(fi="Sukupuolesi?", sv="Ditt kön?", en="Your gender?"),
            type="choice",
            open=True,
            options=(WOMAN,),
        ),
        Item(link_id="born_on", text=Text(fi="Syntymäpäiväsi?", en="Your birthday?"), type="date"),
    ),
)
IS_WOMAN = Answered(question="gender", answer="woman")
YOUNG = Elapsed(question="born_on", unit="year", at_least=18, less_than=30)


def criterion(code, text, condition=None, **more):
    return Criterion(code=code, text=text, condition=condition, **more)


TARGET = TargetGroup(
    text=Text(en="Young women."),
    criteria=(
        criterion("woman", Text(fi="On nainen.", sv="Är kvinna.", en="Is a woman."), IS_WOMAN),
        criterion("young", Text(fi="On 18–29-vuotias.", en="Is 18 to 29."), YOUNG),
        criterion("both", Text(en="Both of these."), AllOf((IS_WOMAN, YOUNG))),
        criterion(
            "shares",
            Text(fi="Voi olla ryhmässä.", en="Can be in the group."),
            during=Span(last=PartialDate.parse("2026-06")),
        ),
    ),
    non_criteria=(
        NonCriterion(
            code="abstinence",
            text=Text(fi="Päihteettömyyttä ei vaadita.", en="Abstinence is not required."),
        ),
    ),
)


def explained(locale, **given):
    return explain(assess(TARGET, respond(FORM, given), on=date(2026, 3, 1)), locale)


def test_it_reads_like_a_letter_in_english():
    """Each criterion in its turn, then what is not required; a person decides."""
    assert explained("en", born_on=date(2010, 5, 17)) == (
        (
            "This is what is asked of those who come, and how your answers stand to it. It is no"
            " decision: a person decides, together with you."
        ),
        "“Is a woman.” This is not known yet. Without an answer so far: “Your gender?”",
        (
            "“Is 18 to 29.” By your answers, this is not so. With the same answers it will be so from"
            " 17 May 2028."
        ),
        "“Both of these.” By your answers, this is not so.",
        (
            "“Can be in the group.” A person talks this over with you. This is asked up to"
            " 30 June 2026."
        ),
        "Good to know: Abstinence is not required.",
        "You may leave a question open, and you may change your answers at any time.",
    )


def test_it_reads_like_a_letter_in_finnish():
    """Days are written as in Finnish, and quotes too."""
    assert explained("fi", gender="woman", born_on=date(2000, 5, 17))[1:6] == (
        "”On nainen.” Vastaustesi mukaan näin on.",
        (
            "”On 18–29-vuotias.” Vastaustesi mukaan näin on. Samoilla vastauksilla näin on 16.5.2030"
            " asti."
        ),
        (
            "”Both of these.” Vastaustesi mukaan näin on. Samoilla vastauksilla näin on 16.5.2030"
            " asti."
        ),
        "”Voi olla ryhmässä.” Tästä ihminen keskustelee kanssasi. Tätä kysytään 30.6.2026 asti.",
        "Hyvä tietää: Päihteettömyyttä ei vaadita.",
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_what_somebody_said_is_not_repeated_nor_judged(locale):
    """No answer is in it, and no word that grades, refuses or accepts anybody."""
    text = " ".join(explained(locale, gender="my own very private words")).lower()

    assert "private" not in text
    for word in ("eligible", "reject", "accept", "fail", "hylät", "hyväks", "kelpaa", "avslag"):
        assert word not in text


@pytest.mark.parametrize("locale", LOCALES)
def test_each_language_says_the_same_number_of_things(locale):
    assert len(explained(locale)) == len(TARGET.criteria) + len(TARGET.non_criteria) + 2


def test_nobody_is_told_what_to_answer():
    """What would change a criterion is for those who write them, not a hint to say so."""
    text = " ".join(explained("en", gender="other words"))

    assert "By your answers, this is not so." in text
    assert " woman " not in text.replace("“Is a woman.”", "")
