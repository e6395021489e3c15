"""What is counted by a count of a release, in words: for the reviewer, in English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from osallisuus.disclosure.tallies import REST
from osallisuus.metrics.metric import Label, Metric
from osallisuus.metrics.written import label_of
from osallisuus.words import Words

__all__ = ["count_text"]

_TEXTS: Final[Mapping[tuple[str, int], str]] = {
    ("exit", 1): "{}",
    ("exit", 2): "{}",
    ("label", 1): "{}",
    ("path", 1): "{}",
    ("stage", 1): "{}",
    ("left", 2): "{}, up to day {}",
    ("followed", 1): "still followed after day {}",
    ("waiting", 1): "{}: on the way to the next step",
    ("lost", 1): "{}: ended before the next step",
    ("between", 2): "{}, but not {}",
    ("otherwise", 1): "ended otherwise than: {}",
    ("within", 1): "within {} days",
    ("in", 3): "{} {}, on day {}",
    ("window", 3): "{}, after day {} up to day {}",
    ("window", 2): "last seen after day {} up to day {}",
    ("moved", 5): "{} {} to {}, after day {} up to day {}",
    ("moved", 6): "{} {} to {} {}, after day {} up to day {}",
    ("entered", 0): "all",
    ("known", 0): "all of whom it is known",
    ("yes", 0): "those of whom it is true",
    ("persons", 0): "people",
    ("open", 0): "not known yet",
    ("unknown", 0): "not known",
}
"""By the first word of a label and the number of the others: how it reads; else as it is."""
_STEPS: Final = ("stage", "waiting", "lost", "between")
"""Labels that say the steps of a funnel by their numbers."""


def count_text(metric: Metric | None, label: Label) -> str:
    """Such as "Started: on the way to the next step", or "Completed, the rest" of a complement.

    In the words of the metric where it has some; without a *metric* its codes are made readable.
    """
    rest = label[-1] == REST
    head, *parts = label[:-1] if rest else label
    if head == "between" and isinstance(parts[0], str):
        head, *parts = parts  # what is only watched reads like what is shown
    names = [_name(metric, head, part) for part in parts if part not in (None, "")]
    text = _TEXTS.get((head, len(names)))
    said = _plain(head, names) if text is None else text.format(*names)
    return f"{said}, the rest" if rest else said


def _plain(head: str, names: Sequence[str]) -> str:
    return " ".join((head.replace("_", " "), *names))


def _name(metric: Metric | None, head: str, part: Any) -> str:
    """A part of a label: a step of a funnel by its name, a code in words, a number as it is."""
    stages = getattr(metric, "stages", ())
    if metric is not None and metric.kind == "funnel" and head in _STEPS:
        part = stages[part]
    if not isinstance(part, str):
        return f"{max(part, 0):g}"  # a curve begins before its first day
    words = Words("en")
    key = "" if metric is None else f"metric.{metric.name}.part.{part}"
    return words(key) if key in words else label_of(part, words)
