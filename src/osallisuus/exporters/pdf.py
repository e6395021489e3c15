"""A tagged PDF (PDF/UA-1, ISO 14289-1) of the same page that the HTML exporter makes.

WeasyPrint (extra ``pdf``) lays the page out. Nothing is fetched: every address is refused but a
picture that stands in the page itself. Equal
documents give equal bytes on one machine; another version of Pango, of the font DejaVu Sans or of
WeasyPrint may break lines elsewhere. On every page stand the title, the stamp INTERNAL where it
applies, how people are protected, and the number of the page.
"""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import Any, ClassVar, Final
from xml.etree.ElementTree import Element, tostring

from osallisuus.errors import PluginError
from osallisuus.exporters.html_page import page_of
from osallisuus.exporters.tags import mend_tags
from osallisuus.extra import library
from osallisuus.reports.document import Document
from osallisuus.reports.exporter import API_VERSION

__all__ = ["PdfExporter"]

_VARIANT: Final = "pdf/ua-1"
_FONT: Final = "DejaVu Sans"
"""A drawing has no style sheet, so that it must name the font of ``pdf.css`` itself."""
_ROWS_TOGETHER: Final = 6
"""A table of at most so many rows is not broken over two pages."""
_SYSTEM: Final = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"


class PdfExporter:
    """Writes a document as one PDF file: A4, tagged for screen readers, with bookmarks."""

    api_version: ClassVar[int] = API_VERSION
    name: ClassVar[str] = "pdf"
    suffix: ClassVar[str] = ".pdf"
    media_type: ClassVar[str] = "application/pdf"

    def render(self, document: Document) -> bytes:
        """*document* as a PDF; :class:`PluginError` where the extra or Pango is missing."""
        maker = _maker()
        root = page_of(document)
        words = _for_paper(root, document)
        source = tostring(root, encoding="unicode", method="html")
        nothing = library("weasyprint.urls", "pdf").URLFetcher(allowed_protocols=("data",))
        page = maker.HTML(string=f"<!DOCTYPE html>\n{source}", url_fetcher=nothing)
        laid_out = page.render(pdf_variant=_VARIANT)
        if document.generated is not None:
            laid_out.metadata.created = document.generated.isoformat(timespec="seconds")
        made: bytes = laid_out.write_pdf(
            pdf_variant=_VARIANT, finisher=partial(_finish, words=words)
        )
        return made


def _maker() -> Any:
    """WeasyPrint, which loads libraries of the system as soon as it is imported."""
    try:
        return library("weasyprint", "pdf")
    except OSError:
        pass
    raise PluginError(
        "this needs Pango, a library of the system",
        where="extra pdf",
        remedy=f"on Debian: apt-get install {_SYSTEM}",
    )


def _finish(_: object, pdf: Any, words: tuple[str, ...]) -> None:
    mend_tags(pdf, words)


@cache
def _style() -> str:
    return Path(__file__).with_name("pdf.css").read_text("utf-8")


def _for_paper(root: Element, document: Document) -> tuple[str, ...]:
    """Makes a page fit for paper; the word for each span, in their order, empty where it is no mark.

    On paper nothing folds, and nothing is said that is not seen: a mark keeps its word as the
    text to be read aloud instead of it.
    """
    for style in root.iter("style"):
        style.text = f"{style.text or ''}{_style()}"
    for folded in root.iter("details"):
        _unfold(folded)
    for drawing in root.iter("svg"):
        _describe(drawing)
    for whole in root.iterfind(".//div[@class='tabular']"):
        if len(whole.findall(".//tbody/tr")) <= _ROWS_TOGETHER:
            whole.set("class", "tabular short")
    first = root.find("body/header/p")
    if document.profile_note and first is not None:
        first.set("class", "protection")
    for cell in root.iter():
        for heard in cell.findall("span[@class='unseen']"):
            cell.remove(heard)
    return tuple(span.get("title", "") for span in root.iter("span"))


def _unfold(folded: Element) -> None:
    """Opens what folds on a screen. Its summary becomes the caption of a table without a seen one."""
    folded.tag = "div"
    folded.attrib.pop("open", None)
    caption = folded.find(".//caption[@class='unseen']")
    for summary in folded.findall("summary"):
        if caption is None:
            summary.tag = "p"
            summary.set("class", "folded")
        else:
            caption.text = summary.text
            del caption.attrib["class"]
            folded.remove(summary)


def _describe(drawing: Element) -> None:
    """Gives a drawing its font, and all that is said of it in the one text that a PDF has."""
    drawing.set("font-family", _FONT)
    title, said = drawing.find("title"), drawing.find("desc")
    if title is not None and said is not None:
        title.text = ". ".join(text for text in (title.text, said.text) if text)
