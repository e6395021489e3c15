"""Where the master key of a vault comes from: it is never in the vault."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from osallisuus.errors import StoreError
from osallisuus.ingest.pseudonyms import new_key, read_key, write_key
from osallisuus.values import frozen
from osallisuus.vault.sealing import VaultError

__all__ = ["KeyFile", "KeySource", "KeyVariable", "master_key"]

KeySource: TypeAlias = Callable[[], bytes]
"""Gives the master key when it is asked: 32 characters at least."""

_SHORTEST: Final = 32
_OTHERS: Final = 0o077


@frozen
class KeyFile:
    """A key in a file that only its owner can read."""

    path: str | Path

    def __call__(self) -> bytes:
        """The key. Raises :class:`VaultError` where others could read it, or it will not do."""
        problem, key = None, b""
        try:
            key = read_key(self.path)
            if os.name == "posix" and Path(self.path).stat().st_mode & _OTHERS:
                problem = VaultError(
                    "others can read this key",
                    where=str(self.path),
                    remedy=f"chmod 600 {self.path}, and rotate to a new key",
                )
        except StoreError as error:
            problem = VaultError(error.problems)
        except OSError:
            problem = VaultError("the key cannot be read", where=str(self.path))
        if problem is not None:
            raise problem
        return key

    def make(self) -> KeyFile:
        """Write a new random key into a new file. :class:`StoreError` where there is one."""
        write_key(self.path, new_key())
        return self


@frozen
class KeyVariable:
    """A key in an environment variable, such as a secret manager sets for one process."""

    name: str = "OSALLISUUS_VAULT_KEY"

    def __call__(self) -> bytes:
        """The key; :class:`VaultError` where the variable is not set."""
        key = os.environ.get(self.name, "").strip()
        if not key:
            raise VaultError(
                "no key is set", where=self.name, remedy="set the variable, or name a key file"
            )
        return key.encode()


def master_key(source: KeySource) -> bytes:
    """What *source* gives, if it is long enough."""
    key = source()
    if len(key) < _SHORTEST:
        raise VaultError(
            f"a key has {_SHORTEST} characters at least",
            where="keys",
            remedy="make one: osallisuus.vault.KeyFile(path).make()",
        )
    return key
