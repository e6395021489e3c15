"""Which rows, columns and sheets are read; nothing is dropped in silence."""

import zipfile
from datetime import date, datetime

import pytest

from osallisuus.ingest.mapped import read_mapped
from tests.ingest.workbooks import (
    CANARY,
    HEADINGS,
    MAPPING,
    ROWS,
    mapping,
    problems,
    put,
    read,
    workbook,
)


def counts(mapped):
    return {table: len(rows) for table, rows in mapped.batch.rows.items()}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "list.xlsx"


def test_the_good_list_is_good(path):
    """What the other tests spoil becomes facts, the same again."""
    mapped = read(workbook(path))
    assert mapped.batch.problems == ()
    assert counts(mapped) == {"people": 2, "enrollments": 2, "costs": 1}
    first, second = mapped.batch.rows["enrollments"]
    assert (first.started_on, first.ended_on) == (date(2020, 2, 1), date(2020, 5, 1))
    assert (first.ending, second.ending, second.ended_on) == ("completed", None, None)
    assert first.id == f"e-{first.person}"
    assert mapped.batch.rows["costs"][0].minutes == 90
    assert mapped.batch.rows == read(path).batch.rows


def test_no_name_is_in_any_fact(path):
    """A name makes a pseudonym, which another key makes another way."""
    workbook(path)
    told = [str(fact.describe()) for rows in read(path).batch.rows.values() for fact in rows]
    assert told
    assert not any("anaria" in one for one in told)
    other = read_mapped(path, mapping(), key=b"1" * 32).batch.rows["people"]
    assert {one.id for one in other}.isdisjoint(one.id for one in read(path).batch.rows["people"])


def test_the_header_is_found_below_a_merged_title(path):
    """And its row numbers are those of the sheet."""

    def titled(made, sheet):
        sheet.merge_range(0, 0, 0, 3, "Osallistujat")
        put(made, sheet, 3, HEADINGS)
        put(made, sheet, 4, ["Joku", "huomenna", None, None, None])

    found = problems(workbook(path, [], headings=[None], more=titled))
    assert set(found) == {"list.xlsx Lista!B5"}


def test_a_heading_that_is_missing_is_named(path):
    """With the row that has most of them in mind."""
    workbook(path, headings=["Nimi", "Aloitti", "Päättyi", "Miten", "Tunnit"])
    (found,) = problems(path).values()
    assert "missing: 'Tunteja'" in found.what


def test_a_column_that_nothing_is_said_of_is_a_problem(path):
    """Unless the mapping ignores it; so are cells without a heading."""
    rows = [[*ROWS[0], CANARY, CANARY]]
    workbook(path, rows, headings=[*HEADINGS, "Huomioita"])
    assert set(problems(path)) == {"list.xlsx Lista!F1", "list.xlsx Lista!G1"}
    ignoring = mapping(MAPPING.replace('name = "Lista"', 'name = "Lista"\nignore = ["Huom*"]'))
    assert set(problems(path, ignoring)) == {"list.xlsx Lista!G1"}


def test_a_heading_that_stands_twice_is_a_problem(path):
    """Nobody knows which of them is meant."""
    workbook(path, headings=[*HEADINGS, "aloitti "])
    assert set(problems(path)) == {"list.xlsx Lista!F1"}


def test_merged_cells_among_the_data_are_refused(path):
    """Also where they begin in the header."""

    def merged(made, sheet):
        sheet.merge_range(3, 1, 4, 1, "x")
        sheet.merge_range(0, 6, 1, 6, "y")

    found = problems(workbook(path, more=merged))
    assert {"list.xlsx Lista!B4", "list.xlsx Lista!G1"} <= set(found)


def test_a_row_of_totals_is_refused_until_the_mapping_stops_at_it(path):
    """What stands below where the list stops is not read, merged or not."""
    rows = [*ROWS, ["Yhteensä:", None, None, None, 1.5], ["Sihteeri", "x", None, None, None]]

    def below(made, sheet):
        sheet.merge_range(6, 0, 6, 3, "allekirjoitus")

    workbook(path, rows, more=below)
    found = problems(path)
    assert "stop_at" in found["list.xlsx Lista!4"].remedy
    stopping = mapping(MAPPING.replace('name = "Lista"', 'name = "Lista"\nstop_at = "yhteensä:"'))
    assert problems(path, stopping) == {}
    assert counts(read(path, stopping))["people"] == 2


STOPPING = MAPPING.replace('name = "Lista"', 'name = "Lista"\nstop_at = "Yhteensä"')


