"""What was erased from a store is gone from its copy at the next sync: every byte of it."""

from datetime import date

import pytest

from osallisuus.sinks.delta import DeltaSink
from osallisuus.sinks.parquet import ParquetSink
from tests.model import made
from tests.sinks.copies import ACT, a_register, allowed, bytes_of, copied, sink
from tests.stores.places import add

PEOPLE, ERASED = 60, 20


@pytest.fixture
def register():
    """Sixty people with a few facts each, all of them with canaries, in three syncs' worth."""
    return a_register()


def canary(number):
    return f"CANARY{number:04d}END"


def facts_of(number, day=date(2020, 5, 4)):
    """What is theirs, and a case in which they guide somebody else."""
    own, other = canary(number), canary((number + 1) % PEOPLE)
    return [
        made.one("people", id=own, registered_on=day),
        made.one("traits", id=f"t-{own}", person=own, value=f"said.{own.lower()}"),
        made.one("enrollments", id=f"e-{own}", person=own),
        made.one("contacts", id=f"c-{own}", person=own),
        made.one("guidance", id=f"g{number:04d}", person=other, guide=own),
    ]


def fill(register, place, kind):
    """In several ranges, so that the people stand in several files and versions."""
    for start in range(0, PEOPLE, 20):
        add(register.store, *(one for n in range(start, start + 20) for one in facts_of(n)))
        register.sync(f"{kind}:{place}")
    late = date(2021, 1, 1)
    add(register.store, *(facts_of(number, late)[0] for number in range(0, PEOPLE, 3)))
    register.sync(f"{kind}:{place}")


def erase(register, number):
    own = canary(number)
    before = (number - 1) % PEOPLE
    ids = {
        "people": [own],
        "traits": [f"t-{own}"],
        "enrollments": [f"e-{own}"],
        "contacts": [f"c-{own}"],
        "guidance": [f"g{before:04d}"],  # of which they were the person
    }
    return register.store.erase(own, ids, ACT)


def test_no_byte_of_an_erased_person_is_left(register, kind, place):
    """Neither in a file nor in a log, raw or decoded; those who stay are all there."""
    fill(register, place, kind)
    gone = range(1, PEOPLE, 3)
    assert len(gone) == ERASED
    assert all(canary(number).encode() in bytes_of(place) for number in gone)
    for number in gone:
        erase(register, number)
    done = register.sync(f"{kind}:{place}")

    found = bytes_of(place)
    lower = found.lower()
    assert [n for n in gone if canary(n).encode() in found] == []
    assert [n for n in gone if canary(n).lower().encode() in lower] == []
    stay = [number for number in range(PEOPLE) if number not in gone]
    assert all(canary(number).encode() in found for number in stay)
    assert copied(kind, place) == allowed(register.store)
    assert done.removed == ERASED * 5
    assert any("someone" in row for row in copied(kind, place)["guidance"])


def test_a_fact_that_got_another_id_is_there_under_that_one_only(register, kind, place):
    """With what refers to it: the copy is the store's again, and the old id in no byte of it."""
    own, other = canary(1), canary(2)
    case = f"g-{own}"
    add(
        register.store,
        *(made.one("people", id=one) for one in (own, other)),
        made.one("guidance", id=case, person=other, guide=own),
        made.one("pauses", id=f"{case}-p", of=case),
    )
    register.sync(f"{kind}:{place}")
    assert own.encode() in bytes_of(place)

    assert register.erase(own).renamed == {"guidance": 1, "pauses": 1}
    register.sync(f"{kind}:{place}")

    assert own.encode() not in bytes_of(place)
    assert copied(kind, place) == allowed(register.store)
    assert len(copied(kind, place)["pauses"]) == 1


def test_what_was_forgotten_goes_too(register, kind, place):
    add(register.store, *facts_of(1), *facts_of(2))
    register.sync(f"{kind}:{place}")
    register.store.forget("contacts", [f"c-{canary(1)}"], ACT)
    done = register.sync(f"{kind}:{place}")

    assert done.removed == 1
    assert f"c-{canary(1)}".encode() not in bytes_of(place)
    assert f"c-{canary(2)}".encode() in bytes_of(place)


def test_what_was_taken_back_leaves_no_byte(register, kind, place):
    """It should never have been there."""
    add(register.store, *facts_of(1), *facts_of(2))
    register.sync(f"{kind}:{place}")
    register.store.void({"contacts": [f"c-{canary(1)}"]}, ACT)

    assert register.sync(f"{kind}:{place}").removed == 1
    assert f"c-{canary(1)}".encode() not in bytes_of(place)
    assert f"c-{canary(2)}".encode() in bytes_of(place)


@pytest.mark.parametrize("kind", ["parquet", "delta"])
def test_clearing_that_was_stopped_is_done_by_the_next_sync(register, kind, place, monkeypatch):
    """It is remembered that it is to be done, also when nothing else has changed."""
    sinks = {"parquet": ParquetSink, "delta": DeltaSink}
    add(register.store, *facts_of(1), *facts_of(2), *facts_of(3))
    register.sync(f"{kind}:{place}")
    erase(register, 2)
    with monkeypatch.context() as patch:
        patch.setattr(sinks[kind], "clear", _stopped)
        with pytest.raises(KeyboardInterrupt):
            register.sync(f"{kind}:{place}")
    assert copied(kind, place) == allowed(register.store)
    assert canary(2).encode() in bytes_of(place)
    with sink(kind, place) as opened:
        assert opened.unfinished()

    register.sync(f"{kind}:{place}")
    with sink(kind, place) as opened:
        assert not opened.unfinished()
    assert canary(2).encode() not in bytes_of(place)


def _stopped(*_):
    raise KeyboardInterrupt


def test_an_id_may_come_back_for_something_else(register, kind, place):
    """After its facts were forgotten it is new, and stands in the copy once."""
    add(register.store, *facts_of(1))
    register.sync(f"{kind}:{place}")
    name = f"c-{canary(1)}"
    register.store.forget("contacts", [name], ACT)
    add(register.store, made.one("contacts", id=name, person=canary(1), mode="letter"))
    register.sync(f"{kind}:{place}")

    assert copied(kind, place) == allowed(register.store)
    assert len(copied(kind, place)["contacts"]) == 1


def test_left_over_files_of_a_stopped_writer_go(register, place):
    """Delta's own clearing passes over unfinished files; they may hold anything."""
    add(register.store, *facts_of(1))
    register.sync(f"delta:{place}")
    (place / "people" / "part-0.parquet#1").write_text("CANARY of somebody")
    add(register.store, *facts_of(2))
    register.sync(f"delta:{place}")

    assert not (place / "people" / "part-0.parquet#1").exists()
    assert len(copied("delta", place)["people"]) == 2
