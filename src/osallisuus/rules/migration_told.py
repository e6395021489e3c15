"""A migration in words, for whoever decides on it. INTERNAL: enrolments stand in it by their ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from osallisuus.model.stated import Absent, Text
from osallisuus.rules.migration import Change, Migration, Move
from osallisuus.words import Words

__all__ = ["tell_migration"]


def tell_migration(migration: Migration, *, words: Words) -> str:
    """What changes, the policy, and what becomes of each enrolment and why."""
    return "\n".join(_lines(migration, words))


def _lines(migration: Migration, words: Words) -> Iterator[str]:
    yield words("document.internal")
    yield words("migration.title", program=migration.program, old=migration.old, new=migration.new)
    yield words("migration.policy")
    yield ""
    for one in migration.changes:
        yield _change(one, words)
    if not migration.changes:
        yield words("migration.nothing")
    yield ""
    counts = Counter(one.outcome for one in migration.moves)
    for outcome, count in sorted(counts.items()):
        yield f"{words(f'migration.{outcome}')}: {words.locale.number(count)}"
    for move in migration.moves:
        yield _move(move, words)
    if not migration.moves:
        yield words("migration.nobody")


def _change(one: Change, words: Words) -> str:
    return words(
        f"migration.{one.kind}",
        path=one.path,
        before=_written(one.before),
        after=_written(one.after),
        whom=words(f"migration.whom.{one.concern}"),
    )


def _move(one: Move, words: Words) -> str:
    concerns = ", ".join(change.path for change in one.concerns)
    return words(
        "migration.move",
        enrollment=one.enrollment.id,
        outcome=words(f"migration.{one.outcome}"),
        evidence=one.evidence,
        concerns=concerns or words("migration.no_concern"),
    )


def _written(value: Any) -> str:
    """A value of a definition in short: words as they are, objects by their codes."""
    if isinstance(value, Absent):
        return value.value
    if isinstance(value, tuple):
        return ", ".join(map(_written, value))
    named = getattr(value, "text", None) or getattr(value, "label", None)
    if isinstance(named, Text):
        return str(named)
    return str(getattr(value, "code", value))
