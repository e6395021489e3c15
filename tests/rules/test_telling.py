"""The views in words: internal, respectful, and complete in three languages."""

import re
from datetime import date

import pytest

from osallisuus.model.offering import ReviewPoint
from osallisuus.model.roles import GrantedBy, PrerequisiteKind
from osallisuus.model.stated import LOCALES
from osallisuus.programs import KOKEMUSOHJAUS, VERNA, WERTZU, YHTEISKEHITTAMINEN, YHTEISO
from osallisuus.rules.community import community_on
from osallisuus.rules.development import IDEA_STATES, ideas_on
from osallisuus.rules.encounters import needs
from osallisuus.rules.guidance import cases_on
from osallisuus.rules.progression import Path, open_steps, paths, roles_of
from osallisuus.rules.states import STATES
from osallisuus.rules.telling import (
    tell_case,
    tell_cases,
    tell_community,
    tell_ideas,
    tell_needs,
    tell_paths,
    tell_roles,
    tell_steps,
)
from osallisuus.time import Period
from osallisuus.words import Words
from tests.model import made


def day(month, number=1):
    return date(2020, month, number)


FACTS = [
    made.one("enrollments", id="e1", person="Maija", program="wertzu", started_on=day(1),
             ended_on=day(3), ending="completed"),
    made.one("roles", id="r1", person="Maija", role="client", starts_on=day(1)),
    made.one("roles", id="r2", person="Maija", role="peer", starts_on=day(2), ends_on=day(4),
             ending="stepped_back"),
    made.one("pauses", id="x1", of="r2", starts_on=day(3), ends_on=day(3, 9)),
    made.one("roles", id="r3", person="Maija", role="area_holder", group="c1", decided_by="d1",
             starts_on=day(2)),
    made.one("decisions", id="d1", group="c1", matter="area.front_garden", decided_on=day(2)),
    made.one("decisions", id="d2", group="c1", matter="rule.visitors", decided_on=day(2)),
    made.one("memberships", id="m1", person="Maija", group="c1", starts_on=day(1), mode="none_now"),
    made.one("memberships", id="m2", person="p2", group="c1", starts_on=day(1)),
    made.one("guidance", id="g1", person="Maija", guide="k1", program="kokemusohjaus",
             started_on=day(1), planned_end_on=day(9), ended_on=day(5), ending="reassigned"),
    made.one("guidance", id="g2", person="Maija", guide="k2", program="kokemusohjaus",
             started_on=day(5), planned_end_on=day(9)),
    made.one("reviews", id="w1", guidance="g2", point="start", happened_on=day(5)),
    made.one("goals", id="o1", person="Maija", guidance="g2", domain="housing", set_on=day(5)),
    made.one("goals", id="o2", person="Maija", guidance="g2", domain="health", set_on=day(5)),
    made.one("goal_ratings", id="y1", goal="o1", rated_on=day(5, 9), level=-1),
    made.one("goals", id="o3", person="Maija", guidance="g2", domain="leisure", set_on=day(5)),
    made.one("goal_ratings", id="y3", goal="o3", rated_on=day(5, 9), level=0),
    made.one("ideas", id="i1", origin="peers", raised_on=day(2), decided_on=day(3),
             decision="declined"),
    made.one("encounters", id="n1", peer="Maija", happened_on=day(2)),
    made.one("encounter_themes", id="h1", encounter="n1", theme="values"),
]  # fmt: skip
ON = day(6)


