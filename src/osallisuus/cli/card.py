"""A metric's card as lines of text: what it says, of whom, from which fields, and an example."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from osallisuus.metrics.compile import strata_of
from osallisuus.metrics.metric import Metric
from osallisuus.model.facts import TABLES
from osallisuus.words.card import POPULATIONS, Example, card_named

__all__ = ["card_lines"]

_WIDTH = 100


def card_lines(metric: Metric, title: str) -> Iterator[str]:
    """The lines of the card of *metric*; *title* is the first."""
    card = card_named(metric.name)
    yield title
    if card is not None and card.sentence:
        yield from textwrap.wrap(card.sentence["en"], _WIDTH)
    yield f"kind: {metric.kind}, table: {metric.tabulation.table}, definition {metric.definition}"
    yield f"source: {metric.source or 'not stated'}"
    yield from _policies(metric)
    if card is not None:
        for name in POPULATIONS:
            if name in card.populations:
                yield from _item(name.replace("_", " "), card.populations[name])
        if card.naive:
            yield from _item("by hand", card.naive["en"])
    yield from _item("reads", ", ".join(_classed(name) for name in metric.lineage.fields))
    yield from _item("can be asked by", ", ".join([*strata_of(metric), "person.<trait>"]))
    yield f"cases:\n{metric.cases.strip()}"
    if card is not None and card.example is not None:
        yield from _example(card.example)


def _policies(metric: Metric) -> Iterator[str]:
    for name, value in sorted(metric.policies.items()):
        others = [other for other in metric.choices.get(name, ()) if other != value]
        choice = f" (or {', '.join(others)})" if others else ""
        yield f"policy {name}: {value}{choice}"


def _classed(name: str) -> str:
    """A field with how personal it is, such as ``enrollments.person (pseudonym)``."""
    table, _, column = name.partition(".")
    for known in TABLES[table].columns:
        if known.sql_name == column:
            return f"{name} ({known.field_class})"
    return name


def _item(name: str, text: str) -> Iterator[str]:
    yield from textwrap.wrap(
        f"{name}: {text}", _WIDTH, subsequent_indent="  ", break_on_hyphens=False
    )


def _example(example: Example) -> Iterator[str]:
    yield f"example: {example.about}".rstrip()
    if example.settings:
        asked = ", ".join(f"{name} {value}" for name, value in example.settings.items())
        yield f"  asked: {asked}"
    for table, text in example.facts.items():
        yield f"  {table}.csv"
        yield from (f"    {line}" for line in text.strip().splitlines())
    for figure in example.figures:
        told = ", ".join(f"{name} {value}" for name, value in figure.items() if name != "name")
        yield f"  gives {figure.get('name', 'the figure')}: {told}"
