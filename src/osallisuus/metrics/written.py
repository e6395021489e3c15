"""Figures as text: their value, their interval, and what they are called, in one language.

All outputs write figures by these functions, so that a number reads alike in a table, in an
explanation and on the command line. A difference and a change carry their sign, a difference of
two shares is in percentage points, and every value says its unit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from osallisuus.metrics.plain import Measure, PlainFigure, Provenance
from osallisuus.model.instruments import REGISTRY
from osallisuus.model.vocabulary import vocabulary
from osallisuus.words import Words
from osallisuus.words.card import counted_by

__all__ = [
    "NO_LABELS",
    "decimals",
    "interval_text",
    "key_for",
    "label_of",
    "metric_sentence",
    "metric_title",
    "note_text",
    "part_label",
    "place_text",
    "policy_text",
    "policy_texts",
    "stratum_name",
    "value_text",
]

NO_LABELS: Final[Mapping[str, str]] = MappingProxyType({})
"""No words of a programme's own."""

_DIGITS: Final[Mapping[Measure, int]] = {"mean": 1, "change": 1, "rate": 1, "hours": 1}
_SIGNED: Final = ("difference", "change")
_VOCABULARIES: Final = ("role", "theme", "setting")
_WAVES: Final = ("before", "during", "after")
_NUMBER: Final = re.compile(r"-?\d+\.\d+", re.ASCII).fullmatch


def value_text(figure: PlainFigure, words: Words) -> str | None:
    """The value with its unit, such as "68%" or "12.5 hours".

    A figure that is a range has no value but both ends, which are written then; ``None`` where
    there is neither.
    """
    if figure.value is None:
        whole = figure.low is not None and figure.high is not None
        interval = interval_text(figure, words) if whole else None
        return None if interval is None else words(f"unit.{figure.measure}", n=2, number=interval)
    if figure.measure == "proportion":
        return words.locale.percent(figure.value)
    text = _with_unit(figure, figure.value, words)
    # of a curve that shows only some days, the next one that may be shown
    return words("unit.at_most", number=text) if "at_the_latest" in figure.notes else text


def interval_text(figure: PlainFigure, words: Words) -> str | None:
    """The interval without its unit, which the value says; "at least 90" where one end is open.

    ``None`` where neither end is known.
    """
    low, high, locale = figure.low, figure.high, words.locale
    if low is None or high is None:
        end = high if low is None else low
        key = "unit.at_most" if low is None else "unit.at_least"
        return None if end is None else words(key, number=_number(figure, end, words))
    if figure.measure == "proportion":
        return locale.percent_interval(low, high)
    scale, digits = _scale(figure), decimals(figure)
    write = locale.signed_interval if figure.measure in _SIGNED else locale.interval
    return write(low * scale, high * scale, digits)


def metric_title(metric: str, words: Words) -> str:
    """What a metric is called; a stranger's without a card by its name made readable."""
    key = f"metric.{metric}.title"
    return words(key) if key in words else metric.replace("_", " ").capitalize()


def metric_sentence(metric: str, words: Words) -> str:
    """What a metric tells, in a sentence; a stranger's without a card is called by its name."""
    key = f"metric.{metric}.sentence"
    return words(key) if key in words else metric_title(metric, words)


def label_of(code: str, words: Words, own: Mapping[str, str] = NO_LABELS) -> str:
    """The words of a code: *own* ones of a programme first, then ours, then the code readable."""
    if code in own:
        return own[code]
    if f"part.{code}" in words:
        return words(f"part.{code}")
    if f"metric.{code}.title" in words:
        return words(f"metric.{code}.title")
    for name in _VOCABULARIES:
        term = vocabulary(name).term(code)
        if term is not None:
            return {"fi": term.fi, "sv": term.sv, "en": term.en}[words.code]
    return words.label("part", code)


