"""Figures as SDMX-CSV 2.0, the exchange format of statistical offices.

One row is one observation of the structure ``OSALLISUUS:FIGURES(1.0)``. Its dimensions are the
metric, its definition and choices, the part, the day on a curve, the strata of the document and the
time. What is not divided by a stratum has ``_T`` there, and what the facts do not state ``_U``. A
hidden number is empty with the status ``Q`` (suppressed), one that cannot be computed with ``M``.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import ClassVar, Final

from osallisuus.exporters.csv import guard
from osallisuus.exporters.figures import figures_of
from osallisuus.metrics.figure import Figure
from osallisuus.reports.document import Document, clean_text
from osallisuus.reports.exporter import API_VERSION
from osallisuus.time import Period

__all__ = ["SdmxExporter", "time_period"]

_STRUCTURE: Final = ("dataflow", "OSALLISUUS:FIGURES(1.0)", "I")
"""What each row says first; ``I``: for information, to be neither merged nor deleted."""
_TOTAL, _UNKNOWN, _NONE = "_T", "_U", "_Z"
_NORMAL, _MISSING, _SUPPRESSED = "A", "M", "Q"
"""Of the code list CL_OBS_STATUS."""
_FREE, _INTERNAL = "F", "N"
"""Of the code list CL_CONF_STATUS: free, and not for publication."""
_BEFORE: Final = ("METRIC", "DEFINITION", "CHOICES", "PART", "DAY")
_AFTER: Final = (
    "TIME_PERIOD",
    "OBS_VALUE",
    "LOWER",
    "UPPER",
    "NUMERATOR",
    "DENOMINATOR",
    "UNIT_MEASURE",
    "OBS_STATUS",
    "CONF_STATUS",
    "AS_OF",
    "COMMENT_OBS",
)


class SdmxExporter:
    """Writes all figures of a document as SDMX-CSV 2.0 in UTF-8."""

    api_version: ClassVar[int] = API_VERSION
    name: ClassVar[str] = "sdmx"
    suffix: ClassVar[str] = ".csv"
    media_type: ClassVar[str] = "application/vnd.sdmx.data+csv; version=2.0.0"

    def render(self, document: Document) -> bytes:
        """The figures of *document*, one row each, under one row of column names."""
        figures = figures_of(document)
        strata = tuple(dict.fromkeys(key for figure in figures for key in figure.strata))
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        columns = [_identifier(name) for name in strata]
        writer.writerow(("STRUCTURE", "STRUCTURE_ID", "ACTION", *_BEFORE, *columns, *_AFTER))
        confidential = _INTERNAL if document.internal else _FREE
        for figure in figures:
            writer.writerow((*_STRUCTURE, *_row(figure, strata, confidential)))
        return text.getvalue().encode()


def time_period(period: Period) -> str:
    """*period* as SDMX writes time: a year, quarter or month, else its first day and its length.

    >>> time_period(Period(date(2018, 4, 1), date(2018, 7, 1)))
    '2018-Q2'
    >>> time_period(Period(date(2018, 4, 2), date(2018, 7, 1)))
    '2018-04-02/P90D'
    """
    first, after = period.starts_on, period.ends_on
    months = (after.year - first.year) * 12 + after.month - first.month
    whole = first.day == after.day == 1
    if whole and months == 12 and first.month == 1:
        return f"{first:%Y}"
    if whole and months == 3 and first.month % 3 == 1:
        return f"{first:%Y}-Q{first.month // 3 + 1}"
    if whole and months == 1:
        return f"{first:%Y-%m}"
    return f"{first.isoformat()}/P{period.days}D"


def _row(figure: Figure, strata: tuple[str, ...], confidential: str) -> list[str | int | float]:
    source = figure.provenance
    choices = "; ".join(f"{name}={value}" for name, value in source.policies.items())
    day: date = source.as_of
    numbers = (figure.value, figure.low, figure.high, figure.k, figure.n)
    # rows of a file are copied one by one, so each of them says what it is
    stamps = ["INTERNAL"] if confidential == _INTERNAL else []
    comments = [*stamps, *([figure.reason] if figure.reason else []), *figure.notes]
    status = {"suppressed": _SUPPRESSED, "undefined": _MISSING}.get(figure.status, _NORMAL)
    return [
        _text(source.metric),
        source.definition,
        _text(choices or _NONE),
        _text(figure.name or _TOTAL),
        _NONE if figure.at is None else figure.at,
        *(_stratum(figure, key) for key in strata),
        day.isoformat() if figure.period is None else time_period(figure.period),
        *("" if one is None or status != _NORMAL else one for one in numbers),
        figure.measure.upper(),
        status,
        confidential,
        day.isoformat(),
        _text(" ".join(comments)),
    ]


def _stratum(figure: Figure, key: str) -> str:
    if key not in figure.strata:
        return _TOTAL
    value = figure.strata[key]
    return _UNKNOWN if value is None else _text(value)


def _identifier(stratum: str) -> str:
    """A stratum's name as an identifier of SDMX: ``group.place`` is ``GROUP_PLACE``."""
    return re.sub(r"[^A-Z0-9_]", "_", stratum.upper())


def _text(text: str) -> str:
    return guard(clean_text(text).replace("\n", " "))
