"""What a frame around a page must leave to be seen: the stamp INTERNAL and the content.

No reader of pages is asked, so the rule is strict instead of clever. The page is written so that
all readers agree on it: every element that has an end is ended, and in order. What encloses the
kept pieces is a plain box without a class or style; and a style sheet of the frame's own may only
speak of what has a class of the frame's own. What the frame brings may still be larger than its
place (a shadow, an outline, a drawing that overflows); so our style, which is kept as well, lays the
kept pieces before all that has no layer of its own, and nothing of the frame's may have one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from itertools import accumulate
from typing import Any, Final

__all__ = ["concealed"]

_VOID: Final = frozenset("area br col embed hr img input link meta source track wbr".split())
_BOXES: Final = frozenset("html body div section article".split())
_BOX_SAYS: Final = frozenset("id lang dir".split())
_TAG: Final = re.compile(
    r"<[a-z][a-z0-9-]*(\s+[a-z_:][\w:.-]*(\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'<>=`]+))?)*\s*/?>",
    re.IGNORECASE,
)
_RULE: Final = re.compile(r"([^{};]*)\{")
_SELECTOR: Final = re.compile(
    r"\.([a-z][\w-]*)(:[a-z-]+)?([\s>]+[\w.-]+(:[a-z-]+)?)*", re.IGNORECASE
)
_CLASSES: Final = re.compile(r'\sclass="([^"]*)"')
_COVERS: Final = re.compile(
    r"\bposition\s*:|z-index|transform|translate|scale|rotate|zoom|offset"
    r"|margin[^;}]*[-(]\s*[\d.]|\\",
    re.IGNORECASE,
)
"""What takes an element from its place in the row, or before others."""


def concealed(page: str, pieces: Mapping[str, str], kept: tuple[str, ...]) -> str:
    """What of *page* could hide one of the *kept* of *pieces*, in words; empty where nothing can.

    *pieces* are ours, as they were written, by name; those that are empty are not on the page.
    """
    reader = _Reader(page, pieces)
    reader.feed(page)
    reader.close()
    if page.count("<!--") != reader.comments:
        reader.found.append("a comment without an end")
    if reader.found:
        return reader.found[0]
    unseen = [name for name in kept if pieces[name] and name not in reader.seen]
    return f"its {unseen[0]} where it may be hidden" if unseen else ""


class _Reader(HTMLParser):
    """Follows which elements are open, and notes which pieces stand in plain boxes only."""

    def __init__(self, page: str, pieces: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self.seen: set[str] = set()
        self.comments = 0
        self._page, self._pieces = page, pieces
        self._lines = [0, *accumulate(len(line) + 1 for line in page.split("\n"))]
        self._classes = {
            name
            for text in pieces.values()
            for one in _CLASSES.findall(text)
            for name in one.split()
        }
        self._open: list[tuple[str, bool]] = []
        self._ours = 0
        """Up to here the page is one of our pieces."""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Whether it is one of our pieces, or a box around them."""
        text = self.get_starttag_text() or ""
        self.comments += text.count("<!--")  # in a text that it holds
        if not _TAG.fullmatch(text):
            self.found.append(f"an element {tag} that is not written out")
        self._piece()
        plain = {name for name, _ in attrs} <= _BOX_SAYS
        if tag in ("html", "body") and not (plain or self._inside):
            self.found.append(f"an element {tag} with more than a language")
        if not self._inside and _COVERS.search(dict(attrs).get("style") or ""):
            self.found.append("a style that moves something")
        if tag not in _VOID:
            self._open.append((tag, tag in _BOXES and plain))

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        """Only within a drawing does a slash end an element."""
        if tag not in _VOID and not any(name == "svg" for name, _ in (*self._open, (tag, True))):
            self.found.append(f"the element {tag} without an end")
        super().handle_startendtag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """It ends what was opened last."""
        if tag in _VOID:
            return
        if self._open and self._open[-1][0] == tag:
            self._open.pop()
        else:
            self.found.append(f"an end of {tag} that ends nothing")

    def handle_comment(self, data: str) -> None:
        """It has an end."""
        self.comments += 1

    def handle_data(self, data: str) -> None:
        """A style sheet of the frame's own speaks of its own classes."""
        style = bool(self._open) and self._open[-1][0] == "style"
        if style and not self._inside:
            self._sheet(data)
        elif "<" in data and not style:
            self.found.append("an element that is not written out")

    @property
    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    @property
    def _inside(self) -> bool:
        return self._offset < self._ours

    def _piece(self) -> None:
        if self._inside:
            return
        for name, text in self._pieces.items():
            if text and self._page.startswith(text, self._offset):
                self._ours = self._offset + len(text)
                if all(box for _, box in self._open):
                    self.seen.add(name)

    def _sheet(self, sheet: str) -> None:
        if _COVERS.search(sheet) or "/*" in sheet:
            self.found.append("a style that moves something, or a remark in one")
        for (rule,) in (found.groups() for found in _RULE.finditer(sheet)):
            if rule.strip().startswith(("@media", "@supports")):
                continue
            for selector in rule.split(","):
                said = _SELECTOR.fullmatch(selector.strip())
                if said is None or said[1] in self._classes:
                    self.found.append("a style of what is not its own")
