"""JSON for other programs: every text and every figure of a report, sorted and byte-stable.

The shape is stated by ``schema_version`` and published as ``report.schema.json`` beside this module
(JSON Schema, draft 2020-12). A hidden number is ``null`` and its ``status`` is
``suppressed``; ``text`` is what a reader of the other formats sees in that cell.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any, ClassVar, Final

from osallisuus.metrics.figure import Figure
from osallisuus.reports.cells import WrittenCell, explaining_table, written_table
from osallisuus.reports.document import (
    Block,
    Cell,
    Chart,
    Document,
    Heading,
    Hidden,
    Note,
    Provenance,
    Shown,
    Table,
    Text,
    clean_text,
)
from osallisuus.reports.exporter import API_VERSION
from osallisuus.time import Period
from osallisuus.words import Words

__all__ = ["SCHEMA_VERSION", "JsonExporter"]

SCHEMA_VERSION: Final = 1
"""Changes when a reader of the files could break."""


class JsonExporter:
    """Writes a document as one JSON object with sorted keys, in UTF-8."""

    api_version: ClassVar[int] = API_VERSION
    name: ClassVar[str] = "json"
    suffix: ClassVar[str] = ".json"
    media_type: ClassVar[str] = "application/json"

    def render(self, document: Document) -> bytes:
        """*document* as indented JSON ending in a line break."""
        words = Words(document.locale)
        explaining = explaining_table(document)
        content = {
            "schema_version": SCHEMA_VERSION,
            "title": document.title,
            "locale": document.locale,
            "internal": document.internal,
            "profile_note": document.profile_note,
            "generated": None if document.generated is None else document.generated.isoformat(),
            "metadata": dict(document.metadata),
            "blocks": [_block(block, words, explaining) for block in document.blocks],
        }
        text = json.dumps(
            _clean(content), ensure_ascii=False, allow_nan=False, sort_keys=True, indent=1
        )
        return f"{text}\n".encode()


def _block(block: Block, words: Words, explaining: Table | None) -> dict[str, Any]:
    match block:
        case Heading(level, text):
            return {"type": "heading", "level": level, "text": text}
        case Text(paragraphs):
            return {"type": "text", "paragraphs": list(paragraphs)}
        case Note(kind, text):
            return {"type": "note", "kind": kind, "text": text}
        case Table():
            return {"type": "table", **_table(block, words, block is explaining)}
        case Chart():
            return _chart(block, words, explaining)
        case Provenance(rows, title):
            return {"type": "provenance", "title": title, "rows": [list(row) for row in rows]}


def _chart(chart: Chart, words: Words, explaining: Table | None) -> dict[str, Any]:
    return {
        "type": "chart",
        "kind": chart.kind,
        "title": chart.title,
        "description": chart.description,
        "axis": chart.axis,
        "series": [
            {
                "label": series.label,
                "figures": [_figure(figure) for figure in series.figures],
                **({"steps": list(series.steps)} if series.steps else {}),
            }
            for series in chart.series
        ],
        "table": _table(chart.table, words, chart.table is explaining),
    }


def _table(table: Table, words: Words, explain: bool) -> dict[str, Any]:
    written = written_table(table, words, explain=explain)
    return {
        "caption": table.caption,
        "columns": list(table.columns),
        "rows": [
            [_cell(cell, text) for cell, text in zip(row, texts, strict=True)]
            for row, texts in zip(table.rows, written.rows, strict=True)
        ],
        "footnotes": [list(footnote) for footnote in written.footnotes],
        "notes": list(written.notes),
    }


def _cell(cell: Cell, written: WrittenCell) -> dict[str, Any]:
    made: dict[str, Any] = {"text": written.text}
    if written.marks:
        made["footnotes"] = list(written.marks)
    if isinstance(cell, Shown):
        made |= {"view": cell.view, "figure": _figure(cell.figure)}
    elif isinstance(cell, Figure):
        made |= {"view": "both", "figure": _figure(cell)}
    elif isinstance(cell, Period | date):
        made["value"] = str(cell)
    elif not isinstance(cell, str | Hidden):
        made["value"] = cell
    return made


def _figure(figure: Figure) -> dict[str, Any]:
    source = figure.provenance
    return figure.to_dict() | {
        "metric": source.metric,
        "kind": source.kind,
        "definition": source.definition,
        "as_of": source.as_of.isoformat(),
        "known_at": None if source.known_at is None else source.known_at.isoformat(),
        "confidence": source.confidence,
        "policies": dict(source.policies),
    }


def _clean(value: Any) -> Any:
    """*value* with every text fit for UTF-8, also the names and strata inside figures."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(str(name)): _clean(inner) for name, inner in value.items()}
    return [_clean(inner) for inner in value] if isinstance(value, list) else value
