"""A report beside an earlier one: both as they were published, and the step between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from osallisuus.metrics.figure import Figure, Result
from osallisuus.metrics.written import metric_title
from osallisuus.reports.document import Block, Cell, Document, Heading, Note, Table
from osallisuus.reports.sections import Sections
from osallisuus.words import Words

__all__ = ["since_blocks"]


def since_blocks(
    previous: Document, results: Sequence[Result], sections: Sections, words: Words
) -> Iterator[Block]:
    """The figures that both reports show and that have moved; nothing but what was published.

    Figures are the same when metric, policies, programme, strata, period and part are. A curve, and a figure
    whose definition has changed, is not compared: its points, or its meaning, differ.
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
                rows.append((_name(now, sections, words), then, now, _step(then, now, words)))
    if not days:
        yield Heading(1, words("section.since"))
        yield Note("info", words("since.nothing_shared"))
        return
    yield Heading(1, words("section.since"))
    if not rows:
        yield Note("info", words("since.nothing_moved", date=words.locale.day(max(days))))
        return
    columns = [words(f"since.{name}") for name in ("figure", "then", "now", "step")]
    caption = words("since.caption", date=words.locale.day(max(days)))
    yield Table(caption, columns, rows, notes=(words("since.note"),))


def _figures(document: Document) -> Iterator[Figure]:
    for table in document.tables:
        yield from table.figures


def _identity(figure: Figure) -> tuple[object, ...]:
    source = figure.provenance
    choices = tuple(sorted(source.policies.items()))
    return (source.metric, source.definition, source.program, choices, figure.measure, figure.key)


def _told(figure: Figure) -> tuple[object, ...]:
    return (figure.status, figure.value, figure.low, figure.high)


def _name(figure: Figure, sections: Sections, words: Words) -> str:
    title, part = metric_title(figure.provenance.metric, words), sections.part(figure)
    strata: Iterable[str] = (value or words("cell.not_stated") for value in figure.strata.values())
    period = [] if figure.period is None else [words.locale.period(figure.period)]
    named = [title, *([part] if part.lower() != title.lower() else []), *strata, *period]
    return " · ".join(named)


_DIGITS: Mapping[str, int] = {"count": 0}


def _step(then: Figure, now: Figure, words: Words) -> str:
    if then.value is None or now.value is None:
        return ""
    step = now.value - then.value
    if now.measure == "proportion":
        return words("since.points", step=words.locale.signed(100 * step))
    return words.locale.signed(step, _DIGITS.get(now.measure, 1))
