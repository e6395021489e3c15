"""What of a curve may leave: a few days, and on them counts that are rounded (D.1.5, D.2).

Between two days of a thinned curve several people have moved. On such a day the curve knows how
many had left by then in each way, and how many were still followed; each number is rounded from
its own true value. The curve is a life table over the steps between the days, with the mean of
those at risk at both ends of a step, as is usual where only intervals are known (Cutler & Ederer
1958). Two groups of people whose numbers round alike are drawn alike.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from osallisuus.metrics.estimate.flow import Flow
from osallisuus.metrics.kinds.stays import OTHER, REST, Stays, flow_of_moves, notes_of
from osallisuus.metrics.metric import Thinning

__all__ = [
    "FEWEST",
    "STEPS",
    "Followed",
    "ThinnedStays",
    "Upto",
    "merged_events",
    "thin",
    "weeks",
    "while_followed",
]

STEPS = 20
"""About how many steps a released curve has at most."""
FEWEST = 10
"""A released curve goes no further than so many people are followed, or the threshold of few."""


class ThinnedStays:
    """The counts of one place on the days of *grid*, or on others, each rounded."""

    def __init__(self, stays: Stays, grid: Thinning, days: Sequence[int] | None = None) -> None:
        self.days = grid.days.get("", ()) if days is None else tuple(days)
        self.n = grid.rounded(stays.n)
        self.censored = min(grid.rounded(stays.censored), self.n)
        self.delayed = grid.rounded(stays.delayed)
        self.notes = notes_of(grid.rounded(stays.left_out), grid.rounded(stays.collapsed))
        self._grid = grid
        self._stays = stays

    def exits(self, event: str) -> int:
        """How many ended in *event*."""
        return min(self._grid.rounded(self._stays.exits(event)), self.n)

    def flow(self, event: str | None = None) -> Flow:
        """The life table as a flow, with *event* apart from all other exits, or all as one."""
        rounded = self._grid.rounded
        left = {name: Upto(self._stays.of(name)) for name in self._stays.events}
        followed = Followed(self._stays)
        steps, before = [], Counter[str]()
        begin = rounded(followed.at_risk) if self._grid.followed else self.n
        for day in self.days:
            now = Counter({name: rounded(upto.on(day)) for name, upto in left.items()})
            moves: Counter[str] = Counter()
            for name, n in now.items():
                moves[name if name == event else REST] += n - before[name]
            gone = moves.total()
            # where the few still open may not be told of, they are taken for people who are there
            end = followed.on(day) if self._grid.followed else self.n - now.total()
            end = max(rounded(end), 0)
            steps.append((day, moves, max((begin + end + gone + 1) // 2, gone)))
            begin, before = end, now
        return flow_of_moves(steps or [(0, {}, self.n)])


def weeks(stays: Stays) -> range:
    """Days a week apart, up to the last one: for a share, of which no single step is seen."""
    last = max((day for _, day, _, _ in stays.rows), default=0)
    return range(7, last + 7, 7)


class Upto:
    """How many there were by the end of a day, from how many on single days."""

    def __init__(self, by_day: Mapping[int, int]) -> None:
        self._days = sorted(by_day)
        self._sums = list(accumulate((by_day[day] for day in self._days), initial=0))

    def on(self, day: int) -> int:
        """Those of *day* and before."""
        return self._sums[bisect_right(self._days, day)]


class Followed:
    """How many are under observation and not gone, by day."""

    def __init__(self, stays: Stays) -> None:
        gone: Counter[int] = Counter()
        for _, day, _, n in stays.rows:
            gone[day] += n
        self.at_risk = stays.entries[0]
        """Those at risk from the origin on."""
        self._entered, self._gone = Upto(stays.entries), Upto(gone)

    def on(self, day: int) -> int:
        """Those at the end of *day*."""
        return self._entered.on(day) - self._gone.on(day)


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


def while_followed(
    happened: Iterable[tuple[int, str, int]], threshold: int
) -> list[tuple[int, str, int]]:
    """What *happened* as long as enough are followed for a curve: *threshold*, and ten at least.

    Beyond that it would rest on a few people (B.3), so that the last few are left out. Where most
    go at once, as at the end of a course, there is no such day, and all of it is kept.
    """
    known = list(happened)
    by_day: Counter[int] = Counter()
    for day, _, n in known:
        by_day[day] += n
    fewest, beyond = max(threshold, FEWEST), 0
    for day in sorted(by_day, reverse=True):
        if beyond >= fewest:
            return [one for one in known if one[0] <= day] if beyond < 2 * fewest else known
        beyond += by_day[day]
    return known


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
