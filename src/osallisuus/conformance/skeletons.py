"""What of a file is not words: its tags, its cells, its shape. Words must not change it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET  # what is read here was just made

__all__ = ["skeleton", "words_in"]


def skeleton(content: bytes, media_type: str) -> object:
    """All of *content* but its words, in a form that can be compared; ``None``: not understood."""
    if content.startswith(b"PK"):
        return _of_archive(content)
    kind = media_type.partition(";")[0].strip()
    if kind == "text/html":
        return _of_page(content.decode())
    if kind.endswith("json"):
        return _shape(json.loads(content))
    if kind.endswith("xml"):
        return _tags(content)
    if kind == "text/csv":
        return _cells(content.decode("utf-8-sig"))
    # of any other language, also one that is written as text, only its author knows the signs
    return len(content.decode().splitlines()) if kind == "text/plain" else None


def words_in(content: bytes) -> str:
    """What can be read in *content*: the text itself, or that of every part of an archive."""
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = [packed.read(name) for name in sorted(packed.namelist())]
    return "\n".join(_text(part) for part in parts)


def _text(part: bytes) -> str:
    """What can be read in one part; nothing in a picture."""
    try:
        return " ".join(ET.fromstring(part).itertext())  # noqa: S314
    except ET.ParseError:
        pass
    try:
        return part.decode()
    except UnicodeDecodeError:
        return ""


def _of_archive(content: bytes) -> object:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {
            # which elements there are, not how many: equal texts are often kept once
            name: set(_tags(packed.read(name))) if name.endswith((".xml", ".rels")) else None
            for name in sorted(packed.namelist())
        }


def _tags(content: bytes) -> list[str]:
    return [element.tag for element in ET.fromstring(content).iter()]  # noqa: S314


class _Page(HTMLParser):
    """Every tag with the names of its attributes, in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, ...]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See :class:`html.parser.HTMLParser`."""
        self.found.append((tag, *(name for name, _ in attrs)))


def _of_page(text: str) -> list[tuple[str, ...]]:
    page = _Page()
    page.feed(text)
    page.close()
    return page.found


def _shape(value: Any) -> object:
    if isinstance(value, dict):
        return [_shape(part) for part in value.values()]
    return [_shape(part) for part in value] if isinstance(value, list) else type(value).__name__


def _cells(text: str) -> list[int]:
    delimiter = ";" if text.count(";") > text.count(",") else ","
    return [len(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
