"""What is taken out of an SQL store for good, with its history, and out of its files."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from osallisuus.model.codec import codec
from osallisuus.model.facts import TABLES
from osallisuus.model.store import SOMEONE, Act
from osallisuus.stores.journal import (
    NOBODY,
    Columns,
    count_in,
    mark_of,
    new_names,
    refuse_later,
    replaced_in,
)
from osallisuus.stores.sql_database import names_of, own_errors
from osallisuus.stores.sql_writing import SQLWriting

__all__ = ["SQLErasing"]


class SQLErasing(SQLWriting):
    """The part of a store that forgets and erases."""

    @own_errors
    def forget(self, table: str, ids: Collection[str], act: Act) -> int:
        """See :class:`osallisuus.model.store.Store`; what was deleted is cleared from the files."""
        with self.writing():
            gone = self._take_out({TABLES[table].name: ids})
            if gone:
                reason = f"{table}: {gone}; {act.reason}"
                told = Act(act.actor, act.purpose, reason)
                self.enter("forget", told, counts=(0, 0, gone))
        if gone:
            self.clear_bytes([table])
        return gone

    @own_errors
    def erase(
        self,
        person: str,
        ids: Mapping[str, Collection[str]],
        act: Act,
        *,
        earlier: Mapping[str, Collection[str]] | None = None,
        renamed: Collection[str] = (),
        after: int | None = None,
    ) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        with self.writing():
            refuse_later(after, self._last()[0])
            gone = self._take_out(ids)
            self._take_out(earlier or {}, "tx_to IS NOT NULL AND")
            written = self._without(person, new_names(renamed), self._last()[0] + 1)
            mark = mark_of(person, self.secret())
            if not self.run("SELECT 1 FROM erased WHERE mark = ?", (mark,)).fetchone():
                self.run("INSERT INTO erased (mark, finished) VALUES (?, 0)", (mark,))
            revised = sum(map(count_in, written.values()))
            self.enter("erase", act, counts=(0, revised, gone), written=written)
            return gone

    def _take_out(self, ids: Mapping[str, Collection[str]], only: str = "") -> int:
        gone = 0
        for table in TABLES:
            if not ids.get(table):
                continue
            chosen = f"FROM {table} WHERE {only} {self.ever_among()}"
            wanted = (self.listed(ids[table]),) * 2
            query = f"SELECT COUNT(DISTINCT id) {chosen}"
            gone += self.run(query, wanted).fetchone()[0]
            self._lessen(f"SELECT DISTINCT tx_from {chosen}", wanted)
            self.run(f"DELETE {chosen}", wanted)
        return gone

    def _without(self, person: str, names: Mapping[str, str], tx: int) -> dict[str, Columns]:
        """Put someone where *person* is named, and new ids where those of *names* stand.

        The facts of now that this changes, as revised.
        """
        written: dict[str, Columns] = {}
        stays = False
        for table in TABLES:
            ids: set[str] = set()
            for name, others in replaced_in(table, person, names):
                changed = self._replace(table, TABLES[table].column(name).sql_name, others)
                ids |= changed
                stays = stays or bool(changed and SOMEONE in others.values())
            if not ids:
                continue
            query = f"SELECT {names_of(table)} FROM {table} WHERE tx_to IS NULL AND"
            found = self.run(f"{query} {self.among('id')}", (self.listed(ids),)).fetchall()
            if found:
                self._end(table, [row[0] for row in found], tx)
                written[table] = list(zip(*found, strict=True))
                self.put(table, written[table], tx)
        if stays:
            self._put_someone(tx, written)
        return written

    def _replace(self, table: str, column: str, others: Mapping[str, str]) -> set[str]:
        """Put other ids into a column; the ids of the facts that have one of them now."""
        chosen = f"FROM {table} WHERE {self.among(column)}"
        wanted = (self.listed(others),)
        found = self.run(f"SELECT DISTINCT id, {column} {chosen}", wanted).fetchall()
        if not found:
            return set()
        self._lessen(f"SELECT DISTINCT tx_from {chosen}", wanted)
        for old in sorted({value for _, value in found}):
            self.run(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (others[old], old))
        return {others[one] if column == "id" else one for one, _ in found}

    def _put_someone(self, tx: int, written: dict[str, Columns]) -> None:
        """The person without a person to whom what stays refers."""
        if not self._versions("people", [SOMEONE]):
            nobody = codec("people", native=self.native).columns([NOBODY])
            self.put("people", nobody, tx)
            written["people"] = nobody

    def _lessen(self, commits: str, values: Sequence[Any]) -> None:
        """Remember of which commits not every row is there any more."""
        for (tx,) in self.run(commits, values).fetchall():
            if not self.run("SELECT 1 FROM lessened WHERE tx = ?", (tx,)).fetchone():
                self.run("INSERT INTO lessened (tx) VALUES (?)", (tx,))

    @own_errors
    def unfinished_erasures(self) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        (count,) = self.run("SELECT COUNT(*) FROM erased WHERE finished = 0").fetchone()
        return int(count)

    @own_errors
    def finish_erasure(self) -> tuple[str, ...]:
        """See :class:`osallisuus.model.store.Store`."""
        owed = self.run("SELECT mark FROM erased WHERE finished = 0").fetchall()
        marks = [mark for (mark,) in owed]
        left = self.clear_bytes(TABLES)
        if not left and marks:
            with self.writing():
                self.run(
                    f"UPDATE erased SET finished = 1 WHERE {self.among('mark')}",
                    (self.listed(marks),),
                )
        return left
