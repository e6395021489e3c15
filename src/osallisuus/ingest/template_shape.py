"""What the template workbook holds: its sheets, their columns and the words of each language.

The writer of the template and the mapping that reads it back are both made of this.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from osallisuus.model.program import Program
from osallisuus.model.stated import Locale, each
from osallisuus.model.vocabulary import Term, vocabulary
from osallisuus.values import frozen

__all__ = ["SHEETS", "Entry", "choices", "said"]


@frozen
class Entry:
    """One column to fill in: the key of its heading, what it holds, and its list of choices."""

    key: str
    kind: Literal["code", "day", "time", "number", "choice", "text"]
    vocabulary: str = ""


SHEETS: Final[Mapping[str, tuple[Entry, ...]]] = {
    "groups": (
        Entry("group", "code"),
        Entry("place", "text"),
        Entry("starts_on", "day"),
        Entry("ends_on", "day"),
        Entry("capacity", "number"),
    ),
    "people": (
        Entry("person", "code"),
        Entry("registered_on", "day"),
        Entry("group", "code"),
        Entry("channel", "choice", "channel"),
        Entry("reached_on", "day"),
        Entry("informed_on", "day"),
        Entry("interviewed_on", "day"),
        Entry("offered_on", "day"),
        Entry("started_on", "day"),
        Entry("planned_end_on", "day"),
        Entry("ended_on", "day"),
        Entry("ending", "choice", "enrollment_ending"),
    ),
    "sessions": (
        Entry("session", "code"),
        Entry("group", "code"),
        Entry("day", "day"),
        Entry("time", "time"),
        Entry("minutes", "number"),
        Entry("session_status", "choice", "session_status"),
        Entry("planned_theme", "choice", "theme"),
        Entry("held_theme", "choice", "theme"),
    ),
    "attendance": (
        Entry("session", "code"),
        Entry("person", "code"),
        Entry("attendance_status", "choice", "attendance_status"),
    ),
}
"""The sheets to fill in, by the key of their name."""


@cache
def _texts() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("template.toml").read_text("utf-8"))


def said(kind: Literal["sheets", "columns", "notes"], key: str, locale: Locale) -> str:
    """The name of a sheet, the heading of a column or a note in that language."""
    text: str = _texts()[kind][key][locale]
    return text


def choices(name: str, program: Program, locale: Locale) -> Mapping[str, str]:
    """The words of a list of choices and their codes: ours, and those of the programme.

    A theme or a channel of the programme is called as the programme calls it.
    """
    known = vocabulary(name)
    terms: dict[str, Term | None] = {term.code: term for term in known.terms}
    own: dict[str, str] = {}
    if name == "theme":
        stated = each(program.themes)
        terms = {one.code: known.term(one.code) for one in stated} if stated else terms
        own = {one.code: one.label.label(locale) for one in stated if one.label is not None}
    if name == "channel":
        stated_ways = each(program.channels)
        terms |= {one.code: known.term(one.code) for one in stated_ways}
        own = {one.code: one.text.label(locale) for one in stated_ways if one.code not in known}
    called = {
        code: own.get(code) or (term.label(locale) if term is not None else code.replace("_", " "))
        for code, term in terms.items()
    }
    # words must tell the codes apart
    words: dict[str, str] = {}
    for code, word in called.items():
        words[f"{word} ({code})" if word in words else word] = code
    return words
