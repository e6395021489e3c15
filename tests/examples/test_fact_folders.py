"""The example fact folders: synthetic and saying so, true to the published totals, and clean."""

import json
import re
import subprocess
import sys

import pytest

import osallisuus as osa
from osallisuus.ingest.folder import read_folder
from osallisuus.model.facts import TABLES

PUBLISHED = ["wertzu", "verna"]
"""Of these the source publishes totals."""
PROGRAMS = [*PUBLISHED, "kokemusohjaus", "yhteiso", "yhteiskehittaminen"]


@pytest.fixture
def examples(pytestconfig):
    return pytestconfig.rootpath / "examples"


@pytest.fixture
def register_of(examples):
    """A register with the facts of the example folders that are named."""
    opened = []

    def made(*names):
        register = osa.open("memory:", actor="test", purpose="test")
        opened.append(register)
        for name in names:
            register.add(read_folder(examples / name))
        return register

    yield made
    for register in opened:
        register.close()


def _contents(folder):
    files = (path for path in folder.iterdir() if path.suffix in (".csv", ".json"))
    return {path.name: path.read_bytes() for path in files}


def test_generating_again_gives_the_same_bytes(examples, tmp_path):
    """Who runs the generator gets exactly the folders that are in the repository."""
    command = [sys.executable, examples / "generate.py", tmp_path]
    subprocess.run(command, check=True, capture_output=True)
    for name in PROGRAMS:
        made = _contents(tmp_path / name)
        assert "enrollments.csv" in made
        assert made == _contents(examples / name)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_import_is_clean(examples, name):
    """No row of an example has a problem, and none is a finding."""
    batch = read_folder(examples / name)
    assert not batch.problems
    with osa.open("memory:") as register:
        receipt = register.add(batch)
        assert receipt.added == len(batch) > 500
        assert list(receipt.findings) == []
        assert register.check() == []


def test_all_examples_fit_in_one_store(register_of):
    """The folders share no id, so that one store can hold them side by side."""
    register = register_of(*PROGRAMS)
    completed = {
        name: register.measure("completion", program=name).figure("completed") for name in PUBLISHED
    }
    assert [(figure.k, figure.n) for figure in completed.values()] == [(28, 41), (29, 38)]


@pytest.mark.parametrize("name", PROGRAMS)
def test_an_example_is_small(register_of, name):
    """Small enough to look through, large enough for a report that hides little."""
    assert 40 <= sum(1 for _ in register_of(name).facts(osa.Person)) <= 120


@pytest.mark.parametrize(
    ("name", "k", "n", "value", "low", "high"),
    [
        ("wertzu", 28, 41, 0.6829, 0.5302, 0.8044),
        ("verna", 29, 38, 0.7632, 0.6079, 0.8701),
    ],
)
def test_published_totals_are_met(register_of, name, k, n, value, low, high):
    """As many started and completed as the source publishes, with the reference intervals."""
    figure = register_of(name).measure("completion").figure("completed")
    assert (figure.k, figure.n) == (k, n)
    assert (figure.value, figure.low, figure.high) == pytest.approx((value, low, high), abs=5e-5)


def test_wertzu_holds_four_trainings_of_eight_sessions_of_four_hours(register_of):
    """The dose is as published: eight weekly sessions of 240 minutes at one local time."""
    register = register_of("wertzu")
    groups = {group.id: [] for group in register.facts(osa.Group)}
    for session in register.facts(osa.Session):
        groups[session.group].append(session)
    assert len(groups) == 4
    for sessions in groups.values():
        starts = sorted(session.starts_at for session in sessions)
        assert {session.minutes for session in sessions} == {240}
        assert {(start.hour, start.tzinfo.key) for start in starts} == {(10, "Europe/Helsinki")}
        assert [(start.date() - starts[0].date()).days for start in starts] == [*range(0, 50, 7)]


