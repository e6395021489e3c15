"""What stands in the bytes of an output: its words, its numbers, its drawings."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

__all__ = ["Page", "numbers", "said"]

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_SEEN = ("title", "alt", "aria-label", "aria-description", "summary", "value", "content")
"""Attributes that people read, or hear."""


class Page(HTMLParser):
    """The texts and drawings of a page: also what is only heard, or seen when pointed at."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.drawn: list[str] = []
        """Texts within drawings, titles and descriptions left out."""
        self.shapes: list[tuple[str, dict[str, str]]] = []
        self._open: list[str] = []
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """See :class:`HTMLParser`."""
        values = {name: value or "" for name, value in attrs}
        if tag not in ("meta", "br", "link"):
            self._open.append(tag)
        if "svg" in self._open:
            self.shapes.append((tag, values))
        if tag != "meta" or values.get("name", "").startswith("osallisuus:"):
            self.texts += [values[name] for name in _SEEN if name in values]
            self.texts += [value for name, value in values.items() if name.startswith("data-")]

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        """See :class:`HTMLParser`."""
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """See :class:`HTMLParser`."""
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """See :class:`HTMLParser`."""
        if "style" in self._open:
            return
        drawn = "svg" in self._open and not {"title", "desc"} & set(self._open)
        (self.drawn if drawn else self.texts).append(data)

    def handle_comment(self, data: str) -> None:
        """See :class:`HTMLParser`."""
        self.texts.append(data)


def numbers(texts: Iterator[str] | list[str]) -> set[str]:
    """The numbers that stand in texts, as they are written."""
    return {found for text in texts for found in _NUMBER.findall(_joined(text))}


def _joined(text: str) -> str:
    """Thousands are set apart by narrow or other spaces that do not break."""
    return re.sub(r"(?<=\d)[\u00a0\u202f](?=\d)", "", text)


def said(name: str, content: bytes) -> set[str]:
    """The numbers in an output of the exporter *name*; in a page those within drawings too."""
    text = content.decode()
    if name == "html":
        page = Page(content)
        return numbers([*page.texts, *page.drawn])
    if name == "json":
        return numbers(list(_leaves(json.loads(text))))
    if name == "csv":
        return numbers([cell for row in csv.reader(io.StringIO(text)) for cell in row])
    if name == "markdown":
        text = re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), text).replace("\\", "")
    return numbers([text])


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif value is not None:
        yield str(value)
