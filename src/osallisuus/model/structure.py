"""Plain values into definitions, strictly, with every problem at once.

A small visitor over the fields of attrs classes. It converts nothing: ``true`` is no number and
``"5"`` is not 5. Each problem carries the path of its key, such as ``roles[1].prerequisites[0]``.
What a class itself refuses (a :class:`DefinitionError` from its constructor) is reported at the
class's own path, and the reading goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

import attrs

from osallisuus.errors import DefinitionError, Problem, did_you_mean
from osallisuus.model.references import Unbuilt
from osallisuus.model.roles import Prerequisite
from osallisuus.model.stated import NONE, Absent, is_code
from osallisuus.time import PartialDate

__all__ = ["MISSING", "structure"]

_Reader: TypeAlias = Callable[[Any, Any, str, list[Problem]], Any]

MISSING = object()
"""Stands for a value that could not be read; its problem has been noted."""

_PARSED: dict[Any, Callable[[str], Any]] = {
    PartialDate: PartialDate.parse,
    Prerequisite: Prerequisite.parse,
}
_CALLED: dict[Any, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    PartialDate: 'a date as a text, such as "2013-12"',
    Prerequisite: "a text",
}


def structure(kind: Any, value: Any, path: str, problems: list[Problem]) -> Any:
    """*value* as the type *kind*; what is wrong is added to *problems*.

    Where something was wrong the answer is :data:`MISSING`, or an ``Unbuilt`` object that holds
    the fields that could be read.
    """
    read: _Reader
    if kind in _PARSED:
        read = _parse
    elif get_origin(kind) in _READERS:
        read = _READERS[get_origin(kind)]
    else:
        read = _table if attrs.has(kind) else _scalar
    return read(kind, value, path, problems)


def _note(what: str, path: str, remedy: str, problems: list[Problem]) -> Any:
    problems.append(Problem(what, path, remedy))
    return MISSING


def _wrong(expected: str, value: Any, path: str, problems: list[Problem]) -> Any:
    found = {bool: "true or false", dict: "a table", list: "a list", str: "a text"}
    what = f"not {expected}, but {found.get(type(value), f'a {type(value).__name__}')}"
    return _note(what, path, f"write {expected}", problems)


def _scalar(kind: Any, value: Any, path: str, problems: list[Problem]) -> Any:
    if type(value) is not kind:
        return _wrong(_CALLED[kind], value, path, problems)
    if value == "":
        return _note("an empty text", path, "write something, or leave the key out", problems)
    return value


def _code(kind: Any, value: Any, path: str, problems: list[Problem]) -> Any:
    if type(value) is not str:
        return _wrong("a code", value, path, problems)
    if not is_code(value):
        remedy = "use small letters, digits, _ and ., at most 64"
        return _note(f"{value[:80]!r} is not a code", path, remedy, problems)
    return value


def _parse(kind: Any, value: Any, path: str, problems: list[Problem]) -> Any:
    if type(value) is not str:
        return _wrong(_CALLED[kind], value, path, problems)
    try:
        return _PARSED[kind](value)
    except DefinitionError as error:
        found = error.problems
    return _note(f"{value[:80]!r}: {found[0].what}", path, found[0].remedy, problems)


def _literal(kind: Any, value: Any, path: str, problems: list[Problem]) -> Any:
    return _word(get_args(kind), value, path, problems)


def _word(words: tuple[str, ...], value: Any, path: str, problems: list[Problem]) -> Any:
    if type(value) is not str:
        return _wrong("a text", value, path, problems)
    if value not in words:
        remedy = did_you_mean(value, words)
        return _note(f"{value[:80]!r} is not one of the codes here", path, remedy, problems)
    return value


def _list(kind: Any, value: Any, path: str, problems: list[Problem]) -> Any:
    if type(value) is not list:
        return _wrong("a list", value, path, problems)
    if not value:
        remedy = (
            'leave the key out if it is not stated; write "none" if there is none by the source'
        )
        return _note("an empty list says nothing", path, remedy, problems)
    inner = get_args(kind)[0]
    items = [structure(inner, item, f"{path}[{n}]", problems) for n, item in enumerate(value)]
    # a bad item keeps its place, so that the paths of later problems still point to the source
    return tuple(None if item is MISSING else item for item in items)


def _union(kind: Any, value: Any, path: str, problems: list[Problem]) -> Any:
    members = [member for member in get_args(kind) if member is not type(None)]
    wanted = [member for member in members if member is not Absent]
    if len(wanted) < len(members) and type(value) is str:
        if value == NONE.value:
            return NONE
        return _note('only "none" is a text here', path, "write it so, or what there is", problems)
    if len(wanted) == 1:
        return structure(wanted[0], value, path, problems)
    tagged = {vars(member)["kind"]: member for member in wanted if attrs.has(member)}
    if not tagged:
        if type(value) not in wanted:
            expected = " or ".join(_CALLED[member] for member in wanted)
            return _wrong(expected, value, path, problems)
        return value
    return _tagged(tagged, value, path, problems)


def _tagged(kinds: dict[str, Any], value: Any, path: str, problems: list[Problem]) -> Any:
    """One of several classes, told apart by the key ``kind``."""
    if type(value) is not dict:
        return _wrong("a table", value, path, problems)
    if "kind" not in value:
        return _note("a key is missing", f"{path}.kind", f"one of {', '.join(kinds)}", problems)
    kind = _word(tuple(kinds), value["kind"], f"{path}.kind", problems)
    if kind is MISSING:
        return MISSING
    rest = {key: item for key, item in value.items() if key != "kind"}
    return _table(kinds[kind], rest, path, problems)


@cache
def _fields(cls: type) -> dict[str, tuple[Any, Any]]:
    """Each field's attribute and resolved type."""
    hints = get_type_hints(cls, include_extras=True)
    return {a.name: (a, hints[a.name]) for a in attrs.fields(cls)}


def _table(cls: Any, value: Any, path: str, problems: list[Problem]) -> Any:
    if type(value) is not dict:
        return _wrong("a table", value, path, problems)
    before = len(problems)
    fields = _fields(cls)
    values = {}
    for key, item in value.items():
        where = f"{path}.{key}" if path else key
        if key not in fields:
            _note(f"unknown key {key[:80]!r}", where, did_you_mean(key, fields), problems)
            continue
        part = structure(fields[key][1], item, where, problems)
        if part is not MISSING:
            values[key] = part
    for name, (attribute, _) in fields.items():
        if attribute.default is attrs.NOTHING and name not in value:
            where = f"{path}.{name}" if path else name
            _note("a key is missing", where, "add it", problems)
    if len(problems) > before:
        return Unbuilt(cls, values)
    return _build(cls, values, path, problems)


def _build(cls: Any, values: dict[str, Any], path: str, problems: list[Problem]) -> Any:
    try:
        return cls(**values)
    except DefinitionError as error:
        found = error.problems
    for problem in found:
        where = ".".join(part for part in (path, problem.where) if part)
        problems.append(Problem(problem.what, where, problem.remedy))
    return Unbuilt(cls, values)


_READERS: dict[Any, _Reader] = {
    Annotated: _code,
    Literal: _literal,
    Union: _union,
    UnionType: _union,
    tuple: _list,
}
