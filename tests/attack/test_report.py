"""A reader with a pencil attacks whole reports, as they are printed."""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

import osallisuus as osa
from osallisuus.disclosure import footing
from osallisuus.disclosure import profile as osa_profile
from osallisuus.ingest.folder import read_folder
from osallisuus.model import facts as f
from osallisuus.register import Register
from tests.attack.reader import (
    NOT_STATED,
    NOWHERE,
    OFFERED,
    STAGES,
    Case,
    Reader,
    figures_of_csv,
    figures_of_json,
)

EXACT = osa_profile.Profile(name="public", threshold=5)
"""Exact figures, from five people on: what hiding alone is worth, without rounding."""
NAKED = osa_profile.Profile(name="public", threshold=1, zeros="structural", unsafe=True)
"""No protection at all, which only code can ask for."""
EXAMPLES = Path(__file__).parents[2] / "examples"
HELSINKI = ZoneInfo("Europe/Helsinki")


def _rows(example: str, table: str) -> list[dict[str, str]]:
    path = EXAMPLES / example / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _cases_of(example: str, stratum: str) -> list[Case]:
    """The episodes of an example folder, read by hand from its files."""
    column = stratum.removeprefix("group.")
    place = {row["id"]: row[column] or NOT_STATED for row in _rows(example, "groups")}
    group_of = {r["id"]: r["group"] for r in _rows(example, "sessions") if r["status"] == "held"}
    seen = {
        (row["person"], group_of.get(row["session"])): True
        for row in _rows(example, "attendance")
        if row["status"] == "present"
    }
    cases = []
    for row in _rows(example, "enrollments"):
        stage = max(i for i, name in enumerate(STAGES) if row[f"{name}_on"])
        first = ""
        if stage >= OFFERED:
            first = "yes" if seen.get((row["person"], row["group"])) else "no"
        started = stage == len(STAGES) - 1
        days = 10**5
        if started and row["ended_on"]:
            spent = date.fromisoformat(row["ended_on"]) - date.fromisoformat(row["started_on"])
            days = spent.days
        where = place.get(row["group"], NOT_STATED) if stage >= OFFERED else NOWHERE
        event = row["ending"] if started else ""
        cases.append(Case(row["person"], where, stage, first, event, days))
    return cases


def _register(facts: list[f.Fact]) -> Register:
    register = osa.open("memory:", actor="test", purpose="test")
    register.add(facts)
    return register


@pytest.fixture(params=[("wertzu", "group.place"), ("verna", "group.setting")], ids=str)
def example(request: pytest.FixtureRequest) -> Iterator[tuple[osa.Report, str, list[Case]]]:
    """A report of an example, its stratum, and what is true."""
    name, stratum = request.param
    with osa.open("memory:", actor="test", purpose="test") as register:
        register.add(read_folder(EXAMPLES / name))
        report = register.report("evaluation", program=name, by=[stratum])
        yield report, stratum, _cases_of(name, stratum)


def test_a_released_example_gives_no_small_number_away(example):
    """For every cell below 10 that its tables define at least 10 numbers remain possible."""
    report, stratum, cases = example
    figures = figures_of_json(report.release("public").render("json"))
    reader = Reader(figures, stratum, threshold=10, base=5)
    assert reader.agrees(cases) == []
    assert reader.broken(cases) == []


def test_the_same_report_without_protection_is_broken(example):
    """The attacker bites: from the naked report it reads many small numbers."""
    report, stratum, cases = example
    figures = figures_of_json(_naked(report).render("json"))
    reader = Reader(figures, stratum, threshold=10)
    assert reader.agrees(cases) == []
    assert len(reader.broken(cases, enough=3)) == 3


def test_csv_says_what_json_says(example):
    """Not more: whoever takes both files learns the same numbers as from one."""
    report, stratum, _ = example
    released = report.release("public")
    by_json = Reader(figures_of_json(released.render("json")), stratum, threshold=10)
    by_csv = Reader(figures_of_csv(released.render("csv"), stratum), stratum, threshold=10)
    assert {str(known) for known in by_csv.known.values()} == {
        str(known) for known in by_json.known.values()
    }


