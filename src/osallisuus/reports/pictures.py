"""Charts of a section: which figures a flow, a calendar or panels are made of, and their tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from osallisuus.metrics.figure import Figure
from osallisuus.metrics.written import label_of, part_label
from osallisuus.reports.document import Chart, Series, Table
from osallisuus.words import Words

__all__ = ["alphabetical", "calendar_chart", "flow_chart", "panels_chart", "path_steps"]

_STEP = ">"
_MORE = "..."
_AFTER_Z = str.maketrans({"å": "z1", "ä": "z2", "ö": "z3"})


def alphabetical(text: str) -> str:
    """A key that sorts as Finnish and Swedish do: å, ä and ö after z, capitals like small letters."""
    return text.casefold().translate(_AFTER_Z)


def path_steps(figure: Figure, words: Words, own: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the roles that a path leads through, in their order."""
    if _STEP not in figure.name:
        text = part_label(figure, words, own)
        return (f"{text[:1].upper()}{text[1:]}",)
    labels = [
        "…" if code == _MORE else label_of(code, words, own) for code in figure.name.split(_STEP)
    ]
    return tuple(f"{text[:1].upper()}{text[1:]}" for text in labels)


def flow_chart(
    caption: str,
    figures: Sequence[Figure],
    table: Table,
    words: Words,
    own: Mapping[str, str],
) -> Chart:
    """Paths of roles: one series for each path, by name and never by size."""
    paths = sorted(
        ((path_steps(figure, words, own), figure) for figure in figures),
        key=lambda path: [alphabetical(step) for step in path[0]],
    )
    series = tuple(Series(" → ".join(steps), (figure,), steps) for steps, figure in paths)
    names = ", ".join(path.label for path in series)
    description = words("chart.flow_description", names=names)
    return Chart("flow", caption, description, series, table)


def calendar_chart(caption: str, figures: Sequence[Figure], table: Table, words: Words) -> Chart:
    """The first figure of a metric by period: one series for each year, oldest first."""
    first = [one for one in figures if one.name == figures[0].name and one.period is not None]
    years = groupby(first, key=lambda one: one.period.starts_on.year if one.period else 0)
    series = tuple(Series(str(year), tuple(cells)) for year, cells in years)
    names = ", ".join(year.label for year in series)
    return Chart(
        "calendar", caption, words("chart.calendar_description", names=names), series, table
    )


def panels_chart(
    caption: str,
    figures: Sequence[Figure],
    table: Table,
    words: Words,
    *,
    name: Callable[[Figure], str],
    part: Callable[[Figure], str],
    thinned: bool = False,
) -> Chart:
    """One panel for each group or place that *name* names, in the order of the alphabet."""
    by_name: dict[str, list[Figure]] = {}
    for figure in figures:
        by_name.setdefault(name(figure), []).append(figure)
    series = tuple(
        Series(label, tuple(by_name[label]), tuple(map(part, by_name[label])))
        for label in sorted(by_name, key=alphabetical)
    )
    names = ", ".join(panel.label for panel in series)
    description = words("chart.panels_description", names=names)
    return Chart("panels", caption, description, series, table, thinned=thinned)
