"""What erasing a person takes out of a store, and what of others it leaves standing (U11, U21, Q24).

A fact is the person's where it names them, or belongs to one that is theirs; in any revision, also
in one that was corrected or taken back since. Work that somebody did for others is not: of a case
of guidance the guide, of an encounter the peer, and whoever decided something, are only *named*
there, and afterwards it says that it was someone (:data:`~osallisuus.model.store.SOMEONE`).

What was recorded of the person by mistake and belongs to somebody else now stays theirs, but for
the revisions of before. A pair of people who must not share a group goes as a whole.

A fact that stays may have the person's id inside its own, as when an import joined it of parts. It
gets another id, and so does whatever refers to it. The ids of other people are never touched.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from osallisuus.model.columns import Column
from osallisuus.model.facts import TABLES, Fact
from osallisuus.model.store import Store
from osallisuus.values import frozen

__all__ = ["Traces", "free_texts", "is_telling", "mentions", "names_worker", "traces_of"]

_WORK: Final = (("guidance", "guide"), ("encounters", "peer"))
"""Columns that name a person who worked for others, in facts that are not about that person."""

_TELLING: Final = 6
"""Characters of an id from which on it stands in another id by no chance: "1" does in "s-1"."""


@frozen(kw_only=True, repr=False)
class Traces:
    """The ids of what erasing a person changes, by table; it never shows them."""

    taken: Mapping[str, frozenset[str]]
    """Facts of the person's: they go with every revision."""
    shortened: Mapping[str, frozenset[str]]
    """Facts of others that were once the person's: revisions that do not hold now go."""
    named: Mapping[str, frozenset[str]]
    """Facts of others that name the person, in whatever revision stays."""
    renamed: Mapping[str, frozenset[str]]
    """Facts of others, under the ids that hold the person's: they get another one."""

    def __bool__(self) -> bool:
        return bool(self.taken or self.shortened or self.named or self.renamed)

    def __repr__(self) -> str:
        return f"Traces({sum(map(len, self.taken.values()))} facts)"


def traces_of(store: Store, person: str) -> Traces:
    """What of *store* is a person's, and what names them. Only a store that can ``erase`` is asked.

    A table refers only to tables before it, so one pass in their order finds what belongs to what.
    """
    owned: dict[str, _Owned] = {}
    for table in TABLES:
        owned[table] = _owned(store, table, person, owned)
    taken = {table: frozenset(of.taken) for table, of in owned.items() if of.taken}
    shortened = {table: frozenset(of.shortened) for table, of in owned.items() if of.shortened}
    named = {
        table: frozenset(ids - taken.get(table, frozenset()))
        for table in TABLES
        if (ids := _named(store, table, person))
    }
    renamed = {
        table: frozenset(ids - taken.get(table, frozenset()))
        for table, ids in _holding(store, person, named).items()
    }
    return Traces(
        taken=taken,
        shortened=shortened,
        named={table: ids for table, ids in named.items() if ids},
        renamed={table: ids for table, ids in renamed.items() if ids},
    )


def mentions(text: str | None, person: str) -> bool:
    """Whether the id *person* stands in *text* as a word of its own."""
    whole = rf"(?<![A-Za-z0-9]){re.escape(person)}(?![A-Za-z0-9])"
    return text is not None and re.search(whole, text) is not None


def is_telling(person: str) -> bool:
    """Whether an id is long enough to stand in another text by no chance."""
    return len(person) >= _TELLING


def names_worker(table: str, column: str) -> bool:
    """Whether the column names somebody who worked for others: its fact stays without them."""
    of = TABLES[table].column(column)
    decides = of.type.name == "id" and column != "id" and not of.refers_to
    return decides or (table, column) in _WORK


