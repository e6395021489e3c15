"""Flows, calendars and panels: drawn of what is shown, and never a ranking."""

from __future__ import annotations

import re
from datetime import date
from xml.etree.ElementTree import Element, tostring

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import DefinitionError
from osallisuus.metrics.figure import Figure
from osallisuus.reports.charts import draw, undrawn
from osallisuus.reports.document import Chart, Series, Table
from osallisuus.reports.drawing import WIDTH
from osallisuus.reports.pictures import alphabetical, calendar_chart, flow_chart, panels_chart
from osallisuus.time import Period
from osallisuus.words import Words
from tests.reports.pictures import every_chart, months, paths, place
from tests.reports.sample import count, hidden, share, undefined

FI = Words("fi")
NO_TABLE = Table("", (), ())


def drawing(chart: Chart) -> Element:
    drawn = draw(chart, FI, "x")
    assert drawn is not None
    return drawn


def flow(figures: list[Figure]) -> Chart:
    return flow_chart("", figures, NO_TABLE, FI, {})


def calendar(figures: list[Figure]) -> Chart:
    return calendar_chart("", figures, NO_TABLE, FI)


def panels(figures: list[Figure]) -> Chart:
    return panels_chart("", figures, NO_TABLE, FI, name=place, part=lambda one: one.name)


def towns(**shares: tuple[int, int]) -> list[Figure]:
    return [share("done", k, n, group__place=town) for town, (k, n) in shares.items()]


def texts(root: Element) -> list[str]:
    return [element.text or "" for element in root.iter("text")]


CHARTS = [block for block in every_chart().blocks if isinstance(block, Chart)]


@pytest.mark.parametrize("chart", CHARTS, ids=lambda one: f"{one.kind} {one.title}")
def test_every_drawing_is_named_and_described_and_holds_nothing_that_runs(chart):
    root = drawing(chart)
    assert root.get("role") == "img"
    named = {one.get("id"): one.text for one in root if one.get("id")}
    assert [named[key] for key in root.get("aria-labelledby", "").split()] == [
        chart.title,
        chart.description,
    ]
    assert not re.search(r"script|style=|href|://|url\(|\son\w+=", tostring(root, "unicode"))


@given(st.integers(0, 10**6), st.floats(0, 10**6), st.integers(0, 5000))
def test_no_drawing_depends_on_a_hidden_number(number, limit, persons):
    def secret(figure: Figure) -> Figure:
        if figure.status != "suppressed":
            return figure
        return evolve(
            figure, value=number, low=limit, high=limit + 1, k=number, n=number, persons=persons
        )

    towns_ = [*towns(Turku=(3, 9)), hidden("done", group__place="Oulu")]
    for make, figures in ((flow, paths()), (calendar, months()), (panels, towns_)):
        other = make([secret(figure) for figure in figures])
        assert tostring(drawing(make(figures))) == tostring(drawing(other))


# Flows ------------------------------------------------------------------------------------------


def test_a_role_is_as_high_as_the_shown_shares_of_the_paths_through_it():
    root = drawing(flow(paths()))
    heights = [float(bar.get("height", "")) for bar in root.iter("rect")]
    # the first column, by name: client 50 %, expert 5 %, other paths 10 %, peer 30 %
    assert heights[:4] == pytest.approx([130, 13, 26, 78], abs=0.1)


def test_ribbons_are_as_many_as_the_moves_of_shown_paths():
    shown = [share("a>b", 1, 4), share("a>b>c", 1, 4), share("b>a", 1, 4)]
    ribbons = [one for one in drawing(flow(shown)).iter("path") if one.get("fill-opacity")]
    assert len(ribbons) == 3


def test_a_hidden_path_has_no_ribbon_and_leaves_no_gap():
    shown = [share("a>b", 1, 4), share("b>a", 1, 4)]
    with_hidden = drawing(flow([*shown, hidden("a>c")]))
    bare = drawing(flow(shown))
    for tag in ("rect", "path"):
        drawn = [one.attrib for one in with_hidden.iter(tag) if one.get("class") != "hidden"]
        assert drawn == [one.attrib for one in bare.iter(tag)]
    assert len([one for one in with_hidden.iter("path") if one.get("class") == "hidden"]) == 1
    assert undrawn(flow([*shown, hidden("a>c")])) == ("A → C",)


def test_paths_stand_by_name_however_many_took_them():
    shown = [share("peer", 9, 10), share("client>peer", 1, 10)]
    assert [one.label for one in flow(shown).series] == ["Asiakas → Vertainen", "Vertainen"]


def test_paths_of_one_role_only_are_bars():
    root = drawing(flow([share("peer", 5, 10), share("client", 2, 10)]))
    assert len([bar for bar in root.iter("rect") if bar.get("rx")]) == 2


# Calendars --------------------------------------------------------------------------------------


