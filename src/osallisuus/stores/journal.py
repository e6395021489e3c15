"""What every store's writing has in common: the digests that chain its journal, and its checks."""

from __future__ import annotations

import hashlib
import marshal
import re
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Final, TypeAlias

from attrs import evolve

from osallisuus.errors import Problem, StoreError, VersionConflict
from osallisuus.model.codec import codec
from osallisuus.model.facts import TABLES, Fact, Person
from osallisuus.model.store import SOMEONE, Act, Entry, Versions
from osallisuus.time import YEARS

__all__ = [
    "NOBODY",
    "Columns",
    "chained",
    "content_of",
    "count_in",
    "digest_of",
    "digest_of_columns",
    "digests_of_rows",
    "mark_of",
    "new_names",
    "next_entry",
    "refuse_erased",
    "refuse_full",
    "refuse_later",
    "refuse_other_versions",
    "refuse_repeated",
    "refuse_unwritable",
    "replaced_in",
    "storage_columns",
    "text_of",
]

NOBODY: Final = Person(id=SOMEONE, registered_on=date(YEARS[0], 1, 1))
"""The person without a person to whom refers what others keep; the day says nothing of anybody."""
_UNWRITABLE: Final = re.compile("[\x00\ud800-\udfff]").search
_PART: Final = 500
"""Fewer than the new objects at which the garbage collector begins a round."""
Columns: TypeAlias = Sequence[Sequence[Any]]
"""What a commit writes to one table as :func:`~osallisuus.model.codec.codec` has it; ids first."""


def count_in(columns: Columns) -> int:
    """How many rows those are; where there are none, there need be no columns either."""
    return len(columns[0]) if columns else 0


def digest_of_columns(columns: Columns) -> str:
    """SHA-256 over what a commit wrote to one table, its days as text, by id; empty without."""
    if not count_in(columns):
        return ""
    digest = hashlib.sha256(_head(count_in(columns)))
    _feed(digest, zip(*_by_id(columns), strict=True))
    return digest.hexdigest()


def digests_of_rows(rows: Iterable[tuple[Any, ...]], counts: Mapping[int, int]) -> dict[int, str]:
    """The same for each commit, of rows that begin with their commit and come in the order of id.

    *counts* says how many rows each commit has. None of them stays in memory.
    """
    digests = {tx: hashlib.sha256(_head(count)) for tx, count in counts.items()}
    for tx, together in groupby(rows, key=itemgetter(0)):
        if tx in digests:
            _feed(digests[tx], (row[1:] for row in together))
    return {tx: digest.hexdigest() for tx, digest in digests.items()}


def _head(count: int) -> bytes:
    """What stands in a marshalled list before its items."""
    return b"[" + count.to_bytes(4, "little")


def _feed(digest: Any, rows: Iterator[tuple[Any, ...]]) -> None:
    # all at once would be one more copy of the commit, which Python's garbage collector would go
    # through again and again
    while part := list(islice(rows, _PART)):
        # version 2 of the format has no references: equal values give equal bytes
        digest.update(marshal.dumps(part, 2)[5:])


def _by_id(columns: Columns) -> Columns:
    order = sorted(range(len(columns[0])), key=columns[0].__getitem__)
    if order == list(range(len(order))):  # as they mostly come
        return columns
    return [list(map(column.__getitem__, order)) for column in columns]


def content_of(digests: Mapping[str, str]) -> str:
    """SHA-256 over what a commit wrote, from the digest of each table; empty if it wrote none."""
    told = [(table, digests[table]) for table in TABLES if digests.get(table)]
    return hashlib.sha256(marshal.dumps(told, 2)).hexdigest() if told else ""


def digest_of(entry: Entry) -> str:
    """SHA-256 over everything that an entry says, the digest of the one before it included."""
    said = (
        *(entry.previous, entry.tx, entry.recorded_at.astimezone(UTC).isoformat()),
        *(entry.actor, entry.purpose, entry.operation, entry.reason, entry.key),
        *(entry.added, entry.revised, entry.removed, entry.content),
    )
    return hashlib.sha256(marshal.dumps(said, 2)).hexdigest()


