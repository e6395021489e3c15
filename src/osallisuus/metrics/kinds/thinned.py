"""What of a curve may leave: a few days, and on them counts that are rounded (D.1.5, D.2).

Between two days of a thinned curve several people have moved. On such a day the curve knows how
many had left by then in each way, and how many were still followed; each number is rounded from
its own true value. The curve is a life table over the steps between the days, with the mean of
those at risk at both ends of a step, as is usual where only intervals are known (Cutler & Ederer
1958). Two groups of people whose numbers round alike are drawn alike.

A share has no days that are seen, and is drawn week by week (:class:`WeeklyStays`). Whether some are
still open is told of it in two classes: so many that they may be told, or fewer.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from attrs import evolve

from osallisuus.metrics.estimate.flow import Flow
from osallisuus.metrics.kinds.stays import OTHER, REST, Counted, Stays, flow_of_moves, notes_of
from osallisuus.metrics.metric import Label, Tally, Thinning

__all__ = [
    "FEWEST",
    "STEPS",
    "Followed",
    "ThinnedStays",
    "Upto",
    "WeeklyStays",
    "merged_events",
    "open_tallies",
    "shown_to",
    "thin",
    "while_followed",
]

STEPS = 20
"""About how many steps a released curve has at most."""
FEWEST = 10
"""A released curve goes no further than so many people are followed, or the threshold of few."""
_WEEK = 7
_FEW_OF = 4
"""A few who are still open may change a share if there are so many times the threshold in it."""


class ThinnedStays:
    """The counts of one place on the days of *grid*, each rounded."""

    def __init__(self, stays: Stays, grid: Thinning) -> None:
        self.days: Sequence[int] = grid.days.get("", ())
        self.n = grid.rounded(stays.n)
        # where the few still open may not be told of, they are taken for people who are there
        self.censored = min(grid.rounded(stays.censored), self.n) if grid.followed else 0
        self.delayed = grid.rounded(stays.delayed)
        self.notes = notes_of(grid.rounded(stays.left_out), grid.rounded(stays.collapsed))
        self._grid = grid
        self._stays = stays

    def exits(self, event: str) -> int:
        """How many ended in *event*."""
        return min(self._grid.rounded(self._stays.exits(event)), self.n)

    def flow(self, event: str | None = None) -> Flow:
        """The life table as a flow, with *event* apart from all other exits, or all as one."""
        steps = []
        for at_risk, (day, now) in zip(self._at_risk(), self._left(), strict=True):
            moves: Counter[str] = Counter()
            for name, n in now.items():
                moves[name if name == event else REST] += n
            steps.append((day, moves, max(at_risk, moves.total())))
        return flow_of_moves(steps or [(0, {}, self.n)])

    def _left(self) -> list[tuple[int, Counter[str]]]:
        """The days, and how many have left in each way since the one before."""
        left = {name: Upto(self._stays.of(name)) for name in self._stays.events}
        found, before = [], Counter[str]()
        for day in self.days:
            now = Counter({name: self._grid.rounded(upto.on(day)) for name, upto in left.items()})
            found.append((day, Counter({name: n - before[name] for name, n in now.items()})))
            before = now
        return found

    def _at_risk(self) -> Iterator[int]:
        """How many were at risk in the step to each day: the mean of both of its ends."""
        rounded, followed = self._grid.rounded, Followed(self._stays)
        begin = rounded(followed.at_risk) if self._grid.followed else self.n
        left = 0
        for day, moves in self._left():
            left += moves.total()
            end = followed.on(day) if self._grid.followed else self.n - left
            end = max(rounded(end), 0)
            yield (begin + end + moves.total() + 1) // 2
            begin = end


class WeeklyStays(ThinnedStays):
    """The counts of one place week by week, each rounded: for a share.

    Where fewer than the threshold are still open, whoever they are and also if it is nobody, they
    are taken for people who are there and have not come to it: the share is *at least* so high.
    """

    def __init__(self, stays: Stays, grid: Thinning) -> None:
        self.is_few = stays.censored < grid.threshold
        """Whether nobody or a few are still open."""
        super().__init__(stays, evolve(grid, followed=not self.is_few))
        last = max((day for _, day, _, _ in stays.rows), default=0)
        self.days = (*range(_WEEK, last, _WEEK), last)
        self.delayed = self.delayed if stays.delayed >= grid.threshold else 0

    def _at_risk(self) -> Iterator[int]:
        """How many were at risk in each week: the mean of before its first exit and after its last.

        Who is last seen between is at risk in half of it, and who is last seen on the day of the
        last exit in all of it: on one day exits come first (rule T).
        """
        rounded, followed = self._grid.rounded, Followed(self._stays, ended=self.is_few)
        exits = Counter[int]()
        for (day, event), n in self._stays.happened.items():
            exits[day] += n if event else 0
        days = sorted(day for day, n in exits.items() if n)
        before = -1
        for day, moves in self._left():
            own = days[bisect_right(days, before) : bisect_right(days, day)]
            first, last = (own[0], own[-1]) if own else (day, day)
            begin, end = followed.before(first), followed.before(last) - exits[last]
            yield (rounded(begin) + rounded(end) + moves.total() + 1) // 2
            before = day


def shown_to(stays: Stays, grid: Thinning | None) -> Counted:
    """The counts of a share that may be seen: the true ones, or those week by week, rounded."""
    return stays if grid is None else WeeklyStays(stays, grid)


def open_tallies(
    stays: Stays, grid: Thinning | None, label: Label = ("open",), sums: tuple[Label, ...] = ()
) -> tuple[tuple[Tally, ...], tuple[str, ...]]:
    """What a share tells of those who are still open, by itself, and its note.

    *label* is theirs in :meth:`~osallisuus.metrics.metric.Metric.contributions`, or *sums* are. A
    reader of the share learns whether they are fewer than the threshold. A few in a small place
    would make too much of a difference: there the share goes with their number, and so is hidden.
    """
    n = stays.censored
    if grid is None:
        return (), ("still_open",) if n else ()
    many, most = n >= grid.threshold, grid.rounded(stays.n)
    if not many and most < _FEW_OF * grid.threshold:
        return ((Tally(label, n, sums=sums),) if n else ()), ()
    span = (grid.threshold, max(most, n)) if many else (0, grid.threshold - 1)
    told = Tally(("between", *label), n, sums=sums or (label,), span=span)
    return (told,), ("still_open",) if many else ("few_open",)


class Upto:
    """How many there were by the end of a day, from how many on single days."""

    def __init__(self, by_day: Mapping[int, int]) -> None:
        self._days = sorted(by_day)
        self._sums = list(accumulate((by_day[day] for day in self._days), initial=0))

    def on(self, day: int) -> int:
        """Those of *day* and before."""
        return self._sums[bisect_right(self._days, day)]


class Followed:
    """How many are under observation and not gone, by day.

    With *ended* who is still open is never gone.
    """

    def __init__(self, stays: Stays, *, ended: bool = False) -> None:
        gone: Counter[int] = Counter()
        for _, day, event, n in stays.rows:
            gone[day] += n if event or not ended else 0
        self.at_risk = stays.entries[0]
        """Those at risk from the origin on."""
        self._entered, self._gone = Upto(stays.entries), Upto(gone)

    def on(self, day: int) -> int:
        """Those at the end of *day*."""
        return self._entered.on(day) - self._gone.on(day)

    def before(self, day: int) -> int:
        """Those at risk on *day*: who comes under observation on a day is so from the next on."""
        return self.on(day - 1) if day else self.at_risk


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
