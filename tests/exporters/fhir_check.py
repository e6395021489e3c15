"""Whether a FHIR resource is one: its structure by ``fhir.resources``, its codes by a walk.

``fhir.resources`` checks structure, cardinality, types and choices but no lists of codes; the walk
looks up every code in the list that stands beside its field.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

__all__ = ["problems"]

_PACKAGES = {"r4b": "fhir.resources.R4B", "r5": "fhir.resources"}
_OPEN = ("QuestionnaireItem", "type")
_MORE = "+"
"""Stands in a list of which the library names the beginning only."""
_ANY = "etc."
"""Stands in a list that is open, as of media types."""
_QUESTIONS = {
    "r4b": {"choice", "open-choice", "string", "text"},
    "r5": {"coding", "string", "text"},
}
"""What may follow there, of what we write: the only such list that our resources use."""


def problems(resource: dict[str, Any], release: str) -> list[str]:
    """What is wrong with *resource*; nothing, where it is right."""
    kind = resource["resourceType"]
    module = import_module(f"{_PACKAGES[release]}.{kind.lower()}")
    try:
        made = getattr(module, kind).model_validate(resource)
    except ValueError as error:
        return [str(error)]
    again = made.model_dump(exclude_none=True, mode="json", by_alias=True)
    if plain(again) != plain(resource):
        return [f"{kind} reads back otherwise"]
    return list(_codes(made, kind, release))


def plain(value: Any) -> Any:
    """Numbers as numbers, however they are spelled."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return round(float(value), 9)
    try:
        return round(float(value), 9)
    except (TypeError, ValueError):
        return value.removesuffix("Z") + "+00:00" if str(value).endswith("Z") else value


def _codes(model: Any, path: str, release: str) -> Iterator[str]:
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        extra = field.json_schema_extra or {}
        allowed = set(extra.get("enum_values") or ())
        if _MORE in allowed:
            known = (type(model).__name__, name) == _OPEN
            allowed = allowed | _QUESTIONS[release] if known else set()
        if _ANY in allowed:
            allowed = set()
        for place, one in enumerate(value if isinstance(value, list) else [value]):
            if one is None:
                continue
            where = f"{path}.{name}[{place}]"
            if allowed and str(one) not in allowed:
                yield f"{where} is no code of its list"
            wanted = extra.get("enum_reference_types")
            if wanted and getattr(one, "reference", None):
                kind = one.reference.split("/")[0]
                if kind not in wanted and "Resource" not in wanted:
                    yield f"{where} refers to a {kind}"
            if hasattr(type(one), "model_fields"):
                yield from _codes(one, where, release)
