"""Definitions as plain values, and their hash.

:func:`plain` turns a definition into what TOML and JSON can hold: tables, lists, texts, numbers.
What is not stated is left out, so a field that the library gains later does not change the hash of
a definition written before. Reading the plain form back gives an equal definition.
"""

from __future__ import annotations

import json
from enum import Enum
from hashlib import sha256
from typing import Any

import attrs

from osallisuus.model.roles import Prerequisite
from osallisuus.time import PartialDate

__all__ = ["definition_hash", "plain"]

_WRITTEN_AS_TEXT = (PartialDate, Prerequisite)


def plain(value: Any) -> Any:
    """*value* as tables, lists and scalars, without what is at its default."""
    if isinstance(value, _WRITTEN_AS_TEXT):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if not attrs.has(type(value)):
        return value
    kind = getattr(type(value), "kind", None)
    # A class attribute `kind` tells the members of a union apart; a field of that name is no tag.
    table: dict[str, Any] = {"kind": kind} if isinstance(kind, str) else {}
    for attribute in attrs.fields(type(value)):
        part = getattr(value, attribute.name)
        if part != attribute.default:
            table[attribute.name] = plain(part)
    return table


def definition_hash(value: Any) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the canonical JSON form of *value*."""
    text = json.dumps(
        plain(value), sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    return sha256(text.encode("utf-8")).hexdigest()[:16]
