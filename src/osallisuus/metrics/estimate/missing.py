"""What a share could be if the unknown were known: bounds and tipping points (E.6)."""

from __future__ import annotations

from osallisuus.errors import EngineError
from osallisuus.metrics.estimate.value import Interval

__all__ = ["bounds_under_missing", "tipping_point"]


def bounds_under_missing(k: int, n: int, missing: int) -> Interval | None:
    """The share with all *missing* counted as no, and with all counted as yes.

    *k* of *n* are known; the bounds are ``k / (n + m)`` and ``(k + m) / (n + m)``. They bound the
    share of the people there are, not what chance could make of it. ``None`` without anybody.
    """
    _check(k, n, missing)
    everybody = n + missing
    if not everybody:
        return None
    return Interval(k / everybody, (k + missing) / everybody)


def tipping_point(k: int, n: int, missing: int, target: float) -> int | None:
    """How many of the *missing* must be a yes for the share of all to reach *target*.

    "The gap closes only if at least 9 of the 14 unknown completed": *target* is the share of
    the other group. 0 where the share is there without any of them, ``None`` where all of them
    are not enough or there is nobody.
    """
    _check(k, n, missing)
    everybody = n + missing
    for yes in range(missing + 1):
        if everybody and (k + yes) / everybody >= target:
            return yes
    return None


def _check(k: int, n: int, missing: int) -> None:
    if not 0 <= k <= n or missing < 0:
        raise EngineError(
            "a share needs 0 <= k <= n, and as many or more missing than none",
            where="tabulation",
            remedy="count the numerator among the known cases of the denominator",
        )
