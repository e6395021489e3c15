from __future__ import annotations

import io
import json
import re
import sys
from datetime import UTC, date, datetime
from typing import Any

import pytest
from attrs import evolve
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from osallisuus.errors import LimitError, PluginError
from osallisuus.exporters.json import JsonExporter
from osallisuus.exporters.workbook import tables
from osallisuus.exporters.workbook.book import MOST_CHARACTERS, cut
from osallisuus.exporters.workbook.numbers import number_format
from osallisuus.exporters.xlsx import XlsxExporter
from osallisuus.metrics.figure import Figure
from osallisuus.metrics.written import value_text
from osallisuus.reports.document import (
    Chart,
    Document,
    Heading,
    Provenance,
    Series,
    Shown,
    Table,
    Text,
)
from osallisuus.time import Period, add_months
from osallisuus.words import Words
from osallisuus.words.locale import LOCALES
from tests.exporters.sheets import (
    by_calamine,
    by_libreoffice,
    by_openpyxl,
    parts,
    printed,
    told,
)
from tests.exporters.test_csv import FORMULAS
from tests.reports.sample import SECRET, count, curve, document, hidden, hostile, share, undefined

HEAD = tables.HEAD
every_language = pytest.mark.parametrize("locale", sorted(LOCALES))


def render(*blocks: Any, locale: str = "en", **more: Any) -> bytes:
    return XlsxExporter().render(
        Document(title="Report", locale=locale, blocks=blocks, **{"internal": False, **more})
    )


def sheet(content: bytes, name: str = "t") -> Any:
    return load_workbook(io.BytesIO(content))[name]


def table_of(*cells: Any, locale: str = "en") -> list[list[Any]]:
    """The head and the rows of a table of one column."""
    table = Table("t", ("Share",), [(cell,) for cell in cells])
    rows = by_openpyxl(render(table, locale=locale))["t"]
    return rows[HEAD : HEAD + 1 + len(cells)]


def json_figures(made: Document) -> list[dict[str, Any]]:
    blocks = json.loads(JsonExporter().render(made))["blocks"]
    whole = [block.get("table", block) for block in blocks if block["type"] in ("table", "chart")]
    return [
        cell["figure"] for one in whole for row in one["rows"] for cell in row if "figure" in cell
    ]


# What is on which sheet -------------------------------------------------------------------------


@every_language
def test_the_page_has_every_text_in_its_order_and_says_where_each_table_is(locale):
    made = document(locale)
    book = by_openpyxl(XlsxExporter().render(made))
    page = [row[0] for row in book[Words(locale)("xlsx.report")] if row[0]]
    texts = [block.text for block in made.blocks if isinstance(block, Heading)]
    assert [text for text in page if text in texts] == texts
    paragraphs = [text for one in made.blocks if isinstance(one, Text) for text in one.paragraphs]
    assert [text for text in page if text in paragraphs] == paragraphs
    for name in list(book)[1:-1]:
        assert any(name in text for text in page)


def test_every_table_and_chart_has_a_sheet_with_a_real_table():
    made = document("fi")
    book = load_workbook(io.BytesIO(XlsxExporter().render(made)))
    with_table = [one for one in book if one.tables]
    assert len(with_table) == len(list(made.tables))
    for one in with_table:
        (table,) = one.tables.values()
        heads = [column.name for column in table.tableColumns]
        assert heads == [cell.value for cell in one[HEAD + 1][: len(heads)]]
        assert one.freeze_panes == f"A{HEAD + 2}"
        assert one.column_dimensions["A"].width >= 14


def test_charts_are_native_with_a_title_from_a_cell_and_an_alternative_text():
    made = document("en")
    content = parts(XlsxExporter().render(made))
    charts = [text for name, text in content.items() if name.startswith("xl/charts/")]
    expected = [block for block in made.blocks if isinstance(block, Chart)]
    assert len(charts) == len(expected)
    assert sum("<c:scatterChart>" in text for text in charts) == sum(
        chart.kind == "curve" for chart in expected
    )
    drawings = "".join(text for name, text in content.items() if "drawings/drawing" in name)
    for chart, text in zip(expected, charts, strict=True):
        assert f"<c:v>{chart.title}</c:v>" in text
        assert chart.description in drawings


