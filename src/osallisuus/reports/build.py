"""From released results to a document: headings, sentences, tables and charts in one language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from osallisuus.disclosure.gate import Released
from osallisuus.metrics.figure import Result
from osallisuus.metrics.plain import Provenance as Source
from osallisuus.metrics.written import metric_title, policy_texts, stratum_name
from osallisuus.model.facts import Group
from osallisuus.reports.definition import ReportDefinition, Section
from osallisuus.reports.document import (
    Block,
    Cell,
    Document,
    Heading,
    Note,
    Provenance,
    Table,
    Text,
)
from osallisuus.reports.rounding import rounding_text
from osallisuus.reports.sections import Sections, cases_cell, is_empty
from osallisuus.time import Period
from osallisuus.values import frozen
from osallisuus.words import Words

__all__ = ["Context", "build", "result_document"]

_MOST_DATES = 12
"""Of more groups only the first and the last to start have their dates written."""


@frozen(kw_only=True)
class Context:
    """What a report says of itself, besides its figures."""

    program: str
    program_title: str
    program_version: str
    locale: str
    version: str
    """The version of the library."""
    labels: Mapping[str, str]
    """The programme's own words for its codes (roles, themes), by code."""
    synthetic: bool = False
    groups: tuple[Group, ...] = ()
    """The groups of the programme, in the order in which they start: the plan, not the people."""


def build(
    definition: ReportDefinition,
    released: Released,
    strata: Sequence[str],
    context: Context,
) -> Document:
    """The document of *released*: one result per section, then one per split section and stratum.

    *strata* are the strata by which the report was asked, in the order of the results.
    """
    return _Builder(definition, released, strata, context).document()


def result_document(result: Result, released: Released, *, locale: str) -> Document:
    """One result as a document: a single table of all its figures."""
    words = Words(locale)
    profile, source = released.profile, result.provenance
    title = metric_title(source.metric, words)
    sentence = f"metric.{source.metric}.sentence"
    blocks: list[Block] = [Text((words(sentence),))] if sentence in words else []
    blocks += _first_notes(released, source, words)
    table = Sections(words).table(title, result.figures, by=result.by, periods=bool(result.periods))
    choices = policy_texts(source, words)
    return Document(
        title=title,
        locale=locale,
        blocks=[*blocks, table, *([Text((" ".join(choices),))] if choices else [])],
        profile_note=words(f"document.profile.{'internal' if profile.internal else 'public'}"),
        internal=profile.internal or result.internal,
    )


def _first_notes(released: Released, source: Source, words: Words) -> Iterator[Block]:
    """What a reader must know before the first figure."""
    if released.profile.unsafe:
        yield Note("info", words("document.unsafe", threshold=released.profile.threshold))
    if released.number is None and not released.profile.internal:
        yield Note("info", words("document.forgotten"))
    if released.hidden:
        yield Note("hidden", words("count.hidden", n=released.hidden))
    if source.rounding is not None:
        figures = (figure for result in released.results for figure in result)
        yield Note("info", rounding_text(figures, source.rounding, words))


