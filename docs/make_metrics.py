"""Writes docs/metrics.md from the catalogue and its cards; ``--check`` says if it is current."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any

from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.compile import strata_of
from osallisuus.metrics.metric import Metric
from osallisuus.model.facts import TABLES
from osallisuus.words import Words
from osallisuus.words.card import POPULATIONS, Card, Example, card_named

TARGET = Path(__file__).with_name("metrics.md")
WORDS = Words("en")
INTRODUCTION = """\
# The metrics

Every metric of the library, with what it counts, of whom, under which choices, from which fields,
and an example that can be followed by hand. The examples run as tests. This chapter is written by
`docs/make_metrics.py` from the metrics themselves and their cards.

A metric is asked by its name, `register.measure("completion")`, and under other choices by
`policies={"excused": "out"}`. Its SQL sees the facts cut at `as_of`; `:last_day` is the day before.
*Populations* are those of FHIR Measure. A field's *class* says how much harm it could do:
`public`, `personal` or `special`.
"""


def main() -> int:
    """Write the file, or compare it."""
    text = "\n".join((INTRODUCTION, _overview(), *map(_section, CATALOGUE)))
    if "--check" in sys.argv:
        return int(TARGET.read_text("utf-8") != text)
    TARGET.write_text(text, "utf-8")
    return 0


def _overview() -> str:
    rows = []
    for name, metric in CATALOGUE.items():
        title = f"metric.{name}.title"
        said = WORDS(title) if title in WORDS else name
        rows.append((f"[`{name}`](#{name})", said, metric.kind))
    return _table(("metric", "what it says", "kind"), rows)


def _section(name: str) -> str:
    metric, card = CATALOGUE[name], card_named(name) or Card()
    parts = [f"## {name}", *_said(card), _facts_of(metric)]
    if card.populations:
        rows = [
            (f"`{which}`", card.populations[which]["en"])
            for which in POPULATIONS
            if which in card.populations
        ]
        parts.append(_table(("population", "who or what"), rows))
    if card.told:
        rows = [(f"`{part}`", texts["en"]) for part, texts in card.told.items()]
        parts.append(_table(("figure", "is told as"), rows))
    if metric.policies:
        parts.append(_policies(metric))
    if naive := card.naive.get("en"):
        parts.append(f"*Why not by hand?* {naive}")
    parts.append(_reads(metric))
    parts.append(f"```sql\n{dedent(metric.cases).strip()}\n```")
    if card.example is not None:
        parts += _example(card.example)
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _said(card: Card) -> Iterator[str]:
    if card.title:
        yield f"**{card.title['en']}.** {card.sentence['en']}"


def _facts_of(metric: Metric) -> str:
    protected = "persons" if metric.unit == "person" else "cases, which have no person"
    strata = ", ".join(f"`{name}`" for name in strata_of(metric)) or "none of a link"
    asked = "`person.<trait>`" if "person" in metric.lineage.columns else ""
    shape = metric.tabulation
    lines = [
        ("kind", f"`{type(metric).__name__}`: {_first_line(metric)}"),
        ("table", f"{shape.table}: {', '.join(shape.columns)}"),
        ("protected", protected),
        ("can be asked by", ", ".join(part for part in (strata, asked) if part)),
        ("source", metric.source or "not stated"),
    ]
    bound = [f"`{name}` = {value}" for name, value in sorted(metric.params.items())]
    if bound:
        lines.append(("parameters", ", ".join(bound)))
    return _table(("", ""), lines)


def _first_line(metric: Metric) -> str:
    """The first sentence of what the kind says of itself."""
    said = dedent(type(metric).__doc__ or "").strip().split("\n\n")[0]
    return " ".join(said.split())


def _policies(metric: Metric) -> str:
    rows = []
    for name, value in sorted(metric.policies.items()):
        values = metric.choices.get(name, (value,))
        others = ", ".join(f"`{other}`" for other in values if other != value)
        key = f"policy.{name}.{value}"
        rows.append((f"`{name}`", f"`{value}`", others, WORDS(key) if key in WORDS else ""))
    for name in metric.free_policies:
        title = f"policy.{name}.title"
        rows.append(
            (f"`{name}`", "not stated", "any value", WORDS(title) if title in WORDS else "")
        )
    return _table(("policy", "by itself", "can also be", "which means"), rows)


def _reads(metric: Metric) -> str:
    rows = []
    for table in metric.lineage.tables:
        fields = [field for field in metric.lineage.fields if field.startswith(f"{table}.")]
        classes = {column.sql_name: column.field_class for column in TABLES[table].columns}
        by_class: dict[str, list[str]] = {}
        for field in fields:
            column = field.partition(".")[2]
            # a session's day is made from its public starting time
            by_class.setdefault(classes.get(column, "public"), []).append(f"`{column}`")
        read = "; ".join(f"{kind}: {', '.join(by_class[kind])}" for kind in sorted(by_class))
        rows.append((f"`{table}`", read))
    return _table(("reads", "fields by class"), rows)


def _example(example: Example) -> Iterator[str]:
    yield f"**Example.** {example.about['en']}"
    if example.settings:
        settings = ", ".join(
            f"`{name}={_plain(value)}`" for name, value in example.settings.items()
        )
        yield f"Asked with {settings}, of these facts:"
    for name, text in example.facts.items():
        header, *rows = csv.reader(io.StringIO(text.strip()))
        yield f"`{name}`"
        yield _table(header, rows)
    yield "It gives:"
    columns = list(dict.fromkeys(key for figure in example.figures for key in figure))
    rows = [[_plain(figure.get(column, "")) for column in columns] for figure in example.figures]
    yield _table(columns, rows)


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {_plain(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_plain(one) for one in value)
    return str(value)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return (
        "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines) + "\n"
    )


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