def test_a_curve_has_its_days_as_numbers_and_breaks_where_a_figure_is_hidden():
    points = curve("a", [1.0, 0.8, 0.6, 0.4], metric="retention")
    points = (*points[:2], evolve(hidden("a"), at=30), *points[3:])
    table = Table("t", ("",), ())
    lines = (Series("a", points), Series("b", (evolve(hidden("b"), at=0),)))
    drawn = by_openpyxl(render(Chart("curve", "t", "d", lines, table, "days")))["t"]
    rows = [row[-4:] for row in drawn[HEAD:] if row[-4] is not None]
    assert [row[:2] for row in rows] == [
        ["days", "a"],
        [0, 1.0],
        [15, 1.0],
        [15, 0.8],
        [30, None],
        [45, 0.4],
    ]
    assert "Not drawn, because the figures are hidden or missing: b." in str(drawn)


def test_a_thinned_curve_has_its_points_only():
    points = curve("a", [1.0, 0.8, 0.6], metric="retention")
    chart = Chart("curve", "t", "d", (Series("a", points),), Table("t", ("",), ()), thinned=True)
    content = render(chart)
    rows = [row[-4:-2] for row in by_openpyxl(content)["t"][HEAD + 1 :] if row[-4] is not None]
    assert rows == [[0, 1.0], [15, 0.8], [30, 0.6]]
    (text,) = (text for name, text in parts(content).items() if name.startswith("xl/charts/"))
    assert '<c:symbol val="circle"/>' in text


def test_a_chart_of_which_nothing_may_be_drawn_is_not_drawn():
    bars = (Series("a", (hidden("a"),)),)
    content = render(Chart("bars", "t", "d", bars, Table("t", ("",), ((hidden("a"),),))))
    assert not any(name.startswith("xl/charts/") for name in parts(content))
    assert "No chart is drawn" in str(by_openpyxl(content))


def test_where_the_figures_come_from_has_a_sheet_of_its_own():
    rows = by_openpyxl(render(Provenance((("As of", "2019"), ("Metric", "x")), "From where")))
    assert [row for row in rows["Where these figures come from"] if row[0]][-2:] == [
        ["As of", "2019"],
        ["Metric", "x"],
    ]


# Numbers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("read", [by_openpyxl, by_calamine])
@every_language
def test_the_tables_have_the_figures_of_the_json_report(read, locale):
    """Every value, end of an interval and count of a shown figure is a number in the workbook."""
    made = document(locale)
    book = read(XlsxExporter().render(made))
    numbers = {
        round(value, 12)
        for rows in book.values()
        for row in rows
        for value in row
        if isinstance(value, int | float)
    }
    figures = [one for one in json_figures(made) if one["status"] == "shown"]
    assert figures
    for figure in figures:
        for name in ("value", "low", "high"):
            assert figure[name] is None or round(figure[name], 12) in numbers


def test_a_share_is_a_number_with_its_interval_in_columns_of_their_own():
    assert table_of(share("a", 28, 41)) == [
        ["Share", "Share: lower end", "Share: upper end"],
        [pytest.approx(28 / 41), pytest.approx(0.5302, abs=1e-4), pytest.approx(0.8044, abs=1e-4)],
    ]


def test_cases_are_two_numbers():
    assert table_of(Shown(share("a", 28, 41), "cases")) == [["Share", "Share: out of"], [28, 41]]


def test_a_hidden_figure_is_its_mark_in_each_column_and_no_number():
    rows = table_of(share("a", 28, 41), hidden("b"))
    assert rows[2] == ["··", "··", "··"]


def test_an_undefined_figure_is_a_dash_with_its_reason_below():
    table = Table("t", ("Share",), ((undefined("a", "no_cases"),),))
    rows = by_openpyxl(render(table))["t"]
    assert rows[HEAD][:2] == ["Share", "Share: notes"]
    assert rows[HEAD + 1][:2] == ["–", "a"]
    assert rows[-1][0] == "a  There are no cases to count."


def test_a_figure_with_a_warning_stays_a_number():
    rows = table_of(share("a", 5, 7, notes=("few_clusters",)))
    assert rows[0][-1] == "Share: notes"
    assert (rows[1][0], rows[1][-1]) == (pytest.approx(5 / 7), "a")


