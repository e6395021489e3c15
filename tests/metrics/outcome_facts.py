"""Facts of readings, for the tests of the metrics about change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import osallisuus as osa

DAYS = {"start": date(2025, 1, 8), "mid": date(2025, 3, 10), "end": date(2025, 5, 20)}
AS_OF = date(2025, 7, 1)
PLACES = ("Oulu", "Espoo")


def register(facts: Iterable[osa.Fact]) -> osa.Register:
    """A register with these facts, and with the people in them."""
    listed = list(facts)
    people = {getattr(fact, "person", None) for fact in listed} - {None}
    opened = osa.open("memory:", actor="test", purpose="test")
    opened.add(
        [
            *(osa.Person(id=one, registered_on=date(2025, 1, 1)) for one in sorted(people)),
            *listed,
        ]
    )
    return opened


def episode(person: str, **known: object) -> osa.Enrollment:
    """One period of taking part; what is not said is not known."""
    values = {"program": "verna", "program_version": "1", "started_on": date(2025, 1, 7)} | known
    return osa.Enrollment(id=f"e-{person}", person=person, **values)  # type: ignore[arg-type]


def reading(
    person: str | None,
    wave: str,
    values: float | Mapping[str, float | None] | None,
    *,
    instrument: str = "audit",
    version: str = "1",
    completeness: str = "complete",
    on: date | None = None,
    number: int = 0,
) -> list[osa.Fact]:
    """An assessment and its scores."""
    form = f"a-{instrument}-{person}-{wave}-{number}"
    scales = values if isinstance(values, Mapping) else {"total": values}
    return [
        osa.Assessment(
            id=form,
            person=person,
            instrument=instrument,
            instrument_version=version,
            wave=wave,
            happened_on=on or DAYS[wave],
        ),
        *(
            osa.Score(
                id=f"s-{form}-{scale}",
                assessment=form,
                scale=scale,
                value=value,
                completeness="not_computable" if value is None else completeness,
            )
            for scale, value in scales.items()
        ),
    ]


def pairs(readings: Sequence[tuple[float, float | None]], **how: object) -> list[osa.Fact]:
    """Person by person a reading before, and one after where there is one."""
    facts: list[osa.Fact] = []
    for number, (before, after) in enumerate(readings):
        person = f"p{number}"
        facts += reading(person, "start", before, **how)  # type: ignore[arg-type]
        facts.append(episode(person, ended_on=date(2025, 6, 1), ending="completed"))
        if after is not None:
            facts += reading(person, "end", after, **how)  # type: ignore[arg-type]
    return facts


def goals(of_person: Mapping[str, Sequence[tuple[int, int | None]]]) -> list[osa.Fact]:
    """Per person the weight and the rating of each goal; ``None``: not rated."""
    facts: list[osa.Fact] = []
    for person, listed in of_person.items():
        for number, (weight, level) in enumerate(listed):
            goal = f"g-{person}-{number}"
            facts.append(
                osa.Goal(id=goal, person=person, domain="home", weight=weight, set_on=DAYS["start"])
            )
            if level is not None:
                facts.append(
                    osa.GoalRating(id=f"r-{goal}", goal=goal, rated_on=DAYS["end"], level=level)
                )
    return facts
