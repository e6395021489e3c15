"""What every store's append has in common: the digest that chains its journal, and a check."""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Mapping, Sequence

from osallisuus.errors import StoreError
from osallisuus.model.batch import Batch
from osallisuus.model.codec import codec, column_of
from osallisuus.model.columns import Scalar
from osallisuus.model.facts import Fact

__all__ = ["digest", "digest_rows", "refuse_repeated"]


def digest_rows(previous: str, rows: Mapping[str, Sequence[tuple[Scalar, ...]]]) -> str:
    """SHA-256 over the previous digest and the storage tuples, table by table."""
    total = hashlib.sha256(previous.encode())
    for table, tuples in rows.items():
        total.update(table.encode())
        # version 2 of the format has no references: equal values give equal bytes
        total.update(marshal.dumps(list(tuples), 2))
    return total.hexdigest()


def digest(previous: str, facts: Mapping[str, Sequence[Fact]]) -> str:
    """The same over records."""
    return digest_rows(previous, {table: codec(table).dump(rows) for table, rows in facts.items()})


def refuse_repeated(batch: Batch) -> None:
    """Refuse an id that stands twice in one table of one append: which of them would hold?"""
    for table, facts in batch.rows.items():
        if len(set(column_of(facts, "id"))) != len(facts):
            raise StoreError(
                "an id stands twice in one append", where=table, remedy="keep one fact of each id"
            )
