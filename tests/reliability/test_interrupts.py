"""Ctrl-C anywhere in a change or a reading leaves no lock and no half, and loses nothing.

Every kind of work is stopped again and again, each time at another place. Then another handle of
the store must be able to write at once, while whoever was stopped still holds the error with all
that hangs on it, as a notebook does. The store holds what it held before, or what it was to hold.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest

import osallisuus as osa
from tests.reliability.interrupting import (
    chosen,
    interrupted_after,
    interrupted_at,
    places_of,
)
from tests.reliability.scale import LONG, tried
from tests.reliability.trial import DAY, Trial, held_by, new_trial, usable

STOPS = {"memory": tried(200, 2_000), "sqlite": tried(300, 3_000), "postgresql": tried(30, 1_000)}
"""How many places of each kind of store."""
SIGNALS = {"sqlite": tried(60, 600), "postgresql": tried(40, 600)}
"""How many real signals."""
_TOGETHER = 50
"""Stops of one store, which grows from one to the next."""
# a connection that nobody had yet when Ctrl-C came goes with the error, and says so; one that was
# not made to its end, or a cursor, stumbles in psycopg's own __del__
_SAYS_NOTHING = pytest.mark.filterwarnings(
    "ignore::ResourceWarning",
    r"ignore:Exception ignored in. <function (BaseConnection|ServerCursorMixin)\.__del__"
    ":pytest.PytestUnraisableExceptionWarning",
    # within a notice of the server psycopg passes over Ctrl-C, and the work goes on to its end
    "ignore:Exception ignored in. .psycopg_binary.pq.notice_receiver"
    ":pytest.PytestUnraisableExceptionWarning",
)


@pytest.fixture
def all_gone():
    """Let what was stopped go while its test runs, not in that of somebody else."""
    yield
    gc.collect()


T = TypeVar("T")


_OFTEN = "append", "correct", "void", "erase", "stream"
WORK = {
    "memory": _OFTEN,
    "sqlite": (*_OFTEN, "snapshot", "finish"),
    # a server takes long to write all its files anew
    "postgresql": (*_OFTEN, "snapshot", *(("finish",) if LONG else ())),
}
Stop = Callable[[Callable[[], object]], BaseException | None]


def stopped(trial: Trial, name: str, stop: Stop) -> bool:
    """Stop one piece of work, and see that all is well; whether it was stopped at all."""
    held = held_by(trial.other)
    after, work = getattr(trial, name)(held)
    head = trial.other.head()
    error = stop(work)  # it is held while the other handle writes
    if trial.kind != "memory":
        extra = osa.Person(id=f"x{next(trial.numbers)}", registered_on=DAY)
        trial.add(extra)
        assert not trial.is_read(), "somebody still reads"
        held, after, head = held | {extra.id: extra}, after | {extra.id: extra}, head + 1
    found = held_by(trial.other)
    assert found == after if error is None else found in (held, after), "half of it is there"
    changed = trial.other.head() - head
    assert changed == (found != held), "the journal says something else than the facts"
    usable(trial)
    for copy in trial.folder.glob("copy*.db"):
        with osa.open(str(copy)) as register:
            assert held_by(register.store) | {extra.id: extra} == held, "half a copy"
        copy.unlink()
    reached = error is not None
    del error  # and with it all that it held
    assert not list(trial.folder.glob(".*")), "something half made is left"
    return reached


def trials(
    kind: str, number: int, folder: Path, choose: Callable[[str], T]
) -> Iterator[tuple[str, T, Trial]]:
    """Kinds of work in their turn, each with where it is to be stopped, on one store after another."""
    for start in range(0, number, _TOGETHER):
        with new_trial(kind, folder / f"{start}") as trial:
            for turn in range(start, min(start + _TOGETHER, number)):
                name = WORK[kind][turn % len(WORK[kind])]
                yield name, choose(name), trial


@contextmanager
def where(said: str) -> Iterator[None]:
    """Say with what fails where it was stopped."""
    try:
        yield
    except BaseException as error:
        error.add_note(said)
        raise


@_SAYS_NOTHING
@pytest.mark.usefixtures("all_gone")
@pytest.mark.parametrize("kind", STOPS)
def test_ctrl_c_at_any_place_leaves_no_lock_and_no_half(kind, tmp_path):
    """Wherever Python looks for signals in the work of a store, and in what it calls."""
    random = Random(11)
    with new_trial(kind, tmp_path / "places") as trial:
        places = {}
        for name in WORK[kind]:
            _, work = getattr(trial, name)(held_by(trial.other))
            places[name] = places_of(work)
    reached = 0
    for name, (place, turn), trial in trials(
        kind, STOPS[kind], tmp_path, lambda name: chosen(places[name], random)
    ):
        with where(f"{name} at {place}, time {turn}"):
            reached += stopped(trial, name, lambda work: interrupted_at(place, turn, work))  # noqa: B023
    assert reached > STOPS[kind] * 0.7  # a place is not come to each time


@_SAYS_NOTHING
@pytest.mark.usefixtures("all_gone")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_block_that_ctrl_c_never_let_end_holds_no_lock(kind, tmp_path):
    """Just where a ``with`` would have let go what it holds, at each of them."""
    reached = 0
    with new_trial(kind, tmp_path / "ends") as trial:
        for name in _OFTEN:
            _, work = getattr(trial, name)(held_by(trial.other))
            for place, times in places_of(work).items():
                if place[1:] == ("_GeneratorContextManager.__exit__", -1):
                    for turn in range(1, times + 1):
                        with where(f"{name} at {place}, time {turn}"):
                            stop = partial(interrupted_at, place, turn)
                            reached += stopped(trial, name, stop)
    assert reached > 5


@_SAYS_NOTHING
@pytest.mark.usefixtures("all_gone")
@pytest.mark.parametrize("kind", SIGNALS)
def test_a_real_signal_at_any_moment_leaves_no_lock_and_no_half(kind, tmp_path):
    """Also while SQLite or the server is at work and Python waits."""
    random = Random(12)
    took = {}
    with new_trial(kind, tmp_path / "times") as trial:
        for name in WORK[kind]:
            _, work = getattr(trial, name)(held_by(trial.other))
            begun = time.perf_counter()
            work()
            took[name] = time.perf_counter() - begun
    reached = 0
    for name, moment, trial in trials(
        kind, SIGNALS[kind], tmp_path, lambda name: random.uniform(0, took[name])
    ):
        with where(f"{name} after {moment} s"):
            reached += stopped(trial, name, lambda work: interrupted_after(moment, work))  # noqa: B023
    assert reached > SIGNALS[kind] * 0.3
