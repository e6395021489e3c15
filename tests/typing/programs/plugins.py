"""Somebody writes an exporter, a metric and a look at what goes wrong."""

from typing import ClassVar, reveal_type

import osallisuus as osa
from osallisuus.reports.document import Document
from osallisuus.reports.exporter import Exporter


class Shout:
    """An exporter as its port wants it."""

    api_version: ClassVar[int] = 1
    name: ClassVar[str] = "shout"
    suffix: ClassVar[str] = ".txt"
    media_type: ClassVar[str] = "text/plain"

    def render(self, document: Document) -> bytes:
        return document.title.upper().encode()


class Silent:
    """One that gives text where bytes are wanted."""

    api_version: ClassVar[int] = 1
    name: ClassVar[str] = "silent"
    suffix: ClassVar[str] = ".txt"
    media_type: ClassVar[str] = "text/plain"

    def render(self, document: Document) -> str:
        return ""


good: Exporter = Shout()
bad: Exporter = Silent()  # expect: error

own = osa.Proportion(
    name="own",
    cases="SELECT id, person, 1 AS num, started_on AS at FROM enrollments",
)
reveal_type(own)  # revealed: Proportion
metric: osa.Metric = own
osa.Proportion(name="own")  # expect: error
own.name = "another"  # expect: error


def measured(register: osa.Register) -> str:
    try:
        return str(register.measure(own))
    except osa.OsallisuusError as error:
        reveal_type(error.problems)  # revealed: tuple[Problem, ...]
        return str(error.problems[0].remedy)