def test_rows_below_the_stop_that_read_as_the_list_are_problems(path):
    """So that a row of subtotals ends no list in silence; other rows are only counted."""
    other = ["Kolmas", date(2020, 2, 3), None, None, None]
    rows = [*ROWS, ["Yhteensä"], other, ["Laatinut: minä"], [None, "x", "y"], [], ["Neljäs", "x"]]
    found = problems(workbook(path, rows), mapping(STOPPING))
    assert set(found) == {"list.xlsx Lista!5"}
    assert "subtotals" in found["list.xlsx Lista!5"].remedy
    assert read(path, mapping(STOPPING)).sheets[0].below == 4
    assert counts(read(path, mapping(STOPPING)))["people"] == 2


def test_a_name_by_itself_below_the_stop_is_no_row_of_the_list(path):
    """Where nothing else is needed of a row, it is whoever signed."""
    only = MAPPING[MAPPING.index("[[sheet.fact]]") : MAPPING.index('[[sheet.fact]]\ntable = "enr')]
    how = mapping(STOPPING.replace(only, "").replace('where_filled = "Tunteja"', "").replace(
        'happened_on = "Aloitti"', 'happened_on = { heading = "Aloitti", empty = "2020-01-01" }'
    ).replace('["c", "@Aloitti"]', '["c", "@happened_on"]'))  # fmt: skip
    workbook(path, [ROWS[0], ["Yhteensä"], ["Joku"], ["Joku", date(2020, 2, 3)]])
    assert set(problems(path, how)) == {"list.xlsx Lista!5"}
    assert read(path, how).sheets[0].below == 2


def test_where_nothing_stands_below_the_stop_nothing_is_said(path):
    """As in most lists."""
    mapped = read(workbook(path, [*ROWS, ["Yhteensä", None, None, None, 1.5]]), mapping(STOPPING))
    assert (mapped.batch.problems, mapped.sheets[0].below) == ((), 0)


def test_cells_with_an_error_are_refused(path):
    """They would else look empty; in a column that is ignored they do not matter."""

    def broken(made, sheet):
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
        sheet.write_formula(2, 5, "=#REF!", None, "#REF!")

    workbook(path, headings=[*HEADINGS, "Lasku"], more=broken)
    ignoring = mapping(MAPPING.replace('name = "Lista"', 'name = "Lista"\nignore = ["Lasku"]'))
    assert set(problems(path, ignoring)) == {"list.xlsx Lista!C2"}


def test_a_formula_counts_as_its_value(path):
    """As the program that saved it worked it out."""

    def formula(made, sheet):
        sheet.write_formula(1, 4, "=1+1", None, 2)

    mapped = read(workbook(path, more=formula))
    assert mapped.batch.rows["costs"][0].minutes == 120


def test_a_text_that_looks_like_a_formula_is_only_a_text(path):
    """It is looked up as a word, and is none."""
    workbook(path, [["=SUM(1) a", date(2020, 2, 1), None, "=1+1", None]])
    assert set(problems(path)) == {"list.xlsx Lista!D2"}


def test_a_workbook_that_counts_from_1904_has_the_same_days(path, tmp_path):
    """Its cells are days, whatever is counted inside."""
    other = workbook(tmp_path / "mac.xlsx", options={"date_1904": True})
    assert read(other).batch.rows == read(workbook(path)).batch.rows


def test_empty_rows_are_passed_over(path):
    """Also those with spaces only."""
    workbook(path, [ROWS[0], [None], ["  ", None], ROWS[1]])
    mapped = read(path)
    assert (mapped.batch.problems, mapped.sheets[0].rows) == ((), 2)
    assert mapped.batch.place("people", 1) == "list.xlsx Lista!5"


def test_a_row_that_only_repeats_another_is_a_problem(path):
    """Two people of one name would else become one."""
    found = problems(workbook(path, [ROWS[1], ROWS[0], ROWS[1]]))
    assert set(found) == {"list.xlsx Lista!4"}
    assert "row 2" in found["list.xlsx Lista!4"].what


def test_two_rows_that_make_different_facts_of_one_id_are_a_problem(path):
    """And the remedy names the other row."""
    rows = [["Sama", date(2020, 2, 1), None, None, None], ["sama ", date(2020, 2, 2), *[None] * 3]]
    found = problems(workbook(path, rows))
    assert "row 2" in found["list.xlsx Lista!3"].remedy


def test_a_sheet_that_nothing_is_said_of_is_told_by_its_number(path):
    """Its name may be a person's; an empty one does not matter."""

    def more(made, sheet):
        made.add_worksheet(CANARY).write(0, 0, "x")
        made.add_worksheet("Tyhjä")

    workbook(path, more=more)
    assert set(problems(path)) == {"list.xlsx sheet 2"}
    assert problems(path, mapping('ignore_sheets = ["Kan*"]\n' + MAPPING)) == {}


def test_a_sheet_that_the_mapping_names_has_to_be_there(path):
    """A renamed sheet is not an empty one."""
    assert "list.xlsx Lista" in problems(workbook(path, name="Toinen"))


