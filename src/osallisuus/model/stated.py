"""What a source states, how firmly, and since when: the small words of every definition.

Three things must never be mixed up (question Q27 of the domain analysis)::

    None     the source does not say
    NONE     the source says that there is none ("none" in TOML)
    0, ()    a number; an empty list is never written, since nobody could tell what it means

``NONE`` stands where a list or a part of a definition could stand, so ``Listed[Role]`` is some
roles, stated absence, or silence. :func:`each` gives the items in all three cases.
"""

from __future__ import annotations

import re
from datetime import date
from enum import Enum
from re import fullmatch
from typing import Annotated, Final, Literal, TypeAlias, TypeVar

from attrs import field

from osallisuus.errors import DefinitionError
from osallisuus.time import PartialDate, Period
from osallisuus.values import frozen
from osallisuus.words.locale import Language

__all__ = [
    "LOCALES",
    "NONE",
    "Absent",
    "Code",
    "Listed",
    "Locale",
    "Modality",
    "Range",
    "Span",
    "Statement",
    "Text",
    "each",
    "holds_on",
    "is_code",
]

_T = TypeVar("_T")

Code: TypeAlias = Annotated[str, "code"]
"""A word of a vocabulary: small letters, digits, ``_`` and ``.``, at most 64 of them."""

Locale: TypeAlias = Language
LOCALES: Final[tuple[Locale, ...]] = ("fi", "sv", "en")

Modality: TypeAlias = Literal["is", "was", "planned", "goal"]
"""How firmly something is stated: a fact, a former fact, a plan or a wish (K17, K27, W25, W28)."""


class Absent(Enum):
    """The type of :data:`NONE`."""

    NONE = "none"

    def __repr__(self) -> str:
        return "NONE"

    def __bool__(self) -> bool:
        return False


NONE: Final = Absent.NONE
"""The source states that there is none, such as no fee (W30). Not the same as ``None``."""

Listed: TypeAlias = tuple[_T, ...] | Absent | None


def is_code(text: str) -> bool:
    """Whether *text* is well formed as a code."""
    return fullmatch(r"[a-z0-9][a-z0-9_.]{0,63}", text) is not None


def each(listed: tuple[_T, ...] | Absent | None) -> tuple[_T, ...]:
    """The items of a list that may be stated as absent, or not stated at all."""
    return listed if isinstance(listed, tuple) else ()


# control characters, and those that turn the direction of what follows
_NEVER_SHOWN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]").search


def _can_be_read(words: object) -> bool:
    if not isinstance(words, str) or _NEVER_SHOWN(words):
        return False
    return any(sign.isprintable() and not sign.isspace() for sign in words)


@frozen
class Text:
    """The same words in up to three languages; at least one is there.

    >>> Text(fi="vertainen", en="peer").label("sv")
    'peer'
    """

    fi: str | None = None
    sv: str | None = None
    en: str | None = None

    def __attrs_post_init__(self) -> None:
        if not any((self.fi, self.sv, self.en)):
            raise DefinitionError("a text without words", remedy="give it in fi, sv or en")
        for locale in LOCALES:
            words = getattr(self, locale)
            if words is not None and not _can_be_read(words):
                raise DefinitionError(
                    "a text of signs that nobody sees, or that turn others round",
                    where=locale,
                    remedy="write it anew, without them",
                )

    def label(self, locale: Locale) -> str:
        """The words in that language, else in English, Finnish or Swedish, whichever there is."""
        return getattr(self, locale) or self.en or self.fi or self.sv or ""

    def __str__(self) -> str:
        return self.label("en")


@frozen
class Span:
    """From one partial date to another, both included; ``None`` = open or not stated.

    >>> pilot = Span(PartialDate.parse("2013-12"), PartialDate.parse("2014-12"))
    >>> pilot.months_touched, pilot.months_elapsed
    (13, 12)
    """

    first: PartialDate | None = None
    last: PartialDate | None = None

    def __attrs_post_init__(self) -> None:
        if self.first is None and self.last is None:
            raise DefinitionError("a span without a date", remedy="give first, last or both")
        if self.first and self.last and self.last.period.ends_on <= self.first.period.starts_on:
            raise DefinitionError("a span ends before it starts", remedy="swap first and last")

    def __contains__(self, day: date) -> bool:
        begun = self.first is None or self.first.period.starts_on <= day
        return begun and (self.last is None or day < self.last.period.ends_on)

    @property
    def widest(self) -> Period | None:
        """All days that the span may hold, or ``None`` when it is open."""
        if self.first is None or self.last is None:
            return None
        return Period(self.first.period.starts_on, self.last.period.ends_on)

    @property
    def months_touched(self) -> int | None:
        """How many calendar months the span touches: 13 for 12/2013–12/2014 (vector T13)."""
        if self.widest is None:
            return None
        first, after = self.widest.starts_on, self.widest.ends_on
        months = (after.year - first.year) * 12 + after.month - first.month
        return months + (after.day > 1)

    @property
    def months_elapsed(self) -> int | None:
        """Months from the first to the last one: 12 for 12/2013–12/2014 (vector T13)."""
        return None if self.months_touched is None else self.months_touched - 1


def holds_on(day: date, modality: Modality, during: Span | None) -> bool:
    """Whether something stated so is in force on *day*.

    Something that ``was`` and whose end the source does not date is in force on no day.
    """
    if during is not None and day not in during:
        return False
    return modality == "is" or (modality == "was" and during is not None and bool(during.last))


def _at_least_low(instance: Range, _: object, high: int | None) -> None:
    if instance.low is None and high is None:
        raise DefinitionError("a range without an end", remedy="give low, high or both")
    if instance.low is not None and high is not None and high < instance.low:
        raise DefinitionError("a range runs backwards", where="high", remedy="swap low and high")


@frozen
class Range:
    """A number known only to lie between two others, with its unit: 1–3 clients, over 100 persons.

    The unit is a part of the value, since 50 clients and 50 persons are different limits (Y19).
    ``above`` says that ``low`` itself is not included (vector T12: ">100" is a lower bound).
    """

    unit: Code
    low: int | None = None
    high: int | None = field(default=None, validator=_at_least_low)
    above: bool = False

    def holds(self, number: int) -> bool:
        """Whether *number*, in the range's own unit, lies in the range."""
        if self.low is not None and (number < self.low or (self.above and number == self.low)):
            return False
        return self.high is None or number <= self.high

    def __str__(self) -> str:
        if self.high is None:
            return f"{'over' if self.above else 'at least'} {self.low} {self.unit}"
        if self.low is None:
            return f"at most {self.high} {self.unit}"
        numbers = f"{self.low}" if self.low == self.high else f"{self.low}–{self.high}"
        return f"{numbers} {self.unit}"


@frozen(kw_only=True)
class Statement:
    """Something that the source says in words: what, how firmly, and when it holds."""

    code: Code
    text: Text
    modality: Modality = "is"
    during: Span | None = None
