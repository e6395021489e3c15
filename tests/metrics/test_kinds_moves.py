"""Kinds of metrics about time: what their tables do where cases meet periods and last days."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from attrs import evolve

import osallisuus as osa
from osallisuus.metrics.metric import Draw, Thinning

START = date(2020, 1, 1)


def _day(number: int) -> date:
    return START + timedelta(number)


def _held(*spans: tuple[int, int | None]) -> osa.Register:
    """One person who started on day 0 and held a role over *spans*."""
    register = osa.open("memory:")
    facts: list[osa.Fact] = [
        osa.Person(id="p", registered_on=START),
        osa.Enrollment(id="e", person="p", program="verna", program_version="1", started_on=START),
    ]
    for number, (begun, ended) in enumerate(spans):
        facts.append(
            osa.RoleSpan(
                id=f"r{number}",
                person="p",
                role="peer",
                starts_on=_day(begun),
                ends_on=None if ended is None else _day(ended),
            )
        )
    register.add(facts)
    return register


def _curve(register: osa.Register, as_of: int) -> dict[int, float]:
    result = register.measure("role_occupancy", as_of=_day(as_of))
    return {figure.at: figure.value for figure in result}


def test_a_role_that_begins_on_the_last_known_day_is_held():
    """Its spell has no length yet, but the move into it has happened."""
    assert _curve(_held((5, None)), 6) == {0: 0.0, 5: 1.0}


def test_the_day_after_a_role_has_begun_tells_the_same():
    """A figure does not wait a day for what is known already."""
    assert _curve(_held((5, None)), 7) == {0: 0.0, 5: 1.0, 6: 1.0}


def test_a_period_counts_a_case_whole_though_another_overlaps_it():
    """Each of two periods with a day in common has the curve that it has by itself."""
    register = _held((5, 9), (12, None))
    one = osa.Period(_day(0), _day(10))
    other = osa.Period(_day(-5), _day(5))
    alone = [
        [
            figure.to_dict()
            for figure in register.measure("role_occupancy", as_of=_day(20), periods=[p])
        ]
        for p in (one, other)
    ]
    both = register.measure("role_occupancy", as_of=_day(20), periods=[one, other])
    assert [figure.to_dict() for figure in both] == alone[0] + alone[1]
    assert len(alone[0]) > 3


def test_spans_of_one_role_that_touch_are_one_spell():
    """Handing a role over to oneself is no break; nor is a span inside another."""
    assert _curve(_held((0, 5), (5, 9), (2, 4)), 20) == {0: 1.0, 9: 0.0, 19: 0.0}


# What leaves is made of rounded counts -------------------------------------------------------------

STAYS = "SELECT person, started_on AS happened_on, 0 AS entry_days, 0 AS days, ending AS event"
STEPS = "SELECT person, started_on AS happened_on, ending AS step, 0 AS days, ending AS event"
STAGES = "SELECT person, started_on AS happened_on, ended_on AS closed_on, started_on AS a_on,"
SPELLS = "SELECT person, id AS case_id, started_on AS happened_on, NULL AS part, 0 AS entry_days,"
PATH = "SELECT person, id AS case_id, started_on AS happened_on, started_on AS came_on, ending AS state,"


def _stays(**options: Any) -> osa.TimeToEvent:
    return osa.TimeToEvent(name="stays", cases=f"{STAYS} FROM enrollments", **options)


KINDS: dict[str, osa.Metric] = {
    "staying": _stays(staying="here"),
    "expected": _stays(staying="here", until=(20, 60), quantiles=True),
    "leaving": _stays(),
    "outcome": _stays(outcome="x", curve=True, quantiles=True, until=(20,)),
    "steps": osa.Steps(name="steps", cases=f"{STEPS} FROM enrollments", steps=("one", "two")),
    "funnel": osa.Funnel(
        name="funnel", cases=f"{STAGES} ended_on AS b_on FROM enrollments", stages=("a", "b")
    ),
    "states": osa.MultiState(
        name="states",
        cases=f"{SPELLS} 0 AS days, ending AS from_state, ending AS to_state FROM enrollments",
    ),
    "paths": osa.Paths(name="paths", cases=f"{PATH} 0 AS sequence FROM enrollments"),
}


def _table(kind: str, lots: Random) -> list[tuple[Any, ...]]:
    """A small table of about two hundred people, as the kind's SQL would give it."""
    numbers = [lots.randint(2, 14) for _ in range(30)]
    if kind == "paths":
        paths = [("a", None, None), ("a", "b", None), ("b", None, None), ("b", "a", "b")]
        return [(*path, None, None, 0, n) for path, n in zip(paths, numbers, strict=False)]
    days = sorted(lots.randint(0, 40) for _ in numbers)
    if kind == "states":
        moves = list(zip(days, numbers, strict=True))
        came = sum(numbers)
        rows: list[tuple[Any, ...]] = [(None, 0, -1, "", "in", came)]
        for at, n in moves:
            target = lots.choice(["out", "out", ""])
            rows.append((None, 1, at, "in", target, n))
            rows += [(None, 2, at, target, "", n)] if target else []
        return rows
    events = [lots.choice(["x", "x", "y", "z", None]) for _ in numbers]
    if kind == "steps":
        named = {"x": "reached", "y": "declined", "z": "reached", None: None}
        return [
            (lots.choice(["one", "two"]), at, named[event], n)
            for at, event, n in zip(days, events, numbers, strict=True)
        ]
    if kind == "funnel":
        named = {"x": "on", "y": "on", "z": "closed", None: None}
        rows = [
            (0, 1, at, named[event], n) for at, event, n in zip(days, events, numbers, strict=True)
        ]
        return [*rows, (1, 1, 3, None, sum(row[4] for row in rows if row[3] == "on"))]
    return [(0, at, event, n) for at, event, n in zip(days, events, numbers, strict=True)]


