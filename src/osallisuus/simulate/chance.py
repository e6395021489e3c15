"""Chance, drawn by ``random()`` alone, and ids that say nothing of their bearers.

Python promises the same sequence of ``Random.random()`` for the same seed in every version; it
does not promise that of its other methods. So all draws are made of that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256
from math import exp, log
from random import Random
from typing import Final, TypeVar

from osallisuus.simulate.habits import Weights

__all__ = ["Chance"]

_T = TypeVar("_T")

_LONGEST: Final = 150 * 365
_BITS: Final = 60
_ALL: Final = (1 << _BITS) - 1


class Chance:
    """Draws from *random*, which the caller has seeded, and new ids.

    ``stamp`` keeps the ids of two programmes apart, so that both fit in one store.
    """

    def __init__(self, random: Random, stamp: str) -> None:
        self._draw = random.random
        seen = sha256(f"{stamp} {self._draw()!r}".encode()).digest()
        self._counter = int.from_bytes(seen[:8], "big") & _ALL

    def id(self, prefix: str) -> str:
        """An id that was never given before, and does not tell who came first.

        It is a counter, mixed by steps that can be undone: so none comes twice, and none has to
        be remembered.
        """
        self._counter = mixed = (self._counter + 1) & _ALL
        for _ in range(2):
            mixed = (mixed ^ (mixed >> 31)) * 0x7FB5D329728EA185 & _ALL
        mixed ^= mixed >> 29
        return f"{prefix}-{mixed:015x}"

    def happens(self, share: float) -> bool:
        """True in that share of the calls; never with 0 and always with 1."""
        return self._draw() < share

    def whole(self, least: int, most: int) -> int:
        """A whole number from *least* to *most*, each as likely."""
        return least + int(self._draw() * (most - least + 1))

    def later(self, day: date, least: int, most: int) -> date:
        """A day from *least* to *most* days after *day*."""
        return day + timedelta(self.whole(least, most))

    def one_of(self, values: Sequence[_T]) -> _T:
        """One of the values, each as likely."""
        return values[int(self._draw() * len(values))]

    def some_of(self, values: Sequence[_T], count: int) -> list[_T]:
        """*count* of the values, or all, in their order."""
        found: list[_T] = []
        for place, value in enumerate(values):
            # so many are still wanted of so many that are left
            if self._draw() * (len(values) - place) < count - len(found):
                found.append(value)
        return found

    def pick(self, weights: Weights) -> str:
        """One of the codes, as often as its weight says."""
        left = self._draw() * sum(weight for _, weight in weights)
        for code, weight in weights:
            left -= weight
            if left < 0:
                return code
        return max(weights, key=lambda one: one[1])[0]

    def around(self, mean: float, spread: float) -> float:
        """A share of somebody's own, with exactly that mean, as likely everywhere around it."""
        room = min(spread, mean, 1 - mean)
        return mean + (2 * self._draw() - 1) * room

    def wait(self, mean: float) -> int:
        """Whole days until something that is as likely on every day, *mean* days on average.

        No more than 150 years, so that no calendar is left.
        """
        return min(_LONGEST, int(-log(1 - self._draw()) * mean))

    def leaving(self, completes: float) -> float | None:
        """When somebody leaves at a constant hazard, as a share of the whole time.

        ``None``: not before the end, which has the probability *completes*.
        """
        drawn = self._draw()
        if drawn < completes:
            return None
        return log(drawn) / log(completes) if completes > 0 else drawn

    def count(self, mean: float) -> int:
        """How often something happens that happens *mean* times on average (Poisson)."""
        least, product, number = exp(-mean), self._draw(), 0
        while product > least:
            product *= self._draw()
            number += 1
        return number
