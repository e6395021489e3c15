"""Flows: which role followed which, as ribbons between columns (an alluvial drawing).

Every path is one figure, its share; a ribbon is as thick as the shares of the shown paths through
it. A path that is hidden has no ribbon and leaves no gap: nothing in the drawing depends on it.
The columns are the order in which roles were taken up, which is no ladder: roles stand in each
column by name, the same role always in the same colour.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final
from xml.etree.ElementTree import Element

from osallisuus.reports.bars import draw_bars, is_shown
from osallisuus.reports.document import Chart, Series
from osallisuus.reports.drawing import (
    INK,
    SOFT,
    WIDTH,
    add,
    canvas,
    color,
    dash,
    hatch,
    label,
    text_width,
    wrap,
)
from osallisuus.values import frozen
from osallisuus.words import Words

__all__ = ["draw_flow"]

_WHOLE: Final = 260.0
"""How high all people together are."""
_NODE: Final = 10.0
_LINE: Final = 15.0
_SIZE: Final = 12.0


@frozen(eq=False)
class _Node:
    """A role in one column."""

    step: int
    x: float
    y: float
    share: float
    number: int
    """That of its colour."""
    lines: tuple[str, ...]


def draw_flow(chart: Chart, words: Words, identity: str) -> Element:
    """The paths of *chart*; as bars where no path that is shown leads anywhere."""
    paths = [path for path in chart.series if is_shown(path.figures[0])]
    if max(len(path.steps) for path in paths) < 2:
        return draw_bars(chart, words, identity)
    nodes = _nodes(paths)
    foot = max(node.y + node.share * _WHOLE for node in nodes.values()) + 8
    hidden = any(path.figures[0].status == "suppressed" for path in chart.series)
    height = foot + (26 if hidden else 4)
    root = canvas(height, chart.title, chart.description, identity)
    _draw_ribbons(root, paths, nodes)
    for node in nodes.values():
        _draw_node(root, node)
    if hidden:
        hatch(root, 1, foot + 6, 28)
        label(root, words("mark.hidden_word"), 36, foot + 16, fill=SOFT, font_size=_SIZE)
    return root


def _nodes(paths: Sequence[Series]) -> dict[tuple[int, str], _Node]:
    """Where each role stands in each column, from top to bottom by name."""
    shares: defaultdict[tuple[int, str], float] = defaultdict(float)
    for path in paths:
        for place in enumerate(path.steps):
            shares[place] += float(path.figures[0])
    colors = {name: number for number, name in enumerate(sorted({name for _, name in shares}))}
    columns = 1 + max(step for step, _ in shares)
    pitch = WIDTH / columns
    free = [0.0] * columns
    nodes: dict[tuple[int, str], _Node] = {}
    for step, name in sorted(shares):
        last = columns > 1 and step == columns - 1
        x = WIDTH - _NODE if last else step * (WIDTH - _NODE) / (columns - 1)
        lines = wrap(name, pitch - 12 if not last else pitch - 4, _SIZE)
        y = free[step] + _LINE * len(lines) + 4
        share = shares[step, name]
        nodes[step, name] = _Node(step, x, y, share, colors[name], lines)
        free[step] = y + share * _WHOLE + 10
    return nodes


def _draw_node(root: Element, node: _Node) -> None:
    height = max(node.share * _WHOLE, 1.0)
    fill = color(node.number)
    add(root, "rect", x=node.x, y=node.y, width=_NODE, height=height, fill=fill)
    right = node.x + _NODE >= WIDTH
    for number, line in enumerate(node.lines):
        y = node.y - _LINE * (len(node.lines) - 1 - number) - 5
        if right:
            label(root, line, WIDTH, y, text_anchor="end", font_size=_SIZE, fill=INK)
        else:
            x = min(node.x, WIDTH - text_width(line, _SIZE))
            label(root, line, x, y, font_size=_SIZE, fill=INK)


def _draw_ribbons(
    root: Element, paths: Sequence[Series], nodes: dict[tuple[int, str], _Node]
) -> None:
    """A ribbon from role to role: out of each by the order of those that follow, and in alike."""
    shares: defaultdict[tuple[int, str, str], float] = defaultdict(float)
    for path in paths:
        for step, (one, other) in enumerate(zip(path.steps, path.steps[1:], strict=False)):
            shares[step, one, other] += float(path.figures[0])
    left: defaultdict[tuple[int, str], float] = defaultdict(float)
    entered: defaultdict[tuple[int, str], float] = defaultdict(float)
    for (step, one, other), share in sorted(shares.items()):
        source, target = nodes[step, one], nodes[step + 1, other]
        thick = share * _WHOLE
        y1 = source.y + left[step, one]
        y2 = target.y + entered[step + 1, other]
        left[step, one] += thick
        entered[step + 1, other] += thick
        _draw_ribbon(root, (source.x + _NODE, y1), (target.x, y2), thick, source.number)


def _draw_ribbon(
    root: Element,
    start: tuple[float, float],
    end: tuple[float, float],
    thick: float,
    number: int,
) -> None:
    (x1, y1), (x2, y2) = start, end
    middle = (x1 + x2) / 2
    upper = f"M{x1:.1f} {y1:.1f}C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    lower = (
        f"L{x2:.1f} {y2 + thick:.1f}"
        f"C{middle:.1f} {y2 + thick:.1f} {middle:.1f} {y1 + thick:.1f} {x1:.1f} {y1 + thick:.1f}Z"
    )
    add(
        root,
        "path",
        d=upper + lower,
        fill=color(number),
        fill_opacity="0.28",
        stroke=color(number),
        stroke_width=1,
        stroke_dasharray=dash(number),
    )