def test_a_range_without_a_value_is_said_in_words_beside_its_ends():
    ends = Figure(
        name="a", measure="days", provenance=share("a", 1, 2).provenance, low=3.0, high=5.0
    )
    assert table_of(ends)[1] == ["3–5 days", 3, 5]


def test_days_are_days_and_periods_are_said_as_everywhere():
    rows = table_of(date(2019, 5, 2), date(1850, 1, 1), locale="fi")
    assert [row[0] for row in rows[1:]] == [datetime(2019, 5, 2), "1.1.1850"]  # noqa: DTZ001
    assert table_of(Period(date(2019, 1, 1), date(2020, 1, 1)))[1] == ["2019"]


MEASURES = ("count", "proportion", "mean", "change", "rate", "days", "hours", "money")


@every_language
@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("value", [0, 1, 12, -3, 0.5, 12.34, 1234.5])
def test_a_spreadsheet_shows_a_number_as_the_report_writes_it(locale, measure, value, request):
    """Worked out by hand from the format; LibreOffice is asked for a few of them below."""
    if measure == "proportion":
        value = min(abs(value), 1)
    words = Words(locale)
    figure = Figure(name="a", measure=measure, provenance=share("a", 1, 2).provenance, value=value)
    pattern = number_format(figure, value, words, whole=True)
    assert by_hand(pattern, value, LOCALES[locale]) == value_text(figure, words)


def by_hand(pattern: str, value: float, locale: Any) -> str:
    """What a number format makes of a number: sections, literals, decimals and percents."""
    forms = pattern.split(";")
    form = forms[0] if value > 0 or len(forms) == 1 else forms[1 if value < 0 else 2]
    body = re.search(r"#,##0(\.0+)?|0(?=\"|%)", re.sub(r'"[^"]*"(?=.*(#|0))', "", form))
    if body is None:
        return form.strip('"')
    digits = len(body[1]) - 1 if body[1] else 0
    number = locale.number(
        (abs(value) if len(forms) > 1 else value) * (100 if "%" in form else 1), digits
    )
    return form.replace(body[0], number, 1).replace('"', "")


def test_libreoffice_shows_and_keeps_the_numbers(tmp_path):
    values = {"difference": 0.12, "change": -2.5, "days": 90, "money": 1234}
    provenance = share("a", 1, 2).provenance
    figures = [
        Figure(name="a", measure=name, provenance=provenance, value=value)
        for name, value in values.items()
    ]
    table = Table("t", ("Luku",), [(figure,) for figure in (share("a", 28, 41), *figures)])
    content = render(table, locale="fi")
    shown = by_libreoffice(content, tmp_path, shown=True)["t"][HEAD + 1 :]
    # the decimal sign and the one between thousands are those of whoever looks at it
    seen = [row[0].replace("\u00a0", " ").replace(".", ",") for row in shown[:5]]
    assert seen == ["68 %", "+12 %-yksikköä", "−2,5", "90 päivää", "1,234 €"]
    (tmp_path / "kept").mkdir()
    kept = by_libreoffice(content, tmp_path / "kept")["t"][HEAD + 1 :]
    assert [read(row[0]) for row in kept[:5]] == pytest.approx([28 / 41, *values.values()])


def read(text: str) -> float | None:
    """A number as LibreOffice writes it with all digits: a share as a percentage."""
    if not re.fullmatch(r"-?\d+(\.\d+)?(E-?\d+)?%?", text):
        return None
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)


def test_libreoffice_reads_the_same_figures_as_json(tmp_path):
    made = document("en")
    sheets = by_libreoffice(XlsxExporter().render(made), tmp_path)
    numbers = {
        round(value, 9)
        for rows in sheets.values()
        for row in rows
        for text in row
        if (value := read(text)) is not None
    }
    for figure in json_figures(made):
        if figure["status"] == "shown":
            assert round(figure["value"], 9) in numbers


# Nothing that was not meant ---------------------------------------------------------------------


def test_no_digit_of_a_hidden_number_is_in_any_part():
    for text in parts(XlsxExporter().render(document("fi"))).values():
        assert str(SECRET) not in re.sub(r"[\s\u00a0,.]", "", text)


