"""Event logs: what happened, in its order, for programs that mine processes.

The logs are read by readers written here from the standards, not by ours, and by pm4py.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve

import osallisuus as osa
from osallisuus import plugins
from osallisuus.exporters import eventlog, events
from osallisuus.exporters.events import PERSON, THINGS, label_of
from osallisuus.ingest.folder import read_folder
from osallisuus.model.facts import TABLES
from osallisuus.model.stated import LOCALES
from osallisuus.model.vocabulary import vocabulary
from tests.exporters.leaving import FEW, Given, written
from tests.exporters.mined import mined

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMESPACE = "{http://www.xes-standard.org/}"
KEYED = {"string", "date", "int", "float", "boolean", "id"}


def traces(file: Path) -> list[tuple[dict[str, str], list[dict[str, str]]]]:
    """The traces of an XES log, checked for the order of parts that the standard asks."""
    root = ET.parse(file).getroot()
    assert root.tag == f"{NAMESPACE}log"
    assert root.get("xes.version")
    tags = [one.tag.removeprefix(NAMESPACE) for one in root]
    order = ["extension", "global", "classifier", *sorted(KEYED), "trace"]
    places = [order.index("string" if tag in KEYED else tag) for tag in tags]
    assert places == sorted(places)
    prefixes = {one.get("prefix") for one in root.iter(f"{NAMESPACE}extension")}
    required = {
        scope.get("scope"): {one.get("key") for one in scope}
        for scope in root.iter(f"{NAMESPACE}global")
    }
    found = []
    for trace in root.iter(f"{NAMESPACE}trace"):
        own = attributes(trace, prefixes)
        assert required["trace"] <= own.keys()
        way = [attributes(one, prefixes) for one in trace if one.tag == f"{NAMESPACE}event"]
        assert all(required["event"] <= event.keys() for event in way)
        found.append((own, way))
    return found


def attributes(element: Any, prefixes: set[str | None]) -> dict[str, str]:
    """The attributes of a log, trace or event, each once and of a declared extension."""
    found: dict[str, str] = {}
    for one in element:
        tag = one.tag.removeprefix(NAMESPACE)
        if tag == "event":
            continue
        assert tag in KEYED
        key, value = one.attrib["key"], one.attrib["value"]
        assert key not in found
        assert ":" not in key or key.split(":")[0] in prefixes
        if tag == "date":
            assert datetime.fromisoformat(value).tzinfo is not None
        found[key] = value
    return found


def test_a_way_stands_in_its_order(tmp_path: Path) -> None:
    """What ends on a day ends before the sessions of that day, since it does not hold that day."""
    ((person, way),) = traces(written("xes", tmp_path, *FEW))
    assert person == {"concept:name": "p-1"}
    told = [
        (one["day"], one["concept:name"], one["lifecycle:transition"], one["concept:instance"])
        for one in way
    ]
    assert told == [
        ("2024-01-02", "enrollment.reached", "schedule", "enrollment:e-1"),
        ("2024-02-01", "enrollment.started", "start", "enrollment:e-1"),
        ("2024-02-01", "guidance.started", "start", "guidance:q-1"),
        ("2024-03-01", "enrollment.paused", "suspend", "enrollment:e-1"),
        ("2024-04-01", "enrollment.resumed", "resume", "enrollment:e-1"),
        ("2024-05-02", "review.held.mid", "complete", "guidance:q-1"),
        ("2024-06-03", "enrollment.ended.completed", "complete", "enrollment:e-1"),
        ("2024-06-03", "role.started.peer_trainee", "start", "role:r-1"),
        ("2024-06-03", "attendance.present", "complete", "session:s-1"),
    ]
    assert way[-1]["time:timestamp"] == "2024-06-03T07:00:00.000+00:00"
    assert way[0]["channel"] == "partner"
    assert way[2]["org:resource"] == "p-2"
    assert way[1]["org:group"] == way[-1]["org:group"] == "g-1"


@pytest.mark.parametrize(
    ("locale", "said"),
    [("en", "A role began: trainee peer"), ("fi", "Rooli alkoi: "), ("sv", "En roll började: ")],
)
def test_words_follow_the_language_and_codes_do_not(tmp_path: Path, locale: str, said: str) -> None:
    ((_, way),) = traces(written("xes", tmp_path, *FEW, locale=locale))
    role = way[-2]
    assert role["concept:name"] == "role.started.peer_trainee"
    assert role["label"].startswith(said.partition(":")[0])
    assert role["label"] != f"{said}peer_trainee"


def ocel(file: Path) -> dict[str, Any]:
    """An OCEL 2.0 log whose parts keep what the standard asks of the JSON form."""
    log: dict[str, Any] = json.loads(file.read_bytes())
    assert log.keys() == {"objectTypes", "eventTypes", "objects", "events"}
    ids = [one["id"] for one in log["objects"]] + [one["id"] for one in log["events"]]
    assert len(ids) == len(set(ids))
    objects = {one["id"] for one in log["objects"]}
    for part, times in (("object", True), ("event", False)):
        types = {
            one["name"]: {own["name"]: own["type"] for own in one["attributes"]}
            for one in log[f"{part}Types"]
        }
        assert len(types) == len(log[f"{part}Types"])
        for one in log[f"{part}s"]:
            names = [own["name"] for own in one["attributes"]]
            assert len(names) == len(set(names))
            for own in one["attributes"]:
                wanted = {"string": str, "integer": int}[types[one["type"]][own["name"]]]
                assert type(own["value"]) is wanted
                assert ("time" in own) is times
            assert {own["objectId"] for own in one["relationships"]} <= objects
            assert all(own["qualifier"] for own in one["relationships"])
    moments = [datetime.fromisoformat(one["time"]) for one in log["events"]]
    assert moments == sorted(moments)
    return log


def test_an_event_is_about_all_that_it_concerns(tmp_path: Path) -> None:
    log = ocel(written("ocel", tmp_path, *FEW))
    about = {
        one["type"]: {(own["qualifier"], own["objectId"]) for own in one["relationships"]}
        for one in log["events"]
    }
    assert about["attendance.present"] == {
        ("of", "session:s-1"),
        ("person", "person:p-1"),
        ("group", "group:g-1"),
    }
    assert about["idea.raised"] == {("of", "idea:i-1"), ("group", "group:g-1")}
    assert about["enrollment.paused"] >= {("of", "enrollment:e-1"), ("person", "person:p-1")}
    assert about["guidance.started"] >= {("guide", "person:p-2")}
    assert {"decision.decided", "session.held", "group.started"} <= about.keys()
    (guidance,) = (one for one in log["objects"] if one["type"] == "guidance")
    assert guidance["relationships"] == [
        {"objectId": "person:p-1", "qualifier": "person"},
        {"objectId": "person:p-2", "qualifier": "guide"},
    ]


@pytest.mark.parametrize("example", ["kokemusohjaus", "yhteiso", "verna"])
def test_every_dated_fact_of_an_example_is_one_event(example: str, tmp_path: Path) -> None:
    """Counted in the fact folder by table, and found as often in the log."""
    with osa.open("memory:", actor="test", purpose="test") as register:
        register.add(read_folder(EXAMPLES / example))
        register.export("ocel", tmp_path / "log.jsonocel")
        register.export("xes", tmp_path / "log.xes")
        expected: Counter[str] = Counter()
        for thing in THINGS:
            for fact in register.facts(thing.record):
                for step in thing.steps:
                    expected[thing.kind] += not step.on or getattr(fact, step.on) is not None
        log = ocel(tmp_path / "log.jsonocel")
        told = Counter(one["id"].split(":")[0] for one in log["events"])
        assert told == +expected
        people = {
            thing.kind for thing in THINGS if any(kind == PERSON for _, kind in thing.links)
        } | {"pause", "review", "goal_rating"}
        ways = traces(tmp_path / "log.xes")
        assert sum(len(way) for _, way in ways) == sum(told[kind] for kind in people)
        assert all(
            [one["time:timestamp"] for one in way] == sorted(one["time:timestamp"] for one in way)
            for _, way in ways
        )


WAY_IN = ("reached", "informed", "interviewed", "offered", "started")


def test_pm4py_finds_the_same_and_the_figures_of_our_own_metrics(tmp_path: Path) -> None:
    """As many cases, events and objects of each kind, and as many steps as the funnel counts."""
    with osa.open("memory:", actor="test", purpose="test") as register:
        register.add(read_folder(EXAMPLES / "verna"))
        register.export("xes", tmp_path / "log.xes")
        register.export("ocel", tmp_path / "log.jsonocel")
        funnel = {one.name: one.n for one in register.measure("recruitment_funnel")}
        (completed,) = register.measure("completion")
        people = {one.person for one in register.facts(osa.Enrollment)}
        assert len(people) == len(list(register.facts(osa.Enrollment)))  # each came once
    some = [f"enrollment.{step}" for step in WAY_IN] + ["enrollment.ended.completed"]
    found = mined(tmp_path / "log.xes", tmp_path / "log.jsonocel", some)
    ways = traces(tmp_path / "log.xes")
    moments = sorted(one["time:timestamp"] for _, way in ways for one in way)
    assert found["cases"] == len(ways)
    assert found["events"] == Counter(one["concept:name"] for _, way in ways for one in way)
    assert [found["first"], found["last"]] == [
        str(datetime.fromisoformat(one)) for one in (moments[0], moments[-1])
    ]
    log = ocel(tmp_path / "log.jsonocel")
    assert found["objects"] == Counter(one["type"] for one in log["objects"])
    assert found["object_events"] == Counter(one["type"] for one in log["events"])
    assert found["relations"] == Counter(
        link["qualifier"] for one in log["events"] for link in one["relationships"]
    )
    steps = {
        (f"enrollment.{one}", f"enrollment.{other}"): funnel[other]
        for one, other in pairwise(WAY_IN)
    }
    steps["enrollment.started", "enrollment.ended.completed"] = completed.k
    assert all(steps.values())
    for name in ("follows", "object_follows"):
        assert {(one, other): number for one, other, number in found[name]} == steps


def test_nothing_says_who_decided_or_what_somebody_wrote(tmp_path: Path) -> None:
    for name in ("xes", "ocel"):
        (tmp_path / name).mkdir()
        assert b"worker-9" not in written(name, tmp_path / name, *FEW).read_bytes()
    for thing in THINGS:
        told = {*thing.attributes, *(one for step in thing.steps for one in step.details)}
        columns = {column.name: column for column in thing.record.table.columns}
        assert told <= columns.keys()
        assert not {one for one in told if columns[one].field_class in ("free_text", "restricted")}
        assert "decided_by" not in told


@pytest.mark.parametrize("locale", LOCALES)
def test_every_event_has_words_in_every_language(locale: Any) -> None:
    """Also the pauses, which are told by what they are a pause of."""
    for thing in THINGS:
        kinds = thing.of[1] if thing.of and thing.kind == "pause" else (thing.kind,)
        for kind in kinds:
            for step in thing.steps:
                code = f"{kind}.{step.name}" if step.name else kind
                assert events._words()[code].keys() == set(LOCALES)
                if step.vocabulary:
                    word = vocabulary(step.vocabulary).codes[0]
                    assert ": " in label_of(code, word, step.vocabulary, None, locale)


def test_every_dated_table_is_a_thing_or_left_out_on_purpose() -> None:
    left_out = {
        "traits": "said of oneself, no event",
        "encounter_themes": "details of an encounter",
        "assessments": "measurements",
        "answers": "measurements",
        "scores": "measurements",
        "costs": "money",
        "observations": "of the programme",
        "consents": "of the data",
        "keep_apart": "never exported",
    }
    assert {thing.record.table.name for thing in THINGS} == TABLES.keys() - left_out.keys()


@pytest.mark.parametrize("name", ["xes", "ocel"])
def test_hostile_words_stay_words(name: str, tmp_path: Path) -> None:
    """Markup in a place's name is text, and what XML cannot hold becomes a mark."""
    place = "</event>\"'&<!--]]>"
    facts = [evolve(one, place=place) if isinstance(one, osa.Group) else one for one in FEW]
    file = written(name, tmp_path, *facts)
    if name == "ocel":
        assert "]]>" in file.read_text()
        ocel(file)
    else:
        traces(file)


