"""The reference numbers of independent programs, all the way from facts to figures.

The estimators by themselves are compared in tests/metrics/estimate, with what a figure does not
carry: standard errors, quantiles other than the median, the log-rank test.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import osallisuus as osa
from tests.generative.tabulated import flow_of_moves

_VECTORS = json.loads((Path(__file__).parents[1] / "vectors.json").read_text(encoding="utf-8"))
CASES = {one["id"]: one for one in _VECTORS["cases"]}
LAST_DAY = date(2020, 12, 31)
AS_OF = LAST_DAY + timedelta(days=1)
ENDINGS = {1: "completed", 2: "left", 3: "died"}
"""What the numbered causes of the data sets are called here."""
MOVES = ("stepped_back", "term_ended", "moved_on")
"""How a role ends, for the states that may follow, in their order."""

EPISODES = """
SELECT person, reached_on AS happened_on,
  days_between(reached_on, COALESCE(started_on, reached_on)) AS entry_days,
  days_between(reached_on, COALESCE(ended_on, :last_day)) AS days, ending AS event
FROM enrollments"""
STAYING = osa.TimeToEvent(name="staying", cases=EPISODES, staying="here")
EXITS = osa.TimeToEvent(name="exits", cases=EPISODES)
STATES = """
SELECT r.person AS person, r.person AS case_id, p.registered_on AS happened_on, NULL AS part,
  days_between(p.registered_on, r.starts_on) AS entry_days,
  days_between(p.registered_on, COALESCE(r.ends_on, :last_day)) AS days, r.role AS from_state,
  CASE WHEN r.ending = 'stepped_back' THEN :first WHEN r.ending = 'term_ended' THEN :second
    WHEN r.ending = 'moved_on' THEN :third END AS to_state
