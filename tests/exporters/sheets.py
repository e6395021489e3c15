"""What stands in a workbook, read by openpyxl and calamine, by LibreOffice, and from its parts.

A missing LibreOffice is a failure where ``CI`` is ``true`` and a skip with its reason elsewhere.
"""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
import python_calamine

__all__ = ["by_calamine", "by_libreoffice", "by_openpyxl", "converted", "parts", "printed", "told"]

_SECOND = re.compile(r" \(\d+\)$")
Rows = list[list[Any]]


def parts(content: bytes) -> dict[str, str]:
    """The texts of all files in the file."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def by_openpyxl(content: bytes) -> dict[str, Rows]:
    """The rows of each sheet."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [[cell.value for cell in row] for row in sheet] for sheet in book}


def by_calamine(content: bytes) -> dict[str, Rows]:
    """The rows of each sheet; whole numbers come as floats, and empty cells as ""."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


def converted(
    content: bytes, folder: Path, wanted: str, suffix: str = "xlsx", reading: str = ""
) -> Path:
    """The file that LibreOffice makes of one; *reading* says how it takes a text for a table."""
    made = _converted(content, folder, wanted, suffix, reading)
    return next(made.iterdir())


def _converted(
    content: bytes, folder: Path, wanted: str, suffix: str = "xlsx", reading: str = ""
) -> Path:
    office = shutil.which("soffice")
    if office is None:
        reason = "no LibreOffice found: the workbook was not opened in a real spreadsheet"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    source, target = folder / f"report.{suffix}", folder / "converted"
    source.write_bytes(content)
    profile = (folder / "profile").as_uri()
    command = [office, f"-env:UserInstallation={profile}", "--headless", "--convert-to", wanted]
    command += [f"--infilter={reading}"] if reading else []
    command += ["--outdir", str(target), str(source)]
    subprocess.run(command, capture_output=True, timeout=180, check=True)
    return target


def by_libreoffice(content: bytes, folder: Path, *, shown: bool = False) -> dict[str, list[Any]]:
    """The rows of each sheet as texts, with all digits; *shown*: as LibreOffice shows them."""
    as_shown = "true" if shown else "false"
    wanted = f"csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,{as_shown},false,false,-1"
    target = _converted(content, folder, wanted)
    return {
        path.stem.removeprefix("report-"): list(
            csv.reader(io.StringIO(path.read_text("utf-8"), newline=""))
        )
        for path in sorted(target.glob("*.csv"))
    }


def printed(content: bytes, folder: Path) -> list[str]:
    """The text of each page that LibreOffice prints."""
    import pikepdf

    from tests.exporters.paper import pages

    paper = (_converted(content, folder, "pdf") / "report.pdf").read_bytes()
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        assert len(pdf.pages)
    return list(pages(paper))


def _shortest(text: str) -> str:
    """A number with as few digits as it takes; the file has 16, of which some are noise."""
    try:
        return repr(float(text))
    except ValueError:
        return text


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def told(content: bytes) -> Iterator[str]:
    """All that a workbook says: cells, sheets, heads, feet, charts, and what is only heard.

    Left out are the numbers by which sheets and columns of one name are told apart.
    """
    found = list(_told(content))
    names = {text for text in found if _SECOND.search(text)}
    for text in found:
        for name in sorted(names, key=len, reverse=True):
            text = text.replace(name, _SECOND.sub("", name))  # noqa: PLW2901
        yield text


def _told(content: bytes) -> Iterator[str]:
    for name, rows in by_openpyxl(content).items():
        yield name
        yield from (str(value) for row in rows for value in row if value is not None)
    for name, text in parts(content).items():
        root = ET.fromstring(text)
        for one in root.iter():
            tag = _name(one.tag)
            if tag in ("oddHeader", "oddFooter", "title", "contentStatus", "lpwstr", "lpstr"):
                yield one.text or ""
            elif name.startswith("xl/charts/") and tag in ("v", "t"):
                yield _shortest(one.text or "")
            elif name.startswith("xl/charts/") and tag in ("min", "max"):
                yield one.attrib["val"]
            elif name.startswith("xl/tables/") and tag == "tableColumn":
                yield one.attrib["name"]
            yield from (
                one.attrib[key]
                for key in ("descr", "altText", "altTextSummary")
                if key in one.attrib
            )