def test_verna_meets_once_or_twice_a_week_for_four_months(register_of):
    """A whole week of a group has one or two planned sessions, 17 to 34 in all."""
    register = register_of("verna")
    trainings = [one for one in register.facts(osa.Group) if one.kind == "group_training"]
    assert len(trainings) == 5
    for group in trainings:
        days = [
            session.starts_at.date()
            for session in register.facts(osa.Session)
            if session.group == group.id
        ]
        weeks = [(day - group.starts_on).days // 7 for day in days]
        assert 17 <= len(days) <= 35
        assert all(weeks.count(week) in (1, 2) for week in range(17))
        assert max(days) < group.ends_on


def test_peer_work_in_verna_may_begin_before_the_training_ends(register_of):
    """Some peers meet people before they have completed the group, and some only after."""
    register = register_of("verna")
    first = {}
    for encounter in register.facts(osa.Encounter):
        first[encounter.peer] = min(
            encounter.happened_on, first.get(encounter.peer, encounter.happened_on)
        )
    before = [
        first[row.person] < row.ended_on
        for row in register.facts(osa.Enrollment)
        if row.ending == "completed" and row.person in first
    ]
    assert before.count(True) >= 5
    assert before.count(False) >= 5


def test_encounters_are_made_by_those_who_hold_the_role_at_the_time(register_of):
    """Every encounter lies within its peer's role."""
    register = register_of("verna")
    spans = {span.person: span for span in register.facts(osa.RoleSpan)}
    for encounter in register.facts(osa.Encounter):
        span = spans[encounter.peer]
        assert span.starts_on <= encounter.happened_on
        assert span.ends_on is None or encounter.happened_on < span.ends_on


def test_guidance_that_went_on_with_another_guide_was_agreed_to(register_of):
    """A guide took a pause; whoever went on with another guide had said yes to that before."""
    register = register_of("kokemusohjaus")
    agreed = {
        one.person: one.given_on
        for one in register.facts(osa.Consent)
        if one.purpose == "reassignment"
    }
    moved = [one for one in register.facts(osa.Guidance) if one.ending == "reassigned"]
    assert len(moved) >= 2
    assert all(agreed[case.person] <= case.ended_on for case in moved)
    assert {one.guide for one in moved} <= {span.person for span in register.facts(osa.RoleSpan)}


def test_nobody_is_absent_from_a_community(register_of):
    """Five communities, each in its own ways; whoever does not come is away by agreement."""
    register = register_of("yhteiso")
    groups = [one for one in register.facts(osa.Group) if one.kind == "community"]
    assert sorted(one.place for one in groups) == ["Helsinki"] * 3 + ["Tampere"] * 2
    statuses = [one.status for one in register.facts(osa.Attendance)]
    assert set(statuses) == {"present", "excused"}
    modes = {one.mode for one in register.facts(osa.Membership)}
    assert modes >= {"takes_part", "develops", "influences", "follows", "none_now", None}


def test_roles_are_laid_aside_in_workshops_and_kept_where_experts_teach(register_of):
    """Nobody comes to a workshop as anything; in the staff training it is said who taught."""
    register = register_of("yhteiskehittaminen")
    kinds = {one.id: one.kind for one in register.facts(osa.Session)}
    came_as = {"workshop": set(), "staff_training": set()}
    for row in register.facts(osa.Attendance):
        came_as[kinds[row.session]].add(row.acting_as)
    assert came_as == {
        "workshop": {None},
        "staff_training": {"expert_by_experience", "professional"},
    }
    established = [one.origin for one in register.facts(osa.Idea) if one.established_on]
    assert "peers" in established


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_folder_says_that_it_is_synthetic(examples, register_of, name):
    """The data package, the README and an observation about no person say it."""
    descriptor = json.loads((examples / name / "datapackage.json").read_bytes())
    assert descriptor["description"].startswith("SYNTHETIC")
    assert "synthetic" in (examples / name / "README.md").read_text("utf-8")
    marks = [
        row for row in register_of(name).facts(osa.Observation) if row.measure == "synthetic_data"
    ]
    assert [(row.program, row.phase, row.low, row.high) for row in marks] == [
        (name, "during", None, None)
    ]


@pytest.mark.parametrize("name", PROGRAMS)
def test_nothing_but_codes_days_and_opaque_ids_is_in_an_example(examples, name):
    """No free text, no judgement on who must not share a group, and ids that say nothing."""
    batch = read_folder(examples / name)
    assert "keep_apart" not in batch.rows
    for table, rows in batch.rows.items():
        notes = [column.name for column in TABLES[table].columns if column.type.name == "free_text"]
        for row in rows:
            assert re.fullmatch(r"[a-z]-[0-9a-f]{6}", row.id)
            assert all(getattr(row, note) is None for note in notes)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_frictionless_reader_accepts_the_folder(examples, name):
    """An independent reader finds types, constraints and keys between the tables in order."""
    frictionless = pytest.importorskip("frictionless")
    package = frictionless.Package(str(examples / name / "datapackage.json"))
    keys = [key for one in package.resources for key in one.schema.foreign_keys]
    assert {key["reference"]["resource"] for key in keys} >= {"people", "groups", "sessions"}
    report = package.validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "type"])[:5]
    assert report.stats["tasks"] == len(_contents(examples / name)) - 1