def views(locale):
    about = {"person": "Maija", "on": ON}
    for program in (WERTZU, KOKEMUSOHJAUS, VERNA, YHTEISO, YHTEISKEHITTAMINEN):
        yield tell_steps(program, open_steps(program, FACTS, **about), on=ON, locale=locale)
        yield tell_roles(program, roles_of(program, FACTS, **about), locale=locale)
    yield tell_paths(paths(YHTEISKEHITTAMINEN, FACTS, **about), locale=locale)
    yield tell_cases(cases_on(KOKEMUSOHJAUS, FACTS, on=ON), on=ON, locale=locale)
    for case in cases_on(KOKEMUSOHJAUS, FACTS, on=ON):
        yield tell_case(case, on=ON, locale=locale)
    yield tell_cases((), on=ON, locale=locale)
    yield tell_community(community_on(YHTEISO, FACTS, group="c1", on=ON), locale=locale)
    yield tell_community(community_on(VERNA, FACTS, group="c1", on=ON), locale=locale)
    yield tell_ideas(ideas_on(FACTS, on=ON), on=ON, locale=locale)
    yield tell_ideas((), on=ON, locale=locale)
    yield tell_needs(needs(FACTS, period=Period(day(1), day(4))), program=VERNA, locale=locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_view_says_that_it_is_internal_and_names_nobody(locale):
    """U13, R-internal: the first line says so; no person stands in a text."""
    for text in views(locale):
        assert text.splitlines()[0] == Words(locale)("document.internal")
        assert "Maija" not in text
        assert "None" not in text
        assert len(text.splitlines()) > 2


LADDER = re.compile(
    r"%|progress|edistymi|framsteg|\brisk|riski|dropout|keskeyt|avbrot|fail|epäonn|misslyck|"
    r"addict|narkoma|missbrukare|drug user|huumeidenkäyttäjä|\bscore|pisteet|poäng|"
    r"\brank \d|\bbest\b|\bworst|\bpara[si]|\bhuonoi|\bbäst|\bsämst",
    re.IGNORECASE,
)


@pytest.mark.parametrize("locale", LOCALES)
def test_no_view_ranks_people_or_reduces_them_to_substance_use(locale):
    """X13, U13: neither a share of a way, a risk or a failure, nor a word that a person is."""
    assert [LADDER.search(text) for text in views(locale) if LADDER.search(text)] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_every_state_prerequisite_and_grant_has_its_words(locale):
    words = Words(locale)
    keys = [f"view.state.{state}" for states in STATES.values() for state in states]
    keys += [f"view.needs.{kind}" for kind in PrerequisiteKind.__args__]
    keys += [f"view.by.{who}" for who in GrantedBy.__args__]
    keys += [f"view.idea.state.{state}" for state in IDEA_STATES if state != "not_raised"]

    assert [key for key in keys if key not in words] == []
    assert ReviewPoint.__args__ == ("start", "mid", "final")


def test_a_step_says_what_is_met_by_which_fact_and_what_is_not_recorded():
    steps = open_steps(WERTZU, FACTS, person="Maija", on=ON)
    text = tell_steps(WERTZU, steps, on=ON, locale="fi")

    assert "Vertaisohjaaja: ei vielä alkanut\n  Avoinna." in text
    assert "on käynyt läpi: Vertaisohjaajakoulutus (Wertzu): kyllä (enrollments[e1])" in text
    begun = [made.one("enrollments", id="e9", person="p9", program="wertzu", started_on=day(1))]
    text = tell_steps(WERTZU, open_steps(WERTZU, begun, person="p9", on=ON), on=ON, locale="sv")
    assert ": nej (enrollments[e9])" in text
    text = tell_steps(KOKEMUSOHJAUS, open_steps(KOKEMUSOHJAUS, FACTS, person="Maija", on=ON), on=ON)
    assert "lived experience, as the person says: not recorded" in text
    assert "Pay: compensation (a goal, not a fact)" in text


def test_a_way_is_told_by_its_days():
    text = tell_paths(paths(YHTEISKEHITTAMINEN, FACTS, person="Maija", on=ON), locale="en")

    assert text.splitlines()[2:] == [
        "The way client – peer – expert by experience: a view, no ladder.",
        "  1 January 2020: client began",
        "  1 February 2020: peer began",
        "  1 March 2020: peer, a pause began",
        "  9 March 2020: peer went on",
        "  1 April 2020: peer ended (stepped back)",
    ]


def test_a_case_is_told_with_its_talks_and_the_one_that_follows():
    text = tell_cases(cases_on(KOKEMUSOHJAUS, FACTS, on=ON), on=ON, locale="en")

    assert "g1: went on with another guide; planned end 1 September 2020" in text
    assert "  Goes on as: g2" in text
    assert "g2: working; planned end 1 September 2020\n  opening talk: held on 1 May 2020" in text


def test_one_case_is_told_with_its_own_goals_in_words():
    *_, case = cases_on(KOKEMUSOHJAUS, FACTS, on=ON)
    text = tell_case(case, on=ON, locale="en")

    assert text.splitlines()[-3:] == [
        "  Own goal, housing: less than expected",
        "  Own goal, health: not rated yet",
        "  Own goal, leisure: as expected",
    ]
    assert "Own goal" not in tell_cases([case], on=ON)


def test_roles_elsewhere_stand_by_themselves_with_their_first_day():
    text = tell_roles(
        YHTEISKEHITTAMINEN, roles_of(YHTEISKEHITTAMINEN, FACTS, person="Maija", on=ON)
    )

    assert (
        "Roles elsewhere\n  holder of an area of responsibility: active; began 1 February 2020"
        in text
    )
    assert text.count("INTERNAL") == 1
    assert text.endswith("1 April 2020: peer ended (stepped back)")


def test_a_community_is_told_with_its_own_ways_and_what_it_settled():
    text = tell_community(community_on(YHTEISO, FACTS, group="c1", on=ON), locale="en")

    assert "Clients: 2 (at most 50 agreed)" in text
    assert "  none now: 1" in text
    assert "  own way not said: 1" in text
    assert "Rule visitors: decision d2, 1 February 2020" in text
    assert "Area front garden: held by 1, decision d1, 1 February 2020" in text


def test_an_answer_that_is_owed_is_said_and_the_credit_is_shared():
    text = tell_ideas(ideas_on(FACTS, on=ON), on=ON, locale="en")

    assert "i1 (peers): not taken up; still to be told to those who raised it" in text
    assert "The credit is shared." in text


def test_needs_are_told_as_encounters():
    found = needs(FACTS, period=Period(day(1), day(4)))
    text = tell_needs(found, program=VERNA, locale="fi")

    assert "Kohtaamisia 1. Kohtaamisia lasketaan, ei ihmisiä." in text
    assert "arvot: 1" in text


def test_who_has_no_role_elsewhere_is_told_of_none():
    assert "Roles elsewhere" not in tell_roles(WERTZU, roles_of(WERTZU, [], person="Maija", on=ON))


def test_a_way_on_which_nobody_has_moved_is_told_as_such():
    way = Path(roles=("participant", "peer"), moves=())
    assert f"  {Words('en')('view.path.none')}" in tell_paths([way]).splitlines()
