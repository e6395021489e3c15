"""A copy holds what its store holds now, but what never leaves a store; each fact exactly once."""

import json
import os
import random
from datetime import date
from pathlib import Path

import pyarrow.parquet
import pytest
from deltalake import DeltaTable

from osallisuus.errors import StoreBusy, StoreError
from osallisuus.model.facts import TABLES
from osallisuus.model.sink import PUBLISHED, Position, published_columns
from osallisuus.register.sync import Synced
from osallisuus.sinks.lock import only_writer
from osallisuus.stores.folder import FolderStore
from tests.model import made
from tests.sinks.copies import ACT, a_register, allowed, bytes_of, copied, sink
from tests.stores.places import add, ticking


def people(*names, **given):
    return [made.one("people", id=name, **given) for name in names]


def test_a_table_that_never_leaves_is_not_among_the_published():
    assert {*TABLES} - {table.name for table in PUBLISHED} == {"keep_apart"}


def test_no_published_column_is_restricted_or_in_somebodys_own_words():
    classes = {column.field_class for table in PUBLISHED for column in published_columns(table)}
    assert classes == {"public", "personal", "special"}


def test_a_copy_follows_its_store_step_by_step(kind, place):
    """After additions, revisions, and facts taken back and added again, in any order."""
    chance = random.Random(20)
    register = a_register()
    store = register.store
    names = [f"p{number}" for number in range(12)]
    for step in range(14):
        chosen = chance.sample(names, 4)
        if step % 4 == 3:
            store.void({"people": chosen}, ACT)
        else:
            day = date(2020, 1, 1 + step)
            add(store, *people(*chosen, registered_on=day))
            add(store, *(made.one("contacts", id=f"c{one}-{step}", person=one) for one in chosen))
        if chance.random() < 0.7:
            before = copied(kind, place)["people"] if place.exists() else []
            done = register.sync(f"{kind}:{place}")
            assert copied(kind, place) == allowed(store)
            now = allowed(store)["people"]
            gone = {row[0] for row in before} - {row[0] for row in now}
            assert done.removed == len(gone)
            assert done.upto == store.head()


def test_a_second_sync_changes_nothing_and_says_so(kind, place):
    register = a_register()
    add(register.store, *people("p1", "p2"))
    first = register.sync(f"{kind}:{place}")
    files = {file: file.read_bytes() for file in place.rglob("*") if file.is_file()}

    assert first == Synced(0, 2, 2, 0)
    assert register.sync(f"{kind}:{place}") == Synced(2, 2, 0, 0)
    assert register.store.head() == 2
    assert {file: file.read_bytes() for file in place.rglob("*") if file.is_file()} == files


def test_it_is_in_the_journal_that_facts_leave(kind, place):
    """With purpose and place, and before they do."""
    register = a_register()
    add(register.store, *people("p1"))
    register.sync(f"{kind}:{place}")
    last = list(register.journal())[-1]

    assert (last.operation, last.purpose, last.actor) == ("sync", "test", "tester")
    assert last.reason == f"{kind}:{place}"
    with sink(kind, place) as opened:
        assert opened.position() == Position(last.tx, last.digest)


def test_looking_first_writes_nothing(kind, place):
    register = a_register()
    add(register.store, *people("p1", "p2"))

    assert register.sync(f"{kind}:{place}", dry_run=True) == Synced(0, 1, 2, 0)
    assert not place.exists()
    assert register.store.head() == 1


def test_restricted_facts_and_free_texts_stay(kind, place):
    """Not a byte of them; what else the same facts say is there."""
    register = a_register()
    add(
        register.store,
        *people("HOLDSITSID", "p2"),
        made.one("keep_apart", id="k-CANARY", one="p2", other="HOLDSITSID"),
        made.one("observations", id="o1", measure="heard", note="CANARY in confidence"),
    )
    register.sync(f"{kind}:{place}")
    found = bytes_of(place)

    assert b"CANARY" not in found
    assert b"HOLDSITSID" in found
    assert b"heard" in found