FROM roles AS r JOIN people AS p ON p.id = r.person"""


def _rows(name: str, **where: Any) -> list[dict[str, Any]]:
    columns = _VECTORS["datasets"][name]["columns"]
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return [row for row in rows if all(row[key] == value for key, value in where.items())]


def _register(facts: list[osa.Fact]) -> osa.Register:
    register = osa.open("memory:")
    register.add(facts)
    return register


def _episodes(rows: list[dict[str, Any]], scale: int) -> osa.Register:
    """An episode for each row: who has no event is last seen on the last known day."""
    facts: list[osa.Fact] = []
    for number, row in enumerate(rows):
        days, entry = round(row["time"] * scale), round(row.get("entry", 0) * scale)
        # those with an event begin earlier, so that the common last day does not cut them
        origin = LAST_DAY - timedelta(days + (number % 7 if row["event"] else 0))
        facts += [
            osa.Person(id=f"p{number}", registered_on=origin),
            osa.Enrollment(
                id=f"e{number}",
                person=f"p{number}",
                program="trial",
                program_version="1",
                reached_on=origin,
                started_on=origin + timedelta(entry),
                ended_on=origin + timedelta(days) if row["event"] else None,
                ending=ENDINGS[row["event"]] if row["event"] else None,
            ),
        ]
    return _register(facts)


def _spells(name: str, states: str, scale: int) -> tuple[osa.Register, osa.MultiState]:
    """A role for each spell, its ending saying into which of *states* the person moved."""
    rows = _rows(name)
    last = {row["id"]: 0 for row in rows}
    for row in rows:
        last[row["id"]] = max(last[row["id"]], round(row["exit"] * scale))
    origin = {one: LAST_DAY - timedelta(days) for one, days in last.items()}
    facts: list[osa.Fact] = [
        osa.Person(id=f"p{one}", registered_on=day) for one, day in origin.items()
    ]
    for number, row in enumerate(rows):
        begun = origin[row["id"]]
        facts.append(
            osa.RoleSpan(
                id=f"r{number}",
                person=f"p{row['id']}",
                role=row["from"],
                starts_on=begun + timedelta(round(row["entry"] * scale)),
                ends_on=begun + timedelta(round(row["exit"] * scale)) if row["to"] else None,
                ending=MOVES[states.index(row["to"])] if row["to"] else None,
            )
        )
    params = dict(zip(("first", "second", "third"), states, strict=True))
    return _register(facts), osa.MultiState(name="states", cases=STATES, params=params)


def _on(result: osa.Result, name: str, day: float) -> osa.Figure | None:
    """The step that is in force on *day*."""
    steps = [
        figure
        for figure in result
        if figure.name == name and figure.at is not None and figure.at <= day
    ]
    return max(steps, key=lambda figure: figure.at, default=None)


def _near(theirs: Any) -> Any:
    return None if theirs is None else pytest.approx(theirs, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "scale"),
    [
        ("km_waltons_all", 1),
        ("km_waltons_miR-137", 1),
        ("km_waltons_control", 1),
        ("km_mac_lefttrunc", 1000),
        ("km_plateau", 1),
        ("km_oneevent", 1),
        ("km_tie_event_cens", 1),
    ],
)
def test_staying_measured_from_facts_equals_survfit_of_r(name: str, scale: int):
    """Share, bounds, number at risk and median; late entry and ties among them."""
    case = CASES[name]
    rows = _rows(case["dataset"], **(case.get("args") or {}).get("where", {}))
    result = _episodes(rows, scale).measure(STAYING, as_of=AS_OF)
    expect, bounds, compared = case["expect"], case["expect"]["ci_loglog"], 0
    for place, time in enumerate(expect["times"]):
        figure = _on(result, "here", round(time * scale))
        assert figure.value == _near(expect["surv"][place])
        if figure.at == round(time * scale):
            assert figure.at_risk == expect["n_risk"][place]
        # before the first event R answers [1, 1]; ours is the exact binomial bound
        if figure.value < 1:
            assert figure.low == _near(bounds["lower"][place])
            assert figure.high == _near(bounds["upper"][place])
            compared += 1
    assert compared
    median = result.figure("median")
    wanted = expect["quantiles_loglog"]
    half = wanted["p"].index(0.5)
    for ours, theirs in (("value", "time"), ("low", "lower"), ("high", "upper")):
        number = wanted[theirs][half]
        assert getattr(median, ours) == _near(None if number is None else number * scale)
    assert median.n == expect["n"]


def test_exits_of_three_kinds_measured_from_facts_equal_etm():
    """Late entry and competing causes; all of them and staying make up 1."""
    expect = CASES["cif_abortion_g0"]["expect"]
    register = _episodes(_rows("abortion", group=0), 1)
    exits = register.measure(EXITS, as_of=AS_OF)
    staying = register.measure(STAYING, as_of=AS_OF)
    for place, time in enumerate(expect["times"]):
        shares = []
        for cause, ending in ENDINGS.items():
            figure = _on(exits, ending, time)
            shares.append(0.0 if figure is None else figure.value)
            assert shares[-1] == _near(expect[f"cause{cause}"]["cif"][place])
        assert _on(staying, "here", time).value == _near(expect["surv"][place])
        assert sum(shares) + _on(staying, "here", time).value == _near(1)


def test_occupied_states_measured_from_facts_equal_etm():
    """Ties across causes, delayed entry, and an arrival that no spell follows."""
    register, metric = _spells("tiny_ms", "cpx", 1)
    result = register.measure(metric, as_of=AS_OF)
    expect = CASES["aj_tiny"]["expect"]
    for place, time in enumerate(expect["times"]):
        for state in "cpx":
            assert _on(result, state, time).value == _near(expect["p"][f"c{state}"][place])


def test_states_that_people_return_to_equal_survfit_of_r():
    """Above a thousand spells, backward moves among them, times in half days."""
    register, metric = _spells("sir_cont", "012", 2)
    result = register.measure(metric, as_of=AS_OF)
    expect = CASES["occupancy_sir"]["expect"]
    for place, time in enumerate(expect["times"]):
        for state in "012":
            assert _on(result, state, time * 2).value == _near(expect["p"][place][int(state)])


def test_the_table_of_moves_from_facts_equals_its_definition():
    """Entries at 0-, moves, censorings, and a censoring on arrival, row by row."""
    register, metric = _spells("tiny_ms", "cpx", 1)
    with register.engine() as engine:
        (table,) = register.measurement(metric, engine=engine, as_of=AS_OF).tables.values()
    rows = CASES["flow_tiny"]["expect"]["rows"]
    expected = [tuple(-1 if cell == "0-" else cell for cell in row) for row in rows]
    assert list(flow_of_moves([row[1:] for row in table]).rows) == expected
