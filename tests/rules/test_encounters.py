"""The form of an encounter, what is needed in the field, and what changed because of it."""

from datetime import date, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import DefinitionError
from osallisuus.model.facts import Encounter
from osallisuus.model.offering import Form
from osallisuus.model.questionnaire import Item, Option, Questionnaire
from osallisuus.model.stated import LOCALES, Text
from osallisuus.model.vocabulary import vocabulary
from osallisuus.programs import VERNA, WERTZU
from osallisuus.rules.encounters import (
    BANDS,
    changes_from_encounters,
    coarse_day,
    encounter_form,
    needs,
)
from osallisuus.rules.telling import print_form
from osallisuus.time import Period
from tests.model import made


def day(month, number=1):
    return date(2020, month, number)


def test_the_form_prompts_with_the_themes_of_the_programme_and_coarse_bands():
    """V11: it reminds the peer of what is good to speak of; Q9: bands, and nothing exact."""
    form = encounter_form(VERNA)

    own = [theme.code for theme in VERNA.themes]
    codes = [code for code, _ in form.themes]
    assert codes[: len(own)] == own
    # the source leaves the themes open: whatever the example facts name has its box
    assert {"housing", "health", "services"} < set(codes)
    closed = encounter_form(evolve(VERNA, themes_open=None))
    assert [code for code, _ in closed.themes] == own
    assert [name for name, _ in form.bands] == ["area", "mode", "age_band", "gender"]
    assert form.items == ()
    assert len(form.functions) == 2


def test_every_band_is_a_column_of_an_encounter_that_may_stay_empty():
    for name in BANDS:
        assert not Encounter.table.column(name).required


def test_a_form_has_its_own_themes_else_the_programmes_else_those_of_the_vocabulary():
    (form,) = VERNA.forms
    own = evolve(VERNA, forms=(evolve(form, themes=("values",)),))

    assert encounter_form(own).themes == (("values", None),)
    bare = encounter_form(evolve(VERNA, themes=None))
    assert [code for code, _ in bare.themes] == list(vocabulary("theme").codes)


def test_a_programme_without_such_a_form_says_so():
    with pytest.raises(DefinitionError, match="no form of encounters"):
        encounter_form(WERTZU)


def with_item(**given):
    item = Item(**({"link_id": "q1", "text": Text(en="Asked"), "type": "boolean"} | given))
    content = Questionnaire(name="f", version="1", title=Text(en="F"), items=(item,))
    form = Form(code="f", label=Text(en="F"), author="peer", one_per="encounter", content=content)
    return {"forms": (form,)}


OPTION = (Option(code="a", label=Text(en="Something")),)


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"type": "string"}, "name or a phone number"),
        ({"type": "text"}, "a story that gives somebody away"),
        ({"type": "date"}, "day of birth"),
        ({"type": "integer"}, "an age or a phone number"),
        ({"type": "decimal"}, "an age or a phone number"),
        ({"type": "choice", "options": OPTION, "open": True}, "free text"),
        (
            {"type": "group", "items": (Item(link_id="q2", text=Text(en="N"), type="string"),)},
            "name or a phone number",
        ),
    ],
)
def test_a_form_that_could_identify_the_person_met_is_refused_with_the_reason(item, reason):
    """U14: at definition, before anybody has written anything."""
    with pytest.raises(DefinitionError, match=reason) as caught:
        evolve(VERNA, **with_item(**item))

    assert caught.value.problems[0].where.startswith("forms[0].content.items[0].")
    assert "coarse bands" in caught.value.problems[0].remedy


