"""A reader of single metrics, asked by one or more strata: what the printed figures say together.

Each episode is of one *type*: where it was, how far it came, how it ended. A printed number is a
sum over types. The reader knows the rules of the gate too: what is shown, and the rest of the
whole that it is a part of, is nobody or at least the threshold; a number is rounded to the base.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from itertools import combinations, product
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from osallisuus.metrics.kinds import MultiLabel
from tests.attack.programmes import STAGES, Episode

__all__ = ["HOW_IT_ENDED", "Ask", "Attack", "Table", "asks_of", "printed", "subsets", "together"]

HOW_IT_ENDED = MultiLabel(
    name="how_it_ended",
    cases="SELECT person, id AS case_id, group_id, ended_on AS happened_on, ending AS label"
    " FROM enrollments WHERE started_on IS NOT NULL AND ended_on IS NOT NULL",
)
"""A table of people by ending, as an author of metrics could write it."""
STARTED = len(STAGES) - 1
AGAIN = "again"
"""The type of one episode more of somebody who is counted already."""

Ask = tuple[Any, tuple[str, ...]]
"""A metric, or its name, and the strata by which it is asked."""
Place = tuple[tuple[str, str], ...]
"""Values of some strata; an episode is in it that has them all."""
Span = tuple[float, float]


def subsets(by: Sequence[str]) -> list[tuple[str, ...]]:
    """All strata, fewer of them, and none."""
    return [some for size in range(len(by), -1, -1) for some in combinations(by, size)]


def asks_of(metrics: Iterable[Any], by: Sequence[str]) -> list[Ask]:
    """Each metric by all subsets of the strata."""
    return [(metric, some) for metric in metrics for some in subsets(by)]


def printed(result: Any) -> list[dict[str, Any]]:
    """The figures of a result as they are printed in JSON."""
    content = json.loads(json.dumps(result.to_dict()))
    return [{**figure, "metric": content["metric"]} for figure in content["figures"]]


class Table:
    """All that a reader of some printed figures knows, and what is true."""

    def __init__(self, episodes: Sequence[Episode], by: Sequence[str]) -> None:
        self.by = tuple(by)
        self.true: Counter[Any] = Counter()
        """Type -> how many."""
        self.cells = sorted({self._cell(one) for one in episodes})
        kinds = {("", stage) for stage in range(STARTED)}
        kinds |= {(one.ending, STARTED) for one in episodes if one.stage == STARTED}
        kinds.add(("", STARTED))
        self.kinds = sorted(kinds)
        self.true.update(((one.ending, one.stage), self._cell(one)) for one in episodes)
        self.places = sorted(
            {
                tuple((name, value) for name, value in cell if name in some)
                for cell in self.cells
                for some in subsets(self.by)
            }
        )
        for place in self.places:
            here = [o for o in episodes if o.stage == STARTED and self._is_in(self._cell(o), place)]
            self.true[AGAIN, place] = len(here) - len({one.person for one in here})
        self.known: list[tuple[str, dict[Any, int], Span]] = []
        self.targets: dict[Any, dict[Any, int]] = {}
        self._define_targets()

    def _cell(self, one: Episode) -> Place:
        return tuple((name, one.strata[name]) for name in self.by)

    @staticmethod
    def _is_in(cell: Place, place: Place) -> bool:
        return set(place) <= set(cell)

    def types(self, place: Place, *, stage: int = STARTED, ending: str | None = None) -> list[Any]:
        """The types of episodes of a place that came at least so far."""
        return [
            (kind, cell)
            for kind, cell in product(self.kinds, self.cells)
            if self._is_in(cell, place) and kind[1] >= stage and ending in (None, kind[0])
        ]

    def ended(self, place: Place) -> list[Any]:
        """The types of episodes that have ended."""
        return [one for one in self.types(place) if one[0][0]]

    def _define_targets(self) -> None:
        """Everything that a reader counts, whatever was asked."""
        for place in self.places:
            self._target(place, "started", self.types(place))
            self._target(place, "open", self.types(place, ending=""))
            for ending in sorted({kind[0] for kind in self.kinds} - {""}):
                self._target(place, ending, self.types(place, ending=ending))
                others = [one for one in self.types(place) if one[0][0] != ending]
                self._target(place, f"not {ending}", others)
            for stage in range(STARTED):
                self._target(place, f"came to {stage}", self.types(place, stage=stage))
                for later in range(stage + 1, STARTED + 1):
                    onward = set(self.types(place, stage=later))
                    stopped = [o for o in self.types(place, stage=stage) if o not in onward]
                    self._target(place, f"stopped after {stage}, before {later}", stopped)
            self.targets[place, AGAIN] = {(AGAIN, place): 1}
            persons = Counter(self.types(place))
            persons[AGAIN, place] = -1
            self.targets[place, "persons"] = dict(persons)

    def _target(self, place: Place, name: str, types: list[Any]) -> None:
        if types:
            self.targets[place, name] = dict.fromkeys(types, 1)

    def value(self, members: Mapping[Any, int]) -> int:
        """The true number of a sum over types."""
        return sum(weight * self.true[one] for one, weight in members.items())

    # What is read ------------------------------------------------------------------------------

    def read(
        self, figures: Iterable[Mapping[str, Any]], *, threshold: int, base: int | None
    ) -> int:
        """Take in printed figures; how many of them are shown."""
        every = list(figures)
        shown = [figure for figure in every if figure["status"] == "shown"]
        for figure in shown:
            place = self._place(figure)
            for name, members, number in self._said(figure, place):
                span = _span(number, threshold, base)
                if name == "open":
                    span = _still_open(figure, threshold, base)
                self.known.append(
                    (f"{figure['metric']} {place} {figure['name']} {name}", members, span)
                )
        self._listed(every)
        return len(shown)

    def _listed(self, figures: Iterable[Mapping[str, Any]]) -> None:
        """What the list of names says, hidden or not: who is not named is not there."""
        names: dict[Place, set[str]] = {}
        for figure in figures:
            if figure["metric"] == HOW_IT_ENDED.name:
                names.setdefault(self._place(figure), set()).add(figure["name"])
        for place, listed in names.items():
            absent = [one for one in self.ended(place) if one[0][0] not in listed]
            if absent and HOW_IT_ENDED.name not in listed:
                self.known.append((f"not listed {place}", dict.fromkeys(absent, 1), (0, 0)))

    def _place(self, figure: Mapping[str, Any]) -> Place:
        strata = figure["strata"]
        return tuple((name, strata[name]) for name in self.by if name in strata)

    def _said(
        self, figure: Mapping[str, Any], place: Place
    ) -> Iterable[tuple[str, dict[Any, int], Any]]:
        """Sums over types, and what is printed of each; ``None``: only that it is not small."""
        metric, name, k, n = (figure[one] for one in ("metric", "name", "k", "n"))
        started = dict.fromkeys(self.types(place), 1)
        if metric == "people_and_episodes":
            if name == "persons":
                yield "n", {**started, (AGAIN, place): -1}, n
                yield "rest", {(AGAIN, place): 1}, None
            else:
                yield "n", started, n
        elif metric == "recruitment_funnel" and name in STAGES:
            yield "n", dict.fromkeys(self.types(place, stage=STAGES.index(name)), 1), n
        elif metric == "completion" and name == "completed":
            part = dict.fromkeys(self.types(place, ending="completed"), 1)
            yield "n", started, n
            yield "k", part, k
            yield "rest", _less(started, part), None
            yield "open", dict.fromkeys(self.types(place, ending=""), 1), None
        elif metric == HOW_IT_ENDED.name:
            whole = dict.fromkeys(self.ended(place), 1)
            part = dict.fromkeys(self.types(place, ending=name), 1)
            yield "n", whole, n
            yield "k", part, k
            yield "rest", _less(whole, part), None

    def misread(self) -> list[str]:
        """What the reader takes the figures to say and is not true."""
        return [
            f"{name}: {self.value(members)} not in {span}"
            for name, members, span in self.known
            if not span[0] <= self.value(members) <= span[1]
        ]


def together(before: Table, after: Table, *, most: int) -> Table:
    """What a reader of two times knows, to whom it is plain that at most so many came, and none left.

    What is new is a type of its own; the types of *after* are those of *before* and the new ones.
    """
    both = copy(before)
    both.true = Counter(before.true)
    new = {one: ("new", one) for one in {*after.true, *_typed(after)}}
    both.true.update({new[one]: after.true[one] - before.true[one] for one in new})

    def later(members: Mapping[Any, int]) -> dict[Any, int]:
        return {**members, **{new[one]: weight for one, weight in members.items()}}

    read = [(f"later {name}", later(members), span) for name, members, span in after.known]
    few = ("few came", {new[one]: 1 for one in _typed(after) if one[0] != AGAIN}, (0, most))
    both.known = [*before.known, *read, few]
    both.targets = {
        **before.targets,
        **{(p, f"later {name}"): later(m) for (p, name), m in after.targets.items()},
    }
    return both


def _typed(table: Table) -> dict[Any, None]:
    """All types of a table, in order."""
    return dict.fromkeys(one for members in table.targets.values() for one in members)


def _less(whole: Mapping[Any, int], part: Mapping[Any, int]) -> dict[Any, int]:
    return {one: n for one, n in whole.items() if one not in part}


def _span(printed_number: int | None, threshold: int, base: int | None) -> Span:
    """The numbers that may stand behind a printed one; rounding to the base, ties up."""
    if printed_number is None:
        return -1, np.inf  # nobody, or not small: no interval says that, see Attack
    if printed_number == 0 or base is None:
        return printed_number, printed_number
    low = printed_number - base // 2
    return max(low, threshold), printed_number + (base - 1) // 2


def _still_open(figure: Mapping[str, Any], threshold: int, base: int | None) -> Span:
    """What the note, the method and the printed share of a completion tell of those still open."""
    if "few_open" in figure["notes"]:
        return 0, threshold - 1
    if figure["method"] != "aalen_johansen":
        return 0, 0
    if figure["censored"] is None:
        return threshold, np.inf
    step, n = base or 1, figure["n"]
    fits = [
        some for some in range(0, n + 1, step) if abs(some / n - figure["censored"]) <= 0.005 + 1e-9
    ]
    return max(threshold, fits[0] - step // 2), fits[-1] + (step - 1) // 2


class Attack:
    """Integer programming on what a reader knows: which numbers are possible for each target."""

    def __init__(self, table: Table, threshold: int) -> None:
        self.table, self.k = table, threshold
        types = sorted({one for members in table.targets.values() for one in members}, key=repr)
        types += sorted(
            {one for _, m, _ in table.known for one in m if one not in set(types)}, key=repr
        )
        self.column = {one: place for place, one in enumerate(types)}
        rows, lows, highs = [], [], []
        for _, members, (low, high) in table.known:
            rows.append(self._row(members))
            # of a rest the reader knows that it is not small, unless it is nobody
            lows.append(low if low >= 0 else min(threshold, table.value(members)))
            highs.append(high)
        for members, low in self._always():
            rows.append(self._row(members))
            lows.append(low)
            highs.append(np.inf)
        self.constraint = LinearConstraint(np.array(rows), np.array(lows), np.array(highs))
        self.truth = np.array([table.true[one] for one in types])
        self.seen: list[Any] = [self.truth]

    def _always(self) -> Iterable[tuple[dict[Any, int], int]]:
        """What is so whatever is printed: nobody comes again in fewer places than in one."""
        table = self.table
        for place in table.places:
            persons = table.targets[place, "persons"]
            yield persons, 0
            for wider in table.places:
                if len(wider) < len(place) and set(wider) < set(place):
                    yield {(AGAIN, wider): 1, (AGAIN, place): -1}, 0
                    both = Counter(table.targets[wider, "persons"])
                    both.subtract(table.targets[place, "persons"])
                    yield dict(both), 0

    def _row(self, members: Mapping[Any, int]) -> Any:
        row = np.zeros(len(self.column))
        for one, weight in members.items():
            row[self.column[one]] = weight
        return row

    def broken(
        self, *, zeros: bool = True, enough: int | None = None
    ) -> list[tuple[Any, int, int]]:
        """The small targets with fewer than *k* possible numbers: name, number, how many.

        With *zeros* nobody at all, in a place where somebody is, is to be guarded like a few. When
        there are *enough* of them no more are looked for.
        """
        found = []
        for name, members in self.table.targets.items():
            if enough is not None and len(found) >= enough:
                break
            value = self.table.value(members)
            if 0 < value < self.k or (zeros and value == 0 and self._guarded(name)):
                candidates = self._candidates(self._row(members), value)
                if candidates < self.k:
                    found.append((name, value, candidates))
        return found

    def _guarded(self, name: Any) -> bool:
        """Whether nobody is to be guarded too: of all who ended there, none ended in this way.

        That nobody came again, or has yet to end, or was lost on the way, says nothing of anybody.
        Where nobody has ended at all there is nobody of whom it could be said.
        """
        place, what = name
        ended = self.table.value(dict.fromkeys(self.table.ended(place), 1))
        return ended > 0 and what in {kind[0] for kind in self.table.kinds} - {""}

    def _candidates(self, row: Any, value: int) -> int:
        """How many numbers lie between the lowest and the highest possible, as far as is needed."""
        values = [float(row @ table) for table in self.seen]
        low, high = min(values), max(values)
        for sign in (-1, 1):
            if high - low + 1 >= self.k:
                break
            solved = milp(
                sign * row,
                constraints=self.constraint,
                integrality=np.ones(len(row)),
                bounds=Bounds(0, 100_000),
            )
            if solved.status != 0:
                raise AssertionError(solved.message)
            self.seen.append(np.round(solved.x))
            reached = round(sign * solved.fun)
            low, high = min(low, reached), max(high, reached)
        return round(min(high - low + 1, self.k))
