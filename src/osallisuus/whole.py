"""Files and folders that appear whole or not at all, for their owner's eyes only.

What is being made stands under a name of its own beside its place until all of it is on the disk;
then it takes its place in one step. So nobody ever finds half a file there, and what stood there
stays until the new one is complete: also where the disk is full or the program is stopped. Nothing
is written over without leave, and with leave only what can be made anew: never a store, a table of
a fact folder, a device, or a folder that holds anything of somebody else's.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from osallisuus.errors import StoreError

__all__ = [
    "Ours",
    "flush_folder",
    "refuse_missing",
    "refuse_nameless",
    "refuse_precious",
    "refuse_store",
    "refuse_taken",
    "unwritable",
    "whole",
    "write_new",
    "write_whole",
]

_OWN_FILE: Final = 0o600
_OWN_FOLDER: Final = 0o700
_REMEDIES: Final = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "make room there"),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "see that you may write there"),
    errno.EIO: "make room there, see that the disk is in order",
    errno.ENAMETOOLONG: "give it a shorter name",
}
"""What would help: there is no room (on the disk, in a quota, for a file of that size), no right, a
fault of the disk (SQLite says no more of a file that may not grow), or the name is too long. Anything
else is mostly a folder that is not there."""
_DATABASES: Final = (b"SQLite format 3\0", b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
"""How a SQLite database begins, and the log beside it that holds its last commits."""
_BESIDE_DATABASE: Final = ("-wal", "-shm", "-journal")
_IS_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/+[^/]*@").match
_DESCRIPTOR: Final = "datapackage.json"
"""In a folder with this file, the CSV files are tables of facts."""


Ours = Callable[[Path], bool]
"""Whether the folder that is given was made by us, and nothing else has come into it since."""


def _nobodys(folder: Path) -> bool:
    return False


def write_whole(path: Path, content: bytes, *, overwrite: bool = False, what: str = "file") -> Path:
    """Write *content* to the file at *path*; problems name *what* it is, such as "key".

    Without *overwrite* also a file that appears there meanwhile is left as it is. Raises
    :class:`StoreError` where something is there already, where it is one that is never written over
    (:func:`refuse_precious`), or it cannot be written.
    """
    refuse_nameless(path, what)
    if overwrite:
        refuse_precious(path, lambda _: True)  # a folder refuses by itself
    taken = StoreError(f"the {what} is there already", where=str(path), remedy="name a new file")
    if not overwrite and _is_there(path):
        raise taken
    reason = None
    try:
        made = _beside(path, content)
        try:
            _put_file(made, path, overwrite=overwrite)
        finally:
            made.unlink(missing_ok=True)
    except FileExistsError:
        reason = taken
    except (OSError, ValueError) as error:
        reason = unwritable(error, path, what)
    if reason is not None:
        raise reason
    return path


@contextmanager
def whole(
    path: Path, *, what: str, overwrite: bool = False, ours: Ours = _nobodys
) -> Iterator[Path]:
    """Where to make a file or folder that is at *path* when the block has ended without an error.

    It is made in a private folder beside *path*, so that two programs never make the same at
    once. Raises :class:`StoreError`, which names *what* it is, for every ``OSError`` of the block,
    and where something else than an empty folder is there already and there is no *overwrite*. With
    it, a file goes (but see :func:`refuse_precious`), and a folder that is *ours*.
    """
    refuse_nameless(path, what)
    if overwrite:
        refuse_precious(path, ours)
    else:
        refuse_taken(path)
    room = path.with_name(f".{path.name}.new")
    mine, problem = True, None  # from before it is there: Ctrl-C may come between any two steps
    try:
        try:
            room.mkdir(mode=_OWN_FOLDER)
        except FileExistsError:
            mine, problem = False, _written_already(path, what, room)
        except (OSError, ValueError) as error:
            mine, problem = False, unwritable(error, path, what)
        else:
            made = room / path.name
            yield made
            _keep_private(made)
            if overwrite:
                refuse_precious(path, ours)  # what has come there meanwhile
            _put(made, path, overwrite=overwrite)
    except OSError as error:
        problem = unwritable(error, path, what)
    finally:
        if mine:
            try:
                shutil.rmtree(room, ignore_errors=True)
            except BaseException:  # Ctrl-C just then: nobody must find it in the way
                shutil.rmtree(room, ignore_errors=True)
                raise
    if problem is not None:
        raise problem


def _written_already(path: Path, what: str, room: Path) -> StoreError:
    return StoreError(
        f"the {what} is being written already",
        where=str(path),
        remedy=f"wait for it to end, or take away what an earlier try has left: {room.name}",
    )


def write_new(file: Path, content: bytes) -> None:
    """Write a new file of its owner's, and see that it is on the disk; ``OSError`` where it fails.

    What an earlier try has left under the name goes; a link that somebody left there is not
    followed.
    """
    file.unlink(missing_ok=True)
    _fill(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_EXCL, _OWN_FILE), content)


def flush_folder(path: Path) -> None:
    """See that the names in the folder are on the disk."""
    if os.name == "nt":  # pragma: no cover - no folder can be opened there, nor needs flushing
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def refuse_missing(path: Path, remedy: str) -> None:
    """:class:`StoreError` with *remedy* where no file is at *path*, or none that may be looked at."""
    _refuse_address(path)
    there = False
    with suppress(OSError, ValueError):
        there = path.is_file()
    if not there:
        raise StoreError("there is no such file", where=str(path), remedy=remedy)


def _refuse_address(path: Path) -> None:
    """:class:`StoreError` where *path* is the address of a server: it may hold a password."""
    if _IS_ADDRESS(str(path)):
        raise StoreError(
            "this is the address of a store, and no file",
            where="the file",
            remedy="name a file; osallisuus snapshot writes all of a store to one",
        )


def refuse_taken(path: Path) -> None:
    """:class:`StoreError` where something is at *path*; an empty folder is nothing."""
    _refuse_address(path)
    if _is_there(path) and not _is_empty_folder(path):
        raise StoreError(
            "there is something already", where=str(path), remedy="name a new file or folder"
        )


def refuse_nameless(path: Path, what: str = "file") -> None:
    """:class:`StoreError` where *path* ends in no name: nothing can be made there."""
    if path.name in ("", ".."):
        raise StoreError(
            f"the {what} has no name", where=str(path), remedy="name a new file or folder"
        )


def refuse_precious(path: Path, ours: Ours = _nobodys) -> None:
    """:class:`StoreError` where what is at *path* must not be written over, also with leave.

    That is a SQLite database or what stands beside it, a table of a fact folder, what is neither
    file nor folder, and a folder that is not empty and not *ours*. Of a link only the link goes.
    """
    if not _is_there(path) or path.is_symlink():
        return
    what = ""
    try:
        if path.is_dir():
            if not _is_empty_folder(path) and not ours(path):
                what = "this folder holds something that no export has made"
        elif not path.is_file():
            what = "this is no file"
        elif _is_database(path):
            what = "a store is never written over"
        elif _is_table(path):
            what = "a fact folder is never written over in part"
    except OSError:  # a folder that may be written to can hold what may not be read
        what = "nobody can tell what this is"
    if what:
        raise StoreError(what, where=str(path), remedy="name a new file or folder")


def refuse_store(path: Path, store: str) -> None:
    """:class:`StoreError` where *path* is the *store* that is read, or in its folder, or around it.

    *store* is its file or folder; another address, such as that of a server, is at no path.
    """
    try:
        place, held = Path(path).resolve(), Path(store).resolve()
        beside = any(place.name == f"{held.name}{one}" for one in _BESIDE_DATABASE)
        if not store or not held.exists():
            return
        taken = held in (place, *place.parents) or place in held.parents
        taken = taken or (beside and place.parent == held.parent)
    except (OSError, ValueError, RuntimeError):
        return  # no path
    if taken:
        raise StoreError(
            "this is the place of the store itself", where=str(path), remedy="name another place"
        )


def _is_database(path: Path) -> bool:
    for ending in _BESIDE_DATABASE:
        if path.name.endswith(ending):
            database = path.with_name(path.name.removesuffix(ending))
            return database.is_file() and _is_database(database)
    with path.open("rb") as file:
        return file.read(16).startswith(_DATABASES)


def _is_table(path: Path) -> bool:
    if path.suffix != ".csv" and path.name != _DESCRIPTOR:
        return False
    return path.with_name(_DESCRIPTOR).is_file()


def unwritable(error: Exception, path: Path, what: str) -> StoreError:
    """The typed error for what stopped the writing of *what*, such as "folder"."""
    reason = (getattr(error, "strerror", None) or type(error).__name__).lower()
    remedy = _REMEDIES.get(getattr(error, "errno", 0), "make the folder it is to stand in")
    remedy = f"{remedy}, or choose another place"
    return StoreError(f"the {what} cannot be written: {reason}", where=str(path), remedy=remedy)


def _is_there(path: Path) -> bool:
    return os.path.lexists(path)  # never an error, also for a name that no file has


def _is_empty_folder(path: Path) -> bool:
    try:
        return not path.is_symlink() and not any(path.iterdir())
    except OSError:  # no folder, or one that nobody may look into
        return False


def _beside(path: Path, content: bytes) -> Path:
    """The content in a file of a name that nobody else has, private from its first byte on."""
    descriptor, name = tempfile.mkstemp(
        prefix=f".{path.name[:40]}.", suffix=".new", dir=path.parent
    )
    made = Path(name)
    try:
        _fill(descriptor, content)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    return made


def _fill(descriptor: int, content: bytes) -> None:
    with os.fdopen(descriptor, "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())


def _put_file(made: Path, path: Path, *, overwrite: bool) -> None:
    """In its place in one step; without leave never over what somebody put there meanwhile."""
    if overwrite:
        made.replace(path)
    else:
        try:
            os.link(made, path)  # unlike a new name, a link takes nobody's place
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            made.replace(path)
    with suppress(OSError):  # the file is there; some network folders cannot be flushed
        flush_folder(path.parent)


def _keep_private(made: Path) -> None:
    """Give what was made to its owner only, and see that it is on the disk."""
    inside = sorted(made.rglob("*")) if made.is_dir() else []
    for one in (*inside, made):
        if one.is_dir():
            one.chmod(_OWN_FOLDER)
            with suppress(OSError):  # some network folders cannot be flushed
                flush_folder(one)
        else:
            one.chmod(_OWN_FILE)
            with one.open("rb+") as target:
                os.fsync(target.fileno())


def _put(made: Path, path: Path, *, overwrite: bool) -> None:
    """Where it belongs; a folder that stood there stays until the new one has its place."""
    if not made.is_dir():
        _put_file(made, path, overwrite=overwrite)
        return
    old = made.with_name(f"{made.name}.old")  # goes with the private folder
    aside = overwrite and _is_there(path)
    try:
        if aside:
            path.rename(old)
        elif path.is_dir():
            path.rmdir()  # an empty one; if something has come into it meanwhile, this fails
        made.replace(path)
    except BaseException:  # Ctrl-C as well: the private folder goes now, with all that is in it
        if _is_there(old) and not _is_there(path):
            old.rename(path)
        raise
    with suppress(OSError):  # as of a file
        flush_folder(path.parent)
