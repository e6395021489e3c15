"""From released results to a document: headings, sentences, tables and charts in one language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby, takewhile

from attrs import field

from osallisuus.disclosure.gate import Released
from osallisuus.metrics.figure import Result
from osallisuus.metrics.plain import Provenance as Source
from osallisuus.metrics.written import metric_sentence, metric_title, policy_texts, stratum_name
from osallisuus.model.facts import Group
from osallisuus.model.stated import Locale
from osallisuus.model.stated import Text as Own
from osallisuus.reports.beside import Beside, blocks_beside
from osallisuus.reports.definition import Fund, Part, ReportDefinition, Section
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
from osallisuus.reports.funders import fund_questions
from osallisuus.reports.reading import reading_keys
from osallisuus.reports.rounding import rounding_text
from osallisuus.reports.sections import Sections, cases_cell, is_empty
from osallisuus.reports.since import since_blocks
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
    locale: Locale
    version: str
    """The version of the library."""
    labels: Mapping[str, str]
    """The programme's own words for its codes (roles, themes), by code."""
    synthetic: bool = False
    groups: tuple[Group, ...] = ()
    """The groups of the programme, in the order in which they start: the plan, not the people."""
    beside: Beside = field(factory=Beside)
    """What stands beside the figures: observations, consents, courses."""
    previous: Document | None = None
    """An earlier report to set this one beside."""


def build(
    definition: ReportDefinition,
    released: Released,
    strata: Sequence[str],
    context: Context,
) -> Document:
    """The document of *released*: one result per metric, then one per split metric and stratum,
    then those of each fund.

    *strata* are the strata by which the report was asked, in the order of the results.
    """
    return _Builder(definition, released, strata, context).document()


def result_document(
    result: Result, released: Released, *, locale: str, synthetic: bool = False
) -> Document:
    """One result as a document: a single table of all its figures.

    *synthetic*: the facts say of themselves that they are made up, and so does the document.
    """
    words = Words(locale)
    profile, source = released.profile, result.provenance
    title = metric_title(source.metric, words)
    sentence = f"metric.{source.metric}.sentence"
    blocks: list[Block] = [Note("synthetic", words("document.synthetic"))] if synthetic else []
    blocks += [Text((words(sentence),))] if sentence in words else []
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


