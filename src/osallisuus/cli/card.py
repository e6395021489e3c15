"""A metric's card as lines of text: what it says, of whom, from which fields, and an example."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from osallisuus.metrics.compile import strata_of
from osallisuus.metrics.metric import Metric
from osallisuus.metrics.written import label_of
from osallisuus.model.facts import TABLES
from osallisuus.words import Words
from osallisuus.words.card import POPULATIONS, Card, Example, card_named

__all__ = ["card_lines"]

_WIDTH = 100


def card_lines(metric: Metric, title: str, words: Words) -> Iterator[str]:
    """The lines of the card of *metric*; *title* is the first, its SQL comes last."""
    card = card_named(metric.name) or Card()
    yield title
    if card.sentence:
        yield from textwrap.wrap(card.sentence[words.code], _WIDTH)
    for texts in card.told.values():
        told = words("card.told", text=texts[words.code])
        yield from textwrap.wrap(told, _WIDTH, subsequent_indent="  ")
    kind = words.label("kind", metric.kind)
    yield words("card.kind", kind=kind, definition=metric.definition)
    yield words("card.source", source=metric.source or words("card.not_stated"))
    yield from _policies(metric, words)
    for name in POPULATIONS:
        if name in card.populations:
            yield from _item(words(f"card.{name}"), card.populations[name][words.code])
    if card.naive:
        yield from _item(words("card.naive"), card.naive[words.code])
    yield from _item(words("card.reads"), "; ".join(_by_class(metric, words)))
    yield from _item(words("card.by"), ", ".join([*strata_of(metric), "person.<trait>"]))
    if card.example is not None:
        yield from _example(metric.name, card.example, words)
    yield f"{words('card.cases')}\n{metric.cases.strip()}"


def _policies(metric: Metric, words: Words) -> Iterator[str]:
    """Each choice with what it means, and what else could be chosen."""
    for name, value in sorted(metric.policies.items()):
        line = words("card.policy", name=name, value=value)
        others = ", ".join(other for other in metric.choices.get(name, ()) if other != value)
        line = words("card.otherwise", policy=line, others=others) if others else line
        key = f"policy.{name}.{value}"
        yield from _item(line, words(key)) if key in words else (line,)
    for name in metric.free_policies:
        if name not in metric.policies:
            yield words("card.policy", name=name, value=words("card.not_stated"))


def _by_class(metric: Metric, words: Words) -> Iterator[str]:
    """The fields that are read, by how personal they are, such as ``personal: people.id``."""
    found: dict[str, list[str]] = {}
    for name in metric.lineage.fields:
        table, _, column = name.partition(".")
        classes = {known.sql_name: known.field_class for known in TABLES[table].columns}
        # a session's day is made from its public starting time
        found.setdefault(classes.get(column, "public"), []).append(name)
    for kind, names in sorted(found.items()):
        label = words.label("field_class", kind)
        yield words("card.field_class", kind=label, fields=", ".join(names))


def _item(name: str, text: str) -> Iterator[str]:
    yield from textwrap.wrap(
        f"{name}: {text}", _WIDTH, subsequent_indent="  ", break_on_hyphens=False
    )


def _example(metric: str, example: Example, words: Words) -> Iterator[str]:
    if example.about:
        yield from _item(*words("card.example", about=example.about[words.code]).split(": ", 1))
    if example.settings:
        settings = ", ".join(f"{name} {value}" for name, value in example.settings.items())
        yield f"  {words('card.asked', settings=settings)}"
    for table, text in example.facts.items():
        yield f"  {table}.csv"
        yield from (f"    {line}" for line in text.strip().splitlines())
    for figure in example.figures:
        told = ", ".join(f"{name} {value}" for name, value in figure.items() if name != "name")
        name = figure.get("name")
        called = words("card.figure") if name is None else _called(metric, name, words)
        yield f"  {words('card.gives', name=called, told=told)}"


def _called(metric: str, name: str, words: Words) -> str:
    """A figure by its words and its name, such as "Completed (completed)"."""
    key = f"metric.{metric}.part.{name}"
    return f"{words(key) if key in words else label_of(name, words)} ({name})"