def test_a_calendar_has_a_row_for_each_year_and_a_cell_for_each_month_in_its_place():
    chart = calendar(months())
    assert [year.label for year in chart.series] == ["2016", "2017", "2018"]
    assert [len(year.figures) for year in chart.series] == [4, 12, 12]
    cells = [one for one in drawing(chart).iter("rect") if one.get("fill") == "none"]
    assert float(cells[0].get("x", "")) == pytest.approx(48 + (WIDTH - 48) * 8 / 12 + 1, abs=0.1)


def test_a_cell_is_filled_as_far_as_its_share_and_says_it():
    january = Period(date(2024, 1, 1), date(2024, 2, 1))
    root = drawing(calendar([evolve(share("held", 1, 4), period=january)]))
    frame, filled = root.iter("rect")
    assert float(filled.get("height", "")) == pytest.approx(
        float(frame.get("height", "")) / 4, abs=0.1
    )
    assert "25\u00a0%" in texts(root)


def test_hidden_months_are_hatched_and_marked():
    root = drawing(calendar(months()))
    assert len([one for one in root.iter("path") if one.get("class") == "hidden"]) == 3
    assert texts(root).count(FI("mark.hidden")) == 3


def test_a_period_over_the_end_of_a_year_stays_within_its_row():
    winter = Period(date(2024, 12, 1), date(2025, 3, 1))
    root = drawing(calendar([evolve(share("held", 1, 4), period=winter)]))
    (frame, *_) = root.iter("rect")
    assert float(frame.get("x", "")) + float(frame.get("width", "")) <= WIDTH


def test_a_cell_that_is_too_narrow_for_its_share_is_filled_without_words():
    """It stands in the table below; words would run over the next cell."""
    days = Period(date(2024, 1, 1), date(2024, 1, 4))
    root = drawing(calendar([evolve(share("held", 1, 4), period=days)]))
    assert len(list(root.iter("rect"))) == 2
    assert "25\u00a0%" not in texts(root)


def test_a_calendar_of_figures_without_a_period_is_refused():
    with pytest.raises(DefinitionError, match="no period"):
        Chart("calendar", "", "", (Series("2024", (share("held", 1, 4),)),), NO_TABLE)


# Panels -----------------------------------------------------------------------------------------


def test_panels_stand_by_the_alphabet_of_finnish_and_swedish_never_by_size():
    chart = panels(towns(Öja=(1, 9), Ähtäri=(2, 9), Åbo=(3, 9), vaasa=(4, 9), Turku=(9, 9)))
    assert [one.label for one in chart.series] == ["Turku", "vaasa", "Åbo", "Ähtäri", "Öja"]
    assert alphabetical("Ö") > alphabetical("ä") > alphabetical("Z")


def test_all_panels_have_one_scale():
    figures = [count("persons", n, group__place=name) for name, n in (("A", 40), ("B", 10))]
    one, other = (float(bar.get("width", "")) for bar in drawing(panels(figures)).iter("rect"))
    assert one == pytest.approx(4 * other, rel=0.01)


def test_a_hidden_panel_keeps_its_name_and_a_mark_of_no_size():
    figures = [*towns(Turku=(3, 9)), hidden("done", group__place="Oulu")]
    root = drawing(panels(figures))
    assert "Oulu" in texts(root)
    assert f"{FI('mark.hidden')} {FI('mark.hidden_word')}" in texts(root)
    assert len(list(root.iter("rect"))) == 1


def test_a_curve_of_which_only_the_first_day_is_shown_is_not_drawn():
    """Where all begin is no news; a later day alone is a dot."""

    def line(*figures: Figure) -> Chart:
        return Chart("curve", "", "", (Series("a", figures),), NO_TABLE)

    first, later = (evolve(share("a", 5, 9), at=day) for day in (0, 30))
    assert draw(line(first, evolve(hidden("a"), at=30)), FI, "x") is None
    assert draw(line(first, later), FI, "x") is not None
    assert draw(line(later), FI, "x") is not None


def test_a_figure_that_cannot_be_given_has_a_dash_and_no_bar_in_its_panel():
    figures = [*towns(Turku=(3, 9)), undefined("done", "no_cases", group__place="Oulu")]
    root = drawing(panels(figures))
    assert f"{FI('mark.undefined')} {FI('mark.undefined_word')}" in texts(root)
    assert len(list(root.iter("rect"))) == 1


@pytest.mark.parametrize(
    ("thinned", "days", "dots", "lines"),
    [(False, (0, 30, 60), 0, 1), (True, (0, 30, 60), 3, 1), (False, (30,), 1, 0)],
    ids=["steps", "points of which the days between are not known", "one day alone"],
)
def test_a_small_curve_has_dots_where_no_steps_are_known(thinned, days, dots, lines):
    line = [evolve(share("done", 5, 9, group__place="Oulu"), at=day) for day in days]
    made = panels_chart(
        "", line, NO_TABLE, FI, name=place, part=lambda one: one.name, thinned=thinned
    )
    root = drawing(made)
    assert len(list(root.iter("circle"))) == dots
    assert len([one for one in root.iter("path") if one.get("stroke-width") == "2"]) == lines