@pytest.mark.parametrize("stopped", [False, True])
def test_a_store_that_is_written_to_meanwhile_is_followed(kind, place, stopped):
    """What comes while a sync reads is there once, also if the next round is another sync's."""
    register = a_register()
    add(register.store, *people("p1"))
    register.sync(f"{kind}:{place}")
    add(register.store, *people("p2"))
    new = iter([made.one("contacts", id="c1", person="p1")])

    def meanwhile(table, rows):
        for contact in new:
            add(register.store, contact)

    if stopped:
        rounds = pytest.MonkeyPatch()
        rounds.setattr("osallisuus.register.sync._ROUNDS", 1)
        register.sync(f"{kind}:{place}", progress=meanwhile)
        rounds.undo()
        with sink(kind, place) as opened:
            assert opened.position().tx < register.store.head()
        register.sync(f"{kind}:{place}")
    else:
        register.sync(f"{kind}:{place}", progress=meanwhile)
    with sink(kind, place) as opened:
        assert opened.position().tx == register.store.head()
    assert copied(kind, place) == allowed(register.store)


def test_one_writer_at_a_time(kind, place):
    """The other is told so, and can come again."""
    register = a_register()
    add(register.store, *people("p1"))
    register.sync(f"{kind}:{place}")
    add(register.store, *people("p2"))
    with only_writer(place), pytest.raises(StoreBusy, match="try again"):
        register.sync(f"{kind}:{place}")
    register.sync(f"{kind}:{place}")
    assert len(copied(kind, place)["people"]) == 2


def test_a_copy_is_of_one_store(kind, place):
    """Neither another store nor an older state of the same takes it over."""
    one, other = a_register(), a_register()
    add(one.store, *people("p1"))
    earlier = one.store.copy()
    one.sync(f"{kind}:{place}")
    add(other.store, *people("q1"))
    add(other.store, *people("q2"))
    with pytest.raises(StoreError, match="of another store"):
        other.sync(f"{kind}:{place}")
    with pytest.raises(StoreError, match="of another store"):
        type(one)(earlier, actor="tester", purpose="test").sync(f"{kind}:{place}")
    assert other.store.head() == 2  # nothing left, so nothing is noted


def test_a_store_without_commits_is_refused(tmp_path):
    store = FolderStore.open(str(tmp_path / "facts"), clock=ticking())
    register = type(a_register())(store, actor="tester", purpose="test")
    with pytest.raises(StoreError, match=r"import it into a \.db file"):
        register.sync(f"parquet:{tmp_path / 'copy'}")


@pytest.mark.parametrize("named", ["/somewhere", "parquet:", "C:copy", ""])
def test_a_place_says_of_which_kind_it_is(named):
    with pytest.raises(StoreError, match="parquet:FOLDER"):
        a_register().sync(named)


def test_compacting_keeps_every_row_in_fewer_files(kind, place):
    register = a_register()
    for name in ("p1", "p2", "p3"):
        add(register.store, *people(name))
        register.sync(f"{kind}:{place}")
    with sink(kind, place) as opened:
        assert len(opened.files(TABLES["people"])) == 3
    register.sync(f"{kind}:{place}", compact=True)
    with sink(kind, place) as opened:
        (file,) = opened.files(TABLES["people"])
        assert not opened.unfinished()
    assert copied(kind, place) == allowed(register.store)
    assert [str(one) for one in (place / "people").glob("*.parquet")] == [file]


def test_files_tell_no_least_and_greatest_value_of_a_person(kind, place):
    """Neither of an id nor of anything that is not public, in any footer."""
    register = a_register()
    add(register.store, *_every_table())
    register.sync(f"{kind}:{place}")
    told = {}
    for table in PUBLISHED:
        public = {one.sql_name for one in published_columns(table) if one.field_class == "public"}
        for file in (place / table.name).glob("*.parquet"):
            told |= {(table.name, column): column in public for column in _summed_up(file)}
    assert told
    assert all(told.values())
    assert not [column for _, column in told if column == "id" or column.endswith("_id")]


