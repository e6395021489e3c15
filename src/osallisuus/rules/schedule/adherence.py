"""Were the promised meetings held? Per full block of time, with partial ones marked (Q10, M10)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from osallisuus.model.cadence import Cadence
from osallisuus.rules.schedule.promise import Promise, Verdict, promise_of
from osallisuus.time import Period
from osallisuus.values import frozen

__all__ = ["Adherence", "Block", "adherence"]


@frozen
class Block:
    """One week or other unit of the promise, as far as it lies in the time that is looked at."""

    days: Period
    held: int
    low: Fraction
    high: Fraction
    """How many were promised: in a partial block in proportion to its days."""
    verdict: Verdict | None
    """``None`` in a partial block, which is marked and not judged."""

    @property
    def partial(self) -> bool:
        """Whether only a part of the block lies in the time that is looked at."""
        return self.verdict is None


@frozen
class Adherence:
    """The blocks in order. ``blocks`` is empty where the cadence promises nothing."""

    blocks: tuple[Block, ...]

    @property
    def full(self) -> tuple[Block, ...]:
        """The blocks that are judged."""
        return tuple(block for block in self.blocks if not block.partial)

    @property
    def inside(self) -> int:
        """How many full blocks had as many meetings as promised."""
        return sum(block.verdict == "inside" for block in self.blocks)

    @property
    def share(self) -> Fraction | None:
        """The share of full blocks inside; ``None`` where there is none (as needed, too early)."""
        return Fraction(self.inside, len(self.full)) if self.full else None


def adherence(cadence: Cadence, held: Iterable[date], within: Period) -> Adherence:
    """Meetings *held* on these days against *cadence*, block by block from the first day on."""
    promise = promise_of(cadence)
    if promise is None:
        return Adherence(())
    days = sorted(held)
    blocks = []
    for whole in promise.blocks(within.starts_on):
        if whole.starts_on >= within.ends_on:
            break
        part = Period(whole.starts_on, min(whole.ends_on, within.ends_on))
        blocks.append(_block(promise, whole, part, days))
    return Adherence(tuple(blocks))


def _block(promise: Promise, whole: Period, part: Period, days: list[date]) -> Block:
    held = bisect_left(days, part.ends_on) - bisect_left(days, part.starts_on)
    share = Fraction(part.days, whole.days)
    verdict = promise.verdict(held) if part == whole else None
    return Block(part, held, promise.low * share, promise.high * share, verdict)
