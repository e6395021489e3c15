"""The audit: what a reader can work out about hidden counts from the shown ones.

The reader is taken to know every shown count, and that no atom holds fewer than nobody. The audit
finds exactly between which values each hidden count can then lie. A hidden count is *safe* when at
least ``threshold`` whole numbers remain possible for it (metric rules D.2; promise P10).

A primary count is called safe only when that many values are *proved*: each has a whole table of
persons behind it that agrees with all that is shown. Bounds that are wide enough are not taken for
proof, since between them some, or all, whole numbers may be impossible. Any doubt means unsafe.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor

from osallisuus.disclosure.counts import Count, Form, Zeros, components, forms_of, primary
from osallisuus.disclosure.simplex import Dictionary, Exact
from osallisuus.errors import DefinitionError, DisclosureError
from osallisuus.values import frozen

__all__ = ["LIMIT", "Audit", "Interval", "Knowledge", "Terms", "audit", "bounds"]

LIMIT = 10_000_000
"""Default for the number of table entries that an audit may rewrite: some seconds of work."""

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


@frozen
class Audit:
    """What an attacker finds: the interval of each hidden count, and those that are not safe."""

    bounds: Mapping[Hashable, Interval]
    unsafe: tuple[Hashable, ...]

    @property
    def safe(self) -> bool:
        """Whether every hidden count has enough possible values."""
        return not self.unsafe


def audit(
    counts: Iterable[Count],
    hidden: Collection[Hashable],
    *,
    threshold: int,
    zeros: Zeros = "unsafe",
    numbers: Mapping[int, int] | None = None,
    limit: int = LIMIT,
    secrets: Collection[Hashable] | None = None,
) -> Audit:
    """Attack a release in which the counts with the *hidden* keys are not shown.

    *secrets* are those of them that must not be worked out, by default all. A count that is hidden
    only to protect another one is no secret itself.

    *numbers* are the true numbers of persons of the atoms, 0 for those not named. They change no
    answer, but without them the audit must first find some that fit, which can take long.

    A hidden count that a shown one over the same atoms gives away is unsafe; a structural zero is
    no secret and never unsafe. Raises :class:`DisclosureError` when the counts contradict each
    other and :class:`LimitError` when the audit needs more work than *limit*.
    """
    forms = forms_of(counts)
    _check_keys(hidden, forms)
    terms = Terms(threshold=threshold, zeros=zeros, numbers=numbers, limit=limit)
    found: dict[Hashable, Interval] = {}
    unsafe: list[Hashable] = []
    for part in components(forms):
        members = [forms[place] for place in part]
        if not any(count.key in hidden for form in members for count in form.counts):
            continue
        knowledge = Knowledge(members, terms)
        knowledge.hide(
            place
            for place, form in enumerate(members)
            if all(count.key in hidden for count in form.counts)
        )
        for place, form in enumerate(members):
            keys = [count.key for count in form.counts if count.key in hidden]
            if keys:
                secret = secrets is None or any(key in secrets for key in keys)
                safe = not secret or knowledge.is_safe(place)
                safe = safe or (zeros == "structural" and form.value == 0)
                found |= dict.fromkeys(keys, knowledge.interval(place))
                unsafe += [] if safe else keys
    return Audit(found, tuple(unsafe))


def bounds(
    counts: Iterable[Count],
    hidden: Collection[Hashable],
    target: Hashable,
    *,
    zeros: Zeros = "unsafe",
    limit: int = LIMIT,
) -> tuple[Fraction, Fraction | None]:
    """The exact minimum and maximum of the *target* count over all that the shown counts allow.

    A minimum over rational numbers: the lowest whole number that is possible may be higher. The
    maximum is None when there is none.
    """
    forms = forms_of(counts)
    _check_keys([*hidden, target], forms)
    for part in components(forms):
        members = [forms[place] for place in part]
        keys = [[count.key for count in form.counts] for form in members]
        for place, same in enumerate(keys):
            if target in same:
                knowledge = Knowledge(members, Terms(threshold=1, zeros=zeros, limit=limit))
                knowledge.hide(
                    other for other, twins in enumerate(keys) if all(k in hidden for k in twins)
                )
                return knowledge.bounds(place)
    raise AssertionError("a checked key has a form")


def _check_keys(keys: Iterable[Hashable], forms: Sequence[Form]) -> None:
    known = {count.key for form in forms for count in form.counts}
    if any(key not in known for key in keys):
        raise DefinitionError(
            "a key names none of the counts", remedy="hide and ask for keys of given counts only"
        )


class Knowledge:
    """What a reader knows, and what follows from it; forms are named by their place.

    At the start every form is shown; :meth:`hide` and :meth:`show` change that.
    """

    def __init__(self, forms: Sequence[Form], terms: Terms) -> None:
        self._forms = forms
        self._threshold = terms.threshold
        self._zeros = terms.zeros
        keys = primary(
            (count for form in forms for count in form.counts), terms.threshold, zeros=terms.zeros
        )
        self._primary = {
            place
            for place, form in enumerate(forms)
            if any(count.key in keys for count in form.counts)
        }
        self._hidden: dict[int, None] = {}
        kinds = _kinds([form.members for form in forms])
        merged: list[dict[int, int]] = [{} for _ in forms]
        for atom, column in enumerate(kinds):
            for place, weight in column:
                merged[place][atom] = weight
        self._table = Dictionary(merged, len(kinds), limit=terms.limit)
        self._table.watch((), terms.threshold)
        if terms.numbers is None:
            self._find_truth()
        else:
            numbers = terms.numbers
            self._take_truth([sum(numbers.get(atom, 0) for atom in own) for own in kinds.values()])
        self._table.drop_anchor()
        for place in range(len(forms)):
            self._bound(place, hidden=False)
        self._table.settle()

    @property
    def hidden(self) -> tuple[int, ...]:
        """The hidden forms of which the reader is not told anything, in order."""
        return tuple(sorted(self._hidden))

    def hide(self, places: Iterable[int]) -> None:
        """Stop showing these forms. What is proved possible stays so: the reader knows less."""
        for place in places:
            self._bound(place, hidden=True)
        self._table.settle()
        old, free = self._table.proved, self._table.unbounded
        self._table.watch(self._hidden, self._threshold)
        self._table.proved |= old
        self._table.unbounded |= free

    def show(self, places: Iterable[int]) -> None:
        """Show these hidden forms."""
        for place in places:
            self._hidden.pop(place, None)
            self._drive(place)
            self._bound(place, hidden=False)
            self._table.settle()
        self._table.watch(self._hidden, self._threshold)

    def interval(self, place: int) -> Interval:
        """The whole numbers between the bounds of a form."""
        low, high = self.bounds(place)
        return ceil(low), None if high is None else floor(high)

    def is_safe(self, place: int) -> bool:
        """Whether at least ``threshold`` values of a hidden form are possible.

        For a primary one each of them must be proved; a secondary one gives nobody away by itself,
        so for it wide bounds are enough.
        """
        for up in (True, False):
            if not self._table.is_proved(place):
                self._table.push(place, up=up, until_proved=True)
        if self._table.is_proved(place):
            return True
        low, high = self.interval(place)
        if high is None or high - low + 1 < self._threshold:
            return high is None
        if self._table.is_proved(place):  # by the way that the bounds were found
            return True
        return place in self._hidden and place not in self._primary

    def bounds(self, place: int) -> tuple[Fraction, Fraction | None]:
        """The lowest and highest value that a form can have; None: there is no highest."""
        low, high = self._table.low[place], self._table.high[place]
        if place not in self._hidden and low is not None and low == high:
            return Fraction(low), Fraction(high)
        ends: list[Exact | None] = []
        for up in (False, True):
            ended = self._table.push(place, up=up)
            ends.append(self._table.value[place] if ended else None)
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
            if self._table.value[place] != form.value:
                self._drive(place)
            if self._table.value[place] != form.value:
                raise DisclosureError(
                    "the counts contradict each other: no table of persons has them all",
                    remedy="check that each count names all the atoms it sums, and no other",
                )
            self._table.low[place] = form.value

    def _take_truth(self, numbers: Sequence[int]) -> None:
        """Start from these true numbers of persons."""
        self._table.put(numbers)
        if any(self._table.value[place] != form.value for place, form in enumerate(self._forms)):
            raise DisclosureError(
                "a count is not the sum of its atoms",
                remedy="check that each count names all the atoms it sums, and no other",
            )

    def _drive(self, place: int) -> None:
        """Move the point until this form has its true value, if it can."""
        truth = self._forms[place].value
        up = self._table.value[place] < truth
        self._table.low[place], self._table.high[place] = (None, truth) if up else (truth, None)
        self._table.push(place, up=up)


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
