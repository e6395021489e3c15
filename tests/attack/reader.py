"""A reader of reports: what the tables mean, in the words of the tables, and what follows.

It knows nothing of the library but its printed output. Each episode is of one *type*: its place,
how far it came on the way in, whether the person came to a first session, and how and in which
step of the curves it ended. Every printed number is a sum over types; the integer program of the
attacker says which numbers are possible for the cells that are not printed.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any, NamedTuple

from tests.attack.attacker import System

STAGES = ("reached", "informed", "interviewed", "offered", "started")
OFFERED = STAGES.index("offered")
NOT_STATED = "(not stated)"
NOWHERE = ""
"""The place of those who never came so far as to be offered one."""
TAIL = 10**6


class Case(NamedTuple):
    """One episode as it truly was."""

    person: str
    place: str
    stage: int
    """The number of the last stage that was passed."""
    first: str
    """yes, no, unknown; "" for who was never offered a place."""
    event: str = ""
    """How it ended; "" while it is open, or if it never began."""
    day: int = 0


class Type(NamedTuple):
    """A case as the tables tell cases apart."""

    place: str
    stage: int
    first: str
    event: str
    step: int


class Cell(NamedTuple):
    """Something that a reader counts: types with weights, and the true number."""

    key: Any
    members: Mapping[Any, int]
    value: int


def figures_of_json(content: bytes) -> list[dict[str, Any]]:
    """Every figure of a report in JSON, wherever it stands."""
    found: list[dict[str, Any]] = []

    def look(value: Any) -> None:
        if isinstance(value, dict):
            if "status" in value and "measure" in value:
                found.append(value)
            for inner in value.values():
                look(inner)
        elif isinstance(value, list):
            for inner in value:
                look(inner)

    look(json.loads(content))
    for figure in found:
        strata = figure["strata"]
        figure["strata"] = {name: strata[name] or NOT_STATED for name in strata}
    return found


def figures_of_csv(content: bytes, stratum: str) -> list[dict[str, Any]]:
    """Every figure of a report in CSV."""
    found = []
    for row in csv.DictReader(io.StringIO(content.decode())):
        figure: dict[str, Any] = {"strata": {stratum: row[stratum]} if row.get(stratum) else {}}
        figure |= {name: row[name] for name in ("metric", "name", "status", "measure")}
        for name in ("at", "k", "n", "persons", "at_risk"):
            figure[name] = int(row[name]) if row[name] else None
        for name in ("value", "low", "high", "censored"):
            figure[name] = float(row[name]) if row[name] else None
        found.append(figure)
    return found


class Reader:
    """What one report says, as numbers of cases of each type."""

    def __init__(
        self,
        figures: Iterable[Mapping[str, Any]],
        stratum: str,
        *,
        threshold: int,
        base: int | None = None,
    ) -> None:
        self.threshold = threshold
        """No fewer persons than this, except nobody, are ever shown."""
        self.base = base
        """Counts are rounded to this; ``None``: they are exact."""
        every = list(figures)
        self.shown = [figure for figure in every if figure["status"] == "shown"]
        self.stratum = stratum
        self.places = sorted({f["strata"][stratum] for f in every if f["strata"]})
        curves = [f for f in every if f["metric"] in ("leaving", "retention")]
        self.days = sorted({f["at"] for f in curves if f["at"] is not None})
        named = {f["name"] for f in curves if f["metric"] == "leaving"} - {"other_endings"}
        self.events = sorted(named | {"completed", "another ending"})
        self.types = list(self._types())
        self.known: dict[str, tuple[dict[Any, int], tuple[int, int]]] = {}
        for number, figure in enumerate(self.shown):
            self._take(str(number), figure)

    def _types(self) -> Iterable[Type]:
        steps = [*self.days, TAIL]
        everywhere = [*self.places, NOWHERE]
        for place, stage in product(everywhere, range(len(STAGES))):
            # a place in which nobody started is in no table by place
            if self.places and place == NOWHERE and STAGES[stage] == "started":
                continue
            firsts = ("yes", "no", "unknown") if stage >= OFFERED else ("",)
            for first in firsts:
                if STAGES[stage] != "started":
                    yield Type(place, stage, first, "", 0)
                else:
                    for event, step in product(["", *self.events], steps):
                        yield Type(place, stage, first, event, step)

    def type_of(self, case: Case) -> Type:
        """The type that the reader would put a case into."""
        place = case.place if case.place in self.places else NOWHERE
        if STAGES[case.stage] != "started":
            return Type(place, case.stage, case.first, "", 0)
        step = next((day for day in self.days if case.day <= day), TAIL)
        event = case.event if case.event in ("", *self.events) else "another ending"
        return Type(place, case.stage, case.first, event, step)

    def _take(self, number: str, figure: Mapping[str, Any]) -> None:
        """Turn one printed figure into sums over types."""
        place = figure["strata"].get(self.stratum)
        metric, name = figure["metric"], figure["name"]
        here = [one for one in self.types if place in (None, one.place)]
        started = [one for one in here if STAGES[one.stage] == "started"]
        say = self._say(number)
        if metric == "people_and_episodes":
            weights: Counter[Any] = Counter(started)
            if name == "persons":
                weights.update({("again", place): -1})
                if place is None:
                    weights.update({("again", one): -1 for one in self.places})
            say("n", weights, figure["n"])
        elif metric == "recruitment_funnel" and name in STAGES:
            say("n", [one for one in here if one.stage >= STAGES.index(name)], figure["n"])
        elif metric == "first_session":
            say("k", [one for one in here if one.first == "yes"], figure["k"])
            known = [one for one in here if one.first in ("yes", "no")]
            say("n", known, figure["n"])
            if figure["censored"] is not None:
                unknown = [one for one in here if one.first == "unknown"]
                share = figure["censored"]
                say("unknown", unknown, share=figure["n"] * share / (1 - share), of=figure["n"])
        elif metric == "completion":
            say("k", [one for one in started if one.event == "completed"], figure["k"])
            self._entered(say, started, figure)
        elif metric in ("leaving", "retention"):
            self._entered(say, started, figure)
            if figure["at"] is not None:
                self._point(say, started, figure)

    def _entered(self, say: Any, started: list[Type], figure: Mapping[str, Any]) -> None:
        say("n", started, figure["n"])
        if figure["censored"] is not None:
            still_open = [one for one in started if one.event == ""]
            say("open", still_open, share=figure["n"] * figure["censored"], of=figure["n"])

    def _point(self, say: Any, started: list[Type], figure: Mapping[str, Any]) -> None:
        at = figure["at"]
        if figure["at_risk"] is not None:
            say("at risk", [one for one in started if one.step > at], figure["at_risk"])
        if figure["censored"] != 0:
            return  # with people still open the share is no simple count
        name = figure["name"]
        names = {name} if name != "other_endings" else {"another ending"}
        if figure["metric"] == "retention" and name != "median":
            counted = [one for one in started if one.step > at]
        else:
            counted = [one for one in started if one.event in names and one.step <= at]
        say("share", counted, share=figure["value"] * figure["n"], of=figure["n"])

    def _say(self, number: str) -> Any:
        def say(
            what: str, members: Any, value: int | None = None, *, share: float = 0, of: int = 0
        ) -> None:
            if of:
                span = self._near(share, of)
            elif value is not None:
                span = self._alike(value)
            else:
                return
            self.known[f"{number} {what}"] = (dict(Counter(members)), span)

        return say

    def _alike(self, value: int) -> tuple[int, int]:
        """The numbers that are printed as *value*."""
        if self.base is None or value == 0:
            return value, value
        low, high = value - self.base // 2, value + (self.base - 1) // 2
        return max(low, self.threshold), high

    def _near(self, value: float, of: int) -> tuple[int, int]:
        """The numbers that a share in whole percents of rounded numbers may stand for."""
        if self.base is None:
            return round(value), round(value)
        slack = of // 100 + 2 * self.base
        return max(round(value) - slack, 0), round(value) + slack

    def cells(self, cases: Iterable[Case]) -> list[Cell]:
        """Everything that the reader could count, with the true numbers."""
        listed = list(cases)
        true = Counter(self.type_of(case) for case in listed)
        cells: dict[Any, list[Type]] = {}
        ends = [*self.days, TAIL]
        spans = [(a, b) for i, a in enumerate([-1, *self.days]) for b in ends[i : i + 3]]
        for place in (None, *self.places):
            here = [one for one in self.types if place in (None, one.place)]
            started = [one for one in here if STAGES[one.stage] == "started"]
            cells[place, "started"] = started
            for stage in range(len(STAGES) - 1):
                cells[place, "came to", stage] = [one for one in here if one.stage >= stage]
                for last in range(stage, len(STAGES) - 1):
                    cells[place, "stopped", stage, last] = [
                        one for one in here if stage <= one.stage <= last
                    ]
            for first in ("yes", "no", "unknown"):
                cells[place, "first session", first] = [one for one in here if one.first == first]
                cells[place, "first session", first, "not started"] = [
                    one for one in here if one.first == first and one not in set(started)
                ]
                for event in self.events:
                    cells[place, first, event] = [
                        one for one in started if (one.first, one.event) == (first, event)
                    ]
            cells[place, "not completed"] = [one for one in started if one.event != "completed"]
            cells[place, "ended"] = [one for one in started if one.event]
            for event in ("", *self.events):
                cells[place, "event", event] = [one for one in started if one.event == event]
                ended = [one for one in started if one.event not in ("", event)]
                cells[place, "ended otherwise than", event] = ended
                for a, b in spans:
                    inside = [one for one in started if one.event == event and a < one.step <= b]
                    cells[place, "event", event, a, b] = inside
        found = [
            Cell(key, Counter(members), sum(true[one] for one in members))
            for key, members in cells.items()
            if members
        ]
        return [*found, *self._repeats(listed)]

    def _repeats(self, cases: list[Case]) -> Iterable[Cell]:
        """How often somebody came back: within a place, and in all."""
        again = {}
        for place in self.places:
            people = [c.person for c in cases if c.place == place and c.stage == len(STAGES) - 1]
            again[place] = len(people) - len(set(people))
            yield Cell((place, "again"), {("again", place): 1}, again[place])
        people = [case.person for case in cases if case.stage == len(STAGES) - 1]
        total = len(people) - len(set(people))
        weights = {("again", place): 1 for place in (None, *self.places)}
        yield Cell((None, "again"), weights, total)

    def agrees(self, cases: Iterable[Case]) -> list[str]:
        """The printed numbers that the truth does not have: the reader has misread the report."""
        listed = list(cases)
        true: Counter[Any] = Counter(self.type_of(case) for case in listed)
        again = {cell.key[0]: cell.value for cell in self._repeats(listed)}
        true[("again", None)] = again.pop(None) - sum(again.values())
        true.update({("again", place): n for place, n in again.items()})
        return [
            key
            for key, (members, (low, high)) in self.known.items()
            if not low <= sum(weight * true[one] for one, weight in members.items()) <= high
        ]

    def broken(self, cases: Iterable[Case], enough: int | None = None) -> list[Any]:
        """The cells below the threshold for which fewer than so many numbers remain possible.

        When there are *enough* of them, no more are looked for.
        """
        threshold = self.threshold
        listed = list(cases)
        cells = [cell for cell in self.cells(listed) if 0 < cell.value < threshold]
        true: Counter[Any] = Counter(self.type_of(case) for case in listed)
        known = [Cell(("known", key), m, _sum(m, true)) for key, (m, _) in self.known.items()]
        spans = {("known", key): span for key, (_, span) in self.known.items()}
        counts = _merged([*known, *cells])
        different = {tuple(cell.members.items()): cell for cell in counts[len(known) :]}
        counts[len(known) :] = different.values()
        system = System(counts, spans)
        found: list[Any] = []
        for place in range(len(known), len(counts)):
            if enough is not None and len(found) >= enough:
                break
            if system.candidates(place, threshold, gaps=False) < threshold:
                found.append((counts[place].key, counts[place].value))
        return found


def _sum(members: Mapping[Any, int], numbers: Mapping[Any, int]) -> int:
    return sum(weight * numbers.get(one, 0) for one, weight in members.items())


def _merged(cells: list[Cell]) -> list[Cell]:
    """The same cells over fewer types: those that no cell tells apart are one."""
    columns: dict[Any, list[tuple[int, int]]] = {}
    for place, cell in enumerate(cells):
        for one, weight in cell.members.items():
            columns.setdefault(one, []).append((place, weight))
    members: list[dict[int, int]] = [{} for _ in cells]
    for atom, column in enumerate(dict.fromkeys(map(tuple, columns.values()))):
        for place, weight in column:
            members[place][atom] = weight
    return [cell._replace(members=own) for cell, own in zip(cells, members, strict=True)]
