"""References within a definition: a code that is used must be declared, once.

A field's metadata says which it is: ``{"declares": "roles"}`` or ``{"refers_to": ("roles",)}``.
The walk also takes definitions that could only be half built, so that a broken reference is
reported together with every other problem.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from osallisuus.errors import Problem, did_you_mean

__all__ = ["Unbuilt", "reference_problems", "value_at", "walk"]


@attrs.frozen
class Unbuilt:
    """What could be read of an object that could not be made: its class and good fields."""

    cls: type
    values: Mapping[str, Any]


def walk(value: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Every field below *value*, in order: its path, its attrs attribute and its value."""
    if isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from walk(item, f"{path}[{number}]")
        return
    cls = value.cls if isinstance(value, Unbuilt) else type(value)
    if not attrs.has(cls):
        return
    for attribute in attrs.fields(cls):
        if isinstance(value, Unbuilt):
            part = value.values.get(attribute.name)
        else:
            part = getattr(value, attribute.name)
        place = f"{path}.{attribute.name}" if path else attribute.name
        yield place, attribute, part
        yield from walk(part, place)


def _codes(part: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(part, str):
        yield path, part
    elif isinstance(part, tuple):
        for place, item in enumerate(part):
            yield from _codes(item, f"{path}[{place}]")


def reference_problems(definition: Any) -> Iterator[Problem]:
    """One problem for every code that is used but not declared, or declared twice."""
    declared: dict[str, dict[str, str]] = {}
    used: list[tuple[str, str, tuple[str, ...]]] = []
    for path, attribute, part in walk(definition):
        kind = attribute.metadata.get("declares")
        for place, code in _codes(part, path):
            if kind is not None and code in declared.setdefault(kind, {}):
                first = declared[kind][code]
                yield Problem(f"{code!r} stands twice", place, f"it stands already at {first}")
            elif kind is not None:
                declared[kind][code] = place
            elif "refers_to" in attribute.metadata:
                used.append((place, code, attribute.metadata["refers_to"]))
    for place, code, kinds in used:
        known = [known for kind in kinds for known in declared.get(kind, {})]
        if code not in known:
            what = " or ".join(kinds)
            yield Problem(f"{code!r} is not among the {what}", place, did_you_mean(code, known))


def value_at(definition: Any, path: str) -> Any:
    """The value of a field by its path, such as ``sessions.outline``.

    ``None`` where something on the way is not stated. ``AttributeError`` if there is no such field.
    """
    value = definition
    for name in path.split("."):
        if value is None:
            return None
        value = getattr(value, name)
    return value
