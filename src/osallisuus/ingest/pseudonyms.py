"""Pseudonyms made of names, with a key that only the user holds.

The same name under the same key is always the same pseudonym, so a list can be imported again.
Without the key nobody can try names out against the pseudonyms; whoever holds key and names can,
so the key belongs where the list of names is, and not beside the store.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from base64 import b32encode
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from osallisuus.errors import StoreError
from osallisuus.whole import write_whole

__all__ = ["joined_id", "new_key", "pseudonym", "read_key", "write_key"]

_SHORTEST: Final = 32
"""Characters of a key: 128 bits as hexadecimal digits."""
_LONGEST: Final = 4096


def pseudonym(key: bytes, parts: Sequence[str]) -> str:
    """``p-`` and sixteen letters and digits: 80 bits of HMAC-SHA-256 (RFC 2104) of *parts*.

    Case, outer and repeated spaces and the ways in which Unicode writes one letter make no
    difference. Raises ``ValueError`` where all parts are empty.
    """
    plain = [" ".join(unicodedata.normalize("NFKC", part).split()).casefold() for part in parts]
    if not any(plain):
        raise ValueError
    return f"p-{_hashed(key, plain)}"


def joined_id(key: bytes, parts: Sequence[str]) -> str:
    """``j-`` and sixteen letters and digits in the same way: an id that tells none of its *parts*.

    Unlike those of a name they count as they stand.
    """
    return f"j-{_hashed(key, parts)}"


def _hashed(key: bytes, parts: Sequence[str]) -> str:
    # lengths keep ("ab", "c") and ("a", "bc") apart
    message = "".join(f"{len(part)}:{part}" for part in parts).encode()
    digest = hmac.new(key, message, hashlib.sha256).digest()
    return b32encode(digest[:10]).decode().lower()


def read_key(path: str | Path) -> bytes:
    """The key in the file at *path*. Raises :class:`StoreError` where there is none that will do."""
    try:
        with Path(path).open("rb") as file:
            key = file.read(_LONGEST).strip()
    except (OSError, ValueError):
        key = None
    if key is None:
        remedy = "check the path; another key would make other pseudonyms of the same names"
        raise StoreError("the key cannot be read", where=str(path), remedy=remedy)
    if len(key) < _SHORTEST:
        remedy = "name the file that the first import made"
        raise StoreError(
            f"a key has {_SHORTEST} characters at least", where=str(path), remedy=remedy
        )
    return key


def new_key() -> bytes:
    """A new random key of 256 bits, as hexadecimal digits."""
    return secrets.token_hex(32).encode()


def write_key(path: str | Path, key: bytes) -> None:
    """Write *key* into a new file, readable by its owner only.

    Raises :class:`StoreError` where the file is there already or cannot be written.
    """
    write_whole(Path(path), key + b"\n", what="key")