def test_the_log_of_a_delta_table_tells_no_id(place):
    """After additions, a revision by merge, and a fact taken back; older readers can read it."""
    register = a_register()
    add(register.store, *people("CANARY1", "CANARY2", "CANARY3"))
    register.sync(f"delta:{place}")
    add(register.store, *people("CANARY2", "CANARY4", registered_on=date(2021, 1, 1)))
    register.sync(f"delta:{place}")
    assert len(list((place / "people" / "_delta_log").glob("*.json"))) == 3
    assert b"CANARY" not in _logs(place)
    register.store.void({"people": ["CANARY3"]}, ACT)
    register.sync(f"delta:{place}")

    assert b"CANARY" not in _logs(place)
    assert b"CANARY" in bytes_of(place)
    for table in PUBLISHED:
        assert DeltaTable(str(place / table.name)).protocol().min_reader_version == 1
    people_now = DeltaTable(str(place / "people")).to_pyarrow_table()["id"].to_pylist()
    assert sorted(people_now) == ["CANARY1", "CANARY2", "CANARY4"]


@pytest.mark.parametrize("torn", [b"", b'{"add":{"path":"part-0', b'{"commitInfo":{}}\n{"ad'])
def test_a_commit_that_a_power_cut_has_torn_is_undone(place, torn):
    """Nobody was told of it, and nobody could open the table past it."""
    register = a_register()
    add(register.store, *people("a"))
    register.sync(f"delta:{place}")
    (place / "people" / "_delta_log" / f"{2:020}.json").write_bytes(torn)
    add(register.store, *people("b"))
    register.sync(f"delta:{place}")
    assert copied("delta", place) == allowed(register.store)
    assert DeltaTable(str(place / "people")).version() == 2


def test_a_first_sync_that_a_power_cut_has_torn_is_begun_anew(place):
    """What it left of a table is none, as long as nothing names it."""
    register = a_register()
    add(register.store, *people("a"))
    register.sync(f"delta:{place}")
    (place / "osallisuus.json").unlink()
    (place / "decisions" / "_delta_log" / f"{0:020}.json").write_bytes(b"")
    register.sync(f"delta:{place}")
    assert copied("delta", place) == allowed(register.store)


def test_a_checkpoint_is_whole_before_anything_names_it(place, monkeypatch):
    """Each file that comes into a log by another name is on the disk by then, the hint last."""
    done = []
    flush, replace = os.fsync, Path.replace

    def flushed(descriptor):
        done.append(("flush", Path(f"/proc/self/fd/{descriptor}").readlink().name))
        flush(descriptor)

    def replaced(file, target):
        if target.parent.name == "_delta_log":
            assert done[-1] == ("flush", target.name)
            done.append(("name", target.name))
        return replace(file, target)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(Path, "replace", replaced)
    register = a_register()
    for number in range(21):
        add(register.store, *people(f"p{number}"))
        register.sync(f"delta:{place}")
    named = [name for what, name in done if what == "name"]
    assert named == [f"{20:020}.checkpoint.parquet", "_last_checkpoint"]
    assert DeltaTable(str(place / "people")).version() == 21
    assert not (place / "people" / ".checkpoint").exists()


def test_others_read_a_delta_table_at_the_commit_that_it_names(place):
    """Each commit says up to which commit of the store it is."""
    register = a_register()
    add(register.store, *people("p1"))
    register.sync(f"delta:{place}")
    assert DeltaTable(str(place / "people")).transaction_version("osallisuus") == 2


def test_only_its_owner_can_look_into_a_copy(kind, place):
    register = a_register()
    add(register.store, *people("p1"))
    register.sync(f"{kind}:{place}")
    assert place.stat().st_mode & 0o077 == 0
    assert json.loads((place / "osallisuus.json").read_text())["tx"] == 2


def _logs(place):
    return b"".join(bytes_of(folder) for folder in place.rglob("_delta_log"))


def _every_table():
    return [made.one(name) for name in TABLES]


def _summed_up(file):
    metadata = pyarrow.parquet.read_metadata(file)
    for group in range(metadata.num_row_groups):
        for number in range(metadata.num_columns):
            column = metadata.row_group(group).column(number)
            if column.statistics is not None and column.statistics.has_min_max:
                yield column.path_in_schema
