"""Dominance: sums and means that show what one or two persons contributed to them."""

from __future__ import annotations

__all__ = ["dominated"]


def dominated(
    total: float, largest: float, second: float, contributors: int, threshold: int
) -> bool:
    """Whether a sum or mean would give away what one or two persons contributed to it.

    It does with fewer *contributors* than *threshold*, and when the two largest contributions make
    up more than 90 % of the *total* (metric rules D.1, 3; the (2, 90 %) dominance rule). Else all
    others together make up 10 % of the total or more, and so of the *largest*: the second largest
    contributor cannot work it out (the p % rule, which holds then for p = 10). All contributions
    must be 0 or more; numbers that cannot be the two largest of such a sum are treated as
    dominated.
    """
    if not (contributors >= threshold and 0 <= second <= largest <= total):
        return True
    return 10 * (largest + second) > 9 * total