def test_a_hidden_sheet_is_read_only_by_its_name(path):
    """A pattern does not reach it, neither to read nor to ignore it."""

    def hidden(made, sheet):
        other = made.add_worksheet("Lista 2")
        put(made, other, 0, HEADINGS)
        put(made, other, 1, ["Kolmas", date(2020, 2, 3), None, None, None])
        other.hide()

    workbook(path, more=hidden)
    by_pattern = mapping(MAPPING.replace('"Lista"', '"Lista*"'))
    assert set(problems(path, by_pattern)) == {"list.xlsx sheet 2"}
    assert set(problems(path, mapping('ignore_sheets = ["Lista *"]\n' + MAPPING))) == {
        "list.xlsx sheet 2"
    }
    assert problems(path, mapping('ignore_sheets = ["Lista 2"]\n' + MAPPING)) == {}


MARKS = """
dates = ["d.m.yyyy"]
[[sheet]]
name = "*"
[[sheet.fact]]
table = "attendance"
over = ["@dates"]
id = { join = ["@session", "@person"] }
session = { join = ["s", "@Ryhmä", "@heading"] }
person = "Nro"
status = { heading = "@cell", codes = "marks" }
[[sheet.fact]]
table = "sessions"
over = ["@dates"]
id = { join = ["s", "@group", "@heading"] }
group = "Ryhmä"
kind = { value = "group_session" }
starts_at = { heading = "@heading", at = "17:00" }
minutes = { value = 120 }
status = { value = "held" }
[codes.marks]
x = "present"
"-" = "absent"
"""


def test_marks_over_columns_of_days_become_sessions_and_attendance(path):
    """A heading may be a day or the text of one; an empty cell is no fact."""
    headings = ["Nro", "Ryhmä", date(2020, 2, 3), "10.2.2020"]
    rows = [["P1", "R1", "x", "-"], ["P2", "R1", "X", None], ["P3", "R2", None, "x"]]
    mapped = read(workbook(path, rows, headings=headings), mapping(MARKS))
    assert mapped.batch.problems == ()
    marks = {(one.session, one.person): one.status for one in mapped.batch.rows["attendance"]}
    assert marks == {
        ("s-R1-2020-02-03", "P1"): "present",
        ("s-R1-2020-02-10", "P1"): "absent",
        ("s-R1-2020-02-03", "P2"): "present",
        ("s-R2-2020-02-10", "P3"): "present",
    }
    assert {one.id for one in mapped.batch.rows["sessions"]} == {s for s, _ in marks}
    assert mapped.batch.rows["sessions"][0].starts_at.isoformat() == "2020-02-03T17:00:00+02:00"


@pytest.mark.parametrize(
    "other",
    [date(2020, 2, 3), "3.2.2020", "03.2.2020", datetime.fromisoformat("2020-02-03")],
    ids=str,
)
def test_two_columns_of_one_day_are_a_problem(path, other):
    """However each writes it: their marks would become those of one session."""
    headings = ["Nro", "Ryhmä", date(2020, 2, 3), other]
    workbook(path, [["P1", "R1", "x", "x"], ["P2", "R1", None, "x"]], headings=headings)
    found = problems(path, mapping(MARKS))
    assert found["list.xlsx sheet 1!D1"].what == "the heading stands twice"
    assert found["list.xlsx sheet 1!D1"].remedy


def test_two_headings_that_make_one_part_of_an_id_are_a_problem(path):
    """Spaces are no part of an id."""
    how = mapping(
        MARKS[: MARKS.index('[[sheet.fact]]\ntable = "sessions')].replace("@dates", "Kerta *")
        + MARKS[MARKS.index("[codes") :]
    )
    workbook(path, [["P1", "R1", "x", "x"]], headings=["Nro", "Ryhmä", "Kerta 1 1", "Kerta 11"])
    assert set(problems(path, how)) == {"list.xlsx sheet 1!D1"}


def test_an_empty_mark_means_absent_only_where_the_mapping_says_so(path):
    """``empty`` makes a fact of every cell."""
    how = mapping(MARKS.replace('codes = "marks" }', 'codes = "marks", empty = "absent" }'))
    rows = [["P1", "R1", "x"], ["P2", "R1", None]]
    workbook(path, rows, headings=["Nro", "Ryhmä", "3.2.2020"])
    assert [one.status for one in read(path, how).batch.rows["attendance"]] == ["present", "absent"]


def test_a_mark_that_has_no_code_is_told_by_its_cell(path):
    """In the column of its day."""
    workbook(path, [["P1", "R1", "x", "?"]], headings=["Nro", "Ryhmä", "3.2.2020", "4.2.2020"])
    assert set(problems(path, mapping(MARKS))) == {"list.xlsx sheet 1!D2"}


