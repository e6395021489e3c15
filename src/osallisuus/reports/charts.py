"""Charts as SVG element trees, drawn from figures alone.

Requirement R18 and design section 8: each drawing has a title and a description for screen
readers, tells lines apart by dashes and names as well as colours, holds no script and no address,
and contains nothing of a figure that is hidden or undefined.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from osallisuus.reports.bars import draw_bars, is_shown
from osallisuus.reports.calendars import draw_calendar
from osallisuus.reports.curves import draw_curve
from osallisuus.reports.document import Chart
from osallisuus.reports.flows import draw_flow
from osallisuus.reports.panels import draw_panels
from osallisuus.words import Words

__all__ = ["draw", "undrawn"]


def draw(chart: Chart, words: Words, identity: str) -> Element | None:
    """*chart* as an ``svg`` element, or ``None`` when none of its figures may be drawn.

    A curve of day 0 only is none either: a dot in an empty field, which is there by definition.

    *identity* begins the ids of its title and description; it must be unlike that of any other
    drawing on the page.
    """
    shown = [figure for series in chart.series for figure in series.figures if is_shown(figure)]
    if not shown or (chart.kind == "curve" and {figure.at for figure in shown} == {0}):
        return None
    drawn = {
        "curve": draw_curve,
        "flow": draw_flow,
        "calendar": draw_calendar,
        "panels": draw_panels,
    }.get(chart.kind, draw_bars)
    return drawn(chart, words, identity)


def undrawn(chart: Chart) -> tuple[str, ...]:
    """The names of the series of which nothing is drawn, for a remark beside the chart."""
    return tuple(
        series.label
        for series in chart.series
        if not any(is_shown(figure) for figure in series.figures)
    )
