"""What a programme may not ask for, by its own words: its boundaries, and who is met in the field.

A programme that says "we do not interfere in treatment" and records treatment contradicts itself
(K6, K14). A form on an encounter that leaves room for a name makes a record of somebody who never
asked to have one (V3, V16, Q9). Both are refused when the programme is defined.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from osallisuus.errors import Problem
from osallisuus.model.stated import each

__all__ = ["beyond_boundaries", "contradictions", "is_of_encounter"]

_IN_OTHER_WORDS: Final = {"doing_for": ("do_for", "done_for", "in_their_stead")}
"""Boundary -> further codes by which the same thing could be recorded (K14)."""

_TELLING_ANSWERS: Final = {
    "string": "free text leaves room for a name or a phone number",
    "text": "free text leaves room for a name or a story that gives somebody away",
    "date": "a day could be somebody's day of birth",
    "integer": "an exact number could be an age or a phone number",
    "decimal": "an exact number could be an age or a phone number",
}
"""Type of item -> why an encounter form may not have it."""


def beyond_boundaries(program: Any) -> frozenset[str]:
    """The codes that nothing of *program* may have: those of its boundaries, in all their words."""
    codes = [boundary.code for boundary in each(program.boundaries)]
    return frozenset(
        [*codes, *(other for code in codes for other in _IN_OTHER_WORDS.get(code, ()))]
    )


def is_of_encounter(form: Any) -> bool:
    """Whether one such form is filled for every encounter in the field."""
    return bool(form.one_per == "encounter")


def contradictions(program: Any) -> Iterator[Problem]:
    """One problem for each place in which *program* goes against its own words."""
    forbidden = beyond_boundaries(program)
    for where, code in _recorded(program) if forbidden else ():
        if code in forbidden:
            yield Problem(
                f"{code!r} lies beyond a boundary of this programme",
                where,
                "take it away, or take the boundary away in a new version",
            )
    for place, form in enumerate(each(program.forms)):
        if form.content is not None and is_of_encounter(form):
            yield from _telling_items(form.content.items, f"forms[{place}].content.items")


def _recorded(program: Any) -> Iterator[tuple[str, str]]:
    """The codes of what is done, talked of or written down, each with its path."""
    for name in ("support_modes", "contact_modes", "goal_domains"):
        yield from _numbered(name, each(getattr(program, name)))
    for name in ("contents", "themes", "activities"):
        for place, part in enumerate(each(getattr(program, name))):
            yield f"{name}[{place}].code", part.code
    for place, form in enumerate(each(program.forms)):
        yield f"forms[{place}].code", form.code
        yield from _numbered(f"forms[{place}].themes", each(form.themes))
        for item in form.content.walk() if form.content is not None else ():
            yield f"forms[{place}].content.{item.link_id}", item.link_id
    if program.sessions:
        yield from _numbered("sessions.records", each(program.sessions.records))


def _numbered(path: str, codes: Iterable[str]) -> Iterator[tuple[str, str]]:
    for place, code in enumerate(codes):
        yield f"{path}[{place}]", code


def _telling_items(items: Iterable[Any], path: str) -> Iterator[Problem]:
    for place, item in enumerate(items):
        where = f"{path}[{place}]"
        reason = _TELLING_ANSWERS.get(item.type)
        if item.open:
            reason = "an answer in other words is free text"
        if reason is not None:
            yield Problem(
                f"an encounter form may not ask this: {reason}",
                f"{where}.{'open' if item.open else 'type'}",
                "ask with a yes or no, or with a choice of coarse bands",
            )
        yield from _telling_items(item.items, f"{where}.items")
