"""Taking back what should never have been stored, and seeing that a store is sound."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from osallisuus.errors import Problem, StoreError
from osallisuus.model.facts import TABLES, Fact
from osallisuus.model.store import Progress, Versions
from osallisuus.register.facts import Facts
from osallisuus.whole import refuse_taken

__all__ = ["Named", "Upkeep"]

Named: TypeAlias = Iterable[Fact] | Mapping[str, Collection[str]]
"""Facts: themselves, or the ids by table."""


class Upkeep(Facts):
    """What is done with a store as a whole, and with facts that are wrong as such."""

    def versions(self, facts: Named) -> dict[tuple[str, str], int]:
        """The versions that those facts have now; 0 where the store does not hold one.

        Give them to :meth:`~osallisuus.register.facts.Facts.add` or :meth:`void` as *expect*, and
        nothing is stored if somebody else has changed one of them meanwhile.
        """
        self._refuse_without("expect", "tells no versions")
        found: dict[tuple[str, str], int] = {}
        for table, ids in _ids(facts).items():
            known = self.store.versions(table, ids)
            found |= {(table, one): known.get(one, 0) for one in sorted(ids)}
        return found

    def void(self, facts: Named, *, reason: str, expect: Versions | None = None) -> int:
        """Take back *facts* that should never have been there; how many there were.

        What was known before stays readable as known then: to take a person out for good is
        :meth:`~osallisuus.register.erasure.Erasure.erase`. All problems at once, and then nothing
        is changed, as :class:`StoreError`: facts that the store does not hold, and others that
        refer to them. :class:`~osallisuus.errors.VersionConflict` as *expect* says.
        """
        self._refuse_without("void", "takes nothing back")
        self._refuse_unseen(expect)
        ids = _ids(facts)
        problems = [*self._unheld(ids), *self._referring(ids)]
        if problems:
            raise StoreError(problems)
        return self.store.void(ids, self._act(reason), expect=expect)

    def snapshot(self, target: str | Path) -> int:
        """Write everything in the store to a new SQLite file, as of one moment; its last commit.

        The file is a store by itself, with all history, the journal and the ledger: a backup, or
        what :meth:`restore` takes in. It holds all that the store holds, who must not share a group
        and what people said included. That it leaves goes into the journal before it does.
        Raises :class:`StoreError` where something is there already, or it cannot be written.
        """
        self._refuse_without("snapshot", "writes no snapshot")
        path = Path(target)
        refuse_taken(path)
        self._note("snapshot", str(target))
        return self.store.snapshot(path)

    def restore(self, source: str | Path, *, progress: Progress | None = None) -> int:
        """Take everything of a snapshot into this store, which must be empty; the commit of it.

        *source* is what :meth:`snapshot` wrote, whatever kind of store it was, or the ``.db`` file
        of a SQLite store; it stays as it is. So a store moves from one kind to another with all that
        it knows: every revision, the journal, the ledger, and who was erased. From then on write
        and release in one of the two only, since neither hears of the other.
        Raises :class:`StoreError`, and takes in nothing, where this store holds anything already,
        or *source* is no snapshot, of another schema version, or not as it was written.
        """
        if self._known is not None or "restore" not in self.store.capabilities:
            raise StoreError(
                "only a new store with history takes in a snapshot",
                remedy="restore into a new .db file, or a schema of PostgreSQL",
            )
        path = Path(source)
        return self.store.restore(path, self._act(path.name), progress=progress)

    def verify(self) -> tuple[Problem, ...]:
        """What was tampered with or damaged in the store; nothing if it is sound.

        :class:`StoreError` for a store that has nothing by which this could be known.
        """
        self._refuse_without("verify", "has nothing to be verified by")
        return self.store.verify()

    def _unheld(self, ids: Mapping[str, Collection[str]]) -> Iterator[Problem]:
        for table, of in ids.items():
            missing = len(set(of) - self.store.known_ids(table, of))
            if missing:
                what = f"{missing} of these facts are not held: never added, or taken back before"
                yield Problem(what, table, "leave them out")

    def _referring(self, ids: Mapping[str, Collection[str]]) -> Iterator[Problem]:
        """Current facts that stay and refer to some that would go."""
        for table in TABLES.values():
            for column in table.columns:
                targets = {one for of in column.refers_to for one in ids.get(of, ())}
                if not targets:
                    continue
                found = self.store.ids_where(table.name, column.name, targets)
                held = self.store.known_ids(table.name, found)
                last = {
                    fact.id: getattr(fact, column.name)
                    for _, fact in self.store.revisions(table.name, held)
                }
                stays = set(last) - set(ids.get(table.name, ()))
                count = sum(last[one] in targets for one in stays)
                if count:
                    what = f"{count} facts refer to what would be taken back"
                    where = f"{table.name}.{column.name}"
                    yield Problem(what, where, "correct them first, or take them back too")


def _ids(facts: Named) -> dict[str, set[str]]:
    if isinstance(facts, Mapping):
        for table in facts:
            if table not in TABLES:
                raise StoreError(
                    "there is no such table", where="void", remedy=f"known: {', '.join(TABLES)}"
                )
        return {table: set(facts[table]) for table in TABLES if facts.get(table)}
    found: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        found[fact.table.name].add(fact.id)
    return {table: found[table] for table in TABLES if table in found}
