"""A workbook that is being made: its sheets, its styles, and the one way a text gets into it.

Every text is written as text: none becomes a formula, a link or a number, neither when the file
is opened nor when somebody edits the cell. Nothing in the file depends on the machine or the hour,
and nothing is put on a disk meanwhile.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final

from osallisuus.extra import library
from osallisuus.reports.document import Document, clean_text
from osallisuus.words import Words

__all__ = ["LETTERS", "MOST_CHARACTERS", "Book", "cut", "lines_of", "one_line"]

MOST_CHARACTERS: Final = 32_767
"""So long may the text of one cell be (Excel's limit), in UTF-16 units."""
_LONGEST_NAME: Final = 31
_LONGEST_PROPERTY: Final = 255
_LONGEST_FOOTER: Final = 200
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_RESERVED: Final = "history"
"""Excel keeps this name for itself."""
_TRIGGERS: Final = tuple("=+-@'\t\r\n\uff1d\uff0b\uff0d\uff20")
_MADE: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the format wants no zone
"""The day of making of a file whose document does not say when it was made."""
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_A4: Final = 9
LETTERS: Final = 11
"""The usual size of letters, in points."""
_LINE: Final = 1.4
"""The height of a line, in heights of its letters."""
_MOST_LINES: Final = 24


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int = MOST_CHARACTERS) -> str:
    """*text*, its end replaced by "…" where it has more than *most* UTF-16 units."""
    if len(text) <= most // 2 or _units(text) <= most:
        return text
    kept = text[: most - 1]
    while _units(kept) > most - 1:
        kept = kept[:-1]
    return f"{kept}…"


def one_line(text: str) -> str:
    """*text* with single spaces where it has line breaks and other space."""
    return " ".join(text.split())


def lines_of(text: str, width: int) -> int:
    """On about how many lines *text* stands in a cell that is *width* characters wide.

    Programs differ in whether they give a row room for its lines by themselves.
    """
    lines = (textwrap.wrap(line, max(width, 1)) for line in text.split("\n"))
    return sum(max(len(line), 1) for line in lines)


def _looks_like_formula(text: str) -> bool:
    return text.startswith(_TRIGGERS) or text.lstrip("' \u00a0\u3000").startswith(_TRIGGERS)


class Book:
    """The workbook of one document.

    Raises :class:`~osallisuus.errors.PluginError` where the extra ``xlsx`` is not installed.
    """

    def __init__(self, document: Document, words: Words) -> None:
        self.document = document
        self.words = words
        self._target = BytesIO()
        self.workbook: Any = library("xlsxwriter", "xlsx").Workbook(self._target, dict(_OPTIONS))
        self._styles: dict[tuple[object, ...], Any] = {}
        self._numbers: dict[str, Any] = {}
        self._names: set[str] = {_RESERVED}
        self._say_what_it_is()

    def _say_what_it_is(self) -> None:
        made = self.document.generated
        if made is not None and made.tzinfo is not None:
            made = made.astimezone(UTC).replace(tzinfo=None)
        title = cut(one_line(self.document.title), _LONGEST_PROPERTY)
        stamp = self.words("document.internal") if self.document.internal else ""
        self.workbook.set_properties(
            {"title": title, "status": stamp, "created": made or _MADE}  # no author, no company
        )
        self._property("Language", self.document.locale)
        for name in sorted(self.document.metadata):
            self._property(f"osallisuus:{name}", self.document.metadata[name])

    def _property(self, name: str, value: str) -> None:
        texts = (cut(clean_text(text), _LONGEST_PROPERTY) for text in (name, value))
        self.workbook.set_custom_property(*texts, "text")

    def style(self, **properties: Any) -> Any:
        """The style with these properties, made once."""
        key = tuple(properties.items())
        if key not in self._styles:
            self._styles[key] = self.workbook.add_format({"valign": "top", **properties})
        return self._styles[key]

    def number(self, pattern: str) -> Any:
        """The style of a number that is shown by *pattern*."""
        if pattern not in self._numbers:
            self._numbers[pattern] = self.style(num_format=pattern)
        return self._numbers[pattern]

    def sheet(self, wanted: str, *, landscape: bool = True) -> Any:
        """A new sheet, named as far as a sheet may be named so, that prints what it is."""
        made = self.workbook.add_worksheet(self._free_name(wanted))
        made.set_paper(_A4)
        made.fit_to_pages(1, 0)
        made.hide_gridlines(2)
        if landscape:
            made.set_landscape()
        if self.document.internal:
            made.set_header(f"&C&B{_printed(self.words('document.internal'))}")
        made.set_footer(f"&L {_printed(self.document.title)}&R&P / &N")
        return made

    def _free_name(self, wanted: str) -> str:
        """A name of at most 31 units, without signs that are not allowed, and not in use yet."""
        clean = one_line(wanted.translate(_FORBIDDEN)).strip("' ")
        number = 1
        while True:
            end = f" ({number})" if number > 1 else ""
            name = cut(clean or self.words("xlsx.report"), _LONGEST_NAME - len(end)).strip("' ")
            name += end
            # compared without regard to case, as Excel does; some letters have two small forms
            folded = {name.lower(), name.casefold(), name.upper()}
            if not folded & self._names:
                self._names |= folded
                return name
            number += 1

    def write(self, sheet: Any, row: int, column: int, text: str, **properties: Any) -> None:
        """Write *text* as text into a cell; an empty one leaves the cell as it is."""
        self.writer(sheet, **properties)(row, column, text)

    def writer(self, sheet: Any, **properties: Any) -> Callable[[int, int, str], None]:
        """:meth:`write` for many texts of one style, which is looked up once."""
        style = self.style(**properties)

        def write(row: int, column: int, text: str) -> None:
            if not text:
                return
            look = style
            # most texts begin with a letter, and tables are large
            if not text[0].isalnum() and _looks_like_formula(text):
                # the cell says itself that it is text, so that editing it makes no formula of it
                look = self.style(**properties, quote_prefix=True)
            sheet.write_string(row, column, cut(text), look)

        return write

    def write_over(
        self, sheet: Any, row: int, text: str, widths: Sequence[int], **properties: Any
    ) -> None:
        """Write *text* over columns of these widths, in a row with room for all its lines.

        A text that ran on beyond its columns would make a printed page as wide as itself, and so
        everything on it small.
        """
        if not text:
            return
        look = {"text_wrap": True, **properties}
        if len(widths) > 1:
            sheet.merge_range(row, 0, row, len(widths) - 1, "", self.style(**look))
        self.write(sheet, row, 0, text, **look)
        self.make_room(sheet, row, text, sum(widths), properties.get("font_size", LETTERS))

    def make_room(self, sheet: Any, row: int, text: str, width: int, letters: int) -> None:
        """Room for all lines of *text*, as far as a row can be so high."""
        lines = min(lines_of(text, width * LETTERS // letters), _MOST_LINES)
        sheet.set_row(row, round(lines * letters * _LINE, 1))

    def close(self) -> bytes:
        """The bytes of the whole file; nothing can be written after it."""
        self.workbook.close()
        return self._target.getvalue()


def _printed(text: str) -> str:
    """*text* for the head or foot of a page, where "&" begins a command."""
    return cut(one_line(text), _LONGEST_FOOTER // 2).replace("&", "&&")
