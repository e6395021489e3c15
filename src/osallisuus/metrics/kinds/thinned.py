"""What of a curve may leave: a few days, and on them counts that are rounded (D.1.5, D.2).

Between two days of a thinned curve several people have moved. On such a day the curve knows how
many had left by then in each way, and how many were still followed; each number is rounded from
its own true value. The curve is a life table over the steps between the days, with the mean of
those at risk at both ends of a step, as is usual where only intervals are known (Cutler & Ederer
1958). Two groups of people whose numbers round alike are drawn alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise

from osallisuus.metrics.estimate.flow import Flow
from osallisuus.metrics.kinds.stays import OTHER, Stays, flow_of_moves, notes_of
from osallisuus.metrics.metric import Thinning

__all__ = ["STEPS", "ThinnedStays", "followed_on", "merged_events", "thin"]

STEPS = 20
"""About how many steps a released curve has at most."""


class ThinnedStays:
    """The counts of one place on the days of *grid*, each rounded.

    With *to_the_end* what happened after the last of the days is one more step.
    """

    def __init__(
        self, stays: Stays, grid: Thinning, part: str = "", *, to_the_end: bool = False
    ) -> None:
        self.days = list(grid.days.get(part, ()))
        self.n = grid.rounded(stays.n)
        self.censored = min(grid.rounded(stays.censored), self.n)
        self.delayed = grid.rounded(stays.delayed)
        self.notes = notes_of(grid.rounded(stays.left_out), grid.rounded(stays.collapsed))
        self._grid = grid
        self._stays = stays
        last = max((day for day, _ in stays.happened), default=0)
        # the label of the last step must not tell on which day somebody was last seen
        self._ends = [*self.days, *([self.days[-1] + 1 if self.days else 1] if to_the_end else [])]
        self._upto = [*self.days, *([max(last, *self.days, 0)] if to_the_end else [])]

    def exits(self, event: str) -> int:
        """How many ended in *event*."""
        return min(self._grid.rounded(self._stays.exits(event)), self.n)

    def flow(self, event: str | None = None) -> Flow:
        """The life table as a flow, with *event* apart from all other exits, or all as one."""
        left = [self._left(day) for day in self._upto]
        risk = [self._at_risk(-1), *map(self._at_risk, self._upto)]
        if not self._grid.followed:
            risk = [self.n, *(max(self.n - sum(of.values()), 0) for of in left)]
        steps = []
        for day, (before, now), (begin, end) in zip(
            self._ends, pairwise([Counter[str](), *left]), pairwise(risk), strict=True
        ):
            moves: Counter[str] = Counter()
            for name in now:
                moves[name if name == event else OTHER] += now[name] - before[name]
            gone = sum(moves.values())
            steps.append((day, moves, max((begin + end + gone + 1) // 2, gone)))
        return flow_of_moves(steps) if steps else flow_of_moves([(0, {}, self.n)])

    def _left(self, day: int) -> Counter[str]:
        """How many had left by the end of *day*, by how."""
        counts: Counter[str] = Counter()
        for (at, event), n in self._stays.happened.items():
            if event and at <= day:
                counts[event] += n
        return Counter({event: self._grid.rounded(n) for event, n in counts.items()})

    def _at_risk(self, day: int) -> int:
        return self._grid.rounded(followed_on(self._stays, day))


def followed_on(stays: Stays, day: int) -> int:
    """How many are under observation at the end of *day*, and not gone; -1: at the origin."""
    return sum(n for entry, at, _, n in stays.rows if entry <= max(day, 0) and at > day)


def thin(
    happened: Iterable[tuple[int, str, int]], threshold: int, *, to_the_end: bool = True
) -> tuple[int, ...]:
    """The days to which a curve may step so that each step is several people's (D.1.5).

    *happened* are day, what, and how many; an empty what: last seen. Between two such days every
    kind of event happened to nobody or to *threshold* or more. A curve of many people has about
    :data:`STEPS` steps: more would say no more to a reader, and would be more than can be audited.
    """
    known = list(happened)
    # who was last seen after everything had happened moves no curve
    last = max((day for day, what, _ in known if what), default=-1)
    by_day: dict[int, Counter[str]] = {}
    for day, what, n in known:
        if day > last:
            continue
        by_day.setdefault(day, Counter())[what] += n
    fewest = sum(counts.total() for counts in by_day.values()) / STEPS
    since: Counter[str] = Counter()
    steps: list[tuple[int, Counter[str]]] = []
    for day in sorted(by_day):
        since += by_day[day]
        if since.total() >= fewest and all(n >= threshold for n in since.values()):
            steps.append((day, since))
            since = Counter()
    # what is left at the end goes with the steps before it, so that the curve reaches its end
    kept = list(steps)
    while since and kept and to_the_end:
        since += kept.pop()[1]
        if all(n >= threshold for n in since.values()):
            steps = [*kept, (max(by_day), since)]
            break
    return tuple(day for day, _ in steps)


def merged_events(totals: Mapping[str, int], threshold: int) -> dict[str, str]:
    """Which events are drawn as one: the rare, and if even together they are few, the next with
    them.
    """
    events = sorted((event for event in totals if event), key=lambda one: (totals[one], one))
    rare = [event for event in events if totals[event] < threshold]
    rest = events[len(rare) :]
    while rest and 0 < sum(totals[event] for event in rare) < threshold:
        rare.append(rest.pop(0))
    return dict.fromkeys(rare, OTHER) if len(rare) > 1 else {}
