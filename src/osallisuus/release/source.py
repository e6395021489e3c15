"""What a report asks: a register, as far as a report needs one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol, TypeVar

from osallisuus.disclosure.publish import Press
from osallisuus.metrics.engine import Engine
from osallisuus.metrics.figure import Result
from osallisuus.metrics.measure import Measurement
from osallisuus.metrics.metric import Metric
from osallisuus.model.facts import Fact, Group
from osallisuus.time import Period

if TYPE_CHECKING:
    from osallisuus.model.program import Program

__all__ = ["Source"]

F = TypeVar("F", bound=Fact)


class Source(Protocol):
    """What a report asks: a register."""

    def press(self) -> Press:
        """What makes releases of the facts."""
        ...

    def measurement(
        self,
        metric: str | Metric,
        *,
        engine: Engine,
        by: Sequence[str] = ...,
        periods: str | Sequence[Period] = ...,
        as_of: date | None = ...,
        program: str | Program | None = ...,
        confidence: float = ...,
        policies: Mapping[str, str] | None = ...,
    ) -> Measurement:
        """A metric asked once."""
        ...

    def measure(
        self,
        metric: str | Metric,
        *,
        by: Sequence[str] = ...,
        periods: str | Sequence[Period] = ...,
        as_of: date | None = ...,
        program: str | Program | None = ...,
        confidence: float = ...,
        policies: Mapping[str, str] | None = ...,
    ) -> Result:
        """A metric asked once: exact figures that lead back to the facts."""
        ...

    def facts(self, kind: type[F]) -> Iterator[F]:
        """All records of one kind."""
        ...

    def groups_of(self, program: str) -> tuple[Group, ...]:
        """The groups of a programme, in the order in which they start."""
        ...

    def is_synthetic(self) -> bool:
        """Whether the facts say of themselves that they are made up."""
        ...
