"""Every file that we write is there whole or not at all, whoever writes it."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import osallisuus as osa
from osallisuus.errors import StoreError
from osallisuus.ingest.folder import write_folder
from osallisuus.ingest.pseudonyms import new_key, write_key
from osallisuus.ingest.stream import stream_folder
from osallisuus.release import Release
from osallisuus.reports.document import Document, Text
from osallisuus.whole import refuse_store, refuse_taken, whole, write_new, write_whole
from tests.full_disk import full_disk

PEOPLE = [osa.Person(id=f"p{n}", registered_on=date(2018, 1, 8)) for n in range(40)]


def document() -> Document:
    return Document(title="One page", locale="en", blocks=(Text(("Some words.",)),))


def exported(place: Path, **leave: bool) -> None:
    with osa.open("memory:", actor="coordinator") as register:
        register.add(PEOPLE)
        register.export("folder", place, **leave)


WRITERS: dict[str, Callable[..., object]] = {
    "a file": lambda place, **leave: write_whole(place, b"x" * 5000, **leave),
    "a page": lambda place, **leave: Release(document()).save(place, exporter="html", **leave),
    "a kept report": lambda place, **leave: Release(document()).freeze(place, **leave),
    "a key": lambda place: write_key(place, new_key()),
    "a fact folder": lambda place: write_folder(place, {"people": PEOPLE}),
    "a streamed folder": lambda place: stream_folder(place, PEOPLE),
    "an export": exported,
}
MANY = {name: WRITERS[name] for name in WRITERS if name not in ("a key", "a fact folder")}
"""Those that refuse what is there, and write over it with leave."""
WITH_LEAVE = {name: MANY[name] for name in MANY if name != "a streamed folder"}


def tree(folder: Path) -> dict[str, bytes]:
    """What is there, hidden files too."""
    return {
        str(one.relative_to(folder)): one.read_bytes()
        for one in sorted(folder.rglob("*"))
        if one.is_file()
    }


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("after", [0, 20])
def test_a_full_disk_leaves_nothing_behind(writer: str, after: int, tmp_path: Path) -> None:
    """Neither half a file nor what it was made in; the error says what happened and where."""
    with full_disk(after), pytest.raises(StoreError, match="cannot be written: file too large @"):
        WRITERS[writer](tmp_path / "made")
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("writer", WITH_LEAVE)
def test_a_full_disk_leaves_what_stood_there(writer: str, tmp_path: Path) -> None:
    """Also with leave to write over it."""
    WITH_LEAVE[writer](tmp_path / "made")
    before = tree(tmp_path)
    with full_disk(20), pytest.raises(StoreError, match="file too large"):
        WITH_LEAVE[writer](tmp_path / "made", overwrite=True)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("writer", WRITERS)
def test_a_last_step_that_fails_leaves_nothing_behind(
    writer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All is written, and cannot take its place."""

    def failing(*_: Any, **__: Any) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "replace", failing)
    monkeypatch.setattr(os, "link", failing)
    with pytest.raises(StoreError, match="cannot be written: input/output error @"):
        WRITERS[writer](tmp_path / "made")
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("writer", WITH_LEAVE)
def test_a_last_step_that_fails_leaves_what_stood_there(
    writer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that was put aside comes back."""
    WITH_LEAVE[writer](tmp_path / "made")
    before, real = tree(tmp_path), Path.replace

    def failing(self: Path, target: Path) -> Path:
        if target == tmp_path / "made":
            raise OSError(5, "Input/output error")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(StoreError, match="input/output error"):
        WITH_LEAVE[writer](tmp_path / "made", overwrite=True)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("writer", MANY)
def test_nothing_is_written_over_without_leave(writer: str, tmp_path: Path) -> None:
    """Neither a file, nor a folder with something in it, nor a link that leads nowhere."""
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "kept").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    before = tree(tmp_path)
    for place in ("file", "folder", "link"):
        with pytest.raises(StoreError, match=r"there (is something )?already"):
            MANY[writer](tmp_path / place)
    assert tree(tmp_path) == before
    assert (tmp_path / "link").is_symlink()
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("writer", WRITERS)
def test_what_is_written_is_for_its_owner_only(writer: str, tmp_path: Path) -> None:
    """Also where the system would give new files to everybody."""
    old = os.umask(0)
    try:
        WRITERS[writer](tmp_path / "made")
    finally:
        os.umask(old)
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert files
    assert {stat.S_IMODE(one.stat().st_mode) for one in files} == {0o600}


@pytest.mark.parametrize("writer", WRITERS)
def test_a_place_that_is_none_is_told(writer: str, tmp_path: Path) -> None:
    """In a file as if it were a folder: a typed error with the place."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StoreError, match="cannot be written: not a directory @") as caught:
        WRITERS[writer](tmp_path / "file" / "made")
    assert caught.value.__context__ is None
    assert tree(tmp_path) == {"file": b"mine"}


def test_a_file_that_appears_meanwhile_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two imports at once make one key, and the later one is told so."""
    place, real = tmp_path / "key", os.fsync

    def another_comes(descriptor: int) -> None:
        place.write_text("theirs")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", another_comes)
    with pytest.raises(StoreError, match="the key is there already"):
        write_key(place, new_key())
    assert tree(tmp_path) == {"key": b"theirs"}


def test_what_comes_into_an_empty_folder_meanwhile_stays(tmp_path: Path) -> None:
    """An empty folder is nothing; one that is filled while we write is somebody's."""
    (tmp_path / "made").mkdir()

    def another_comes() -> None:
        with whole(tmp_path / "made", what="folder") as made:
            made.mkdir()
            (tmp_path / "made" / "theirs").write_text("theirs")

    with pytest.raises(StoreError, match="cannot be written"):
        another_comes()
    assert tree(tmp_path) == {"made/theirs": b"theirs"}


def test_a_folder_is_never_replaced_by_a_file(tmp_path: Path) -> None:
    """Leave to write over it does not mean everything that is in it."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "theirs").write_text("theirs")
    with pytest.raises(StoreError, match="is a directory"):
        write_whole(tmp_path / "folder", b"ours", overwrite=True)
    with (
        pytest.raises(StoreError, match="something that no export has made"),
        whole(tmp_path / "folder", what="export", overwrite=True) as made,
    ):
        made.write_bytes(b"ours")
    assert tree(tmp_path) == {"folder/theirs": b"theirs"}


def test_two_do_not_make_the_same_at_once(tmp_path: Path) -> None:
    """The second is told what stands in its way, and takes nothing away from the first."""
    with whole(tmp_path / "made", what="folder") as made:
        made.mkdir()
        with (
            pytest.raises(StoreError, match=r"being written already .*\.made\.new"),
            whole(tmp_path / "made", what="folder"),
        ):
            pass
        (made / "ours").write_text("ours")
    assert tree(tmp_path) == {"made/ours": b"ours"}


def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    """Whatever it was, also when somebody stops the program."""

    def stopped() -> None:
        with whole(tmp_path / "made", what="folder") as made:
            made.mkdir()
            (made / "half").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert list(tmp_path.iterdir()) == []


def test_what_stood_there_is_there_also_when_the_last_step_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the old folder's going and the new one's coming."""
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "old").write_text("old")

    def stopped(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    def write() -> None:
        with whole(tmp_path / "made", what="folder", overwrite=True, ours=lambda _: True) as made:
            made.mkdir()
            (made / "new").write_text("new")

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        write()
    assert tree(tmp_path) == {"made/old": b"old"}


def test_a_file_system_without_links_is_written_to_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a memory stick."""

    def none_here(*_: Any) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", none_here)
    assert write_whole(tmp_path / "made", b"ours").read_bytes() == b"ours"
    with pytest.raises(StoreError, match="the file is there already"):
        write_whole(tmp_path / "made", b"again")
    assert tree(tmp_path) == {"made": b"ours"}


def test_a_link_that_somebody_left_is_not_followed(tmp_path: Path) -> None:
    """Nobody can have our content written into a file of theirs."""
    (tmp_path / "theirs").write_text("theirs")
    (tmp_path / "link").symlink_to(tmp_path / "theirs")
    write_new(tmp_path / "link", b"ours")
    assert tree(tmp_path) == {"theirs": b"theirs", "link": b"ours"}
    (tmp_path / "link").unlink()
    (tmp_path / "link").symlink_to(tmp_path / "theirs")
    write_whole(tmp_path / "link", b"ours", overwrite=True)
    assert tree(tmp_path) == {"theirs": b"theirs", "link": b"ours"}


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("name", ["a\0b", "x" * 300])
def test_a_name_that_no_file_has_is_told(name: str, overwrite: bool, tmp_path: Path) -> None:
    """In a typed error, with leave to write over what is there as well."""
    with pytest.raises(StoreError, match="cannot be written"):
        write_whole(tmp_path / name, b"ours", overwrite=overwrite)
    with (
        pytest.raises(StoreError, match="cannot be written"),
        whole(tmp_path / name, what="it", overwrite=overwrite),
    ):
        pass


def test_the_longest_name_can_be_written(tmp_path: Path) -> None:
    """255 bytes, letters of three bytes among them: what is made beside it has a shorter one."""
    name = "€" * 85
    assert write_whole(tmp_path / name, b"ours").read_bytes() == b"ours"


def test_only_an_empty_folder_is_nothing(tmp_path: Path) -> None:
    """A link to one is somebody's."""
    (tmp_path / "folder").mkdir()
    refuse_taken(tmp_path / "folder")
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    with pytest.raises(StoreError, match="something already"):
        refuse_taken(tmp_path / "link")


def test_leave_to_write_over_is_no_leave_to_destroy_a_store(tmp_path: Path) -> None:
    """Neither a database, nor the log with its last commits, nor a table of a fact folder."""
    store, log = tmp_path / "facts.db", tmp_path / "facts.db-wal"
    with osa.open(str(store), actor="coordinator") as register:
        register.add(PEOPLE)
    log.write_bytes(b"its last commits")
    write_folder(tmp_path / "facts", {"people": PEOPLE})
    before = tree(tmp_path)
    for place in (store, log, *(tmp_path / "facts").iterdir()):
        for writer in (WITH_LEAVE["a page"], WITH_LEAVE["a kept report"], WITH_LEAVE["an export"]):
            with pytest.raises(StoreError, match="never written over"):
                writer(place, overwrite=True)
    assert tree(tmp_path) == before


def test_what_may_not_be_read_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be a store of somebody else's: taking its place needs rights to the folder only."""
    (tmp_path / "closed").write_bytes(b"theirs")

    def closed(self: Path, *_: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", closed)
        with pytest.raises(StoreError, match="nobody can tell"):
            write_whole(tmp_path / "closed", b"ours", overwrite=True)
    assert tree(tmp_path) == {"closed": b"theirs"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_leave_to_write_over_is_for_files(tmp_path: Path) -> None:
    """A pipe or a device stays what it is, and is not waited for."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StoreError, match="this is no file"):
        write_whole(tmp_path / "pipe", b"ours", overwrite=True)
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("place", [".", "/", "", ".."])
def test_what_has_no_name_is_refused_by_its_place(place: str) -> None:
    """Also an export, before anything is done."""
    for writer in WITH_LEAVE.values():
        with pytest.raises(StoreError, match="has no name"):
            writer(Path(place), overwrite=True)


@pytest.mark.parametrize("format_", ["folder", "xes", "ocel"])
@pytest.mark.parametrize("after", [0, 600])
def test_a_full_disk_is_no_fault_of_the_format(format_: str, after: int, tmp_path: Path) -> None:
    """The error names the place that was asked for, and not the one where it is made."""
    with osa.open("memory:", actor="coordinator") as register:
        register.add(PEOPLE)
        with full_disk(after), pytest.raises(StoreError, match="cannot be written") as caught:
            register.export(format_, tmp_path / "made")
    (problem,) = caught.value.problems
    assert problem.where == str(tmp_path / "made")
    assert problem.remedy.startswith("make room there")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("nowhere", ["a\0b", "x" * 300])
def test_what_is_no_path_is_not_the_place_of_a_store(nowhere: str, tmp_path: Path) -> None:
    """Writing it will say what is wrong; a store of such a name is a server's or none."""
    refuse_store(Path(nowhere), str(tmp_path))
    refuse_store(tmp_path / "made", nowhere)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    refuse_store(tmp_path / "loop" / "made", str(tmp_path / "loop"))
    with pytest.raises(StoreError, match="place of the store itself"):
        refuse_store(tmp_path / "made", str(tmp_path))


def test_who_is_impatient_finds_nothing_left_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C once more, while what was half made is taken away: the way is free afterwards."""
    real, tries = shutil.rmtree, []

    def stopped_at_first(room: Path, **how: bool) -> None:
        tries.append(room)
        if len(tries) == 1:
            raise KeyboardInterrupt
        real(room, **how)

    def stopped() -> None:
        with whole(tmp_path / "made", what="folder") as made:
            made.mkdir()
            raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "rmtree", stopped_at_first)
    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert list(tmp_path.iterdir()) == []
