"""Every cell has one reading, or is refused with its place and what would help."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.ingest.cells import Unread, as_day, as_part, cell_reader, id_part, moment
from osallisuus.ingest.mapping import Source, WorkbookMapping, is_of_a_person
from osallisuus.model.facts import TABLES
from tests.ingest.workbooks import CANARY, problems, read, workbook


def reader(column, *, source=None, **settings):
    table, name = column.split(".")
    how, made = WorkbookMapping(sheet=(), **settings), TABLES[table].column(name)
    of_a_person = is_of_a_person(table, made)
    return cell_reader(made, source or Source(heading="x"), how, of_a_person=of_a_person)


NUMBERS = [
    # cell, settings, value
    (18.0, {}, 18),
    ("18 ", {}, 18),
    (" 18", {}, 18),
    ("−5", {"decimal": ","}, None),  # below the smallest
    (17.9, {}, None),
    ("17,9", {"decimal": ","}, None),
    ("18,0", {"decimal": ","}, 18),
    ("18,0", {}, None),
    ("18.0", {"decimal": ","}, None),
    ("1 100", {"decimal": ","}, 1100),
    ("1 100", {}, None),
    ("1 100", {"decimal": "."}, None),
    ("1e3", {}, None),
    ("١٨", {}, None),
    (True, {}, None),
    (date(2020, 1, 1), {}, None),
    (float(10**17), {}, None),
]


@pytest.mark.parametrize(("cell", "settings", "value"), NUMBERS, ids=str)
def test_a_whole_number_is_one_or_refused(cell, settings, value):
    """Nothing is rounded, and a decimal mark counts only where it is stated."""
    minutes = reader("attendance.minutes", **settings)
    if value is None:
        with pytest.raises(Unread) as caught:
            minutes(cell)
        assert caught.value.remedy
    else:
        assert minutes(cell) == value
        assert type(minutes(cell)) is int


@pytest.mark.parametrize(
    ("cell", "times", "cents"),
    [
        ("12,50", 100, 1250),
        (12.5, 100, 1250),
        (0.29, 100, 29),
        ("12,505", 100, None),
        (1.1, 60, 66),
    ],
)
def test_a_number_is_multiplied_exactly(cell, times, cents):
    """Euros become cents as by hand, also where floating point would be a hair beside."""
    read_cents = reader("costs.cents", source=Source(heading="x", times=times), decimal=",")
    if cents is None:
        with pytest.raises(Unread, match="whole"):
            read_cents(cell)
    else:
        assert read_cents(cell) == cents


THOUSANDS = [
    # text, value with a comma for decimals
    ("1 234,50", 1234.5),
    ("1\u00a0234,50", 1234.5),
    ("1\u202f234", 1234),
    ("12 345 678,25", 12345678.25),
    ("-1 234,5", -1234.5),
    ("\u22121 234,5", -1234.5),
    ("1 234\u00a0567", None),  # two kinds of space
    ("1  234", None),
    ("1 23", None),
    ("1234 567", None),
    ("1 2345", None),
    ("1 234, 50", None),
    ("1 234,500 000", None),
    ("- 1 234", None),
    ("1\t234", None),
    ("1.234,50", None),
    ("1'234,50", None),
    ("1 234.50", None),
    ("1 234 567 890 123 456", None),  # more digits than a number of a list has
    ("\u0661 \u0662\u0663\u0664", None),
    (" 234", 234),
]


@pytest.mark.parametrize(("text", "value"), THOUSANDS)
def test_a_space_stands_between_thousands_or_the_text_is_refused(text, value):
    """Three digits after each, and one kind of space; only where a comma begins the decimals."""
    read_value = reader("answers.number", decimal=",")
    if value is None:
        with pytest.raises(Unread, match="not a number"):
            read_value(text)
    else:
        assert read_value(text) == value


def _at(hour, minute):
    return datetime.combine(date(2020, 2, 1), time(hour, minute))  # as a workbook has it


DAYS = [
    (date(2020, 2, 1), (), date(2020, 2, 1)),
    (_at(0, 0), (), date(2020, 2, 1)),
    (_at(10, 30), (), None),
    ("1.2.2020", ("d.m.yyyy",), date(2020, 2, 1)),
    (" 1. 2.2020 ", ("d.m.yyyy",), date(2020, 2, 1)),
    ("1.2.2020", (), None),
    ("1.2.20", ("d.m.yyyy",), None),
    ("30.2.2020", ("d.m.yyyy",), None),
    ("2.1.2020", ("yyyy-mm-dd",), None),
    ("2020-02-01", ("d.m.yyyy", "yyyy-mm-dd"), date(2020, 2, 1)),
    ("1/2/2020", ("d/m/yyyy", "m/d/yyyy"), None),
    ("13/2/2020", ("d/m/yyyy", "m/d/yyyy"), date(2020, 2, 13)),
    (43862.0, (), None),
    (43862.0, ("1900",), date(2020, 2, 1)),
    (42400.0, ("1904",), date(2020, 2, 1)),
    (43862.0, ("1900", "1904"), None),
    (43862.5, ("1900",), None),
    (float("inf"), ("1900",), None),
    (float("nan"), ("1900",), None),
    (1e300, ("1900",), None),
    (-999999.0, ("1900",), None),
    (float("-inf"), ("1904",), None),
    (date(1920, 2, 1), (), None),
    (date(2200, 2, 1), (), None),
    (60.0, ("1900",), None),
    (True, ("1900",), None),
    (time(10, 0), (), None),
    ("1.2.2020 10:00", ("d.m.yyyy",), None),
]


@pytest.mark.parametrize(("cell", "formats", "day"), DAYS, ids=str)
def test_a_day_has_one_reading_or_none(cell, formats, day):
    """A text needs a format, a number needs its count, and a slip of a century is no day."""
    how = WorkbookMapping(sheet=(), dates=formats)
    if day is None:
        with pytest.raises(Unread):
            as_day(cell, how)
    else:
        assert as_day(cell, how) == day


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_a_day_is_the_same_however_it_is_written(day):
    """As a day, by hand, in ISO, and as a number counted from 1900 or from 1904."""
    number = float((day - date(1899, 12, 30)).days)
    written = {
        as_day(f"{day.day}.{day.month}.{day.year}", WorkbookMapping(sheet=(), dates=("d.m.yyyy",))),
        as_day(day.isoformat(), WorkbookMapping(sheet=(), dates=("yyyy-mm-dd",))),
        as_day(number, WorkbookMapping(sheet=(), dates=("1900",))),
        as_day(number - 1462, WorkbookMapping(sheet=(), dates=("1904",))),
        as_day(day, WorkbookMapping(sheet=())),
    }
    assert written == {day}


def test_years_can_be_widened_by_the_mapping():
    """An old day is taken where the mapping says that it is meant."""
    assert as_day(date(1920, 2, 1), WorkbookMapping(sheet=(), first_year=1900)).year == 1920


@pytest.mark.parametrize("clock", ["17:00", "17.00", time(17), " 17:00 "])
def test_a_local_time_is_made_of_a_day_and_a_time(clock):
    """Its zone is that of the mapping."""
    made = moment("1.2.2020", clock, WorkbookMapping(sheet=(), dates=("d.m.yyyy",)))
    assert made.isoformat() == "2020-02-01T17:00:00+02:00"
    assert str(made.tzinfo) == "Europe/Helsinki"


@pytest.mark.parametrize("clock", ["24:00", "17:60", "17", 0.5, None, ""])
def test_what_is_no_time_of_day_is_refused(clock):
    """Also where no clock is stated at all."""
    with pytest.raises(Unread, match="no time of day"):
        moment(date(2020, 2, 1), clock, WorkbookMapping(sheet=()))


def test_a_time_that_the_clocks_skip_is_refused():
    """29 March 2020 had no 3:30 in Helsinki."""
    read_start = reader("sessions.starts_at", source=Source(heading="x", at="03:30"))
    with pytest.raises(Unread):
        read_start(date(2020, 3, 29))


@pytest.mark.parametrize(
    "cell", ["Anna", "Anna Virtanen", "anna", "Å", "0401234567", "010190-123A", "+358401234567", "",
     "19900101-1234", "040-123-4567", "358-40-1234567", "010190:123A", "maija.meikalainen.1980"],
)  # fmt: skip
def test_a_name_or_number_of_a_person_is_no_id(cell):
    """A pseudonym typed into the list has to have a digit and look like nobody."""
    with pytest.raises(Unread):
        reader("enrollments.person")(cell)


@pytest.mark.parametrize("cell", [float("inf"), float("-inf"), float("nan"), 1e300, True])
def test_what_is_no_whole_number_is_no_id(cell):
    """A workbook can hold infinity, and what is not a number."""
    with pytest.raises(Unread):
        reader("enrollments.person")(cell)


@pytest.mark.parametrize("cell", [float("inf"), float("-inf"), float("nan"), 0.5, True])
def test_what_is_no_whole_number_is_no_part_of_a_pseudonym(cell):
    """Nor a part of another id."""
    with pytest.raises(Unread, match="no"):
        as_part(cell)
    assert id_part(cell, WorkbookMapping(sheet=(), dates=("1900",))) is None


def test_a_number_in_the_list_is_an_id():
    """18, not 18.0."""
    assert reader("enrollments.person")(18.0) == "18"
    assert reader("enrollments.person")("P18") == "P18"


def test_a_word_is_looked_up_without_case_and_spaces():
    """And a word that the list of codes does not have is refused, not guessed."""
    source = Source(heading="x", codes="marks")
    marks = reader("attendance.status", source=source, codes={"marks": {"jäi pois": "absent"}})
    assert marks(" Jäi  POIS") == "absent"
    with pytest.raises(Unread, match="does not have this word"):
        marks("jäi")


def test_an_empty_cell_is_not_stated_or_what_the_mapping_says():
    """Never a value by itself."""
    assert reader("attendance.minutes")("  ") is None
    assert reader("attendance.minutes")(None) is None
    with pytest.raises(Unread, match="missing"):
        reader("attendance.status")(None)
    source = Source(heading="x", empty="absent")
    assert reader("attendance.status", source=source)(None) == "absent"


def test_everything_wrong_is_told_at_once_by_its_cell(tmp_path):
    """Each bad cell by sheet, column and row; the good rows are still read."""
    path = workbook(
        tmp_path / "list.xlsx",
        [
            [CANARY, "31.2.2020", None, None, None],
            ["Toinen", date(2020, 2, 2), "1.1.1920", None, None],
            ["Kolmas", date(2020, 2, 3), date(2020, 5, 1), CANARY, None],
            ["Neljäs", date(2020, 2, 4), None, True, 0.333],
            [None, date(2020, 2, 5), None, None, None],
            ["Kuudes", date(2020, 2, 6), None, None, None],
        ],
    )
    found = problems(path)
    assert set(found) == {f"list.xlsx Lista!{at}" for at in ("B2", "C3", "D4", "D5", "E5", "A6")}
    assert "completed" not in str(found["list.xlsx Lista!D4"])
    assert len(read(path).batch.rows["people"]) == 4


def test_many_alike_are_counted_not_listed(tmp_path):
    """Of a thousand bad cells in a column five are named."""
    rows = [[f"Ihminen {i}", "soon", None, None, None] for i in range(1000)]
    found = read(workbook(tmp_path / "list.xlsx", rows)).batch.problems
    assert len(found) == 6
    assert "995 more" in found[-1].what


def test_true_is_not_one_though_python_says_so(tmp_path):
    """A column with 1 and TRUE refuses the second."""
    rows = [["A1 a", date(2020, 2, 1), None, None, 1], ["B b", date(2020, 2, 2), None, None, True]]
    assert set(problems(workbook(tmp_path / "list.xlsx", rows))) == {"list.xlsx Lista!E3"}
