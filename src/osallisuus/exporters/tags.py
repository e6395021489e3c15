"""What WeasyPrint's tags lack for PDF/UA-1 (ISO 14289-1), added before the file is written.

* A head of a table says whether it heads a column or a row (7.5; Matterhorn Protocol 15-003).
* Running heads and feet are artifacts, not content that is read out on every page (7.8; 18-001).
* The mark of a missing number is read out as a word (``ActualText``, ISO 32000-1, 14.9.4).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from osallisuus.extra import library

__all__ = ["mend_tags"]


def mend_tags(pdf: Any, words: Sequence[str]) -> None:
    """Completes the tags of a ``pydyf.PDF``.

    *words* are those of its spans, in their order, empty for one that is no mark; they are left out
    unless there is one for each span, since a word in a wrong place is worse than none.
    """
    make = library("pydyf", "pdf")
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    linked = {element.number: element for element in _elements(pdf, root)}
    for element in linked.values():
        if element["S"] == "/TH":
            element["A"]["Scope"] = "/Column" if _in_head(pdf, element) else "/Row"
    spans = [element for element in linked.values() if _is_span(pdf, element)]
    if len(spans) == len(words):
        for span, word in zip(spans, words, strict=True):
            if word:
                span["ActualText"] = make.String(word)
    _unlink_margins(pdf, set(linked), make)


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _kids(pdf: Any, element: Any) -> list[Any]:
    """The structure elements right below *element*; what it holds of a page is left out."""
    found = [_object(pdf, kid) for kid in element.get("K", ()) if isinstance(kid, bytes)]
    return [kid for kid in found if "S" in kid]


def _elements(pdf: Any, element: Any) -> Iterator[Any]:
    """Every structure element below *element*, in reading order."""
    for kid in _kids(pdf, element):
        yield kid
        yield from _elements(pdf, kid)


def _in_head(pdf: Any, cell: Any) -> bool:
    row = _object(pdf, cell["P"])
    return bool(_object(pdf, row["P"])["S"] == "/THead")


def _is_span(pdf: Any, element: Any) -> bool:
    """Whether this is a ``span`` of ours: WeasyPrint puts each text in one, also in one of ours."""
    return element["S"] == "/Span" and any(kid["S"] == "/Span" for kid in _kids(pdf, element))


def _unlink_margins(pdf: Any, linked: set[int], make: Any) -> None:
    """Content whose structure element is in no tree stands in a margin: it becomes an artifact."""
    numbers = iter(_object(pdf, _object(pdf, pdf.catalog["StructTreeRoot"])["ParentTree"])["Nums"])
    by_key = dict(zip(numbers, numbers, strict=True))
    for page in _pages(pdf):
        owners = by_key[page["StructParents"]]
        loose = {
            content for content, owner in enumerate(owners) if int(owner.split()[0]) not in linked
        }
        operators = _object(pdf, page["Contents"]).stream
        for index, operator in enumerate(operators):
            if isinstance(operator, dict) and operator.get("MCID") in loose:
                operators[index - 1] = "/Artifact"
                operators[index] = make.Dictionary({"Type": "/Pagination"})
        for content in loose:
            owners[content] = "null"


def _pages(pdf: Any) -> list[Any]:
    return [one for one in pdf.objects if isinstance(one, dict) and one.get("Type") == "/Page"]
