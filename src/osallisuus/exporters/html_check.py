"""What a page must not have: scripts, requests, forms, or another policy than ours."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any, Final

__all__ = ["dangers"]

_TAGS: Final = frozenset(
    "script iframe frame frameset object embed applet link base form portal noscript template"
    " foreignobject animate set use textarea xmp plaintext noembed noframes listing select".split()
)
_FETCHING: Final = frozenset(
    "src srcset poster data background action formaction ping manifest codebase imagesrcset"
    " xlink:href srcdoc".split()
)
_LINK: Final = re.compile(r"#|https?://|mailto:", re.IGNORECASE)
_ASKS: Final = re.compile(r"url\s*\(|@import|image-set|expression\s*\(|\\", re.IGNORECASE)
_ASKS_ELSEWHERE: Final = re.compile(
    r"url\s*\((?!\s*[\"']?\s*(?:#|data:))|@import|image-set|expression\s*\(|\\", re.IGNORECASE
)
"""What an attribute of a drawing could say, such as ``fill``; a fragment is a part of this page."""
_TEXTS: Final = frozenset("title alt content href name".split())
"""Attributes that no browser takes for a style, whatever stands in them; also ``aria-…``."""
_SPACE: Final = " \t\n\f\r"
"""White space of HTML: any other character opens the body."""
_PICTURE: Final = re.compile(r"data:image/[a-z+.-]+[;,]", re.IGNORECASE)


def dangers(page: str, policy: str) -> list[str]:
    """What of *page* could run or ask somebody, in words; empty when it is harmless.

    Links that are followed only by a reader's own click may lead to ``https:`` or ``mailto:``. The
    *policy* must be the first that the page says, right after its character set at most: whatever
    opens the body before it takes it out of force (HTML, 13.2.6.4.1 to 4; CSP 3, 3.3).
    """
    reader = _Reader(policy)
    reader.feed(page)
    reader.close()
    if not reader.guarded:
        reader.found.append("no policy")
    return reader.found


class _Reader(HTMLParser):
    """Reads a page as a browser does, and notes what it would run or fetch."""

    def __init__(self, policy: str) -> None:
        super().__init__(convert_charrefs=True)
        self.policy = policy
        self.found: list[str] = []
        self.guarded = False
        self._styled = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Also that of an element without an end."""
        values = {name: value or "" for name, value in attrs}
        self._styled = tag == "style"
        if tag in _TAGS:
            self.found.append(f"the element {tag}")
        if tag == "meta":
            self._meta(values)
        elif tag not in ("html", "head"):
            self._first(f"the element {tag}")
        for name, value in values.items():
            self._attribute(tag, name, value)

    def handle_data(self, data: str) -> None:
        """Only a style sheet can ask for something; within a drawing it could hold elements."""
        if data.strip(_SPACE):
            self._first("a text")
        if self._styled and (_ASKS.search(data) or "<" in data):
            self.found.append("a style that asks for something")

    def handle_comment(self, data: str) -> None:
        """Browsers do not agree with this reader on where one with mark-up ends."""
        self._first("a comment")
        if "<" in data or ">" in data:
            self.found.append("a comment with mark-up")

    def unknown_decl(self, data: str) -> None:
        """Neither do they on this."""
        self.found.append("a declaration")

    def handle_pi(self, data: str) -> None:
        """Nor on this."""
        self.found.append("a processing instruction")

    def handle_endtag(self, tag: str) -> None:
        """A style sheet ends."""
        self._styled = False
        if tag != "meta":  # one that ends itself
            self._first(f"an end of {tag}")

    def handle_decl(self, decl: str) -> None:
        """Only that of a page: browsers end a longer one before this reader does."""
        if decl.lower() != "doctype html":
            self.found.append("a declaration")

    def _first(self, what: str) -> None:
        if not self.guarded:
            self.found.append(f"{what} before its policy")

    def _meta(self, values: dict[str, str]) -> None:
        said = values.get("http-equiv", "").lower()
        if said == "content-security-policy":
            self.guarded = self.guarded or values.get("content") == self.policy
        elif said:
            self.found.append("a meta element that browsers obey")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        plain = re.sub(r"[\x00-\x20]", "", value)
        if name.startswith("on"):
            self.found.append(f"the attribute {name}")
        elif name == "href" and not (tag == "a" and _LINK.match(plain)):
            self.found.append("a link to something else than a page")
        elif name in _FETCHING and not (tag == "img" and _PICTURE.match(plain)):
            self.found.append(f"the attribute {name}, which asks for something")
        elif name == "style" and _ASKS.search(value):
            self.found.append("a style that asks for something")
        elif _ASKS_ELSEWHERE.search(value) and not (name in _TEXTS or name.startswith("aria-")):
            self.found.append(f"the attribute {name}, which asks for something")
