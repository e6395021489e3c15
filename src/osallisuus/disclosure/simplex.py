"""Exact linear programming over small count tables, in whole numbers.

A :class:`Dictionary` holds linear forms ``y = M x`` with a lower and an upper bound on every
``x`` (atoms) and ``y`` (forms), and one point that keeps all bounds. It can push one variable as
far up or down as the bounds allow. This is the simplex method for bounded variables with Bland's
rule (R. G. Bland, "New finite pivoting rules for the simplex method", 1977), which always ends.
Each row of the table is kept in integers over a denominator of its own (after E. H. Bareiss,
"Sylvester's identity and multistep integer-preserving Gaussian elimination", 1968), so that nothing
is ever rounded.

On its way the point runs along edges, and :class:`~osallisuus.disclosure.witness.Witnesses` look for
whole tables there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm

from osallisuus.disclosure.packed import PackedRows
from osallisuus.disclosure.witness import Witnesses
from osallisuus.errors import LimitError

__all__ = ["Dictionary", "Exact"]

Exact = int | Fraction
"""A rational number; an ``int`` wherever it is whole."""


class Dictionary:
    """Forms over atoms, their bounds, and one point within the bounds.

    Variables are numbered: ``0 .. forms - 1`` are the forms, the atoms follow. Forms come first
    since Bland's rule lets the lowest number leave: a fixed form leaves at once and for good.
    At the start all values are 0, atoms are ``>= 0`` and forms unbounded. Bounds may be changed at
    any time, as long as the point keeps them.

    The variables of the *basis* are written as sums over the others: ``scale * basic = row ·
    nonbasic``. The others rest at whole numbers.

    *limit* is the number of table entries that may be rewritten before :class:`LimitError`;
    *enough* is how many different values of a form its witnesses shall prove.
    """

    def __init__(
        self, forms: Sequence[Mapping[int, int]], atoms: int, *, limit: int, enough: int = 0
    ) -> None:
        count = len(forms)
        self._left = limit
        self._spend(count * atoms)
        self._rows = PackedRows([[form.get(at, 0) for at in range(atoms)] for form in forms], atoms)
        self._scales = [1] * count
        self._tops = [0] * count
        """Per row: its scale times the value of its basic variable."""
        self._basic = list(range(count))
        self._nonbasic = list(range(count, count + atoms))
        self._resting = [0] * atoms
        """Per column: the value of its variable."""
        self.low: list[int | None] = [None] * count + [0] * atoms
        self.high: list[int | None] = [None] * (count + atoms)
        self.witnesses = Witnesses(self.low, self.high, enough)
        self._stuck = False
        """Whether the last move got nowhere: only then can pivoting run in circles."""

    def put(self, atoms: Sequence[int]) -> None:
        """Put the point at these numbers of the atoms; only before the first move."""
        self._resting = list(atoms)
        self._tops = [
            sum(entry * number for entry, number in zip(self._rows.row(row), atoms, strict=True))
            for row in range(len(self._tops))
        ]

    def value(self, variable: int) -> Exact:
        """The value of a variable at the point."""
        if variable in self._nonbasic:
            return self._resting[self._nonbasic.index(variable)]
        row = self._basic.index(variable)
        whole, rest = divmod(self._tops[row], self._scales[row])
        return Fraction(self._tops[row], self._scales[row]) if rest else whole

    def table(self) -> list[int] | None:
        """The values of all variables, in their order; None when some are no whole numbers."""
        found = [0] * len(self.low)
        for row, variable in enumerate(self._basic):
            whole, rest = divmod(self._tops[row], self._scales[row])
            if rest:
                return None
            found[variable] = whole
        for variable, value in zip(self._nonbasic, self._resting, strict=True):
            found[variable] = value
        return found

    def push(self, variable: int, *, up: bool, until: Callable[[], bool] | None = None) -> bool:
        """Move a variable as far as all bounds allow, or *until* so; False when there is no end."""
        while not (until and until()):
            found = self._entering(variable, up)
            if found is None:
                return True
            if not self._move(*found):
                return False
        return True

    def drive(self, variable: int, target: int) -> bool:
        """Move a variable to a value within its bounds, if others allow; whether it got there.

        On the way the value is its bound, and stays it: set the bounds anew afterwards.
        """
        value = self.value(variable)
        if value == target:
            return True
        up = value < target
        (self.high if up else self.low)[variable] = target
        self.push(variable, up=up)
        return self.value(variable) == target

    def find_whole(self, variable: int, target: int) -> None:
        """Look for a whole table in which a variable has this value, for the witnesses.

        Fractions are driven to a whole number beside them and held there, one after the other.
        This finds nothing where that leads to a dead end.
        """
        kept = self.low[:], self.high[:]
        goals = [target]
        while goals:
            reached = next((goal for goal in goals if self.drive(variable, goal)), None)
            if reached is None:
                break
            self.low[variable] = self.high[variable] = reached
            variable, goals = self._fraction()
        else:
            self.witnesses.note(self.table() or ())
        self.low[:], self.high[:] = kept

    def prices(self, form: int) -> dict[int, int]:
        """Variable that rests at a bound -> how strongly *form* hangs on it, where it does."""
        if form in self._nonbasic:
            return {form: 1}
        row = self._rows.row(self._basic.index(form))
        return {self._nonbasic[column]: price for column, price in enumerate(row) if price}

    def _fraction(self) -> tuple[int, list[int]]:
        """The first variable that is no whole number, and those beside it, the nearer one first."""
        found = [
            (variable, top, scale)
            for variable, top, scale in zip(self._basic, self._tops, self._scales, strict=True)
            if top % scale
        ]
        if not found:
            return -1, []
        variable, top, scale = min(found)
        below = top // scale
        return variable, sorted((below, below + 1), key=lambda whole: abs(whole * scale - top))

    def _entering(self, variable: int, up: bool) -> tuple[int, int] | None:
        """The column to move, and its direction, by Bland's rule; None at the optimum."""
        if variable in self._nonbasic:
            column, direction = self._nonbasic.index(variable), 1 if up else -1
            return (column, direction) if self._has_room(column, direction) else None
        row = self._rows.row(self._basic.index(variable))
        useful = [
            (column, direction)
            for column, price in enumerate(row)
            if price and self._has_room(column, direction := 1 if (price > 0) == up else -1)
        ]
        if self._stuck:
            return min(useful, key=lambda way: self._nonbasic[way[0]], default=None)
        return max(
            useful, key=lambda way: (abs(row[way[0]]), -self._nonbasic[way[0]]), default=None
        )

    def _has_room(self, column: int, direction: int) -> bool:
        variable = self._nonbasic[column]
        wall = self.high[variable] if direction > 0 else self.low[variable]
        return self._resting[column] != wall

    def _move(self, column: int, direction: int) -> bool:
        """Move one variable until something is in the way; False when nothing ever is."""
        entries = self._rows.column(column)
        stopping, wall, self._stuck = self._reach(entries, column, direction)
        if self.witnesses.wanting:
            self.witnesses.walk(self.table(), self._rates(entries, column, direction))
        if wall is None:
            return False
        if stopping is not None:
            self._pivot(stopping, column, entries, wall)
        else:
            step = wall - self._resting[column]
            self._resting[column] = wall
            self._tops = [
                top + step * entry for top, entry in zip(self._tops, entries, strict=True)
            ]
        return True

    def _reach(
        self, entries: Sequence[int], column: int, direction: int
    ) -> tuple[int | None, int | None, bool]:
        """What stops a variable: a row or None for itself, the bound there, and whether at once."""
        variable = self._nonbasic[column]
        found = self.high[variable] if direction > 0 else self.low[variable]
        stopping: int | None = None
        # the way to go as a fraction, so that no division is needed to compare
        step, per = (0, 0) if found is None else (abs(found - self._resting[column]), 1)
        for row, entry in enumerate(entries):
            if not entry:
                continue
            basic = self._basic[row]
            wall = self.high[basic] if (entry > 0) == (direction > 0) else self.low[basic]
            if wall is None:
                continue
            gap, size = abs(wall * self._scales[row] - self._tops[row]), abs(entry)
            nearer, other = gap * per, step * size
            tied = nearer == other and stopping is not None and basic < self._basic[stopping]
            if not per or nearer < other or tied:
                step, per, stopping, found = gap, size, row, wall
        return stopping, found, found is not None and not step

    def _rates(self, entries: Sequence[int], column: int, direction: int) -> dict[int, int]:
        """Variable -> its change along an edge, in the smallest whole numbers."""
        changes = [
            (basic, entry, scale)
            for basic, entry, scale in zip(self._basic, entries, self._scales, strict=True)
            if entry
        ]
        unit = direction * lcm(*(scale // gcd(entry, scale) for _, entry, scale in changes))
        rates = {basic: entry * unit // scale for basic, entry, scale in changes}
        return {self._nonbasic[column]: unit, **rates}

    def _pivot(self, pivot: int, column: int, entries: Sequence[int], wall: int) -> None:
        """Move a variable until the basic one of the *pivot* row is at its bound; exchange them."""
        scale, size = self._scales[pivot], abs(entries[pivot])
        sign = 1 if entries[pivot] > 0 else -1
        # The leaving variable takes the column over: size * entering = sign * (scale * leaving - …)
        leaving = [-sign * entry for entry in self._rows.row(pivot)]
        leaving[column] = sign * scale
        entering = self._rows.packed(leaving)
        way = sign * (scale * wall - self._tops[pivot])  # size times what the variable moves by
        for row, factor in enumerate(entries):
            if not factor or row == pivot:
                continue
            common = gcd(factor, size)
            keep, take = size // common, factor // common
            self._spend(len(leaving))
            self._rows.clear(row, column, factor)
            self._rows.combine(row, keep, take, entering)
            self._tops[row] = keep * self._tops[row] + take * way
            self._scales[row] *= keep
            if keep > 1:
                self._shorten(row)
        self._rows.put(pivot, entering)
        self._tops[pivot] = way + size * self._resting[column]
        self._scales[pivot] = size
        self._resting[column] = wall
        self._shorten(pivot)
        self._nonbasic[column], self._basic[pivot] = self._basic[pivot], self._nonbasic[column]

    def _shorten(self, row: int) -> None:
        """Keep a row in its smallest whole numbers."""
        if self._scales[row] > 1:
            common = self._rows.reduce(row, self._scales[row])
            self._scales[row] //= common
            self._tops[row] //= common

    def _spend(self, entries: int) -> None:
        self._left -= entries
        if self._left < 0:
            raise LimitError(
                "the disclosure audit needs more work than its limit",
                remedy="publish fewer or coarser tables, or raise the limit",
            )
