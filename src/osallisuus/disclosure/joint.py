"""What to hide: all counts of a release, and of the earlier ones, in one audit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import Any

from attrs import evolve, field

from osallisuus.disclosure.audit import Audit, audit
from osallisuus.disclosure.cases import Atom, Cases
from osallisuus.disclosure.certificate import Certificate
from osallisuus.disclosure.counts import Count
from osallisuus.disclosure.earlier import (
    ONLY_IN,
    Earlier,
    Named,
    counts_then,
    increments,
    tallies_then,
)
from osallisuus.disclosure.footing import (
    chosen_atoms,
    counts_of,
    differences,
    plain_key,
    sums_of,
    within,
)
from osallisuus.disclosure.knowledge import LIMIT, Interval
from osallisuus.disclosure.profile import Profile
from osallisuus.disclosure.protect import Protection, protect
from osallisuus.disclosure.tallies import (
    REST,
    Key,
    all_or_none,
    near_counts,
    sensitive_keys,
)
from osallisuus.errors import LimitError
from osallisuus.metrics.measure import Measurement
from osallisuus.metrics.metric import Tally, Thinning
from osallisuus.values import frozen

__all__ = ["Drawn", "Verdict", "judged"]


@frozen(kw_only=True, eq=False)
class Drawn:
    """A release as it was drawn: its questions, how their curves are thinned, and its counts."""

    measurements: Sequence[Measurement]
    grids: Sequence[Thinning | None]
    tallies: Mapping[Key, Tally]
    empty: Collection[Key] = ()
    """Counts of nobody that are treated like small ones."""
    staying: Mapping[Key, Interval | None] = field(factory=dict)
    """Counts whose figures stay as published earlier, and what a reader infers of them now."""
    inside: Sequence[Measurement] = ()
    """What readers of earlier releases could add up though nobody asked for it: never shown."""
    inner: Mapping[Key, Tally] = field(factory=dict)
    """The counts of those, numbered behind the questions of this release and of earlier ones."""
    unseen: Collection[Key] = ()
    """Counts of nobody among them that are treated like small ones."""


@frozen(kw_only=True)
class Verdict:
    """What of a release must be hidden, and what its reviewer should know."""

    hidden: frozenset[Hashable]
    secret: frozenset[Key]
    """The counts that would give somebody away by themselves."""
    audited: bool = True
    """Whether all could be audited; what could not is hidden together."""
    certificate: Certificate = field(factory=Certificate)
    """What a reader of all releases can find out of what is hidden."""


def judged(
    drawn: Drawn, earlier: Sequence[Earlier], profile: Profile, *, limit: int = LIMIT
) -> Verdict:
    """What of *drawn* must be hidden, so that with all *earlier* releases nobody is given away.

    Secrets are the sensitive counts of this release, those of earlier ones, those that earlier ones
    add up to, and the few by whom nested counts differ. Where the audit needs more work than
    *limit*, nothing new may leave.
    """
    first = len(drawn.measurements)
    then = tallies_then(earlier, first)
    every = [*drawn.measurements, *(one.measurement for one in earlier), *drawn.inside]
    grids = [*drawn.grids, *(one.asked.grid for one in earlier), *(None for _ in drawn.inside)]
    certificate = Certificate(
        asked=tuple((one.metric.name, one.settings.by) for one in every),
        periods=tuple(one.settings.periods for one in every),
        metrics=tuple(one.metric for one in every),
        profile=profile,
    )
    cases = Cases(every, grids, {**drawn.tallies, **then, **drawn.inner})
    units = cases.units()
    secret = sensitive_keys(drawn.tallies, profile.threshold, units, drawn.empty)
    inner = sensitive_keys(drawn.inner, profile.threshold, units, drawn.unseen)
    near = [
        pair
        for pair in near_counts({**drawn.tallies, **drawn.inner}, every, profile.threshold)
        if drawn.staying.keys().isdisjoint(pair)
    ]
    if not secret and not inner and not near and not earlier:  # no single case needs to be read
        return Verdict(hidden=frozenset(), secret=secret, certificate=certificate)
    then = _numbered(then, cases.atoms(()))
    turned = [key for tallies in (drawn.tallies, then, drawn.inner) for key in all_or_none(tallies)]
    atoms = cases.atoms(turned)
    numbers = dict(enumerate(n for _, n in atoms))
    now = list(counts_of(drawn.tallies, atoms, secret, profile))
    new = [count for count in now if _tally_of(count.key) not in drawn.staying]
    before = list(counts_then(earlier, first, atoms))
    within_reach = list(counts_of(drawn.inner, atoms, inner, profile))
    counts = [*new, *differences([*new, *within_reach], near), *_staying(now, drawn), *before]
    counts += [count for count in within_reach if count.sensitive]
    if earlier:
        shown = {count.key for count in new if not count.sensitive}
        named = _named(every, {**drawn.tallies, **then})
        counts += increments(before, now, shown, named, numbers, profile.threshold)
    chosen = chosen_atoms(counts, atoms, every)
    if len(chosen) < len(atoms):
        counts = within(counts, atoms, chosen)
    sums = list(sums_of(drawn.measurements, drawn.tallies, secret, len(atoms), profile))
    for one in sums:
        numbers |= dict.fromkeys(one.members, one.value) if len(one.members) == 1 else {}
    found = _protected(
        [*counts, *sums], profile, numbers, limit, new=lambda key: _is_new(key, first)
    )
    if found is None:
        hidden = _all(drawn.tallies)
        return Verdict(hidden=hidden, secret=secret, audited=False, certificate=certificate)
    return Verdict(
        hidden=frozenset(map(plain_key, found.hidden)) | secret,
        secret=secret,
        audited=not found.withheld,
        certificate=evolve(
            certificate,
            bounds=found.bounds,
            counts=(*counts, *sums),
            hidden=found.hidden,
            numbers=numbers,
        ),
    )


def _named(
    measurements: Sequence[Measurement], tallies: Mapping[Key, Tally]
) -> dict[Hashable, Named]:
    """What a reader takes each count for, of this release and of earlier ones."""
    found: dict[Hashable, Named] = {}
    for (number, place, label), tally in tallies.items():
        named = Named.of(measurements[number], place, tally)
        found[number, place, label] = named
        found[number, place, (*label, REST)] = named.rest()
    return found


def _tally_of(key: Any) -> Key:
    """The tally of a count, or of the rest of which a count is."""
    number, place, label = key
    return (number, place, label[:-1]) if label[-1:] == (REST,) else key


def _numbered(tallies: Mapping[Key, Tally], atoms: Sequence[tuple[Atom, int]]) -> dict[Key, Tally]:
    """Earlier counts with their numbers, which follow from the single cases."""
    numbers = dict.fromkeys(tallies, 0)
    for atom, n in atoms:
        for key, weight in atom.items():
            if key in numbers:
                numbers[key] += n * weight
    return {key: evolve(tally, n=numbers[key]) for key, tally in tallies.items()}


def _staying(now: Sequence[Count], drawn: Drawn) -> list[Count]:
    """Counts whose figures stay: not shown, but a reader may infer something of them.

    They are kept secret as they are now, too.
    """
    found = [count for count in now if count.sensitive and _tally_of(count.key) in drawn.staying]
    for count in now:
        span = drawn.staying.get(_tally_of(count.key))
        if span is not None and _tally_of(count.key) == count.key:
            known = evolve(count, key=("(stays)", 0, count.key), sensitive=None, released=True)
            found.append(evolve(known, shown_as=span))
    return found


def _protected(
    counts: Sequence[Count],
    profile: Profile,
    numbers: Mapping[int, int],
    limit: int,
    *,
    new: Callable[[Hashable], bool],
) -> Protection | None:
    """A safe pattern; ``None`` where there is none, or it cannot be found.

    What earlier releases alone have narrowed already cannot be mended by hiding; then all else is
    protected, and nothing may narrow those counts any further. But a secret that is *new* with
    this release, such as who has joined since, is never let go: then there is no safe pattern.
    """

    def attempt(over: Sequence[Count]) -> Protection:
        return protect(
            over,
            threshold=profile.threshold,
            zeros=profile.zeros,
            numbers=numbers,
            limit=limit,
        )

    def bounds(hidden: Collection[Hashable], secrets: Collection[Hashable]) -> Audit:
        return audit(
            counts,
            hidden,
            threshold=profile.threshold,
            zeros=profile.zeros,
            numbers=numbers,
            limit=limit,
            secrets=secrets,
        )

    found = attempt(counts)
    if found.safe:
        return found
    try:
        before = bounds([one.key for one in counts if not one.released], found.primary)
        lost = frozenset(before.unsafe)
        if any(map(new, lost)):
            return None
        found = attempt([one for one in counts if one.key not in lost])
        after = bounds(found.hidden | lost, found.primary)
    except LimitError:
        return None
    narrowed = any(after.bounds[key] != before.bounds[key] for key in lost)
    if not lost or not found.safe or not after.safe or narrowed:
        return None
    return evolve(found, hidden=found.hidden | lost, bounds=after.bounds)


def _is_new(key: Any, first: int) -> bool:
    """Whether it is a count of this release, or of those by whom one differs from earlier ones."""
    return key[0] == ONLY_IN or (isinstance(key[0], int) and key[0] < first)


def _all(tallies: Mapping[Key, Tally]) -> frozenset[Hashable]:
    return frozenset({*tallies, *((n, place, (*label, REST)) for n, place, label in tallies)})
