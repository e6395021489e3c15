from __future__ import annotations

import re
from itertools import pairwise
from xml.etree.ElementTree import Element, tostring

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.metrics.figure import Figure
from osallisuus.reports.charts import draw, undrawn
from osallisuus.reports.document import Chart, Series, Table
from osallisuus.reports.drawing import DASHES, PALETTE, WIDTH, nice_ceiling, text_width, wrap
from osallisuus.words import Words
from tests.reports.sample import LEFT, STAYED, count, curve, hidden, share, undefined

FI = Words("fi")
NO_TABLE = Table("", (), ())


def chart(kind: str, **series: tuple[Figure, ...]) -> Chart:
    lines = tuple(Series(label, figures) for label, figures in series.items())
    return Chart(kind, "Otsikko", "Kuvaus", lines, NO_TABLE)  # type: ignore[arg-type]


def drawing(made: Chart) -> Element:
    drawn = draw(made, FI, "x")
    assert drawn is not None
    return drawn


def texts(root: Element) -> list[str]:
    return [element.text or "" for element in root.iter("text")]


def curves() -> Chart:
    return chart(
        "curve",
        mukana=curve("in_programme", STAYED, metric="retention"),
        lähtenyt=curve("left", LEFT, metric="leaving"),
    )


@pytest.mark.parametrize(
    "made",
    [curves(), chart("bars", a=(share("a", 3, 9),)), chart("funnel", a=(count("a", 9),))],
    ids=["curve", "bars", "funnel"],
)
def test_every_drawing_tells_a_screen_reader_its_title_and_description(made):
    root = drawing(made)
    named = {element.get("id"): element.text for element in root if element.get("id")}
    assert root.get("role") == "img"
    assert [named[identity] for identity in root.get("aria-labelledby", "").split()] == [
        "Otsikko",
        "Kuvaus",
    ]


def test_every_line_is_named_at_its_end_and_differs_in_dashes():
    root = drawing(curves())
    lines = [path for path in root.iter("path") if path.get("stroke-width") == "2.5"]
    assert len({path.get("stroke-dasharray") for path in lines}) == 2
    assert any(text.startswith("mukana") for text in texts(root))
    assert any(text.startswith("lähtenyt") for text in texts(root))


def test_labels_of_lines_that_end_together_do_not_cover_each_other():
    same = {name: curve(name, [0.0, 0.5], metric="leaving") for name in ("a", "b", "c", "d")}
    root = drawing(chart("curve", **same))
    places = [
        float(text.get("y", ""))
        for text in root.iter("text")
        if text.text in {f"{n} 50\u00a0%" for n in "abcd"}
    ]
    gaps = [after - before for before, after in pairwise(places)]
    assert len(places) == 4
    assert all(gap >= 15 for gap in gaps)


def test_the_longest_finnish_label_ends_inside_the_drawing():
    long = curve("x", [0.0, 0.4], metric="role_occupancy")
    root = drawing(chart("curve", **{"Kokemusasiantuntijakoulutuksen käynyt vertaistoimija": long}))
    for text in root.iter("text"):
        if text.get("font-weight") == "600" and text.get("x") != "0":
            assert float(text.get("x", "")) + text_width(text.text or "") <= WIDTH


def test_a_risk_table_shows_how_many_are_followed_on_each_tick():
    root = drawing(curves())
    followed = [text for text in texts(root) if text in {"62", "56", "50", "44", "38", "32", "26"}]
    assert FI("chart.at_risk") in texts(root)
    assert followed == ["62", "56", "50", "44", "38", "32", "26"]


def test_lines_followed_by_different_numbers_of_people_have_a_row_each():
    made = chart(
        "curve",
        a=curve("a", STAYED, metric="retention"),
        b=curve("b", LEFT, metric="leaving", people=90),
    )
    assert {"62", "90"} <= set(texts(drawing(made)))


def test_without_numbers_at_risk_there_is_no_risk_table():
    bare = tuple(evolve(point, at_risk=None) for point in curve("a", STAYED, metric="retention"))
    assert FI("chart.at_risk") not in texts(drawing(chart("curve", a=bare)))


def test_a_curve_breaks_where_a_figure_is_hidden():
    points = list(curve("a", STAYED, metric="retention"))
    points[5] = evolve(hidden("a"), at=points[5].at)
    root = drawing(chart("curve", a=tuple(points)))
    assert len([path for path in root.iter("path") if path.get("stroke-width") == "2.5"]) == 2


def test_a_single_shown_point_is_a_dot():
    points = [evolve(hidden("a"), at=day) for day in (0, 30)]
    root = drawing(chart("curve", a=(points[0], evolve(share("a", 5, 9), at=15), points[1])))
    assert len(list(root.iter("circle"))) == 1


@pytest.mark.parametrize(
    "figure", [hidden("a"), undefined("a", "no_cases")], ids=["hidden", "undefined"]
)
def test_nothing_is_drawn_when_no_figure_is_shown(figure):
    assert draw(chart("bars", a=(figure,)), FI, "x") is None
    assert draw(chart("curve", a=(evolve(figure, at=0),)), FI, "x") is None
    assert undrawn(chart("bars", a=(figure,), b=(share("b", 1, 2),))) == ("a",)


