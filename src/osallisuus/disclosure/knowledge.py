"""What a reader knows of a release, and what follows from it.

A hidden form is *safe* only when enough values are *proved*: each has a whole table of persons behind
it that agrees with all that is shown (:mod:`osallisuus.disclosure.witness`). Bounds that are wide
enough are not taken for proof, since between them some, or all, whole numbers may be impossible.
Any doubt means unsafe.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor

from osallisuus.disclosure.counts import Form, Zeros
from osallisuus.disclosure.simplex import Dictionary, Exact
from osallisuus.errors import DisclosureError
from osallisuus.values import frozen

__all__ = ["LIMIT", "Interval", "Knowledge", "Terms"]

LIMIT = 60_000_000
"""Default for the number of table entries that an audit may rewrite: some ten seconds of work."""

_TRIES = 2
"""So many times the threshold, to each side of the truth, are values tried one by one."""

Interval = tuple[int, int | None]
"""The lowest and highest whole number that is possible; None: there is no highest."""


@frozen(kw_only=True)
class Terms:
    """What an attack goes by."""

    threshold: int
    """A hidden count is safe with at least so many possible values."""
    zeros: Zeros = "unsafe"
    numbers: Mapping[int, int] | None = None
    """How many persons are truly in each atom, 0 in those not named; None: some that fit."""
    limit: int = LIMIT
    """How many table entries may be rewritten before :class:`LimitError`."""


class Knowledge:
    """What a reader knows, and what follows from it; forms are named by their place.

    At the start every form is shown; :meth:`hide` and :meth:`show` change that.
    """

    def __init__(self, forms: Sequence[Form], terms: Terms) -> None:
        self._forms = forms
        self._threshold = terms.threshold
        self._zeros = terms.zeros
        self._hidden: dict[int, None] = {}
        self._intervals: dict[int, Interval] = {}
        kinds = _kinds([form.members for form in forms])
        merged: list[dict[int, int]] = [{} for _ in forms]
        for atom, column in enumerate(kinds):
            for place, weight in column:
                merged[place][atom] = weight
        self._columns = [dict(column) for column in kinds]
        self._table = Dictionary(merged, len(kinds), limit=terms.limit, enough=terms.threshold)
        if terms.numbers is None:
            self._find_truth()
        else:
            numbers = terms.numbers
            self._take_truth([sum(numbers.get(atom, 0) for atom in own) for own in kinds.values()])
        whole = self._table.table()
        if whole is not None:
            self._table.witnesses.begin(whole)
        for place in range(len(forms)):
            self._bound(place, hidden=False)

    @property
    def hidden(self) -> tuple[int, ...]:
        """The hidden forms of which the reader is not told anything, in order."""
        return tuple(sorted(self._hidden))

    def hide(self, places: Iterable[int]) -> None:
        """Stop showing these forms. What is proved possible stays so: the reader knows less."""
        for place in places:
            self._bound(place, hidden=True)
        self._intervals.clear()
        self._table.witnesses.watch(self._hidden)

    def show(self, places: Iterable[int]) -> None:
        """Show these hidden forms."""
        for place in places:
            self._hidden.pop(place, None)
            self._table.drive(place, self._forms[place].value)
            self._bound(place, hidden=False)
        self._intervals.clear()
        self._table.witnesses.watch(self._hidden)

    def interval(self, place: int) -> Interval:
        """The whole numbers between the bounds of a form."""
        if place not in self._intervals:
            low, high = self.bounds(place)
            self._intervals[place] = ceil(low), None if high is None else floor(high)
        return self._intervals[place]

    def is_safe(self, place: int) -> bool:
        """Whether at least ``threshold`` values of a form are proved possible."""
        if self._is_proved(place):
            return True
        if place not in self._intervals:  # the way to the bounds may prove them
            for up in (True, False):
                self._table.push(place, up=up, until=lambda: self._is_proved(place))
                if self._is_proved(place):
                    return True
        low, high = self.interval(place)
        if high is None or high - low + 1 >= self._threshold:
            self._try_values(place, low, high)
        return self._is_proved(place)

    def _is_proved(self, place: int) -> bool:
        return self._table.witnesses.is_proved(place)

    def _try_values(self, place: int, low: int, high: int | None) -> None:
        """Look for tables that give a form values near the true one, until there are enough."""
        witnesses = self._table.witnesses
        witnesses.swap(place, self._columns)
        truth, reach = self._forms[place].value, _TRIES * self._threshold
        top = truth + reach if high is None else min(high, truth + reach)
        # first upwards and then downwards, since a table for one value leads to its neighbour's
        for value in (*range(truth, top + 1), *range(truth - 1, max(low, truth - reach) - 1, -1)):
            if self._is_proved(place):
                return
            if value not in witnesses.proved(place):
                self._table.find_whole(place, value)

    def bounds(self, place: int) -> tuple[Fraction, Fraction | None]:
        """The lowest and highest value that a form can have; None: there is no highest."""
        low, high = self._table.low[place], self._table.high[place]
        if place not in self._hidden and low is not None and low == high:
            return Fraction(low), Fraction(high)
        ends: list[Exact | None] = []
        for up in (False, True):
            ended = self._table.push(place, up=up)
            ends.append(self._table.value(place) if ended else None)
        return Fraction(ends[0] or 0), None if ends[1] is None else Fraction(ends[1])

    def pins(self, place: int) -> tuple[int, ...]:
        """The shown forms that stop a hidden one from being lower or higher, in order."""
        found: set[int] = set()
        for up in (False, True):
            self._table.push(place, up=up)
            found.update(self._table.prices(place))
        return tuple(sorted(pin for pin in found if pin < len(self._forms)))

    def _bound(self, place: int, *, hidden: bool) -> None:
        low, high = self._forms[place].interval(self._zeros, hidden=hidden)
        # Forms need no bound at 0, their atoms have it; without one they stay in the basis.
        free = (low, high) == (0, None)
        self._table.low[place] = None if free else low
        self._table.high[place] = high
        if hidden and low != high:
            self._hidden[place] = None

    def _find_truth(self) -> None:
        """Fix one form after the other at its true value, starting from nobody anywhere."""
        for place, form in enumerate(self._forms):
            self._table.high[place] = form.value
        for place, form in enumerate(self._forms):
            if not self._table.drive(place, form.value):
                raise DisclosureError(
                    "the counts contradict each other: no table of persons has them all",
                    remedy="check that each count names all the atoms it sums, and no other",
                )
            self._table.low[place] = form.value

    def _take_truth(self, numbers: Sequence[int]) -> None:
        """Start from these true numbers of persons."""
        self._table.put(numbers)
        if any(self._table.value(place) != form.value for place, form in enumerate(self._forms)):
            raise DisclosureError(
                "a count is not the sum of its atoms",
                remedy="check that each count names all the atoms it sums, and no other",
            )


def _kinds(forms: Sequence[Mapping[int, int]]) -> dict[tuple[tuple[int, int], ...], list[int]]:
    """The atoms by the forms that sum them, with their weights: forms tell no others apart."""
    columns: dict[int, list[tuple[int, int]]] = {}
    for place, form in enumerate(forms):
        for atom, weight in form.items():
            columns.setdefault(atom, []).append((place, weight))
    kinds: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for atom in sorted(columns):
        kinds.setdefault(tuple(columns[atom]), []).append(atom)
    return dict(sorted(kinds.items()))