class _Builder:
    def __init__(
        self,
        definition: ReportDefinition,
        released: Released,
        strata: Sequence[str],
        context: Context,
    ) -> None:
        self.definition, self.released, self.context = definition, released, context
        self.words = Words(context.locale)
        self.sections = Sections(self.words, context.labels, thinned=not released.profile.internal)
        count = len(definition.sections)
        asked = dict(zip(definition.sections, released.results[:count], strict=True))
        self.whole = {one: result for one, result in asked.items() if not is_empty(result)}
        self.empty = [section for section in asked if section not in self.whole]
        split = [section for section in definition.sections if section.split]
        self.split: list[tuple[str, Section, Result]] = [
            (stratum, section, result)
            for (stratum, section), result in zip(
                ((stratum, section) for stratum in strata for section in split),
                released.results[count:],
                strict=True,
            )
            if section in self.whole
        ]

    def document(self) -> Document:
        words, context, profile = self.words, self.context, self.released.profile
        title = words("report.evaluation", program=context.program_title)
        if f"report.{self.definition.name}" in words:
            title = words(f"report.{self.definition.name}", program=context.program_title)
        return Document(
            title=title,
            locale=context.locale,
            blocks=tuple(self._blocks()),
            profile_note=words(f"document.profile.{'internal' if profile.internal else 'public'}"),
            internal=profile.internal or any(one.internal for one in self.released.results),
            metadata={
                "program": context.program,
                "program_version": context.program_version,
                "report": self.definition.name,
                "profile": profile.name,
                "synthetic": "yes" if context.synthetic else "no",
                "version": context.version,
            },
        )

    def _blocks(self) -> Iterator[Block]:
        words = self.words
        if self.context.synthetic:
            yield Note("synthetic", words("document.synthetic"))
        yield from _first_notes(self.released, self._source, words)
        yield Heading(1, words("section.summary"))
        yield self._summary()
        for heading, sections in groupby(self.whole, key=lambda section: section.heading):
            yield Heading(1, words(f"section.{heading}"))
            for section in sections:
                yield Heading(2, self._title(section))
                caption = words(f"metric.{section.metric}.sentence")
                figures = self.whole[section].figures
                yield from self.sections.section(section.form, caption, figures)
        for stratum, parts in groupby(self.split, key=lambda part: part[0]):
            name = stratum_name(stratum, words)
            yield Heading(1, words("by.title", name=name))
            for _, section, result in parts:
                caption = words("by.caption", metric=self._title(section), name=name)
                yield self.sections.table(caption, result.figures, by=(stratum,))
        yield from self._reading()
        yield self._provenance()

    @property
    def _source(self) -> Source:
        return self.released.results[0].provenance

    def _title(self, section: Section) -> str:
        return metric_title(section.metric, self.words)

    def _summary(self) -> Table:
        words = self.words
        rows: list[tuple[Cell, ...]] = []
        for section, result in self.whole.items():
            if section.brief:
                figure = next(figure for figure in result if figure.at is None)
                counted = figure.measure == "count"
                name = self.sections.part(figure) if counted else self._title(section)
                rows.append((name, figure, cases_cell(figure)))
        columns = [words(f"column.{name}") for name in ("part", "figure_interval", "cases")]
        return Table(words("summary.caption"), columns, rows)

    def _reading(self) -> Iterator[Block]:
        words = self.words
        yield Heading(1, words("reading.title"))
        texts = ["interval", "cases", "curve", "not_yet"]
        texts += ["hidden"] if self.released.hidden else []
        paragraphs = [words(f"reading.{key}") for key in texts]
        if self.empty:
            names = ", ".join(self._title(section) for section in self.empty)
            paragraphs.append(words("reading.empty", names=names))
        yield Text(tuple(paragraphs))

    def _groups(self, as_of: date) -> Iterator[tuple[str, str]]:
        """Who runs the groups that have started, and when each of them meets."""
        words = self.words
        started = [group for group in self.context.groups if group.starts_on < as_of]
        organizations = sorted({group.organization for group in started if group.organization})
        if organizations:
            yield words("provenance.organization"), "; ".join(organizations)
        dates = dict.fromkeys(self._dates(group, as_of) for group in started)
        if len(dates) > _MOST_DATES:
            first, *_, last = dates
            dates = dict.fromkeys((first, "…", last))
        if dates:
            yield words("provenance.groups"), "; ".join(dates)

    def _dates(self, group: Group, as_of: date) -> str:
        """From the first to the last day; what ends later is not known to end."""
        write = self.words.locale.day
        if group.ends_on is None or group.ends_on >= as_of:
            return self.words("provenance.since", date=write(group.starts_on))
        ends_on = max(group.ends_on, group.starts_on + timedelta(1))
        return self.words.locale.period(Period(group.starts_on, ends_on))

    def _provenance(self) -> Provenance:
        words, context, source = self.words, self.context, self._source
        as_of = words("provenance.as_of_value", date=words.locale.day(source.as_of))
        known_at = words("provenance.known_now")
        if source.known_at is not None:
            known_at = words.locale.moment(source.known_at)
        rows = [
            (words("provenance.program"), context.program),
            (words("provenance.program_version"), context.program_version),
            *self._groups(source.as_of),
            (words("provenance.as_of"), as_of),
            (words("provenance.known_at"), known_at),
            (words("provenance.confidence"), words.locale.percent(source.confidence)),
            (words("provenance.profile"), words.label("profile", self.released.profile.name)),
        ]
        if not self.released.profile.internal:
            rows.append((words("provenance.threshold"), str(self.released.profile.threshold)))
        if source.rounding is not None:
            rows.append((words("provenance.rounding"), str(source.rounding)))
        rows.append((words("provenance.version"), f"osallisuus {context.version}"))
        for section, result in self.whole.items():
            used = result.provenance
            choices = " ".join(policy_texts(used, words))
            rows.append((self._title(section), f"{used.metric} · {used.definition} · {choices}"))
        return Provenance(tuple(rows), words("provenance.title"))
