"""What holds for each report exporter of ours alike."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from attrs import evolve

from osallisuus.exporters.csv import CsvExporter, ExcelCsvExporter
from osallisuus.exporters.html import HtmlExporter
from osallisuus.exporters.json import JsonExporter
from osallisuus.exporters.markdown import MarkdownExporter
from osallisuus.exporters.text import TextExporter
from osallisuus.reports.document import Chart, Document, Series, Shown, Table
from osallisuus.reports.exporter import API_VERSION, Exporter
from osallisuus.words.locale import LOCALES
from tests.reports.sample import SECRET, count, document, hidden, hostile, share

EXPORTERS = (
    TextExporter,
    MarkdownExporter,
    HtmlExporter,
    CsvExporter,
    ExcelCsvExporter,
    JsonExporter,
)
FOR_READERS = (TextExporter, MarkdownExporter, HtmlExporter)
every_exporter = pytest.mark.parametrize(
    "exporter", [made() for made in EXPORTERS], ids=lambda made: made.name
)
reader_exporter = pytest.mark.parametrize(
    "exporter", [made() for made in FOR_READERS], ids=lambda made: made.name
)


@every_exporter
def test_it_keeps_the_port(exporter):
    assert isinstance(exporter, Exporter)
    assert exporter.api_version == API_VERSION
    assert exporter.suffix.startswith(".")


@every_exporter
@pytest.mark.parametrize("locale", sorted(LOCALES))
def test_it_renders_the_report_in_every_language(exporter, locale):
    text = exporter.render(document(locale)).decode()
    assert "Helsinki" in text
    assert text.endswith("\n")


@every_exporter
def test_equal_reports_give_equal_bytes(exporter):
    assert exporter.render(document("fi")) == exporter.render(document("fi"))


def test_two_processes_with_other_hash_seeds_give_the_same_bytes():
    program = """
import hashlib
from osallisuus.exporters import csv, html, json, markdown, text
from tests.reports.sample import document
for made in (text.TextExporter, markdown.MarkdownExporter, html.HtmlExporter, csv.CsvExporter, csv.ExcelCsvExporter, json.JsonExporter):
    print(made.name, hashlib.sha256(made().render(document("sv"))).hexdigest())
"""
    outputs = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join([".", *sys.path])},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]
    assert outputs[0].count("\n") == len(EXPORTERS)


@every_exporter
def test_no_digit_of_a_hidden_number_is_in_any_byte(exporter):
    text = exporter.render(document("fi")).decode()
    digits = re.sub(r"[\s\u00a0,.]", "", text)
    assert str(SECRET) not in text
    assert str(SECRET) not in digits


@every_exporter
def test_the_output_does_not_depend_on_what_is_hidden(exporter):
    def report(number: int) -> Document:
        secret = evolve(
            hidden("b"), value=number, low=number / 2, k=number, n=3 * number, persons=number
        )
        rows = (("a", count("a", 40)), ("b", secret), ("b", Shown(secret, "cases")))
        table = Table("t", ("", ""), rows)
        bars = (Series("a", (count("a", 40),)), Series("b", (secret,)))
        chart = Chart("bars", "c", "d", bars, table)
        return Document(title="x", locale="en", blocks=(table, chart))

    assert exporter.render(report(1)) == exporter.render(report(987_654))


@reader_exporter
@pytest.mark.parametrize("locale", sorted(LOCALES))
def test_the_hidden_mark_is_explained_exactly_once(exporter, locale):
    from osallisuus.words import Words

    table = Table("t", ("",), ((hidden("x"),),))
    text = exporter.render(
        Document(title="x", locale=locale, blocks=(table, table, table))
    ).decode()
    report = exporter.render(document(locale)).decode()
    meaning = Words(locale)("mark.hidden_meaning")
    assert report.count(meaning) == 1
    assert meaning in text


@reader_exporter
def test_an_undefined_figure_is_a_dash_and_its_reason_is_given(exporter):
    text = exporter.render(document("en")).decode()
    assert "–" in text
    assert "It has not come that far yet." in text


@every_exporter
@pytest.mark.parametrize("word", ["nan", "None", "inf"])
def test_no_placeholder_of_the_language_leaks_out(exporter, word):
    assert not re.search(rf"\b{word}\b", exporter.render(document("sv")).decode())


@reader_exporter
def test_an_internal_report_says_so_and_a_released_one_does_not(exporter):
    stamp = "INTERNAL – not for publication"
    assert stamp in exporter.render(document("en", internal=True)).decode()
    assert stamp not in exporter.render(document("en")).decode()


@reader_exporter
def test_the_time_of_making_is_printed_only_when_it_is_given(exporter):
    timed = evolve(document("fi"), generated=datetime(2025, 3, 3, 9, 5, tzinfo=UTC))
    assert "3.3.2025 klo 9.05 UTC" in exporter.render(timed).decode()
    assert "Laadittu 3" not in exporter.render(document("fi")).decode()


@every_exporter
def test_text_that_cannot_be_shown_does_not_stop_the_report(exporter):
    exporter.render(hostile("\ud800\x00\x1b[31m\u202e\r\nx")).decode()


@every_exporter
def test_an_empty_report_and_an_empty_table_can_be_written(exporter):
    exporter.render(Document(title="", locale="fi", blocks=()))
    exporter.render(
        Document(title="x", locale="fi", blocks=(Table("", (), ()), Table("t", ("a",), ())))
    )


def test_the_page_is_made_without_the_slow_table_library():
    program = (
        "import sys; from tests.reports.sample import document;"
        "from osallisuus.exporters.html import HtmlExporter; HtmlExporter().render(document());"
        "print(sorted({'tabulate', 'jinja2', 'babel'} & sys.modules.keys()))"
    )
    made = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": os.pathsep.join([".", *sys.path])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout.strip() == "[]"


def test_a_figure_with_warnings_keeps_them_in_every_format():
    noted = share("a", 5, 7, notes=("few_clusters",))
    report = Document(title="x", locale="en", blocks=(Table("t", ("",), ((noted,),)),))
    for exporter in FOR_READERS:
        assert "the range is unreliable" in exporter().render(report).decode()
    for exporter in (CsvExporter, JsonExporter):
        assert "few_clusters" in exporter().render(report).decode()
