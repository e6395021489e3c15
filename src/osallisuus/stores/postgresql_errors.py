"""What PostgreSQL's errors mean, in our words. Their own texts may hold values and are not told."""

from __future__ import annotations

from typing import Any, Final

from osallisuus.errors import StoreBusy, StoreError

__all__ = ["explained", "not_an_address"]

_ADDRESS: Final = "write postgresql://user@host/database; the password may stand in a .pgpass file"
_BUSY: Final = ("another writer held the store for too long", "try again when it has ended")
_AWAY: Final = (
    "the server cannot be reached",
    "check that it runs and its address; then try again",
)
_REASONS: Final = {
    # whole codes first, then their classes
    **dict.fromkeys(("55P03", "57014", "40P01", "40001", "55006"), _BUSY),
    "25006": ("the server or the session is read only", "write to the primary server"),
    "28P01": ("the server does not accept this user and password", _ADDRESS),
    "28000": ("the server does not let this user in", "ask whoever runs it; see its pg_hba.conf"),
    "3D000": ("the server has no database of this name", "have it made, or name another"),
    "42501": ("this role may not do that", "grant it the schema and its tables, or use another"),
    "42P01": (
        "a table of the store is missing, or this role may not see it",
        "grant it USAGE of the schema and SELECT; if it has them, take the last backup",
    ),
    "42703": ("a table of the store has other columns", "take the last backup"),
    "53100": ("the server's disk is full", "free some space; nothing was stored"),
    "53300": ("the server has too many connections", "close some, or raise its max_connections"),
    "XX001": ("the database is damaged", "take the last backup"),
    "XX002": ("the database is damaged", "take the last backup"),
    "08": _AWAY,
    "57": ("the server is stopping or was stopped", "open the store again when it runs"),
    "53": ("the server is short of memory or disk", "see its log; nothing was stored"),
    "58": ("the server's disk failed to read or write", "check the disk; nothing was stored"),
}
_SAID: Final = (
    # a server that refuses a connection says so in words only
    ("password", "28P01"),
    ("pg_hba.conf", "28000"),
    ("role", "28P01"),
    ("too many", "53300"),
    ("database", "3D000"),
)


def explained(error: Exception, where: str) -> StoreError:
    """The typed error for one of psycopg's, without its text."""
    code = getattr(error, "sqlstate", None)
    if code is None:
        code = _code_of_words(error)
    what, remedy = (
        _REASONS.get(code)
        or _REASONS.get(code[:2])
        or (
            f"PostgreSQL says {code}",
            "see the codes of errors in PostgreSQL's manual",
        )
    )
    return (StoreBusy if (what, remedy) == _BUSY else StoreError)(what, where=where, remedy=remedy)


def _code_of_words(error: Exception) -> str:
    """The code of an error that came without one: connecting failed, or the wire is cut."""
    connection: Any = getattr(error, "pgconn", None)
    if connection is not None and getattr(connection, "needs_password", False):
        return "28P01"
    if type(error).__name__ in ("OperationalError", "ConnectionTimeout"):
        said = str(error).lower()
        if "fatal" in said:
            return next((code for word, code in _SAID if word in said), "28000")
        return "08"
    return type(error).__name__


def not_an_address() -> StoreError:
    """The error for a text that is no URL of a database."""
    return StoreError("this is not the address of a database", where="postgresql", remedy=_ADDRESS)
