"""Protect: choose what to hide so that the audit finds nothing.

First the *primary* counts are hidden, those that would give a person away by themselves. Then, as
long as the audit finds a hidden count that is not safe, the cheapest shown count which helps to
pin it down is hidden too (*secondary*). At the end secondary counts are given back, largest first,
while the audit stays safe. If no pattern is safe, or the audit would take more work than its
limit, everything is withheld (metric rules D.2).

The search is only a guess at a good pattern; the audit alone says what is safe.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence

from attrs import frozen

from osallisuus.disclosure.audit import LIMIT, Audit, Interval, Knowledge, audit
from osallisuus.disclosure.counts import Count, Form, Zeros, components, forms_of, linked
from osallisuus.errors import DefinitionError, LimitError

__all__ = ["Protection", "primary", "protect"]

Rank = tuple[int, int, int]
"""By which units are hidden: totals last, cheapest first, then their order."""


@frozen
class Protection:
    """What to hide, why, and what a reader can still find out about it."""

    hidden: frozenset[Hashable]
    """All keys to hide: show one mark for them, whatever the reason."""
    primary: frozenset[Hashable]
    """Hidden because they would give a person away by themselves."""
    secondary: frozenset[Hashable]
    """Hidden because they would give a primary one away, or share its fate."""
    bounds: Mapping[Hashable, Interval]
    """The certificate for the reviewer: between which values each hidden count may lie. Never to
    be published."""
    safe: bool
    """Whether the last audit found nothing. False only when an earlier release gives it away."""
    withheld: bool = False
    """Whether some counts were hidden all together since no smaller pattern was found."""


def primary(
    counts: Iterable[Count], threshold: int, *, zeros: Zeros = "unsafe"
) -> frozenset[Hashable]:
    """The keys of counts that give a person away by themselves (metric rules D.1, 1 and 2).

    These are counts in ``1 .. threshold - 1``, with ``zeros="unsafe"`` also 0, and those marked
    ``sensitive=True``. A share is two counts: list its complement too, or 19 of 20 gives one away.
    """
    lowest = 0 if zeros == "unsafe" else 1
    return frozenset(
        count.key
        for count in counts
        if not count.released
        and (lowest <= count.value < threshold if count.sensitive is None else count.sensitive)
    )


def protect(
    counts: Iterable[Count],
    *,
    threshold: int,
    together: Iterable[Collection[Hashable]] = (),
    zeros: Zeros = "unsafe",
    cost: Callable[[Count], int] | None = None,
    limit: int = LIMIT,
) -> Protection:
    """Hide counts until at least *threshold* values remain possible for each hidden one.

    Counts whose keys stand in one set of *together* are all shown or all hidden, such as a share's
    count, complement and interval. *cost* says how much is lost with a count, by default its value.
    The answer does not depend on the order of the counts. Parts that share no atom are protected
    each by itself, and *limit* holds for each.

    Raises :class:`DisclosureError` when the counts contradict each other.
    """
    counts = tuple(counts)
    first = primary(counts, threshold, zeros=zeros)
    if not first:
        return Protection(frozenset(), first, frozenset(), {}, safe=True)
    forms = forms_of(counts)
    links = _places(forms, together)
    parts = []
    for places in components(forms, links):
        members = tuple(forms[place] for place in places)
        if any(count.key in first for form in members for count in form.counts):
            inside = [[places.index(at) for at in link] for link in links if link[0] in places]
            part = _Part(members, inside, first, threshold, zeros, cost or _value, limit)
            parts.append(part.protect())
    return _joined(parts, first)


def _value(count: Count) -> int:
    return count.value


def _joined(parts: Sequence[Protection], first: frozenset[Hashable]) -> Protection:
    """The protections of parts that share nothing, as one."""
    hidden = frozenset(key for part in parts for key in part.hidden)
    return Protection(
        hidden=hidden,
        primary=first,
        secondary=hidden - first,
        bounds={key: span for part in parts for key, span in part.bounds.items()},
        safe=all(part.safe for part in parts),
        withheld=any(part.withheld for part in parts),
    )


def _places(forms: Sequence[Form], together: Iterable[Collection[Hashable]]) -> list[list[int]]:
    """The sets of *together* as places of forms."""
    at = {count.key: place for place, form in enumerate(forms) for count in form.counts}
    sets = [tuple(keys) for keys in together]
    if any(key not in at for keys in sets for key in keys):
        raise DefinitionError(
            "together names a key of no count", remedy="name keys of the given counts only"
        )
    return [sorted({at[key] for key in keys}) for keys in sets if keys]


class _Part:
    """The search for a pattern in one part: forms that hang together, in units of one fate."""

    def __init__(
        self,
        forms: Sequence[Form],
        links: Sequence[Sequence[int]],
        first: frozenset[Hashable],
        threshold: int,
        zeros: Zeros,
        cost: Callable[[Count], int],
        limit: int,
    ) -> None:
        self.forms = forms
        self.first = first
        self.threshold = threshold
        self.zeros: Zeros = zeros
        self.limit = limit
        self.broken: list[int] = []
        self.units = linked(len(forms), links)
        self.owner = {place: unit for unit, own in enumerate(self.units) for place in own}
        self.ranks = [self._rank(unit, cost) for unit in self.units]

    def protect(self) -> Protection:
        """The best pattern found; everything withheld when none is safe or the limit is met."""
        for tidy in (True, False):
            try:
                hidden = self._search(tidy=tidy)
            except LimitError:
                break
            if hidden is None:
                break
            found = self._protection(hidden, withheld=False)
            if found.safe:
                return found
        return self._protection(range(len(self.units)), withheld=True)

    def _search(self, *, tidy: bool) -> list[int] | None:
        """The units to hide, or None when hiding does not help."""
        knowledge = Knowledge(
            self.forms, threshold=self.threshold, zeros=self.zeros, limit=self.limit
        )
        hidden = [unit for unit in range(len(self.units)) if self._is_primary(unit)]
        needed = len(hidden)
        for unit in hidden:
            knowledge.hide(self.units[unit])
        while (weakest := self._weakest(knowledge)) is not None:
            cheapest = self._cheapest_pin(knowledge, weakest, hidden)
            if cheapest is None:
                return None
            hidden.append(cheapest)
            knowledge.hide(self.units[cheapest])
        spare = sorted(hidden[needed:], key=lambda unit: self.ranks[unit], reverse=True)
        for unit in spare if tidy else ():
            if unit in hidden:
                back = self._given_back(knowledge, unit, hidden[:needed])
                hidden = [other for other in hidden if other not in back]
        return hidden

    def _weakest(self, knowledge: Knowledge) -> int | None:
        """The hidden form with the fewest possible values, of those that are not safe."""
        unsafe = [place for place in knowledge.hidden if not knowledge.is_safe(place)]
        return min(unsafe, key=lambda place: (knowledge.width(place), place), default=None)

    def _cheapest_pin(
        self, knowledge: Knowledge, place: int, hidden: Collection[int]
    ) -> int | None:
        """The next unit to hide for a form: one that pins it down, or else any."""
        pins = knowledge.pins(place)
        useful = {
            unit: [at for at in forms if self._can_hide(at)]
            for unit, forms in enumerate(self.units)
            if unit not in hidden
        }
        pinning = [unit for unit, forms in useful.items() if any(at in pins for at in forms)]
        others = [unit for unit, forms in useful.items() if forms]
        return min(pinning or others, key=lambda unit: self.ranks[unit], default=None)

    def _given_back(self, knowledge: Knowledge, unit: int, needed: Collection[int]) -> list[int]:
        """Show a unit again, and with it those secondary ones that it would give away.

        They hid it and nothing else. When a primary one would be given away, all stay hidden.
        """
        back = [unit]
        knowledge.show(self.units[unit])
        while (place := self._first_unsafe(knowledge)) is not None:
            owner = self.owner[place]
            if owner in needed:
                # What broke once will likely break again: look there first.
                self.broken.insert(0, place)
                for other in back:
                    knowledge.hide(self.units[other])
                return []
            back.append(owner)
            knowledge.show(self.units[owner])
        return back

    def _first_unsafe(self, knowledge: Knowledge) -> int | None:
        hidden = knowledge.hidden
        places = [place for place in dict.fromkeys([*self.broken, *hidden]) if place in hidden]
        return next((place for place in places if not knowledge.is_safe(place)), None)

    def _is_primary(self, unit: int) -> bool:
        return any(
            count.key in self.first
            for place in self.units[unit]
            for count in self.forms[place].counts
        )

    def _can_hide(self, place: int) -> bool:
        low, high = self.forms[place].interval(self.zeros, hidden=True)
        return low != high

    def _rank(self, unit: Sequence[int], cost: Callable[[Count], int]) -> Rank:
        forms = [self.forms[place] for place in unit]
        totals = sum(any(_is_within(other, form) for other in self.forms) for form in forms)
        return totals, sum(cost(count) for form in forms for count in form.counts), unit[0]

    def _protection(self, hidden: Iterable[int], *, withheld: bool) -> Protection:
        """What hiding these units comes to, as a fresh audit finds it."""
        keys = frozenset(
            count.key
            for unit in hidden
            for place in self.units[unit]
            for count in self.forms[place].counts
            if not count.released
        )
        counts = [count for form in self.forms for count in form.counts]
        try:
            found = audit(
                counts, keys, threshold=self.threshold, zeros=self.zeros, limit=self.limit
            )
        except LimitError:
            found = self._audit_of_nothing(keys)
        return Protection(keys, self.first, keys - self.first, found.bounds, found.safe, withheld)

    def _audit_of_nothing(self, hidden: Collection[Hashable]) -> Audit:
        """The audit of a part of which nothing is shown, where it is too large for a real one.

        A sum is without an upper end when one of its atoms is in nothing that the reader knows.
        """
        shown = [
            form
            for form in self.forms
            if form.interval(self.zeros, hidden=True) != (0, None)
            or any(count.key not in hidden for count in form.counts)
        ]
        known = {atom for form in shown for atom in form.members}
        bounds: dict[Hashable, Interval] = {}
        unsafe: list[Hashable] = []
        for form in self.forms:
            keys = [count.key for count in form.counts if count.key in hidden]
            if known.issuperset(form.members):
                unsafe += keys
            else:
                bounds |= dict.fromkeys(keys, (0, None))
        return Audit(bounds, tuple(unsafe))


def _is_within(one: Form, other: Form) -> bool:
    """Whether *one* sums a part of what *other* sums."""
    return len(one.members) < len(other.members) and one.members.keys() <= other.members.keys()