def test_no_output_of_an_example_says_what_is_hidden(example):
    """No number in any cell of a hidden figure, and no coordinate in a drawing."""
    _assert_silent(example[0].release("public"))


def _assert_silent(released: osa.Release) -> None:
    figures = figures_of_json(released.render("json"))
    hidden = [figure for figure in figures if figure["status"] == "suppressed"]
    assert hidden
    numbers = ("value", "low", "high", "k", "n", "persons", "at_risk", "censored")
    assert all(figure[name] is None for figure in hidden for name in numbers)
    assert not any(figure["reason"] or figure["notes"] for figure in hidden)
    for row in csv.DictReader(released.render("csv").decode().splitlines()):
        if row["status"] == "suppressed":
            assert not any(row[name] for name in (*numbers, "reason", "notes"))
    for name in ("html", "markdown", "text"):
        text = released.render(name).decode()
        rows = re.findall(r"<tr.*?</tr>", text, re.DOTALL) if name == "html" else text.splitlines()
        marked = [row for row in rows if "··" in row and "=" not in row.split("··")[1][:3]]
        assert marked
        for line in marked:
            after = line[line.index("··") :]
            assert not re.search(r"[0-9]", re.sub(r"<[^>]*>", "", after)), line
    paths = re.findall(r"<path [^>]*>", released.render("html").decode())
    drawn = [path for path in paths if "stroke-linejoin" in path and 'fill="none"' in path]
    lines = [len({x for x, _ in _points(path)}) for path in drawn]
    assert sorted(lines) == sorted(_runs(released.render("json")))


def _points(path: str) -> list[tuple[str, str]]:
    return re.findall(r"[ML]([0-9.]+) ([0-9.]+)", path)


def _runs(content: bytes) -> list[int]:
    """How many figures stand next to each other, unhidden, in each stretch of each curve."""
    runs = []
    for block in json.loads(content)["blocks"]:
        if block["type"] == "chart" and block["kind"] == "curve":
            for series in block["series"]:
                groups = groupby(series["figures"], key=lambda figure: figure["status"] == "shown")
                runs += [len(list(same)) for shown, same in groups if shown]
    return [length for length in runs if length > 1]


# Random programmes ---------------------------------------------------------------------------

FIRST = date(2021, 1, 4)
AS_OF = date(2022, 1, 1)
ENDINGS = ("completed", "completed", "completed", "left", "left", "moved_on", "died", "transferred")


def _programme(seed: int) -> tuple[list[f.Fact], list[Case]]:
    """A small made-up programme, and what a reader must not find out about it."""
    draw = random.Random(seed)
    groups = [f"g{i}" for i in range(draw.randint(2, 5))]
    weights = [draw.random() ** 2 + 0.05 for _ in groups]
    few_open = draw.random() < 0.5
    facts: list[f.Fact] = []
    cases: list[Case] = []
    sessions: dict[str, list[str]] = {}
    for group in groups:
        facts.append(
            f.Group(
                id=group,
                program="wertzu",
                program_version="1",
                kind="closed",
                place=f"Place {group}",
                starts_on=FIRST,
            )
        )
        sessions[group] = [f"s-{group}-{i}" for i in range(3)]
        for i, session in enumerate(sessions[group]):
            at = datetime(2021, 3, 1, 12, 0, tzinfo=HELSINKI) + timedelta(days=7 * i)
            facts.append(
                f.Session(
                    id=session,
                    group=group,
                    kind="meeting",
                    starts_at=at,
                    minutes=90,
                    status="held",
                )
            )
    people = [f"p{i}" for i in range(draw.randint(30, 60))]
    facts += [f.Person(id=person, registered_on=FIRST) for person in people]
    places_of: dict[str, set[str]] = {}
    turns = people + [person for person in people if draw.random() < draw.choice([0, 0.05, 0.3])]
    for number, person in enumerate(turns):
        free = [group for group in groups if group not in places_of.get(person, set())]
        stage = draw.choices(range(len(STAGES)), [1, 1, 1, 2, draw.choice([3, 20])])[0]
        group = draw.choices(groups, weights)[0]
        if group not in free:
            continue
        places_of.setdefault(person, set()).add(group)
        facts_of, case = _episode(draw, f"e{number}", person, group, stage, few_open=few_open)
        facts.append(facts_of)
        cases.append(case)
        if stage == len(STAGES) - 1:
            present = case.first == "yes"
            for i, session in enumerate(sessions[group]):
                status = "present" if present and (i == 0 or draw.random() < 0.7) else "absent"
                facts.append(
                    f.Attendance(id=f"a{number}-{i}", session=session, person=person, status=status)
                )
    return facts, cases


