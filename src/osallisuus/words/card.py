"""Metric cards: what a metric says, of whom, and a small example with its figures.

Each card is one TOML file in ``cards/``, here or in the package of whoever adds a metric. It holds
everything about a metric but its SQL: title and plain sentence in Finnish, Swedish and English, the
words of its parts, its populations as in FHIR
Measure, the familiar ratio that people would compute by hand and why ours differs, and a
mini-population with the figures that it must give. The example runs as a test, so that what a
card promises is true.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from attrs import field

from osallisuus import plugins
from osallisuus.errors import PluginError
from osallisuus.values import frozen

__all__ = ["POPULATIONS", "Card", "Example", "card_named", "counted_by"]

POPULATIONS = (
    "initial",
    "denominator",
    "denominator_exclusion",
    "denominator_exception",
    "numerator",
    "numerator_exclusion",
)
"""The populations of FHIR Measure, in the order in which people pass through them."""


@frozen(kw_only=True)
class Example:
    """A mini-population, how it is asked, and the figures that it gives."""

    facts: Mapping[str, str]
    """Fact table -> its rows as CSV text with a header; persons need not be listed."""
    figures: tuple[Mapping[str, Any], ...]
    """What to expect: ``name``, ``strata`` and ``at`` find a figure, the rest must be so."""
    settings: Mapping[str, Any] = field(factory=dict)
    """How it is asked: ``as_of``, ``by``, ``periods``, ``program``, ``policies``."""
    about: Mapping[str, str] = field(factory=dict)
    """What the example shows, in a sentence."""


@frozen(kw_only=True)
class Card:
    """What a metric says of itself; texts are by language (``fi``, ``sv``, ``en``)."""

    title: Mapping[str, str] = field(factory=dict)
    sentence: Mapping[str, str] = field(factory=dict)
    parts: Mapping[str, Mapping[str, str]] = field(factory=dict)
    """Name of a figure -> its words, where it is no code of a vocabulary."""
    told: Mapping[str, Mapping[str, str]] = field(factory=dict)
    """Name of a figure -> the sentence that explains it, without its full stop.

    It may name ``{k}`` and ``{n}``, or ``{value}``, and for a point of a curve ``{day}``; ``any``
    stands for every part without a sentence of its own, and may name its ``{part}``.
    """
    populations: Mapping[str, Mapping[str, str]] = field(factory=dict)
    """By the names of :data:`POPULATIONS`: who belongs, in one line."""
    naive: Mapping[str, str] = field(factory=dict)
    """Why the familiar ratio of people by hand says something else; empty where it does not."""
    counted: Literal["people", "things"] = "people"
    """What its cases are, for the words on those that are open: ideas and decisions are things."""
    example: Example | None = None


def counted_by(metric: str) -> Literal["people", "things"]:
    """What the cases of *metric* are; of one without a card, people."""
    card = card_named(metric) if metric.isidentifier() else None
    return "people" if card is None else card.counted


@cache
def card_named(name: str) -> Card | None:
    """The card of a metric, of ours or of a plug-in; ``None`` where there is none.

    That of a plug-in is ``cards/<name>.toml`` in the package that its entry point names; nothing of
    the package is imported. Raises :class:`PluginError` where it cannot be read.
    """
    ours = Path(__file__).with_name("cards") / f"{name}.toml"
    if ours.is_file():
        return _read(ours)
    for plugin in plugins.find("metrics").get(name, ()):
        path = _beside(plugin.value, name)
        if path is not None and path.is_file():
            try:
                return _read(path)
            except (OSError, ValueError, TypeError, KeyError):
                pass  # told below, without the text of a stranger's file
            raise PluginError(
                f"the card of the metric {name!r} cannot be read",
                where=plugin.origin,
                remedy=f"compare it with docs/adding.md, or update {plugin.distribution}",
            )
    return None


def _beside(value: str, name: str) -> Path | None:
    """Where a card stands in the package of that entry point."""
    try:
        found = find_spec(value.partition(":")[0].partition(".")[0])
    except (ImportError, ValueError):
        return None  # whoever asks for the metric is told why
    folders = found.submodule_search_locations if found else None
    return Path(next(iter(folders))) / "cards" / f"{name}.toml" if folders else None


def _read(path: Path) -> Card:
    content = tomllib.loads(path.read_text("utf-8"))
    example = content.pop("example", None)
    if example is not None:
        example = Example(**{**example, "figures": tuple(example["figures"])})
    return Card(**content, example=example)
