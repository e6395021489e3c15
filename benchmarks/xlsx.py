"""A table of 100,000 rows as a workbook, against XlsxWriter asked for the same cells by hand.

Each row has a label, a share with its interval and its cases: six columns, five of them numbers.
Both write a real table with formatted numbers, whose cells have to stay in memory until the end
(XlsxWriter's constant memory allows no table), and both keep texts from becoming formulas.
"""

from __future__ import annotations

import time
from datetime import date, datetime
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from harness import Comparison

COMPARISON = Comparison(
    name="xlsx",
    task="a workbook of 100,000 rows / the same cells by XlsxWriter",
    ours="ours",
    other="by_hand",
    goal=1.3,
    rounds=5,
)
_ROWS = 100_000
_HEADS = ("Place", "Share", "Share: lower end", "Share: upper end", "Cases", "Cases: out of")


def prepare(folder: Path) -> str | None:
    """Nothing is needed but the library."""
    return None if find_spec("xlsxwriter") else "the extra xlsx is not installed"


def _figures() -> list[tuple[str, int, int, float, float, float]]:
    return [
        (f"place {row}", row % 90, 100, row % 90 / 100, row % 90 / 101, row % 90 / 99)
        for row in range(_ROWS)
    ]


def ours(folder: Path) -> float:
    """CPU seconds of the exporter."""
    from osallisuus.exporters.xlsx import XlsxExporter
    from osallisuus.metrics.figure import Figure
    from osallisuus.metrics.plain import Provenance
    from osallisuus.reports.document import Document, Shown, Table

    source = Provenance(
        metric="completion", kind="Proportion", definition="0" * 16, as_of=date(2020, 1, 1)
    )
    rows = []
    for label, k, n, value, low, high in _figures():
        figure = Figure(
            name="completed",
            measure="proportion",
            provenance=source,
            value=value,
            low=low,
            high=high,
            k=k,
            n=n,
        )
        rows.append((label, figure, Shown(figure, "cases")))
    table = Table("Completed by place", ("Place", "Share", "Cases"), rows)
    document = Document(title="Completed", locale="en", blocks=(table,))
    start = time.process_time()
    content = XlsxExporter().render(document)
    spent = time.process_time() - start
    (folder / "ours.xlsx").write_bytes(content)
    return spent


def by_hand(folder: Path) -> float:
    """CPU seconds of a loop over the rows that writes each cell."""
    import xlsxwriter

    figures = _figures()
    start = time.process_time()
    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001
    sheet = book.add_worksheet("Completed")
    wrapped, percent = book.add_format({"text_wrap": True}), book.add_format({"num_format": "0%"})
    whole = book.add_format({"num_format": "#,##0"})
    for row, (label, k, n, value, low, high) in enumerate(figures, start=1):
        sheet.write_string(row, 0, label, wrapped)
        sheet.write_number(row, 1, value, percent)
        sheet.write_number(row, 2, low, percent)
        sheet.write_number(row, 3, high, percent)
        sheet.write_number(row, 4, k, whole)
        sheet.write_number(row, 5, n, whole)
    heads = {"columns": [{"header": head} for head in _HEADS]}
    sheet.add_table(0, 0, len(figures), len(_HEADS) - 1, heads)
    book.close()
    spent = time.process_time() - start
    (folder / "other.xlsx").write_bytes(target.getvalue())
    return spent
