"""The journal of a vault: who looked at or changed whose record, chained by keyed digest."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from osallisuus.errors import Problem
from osallisuus.values import frozen
from osallisuus.vault.files import Files

__all__ = ["Access", "Journal"]

_COLUMNS: Final = "number, recorded_at, actor, purpose, operation, who"


@frozen
class Access:
    """One line of the journal: who did what, for what purpose, and to whose record."""

    number: int
    recorded_at: datetime
    actor: str
    purpose: str
    operation: str
    person: str | None
    """``None``: nobody's, or somebody's who was erased since."""


class Journal:
    """Written inside the transactions of its caller; *key* makes its digests."""

    def __init__(self, files: Files, key: bytes) -> None:
        self._files, self._key = files, key

    def note(self, moment: datetime, actor: str, purpose: str, operation: str, who: str) -> None:
        """Write the next entry; *who* is a keyed hash, or empty where it is about nobody."""
        query = "SELECT number, digest FROM journal ORDER BY number DESC LIMIT 1"
        number, before = next(iter(self._files.run(query)), (0, b""))
        written = moment.astimezone(UTC).isoformat(timespec="microseconds")
        said = (number + 1, written, actor, purpose, operation, who)
        digest = self._digest(before, said)
        self._files.run("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?)", (*said, digest))

    def entries(self) -> Iterator[tuple[Access, str]]:
        """Every entry, the oldest first, with its keyed hash; of nobody, as long as it is that."""
        for row in self._files.run(f"SELECT {_COLUMNS} FROM journal ORDER BY number"):
            number, moment, actor, purpose, operation, who = row
            at = datetime.fromisoformat(moment)
            yield Access(number, at, actor, purpose, operation, None), who

    def verify(self) -> Iterator[Problem]:
        """The first place at which the chain is broken."""
        last = b""
        rows = self._files.run(f"SELECT {_COLUMNS}, digest FROM journal ORDER BY number")
        for place, (*said, digest) in enumerate(rows, start=1):
            if said[0] != place or digest != self._digest(last, said):
                what = "the journal of the vault was changed after it was written"
                yield Problem(what, f"entry {place}", "compare with a backup of before")
                return
            last = digest

    def _digest(self, before: bytes, said: Sequence[object]) -> bytes:
        text = "".join(f"{len(str(part))}:{part}" for part in said).encode()
        return hmac.new(self._key, before + text, sha256).digest()
