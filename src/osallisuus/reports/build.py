"""From released results to a document: headings, sentences, tables and charts in one language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from osallisuus.disclosure.gate import Released
from osallisuus.metrics.figure import Figure, Result
from osallisuus.reports.definition import ReportDefinition, Section
from osallisuus.reports.document import (
    Block,
    Cell,
    Chart,
    Document,
    Heading,
    Note,
    Provenance,
    Series,
    Shown,
    Table,
    Text,
)
from osallisuus.values import frozen
from osallisuus.words import Words

__all__ = ["Context", "build", "result_document"]


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
    key, profile = f"metric.{result.provenance.metric}", released.profile
    known = f"{key}.title" in words
    title = words(f"{key}.title") if known else result.provenance.metric.replace("_", " ")
    curve = any(figure.at is not None for figure in result)
    columns = [_stratum_name(words, name) for name in result.by]
    columns += [words("column.period")] if result.periods else []
    columns += [words("column.part"), *([words("column.day")] if curve else [])]
    columns += [words(f"column.{name}") for name in ("share_interval", "cases", "censored")]
    rows: list[tuple[Cell, ...]] = []
    for figure in result:
        strata = [figure.strata[name] for name in result.by]
        row: list[Cell] = [words("cell.not_stated") if one is None else one for one in strata]
        row += [] if figure.period is None else [figure.period]
        row.append(words.label("part", figure.name))
        row += ["" if figure.at is None else figure.at] if curve else []
        row += [figure, _cases(figure)]
        row.append("" if figure.censored is None else Shown(figure, "censored"))
        rows.append(tuple(row))
    blocks: list[Block] = [Text((words(f"{key}.sentence"),))] if known else []
    if released.hidden:
        blocks.append(Note("hidden", words("count.hidden", n=released.hidden)))
    blocks.append(Table(title, columns, rows))
    return Document(
        title=title,
        locale=locale,
        blocks=blocks,
        profile_note=words(f"document.profile.{profile.name}"),
        internal=profile.internal,
    )


def _cases(figure: Figure) -> Cell:
    """Such as "28 of 41", the hidden mark, or nothing for a figure that has no such counts."""
    if figure.status == "shown" and figure.k is None:
        return ""
    return "" if figure.measure in ("count", "days") else Shown(figure, "cases")


def _stratum_name(words: Words, stratum: str) -> str:
    key = stratum.replace(".", "_")
    return words.label("by", key) if f"by.{key}" in words else stratum


def _without_hidden_lines(points: Sequence[Figure]) -> list[Figure]:
    """The points of lines of which anything is shown: a line without any is one hidden point."""
    shown = {figure.name for figure in points if figure.status == "shown"}
    first = {figure.name: figure for figure in reversed(points)}
    return [one for one in points if one.name in shown or one is first[one.name]]


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
        count = len(definition.sections)
        self.whole = dict(zip(definition.sections, released.results[:count], strict=True))
        split = [section for section in definition.sections if section.split]
        self.split: list[tuple[str, Section, Result]] = [
            (stratum, section, result)
            for (stratum, section), result in zip(
                ((stratum, section) for stratum in strata for section in split),
                released.results[count:],
                strict=True,
            )
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
            profile_note=words(f"document.profile.{profile.name}"),
            internal=profile.internal,
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
        if self.released.hidden:
            yield Note("hidden", words("count.hidden", n=self.released.hidden))
        yield Heading(1, words("section.summary"))
        yield self._summary()
        for heading, sections in groupby(self.whole, key=lambda section: section.heading):
            yield Heading(1, words(f"section.{heading}"))
            for section in sections:
                yield from self._section(section, self.whole[section])
        for stratum, parts in groupby(self.split, key=lambda part: part[0]):
            yield Heading(1, words("by.title", name=self._stratum(stratum)))
            for _, section, result in parts:
                yield self._by_stratum(stratum, section, result)
        yield from self._reading()
        yield self._provenance()

    def _summary(self) -> Table:
        words = self.words
        rows: list[tuple[Cell, ...]] = []
        for section, result in self.whole.items():
            if section.brief:
                figure = next(figure for figure in result if figure.at is None)
                counted = figure.measure == "count"
                title = words(f"metric.{section.metric}.title")
                rows.append(
                    (
                        self._part(figure) if counted else title,
                        figure,
                        _cases(figure),
                    )
                )
        columns = (words("column.part"), words("column.share_interval"), words("column.cases"))
        return Table(words("summary.caption"), columns, rows)

    def _section(self, section: Section, result: Result) -> Iterator[Block]:
        words = self.words
        yield Heading(2, words(f"metric.{section.metric}.title"))
        missing = {figure.reason for figure in result if figure.status == "undefined"}
        if missing == {"no_cases"} and all(figure.reason for figure in result):
            yield Note("info", words("reason.nothing_recorded"))
            return
        shown = {
            "counts": self._counts,
            "share": self._shares,
            "funnel": self._funnel,
            "curve": self._curve,
            "bars": self._bars,
        }[section.form]
        yield from shown(section, result.figures)

    def _counts(self, section: Section, figures: Iterable[Figure]) -> Iterator[Block]:
        words = self.words
        rows = [(self._part(figure), figure) for figure in figures]
        columns = (words("column.part"), words("column.count"))
        yield Table(self._sentence(section), columns, rows)

    def _shares(self, section: Section, figures: Iterable[Figure]) -> Iterator[Block]:
        shares = [figure for figure in figures if figure.at is None]
        yield self._share_table(self._sentence(section), shares)

    def _sentence(self, section: Section) -> str:
        """What the metric says, in one sentence: the caption of its table or chart."""
        return self.words(f"metric.{section.metric}.sentence")

    def _share_table(self, caption: str, figures: Iterable[Figure]) -> Table:
        words = self.words
        shown = list(figures)
        waiting = any(figure.censored is not None for figure in shown)
        columns = [words(f"column.{name}") for name in ("part", "share_interval", "cases")]
        rows: list[tuple[Cell, ...]] = []
        for figure in shown:
            row: list[Cell] = [self._part(figure), figure, _cases(figure)]
            rows.append((*row, Shown(figure, "censored")) if waiting else tuple(row))
        return Table(caption, [*columns, *([words("column.censored")] if waiting else [])], rows)

    def _funnel(self, section: Section, figures: Iterable[Figure]) -> Iterator[Block]:
        words = self.words
        known = list(figures)
        stages = [figure for figure in known if not figure.name.startswith("to_")]
        onward = {figure.name: figure for figure in known if figure.name.startswith("to_")}
        rows: list[tuple[Cell, ...]] = []
        for stage in stages:
            share = onward.get(f"to_{stage.name}")
            rows.append((self._part(stage), stage, "" if share is None else share))
        columns = (words("column.step"), words("column.count"), words("column.onward"))
        title = self._sentence(section)
        table = Table(words("chart.table"), columns, rows)
        series = tuple(Series(self._part(stage), (stage,)) for stage in stages)
        names = ", ".join(bar.label for bar in series)
        description = words("chart.funnel_description", names=names)
        yield Chart("funnel", title, description, series, table)

    def _curve(self, section: Section, figures: Iterable[Figure]) -> Iterator[Block]:
        words = self.words
        known = list(figures)
        title = self._sentence(section)
        points = [figure for figure in known if figure.at is not None]
        rest = [figure for figure in known if figure.at is None]
        shares = [figure for figure in rest if figure.measure != "days"]
        if shares:
            yield self._share_table(title, shares)
        points = _without_hidden_lines(points)
        if not points:
            yield Note("hidden", words("chart.nothing_drawn"))
            return
        lines = {name: tuple(same) for name, same in groupby(points, key=lambda one: one.name)}
        followed = any(figure.at_risk is not None for figure in points)
        columns = [words(f"column.{name}") for name in ("part", "day", "share_interval")]
        columns += [words("column.at_risk")] if followed else []
        rows: list[tuple[Cell, ...]] = []
        for figure in points:
            row = (self._part(figure), figure.at or 0, figure)
            rows.append((*row, Shown(figure, "at_risk")) if followed else row)
        series = tuple(Series(self._part(same[0]), same) for same in lines.values())
        names = ", ".join(line.label for line in series)
        yield Chart(
            "curve",
            title,
            words("chart.curve_description", names=names),
            series,
            Table(words("chart.table"), columns, rows),
            words("chart.days"),
            not self.released.profile.internal,
        )
        if not self.released.profile.internal:
            yield Note("info", words("chart.thinned"))
        days = [figure for figure in rest if figure.measure == "days"]
        if days:
            named = [(self._part(figure), figure) for figure in days]
            yield Table(words("chart.half"), (words("column.part"), words("column.days")), named)

    def _bars(self, section: Section, figures: Iterable[Figure]) -> Iterator[Block]:
        words = self.words
        known = list(figures)
        title = self._sentence(section)
        if len(known) < 2:
            yield self._share_table(title, known)
            return
        ordered = sorted(known, key=lambda figure: -float(figure.value or 0))
        series = tuple(Series(self._part(figure), (figure,)) for figure in ordered)
        names = ", ".join(bar.label for bar in series)
        description = words("chart.bars_description", names=names)
        table = self._share_table(words("chart.table"), ordered)
        yield Chart("bars", title, description, series, table)
        yield Note("info", words("note.many_comparisons"))

    def _by_stratum(self, stratum: str, section: Section, result: Result) -> Table:
        words = self.words
        rows: list[tuple[Cell, ...]] = []
        for figure in result:
            value = figure.strata[stratum]
            name = words("cell.not_stated") if value is None else self._label(value)
            cases = _cases(figure)
            rows.append((name, self._part(figure), figure, cases))
        columns = (
            self._stratum(stratum),
            words("column.part"),
            words("column.share_interval"),
            words("column.cases"),
        )
        metric = words(f"metric.{section.metric}.title")
        caption = words("by.caption", metric=metric, name=self._stratum(stratum))
        return Table(caption, columns, rows)

    def _reading(self) -> Iterator[Block]:
        words = self.words
        yield Heading(1, words("reading.title"))
        texts = ["interval", "cases", "curve", "not_yet"]
        texts += ["hidden"] if self.released.hidden else []
        yield Text(tuple(words(f"reading.{key}") for key in texts))

    def _provenance(self) -> Provenance:
        words, context = self.words, self.context
        source = self.released.results[0].provenance
        rows = [
            (words("provenance.program"), context.program),
            (words("provenance.program_version"), context.program_version),
            (
                words("provenance.as_of"),
                words("provenance.as_of_value", date=words.locale.day(source.as_of)),
            ),
            (
                words("provenance.known_at"),
                words("provenance.known_now")
                if source.known_at is None
                else source.known_at.isoformat(),
            ),
            (words("provenance.confidence"), words.locale.percent(source.confidence)),
            (words("provenance.profile"), words.label("profile", self.released.profile.name)),
        ]
        if not self.released.profile.internal:
            rows.append((words("provenance.threshold"), str(self.released.profile.threshold)))
        rows.append((words("provenance.version"), f"osallisuus {context.version}"))
        for section, result in self.whole.items():
            used = result.provenance
            choices = "; ".join(f"{name}: {value}" for name, value in sorted(used.policies.items()))
            name = words(f"metric.{section.metric}.title")
            rows.append((name, f"{used.metric} · {used.definition} · {choices}"))
        return Provenance(tuple(rows), words("provenance.title"))

    def _stratum(self, stratum: str) -> str:
        return _stratum_name(self.words, stratum)

    def _part(self, figure: Figure) -> str:
        return self._label(figure.name)

    def _label(self, code: str) -> str:
        if code in self.context.labels:
            return self.context.labels[code]
        if f"metric.{code}.title" in self.words and f"part.{code}" not in self.words:
            return self.words(f"metric.{code}.title")
        return self.words.label("part", code)
