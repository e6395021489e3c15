"""The work of SQLite grows with the facts, not with their square: counted in its own steps."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import osallisuus as osa
from osallisuus.metrics.catalogue import CATALOGUE

TIMES = 4
_DAY = date(2024, 1, 1)
_EVENING = datetime(2024, 1, 1, 17, tzinfo=ZoneInfo("Europe/Helsinki"))
_EVERY = 100
"""How many steps of SQLite are counted as one."""


def facts(groups: int) -> list[osa.Fact]:
    """Groups of ten with six sessions each, at which everybody is marked."""
    made: list[osa.Fact] = []
    for g in range(groups):
        made.append(
            osa.Group(
                id=f"g{g}", program="wertzu", program_version="1", kind="closed", starts_on=_DAY
            )
        )
        for s in range(6):
            made.append(
                osa.Session(
                    id=f"s{g}-{s}", group=f"g{g}", kind="meeting",
                    starts_at=_EVENING + timedelta(days=7 * s), minutes=90, status="held",
                )
            )  # fmt: skip
        for p in range(10):
            one = f"{g}-{p}"
            made.append(osa.Person(id=f"p{one}", registered_on=_DAY))
            made.append(
                osa.Enrollment(
                    id=f"e{one}", person=f"p{one}", program="wertzu", program_version="1",
                    group=f"g{g}", started_on=_DAY,
                )
            )  # fmt: skip
            made.append(osa.RoleSpan(id=f"r{one}", person=f"p{one}", role="peer", starts_on=_DAY))
            made.extend(
                osa.Attendance(
                    id=f"a{one}-{s}", session=f"s{g}-{s}", person=f"p{one}", status="present"
                )
                for s in range(6)
            )
    return made


def counted(register: Any) -> dict[tuple[str, str], int]:
    """Metric and programme -> steps."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    found = {}
    register.store.connection.set_progress_handler(step, _EVERY)
    for name in CATALOGUE:
        for asked in ({}, {"program": "wertzu"}):
            steps = 0
            register.measure(name, as_of=date(2024, 6, 1), **asked)
            found[name, asked.get("program", "")] = steps
    register.store.connection.set_progress_handler(None, 0)
    return found


def test_four_times_as_many_facts_take_no_sixteen_times_as_many_steps(tmp_path) -> None:
    """For every metric, of one programme and of all."""
    took = []
    for groups in (15, 15 * TIMES):
        with osa.open(str(tmp_path / f"{groups}.db"), actor="a", engine="sqlite") as register:
            register.add(facts(groups))
            took.append(counted(register))
    few, many = took
    grown = {one: many[one] / max(few[one], 50) for one in few}
    assert {one: round(by, 1) for one, by in grown.items() if by > TIMES * 1.75} == {}
    assert max(grown.values()) > TIMES / 2  # something was counted
