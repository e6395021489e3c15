"""Metric cards: what a metric says, of whom, and a small example with its figures.

Each card is one TOML file in ``cards/``. It holds everything about a metric but its SQL: title and
plain sentence in Finnish, Swedish and English, the words of its parts, its populations as in FHIR
Measure, the familiar ratio that people would compute by hand and why ours differs, and a
mini-population with the figures that it must give. The example runs as a test, so that what a
card promises is true.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from attrs import field

from osallisuus.values import frozen

__all__ = ["POPULATIONS", "Card", "Example", "card_named"]

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
    example: Example | None = None


@cache
def card_named(name: str) -> Card | None:
    """The card of one of our metrics; ``None`` where there is none."""
    path = Path(__file__).with_name("cards") / f"{name}.toml"
    if not path.is_file():
        return None
    content = tomllib.loads(path.read_text("utf-8"))
    example = content.pop("example", None)
    if example is not None:
        example = Example(**{**example, "figures": tuple(example["figures"])})
    return Card(**content, example=example)
