"""The process that reads a workbook from outside, held to its limits; run as a script.

It imports the standard library and the reader of workbooks, and nothing of ours. One JSON line on
stdin says what to read; JSON lines on stdout say what is there, each a ``sheet``, some ``rows`` of
it, a ``refused`` with the code of a reason, or the ``end``. A date is an object with one key. Never
is anything pickled. What the workbook makes of this process does not reach the one that asked.
"""

from __future__ import annotations

import json
import posixpath
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, BinaryIO, Final
from xml.etree import ElementTree as ET

__all__ = ["main"]

_PART: Final = 2**20
"""Bytes that are unpacked at once."""
_CELLS: Final = 5_000
"""Cells of one line, about."""
_OVERLAP: Final = 300
"""Bytes that two neighbouring parts share, so that no start tag is cut in both."""
_CELL_TAG: Final = re.compile(rb"<(?:\w+:)?c\b[^<>]*>")
_ERROR: Final = re.compile(rb"""\bt\s*=\s*["']e["']""")
_REFERENCE: Final = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3}\d{1,7})["']""")
_MOST_ERRORS: Final = 1000


class _Refusal(Exception):
    """A reason not to read the workbook, by its code."""


def main() -> None:
    """Read the request from stdin, and write what is in its workbook to stdout."""
    request = json.loads(sys.stdin.readline())
    out = sys.stdout.buffer
    try:
        _hold_to(request["memory"], request["seconds"])
        for message in _messages(request):
            out.write(json.dumps(message, default=_plain, ensure_ascii=False).encode() + b"\n")
    except _Refusal as refusal:
        _say(out, {"refused": str(refusal)})
    except MemoryError:
        _say(out, {"refused": "memory"})
    else:
        _say(out, {"end": True})


def _say(out: BinaryIO, message: Mapping[str, Any]) -> None:
    out.write(json.dumps(message).encode() + b"\n")
    out.flush()


def _hold_to(memory: int, seconds: int) -> None:
    """Let the system end this process where it takes more; a core dump would be a leak."""
    try:
        import resource
    except ImportError:  # where there is no such module the sizes are still counted
        return
    for name, most in (("RLIMIT_AS", memory), ("RLIMIT_CPU", seconds), ("RLIMIT_CORE", 0)):
        if (kind := getattr(resource, name, None)) is not None:
            _, hard = resource.getrlimit(kind)
            bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
            try:
                resource.setrlimit(kind, (bound, hard if name == "RLIMIT_CPU" else bound))
            except (ValueError, OSError):  # a system that knows the limit and does not keep it
                continue


@lru_cache(10_000)  # the same days come again and again
def _plain(value: object) -> dict[str, Any]:
    if isinstance(value, datetime):
        return {"m": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, time):
        return {"t": value.isoformat()}
    if isinstance(value, timedelta):
        return {"s": value.total_seconds()}
    raise _Refusal("unreadable")


