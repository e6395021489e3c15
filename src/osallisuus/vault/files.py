"""The two SQLite files of a vault: sealed records, and the wrapped keys that open them.

They are written in one transaction, and backed up apart: a backup of the records is of no use
without the keys, so that whoever is gone from the one file of keys is gone from every backup of the
records. Both are for their owner only, and cleared of what was deleted.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from osallisuus.vault.sealing import VaultError

__all__ = ["Files"]

_APPLICATION: Final = 0x6F737661  # "osva": tells our files from other SQLite files
_VERSION: Final = 1
_BUSY_SECONDS: Final = 30.0
_SETTINGS: Final = "secure_delete = ON", "synchronous = EXTRA", "temp_store = MEMORY"
_RECORDS: Final = (
    "CREATE TABLE main.about (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT",
    "CREATE TABLE main.records (person TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT",
    "CREATE TABLE main.links (mark TEXT PRIMARY KEY, person TEXT NOT NULL) STRICT",
    """CREATE TABLE main.journal (number INTEGER PRIMARY KEY, recorded_at TEXT NOT NULL,
    actor TEXT NOT NULL, purpose TEXT NOT NULL, operation TEXT NOT NULL, who TEXT NOT NULL,
    digest BLOB NOT NULL) STRICT""",
)
_KEYS: Final = (
    "CREATE TABLE ring.about (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT",
    "CREATE TABLE ring.keys (person TEXT PRIMARY KEY, wrapped BLOB NOT NULL) STRICT",
)


class Files:
    """Both files in one connection."""

    def __init__(self, records: Path, keys: Path, *, create: bool) -> None:
        self.where = str(records)
        there = [_is_there(records), _is_there(keys)]
        if there != [True, True] and not (create and not any(there)):
            lost = keys if there[0] else records
            raise VaultError(
                "there is no vault" if not any(there) else "one of the two files is missing",
                where=str(lost),
                remedy="check the path" if not any(there) else "restore it from its backup",
            )
        for path in (records, keys):
            _make_private(path)
        self._database: sqlite3.Connection | None = None
        try:
            with self._own_errors():
                self._connect(records.absolute(), keys.absolute())
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _connect(self, records: Path, keys: Path) -> None:
        """By whole paths: SQLite takes ``:memory:`` for something else than a file."""
        # rollback journals and not write-ahead logs: only so both files change together
        self._database = sqlite3.connect(records, isolation_level=None, timeout=_BUSY_SECONDS)
        self.run("ATTACH ? AS ring", (str(keys),))
        self.run("PRAGMA trusted_schema = OFF")
        for schema in ("main", "ring"):
            for setting in _SETTINGS:
                self.run(f"PRAGMA {schema}.{setting}")

    def _prepare(self) -> None:
        with self.writing():
            made = [self._one(f"PRAGMA {schema}.application_id") for schema in ("main", "ring")]
            schemas = "SELECT 1 FROM main.sqlite_schema UNION ALL SELECT 1 FROM ring.sqlite_schema"
            if made == [0, 0] and not self.run(schemas):
                self._make()
            elif made != [_APPLICATION] * 2:
                raise VaultError("this is not a vault", where=self.where, remedy="check the path")
            version = self._one("PRAGMA main.user_version")
            names = "SELECT value FROM {}.about WHERE name = 'vault'"
            self.name = str(self._one(names.format("main")))
            ring = str(self._one(names.format("ring")))
        if version > _VERSION:
            raise VaultError(
                "a newer version of osallisuus has made this vault",
                where=self.where,
                remedy="update osallisuus",
            )
        if ring != self.name:
            raise VaultError(
                "the file of keys belongs to another vault", where=self.where,
                remedy="name the one that was made with it",
            )  # fmt: skip

    def _make(self) -> None:
        for statement in (*_RECORDS, *_KEYS):
            self.run(statement)
        name = secrets.token_hex(16)
        for schema in ("main", "ring"):
            self.run(f"INSERT INTO {schema}.about VALUES ('vault', ?)", (name.encode(),))
            self.run(f"PRAGMA {schema}.application_id = {_APPLICATION}")
            self.run(f"PRAGMA {schema}.user_version = {_VERSION}")

    def run(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of one statement."""
        if self._database is None:
            raise VaultError("the vault is closed", where=self.where, remedy="open it again")
        return self._database.execute(sql, values).fetchall()

    def _one(self, sql: str) -> Any:
        found = self.run(sql)
        return found[0][0] if found else None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction over both files, with no other writer beside it, and our own errors."""
        with self._own_errors():
            self.run("BEGIN IMMEDIATE")
            try:
                yield
                self.run("COMMIT")
            except BaseException:
                if self._database is not None and self._database.in_transaction:
                    self.run("ROLLBACK")
                raise

    def owe(self) -> None:
        """Remember, in the transaction that deletes something, that :meth:`clear` is to follow."""
        self.run("INSERT OR REPLACE INTO main.about VALUES ('uncleared', x'01')")

    def owed(self) -> bool:
        """Whether something was deleted and the files are not cleared of it yet."""
        return bool(self.run("SELECT 1 FROM main.about WHERE name = 'uncleared'"))

    def clear(self) -> None:
        """Write both files anew where it is owed: nothing of what was deleted is left in them."""
        with self._own_errors():
            if self.owed():
                for schema in ("ring", "main"):  # the keys first: without them the rest is noise
                    self.run(f"VACUUM {schema}")
                self.run("DELETE FROM main.about WHERE name = 'uncleared'")

    @contextmanager
    def _own_errors(self) -> Iterator[None]:
        problem = None
        try:
            yield
        except sqlite3.Error as error:
            reason = getattr(error, "sqlite_errorname", "") or type(error).__name__
            problem = VaultError(
                f"the vault cannot be read or written: SQLite says {reason}",
                where=self.where,
                remedy=_REMEDIES.get(
                    reason.split("_")[1] if "_" in reason else "", "check the disk"
                ),
            )
        if problem is not None:
            raise problem

    def close(self) -> None:
        """Let go of the files. Closing twice does nothing."""
        if self._database is not None:
            self._database.close()
        self._database = None


_REMEDIES: Final = {
    "BUSY": "another program is using it: try again when it has ended",
    "NOTADB": "check the path",
    "CORRUPT": "take the last backup",
    "READONLY": "check the rights to file and folder",
    "FULL": "free some space; nothing was stored",
    "CANTOPEN": "check the folder and its rights",
}


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _make_private(path: Path) -> None:
    """An empty file that only its owner can read, before anything is written to it."""
    reason = None
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except (OSError, ValueError) as error:  # a path may hold a NUL
        reason = (getattr(error, "strerror", None) or "not a path").lower()
    if reason is not None:
        raise VaultError(
            f"the vault cannot be opened: {reason}", where=str(path),
            remedy="check the folder and its rights",
        )  # fmt: skip
