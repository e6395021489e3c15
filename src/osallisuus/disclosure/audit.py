"""The audit: what a reader can work out about hidden counts from the shown ones.

The reader is taken to know every shown count, and that no atom holds fewer than nobody. The audit
finds exactly between which values each hidden count can then lie. A hidden count is *safe* when at
least ``threshold`` whole numbers remain possible for it (metric rules D.2; promise P10).
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from fractions import Fraction

from attrs import evolve

from osallisuus.disclosure.counts import Count, Form, Zeros, components, forms_of
from osallisuus.disclosure.knowledge import LIMIT, Interval, Knowledge, Terms
from osallisuus.errors import DefinitionError
from osallisuus.values import frozen

__all__ = ["Audit", "audit", "bounds", "insiders"]


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
        knowledge = _knowledge(members, hidden, terms)
        for place, form in enumerate(members):
            keys = [count.key for count in form.counts if count.key in hidden]
            if keys:
                # on the way to the bounds many values are proved possible
                found |= dict.fromkeys(keys, knowledge.interval(place))
                secret = secrets is None or any(key in secrets for key in keys)
                safe = not secret or knowledge.is_safe(place)
                safe = safe or (zeros == "structural" and form.value == 0)
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
    own = next(at for at, form in enumerate(forms) for one in form.counts if one.key == target)
    part = next(part for part in components(forms) if own in part)
    terms = Terms(threshold=1, zeros=zeros, limit=limit)
    knowledge = _knowledge([forms[place] for place in part], hidden, terms)
    return knowledge.bounds(part.index(own))


def insiders(
    counts: Iterable[Count],
    hidden: Collection[Hashable],
    *,
    threshold: int,
    zeros: Zeros = "unsafe",
    numbers: Mapping[int, int] | None = None,
    limit: int = LIMIT,
    secrets: Collection[Hashable] | None = None,
) -> dict[Hashable, Audit]:
    """The audit once more by each who knows to be in a hidden count: key of that count -> Audit.

    Such a reader knows that the count is at least 1. Nobody needs to be protected from what they
    know themselves, so what this finds is for the reviewer to weigh and makes no release unsafe.
    Counts that share no atom with theirs are left out. Takes what :func:`audit` takes.
    """
    forms = forms_of(counts)
    _check_keys(hidden, forms)
    found: dict[Hashable, Audit] = {}
    for part in components(forms):
        inside = [count for place in part for count in forms[place].counts]
        gone = [count for count in inside if count.key in hidden and not count.released]
        keys = [count.key for count in gone]
        for own in gone:
            if own.value:
                known = evolve(own, key=("insider", own.key), released=True, shown_as=(1, None))
                found[own.key] = audit(
                    [*inside, known],
                    keys,
                    threshold=threshold,
                    zeros=zeros,
                    numbers=numbers,
                    limit=limit,
                    secrets=secrets,
                )
    return found


def _knowledge(forms: Sequence[Form], hidden: Collection[Hashable], terms: Terms) -> Knowledge:
    """What a reader knows who is shown the counts that are not hidden, or out already."""
    knowledge = Knowledge(forms, terms)
    knowledge.hide(
        place
        for place, form in enumerate(forms)
        if all(count.released or count.key in hidden for count in form.counts)
    )
    return knowledge


def _check_keys(keys: Iterable[Hashable], forms: Sequence[Form]) -> None:
    known = {count.key for form in forms for count in form.counts}
    if any(key not in known for key in keys):
        raise DefinitionError(
            "a key names none of the counts", remedy="hide and ask for keys of given counts only"
        )
