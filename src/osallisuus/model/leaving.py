"""The port for fact exporters: facts in, a file or a folder out.

Reports leave as figures that have passed the disclosure gate. Facts leave as they are, for those
who may see them: for a new store, for process mining, for a patient record. Two things never reach
an exporter: judgements on who must not share a group (R4), and, unless somebody asks for them,
anybody's own words (R3).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Final, Protocol, TypeVar, runtime_checkable

from osallisuus.model.facts import Fact
from osallisuus.model.program import Program
from osallisuus.model.stated import Locale

__all__ = ["API_VERSION", "FactExporter", "FactSource"]

API_VERSION: Final = 1
"""The version of this port. It changes only when an exporter written for it could break."""

F = TypeVar("F", bound=Fact)


class FactSource(Protocol):
    """The facts that may leave, one table after the other, as a stream."""

    @property
    def locale(self) -> Locale:
        """The language of labels, where a format has them."""
        ...

    def rows(self, kind: type[F]) -> Iterator[F]:
        """All records of one kind in the order of their ids. It may be asked for several times.

        What is not asked for is named in the manifest as not part of the format.
        """
        ...

    def program(self, name: str) -> Program | None:
        """The definition of a programme that is installed; ``None`` where there is none."""
        ...


@runtime_checkable
class FactExporter(Protocol):
    """Writes facts in one format.

    An exporter is made without arguments, keeps no state, and gives equal bytes for equal facts. It
    reads no clock and no environment. It writes as the rows come, so that a register of millions
    needs little memory.
    """

    api_version: ClassVar[int]
    name: ClassVar[str]
    """What users write after ``--as``; the name of the entry point."""
    suffix: ClassVar[str]
    """The ending of its one file, with its dot; empty where it writes a folder."""

    def write(self, facts: FactSource, place: Path) -> None:
        """Write *place*, a new file, or a new folder that this makes.

        The caller gives a private place and moves it to where it belongs when all is written, so
        nothing half done is ever seen.
        """
        ...