def _changed(rows: list[tuple[Any, ...]], kind: str, lots: Random) -> list[tuple[Any, ...]]:
    """The table with one person more or less in a few rows, or on another day."""
    found = [list(row) for row in rows]
    for row in lots.sample(found, min(3, len(found))):
        row[-1] += lots.choice([-1, 0, 1])
        if kind in ("staying", "expected", "leaving", "outcome") and lots.random() < 0.5:
            row[1] = max(row[1] + lots.choice([-1, 1]), 0)
    if kind == "states":
        moves = [row for row in found if row[1] == 1]
        came = sum(row[5] for row in moves)
        arrivals = [[None, 2, row[2], row[4], "", row[5]] for row in moves if row[4]]
        return [(None, 0, -1, "", "in", came), *map(tuple, moves), *map(tuple, arrivals)]
    if kind == "funnel":
        found[-1][-1] = sum(row[-1] for row in found if row[0] == 0 and row[3] == "on")
    return [tuple(row) for row in found]


def _counts(rows: list[tuple[Any, ...]], kind: str, grid: Any) -> dict[Any, int]:
    """How many are in each count that may be behind what leaves, by the meaning of the table."""
    counts: Counter[Any] = Counter()
    for *key, n in rows:
        if kind == "paths":
            counts["all"] += n
            counts[grid.name(">".join(step for step in key[:-1] if step))] += n
            continue
        if kind == "states":
            what, at, target = key[1], key[2], key[4]
            for day in grid.days[""]:
                if what == 1:
                    inside = day < at or (day == at and not target)
                    gone = bool(target) and at <= day
                    counts["in", day] += n * inside
                    counts["out", day] += n * gone
                    counts["seen", day] += n * (inside or gone)
            continue
        part, at, event = ("", key[1], key[2])
        if kind in ("steps", "funnel"):
            part, at, event = str(key[0]), key[-2], key[-1]
        code = event if kind in ("steps", "funnel") or event is None else grid.name(event)
        counts[part, "all"] += n
        counts[part, "ended", code] += n
        for day in grid.days.get("", ()):
            counts[part, "left", code, day] += n * (code is not None and at <= day)
            counts[part, "followed", day] += n * (at > day)
    if kind in ("steps", "funnel", "outcome"):
        for part in {"" if kind == "outcome" else str(row[0]) for row in rows}:
            own = [row for row in rows if kind == "outcome" or str(row[0]) == part]
            spells = [(row[-3], row[-2], row[-1]) for row in own]
            counts |= {(part, *key): n for key, n in _by_week(spells, grid).items()}
    return counts


def _by_week(spells: list[tuple[int, str | None, int]], grid: Any) -> dict[Any, int]:
    """What a share is made of: exits by week, at risk before the first of them and after the last.

    Who is open counts as there where there are fewer than ten of them, and only that is told.
    """
    few = sum(n for _, event, n in spells if event is None) < 10
    last = max(at for at, _, _ in spells)
    counts = {"few": 100 * few, "last": 100 * last}  # what is no count must be the same
    before = -1
    for week in (*range(7, last, 7), last):
        days = [at for at, event, _ in spells if event and before < at <= week] or [week]
        first, final = min(days), max(days)

        def left(until: int, event: str | None) -> int:
            return sum(n for at, code, n in spells if code == event and at <= until)

        gone = {grid.name(event) for _, event, _ in spells if event}
        for code in gone:
            names = {event for _, event, _ in spells if event and grid.name(event) == code}
            counts["left", code, week] = sum(left(week, event) for event in names)
        everybody = sum(n for _, _, n in spells)
        events = {event for _, event, _ in spells if event}
        away = 0 if few else left(first - 1, None)
        counts["first", week] = everybody - away - sum(left(first - 1, one) for one in events)
        away = 0 if few else left(final - 1, None)
        counts["final", week] = everybody - away - sum(left(final, one) for one in events)
        before = week
    return counts


