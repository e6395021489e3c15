"""Sealing: what is written can be read, and changed unnoticed, only with its key.

AES-256 in Galois/Counter Mode (NIST SP 800-38D) with a random nonce of 96 bits for each sealing.
What a text is *about*, such as a person and a kind, is not in it but bound to it: moved to another
person's place it does not open.
"""

from __future__ import annotations

import hmac
import os
from hashlib import sha256
from typing import Any, Final

from osallisuus.errors import StoreError
from osallisuus.extra import library

__all__ = ["KEY_BYTES", "Sealer", "VaultError", "derived"]

KEY_BYTES: Final = 32
"""256 bits."""
_NONCE: Final = 12


class VaultError(StoreError):
    """The identity vault cannot be opened, read or written, or somebody has changed it."""

    code = "vault"


def derived(key: bytes, purpose: str) -> bytes:
    """The key for one purpose out of *key*: HMAC-SHA-256 (RFC 2104) of the purpose."""
    return hmac.new(key, f"osallisuus vault: {purpose}".encode(), sha256).digest()


class Sealer:
    """Seals and opens under one key of :data:`KEY_BYTES`; :class:`PluginError` without the extra."""

    def __init__(self, key: bytes) -> None:
        ciphers = library("cryptography.hazmat.primitives.ciphers.aead", "crypto")
        self._invalid: type[Exception] = library("cryptography.exceptions", "crypto").InvalidTag
        self._cipher: Any = ciphers.AESGCM(key)

    def __repr__(self) -> str:
        return "Sealer(…)"

    def seal(self, content: bytes, *about: str) -> bytes:
        """Nonce, sealed content and tag in one."""
        nonce = os.urandom(_NONCE)
        return nonce + bytes(self._cipher.encrypt(nonce, content, _bound(about)))

    def opened(self, sealed: bytes, *about: str) -> bytes | None:
        """The content; ``None`` under another key, about something else, or if it was changed."""
        try:
            nonce, content = sealed[:_NONCE], sealed[_NONCE:]
            return bytes(self._cipher.decrypt(nonce, content, _bound(about)))
        except (self._invalid, ValueError):
            return None


def _bound(about: tuple[str, ...]) -> bytes:
    # lengths keep ("ab", "c") and ("a", "bc") apart
    return "".join(f"{len(part)}:{part}" for part in about).encode()
