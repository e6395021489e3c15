"""A store's facts published to a copy for engines: everything exactly once, and nothing stays.

What leaves is pseudonymous and internal. The judgements on who must not share a group and all free
texts stay with the store.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import evolve

from osallisuus import plugins
from osallisuus.errors import StoreError
from osallisuus.model.facts import TABLES
from osallisuus.model.store import Entry, Progress
from osallisuus.register.address import at_home
from osallisuus.register.facts import Facts
from osallisuus.values import frozen

if TYPE_CHECKING:
    from osallisuus.model.sink import Part, Position, Sink

__all__ = ["Synced", "Syncs"]

_TAKING_OUT: Final = frozenset({"erase", "forget", "void"})
"""The operations after which a copy is compared with what the store holds.

After the first two a store no longer tells what it has held; and a copy that was read while others
wrote may hold facts of later commits, of which it is not told that they were taken back."""
_ROUNDS: Final = 5
"""How often a sync follows a store that is written to meanwhile."""


@frozen
class Synced:
    """What a sync did: from which commit to which, and how many rows came and went."""

    after: int
    upto: int
    rows: int
    removed: int


class Syncs(Facts):
    """Facts are published to copies that stay in step."""

    def sync(
        self,
        place: str,
        *,
        compact: bool = False,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> Synced:
        """Bring the copy at *place* up to the store's last commit, or make it.

        *place* is ``delta:FOLDER``, ``parquet:FOLDER``, or of another kind that a sink plug-in
        names. That facts leave goes into the journal before they do. What was erased or taken back
        since the last sync goes from the copy, with its bytes. *compact* puts the copy into fewer
        files; with *dry_run* nothing is written, and ``removed`` counts only what was taken back.

        Raises :class:`~osallisuus.errors.StoreError` where the copy is of another store, lacks a
        file, or cannot be written, :class:`~osallisuus.errors.StoreBusy` while somebody else is at it, and
        :class:`~osallisuus.errors.PluginError` without the extra that the sink needs.
        """
        self._refuse_sync(place)
        name, path = _address(place)
        sink: Sink = plugins.use("sinks", name, lambda kind: kind.open(path, create=True))
        try:
            plugins.use("sinks", name, lambda _: _refuse_gone(sink, place))
            if dry_run:
                return self._looked_at(sink, place)
            done = plugins.use("sinks", name, lambda _: self._brought(sink, place, progress))
            plugins.use("sinks", name, lambda _: _left_to_do(sink, compact=compact))
        finally:
            sink.close()
        return done

    def _refuse_sync(self, place: str) -> None:
        if self._known is not None:
            raise StoreError(
                "a copy holds the facts of now", where=place, remedy="sync the register of now"
            )
        if not {"changes", "journal", "note"} <= self.store.capabilities:
            raise StoreError(
                "this store does not tell what has changed since a commit",
                where=place,
                remedy="import it into a .db file, and sync that",
            )

    def _brought(self, sink: Sink, place: str, progress: Progress | None) -> Synced:
        """Follow the store until nothing was written to it meanwhile, or often enough."""
        start = sink.position()
        done = Synced(start.tx, start.tx, 0, 0)
        entries = self._since(start, place)
        if entries or not start.tx:  # of nothing as well a copy is made, which can be opened
            self._note("sync", place)
        for _ in range(_ROUNDS):
            after = sink.position()
            entries = self._since(after, place)
            if not entries:
                break
            published = sink.publish(
                after,
                _position_of(entries[-1]),
                _told(self._parts(after.tx), progress),
                known=self.store.known_ids if after.tx and _taken_out(entries) else None,
                added=_only_added(entries),
                exact=partial(self._stands_at, entries[-1].tx),
            )
            done = evolve(
                done,
                upto=entries[-1].tx,
                rows=done.rows + published.rows,
                removed=done.removed + published.removed,
            )
        return done

    def _stands_at(self, tx: int) -> bool:
        return self.store.head() == tx

    def _looked_at(self, sink: Sink, place: str) -> Synced:
        after = sink.position()
        entries = self._since(after, place)
        rows = removed = 0
        for part in self._parts(after.tx) if entries else ():
            rows += 0 if part.rows is None else part.rows.num_rows
            removed += len(part.removed)
        return Synced(after.tx, entries[-1].tx if entries else after.tx, rows, removed)

    def _since(self, position: Position, place: str) -> list[Entry]:
        """What the journal says since a copy was published; refused if the copy is not of it."""
        journal = iter(self.journal())
        if position.tx:
            held = next(islice(journal, position.tx - 1, None), None)
            if held is None or _position_of(held) != position:
                raise StoreError(
                    "this copy is of another store, or of a later state of this one",
                    where=place,
                    remedy="publish to a new folder",
                )
        return list(journal)

    def _parts(self, after: int) -> Iterator[Part]:
        """What is otherwise than at the commit *after*, as columns."""
        from osallisuus.model.arrow import arrow_batch, read_arrow
        from osallisuus.model.codec import codec
        from osallisuus.model.sink import PUBLISHED, Part

        if not after:
            for table in PUBLISHED:
                for rows in read_arrow(self.store, table):
                    yield Part(table.name, rows)
            return
        published = {table.name for table in PUBLISHED}
        for change in self.store.changes(after):
            if change.table in published:
                table = TABLES[change.table]
                tuples = codec(table.name, native=True).dump(change.facts)
                rows = arrow_batch(table, tuples) if tuples else None
                yield Part(change.table, rows, change.removed)


def _refuse_gone(sink: Sink, place: str) -> None:
    """Refuse to go on with a copy of which somebody took a file away: nobody would notice."""
    from osallisuus.model.sink import ANEW, PUBLISHED

    for table in PUBLISHED if sink.position().tx else ():
        # where files are is the sink's own affair; only those of this machine are looked for
        if any(Path(file).is_absolute() and not Path(file).exists() for file in sink.files(table)):
            raise StoreError(
                "a file of the copy is gone",
                where=f"{place}, table {table.name}",
                remedy=ANEW,
            )


def _address(place: str) -> tuple[str, str]:
    found = re.fullmatch(r"([A-Za-z][A-Za-z0-9+_-]+):(?://(?=/))?(.+)", place)
    if not found:
        raise StoreError(
            "this is not the place of a copy",
            where=place,
            remedy="name one such as parquet:FOLDER or delta:FOLDER",
        )
    return found[1].lower(), at_home(found[2])


def _position_of(entry: Entry) -> Position:
    from osallisuus.model.sink import Position

    return Position(entry.tx, entry.digest)


def _taken_out(entries: Iterable[Entry]) -> bool:
    return any(entry.operation in _TAKING_OUT for entry in entries)


def _only_added(entries: Iterable[Entry]) -> bool:
    """Whether nothing but new facts was written, so that none of them can be in a copy."""
    return all(
        entry.revised == entry.removed == 0 and (entry.operation == "append" or not entry.content)
        for entry in entries
    )


def _told(parts: Iterable[Part], progress: Progress | None) -> Iterator[Part]:
    """The parts, while their rows are told to *progress*."""
    table, count = "", 0
    for part in parts:
        if part.rows is not None and progress is not None:
            count = (count if part.table == table else 0) + part.rows.num_rows
            table = part.table
            progress(table, count)
        yield part


def _left_to_do(sink: Sink, *, compact: bool) -> None:
    if compact:
        sink.compact()
    elif sink.unfinished():
        sink.finish()
