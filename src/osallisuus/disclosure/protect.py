"""Protect: hide what would give a person away, and as much else as it takes.

First the *primary* counts are hidden, those that would give a person away by themselves; then
*secondary* ones, until the audit finds nothing (metric rules D.2). How they are chosen stands in
:mod:`osallisuus.disclosure.pattern`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence

from osallisuus.disclosure.counts import Count, Form, Zeros, components, forms_of, linked, primary
from osallisuus.disclosure.knowledge import LIMIT, Interval, Terms
from osallisuus.disclosure.pattern import Pattern
from osallisuus.errors import DefinitionError
from osallisuus.values import frozen

__all__ = ["Protection", "protect"]


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


def protect(
    counts: Iterable[Count],
    *,
    threshold: int,
    together: Iterable[Collection[Hashable]] = (),
    zeros: Zeros = "unsafe",
    cost: Callable[[Count], int] | None = None,
    numbers: Mapping[int, int] | None = None,
    limit: int = LIMIT,
) -> Protection:
    """Hide counts until at least *threshold* values remain possible for each hidden one.

    Counts whose keys stand in one set of *together* are all shown or all hidden, such as a share's
    count, complement and interval. *cost* says how much is lost with a count, by default its value.
    *numbers* are the true numbers of persons of the atoms (0 for those not named): give them where
    they are known, it saves time. The answer does not depend on the order of the counts. Parts that
    share no atom are protected each by itself, and *limit* holds for each.

    Raises :class:`DisclosureError` when the counts contradict each other.
    """
    counts = tuple(counts)
    first = primary(counts, threshold, zeros=zeros)
    if not first:
        return Protection(frozenset(), first, frozenset(), {}, safe=True)
    forms = forms_of(counts)
    links = _places(forms, together)
    terms = Terms(threshold=threshold, zeros=zeros, numbers=numbers, limit=limit)
    parts = []
    for places in components(forms, links):
        members = tuple(forms[place] for place in places)
        if any(count.key in first for form in members for count in form.counts):
            inside = [[places.index(at) for at in link] for link in links if link[0] in places]
            pattern = Pattern(members, linked(len(members), inside), first, terms)
            parts.append(pattern.find(cost or _value))
    hidden = frozenset(key for part in parts for key in part.hidden)
    return Protection(
        hidden=hidden,
        primary=first,
        secondary=hidden - first,
        bounds={key: span for part in parts for key, span in part.audit.bounds.items()},
        safe=all(part.audit.safe for part in parts),
        withheld=any(part.withheld for part in parts),
    )


def _value(count: Count) -> int:
    return count.value


def _places(forms: Sequence[Form], together: Iterable[Collection[Hashable]]) -> list[list[int]]:
    """The sets of *together* as places of forms."""
    at = {count.key: place for place, form in enumerate(forms) for count in form.counts}
    sets = [tuple(keys) for keys in together]
    if any(key not in at for keys in sets for key in keys):
        raise DefinitionError(
            "together names a key of no count", remedy="name keys of the given counts only"
        )
    return [sorted({at[key] for key in keys}) for keys in sets if keys]
