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
from xml.parsers import expat

__all__ = ["main"]

_PART: Final = 2**16
"""Bytes that are unpacked at once."""
_CELLS: Final = 5_000
"""Cells of one line, about."""
_OVERLAP: Final = 20
"""Bytes that two neighbouring parts share, so that no word that is looked for is cut in both."""
_MOST_FAULTS: Final = 1000


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
            names = {told.name for told in sheets}
            if len({name.casefold() for name in names}) < len(sheets):
                raise _Refusal("names")
            _refuse_unclaimed(oddities, names)
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
    """A fault that is in no sheet of the workbook would read as an empty cell of one."""
    if any(odd["faults"] and name not in sheets for name, odd in oddities.items()):
        raise _Refusal("faults")


def _described(sheet: Any, *, hidden: bool, odd: Mapping[str, Any]) -> dict[str, Any]:
    row, column = sheet.start or (0, 0)
    merged = sheet.merged_cell_ranges or ()
    return {
        "sheet": sheet.name,
        "hidden": hidden or odd["hidden"],
        "first": [row + 1, column + 1],
        "size": [sheet.height, column + sheet.width],
        "merged": [[a + 1, b + 1, c + 1, d + 1] for (a, b), (c, d) in merged] + odd["merged"],
        "faults": odd["faults"],
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


_NOTHING_ODD: Final[dict[str, Any]] = {"hidden": False, "merged": [], "faults": []}


def _looked_through(path: str, most: int) -> dict[str, dict[str, Any]]:
    """What the reader of workbooks does not tell, by sheet: merged cells of ODS, faults of cells.

    A fault is a kind, a row and a column, both from 1: an ``error`` such as #REF!, a formula whose
    value is ``unsaved``, or a cell that stands ``twice``. The reader takes the first two for empty
    cells, and of the last one only.

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
        suspects = _unpacked(archive, most)
        if "content.xml" in archive.namelist():
            return _of_ods(archive)
        found = {member.filename: _faults(archive, member) for member in suspects}
        faults = {name: told for name, told in found.items() if told}
        return _by_sheet(archive, faults) if faults else {}


def _not_a_zip(file: BinaryIO) -> str:
    """Why a file that is no zip is no workbook: an old one, or one inside its encryption."""
    file.seek(0)
    start = file.read(2**16)
    if not start.startswith(b"\xd0\xcf\x11\xe0"):
        return "other"
    # the name of the stream that holds an encrypted workbook, as the container writes it
    return "password" if "EncryptedPackage".encode("utf-16-le") in start else "old"


def _unpacked(archive: zipfile.ZipFile, most: int) -> list[zipfile.ZipInfo]:
    """The sheets that have to be parsed; refuses what unpacks to too much, or defines XML."""
    suspects = []
    unpacked = 0
    for member in archive.infolist():
        if member.flag_bits & 1:
            raise _Refusal("password")
        before, glance = b"", _Glance()
        with archive.open(member) as part:
            while content := part.read(_PART):
                if not before and content[:2] in _WIDE and member.filename.endswith(_XML):
                    raise _Refusal("unreadable")
                unpacked += len(content)
                if unpacked > most:
                    raise _Refusal("unpacked_bytes")
                text = before + content
                if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                    raise _Refusal("entities")
                before = text[-_OVERLAP:]
                glance.at(content)
        if glance.suspects:
            suspects.append(member)
    return suspects


_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
"""How XML in UTF-16 begins, in which the words that are looked for are written otherwise."""
_XML: Final = (".xml", ".rels", ".XML", ".RELS")
# whatever is written otherwise is found as an empty text
_ONE_CELL: Final = re.compile(rb'<c(?: r="([A-Z]+[0-9]+)")?')
_ONE_ROW: Final = re.compile(rb'<row(?: r="([0-9]+)")?')
_LONGEST_CELL: Final = 2**24


class _Glance:
    """A glance at the cells of a sheet as they are unpacked, several times faster than a parser.

    ``suspects`` says that they have to be parsed: there may be an error, a formula or a cell that
    stands twice, or they are not written as all programs write them.
    """

    def __init__(self) -> None:
        self.suspects = False
        self._begun = self._ended = False
        self._rest = b""
        self._row = 0
        self._cells: set[bytes] = set()

    def at(self, content: bytes) -> None:
        """Look at the next bytes of the part; only those between the tags of sheetData count."""
        if self._ended or self.suspects:
            return
        text = self._rest + content
        if not self._begun:
            start = text.find(b"sheetData")
            if start < 0:
                self._rest = text[-_OVERLAP:]
                return
            self._begun = True
            self.suspects = text[start - 1 : start] != b"<"
            text = text[start:]
        end = text.find(b"</sheetData")
        self._ended = end >= 0
        if not self._ended:  # what stands before the last cell that began is whole
            end = max(text.rfind(b"<c"), 0)
        self._rest = text[end:]
        self.suspects |= len(self._rest) > _LONGEST_CELL or self._odd(text[:end])

    def _odd(self, text: bytes) -> bool:
        if b"<f" in text or b'"e"' in text or b"'e'" in text:
            return True
        cells, numbers = _ONE_CELL.findall(text), _ONE_ROW.findall(text)
        # with rows in their order a cell can come again in its own row only: here, or just before
        known, self._cells = self._cells, set(cells)
        if b"" in self._cells or b"" in numbers:
            return True
        rows = [self._row, *map(int, numbers)]
        self._row = rows[-1]
        in_order = all(map(int.__lt__, rows, rows[1:]))
        return not in_order or len(self._cells) < len(cells) or not known.isdisjoint(self._cells)


_PLACE: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


class _Cells:
    """The faults of the cells of one sheet of Open XML, by a parser."""

    def __init__(self) -> None:
        self.faults: list[list[Any]] = []
        self._inside = False
        self._row, self._column = 0, 0
        self._kind = ""
        self._formula = self._within = False
        self._value: bool | None = None
        self._seen: dict[int, int] = {}

    def parse(self, part: Any) -> None:
        """Parse *part*, an open file."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._definition
        parser.ParseFile(part)

    def _definition(self, *_: object) -> None:
        raise _Refusal("entities")

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name == "sheetData":
            self._inside = True
        elif not self._inside:
            return
        elif name == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        elif name == "c":
            self._cell(attributes)
        elif name == "f":
            self._formula = True
        elif name in ("v", "is"):
            self._within, self._value = True, False

    def _cell(self, attributes: Mapping[str, str]) -> None:
        self._kind = attributes.get("t", "n")
        self._formula, self._value = False, None
        self._column += 1
        if "r" in attributes:
            place = _PLACE.fullmatch(attributes["r"])
            if place is None:
                raise _Refusal("unreadable")
            self._row, self._column = int(place[2]), 0
            for letter in place[1].upper():
                self._column = self._column * 26 + ord(letter) - ord("A") + 1
        seen, this = self._seen.get(self._row, 0), 1 << self._column
        self._seen[self._row] = seen | this
        if seen & this:
            self._note("twice")

    def _text(self, text: str) -> None:
        if self._within:
            self._value = True

    def _end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        if name == "sheetData":
            self._inside = False
        elif name in ("v", "is"):
            self._within = False
        elif name == "c" and self._inside:
            # the value of a formula may be an empty text, which is written as an empty element
            saved = self._value or (self._value is False and self._kind == "str")
            if self._kind == "e":
                self._note("error")
            elif self._formula and not saved:
                self._note("unsaved")

    def _note(self, kind: str) -> None:
        _add_fault(self.faults, kind, self._row, self._column)


def _add_fault(faults: list[list[Any]], kind: str, row: int, column: int) -> None:
    """Add one of so many as are told; what is beyond them is one whose place is not known."""
    if len(faults) < _MOST_FAULTS:
        faults.append([kind, row, column])
    elif len(faults) == _MOST_FAULTS:
        faults.append([kind, 0, 0])


def _faults(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> list[list[Any]]:
    cells = _Cells()
    with archive.open(member) as part:
        cells.parse(part)
    return cells.faults


def _by_sheet(
    archive: zipfile.ZipFile, faults: Mapping[str, list[list[Any]]]
) -> dict[str, dict[str, Any]]:
    """The faults of the parts under the names of their sheets; refuses those of no sheet.

    Names are taken without their namespaces, of which Open XML has two sets (ISO/IEC 29500, strict
    and transitional), and those of parts without case, as they are in a package.
    """
    part_of = {
        link.get("Id"): posixpath.normpath(posixpath.join("/xl", link.get("Target", ""))).lower()
        for link in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
    }
    cells_of: dict[str, list[list[Any]]] = {}
    for part, cells in faults.items():
        cells_of.setdefault(f"/{part}".lower(), []).extend(cells)
    found: dict[str, dict[str, Any]] = {}
    claimed: set[str] = set()
    for sheet in _elements(archive, "xl/workbook.xml", "sheet"):
        for attribute, key in sheet.items():
            part = part_of.get(key, "") if attribute.endswith("}id") else ""
            if part in cells_of:  # also where two sheets are one part
                claimed.add(part)
                found[sheet.get("name", "")] = _NOTHING_ODD | {"faults": cells_of[part]}
    if claimed != cells_of.keys():
        raise _Refusal("faults")
    return found


def _elements(archive: zipfile.ZipFile, part: str, name: str) -> list[ET.Element]:
    """The elements of a part that have a *name*, in whatever namespace."""
    stored = next(one for one in archive.namelist() if one.lower() == part.lower())
    return ET.fromstring(archive.read(stored)).findall(f".//{{*}}{name}")  # noqa: S314 - no DTD


_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_ODS_VALUES: Final = ("value", "date-value", "time-value", "boolean-value")
_VALUE_TYPE: Final = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"


def _of_ods(archive: zipfile.ZipFile) -> dict[str, dict[str, Any]]:
    """Merged cells, faults and hidden sheets of an OpenDocument workbook."""
    found: dict[str, dict[str, Any]] = {}
    hidden = _hidden_styles(archive)
    name, row, column, rows = "", 0, 0, 1
    with archive.open("content.xml") as part:
        for event, element in ET.iterparse(part, ("start", "end")):  # noqa: S314 - no DTD
            kind = element.tag.removeprefix(_TABLE)
            if event == "start" and kind == "table":
                name, row = element.get(f"{_TABLE}name", ""), 0
                odd = found[name] = {"hidden": False, "merged": [], "faults": []}
                odd["hidden"] = element.get(f"{_TABLE}style-name") in hidden
            elif event == "start" and kind == "table-row":
                row, column = row + 1, 0
                rows = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
            elif event == "end" and kind in ("table-cell", "covered-table-cell"):
                columns = int(element.get(f"{_TABLE}number-columns-repeated", "1"))
                if name in found:
                    _note_ods_cell(element, row, column + 1, found[name])
                    _note_ods_fault(element, (row, rows), (column + 1, columns), found[name])
                column += columns
            elif event == "end" and kind == "table-row":
                row += rows - 1
                element.clear()
    return found


def _note_ods_cell(element: ET.Element, row: int, column: int, odd: dict[str, Any]) -> None:
    down = int(element.get(f"{_TABLE}number-rows-spanned", "1"))
    right = int(element.get(f"{_TABLE}number-columns-spanned", "1"))
    if down > 1 or right > 1:
        odd["merged"].append([row, column, row + down - 1, column + right - 1])


def _note_ods_fault(
    element: ET.Element, rows: tuple[int, int], columns: tuple[int, int], odd: dict[str, Any]
) -> None:
    """Note what is wrong with a cell, in all the *rows* and *columns* where it is repeated."""
    saved = element.get(f"{_OFFICE}value-type") == "string"  # which may be an empty one
    saved = saved or any(element.get(f"{_OFFICE}{kind}") for kind in _ODS_VALUES)
    if element.get(f"{_VALUE_TYPE}value-type") == "error":
        fault = "error"
    elif saved or element.get(f"{_TABLE}formula") is None:
        return
    else:
        fault = "unsaved"
    for row in range(rows[0], rows[0] + min(rows[1], _MOST_FAULTS + 1)):
        for column in range(columns[0], columns[0] + min(columns[1], _MOST_FAULTS + 1)):
            if len(odd["faults"]) > _MOST_FAULTS:
                return
            _add_fault(odd["faults"], fault, row, column)


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
