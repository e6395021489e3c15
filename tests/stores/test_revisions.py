"""Every store gives what it knows of the revisions of a fact."""

from datetime import UTC, date, datetime

import pytest

from osallisuus.model.batch import Batch
from osallisuus.model.store import Act
from osallisuus.stores.folder import FolderStore
from osallisuus.stores.memory import MemoryStore
from osallisuus.stores.sqlite import SQLiteStore
from tests.model import made

STORES = {"memory": MemoryStore, "sqlite": SQLiteStore, "folder": FolderStore}


def opened(name, tmp_path):
    place = str(tmp_path / ("facts.db" if name == "sqlite" else "facts"))
    return STORES[name].open(place, clock=lambda: datetime(2020, 1, 1, tzinfo=UTC))


def person(name, day):
    return made.one("people", id=name, registered_on=date(2018, 1, day))


@pytest.mark.parametrize("name", ["memory", "sqlite"])
def test_revisions_come_by_id_and_the_oldest_first_with_their_commit(name, tmp_path):
    """Only of the ids that are asked for; what did not change is no revision."""
    store = opened(name, tmp_path)
    for facts in (
        [person("b", 1), person("a", 1), person("c", 1)],
        [person("b", 2), person("a", 1)],
        [person("b", 3)],
    ):
        store.append(Batch.of(facts), Act("me", "test", "test"))
    found = list(store.revisions("people", ["b", "a", "nobody"]))

    assert [(tx, fact.id, fact.registered_on.day) for tx, fact in found] == [
        (1, "a", 1), (1, "b", 1), (2, "b", 2), (3, "b", 3),
    ]  # fmt: skip
    assert list(store.revisions("people", [])) == []


def test_a_folder_knows_what_is_there_now(tmp_path):
    store = opened("folder", tmp_path)
    store.append(Batch.of([person("a", 1)]), Act("me", "test", "test"))
    store.append(Batch.of([person("a", 2)]), Act("me", "test", "test"))
    again = opened("folder", tmp_path)

    assert [fact.registered_on.day for _, fact in again.revisions("people", ["a"])] == [2]


def test_the_history_of_one_fact_is_found_without_reading_the_others(tmp_path):
    """What holds now and what was known before: SQLite's own steps do not grow with the store."""
    took = []
    for number in (300, 3000):
        (tmp_path / f"{number}").mkdir()
        store = opened("sqlite", tmp_path / f"{number}")
        for day in (1, 2):
            batch = Batch.of([person(f"p{n:05}", day) for n in range(number)])
            store.append(batch, Act("me", "test", "test"))
        for work in (
            lambda kept=store: list(kept.revisions("people", ["p00010"])),
            lambda kept=store: kept.versions("people", ["p00010"]),
            lambda kept=store: kept.forget("people", ["p00010"], Act("me", "test", "test")),
        ):
            took.append(steps_of(store, work))
        store.close()
    few, many = took[:3], took[3:]
    assert few[0] > 0
    # clearing the file of what was forgotten is not counted: it writes all of it anew
    assert [more < 2 * less + 50 for less, more in zip(few, many, strict=True)] == [True] * 3


def steps_of(store, work):
    """How many of SQLite's steps some work takes, without those of clearing its file."""
    steps = 0

    def step():
        nonlocal steps
        steps += 1
        return 0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLiteStore, "clear_bytes", lambda *_: ())
        store.connection.set_progress_handler(step, 1)
        work()
        store.connection.set_progress_handler(None, 0)
    return steps
