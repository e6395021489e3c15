"""How often the intervals hold the truth: every interval estimator, on worlds whose truth is known.

``python benchmarks/coverage.py [--repeats 2000] [--seed 1] [NAME ...]`` draws small samples again
and again, prints for each estimator how many of its nominal 95 % intervals hold the true value,
and sets our completion figure of a young cohort beside the two usual ones. Standard library only.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import exp, inf, log, sqrt
from random import Random
from statistics import fmean

from osallisuus.metrics.estimate.agreement import agreement
from osallisuus.metrics.estimate.change import paired_change
from osallisuus.metrics.estimate.coverage import coverage
from osallisuus.metrics.estimate.delay import completeness, nowcast, reporting_delay
from osallisuus.metrics.estimate.flow import Flow
from osallisuus.metrics.estimate.jackknife import delete_a_group
from osallisuus.metrics.estimate.mean import Sums, mean, mean_difference
from osallisuus.metrics.estimate.multistate import (
    aalen_johansen,
    cumulative_incidence,
    what_follows,
)
from osallisuus.metrics.estimate.order import sample_quantile
from osallisuus.metrics.estimate.pairs import Pairs
from osallisuus.metrics.estimate.proportion import (
    clopper_pearson,
    matched_difference,
    newcombe,
    wilson,
)
from osallisuus.metrics.estimate.rate import event_rate, garwood
from osallisuus.metrics.estimate.ratio import Moments, ratio
from osallisuus.metrics.estimate.recurrent import Amounts, mean_cumulative
from osallisuus.metrics.estimate.robust import robust_aalen_johansen
from osallisuus.metrics.estimate.spells import flow_of
from osallisuus.metrics.estimate.spread import spread_of_means, spread_of_shares
from osallisuus.metrics.estimate.summary import (
    expected_stay,
    quantile,
    restricted_mean,
    restricted_mean_difference,
)
from osallisuus.metrics.estimate.survival import kaplan_meier, nelson_aalen

Bounds = tuple[float | None, float | None]
Answer = tuple[Bounds | None, float]
"""An interval, or None where there is none, and the truth that it should hold."""


@dataclass(frozen=True)
class Trial:
    """One estimator in one world."""

    name: str
    setting: str
    draw: Callable[[Random], Answer]
    part: float = 1.0
    """Which part of the repeats it is given: slow estimators get fewer."""


@dataclass(frozen=True)
class Measured:
    """How often the intervals of a trial held the truth."""

    trial: Trial
    repeats: int
    without: int
    """Samples without an interval, such as those in which nobody differs."""
    held: int

    @property
    def coverage(self) -> float:
        """Of the samples with an interval."""
        return self.held / max(self.repeats - self.without, 1)


def measure(trial: Trial, repeats: int, seed: int) -> Measured:
    """Draw so many samples; the same seed draws the same ones."""
    chance = Random(f"{seed} {trial.name} {trial.setting}")
    held = without = 0
    for _ in range(repeats):
        bounds, truth = trial.draw(chance)
        if bounds is None or bounds == (None, None):
            without += 1
            continue
        low, high = (-inf if bounds[0] is None else bounds[0]), bounds[1]
        held += low - 1e-12 <= truth <= (inf if high is None else high) + 1e-12
    return Measured(trial, repeats, without, held)


def _bounds(estimate: object) -> Bounds | None:
    if estimate is None:
        return None
    return estimate.low, estimate.high  # type: ignore[attr-defined]


def binomial(chance: Random, n: int, p: float) -> int:
    return sum(chance.random() < p for _ in range(n))


def poisson(chance: Random, mean: float) -> int:
    events, left = 0, chance.expovariate(1)
    while left < mean:
        events += 1
        left += chance.expovariate(1)
    return events


def geometric(chance: Random, hazard: float) -> int:
    """The day of an event that comes on each day from 1 on with probability *hazard*."""
    return 1 + int(log(1 - chance.random()) / log(1 - hazard))


# --- shares, rates, means -------------------------------------------------------------------


def share(p: float, n: int, exact: bool) -> Callable[[Random], Answer]:
    interval = clopper_pearson if exact else wilson
    return lambda chance: (interval(binomial(chance, n, p), n), p)


def difference(p: float, n: int, q: float, m: int) -> Callable[[Random], Answer]:
    return lambda chance: (newcombe(binomial(chance, n, p), n, binomial(chance, m, q), m), p - q)


def matched(plus: float, minus: float, n: int) -> Callable[[Random], Answer]:
    def draw(chance: Random) -> Answer:
        draws = [chance.random() for _ in range(n)]
        up, down = sum(u < plus for u in draws), sum(u > 1 - minus for u in draws)
        return _bounds(matched_difference(up, down, n)), plus - minus

    return draw


def poisson_rate(mean: float) -> Callable[[Random], Answer]:
    return lambda chance: (garwood(poisson(chance, mean), 1.0), mean)


def bunched_rate(units: int, bunching: float) -> Callable[[Random], Answer]:
    """Peers whose paces differ by a gamma factor of variance *bunching*, 6 months each."""

    def draw(chance: Random) -> Answer:
        rows = []
        for _ in range(units):
            pace = chance.gammavariate(1 / bunching, bunching) if bunching else 1.0
            rows.append((poisson(chance, 12 * pace), 6))
        return _bounds(event_rate(rows)), 2.0

    return draw


def covered_population(reached: float, population: float, error: float) -> Callable:
    def draw(chance: Random) -> Answer:
        estimated = population * exp(chance.gauss(0, error))
        found = coverage(poisson(chance, reached), estimated, estimated * error)
        return _bounds(found), reached / population

    return draw


def skewed_mean(n: int) -> Callable[[Random], Answer]:
    """Minutes with a gamma distribution of shape 4."""
    return lambda chance: (
        _bounds(mean(Sums.of(round(chance.gammavariate(4, 1000)) for _ in range(n)))),
        4000.0,
    )


def welch(n: int, m: int) -> Callable[[Random], Answer]:
    def draw(chance: Random) -> Answer:
        one = Sums.of(round(chance.gauss(5000, 2000)) for _ in range(n))
        other = Sums.of(round(chance.gauss(4000, 700)) for _ in range(m))
        return _bounds(mean_difference(one, other)), 1000.0

    return draw


def clustered(persons: int, pooled: bool = False) -> Callable[[Random], Answer]:
    """Attendance with habits: each person comes with an own probability, 4 to 16 sessions."""

    def draw(chance: Random) -> Answer:
        rows = []
        for _ in range(persons):
            offered = chance.randrange(4, 17)
            rows.append((offered, binomial(chance, offered, chance.betavariate(2.1, 0.9))))
        if pooled:
            return wilson(sum(y for _, y in rows), sum(x for x, _ in rows)), 0.7
        moments = sum((Moments.single(x, y) for x, y in rows), Moments())
        return _bounds(ratio(moments)), 0.7

    return draw


def median(n: int, q: float) -> Callable[[Random], Answer]:
    truth = -log(1 - q) * 10_000
    return lambda chance: (
        _bounds(sample_quantile(((round(chance.expovariate(1e-4)), 1) for _ in range(n)), q)),
        truth,
    )


# --- change ---------------------------------------------------------------------------------


def _two_readings(chance: Random, n: int) -> Pairs:
    """Before N(0, 1000), change N(500, 800), not correlated with it."""
    rows = []
    for _ in range(n):
        before = chance.gauss(0, 1000)
        rows.append((round(before), round(before + chance.gauss(500, 800)), 1))
    return Pairs.of(rows)


def change(n: int, which: str) -> Callable[[Random], Answer]:
    truth = {"mean": 500.0, "response": 500 / 800, "effect_size": 500 / 1000}[which]

    def draw(chance: Random) -> Answer:
        return _bounds(getattr(paired_change(_two_readings(chance, n)), which)), truth

    return draw


def raters(n: int) -> Callable[[Random], Answer]:
    """Ten true levels, each rater off by one in a quarter of the readings, either way."""
    levels, shift = range(10), (-1, 0, 0, 0, 0, 0, 0, 1)
    couples = [
        (max(0, min(9, t + a)), max(0, min(9, t + b))) for t in levels for a in shift for b in shift
    ]
    truth = agreement(Pairs.of((x, y, 1) for x, y in couples)).value

    def draw(chance: Random) -> Answer:
        return _bounds(agreement(Pairs.of((*chance.choice(couples), 1) for _ in range(n)))), truth

    return draw


def groups_of_shares(groups: int, size: int, which: str) -> Callable[[Random], Answer]:
    """Logits N(0.8, 0.5); the prediction has to hold the share of one group more."""

    def one(chance: Random) -> float:
        return 1 / (1 + exp(-chance.gauss(0.8, 0.5)))

    def draw(chance: Random) -> Answer:
        found = spread_of_shares((binomial(chance, size, one(chance)), size) for _ in range(groups))
        truth = 1 / (1 + exp(-0.8)) if which == "mean_interval" else one(chance)
        return getattr(found, which), truth

    return draw


def groups_of_means(groups: int, size: int) -> Callable[[Random], Answer]:
    def draw(chance: Random) -> Answer:
        sums = []
        for _ in range(groups):
            middle = chance.gauss(5000, 500)
            sums.append(Sums.of(round(chance.gauss(middle, 1500)) for _ in range(size)))
        found = spread_of_means(sums)
        return (None if found is None else found.mean_interval), 5000.0

    return draw


# --- time to event --------------------------------------------------------------------------

DONE, GONE = 0.02, 0.01
"""Daily probabilities of completing and of leaving."""
LAST = 90
"""Follow-up is cut on a day between 10 and this one."""


def _exits(chance: Random, n: int, kinds: bool = True, done: float = DONE) -> Flow:
    spells = []
    for number in range(n):
        day = geometric(chance, done + GONE)
        to_state = "done" if chance.random() < done / (done + GONE) or not kinds else "gone"
        end = chance.randrange(10, LAST + 1)
        spells.append((str(number), 0, min(day, end), "in", to_state if day <= end else ""))
    return flow_of(spells)


def _staying(day: int, done: float = DONE) -> float:
    return (1 - done - GONE) ** day


def _area(until: int, done: float = DONE) -> float:
    return sum(_staying(day, done) for day in range(until))


def survival(n: int, day: int, what: str) -> Callable[[Random], Answer]:
    def draw(chance: Random) -> Answer:
        curve = (nelson_aalen if what == "hazard" else kaplan_meier)(
            _exits(chance, n, kinds=False)
        ).cut()
        if what == "median":
            half = quantile(curve, 0.5)
            truth = next(day for day in range(1000) if _staying(day) <= 0.5)
            return ((half.low, half.high) if half.day else None), float(truth)
        if what == "mean":
            return _bounds(restricted_mean(curve, day)), _area(day)
        truth = _staying(day) if what == "share" else day * (DONE + GONE)
        return _bounds(curve.at(day)), truth

    return draw


def mean_gap(n: int, day: int) -> Callable[[Random], Answer]:
    def draw(chance: Random) -> Answer:
        one = kaplan_meier(_exits(chance, n, kinds=False, done=0.01)).cut()
        other = kaplan_meier(_exits(chance, n, kinds=False)).cut()
        found = restricted_mean_difference(one, other, day)
        return _bounds(found), _area(day, 0.01) - _area(day)

    return draw


def incidence(n: int, day: int) -> Callable[[Random], Answer]:
    truth = DONE / (DONE + GONE) * (1 - _staying(day))

    def draw(chance: Random) -> Answer:
        return _bounds(cumulative_incidence(_exits(chance, n), "done").cut().at(day)), truth

    return draw


STATES = ("in", "pause", "out")
MOVES = ({"pause": 0.10, "out": 0.005}, {"pause": 0.02, "out": 0.03})
"""Daily moves of those in the programme, for two kinds of persons, half of each."""
BACK = (0.10, 0.03)
"""Daily probability of coming back from a pause, for both kinds."""


def _history(chance: Random, number: int) -> list[tuple[str, int, int, str, str]]:
    """The spells of one person, until out or cut between day 40 and day 90."""
    kind, day, state, end = chance.randrange(2), 0, "in", chance.randrange(40, 91)
    spells = []
    while state != "out":
        moves = MOVES[kind] if state == "in" else {"in": BACK[kind]}
        total = sum(moves.values())
        then = day + geometric(chance, total)
        if then > end:
            spells.append((str(number), day, end, state, ""))
            break
        chosen = chance.choices(list(moves), list(moves.values()))[0]
        spells.append((str(number), day, then, state, chosen))
        day, state = then, chosen
    return spells


def _true_shares(day: int, *, first: str = "in", since: int = 0) -> list[float]:
    """The shares on *day*; those at *since* begin in *first* as the two kinds then do there."""
    weights = [0.5, 0.5]
    if since:
        weights = [_of_kind(kind, since, "in")[STATES.index(first)] for kind in (0, 1)]
    shares = [_of_kind(kind, day - since, first) for kind in (0, 1)]
    return [(weights[0] * a + weights[1] * b) / sum(weights) for a, b in zip(*shares, strict=True)]


def _of_kind(kind: int, days: int, first: str) -> list[float]:
    p = [float(name == first) for name in STATES]
    pause, out, back = MOVES[kind]["pause"], MOVES[kind]["out"], BACK[kind]
    for _ in range(days):
        p = [
            p[0] * (1 - pause - out) + p[1] * back,
            p[0] * pause + p[1] * (1 - back),
            p[2] + p[0] * out,
        ]
    return p


def returning(n: int, day: int, state: str, how: str) -> Callable[[Random], Answer]:
    index = STATES.index(state)

    def draw(chance: Random) -> Answer:
        parts = [flow_of(_history(chance, number), ("in", "pause")) for number in range(n)]
        if how == "robust":
            curve = robust_aalen_johansen(parts, STATES, "in").cut().curve(state)
            return _bounds(curve.at(day)), _true_shares(day)[index]
        if how == "stay":
            found = delete_a_group(
                parts,
                lambda flow: expected_stay(aalen_johansen(flow, STATES, "in").cut(), state, day),
            )
            return _bounds(found), fsum_of(_true_shares(u)[index] for u in range(day))
        whole = sum(parts, Flow())
        if how == "landmark":
            point = what_follows(whole, "pause", state, 20, day - 20)
            return _bounds(point), _true_shares(day, first="pause", since=20)[index]
        curve = aalen_johansen(whole, STATES, "in").cut().curve(state)
        return _bounds(curve.at(day)), _true_shares(day)[index]

    return draw


def fsum_of(values: Iterator[float]) -> float:
    return sum(values)


def dose(n: int, day: int) -> Callable[[Random], Answer]:
    """Sessions of 90 minutes with an own probability each day, seen for 30 to 90 days."""

    def draw(chance: Random) -> Answer:
        parts = []
        for _ in range(n):
            last, habit = chance.randrange(30, 91), chance.betavariate(2, 8)
            days = [u for u in range(1, last + 1) if chance.random() < habit]
            parts.append(
                Amounts.of(
                    [
                        (-1, "", "seen", 1),
                        (last, "seen", "", 1),
                        *((u, "seen", "seen", 90) for u in days),
                    ]
                )
            )
        return _bounds(mean_cumulative(parts).cut().at(day)), 90 * 0.2 * day

    return draw


# --- delay ----------------------------------------------------------------------------------

LATE = 0.08
LONGEST = 60


def _within(delay: int) -> float:
    """The share written down within *delay* days, of those within 60."""
    return (1 - (1 - LATE) ** (delay + 1)) / (1 - (1 - LATE) ** (LONGEST + 1))


def delays(per_week: int, what: str) -> Callable[[Random], Answer]:
    """Twenty weeks of facts; the last day of the youngest is one day old."""

    def draw(chance: Random) -> Answer:
        cells: dict[tuple[int, int], int] = {}
        weekly = []
        for week in range(20):
            total, known = poisson(chance, per_week), 0
            for _ in range(total):
                delay = LONGEST + 1
                while delay > LONGEST:
                    delay = geometric(chance, LATE) - 1
                youngest = 1 + 7 * week
                if delay <= youngest + chance.randrange(7):
                    known += 1
                    cells[youngest, delay] = cells.get((youngest, delay), 0) + 1
            weekly.append((total, known))
        curve = reporting_delay(((*key, n) for key, n in cells.items()), longest=LONGEST)
        if what == "share":
            return _bounds(curve.at(10)), _within(10)
        complete = completeness(curve, 8, 14)
        if what == "complete":
            return _bounds(complete), fmean(_within(age) for age in range(8, 15))
        total, known = weekly[1]
        found = None if complete is None else nowcast(known, complete)
        return _bounds(found), float(total)

    return draw


TRIALS: Sequence[Trial] = (
    Trial("wilson", "p 0.68, n 41", share(0.68, 41, exact=False), 4),
    Trial("wilson", "p 0.90, n 14", share(0.90, 14, exact=False), 4),
    Trial("clopper_pearson", "p 0.68, n 41", share(0.68, 41, exact=True)),
    Trial("newcombe", "0.7 of 20 v 0.4 of 30", difference(0.7, 20, 0.4, 30), 2),
    Trial("matched_difference", "0.30 up, 0.10 down, n 25", matched(0.3, 0.1, 25), 2),
    Trial("garwood", "mean 6", poisson_rate(6)),
    Trial("event_rate", "8 peers alike", bunched_rate(8, 0.0)),
    Trial("event_rate", "8 peers, bunched", bunched_rate(8, 0.3)),
    Trial("event_rate", "20 peers, bunched", bunched_rate(20, 0.3)),
    Trial("coverage", "120 of 800, error 15 %", covered_population(120, 800, 0.15)),
    Trial("mean", "n 10, skewed", skewed_mean(10), 2),
    Trial("mean_difference", "n 8 v 20, unequal spread", welch(8, 20)),
    Trial("ratio", "12 persons", clustered(12)),
    Trial("ratio", "30 persons", clustered(30)),
    Trial("(wilson on sessions)", "30 persons: do not", clustered(30, pooled=True)),
    Trial("sample_quantile", "median of 25", median(25, 0.5)),
    Trial("paired_change, mean", "n 15", change(15, "mean")),
    Trial("paired_change, response", "n 15", change(15, "response"), 0.5),
    Trial("paired_change, response", "n 40", change(40, "response"), 0.25),
    Trial("paired_change, effect_size", "n 40", change(40, "effect_size"), 0.25),
    Trial("agreement", "n 40", raters(40), 0.25),
    Trial("spread, mean", "8 groups of 15", groups_of_shares(8, 15, "mean_interval"), 0.25),
    Trial("spread, prediction", "8 groups of 15", groups_of_shares(8, 15, "prediction"), 0.25),
    Trial("spread_of_means, mean", "8 groups of 10", groups_of_means(8, 10), 0.25),
    Trial("kaplan_meier", "n 30, day 30", survival(30, 30, "share")),
    Trial("kaplan_meier, median", "n 40", survival(40, 0, "median")),
    Trial("nelson_aalen", "n 30, day 30", survival(30, 30, "hazard")),
    Trial("restricted_mean", "n 30, 40 days", survival(30, 40, "mean")),
    Trial("restricted_mean_difference", "n 30 v 30, 40 days", mean_gap(30, 40)),
    Trial("cumulative_incidence", "n 30, day 30", incidence(30, 30)),
    Trial("aalen_johansen", "n 40, returns, day 30", returning(40, 30, "pause", "plain"), 0.5),
    Trial("robust_aalen_johansen", "the same", returning(40, 30, "pause", "robust"), 0.25),
    Trial("what_follows", "n 60, returns, day 20 to 40", returning(60, 40, "in", "landmark"), 0.5),
    Trial("expected_stay, jackknife", "n 30, 40 days", returning(30, 40, "in", "stay"), 0.1),
    Trial("mean_cumulative", "n 20, day 40", dose(20, 40), 0.5),
    Trial("reporting_delay", "10 a week, 10 days", delays(10, "share"), 0.25),
    Trial("completeness", "10 a week", delays(10, "complete"), 0.25),
    Trial("nowcast", "10 a week", delays(10, "nowcast"), 0.25),
)


# --- a young cohort -------------------------------------------------------------------------

COMPLETING = 0.6
"""Of all who begin; they do so on a day between 100 and 150, the others leave until day 120."""


@dataclass(frozen=True)
class Young:
    """Completion of one young cohort, three ways."""

    ours: float
    held: bool
    of_enrolled: float
    of_ended: float


def young_cohort(chance: Random, people: int = 120) -> Young:
    """People who began between 1 and 260 days ago; true completion is 0.600."""
    spells = []
    for number in range(people):
        completes = chance.random() < COMPLETING
        day = chance.randrange(100, 151) if completes else chance.randrange(1, 121)
        seen = chance.randrange(1, 261)
        to_state = ("done" if completes else "gone") if day <= seen else ""
        spells.append((str(number), 0, min(day, seen), "in", to_state))
    ends = [to_state for *_, to_state in spells]
    point = cumulative_incidence(flow_of(spells), "done").cut().points[-1]
    return Young(
        point.value,
        point.low <= COMPLETING <= point.high,
        ends.count("done") / people,
        ends.count("done") / max(1, people - ends.count("")),
    )


def young_cohorts(repeats: int, seed: int) -> dict[str, float]:
    """Means over many cohorts, with how far chance still moves ours, and its coverage."""
    chance = Random(seed)
    drawn = [young_cohort(chance) for _ in range(repeats)]
    middle = fmean(one.ours for one in drawn)
    variance = sum((one.ours - middle) ** 2 for one in drawn) / max(1, repeats - 1)
    return {
        "ours": middle,
        "error": sqrt(variance / repeats),
        "coverage": fmean(one.held for one in drawn),
        "of_enrolled": fmean(one.of_enrolled for one in drawn),
        "of_ended": fmean(one.of_ended for one in drawn),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="estimators, by default all")
    parser.add_argument("--repeats", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print("| estimator | sample | repeats | without interval | coverage |")
    print("| --- | --- | --- | --- | --- |")
    for trial in TRIALS:
        if options.names and not any(name in trial.name for name in options.names):
            continue
        started = time.process_time()
        found = measure(trial, max(50, round(options.repeats * trial.part)), options.seed)
        took = time.process_time() - started
        print(
            f"| {trial.name} | {trial.setting} | {found.repeats} | {found.without} |"
            f" {100 * found.coverage:.1f} % |",
            flush=True,
        )
        print(f"{took:.1f} s", file=sys.stderr)
    if not options.names:
        young = young_cohorts(options.repeats // 2, options.seed)
        print(
            f"\nA young cohort, true completion {COMPLETING:.3f}: ours {young['ours']:.3f}"
            f" (± {1.96 * young['error']:.3f} by chance; its interval holds the truth in"
            f" {100 * young['coverage']:.1f} %), completed/enrolled {young['of_enrolled']:.3f},"
            f" completed/ended {young['of_ended']:.3f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
