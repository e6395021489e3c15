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

    def contact(self, enrollment: osa.Enrollment, day: date, mode: str) -> None:
        """That somebody was called or written to; never what was said."""
        self.add(
            osa.Contact(
                id=self.id("k"),
                person=enrollment.person,
                enrollment=enrollment.id,
                happened_on=day,
                mode=mode,
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
        decided_by: str | None = None,
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
                decided_by=decided_by,
            )
        )

    def trait(self, person: str, name: str, value: str, since: date) -> None:
        """What a person has said of themselves."""
        self.add(osa.Trait(id=self.id("t"), person=person, name=name, value=value, since=since))

    def idea(self, group: str, origin: str, raised_on: date, until: date) -> None:
        """An idea and what came of it by the day *until*; not everything has come to an end."""
        decided_on = self.later(raised_on, 10, 50)
        decision = self.pick({"accepted": 68, "declined": 18, "later": 14})
        implemented_on = self.later(decided_on, 14, 90) if self.happens(0.8) else None
        if decision != "accepted" or decided_on > until:
            implemented_on = None
        lasting = implemented_on is not None and self.happens(0.6)
        established_on = self.later(implemented_on or until, 90, 150) if lasting else None
        told_back_on = self.later(decided_on, 1, 21) if self.happens(0.9) else None
        if decision == "later" or decided_on > until:
            told_back_on = None

        def known(day: date | None) -> date | None:
            return day if day is not None and day <= until else None

        self.add(
            osa.Idea(
                id=self.id("i"),
                group=group,
                origin=origin,
                raised_on=raised_on,
                decided_on=known(decided_on),
                decision=decision if decided_on <= until else None,
                implemented_on=known(implemented_on),
                established_on=known(established_on),
                told_back_on=known(told_back_on),
            )
        )

    def assessment(
        self,
        group: str,
        instrument: str,
        wave: str,
        day: date,
        scores: dict[str, float],
        version: str = "1",
    ) -> None:
        """One form of a group, or of somebody in it who is not known, with its scores."""
        form = self.add(
            osa.Assessment(
                id=self.id("f"),
                group=group,
                instrument=instrument,
                instrument_version=version,
                wave=wave,
                happened_on=day,
            )
        )
        for scale, value in scores.items():
            self.add(
                osa.Score(
                    id=self.id("v"),
                    assessment=form.id,
                    scale=scale,
                    value=value,
                    completeness="complete",
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
        group: str | None,
        happened_on: date,
        head: str,
        *,
        cents: int | None = None,
        minutes: int | None = None,
        worker_kind: str | None = None,
    ) -> None:
        """Money or working time spent on a group, or on the programme as a whole."""
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

    def observed(self, measure: str, day: date) -> None:
        """That something was there on a day; it belongs to the programme and to no person."""
        self.add(
            osa.Observation(
                id=self.id("o"),
                program=self.program,
                phase="during",
                observed_on=day,
                measure=measure,
            )
        )

    def mark_as_synthetic(self, day: date) -> None:
        """The observation by which every report says that the facts are made up."""
        self.observed(MARKER, day)


def on_day(session: osa.Session) -> date:
    """The local day of a session."""
    return session.starts_at.date()


def known(day: date | None) -> date:
    """A day that is there by how it was made."""
    if day is None:
        raise ValueError("no day")
    return day
