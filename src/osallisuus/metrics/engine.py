"""The Engine port: what answers a tabulation, and the few words by which SQL engines differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar, Protocol

from attrs import field

from osallisuus.model.store import Store
from osallisuus.values import frozen

__all__ = ["ENGINE_API", "Dialect", "Engine", "EngineKind", "Query", "Value", "With"]

ENGINE_API = 1
"""The version of this port; an engine plug-in states it as ``api_version``."""

Value = int | str | date | None
"""What may be bound to a parameter."""


def _same(sql: str) -> str:
    return sql


@frozen
class Dialect:
    """All that differs between engines inside the portable subset; measured, not guessed."""

    name: str
    days: str
    """Whole days from ``{a}`` to ``{b}``."""
    day: str
    """The local day of the local time ``{a}``, as a date."""
    mark: str = ":{}"
    """A bound parameter."""
    inline: str = ""
    """What says of a named relation that it is read in place, however often it is named."""
    counts_rows: bool = False
    """Whether equal rows are counted faster by the engine itself than by GROUP BY."""
    stage: bool = False
    """Whether facts are copied to indexed temporary tables first."""
    finish: Callable[[str], str] = _same
    """A last rewrite of the text, for far dialects only."""


@frozen
class Query:
    """One SELECT with its bound values. ``person_level``: its rows are single cases.

    ``counted``: equal rows are answered as one, with their number as a last value; ``columns``
    are then the names of the others. Only an engine whose dialect says ``counts_rows`` is asked.
    """

    sql: str
    params: Mapping[str, Value] = field(factory=dict)
    columns: tuple[str, ...] = ()
    person_level: bool = False
    counted: bool = False


class Engine(Protocol):
    """Answers queries over the fact tables as known at one commit."""

    api_version: ClassVar[int]
    dialect: Dialect

    def table(self, name: str) -> str:
        """What stands in FROM for the fact table *name*, all rows known at the commit."""
        ...

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        """The rows in any order: integers, text and ``None`` only."""
        ...

    def close(self) -> None:
        """Let go of what the engine itself holds, not of the store."""
        ...


class EngineKind(Protocol):
    """What opens an engine over a store: the class that a plug-in declares, or :class:`With`."""

    def open(self, store: Store, *, known_at: int | None = None) -> Engine:
        """An engine over the facts of *store* as known at a commit, by default as of now.

        Raises :class:`EngineError` where it cannot read this store, or not as known earlier.
        """
        ...


@frozen
class With:
    """A kind of engine together with what it is to be opened with, such as a session."""

    kind: Callable[..., Engine]
    options: Mapping[str, Any] = field(repr=False)

    def open(self, store: Store, *, known_at: int | None = None) -> Engine:
        """See :class:`EngineKind`."""
        return self.kind(store, known_at=known_at, **self.options)
