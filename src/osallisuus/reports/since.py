"""A report beside an earlier one: both as they were published, and the step between them.

All of it is made of the two documents, and no fact is asked: what a reader could not work out from
the two pages is not in it. So it says what is *counted* otherwise, which is not about people, and
never how much of a step comes from late records, corrections or erasures. Nearly always few people
stand behind such a part, and since the parts add up to a published step, hiding one of them hides
nothing. The exact split is for those who may see the facts (:mod:`~osallisuus.reports.why`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from osallisuus.metrics.figure import Figure, Result
from osallisuus.metrics.plain import Provenance
from osallisuus.metrics.written import metric_title, policy_text
from osallisuus.reports.document import Block, Cell, Document, Heading, Note, Table, Text
from osallisuus.reports.sections import Sections
from osallisuus.words import Words

__all__ = ["figure_name", "since_blocks", "step_text"]


def since_blocks(
    previous: Document, results: Sequence[Result], sections: Sections, words: Words
) -> Iterator[Block]:
    """The figures that both reports show and that have moved, then what is counted otherwise.

    Figures are the same when metric, definition, policies, programme, strata, period and part are.
    A curve, and a figure whose definition has changed, is not compared: its points, or its
    meaning, differ.
    """
    earlier = {_identity(one): one for one in _figures(previous)}
    rows: list[tuple[Cell, ...]] = []
    days = set()
    for result in results:
        for now in result:
            then = earlier.get(_identity(now))
            if then is None or now.at is not None or "shown" not in (now.status, then.status):
                continue
            days.add(then.provenance.as_of)
            if _told(then) != _told(now):
                rows.append((figure_name(now, sections, words), then, now, _step(then, now, words)))
    yield Heading(1, words("section.since"))
    if rows:
        columns = [words(f"since.{name}") for name in ("figure", "then", "now", "step")]
        caption = words("since.caption", date=words.locale.day(max(days)))
        yield Table(caption, columns, rows, notes=(words("since.note"),))
    elif days:
        yield Note("info", words("since.nothing_moved", date=words.locale.day(max(days))))
    else:
        yield Note("info", words("since.nothing_shared"))
    yield from _otherwise(previous, results, words)


def _otherwise(previous: Document, results: Sequence[Result], words: Words) -> Iterator[Block]:
    """What is not counted as it was then: definitions and choices, and for whom it is released."""
    before: dict[str, list[Provenance]] = {}
    for figure in _figures(previous):
        before.setdefault(figure.provenance.metric, []).append(figure.provenance)
    both = [
        (_nearest(before[result.provenance.metric], figure.provenance), figure.provenance)
        for result in results
        if result.provenance.metric in before
        for figure in result.figures[:1]
    ]
    if not both:
        return
    rows = [row for then, now in both for row in _counted_otherwise(then, now, words)]
    internal = any(result.internal for result in results)
    if internal != previous.internal:
        whom = (words.label("profile", "internal" if one else "public")
                for one in (previous.internal, internal))  # fmt: skip
        rows.insert(0, (words("provenance.profile"), *whom))
    last: date = max(then.as_of for then, _ in both)
    if rows:
        columns = [words(f"since.{name}") for name in ("figure", "then", "now")]
        yield Table(words("since.otherwise", date=words.locale.day(last)), columns, rows)
    told = [] if rows else [words("since.none_otherwise")]
    yield Text((*told, words("since.not_told")))


def _nearest(before: Sequence[Provenance], now: Provenance) -> Provenance:
    """Of several ways in which a report counts one metric the one that this may be the same as."""
    return next((then for then in before if _way(then) == _way(now)), before[0])


def _way(source: Provenance) -> tuple[object, ...]:
    choices = tuple(sorted(source.policies.items()))
    return (source.definition, choices, source.confidence)


def _counted_otherwise(
    then: Provenance, now: Provenance, words: Words
) -> Iterator[tuple[Cell, ...]]:
    """A row for each way in which the figures of one metric are not counted as they were."""
    title = metric_title(now.metric, words)
    if then.definition != now.definition:
        yield title, words("since.definition_then"), words("since.definition_now")
    for name in sorted({*then.policies, *now.policies}):
        old, new = then.policies.get(name), now.policies.get(name)
        if old != new:
            yield title, *(_chosen(name, value, words) for value in (old, new))
    if then.confidence != now.confidence:
        yield (
            f"{title} · {words('provenance.confidence')}",
            *(words.locale.percent(one.confidence) for one in (then, now)),
        )


def _chosen(name: str, value: str | None, words: Words) -> str:
    return words("change.not_chosen") if value is None else policy_text(name, value, words)


def _figures(document: Document) -> Iterator[Figure]:
    for table in document.tables:
        yield from table.figures


def _identity(figure: Figure) -> tuple[object, ...]:
    source = figure.provenance
    choices = tuple(sorted(source.policies.items()))
    return (source.metric, source.definition, source.program, choices, figure.measure, figure.key)


def _told(figure: Figure) -> tuple[object, ...]:
    return (figure.status, figure.value, figure.low, figure.high)


def figure_name(figure: Figure, sections: Sections, words: Words) -> str:
    """The figure by its metric, part, strata and period, such as "Attendance · Lahti · 2018"."""
    title, part = metric_title(figure.provenance.metric, words), sections.part(figure)
    strata: Iterable[str] = (value or words("cell.not_stated") for value in figure.strata.values())
    period = [] if figure.period is None else [words.locale.period(figure.period)]
    named = [title, *([part] if part.lower() != title.lower() else []), *strata, *period]
    return " · ".join(named)


_DIGITS: Mapping[str, int] = {"count": 0}


def _step(then: Figure, now: Figure, words: Words) -> str:
    if then.value is None or now.value is None:
        return ""
    return step_text(now.value - then.value, now.measure, words)


def step_text(step: float, measure: str, words: Words, *, digits: int = 0) -> str:
    """A difference of two values of that measure, with its sign; of shares with *digits*."""
    if measure == "proportion":
        return words("since.points", step=words.locale.signed(100 * step, digits))
    return words.locale.signed(step, _DIGITS.get(measure, 1))
