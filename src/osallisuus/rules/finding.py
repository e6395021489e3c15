"""What a finding is, and what every rule that finds something is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from osallisuus.rules.severity import Severity, kind_of
from osallisuus.values import frozen

__all__ = ["Finding", "FindingRule", "PlaceOf", "Rows"]


@frozen
class Finding:
    """One thing that deserves a look: a code, in words, where, and what would settle it."""

    code: str
    what: str
    where: str
    remedy: str

    @property
    def severity(self) -> Severity:
        """How much it matters (:mod:`osallisuus.rules.severity`)."""
        return kind_of(self.code).severity

    @property
    def requirement(self) -> str:
        """The ids of the requirements that the rule serves, such as ``V24, Q20``; may be empty."""
        return kind_of(self.code).requirement

    def __str__(self) -> str:
        return f"{self.what} @ {self.where} ({self.remedy})"


Rows: TypeAlias = Mapping[str, Sequence[Any]]
"""Fact records by the name of their table."""

PlaceOf: TypeAlias = Callable[[str, int], str]
"""Names the row of a table by its number, such as ``attendance.csv:5`` or ``attendance[a1]``."""

FindingRule: TypeAlias = Callable[[Rows, PlaceOf], Iterator[Finding]]
"""A rule that looks at facts alone. A table that is not given makes it say nothing."""
