"""TimeToEvent: one state, several ways out of it, and people still in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from attrs import evolve

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.estimate.curve import Curve, Point
from osallisuus.metrics.estimate.flow import BEFORE_ORIGIN, Flow, FlowRow
from osallisuus.metrics.estimate.multistate import cumulative_incidence
from osallisuus.metrics.estimate.summary import Quantile, quantile
from osallisuus.metrics.estimate.survival import kaplan_meier
from osallisuus.metrics.figure import Measure
from osallisuus.metrics.kinds.proportion import share
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Tally, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["STEPS", "TimeToEvent", "hidden_draw", "outcome_share", "thin"]

_IN = "(in)"
"""The state that everybody starts in; no code of a vocabulary can be this."""
STEPS = 20
"""About how many steps a released curve has at most."""
_AFTER = (-1, -1)
"""In the place of a step of a curve: the days after its last one."""
_OTHER = "other_endings"
"""The name under which events that are too rare to stand alone are drawn together."""


@frozen(kw_only=True)
class TimeToEvent(Metric):
    """Days until one of several competing events (S1, S2, C1; rules C, T, X).

    ``cases`` returns ``person, happened_on, entry_days, days, event``: days from the origin to
    coming under observation and to the event, and the event's code, ``NULL`` for a case that is
    still open (censored) on ``:last_day``, the last day that is known. Cases without days, or
    with days that run backwards, are left out and counted in a note.

    * *staying*: the curve of those with no event yet, under this name (Kaplan-Meier), and the
      day by which half have left;
    * *outcome*: the share who had this event, the others competing; Wilson when every case is
      closed, else the Aalen-Johansen incidence on the last day with anybody at risk; with
      *curve* the incidence by day as well;
    * neither: the incidence curve of every event.
    """

    kind: ClassVar[str] = "time_to_event"
    columns: ClassVar[tuple[str, ...]] = ("person", "happened_on", "entry_days", "days", "event")
    tabulation: ClassVar[Tabulation] = Tabulation("FLOW", ("entry_days", "days", "event"), ("n",))

    counted: ClassVar[str] = "COUNT(*)"

    staying: str | None = None
    outcome: str | None = None
    curve: bool = False

    def options(self) -> list[Any]:
        """See :class:`Metric`."""
        return [self.staying, self.outcome, self.curve]

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`."""
        groups = ", ".join((*dims, "entry_days", "days", "event"))
        # sorting by what differs most first saves SQLite a quarter of the query's time
        apart = ", ".join(("days", "event", "entry_days", *dims))
        return f"SELECT {groups}, COUNT(*) AS n FROM placed GROUP BY {apart}"

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`."""
        kept = [row for row in rows if _in_order(row)]
        if grid is not None:
            kept = [(*row[:2], self._renamed(row[2], grid), row[3]) for row in kept]
        left_out = sum(row[3] for row in rows if not _in_order(row))
        notes = ("dates_out_of_order",) if left_out else ()
        if self.staying is not None:
            kept = _all_as_one(kept)
        if not kept:
            name = self.outcome or self.staying or self.name
            return [Draw(name=name, measure="proportion", reason="no_cases", n=0, notes=notes)]
        flow = _flow(kept)
        tally = _Exits(kept, grid, "aalen_johansen" if self.staying is None else "kaplan_meier")
        if self.staying is not None:
            drawn = self._staying(flow, tally, self.staying, confidence)
        elif self.outcome is not None:
            drawn = [_share(flow, tally, self.outcome, confidence)]
            if self.curve:
                drawn += self._incidence(flow, tally, self.outcome, confidence)
        elif grid is not None and not grid.names:
            drawn = [hidden_draw(self.name, "proportion")]
        else:
            drawn = [
                draw
                for event in (tally.events if grid is None else grid.names)
                for draw in self._incidence(flow, tally, event, confidence)
            ]
        return [evolve(draw, notes=(*draw.notes, *notes)) for draw in drawn] if notes else drawn

    def _staying(self, flow: Flow, tally: _Exits, name: str, confidence: float) -> list[Draw]:
        curve = kaplan_meier(flow, confidence=confidence)
        drawn = tally.points(name, curve)
        half = quantile(curve, 0.5)
        if tally.grid is not None:
            # its bounds are the days of single people, and so is a day that the curve leaves out
            if half.day not in tally.grid.days.get("", ()):
                return [*drawn, hidden_draw("median", "days")]
            half = evolve(half, low=None, high=None)
        return [*drawn, self._median(tally, half)]

    def _median(self, tally: _Exits, half: Quantile) -> Draw:
        return Draw(
            name="median",
            measure="days",
            value=half.day,
            low=half.low,
            high=half.high,
            n=tally.n,
            censored=tally.censored_share,
            method="kaplan_meier",
            reason="not_reached" if half.day is None else "",
            tallies=(Tally(("entered",), tally.n), *tally.sides(half.day)),
            open=Tally(("open",), tally.censored) if tally.censored else None,
        )

    def _incidence(self, flow: Flow, tally: _Exits, event: str, confidence: float) -> list[Draw]:
        curve = cumulative_incidence(_only(flow, event), event, _IN, confidence=confidence)
        return tally.points(event, curve)

    def grid(self, places: Iterable[Sequence[Row]], threshold: int) -> Thinning | None:
        """See :class:`Metric`: rare events are merged first, then days are left out."""
        happened: Counter[tuple[int, str]] = Counter()
        for rows in places:
            for row in filter(_in_order, rows):
                happened[row[1], row[2] or ""] += row[3]
        totals: Counter[str] = Counter()
        for (_, event), n in happened.items():
            totals[event] += n
        merged = self._merged(totals, threshold)
        # a few who are still in the programme must not stop the curve for all who are not
        followed = not 0 < totals[""] < threshold
        steps = [
            (day, merged.get(event, event), n)
            for (day, event), n in happened.items()
            if event or followed
        ]
        found = {merged.get(event, event) for event in totals if event}
        names = tuple(sorted(found | ({self.outcome} if self.outcome is not None else set())))
        days = thin(steps, threshold)
        if self.staying is None and self.outcome is None and len(names) < 2:
            days, names = (), ()  # a curve of the only way out would say it of everybody
        return Thinning({"": days}, merged, followed, threshold, names)

    def _merged(self, totals: Mapping[str, int], threshold: int) -> dict[str, str]:
        """Which events are drawn as one: all where only staying or one outcome is asked.

        Else the rare ones, and if even together they are few, the next rarest with them.
        """
        events = sorted((event for event in totals if event), key=lambda one: (totals[one], one))
        if self.staying is not None or self.outcome is not None:
            return {event: _OTHER for event in events if event != self.outcome}
        rare = [event for event in events if totals[event] < threshold]
        rest = events[len(rare) :]
        while rest and 0 < sum(totals[event] for event in rare) < threshold:
            rare.append(rest.pop(0))
        return dict.fromkeys(rare, _OTHER) if len(rare) > 1 else {}

    def _renamed(self, event: str | None, grid: Thinning) -> str | None:
        return None if event is None else grid.name(event)

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return ("entry_days", "days", "event")

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        counts: Counter[Label] = Counter()
        for row in rows:
            if not _in_order((*row, 1)):
                continue
            _, day, event = row
            if event is not None and grid is not None:
                event = grid.name(event)
            counts["entered",] += 1
            counts[("exit", event) if event is not None else ("open",)] += 1
            window = None if grid is None else grid.window(day)
            counts["window", event or "", *(window or _AFTER)] += 1
        return counts

    def otherwise(self, rows: Sequence[Row], label: Label) -> list[Sequence[Row]]:
        """See :class:`Metric`: an exit could be another; who is still open stays so."""
        outcome = label[1]
        return [
            [
                (entry, day, event and (_OTHER if event == outcome else outcome))
                for entry, day, event in rows
            ]
        ]


class _Exits:
    """The exits of one place, and the points of its curves with the counts behind them."""

    def __init__(self, rows: Sequence[Row], grid: Thinning | None, method: str) -> None:
        self.grid = grid
        self.method = method
        self._happened: Counter[tuple[int, str]] = Counter()
        self.exits: Counter[str] = Counter()
        self.n = self.censored = self.delayed = 0
        for entry, day, event, n in rows:
            self.n += n
            self.delayed += n if entry else 0
            self._happened[day, event or ""] += n
            if event is None:
                self.censored += n
            else:
                self.exits[event] += n
        self.events = sorted(self.exits)

    @property
    def censored_share(self) -> float:
        return self.censored / self.n

    def otherwise(self, outcome: str) -> tuple[Tally, ...]:
        """The few who ended in another way: neither in the outcome nor still open."""
        others = [event for event in self.events if event != outcome]
        n = sum(self.exits[event] for event in others)
        if self.grid is None or not 0 < n < self.grid.threshold:
            return ()
        sums = tuple(("exit", event) for event in others)
        return (Tally(("between", "otherwise", outcome), n, sums=sums),)

    def sides(self, day: float | None) -> tuple[Tally, ...]:
        """How many had left by the day of a quantile, and how many had not before it (D.1.4)."""
        if day is None:
            return ()
        upto = sum(n for (at, event), n in self._happened.items() if event and at <= day)
        after = sum(n for (at, _), n in self._happened.items() if at >= day)
        return Tally(("upto", day), upto), Tally(("from", day), after)

    def points(self, name: str, curve: Curve) -> list[Draw]:
        """The curve's points: all of them, or those on the grid with the counts between them."""
        if self.grid is None:
            stepped = [point for point in curve.points if point.events or point.day == 0]
            return [self._draw(name, curve, point) for point in stepped]
        drawn: list[Draw] = []
        if not self.grid.windows():
            return [
                hidden_draw(name, "proportion")
            ]  # a first point alone would say that nobody moved
        if not any(day == 0 for day, _ in self._happened):
            opening = curve.at(0)
            drawn = [] if opening is None else [self._draw(name, curve, opening)]
        watched = self._between()
        for _, day in self.grid.windows():
            point = curve.at(day)
            if point is not None:
                drawn.append(self._draw(name, curve, point, self._upto(day), watched))
        return drawn

    def _steps(self) -> dict[str, Counter[tuple[int, int]]]:
        """Per event, and "" for those last seen, how many in each step of the curve."""
        known = () if self.grid is None else self.grid.names
        steps: dict[str, Counter[tuple[int, int]]] = {event: Counter() for event in ("", *known)}
        for (day, event), n in self._happened.items():
            window = None if self.grid is None else self.grid.window(day)
            steps.setdefault(event, Counter())[window or _AFTER] += n
        return steps

    def _upto(self, day: int) -> tuple[Tally, ...]:
        """What a point gives away: the exits of each kind up to its day, and who is left."""
        if self.grid is None:
            return ()
        steps = self._steps()
        windows = self.grid.windows()
        before = [window for window in windows if window[1] <= day]
        later = [*(window for window in windows if window[1] > day), _AFTER]
        left = {
            event: sum(happened[window] for window in before)
            for event, happened in steps.items()
            if event
        }
        # "all of them by now in this way, or none in the end" says it of each
        everybody = self.n in left.values()
        tallies = [
            Tally(
                ("left", event, day),
                n,
                within=("entered",),
                telling=self.method == "aalen_johansen" and (everybody or day == windows[-1][1]),
                sums=tuple(("window", event, *window) for window in before),
            )
            for event, n in sorted(left.items())
        ]
        if self.grid.followed:
            sums = tuple(("window", event, *window) for event in sorted(steps) for window in later)
            n = sum(happened[window] for happened in steps.values() for window in later)
            tallies.append(Tally(("followed", day), n, sums=sums))
        return (Tally(("entered",), self.n), *tallies)

    def _between(self) -> tuple[Tally, ...]:
        """Small steps between two points."""
        grid = self.grid
        if grid is None:
            return ()
        return tuple(
            tally
            for event, happened in sorted(self._steps().items())
            if event or grid.followed
            for tally in grid.small(happened, ("window", event))
        )

    def _draw(
        self,
        name: str,
        curve: Curve,
        point: Point,
        tallies: tuple[Tally, ...] = (),
        watched: tuple[Tally, ...] = (),
    ) -> Draw:
        return Draw(
            name=name,
            measure="proportion",
            at=point.day,
            value=point.value,
            low=point.low,
            high=point.high,
            n=self.n,
            # in a thinned curve it would tell of the days that are left out
            at_risk=point.at_risk if self.grid is None else None,
            censored=self.censored_share,
            method=self.method,
            notes=curve.notes,
            tallies=tallies or (Tally(("entered",), self.n),),
            watched=watched,
            open=Tally(("open",), self.censored) if self.censored else None,
        )


def outcome_share(rows: Sequence[Row], outcome: str, confidence: float) -> Draw:
    """The share of the spells in *rows* (entry, day, event, n) that ended in *outcome*."""
    return _share(_flow(rows), _Exits(rows, None, "aalen_johansen"), outcome, confidence)


def _share(flow: Flow, tally: _Exits, outcome: str, confidence: float) -> Draw:
    k = tally.exits[outcome]
    behind = (
        Tally(("exit", outcome), k, within=("entered",), telling=True),
        Tally(("entered",), tally.n),
    )
    still_open = Tally(("open",), tally.censored) if tally.censored else None
    if not tally.censored and not tally.delayed:
        return share(outcome, k, tally.n, confidence=confidence, tallies=behind)
    watched = tally.otherwise(outcome)
    curve = cumulative_incidence(_only(flow, outcome), outcome, confidence=confidence).cut()
    last = curve.points[-1] if curve.points else None
    if last is None:
        return Draw(
            name=outcome,
            measure="proportion",
            censored=tally.censored_share,
            reason="nobody_at_risk",
            tallies=behind,
            watched=watched,
            open=still_open,
        )
    return Draw(
        name=outcome,
        measure="proportion",
        value=last.value,
        low=last.low,
        high=last.high,
        k=k,
        n=tally.n,
        censored=tally.censored_share,
        method="aalen_johansen",
        notes=("still_open",),
        tallies=behind,
        watched=watched,
        open=still_open,
    )


def hidden_draw(name: str, measure: Measure) -> Draw:
    """A figure that is hidden whatever it is, so that being hidden says nothing of it."""
    return Draw(name=name, measure=measure, tallies=(Tally(("hidden", name), 1),))


def _in_order(row: Row) -> bool:
    entry, day = row[0], row[1]
    return entry is not None and day is not None and 0 <= entry <= day


def _flow(rows: Iterable[Row]) -> Flow:
    table: list[FlowRow] = []
    collapsed = 0
    for entry, day, event, n in rows:
        if entry == day and entry:
            collapsed += n
            continue
        table.append((entry or BEFORE_ORIGIN, "", _IN, n))
        table.append((day, _IN, event or "", n))
    return Flow.of(table, collapsed)


def _all_as_one(rows: Iterable[Row]) -> list[Row]:
    """The rows with every event as the same: how people leave does not matter to who stays."""
    counts: Counter[tuple[int, int, str | None]] = Counter()
    for entry, day, event, n in rows:
        counts[entry, day, None if event is None else _OTHER] += n
    return [(*key, n) for key, n in counts.items()]


def _only(flow: Flow, event: str) -> Flow:
    """The flow with every other exit as one: the incidence of *event* is the same, and so is its
    variance, which depends on its own and the total hazard only; three states are counted quickly.
    """
    kept = ("", event, _IN)
    return Flow.of(
        (
            (day, source, target if target in kept else _OTHER, n)
            for day, source, target, n in flow.rows
        ),
        flow.n_collapsed,
    )


def thin(
    happened: Iterable[tuple[int, str, int]], threshold: int, *, to_the_end: bool = True
) -> tuple[int, ...]:
    """The days to which a curve may step so that each step is several people's (D.1.5).

    *happened* are day, what, and how many; an empty what: last seen. Between two such days every kind of event happened to nobody or to *threshold* or more. A
    curve of many people has about :data:`STEPS` steps: more would say no more to a reader, and
    would be more than can be audited.
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
