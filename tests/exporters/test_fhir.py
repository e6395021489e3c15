"""FHIR R4B and R5: every resource is one, by its structure, its lists of codes and its rules."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

import osallisuus as osa
from osallisuus import plugins
from osallisuus.exporters.fhir import parts
from osallisuus.exporters.fhir.definitions import definitions
from osallisuus.exporters.fhir.parts import R4B, R5, resource_id
from osallisuus.ingest.folder import read_folder
from osallisuus.model.definition import read_program
from osallisuus.reports.document import Document, Table
from tests.exporters.fhir_check import problems
from tests.exporters.fhir_readers import found_by_definitions, found_by_types
from tests.exporters.leaving import FEW, Given
from tests.reports.sample import SECRET, count, document, hidden, share

EXAMPLES = Path(__file__).parents[2] / "examples"
RELEASES = {"r4b": R4B, "r5": R5}
every_release = pytest.mark.parametrize("release", RELEASES)
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"

ASKING = """
name = "asking"
version = "1"
title = { en = "A programme that asks" }
kinds = ["group_training"]
[interview]
purpose = { en = "To get to know each other" }
[interview.questionnaire]
name = "first_talk"
version = "1"
title = { en = "First talk" }
[[interview.questionnaire.items]]
link_id = "wishes"
text = { en = "What do you wish for?" }
type = "group"
[[interview.questionnaire.items.items]]
link_id = "wants"
text = { en = "Do you want to come?" }
type = "boolean"
required = true
[[interview.questionnaire.items.items]]
link_id = "when"
text = { en = "When?" }
type = "choice"
open = true
options = [{ code = "morning", label = { en = "In the morning" } }]
enable_when = [{ question = "wants", operator = "=", answer = true }]
[[interview.questionnaire.items]]
link_id = "from_day"
text = { en = "From which day?" }
type = "date"
[[interview.questionnaire.items]]
link_id = "how_many"
text = { en = "How many of you?" }
type = "integer"
[sessions.cadence]
kind = "rate"
min = 1
max = 2
per = "week"
"""


class Asking(Given):
    """Facts of a programme that is installed."""

    def program(self, name: str) -> Any:
        return read_program(ASKING, "asking.toml") if name == "asking" else None


def exported(release: str, place: Path, facts: Any) -> dict[str, list[dict[str, Any]]]:
    """The resources by type, each of them checked."""
    plugins.load("fact_exporters", f"fhir-{release}")().write(facts, place / release)
    found = {}
    for file in (place / release).iterdir():
        found[file.stem] = [json.loads(line) for line in file.read_text().splitlines()]
        for one in found[file.stem]:
            assert one["resourceType"] == file.stem
            assert problems(one, release) == []
    return found


@every_release
@pytest.mark.parametrize(
    ("resource", "why"),
    [
        ({"resourceType": "EpisodeOfCare", "status": "klaar", "patient": {"reference": "Patient/1"}}, "no code"),
        ({"resourceType": "EpisodeOfCare", "status": "active"}, "patient"),
        ({"resourceType": "Group", "type": "person", "colour": "red"}, "colour"),
        ({"resourceType": "Questionnaire", "status": "active", "item": [{"type": "group"}]}, "linkId"),
        ({"resourceType": "EpisodeOfCare", "status": "active", "patient": {"reference": "Group/1"}}, "refers to"),
        ({"resourceType": "Patient", "birthDate": "soon"}, "birthDate"),
    ],
)  # fmt: skip
def test_the_check_finds_what_is_wrong(release: str, resource: Any, why: str) -> None:
    """Otherwise the other tests here would show nothing."""
    assert why in "".join(problems(resource, release))


@every_release
def test_people_groups_and_ways_are_resources(release: str, tmp_path: Path) -> None:
    found = exported(release, tmp_path, Given(*FEW))
    assert {one["id"] for one in found["Patient"]} == {"p-1", "p-2"}
    assert not {key for one in found["Patient"] for key in one} - {
        "resourceType", "id", "identifier", "meta",
    }  # fmt: skip
    (episode,) = found["EpisodeOfCare"]
    assert episode["status"] == "finished"
    assert episode["period"] == {"start": "2024-02-01", "end": "2024-06-03"}
    assert episode["statusHistory"] == [
        {"status": "onhold", "period": {"start": "2024-03-01", "end": "2024-04-01"}}
    ]
    (group,) = found["Group"]
    (member,) = group["member"]
    assert member["entity"] == {"reference": "Patient/p-1"}
    assert found.keys() == {"Patient", "EpisodeOfCare", "Group"}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"ended_on": None, "ending": None}, "active"),
        ({"ending": "left"}, "finished"),
        ({"ending": "declined", "started_on": None}, "cancelled"),
        ({"started_on": None, "ended_on": None, "ending": None}, "planned"),
    ],
)
def test_the_status_follows_from_the_days(
    changes: dict[str, Any], status: str, tmp_path: Path
) -> None:
    found = exported("r4b", tmp_path, Given(*FEW[:3], evolve(FEW[3], **changes)))
    assert found["EpisodeOfCare"][0]["status"] == status


def test_an_open_pause_is_on_hold(tmp_path: Path) -> None:
    going_on = evolve(FEW[3], ended_on=None, ending=None)
    facts = Given(*FEW[:3], going_on, evolve(FEW[4], ends_on=None))
    assert exported("r5", tmp_path, facts)["EpisodeOfCare"][0]["status"] == "onhold"


@every_release
def test_an_interview_and_its_answers_go_with_what_was_asked(release: str, tmp_path: Path) -> None:
    """Each answer has the type of its question and stands within its group."""
    interview = osa.Interview(
        id="n-1", person="p-1", program="asking", happened_on=date(2024, 1, 5),
        outcome="place", decided_by="worker-9",
    )  # fmt: skip
    given: list[dict[str, Any]] = [
        {"item": "wants", "code": "yes"},
        {"item": "when", "code": "morning"},
        {"item": "from_day", "code": "20240201"},
        {"item": "how_many", "number": 2.0},
        {"item": "else", "note": "own words"},
    ]
    answers = [osa.Answer(id=f"a-{n}", form="n-1", **one) for n, one in enumerate(given)]
    found = exported(release, tmp_path, Asking(*FEW[:2], interview, *answers))
    (response,) = found["QuestionnaireResponse"]
    (questionnaire,) = found["Questionnaire"]
    assert response["questionnaire"] == questionnaire["url"]
    system = "urn:osallisuus:answer:first_talk:when"
    assert response["item"] == [
        {
            "linkId": "wishes",
            "item": [
                {"linkId": "wants", "answer": [{"valueBoolean": True}]},
                {
                    "linkId": "when",
                    "answer": [{"valueCoding": {"system": system, "code": "morning"}}],
                },
            ],
        },
        {"linkId": "from_day", "answer": [{"valueDate": "2024-02-01"}]},
        {"linkId": "how_many", "answer": [{"valueInteger": 2}]},
        {"linkId": "else", "answer": [{"valueString": "own words"}]},
    ]
    wants, when = questionnaire["item"][0]["item"]
    assert wants["type"] == "boolean"
    assert wants["required"]
    assert when["answerOption"][0]["valueCoding"]["system"] == system
    assert when["enableWhen"] == [{"question": "wants", "operator": "=", "answerBoolean": True}]
    kind = {"r4b": ("open-choice", None), "r5": ("coding", "optionsOrString")}[release]
    assert (when["type"], when.get("answerConstraint")) == kind
    assert "worker-9" not in json.dumps(found)
    (plan,) = found["PlanDefinition"]
    (interviewing, sessions) = plan["action"]
    assert interviewing["definitionCanonical"] == questionnaire["url"]
    assert sessions["timingTiming"] == {
        "repeat": {"frequency": 1, "frequencyMax": 2, "period": 1, "periodUnit": "wk"}
    }


@every_release
@pytest.mark.parametrize(
    "name", ["wertzu", "kokemusohjaus", "yhteiso", "yhteiskehittaminen", "verna"]
)
def test_every_shipped_programme_is_a_plan(release: str, name: str) -> None:
    for one in definitions(osa.program(name), RELEASES[release], "fi"):
        assert problems(one, release) == []


@every_release
def test_every_resource_of_an_example_is_one(release: str, tmp_path: Path) -> None:
    with osa.open("memory:", actor="test", purpose="test") as register:
        register.add(read_folder(EXAMPLES / "verna"))
        told = register.export(f"fhir-{release}", tmp_path / "out")
        for file in told.files:
            for line in file.read_text().splitlines():
                assert problems(json.loads(line), release) == []
        report = register.report("evaluation", program="verna", by=["group.place"])
        for profile, expected in (("internal", ["INTERNAL", "HTEST"]), ("public", ["HTEST"])):
            bundle = json.loads(report.release(profile).render(f"fhir-{release}"))
            assert problems(bundle, release) == []
            kinds = [one["resource"]["resourceType"] for one in bundle["entry"]]
            assert {"Measure", "MeasureReport"} == set(kinds)
            addresses = [one["fullUrl"] for one in bundle["entry"]]
            assert len(addresses) == len(set(addresses))
            tags = [one["code"] for one in bundle["meta"]["tag"]]
            assert tags == expected


@pytest.fixture(scope="module")
def all_of_it(tmp_path_factory: Any) -> Any:
    """What is written of the examples, their reports and all programmes, by release."""

    @cache
    def every_resource(release: str) -> list[dict[str, Any]]:
        place = tmp_path_factory.mktemp(release)
        found: list[dict[str, Any]] = []
        for example in ("verna", "kokemusohjaus"):
            with osa.open("memory:", actor="test", purpose="test") as register:
                register.add(read_folder(EXAMPLES / example))
                files = register.export(f"fhir-{release}", place / example).files
                found += [
                    json.loads(line) for one in files for line in one.read_bytes().splitlines()
                ]
                report = register.report("evaluation", program=example, by=["group.place"])
                found += [
                    json.loads(report.release(profile).render(f"fhir-{release}"))
                    for profile in ("internal", "public")
                ]
        for name in ("wertzu", "kokemusohjaus", "yhteiso", "yhteiskehittaminen", "verna"):
            found += definitions(osa.program(name), RELEASES[release], "fi")
        return [*found, *definitions(read_program(ASKING, "asking.toml"), RELEASES[release], "en")]

    return every_resource


@every_release
def test_the_types_of_the_definitions_hold_for_every_resource(
    release: str, all_of_it: Any, tmp_path: Path
) -> None:
    """By the TypeScript compiler: no name and no closed code that the release does not have."""
    assert found_by_types(all_of_it(release), release, tmp_path) == []


def test_the_rules_and_value_sets_of_the_definitions_hold(all_of_it: Any) -> None:
    """By fhir.js and Medplum, who have the definitions of R4."""
    resources = all_of_it("r4b")
    inside = sum(len(one.get("entry", ())) for one in resources)
    assert found_by_definitions(resources) == [f"{len(resources) + inside} read"]


@every_release
def test_the_types_find_what_is_wrong(release: str, tmp_path: Path) -> None:
    """Otherwise their silence would show nothing."""
    episode = {"resourceType": "EpisodeOfCare", "status": "active", "patient": {"reference": "P/1"}}
    wrong: list[dict[str, Any]] = [
        episode,
        {**episode, "status": "klaar"},
        {**episode, "colour": "red"},
        {"resourceType": "EpisodeOfCare", "status": "active"},
        {**episode, "period": {"start": 2024}},
        {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {**episode, "status": "klaar"}}]},
    ]  # fmt: skip
    found = "\n".join(found_by_types(wrong, release, tmp_path))
    lines = {int(line) for line in re.findall(r"resources\.ts\((\d+),", found)}
    assert lines == {3, 4, 5, 6, 7}


def test_the_definitions_find_what_is_wrong() -> None:
    """A code that is not in its value set, a rule that is broken, a place that is not there."""
    question = {"linkId": "a", "type": "display", "required": True}
    twice = {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Patient"}}
    wrong: list[dict[str, Any]] = [
        {"resourceType": "EpisodeOfCare", "status": "klaar", "patient": {"reference": "Patient/1"}},
        {"resourceType": "EpisodeOfCare", "status": "active", "patient": {"reference": "Group/1"}},
        {"resourceType": "Patient", "colour": "red"},
        {"resourceType": "Questionnaire", "status": "active", "item": [question]},
        {"resourceType": "Bundle", "type": "collection", "entry": [twice, twice]},
        {"resourceType": "Measure", "status": "active", "group": [{"population": [{"criteria": {}}]}]},
    ]  # fmt: skip
    found = "\n".join(found_by_definitions(wrong))
    for said in (
        'fhir.js EpisodeOfCare.status: Code "klaar" not found',
        "fhir.js EpisodeOfCare.patient: Invalid type",
        "fhir.js Patient.colour: Unexpected property",
        "Constraint que-6 not met",
        "Constraint bdl-7 not met",
        "criteria.language: Missing property",
    ):
        assert said in found


def bundle(release: str, *figures: Any, **of: Any) -> dict[str, Any]:
    """The bundle of a report with one table."""
    table = Table("t", ("",), tuple((one,) for one in figures))
    made = Document(title="x", locale="en", blocks=(table,), **of)
    content = plugins.load("exporters", f"fhir-{release}")().render(made)
    found: dict[str, Any] = json.loads(content)
    assert problems(found, release) == []
    return found


def reports(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Its reports."""
    every = [one["resource"] for one in found["entry"]]
    return [one for one in every if one["resourceType"] == "MeasureReport"]


