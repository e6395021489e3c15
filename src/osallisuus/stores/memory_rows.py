"""The histories of a store in memory as the rows of a store in a file, and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeAlias

from attrs import astuple

from osallisuus.model.codec import codec
from osallisuus.model.facts import TABLES, Fact
from osallisuus.model.store import Entry, Publication
from osallisuus.stores.journal import content_of, digests_of_rows, text_of
from osallisuus.stores.sqlite_file import write_copy

__all__ = ["entered", "histories_in", "write"]

_Rows: TypeAlias = list[tuple[Any, ...]]
_Histories: TypeAlias = Mapping[str, Sequence[tuple[int, Fact | None]]]


def write(
    target: Path,
    books: Mapping[str, _Rows],
    tables: Mapping[str, _Histories],
    entries: Iterable[Entry],
) -> int:
    """Write a snapshot of those books and histories; the last commit in it."""
    rows = {table: _revisions(table, histories) for table, histories in tables.items()}
    lessened = [(tx,) for tx in _lessened(rows, entries)]
    return write_copy(target, {**books, "lessened": lessened, **rows}.__getitem__)


def entered(lines: Iterable[Entry | Publication]) -> _Rows:
    """Lines of the journal or the ledger."""
    return [(number, text_of(at), *rest) for number, at, *rest in map(astuple, lines)]


def _revisions(table: str, histories: _Histories) -> _Rows:
    """Every revision with the commit that wrote it and the one that ended it."""
    spans = [
        (fact, tx, end)
        for history in histories.values()
        for (tx, fact), (end, _) in zip(history, [*history[1:], (None, None)], strict=True)
        if fact is not None
    ]
    spans.sort(key=lambda span: (span[1], span[0].id))
    rows = codec(table).dump([fact for fact, _, _ in spans])
    return [(*row, tx, end) for row, (_, tx, end) in zip(rows, spans, strict=True)]


def _lessened(rows: Mapping[str, _Rows], entries: Iterable[Entry]) -> list[int]:
    """The commits of which an erasure has left something else than their digest says."""
    digests: dict[int, dict[str, str]] = {}
    for table in TABLES:
        counts = Counter(row[-2] for row in rows[table])
        left = ((tx, *row) for *row, tx, _ in rows[table])
        for tx, digest in digests_of_rows(left, counts).items():
            digests.setdefault(tx, {})[table] = digest
    return [entry.tx for entry in entries if entry.content != content_of(digests.get(entry.tx, {}))]


def histories_in(table: str, rows: _Rows) -> dict[str, list[tuple[int, Fact | None]]]:
    """The histories of the facts whose revisions those rows are."""
    histories: dict[str, list[tuple[int, Fact | None]]] = {}
    ends: dict[str, int | None] = {}
    rows.sort(key=itemgetter(-2))
    facts = codec(table).load([row[:-2] for row in rows])
    for fact, (*_, tx, end) in zip(facts, rows, strict=True):
        history = histories.setdefault(fact.id, [])
        before = ends.get(fact.id)
        if before is not None and before != tx:  # it was taken back, and added again later
            history.append((before, None))
        history.append((tx, fact))
        ends[fact.id] = end
    for one, end in ends.items():
        if end is not None:
            histories[one].append((end, None))
    return histories
