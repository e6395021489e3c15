"""One section of a report: the sentence of its result, and its figures as a table or a chart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from attrs import evolve

from osallisuus.metrics.explain import headline
from osallisuus.metrics.figure import Figure
from osallisuus.metrics.written import NO_LABELS, label_of, part_label, stratum_name
from osallisuus.reports.definition import Form
from osallisuus.reports.document import Block, Cell, Chart, Note, Series, Shown, Table, Text
from osallisuus.reports.pictures import calendar_chart, flow_chart, panels_chart, path_steps
from osallisuus.words import Words

__all__ = ["Sections", "cases_cell", "is_empty"]


_FEWEST_DRAWN = 3
"""Of fewer days that are shown no line is drawn: it would look like a course, and there is none."""


def is_empty(figures: Iterable[Figure]) -> bool:
    """Whether nothing of this kind was recorded, so that there is no figure at all."""
    return {figure.reason for figure in figures} <= {"no_cases", "nothing_recorded"}


def cases_cell(figure: Figure) -> Cell:
    """Such as "28 of 41", the hidden mark, or nothing for a figure that is no share of cases."""
    if figure.measure != "proportion" or (figure.status == "shown" and figure.k is None):
        return ""
    return Shown(figure, "cases")


class Sections:
    """Makes sections in the words of one language and one programme.

    *own* are the programme's words for its codes; *thinned* says that curves show only some days.
    """

    def __init__(
        self, words: Words, own: Mapping[str, str] = NO_LABELS, *, thinned: bool = True
    ) -> None:
        self.words, self.own, self.thinned = words, own, thinned

    def part(self, figure: Figure) -> str:
        """What the figure is called within its metric.

        It begins with a capital letter, as all names of rows do, however a programme writes it.
        """
        if ">" in figure.name:
            return " → ".join(path_steps(figure, self.words, self.own))
        label = part_label(figure, self.words, self.own)
        return f"{label[:1].upper()}{label[1:]}"

    def section(self, form: Form, caption: str, figures: Sequence[Figure]) -> Iterator[Block]:
        """The result in a sentence or two, then the figures in the form that is asked for."""
        told = headline(_main(form, figures), self.words, self.own)
        if told:
            yield Text((told,))
        forms = {
            "funnel": self._funnel,
            "curve": self._curve,
            "bars": self._bars,
            "flow": self._flow,
        }
        if form in forms:
            yield from forms[form](caption, figures)
        else:
            yield self.table(caption, [figure for figure in figures if figure.at is None])

    def table(
        self,
        caption: str,
        figures: Sequence[Figure],
        *,
        by: Sequence[str] = (),
        periods: bool = False,
    ) -> Table:
        """A row for each figure; a column that no figure would fill is left out."""
        words = self.words
        curve = any(figure.at is not None for figure in figures)
        cases = any(cases_cell(figure) != "" for figure in figures)
        waiting = any(figure.censored is not None for figure in figures)
        columns = [stratum_name(name, words).capitalize() for name in by]
        columns += [words("column.period")] if periods else []
        columns += [words("column.part"), *([words("column.day")] if curve else [])]
        columns.append(words(f"column.{_value_column(figures)}"))
        columns += [words("column.cases")] if cases else []
        columns += [words("column.censored")] if waiting else []
        rows: list[tuple[Cell, ...]] = []
        for figure in figures:
            row: list[Cell] = [self.stratum(figure.strata[name]) for name in by]
            row += ["" if figure.period is None else figure.period] if periods else []
            row.append(self.part(figure))
            row += ["" if figure.at is None else figure.at] if curve else []
            row.append(figure)
            row += [cases_cell(figure)] if cases else []
            row += [_censored_cell(figure)] if waiting else []
            rows.append(tuple(row))
        return Table(caption, columns, rows)

    def by_period(self, form: Form, caption: str, figures: Sequence[Figure]) -> Block:
        """The figures of each period: a table, or a calendar with the same table below it."""
        if form != "calendar" or not figures:
            return self.table(caption, figures, periods=True)
        table = self.table(caption, figures, periods=True)
        return calendar_chart(caption, figures, table, self.words)

    def by_stratum(self, caption: str, figures: Sequence[Figure], stratum: str) -> Block:
        """The figures of each group or place: panels by name, with the same table below them.

        Of a single one, of several periods and of what is not to be set side by side there is only
        the table.
        """
        named = {figure.strata[stratum] for figure in figures}
        periods = any(figure.period is not None for figure in figures)
        one = len({figure.measure for figure in figures}) == 1
        if len(named) < 2 or periods or not one:
            return self.table(caption, figures, by=(stratum,), periods=periods)
        table = self.table(caption, figures, by=(stratum,))
        return panels_chart(
            caption, figures, table, self.words,
            name=lambda figure: self.stratum(figure.strata[stratum]),
            part=self.part, thinned=self.thinned,
        )  # fmt: skip

    def _flow(self, caption: str, figures: Sequence[Figure]) -> Iterator[Block]:
        table = self.table(self.words("chart.table"), figures)
        if len(figures) < 2:
            yield self.table(caption, figures)
        else:
            yield flow_chart(caption, figures, table, self.words, self.own)

    def stratum(self, value: str | None) -> str:
        """What a group, place or other value of a stratum is called."""
        if value is None:
            return self.words("cell.not_stated")
        return label_of(value, self.words, self.own)

    def _funnel(self, caption: str, figures: Sequence[Figure]) -> Iterator[Block]:
        words = self.words
        steps = [figure for figure in figures if not figure.name.startswith("to_")]
        # a step that nobody records is no result: it has no bar and no row, and is named once
        stages = [figure for figure in steps if figure.reason != "not_recorded"]
        onward = {figure.name: figure for figure in figures if figure.name.startswith("to_")}
        rows: list[tuple[Cell, ...]] = []
        for stage in stages:
            share = onward.get(f"to_{stage.name}")
            rows.append((self.part(stage), stage, "" if share is None else share))
        columns = (words("column.step"), words("column.count"), words("column.onward"))
        series = tuple(Series(self.part(stage), (stage,)) for stage in stages)
        names = ", ".join(bar.label for bar in series)
        description = words("chart.funnel_description", names=names)
        table = Table(words("chart.table"), columns, rows)
        yield Chart("funnel", caption, description, series, table)
        if absent := ", ".join(self.part(step) for step in steps if step not in stages):
            yield Text((words("chart.not_recorded", names=absent),))

    def _curve(self, caption: str, figures: Sequence[Figure]) -> Iterator[Block]:
        words = self.words
        rest = [figure for figure in figures if figure.at is None]
        # a hidden line comes as one figure without a day: beside a share of its name it is no news
        every = [figure for figure in rest if figure.measure != "days"]
        shares = _first_of_each(every)
        if shares:
            yield self.table(caption, shares)
        points = _without_hidden_lines([figure for figure in figures if figure.at is not None])
        if not points:
            yield from self._no_curve(shares, hidden=len(every) > len(shares))
            return
        lines = {name: tuple(same) for name, same in groupby(points, key=lambda one: one.name)}
        series = tuple(Series(self.part(same[0]), same) for same in lines.values())
        title = words("chart.over_time") if shares else caption
        table = self._points(points)
        drawn = not self.thinned or max(map(len, lines.values())) >= _FEWEST_DRAWN
        if not drawn:
            yield evolve(table, caption=title)
        else:
            names = ", ".join(line.label for line in series)
            description = words("chart.curve_description", names=names)
            axis = words("chart.days")
            yield Chart("curve", title, description, series, table, axis, self.thinned)
        if self.thinned:
            said = words("chart.thinned")
            yield Note("info", f"{said} {words('chart.thinned_line')}" if drawn else said)
        days = [figure for figure in rest if figure.measure == "days"]
        if days:
            named = [(self.part(figure), figure) for figure in days]
            yield Table(words("chart.half"), (words("column.part"), words("column.days")), named)

    def _no_curve(self, shares: Sequence[Figure], *, hidden: bool) -> Iterator[Block]:
        """Why there is no drawing; nothing where all that there is are shares that are shown.

        *hidden*: a line of the name of a share is hidden.
        """
        if not any(figure.status == "shown" for figure in shares):
            yield Note("hidden", self.words("chart.nothing_drawn"))
        elif hidden:
            yield Note("hidden", self.words("chart.course_not_drawn"))

    def _points(self, points: Sequence[Figure]) -> Table:
        """The points of a curve by day, with how many are still followed where that is known."""
        words = self.words
        followed = any(figure.at_risk is not None for figure in points)
        columns = [words(f"column.{name}") for name in ("part", "day", "share_interval")]
        columns += [words("column.at_risk")] if followed else []
        rows: list[tuple[Cell, ...]] = []
        for figure in points:
            row = (self.part(figure), figure.at or 0, figure)
            rows.append((*row, Shown(figure, "at_risk")) if followed else row)
        return Table(words("chart.table"), columns, rows)

    def _bars(self, caption: str, figures: Sequence[Figure]) -> Iterator[Block]:
        words = self.words
        if len(figures) < 2:
            yield self.table(caption, figures)
            return
        ordered = sorted(figures, key=_largest_first)
        series = tuple(Series(self.part(figure), (figure,)) for figure in ordered)
        names = ", ".join(bar.label for bar in series)
        description = words("chart.bars_description", names=names)
        table = self.table(words("chart.table"), ordered)
        yield Chart("bars", caption, description, series, table)
        if not any("many_comparisons" in figure.notes for figure in figures):
            yield Note("info", words("note.many_comparisons"))


def _main(form: Form, figures: Sequence[Figure]) -> list[Figure]:
    """The figures that say what a section comes to, as far as they are shown."""
    shown = [figure for figure in figures if figure.status == "shown"]
    single = [figure for figure in shown if figure.at is None]
    if form == "funnel":
        return [figure for figure in single if figure.name.startswith("to_")][-1:]
    if form == "bars":
        return sorted(single, key=_largest_first)[:1]
    if single or form != "curve":
        return single[:1]
    # curves without a figure of their own: where each of them ends, unless at nobody
    ends = [list(line)[-1] for _, line in groupby(shown, key=lambda figure: figure.name)]
    return [figure for figure in ends if figure.value]


def _value_column(figures: Sequence[Figure]) -> str:
    measures = {figure.measure for figure in figures}
    if measures <= {"proportion"}:
        return "share_interval"
    return "count" if measures == {"count"} else "figure_interval"


def _censored_cell(figure: Figure) -> Cell:
    # what is not said is no dash: "does not apply" would be untrue of what the gate has taken
    silent = figure.censored is None and figure.status != "suppressed"
    return "" if silent else Shown(figure, "censored")


def _largest_first(figure: Figure) -> tuple[float, int]:
    # shares in whole percents are often equal, their counts less so
    return -float(figure.value or 0), -(figure.k or 0)


def _first_of_each(figures: Sequence[Figure]) -> list[Figure]:
    """The first figure of each name."""
    return list({figure.name: figure for figure in reversed(figures)}.values())[::-1]


def _without_hidden_lines(points: Sequence[Figure]) -> list[Figure]:
    """The points of lines of which anything is shown: a line without any is one hidden point."""
    shown = {figure.name for figure in points if figure.status == "shown"}
    first = {figure.name: figure for figure in reversed(points)}
    return [one for one in points if one.name in shown or one is first[one.name]]
