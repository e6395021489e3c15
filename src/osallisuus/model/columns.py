"""What a column of a fact table may hold, and how it is written as text.

A fact is a row of scalars. Each column has one of eight types; a type knows how to check a Python
value, how to write it as text (in a CSV file) and as an SQL value, and how to read both back. The
text form is canonical: reading and writing it again gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final, Literal, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from osallisuus.time import YEARS
from osallisuus.values import frozen

__all__ = ["TYPES", "Column", "ColumnType", "FieldClass", "FreeText", "Scalar", "sql_name"]

Scalar = str | int | float | None
FieldClass = Literal["public", "personal", "special", "free_text", "restricted"]
"""How much harm a column could do: from a programme's own data up to the judgement on who must
not share a group (``restricted``), which no metric, export or report ever reads."""


class FreeText(str):
    """Text in a person's or worker's own words. Left out of exports, reports and every ``repr``."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "FreeText(…)"


@frozen
class ColumnType:
    """One of the eight scalar types. ``read`` and ``check`` raise ``ValueError`` on a bad value."""

    name: str
    frictionless: str
    """The type's name in a Frictionless table schema."""
    sql: str
    """The type's name in SQLite."""
    expected: str
    """What would be right, for an error message."""
    check: Callable[[Any], Any]
    read: Callable[[str], Any]
    write: Callable[[Any], str]
    to_sql: Callable[[Any], Scalar] | None = None
    """``None``: the value is its own SQL value."""
    from_sql: Callable[[Any], Any] | None = None


_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}").fullmatch
_CODE = re.compile(r"[a-z0-9][a-z0-9_.]{0,63}").fullmatch
# ASCII, since int() and float() take the digits of every script and a data file means its own
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII).fullmatch
_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII).fullmatch
_NUMBER = re.compile(r"-?\d{1,309}(\.\d{1,340})?", re.ASCII).fullmatch
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?)([+-]\d{2}:\d{2})?\[([A-Za-z0-9_+/-]+)\]",
    re.ASCII,
).fullmatch
_ZONE = re.compile(r"[A-Za-z0-9_+/-]+").fullmatch
# control characters, line and paragraph separators, and halves of a character
_NOT_ONE_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]").search
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]").search
_BIGGEST: Final = 10**18


def _refuse() -> NoReturn:
    raise ValueError


def _text(value: object) -> str:
    if type(value) is not str or not value or len(value) > 32_767 or value != value.strip():
        _refuse()
    return _refuse() if _NOT_ONE_LINE(value) else value


def _free_text(value: object) -> FreeText:
    if not isinstance(value, str) or not value or len(value) > 32_767:
        _refuse()
    return _refuse() if _NOT_TEXT(value) else FreeText(value)


def _identifier(value: object) -> str:
    return value if type(value) is str and _ID(value) else _refuse()


def _code(value: object) -> str:
    return value if type(value) is str and _CODE(value) else _refuse()


def _day(value: object) -> date:
    return value if type(value) is date and value.year in YEARS else _refuse()


def _read_day(text: str) -> date:
    return _day(date.fromisoformat(text)) if _DATE(text) else _refuse()


def _integer(value: object) -> int:
    if type(value) is not int or abs(value) >= _BIGGEST:
        _refuse()
    return value


def _number(value: object) -> float:
    if type(value) is not float and (type(value) is not int or abs(value) >= _BIGGEST):
        _refuse()
    number = float(value)
    # adding 0 makes -0.0 the 0.0 that it equals, so that equal numbers are stored equal
    return number + 0.0 if number - number == 0 else _refuse()


def _read_number(text: str) -> float:
    # float() takes "nan", "1_0" and " 1", which nobody means in a data file
    return _number(float(text)) if _NUMBER(text) else _refuse()


def _write_number(value: float) -> str:
    """The shortest decimals that read back as *value*, never with an exponent."""
    if value == int(value):
        return repr(int(value))
    shortest = repr(value)
    if "e" not in shortest:
        return shortest
    from decimal import Decimal  # seldom needed, and slow to import

    return f"{Decimal(shortest):f}"


def _local(value: object) -> datetime:
    """A wall-clock time with its zone by name; a time that the clocks skip is refused."""
    if type(value) is not datetime or not isinstance(value.tzinfo, ZoneInfo):
        _refuse()
    moment: datetime = value
    if moment.year not in YEARS or not _ZONE(value.tzinfo.key or ""):  # it may have no name
        _refuse()
    there_and_back = moment.astimezone(ZoneInfo("UTC")).astimezone(moment.tzinfo)
    if there_and_back.replace(tzinfo=None) != moment.replace(tzinfo=None) or moment.microsecond:
        _refuse()
    return moment


