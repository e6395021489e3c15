"""A number put into the bytes of an output by hand, in every place where one could be told."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final
from zipfile import ZipFile

import pikepdf
import pymupdf

__all__ = ["NUMBER", "PLANTS"]

NUMBER: Final = "98765"
Plant = Callable[[bytes], bytes]


def _replaced(part: str, before: str, after: str) -> Plant:
    """In the part of a packed file whose name begins so, *after* once in the place of *before*."""

    def plant(content: bytes) -> bytes:
        with ZipFile(io.BytesIO(content)) as packed:
            parts = {one: packed.read(one) for one in packed.namelist()}
        name = next(one for one in parts if one.startswith(part) and before in parts[one].decode())
        parts[name] = parts[name].decode().replace(before, after, 1).encode()
        return _packed(parts)

    return plant


def _added(part: str, text: str) -> Plant:
    def plant(content: bytes) -> bytes:
        with ZipFile(io.BytesIO(content)) as packed:
            parts = {one: packed.read(one) for one in packed.namelist()}
        return _packed({**parts, part: text.encode()})

    return plant


def _packed(parts: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with ZipFile(target, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return target.getvalue()


def _text(before: str, after: str) -> Plant:
    def plant(content: bytes) -> bytes:
        assert before.encode() in content
        return content.replace(before.encode(), after.encode(), 1)

    return plant


def _ending(after: str) -> Plant:
    return lambda content: content + after.encode()


def _pdf(change: Callable[[Any], None]) -> Plant:
    def plant(content: bytes) -> bytes:
        target = io.BytesIO()
        with pikepdf.open(io.BytesIO(content)) as pdf:
            change(pdf)
            pdf.save(target)
        return target.getvalue()

    return plant


def _annotation(pdf: Any) -> None:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], Contents=NUMBER
    )
    pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(note)])


def _alternative(pdf: Any) -> None:
    next(
        one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one
    ).Alt = pikepdf.String(NUMBER)


def _attachment(pdf: Any) -> None:
    pdf.attachments["data.csv"] = NUMBER.encode()


def _title(pdf: Any) -> None:
    with pdf.open_metadata() as about:
        about["dc:title"] = NUMBER


def _painted(content: bytes) -> bytes:
    with pymupdf.open(stream=content) as file:
        file[0].insert_text((20, 20), NUMBER)
        painted: bytes = file.tobytes()
        return painted


def _fhir(content: bytes) -> bytes:
    found = json.loads(content)
    report = next(
        one["resource"]
        for one in found["entry"]
        if one["resource"]["resourceType"] == "MeasureReport"
    )
    report.setdefault("extension", []).append({"url": "urn:x", "valueDecimal": int(NUMBER)})
    return json.dumps(found).encode()


_SHEET = "xl/worksheets/sheet"
PLANTS: Final[Mapping[str, Mapping[str, Plant]]] = MappingProxyType(
    {
        "csv": {"a cell": _ending(f",{NUMBER}\n")},
        "csv-excel": {"a cell": _ending(f";{NUMBER}\n")},
        "json": {"a value": lambda content: b'{"value": 98765, "was": ' + content + b"}"},
        "markdown": {"a line": _ending(f"\n{NUMBER}\n")},
        "text": {"a line": _ending(f"\n{NUMBER}\n")},
        "html": {
            "a remark": _text("</body>", f"<!-- {NUMBER} --></body>"),
            "what is only heard": _text("</body>", f'<p aria-label="{NUMBER}"></p></body>'),
            "data": _text("</body>", f'<p data-n="{NUMBER}"></p></body>'),
            "a word in a drawing": _text("</svg>", f"<text>{NUMBER}</text></svg>"),
            "a description": _text("</desc>", f" {NUMBER}</desc>"),
        },
        "docx": {
            "a cell": _replaced("word/document.xml", "</w:t>", f" {NUMBER}</w:t>"),
            "what is said of a picture": _replaced(
                "word/document.xml", 'descr="', f'descr="{NUMBER} '
            ),
            "a foot": _replaced("word/footer1.xml", "</w:t>", f" {NUMBER}</w:t>"),
            "a comment": _added("word/comments.xml", f"<a><b>{NUMBER}</b></a>"),
            "a workbook within": _added("word/embeddings/sheet.xlsx", NUMBER),
        },
        "xlsx": {
            "a cell": _replaced("xl/sharedStrings.xml", "</t>", f" {NUMBER}</t>"),
            "a text that no cell shows": _replaced(
                "xl/sharedStrings.xml", "</sst>", f"<si><t>{NUMBER}</t></si></sst>"
            ),
            "what a chart remembers": _replaced("xl/charts/", "<c:v>", f"<c:v>{NUMBER}"),
            "what is said of a chart": _replaced("xl/drawings/", 'descr="', f'descr="{NUMBER} '),
            "a format": _replaced(
                "xl/styles.xml", "<fonts", f'<numFmt formatCode="&quot;{NUMBER}&quot;"/><fonts'
            ),
            "a foot": _replaced(_SHEET, "</oddFooter>", f" {NUMBER}</oddFooter>"),
            "a comment": _added("xl/comments1.xml", f"<a><t>{NUMBER}</t></a>"),
        },
        "pdf": {
            "a page": _painted,
            "what is read aloud": _pdf(_alternative),
            "an annotation": _pdf(_annotation),
            "an attachment": _pdf(_attachment),
            "what it says of itself": _pdf(_title),
        },
        "fhir-r4b": {"an extension": _fhir},
        "fhir-r5": {"an extension": _fhir},
        "sdmx": {"an observation": _ending(f"I,O:F(1.0),I,{NUMBER}\n")},
        "package": {
            "a row": _replaced("figures.csv", "\n", f"\n{NUMBER},"),
            "what it says of itself": _replaced("datapackage.json", "{", f'{{"notes": "{NUMBER}",'),
        },
    }
)
"""By exporter and place."""