def test_closed_questions_are_welcome_and_other_forms_may_ask_more():
    for item in ({"type": "boolean"}, {"type": "choice", "options": OPTION}, {"type": "display"}):
        assert encounter_form(evolve(VERNA, **with_item(**item))).items[0].type == item["type"]
    diary = evolve(with_item(type="text")["forms"][0], one_per="session")
    assert evolve(VERNA, forms=(diary,)).forms == (diary,)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_printed_form_has_boxes_to_tick_and_no_line_to_write_on(locale):
    text = print_form(encounter_form(VERNA), locale=locale)

    ticks = [line for line in text.splitlines() if line.startswith("  [ ] ")]
    expected = 15 + sum(len(vocabulary(name).codes) for name in BANDS.values())
    assert len(ticks) == expected
    assert "__" not in text
    assert vocabulary("theme").label("child_protection", locale) in text
    assert VERNA.forms[0].label.label(locale) == text.splitlines()[0]


def test_the_printed_form_has_the_programmes_own_questions():
    form = encounter_form(evolve(VERNA, **with_item(type="choice", options=OPTION)))

    assert print_form(form).endswith("Asked\n  [ ] Something")
    yes_or_no = encounter_form(evolve(VERNA, **with_item()))
    assert print_form(yes_or_no, locale="fi").endswith("Asked\n  [ ] kyllä\n  [ ] ei")


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_an_encounter_is_dated_by_its_week_or_month(some_day):
    """All days of one week, or of one month, become one."""
    monday, first = coarse_day(some_day), coarse_day(some_day, "month")

    assert monday.weekday() == 0
    assert timedelta(0) <= some_day - monday < timedelta(7)
    assert (first.year, first.month, first.day) == (some_day.year, some_day.month, 1)


def met(name, month, *themes):
    return [made.one("encounters", id=name, peer="p1", happened_on=day(month))] + [
        made.one("encounter_themes", id=f"{name}-{i}", encounter=name, theme=theme)
        for i, theme in enumerate(themes)
    ]


FIELD = [
    *met("e1", 2, "housing", "health"), *met("e2", 2, "health", "health"), *met("e3", 3),
    *met("e4", 3, "closeness"), *met("e5", 6, "health"), *met("e6", 1, "housing"),
]  # fmt: skip


def test_needs_count_encounters_by_theme_and_never_people():
    """V12: e2 names a theme twice and counts once; e3 names none, which is not "no need"."""
    found = needs(FIELD, period=Period(day(2), day(6)))

    assert found.encounters == 4
    assert found.themes == (("health", 2), ("closeness", 1), ("housing", 1))
    assert found.without_theme == 1
    assert "peer" not in dir(found)


@pytest.mark.parametrize(
    ("program", "encounters"), [(None, 3), ("verna", 2), ("wertzu", 1), ("yhteiso", 0)]
)
def test_encounters_of_a_programme_are_those_of_who_takes_part_or_has_a_role_in_it(
    program, encounters
):
    """An encounter names no programme; p2 is enrolled, p1 has roles in two, p3 in none."""
    facts = [
        *(made.one("encounters", id=f"e{n}", peer=f"p{n}", happened_on=day(2)) for n in (1, 2, 3)),
        made.one("roles", id="r1", person="p1", role="peer", program="verna"),
        made.one("roles", id="r2", person="p1", role="peer_facilitator", program="wertzu"),
        made.one("roles", id="r3", person="p3", role="peer", program=None),
        made.one("enrollments", id="a1", person="p2", program="verna"),
    ]

    found = needs(facts, period=Period(day(2), day(3)), program=program)
    assert found.encounters == found.without_theme == encounters


def test_what_changed_because_of_encounters_goes_back_to_the_peers():
    """U9: the ideas of that origin, in whatever state they are."""
    facts = [
        made.one("ideas", id="i1", origin="encounter_forms", raised_on=day(3), decided_on=day(4),
                 decision="accepted", implemented_on=day(5)),
        made.one("ideas", id="i2", origin="peers", raised_on=day(3)),
    ]  # fmt: skip
    (change,) = changes_from_encounters(facts, on=day(6))

    assert (change.idea.id, change.state, change.owed) == ("i1", "implemented", True)


@given(st.permutations(FIELD))
def test_the_order_of_facts_does_not_matter(shuffled):
    period = Period(day(2), day(6))

    assert needs(shuffled, period=period) == needs(FIELD, period=period)
