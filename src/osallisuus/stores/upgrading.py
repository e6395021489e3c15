"""Bringing a store of an earlier schema version to the one that this library reads.

One transaction holds the write lock and takes every step; stopped in the middle, the store is what
it was. The digests of the journal are computed anew from the rows, since what they cover differs
between versions: from then on they prove what they prove, about the time before they say nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from osallisuus.model.store import Act
from osallisuus.stores.sql import SQLStore
from osallisuus.stores.sql_database import SCHEMA_VERSION, other_version, own_errors
from osallisuus.values import frozen

__all__ = ["Upgraded", "upgraded"]


@frozen
class Upgraded:
    """What an upgrade did, or in a dry run would do: the schema versions, and the commits."""

    before: int
    after: int
    commits: int
    """How many entries of the journal were written anew; 0 where nothing had to be done."""


class _Undo(Exception):
    """Ends the transaction of a dry run."""


@own_errors
def upgraded(
    store: SQLStore, steps: Mapping[int, Callable[[Any], None]], *, dry_run: bool
) -> Upgraded:
    """Take the *steps* from the store's version to ours, each named by the version it starts at.

    A dry run takes them too, and then takes them back. Raises
    :class:`~osallisuus.errors.StoreError` for a store of a newer version.
    """
    before, commits = store.version(), 0
    with suppress(_Undo), store.writing():
        before = store.version()  # another upgrade may have come first
        if before > SCHEMA_VERSION:
            raise other_version(before, store.where)
        for version in range(before, SCHEMA_VERSION):
            steps[version](store)
            store.set_version(version + 1)
        if before < SCHEMA_VERSION:
            commits = store.head()
            store.enter("upgrade", Act("osallisuus", "upgrade", f"{before} to {SCHEMA_VERSION}"))
        if dry_run:
            raise _Undo
    return Upgraded(before, SCHEMA_VERSION, commits)
