"""What can be checked of a cadence: from so many to so many meetings in each block of time.

The metric of the cadence that was held and the adherence of one plan judge by this one rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal, TypeAlias

from osallisuus.model.cadence import AsNeeded, Cadence, Every, Exactly, Rate, Unit, step
from osallisuus.time import Period
from osallisuus.values import frozen

__all__ = ["Promise", "Verdict", "promise_of"]

Verdict: TypeAlias = Literal["below", "inside", "above"]


@frozen
class Promise:
    """From ``low`` to ``high`` meetings in each block of ``size`` units."""

    low: int
    high: int
    size: int
    unit: Unit
    most: int | None = None
    """In how many blocks, where the promise ends by itself."""

    def blocks(self, origin: date) -> Iterator[Period]:
        """The blocks from *origin* on, one after the other.

        Months and years are counted from *origin* by calendar and clamped to shorter months, each
        from the first day anew, so that a 31st comes back after February.
        """
        number, begin = 0, origin
        while self.most is None or number < self.most:
            number += 1
            end = step(origin, number * self.size, self.unit)
            yield Period(begin, end)
            begin = end

    def verdict(self, held: int) -> Verdict:
        """Whether that many meetings in a whole block are what was promised."""
        if held < self.low:
            return "below"
        return "inside" if held <= self.high else "above"


def promise_of(cadence: Cadence) -> Promise | None:
    """What can be checked of a cadence; ``None`` for "as needed", which cannot be missed.

    "Every one to two weeks" promises one or two meetings in each two weeks; "every two to three"
    one or two in each three, since the second may come after two.
    """
    match cadence:
        case Exactly():
            return Promise(1, 1, 1, cadence.every, cadence.count)
        case Rate():
            return Promise(cadence.min, cadence.max, 1, cadence.per)
        case Every():
            return Promise(1, -(-cadence.max // cadence.min), cadence.max, cadence.unit)
        case AsNeeded():  # pragma: no branch - the types know no other
            return None