def _messages(request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    path = request["path"]
    oddities = _looked_through(path, request["unpacked_bytes"])
    # what the parent can import, this process can; it was started without anything of its own
    sys.path[:] = request["sys_path"]
    import python_calamine as calamine

    try:
        with calamine.CalamineWorkbook.from_path(path) as workbook:
            sheets = workbook.sheets_metadata
            _refuse_unclaimed(oddities, {told.name for told in sheets})
            for told in sheets:
                if told.typ != calamine.SheetTypeEnum.WorkSheet:
                    continue
                sheet = workbook.get_sheet_by_name(told.name)
                hidden = told.visible != calamine.SheetVisibleEnum.Visible
                yield _described(sheet, hidden=hidden, odd=oddities.get(told.name, _NOTHING_ODD))
                yield from _rows(sheet)
    except calamine.PasswordError:
        reason = "password"
    except (calamine.CalamineError, OSError, ValueError):
        reason = "unreadable"
    else:
        return
    raise _Refusal(reason)


def _refuse_unclaimed(oddities: Mapping[str, Mapping[str, Any]], sheets: set[str]) -> None:
    """An error that is in no sheet of the workbook would read as an empty cell of one."""
    if any(odd["errors"] and name not in sheets for name, odd in oddities.items()):
        raise _Refusal("errors")


def _described(sheet: Any, *, hidden: bool, odd: Mapping[str, Any]) -> dict[str, Any]:
    row, column = sheet.start or (0, 0)
    merged = sheet.merged_cell_ranges or ()
    return {
        "sheet": sheet.name,
        "hidden": hidden or odd["hidden"],
        "first": [row + 1, column + 1],
        "size": [sheet.height, column + sheet.width],
        "merged": [[a + 1, b + 1, c + 1, d + 1] for (a, b), (c, d) in merged] + odd["merged"],
        "errors": odd["errors"],
    }


def _rows(sheet: Any) -> Iterator[dict[str, Any]]:
    at_once = max(1, _CELLS // max(1, sheet.width))
    rows = []
    for row in sheet.iter_rows():
        rows.append(row)
        if len(rows) == at_once:
            yield {"rows": rows}
            rows = []
    if rows:
        yield {"rows": rows}


_NOTHING_ODD: Final[dict[str, Any]] = {"hidden": False, "merged": [], "errors": []}


def _looked_through(path: str, most: int) -> dict[str, dict[str, Any]]:
    """What the reader of workbooks does not tell, by sheet: merged cells of ODS, error cells.

    Every part is unpacked once and its bytes counted: what a zip says of itself may be a lie.
    """
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - less to import
            return _of_zip(file, most)
    except (_Refusal, MemoryError):
        raise
    except RuntimeError:  # how zipfile says that a part is encrypted
        reason = "password"
    except Exception:  # noqa: BLE001 - whatever a broken part makes the libraries raise
        reason = "unreadable"
    raise _Refusal(reason)


def _of_zip(file: BinaryIO, most: int) -> dict[str, dict[str, Any]]:
    if file.read(4) != b"PK\x03\x04":
        raise _Refusal(_not_a_zip(file))
    with zipfile.ZipFile(file) as archive:
        errors = _errors(archive, most)
        if "content.xml" in archive.namelist():
            return _of_ods(archive)
        return _by_sheet(archive, errors) if errors else {}


def _not_a_zip(file: BinaryIO) -> str:
    """Why a file that is no zip is no workbook: an old one, or one inside its encryption."""
    file.seek(0)
    start = file.read(2**16)
    if not start.startswith(b"\xd0\xcf\x11\xe0"):
        return "other"
    # the name of the stream that holds an encrypted workbook, as the container writes it
    return "password" if "EncryptedPackage".encode("utf-16-le") in start else "old"


def _errors(archive: zipfile.ZipFile, most: int) -> dict[str, list[str]]:
    """The cells of each part that hold an error; refuses what unpacks to too much, or defines XML."""
    found: dict[str, dict[str, None]] = {}
    unpacked = 0
    for member in archive.infolist():
        if member.flag_bits & 1:
            raise _Refusal("password")
        before = b""
        with archive.open(member) as part:
            while content := part.read(_PART):
                unpacked += len(content)
                if unpacked > most:
                    raise _Refusal("unpacked_bytes")
                text = before + content
                if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                    raise _Refusal("entities")
                # the quick look spares a search of every part, and misses nothing
                if (b'"e"' in text or b"'e'" in text) and _ERROR.search(text):
                    cells = found.setdefault(member.filename, {})
                    if len(cells) < _MOST_ERRORS:
                        cells |= dict.fromkeys(_error_cells(text))
                before = text[-_OVERLAP:]
    return {name: _the_first(list(cells)) for name, cells in found.items() if cells}


def _the_first(cells: list[Any]) -> list[Any]:
    """So many as are told; what is beyond them is one cell whose place is not known."""
    return cells if len(cells) <= _MOST_ERRORS else [*cells[:_MOST_ERRORS], ""]


def _error_cells(text: bytes) -> Iterator[str]:
    for tag in _CELL_TAG.finditer(text):
        if _ERROR.search(tag[0]):
            place = _REFERENCE.search(tag[0])
            yield place[1].decode() if place else ""


def _by_sheet(
    archive: zipfile.ZipFile, errors: Mapping[str, list[str]]
) -> dict[str, dict[str, Any]]:
    """The errors of the parts under the names of their sheets; refuses those of no sheet.

    Names are taken without their namespaces, of which Open XML has two sets (ISO/IEC 29500, strict
    and transitional), and those of parts without case, as they are in a package.
    """
    part_of = {
        link.get("Id"): posixpath.normpath(posixpath.join("/xl", link.get("Target", ""))).lower()
        for link in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
    }
    cells_of: dict[str, list[str]] = {}
    for part, cells in errors.items():
        cells_of.setdefault(f"/{part}".lower(), []).extend(cells)
    found: dict[str, dict[str, Any]] = {}
    claimed: set[str] = set()
    for sheet in _elements(archive, "xl/workbook.xml", "sheet"):
        for attribute, key in sheet.items():
            part = part_of.get(key, "") if attribute.endswith("}id") else ""
            if part in cells_of:  # also where two sheets are one part
                claimed.add(part)
                found[sheet.get("name", "")] = _NOTHING_ODD | {"errors": cells_of[part]}
    if claimed != cells_of.keys():
        raise _Refusal("errors")
    return found


def _elements(archive: zipfile.ZipFile, part: str, name: str) -> list[ET.Element]:
    """The elements of a part that have a *name*, in whatever namespace."""
    stored = next(one for one in archive.namelist() if one.lower() == part.lower())
    return ET.fromstring(archive.read(stored)).findall(f".//{{*}}{name}")  # noqa: S314 - no DTD


_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_VALUE_TYPE: Final = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"


def _of_ods(archive: zipfile.ZipFile) -> dict[str, dict[str, Any]]:
    """Merged cells, error cells and hidden sheets of an OpenDocument workbook."""
    found: dict[str, dict[str, Any]] = {}
    hidden = _hidden_styles(archive)
    name, row, column = "", 0, 0
    with archive.open("content.xml") as part:
        for event, element in ET.iterparse(part, ("start", "end")):  # noqa: S314 - no DTD
            kind = element.tag.removeprefix(_TABLE)
            if event == "start" and kind == "table":
                name, row = element.get(f"{_TABLE}name", ""), 0
                odd = found[name] = {"hidden": False, "merged": [], "errors": []}
                odd["hidden"] = element.get(f"{_TABLE}style-name") in hidden
            elif event == "start" and kind == "table-row":
                row, column = row + 1, 0
            elif event == "start" and kind in ("table-cell", "covered-table-cell"):
                column += 1
                if name in found:
                    _note_ods_cell(element, row, column, found[name])
                column += int(element.get(f"{_TABLE}number-columns-repeated", "1")) - 1
            elif event == "end" and kind == "table-row":
                row += int(element.get(f"{_TABLE}number-rows-repeated", "1")) - 1
                element.clear()
    return found


def _note_ods_cell(element: ET.Element, row: int, column: int, odd: dict[str, Any]) -> None:
    down = int(element.get(f"{_TABLE}number-rows-spanned", "1"))
    right = int(element.get(f"{_TABLE}number-columns-spanned", "1"))
    if down > 1 or right > 1:
        odd["merged"].append([row, column, row + down - 1, column + right - 1])
    if element.get(f"{_VALUE_TYPE}value-type") == "error":
        odd["errors"] = _the_first([*odd["errors"][:_MOST_ERRORS], [row, column]])


def _hidden_styles(archive: zipfile.ZipFile) -> set[str]:
    """The names of the styles whose sheets are not shown."""
    style = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
    hidden: set[str] = set()
    name = ""
    with archive.open("content.xml") as part:
        for _, element in ET.iterparse(part, ("start",)):  # noqa: S314 - no DTD
            if element.tag == f"{style}style":
                name = element.get(f"{style}name", "")
            elif element.tag == f"{style}table-properties":
                if element.get(f"{_TABLE}display") == "false":
                    hidden.add(name)
            elif element.tag == f"{_TABLE}table":
                break  # styles stand before the sheets
    return hidden


if __name__ == "__main__":
    main()
