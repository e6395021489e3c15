"""A released report kept as it was: the same document years later, and proof that it is the same.

The file is JSON: every block and figure of the document, and the SHA-256 of it. A frozen report is
rendered again without asking the facts, in any format, and a later report can be set beside it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from math import inf
from types import UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import attrs

from osallisuus.errors import ImportProblem, OsallisuusError
from osallisuus.metrics import plain
from osallisuus.metrics.figure import Figure
from osallisuus.model.stated import LOCALES, Text
from osallisuus.reports import document as d
from osallisuus.reports.look import Look
from osallisuus.time import Period

__all__ = ["SCHEMA_VERSION", "digest_of", "freeze", "thaw"]

SCHEMA_VERSION: Final = 1

_CLASSES: Final[dict[str, type]] = {
    "document": d.Document,
    "heading": d.Heading,
    "text": d.Text,
    "note": d.Note,
    "table": d.Table,
    "chart": d.Chart,
    "hidden": d.Hidden,
    "series": d.Series,
    "provenance": d.Provenance,
    "shown": d.Shown,
    "figure": Figure,
    "source": plain.Provenance,
    "look": Look,
    "words": Text,
}
_UNSOUND: Final = (
    OsallisuusError,
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    RecursionError,
    OverflowError,
)
_DIGITS: Final = re.compile("[0-9]{1,9}")
_NAMES: Final = {kind: name for name, kind in _CLASSES.items()}


def freeze(document: d.Document) -> bytes:
    """The bytes of the file: the same document, the same bytes."""
    dumped = _dump(document)
    content = {
        "osallisuus": "frozen report",
        "schema_version": SCHEMA_VERSION,
        "sha256": _digest(dumped),
        "document": dumped,
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def thaw(content: bytes, where: str) -> tuple[d.Document, str]:
    """The document in *content*, and its SHA-256.

    Raises :class:`ImportProblem` where it is no frozen report, is of a later version, or was
    changed since.
    """
    try:
        read = json.loads(content)
        version, digest, dumped = read["schema_version"], read["sha256"], read["document"]
        said = _digest(dumped)  # refuses half characters, which no text of ours holds
    except (ValueError, KeyError, TypeError, RecursionError):
        version, digest, dumped, said = None, "", None, ""
    if version is None:
        raise ImportProblem(
            "this is no frozen report", where=where, remedy="name a file that --freeze wrote"
        )
    if version != SCHEMA_VERSION:
        raise ImportProblem(
            "this report was frozen by another version", where=where, remedy="update osallisuus"
        )
    if said != digest:
        raise ImportProblem(
            "this frozen report was changed since", where=where, remedy="look for the original"
        )
    document = None
    try:
        document = _load(dumped)
        sound = _is_sound(document)
    except _UNSOUND:
        sound = False
    if not isinstance(document, d.Document) or not sound:
        raise ImportProblem(
            "this frozen report cannot be read", where=where, remedy="look for the original"
        )
    return document, digest


def _is_sound(document: Any) -> bool:
    """Whether every exporter can show it: who recomputes a digest can write anything."""
    if not _fits(document, d.Document) or document.locale not in LOCALES:
        return False
    return bool(_DIGITS.fullmatch(document.metadata.get("hidden", "0")))


def _fits(value: Any, kind: Any) -> bool:
    """Whether *value*, and all that is in it, is what our classes say that they hold."""
    if kind in (int, float):
        # JSON has one kind of number, and NaN, which no figure is
        return type(value) in (int, kind) and abs(value) < inf
    if get_origin(kind) is None:
        return isinstance(value, kind) and (kind not in _NAMES or _fields_fit(value))
    return _FITTING[get_origin(kind)](value, get_args(kind))


def _fits_tuple(value: Any, inside: tuple[Any, ...]) -> bool:
    if not isinstance(value, tuple):
        return False
    kinds = [inside[0]] * len(value) if inside[1:] == (...,) else inside
    return len(value) == len(kinds) and all(map(_fits, value, kinds))


def _fits_mapping(value: Any, inside: tuple[Any, ...]) -> bool:
    return isinstance(value, dict) and all(
        _fits(key, inside[0]) and _fits(one, inside[1]) for key, one in value.items()
    )


def _fits_any(value: Any, inside: tuple[Any, ...]) -> bool:
    return any(_fits(value, one) for one in inside)


def _fits_word(value: Any, inside: tuple[Any, ...]) -> bool:
    return type(value) is str and value in inside


_FITTING: Final[dict[Any, Callable[[Any, tuple[Any, ...]], bool]]] = {
    Union: _fits_any,
    UnionType: _fits_any,
    Literal: _fits_word,
    tuple: _fits_tuple,
    Mapping: _fits_mapping,
}


def _fields_fit(value: Any) -> bool:
    record: type = type(value)
    return all(
        getattr(value, name) is None if name == "origin" else _fits(getattr(value, name), kind)
        for name, kind in _kinds(record).items()
    )


@cache
def _kinds(record: type) -> dict[str, Any]:
    """Field -> what it holds."""
    known = get_type_hints(record)
    return {one.name: known[one.name] for one in attrs.fields(record)}


def digest_of(document: d.Document) -> str:
    """The SHA-256 of all that the document says, in hexadecimal digits."""
    return _digest(_dump(document))


def _digest(dumped: Any) -> str:
    text = json.dumps(dumped, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _dump(value: Any) -> Any:
    """Plain JSON: a list for a tuple, ``{"is": …}`` for everything that JSON does not know."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    for kind, (name, write, _) in _SCALARS.items():
        if type(value) is kind:
            return {"is": name, "at": write(value)}
    if isinstance(value, Mapping):
        return {"is": "mapping", "of": [[_dump(key), _dump(one)] for key, one in value.items()]}
    if isinstance(value, tuple | list):
        return [_dump(one) for one in value]
    return {"is": _NAMES[type(value)]} | {
        one.name: _dump(getattr(value, one.name))
        for one in attrs.fields(type(value))
        # a released figure leads back to nothing
        if one.name != "origin" and getattr(value, one.name) != one.default
    }


def _load(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_load(one) for one in value)
    if not isinstance(value, dict):
        return value
    kind = value["is"]
    if kind == "mapping":
        return {_load(key): _load(one) for key, one in value["of"]}
    for name, _, read in _SCALARS.values():
        if kind == name:
            return read(value["at"])
    fields = {name: _load(one) for name, one in value.items() if name != "is"}
    return _CLASSES[kind](**fields)


_SCALARS: Final[dict[type, tuple[str, Callable[[Any], str], Callable[[str], Any]]]] = {
    datetime: ("moment", datetime.isoformat, datetime.fromisoformat),
    date: ("day", date.isoformat, date.fromisoformat),
    Period: ("period", str, Period.parse),
}
