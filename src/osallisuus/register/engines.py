"""Which engine answers for a store, and how long it is kept.

Where nobody names one: files are read by DuckDB, a database answers in place, and everything else
is copied into an SQLite database in memory. A large SQLite file is copied into DuckDB, where that
is installed: columns are counted many times faster than rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from attrs import define

from osallisuus import plugins
from osallisuus.errors import DefinitionError, PluginError
from osallisuus.metrics.engine import Engine, EngineKind
from osallisuus.model.store import Store

__all__ = ["Engines"]

_LARGE: Final = 16 * 1024 * 1024
"""From this size of a SQLite file on it is copied: for a report that pays, whatever it asks."""


@define
class _Held:
    """An engine that is open, and how many are using it."""

    engine: Engine
    tx: int | None
    head: int
    users: int = 0
    retired: bool = False

    def retire(self) -> None:
        """Close the engine as soon as nobody uses it."""
        self.retired = True
        if not self.users:
            self.engine.close()


class Engines:
    """The engines of one store.

    *chosen* is the name of an engine plug-in or a kind of engine, and ``None`` leaves the choice to
    the store; *own* is the name under which the store was opened: an engine of the same name
    answers in place. Raises :class:`PluginError` or :class:`DefinitionError` where *chosen* is no
    engine.
    """

    def __init__(
        self, store: Store, chosen: str | EngineKind | None = None, *, own: str = ""
    ) -> None:
        self._store, self._chosen, self._own = store, chosen, own
        self._held: dict[bool, _Held] = {}
        if isinstance(chosen, str):
            plugins.load("engines", chosen)  # a misspelt name is told at once
        elif chosen is not None and not callable(getattr(chosen, "open", None)):
            raise DefinitionError(
                "this is no engine",
                where="engine",
                remedy="name a plug-in, or pass a kind such as SparkEngine.over(session)",
            )

    @contextmanager
    def at(self, tx: int | None) -> Iterator[Engine]:
        """An engine over the facts as known at the commit *tx*; ``None``: as of now.

        One of now and one of an earlier commit are kept until the store has another commit, since
        a report asks many metrics and a copy is dear.
        """
        held = self._at(tx)
        held.users += 1
        try:
            yield held.engine
        finally:
            held.users -= 1
            if held.retired:
                held.retire()

    def close(self) -> None:
        """Let go of every engine that is kept; those in use are closed after it."""
        while self._held:
            self._held.popitem()[1].retire()

    def _at(self, tx: int | None) -> _Held:
        head = self._store.head()
        asked = None if tx == head else tx
        earlier = asked is not None
        held = self._held.get(earlier)
        if held is not None and (held.tx, held.head) == (asked, head):
            return held
        if held is not None:
            del self._held[earlier]
            held.retire()
        held = self._held[earlier] = _Held(self._open(asked), asked, head)
        return held

    def _open(self, tx: int | None) -> Engine:
        if self._chosen is not None and not isinstance(self._chosen, str):
            return self._chosen.open(self._store, known_at=tx)
        if isinstance(self._chosen, str):
            return self._by_name(self._chosen, tx)
        if "files" in self._store.capabilities:
            return self._by_name("duckdb", tx)
        own = self._own if self._own in plugins.find("engines") else "sqlite"
        if own == "sqlite" and tx is None and _is_large(self._store):
            with suppress(PluginError):  # the extra is not there
                return self._by_name("duckdb", tx)
        return self._by_name(own, tx)

    def _by_name(self, name: str, tx: int | None) -> Engine:
        engine: Engine = plugins.use(
            "engines", name, lambda kind: kind.open(self._store, known_at=tx)
        )
        return engine


def _is_large(store: Store) -> bool:
    """Whether the facts are in a file of such a size; nothing is counted for it."""
    with suppress(OSError, ValueError):
        return Path(getattr(store, "where", "")).stat().st_size >= _LARGE
    return False