def part_label(figure: PlainFigure, words: Words, own: Mapping[str, str] = NO_LABELS) -> str:
    """What a figure is called within its metric: as the metric's card says, else by its code."""
    key = f"metric.{figure.provenance.metric}.part.{figure.name}"
    return words(key) if key in words else label_of(figure.name, words, own)


def stratum_name(stratum: str, words: Words) -> str:
    """What a stratum such as ``group.place`` is called."""
    key = f"by.{stratum.replace('.', '_')}"
    return words(key) if key in words else stratum.rpartition(".")[2].replace("_", " ")


def place_text(figure: PlainFigure, words: Words, own: Mapping[str, str] = NO_LABELS) -> str:
    """Of whom and when a figure is, such as "place: Helsinki; time: 2024"; empty for all."""
    parts = [
        (
            stratum_name(name, words),
            words("cell.not_stated") if value is None else label_of(value, words, own),
        )
        for name, value in figure.strata.items()
    ]
    if figure.period is not None:
        parts.append((words("column.period").lower(), words.locale.period(figure.period)))
    return "; ".join(words("policy.line", name=name, value=value) for name, value in parts)


def note_text(figure: PlainFigure, code: str, words: Words) -> str:
    """What a note of the figure says; one that nobody has worded, readable."""
    # a share that is shown as all cannot rise
    said = f"{code}_at_all" if code == "few_open" and figure.value == 1 else code
    key = key_for("note", said, figure.provenance.metric, words)
    if key not in words:
        return words.label("note", code)
    return words(key, date=words.locale.day(figure.provenance.as_of))


def key_for(group: str, code: str, metric: str, words: Words) -> str:
    """The key of a text, which is another one where *metric* counts things instead of people."""
    key = f"{group}.of_{counted_by(metric)}.{code}"
    return key if key in words else f"{group}.{code}"


def policy_texts(source: Provenance, words: Words) -> tuple[str, ...]:
    """The choices behind a figure, each as a sentence: by name, the waves in their order."""
    chosen = sorted(source.policies.items(), key=lambda pair: _in_order(pair[0]))
    return tuple(policy_text(name, value, words) for name, value in chosen)


def _in_order(policy: str) -> tuple[str, int]:
    return (_WAVES[0], _WAVES.index(policy)) if policy in _WAVES else (policy, 0)


def policy_text(name: str, value: str, words: Words) -> str:
    """One choice as a sentence; one that nobody has worded, readable."""
    key = f"policy.{name}.{value}"
    if key in words:
        return words(key)
    title = words(f"policy.{name}.title") if f"policy.{name}.title" in words else name
    line = words("policy.line", name=title, value=_chosen(name, value, words)).replace("_", " ")
    return f"{line[:1].upper()}{line[1:]}."


def _chosen(name: str, value: str, words: Words) -> str:
    """What is chosen: an instrument by its title, a number as the language writes it."""
    if name == "instrument" and value in REGISTRY:
        return REGISTRY[value].title.label(words.code)
    if name in _WAVES:
        return words.label("wave", value)
    if _NUMBER(value):
        return value.replace(".", words.locale.decimal)
    return value


def _number(figure: PlainFigure, value: float, words: Words) -> str:
    if figure.measure == "proportion":
        return words.locale.percent(value)
    write = words.locale.signed if figure.measure in _SIGNED else words.locale.number
    return write(value * _scale(figure), decimals(figure))


def _with_unit(figure: PlainFigure, value: float, words: Words) -> str:
    number = _number(figure, value, words)
    singular = number.lstrip("+\N{MINUS SIGN}") == "1"
    return words(f"unit.{figure.measure}", n=1 if singular else 2, number=number)


def _scale(figure: PlainFigure) -> int:
    return 100 if figure.measure == "difference" else 1


def decimals(figure: PlainFigure) -> int:
    """With how many decimals the value of a figure that is no share is written."""
    if figure.measure == "money":  # cents matter in small sums only
        return 2 if abs(figure.value or 0) < 100 else 0
    if type(figure.value) is int:
        return 0
    return _DIGITS.get(figure.measure, 0)
