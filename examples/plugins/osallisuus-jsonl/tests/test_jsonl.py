"""The exporter keeps every promise of a fact exporter, and its lines can be read again."""

import json
from datetime import date

import osallisuus as osa
from osallisuus.conformance import FactExporterConformance

from osallisuus_jsonl import JsonLinesExporter


class TestJsonLines(FactExporterConformance):
    def exporter(self):
        return JsonLinesExporter()


class Facts:
    """Two people, and nothing else."""

    locale = "en"

    def rows(self, kind):
        if kind is osa.Person:
            yield osa.Person(id="a", registered_on=date(2025, 1, 31))
            yield osa.Person(id="b", registered_on=date(2024, 2, 29))

    def program(self, name):
        return None


def test_a_line_is_a_fact(tmp_path):
    """Its table, and what is stated of it."""
    JsonLinesExporter().write(Facts(), tmp_path / "facts.jsonl")
    lines = (tmp_path / "facts.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {"fact": "people", "id": "a", "registered_on": "2025-01-31"},
        {"fact": "people", "id": "b", "registered_on": "2024-02-29"},
    ]
