"""A small site: a page for each report, linked to each other, and a list of all of them.

There is no script and no address but the names of the files beside each other, so that a folder on
a stick, a share or any web server does. Each page has its own style within it and can be sent alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import Element

from osallisuus.errors import DefinitionError
from osallisuus.exporters.html_page import Page
from osallisuus.exporters.html_parts import add
from osallisuus.reports.document import Document
from osallisuus.words import Words

__all__ = ["INDEX", "site_pages"]

INDEX: Final = "index"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")
_PART: Final = re.compile(r"(.*)-\d+")


def site_pages(documents: Mapping[str, Document]) -> dict[str, Element]:
    """Name -> page, the list of all first. A name such as ``verna-2`` is a part of ``verna``.

    A name is the name of a file: small letters, digits, ``_`` and ``-``. Raises
    :class:`DefinitionError` for another one, and where there is no document.
    """
    if not documents:
        raise DefinitionError("a site without a page", remedy="name a programme")
    for name in documents:
        if not _NAME.fullmatch(name) or name == INDEX:
            raise DefinitionError("no name of a page", where=name[:60], remedy="such as verna")
    first = next(iter(documents.values()))
    index = Document(
        title=Words(first.locale)("site.title"),
        locale=first.locale,
        blocks=(),
        profile_note=first.profile_note,
        internal=any(document.internal for document in documents.values()),
        look=first.look,
    )
    pages = {INDEX: _Index(index, documents).build()}
    for name, document in documents.items():
        pages[name] = _Linked(document, documents, name).build()
    return pages


class _Index(Page):
    """The list of all reports."""

    def __init__(self, document: Document, documents: Mapping[str, Document]) -> None:
        super().__init__(document)
        self.documents = documents

    def main(self, body: Element) -> None:
        """Each report, and below it its parts."""
        main = add(body, "main", id="content")
        listed = add(main, "ul", class_="pages")
        items: dict[str, Element] = {}
        for name, document in self.documents.items():
            part = _PART.fullmatch(name)
            parent = items.get(part[1]) if part else None
            if parent is None:
                items[name] = add(listed, "li")
                add(items[name], "a", document.title, href=f"{name}.html")
            else:
                inner = parent.find("ul")
                inner = add(parent, "ul") if inner is None else inner
                add(add(inner, "li"), "a", document.title, href=f"{name}.html")


class _Linked(Page):
    """A report with the way back, and to its parts."""

    def __init__(self, document: Document, documents: Mapping[str, Document], name: str) -> None:
        super().__init__(document)
        self.documents, self.name = documents, name

    def skip(self, body: Element) -> None:
        """The skip link stays the first; the links of the site follow it."""
        super().skip(body)
        words = self.words
        nav = add(body, "nav", class_="site", aria_label=words("site.all"))
        add(nav, "a", words("site.all"), href=f"{INDEX}.html")
        part = _PART.fullmatch(self.name)
        whole = part[1] if part and part[1] in self.documents else self.name
        for name, document in self.documents.items():
            found = _PART.fullmatch(name)
            if name == whole or (found and found[1] == whole):
                link = add(nav, "a", document.title, href=f"{name}.html")
                if name == self.name:
                    link.set("aria-current", "page")
