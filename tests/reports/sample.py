"""A realistic report, made of figures as the estimators make them, to develop and test against."""

from __future__ import annotations

from datetime import date

from attrs import evolve

from osallisuus.metrics.figure import Figure
from osallisuus.metrics.plain import Measure, Provenance
from osallisuus.reports import document as blocks
from osallisuus.reports.document import Block, Cell, Chart, Document, Series, Shown, Table
from osallisuus.time import Period
from osallisuus.words import Words

SECRET = 7193
"""A number that only suppressed figures carry: it must be in no byte of any export."""


def provenance(metric: str = "completion") -> Provenance:
    """Where the sample's figures pretend to come from."""
    return Provenance(
        metric=metric,
        kind="proportion",
        definition="4f1c9a0b7d2e6835",
        as_of=date(2019, 1, 1),
        engine="sqlite",
        policies={"clock": "running"},
    )


def share(
    name: str,
    k: int,
    n: int,
    *,
    metric: str = "completion",
    notes: tuple[str, ...] = (),
    **strata: str,
) -> Figure:
    """A share with a Wilson interval."""
    p, z = k / n, 1.959964
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5 / (1 + z * z / n)
    return Figure(
        name=name,
        measure="proportion",
        provenance=provenance(metric),
        strata=strata,
        value=p,
        low=max(middle - half, 0.0),
        high=min(middle + half, 1.0),
        k=k,
        n=n,
        persons=n,
        method="wilson",
        notes=notes,
    )


def count(name: str, number: int, *, metric: str = "people_and_episodes", **strata: str) -> Figure:
    """A full count."""
    return Figure(
        name=name,
        measure="count",
        provenance=provenance(metric),
        strata=strata,
        value=number,
        n=number,
        persons=number,
        method="count",
    )


def hidden(
    name: str, measure: Measure = "proportion", *, metric: str = "completion", **strata: str
) -> Figure:
    """A figure marked as suppressed by a careless maker who left the numbers in."""
    return Figure(
        name=name,
        measure=measure,
        provenance=provenance(metric),
        strata=strata,
        value=SECRET,
        low=SECRET + 0.25,
        high=SECRET + 0.5,
        k=SECRET,
        n=SECRET,
        persons=SECRET,
        at_risk=SECRET,
        censored=SECRET,
        status="suppressed",
        reason=f"only {SECRET}",
        notes=(f"note_{SECRET}",),
    )


def undefined(name: str, reason: str, *, metric: str = "completion", **strata: str) -> Figure:
    """A share that cannot be given."""
    return Figure(
        name=name,
        measure="proportion",
        provenance=provenance(metric),
        strata=strata,
        status="undefined",
        reason=reason,
        k=0,
        n=0,
    )


def curve(name: str, values: list[float], *, metric: str, people: int = 62) -> tuple[Figure, ...]:
    """Points 15 days apart; the range widens as fewer people are followed."""
    points = []
    for step, value in enumerate(values):
        at_risk = max(people - 3 * step, 4)
        half = 1.96 * (value * (1 - value) / at_risk) ** 0.5
        points.append(
            Figure(
                name=name,
                measure="proportion",
                provenance=provenance(metric),
                at=15 * step,
                value=value,
                low=max(value - half, 0.0),
                high=min(value + half, 1.0),
                n=people,
                persons=people,
                at_risk=at_risk,
                method="aalen_johansen",
            )
        )
    return tuple(points)


STAYED = [1.0, 0.97, 0.92, 0.87, 0.84, 0.79, 0.76, 0.73, 0.41, 0.22, 0.16, 0.13, 0.11]
COMPLETED = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.01, 0.02, 0.32, 0.50, 0.55, 0.57, 0.58]
LEFT = [0.0, 0.02, 0.05, 0.08, 0.10, 0.14, 0.15, 0.17, 0.19, 0.20, 0.20, 0.21, 0.21]
MOVED = [0.0, 0.01, 0.03, 0.05, 0.06, 0.07, 0.08, 0.08, 0.08, 0.08, 0.09, 0.09, 0.10]


