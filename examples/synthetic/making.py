"""Facts in the making: seeded chance, opaque ids, and the days and hours of meetings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

import osallisuus as osa

F = TypeVar("F", bound=osa.Fact)

HELSINKI = ZoneInfo("Europe/Helsinki")
MARKER = "synthetic_data"
"""The measure of the one observation by which a report knows that the facts are synthetic."""


class Making:
    """The facts of one programme so far, and the one source of chance behind them."""

    def __init__(self, seed: int, program: str) -> None:
        # the programme's name keeps the ids of two programmes apart, so that both fit in one store
        self.random = Random(f"{program} {seed}")
        self.program = program
        self.facts: list[osa.Fact] = []
        self._used: set[str] = set()

    def add(self, fact: F) -> F:
        """Keep *fact*, and hand it back."""
        self.facts.append(fact)
        return fact

    def id(self, prefix: str) -> str:
        """An id that says nothing of its bearer, not even who came first."""
        while True:
            made = f"{prefix}-{self.random.getrandbits(24):06x}"
            if made not in self._used:
                self._used.add(made)
                return made

    def happens(self, share: float) -> bool:
        """True in about *share* of the calls."""
        return self.random.random() < share

    def later(self, day: date, least: int, most: int) -> date:
        """A day from *least* to *most* days after *day*."""
        return day + timedelta(self.random.randint(least, most))

    def pick(self, weights: dict[str, int]) -> str:
        """One of the codes, as often as its weight says."""
        return self.random.choices(list(weights), list(weights.values()))[0]

    def shuffled(self, values: Sequence[str]) -> list[str]:
        """The values in a chance order."""
        return self.random.sample(values, len(values))

    def person(self, registered_on: date) -> str:
        """A new person's id."""
        return self.add(osa.Person(id=self.id("p"), registered_on=registered_on)).id

    def session(
        self,
        group: str,
        day: date,
        hour: int,
        minutes: int,
        *,
        kind: str = "group_session",
        held: bool = True,
        planned_theme: str | None = None,
        held_theme: str | None = None,
    ) -> osa.Session:
        """A session in local time, held or cancelled."""
        return self.add(
            osa.Session(
                id=self.id("s"),
                group=group,
                kind=kind,
                starts_at=datetime.combine(day, time(hour), HELSINKI),
                minutes=minutes,
                status="held" if held else "cancelled",
                planned_theme=planned_theme,
                held_theme=held_theme if held else None,
            )
        )

    def attendance(
        self, session: osa.Session, person: str, status: str, acting_as: str | None = None
    ) -> None:
        """That somebody was at a session, or was not."""
        self.add(
            osa.Attendance(
                id=self.id("a"),
                session=session.id,
                person=person,
                status=status,
                acting_as=acting_as,
            )
        )

    def role(
        self,
        person: str,
        role: str,
        starts_on: date,
        ends_on: date | None = None,
        ending: str | None = None,
        group: str | None = None,
    ) -> osa.RoleSpan:
        """A role in this programme; without an end it is still held."""
        return self.add(
            osa.RoleSpan(
                id=self.id("r"),
                person=person,
                role=role,
                program=self.program,
                group=group,
                starts_on=starts_on,
                ends_on=ends_on,
                ending=ending,
            )
        )

    def consent(
        self, person: str, purpose: str, given_on: date, withdrawn_on: date | None = None
    ) -> None:
        """A person's consent to one use of their data."""
        self.add(
            osa.Consent(
                id=self.id("n"),
                person=person,
                purpose=purpose,
                given_on=given_on,
                withdrawn_on=withdrawn_on,
            )
        )

    def cost(
        self,
        group: str,
        happened_on: date,
        head: str,
        *,
        cents: int | None = None,
        minutes: int | None = None,
        worker_kind: str | None = None,
    ) -> None:
        """Money or working time spent on a group."""
        self.add(
            osa.Cost(
                id=self.id("c"),
                program=self.program,
                group=group,
                happened_on=happened_on,
                head=head,
                cents=cents,
                minutes=minutes,
                worker_kind=worker_kind,
            )
        )

    def mark_as_synthetic(self, day: date) -> None:
        """The observation that says so: it belongs to the programme and to no person."""
        self.add(
            osa.Observation(
                id=self.id("o"),
                program=self.program,
                phase="during",
                observed_on=day,
                measure=MARKER,
            )
        )


def on_day(session: osa.Session) -> date:
    """The local day of a session."""
    return session.starts_at.date()