def _read_local(text: str) -> datetime:
    """``2018-01-08T10:00[Europe/Helsinki]``, as in RFC 9557; an offset decides a repeated hour."""
    found = _MOMENT(text)
    if not found:
        _refuse()
    try:
        zone = ZoneInfo(found[3])
    except (ZoneInfoNotFoundError, OSError):
        zone = None
    if zone is None:
        _refuse()
    moment = datetime.fromisoformat(found[1]).replace(tzinfo=zone)
    if moment.year not in YEARS:
        _refuse()
    repeated = moment.utcoffset() != moment.replace(fold=1).utcoffset()
    if found[2] is None:
        return _refuse() if repeated else _local(moment)
    for fold in (0, 1):
        candidate = moment.replace(fold=fold)
        if _offset(candidate) == found[2]:
            return _local(candidate)
    return _refuse()


def _offset(moment: datetime) -> str:
    text = moment.strftime("%z")
    return f"{text[:3]}:{text[3:5]}"


def _write_local(moment: datetime) -> str:
    zone = moment.tzinfo
    if not isinstance(zone, ZoneInfo):
        _refuse()
    wall = moment.replace(tzinfo=None, fold=0).isoformat(timespec="auto")
    return f"{wall}{_offset(moment)}[{zone.key}]"


TYPES: Final[dict[str, ColumnType]] = {
    kind.name: kind
    for kind in (
        ColumnType(
            "id",
            "string",
            "TEXT",
            "an id of letters, digits and . _ : - without spaces, 64 at most; never a name",
            _identifier,
            _identifier,
            str,
        ),
        ColumnType(
            "code",
            "string",
            "TEXT",
            "a code in lower case, digits, _ and ., 64 at most",
            _code,
            _code,
            str,
        ),
        ColumnType(
            "text",
            "string",
            "TEXT",
            "one line of text without control characters or outer spaces, 32,767 at most",
            _text,
            _text,
            str,
        ),
        ColumnType(
            "free_text",
            "string",
            "TEXT",
            "text without control characters, lines ended by a line feed, 32,767 at most",
            _free_text,
            _free_text,
            str,
            str,
            FreeText,
        ),
        ColumnType(
            "date",
            "date",
            "TEXT",
            f"a day that exists, as 2018-01-31, in the years {YEARS[0]} to {YEARS[-1]}",
            _day,
            _read_day,
            date.isoformat,
            date.isoformat,
            date.fromisoformat,
        ),
        ColumnType(
            "local_time",
            "string",
            "TEXT",
            "a local time with its zone, as 2018-01-08T10:00[Europe/Helsinki]; "
            "with its offset in the hour that the clocks repeat",
            _local,
            _read_local,
            _write_local,
            _write_local,
            _read_local,
        ),
        ColumnType(
            "integer",
            "integer",
            "INTEGER",
            "a whole number",
            _integer,
            lambda text: int(text) if _INTEGER(text) else _refuse(),
            str,
        ),
        ColumnType(
            "number",
            "number",
            "REAL",
            "a number with a decimal point",
            _number,
            _read_number,
            _write_number,
        ),
    )
}

_RESERVED = frozenset({"group", "of"})


def sql_name(name: str) -> str:
    """The column's name in SQL: its own, or with ``_id`` where SQL reserves the word."""
    return f"{name}_id" if name in _RESERVED else name


@frozen
class Column:
    """One column of a fact table."""

    name: str
    type: ColumnType
    required: bool
    field_class: FieldClass
    refers_to: tuple[str, ...] = ()
    """Tables one of which must define the id."""
    codes: tuple[str, ...] = ()
    """The closed vocabulary, or empty where any well-formed code may stand."""
    smallest: int | None = None
    largest: int | None = None

    @property
    def sql_name(self) -> str:
        """The column's name in SQL."""
        return sql_name(self.name)

    @property
    def expected(self) -> str:
        """What would be right here, for an error message."""
        if self.codes:
            return f"one of {', '.join(self.codes)}"
        if self.smallest is not None:
            upto = f" to {self.largest}" if self.largest is not None else " or more"
            return f"a whole number, {self.smallest}{upto}"
        return self.type.expected

    def check(self, value: object) -> Any:
        """*value* if the column may hold it, else ``ValueError`` without the value."""
        if value is None:
            return _refuse() if self.required else None
        return self._within(self.type.check(value))

    def read(self, text: str) -> Any:
        """The value that *text* stands for; empty text is "not stated"."""
        if not text:
            return _refuse() if self.required else None
        return self._within(self.type.read(text))

    def _within(self, value: Any) -> Any:
        if self.codes and value not in self.codes:
            _refuse()
        if self.smallest is not None and value < self.smallest:
            _refuse()
        if self.largest is not None and value > self.largest:
            _refuse()
        return value