def test_the_bytes_do_not_depend_on_what_is_hidden():
    def report(number: int) -> bytes:
        secret = evolve(
            hidden("b"), value=number, low=number / 2, k=number, n=3 * number, persons=number
        )
        rows = (("a", count("a", 40)), ("b", secret), ("b", Shown(secret, "cases")))
        table = Table("t", ("", ""), rows)
        bars = (Series("a", (count("a", 40),)), Series("b", (secret,)))
        line = Series("c", tuple(evolve(secret, at=day) for day in (0, 1)))
        seen = Series("d", curve("d", [1.0, 0.5], metric="retention"))
        charts = (
            Chart("bars", "c", "d", bars, table),
            Chart("curve", "c", "d", (line, seen), table),
        )
        return render(table, *charts)

    assert report(1) == report(987_654)


def test_two_runs_give_equal_bytes_and_the_day_of_making_is_the_documents():
    assert XlsxExporter().render(document("sv")) == XlsxExporter().render(document("sv"))
    assert "2000-01-01T00:00:00Z" in parts(render())["docProps/core.xml"]
    timed = render(generated=datetime(2025, 3, 3, 9, 5, tzinfo=UTC))
    assert "2025-03-03T09:05:00Z" in parts(timed)["docProps/core.xml"]


def test_the_file_says_its_title_and_language_and_names_nobody():
    content = parts(XlsxExporter().render(document("fi")))
    core = content["docProps/core.xml"]
    assert "<dc:title>Verna 2011–2014</dc:title>" in core
    assert "<dc:creator></dc:creator>" in core
    assert "<vt:lpwstr>fi</vt:lpwstr>" in content["docProps/custom.xml"]


@every_language
def test_an_internal_workbook_says_so_on_every_sheet_and_every_page(locale):
    stamp = Words(locale)("document.internal")
    content = XlsxExporter().render(document(locale, internal=True))
    for name, rows in by_openpyxl(content).items():
        assert stamp in [row[0] for row in rows], name
    sheets = [text for name, text in parts(content).items() if name.startswith("xl/worksheets/s")]
    assert all(f"&amp;C&amp;B{stamp}" in text for text in sheets)
    assert stamp not in "".join(told(XlsxExporter().render(document(locale))))


def test_every_printed_page_of_an_internal_workbook_is_stamped(tmp_path):
    pages = printed(XlsxExporter().render(document("en", internal=True)), tmp_path)
    assert len(pages) > 5
    assert all("INTERNAL" in page for page in pages)


HOSTILE = (
    *FORMULAS,
    "=Sheet1!$A$1",
    "{=1}",
    "mailto:x@y",
    "internal:'t'!A1",
    "]]><x/>",
    "_x0041_",
    "&C&A",
    "\ud800\x00\x1b[31m\u202e\r\nx",
    "12345",
    "<x>&amp;",
    "''",
    " ",
    "History",
    "a" * 40_000,
    "\U0001f9e1" * 20_000,
)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_a_hostile_text_in_any_slot_stays_a_text(text):
    """No formula, link or number, as two other programs read it, and the chart names cells only."""
    content = XlsxExporter().render(hostile(text))
    found = parts(content)
    for name, part in found.items():
        if name.startswith("xl/worksheets/"):
            assert not re.search(r"<f[ >/]|<hyperlink|<oleObject|ddeLink", part)
        assert "externalLink" not in name
        assert 'TargetMode="External"' not in part
    for formula in re.findall(r"<c:f>(.*?)</c:f>", "".join(found.values())):
        assert re.fullmatch(r".*!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?", formula, re.DOTALL)
    values = [value for rows in by_openpyxl(content).values() for row in rows for value in row]
    assert all(len(value) <= MOST_CHARACTERS for value in values if isinstance(value, str))
    if len(text) < 100 and text.isprintable() and text.strip() and "_x00" not in text:
        assert text in values
    by_calamine(content)


def test_a_text_that_looks_like_a_formula_says_that_it_is_text():
    content = render(Table("t", ("a",), (("=1+1",), ("plain",))))
    made = sheet(content)
    assert made.cell(HEAD + 2, 1).quotePrefix
    assert not made.cell(HEAD + 3, 1).quotePrefix