def document(locale: str = "fi", *, internal: bool = False) -> Document:
    """The sample report in *locale*."""
    words = Words(locale)
    return Document(
        title="Verna 2011–2014",
        locale=locale,
        profile_note=words("document.profile.public"),
        internal=internal,
        metadata={"program": "verna", "report": "evaluation"},
        blocks=(
            blocks.Note("synthetic", words("document.synthetic")),
            *_people(words),
            *_path(words),
            *_staying(words),
            *_completion(words),
            *_themes(words),
            *_reading(words),
        ),
    )


def hostile(text: str) -> Document:
    """A report with *text* in every slot that can hold one."""
    odd = evolve(share(text, 28, 41, notes=(text,)), strata={text: text}, method=text)
    missing = undefined(text, text)
    table = Table(text, (text, text), ((text, odd), (text, missing), (text, hidden(text))), (text,))
    days = tuple(evolve(odd, at=day) for day in (0, 30))
    return Document(
        title=text,
        locale="en",
        profile_note=text,
        metadata={text: text},
        blocks=(
            blocks.Heading(1, text),
            blocks.Heading(2, text),
            blocks.Heading(1, text),
            blocks.Heading(1, text),
            blocks.Text((text, text)),
            blocks.Note("warning", text),
            table,
            Chart("curve", text, text, (Series(text, days),), table, text),
            Chart("bars", text, text, (Series(text, (odd,)), Series(text, (missing,))), table),
            Chart("funnel", text, text, (Series(text, (odd,)),), table),
            blocks.Provenance(((text, text),), text),
        ),
    )


def _people(words: Words) -> list[Block]:
    places = (("Helsinki", 34, 41), ("Tampere", 19, 22), ("Lahti", 9, 9))
    rows: list[tuple[Cell, ...]] = [
        (
            place,
            count("persons", persons, group__place=place),
            count("episodes", episodes, group__place=place),
        )
        for place, persons, episodes in places
    ]
    rows.append(("Kotka", hidden("persons", "count"), hidden("episodes", "count")))
    columns = (words("column.place"), words("part.persons"), words("part.episodes"))
    return [
        blocks.Heading(1, words("section.people")),
        blocks.Text((words("metric.people_and_episodes.sentence"),)),
        Table(words("metric.people_and_episodes.title"), columns, tuple(rows)),
        _origin(words, "people_and_episodes"),
    ]


def _path(words: Words) -> list[Block]:
    steps = (
        ("reached", 118),
        ("informed", 104),
        ("interviewed", 81),
        ("offered", 66),
        ("started", 62),
    )
    figures = [share(name, k, 118, metric="recruitment_funnel") for name, k in steps]
    labels = [words.label("part", figure.name) for figure in figures]
    rows = tuple(
        (text, Shown(figure, "cases"), figure) for text, figure in zip(labels, figures, strict=True)
    )
    columns = (words("column.step"), words("column.cases"), words("column.share_interval"))
    title = words("metric.recruitment_funnel.title")
    chart = Chart(
        "funnel",
        title,
        words("chart.funnel_description", names=", ".join(labels)),
        tuple(Series(text, (figure,)) for text, figure in zip(labels, figures, strict=True)),
        Table(title, columns, rows),
    )
    return [
        blocks.Heading(1, words("section.path")),
        blocks.Text((words("metric.recruitment_funnel.sentence"),)),
        chart,
    ]


def _staying(words: Words) -> list[Block]:
    stay = curve("in_programme", STAYED, metric="retention")
    # what happened late is followed by too few people to show
    stay = (*stay[:-1], hidden("in_programme"))
    stay = (*stay[:-1], evolve(stay[-1], at=180))
    parts = {"completed": COMPLETED, "left": LEFT, "moved_on": MOVED}
    exits = {name: curve(name, values, metric="leaving") for name, values in parts.items()}
    return [
        blocks.Heading(1, words("section.taking_part")),
        blocks.Text((words("metric.retention.sentence"),)),
        _curves(words, "retention", {"in_programme": stay}),
        blocks.Heading(2, words("section.ending")),
        blocks.Text((words("metric.leaving.sentence"),)),
        _curves(words, "leaving", exits),
    ]


