"""Programs that read what we put on paper: poppler reads PDF, LibreOffice reads and prints.

A missing program is a failure where ``CI`` is ``true`` and a skip with its reason elsewhere.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

__all__ = ["Word", "in_order", "pages", "plain", "printed", "program", "structure", "words_on"]

_SECONDS = 240
_XHTML = "{http://www.w3.org/1999/xhtml}"


def program(name: str, package: str) -> str:
    """The path of a program of a Debian package."""
    found = shutil.which(name)
    if found is None:
        reason = f"no {name} found (Debian: {package}): nothing outside read the file"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def _poppler(name: str, pdf: bytes, *options: str) -> str:
    command = [program(name, "poppler-utils"), *options, "-"]
    command += ["-"] if name == "pdftotext" else []
    done = subprocess.run(command, input=pdf, capture_output=True, check=True, timeout=_SECONDS)
    return done.stdout.decode()


def pages(pdf: bytes) -> list[str]:
    """The text of each page as it is painted, heads and feet with it."""
    return _poppler("pdftotext", pdf, "-raw").split("\f")[:-1]


@dataclass(frozen=True)
class Word:
    """Where a word is painted, in points from the upper left corner of its page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: Word) -> bool:
        """Whether the two are painted over each other, more than edges that touch."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide > 1 and high > 0.4 * min(self.bottom - self.top, other.bottom - other.top)


def words_on(pdf: bytes) -> list[tuple[float, float, list[Word]]]:
    """The width, the height and the words of each page."""
    found = []
    for page in ET.fromstring(_poppler("pdftotext", pdf, "-bbox")).iter(f"{_XHTML}page"):
        places = ("xMin", "yMin", "xMax", "yMax")
        words = [
            Word(one.text or "", *(float(one.attrib[place]) for place in places))
            for one in page.iter(f"{_XHTML}word")
        ]
        found.append((float(page.attrib["width"]), float(page.attrib["height"]), words))
    return found


def structure(pdf: bytes) -> str:
    """The tags of a PDF with their attributes and texts, in reading order."""
    return _poppler("pdfinfo", pdf, "-struct-text")


def printed(content: bytes, suffix: str, folder: Path) -> bytes:
    """What LibreOffice prints of a file, as a PDF."""
    source = folder / f"report{suffix}"
    source.write_bytes(content)
    command = [
        program("soffice", "libreoffice-writer"),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
    return source.with_suffix(".pdf").read_bytes()


def plain(text: str) -> str:
    """*text* without any white space: lines may break anywhere."""
    return re.sub(r"\s", "", text)


def in_order(texts: list[str], within: str) -> list[str]:
    """Those of *texts* that do not stand in *within* after the ones before them."""
    missing, place, whole = [], 0, plain(within)
    for text in map(plain, texts):
        found = whole.find(text, place)
        if found < 0:
            missing.append(text)
        else:
            place = found + len(text)
    return missing