def free_texts(store: Store, *, apart_from: Mapping[str, Collection[str]]) -> dict[str, int]:
    """How many free texts each table holds now, apart from the facts of those ids.

    Whether one of them speaks of a person can only be known by reading it.
    """
    found = {}
    for table in TABLES.values():
        columns = [one.name for one in table.columns if one.field_class == "free_text"]
        if not columns:
            continue
        left = apart_from.get(table.name, ())
        count = sum(
            getattr(fact, column) is not None
            for part in store.scan(table.record)
            for fact in part
            if fact.id not in left
            for column in columns
        )
        if count:
            found[table.name] = count
    return found


class _Owned:
    """Facts of a table of which some revision is the person's, with which of them are."""

    def __init__(self) -> None:
        self.revisions: dict[str, list[tuple[int, bool]]] = defaultdict(list)
        """Id -> every revision: the commit that wrote it, and whether it is the person's."""
        self.taken: set[str] = set()
        self.shortened: set[str] = set()

    def at(self, fact_id: str, tx: int) -> bool:
        """Whether the fact was the person's at that commit, or goes as a whole."""
        history = self.revisions.get(fact_id)
        if not history:
            return False
        stood = [mine for written, mine in history if written <= tx]
        return fact_id in self.taken or (stood[-1] if stood else history[0][1])


def _owned(store: Store, table: str, person: str, owned: Mapping[str, _Owned]) -> _Owned:
    found = _Owned()
    for tx, fact in store.revisions(table, _candidates(store, table, person, owned)):
        found.revisions[fact.id].append((tx, _is_theirs(table, tx, fact, person, owned)))
    for fact_id, history in found.revisions.items():
        if history[-1][1]:
            found.taken.add(fact_id)
        elif any(mine for _, mine in history):
            found.shortened.add(fact_id)
    return found


def _holding(
    store: Store, person: str, named: Mapping[str, Collection[str]]
) -> dict[str, set[str]]:
    """The ids of facts, but not of people, that hold the person's.

    A short one stands in many by chance, so then only facts count that name the person, and what
    belongs to those.
    """
    near: dict[str, set[str]] = {}
    found = {}
    for table in TABLES:
        if table == "people":
            continue
        near[table] = set(named.get(table, ()))
        for column, parents in _belonging(table):
            of = set().union(*(near.get(parent, ()) for parent in parents))
            if of:
                near[table] |= store.ids_where(table, column.name, of)
        held = {one for one in store.ids_with(table, person) if mentions(one, person)}
        found[table] = held if is_telling(person) else held & near[table]
    return found


def _candidates(
    store: Store, table: str, person: str, owned: Mapping[str, _Owned]
) -> Collection[str]:
    """The ids of facts that name the person, or something that was ever theirs."""
    found = {person} if table == "people" else set()
    for column, parents in _belonging(table):
        values = {person} if "people" in parents else set()
        for parent in parents:
            values |= owned[parent].revisions.keys()
        if values:
            found |= store.ids_where(table, column.name, values)
    return found


def _is_theirs(table: str, tx: int, fact: Fact, person: str, owned: Mapping[str, _Owned]) -> bool:
    if table == "people":
        return fact.id == person
    for column, parents in _belonging(table):
        value = getattr(fact, column.name)
        if value is None:
            continue
        if "people" in parents and value == person:
            return True
        if any(owned[parent].at(value, tx) for parent in parents if parent != "people"):
            return True
    return False


def _belonging(table: str) -> Iterator[tuple[Column, tuple[str, ...]]]:
    """The columns that say whose a fact is: a person, or another fact; and of which tables."""
    for column in TABLES[table].columns:
        if column.refers_to and (table, column.name) not in _WORK:
            yield column, column.refers_to


def _named(store: Store, table: str, person: str) -> set[str]:
    """The ids of facts that name the person in whatever column can name somebody."""
    found: set[str] = set()
    for column in TABLES[table].columns:
        if column.type.name != "id" or column.name == "id":
            continue
        # a column of ids that refers to no table says who decided
        if "people" in column.refers_to or not column.refers_to:
            found |= store.ids_where(table, column.name, [person])
    return found
