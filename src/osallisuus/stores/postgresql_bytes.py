"""Clearing the bytes of what was deleted from a PostgreSQL server's files.

A deleted row stays in its table until the table is written anew, and in the write-ahead log until
its files are written over. The first is for the owner of the tables, the second for a role that
may run ``CHECKPOINT``, ``pg_switch_wal`` and ``pg_ls_waldir``.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, Final

__all__ = ["clear_bytes"]

_FILES: Final = "SELECT count(*) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$' AND name"
_HERE: Final = "pg_walfile_name(pg_current_wal_insert_lsn())"
_RIGHTS: Final = (
    "GRANT pg_checkpoint, pg_monitor TO the role, and"
    " GRANT EXECUTE ON FUNCTION pg_switch_wal() TO it"
)


def clear_bytes(
    connection: Any, tables: Collection[str], foreign: tuple[type[Exception], ...]
) -> tuple[str, ...]:
    """Write *tables* anew, then the log over; what could not be done, in words.

    *foreign* are the errors of the library of *connection*.
    """
    left = _write_anew(connection, tables, foreign)
    return left or _write_over(connection, foreign)


def _write_anew(
    connection: Any, tables: Collection[str], foreign: tuple[type[Exception], ...]
) -> tuple[str, ...]:
    notices: list[tuple[str, str]] = []

    def heard(notice: Any) -> None:  # which is gone when this ends
        notices.append((notice.sqlstate or "", notice.message_detail or ""))

    connection.add_notice_handler(heard)
    try:
        for table in tables:
            connection.execute(f"VACUUM (FULL, VERBOSE) {table}")
    except foreign as error:
        reason = getattr(error, "sqlstate", None)
        what = "others are using them" if reason == "55P03" else f"PostgreSQL says {reason}"
        return (f"the tables could not be written anew: {what}",)
    finally:
        connection.remove_notice_handler(heard)
    if any(code == "42501" for code, _ in notices):
        return ("the tables could not be written anew: only their owner may do that",)
    if any(_kept(detail) for _, detail in notices):
        return ("another session still reads the store as it was before",)
    return ()


def _kept(detail: str) -> bool:
    """Whether PostgreSQL says that deleted rows had to stay: the first number of the detail."""
    number = re.search(r"\d+", detail)
    return number is not None and int(number[0]) > 0


def _write_over(connection: Any, foreign: tuple[type[Exception], ...]) -> tuple[str, ...]:
    """Have every old file of the write-ahead log written over, or taken away."""
    try:
        (last,) = connection.execute(f"SELECT {_HERE}").fetchone()
        _next_file(connection)
        connection.execute("CHECKPOINT")  # old files go, or get a new name and keep their bytes
        (again,) = connection.execute(f"{_FILES} > {_HERE}").fetchone()
        for _ in range(again + 1):  # the one that is written now may be an old one too
            _next_file(connection)
        connection.execute("CHECKPOINT")
        (kept,) = connection.execute(f"{_FILES} <= %s", (last,)).fetchone()
    except foreign as error:
        reason = getattr(error, "sqlstate", None)
        what = (
            f"this role may not do that ({_RIGHTS})" if reason == "42501" else f"it says {reason}"
        )
        return (f"the server's write-ahead log could not be written over: {what}",)
    if kept:
        return ("the server keeps old files of its write-ahead log for a replica or an archive",)
    return ()


def _next_file(connection: Any) -> None:
    """Go on in the next file of the log; the rest of this one is filled with zeros."""
    connection.execute("SELECT pg_logical_emit_message(false, 'osallisuus', '')")
    connection.execute("SELECT pg_switch_wal()")
