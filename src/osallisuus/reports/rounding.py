"""How far the rounding of a public report goes, said before its first figure."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from osallisuus.metrics.figure import Figure
from osallisuus.words import Words

__all__ = ["rounding_text", "share_error"]

_TINY = 1e-9


def rounding_text(figures: Iterable[Figure], base: int, words: Words) -> str:
    """What rounding to multiples of *base* does to the shown *figures* of a report, in words.

    It names the share that can be off the most, as a rule that of the smallest whole. That is
    worked out from what is shown, and so says nothing new.
    """
    shares = [figure for figure in figures if _is_plain_share(figure)]
    worst = max(shares, key=lambda one: share_error(one, base), default=None)
    text = words("document.rounded", base=base)
    if worst is None:
        return f"{text}."
    off = ceil(100 * share_error(worst, base) - _TINY)
    return f"{text}{words('document.rounded_share', whole=worst.n, n=off)}"


def share_error(figure: Figure, base: int) -> float:
    """By how much the share can differ from that of the counts before they were rounded, at most.

    A count that is shown as k was from k - h to k + h, h being half of *base* rounded down. So a
    share p of n is off by no more than h (1 + p) / (n - h).
    """
    half = base // 2
    k, n = figure.k or 0, figure.n or 0
    true = [
        part / whole
        for whole in range(max(n - half, 1), n + half + 1)
        for part in range(max(k - half, 0), min(k + half, whole) + 1)
    ]
    return max((abs(float(figure) - share) for share in true), default=0.0)


def _is_plain_share(figure: Figure) -> bool:
    """Whether it is k / n: one that reckons with those still on the way is more than that."""
    shown = figure.status == "shown" and figure.measure == "proportion" and figure.at is None
    return shown and bool(figure.n) and figure.k is not None and not figure.censored