def _episode(
    draw: random.Random, name: str, person: str, group: str, stage: int, *, few_open: bool
) -> tuple[f.Enrollment, Case]:
    reached = FIRST + timedelta(draw.randint(0, 20))
    days = [reached + timedelta(5 * i) for i in range(len(STAGES))]
    started = stage == len(STAGES) - 1
    is_open = draw.random() < (0.05 if few_open else 0.3)
    length = draw.choice([60, 60, 60, 90, 90, draw.randint(40, 300)])
    ended_on = None if is_open else days[stage] + timedelta(length)
    ending = None
    if not is_open:
        ending = draw.choice(ENDINGS) if started else "declined"
    first = ""
    if started:
        first = "yes" if draw.random() < 0.85 else "no"
    elif stage >= OFFERED:
        first = "unknown" if is_open else "no"
    last = ended_on if ended_on is not None else AS_OF - timedelta(1)
    passed: dict[str, Any] = {f"{STAGES[i]}_on": days[i] for i in range(stage + 1)}
    enrollment = f.Enrollment(
        id=name,
        person=person,
        program="wertzu",
        program_version="1",
        group=group,
        ended_on=ended_on,
        ending=ending,
        **passed,
    )
    where = f"Place {group}" if stage >= OFFERED else NOWHERE
    case = Case(person, where, stage, first, (ending or "") if started else "")
    return enrollment, case._replace(day=(last - days[stage]).days)


def _report(register: Register) -> osa.Report:
    return register.report("evaluation", program="wertzu", by=["group.place"], as_of=AS_OF)


def _naked(report: osa.Report) -> osa.Release:
    """The report without protection: neither its profile nor its programme asks for any."""
    return evolve(report, program=evolve(report.program, threshold=1)).release(NAKED)


@pytest.mark.parametrize("part", range(4))
def test_random_programmes_give_no_small_number_away(part: int):
    """In none of them, with several endings, repeats and open cases, is one small cell broken."""
    shown = 0
    for seed in range(100 + 5 * part, 100 + 5 * part + 5):
        facts, cases = _programme(seed)
        with _register(facts) as register:
            released = _report(register).release(EXACT)
        reader = Reader(figures_of_json(released.render("json")), "group.place", threshold=5)
        assert reader.agrees(cases) == [], f"seed {seed}"
        assert reader.broken(cases) == [], f"seed {seed}"
        _assert_silent(released)
        shown += len(reader.known)
    assert shown > 20


def test_an_audit_over_some_atoms_only_is_as_safe(monkeypatch: pytest.MonkeyPatch):
    """As in large programmes, where there are too many kinds of people for one audit."""
    monkeypatch.setattr(footing, "MOST_ATOMS", 12)
    for seed in range(200, 212):
        facts, cases = _programme(seed)
        with _register(facts) as register:
            content = _report(register).release(EXACT).render("json")
        reader = Reader(figures_of_json(content), "group.place", threshold=5)
        assert reader.broken(cases) == [], f"seed {seed}"


def test_random_programmes_without_protection_are_broken():
    """What the protection is worth: nearly each of them gives somebody away without it."""
    broken = 0
    for seed in range(4):
        facts, cases = _programme(seed)
        with _register(facts) as register:
            content = _naked(_report(register)).render("json")
        reader = Reader(figures_of_json(content), "group.place", threshold=5)
        reader.known = {key: known for key, known in reader.known.items() if "share" not in key}
        assert reader.agrees(cases) == []
        broken += bool(reader.broken(cases, enough=1))
    assert broken == 4