@every_release
def test_a_share_has_its_populations_score_and_interval(release: str) -> None:
    (report,) = reports(bundle(release, share("completed", 20, 40)))
    (group,) = report["group"]
    counts = {one["code"]["coding"][0]["code"]: one["count"] for one in group["population"]}
    assert counts == {"numerator": 20, "denominator": 40}
    score = group["measureScoreQuantity" if release == "r5" else "measureScore"]
    assert score["value"] == 0.5
    ranges = [one for one in score["extension"] if "valueRange" in one]
    assert ranges[0]["valueRange"]["low"]["value"] < 0.5 < ranges[0]["valueRange"]["high"]["value"]
    assert report["period"] == {"end": "2018-12-31"}


@every_release
def test_a_hidden_figure_is_masked(release: str) -> None:
    """Neither its score nor any of its counts is there, and each place says why."""
    text = json.dumps(bundle(release, share("completed", 20, 40), hidden("b")))
    assert str(SECRET) not in text
    secret = hidden("b")
    masked = [
        one for report in reports(bundle(release, secret)) for one in report["group"]
    ]  # fmt: skip
    said = json.dumps(masked)
    assert said.count('"masked"') >= 2
    assert '"count"' not in said
    assert '"value":' not in said


@every_release
def test_strata_are_strata(release: str) -> None:
    figures = [
        share("c", 30, 60),
        share("c", 10, 20, place="Turku"),
        share("c", 20, 40, place="Oulu"),
    ]
    (report,) = reports(bundle(release, *figures))
    (group,) = report["group"]
    (stratifier,) = group["stratifier"]
    value = "valueCodeableConcept" if release == "r5" else "value"
    assert [one[value]["text"] for one in stratifier["stratum"]] == ["Turku", "Oulu"]
    both = [share("c", 10, 20, place="Turku", setting="street")]
    ((two,),) = [one["group"] for one in reports(bundle(release, *both))]
    assert len(two["stratifier"][0]["stratum"][0]["component"]) == 2


@every_release
def test_an_internal_report_says_so_on_every_resource(release: str) -> None:
    found = bundle(release, count("a", 40), generated=datetime(2025, 3, 3, tzinfo=UTC))
    resources = [found, *(one["resource"] for one in found["entry"])]
    for one in resources:
        assert one["meta"]["security"][0]["code"] == "R"
        assert one["meta"]["tag"][0]["code"] == "INTERNAL"
    released = bundle(release, count("a", 40), internal=False)
    assert "INTERNAL" not in json.dumps(released)


@every_release
@pytest.mark.parametrize("locale", ["fi", "sv", "en"])
def test_the_whole_sample_is_a_bundle(release: str, locale: str) -> None:
    content = plugins.load("exporters", f"fhir-{release}")().render(document(locale))
    assert problems(json.loads(content), release) == []


def test_an_id_of_ours_becomes_an_id_of_theirs() -> None:
    assert resource_id("p-1.a") == "p-1.a"
    one, other = resource_id("p_1"), resource_id("p:1")
    assert one != other
    assert parts._ID(one)
    assert parts._ID(other)
