"""Figures as open data: SDMX-CSV and a data package, as their own libraries read them."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import frictionless
import pytest
from attrs import evolve
from frictionless import system
from pysdmx.io import read_sdmx

from osallisuus.exporters.csv import unguard
from osallisuus.exporters.fhir.figures import FhirR4bExporter, FhirR5Exporter
from osallisuus.exporters.package import PackageExporter
from osallisuus.exporters.sdmx import SdmxExporter, time_period
from osallisuus.reports.document import Chart, Document, Series, Shown, Table
from osallisuus.reports.exporter import API_VERSION, Exporter
from osallisuus.time import Period
from tests.reports.sample import SECRET, count, document, hidden, hostile, share

EXPORTERS = (SdmxExporter, PackageExporter, FhirR4bExporter, FhirR5Exporter)
every_exporter = pytest.mark.parametrize(
    "exporter", [made() for made in EXPORTERS], ids=lambda made: made.name
)


def text_of(content: bytes) -> str:
    """All that stands in a file, that in a zip included."""
    if content[:2] != b"PK":
        return content.decode()
    with ZipFile(io.BytesIO(content)) as packed:
        return "\n".join(packed.read(name).decode() for name in packed.namelist())


def observations(made: Document, place: Path) -> list[dict[str, Any]]:
    """The rows as pysdmx reads them, with nothing for an empty cell."""
    file = place / "figures.csv"
    file.write_bytes(SdmxExporter().render(made))
    (found,) = read_sdmx(file).data
    assert found.structure == "Dataflow=OSALLISUUS:FIGURES(1.0)"
    rows: list[dict[str, Any]] = found.data.fillna("").astype(str).to_dict("records")
    return rows


def table(*figures: Any, **of: Any) -> Document:
    """A report with one table."""
    rows = tuple((one,) for one in figures)
    return Document(title="x", locale="en", blocks=(Table("t", ("",), rows),), **of)


def test_an_observation_has_its_number_its_counts_and_its_place(tmp_path: Path) -> None:
    rows = observations(
        table(
            share("completed", 20, 40, place="Turku", notes=("few_clusters",)),
            hidden("b"),
            internal=False,
        ),
        tmp_path,
    )
    told = [
        {
            key: row[key].removesuffix(".0")
            for key in (
                "PART",
                "OBS_VALUE",
                "NUMERATOR",
                "DENOMINATOR",
                "OBS_STATUS",
                "CONF_STATUS",
            )
        }
        for row in rows
    ]
    assert told == [
        {
            "PART": "completed",
            "OBS_VALUE": "0.5",
            "NUMERATOR": "20",
            "DENOMINATOR": "40",
            "OBS_STATUS": "A",
            "CONF_STATUS": "F",
        },
        {
            "PART": "b",
            "OBS_VALUE": "",
            "NUMERATOR": "",
            "DENOMINATOR": "",
            "OBS_STATUS": "Q",
            "CONF_STATUS": "F",
        },
    ]
    assert rows[0]["COMMENT_OBS"] == "few_clusters"
    assert "Turku" in rows[0].values()
    assert "_T" in rows[1].values()


def test_no_two_observations_have_the_same_key(tmp_path: Path) -> None:
    """The dimensions tell every figure of a report apart, as SDMX asks."""
    rows = observations(document("en"), tmp_path)
    measured = {
        "OBS_VALUE", "LOWER", "UPPER", "NUMERATOR", "DENOMINATOR", "OBS_STATUS", "CONF_STATUS",
        "AS_OF", "COMMENT_OBS",
    }  # fmt: skip
    keys = [tuple(value for name, value in row.items() if name not in measured) for row in rows]
    assert len(keys) == len(set(keys)) > 10


@pytest.mark.parametrize(
    ("first", "after", "said"),
    [
        (date(2018, 1, 1), date(2019, 1, 1), "2018"),
        (date(2018, 10, 1), date(2019, 1, 1), "2018-Q4"),
        (date(2018, 2, 1), date(2018, 3, 1), "2018-02"),
        (date(2018, 12, 1), date(2019, 1, 1), "2018-12"),
        (date(2018, 7, 1), date(2019, 7, 1), "2018-07-01/P365D"),
        (date(2018, 2, 1), date(2018, 5, 1), "2018-02-01/P89D"),
        (date(2018, 1, 2), date(2019, 1, 1), "2018-01-02/P364D"),
    ],
)
def test_time_is_written_as_sdmx_writes_it(first: date, after: date, said: str) -> None:
    assert time_period(Period(first, after)) == said


def test_an_internal_report_is_not_for_publication(tmp_path: Path) -> None:
    rows = observations(table(count("a", 40)), tmp_path)
    assert {(row["CONF_STATUS"], row["COMMENT_OBS"]) for row in rows} == {("N", "INTERNAL")}


def unpacked(made: Document, place: Path) -> Path:
    """The package of a report as a folder."""
    with ZipFile(io.BytesIO(PackageExporter().render(made))) as packed:
        packed.extractall(place)
    return place / "datapackage.json"


@pytest.mark.parametrize("locale", ["fi", "sv", "en"])
def test_a_data_package_is_valid_and_has_types(locale: str, tmp_path: Path) -> None:
    file = unpacked(document(locale), tmp_path)
    with system.use_context(trusted=True):
        report = frictionless.validate(str(file))
        assert report.valid, report.flatten(["note"])
        rows = frictionless.Package(str(file)).get_resource("figures").read_rows()
    assert {type(row["k"]) for row in rows} == {int, type(None)}
    assert {row["status"] for row in rows} >= {"shown", "suppressed"}
    assert all(row["value"] is None for row in rows if row["status"] == "suppressed")


def test_a_package_whose_numbers_were_changed_to_words_is_not_valid(tmp_path: Path) -> None:
    """The descriptor says enough for another program to notice."""
    file = unpacked(table(count("a", 40)), tmp_path)
    figures = tmp_path / "figures.csv"
    figures.write_text(figures.read_text().replace("40", "many"))
    with system.use_context(trusted=True):
        assert not frictionless.validate(str(file)).valid


def test_an_internal_package_says_so(tmp_path: Path) -> None:
    told = json.loads(unpacked(table(count("a", 40)), tmp_path).read_text())
    assert (told["internal"], told["name"]) == (True, "internal-figures")
    assert "INTERNAL" in (tmp_path / "figures.csv").read_text()
    moment = datetime(2025, 3, 3, 9, 5, tzinfo=UTC)
    made = table(count("a", 40), internal=False, generated=moment)
    told = json.loads(unpacked(made, tmp_path).read_text())
    assert (told["internal"], told["created"]) == (False, "2025-03-03T09:05:00+00:00")


# What holds for each of them, and for FHIR too ------------------------------------------------


@every_exporter
def test_it_keeps_the_port(exporter: Any) -> None:
    assert isinstance(exporter, Exporter)
    assert exporter.api_version == API_VERSION
    assert exporter.suffix.startswith(".")


def test_two_processes_with_other_hash_seeds_give_the_same_bytes() -> None:
    program = (
        "import hashlib\n"
        "from osallisuus import plugins\n"
        "from tests.reports.sample import document\n"
        "for name in ('sdmx', 'package', 'fhir-r4b', 'fhir-r5'):\n"
        "    made = plugins.load('exporters', name)().render(document('sv'))\n"
        "    print(hashlib.sha256(made).hexdigest())\n"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join([".", *sys.path])},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1]
    assert told[0].count("\n") == len(EXPORTERS)


@every_exporter
def test_no_digit_of_a_hidden_number_is_in_any_byte(exporter: Any) -> None:
    assert str(SECRET) not in text_of(exporter.render(document("fi")))


@every_exporter
def test_the_output_does_not_depend_on_what_is_hidden(exporter: Any) -> None:
    def report(number: int) -> Document:
        secret = evolve(
            hidden("b"), value=number, low=number / 2, k=number, n=3 * number, persons=number
        )
        rows = (("a", count("a", 40)), ("b", secret), ("b", Shown(secret, "cases")))
        made = Table("t", ("", ""), rows)
        bars = (Series("a", (count("a", 40),)), Series("b", (secret,)))
        return Document(title="x", locale="en", blocks=(made, Chart("bars", "c", "d", bars, made)))

    assert exporter.render(report(1)) == exporter.render(report(987_654))


@every_exporter
def test_text_that_cannot_be_shown_does_not_stop_the_report(exporter: Any) -> None:
    text_of(exporter.render(hostile("\ud800\x00\x1b[31m\u202e\r\nx")))
    exporter.render(Document(title="", locale="fi", blocks=()))


@pytest.mark.parametrize("place", ["=1+1", "'=1+1", "@SUM(1)", "-1", "\uff1d1"])
def test_no_cell_is_a_formula_and_the_text_can_be_had_again(place: str) -> None:
    """R18, as in the format ``csv``."""
    made = SdmxExporter().render(table(share("a", 20, 40, place=place))).decode()
    header, row = csv.reader(io.StringIO(made))
    column = next(n for n, name in enumerate(header) if name == "PLACE")
    assert row[column].startswith("'")
    assert unguard(row[column]) == place
