"""The published schema and the JSON reports fit each other exactly."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import get_args

import jsonschema
import pytest
from attrs import evolve

import osallisuus as osa
from osallisuus.exporters.json import SCHEMA_VERSION, JsonExporter
from osallisuus.ingest.folder import read_folder
from osallisuus.metrics.plain import Measure, Status
from osallisuus.reports.document import ChartKind, Document, NoteKind, Table, View
from osallisuus.words.locale import LOCALES
from tests.exporters.test_csv import FORMULAS
from tests.reports.sample import document, hidden, hostile

EXAMPLES = Path(__file__).parents[2] / "examples"
SCHEMA = json.loads((files("osallisuus.exporters") / "report.schema.json").read_text("utf-8"))
CHECKER = jsonschema.Draft202012Validator(
    SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)


def check(content: bytes) -> None:
    CHECKER.validate(json.loads(content))


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_documents_offer_the_schema_that_the_package_ships():
    page = Path(__file__).parents[2] / "docs" / "exporting.md"
    (place,) = re.findall(r"{download}`report\.schema\.json <(.+?)>`", page.read_text("utf-8"))
    assert json.loads((page.parent / place).read_text("utf-8")) == SCHEMA


@pytest.mark.parametrize("locale", sorted(LOCALES))
@pytest.mark.parametrize("internal", [True, False])
def test_the_sample_keeps_it_in_every_language(locale, internal):
    check(JsonExporter().render(document(locale, internal=internal)))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_report_with_hostile_texts_keeps_it(text):
    check(JsonExporter().render(hostile(text)))


@pytest.mark.parametrize("program", ["wertzu", "verna"])
@pytest.mark.parametrize("profile", ["public", "internal"])
def test_the_reports_on_the_examples_keep_it(program, profile):
    with osa.open("memory:", actor="test", purpose="test") as register:
        register.add(read_folder(EXAMPLES / program))
        report = register.report("evaluation", program=program, by=["group.place"])
        check(report.release(profile).render("json"))


def test_it_knows_every_word_that_the_model_knows():
    """A new measure, view, kind or status must be told to those who read the files."""
    defined = SCHEMA["$defs"]
    figure, cell = defined["figure"]["properties"], defined["cell"]["properties"]
    assert figure["measure"]["enum"] == list(get_args(Measure))
    assert figure["status"]["enum"] == list(get_args(Status))
    assert cell["view"]["enum"] == list(get_args(View))
    assert defined["chart"]["properties"]["kind"]["enum"] == list(get_args(ChartKind))
    assert defined["note"]["properties"]["kind"]["enum"] == list(get_args(NoteKind))
    assert set(SCHEMA["properties"]["locale"]["enum"]) == set(LOCALES)
    assert SCHEMA["properties"]["schema_version"] == {
        "const": SCHEMA_VERSION,
        "description": "Changes when a reader of the files could break.",
    }
    assert SCHEMA["$id"].endswith(f":{SCHEMA_VERSION}")


SPOILED = {
    "a hidden number": lambda made: first_figure(made).update(n=4),
    "no stamp": lambda made: made.pop("internal"),
    "an unknown field": lambda made: made.update(extra=1),
    "another version": lambda made: made.update(schema_version=SCHEMA_VERSION + 1),
    "an unknown block": lambda made: made["blocks"].append({"type": "picture"}),
    "no view": lambda made: made["blocks"][0]["rows"][0][0].pop("view"),
    "no day": lambda made: first_figure(made).update(as_of="yesterday"),
    "no censoring": lambda made: first_figure(made).pop("censored"),
}


def first_figure(made):
    return made["blocks"][0]["rows"][0][0]["figure"]


@pytest.mark.parametrize("fault", SPOILED)
def test_what_is_not_such_a_report_does_not_keep_it(fault):
    """Above all a hidden figure with a number."""
    table = Table("t", ("",), ((evolve(hidden("a")),),))
    made = json.loads(
        JsonExporter().render(Document(title="x", locale="en", blocks=(table,), internal=False))
    )
    CHECKER.validate(made)
    SPOILED[fault](made)
    with pytest.raises(jsonschema.ValidationError):
        CHECKER.validate(made)
