"""A programme in the structure of Innokylä."""

from datetime import date
from itertools import pairwise

import pytest
from attrs import evolve

from osallisuus.model.cadence import AsNeeded, Every, Exactly, Rate
from osallisuus.model.offering import SessionPlan
from osallisuus.model.program import Program
from osallisuus.model.stated import LOCALES, Span, Statement, Text, each
from osallisuus.programs import KOKEMUSOHJAUS, VERNA, WERTZU, YHTEISKEHITTAMINEN, YHTEISO
from osallisuus.reports.innokyla import PARTS, innokyla
from osallisuus.time import PartialDate
from osallisuus.words import Words
from tests.cli.running import run
from tests.model import made

SHIPPED = [WERTZU, KOKEMUSOHJAUS, YHTEISO, YHTEISKEHITTAMINEN, VERNA]


def part(text, heading):
    """What stands under a heading, up to the next one of the same or a higher level."""
    level = heading.partition(" ")[0]
    after = text.partition(f"\n{heading}\n")[2]
    for end in range(1, len(level) + 1):
        after = after.partition(f"\n{'#' * end} ")[0]
    return after


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("program", SHIPPED, ids=lambda one: one.name)
def test_all_six_parts_are_there_in_three_languages(program, locale):
    """U26: idea, environment, target group, conditions, results, tips; and no HTML."""
    text = innokyla(program, locale=locale)
    headings = [line[3:] for line in text.splitlines() if line.startswith("## ")]

    assert text.startswith(f"# {program.title.label(locale)}\n")
    assert headings == [Words(locale)(f"innokyla.{name}") for name in PARTS]
    assert "<" not in text


def test_what_is_done_how_many_places_and_when_are_said_as_the_language_writes_them():
    """Nothing that is stated is lost: activities, contents, themes, places, days."""
    whole = Span(PartialDate.parse("2016-04-01"), PartialDate.parse("2019-03-31"))
    weeks = Statement(code="practice", text=Text(fi="Neljä viikkoa työharjoittelua."))
    program = evolve(
        WERTZU,
        period=whole,
        not_stated=None,
        contents=(weeks,),
        sessions=evolve(WERTZU.sessions, capacity=8),
    )
    text = innokyla(program, locale="fi")

    assert "- 1.4.2016–31.3.2019\n" in text
    assert "- Neljä viikkoa työharjoittelua.\n" in text
    assert "- Paikkoja ryhmässä: 8\n" in text
    assert "- 2011–2014\n" in innokyla(VERNA, locale="fi")
    assert "Teemat: itsetunto, vanhemmuus" in innokyla(VERNA, locale="fi")
    assert all(
        one.label.label("fi") in innokyla(VERNA, locale="fi") for one in each(VERNA.activities)
    )


def test_no_part_is_an_empty_heading():
    bare = Program(name="bare", version="1", title=Text(en="Bare"), kinds=("group_training",))
    lines = [line for line in innokyla(bare).splitlines() if line]

    assert not any(
        one.startswith("## ") and other.startswith("## ")
        for one, other in pairwise([*lines, "## "])
    )


@pytest.mark.parametrize("program", SHIPPED, ids=lambda one: one.name)
def test_what_is_not_asked_and_not_done_is_said(program):
    """U2, W13, K14: non-criteria and boundaries, and what the source leaves open."""
    text = innokyla(program)
    said = [*program.non_criteria, *each(program.boundaries), *each(program.not_stated)]

    assert [one.text.en for one in said if one.text.en not in text] == []


def test_ranges_words_and_modality_stand_under_before_during_and_after():
    """W24, W26, Y19, Y23: what was, as a range with its unit and bound."""
    before = part(innokyla(WERTZU), "### Before")

    assert "- Groups had 1–3 clients. (formerly)" in before
    assert "- Participants of groups before: 1–3 clients" in before
    assert "commit themselves. Later: Clients are able to commit" in before
    assert "(formerly)" not in part(innokyla(WERTZU), "### During")
    assert "over 100 persons" in part(innokyla(YHTEISO), "### Before")
    assert "yli 100 henkilöä" in innokyla(YHTEISO, locale="fi")
    assert "högst 50 klienter" in innokyla(YHTEISO, locale="sv")


def test_a_wish_is_never_told_as_a_fact():
    """W28, K27: being rooted, and pay, are goals."""
    assert "- The aim is to root the activity. (a goal, not a fact)" in part(
        innokyla(WERTZU), "### After"
    )
    conditions = part(innokyla(KOKEMUSOHJAUS), "## Conditions")
    (pay,) = [line for line in conditions.partition("**Pay**")[2].splitlines() if line]
    assert pay.endswith("(a goal, not a fact)")


def test_no_pay_is_said_and_silence_is_silence():
    """W30, Q27: Wertzu pays nothing, and Verna does not say."""
    assert "**Pay**\n\n- not paid" in innokyla(WERTZU)
    assert "**Pay**" not in innokyla(VERNA)


@pytest.mark.parametrize(
    ("cadence", "fi", "sv", "en"),
    [
        (Exactly(8, "week"), "8 kertaa viikoittain", "8 gånger varje vecka", "8 times, weekly"),
        (
            Rate(1, 2, "month"),
            "1–2 kertaa kuukaudessa",
            "1–2 gånger per månad",
            "1–2 times a month",
        ),
        (Rate(1, 1, "week"), "1 kerran viikossa", "1 gång per vecka", "1 time a week"),
        (Every(1, 2, "week"), "1–2 viikon välein", "med 1–2 veckors mellanrum", "every 1–2 weeks"),
        (AsNeeded(), "tarpeen mukaan", "vid behov", "as needed"),
    ],
)
def test_a_pace_in_words(cadence, fi, sv, en):
    program = evolve(VERNA, sessions=SessionPlan(cadence=cadence))

    assert f": {fi}\n" in innokyla(program, locale="fi")
    assert f": {sv}\n" in innokyla(program, locale="sv")
    assert f": {en}\n" in innokyla(program, locale="en")


def test_a_group_without_a_stated_pace_says_only_how_many_it_takes():
    text = innokyla(evolve(VERNA, meetings=None, sessions=SessionPlan(capacity=8)))

    assert "- Places in a group: 8\n" in text
    assert "- Sessions: " not in text


def test_what_was_observed_stands_in_its_phase_without_its_note():
    """A note may hold somebody's words; other programmes' observations are theirs."""
    seen = made.one(
        "observations", id="o1", program="wertzu", phase="after", measure="group_size", low=7,
        high=10.5, unit="clients", observed_on=date(2018, 5, 4), note="she said it was hard",
    )  # fmt: skip
    other = evolve(seen, id="o2", program="verna", measure="something_else")
    text = innokyla(WERTZU, [seen, other])

    assert "- group size: 7–10.5 clients (4 May 2018)" in part(text, "### After")
    assert "group size: 7" not in part(text, "### Before")
    assert "she said" not in text
    assert "something else" not in text
    exact = innokyla(WERTZU, [evolve(seen, high=7, low=7, unit=None)])
    assert "- group size: 7 (4 May 2018)" in exact
    assert "- group size (4 May 2018)" in innokyla(WERTZU, [evolve(seen, high=None, low=None)])


def test_the_command_prints_it():
    """And knows the store's observations only when it is asked to."""
    told = run("innokyla", "verna", "--locale", "sv")

    assert told.code == 0
    assert told.out == innokyla(VERNA, locale="sv")
    assert run("innokyla", "verna", "--store", "examples/none").code == 1
