"""One page with every kind of chart, each with hidden figures and the longest names that we know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from attrs import evolve

from osallisuus.metrics.figure import Figure
from osallisuus.reports.document import Block, Document, Heading, Table
from osallisuus.reports.pictures import calendar_chart, flow_chart, panels_chart
from osallisuus.time import Period, add_months
from osallisuus.words import Words
from tests.reports.sample import STAYED, count, curve, document, hidden, share, undefined

__all__ = ["PATHS", "PLACES", "every_chart", "months", "paths", "place"]

PATHS = {
    "client": 10,
    "peer": 20,
    "client>peer": 15,
    "client>peer>expert_by_experience": 10,
    "client>co_developer>peer_guide": 15,
    "peer>client>peer": 10,
    "expert_by_experience>lead_peer_guide": 5,
    "other_paths": 10,
}
PLACES = {
    "Helsinki": (30, 41),
    "Äänekosken päihdekuntoutuskeskuksen vertaistukiryhmä": (9, 10),
    "Lahti": (3, 9),
    "Oulu": None,
}


def paths() -> list[Figure]:
    """Paths of roles, one of them hidden."""
    shown = [share(name, k, 100, metric="pathways") for name, k in PATHS.items()]
    return [*shown, hidden("peer_guide>volunteer", metric="pathways")]


def months() -> list[Figure]:
    """28 months from autumn on, three of them hidden and one undefined."""
    figures, first = [], date(2016, 9, 1)
    for number in range(28):
        period = Period(first, add_months(first, 1))
        figure = share("cadence_held", (4, 4, 3, 2, 0, 1)[number % 6], 4, metric="cadence_held")
        if number in (3, 9, 10):
            figure = hidden("cadence_held", metric="cadence_held")
        if number == 12:
            figure = undefined("cadence_held", "no_cases", metric="cadence_held")
        figures.append(evolve(figure, period=period))
        first = period.ends_on
    return figures


def place(figure: Figure) -> str:
    """The place that a figure is of."""
    return figure.strata["group__place"] or ""


def _shares() -> list[Figure]:
    return [
        hidden("completed", group__place=name)
        if known is None
        else share("completed", *known, group__place=name)
        for name, known in PLACES.items()
    ]


def _counts() -> list[Figure]:
    return [
        count(name, 3 * (len(town) + number), group__place=town)
        for number, town in enumerate(PLACES)
        for name in ("persons", "episodes")
    ]


def _curves() -> list[Figure]:
    figures: list[Figure] = []
    for number, (town, known) in enumerate(PLACES.items()):
        line = curve("in_programme", [max(0, y - number / 20) for y in STAYED], metric="retention")
        if known is None:
            line = (evolve(hidden("in_programme", metric="retention"), at=0),)
        figures += [evolve(figure, strata={"group__place": town}) for figure in line]
    return figures


def _blocks(words: Words) -> Iterator[Block]:
    def table(caption: str, figures: list[Figure]) -> Table:
        names = [words.label("part", figure.name) for figure in figures]
        return Table(
            caption,
            (words("column.part"), words("column.figure_interval")),
            list(zip(names, figures, strict=True)),
        )

    def part(figure: Figure) -> str:
        return words.label("part", figure.name)

    yield Heading(1, words("metric.pathways.title"))
    title = words("metric.pathways.sentence")
    yield flow_chart(title, paths(), table(title, paths()), words, {})
    yield Heading(1, words("metric.cadence_held.title"))
    title = words("metric.cadence_held.sentence")
    yield calendar_chart(title, months(), table(title, months()), words)
    yield Heading(1, words("by.title", name=words("by.group_place")))
    for figures in (_shares(), _counts(), _curves()):
        title = words(f"metric.{figures[0].provenance.metric}.title")
        made = table(title, figures)
        yield panels_chart(title, figures, made, words, name=place, part=part)


def every_chart(locale: str = "fi") -> Document:
    """The sample report with all other charts before its own."""
    sample = document(locale)
    return sample.with_blocks([*_blocks(Words(locale)), *sample.blocks])
