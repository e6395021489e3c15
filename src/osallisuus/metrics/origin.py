"""Where a figure comes from: back to the facts behind it, and to what it was before.

Only figures that a register measured have an origin; what has passed the disclosure gate has none,
so nothing that leaves can be traced back to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from attrs import evolve, field

from osallisuus.errors import DefinitionError, UndefinedFigure
from osallisuus.metrics.changed import Change, split, unrelated
from osallisuus.metrics.compile import Settings, owned_query, traced_query
from osallisuus.metrics.engine import Engine
from osallisuus.metrics.figure import Figure, Traced
from osallisuus.metrics.measure import Measurement, Place, measure
from osallisuus.metrics.metric import Draw, Label, Metric
from osallisuus.model.facts import Fact
from osallisuus.model.store import Entry
from osallisuus.values import frozen

__all__ = ["Asked", "Snapshot"]

Snapshot = Mapping[str, Mapping[str, Fact]]
"""Table -> id -> fact."""


@frozen(kw_only=True, eq=False)
class Asked:
    """How a figure was asked of a register, and the means to ask again."""

    metric: Metric
    settings: Settings
    engine: Callable[[], AbstractContextManager[Engine]] = field(repr=False)
    """An engine over the facts that were asked."""
    snapshot: Callable[[], Snapshot] = field(repr=False)
    """All facts as they were known when the figure was asked, as far as they still exist."""
    engine_over: Callable[[Snapshot], AbstractContextManager[Engine]] = field(repr=False)
    """An engine over other facts."""
    tx: int | None = None
    """The last commit that was known; ``None`` where the store keeps no history."""
    began: Callable[[], Entry | None] = field(default=lambda: None, repr=False)
    """The journal's first entry, by which a store is known again; ``None`` without a journal."""

    def traced(self, figure: Figure) -> tuple[Traced, ...]:
        """The cases behind *figure*, sorted by person and fact."""
        with self.engine() as engine:
            measurement = measure(self.metric, self.settings, engine)
            draw = self._draw(measurement, figure)
            cases = _traced_cases(measurement, _place(figure, self.settings))
            owned = _owned(measurement, cases)
        part, whole = _labels(draw)
        found = []
        for (person, _), (links, rows) in cases.items():
            counts = self.metric.contributions(rows, None)
            if counts and not any(counts.get(label) for label in (*part, *whole)):
                continue
            facts = {*links, *owned.get(person, ())}
            counted = not counts or any(counts.get(label) for label in part)
            found.append(Traced(person=person, counted=counted, facts=tuple(sorted(facts))))
        return tuple(sorted(found, key=lambda case: (case.person or "", case.facts)))

    def changed(self, figure: Figure, previous: Figure) -> Change:
        """Why *figure* differs from *previous*; see :mod:`osallisuus.metrics.changed`.

        Raises :class:`DefinitionError` where *previous* is no earlier publication of it.
        """
        _refuse_without_value(figure)
        _refuse_without_value(previous)
        if problems := list(unrelated(figure, previous)):
            raise DefinitionError(problems)
        if not isinstance(previous.origin, Asked):
            raise UndefinedFigure(
                "the earlier figure does not know how it was asked",
                where=previous.provenance.metric,
                remedy="measure it again on register.known_at(...), and compare with that",
            )
        old = previous.origin
        steps = _Steps(previous, figure, old, self)
        if old.began() != self.began() or steps.are_of_other_stores():
            raise DefinitionError(
                "the figures are of two stores",
                where="why_changed",
                remedy="measure both in one store: register.known_at(...) is as it was known then",
            )
        if old.tx is not None and self.tx is not None and old.tx > self.tx:
            raise DefinitionError(
                "the previous figure is the later one: it knows of facts that this one does not",
                where="why_changed",
                remedy="call it the other way round: later.why_changed(earlier)",
            )
        return steps.change()

    def programs(self) -> frozenset[str]:
        """All programmes of which there are facts; for a figure that was asked of no single one."""
        named = (getattr(fact, "program", None) for _, fact in _facts(self.snapshot()))
        return frozenset(program for program in named if program is not None)

    def _draw(self, measurement: Measurement, figure: Figure) -> Draw:
        place = _place(figure, self.settings)
        for draw in dict(measurement.draws()).get(place, ()):
            if (draw.name, draw.at) == (figure.name, figure.at):
                return draw
        raise UndefinedFigure(
            "the facts no longer give this figure",
            where=figure.provenance.metric,
            remedy="measure it again",
        )


