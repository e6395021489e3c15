"""The small steps of which promises about a store are made: a clock, adding, reading, comparing."""

from __future__ import annotations

import os
import traceback
import warnings
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from typing import Any, Final, TypeVar, overload

import pytest
from hypothesis import HealthCheck, Phase, settings

from osallisuus.model.batch import Batch
from osallisuus.model.codec import codec
from osallisuus.model.facts import TABLES, Fact, Person
from osallisuus.model.store import Act, Commit, Store

__all__ = [
    "ACT",
    "START",
    "Ticking",
    "add",
    "drawing",
    "everyone",
    "held",
    "in_a_process_that_ends",
    "needs",
    "person",
    "rows_of",
    "skip_without",
    "told_by",
]

P = TypeVar("P", bound=Callable[..., None])
F = TypeVar("F", bound=Fact)

START: Final = datetime(2020, 1, 1, tzinfo=UTC)
"""The first moment of every test."""

ACT: Final = Act("tester", "a purpose", "a reason")
"""Who does it all, and why."""

_PATIENCE: Final = 60
"""Seconds that another process has."""


class Ticking:
    """A clock that is a minute later each time it is asked, and that a test may turn or break."""

    def __init__(self) -> None:
        self.moment = START
        self.broken = False

    def __call__(self) -> datetime:
        """The moment, a minute after the one before; ``RuntimeError`` while it is broken."""
        if self.broken:
            raise RuntimeError("this clock is broken")
        moment = self.moment
        self.moment += timedelta(minutes=1)
        return moment


def needs(*words: str) -> Callable[[P], P]:
    """Marks a promise that only an adapter with these capabilities makes."""

    def mark(promise: P) -> P:
        promise.needs = words  # type: ignore[attr-defined]
        return promise

    return mark


def skip_without(promise: Callable[..., Any], capabilities: Collection[str]) -> None:
    """Skip *promise* with its reason where a word that it needs is not declared."""
    missing = [word for word in getattr(promise, "needs", ()) if word not in capabilities]
    if missing:
        pytest.skip(f"it does not declare {', '.join(missing)}")


def drawing(examples: int) -> settings:
    """How a promise is tried on drawn facts: the same *examples* each time, with no time limit.

    They are not made smaller when one fails: what has been stored cannot be stored anew.
    """
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def person(name: str, day: int = 1) -> Person:
    """A person of that id, registered on a day of January 2020."""
    return Person(id=name, registered_on=date(2020, 1, day))


def add(store: Store, *facts: Fact, key: str | None = None) -> Commit:
    """What the store answers to an ``append`` of *facts*."""
    return store.append(Batch.of(facts), ACT, key=key)


@overload
def everyone(store: Store, **options: Any) -> list[Person]: ...
@overload
def everyone(store: Store, kind: type[F], **options: Any) -> list[F]: ...
def everyone(store: Store, kind: Any = Person, **options: Any) -> list[Any]:
    """All facts of one kind, as a scan gives them."""
    return [fact for part in store.scan(kind, **options) for fact in part]


def rows_of(table: str, facts: Iterable[Fact]) -> list[tuple[Any, ...]]:
    """*facts* as they are stored: local times that Python holds equal are told apart."""
    return [tuple(row) for row in codec(table).dump(list(facts))]


def held(store: Store, known_at: int | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the store as it is stored: table -> rows in the order of their ids."""
    options = {} if known_at is None else {"known_at": known_at}
    return {
        name: rows_of(name, everyone(store, table.record, **options))
        for name, table in TABLES.items()
    }


def in_a_process_that_ends(do: Callable[[], object]) -> None:
    """Have another process *do* it and end at once, as if it were killed.

    Nothing is closed: what *do* answers, such as an open store, is still held when the process ends.
    """
    try:
        fork = get_context("fork")
    except ValueError:
        pytest.skip("this system cannot fork a process")

    def do_and_end() -> None:
        _open = do()
        os._exit(0)

    child = fork.Process(target=do_and_end)
    with warnings.catch_warnings():
        # Python warns of threads, whose locks nobody lets go of in the child: hence the time limit
        warnings.simplefilter("ignore", DeprecationWarning)
        child.start()
    child.join(_PATIENCE)
    child.kill()
    child.join()
    assert child.exitcode == 0, "the other process did not come to its end"


def told_by(error: BaseException) -> str:
    """All that somebody who is shown *error* could read, its causes included."""
    shown = "".join(traceback.format_exception(error))
    return f"{error!r} {error} {error.args} {error.__context__!r} {error.__cause__!r} {shown}"
