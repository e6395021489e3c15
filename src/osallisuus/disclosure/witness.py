"""Witnesses: whole tables of persons that agree with all that is shown.

A reader cannot exclude a value of a hidden count for which there is such a table. So the tables
*prove* how many values remain possible, and anybody can check the proof by adding up: it needs no
theory of integer programmes, and no trust in how the tables were found.

Tables are found along the edges that the simplex method follows: a step of whole numbers from one
table leads to another one as long as all bounds are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Bounds", "Witnesses"]

Bounds = Sequence[int | None]
"""For each variable its lowest or highest value; None: there is none."""


class Witnesses:
    """Whole tables within the bounds, and the values that they prove possible for watched forms.

    A table gives each variable a whole number, in the numbering of
    :class:`~osallisuus.disclosure.simplex.Dictionary`. *low* and *high* are its bounds; they are
    read anew each time. *enough* different values of a form are worth collecting.
    """

    def __init__(self, low: Bounds, high: Bounds, enough: int) -> None:
        self._low = low
        self._high = high
        self._enough = enough
        self._start: list[int] = []
        """The true table, which keeps all bounds at all times; empty as long as none is known."""
        self._trail: list[int] = []
        """A table near to the present point of the simplex method."""
        self._tables: list[list[int]] = []
        self._proved: dict[int, set[int]] = {}
        self.wanting: set[int] = set()
        """Watched forms for which too few values are proved."""

    def begin(self, table: Sequence[int]) -> None:
        """Take this table, which must keep the bounds for ever, as the place to start from."""
        self._start = list(table)

    def watch(self, forms: Iterable[int]) -> None:
        """Collect values of these forms, beginning with those of the tables that keep the bounds.

        Call it whenever bounds were narrowed: what they exclude is forgotten.
        """
        self._proved = {form: set() for form in forms}
        self.wanting = set(self._proved) if self._enough > 0 else set()
        self._trail = list(self._start)
        known, self._tables = self._tables, []
        for table in [self._start, *known] if self._start else known:
            if self._keeps_bounds(table):
                self.note(table)

    def proved(self, form: int) -> frozenset[int]:
        """The values of a watched form that tables were found for, until they are enough."""
        return frozenset(self._proved.get(form, ()))

    def is_proved(self, form: int) -> bool:
        """Whether enough different values of a watched form are proved possible."""
        return form in self._proved and form not in self.wanting

    def note(self, table: Sequence[int]) -> None:
        """Remember a table that keeps the bounds, if it proves anything new."""
        new = [form for form in self.wanting if table[form] not in self._proved[form]]
        for form in new:
            self._proved[form].add(table[form])
            if len(self._proved[form]) >= self._enough:
                self.wanting.remove(form)
        if new:
            self._tables.append(list(table))

    def walk(self, table: Sequence[int] | None, rates: Mapping[int, int]) -> None:
        """Note tables along an edge: every variable changes by its rate with each step.

        *table* is where the simplex method stands on the edge, if that is a whole table.
        """
        self._trail = list(table or self._trail)
        useful = not self.wanting.isdisjoint(rates)
        if self._trail:
            steps = self._room(self._trail, rates)
            if useful:
                self._note_steps(self._trail, rates, steps)
            for variable, rate in rates.items():
                self._trail[variable] += max(steps, 0) * rate
        if self._start and not self.wanting.isdisjoint(rates):
            self._note_steps(self._start, rates, self._room(self._start, rates))

    def swap(self, form: int, columns: Sequence[Mapping[int, int]]) -> None:
        """Look for more values of a form, by one person more or less in one of its atoms.

        *columns* are the weights of the forms per atom. Where that breaks a bound, one person less
        or more in another atom may make up for it.
        """
        tables = [table for value, table in self._by_value(form).items()]
        for table in tables:
            for sign in (1, -1):
                if form not in self.wanting:
                    return
                found = self._swapped(table, form, sign, columns)
                if found and found[form] not in self._proved[form]:
                    self.note(found)
                    tables.append(found)

    def _by_value(self, form: int) -> dict[int, list[int]]:
        """A table for each value of a form that is known to be possible."""
        return {table[form]: table for table in self._tables}

    def _swapped(
        self, table: list[int], form: int, sign: int, columns: Sequence[Mapping[int, int]]
    ) -> list[int] | None:
        """A table with one person more (sign 1) or less (-1) in one atom of a form."""
        first = len(table) - len(columns)
        for one, column in enumerate(columns):
            if form not in column:
                continue
            changes = {first + one: sign, **{at: sign * weight for at, weight in column.items()}}
            broken = {at for at, change in changes.items() if not self._has_room(table, at, change)}
            if not broken:
                return _changed(table, changes)
            for other, column_back in enumerate(columns):
                if form in column_back or not broken <= column_back.keys():
                    continue
                both = dict(changes)
                both[first + other] = -sign
                for at, weight in column_back.items():
                    both[at] = both.get(at, 0) - sign * weight
                if all(self._has_room(table, at, change) for at, change in both.items()):
                    return _changed(table, both)
        return None

    def _has_room(self, table: Sequence[int], variable: int, change: int) -> bool:
        value, low, high = table[variable] + change, self._low[variable], self._high[variable]
        return not change or ((low is None or low <= value) and (high is None or value <= high))

    def _note_steps(self, start: Sequence[int], rates: Mapping[int, int], steps: int) -> None:
        for taken in range(1, min(steps, self._enough) + 1):
            self.note(_changed(start, {at: taken * rate for at, rate in rates.items()}))

    def _room(self, start: Sequence[int], rates: Mapping[int, int]) -> int:
        """How many steps from a table keep all bounds; as many as are enough if there is no end."""
        room = []
        for variable, rate in rates.items():
            wall = self._high[variable] if rate > 0 else self._low[variable]
            if wall is not None:
                gap = wall - start[variable] if rate > 0 else start[variable] - wall
                room.append(gap // abs(rate))
        return min(room, default=self._enough)

    def _keeps_bounds(self, table: Sequence[int]) -> bool:
        return all(
            (low is None or low <= value) and (high is None or value <= high)
            for low, value, high in zip(self._low, table, self._high, strict=True)
        )


def _changed(table: Sequence[int], changes: Mapping[int, int]) -> list[int]:
    found = list(table)
    for variable, change in changes.items():
        found[variable] += change
    return found
