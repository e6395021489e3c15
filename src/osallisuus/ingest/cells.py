"""The cell of a sheet into the value of a column: one reading, or a refusal that says what to do.

A number is never rounded, a text is a day only in a format that the mapping names, and a day in a
year that nobody means is refused. Nothing here repeats what a cell holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeGuard
from zoneinfo import ZoneInfo

from osallisuus.errors import did_you_mean
from osallisuus.ingest.mapping import DateFormat, Source, WorkbookMapping, plain
from osallisuus.ingest.workbook import Cell
from osallisuus.model.columns import Column, FreeText
from osallisuus.rules.telling_id import is_telling

__all__ = [
    "TELLING",
    "Unread",
    "as_day",
    "as_part",
    "cell_reader",
    "id_part",
    "is_empty",
    "is_safe_id",
    "looked_up",
    "moment",
    "text_of",
]


class Unread(Exception):
    """A cell that has no reading here: what is wrong with it, and what would help."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


TELLING: Final = (
    "an id that could be a name or number of a person",
    "make a pseudonym of it: { pseudonym = [...] }",
)
"""What is wrong with a person's id that :func:`is_safe_id` refuses, and what would help."""


def is_empty(cell: Cell) -> bool:
    """Whether the cell says nothing: empty, or spaces only."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def cell_reader(
    column: Column, source: Source, mapping: WorkbookMapping, *, of_a_person: bool = False
) -> Callable[[Cell], Any]:
    """How a cell of *source* becomes a value of *column*; the reader raises :class:`Unread`.

    *of_a_person* says that the column holds the id of a person.
    """
    read = _READERS[column.type.name]
    empty = None if source.empty is None else column.read(source.empty)

    def reader(cell: Cell) -> Any:
        if is_empty(cell):
            if empty is None and column.required:
                raise Unread("a value is missing", column.expected)
            return empty
        if source.codes is not None:
            return column.read(looked_up(cell, source.codes, mapping))
        value = read(cell, source, mapping)
        if source.last_day:
            value += timedelta(days=1)
        if of_a_person and not is_safe_id(value):
            raise Unread(*TELLING)
        try:
            return column.check(value)
        except ValueError:
            pass
        raise Unread("not a value of this column", _remedy(column))

    return reader


def _remedy(column: Column) -> str:
    if column.codes:
        return did_you_mean("", column.codes)
    if column.type.name == "id":
        return f"{column.expected}; a list of codes makes one: {{ heading = …, codes = … }}"
    return column.expected


def looked_up(cell: Cell, codes: str, mapping: WorkbookMapping) -> str:
    """What the list *codes* of the mapping has for the word of a cell, without regard to case.

    Raises :class:`Unread` where it does not have the word.
    """
    text = ("true" if cell else "false") if isinstance(cell, bool) else text_of(cell)
    code = mapping.codes[codes].get(plain(text))
    if code is None:
        remedy = f"add the word of this cell to [codes.{codes}]"
        raise Unread("the list of codes does not have this word", remedy)
    return code


def text_of(cell: Cell) -> str:
    """A text, or a whole number as its digits: ids and codes are often numbers in a sheet.

    Raises :class:`Unread` for other cells.
    """
    if isinstance(cell, str):
        return " ".join(cell.split())
    if _is_whole(cell):
        return str(int(cell))
    raise Unread("not a text", "format the cell as text, or write what is meant")


def _is_whole(cell: Cell) -> TypeGuard[float]:
    """Whether it is a whole number; a workbook can hold infinity, and what is no number at all."""
    if isinstance(cell, float):
        return cell.is_integer()
    return isinstance(cell, int) and not isinstance(cell, bool)


def _id(cell: Cell, source: Source, mapping: WorkbookMapping) -> str:
    return text_of(cell)


def is_safe_id(some_id: str) -> bool:
    """Whether an id that somebody typed can be a person's: it has a digit and looks like no name."""
    tells = is_telling(some_id) or _NAME.fullmatch(some_id) is not None
    return not tells and any(map(str.isdigit, some_id))


_NAME: Final = re.compile(r"[^\W\d_]*[A-ZÅÄÖ][a-zåäöéü]+([ .-][^\W\d_]+)*")
"""A bare name, or several, also with letters that no id has."""


def _code(cell: Cell, source: Source, mapping: WorkbookMapping) -> str:
    return ("true" if cell else "false") if isinstance(cell, bool) else text_of(cell)


def _line(cell: Cell, source: Source, mapping: WorkbookMapping) -> str:
    return text_of(cell)


def _free(cell: Cell, source: Source, mapping: WorkbookMapping) -> FreeText:
    text = cell if isinstance(cell, str) else text_of(cell)
    return FreeText(text.replace("\r\n", "\n").replace("\r", "\n").strip())


_SIGNS: Final = {
    # thousands stand apart by a space of one kind: a plain, a no-break or a narrow no-break one
    ",": re.compile(r"-?(\d{1,15}|\d{1,3}([ \u00a0\u202f])\d{3}(\2\d{3}){0,3})(,\d+)?", re.ASCII),
    ".": re.compile(r"-?\d{1,15}(\.\d+)?", re.ASCII),
}
_MINUS: Final = "\u2212"


