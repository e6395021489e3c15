"""Small reports to test exporters with: a plain one, one for a hidden number, one of any words."""

from __future__ import annotations

from datetime import date
from typing import Any

from osallisuus.metrics.figure import Figure
from osallisuus.metrics.plain import Provenance
from osallisuus.reports import document as blocks
from osallisuus.reports.document import Chart, Document, Series, Shown, Table
from osallisuus.words import Words

__all__ = ["document", "figure", "hidden", "of_words", "undefined", "whole", "with_figure"]


def figure(name: str = "completed", k: int = 28, n: int = 41, **given: Any) -> Figure:
    """A share of *k* in *n* with an interval."""
    source = Provenance(
        metric="completion",
        kind="proportion",
        definition="4f1c9a0b7d2e6835",
        as_of=date(2019, 1, 1),
    )
    plain: dict[str, Any] = {
        "name": name, "measure": "proportion", "provenance": source, "value": k / n,
        "low": k / n / 2, "high": (1 + k / n) / 2, "k": k, "n": n, "persons": n,
        "method": "wilson",
    }  # fmt: skip
    return Figure(**(plain | given))


def hidden(name: str = "completed") -> Figure:
    """The same share, suppressed."""
    return figure(name).suppressed()


def undefined(name: str = "completed") -> Figure:
    """The same share where there are no cases."""
    nothing = dict.fromkeys(("value", "low", "high", "persons"))
    return figure(name, **nothing, k=0, n=1, status="undefined", reason="no_cases")


def with_figure(one: Figure) -> Document:
    """A report, already released, in which *one* stands in a table beside another figure."""
    rows = (("Tampere", figure("left", 5, 50)), ("Helsinki", one))
    table = Table("Completed", ("Place", "Share"), rows)
    return Document(title="A report", locale="en", blocks=(table,), internal=False)


def document(locale: str = "en", *, internal: bool = False) -> Document:
    """A report of every kind of block in *locale*."""
    words = Words(locale)
    title = words("metric.completion.title")
    head = (words("column.place"), words("column.share_interval"), words("column.cases"))
    shares = {
        place: figure(k=k, strata={"group.place": place})
        for place, k in (("Helsinki", 28), ("Tampere", 29), ("Lahti", 1))
    }
    shares["Lahti"] = shares["Lahti"].suppressed()
    rows = tuple((place, one, Shown(one, "cases")) for place, one in shares.items())
    table = Table(title, head, rows, (words("note.multiple_answers"),))
    bars = tuple(Series(place, (one,)) for place, one in shares.items())
    source = blocks.Provenance(((words("provenance.metric"), title),))
    return Document(
        title="Verna 2011–2014",
        locale=locale,
        profile_note=words("document.profile.public"),
        internal=internal,
        metadata={"program": "verna"},
        blocks=(
            blocks.Heading(1, title),
            blocks.Text((words("metric.completion.sentence"),)),
            blocks.Note("info", words("document.synthetic")),
            table,
            Chart("bars", title, title, bars, table),
            source,
        ),
    )


def whole() -> Document:
    """A report of every kind of block, in which each text is said in one place only."""
    shares = (("Helsinki", figure()), ("Tampere", figure(k=12)))
    table = Table("A table", ("Where", "How many"), shares, ("Below the table.",))
    return Document(
        title="The whole report",
        locale="en",
        profile_note="Its rules.",
        internal=False,
        blocks=(
            blocks.Heading(1, "A part"),
            blocks.Text(("The first words.", "The second words.")),
            blocks.Heading(2, "A smaller part"),
            blocks.Note("info", "A note."),
            table,
            blocks.Provenance((("Metric", "Completing"), ("Day", "Monday")), "Where from"),
        ),
    )


def of_words(text: str) -> Document:
    """A report with *text* wherever somebody's own words can stand."""
    odd = figure(strata={text: text}, method=text, notes=(text,))
    rows = ((text, odd), (f"{text} 2", figure("left", 5, 50)))
    table = Table(text, (text, text), rows, (text,))
    bars = tuple(Series(str(label), (one,)) for label, one in rows)
    return Document(
        title=text,
        locale="en",
        profile_note=text,
        internal=False,
        metadata={"a": text},
        blocks=(
            blocks.Heading(1, text),
            blocks.Text((text, text)),
            blocks.Note("warning", text),
            table,
            Chart("bars", text, text, bars, table),
            blocks.Provenance(((text, text),), text),
        ),
    )
