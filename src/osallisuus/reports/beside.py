"""What stands in a report beside the figures of metrics: words, quotes, phases, funds, courses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from osallisuus.errors import Problem
from osallisuus.metrics.figure import Result
from osallisuus.model.facts import Consent, Observation
from osallisuus.model.stated import Text as Own
from osallisuus.reports.definition import Course, Fund, Noted, Part, Phases, Quotes, Written
from osallisuus.reports.document import Block, Cell, Hidden, Table, Text
from osallisuus.reports.funders import FundLine, fund_heads, fund_notes, fund_table, fund_title
from osallisuus.rules.community import OwnCourse
from osallisuus.rules.copying import QUOTING
from osallisuus.rules.funders import fund_rules
from osallisuus.rules.reporting import SENT, SHOWN
from osallisuus.time import Period
from osallisuus.values import frozen
from osallisuus.words import Words

__all__ = ["Beside", "blocks_beside", "holding_consents", "untold"]


_MARKERS = ("synthetic_data", SENT.removesuffix("."), SHOWN)
"""Observations that say something of the facts or of the work on them, not of the programme."""


@frozen(kw_only=True)
class Beside:
    """The facts that such sections are made of; none of them is about one person.

    ``program`` is the programme's title, ``number`` that of the release, where it is remembered.
    ``as_of``: what is dated on or after this day is not known yet. ``courses`` are those of the
    programme's communities.
    """

    program: str = ""
    number: int | None = None

    as_of: date = date.max
    period: Period | None = None
    observations: tuple[Observation, ...] = ()
    consents: tuple[Consent, ...] = ()
    courses: tuple[OwnCourse, ...] = ()


def blocks_beside(
    part: Part, beside: Beside, results: Sequence[Result], words: Words, *, internal: bool
) -> Iterator[Block]:
    """The blocks of one such section, without its heading; none where it has nothing to say."""
    if isinstance(part, Written):
        lines = part.text.label(words.code).splitlines()
        yield Text(tuple(line.strip() for line in lines if line.strip()))
    elif isinstance(part, Phases):
        yield from _phases(part, beside, words)
    elif isinstance(part, Quotes):
        yield from _quotes(part, beside, words)
    elif isinstance(part, Fund):
        yield from _fund(part, beside, results, words)
    elif isinstance(part, Course) and internal:  # what a community says of itself is its own
        yield from _courses(beside, words)


def _phases(part: Phases, beside: Beside, words: Words) -> Iterator[Block]:
    known = _noted(beside)
    if not known:
        return
    heads = {"before": part.before, "during": part.during, "after": part.after}
    named = {one.measure: one for one in part.noted}
    rows: list[tuple[Cell, ...]] = []
    for measure in dict.fromkeys(one.measure for one in known):
        own = named.get(measure)
        cells = [
            _observed([o for o in known if (o.measure, o.phase) == (measure, phase)], own, words)
            for phase in heads
        ]
        ours = words.label("observed", measure).capitalize()
        rows.append((_said(own.title if own else None, ours, words), *cells))
    columns = (words(f"phase.{phase}") for phase in heads)
    asked = (_said(head, ours, words) for head, ours in zip(heads.values(), columns, strict=True))
    caption = _said(part.caption, words("phases.caption"), words)
    yield Table(caption, (words("column.part"), *asked), rows, notes=(words("phases.note"),))


def _noted(beside: Beside) -> list[Observation]:
    """What was noted of the programme by the day of the report."""
    return [
        one
        for one in beside.observations
        if one.observed_on < beside.as_of and one.measure.split(".")[0] not in _MARKERS
    ]


def _said(own: Own | None, ours: str, words: Words) -> str:
    """The words of the report's author, or ours."""
    return ours if own is None else own.label(words.code)


def _observed(same: Iterable[Observation], own: Noted | None, words: Words) -> str:
    ordered = sorted(same, key=lambda one: one.observed_on)
    return "; ".join(dict.fromkeys(_range(one, own, words) for one in ordered))


def _range(one: Observation, own: Noted | None, words: Words) -> str:
    ends = [_number(end, words) for end in (one.low, one.high) if end is not None]
    number = "–".join(dict.fromkeys(ends)) or words("phases.noted")
    unit = _said(own.unit if own else None, words.label("observed_unit", one.unit or ""), words)
    return f"{number} {unit}" if unit else number