def test_libreoffice_takes_no_text_for_a_formula(tmp_path):
    texts = [text for text in FORMULAS if text.isprintable()]
    rows = by_libreoffice(render(Table("t", ("a",), [(text,) for text in texts])), tmp_path)["t"]
    assert [row[0] for row in rows[HEAD + 1 :]][: len(texts)] == texts


def test_sheets_of_one_name_and_of_forbidden_names_are_told_apart():
    names = ("a/b:c", "A b c", "History", "'x'", "", "z" * 40, "z" * 40)
    found = by_openpyxl(render(*(Table(name, ("",), ()) for name in names)))
    assert list(found)[1:] == [
        "a b c",
        "A b c (2)",
        "History (2)",
        "x",
        "Report (2)",
        "z" * 30 + "…",
        "z" * 26 + "… (2)",
    ]


def test_columns_of_one_name_and_without_a_name_are_told_apart():
    head = by_openpyxl(render(Table("t", ("a", "A", "", ""), (("", "", "", ""),))))["t"][HEAD]
    assert head == ["a", "A (2)", "Column 3", "Column 4"]


def test_empty_tables_and_an_empty_report_can_be_written():
    render(Table("", (), ()), Table("t", ("a",), ()), Chart("bars", "", "", (), Table("", (), ())))
    render()


def test_a_table_larger_than_a_sheet_is_refused(monkeypatch):
    monkeypatch.setattr(tables, "_MOST_ROWS", 10)
    with pytest.raises(LimitError, match="larger than a sheet"):
        render(Table("t", ("a",), [("x",)] * 10))


@pytest.mark.parametrize("text", ["a" * 32_767, "\U0001f9e1" * 16_383])
def test_the_longest_text_is_kept_and_a_longer_one_is_cut_visibly(text):
    assert cut(text) == text
    longer = cut(text + "bb")
    assert longer.endswith("…")
    assert len(longer.encode("utf-16-le")) // 2 <= MOST_CHARACTERS


def test_without_the_extra_the_error_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(PluginError, match=r"python -m pip install 'osallisuus\[xlsx\]'"):
        render()


# Panels, calendars and paths ---------------------------------------------------------------------

PLACES = ("Helsinki", "Kotka", "Lahti")


def panels(*figures: tuple[Figure, ...], steps: tuple[str, ...] = ("came", "stayed")) -> Chart:
    named = zip(PLACES, figures, strict=False)
    series = tuple(Series(name, own, steps[: len(own)]) for name, own in named)
    return Chart("panels", "t", "One each.", series, Table("t", (), ()))


def months(year: int, figures: list[Figure], length: int = 1) -> Series:
    starts = [date(year, 1 + length * place, 1) for place in range(len(figures))]
    spans = [Period(start, add_months(start, length)) for start in starts]
    dated = [evolve(one, period=span) for one, span in zip(figures, spans, strict=True)]
    return Series(str(year), dated)


def calendar(*years: Series) -> Chart:
    return Chart("calendar", "t", "Cells.", years, Table("t", (), ()))


def paths(*shares: tuple[str, Figure]) -> Chart:
    series = [Series(path, (figure,), tuple(path.split(" → "))) for path, figure in shares]
    return Chart("flow", "t", "Ribbons.", series, Table("t", (), ()))


def drawn_charts(content: bytes) -> list[str]:
    return [text for name, text in parts(content).items() if name.startswith("xl/charts/")]


def limits(chart: str) -> list[str]:
    return re.findall(r"<c:(?:max|min|majorUnit) val=[^>]*>", chart)


def test_each_panel_is_a_native_chart_of_its_own_in_the_order_of_the_report():
    content = render(panels((share("a", 10, 40),), (share("a", 30, 40),), (share("a", 20, 40),)))
    titles = [re.search(r"<c:title>.*?<c:v>(.*?)</c:v>", one)[1] for one in drawn_charts(content)]
    assert titles == list(PLACES)
    (drawing,) = (text for name, text in parts(content).items() if "drawings/drawing" in name)
    said = [f"t. {place}. One each." for place in PLACES]
    assert re.findall(r'descr="(.*?)"', drawing) == said


