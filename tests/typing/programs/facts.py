"""Somebody records what happened."""

from datetime import date
from typing import reveal_type

import osallisuus as osa
from osallisuus.model.columns import FreeText

person = osa.Person(id="p-1", registered_on=date(2018, 1, 8))
reveal_type(person.id)  # revealed: str
reveal_type(person.registered_on)  # revealed: date
person.id = "p-2"  # expect: error
osa.Person("p-1", date(2018, 1, 8), "Maija")  # expect: error
osa.Person(id="p-1", registered_on=date(2018, 1, 8), name="Maija")  # expect: error
osa.Person(id=1, registered_on=date(2018, 1, 8))  # expect: error
osa.Person(id="p-1")  # expect: error

enrolled = osa.Enrollment(
    id="e-1", person="p-1", program="wertzu", program_version="1", started_on=date(2018, 1, 8)
)
reveal_type(enrolled.ended_on)  # revealed: date | None
reveal_type(enrolled.ending)  # revealed: str | None

# words in somebody's own voice have a type of their own, so that none is stored by mistake
osa.Answer(id="a-1", form="i-1", item="why", note=FreeText("in confidence"))
osa.Answer(id="a-1", form="i-1", item="why", note="in confidence")  # expect: error


def recorded(register: osa.Register) -> None:
    reveal_type(register.add([person, enrolled], reason="first meeting"))  # revealed: Receipt
    register.add([person, "p-2"])  # expect: error
    reveal_type(list(register.facts(osa.Enrollment)))  # revealed: list[Enrollment]
    for held in register.facts(osa.Session):
        reveal_type(held.minutes)  # revealed: int
        held.place  # expect: error
