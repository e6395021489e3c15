"""Dominance: sums and means that show what one or two persons contributed to them."""

from __future__ import annotations

__all__ = ["dominated"]


def dominated(
    total: float, largest: float, second: float, contributors: int, threshold: int
) -> bool:
    """Whether a sum or mean would give away what one or two persons contributed to it.

    It does with fewer *contributors* than *threshold*, when the two largest contributions make up
    more than 90 % of the *total*, or when all others together make up less than 10 % of the
    *largest*, so that the second largest contributor can work it out (metric rules D.1, 3; the
    p % rule and the (2, 90 %) dominance rule). All contributions must be 0 or more; numbers that
    cannot be the two largest of such a sum are treated as dominated.
    """
    if not (contributors >= threshold and 0 <= second <= largest and largest + second <= total):
        return True
    others = total - largest - second
    return 10 * (largest + second) > 9 * total or 10 * others < largest
