"""Hypothesis strategies for the values of columns, and for facts of every table."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from osallisuus.model.columns import TYPES
from osallisuus.model.facts import TABLES

ZONES = ("Europe/Helsinki", "Europe/Stockholm", "UTC", "America/St_Johns", "Asia/Kathmandu")


def _clean(text):
    try:
        return TYPES["text"].check(text.strip())
    except ValueError:
        return None


def _clean_free(text):
    try:
        return TYPES["free_text"].check(text)
    except ValueError:
        return None


def _moment(seconds, zone):
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(zone))


LINES = st.text(max_size=40).map(_clean).filter(bool) | st.sampled_from(
    ['say "hi", twice', "a;b,c", "'single'", "Ähtäri–Åbo", "=1+1", "🙂", "NULL", "e\u0301"]
)
NOTES = st.text(max_size=60).map(_clean_free).filter(bool) | st.sampled_from(
    ['first line\nsecond, with "quotes"\n', "\n", " padded ", '"', ",", "\t", "\ufeffmark"]
)
MOMENTS = st.builds(
    _moment,
    st.integers(0, 4_000_000_000) | st.integers(1540688400 - 9000, 1540688400 + 9000),
    st.sampled_from(ZONES),
)
VALUES = {
    "id": st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._:-]{0,20}\Z"),
    "code": st.from_regex(r"\A[a-z0-9][a-z0-9_.]{0,20}\Z"),
    "text": LINES,
    "free_text": NOTES,
    "date": st.dates(date(1900, 1, 1), date(2100, 12, 31)),
    "local_time": MOMENTS,
    "integer": st.integers(-(10**18) + 1, 10**18 - 1),
    "number": st.floats(allow_nan=False, allow_infinity=False) | st.integers(-99, 99).map(float),
}


def values(column):
    """Values that *column* may hold, "not stated" included where it may be."""
    if column.codes:
        filled = st.sampled_from(column.codes)
    elif column.type.name == "integer" and column.smallest is not None:
        filled = st.integers(column.smallest, column.largest or 10**12)
    else:
        filled = VALUES[column.type.name]
    return filled if column.required else st.none() | filled


def facts(table):
    """Facts of one table; their references lead nowhere."""
    return st.builds(
        TABLES[table].record, **{column.name: values(column) for column in TABLES[table].columns}
    )


def some_of_each(most=3):
    """A few facts with different ids of every table."""
    return st.fixed_dictionaries(
        {
            name: st.lists(facts(name), max_size=most, unique_by=lambda fact: fact.id)
            for name in TABLES
        }
    )


def one(table, **given):
    """The plainest fact of *table*, with *given* values."""
    plain = {
        "id": "x1",
        "code": "a_code",
        "text": "1",
        "date": date(2020, 5, 4),
        "local_time": datetime(2020, 5, 4, 10, tzinfo=ZoneInfo("Europe/Helsinki")),
        "integer": 1,
        "number": 1.5,
        "free_text": "a note",
    }
    filled = {
        column.name: column.codes[0] if column.codes else plain[column.type.name]
        for column in TABLES[table].columns
        if column.required
    }
    return TABLES[table].record(**(filled | given))