def test_all_panels_have_the_same_axes_whatever_they_show():
    """Of numbers without an end of their own: the least round number that all of them reach."""
    content = render(panels(*((count("a", number),) for number in (12, 230, 40))))
    assert [limits(one) for one in drawn_charts(content)] == [
        ['<c:max val="250.0"/>', '<c:min val="0"/>']
    ] * 3
    lines = [curve("a", values, metric="retention") for values in ([1.0, 0.9, 0.8], [1.0, 0.5])]
    first, second = drawn_charts(render(panels(*lines, steps=("stayed",) * 3)))
    assert limits(first) == limits(second)
    assert '<c:max val="30"/>' in first
    assert "<c:scatterChart>" in first


def test_a_panel_says_which_of_its_figures_are_hidden_and_draws_the_others():
    chart = panels((share("a", 28, 41), hidden("b")), (hidden("a"), hidden("b")))
    content = render(chart)
    rows = by_openpyxl(content)["t"]
    assert [row[-2:] for row in rows[HEAD : HEAD + 4]] == [
        ["Helsinki", None],
        [None, None],
        ["came", pytest.approx(28 / 41)],
        ["stayed ·· hidden", None],
    ]
    assert len(drawn_charts(content)) == 1
    assert "Not drawn, because the figures are hidden or missing: Kotka." in str(rows)


def test_a_curve_of_a_panel_has_a_line_for_each_name():
    figures = (*curve("a", [1.0, 0.8], metric="x"), *curve("b", [0.5, 0.4], metric="x"))
    (drawn,) = drawn_charts(render(panels(figures, steps=("in", "in", "role", "role"))))
    names = re.findall(r"<c:ser>.*?<c:tx>.*?<c:v>(.*?)</c:v>", drawn)
    assert list(dict.fromkeys(names)) == ["in", "role"]