def test_a_log_of_nothing_is_a_log(tmp_path: Path) -> None:
    assert traces(written("xes", tmp_path)) == []
    assert ocel(written("ocel", tmp_path))["events"] == []


def test_nothing_is_left_beside_a_log_also_where_it_breaks_off(tmp_path: Path) -> None:
    """The file in which events were sorted is gone."""
    written("xes", tmp_path, *FEW)
    assert [one.name for one in tmp_path.iterdir()] == ["out.xes"]
    twice = evolve(FEW[3], ending=None)
    with pytest.raises(Exception, match="UNIQUE"):
        written("xes", tmp_path, *FEW, twice)
    assert [one.name for one in tmp_path.iterdir()] == ["out.xes"]


class Many(Given):
    """So many people, each with a role, who are made while they are read."""

    def __init__(self, people: int) -> None:
        super().__init__()
        self.people = people

    def rows(self, kind: type[Any]) -> Iterator[Any]:
        day = date(2024, 1, 1)
        for number in range(self.people):
            if kind is osa.Person:
                yield osa.Person(id=f"p-{number:06}", registered_on=day)
            if kind is osa.RoleSpan:
                # the order of the ids is not the order of the log
                who = f"p-{number * 7919 % self.people:06}"
                yield osa.RoleSpan(id=f"r-{number:06}", person=who, role="peer", starts_on=day)