def _number(value: float, words: Words) -> str:
    return words.locale.number(value, 0 if value == int(value) else 1)


def _quotes(part: Quotes, beside: Beside, words: Words) -> Iterator[Block]:
    """Those whose consent to be quoted was given by the day of the report and never taken back.

    Also where it was taken back after that day: the report is made now. Nothing is said of others.
    """
    given = (one for one in beside.consents if one.given_on < beside.as_of)
    holding = holding_consents(given)
    told = [quote for quote in part.quotes if quote.consent in holding]
    marks = words("quotes.marks").split()
    lines = [f"{marks[0]}{quote.text.label(words.code)}{marks[-1]}" for quote in told]
    if lines:
        yield Text(tuple(lines), tuple(quote.consent for quote in told))


def untold(part: Part, beside: Beside, where: str) -> Iterator[Problem]:
    """What of a section stays out, and why: for whoever makes the report, not a reader.

    That are quotes, and what is noted of no phase. *where* is the section's place in its
    definition. No word of a quote is in it.
    """
    if isinstance(part, Quotes):
        yield from _untold_quotes(part, beside, where)
    elif isinstance(part, Phases):
        yield from _unnoted(part, beside, where)


def _unnoted(part: Phases, beside: Beside, where: str) -> Iterator[Problem]:
    known = {one.measure for one in _noted(beside)}
    remedy = "record it as an observation of the programme, or leave this out of the report"
    if not known:
        what = "a section is left out: by this day nothing was noted of the programme as a whole"
        yield Problem(what, where, remedy)
        return
    for number, one in enumerate(part.noted):
        if one.measure not in known:
            what = "a row is left out: by this day nothing was noted of this measure"
            yield Problem(what, f"{where}.noted[{number}]", remedy)


def _untold_quotes(part: Quotes, beside: Beside, where: str) -> Iterator[Problem]:
    given = {one.id: one for one in beside.consents if one.given_on < beside.as_of}
    holding = holding_consents(given.values())
    for number, quote in enumerate(part.quotes):
        if quote.consent in holding:
            continue
        known = given.get(quote.consent)
        if known is None:
            what = "the facts of this day hold no consent of that id"
        elif known.withdrawn_on is not None:
            what = "the consent was taken back"
        else:
            what = "the consent is not to be quoted"
        remedy = f"check its consent: an id among the consents, of the purpose {QUOTING}"
        yield Problem(f"a quote is left out: {what}", f"{where}.quotes[{number}]", remedy)


def holding_consents(consents: Iterable[Consent]) -> frozenset[str]:
    """The ids of those under which somebody's words may be told, and that nobody has taken back."""
    return frozenset(
        one.id for one in consents if one.purpose == QUOTING and one.withdrawn_on is None
    )


def _fund(part: Fund, beside: Beside, results: Sequence[Result], words: Words) -> Iterator[Block]:
    if beside.period is None or not results:
        return
    table = fund_table(
        fund_rules(part.rules),
        beside.period,
        results,
        words=words,
        program=beside.program,
        number=beside.number,
    )
    columns = (words("fund.indicator"), *fund_heads(table, words))
    told = ((fund_title(table, words), table.lines), (words("fund.on_leaving"), table.results))
    for caption, lines in (one for one in told if one[1]):
        yield Table(caption, columns, [_line(line, words) for line in lines])
    remembered = [] if table.number is None else [words("fund.remembered", number=table.number)]
    yield Text((*fund_notes(table, words), *remembered))


def _line(line: FundLine, words: Words) -> tuple[Cell, ...]:
    code = "" if line.code == "–" else f"{line.code}{'' if line.verified else '*'} "
    counts: list[Cell] = []
    for count in line.counts.values():
        counts.append(Hidden() if count is None else count)
    return (f"{code}{line.text}", *counts)


def _courses(beside: Beside, words: Words) -> Iterator[Block]:
    """Each community beside its own beginning; there is no table with two of them."""
    columns = (words("column.day_of"), words("course.value"), words("course.shift"))
    for course in beside.courses:
        first = course.values[0][1] if course.values else 0.0
        rows: list[tuple[Cell, ...]] = [
            (words.locale.day(day), value, value - first) for day, value in course.values
        ]
        names = (course.group, course.instrument, course.scale)
        caption = " · ".join(one.replace("_", " ") for one in names)
        yield Table(caption, columns, rows)
