"""The versions that docs/versions.md names are those of the code."""

import importlib
import json
import re
import sqlite3
from pathlib import Path

import pytest

import osallisuus as osa
from osallisuus import contracts
from osallisuus.exporters import json as report_as_json
from osallisuus.ingest.package import descriptor_of
from osallisuus.reports import frozen
from osallisuus.reports.definition import ReportDefinition
from osallisuus.sinks import manifest

PAGE = Path(__file__).parents[2] / "docs" / "versions.md"


@pytest.fixture(scope="module")
def stated():
    """What -> its number and the place, as the table of the page has them."""
    rows = re.findall(
        r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|", PAGE.read_text("utf-8"), re.MULTILINE
    )
    return {name.strip("* "): (number, place) for name, number, place in rows}


def test_the_version_of_the_library(stated):
    assert stated["library"][0] == osa.__version__


@pytest.mark.parametrize("group", sorted(contracts._API))
def test_the_version_of_each_port(stated, group):
    """The number on the page, of the check at loading and beside the port are one."""
    number, place = stated[group.replace("_", " ")]
    module, _, name = place.strip("`").rpartition(".")

    assert int(number) == contracts._API[group]
    assert int(number) == getattr(importlib.import_module(f"osallisuus.{module}"), name)


def test_every_port_with_a_version_stands_in_the_table(stated):
    assert {group.replace("_", " ") for group in contracts._API} <= set(stated)


def test_the_schema_of_a_store(stated, tmp_path):
    """As it stands in a file that the library made."""
    with osa.open(str(tmp_path / "facts.db")):
        pass
    database = sqlite3.connect(tmp_path / "facts.db")
    (version,) = database.execute("PRAGMA user_version").fetchone()
    database.close()

    assert int(stated["SQL store"][0]) == version


def test_the_schema_of_a_fact_folder(stated):
    package = json.loads(descriptor_of(["people"]))

    assert int(stated["fact folder"][0]) == package["osallisuus_schema_version"]


def test_the_schema_of_a_vault(stated):
    files = pytest.importorskip("osallisuus.vault.files")

    assert int(stated["vault"][0]) == files._VERSION


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("published copy", manifest._FORMAT),
        ("report definition", ReportDefinition.__attrs_attrs__.schema_version.default),
        ("frozen report", frozen.SCHEMA_VERSION),
        ("report as JSON", report_as_json.SCHEMA_VERSION),
    ],
)
def test_the_schemas_of_other_files(stated, name, number):
    assert int(stated[name][0]) == number
