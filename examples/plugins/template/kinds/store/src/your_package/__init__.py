"""A store that keeps facts in memory as yet: write one method after the other anew.

Declare in ``capabilities`` what yours can do by then, first of all ``durable``.
"""

from typing import Any, ClassVar, Self

from osallisuus.stores.memory import MemoryStore
from osallisuus.time import Clock

__all__ = ["Store"]


class Store(MemoryStore):
    """Keeps facts and their history until it is closed."""

    api_version: ClassVar[int] = 2
    capabilities = frozenset(["history", "journal", "ledger", "expect", "void", "erase", "note"])

    @classmethod
    def open(cls, place: str, *, clock: Clock, create: bool = True, **options: Any) -> Self:
        """The store of *place*, the text behind ``your-plugin:`` in an address."""
        return cls(clock)
