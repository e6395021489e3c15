"""Exact linear programming over small count tables, in whole numbers.

A :class:`Dictionary` holds linear forms ``y = M x`` with a lower and an upper bound on every
``x`` (atoms) and ``y`` (forms), and one point that keeps all bounds. It can push one form as far up
or down as the bounds allow. This is the simplex method for bounded variables with Bland's rule
(R. G. Bland, "New finite pivoting rules for the simplex method", 1977), which always ends. The
table is kept in integers over one common denominator (E. H. Bareiss, "Sylvester's identity and
multistep integer-preserving Gaussian elimination", 1968), so that nothing is ever rounded.

On its way the point runs along edges. Each point of whole numbers on an edge is a table of persons
that keeps all bounds, so the values that it gives to the watched forms are *proved* possible: a
lower bound for the number of possible values which needs no theory of integer programmes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm

from osallisuus.errors import LimitError

__all__ = ["Dictionary", "Exact"]

Exact = int | Fraction
"""A rational number; an ``int`` wherever it is whole."""


def _exact(numerator: Exact, denominator: int) -> Exact:
    """The quotient, as ``int`` where it is whole."""
    if type(numerator) is int and numerator % denominator == 0:
        return numerator // denominator
    quotient = Fraction(numerator, denominator)
    return quotient.numerator if quotient.denominator == 1 else quotient


def _apart(one: Exact, other: Exact) -> Exact:
    """How far two numbers lie apart."""
    return one - other if one > other else other - one


class Dictionary:
    """Forms over atoms, their bounds, and one point within the bounds.

    Variables are numbered: ``0 .. forms - 1`` are the forms, the atoms follow. Forms come first
    since Bland's rule lets the lowest number leave: a fixed form leaves at once and for good.
    At the start all values are 0, atoms are ``>= 0`` and forms unbounded.

    *limit* is the number of table entries that may be rewritten before :class:`LimitError`.
    """

    def __init__(self, forms: Sequence[Mapping[int, int]], atoms: int, *, limit: int) -> None:
        count = len(forms)
        self._left = limit
        self._spend(count * atoms)
        self._rows = [[form.get(atom, 0) for atom in range(atoms)] for form in forms]
        self._basic = list(range(count))
        self._nonbasic = list(range(count, count + atoms))
        self._scales = [1] * count
        self.low: list[int | None] = [None] * count + [0] * atoms
        self.high: list[int | None] = [None] * (count + atoms)
        self.value: list[Exact] = [0] * (count + atoms)
        self.proved: dict[int, set[int]] = {}
        """Watched form -> values that some table of whole numbers gives it."""
        self.enough = 0
        """How many proved values of a form are worth collecting."""
        self.unbounded: set[int] = set()
        """Watched forms that some ray lets grow without end."""
        self._stuck = False
        """Whether the last move got nowhere: only then can pivoting run in circles."""
        self._anchor: tuple[int, ...] = ()
        self._whole: list[int] = []

    def put(self, atoms: Sequence[int]) -> None:
        """Put the point at these numbers of the atoms; only before the first move."""
        self.value[len(self._rows) :] = atoms
        for row, entries in enumerate(self._rows):
            self.value[row] = sum(
                entry * number for entry, number in zip(entries, atoms, strict=True) if entry
            )

    def push(self, form: int, *, up: bool, until_proved: bool = False) -> bool:
        """Move *form* as far as its bounds and all others allow; False when there is no end.

        With *until_proved*, stop as soon as enough values of it are proved possible.
        """
        while not (until_proved and self.is_proved(form)):
            found = self._entering(form, up)
            if found is None:
                return True
            if not self._move(*found):
                return False
        return True

    def settle(self) -> None:
        """Move the point to a corner: afterwards a variable outside the basis rests at a bound."""
        for column in range(len(self._nonbasic)):
            variable = self._nonbasic[column]
            if self.value[variable] not in (self.low[variable], self.high[variable]):
                self._move(column, -1)

    def is_proved(self, form: int) -> bool:
        """Whether enough different values of a watched form are proved possible."""
        return form in self.unbounded or len(self.proved.get(form, ())) >= self.enough

    def prices(self, form: int) -> dict[int, int]:
        """Variable that rests at a bound -> how strongly *form* hangs on it, where it does."""
        if form in self._nonbasic:
            return {form: 1}
        row = self._rows[self._basic.index(form)]
        return {self._nonbasic[column]: price for column, price in enumerate(row) if price}

    def watch(self, forms: Iterable[int], enough: int) -> None:
        """Start to collect proved values of these *forms* anew."""
        self.enough = enough
        self.proved = {form: set() for form in forms}
        self.unbounded = set()
        self._whole = list(self._anchor)

    def drop_anchor(self) -> None:
        """Remember the present point, if it is whole: walks for proof may always begin there.

        Later bounds must keep it within them.
        """
        if all(type(value) is int for value in self.value):
            self._anchor = tuple(int(value) for value in self.value)

    def _entering(self, form: int, up: bool) -> tuple[int, int] | None:
        """The column to move, and its direction, by Bland's rule; None at the optimum."""
        if form in self._nonbasic:
            column, direction = self._nonbasic.index(form), 1 if up else -1
            return (column, direction) if self._has_room(column, direction) else None
        row = self._rows[self._basic.index(form)]
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
        return self.value[variable] != wall

    def _move(self, column: int, direction: int) -> bool:
        """Move one variable until something is in the way, and let that leave the basis."""
        step, stopping = self._reach(column, direction)
        if self.proved:
            self._prove(column, direction, step)
        if step is None:
            return False
        if step:
            moved = self._nonbasic[column]
            self.value[moved] = _exact(self.value[moved] + direction * step, 1)
            for row, entries in enumerate(self._rows):
                if entries[column]:
                    change = _exact(direction * step * entries[column], self._scales[row])
                    basic = self._basic[row]
                    self.value[basic] = _exact(self.value[basic] + change, 1)
        self._stuck = not step
        if stopping is not None:
            self._pivot(stopping, column)
        return True

    def _reach(self, column: int, direction: int) -> tuple[Exact | None, int | None]:
        """How far the variable can go, and the row that stops it (None: its own bound)."""
        variable = self._nonbasic[column]
        wall = self.high[variable] if direction > 0 else self.low[variable]
        step: Exact | None = None if wall is None else _apart(wall, self.value[variable])
        stopping: int | None = None
        for row, entries in enumerate(self._rows):
            entry = entries[column]
            if not entry:
                continue
            basic = self._basic[row]
            wall = self.high[basic] if (entry > 0) == (direction > 0) else self.low[basic]
            if wall is None:
                continue
            gap = _apart(wall, self.value[basic])
            reach = _exact(gap * self._scales[row], abs(entry)) if gap else 0
            tied = reach == step and stopping is not None and basic < self._basic[stopping]
            if step is None or reach < step or tied:
                step, stopping = reach, row
        return step, stopping

    def _prove(self, column: int, direction: int, step: Exact | None) -> None:
        """Note the values that whole-number points along the edge ahead give to watched forms."""
        rates = self._rates(column, direction)
        watched = self._unproved(rates)
        if step is None:
            # The true table is whole, and whole multiples of the ray may be added to it for ever.
            self.unbounded.update(watched)
        elif watched:
            if all(type(value) is int for value in self.value):
                self._whole = [int(value) for value in self.value]
            taken = self._walk(self._whole, rates, watched)
            if self._whole:
                for variable, rate in rates.items():
                    self._whole[variable] += taken * rate

    def _rates(self, column: int, direction: int) -> dict[int, int]:
        """Variable -> its change along an edge, in the smallest whole numbers."""
        changes = {
            self._basic[row]: (entries[column], self._scales[row])
            for row, entries in enumerate(self._rows)
            if entries[column]
        }
        unit = direction * lcm(*(scale // gcd(entry, scale) for entry, scale in changes.values()))
        rates = {basic: entry * unit // scale for basic, (entry, scale) in changes.items()}
        return {self._nonbasic[column]: unit, **rates}

    def _unproved(self, variables: Iterable[int]) -> list[int]:
        """Those that are watched and not yet proved to have enough values."""
        return [form for form in variables if form in self.proved and not self.is_proved(form)]

    def _walk(self, start: Sequence[int], rates: Mapping[int, int], watched: Iterable[int]) -> int:
        """Note the values of whole-number points from *start* on; how many steps can be taken."""
        if not start:
            return 0
        room = []
        for variable, rate in rates.items():
            wall = self.high[variable] if rate > 0 else self.low[variable]
            if wall is not None:
                room.append(abs(wall - start[variable]) // abs(rate))
        steps = min(room, default=self.enough)
        for form in watched:
            stride = rates[form]
            self.proved[form].update(
                start[form] + stride * taken for taken in range(min(steps, self.enough) + 1)
            )
        return steps

    def _pivot(self, pivot_row: int, column: int) -> None:
        """Exchange a basic variable and one outside the basis; no value changes."""
        leaving, scale = self._rows[pivot_row], self._scales[pivot_row]
        pivot = leaving[column]
        sign, size = (1, pivot) if pivot > 0 else (-1, -pivot)
        # The leaving variable takes the column over: size * entering = sign * (scale * leaving - …)
        entering = [-sign * entry for entry in leaving]
        entering[column] = sign * scale
        for row, entries in enumerate(self._rows):
            factor = entries[column]
            if not factor or row == pivot_row:
                continue
            # Long numbers cost more: what counts is the time, measured without a clock.
            self._spend(len(entries) * (1 + self._scales[row].bit_length() // 16))
            common = gcd(factor, size)
            keep, take = size // common, factor // common
            entries[column] = 0
            if keep == 1:
                fresh = [old + take * new for old, new in zip(entries, entering, strict=True)]
            else:
                fresh = [
                    keep * old + take * new for old, new in zip(entries, entering, strict=True)
                ]
            self._store(row, fresh, self._scales[row] * keep)
        self._store(pivot_row, entering, size)
        self._nonbasic[column], self._basic[pivot_row] = (
            self._basic[pivot_row],
            self._nonbasic[column],
        )

    def _store(self, row: int, entries: list[int], scale: int) -> None:
        """Keep a row in its smallest whole numbers."""
        common = gcd(scale, *entries) if scale > 1 else 1
        self._rows[row] = [entry // common for entry in entries] if common > 1 else entries
        self._scales[row] = scale // common

    def _spend(self, entries: int) -> None:
        self._left -= entries
        if self._left < 0:
            raise LimitError(
                "the disclosure audit needs more work than its limit",
                remedy="publish fewer or coarser tables, or raise the limit",
            )