def _number(cell: Cell, source: Source, mapping: WorkbookMapping) -> Decimal:
    if isinstance(cell, bool) or not isinstance(cell, str | float | int):
        raise Unread("not a number", "write a number, and format the cell as one")
    if not isinstance(cell, str):
        return Decimal(repr(cell)) * (source.times or 1)
    text = cell.strip().replace(_MINUS, "-")
    if mapping.decimal is None and re.fullmatch(r"-?\d+[.,]\d+", text):
        raise Unread("a number as text, whose decimal mark is not stated", 'decimal = ","')
    mark = mapping.decimal or "."
    if not _SIGNS[mark].fullmatch(text):
        spaces = "and no spaces" if mark == "." else "and spaces between thousands only"
        remedy = f"digits, with {mark!r} before decimals, {spaces}; better, a number"
        raise Unread("not a number", remedy)
    try:
        return Decimal("".join(text.split()).replace(",", ".")) * (source.times or 1)
    except InvalidOperation:
        pass
    raise Unread("not a number", "write a number")


def _integer(cell: Cell, source: Source, mapping: WorkbookMapping) -> int:
    number = _number(cell, source, mapping)
    if number.is_finite() and number == number.to_integral_value():
        return int(number)
    raise Unread("not a whole number", "write a whole number; nothing is rounded")


def _real(cell: Cell, source: Source, mapping: WorkbookMapping) -> float:
    return float(_number(cell, source, mapping))


_PATTERNS: Final[dict[DateFormat, re.Pattern[str]]] = {
    "d.m.yyyy": re.compile(r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})", re.ASCII),
    "d/m/yyyy": re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})", re.ASCII),
    "m/d/yyyy": re.compile(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})", re.ASCII),
    "yyyy-mm-dd": re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})", re.ASCII),
}
# day 0 of each count; that of 1900 has a 29 February 1900 that never was, long before any day here
_DAY_ZERO: Final[dict[DateFormat, date]] = {"1900": date(1899, 12, 30), "1904": date(1904, 1, 1)}


def as_day(cell: Cell, mapping: WorkbookMapping) -> date:
    """The day that a cell holds. Raises :class:`Unread`."""
    try:
        day = _any_day(cell, mapping)
    except OverflowError:  # a count of days beyond the calendar
        day = None
    if day is None or not mapping.first_year <= day.year <= mapping.last_year:
        remedy = f"correct it; years {mapping.first_year} to {mapping.last_year} are taken, see"
        raise Unread("a day in a year that is hardly meant", f"{remedy} first_year, last_year")
    return day


def _any_day(cell: Cell, mapping: WorkbookMapping) -> date:
    if isinstance(cell, datetime):
        if cell.time() != time():
            raise Unread("a day with a time of day", "take the time away, or into a column")
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, str):
        return _day_of_text(cell.strip(), mapping.dates)
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        counts = [_DAY_ZERO[one] for one in mapping.dates if one in _DAY_ZERO]
        if len(counts) == 1 and _is_whole(cell):
            return counts[0] + timedelta(days=int(cell))
        remedy = 'format the column as dates; or, if it counts days, add "1900" or "1904" to dates'
        raise Unread("a number where a day stands", remedy)
    raise Unread("not a day", "write a day")


def _day_of_text(text: str, formats: tuple[DateFormat, ...]) -> date:
    readings = set()
    for one in formats:
        found = _PATTERNS[one].fullmatch(text) if one in _PATTERNS else None
        if found:
            try:
                readings.add(date(int(found["y"]), int(found["m"]), int(found["d"])))
            except ValueError:  # no such day in the calendar
                continue
    if len(readings) == 1:
        return readings.pop()
    if readings:
        raise Unread("a day with two readings", "name one format only in dates")
    known = ", ".join(formats) or "none is named: dates = [...]"
    raise Unread("a text that is no day", f"write a day that exists, as {known}")


def _day(cell: Cell, source: Source, mapping: WorkbookMapping) -> date:
    return as_day(cell, mapping)


_CLOCK: Final = re.compile(r"(\d{1,2})[:.](\d{2})", re.ASCII)


def moment(day: Cell, clock: Cell, mapping: WorkbookMapping) -> datetime:
    """The local time of a day and a time of day. Raises :class:`Unread`."""
    on = as_day(day, mapping)
    if isinstance(clock, str) and (found := _CLOCK.fullmatch(clock.strip())):
        hour, minute = int(found[1]), int(found[2])
        clock = time(hour, minute) if hour < 24 and minute < 60 else clock
    if not isinstance(clock, time):
        remedy = 'such as 17:00; where no column holds it, at = "17:00" in the mapping'
        raise Unread("no time of day", remedy)
    return datetime.combine(on, clock, ZoneInfo(mapping.zone))


def _moment(cell: Cell, source: Source, mapping: WorkbookMapping) -> datetime:
    if source.at is None and isinstance(cell, datetime):
        return moment(cell.date(), cell.time(), mapping)
    return moment(cell, source.at, mapping)


_READERS: Final[Mapping[str, Callable[[Cell, Source, WorkbookMapping], Any]]] = {
    "id": _id,
    "code": _code,
    "text": _line,
    "free_text": _free,
    "date": _day,
    "local_time": _moment,
    "integer": _integer,
    "number": _real,
}


def as_part(cell: Cell) -> str:
    """What a cell adds to a pseudonym: a text as it is, a number or day in one way of writing it."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if _is_whole(cell):
        return str(int(cell))
    raise Unread("not a part of a pseudonym", "a text, a whole number or a day")


def id_part(cell: Cell, mapping: WorkbookMapping, codes: str | None = None) -> str | None:
    """A cell as a part of an id: a day as 2018-01-31, else its text without spaces.

    With *codes* a text is looked up in that list. Raises :class:`Unread` where it is not there.
    """
    with suppress(Unread):
        return as_day(cell, mapping).isoformat()
    if codes is not None and not is_empty(cell):
        return looked_up(cell, codes, mapping)
    with suppress(Unread):
        return "".join(text_of(cell).split()) or None
    return None