def test_a_calendar_is_a_grid_of_numbers_in_the_months_of_their_periods():
    figures = [share("a", 5, 20), hidden("a"), undefined("a", "no_cases"), share("a", 20, 20)]
    made = sheet(render(calendar(months(2018, figures), months(2019, figures[:1], length=3))))
    grid = [[cell.value for cell in row[1:14]] for row in made.iter_rows(HEAD + 1, HEAD + 3)]
    assert grid[0] == [None, *"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()]
    assert grid[1] == ["2018", 0.25, "··", "–", 1, *[None] * 8]
    assert grid[2] == ["2019", 0.25, *[None] * 11]
    assert {str(one) for one in made.merged_cells.ranges} >= {f"C{HEAD + 3}:E{HEAD + 3}"}
    assert [made.cell(HEAD + 2, column).number_format for column in (3, 6)] == ["0%"] * 2
    colors = [made.cell(HEAD + 2, column).fill.fgColor.rgb for column in (3, 4, 5, 6)]
    assert colors[1] == colors[2] != colors[0] != colors[3]
    assert not drawn_charts(render(calendar(months(2018, figures))))


def test_periods_that_share_a_month_have_no_grid():
    year = months(2018, [share("a", 5, 20)] * 2)
    both = evolve(year, figures=[year.figures[0], evolve(year.figures[1], period=PERIOD)])
    rows = by_openpyxl(render(calendar(both)))["t"]
    assert not any(row[1:] for row in rows[HEAD:])


PERIOD = Period(date(2018, 1, 15), date(2018, 2, 15))


def test_a_period_over_the_turn_of_a_year_ends_with_the_year_of_its_first_day():
    figure = evolve(share("a", 5, 20), period=Period(date(2018, 11, 1), date(2019, 3, 1)))
    made = sheet(render(calendar(Series("2018", (figure,)))))
    assert f"M{HEAD + 2}:N{HEAD + 2}" in {str(one) for one in made.merged_cells.ranges}


def test_paths_are_rows_of_roles_with_their_shares_in_the_order_of_the_report():
    shares = (("Peer", share("a", 10, 40)), ("Peer → Guide", hidden("b")))
    made = sheet(render(paths(*shares, ("Student → Peer", share("c", 20, 40)))))
    grid = [[cell.value for cell in row[1:4]] for row in made.iter_rows(HEAD + 1, HEAD + 4)]
    assert grid == [
        ["Share", "1.", "2."],
        [0.25, "Peer", None],
        ["··", "Peer", "Guide"],
        [0.5, "Student", "Peer"],
    ]
    colors = {
        cell.value: cell.fill.fgColor.rgb
        for row in made.iter_rows(HEAD + 2, HEAD + 4, 3, 4)
        for cell in row
        if cell.value
    }
    assert len(set(colors.values())) == 3
    assert made.cell(HEAD + 2, 3).fill.fgColor.rgb == made.cell(HEAD + 4, 4).fill.fgColor.rgb


@pytest.mark.parametrize(
    "made",
    [
        lambda one: panels((one, share("b", 1, 2)), (one,)),
        lambda one: calendar(months(2018, [one, share("a", 1, 2)])),
        lambda one: paths(("Peer", one), ("Guide", share("a", 1, 2))),
    ],
    ids=["panels", "calendar", "paths"],
)
def test_the_bytes_of_no_drawing_depend_on_what_is_hidden(made):
    secrets = (evolve(hidden("b"), value=one, low=one / 2, k=one, n=3 * one) for one in (1, 987))
    first, second = (render(made(secret)) for secret in secrets)
    assert first == second


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_a_hostile_text_in_a_panel_a_calendar_or_a_path_stays_a_text(text):
    odd = evolve(share(text, 28, 41), strata={text: text})
    held = months(2018, [odd])
    series = {
        "panels": Series(text, (odd, hidden(text)), (text, text)),
        "calendar": evolve(held, label=text),
        "flow": Series(text, (odd,), (text, text)),
    }
    table = Table(text, (text,), ((text,),))
    content = render(*(Chart(kind, text, text, (one,), table) for kind, one in series.items()))
    for name, part in parts(content).items():
        if name.startswith("xl/worksheets/"):
            assert not re.search(r"<f[ >/]|<hyperlink|ddeLink", part)
        assert 'TargetMode="External"' not in part
    for formula in re.findall(r"<c:f>(.*?)</c:f>", "".join(parts(content).values()), re.DOTALL):
        assert re.fullmatch(r".*!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?", formula, re.DOTALL)
    by_openpyxl(content)
    by_calamine(content)


def test_libreoffice_reads_and_prints_the_grids(tmp_path):
    held = calendar(months(2018, [share("a", 5, 20), hidden("a")]))
    taken = paths(("Peer → Guide", share("a", 10, 40)))
    content = render(Heading(2, "One"), held, Heading(2, "Two"), taken, locale="sv")
    (tmp_path / "read").mkdir()
    found = by_libreoffice(content, tmp_path / "read", shown=True)
    assert found["One"][HEAD + 1][1:4] == ["2018", "25\u00a0%", "··"]
    assert found["Two"][HEAD + 1][1:4] == ["25\u00a0%", "Peer", "Guide"]
    _, first, second = printed(content, tmp_path)
    words = Words("sv")
    assert words("xlsx.calendar") in " ".join(first.split())
    assert words("xlsx.paths") in " ".join(second.split())


def test_a_long_text_makes_no_printed_page_wider_than_its_table():
    """What stands above and below a table is wrapped over its columns, in rows that are high enough."""
    long = " ".join(["A caption of many words."] * 20)
    made = Document(
        title="T",
        locale="en",
        blocks=[Table(long, ["What", "Share"], [("x", share("completed", 28, 41))], (long,))],
    )
    book = load_workbook(io.BytesIO(XlsxExporter().render(made)))
    (sheet,) = (one for one in book if one.tables)
    (table,) = sheet.tables.values()
    width = range_boundaries(table.ref)[2]
    assert range_boundaries(sheet.print_area.replace("$", "").rpartition("!")[2])[2] == width
    assert {one.max_col for one in sheet.merged_cells.ranges} == {width}
    said = [row[0] for row in sheet.iter_rows(max_col=1) if row[0].value == long]
    assert len(said) == 2
    for cell in said:
        assert cell.alignment.wrap_text
        assert sheet.row_dimensions[cell.row].height > 60
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$5:$5"
    assert sheet.column_dimensions["A"].width >= 30
