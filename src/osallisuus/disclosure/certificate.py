"""The certificate of a release: what its audit found, for the reviewer and never for an output."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping
from datetime import date
from typing import Any

from attrs import field

from osallisuus.disclosure.advice import Advice, advise
from osallisuus.disclosure.audit import Audit, insiders
from osallisuus.disclosure.counts import Count
from osallisuus.disclosure.knowledge import LIMIT, Interval
from osallisuus.disclosure.profile import Profile
from osallisuus.disclosure.said import count_text
from osallisuus.errors import DefinitionError, did_you_mean
from osallisuus.metrics.measure import Place
from osallisuus.metrics.metric import Metric
from osallisuus.time import Period
from osallisuus.values import frozen

__all__ = ["Certificate"]


@frozen(kw_only=True, repr=False)
class Certificate:
    """What a reader of a release, and of all earlier ones, can still find out of what is hidden.

    A certificate names what the release does not, such as a value that only two people have. It is
    for those who answer for the release.
    """

    bounds: Mapping[Hashable, Interval] = field(factory=dict)
    """Hidden count -> the lowest and the highest number that remain possible, None for no end."""
    counts: tuple[Count, ...] = field(default=())
    """All that was audited together."""
    hidden: Collection[Hashable] = field(default=())
    """The counts among them that a reader is not told."""
    numbers: Mapping[int, int] = field(factory=dict)
    """How many there are of each atom."""
    asked: tuple[tuple[str, tuple[str, ...]], ...] = field(default=())
    """The metric and the strata of each question that the counts are of."""
    periods: tuple[tuple[Period, ...], ...] = ()
    """The periods by which each of them was asked."""
    metrics: tuple[Metric, ...] = ()
    """The metrics of these questions, whose words say what is counted."""
    profile: Profile | None = None
    gaps: int = 0
    """How many figures of the release are hidden."""
    besides: int = 0
    """How many of them though no count of :meth:`rows` is behind them: they have no value, or one
    that the public form does not give, and "nobody" and "a few" must look alike."""
    audited: bool = True
    """Whether all could be audited."""

    def __repr__(self) -> str:
        """How much it certifies: its content is not for a log."""
        return f"<Certificate of {len(self.bounds)} hidden counts>"

    @property
    def strata(self) -> tuple[str, ...]:
        """The strata by which something was asked."""
        return tuple(dict.fromkeys(name for _, by in self.asked for name in by))

    def rows(self) -> Iterator[tuple[str, str, str, str]]:
        """Per hidden count that a figure shows: metric, place, what is counted, what is possible.

        "0 to 18" where a reader knows no more than that, "any number" where nothing.
        """
        found = {}
        for key, (low, high) in self.bounds.items():
            if isinstance(key, tuple) and len(key) == 3 and isinstance(key[1], Place):
                words_of = self.metrics[key[0]] if self.metrics else None
                counted = count_text(words_of, key[2])
                found[self.asked[key[0]][0], self._where(*key[:2]), counted, _range(low, high)] = ()
        yield from found

    def _where(self, number: int, place: Place) -> str:
        """The values of the strata and the period."""
        by = self.asked[number][1]
        parts = [
            f"{name}: {value if value is not None else '(not stated)'}"
            for name, value in zip(by, place.strata, strict=True)
        ]
        if place.period is not None and self.periods:
            period = self.periods[number][place.period]
            before = period.starts_on == date.min
            parts.append(f"before {period.ends_on}" if before else str(period))
        return ", ".join(parts)

    def advice(self, stratum: str) -> tuple[Advice, ...]:
        """Which two values of a stratum to show as one, so that fewer counts are hidden.

        The best first; none where nothing is hidden or no merge helps. A table that says less of
        more is better than one full of gaps (metric rules D.2, order of preference). Raises
        :class:`DefinitionError` when nothing was asked by the stratum.
        """
        if stratum not in self.strata or self.profile is None:
            raise DefinitionError(
                f"nothing was asked by {stratum}",
                where="advice",
                remedy=did_you_mean(stratum, self.strata),
            )
        return advise(
            self.counts,
            lambda key: _apart(key, [_at(by, stratum) for _, by in self.asked]),
            threshold=self.profile.threshold,
            shown=self.profile.span,
            zeros=self.profile.zeros,
            numbers=self.numbers,
            limit=LIMIT,
        )

    def insiders(self) -> dict[Hashable, Audit]:
        """What those find who know of themselves that they are in a hidden count.

        Nobody is protected from what they know themselves; whether the others in a count of theirs
        are protected enough is for the reviewer to weigh.
        """
        if self.profile is None:
            return {}
        return insiders(
            self.counts,
            self.hidden,
            threshold=self.profile.threshold,
            zeros=self.profile.zeros,
            numbers=self.numbers,
            secrets=self.bounds.keys(),
        )


def _at(by: tuple[str, ...], stratum: str) -> int | None:
    return by.index(stratum) if stratum in by else None


def _apart(key: Hashable, at: list[int | None]) -> tuple[Hashable, Hashable] | None:
    """The value of the stratum that a key is of, and the key without it; None: of none or two."""
    values: set[Hashable] = set()

    def without(part: Any) -> Any:
        if not isinstance(part, tuple) or isinstance(part, Place):
            return part
        found = [without(one) for one in part]
        for i, one in enumerate(found[1:], 1):
            if isinstance(one, Place) and isinstance(found[i - 1], int):
                index = at[found[i - 1]]
                if index is not None and one.strata:
                    values.add(one.strata[index])
                    found[i] = Place((*one.strata[:index], *one.strata[index + 1 :]), one.period)
        return tuple(found)

    rest = without(key)
    return (values.pop(), rest) if len(values) == 1 else None


def _range(low: int, high: int | None) -> str:
    if high is None:
        return f"{low} or more" if low else "any number"
    return f"{low} to {high}"
