"""A released report as open data: a Frictionless data package in one zip file.

``datapackage.json`` says what ``figures.csv`` holds, column by column, so that any program that
knows data packages reads the figures with their types. The rows are those of the format ``csv``.
"""

from __future__ import annotations

import csv
import io
import json
from typing import Any, ClassVar, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from osallisuus.exporters.clean import clean_values
from osallisuus.exporters.csv import CsvExporter
from osallisuus.reports.document import Document
from osallisuus.reports.exporter import API_VERSION

__all__ = ["PackageExporter"]

_TYPES: Final = {
    "at": "integer",
    "value": "number",
    "low": "number",
    "high": "number",
    "k": "integer",
    "n": "integer",
    "persons": "integer",
    "at_risk": "integer",
    "censored": "number",
    "as_of": "date",
}
"""Column -> type; any other column is text."""
_MEANINGS: Final = {
    "table": "the table of the report in which the figure stands",
    "metric": "the code of the metric",
    "period": "the first day, and the first day after it",
    "name": "which part of the metric the figure is",
    "at": "days since the beginning, of a point on a curve",
    "measure": "the unit of the value",
    "value": "empty where it is hidden or cannot be computed, see status",
    "low": "the lower end of the interval",
    "high": "the upper end of the interval",
    "k": "cases that count, of those in n",
    "n": "cases",
    "persons": "distinct people or other protected units",
    "at_risk": "cases still followed on that day",
    "censored": "share of cases whose outcome is not known yet",
    "status": "shown, undefined or suppressed",
    "reason": "why it is undefined",
    "notes": "codes of warnings",
    "method": "how the interval was computed",
    "definition": "the first digits of the hash of the metric's definition",
    "as_of": "facts dated before this day are counted",
}
_STILL: Final = (1980, 1, 1, 0, 0, 0)
"""The time of the files in the zip: no clock is read."""


class PackageExporter:
    """Writes a zip of ``datapackage.json`` and ``figures.csv``."""

    api_version: ClassVar[int] = API_VERSION
    name: ClassVar[str] = "package"
    suffix: ClassVar[str] = ".zip"
    media_type: ClassVar[str] = "application/zip"

    def render(self, document: Document) -> bytes:
        """*document* as the bytes of a zip file; equal documents give equal bytes."""
        rows = CsvExporter().render(document)
        header = next(csv.reader(io.StringIO(rows.decode())))
        described = json.dumps(
            clean_values(_descriptor(document, header)), indent=2, ensure_ascii=False
        )
        packed = io.BytesIO()
        with ZipFile(packed, "w", ZIP_DEFLATED) as target:
            for name, content in (
                ("datapackage.json", (described + "\n").encode()),
                ("figures.csv", rows),
            ):
                made = ZipInfo(name, _STILL)
                made.external_attr = 0o600 << 16
                made.compress_type = ZIP_DEFLATED
                target.writestr(made, content)
        return packed.getvalue()


def _descriptor(document: Document, header: list[str]) -> dict[str, Any]:
    told = {"created": document.generated.isoformat()} if document.generated else {}
    return {
        "profile": "tabular-data-package",
        "name": "internal-figures" if document.internal else "figures",
        "title": document.title,
        "description": document.profile_note,
        "internal": document.internal,
        **told,
        **({"osallisuus": dict(document.metadata)} if document.metadata else {}),
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": "figures",
                "path": "figures.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "doubleQuote": True},
                "schema": {
                    "fields": [_field(name) for name in header],
                    "missingValues": [""],
                },
            }
        ],
    }


def _field(name: str) -> dict[str, Any]:
    field: dict[str, Any] = {"name": name, "type": _TYPES.get(name, "string")}
    if name in _MEANINGS:
        field["description"] = _MEANINGS[name]
    if name == "status":
        field["constraints"] = {"required": True, "enum": ["shown", "undefined", "suppressed"]}
    return field
