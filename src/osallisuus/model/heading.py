"""The heading of a programme: the little of it that a report says and keeps to.

A definition is long, and a report needs its name, title, version, threshold and the programme's
own words. :class:`ProgramFile` is a definition that stays in its file: its heading is read when it
is asked for, and the whole of it by :func:`osallisuus.program`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from osallisuus.errors import DefinitionError
from osallisuus.model.excerpt import excerpt
from osallisuus.model.stated import Code, Locale, Text
from osallisuus.values import frozen

__all__ = ["SMALLEST_THRESHOLD", "Heading", "ProgramFile", "heading_of"]

SMALLEST_THRESHOLD: Final = 5
"""No figure of fewer persons leaves the library by default; a definition may only ask for more."""

_WORDED: Final = ("roles", "themes")
"""The lists of a definition whose items have a code and a word for it."""


@frozen(kw_only=True)
class Heading:
    """What a report says of a programme, and how careful the programme wants it to be."""

    name: Code
    version: str
    title: Text
    threshold: int
    labels: Mapping[Code, Text]
    """The programme's own words for its roles and themes, by code."""
    community_first: bool = False
    """Whether nothing is published before the community itself has seen it (Y26)."""

    def label(self, locale: Locale) -> str:
        """The title in that language, or in the nearest one that there is."""
        return self.title.label(locale)


@frozen
class ProgramFile:
    """A programme that a TOML file defines, as an entry point in ``osallisuus.programs``.

    Nothing is read before it is asked for. ``ProgramFile(Path(__file__).with_name("mine.toml"))``
    """

    path: Path

    @property
    def heading(self) -> Heading:
        """The heading alone; the rest of the file is not looked at."""
        return _read(self.path)

    @property
    def name(self) -> str:
        """The programme's name."""
        return self.heading.name

    @property
    def version(self) -> str:
        """The programme's version."""
        return self.heading.version

    @property
    def title(self) -> Text:
        """The programme's title."""
        return self.heading.title


@cache
def _read(path: Path) -> Heading:
    return heading_of(path.read_text("utf-8"), path.name)


def heading_of(text: str, where: str) -> Heading:
    """The heading of the definition *text*: the same that reading the whole of it gives.

    Raises :class:`DefinitionError`; :func:`~osallisuus.model.definition.read_program` says more.
    """
    try:
        table = _table(text)
        disclosure = table.get("disclosure", {})
        heading = Heading(
            name=_text(table["name"]),
            version=_text(table["version"]),
            title=Text(**table["title"]),
            threshold=_threshold(disclosure.get("threshold", SMALLEST_THRESHOLD)),
            labels=dict(_labels(table)),
            community_first=disclosure.get("community_first") is True,
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        heading = None
    if heading is None:
        raise DefinitionError(
            "no heading of a programme", where=where, remedy="read_program says what is wrong"
        )
    return heading


def _table(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(excerpt(text, ("disclosure", "title", *_WORDED)))
    except tomllib.TOMLDecodeError:
        return tomllib.loads(text)


def _labels(table: Mapping[str, Any]) -> Iterator[tuple[str, Text]]:
    for name in _WORDED:
        listed = table.get(name, ())
        for item in () if isinstance(listed, str) else listed:
            if "label" in item:
                yield _text(item["code"]), Text(**item["label"])


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _threshold(value: object) -> int:
    if type(value) is not int or value < SMALLEST_THRESHOLD:
        raise ValueError
    return value
