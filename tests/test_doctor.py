"""The doctor finds what is weak or broken, and says what helps."""

from __future__ import annotations

import os
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import osallisuus as osa
from osallisuus.doctor import examine_installation, examine_store
from osallisuus.doctor.place import _file_system, _owed
from tests import postgres
from tests.model import made


@pytest.fixture
def place(tmp_path):
    """A sound store with one person."""
    path = tmp_path / "store.db"
    with osa.open(str(path)) as register:
        register.add([made.one("people", id="anna"), made.one("people", id="bo")])
    return path


def bad(place):
    """What is weak or broken, by its code."""
    return {one.code: one for one in examine_store(str(place)) if one.severity != "fine"}


def test_a_sound_store_is_fine(place):
    """Every look at it says so."""
    assert bad(place) == {}
    assert {one.code for one in examine_store(str(place))} >= {"rights", "room", "erasure", "sound"}


def test_settings_of_a_server_under_which_writes_may_be_lost_are_named():
    """The quick server of the tests is such a one."""
    if postgres.GIVEN in os.environ:
        pytest.skip("looks at the settings of our own server")
    url = postgres.new_database()
    osa.open(url).close()
    found = [one for one in examine_store(url) if one.code == "settings"]
    assert {one.severity for one in found} == {"weak"}
    assert any("fsync" in one.what and "set it to on" in one.remedy for one in found)


def test_a_published_copy_is_looked_at_as_one(place, tmp_path):
    """It lacks nothing that its source has."""
    pytest.importorskip("pyarrow")
    with osa.open(str(place)) as register:
        register.sync(f"parquet:{tmp_path / 'copy'}")
    found = list(examine_store(f"parquet:{tmp_path / 'copy'}"))
    assert {one.severity for one in found} == {"fine"}
    assert [one.what for one in found if one.code == "sound"] == ["files are sound"]


def test_others_may_not_read_it(place):
    """The remedy is the command that shuts them out."""
    place.chmod(0o640)
    assert bad(place)["rights"].remedy == f"chmod 600 {place}"


def test_its_owner_may_write_to_all_of_it(place):
    """A file that was read while it was read only can leave one beside it that still is."""
    place.chmod(0o400)
    found = bad(place)["rights"]
    assert (found.remedy, found.severity) == (f"chmod 600 {place}", "weak")
    place.chmod(0o600)
    beside = place.with_name(f"{place.name}-shm")
    beside.touch(0o400)
    assert f"{beside}" in bad(place)["rights"].remedy


def test_a_change_behind_our_back_is_found(place):
    """A row, or an entry of the journal."""
    with sqlite3.connect(place) as database:
        database.execute("UPDATE people SET registered_on = '2000-01-01'")
    database.close()
    assert bad(place)["sound"].severity == "broken"


def test_an_erasure_that_is_owed_is_found_and_finished_by_its_remedy(place):
    """With the command that finishes it."""
    with osa.open(str(place)) as register:
        assert register.erase("anna", finish=False).pending
    found = bad(place)["erasure"]
    assert found.remedy == f"osallisuus erase {place}"
    with osa.open(str(place)) as register:
        assert register.finish_erasure() == ()
    assert "erasure" not in bad(place)


def test_a_clock_that_was_set_back_is_found(tmp_path):
    """And one that is ahead of this machine's."""
    path = str(tmp_path / "store.db")
    now = datetime.now(UTC)
    for number, day in enumerate((now, now - timedelta(days=3), now + timedelta(days=2))):
        with osa.open(path, clock=lambda day=day: day) as register:
            register.add([made.one("people", id=f"p{number}")])
    told = [one.what for one in examine_store(path) if one.code == "clock"]
    assert len(told) == 2
    assert "1 times" in told[0]
    assert "future" in told[1]


def test_a_log_that_is_left_is_told(place):
    """As when a program was stopped; nothing is wrong with it."""
    database = sqlite3.connect(place)
    database.execute("INSERT INTO about VALUES ('more', 'x')")
    database.commit()
    try:
        assert bad(place)["log"].severity == "note"
    finally:
        database.close()


def test_what_cannot_be_opened_is_broken(tmp_path, place):
    """A missing store, a stranger's file, a newer one, a damaged one: with what would help."""
    stranger = tmp_path / "other.db"
    with sqlite3.connect(stranger) as database:
        database.execute("CREATE TABLE other (x)")
    database.close()
    newer = shutil.copy(place, tmp_path / "newer.db")
    with sqlite3.connect(newer) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    spoilt = tmp_path / "spoilt.db"
    spoilt.write_bytes(b"no database at all" * 100)
    for one in (tmp_path / "none.db", stranger, newer, spoilt):
        found = bad(one)["opening"]
        assert found.severity == "broken"
        assert found.remedy


def test_damage_that_only_a_later_look_finds_hides_nothing_of_the_others(place):
    """Here the table of the journal: it opens, and can be asked for much."""
    with sqlite3.connect(place) as database:
        (size,) = database.execute("PRAGMA page_size").fetchone()
        query = "SELECT rootpage FROM sqlite_schema WHERE name = 'journal'"
        (page,) = database.execute(query).fetchone()
    database.close()
    with place.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    found = bad(place)["sound"]
    assert (found.severity, found.where) == ("broken", str(place))
    assert {one.code for one in examine_store(str(place))} >= {"rights", "room"}


