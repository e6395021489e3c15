"""Facts that leave, as the register gives them to an exporter, and a few that are known by heart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import osallisuus as osa
from osallisuus import plugins
from osallisuus.model.facts import Fact

__all__ = ["FEW", "Given", "written"]

HELSINKI = ZoneInfo("Europe/Helsinki")
FEW = (
    osa.Person(id="p-1", registered_on=date(2024, 1, 2)),
    osa.Person(id="p-2", registered_on=date(2024, 1, 2)),
    osa.Group(
        id="g-1", program="verna", program_version="1", kind="weekly", starts_on=date(2024, 1, 1)
    ),
    osa.Enrollment(
        id="e-1",
        person="p-1",
        program="verna",
        program_version="1",
        group="g-1",
        channel="partner",
        reached_on=date(2024, 1, 2),
        started_on=date(2024, 2, 1),
        ended_on=date(2024, 6, 3),
        ending="completed",
        decided_by="worker-9",
    ),
    osa.Pause(id="u-1", of="e-1", starts_on=date(2024, 3, 1), ends_on=date(2024, 4, 1)),
    osa.RoleSpan(
        id="r-1", person="p-1", role="peer_trainee", program="verna", starts_on=date(2024, 6, 3)
    ),
    osa.Guidance(
        id="q-1",
        person="p-1",
        guide="p-2",
        program="verna",
        started_on=date(2024, 2, 1),
        planned_end_on=date(2024, 8, 1),
    ),
    osa.Review(id="v-1", guidance="q-1", point="mid", happened_on=date(2024, 5, 2)),
    osa.Session(
        id="s-1",
        group="g-1",
        kind="group_meeting",
        starts_at=datetime(2024, 6, 3, 10, tzinfo=HELSINKI),
        minutes=120,
        status="held",
    ),
    osa.Attendance(id="a-1", session="s-1", person="p-1", status="present"),
    osa.Idea(id="i-1", group="g-1", origin="client", raised_on=date(2024, 5, 1)),
    osa.Decision(
        id="d-1",
        group="g-1",
        matter="programme",
        owner="community",
        initiated_by="member",
        decided_on=date(2024, 5, 8),
    ),
)


class Given:
    """Facts as an exporter gets them, with the programmes that are installed."""

    def __init__(self, *facts: Fact, locale: Any = "en") -> None:
        self.facts, self.locale = facts, locale

    def rows(self, kind: type[Any]) -> Iterator[Any]:
        """In the order of their ids."""
        yield from sorted((one for one in self.facts if type(one) is kind), key=lambda one: one.id)

    def program(self, name: str) -> Any:
        """None is installed: our own words stand."""
        return None


def written(name: str, place: Path, *facts: Fact, locale: Any = "en") -> Path:
    """What the fact exporter *name* writes of *facts*."""
    exporter = plugins.load("fact_exporters", name)()
    target = place / f"out{exporter.suffix}"
    exporter.write(Given(*facts, locale=locale), target)
    return target
