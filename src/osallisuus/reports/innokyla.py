"""A programme in the structure in which operating models are described in Innokylä (U26).

Idea, environment, target group, conditions, results, tips; the results stand under before, during
and after. Everything comes from the definition and from what was observed of the programme as a
whole, so nobody stands in it. What is not required and not done is said as well (U2), a goal or a
plan never reads as a fact (K27, W28), and what the source leaves open is listed and not filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from osallisuus.model.cadence import AsNeeded, Cadence, Every, Exactly, Rate
from osallisuus.model.facts import Observation
from osallisuus.model.offering import CoDevelopment, Community, SessionPlan
from osallisuus.model.program import Program
from osallisuus.model.stated import NONE, Locale, Modality, Range, Span, Statement, Text, each
from osallisuus.model.vocabulary import vocabulary
from osallisuus.rules.schedule.say import length_text
from osallisuus.time import PartialDate, Period
from osallisuus.words import Words

__all__ = ["PARTS", "innokyla"]

PARTS: Final = ("idea", "environment", "target_group", "conditions", "results", "tips")
"""The parts of the structure, in their order."""

_PHASES: Final = ("before", "during", "after")


def innokyla(
    program: Program, observations: Iterable[Observation] = (), *, locale: Locale = "en"
) -> str:
    """The programme as Markdown in that language; texts without it stand in the nearest one.

    Of *observations* those of the programme count: measure and range, never the note, since it may
    hold words of one person. Figures of people are not made here: they leave by a report.
    """
    return "\n\n".join(_Describer(program, tuple(observations), locale).parts()) + "\n"


class _Describer:
    """Describes one programme in one language. A method for each part, by its name."""

    def __init__(
        self, program: Program, observations: tuple[Observation, ...], locale: Locale
    ) -> None:
        self.program = program
        self.locale = locale
        self.words = Words(locale)
        self.observations = sorted(
            (one for one in observations if one.program == program.name),
            key=lambda one: (one.observed_on, one.id),
        )

    def parts(self) -> Iterator[str]:
        """The title, the six parts, and what the source leaves open."""
        yield f"# {self.program.label(self.locale)}"
        if self.program.summary is not None:
            yield self._text(self.program.summary)
        for part in PARTS:
            yield f"## {self.words(f'innokyla.{part}')}"
            # the parts of the structure are always there: an empty one says that nothing is stated
            yield from list(getattr(self, f"_{part}")()) or [self.words("cell.not_stated")]
        yield from self._listed(
            "not_stated", [self._text(one.text) for one in each(self.program.not_stated)]
        )

    def _idea(self) -> Iterator[str]:
        program = self.program
        origins = [self._text(one.text) for one in each(program.origins)]
        yield from self._listed("origin", origins)
        yield from self._stated("purposes", each(program.purposes))
        goals = [
            f"{self._firmly(self._text(one.text), one.modality)} "
            f"({', '.join(self._label('goal_level', level) for level in one.levels)})"
            for one in each(program.goals)
        ]
        yield from self._listed("goals", goals)
        if program.source is not None:
            source = program.source
            yield from self._listed("source", [self._text(source.citation or source.title)])

    def _environment(self) -> Iterator[str]:
        program = self.program
        if program.stage is not None:
            yield from self._listed("stage", [self._label("stage", program.stage)])
        if program.establishment is not None:
            yield from self._stated("establishment", (program.establishment,))
        yield from self._listed("period", [self._span(program.period)] if program.period else [])
        yield from self._listed("places", [self._text(one) for one in each(program.places)])
        yield from self._listed(
            "settings", [self._text(one.label) for one in each(program.settings)]
        )
        yield from self._listed("funders", [self._text(one.name) for one in each(program.funders)])
        yield from self._listed(
            "partners", [self._text(one.name) for one in each(program.partners)]
        )
        yield from self._stated("cooperation", each(program.cooperation))

    def _target_group(self) -> Iterator[str]:
        target = self.program.target
        if target is None:
            yield self.words("cell.not_stated")
            return
        yield self._text(target.text)
        criteria = [self._firmly(self._text(one.text), one.modality) for one in target.criteria]
        yield from self._listed("criteria", criteria)
        yield from self._listed(
            "not_required", [self._text(one.text) for one in target.non_criteria]
        )
        yield from self._stated("channels", each(self.program.channels))

    def _conditions(self) -> Iterator[str]:
        program = self.program
        yield from self._stated("preconditions", each(program.preconditions))
        yield from self._listed("done", list(self._done()))
        yield from self._listed("pace", list(self._pace()))
        yield from self._stated("rights", each(program.rights))
        limits = [
            " ".join(self._text(text) for text in (one.text, one.instead) if text is not None)
            for one in each(program.boundaries)
        ]
        yield from self._listed("not_done", limits)
        heads = [self._label("cost_head", one.code) for one in each(program.cost_heads)]
        yield from self._listed("costs", heads)
        yield from self._listed("pay", list(self._pay()))

    def _done(self) -> Iterator[str]:
        """What is done together, what it holds, and its themes."""
        program = self.program
        yield from (self._text(one.label) for one in each(program.activities))
        yield from (self._statement(one) for one in each(program.contents))
        themes = [
            self._text(one.label) if one.label is not None else self._label("theme", one.code)
            for one in each(program.themes)
        ]
        if themes:
            yield self.words("innokyla.themes", themes=", ".join(themes))

    def _pace(self) -> Iterator[str]:
        sessions = self.program.sessions
        if isinstance(sessions, SessionPlan):
            if sessions.capacity is not None:
                yield self.words("innokyla.capacity", n=sessions.capacity)
            if sessions.cadence is not None:
                yield self.words("innokyla.sessions", pace=self._cadence(sessions.cadence))
            if sessions.nominal_duration is not None:
                yield self.words(
                    "innokyla.lasts", length=length_text(sessions.nominal_duration, self.words)
                )
        for one in each(self.program.meetings):
            if one.cadence is not None:
                yield f"{self._text(one.label)}: {self._cadence(one.cadence)}"
        community = self.program.community
        if isinstance(community, Community) and community.size_limit is not None:
            yield self.words("innokyla.size", range=self._range(community.size_limit))

    def _pay(self) -> Iterator[str]:
        if self.program.compensation is NONE:
            yield self.words("view.pay.none")
        for one in each(self.program.compensation):
            yield self._firmly(self.words(f"view.pay.{one.kind}"), one.modality)

    def _results(self) -> Iterator[str]:
        program = self.program
        yield from self._listed("figures", [self._text(one.text) for one in each(program.figures)])
        phases = {one.phase: one.statements for one in each(program.evaluation)}
        for phase in _PHASES:
            said = [self._statement(one) for one in phases.get(phase, ())]
            if phase == "before":
                said += list(self._baselines())
            said += [self._observed(one) for one in self.observations if one.phase == phase]
            if said:
                yield f"### {self.words(f'innokyla.{phase}')}"
                yield _items(said)
        outcomes = [self._text(one.text) for one in each(program.outcomes)]
        yield from self._listed("outcomes", outcomes)
        yield from self._stated("influence", each(program.influence))
        yield from self._stated("claims", each(program.claims))

    def _baselines(self) -> Iterator[str]:
        for one in each(self.program.baselines):
            text = self._text(one.text).rstrip(".")
            if one.range is not None:
                text = f"{text}: {self._range(one.range)}"
            if one.contradicted_by is not None:
                later = self._text(one.contradicted_by)
                text = self.words("innokyla.contradicted", belief=text, later=later)
            yield text

    def _observed(self, one: Observation) -> str:
        day, measure = self.words.locale.day(one.observed_on), one.measure.replace("_", " ")
        if one.low is None and one.high is None:
            return f"{measure} ({day})"
        ends = [
            self.words.locale.number(end, _digits(end)) if end is not None else ""
            for end in (one.low, one.high)
        ]
        numbers = ends[0] if ends[0] == ends[1] else "–".join(ends)
        unit = f" {one.unit.replace('_', ' ')}" if one.unit is not None else ""
        return f"{measure}: {numbers}{unit} ({day})"

    def _tips(self) -> Iterator[str]:
        program = self.program
        steps = [self._text(one.text) for one in each(program.transitions)]
        yield from self._listed("hard_steps", steps)
        if isinstance(program.sessions, SessionPlan) and program.sessions.adapted_to_participants:
            adapted = self._text(program.sessions.adapted_to_participants)
            yield from self._listed("adapted", [adapted])
        together = program.co_development
        if isinstance(together, CoDevelopment) and together.workshops is not None:
            asked = [self._text(one) for one in each(together.workshops.guiding_questions)]
            yield from self._listed("questions", asked)
        yield from self._stated("safeguards", each(program.safeguards))

    def _listed(self, name: str, items: list[str]) -> Iterator[str]:
        """A heading in words and its items; nothing where there are none."""
        if items:
            yield f"**{self.words(f'innokyla.{name}')}**"
            yield _items(items)

    def _stated(self, name: str, statements: Iterable[Statement]) -> Iterator[str]:
        return self._listed(name, [self._statement(one) for one in statements])

    def _statement(self, one: Statement) -> str:
        return self._firmly(self._text(one.text), one.modality)

    def _firmly(self, text: str, modality: Modality) -> str:
        return self.words(f"view.modality.{modality}", what=text)

    def _text(self, text: Text) -> str:
        return text.label(self.locale)

    def _label(self, group: str, code: str) -> str:
        return vocabulary(group).label(code, self.locale)

    def _cadence(self, cadence: Cadence) -> str:
        match cadence:
            case Exactly():
                every = self.words(f"innokyla.every.{cadence.every}")
                return self.words("innokyla.exactly", n=cadence.count, every=every)
            case Rate():
                per = self.words(f"innokyla.per.{cadence.per}")
                count = _ends(cadence.min, cadence.max)
                return self.words("innokyla.rate", n=cadence.max, count=count, per=per)
            case Every():
                unit = self.words(f"innokyla.unit.{cadence.unit}")
                count = _ends(cadence.min, cadence.max)
                return self.words("innokyla.interval", count=count, unit=unit)
            case AsNeeded():  # pragma: no branch - the types know no other
                return self.words("innokyla.as_needed")

    def _span(self, span: Span) -> str:
        """As the language writes it; an end that is known less closely stands as it is stated."""
        first, last = span.first, span.last
        if first is not None and last is not None and _is_day(first) and _is_day(last):
            return self.words.locale.period(Period(first.period.starts_on, last.period.ends_on))
        return "–".join(self._stated_day(one) if one else "" for one in (first, last))

    def _stated_day(self, one: PartialDate) -> str:
        return self.words.locale.day(one.period.starts_on) if _is_day(one) else str(one)

    def _range(self, one: Range) -> str:
        unit = self.words.label("innokyla.counted", one.unit)
        if one.high is None:
            return self.words(
                "innokyla.over" if one.above else "innokyla.least", n=one.low or 0, unit=unit
            )
        if one.low is None:
            return self.words("innokyla.most", n=one.high, unit=unit)
        return f"{_ends(one.low, one.high)} {unit}"


def _items(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _ends(low: int, high: int) -> str:
    return f"{low}" if low == high else f"{low}–{high}"


def _digits(number: float) -> int:
    return 0 if number == int(number) else 1


def _is_day(one: PartialDate) -> bool:
    return one.period.days == 1