@pytest.mark.parametrize("name", ["xes", "ocel"])
def test_memory_does_not_grow_with_the_number_of_events(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight times as many events take as much: they are sorted on disk, a chunk at a time."""
    monkeypatch.setattr(eventlog, "_CHUNK", 200)
    exporter = plugins.load("fact_exporters", name)()
    exporter.write(Many(100), tmp_path / "warm")
    peaks = []
    for people in (500, 4_000):
        tracemalloc.start()
        exporter.write(Many(people), tmp_path / str(people))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 300_000  # bytes; all events at once are millions


def test_two_processes_with_other_hash_seeds_write_the_same_bytes(tmp_path: Path) -> None:
    program = (
        "import sys, hashlib; from pathlib import Path;"
        "from tests.exporters.leaving import FEW, written\n"
        "for name in ('xes', 'ocel'):\n"
        "    print(hashlib.sha256(written(name, Path(sys.argv[1]), *FEW).read_bytes()).hexdigest())"
    )
    told = []
    for seed in ("1", "2"):
        (tmp_path / seed).mkdir()
        done = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / seed)],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join([".", *sys.path])},
            capture_output=True,
            text=True,
            check=True,
        )
        told.append(done.stdout)
    assert told[0] == told[1]
    assert told[0].count("\n") == 2