@pytest.mark.parametrize(
    "figure", [hidden("a"), undefined("a", "no_cases")], ids=["hidden", "undefined"]
)
def test_a_figure_that_is_not_shown_has_no_bar(figure):
    root = drawing(chart("bars", a=(share("a", 3, 9),), b=(figure,)))
    assert len(list(root.iter("rect"))) == 1


@given(st.integers(0, 10**6), st.floats(0, 10**6), st.integers(0, 5000))
def test_a_drawing_does_not_depend_on_any_hidden_number(number, limit, persons):
    secret = evolve(
        hidden("b"), value=number, low=limit, high=limit + 1, k=number, n=number, persons=persons
    )
    bars = chart("bars", a=(count("a", 12),), b=(secret,))
    line = curve("a", STAYED[:3], metric="retention")
    lines = chart("curve", a=line, b=(line[0], evolve(secret, at=15), line[2]))
    reference = hidden("b")
    for made, shape in (
        (bars, {"b": (reference,)}),
        (lines, {"b": (line[0], evolve(reference, at=15), line[2])}),
    ):
        other = chart(made.kind, a=made.series[0].figures, **shape)
        assert tostring(drawing(made)) == tostring(drawing(other))


def test_a_drawing_has_no_script_style_link_or_address():
    page = tostring(drawing(curves()), encoding="unicode")
    assert not re.search(r"script|style|href|://|url\(|\son\w+=", page)


def test_the_largest_of_bars_that_are_counts_fills_the_width_and_needs_no_axis():
    root = drawing(chart("funnel", a=(count("a", 70),), b=(count("b", 35),)))
    one, half = (float(bar.get("width", "")) for bar in root.iter("rect"))
    assert one == pytest.approx(WIDTH - 2, abs=0.1)
    assert half == pytest.approx(one / 2, abs=0.1)
    assert not list(root.iter("line"))


def test_bars_that_are_shares_stand_on_a_scale_up_to_all():
    root = drawing(chart("bars", a=(share("a", 1, 4),)))
    (bar,) = root.iter("rect")
    assert float(bar.get("width", "")) == pytest.approx((WIDTH - 2) / 4, abs=0.1)
    assert {"0\u00a0%", "50\u00a0%", "100\u00a0%"} <= set(texts(root))


def test_a_thinned_curve_shows_its_points_and_no_steps_between_them():
    line = Series("a", curve("a", [1.0, 0.5, 0.2], metric="retention"))
    steps, points = (
        drawing(Chart("curve", "t", "d", (line,), NO_TABLE, thinned=thinned))
        for thinned in (False, True)
    )
    assert len(list(points.iter("circle"))) == 3
    assert not list(steps.iter("circle"))
    assert "".join(texts(steps)) == "".join(texts(points))


def luminance(color: str) -> float:
    parts = [int(color[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("color", PALETTE)
def test_every_line_colour_can_be_read_on_white(color):
    """WCAG 2.2, 1.4.3: the labels at the line ends are text."""
    assert 1.05 / (luminance(color) + 0.05) >= 4.5


def test_there_is_a_dash_pattern_for_every_colour():
    assert len(set(DASHES)) == len(set(PALETTE)) == len(DASHES) == len(PALETTE)


@given(st.floats(1e-6, 1e9))
def test_a_scale_ends_at_or_a_little_above_its_largest_value(value):
    assert value <= nice_ceiling(value) * (1 + 1e-12) <= value * 2.5 * (1 + 1e-9)


@given(st.text(min_size=1, max_size=80), st.integers(40, 300))
def test_wrapped_lines_fit_their_width(text, width):
    assert all(text_width(line) <= width for line in wrap(text, width))


def by_day(*values: float) -> tuple[Figure, ...]:
    """Means of one more day each, with no range."""
    return tuple(
        evolve(count("a", 9), measure="mean", value=value, at=30 * step)
        for step, value in enumerate(values)
    )


def test_a_curve_of_what_is_no_share_has_a_scale_of_numbers():
    """Up to the next round number above the largest."""
    written = texts(drawing(chart("curve", a=by_day(0.5, 2.0, 7.25))))
    assert {"0,0", "2,5", "5,0", "7,5", "10,0"} <= set(written)
    assert not any(text.endswith("%") for text in written)


def test_a_curve_that_stays_at_nothing_lies_on_its_axis():
    """A scale has an end also where all is zero."""
    root = drawing(chart("curve", a=by_day(0.0, 0.0)))
    (line,) = (path for path in root.iter("path") if path.get("stroke-width") == "2.5")
    axis = next(one.get("y1") for one in root.iter("line"))
    heights = {point.split()[1] for point in re.split("[ML]", line.get("d", "")) if point}
    assert heights == {f"{float(axis or 0):.1f}"}
    scale = [text for text in texts(root) if re.fullmatch(r"\d,\d", text)]
    assert (scale[0], scale[-1]) == ("0,0", "1,0")
