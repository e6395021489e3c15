"""The register's views: thin, noted where they are about one person, and the rules behind them."""

from datetime import date

import pytest

import osallisuus as osa
from osallisuus.rules.guidance import cases_on
from osallisuus.rules.interviewed import eligibility_on
from osallisuus.rules.progression import roles_of
from tests.cli.running import EXAMPLES
from tests.model import made
from tests.rules import interviewing

ON = date(2026, 3, 10)
YEAR = osa.Period.parse("2012-01-01..2013-01-01")


@pytest.fixture(params=["memory:", "store.db", "facts"])
def register(request, tmp_path):
    place = request.param if request.param == "memory:" else str(tmp_path / request.param)
    options = {"create": True} if request.param == "facts" else {}
    with osa.open(place, actor="interviewer", purpose="interviews", **options) as opened:
        opened.add(
            [
                *interviewing.facts(),
                made.one("roles", id="r1", person="Maija", role="participant", program="circle",
                         starts_on=date(2026, 3, 9)),
                made.one("guidance", id="q1", person="Maija", guide="p2", program="kokemusohjaus",
                         started_on=ON, planned_end_on=date(2026, 9, 1)),
                made.one("groups", id="g1", program="circle", starts_on=ON),
                made.one("groups", id="g2", program="yhteiso", starts_on=ON),
            ]
        )  # fmt: skip
        yield opened


@pytest.fixture
def example():
    registers = []

    def example(name):
        registers.append(osa.open(str(EXAMPLES / name), actor="a", purpose="p"))
        return registers[-1]

    yield example
    for one in registers:
        one.close()


def noted(register):
    return [
        (entry.operation, entry.actor, entry.reason)
        for entry in register.journal()
        if entry.operation != "append"
    ]


def every_fact(register):
    return [
        fact for table in osa.model.facts.TABLES.values() for fact in register.facts(table.record)
    ]


def test_a_view_of_one_person_is_what_the_rules_say_and_stands_in_the_journal_without_them(
    register,
):
    """By whom and what; a folder keeps no notes."""
    facts = every_fact(register)
    circle = interviewing.PROGRAM
    for of in ("Maija", "i2"):
        expected = eligibility_on(circle, facts, of=of, on=ON)
        assert register.eligibility(of, circle, on=ON) == expected
    assert register.roles("Maija", circle, on=ON) == roles_of(circle, facts, person="Maija", on=ON)
    (case,) = cases_on(osa.program("kokemusohjaus"), facts, on=ON)
    assert register.guidance("q1", on=ON) == case

    keeps = "note" in register.store.capabilities
    assert (
        noted(register)
        == [
            ("eligibility", "interviewer", "how somebody's criteria stand"),
            ("eligibility", "interviewer", "how somebody's criteria stand"),
            ("roles", "interviewer", "somebody's roles"),
            ("guidance", "interviewer", "somebody's guidance"),
        ]
        * keeps
    )


def test_views_of_nobody_in_particular_leave_no_note(register):
    register.reviews_due("kokemusohjaus", on=ON)
    register.community("g2", on=ON)
    register.ideas("yhteiso", on=ON)
    register.encounter_needs("verna", period=YEAR)

    assert noted(register) == []


def test_a_programme_is_a_definition_a_name_or_a_file(register, tmp_path):
    file = tmp_path / "circle.toml"
    file.write_text(interviewing.TOML, "utf-8")

    named = register.eligibility("Maija", str(file), on=ON)
    assert named == register.eligibility("Maija", program=interviewing.PROGRAM, on=ON)
    assert register.roles("Maija", "verna", on=ON).elsewhere[0].span.id == "r1"
    with pytest.raises(osa.OsallisuusError, match="did you mean 'verna'"):
        register.roles("Maija", "vernaa", on=ON)


@pytest.mark.parametrize(
    ("view", "given", "message"),
    [
        ("eligibility", ("Virtanen", "verna"), "nothing is recorded under this id as a person or"),
        ("roles", ("Virtanen", "verna"), "nothing is recorded under this id as a person"),
        ("roles", ("i2", "verna"), "nothing is recorded under this id as a person"),
        ("guidance", ("Virtanen",), "nothing is recorded under this id as a case of guidance"),
        ("guidance", ("q1", "verna"), "this is not of this programme @ program=verna"),
        ("community", ("g3",), "there is no such group @ group .known: g1, g2"),
        ("community", ("g2", "verna"), "this is not of this programme @ program=verna"),
    ],
)
def test_what_is_not_there_is_refused_without_naming_anybody(register, view, given, message):
    """Nobody's id is told as the nearest one, what was given is not repeated, and nothing noted."""
    with pytest.raises(osa.DefinitionError, match=message) as caught:
        getattr(register, view)(*given, on=ON)
    for name in ("Virtanen", "Maija", "p2", "i2", "i9", "q1"):
        assert name not in str(caught.value)
    assert noted(register) == []


def test_a_case_that_had_not_begun_by_the_day_says_so(register):
    with pytest.raises(osa.DefinitionError, match="had not begun by this day"):
        register.guidance("q1", on=date(2026, 3, 9))


def test_needs_are_counted_as_the_metric_counts_encounters(example):
    """Of the programme's own peers, in the same period: one way to count, in two places."""
    register = example("verna")
    found = register.encounter_needs("verna", period=YEAR)
    measured = register.measure("encounter_themes", program="verna", periods=[YEAR])

    shown = {figure.name: figure.k for figure in measured if figure.k}
    assert found.themes
    assert {theme: count for theme, count in found.themes if theme in shown} == dict(found.themes)
    assert all(shown[theme] == count for theme, count in found.themes)
    assert register.encounter_needs("wertzu", period=YEAR).encounters == 0


def test_what_changed_because_of_encounters_is_shown_by_its_origin(register):
    """U9: those who met people in the field see what came of it."""
    made_of = {"raised_on": ON, "group": "g1"}
    register.add(
        [
            made.one("ideas", id="x1", origin="encounter_forms", **made_of),
            made.one("ideas", id="x2", origin="peers", **made_of),
            made.one("ideas", id="x3", origin="encounter_forms", raised_on=ON, group="g2"),
        ]
    )
    found = register.ideas(interviewing.PROGRAM, on=ON, origin="encounter_forms")

    assert [one.idea.id for one in found] == ["x1"]


def test_earlier_knowledge_shows_what_was_known_then(tmp_path):
    """A view of a register as known earlier does not see a later correction."""
    with osa.open(str(tmp_path / "x.db"), actor="a", purpose="p") as register:
        register.add(interviewing.facts())
        moment = next(iter(register.journal())).recorded_at
        register.add([interviewing.interview(9, "declined")])
        earlier = register.known_at(moment)

        outcomes = [
            one.eligibility("Maija", interviewing.PROGRAM, on=ON).decision.outcome
            for one in (earlier, register)
        ]
    assert outcomes == ["place", "declined"]