def test_a_link_to_nowhere_in_a_folder_is_no_error(tmp_path):
    """Somebody else may have left it."""
    place = tmp_path / "facts"
    with osa.open(str(place), create=True) as register:
        register.add([made.one("people", id="anna")])
    (place / "astray").symlink_to("nowhere")
    assert {one.code for one in examine_store(str(place))} >= {"rights", "room"}


def test_the_password_in_an_address_is_never_shown(place):
    """Neither as the place of an ailment nor in the command that helps."""
    with osa.open(str(place)) as register:
        assert register.erase("anna", finish=False).pending
        (one,) = _owed(register, "postgresql://user:secret@host/facts")
    assert (one.where, one.remedy) == ("", "osallisuus erase STORE")


def test_a_folder_is_told_what_it_does_not_keep(tmp_path):
    """Nothing of that is an ailment."""
    place = tmp_path / "facts"
    with osa.open(str(place), create=True) as register:
        register.add([made.one("people", id="anna")])
    told = [one for one in examine_store(str(place)) if one.code == "capability"]
    assert len(told) == 3
    assert {one.severity for one in told} == {"note"}


@pytest.mark.parametrize(
    ("address", "weak"),
    [
        ("postgresql://user@db.example.org/facts", True),
        ("postgresql://user@db.example.org/facts?sslmode=prefer", True),
        ("postgresql://user@db.example.org/facts?sslmode=verify-full", False),
        ("postgresql://localhost/facts", False),
    ],
)
def test_a_server_on_another_machine_wants_its_transport_encrypted(address, weak, monkeypatch):
    """Whatever the server allows, the address must ask for it."""
    monkeypatch.setenv("PGCONNECT_TIMEOUT", "1")
    first = next(one for one in examine_store(address))
    assert (first.code == "transport") is weak


def test_the_file_system_is_told_from_the_longest_mount(tmp_path):
    """A share below a local disk is a share."""
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/sda / ext4 rw 0 0\nnas:/x /srv/my\\040share nfs4 rw 0 0\n")
    assert _file_system(Path("/srv/my share/facts.db"), str(mounts)) == "nfs4"
    assert _file_system(Path("/srv/mine.db"), str(mounts)) == "ext4"
    assert _file_system(Path("/srv/mine.db"), str(tmp_path / "none")) == ""


def test_the_installation_is_looked_at():
    """Python, every extra, and our own plug-ins, which can all be loaded."""
    found = list(examine_installation())
    assert {one.code for one in found} >= {"python", "extra", "plugins"}
    assert not [one for one in found if one.severity in ("weak", "broken")]
    assert any("crypto" in one.where for one in found if one.code == "extra")


@pytest.mark.parametrize(
    ("says", "severity", "what"),
    [
        ('openjdk version "21.0.2" 2024-01-16', "fine", "Java 21"),
        ('java version "1.8.0_392"', "note", "there is Java 8"),
        ("a picture of a cup", "note", "none that answers"),
        (None, "note", "none that answers"),
    ],
)
def test_the_java_of_a_local_spark_is_looked_for(tmp_path, monkeypatch, says, severity, what):
    """Where Spark would look: JAVA_HOME goes before any other, also where it is wrong."""
    pytest.importorskip("pyspark")
    java = tmp_path / "bin" / "java"
    if says is not None:
        java.parent.mkdir()
        java.write_text(f"#!/bin/sh\necho '{says}' >&2\n")
        java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    (found,) = [one for one in examine_installation() if one.code == "java"]
    assert (found.severity, what in found.what) == (severity, True)
    assert found.severity == "fine" or "JAVA_HOME" in found.remedy


def test_nothing_of_the_folder_in_which_it_is_asked_is_run(tmp_path, monkeypatch):
    """A module that somebody left among the lists, with the name of one of Python's."""
    (tmp_path / "json.py").write_text("open('was-run', 'w').close()")
    monkeypatch.chdir(tmp_path)
    found = list(examine_installation())
    assert [one.name for one in tmp_path.iterdir()] == ["json.py"]
    assert any(one.code == "plugins" for one in found)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("import time\ntime.sleep(60)", "seconds"),
        ("import os\nos._exit(3)", "ended the process"),
        ("raise SystemExit('my own words')", "SystemExit"),
        ("print('{}')\nclass Store: pass", "api_version"),
    ],
)
def test_a_stranger_that_hangs_dies_or_lies_is_named(tmp_path, monkeypatch, code, problem):
    """Within its time, with its distribution, and the others are looked at all the same."""
    info = tmp_path / "stranger-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[osallisuus.stores]\nodd = strange_store:Store\n")
    (tmp_path / "strange_store.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr("osallisuus.doctor.installation._SECONDS", 3.0)
    osa.plugins._declared.cache_clear()
    try:
        found = list(examine_installation())
    finally:
        osa.plugins._declared.cache_clear()
    (one,) = [one for one in found if "odd" in one.what]
    assert problem in one.what
    assert (one.severity, one.where) == ("broken", "stranger 1.0")
    assert one.remedy == "update or uninstall stranger"
    assert "my own words" not in one.what
    assert any(one.code == "plugins" for one in found)
