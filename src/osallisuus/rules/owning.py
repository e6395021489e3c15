"""Whose a fact is: now, and as it stood at each of its revisions.

A fact is somebody's when it names them, or when it belongs to one that is theirs: the answers of
their interview, the ratings of their goals. What was recorded while it belonged to somebody else
does not become a person's own because a correction moves it, or what it belongs to, to them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from osallisuus.model.facts import TABLES, Fact
from osallisuus.model.store import Entry
from osallisuus.rules.finding import Rows

__all__ = ["Revisions", "about", "guides", "parent_column", "theirs", "unread_parents"]

Revisions: TypeAlias = Mapping[tuple[str, str], list[tuple[Entry | None, Fact]]]
"""Table and id -> every revision with the commit that wrote it, the oldest first."""

_PARENTS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "pauses": ("of", ("enrollments", "roles", "guidance")),
    "reviews": ("guidance", ("guidance",)),
    "goal_ratings": ("goal", ("goals",)),
    "scores": ("assessment", ("assessments",)),
    "encounter_themes": ("encounter", ("encounters",)),
    "answers": ("form", ("interviews", "assessments", "reviews", "encounters")),
}
"""Table -> the column by which its rows belong to others, and to which tables."""

_NEVER: Final = "keep_apart"


def about(rows: Rows, person: str) -> dict[str, list[Fact]]:
    """The facts about *person*, by table; the judgements on who must not share a group never."""
    found: dict[str, list[Fact]] = {}
    owned: dict[str, set[str]] = {}
    for name in TABLES:
        if name == _NEVER:
            continue
        column, parents = _PARENTS.get(name, ("", ()))
        ids = {one for parent in parents for one in owned.get(parent, ())}
        own = [
            row
            for row in rows.get(name, ())
            if _names(name, row, person) or (column and getattr(row, column) in ids)
        ]
        if own:
            found[name] = own
        # what belongs to a case of guidance is the guided person's and not the guide's
        owned[name] = {row.id for row in own if not guides(name, row, person)}
    return found


def theirs(
    table: str, fact: Fact, person: str, *, since: int, rows: Rows, revisions: Revisions
) -> bool:
    """Whether a revision of a fact, written by the commit *since*, is the person's own.

    It is where it names them; and where what it belongs to has been theirs from that commit on,
    in every revision: an interview that was somebody else's when an answer to it was recorded
    leaves the answer somebody else's. *rows* stand in for what has no revisions. An id that two
    tables have belongs to the person only if both rows do.
    """
    column, parents = _PARENTS.get(table, ("", ()))
    if not column:
        return _names(table, fact, person)
    wanted = getattr(fact, column)
    found = [
        (parent, revision, max(since, written))
        for parent in parents
        for written, revision in _standing(parent, wanted, since, rows, revisions)
    ]
    return bool(found) and all(
        not guides(parent, revision, person)
        and theirs(parent, revision, person, since=written, rows=rows, revisions=revisions)
        for parent, revision, written in found
    )


def unread_parents(revisions: Revisions) -> dict[str, set[str]]:
    """The ids, by table, to which some of *revisions* belong and which are not among them."""
    unread: dict[str, set[str]] = defaultdict(set)
    for (table, _), history in revisions.items():
        column, parents = _PARENTS.get(table, ("", ()))
        for parent in parents:
            named = {getattr(fact, column) for _, fact in history}
            unread[parent] |= {one for one in named if (parent, one) not in revisions}
    return {parent: ids for parent, ids in unread.items() if ids}


def parent_column(table: str) -> str | None:
    """The column that says to what a row of this table belongs; ``None`` where it names people."""
    return _PARENTS[table][0] if table in _PARENTS else None


def guides(table: str, row: Any, person: str) -> bool:
    """Whether the row is a case of guidance in which *person* is not the one who is guided."""
    return table == "guidance" and row.person != person


def _names(table: str, fact: Fact, person: str) -> bool:
    if table == "people":
        return fact.id == person
    return any(
        getattr(fact, one.name) == person
        for one in TABLES[table].columns
        if "people" in one.refers_to
    )


def _standing(
    table: str, wanted: str, since: int, rows: Rows, revisions: Revisions
) -> list[tuple[int, Fact]]:
    """The revision of a fact that stood at a commit, and all after it."""
    history = [
        (0 if entry is None else entry.tx, fact)
        for entry, fact in revisions.get((table, wanted), ())
    ]
    if not history:
        return [(0, row) for row in rows.get(table, ()) if row.id == wanted]
    first = max((number for number, (tx, _) in enumerate(history) if tx <= since), default=0)
    return history[first:]
