"""No error, log record or ``repr`` of a store says a value out of anybody's data.

A canary stands in every place of a fact where a value may stand; then each call is made to fail in
each way that a caller or a disk can bring about. The error is looked at in all that hangs on it: its
words, its arguments, its context and cause, and every frame's error in the traceback.
"""

from __future__ import annotations

import logging
import shutil
import traceback
from contextlib import closing, suppress
from datetime import date

import pytest

import osallisuus as osa
from osallisuus.errors import OsallisuusError
from osallisuus.model.batch import Batch
from osallisuus.model.store import Act
from tests.reliability import writing

CANARY = "zq7canary"
ACT = Act("somebody", "a test", "tried")
PEOPLE = [
    osa.Person(id=f"{CANARY}-p1", registered_on=date(2024, 1, 1)),
    osa.Person(id=f"{CANARY}-p2", registered_on=date(2024, 1, 1)),
]
FACTS = [
    *PEOPLE,
    osa.Contact(
        id=f"{CANARY}-c1",
        person=f"{CANARY}-p1",
        happened_on=date(2024, 1, 2),
        mode=f"{CANARY}.mode",
    ),
]


def everything(error: BaseException) -> str:
    """All texts that hang on an error: its own, those of what it came from, and its traceback."""
    texts = []
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        # a line of source code is no value; what it held in a run would be
        texts += [str(one), repr(one), repr(one.args), repr(vars(one))]
        texts += traceback.format_exception_only(one)
        waiting += [one.__context__, one.__cause__]
    return "\n".join(texts)


def filled(place):
    """A store with the canaries in it."""
    register = osa.open(str(place), actor="a", purpose="p", clock=writing.clock())
    register.add(FACTS, key="k")
    return register


def damaged(tmp_path):
    """A store whose pages are overwritten in the middle."""
    place = tmp_path / "damaged.db"
    filled(place).close()
    content = bytearray(place.read_bytes())
    for at in range(4096, len(content), 4096):
        content[at : at + 64] = bytes(64)
    place.write_bytes(bytes(content))
    return place


def a_repeated_id(tmp_path):
    with filled(tmp_path / "a.db") as register:
        register.store.append(Batch({"people": [PEOPLE[0], PEOPLE[0]]}), ACT)


def another_version(tmp_path):
    with filled(tmp_path / "a.db") as register:
        changed = osa.Person(id=PEOPLE[0].id, registered_on=date(2024, 5, 5))
        register.store.append(Batch.of([changed]), ACT, expect={("people", PEOPLE[0].id): 9})


def somebody_who_was_erased(tmp_path):
    with filled(tmp_path / "a.db") as register:
        contacts = {"contacts": [f"{CANARY}-c1"], "people": [PEOPLE[0].id]}
        register.store.erase(PEOPLE[0].id, contacts, ACT)
        register.add([PEOPLE[0]])


def a_reference_to_nobody(tmp_path):
    with filled(tmp_path / "a.db") as register:
        register.add(
            [
                osa.Contact(
                    id=f"{CANARY}-c9",
                    person=f"{CANARY}-p9",
                    happened_on=date(2024, 1, 2),
                    mode=f"{CANARY}.mode",
                )
            ]
        )


def a_malformed_value(tmp_path):
    osa.Person(id=f"{CANARY} with a space", registered_on=date(2024, 1, 1))


def another_day(tmp_path):
    osa.Contact(
        id=f"{CANARY}-c2", person=f"{CANARY}-p1", happened_on=f"{CANARY}", mode=f"{CANARY}.mode"
    )


def a_closed_store(tmp_path):
    register = filled(tmp_path / "a.db")
    register.close()
    list(register.facts(osa.Person))


def a_damaged_file(tmp_path):
    with osa.open(str(damaged(tmp_path)), clock=writing.clock()) as register:
        list(register.facts(osa.Contact))
        register.store.append(Batch.of(FACTS), ACT)


def a_file_that_is_none(tmp_path):
    place = tmp_path / "a.db"
    place.write_text(f"{CANARY}" * 400)
    osa.open(str(place))


def another_writer(tmp_path):
    with (
        filled(tmp_path / "a.db") as register,
        closing(osa.open(str(tmp_path / "a.db"), clock=writing.clock())) as other,
    ):
        other.store.connection.execute("PRAGMA busy_timeout = 1")
        with register.store.writing():
            other.add([osa.Person(id=f"{CANARY}-p3", registered_on=date(2024, 1, 1))])


def a_snapshot_where_something_is(tmp_path):
    with filled(tmp_path / "a.db") as register:
        (tmp_path / "there.db").write_text(CANARY)
        register.store.snapshot(tmp_path / "there.db")


def a_folder_with_a_wrong_row(tmp_path):
    with filled(tmp_path / "a.db") as register:
        register.export("folder", tmp_path / "facts")
    people = tmp_path / "facts" / "people.csv"
    people.write_text(people.read_text().replace("2024-01-01", f"{CANARY}"))
    osa.open(str(tmp_path / "facts"))


def a_folder_that_went_away(tmp_path):
    with filled(tmp_path / "a.db") as register:
        register.export("folder", tmp_path / "facts")
    with osa.open(str(tmp_path / "facts")) as register:
        shutil.rmtree(tmp_path / "facts")
        (tmp_path / "facts").write_text(CANARY)
        register.add([osa.Person(id=f"{CANARY}-p3", registered_on=date(2024, 1, 1))])


PATHS = [
    a_repeated_id, another_version, somebody_who_was_erased, a_reference_to_nobody,
    a_malformed_value, another_day, a_closed_store, a_damaged_file, a_file_that_is_none,
    another_writer, a_snapshot_where_something_is, a_folder_with_a_wrong_row,
    a_folder_that_went_away,
]  # fmt: skip


@pytest.mark.parametrize("fails", PATHS, ids=lambda path: path.__name__)
def test_no_error_says_a_value(tmp_path, caplog, capfd, fails):
    """Each way to fail raises one of our errors, and no canary is in it, in a log or in an output."""
    caplog.set_level(logging.DEBUG)
    with pytest.raises(OsallisuusError) as caught:
        fails(tmp_path)
    assert CANARY not in everything(caught.value).replace(str(tmp_path), "")
    assert CANARY not in caplog.text
    assert CANARY not in "".join(capfd.readouterr())


def test_the_search_finds_what_hangs_on_an_error():
    """A canary in a context that ``from None`` hides is found, so the tests above can fail."""

    def hides() -> None:
        try:
            int(CANARY)
        except ValueError:
            raise ValueError("something") from None

    with pytest.raises(ValueError, match="something") as caught:
        hides()
    assert CANARY in everything(caught.value)


def test_no_repr_says_a_value(tmp_path):
    """What a debugger shows of a register, store, batch and receipt holds no value but ids."""
    with filled(tmp_path / "a.db") as register:
        shown = [register, register.store, list(register.journal()), register.add(FACTS)]
        with suppress(OsallisuusError):
            shown.append(register.store.verify())
        assert f"{CANARY}.mode" not in repr(shown)
        assert CANARY not in repr(shown[2:])
