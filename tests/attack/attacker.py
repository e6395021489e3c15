"""An attacker who shares no code with the audit: HiGHS, by way of scipy.

Given the counts that a release is made of and what it shows, :func:`attack` names every count that
a reader can work out, or nearly. It takes anything with ``key``, ``members`` and ``value``.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

Shown = int | tuple[int, int | None]
"""What a reader sees of a count: its value, or the lowest and highest that it may have."""


def attack(
    counts: Sequence[Any],
    shown: Mapping[Hashable, Shown],
    k: int,
    *,
    zeros: str = "structural",
    gaps: bool = True,
) -> list[Hashable]:
    """The keys of broken counts, in the order of *counts*.

    *shown* says what the release shows, by key; every other count is taken to be hidden. A count is
    broken when it is shown as something that it is not, when it is shown and in 1..k-1 (0..k-1 with
    ``zeros="unsafe"``), or when it is hidden and fewer than k whole numbers remain possible. With
    *gaps*, each single whole number between the bounds is tried until k are found.
    """
    system = System(counts, shown)
    broken = []
    for place, count in enumerate(counts):
        if count.key in shown:
            low, high = _span(shown[count.key])
            lie = count.value < low or (high is not None and count.value > high)
            small = low == high and (0 if zeros == "unsafe" else 1) <= count.value < k
            if lie or small:
                broken.append(count.key)
        elif system.candidates(place, k, gaps=gaps) < k:
            broken.append(count.key)
    return broken


def sees(counts: Sequence[Any], hidden: Any) -> dict[Hashable, Shown]:
    """What a reader sees when exactly the *hidden* keys are not shown, everything else exactly."""
    return {count.key: count.value for count in counts if count.key not in hidden}


class System:
    """All tables of persons that agree with what is shown."""

    def __init__(self, counts: Sequence[Any], shown: Mapping[Hashable, Shown]) -> None:
        atoms = sorted({atom for count in counts for atom in count.members})
        column = {atom: place for place, atom in enumerate(atoms)}
        self.matrix = np.zeros((len(counts), len(atoms)))
        self.low = np.zeros(len(counts))
        self.high = np.full(len(counts), np.inf)
        for row, count in enumerate(counts):
            for atom, weight in count.members.items():
                self.matrix[row, column[atom]] = weight
            if count.key in shown:
                low, high = _span(shown[count.key])
                self.low[row], self.high[row] = low, np.inf if high is None else high

    def lp(self, place: int) -> tuple[float, float]:
        """Lowest and highest value of a count over rational tables; infinite where there is none.

        ``nan`` twice when nothing fits.
        """
        fixed = self.low == self.high
        loose = ~fixed & ((self.low > 0) | np.isfinite(self.high))
        ends = []
        for sign in (1, -1):
            found = linprog(
                sign * self.matrix[place],
                A_ub=np.vstack([self.matrix[loose], -self.matrix[loose]]),
                b_ub=np.concatenate([self.high[loose], -self.low[loose]]),
                A_eq=self.matrix[fixed],
                b_eq=self.low[fixed],
            )
            if found.status == 2:
                return float("nan"), float("nan")
            ends.append(sign * found.fun if found.status == 0 else -sign * np.inf)
        return ends[0], ends[1]

    def candidates(self, place: int, k: int, *, gaps: bool) -> int:
        """How many whole numbers a count can be: up to *k*, more are not looked for."""
        low = self._whole_end(place, 1)
        if low is None:
            return 0  # nothing fits: what is shown contradicts itself
        high = self._whole_end(place, -1)
        if high is None:
            return k
        if not gaps or high - low + 1 < k:
            return min(k, high - low + 1)
        found = 0
        for value in range(low, high + 1):
            found += value in (low, high) or self._fits(place, value)
            if found >= k:
                break
        return found

    def _solve(self, goal: Any, low: Any, high: Any) -> Any:
        return milp(
            goal,
            constraints=LinearConstraint(self.matrix, low, high),
            integrality=np.ones(self.matrix.shape[1]),
            bounds=Bounds(0, np.inf),
        )

    def _whole_end(self, place: int, sign: int) -> int | None:
        found = self._solve(sign * self.matrix[place], self.low, self.high)
        if found.status == 0:
            return round(sign * found.fun)
        if sign == 1:
            return None
        # HiGHS may say "unbounded or infeasible"; the lowest end exists, so there is no highest.
        return None

    def _fits(self, place: int, value: int) -> bool:
        low, high = self.low.copy(), self.high.copy()
        low[place] = high[place] = value
        return bool(self._solve(np.zeros(self.matrix.shape[1]), low, high).status == 0)


def _span(shown: Shown) -> tuple[int, int | None]:
    return shown if isinstance(shown, tuple) else (shown, shown)
