"""One self-contained web page: no script, no address, nothing fetched from anywhere.

What the page is made of stands in :mod:`~osallisuus.exporters.html_page`; here it is written out. Two
more ways to the same page: in the frame of an organisation's own template, and as one of several that
are linked to each other, a small site without any server.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar
from xml.etree.ElementTree import tostring

from osallisuus.exporters.html_page import POLICY, Page
from osallisuus.exporters.html_template import TemplateExporter
from osallisuus.exporters.site import site_pages
from osallisuus.reports.document import Document
from osallisuus.reports.exporter import API_VERSION

__all__ = ["HtmlExporter"]


class HtmlExporter:
    """Writes a document as one HTML page.

    Whoever wants another frame or block derives from :class:`Page` and names it as ``page``.
    """

    api_version: ClassVar[int] = API_VERSION
    name: ClassVar[str] = "html"
    suffix: ClassVar[str] = ".html"
    media_type: ClassVar[str] = "text/html; charset=utf-8"
    policy: ClassVar[str] = POLICY
    """Stands near the beginning of each page of ours."""
    page: ClassVar[type[Page]] = Page
    """What builds the page of a document."""

    def render(self, document: Document) -> bytes:
        """*document* as a UTF-8 page, stamped when it is internal."""
        page = tostring(self.page(document).build(), encoding="unicode", method="html")
        return f"<!DOCTYPE html>\n{page}\n".encode()

    @classmethod
    def in_frame(cls, template: str, where: str = "template") -> TemplateExporter:
        """An exporter of the same pages in the frame of a Jinja2 template (extra ``html``).

        Raises :class:`DefinitionError` where the template has a fault.
        """
        return TemplateExporter(template, where, cls.page)

    def site(self, documents: Mapping[str, Document]) -> dict[str, bytes]:
        """File name -> page: one for each of *documents*, by its name, and ``index.html``."""
        return {
            f"{name}.html": f"<!DOCTYPE html>\n{tostring(page, 'unicode', method='html')}\n".encode()
            for name, page in site_pages(documents).items()
        }
