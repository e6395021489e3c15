"""One tidy CSV file of all figures: for a script, and in a second form for Excel.

One row per figure, in the order of the document; a hidden number is an empty cell and its status
says so. Numbers are written for machines, with a point and all their digits; in the form for Excel
with the decimal sign of the report's language. A text that a spreadsheet would take for a formula
gets one apostrophe in front (requirement R18); :func:`unguard` takes it away again, and no text
changes on the way there and back.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import ClassVar, Final

from osallisuus.metrics.figure import Figure
from osallisuus.metrics.written import (
    label_of,
    metric_title,
    note_text,
    part_label,
    stratum_name,
)
from osallisuus.reports.document import Chart, Document, Table, clean_text, distinct
from osallisuus.reports.exporter import API_VERSION
from osallisuus.words import Words

__all__ = ["CsvExporter", "ExcelCsvExporter", "guard", "unguard"]

_BEFORE: Final = ("table", "metric")
_AFTER: Final = (
    "period",
    "name",
    "at",
    "measure",
    "value",
    "low",
    "high",
    "k",
    "n",
    "persons",
    "at_risk",
    "censored",
    "status",
    "reason",
    "notes",
    "method",
    "definition",
    "as_of",
)
_INTERNAL: Final = "INTERNAL"
"""The name and the value of a last column that only exact figures have."""
_MARKS: Final = {"shown": "shown", "suppressed": "hidden", "undefined": "undefined"}
"""The status of a figure -> the word for it."""
_TRIGGERS: Final = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""What begins a formula, also after spaces, and in the full-width signs of East Asian systems."""


def _looks_like_formula(text: str) -> bool:
    bare = text.lstrip("'")
    return bare.startswith(_TRIGGERS) or bare.lstrip("' \u00a0\u3000").startswith(_TRIGGERS)


def guard(text: str) -> str:
    """*text* so that no spreadsheet takes it for a formula.

    >>> guard("=1+1"), guard("'=1+1"), guard("Verna")
    ("'=1+1", "''=1+1", 'Verna')
    """
    return f"'{text}" if _looks_like_formula(text) else text


def unguard(text: str) -> str:
    """The inverse of :func:`guard`."""
    return text[1:] if text.startswith("'") and _looks_like_formula(text[1:]) else text


class CsvExporter:
    """Writes all figures of a document as RFC 4180 text in UTF-8.

    A stratum has a column of its own, named as in the facts; an empty one means that the figure is
    not divided by it, and ``(not stated)`` that the facts do not say. Of an internal document each
    row ends in ``INTERNAL``.
    """

    api_version: ClassVar[int] = API_VERSION
    name: ClassVar[str] = "csv"
    suffix: ClassVar[str] = ".csv"
    media_type: ClassVar[str] = "text/csv; charset=utf-8"

    def render(self, document: Document) -> bytes:
        """The figures of *document*, one row each, under one row of column names."""
        return _written(document).encode()


class ExcelCsvExporter:
    """The same rows as :class:`CsvExporter` writes, as Excel opens them by a double click.

    Columns are parted by a semicolon, and a byte order mark says that the file is UTF-8. What
    stands as a code in the form for programs, such as a metric, a status or a method, is in words
    of the report's language, and the decimal sign is its own. The columns of a Finnish or Swedish
    report have names in that language; those of an English one the names of the form for programs.
    """

    api_version: ClassVar[int] = API_VERSION
    name: ClassVar[str] = "csv-excel"
    suffix: ClassVar[str] = ".csv"
    media_type: ClassVar[str] = "text/csv; charset=utf-8"

    def render(self, document: Document) -> bytes:
        """The figures of *document*, one row each, under one row of column names."""
        return _written(document, Words(document.locale)).encode("utf-8-sig")


def _written(document: Document, words: Words | None = None) -> str:
    """The file as people open it in the language of *words*, else as programs read it."""
    found = list(_figures(document))
    strata = tuple(dict.fromkeys(key for _, figure in found for key in figure.strata))
    text = io.StringIO()
    writer = csv.writer(text, delimiter="," if words is None else ";", lineterminator="\r\n")
    # the rows of a file are copied one by one, so each of them says what it is
    stamps = [_INTERNAL] if document.internal else []
    writer.writerow([*_heads(strata, words), *stamps])
    decimal = "." if words is None else words.locale.decimal
    for table, figure in found:
        row = _row(table, figure, strata, words)
        cells = [str(one).replace(".", decimal) if isinstance(one, float) else one for one in row]
        writer.writerow([*cells, *stamps])
    return text.getvalue()


def _heads(strata: tuple[str, ...], words: Words | None) -> list[str]:
    """The names of the columns; those of strata are the facts' own in English and for programs."""
    own = [*map(_text, strata)]
    if words is None:
        return [*_BEFORE, *own, *_AFTER]
    if words.code != "en":
        named = [_text(stratum_name(one, words)) for one in strata]
        # two strata of one name keep the facts' own, which tell them apart
        own = [
            name if named.count(name) == 1 else one for name, one in zip(named, own, strict=True)
        ]
    before, after = ([words(f"csv.{one}") for one in part] for part in (_BEFORE, _AFTER))
    return [*before, *own, *after]


def _figures(document: Document) -> Iterator[tuple[str, Figure]]:
    """Each figure once per table, those drawn in a chart counted to the chart's table."""
    for block in document.blocks:
        if not isinstance(block, Table | Chart):
            continue
        table = block.table if isinstance(block, Chart) else block
        series = block.series if isinstance(block, Chart) else ()
        drawn = tuple(figure for line in series for figure in line.figures)
        for figure in distinct((*table.figures, *drawn)):
            yield table.caption, figure


def _row(
    table: str, figure: Figure, strata: tuple[str, ...], words: Words | None
) -> list[str | int | float]:
    plain = figure.to_dict() | {
        "metric": figure.provenance.metric,
        "notes": " ".join(figure.notes),
        "definition": figure.provenance.definition,
        "as_of": figure.provenance.as_of.isoformat(),
    }
    if words is not None:
        plain |= _in_words(figure, words)
    return [
        _text(table),
        _text(plain["metric"]),
        *(_stratum(figure, key, words) for key in strata),
        *(_cell(plain[column]) for column in _AFTER),
    ]


def _in_words(figure: Figure, words: Words) -> dict[str, str]:
    """What stands for the codes of a figure where people read them."""
    said = {"method": figure.method, "reason": figure.reason}
    notes = () if figure.status == "suppressed" else figure.notes
    return {
        "metric": metric_title(figure.provenance.metric, words),
        "name": part_label(figure, words),
        "measure": words.label("measure", figure.measure),
        "status": words(f"mark.{_MARKS[figure.status]}_word"),
        "notes": " ".join(note_text(figure, note, words) for note in notes),
        **{column: words.label(column, code) if code else "" for column, code in said.items()},
    }


def _stratum(figure: Figure, key: str, words: Words | None) -> str:
    if key not in figure.strata:
        return ""
    value = figure.strata[key]
    if value is None:
        return "(not stated)" if words is None else words("cell.not_stated")
    return _text(value if words is None else label_of(value, words))


def _cell(value: str | float | None) -> str | int | float:
    if value is None:
        return ""
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    return guard(clean_text(text))
