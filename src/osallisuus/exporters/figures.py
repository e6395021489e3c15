"""All figures of a document, for formats that hold figures and nothing else."""

from __future__ import annotations

from osallisuus.metrics.figure import Figure
from osallisuus.reports.document import Chart, Document, distinct

__all__ = ["figures_of"]


def figures_of(document: Document) -> tuple[Figure, ...]:
    """Every figure in a table or a drawing of *document*, each once, in its order."""
    charts = [block for block in document.blocks if isinstance(block, Chart)]
    drawn = [one for chart in charts for series in chart.series for one in series.figures]
    return distinct([*(one for table in document.tables for one in table.figures), *drawn])
