"""The template workbook of a programme: sheets to fill in, with choices, and sheets to print.

Written by XlsxWriter (extra ``xlsx``). The same definition and language give the same bytes. What
it says is never a formula, and no author, path or clock stands in it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from osallisuus.extra import library
from osallisuus.ingest.limits import Limits
from osallisuus.ingest.template_print import print_sheets
from osallisuus.ingest.template_shape import SHEETS, Entry, choices, said
from osallisuus.ingest.workbook import read_sheets
from osallisuus.model.program import Program
from osallisuus.model.stated import LOCALES, Locale
from osallisuus.values import frozen

__all__ = ["MARK", "Told", "template_of", "template_workbook"]

MARK: Final = "osallisuus template 1"
"""Stands in the first cell of a template, before the programme and the language."""
_ROWS: Final = 1_000
"""Rows that have choices and checks; more can be written all the same."""
_MADE: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's properties have no zone


@frozen
class Told:
    """What a template says of itself: for which programme it is, and in which language."""

    program: str
    locale: Locale


def template_of(path: str | Path, limits: Limits | None = None) -> Told | None:
    """What the file at *path* says of itself if it is a template, else ``None``.

    Raises as :func:`~osallisuus.ingest.workbook.read_sheets`.
    """
    if Path(path).suffix.lower() == ".csv":
        return None
    with closing(read_sheets(path, limits)) as sheets:
        sheet = next(sheets, None)
        row = next(sheet.rows, []) if sheet is not None else []
    program, locale = (row[1], row[3]) if len(row) > 3 and row[0] == MARK else (None, None)
    found = next((one for one in LOCALES if one == locale), None)
    return Told(program, found) if isinstance(program, str) and found is not None else None


def template_workbook(program: Program, locale: Locale = "en") -> bytes:
    """The template of *program* as the bytes of an XLSX file.

    Raises :class:`PluginError` where the extra ``xlsx`` is missing.
    """
    xlsxwriter = library("xlsxwriter", "xlsx")
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(target, options)
    workbook.set_properties({"created": _MADE})
    _Template(workbook, program, locale).write()
    workbook.close()
    return target.getvalue()


class _Template:
    """A workbook that is being written."""

    def __init__(self, workbook: Any, program: Program, locale: Locale) -> None:
        self.workbook, self.program, self.locale = workbook, program, locale
        self.heading = workbook.add_format(
            {"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True, "valign": "top"}
        )
        self.formats = {
            "day": workbook.add_format({"num_format": "d.m.yyyy"}),
            "time": workbook.add_format({"num_format": "hh:mm"}),
            "number": workbook.add_format({"num_format": "0"}),
            "code": workbook.add_format({"num_format": "@"}),
        }
        self.lists: dict[str, str] = {}

    def write(self) -> None:
        """All sheets, in their order."""
        sheets: Mapping[str, Any] = {
            key: self.workbook.add_worksheet(said("sheets", key, self.locale))
            for key in ("about", *SHEETS)
        }
        self._about(sheets["about"])
        print_sheets(self.workbook, self.program, self.locale)
        self._choices()
        for key, entries in SHEETS.items():
            self._to_fill_in(sheets[key], entries)
        sheets["about"].activate()

    def _about(self, sheet: Any) -> None:
        faint = self.workbook.add_format({"font_color": "#808080"})
        mark = (MARK, self.program.name, self.program.version, self.locale)
        for column, text in enumerate(mark):
            sheet.write_string(0, column, text, faint)
        title = self.workbook.add_format({"bold": True, "font_size": 16})
        wrapped = self.workbook.add_format({"text_wrap": True, "valign": "top"})
        sheet.write_string(2, 0, self.program.title.label(self.locale), title)
        sheet.set_column(0, 0, 90)
        for row, key in enumerate(("codes", "empty", "headings", "paper", "import"), start=4):
            sheet.write_string(row, 0, said("notes", key, self.locale), wrapped)

    def _choices(self) -> None:
        """A hidden sheet with the lists of choices, to which the drop-downs point."""
        sheet = self.workbook.add_worksheet(said("sheets", "codes", self.locale))
        sheet.hide()
        names = dict.fromkeys(e.vocabulary for es in SHEETS.values() for e in es if e.vocabulary)
        for column, name in enumerate(names):
            words = list(choices(name, self.program, self.locale))
            for row, word in enumerate(words):
                sheet.write_string(row, column, word)
            letter = chr(ord("A") + column)
            self.lists[name] = f"='{sheet.get_name()}'!${letter}$1:${letter}${len(words)}"

    def _to_fill_in(self, sheet: Any, entries: tuple[Entry, ...]) -> None:
        sheet.freeze_panes(1, 1)
        sheet.set_row(0, 32)
        for column, entry in enumerate(entries):
            sheet.write_string(0, column, said("columns", entry.key, self.locale), self.heading)
            sheet.set_column(column, column, 18, self.formats.get(entry.kind))
            if (check := self._check(entry)) is not None:
                sheet.data_validation(1, column, _ROWS, column, check)

    def _check(self, entry: Entry) -> dict[str, Any] | None:
        """What a cell may hold; the workbook says so when another value is written."""
        match entry.kind:
            case "day":
                note = said("notes", "a_day", self.locale)
                span = {"minimum": date(1950, 1, 1), "maximum": date(2100, 12, 31)}
                return {"validate": "date", "criteria": "between", "error_message": note} | span
            case "time":
                span_of_day = {"minimum": time(0, 0), "maximum": time(23, 59)}
                return {"validate": "time", "criteria": "between"} | span_of_day
            case "number":
                return {"validate": "integer", "criteria": ">=", "value": 0}
            case "choice":
                note = said("notes", "a_choice", self.locale)
                source = self.lists[entry.vocabulary]
                return {"validate": "list", "source": source, "error_message": note}
        return None
