"""The example fact folders: synthetic and saying so, true to the published totals, and clean."""

import json
import re
import subprocess
import sys

import pytest

import osallisuus as osa
from osallisuus.ingest.folder import read_folder
from osallisuus.model.facts import TABLES

PROGRAMS = ["wertzu", "verna"]


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


def test_both_examples_fit_in_one_store(register_of):
    """The two folders share no id, so that one store can hold them side by side."""
    both = register_of("wertzu", "verna")
    completed = {
        name: both.measure("completion", program=name).figure("completed") for name in PROGRAMS
    }
    assert [(figure.k, figure.n) for figure in completed.values()] == [(28, 41), (29, 38)]


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