def _curves(words: Words, metric: str, lines: dict[str, tuple[Figure, ...]]) -> Chart:
    labels = {name: words.label("part", name) for name in lines}
    first = next(iter(lines.values()))
    rows = tuple(
        (f"{point.at}", *(figures[index] for figures in lines.values()))
        for index, point in enumerate(first)
        if index % 2 == 0
    )
    title = words(f"metric.{metric}.title")
    return Chart(
        "curve",
        title,
        words("chart.curve_description", names=", ".join(labels.values())),
        tuple(Series(labels[name], figures) for name, figures in lines.items()),
        Table(title, (words("column.day"), *labels.values()), rows),
        words("chart.days"),
    )


def _completion(words: Words) -> list[Block]:
    first, second = (Period(date(year, 1, 1), date(year + 1, 1, 1)) for year in (2013, 2014))
    rows: tuple[tuple[Cell, ...], ...] = (
        (first, share("completed", 28, 41), Shown(share("completed", 28, 41), "cases")),
        (second, share("completed", 29, 38), Shown(share("completed", 29, 38), "cases")),
        (
            Period(date(2014, 3, 1), date(2014, 5, 15)),
            share("completed", 5, 7, notes=("few_clusters", "small_numbers")),
            Shown(share("completed", 5, 7), "cases"),
        ),
        (
            Period(date(2014, 10, 1), date(2015, 1, 1)),
            undefined("completed", "not_reached"),
            Shown(undefined("completed", "no_cases"), "cases"),
        ),
    )
    columns = (words("column.period"), words("column.share_interval"), words("column.cases"))
    return [
        blocks.Heading(1, words("metric.completion.title")),
        blocks.Text((words("metric.completion.sentence"),)),
        Table(words("metric.completion.title"), columns, rows),
        _origin(words, "completion"),
    ]


def _themes(words: Words) -> list[Block]:
    names = {"asuminen": 132, "toimeentulo": 118, "päihteiden käytön vähentäminen ja haitat": 97}
    figures = {
        name: share(name, number, 240, metric="encounter_themes") for name, number in names.items()
    }
    figures["lapset"] = hidden("lapset", metric="encounter_themes")
    rows = tuple((name, figure) for name, figure in figures.items())
    title = words("metric.encounter_themes.title")
    table = Table(
        title,
        (words("column.theme"), words("column.share_interval")),
        rows,
        (words("note.multiple_answers"),),
    )
    bars = tuple(Series(name, (figure,)) for name, figure in figures.items())
    text = words("chart.bars_description", names=", ".join(figures))
    return [
        blocks.Heading(1, words("section.encounters")),
        blocks.Text((words("metric.encounter_themes.sentence"),)),
        Chart("bars", title, text, bars, table),
    ]


def _reading(words: Words) -> list[Block]:
    keys = ("interval", "cases", "curve", "not_yet", "hidden", "undefined")
    return [
        blocks.Heading(1, words("reading.title")),
        blocks.Text(tuple(words(f"reading.{key}") for key in keys)),
    ]


def _origin(words: Words, metric: str) -> blocks.Provenance:
    source = provenance(metric)
    as_of = words("provenance.as_of_value", date=words.locale.day(source.as_of))
    return blocks.Provenance(
        (
            (words("provenance.metric"), words(f"metric.{metric}.title")),
            (words("provenance.as_of"), as_of),
            (words("provenance.definition"), source.definition),
            (words("provenance.confidence"), words.locale.percent(source.confidence)),
            (words("provenance.method"), words("method.wilson")),
        )
    )