class _Steps:
    """The figure as it would be with one change at a time."""

    def __init__(self, before: Figure, after: Figure, old: Asked, new: Asked) -> None:
        self._before, self._after = before, after
        self._old, self._new = old, new
        self._then, self._now = old.snapshot(), new.snapshot()
        self._later = evolve(old.settings, as_of=new.settings.as_of)

    def are_of_other_stores(self) -> bool:
        """Whether no fact of the one is in the other, though both have some."""
        then, now = ({key for key, _ in _facts(all_)} for all_ in (self._then, self._now))
        return bool(then and now) and then.isdisjoint(now)

    def change(self) -> Change:
        """The split."""
        old, then, now = self._old, self._then, self._now
        steps: dict[str, Callable[[], float | None]] = {
            "erasures": lambda: self._value(old.metric, old.settings, then),
            "corrections": lambda: self._value(old.metric, old.settings, self._corrected()),
            "late_facts": lambda: self._value(old.metric, old.settings, now),
            "new_time": lambda: self._value(old.metric, self._later, self._same_people()),
            "new_people": lambda: self._value(old.metric, self._later, now),
            "definition": lambda: self._value(self._redefined(), self._later, now),
        }
        return split(self._before, self._after, steps)

    def _value(self, metric: Metric, settings: Settings, facts: Snapshot) -> float | None:
        with self._new.engine_over(facts) as engine:
            measurement = measure(metric, settings, engine)
            drawn = dict(measurement.draws()).get(_place(self._before, settings), ())
        for draw in drawn:
            if (draw.name, draw.at) == (self._before.name, self._before.at) and not draw.reason:
                return draw.value
        return None

    def _corrected(self) -> Snapshot:
        """What was known then, as it reads now; what is withdrawn now is gone."""
        return {
            table: {key: self._now[table][key] for key in facts if key in self._now.get(table, {})}
            for table, facts in self._then.items()
        }

    def _same_people(self) -> Snapshot:
        """What is known now, without the people who came between the two cuts."""
        newcomers = self._people(self._later) - self._people(self._old.settings)
        return {
            table: {
                key: fact
                for key, fact in facts.items()
                if not newcomers.intersection(_people_of(fact))
            }
            for table, facts in self._now.items()
        }

    def _people(self, settings: Settings) -> set[str]:
        with self._new.engine_over(self._now) as engine:
            measurement = measure(self._old.metric, settings, engine)
            rows = engine.rows(traced_query(measurement.metric, settings, engine))
        return {row[0] for row in rows if row[0] is not None}

    def _redefined(self) -> Metric:
        """The later definition with the earlier parameters and policies, where it has them."""
        old, new = self._old.metric, self._new.metric
        kept = {name: old.params[name] for name in new.params if name in old.params}
        chosen = {
            name: value
            for name, value in old.policies.items()
            if value in new.choices.get(name, ())
        }
        return evolve(new, params={**new.params, **kept}, policies={**new.policies, **chosen})


def _facts(snapshot: Snapshot) -> Iterator[tuple[tuple[str, str], Fact]]:
    """Table and id of every fact, and the fact."""
    for table, facts in snapshot.items():
        for key, fact in facts.items():
            yield (table, key), fact


def _people_of(fact: Fact) -> tuple[str, ...]:
    names = ("person", "peer")
    if fact.table.name == "people":
        return (fact.id,)
    return tuple(getattr(fact, name) for name in names if getattr(fact, name, None) is not None)


def _refuse_without_value(figure: Figure) -> None:
    float(figure)


def _labels(draw: Draw) -> tuple[list[Label], list[Label]]:
    """The tallies that a figure is about, and those that it is a part of."""
    whole = [tally.within for tally in draw.tallies if tally.within is not None]
    inner = [tally for tally in draw.tallies if tally.label not in whole] or list(draw.tallies)
    part = [label for tally in inner for label in (tally.sums or (tally.label,))]
    return part, [*whole, *(tally.label for tally in draw.tallies)]


def _place(figure: Figure, settings: Settings) -> Place:
    period = None
    if figure.period is not None and figure.period in settings.periods:
        period = settings.periods.index(figure.period)
    return Place(tuple(figure.strata.get(name) for name in settings.by), period)


_Case = tuple[str | None, Any]
_Facts = set[tuple[str, str]]


def _traced_cases(
    measurement: Measurement, place: Place
) -> dict[_Case, tuple[_Facts, list[Sequence[Any]]]]:
    """Person and protected unit -> the facts that its cases name, and their keys."""
    metric, settings, engine = measurement.metric, measurement.settings, measurement.engine
    query = traced_query(metric, settings, engine)
    tables = query.columns
    strata = len(settings.by)
    dims = strata + bool(settings.periods)
    found: dict[_Case, tuple[_Facts, list[Sequence[Any]]]] = {}
    for row in engine.rows(query):
        person, unit, rest = row[0], row[1], row[2:]
        period = rest[strata] if settings.periods else None
        if Place(tuple(rest[:strata]), period) != place:
            continue
        linked = rest[dims : dims + len(tables)]
        links, rows = found.setdefault((person, unit), (set(), []))
        links |= {
            (table, key) for table, key in zip(tables, linked, strict=True) if key is not None
        }
        rows.append(tuple(rest[dims + len(tables) :]))
    return found


def _owned(
    measurement: Measurement, cases: Mapping[_Case, tuple[_Facts, Any]]
) -> dict[str | None, _Facts]:
    """Person -> their facts in the tables that the metric reads.

    Where a case names the one event that it is of, such as a session, a fact of another event is
    not behind it: somebody may also have come to a group that is not theirs.
    """
    metric, engine = measurement.metric, measurement.engine
    found: dict[str | None, _Facts] = {}
    query = owned_query(metric, measurement.settings, engine)
    if query is None:
        return found
    named: dict[str | None, _Facts] = {}
    for (person, _), (links, _) in cases.items():
        named.setdefault(person, set()).update(links)
    for table, key, person, *events in engine.rows(query):
        of = {pair for pair in zip(query.columns, events, strict=True) if pair[1] is not None}
        if of <= named.get(person, set()):
            found.setdefault(person, set()).add((table, key))
    return found