def test_csv_is_read_by_the_same_mapping(tmp_path, path):
    """Its days are texts; separators may be semicolons."""
    text = "Nimi;Aloitti;Päättyi;Miten;Tunteja\n"
    text += f"{CANARY};1.2.2020;1.5.2020;suoritti;1,5\nToinen Ihminen;2.2.2020;;;\n"
    file = tmp_path / "list.csv"
    file.write_text(text, encoding="utf-8-sig")
    how = mapping(MAPPING.replace('"Lista"', '"*"'))
    assert problems(file, how) == {}
    assert read(file, how).batch.rows == read(workbook(path)).batch.rows
    file.write_text(text.replace("1.5.2020", "1.5.1020"))
    assert set(problems(file, how)) == {"list.csv!C2"}


ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="Lista">{}</table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)


MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
)


def ods(path, rows, *, merged=(), error=()):
    """An OpenDocument workbook, some of its cells merged to the right or holding an error."""

    def written(cell, at):
        more = ' table:number-columns-spanned="2"' if at in merged else ""
        more += ' calcext:value-type="error"' if at in error else ""
        if (at[0], at[1] - 1) in merged:
            return "<table:covered-table-cell/>"
        if isinstance(cell, date):
            more += f' office:value-type="date" office:date-value="{cell}"'
        elif isinstance(cell, float):
            more += f' office:value-type="float" office:value="{cell}"'
        elif cell is not None:
            more += ' office:value-type="string"'
        text = f"<text:p>{cell}</text:p>" if isinstance(cell, str) else ""
        return f"<table:table-cell{more}>{text}</table:table-cell>"

    lines = "".join(
        f"<table:table-row>{''.join(written(c, (y, x)) for x, c in enumerate(row, start=1))}"
        "</table:table-row>"
        for y, row in enumerate(rows, start=1)
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", ODS.format(lines))
    return path


def test_ods_becomes_the_same_facts(tmp_path, path):
    """Days, numbers and texts alike."""
    other = ods(tmp_path / "list.ods", [HEADINGS, *ROWS])
    assert problems(other) == {}
    assert read(other).batch.rows == read(workbook(path)).batch.rows


def test_merged_cells_of_ods_are_refused_below_the_header_only(tmp_path):
    """A title may be merged."""
    title = ["Osallistujat", None, None, None, None]
    other = ods(tmp_path / "list.ods", [title, HEADINGS, *ROWS], merged={(1, 1)})
    assert problems(other) == {}
    bad = ods(tmp_path / "bad.ods", [title, HEADINGS, *ROWS], merged={(1, 1), (3, 3)})
    assert set(problems(bad)) == {"bad.ods Lista!C3"}


def test_an_error_in_ods_is_refused(tmp_path):
    """At its cell."""
    bad = ods(tmp_path / "bad.ods", [HEADINGS, *ROWS], error={(2, 3)})
    assert "bad.ods Lista!C2" in problems(bad)


def test_a_time_of_day_within_a_day_is_refused(path):
    """A day that is more than a day is not cut."""

    def clock(made, sheet):
        both = made.add_format({"num_format": "d.m.yyyy hh:mm"})
        sheet.write_number(1, 1, 43862.4375, both)

    assert "list.xlsx Lista!B2" in problems(workbook(path, more=clock))


CASES = """
dates = ["yyyy-mm-dd"]
[[sheet]]
name = "*"
[[sheet.fact]]
table = "guidance"
id = { join = ["g", "@guide", "@person"] }
person = "Nro"
guide = "Ohjaaja"
program = { value = "kokemusohjaus" }
planned_end_on = "Aloitti"
[[sheet.fact]]
table = "reviews"
id = { join = ["v", "@Nro", "@Aloitti"] }
guidance = { join = ["g", "@Ohjaaja", "@Nro"] }
point = { value = "start" }
happened_on = "Aloitti"
"""


def test_an_id_joined_of_a_worker_s_tells_nothing_of_them(path):
    """A fact outlives whoever works for others: its id is hashed with the key, alike everywhere."""
    headings = ["Nro", "Ohjaaja", "Aloitti"]
    rows = [["P1", "OHJ7", "2020-02-03"], ["P2", "OHJ7", "2020-02-04"]]
    made = mapping(CASES)
    assert made.needs_key
    batch = read(workbook(path, rows, headings=headings), made).batch
    assert batch.problems == ()
    cases = {one.person: one.id for one in batch.rows["guidance"]}
    assert len(set(cases.values())) == 2
    assert "OHJ7" not in str([*cases.values()])
    # made of the same parts: the same id; and one without a worker can be read as ever
    reviews = {one.id: one.guidance for one in batch.rows["reviews"]}
    assert reviews == {"v-P1-2020-02-03": cases["P1"], "v-P2-2020-02-04": cases["P2"]}
    other = read_mapped(path, made, key=b"1" * 32).batch.rows["guidance"]
    assert not {one.id for one in other} & set(cases.values())
