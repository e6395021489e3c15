"""What a column may hold, and that its text is canonical."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.model.columns import TYPES, Column, FreeText, sql_name
from osallisuus.model.facts import TABLES
from tests.model import made

HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.mark.parametrize("name", TYPES)
@given(data=st.data())
def test_text_and_storage_give_the_value_back(name, data):
    """What is written as text or stored is read back equal, and written again to the same text."""
    kind = TYPES[name]
    value = kind.check(data.draw(made.VALUES[name]))

    text = kind.write(value)
    assert kind.check(kind.read(text)) == value
    assert kind.write(kind.read(text)) == text
    stored = kind.to_sql(value) if kind.to_sql else value
    assert type(stored) in (str, int, float)
    back = kind.from_sql(stored) if kind.from_sql else stored
    assert back == value
    assert type(back) is type(value)


@given(made.MOMENTS)
def test_a_local_time_keeps_its_zone_and_its_instant(moment):
    """Equality of local times hides a zone and a repeated hour, so both are looked at."""
    kind = TYPES["local_time"]
    back = kind.read(kind.write(kind.check(moment.replace(microsecond=0))))
    assert back.tzinfo.key == moment.tzinfo.key
    assert back.astimezone(UTC) == moment.replace(microsecond=0).astimezone(UTC)


HOSTILE = {
    "id": ["", " p1", "p 1", "Matti Virtanen", "p1\n", "p\x001", "ä1", "-p", "x" * 65, "p1;", "='1'"],
    "code": ["", "Present", "a-b", "a b", "å", "a" * 65, "_a", "a\n"],
    "text": [
        "", " a", "a ", "a\nb", "a\rb", "a\tb", "a\x00b", "a\x7fb", "a\x85b", "a\u2028b",
        "\ud800", "a\udc80", "x" * 32_768, "\u00a0",
    ],
    "free_text": ["", "a\x00b", "a\rb", "\x1b[31m", "a\x9bb", "\udcff", "x" * 32_768],
    "date": [
        "", "2018-1-31", "31.1.2018", "01/31/2018", "2018-02-30", "2019-02-29", "2018-13-01",
        "0000-01-01", "0999-12-31", "9000-01-01", "9999-12-31", "20180131", "2018-W05-3", "2018-01-31T00:00", "\u0662\u0660\u0661\u0668-\u0660\u0661-\u0663\u0661", " 2018-01-31",
    ],
    "local_time": [
        "", "2018-01-08T10:00", "2018-01-08T10:00+02:00", "2018-01-08 10:00[Europe/Helsinki]",
        "2018-01-08T25:00[Europe/Helsinki]", "2018-02-30T10:00[Europe/Helsinki]",
        "2018-01-08T10:00[Europe/Nowhere]", "2018-01-08T10:00[/etc/passwd]",
        "2018-01-08T10:00[Europe]", "2018-01-08T10:00[]", "2018-01-08T10:00[..]",
        "2018-01-08T10:00+05:00[Europe/Helsinki]", "0001-01-01T00:00[Europe/Helsinki]",
        "9999-12-31T23:59[America/St_Johns]", "2018-01-08T10:00:00.5[Europe/Helsinki]",
    ],
    "integer": ["", "1.0", "1e3", "+1", " 1", "1_0", "0x10", "\u0663", "\u00b3", "1" * 19, "--1"],
    "number": ["", "nan", "inf", "-inf", "1e3", "1,5", " 1", "1_0.0", ".5", "5.", "\u0663.\u0665", "1" * 400],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"),
    [(n, t) for n, texts in HOSTILE.items() for t in texts],
    ids=lambda text: repr(text)[:40],
)
def test_a_malformed_text_is_refused(name, text):
    """Text of another form is refused with ``ValueError``, never guessed at."""
    with pytest.raises(ValueError):
        TYPES[name].read(text)


@pytest.mark.parametrize("name", TYPES)
@given(value=st.from_type(object) | st.text() | st.integers() | st.floats() | st.binary())
def test_any_value_is_taken_or_refused(name, value):
    """A check gives the value or raises ``ValueError``: no other error comes out of it."""
    try:
        taken = TYPES[name].check(value)
    except ValueError:
        return
    assert taken == value


@pytest.mark.parametrize("name", TYPES)
@given(text=st.text() | st.from_regex(r"\d{4}-\d\d-\d\d(T\d\d:\d\d\[[A-Za-z/_]+\])?"))
def test_any_text_is_read_or_refused(name, text):
    """Reading gives a value that the type itself accepts or raises ``ValueError``."""
    try:
        value = TYPES[name].read(text)
    except ValueError:
        return
    assert TYPES[name].check(value) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("date", datetime(2018, 1, 1, tzinfo=UTC)),
        ("date", "2018-01-01"),
        ("date", date(9999, 12, 31)),
        ("date", date(999, 12, 31)),
        ("integer", True),
        ("integer", 1.0),
        ("integer", 10**18),
        ("number", True),
        ("number", "1"),
        ("number", float("nan")),
        ("number", float("inf")),
        ("number", 10**400),
        ("local_time", datetime(2018, 1, 8, 10)),  # noqa: DTZ001 - that is the point
        ("local_time", datetime(2018, 1, 8, 10, tzinfo=UTC)),
        ("local_time", datetime(2018, 1, 8, 10, tzinfo=timezone(timedelta(hours=2)))),
        ("local_time", datetime(2018, 1, 8, 10, 0, 0, 5, tzinfo=HELSINKI)),
        ("local_time", datetime(1, 1, 1, tzinfo=HELSINKI)),
        ("local_time", datetime(9999, 12, 31, 23, tzinfo=ZoneInfo("America/St_Johns"))),
        ("id", FreeText("p1")),
        ("id", b"p1"),
    ],
    ids=repr,
)
def test_a_python_value_of_another_type_is_refused(name, value):
    """A value that would lose or gain a meaning on its way to the disk is refused."""
    with pytest.raises(ValueError):
        TYPES[name].check(value)


def test_a_zone_without_a_name_is_refused():
    """A zone read from a nameless file could not be written down."""
    with _zone_file().open("rb") as source:
        nameless = ZoneInfo.from_file(source)
    with pytest.raises(ValueError):
        TYPES["local_time"].check(datetime(2018, 1, 8, 10, tzinfo=nameless))


def _zone_file():
    import zoneinfo

    for folder in zoneinfo.TZPATH:
        if (file := Path(folder) / "Europe" / "Helsinki").exists():
            return file
    tzdata = pytest.importorskip("tzdata")
    return Path(tzdata.__file__).parent / "zoneinfo" / "Europe" / "Helsinki"


def test_the_hour_that_the_clocks_skip_is_refused():
    """03:30 on the last Sunday of March does not exist in Helsinki, with or without an offset."""
    kind = TYPES["local_time"]
    for text in ("2018-03-25T03:30", "2018-03-25T03:30+02:00", "2018-03-25T03:30+03:00"):
        with pytest.raises(ValueError):
            kind.read(f"{text}[Europe/Helsinki]")
    with pytest.raises(ValueError):
        kind.check(datetime(2018, 3, 25, 3, 30, tzinfo=HELSINKI))


def test_the_hour_that_the_clocks_repeat_needs_its_offset():
    """03:30 happens twice in October: without an offset it is refused, with one it is that one."""
    kind = TYPES["local_time"]
    with pytest.raises(ValueError):
        kind.read("2018-10-28T03:30[Europe/Helsinki]")
    first = kind.read("2018-10-28T03:30+03:00[Europe/Helsinki]")
    second = kind.read("2018-10-28T03:30+02:00[Europe/Helsinki]")
    assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=1)
    assert kind.write(first) != kind.write(second)


@pytest.mark.parametrize("value", [1e-7, 0.1 + 0.2, 10 / 3, 5e-324, 1.7976931348623157e308, -1e22])
def test_a_number_is_written_without_an_exponent_and_exactly(value):
    """The smallest and the longest numbers come back to the last bit."""
    text = TYPES["number"].write(value)
    assert "e" not in text
    assert TYPES["number"].read(text) == value


def test_zero_has_one_form():
    """-0.0 equals 0.0 and is stored as it, or equal facts would differ on the disk."""
    assert str(TYPES["number"].check(-0.0)) == "0.0"
    assert str(TYPES["number"].read("-0")) == "0.0"


def test_free_text_shows_itself_to_nobody_by_accident():
    """The ``repr`` of free text holds nothing of it."""
    assert "secret" not in repr(FreeText("secret"))
    assert "secret" not in repr([FreeText("secret")])


def test_an_empty_cell_is_not_stated_or_refused():
    """Empty text is ``None`` where the column may be empty and refused where it may not."""
    wanted = {"type": TYPES["id"], "field_class": "public"}
    assert Column("group", required=False, **wanted).read("") is None
    with pytest.raises(ValueError):
        Column("group", required=True, **wanted).read("")
    with pytest.raises(ValueError):
        Column("group", required=True, **wanted).check(None)


def test_bounds_and_codes_are_kept():
    """A number outside its bounds and a code outside its vocabulary are refused."""
    level = TABLES["goal_ratings"].column("level")
    assert [level.read(text) for text in ("-2", "2")] == [-2, 2]
    for text in ("-3", "3"):
        with pytest.raises(ValueError):
            level.read(text)
    status = TABLES["attendance"].column("status")
    assert status.read("present") == "present"
    with pytest.raises(ValueError):
        status.read("presents")


def test_what_is_expected_is_said_in_words():
    """Each column can say what would be right, with its codes or bounds where it has them."""
    assert "present, excused, absent" in TABLES["attendance"].column("status").expected
    assert "-2 to 2" in TABLES["goal_ratings"].column("level").expected
    assert "0 or more" in TABLES["costs"].column("cents").expected
    assert all(column.expected for table in TABLES.values() for column in table.columns)


def test_no_sql_name_is_a_reserved_word():
    """The columns that SQL reserves have another name there; all others keep theirs."""
    assert (sql_name("group"), sql_name("of"), sql_name("person")) == (
        "group_id", "of_id", "person",
    )  # fmt: skip


def test_no_column_may_hold_a_name_or_an_address():
    """Apart from free text only three public columns hold any text at all; none is a person's."""
    held = {
        (name, column.name, column.field_class)
        for name, table in TABLES.items()
        for column in table.columns
        if column.type.name == "text"
    }
    assert {field_class for _, _, field_class in held} == {"public"}
    assert {column for _, column, _ in held} == {
        "program_version", "organization", "place", "instrument_version",
    }  # fmt: skip


def test_a_day_is_a_day_and_no_moment():
    """A ``date`` stays a ``date`` on both ways."""
    assert TYPES["date"].read("2018-01-31") == date(2018, 1, 31)
    assert type(TYPES["date"].read("2018-01-31")) is date


def test_a_moment_without_a_zone_of_its_own_is_never_written():
    with pytest.raises(ValueError):
        TYPES["local_time"].write(datetime(2018, 1, 8, 10, tzinfo=UTC))
