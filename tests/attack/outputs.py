"""What stands in the bytes of an output: its words, its numbers, its drawings."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element, fromstring
from zipfile import ZipFile

import pikepdf

from tests.exporters.paper import pages
from tests.exporters.sheets import told

__all__ = ["Page", "numbers", "said", "words_of"]

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_SEEN = ("title", "alt", "aria-label", "aria-description", "summary", "value", "content")
"""Attributes that people read, or hear."""
_SAID = ("/Alt", "/ActualText", "/E", "/T", "/Title", "/Contents", "/Subject", "/Keywords")
"""Where a PDF holds texts that are on no page."""


_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"


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
    """The numbers that stand in texts, as they are written, but 3.0 as 3."""
    return {
        re.sub(r"[.,]0$", "", found) for text in texts for found in _NUMBER.findall(_joined(text))
    }


def _joined(text: str) -> str:
    """Thousands are set apart by narrow or other spaces that do not break."""
    return re.sub(r"(?<=\d)[\u00a0\u202f](?=\d)", "", text)


def words_of(name: str, content: bytes) -> str:
    """All that an output of the exporter *name* says, as one text."""
    return "\n".join(_PACKED[name](content)) if name in _PACKED else content.decode()


def said(name: str, content: bytes) -> set[str]:
    """The numbers in an output of the exporter *name*; in a page those within drawings too."""
    if name in _PACKED:
        return numbers(list(_PACKED[name](content)))
    text = content.decode()
    if name == "html":
        page = Page(content)
        return numbers([*page.texts, *page.drawn])
    if name == "json":
        return numbers(list(_leaves(json.loads(text))))
    if name in ("csv", "csv-excel"):
        rows = csv.reader(io.StringIO(text), delimiter=";" if name == "csv-excel" else ",")
        # a decimal comma is the same number as a point
        return numbers([re.sub(r"^(-?\d+),(\d+)$", r"\1.\2", cell) for row in rows for cell in row])
    if name == "markdown":
        text = re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), text).replace("\\", "")
    return numbers([text])


def _on_paper(content: bytes) -> Iterator[str]:
    """What a PDF shows or says: its pages, what is read aloud instead, and its bookmarks."""
    shown = pages(content)
    for number, page in enumerate(shown, start=1):
        # the number of the page itself is its last word
        before, _, after = page.rpartition(f"{number}/{len(shown)}")
        yield f"{before} {after}"
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for attached in pdf.attachments.values():
            yield attached.get_file().read_bytes().decode("latin-1")
        with pdf.open_metadata() as about:
            yield from (str(about[name]) for name in about if name.startswith(_DUBLIN_CORE))
        for found in pdf.objects:
            if isinstance(found, pikepdf.Dictionary):
                said = [found[name] for name in _SAID if name in found]
                yield from (str(one) for one in said if isinstance(one, pikepdf.String))


_OF_WORD = re.compile(
    r"\[Content_Types\]\.xml|.*\.rels|docProps/(app\.xml|thumbnail\.jpeg)|word/media/image\d+\.png"
    r"|word/(styles|stylesWithEffects|settings|webSettings|fontTable|numbering|theme/theme1)\.xml"
    r"|customXml/.*"
)
"""Parts that are the same in every Word file of ours, and pictures, which test_drawn looks at."""


def _all_of(root: Element) -> Iterator[str]:
    for one in root.iter():
        yield one.text or ""
        yield one.tail or ""
        yield from one.attrib.values()


def _in_parts(content: bytes) -> Iterator[str]:
    """What a Word file shows, paragraph by paragraph, and what is said of pictures and tables."""
    with ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            if _OF_WORD.fullmatch(name):
                continue
            if not name.endswith(".xml"):
                yield packed.read(name).decode("latin-1")
                continue
            root = fromstring(packed.read(name))
            if not re.fullmatch(r"word/(document|header\d|footer\d)\.xml|docProps/core\.xml", name):
                yield from _all_of(root)  # a part that we do not write, such as comments
                continue
            for one in root.iter():
                kind = one.tag.rpartition("}")[2]
                if kind in ("p", "title", "subject", "keywords", "description"):
                    yield "".join(one.itertext())
                yield from (one.get(key, "") for key in ("title", "descr"))
                if kind in ("tblCaption", "tblDescription"):
                    yield from one.attrib.values()


_OF_EXCEL = re.compile(
    r"\[Content_Types\]\.xml|.*\.rels|docProps/(app|core|custom)\.xml"
    r"|xl/(workbook|styles|sharedStrings|metadata|theme/theme1)\.xml"
    r"|xl/(worksheets|charts|drawings|tables)/\w+\.xml"
)
"""Parts that our workbooks have."""
_PROMPTS = ("prompt", "promptTitle", "error", "errorTitle", "tooltip", "display")


def _in_workbook(content: bytes) -> Iterator[str]:
    """What a workbook says, also where nobody looks: unused texts, formats, hints, and parts that
    are not ours.
    """
    yield from told(content)
    with ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            if not _OF_EXCEL.fullmatch(name):
                yield packed.read(name).decode("latin-1")
            elif name.endswith(("sharedStrings.xml", "styles.xml")) or "/worksheets/" in name:
                for one in fromstring(packed.read(name)).iter():
                    if one.tag.endswith(("}t", "}f", "}formula1", "}formula2")):
                        yield one.text or ""
                    yield from re.findall('"[^"]*"', one.get("formatCode", ""))
                    yield from (one.get(key, "") for key in _PROMPTS)


def _in_package(content: bytes) -> Iterator[str]:
    """The rows of a data package, and what its descriptor says of the report."""
    with ZipFile(io.BytesIO(content)) as packed:
        assert packed.namelist() == ["datapackage.json", "figures.csv"]
        told = _leaves(json.loads(packed.read("datapackage.json")))
        yield from (one for one in told if one != "utf-8")  # the encoding is no figure
        rows = csv.reader(io.StringIO(packed.read("figures.csv").decode()))
        yield from (cell for row in rows for cell in row)


_NAMES = {"system", "url", "fullUrl", "id", "resourceType", "measure", "unit"}
"""Keys of FHIR whose values name things and tell nothing of people."""


def _in_bundle(content: bytes) -> Iterator[str]:
    """What FHIR resources say; their periods hold the last day, the others' do not."""

    def leaves(value: Any, key: str = "") -> Iterator[str]:
        if isinstance(value, dict):
            # a definition has constants, such as 365 days, and no figure
            defined = value.get("resourceType") == "Measure"
            for name, inner in () if defined else value.items():
                yield from leaves(inner, name)
        elif isinstance(value, list):
            for inner in value:
                yield from leaves(inner, key)
        elif key in ("start", "end"):
            yield str(date.fromisoformat(value) + timedelta(key == "end"))
        elif key not in _NAMES:
            yield str(value)

    return leaves(json.loads(content))


def _in_observations(content: bytes) -> Iterator[str]:
    """The cells of SDMX-CSV without the structure that each row names,."""
    for row in list(csv.reader(io.StringIO(content.decode())))[1:]:
        yield from row[3:]


_PACKED = {
    "docx": _in_parts,
    "fhir-r4b": _in_bundle,
    "fhir-r5": _in_bundle,
    "package": _in_package,
    "pdf": _on_paper,
    "sdmx": _in_observations,
    "xlsx": _in_workbook,
}
"""What stands in files that are no text, or text whose marks have numbers of their own."""


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
