"""What erasing a person cannot take out: what a store never changes, and what left it (U11, U21)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from osallisuus.errors import Problem
from osallisuus.model.store import Store
from osallisuus.rules.erasing import is_telling, mentions

__all__ = ["beyond", "kept_in"]


def kept_in(store: Store, person: str) -> Iterator[tuple[int, Problem]]:
    """Where in *store* the id of an erased person still stands, each with how many places."""
    told = sum(
        any(mentions(text, person) for text in (one.actor, one.purpose, one.reason, one.key))
        for one in store.journal()
    )
    if told:
        yield (
            told,
            Problem(
                f"{told} entries of the journal hold the id in words that somebody wrote",
                "journal",
                "give actors and keys other names than the ids of people; the journal cannot be"
                " changed",
            ),
        )
    if "ledger" not in store.capabilities:
        return
    if not is_telling(person):  # "1" is in every result, and in many an id
        return
    released = sum(
        any(mentions(text, person) for text in (one.actor, one.purpose, one.content))
        for one in store.publications()
    )
    if released:
        yield (
            released,
            Problem(
                f"{released} released results hold the id, as somebody named a group or wrote it",
                "ledger",
                "give groups and actors other names than the ids of people; the ledger cannot be"
                " changed",
            ),
        )
    others = store.ids_with("people", person) - {person}
    count = sum(mentions(one, person) for one in others)
    if count:
        yield (
            count,
            Problem(
                f"{count} ids of other people hold the id",
                "people",
                "erase those too if they are the same person; no id of somebody else is changed",
            ),
        )


def beyond(store: Store) -> Iterator[Problem]:
    """Where bytes of somebody who was erased may be that no store can reach."""
    entries = list(store.journal())
    for operation, what, remedy in _LEFT:
        made = [entry for entry in entries if entry.operation == operation]
        if made:
            last = made[-1].recorded_at.date()
            yield Problem(f"{what}: {len(made)}, the last on {last}", "journal", remedy)
    if "journal" in store.capabilities:
        yield Problem(
            "the mark by which the store refuses the id from now on: whoever has its file and"
            " tries an old list of ids finds whose mark it is",
            "the file of the store",
            "keep the store where only few can read it, and delete old lists of ids",
        )
    yield Problem(
        "backups, snapshots and copies of the store",
        "where you keep them",
        "let them expire, or restore them and erase again before they are used",
    )
    yield Problem(
        "replicas and archived write-ahead logs of a database server, and what a disk keeps of"
        " blocks that were written over",
        "the server and its disks",
        "let archives expire; keep the disk encrypted",
    )
    released = sum(1 for _ in store.publications()) if "ledger" in store.capabilities else 0
    if released:
        yield Problem(
            f"released results stand: {released}", "ledger", "nothing to do: they name nobody"
        )


_LEFT: Final = (
    (
        "export",
        "exports of facts that were made from this store",
        "have whoever received them delete them, and make them anew",
    ),
    (
        "sync",
        "publications to sinks",
        "sync each sink again: it takes the person out there too",
    ),
    (
        "own_copy",
        "copies for people about whom something is recorded",
        "they belong to whom they were given",
    ),
)
"""Operations of the journal by which facts left, what they left, and what to do there."""
