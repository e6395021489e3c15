"""Facts to test with: Hypothesis strategies for columns, facts and batches, and the plainest fact.

What they draw satisfies the model: every type in all its odd corners, "not stated" wherever a
column may be empty, and codes of the closed vocabularies. References lead nowhere; facts that refer
to one another are in :mod:`osallisuus.conformance.worlds`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from osallisuus.model.batch import Batch
from osallisuus.model.columns import TYPES, Column
from osallisuus.model.facts import TABLES, Fact

__all__ = ["VALUES", "batches", "facts", "one", "some_of_each", "values"]

_ZONES: Final = ("Europe/Helsinki", "Europe/Stockholm", "UTC", "America/St_Johns", "Asia/Kathmandu")
_LINES: Final = (
    *('say "hi", twice', "a;b,c", "'single'", "Ähtäri–Åbo", "=1+1", "🙂", "NULL", "e\u0301"),
)
_NOTES: Final = (
    *('first line\nsecond, with "quotes"\n', "\n", " padded ", '"', ",", "\t", "\ufeffmark"),
)
_CLOCKS_GO_BACK: Final = 1540688400
"""The second in 2018 at which the clocks of most of Europe go back."""


def _checked(kind: str, text: str) -> Any:
    """*text* as a value of that type, or ``None`` where it cannot be one."""
    try:
        return TYPES[kind].check(text.strip() if kind == "text" else text)
    except ValueError:
        return None


def _texts(kind: str, most: int, odd: tuple[str, ...]) -> st.SearchStrategy[Any]:
    drawn = st.text(max_size=most).map(lambda text: _checked(kind, text)).filter(bool)
    return drawn | st.sampled_from(odd)


def _moment(seconds: int, zone: str) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(zone))


VALUES: Final[dict[str, st.SearchStrategy[Any]]] = {
    "id": st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._:-]{0,20}\Z"),
    "code": st.from_regex(r"\A[a-z0-9][a-z0-9_.]{0,20}\Z"),
    "text": _texts("text", 40, _LINES),
    "free_text": _texts("free_text", 60, _NOTES),
    "date": st.dates(date(1900, 1, 1), date(2100, 12, 31)),
    "local_time": st.builds(
        _moment,
        st.integers(0, 4_000_000_000) | st.integers(_CLOCKS_GO_BACK - 9000, _CLOCKS_GO_BACK + 9000),
        st.sampled_from(_ZONES),
    ),
    "integer": st.integers(-(10**18) + 1, 10**18 - 1),
    "number": st.floats(allow_nan=False, allow_infinity=False) | st.integers(-99, 99).map(float),
}
"""Name of a type -> values that it may have."""


def values(column: Column) -> st.SearchStrategy[Any]:
    """Values that *column* may hold, "not stated" included where it may be."""
    if column.codes:
        filled: st.SearchStrategy[Any] = st.sampled_from(column.codes)
    elif column.type.name == "integer" and column.smallest is not None:
        filled = st.integers(column.smallest, column.largest or 10**12)
    else:
        filled = VALUES[column.type.name]
    return filled if column.required else st.none() | filled


def facts(table: str) -> st.SearchStrategy[Any]:
    """Facts of one table; their references lead nowhere."""
    return st.builds(
        TABLES[table].record, **{column.name: values(column) for column in TABLES[table].columns}
    )


def some_of_each(most: int = 3) -> st.SearchStrategy[dict[str, list[Any]]]:
    """Table -> up to *most* facts of it, with different ids; of every table there is."""
    return st.fixed_dictionaries(
        {
            name: st.lists(facts(name), max_size=most, unique_by=lambda fact: fact.id)
            for name in TABLES
        }
    )


def batches(most: int = 3) -> st.SearchStrategy[Batch]:
    """What one ``append`` may be given: up to *most* facts of every table."""
    return some_of_each(most).map(
        lambda tables: Batch({name: found for name, found in tables.items() if found})
    )


_PLAIN: Final[dict[str, Any]] = {
    "id": "x1",
    "code": "a_code",
    "text": "1",
    "date": date(2020, 5, 4),
    "local_time": datetime(2020, 5, 4, 10, tzinfo=ZoneInfo("Europe/Helsinki")),
    "integer": 1,
    "number": 1.5,
    "free_text": "a note",
}


def one(table: str, **given: Any) -> Fact:
    """The plainest fact of *table* with the values *given*: every other column that may be is empty."""
    filled = {
        column.name: column.codes[0] if column.codes else _PLAIN[column.type.name]
        for column in TABLES[table].columns
        if column.required
    }
    return TABLES[table].record(**(filled | given))