def next_entry(
    last: tuple[int, str],
    moment: datetime,
    operation: str,
    act: Act,
    *,
    key: str | None = None,
    counts: tuple[int, int, int] = (0, 0, 0),
    content: str = "",
) -> Entry:
    """The entry after the one with that number and digest; *counts* are added, revised, removed."""
    refuse_unwritable(act.actor, act.purpose, act.reason, key)
    tx, previous = last
    entry = Entry(
        *(tx + 1, moment.astimezone(UTC), act.actor, act.purpose, operation, act.reason, key),
        *(*counts, content, previous, ""),
    )
    return evolve(entry, digest=digest_of(entry))


def chained(entries: Sequence[Entry]) -> list[Problem]:
    """The places at which the chain of a journal is broken."""
    problems = []
    last = 0, ""
    for entry in entries:
        if (entry.tx, entry.previous) != (last[0] + 1, last[1]):
            problems.append(
                _broken("an entry is missing before it, or the order was changed", entry)
            )
        if entry.digest != digest_of(entry):
            problems.append(_broken("this entry was changed after it was written", entry))
        last = entry.tx, entry.digest
    return problems


def _broken(what: str, entry: Entry) -> Problem:
    return Problem(what, f"journal, commit {entry.tx}", "compare with a backup of before")


def refuse_repeated(ids: Mapping[str, Collection[str]]) -> None:
    """Refuse an id that stands twice in one table of one append: which of them would hold?"""
    for table, of in ids.items():
        if len(set(of)) != len(of):
            raise StoreError(
                "an id stands twice in one append", where=table, remedy="keep one fact of each id"
            )


def refuse_unwritable(*texts: str | None) -> None:
    """Refuse words of a commit that not every store can write."""
    for text in texts:
        if text is not None and _UNWRITABLE(text):
            raise StoreError(
                "a text of this commit holds half a character or a NUL; nothing was stored",
                where="actor, purpose, reason or key",
                remedy="leave it out",
            )


def refuse_other_versions(expect: Versions, actual: Versions) -> None:
    """Refuse to write where a fact has another version than the writer has seen."""
    tables = sorted({table for (table, one), tx in expect.items() if actual[table, one] != tx})
    if tables:
        raise VersionConflict(
            "somebody has changed a fact since it was read; nothing was stored",
            where=", ".join(tables),
            remedy="read it again, and decide anew",
        )


def refuse_later(after: int | None, head: int) -> None:
    """Refuse to erase what was found before the last commit: there may be more by now."""
    if after is not None and after != head:
        raise VersionConflict(
            "something was written since the person's facts were found; nothing was erased",
            remedy="try again when nobody writes",
        )


def mark_of(person: str, secret: bytes) -> str:
    """By what a store knows an erased person again: a keyed hash that tells nothing without it."""
    return hashlib.blake2b(person.encode(), key=secret, digest_size=16).hexdigest()


def refuse_erased(count: int) -> None:
    """Refuse facts of people who were erased."""
    if count:
        raise StoreError(
            f"{count} of these people were erased from this store; nothing was stored",
            where="people",
            remedy="leave them out of the source too; if they have come back, they get a new id",
        )


def refuse_full(full: bool) -> None:
    """Refuse to restore into a store that holds anything: two histories do not become one."""
    if full:
        raise StoreError(
            "this store holds something already; nothing was restored",
            remedy="name a new store, which is empty",
        )


def new_names(ids: Collection[str]) -> dict[str, str]:
    """A new random id for each of *ids*: 80 bits, by which nobody finds the one of before."""
    return {one: f"r-{secrets.token_hex(10)}" for one in sorted(ids)}


def replaced_in(
    table: str, person: str, names: Mapping[str, str]
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """What erasing *person* puts into the columns of a table, the fact's own id first.

    *names* are the new ids of facts by those of before; no column refers to people and to facts.
    """
    someone = {person: SOMEONE}
    for column in TABLES[table].columns:
        if column.type.name != "id":
            continue
        if column.name == "id":
            if names and table != "people":
                yield column.name, names
        # a column of ids that refers to no table names whoever decided
        elif "people" in column.refers_to or not column.refers_to:
            yield column.name, someone
        elif names:
            yield column.name, names


def text_of(moment: datetime) -> str:
    """A moment in the text by which moments are ordered: UTC in one fixed width."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def storage_columns(
    facts: Mapping[str, Sequence[Fact]], *, native: bool = False
) -> dict[str, Columns]:
    """Records as they are stored, by table."""
    return {table: codec(table, native=native).columns(rows) for table, rows in facts.items()}