def _seen(metric: osa.Metric, rows: Any, grid: Any) -> list[Draw]:
    """What a reader is shown: the draws without the counts behind them."""
    return [
        evolve(draw, tallies=(), watched=(), open=None)
        for draw in metric.draw(rows, confidence=0.95, grid=grid)
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_tables_whose_counts_round_alike_are_drawn_alike(kind: str):
    """No digit of what leaves, no order, note or day tells more than counts to the next five."""
    lots, metric = Random(kind), KINDS[kind]
    alike = told_apart = 0
    for _ in range(250):
        rows = _table(kind, lots)
        grid = evolve(metric.grid([rows], 10), base=5)
        other = _changed(rows, kind, lots)
        one, two = _counts(rows, kind, grid), _counts(other, kind, grid)
        same = all(grid.rounded(one[key]) == grid.rounded(two[key]) for key in {*one, *two})
        drawn = _seen(metric, rows, grid)
        if same and one != two:
            alike += 1
            assert drawn == _seen(metric, other, grid)
        told_apart += drawn != _seen(metric, other, grid)
        for draw in drawn:
            assert draw.std_err is None
            assert (draw.n or 0) % 5 == (draw.k or 0) % 5 == 0
            assert draw.k is None or draw.k <= draw.n
            if draw.measure == "proportion" and draw.value is not None:
                assert 0 <= draw.value <= 1
                assert round(draw.value, 2) == draw.value
                assert draw.low is None or draw.low <= draw.value <= draw.high
    assert alike > 8
    assert told_apart > 20


def test_a_thinned_curve_is_near_the_true_one():
    """Rounding to five and leaving days out moves a curve of two hundred people by little."""
    lots, metric = Random(5), KINDS["staying"]
    for _ in range(50):
        rows = [(0, at, "x" if lots.random() < 0.7 else None, 2) for at in range(100)]
        grid = evolve(metric.grid([rows], 10), base=5)
        true = {
            draw.at: draw.value
            for draw in metric.draw(rows, confidence=0.95)
            if draw.at is not None
        }
        points = [draw for draw in _seen(metric, rows, grid) if draw.at is not None]
        assert len(points) > 3
        for point in points[:-1]:  # of the last few one more or less is much
            nearest = max((at for at in true if at <= point.at), default=0)
            assert abs(point.value - true[nearest]) < 0.05


def test_a_share_that_leaves_is_made_of_rounded_counts_week_by_week():
    """By day 7 15 of 40 have come (16) and 10 are gone (9), 15 are left; then 5 (4) of those come.

    15/40 + 15/40 * 5/15: in the second week 15 are there before the first comes, and after the last
    has come still 11 (10), who are last seen on that day.
    """
    rows = [("one", at, "reached", 2) for at in range(10)]
    rows += [("one", 3, "declined", 9), ("one", 9, None, 11)]
    grid = Thinning({}, threshold=10, base=5)
    draw, _ = KINDS["steps"].draw(rows, confidence=0.95, grid=grid)
    assert (draw.k, draw.n, draw.censored) == (20, 40, 0.25)
    assert draw.value == round(15 / 40 + 15 / 40 * 5 / 15, 2)


def test_a_share_that_leaves_is_near_the_true_one_where_all_complete_at_the_end():
    """A course of 120 days that 200 begin day by day: many are on the way, few have left."""
    ends = [min(200 - i, 120) for i in range(200)]
    rows = [
        (0, at, "x" if at == 120 else ("y" if i % 4 == 0 else None), 2) for i, at in enumerate(ends)
    ]
    metric = KINDS["outcome"]
    grid = evolve(metric.grid([rows], 10), base=5)
    true, shown = (metric.draw(rows, confidence=0.95, grid=one)[0] for one in (None, grid))
    assert true.censored > 0.2
    assert abs(shown.value - true.value) <= 0.02


def test_a_path_is_the_order_of_states_however_the_rows_come():
    """P5: on one day the vocabulary decides; what comes after five states is not told apart."""
    roles = ["peer", "client", "volunteer", "expert_by_experience", "peer_guide", "student"]
    facts: list[osa.Fact] = [osa.Person(id=p, registered_on=START) for p in ("a", "b")]
    for person, order in (("a", roles), ("b", roles[::-1])):
        facts += [
            osa.RoleSpan(
                id=f"{person}{role}",
                person=person,
                role=role,
                starts_on=_day(9 if role == "student" else 0),
            )
            for role in order
        ]
    register = osa.open("memory:")
    register.add(facts)
    (figure,) = register.measure("pathways", as_of=_day(30))
    assert figure.name == "client>peer>peer_guide>expert_by_experience>volunteer>..."
    assert (figure.k, figure.n) == (2, 2)


def test_paths_of_few_people_leave_as_one():
    """D.1.8: three and four people with paths of their own are seven on other paths."""
    rows = [("a", *[None] * 4, 0, 20), ("b", *[None] * 4, 0, 3), ("a", "b", *[None] * 3, 0, 4)]
    metric = KINDS["paths"]
    grid = evolve(metric.grid([rows], 5), base=5)
    assert {draw.name: draw.k for draw in metric.draw(rows, confidence=0.95, grid=grid)} == {
        "a": 20,
        "other_paths": 5,
    }