def _first_notes(released: Released, source: Source | None, words: Words) -> Iterator[Block]:
    """What a reader must know before the first figure; nothing where there is none."""
    if source is None:
        return
    if released.profile.unsafe:
        yield Note("info", words("document.unsafe", threshold=released.profile.threshold))
    if released.number is None and not released.profile.internal:
        yield Note("info", words("document.forgotten"))
    if released.hidden:
        yield Note("hidden", words("count.hidden", n=released.hidden))
    if not released.audited:
        yield Note("hidden", words("document.not_audited"))
    if source.rounding is not None:
        figures = (figure for result in released.results for figure in result)
        # weeks and days are counted as they are: only what is of people was rounded
        rounded = [figure for figure in figures if figure.provenance.rounding is not None]
        yield Note("info", rounding_text(rounded, source.rounding, words))


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
        measured, results = definition.measured, iter(released.results)
        asked = [(section, next(results)) for section in measured]
        self.whole = {one: result for one, result in asked if not is_empty(result)}
        self.empty = [section for section, _ in asked if section not in self.whole]
        split = [
            (stratum, section, next(results))
            for stratum in strata
            for section in measured
            if section.split
        ]
        self.split = [one for one in split if one[1] in self.whole]
        self.rest = list(results)

    def document(self) -> Document:
        words, context, profile = self.words, self.context, self.released.profile
        return Document(
            title=self._heading(self.definition.title, "report.evaluation"),
            locale=context.locale,
            blocks=tuple(self._blocks()),
            profile_note=words(f"document.profile.{'internal' if profile.internal else 'public'}"),
            internal=profile.internal or any(one.internal for one in self.released.results),
            look=self.definition.look,
            metadata={
                "program": context.program,
                "program_version": context.program_version,
                "report": self.definition.name,
                "report_definition": self.definition.digest,
                "profile": profile.name,
                "hidden": str(self.released.hidden),
                "synthetic": "yes" if context.synthetic else "no",
                "version": context.version,
                **({"pages": "one"} if self.definition.pages == "one" else {}),
            },
        )

    def _blocks(self) -> Iterator[Block]:
        blocks = list(self._told())
        yield from blocks
        if self.definition.pages == "any" and self._source is not None:
            yield from self._reading(blocks)
        yield self._provenance()

    def _told(self) -> Iterator[Block]:
        """What the report has to say, without how to read it and where it comes from."""
        words = self.words
        if self.context.synthetic:
            yield Note("synthetic", words("document.synthetic"))
        yield from _first_notes(self.released, self._source, words)
        if any(section.brief for section in self.whole if self._is_single(section)):
            yield Heading(1, words("section.summary"))
            yield self._summary()
        if self.context.previous is not None:
            yield from since_blocks(
                self.context.previous, list(self.whole.values()), self.sections, words
            )
        for head, parts in groupby(self._present(), key=self._head):
            blocks = [block for part in parts for block in self._part(part)]
            if blocks and head:
                yield Heading(1, head)
            yield from blocks
        for stratum, asked in groupby(self.split, key=lambda one: one[0]):
            name = stratum_name(stratum, words)
            yield Heading(1, words("by.title", name=name))
            for _, section, result in asked:
                caption = words("by.caption", metric=self._title(section), name=name)
                yield self.sections.by_stratum(caption, result.figures, stratum)

    def _present(self) -> Iterator[Part]:
        for part in self.definition.sections:
            if not isinstance(part, Section) or part in self.whole:
                yield part

    def _head(self, part: Part) -> str:
        return self._heading(part.title, f"section.{part.heading}" if part.heading else "")

    def _heading(self, title: Own | None, key: str) -> str:
        """The author's own words, with the programme's name where they ask for it, else ours."""
        program = self.context.program_title
        if title is not None:
            return title.label(self.context.locale).replace("{program}", program)
        return self.words(key, program=program) if key else ""

    def _part(self, part: Part) -> Iterator[Block]:
        """The blocks of one section below its heading."""
        if not isinstance(part, Section):
            internal = self.released.profile.internal
            results = self._of_fund(part) if isinstance(part, Fund) else ()
            yield from blocks_beside(
                part, self.context.beside, results, self.words, internal=internal
            )
            return
        result = self.whole[part]
        yield Heading(2, self._title(part))
        caption = metric_sentence(part.metric, self.words)
        if part.periods == "whole" and any(len(one.periods) > 1 for one in self.whole.values()):
            caption = f"{caption} {self.words('reading.whole_time')}"
        if part.periods not in ("", "whole") or len(result.periods) > 1:
            single = [figure for figure in result if figure.at is None]
            yield self.sections.by_period(part.form, caption, single)
        else:
            yield from self.sections.section(part.form, caption, result.figures)

    def _of_fund(self, part: Fund) -> Sequence[Result]:
        """The results of this fund: those of every fund stand last, in their order."""
        before = takewhile(lambda one: one is not part, self.definition.sections)
        first = sum(fund_questions(one.rules) for one in before if isinstance(one, Fund))
        return self.rest[first : first + fund_questions(part.rules)]

    @property
    def _source(self) -> Source | None:
        """What its figures have in common; ``None`` in a report of words alone."""
        return next((one.provenance for one in self.released.results), None)

    def _title(self, section: Section) -> str:
        return metric_title(section.metric, self.words)

    def _is_single(self, section: Section) -> bool:
        """Whether its main figure is one: of several periods none is the main one."""
        return len(self.whole[section].periods) < 2

    def _summary(self) -> Table:
        words = self.words
        rows: list[tuple[Cell, ...]] = []
        for section, result in self.whole.items():
            if section.brief and self._is_single(section):
                figure = next(figure for figure in result if figure.at is None)
                counted = figure.measure == "count"
                name = self.sections.part(figure) if counted else self._title(section)
                rows.append((name, figure, cases_cell(figure)))
        names = ["part", "figure_interval", "cases"]
        if all(row[-1] == "" for row in rows):
            names, rows = names[:-1], [row[:-1] for row in rows]
        return Table(words("summary.caption"), [words(f"column.{name}") for name in names], rows)

    def _reading(self, blocks: Sequence[Block]) -> Iterator[Block]:
        """How to read what the report has: nothing is explained that is not in *blocks*."""
        words = self.words
        texts = [*reading_keys(blocks), *(["hidden"] if self.released.hidden else [])]
        paragraphs = [words(f"reading.{key}") for key in texts]
        if self.empty:
            names = ", ".join(self._title(section) for section in self.empty)
            paragraphs.append(words("reading.empty", names=names))
        if paragraphs:
            yield Heading(1, words("reading.title"))
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
            ends = (("first_started", first), ("last_started", last))
            dates = dict.fromkeys(words(f"provenance.{key}", dates=day) for key, day in ends)
        if dates:
            yield words("provenance.groups"), "; ".join(dates)

    def _dates(self, group: Group, as_of: date) -> str:
        """From the first to the last day; what ends later is not known to end."""
        write = self.words.locale.day
        if group.ends_on is None or group.ends_on > as_of:
            return self.words("provenance.since", date=write(group.starts_on))
        ends_on = max(group.ends_on, group.starts_on + timedelta(1))
        return self.words.locale.period(Period(group.starts_on, ends_on))

    def _provenance(self) -> Provenance:
        words, context, source = self.words, self.context, self._source
        rows = [
            (words("provenance.program"), context.program),
            (words("provenance.program_version"), context.program_version),
            *(self._measured(source) if source is not None else ()),
        ]
        if self.released.hidden:
            rows.append((words("provenance.hidden"), words.locale.number(self.released.hidden)))
        named = f"{self.definition.name} · {self.definition.digest}"
        rows.append((words("provenance.report"), named))
        rows.append((words("provenance.version"), f"osallisuus {context.version}"))
        for section, result in self.whole.items():
            used = result.provenance
            choices = " ".join(policy_texts(used, words))
            rows.append((self._title(section), f"{used.metric} · {used.definition} · {choices}"))
        return Provenance(tuple(rows), words("provenance.title"))

    def _measured(self, source: Source) -> Iterator[tuple[str, str]]:
        """What holds for all figures: whose groups, up to which day, and how people are protected."""
        words, profile = self.words, self.released.profile
        yield from self._groups(source.as_of)
        as_of = words("provenance.as_of_value", date=words.locale.day(source.as_of))
        yield words("provenance.as_of"), as_of
        known_at = words("provenance.known_now")
        if source.known_at is not None:
            known_at = words.locale.moment(source.known_at)
        yield words("provenance.known_at"), known_at
        yield words("provenance.confidence"), words.locale.percent(source.confidence)
        yield words("provenance.profile"), words.label("profile", profile.name)
        if not profile.internal:
            yield words("provenance.threshold"), str(profile.threshold)
        if source.rounding is not None:
            yield words("provenance.rounding"), str(source.rounding)
