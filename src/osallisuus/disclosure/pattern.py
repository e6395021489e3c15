"""The search for a pattern: which further counts to hide so that the primary ones are safe.

As long as the audit finds a hidden count that is not safe, the cheapest shown count which helps to
pin it down is hidden too. At the end counts are given back, largest first, while the audit stays
safe. If no pattern is safe, or the search would take more work than its limit, all is withheld
(metric rules D.2).

The search is only a guess at a good pattern; a fresh audit alone says what is safe.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence

from osallisuus.disclosure.audit import Audit, audit
from osallisuus.disclosure.counts import Count, Form
from osallisuus.disclosure.knowledge import Interval, Knowledge, Terms
from osallisuus.errors import LimitError
from osallisuus.values import frozen

__all__ = ["Found", "Pattern"]

_Rank = tuple[int, int, int]


@frozen
class Found:
    """What to hide in one part of a release, and what the last audit of it found."""

    hidden: frozenset[Hashable]
    audit: Audit
    withheld: bool
    """Whether everything is hidden because no smaller pattern was found."""


class Pattern:
    """The search in one part of a release: forms that hang together, in units of one fate.

    *units* are the places of forms that are shown or hidden together; *first* are the keys that
    must be hidden.
    """

    def __init__(
        self,
        forms: Sequence[Form],
        units: Sequence[Sequence[int]],
        first: Collection[Hashable],
        terms: Terms,
    ) -> None:
        self._forms = forms
        self._units = units
        self._terms = terms
        self._secrets = first
        self._secret = {
            place
            for place, form in enumerate(forms)
            if any(count.key in first for count in form.counts)
        }
        self._first = [
            unit
            for unit, own in enumerate(units)
            if any(count.key in first for place in own for count in forms[place].counts)
        ]
        self._ranks: list[_Rank] = []
        self._broken: list[int] = []

    def find(self, cost: Callable[[Count], int]) -> Found:
        """The best pattern found; everything withheld when none is safe or the limit is met."""
        self._ranks = [self._rank(unit, cost) for unit in self._units]
        for pattern in self._patterns():
            found = self._audited(pattern, withheld=False)
            if found.audit.safe:
                return found
        return self._audited(range(len(self._units)), withheld=True)

    def _patterns(self) -> Iterator[list[int]]:
        """Patterns to be audited: the tidy one first, none when the search met its limit."""
        try:
            knowledge = Knowledge(self._forms, self._terms)
            hidden = self._enough(knowledge)
        except LimitError:
            return
        if hidden is not None:
            yield self._tidied(knowledge, hidden)
            yield hidden

    def _enough(self, knowledge: Knowledge) -> list[int] | None:
        """Units that it is enough to hide, or None when hiding does not help."""
        hidden = list(self._first)
        for unit in hidden:
            knowledge.hide(self._units[unit])
        while (place := self._first_unsafe(knowledge)) is not None:
            cheapest = self._cheapest_pin(knowledge, place, hidden)
            if cheapest is None:
                return None
            hidden.append(cheapest)
            knowledge.hide(self._units[cheapest])
        return hidden

    def _tidied(self, knowledge: Knowledge, hidden: Sequence[int]) -> list[int]:
        """What still needs to be hidden, when the units that are not needed are given back."""
        tidy = list(hidden)
        spare = sorted(hidden[len(self._first) :], key=lambda unit: self._ranks[unit], reverse=True)
        try:
            for unit in spare:
                if self._given_back(knowledge, unit):
                    tidy.remove(unit)
        except LimitError:
            pass  # less tidy than it could be, and just as safe
        return tidy

    def _cheapest_pin(
        self, knowledge: Knowledge, place: int, hidden: Collection[int]
    ) -> int | None:
        """The next unit to hide for a form: one that pins it down, or else any."""
        pins = knowledge.pins(place)
        useful = {
            unit: [at for at in forms if self._can_hide(at)]
            for unit, forms in enumerate(self._units)
            if unit not in hidden
        }
        pinning = [unit for unit, forms in useful.items() if any(at in pins for at in forms)]
        others = [unit for unit, forms in useful.items() if forms]
        return min(pinning or others, key=lambda unit: self._ranks[unit], default=None)

    def _given_back(self, knowledge: Knowledge, unit: int) -> bool:
        """Show a unit again, unless that would give a secret away."""
        knowledge.show(self._units[unit])
        place = self._first_unsafe(knowledge)
        if place is None:
            return True
        # What broke once will likely break again: look there first.
        self._broken.insert(0, place)
        knowledge.hide(self._units[unit])
        return False

    def _first_unsafe(self, knowledge: Knowledge) -> int | None:
        """A secret that is not safe, if there is one.

        What is hidden only beside a secret need not be safe: worked out from what is shown, it
        tells nothing new about the secret.
        """
        hidden = [place for place in knowledge.hidden if place in self._secret]
        places = [place for place in dict.fromkeys([*self._broken, *hidden]) if place in hidden]
        return next((place for place in places if not knowledge.is_safe(place)), None)

    def _can_hide(self, place: int) -> bool:
        low, high = self._forms[place].interval(self._terms.zeros, hidden=True)
        return low != high and not all(count.released for count in self._forms[place].counts)

    def _rank(self, unit: Sequence[int], cost: Callable[[Count], int]) -> _Rank:
        """Totals last, then the cheapest first, then in order."""
        forms = [self._forms[place] for place in unit]
        totals = sum(any(_is_within(other, form) for other in self._forms) for form in forms)
        return totals, sum(cost(count) for form in forms for count in form.counts), unit[0]

    def _audited(self, hidden: Iterable[int], *, withheld: bool) -> Found:
        """What hiding these units comes to, as a fresh audit finds it."""
        keys = frozenset(
            count.key
            for unit in hidden
            for place in self._units[unit]
            for count in self._forms[place].counts
            if not count.released
        )
        try:
            found = audit(
                [count for form in self._forms for count in form.counts],
                keys,
                threshold=self._terms.threshold,
                zeros=self._terms.zeros,
                numbers=self._terms.numbers,
                limit=self._terms.limit,
                secrets=self._secrets,
            )
        except LimitError:
            found = self._audit_of_nothing(keys)
        return Found(keys, found, withheld)

    def _audit_of_nothing(self, hidden: Collection[Hashable]) -> Audit:
        """The audit of a part of which nothing is shown, where it is too large for a real one.

        A sum is without an upper end when one of its atoms is in nothing that the reader knows.
        """
        shown = [
            form
            for form in self._forms
            if form.interval(self._terms.zeros, hidden=True) != (0, None)
            or any(count.key not in hidden for count in form.counts)
        ]
        known = {atom for form in shown for atom in form.members}
        bounds: dict[Hashable, Interval] = {}
        unsafe: list[Hashable] = []
        for form in self._forms:
            keys = [count.key for count in form.counts if count.key in hidden]
            if form.value == 0 and self._terms.zeros == "structural":
                bounds |= dict.fromkeys(keys, (0, 0))
            elif known.issuperset(form.members):
                unsafe += [key for key in keys if key in self._secrets]
            else:
                bounds |= dict.fromkeys(keys, (0, None))
        return Audit(bounds, tuple(unsafe))


def _is_within(one: Form, other: Form) -> bool:
    """Whether *one* sums a part of what *other* sums."""
    return one.members.keys() < other.members.keys()
