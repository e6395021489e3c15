"""How a spreadsheet shows a number: as the report writes it, while the cell keeps the number.

A share of 0.683 stays 0.683 and is shown as "68 %", a difference of two shares as "+12 %-yksikköä".
The formats are put together from the same words as the texts of the other outputs.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from osallisuus.metrics.figure import Figure
from osallisuus.metrics.plain import Measure
from osallisuus.metrics.written import decimals
from osallisuus.words import Words
from osallisuus.words.locale import LOCALES, Language, Locale

__all__ = ["BESIDE", "COUNT", "DAYS", "number_format", "percent_format"]

COUNT: Final = "#,##0"
DAYS: Final = {"fi": "d.m.yyyy", "sv": "[$-41D]d mmmm yyyy", "en": "[$-809]d mmmm yyyy"}
"""Per language the format of a day."""
_SIGNED: Final = ("difference", "change")
_PLACE: Final = "\0"
BESIDE: Final = 0.005
"""A share nearer to nobody or to all than this is written so, see ``Locale.percent``."""


def number_format(figure: Figure, value: float, words: Words, *, whole: bool) -> str:
    """The format of *value*, which is the figure's own, or one end of its interval.

    *whole* is whether it is the figure's value, and so says its unit.
    """
    if figure.measure == "proportion":
        return percent_format(value, words.locale)
    digits = decimals(figure)
    if not whole:
        return _bare(figure.measure, digits, words.code)
    single = not digits and 0.5 <= abs(value) < 1.5
    latest = "at_the_latest" in figure.notes
    return _with_unit(figure.measure, digits, words.code, single=single, latest=latest)


@cache
def _bare(measure: Measure, digits: int, code: Language) -> str:
    body = _body(measure, digits, code)
    return _signed(body, "", "") if measure in _SIGNED else body


@cache
def _with_unit(measure: Measure, digits: int, code: Language, *, single: bool, latest: bool) -> str:
    words, body = Words(code), _body(measure, digits, code)
    key = "xlsx.points" if measure == "difference" else f"unit.{measure}"
    text = words(key, n=1 if single else 2, number=_PLACE)
    if latest:
        text = words("unit.at_most", number=text)
    before, _, after = text.partition(_PLACE)
    if measure in _SIGNED:
        return _signed(body, before, after)
    return f"{_literal(before)}{body}{_literal(after)}"


def _body(measure: Measure, digits: int, code: Language) -> str:
    if measure == "difference":
        return _percent(code)
    return f"{COUNT}.{'0' * digits}" if digits else COUNT


def percent_format(share: float, locale: Locale) -> str:
    """The format of a share; of one that is almost nobody or everybody, the words for that."""
    if 0 < share < BESIDE or 1 - BESIDE < share < 1:
        return _literal(locale.percent(share))
    return _percent(locale.code)


@cache
def _percent(code: Language) -> str:
    return f"0{_percent_sign(LOCALES[code])}"


def _percent_sign(locale: Locale) -> str:
    """A percent sign that a spreadsheet multiplies by, with the space of the language."""
    return f"{_literal(locale.percent_sign.removesuffix('%'))}%"


def _signed(body: str, before: str, after: str) -> str:
    """One form each above, below and at 0."""
    before, after = _literal(before), _literal(after)
    forms = (f"+{body}", f'"\N{MINUS SIGN}"{body}', body)
    return ";".join(f"{before}{form}{after}" for form in forms)


def _literal(text: str) -> str:
    """*text* as it is, within a number format."""
    return '"{}"'.format(text.replace('"', "\u201d")) if text else ""
