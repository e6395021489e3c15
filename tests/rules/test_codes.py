"""Codes that neither a vocabulary nor a programme knows are found, each once for its column."""

from datetime import date

import pytest

import osallisuus as osa
from tests.model import made

PEOPLE = [made.one("people", id="p1"), made.one("people", id="p2")]
ENROLLED = made.one(
    "enrollments", id="e1", person="p1", program="verna", program_version="1",
    reached_on=date(2012, 1, 2),
)  # fmt: skip


def found(*facts):
    register = osa.open("memory:")
    register.add([*PEOPLE, ENROLLED, *facts])
    return [one for one in register.check() if one.code == "unknown_code"]


def encounter(number, **given):
    return made.one("encounters", **{"id": f"n{number}", "peer": "p1"} | given)


def theme(number, code):
    return made.one("encounter_themes", id=f"m{number}", encounter="n1", theme=code)


UNKNOWN = {
    "a role": (
        [made.one("roles", id="r1", person="p1", program="verna", role="experience_guide")],
        "roles[r1].role",
    ),
    "the domain of a goal": (
        [made.one("goals", id="go1", person="p1", domain="social_relations", weight=1)],
        "goals[go1].domain",
    ),
    "the theme of an encounter": ([encounter(1), theme(1, "koira")], "encounter_themes[m1].theme"),
    "an age band": ([encounter(1, age_band="30_39")], "encounters[n1].age_band"),
    "a gender": (
        [made.one("traits", id="t1", person="p1", name="gender", value="nainen")],
        "traits[t1].value",
    ),
    "the employment that a fund counts": (
        [made.one("traits", id="t1", person="p1", name="employment", value="jobless")],
        "traits[t1].value",
    ),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_code_that_nobody_knows_is_found_by_its_place_alone(name):
    """The finding says where and offers near codes; the code itself is not repeated."""
    facts, where = UNKNOWN[name]
    (one,) = found(*facts)

    assert one.where == where
    assert one.severity == "contradiction"


def test_a_code_stands_once_for_each_column_however_many_rows_have_it():
    facts = [encounter(1), theme(1, "koira"), theme(2, "koira"), theme(3, "kissa")]

    assert len(found(*facts)) == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("employment", "no_answer"),
        ("age_group", "30_54"),
        ("disability", "no"),
        ("education", "isced_3_4"),
        ("gender", "other"),
        ("shoe_size", "koira"),
    ],
)
def test_values_that_a_fund_knows_or_never_asks_for_are_not_found(name, value):
    assert found(made.one("traits", id="t1", person="p1", name=name, value=value)) == []


def test_what_a_programme_names_itself_is_known():
    """A role and a theme of a programme's own: the staffing names one, a training the other."""
    role = made.one("roles", id="r1", person="p1", program="wertzu", role="assistant_facilitator")

    assert found(role) == []


def test_nothing_is_judged_where_a_definition_is_not_at_hand():
    """A programme of somebody's own may know the code."""
    role = made.one("roles", id="r1", person="p1", program="ok_oma", role="experience_guide")

    assert found(role) == []


@pytest.mark.parametrize(
    "name", ["kokemusohjaus", "verna", "wertzu", "yhteiskehittaminen", "yhteiso"]
)
def test_the_examples_have_no_such_code(name):
    with osa.open(f"examples/{name}") as register:
        assert [str(one) for one in register.check() if one.code == "unknown_code"] == []
