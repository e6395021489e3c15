"""The ring: a random key for each person, wrapped by the master key."""

from __future__ import annotations

import os

from osallisuus.vault.files import Files
from osallisuus.vault.master import KeySource, master_key
from osallisuus.vault.sealing import KEY_BYTES, Sealer, VaultError, derived

__all__ = ["OWN", "Ring", "sealer_of"]

OWN = ""
"""In the place of a person: the vault's own key."""


class Ring:
    """The wrapped keys in the second file of a vault, inside the transactions of its caller."""

    def __init__(self, files: Files, master: Sealer) -> None:
        self._files, self._master = files, master

    def key(self, person: str) -> bytes | None:
        """The key of a person; ``None`` without one, or where the master key does not open it."""
        found = self._files.run("SELECT wrapped FROM ring.keys WHERE person = ?", (person,))
        return self._master.opened(found[0][0], self._files.name, person, "key") if found else None

    def make(self, person: str) -> bytes:
        """A new key for a person."""
        key = os.urandom(KEY_BYTES)
        self._put(person, key)
        return key

    def people(self) -> list[str]:
        """All who have a key, in order."""
        query = "SELECT person FROM ring.keys WHERE person <> '' ORDER BY person"
        return [row[0] for row in self._files.run(query)]

    def holds(self, person: str) -> bool:
        """Whether there is a key of that person."""
        query = "SELECT 1 FROM ring.keys WHERE person = ? AND person <> ''"
        return bool(self._files.run(query, (person,)))

    def who(self, person: str) -> str:
        """By what the journal tells a person, as long as their key is there."""
        key = self.key(person)
        return "" if key is None else derived(key, "who").hex()[:32]

    def rotate(self, keys: KeySource) -> None:
        """Wrap every key under a new master key."""
        opened = {person: self.key(person) for person in (OWN, *self.people())}
        if None in opened.values():
            raise VaultError(
                "a key was changed by somebody else", where=self._files.where,
                remedy="take the last backup",
            )  # fmt: skip
        self._master = sealer_of(keys)
        for person, key in opened.items():
            self._put(person, key or b"")

    def _put(self, person: str, key: bytes) -> None:
        wrapped = self._master.seal(key, self._files.name, person, "key")
        self._files.run("INSERT OR REPLACE INTO ring.keys VALUES (?, ?)", (person, wrapped))


def sealer_of(keys: KeySource) -> Sealer:
    """What seals under the master key of that source."""
    return Sealer(derived(master_key(keys), "master"))
