"""What an instrument asks and adds up: items, scales, bands of a scale, and how precise it is.

These are the structure and the scoring of an instrument. The wording of most instruments belongs
to their authors and is not here; where an item has words, they are a short paraphrase of our own
that says which question is meant.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, TypeAlias

from attrs import field
from attrs.converters import optional

from osallisuus.errors import DefinitionError
from osallisuus.model.stated import Code, Text
from osallisuus.values import frozen

__all__ = ["Band", "Better", "Item", "Norms", "Option", "Scale", "Skip"]

Better: TypeAlias = Literal["higher", "lower"]
"""Which way a reading has to move to be for the better."""


@frozen(kw_only=True)
class Option:
    """One answer that an item offers, and its points."""

    points: int
    text: Text | None = None


@frozen(kw_only=True)
class Item:
    """One question or statement, and the answers that it offers."""

    code: Code
    options: tuple[Option, ...]
    text: Text | None = None
    """Our own paraphrase; ``None`` where the wording is not ours to give."""

    @property
    def points(self) -> tuple[int, ...]:
        """The points that an answer can have, in the order of the form."""
        return tuple(option.points for option in self.options)


@frozen(kw_only=True)
class Skip:
    """A jump that the form itself prescribes: certain answers leave some items unasked.

    Where all items in ``when`` have 0 points, each of ``items`` that has no answer counts as 0
    points and as answered. This is no rule for missing answers: these were never asked.
    """

    when: tuple[Code, ...]
    items: tuple[Code, ...]


@frozen(kw_only=True)
class Band:
    """A part of a scale that its source names, such as a zone or a stage: from ``low`` on."""

    code: Code
    low: int
    high: int
    text: Text | None = None


@frozen(kw_only=True)
class Scale:
    """What is added up over which items, and how the sum is read.

    ``lowest`` and ``highest`` bound the sum of the items' points. With ``stretched_to`` the sum
    is moved to begin at 0 and stretched to that length. ``licensed``: our sources do not say that
    it may be computed at all, so a user must show their own licence for it.
    """

    code: Code
    items: tuple[Code, ...]
    lowest: int
    highest: int
    better: Better | None = None
    """``None``: the authors do not want the scale read in one direction."""
    stretched_to: int | None = None
    licensed: bool = False
    bands: tuple[Band, ...] = ()
    bands_source: str = ""

    @property
    def range(self) -> tuple[int, int]:
        """The lowest and the highest value that there is, in the unit of the value."""
        if self.stretched_to is None:
            return self.lowest, self.highest
        return 0, self.stretched_to

    def value(self, total: Fraction | int, answered: int) -> Fraction:
        """The exact value from the points of the *answered* items, which is at least one.

        The items without an answer count as the mean of the others: 100 Σ(x - 1) / 40 of ten
        answers 1 to 5, for example, is lowest 10, highest 50, stretched to 100.
        """
        full = Fraction(total) * len(self.items) / answered
        if self.stretched_to is None:
            return full
        return (full - self.lowest) * self.stretched_to / (self.highest - self.lowest)

    def band(self, value: float | Fraction) -> Band | None:
        """The band that a value is in: the last one that begins at or below it."""
        reached = [band for band in self.bands if band.low <= value]
        return reached[-1] if reached else None


def _some_source(instance: Norms, _: object, value: str) -> None:
    if not value.strip():
        raise DefinitionError(
            "norms without a source",
            where="source",
            remedy="cite the publication that the numbers are from",
        )


@frozen(kw_only=True)
class Norms:
    """How precisely an instrument reads one person, as somebody has published it.

    ``sd`` is the standard deviation of readings in the unit of the scale, ``reliability`` its
    test-retest reliability in [0, 1). With ``cut_off`` those who improve and come over it are
    counted. None of them has a default: the numbers of another instrument or population make
    another result, so the ``source`` is a part of the value, and so is whom it studied.

    Raises :class:`DefinitionError` for numbers that cannot be.
    """

    sd: float = field(converter=float)
    reliability: float = field(converter=float)
    source: str = field(validator=_some_source)
    population: str = ""
    """Whom the publication studied, in words; empty: not stated."""
    cut_off: float | None = field(default=None, converter=optional(float))

    def __attrs_post_init__(self) -> None:
        if not (self.sd > 0 and 0 <= self.reliability < 1):
            raise DefinitionError(
                "reliable change needs a standard deviation above 0 and a reliability below 1",
                where="norms",
                remedy="take both from a published study of the instrument and cite it",
            )
