"""Counts over atoms: the one footing on which all figures of a release are audited together.

An *atom* is a finest kind of person (or other protected unit): a cell of the cross-classification
of everything that is published. Every published number of persons is a sum over atoms, so tables
that share persons, subset tables and complements need no rules of their own (metric rules D.2).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Literal

from attrs import field

from osallisuus.errors import DefinitionError, DisclosureError
from osallisuus.values import frozen

__all__ = ["Count", "Form", "Zeros", "components", "forms_of", "linked", "primary"]

Zeros = Literal["structural", "unsafe"]
"""``unsafe``: a count of 0 is as sensitive as a small one. ``structural``: it is no secret, since
everybody knows that nobody could have been counted there; then it cannot hide anything either."""


def _weights(members: Mapping[int, int] | Iterable[int]) -> dict[int, int]:
    """Atom -> weight, in the order of atoms."""
    pairs = members.items() if isinstance(members, Mapping) else ((atom, 1) for atom in members)
    return dict(sorted(pairs))


@frozen
class Count:
    """One figure that is, or could be, published: a sum over atoms with a true value.

    ``members`` are the atoms that it sums, or a mapping of atoms to whole weights above 0. Give
    *every* combination that a reader could think possible its atom, also where nobody is in it:
    an atom left out is an atom that the reader is told to be empty.
    """

    key: Hashable
    members: Mapping[int, int] = field(converter=_weights)
    value: int = field()
    sensitive: bool | None = field(default=None, kw_only=True)
    """True: must be hidden, whatever its size (dominance); False: nobody's secret (sessions,
    places); None: by its size, see :func:`primary`."""
    released: bool = field(default=False, kw_only=True)
    """Already out, in an earlier release: the reader knows it and it cannot be hidden any more."""
    shown_as: tuple[int, int | None] | None = field(default=None, kw_only=True)
    """The lowest and highest value that what is printed leaves open, such as (8, 12) for "10" after
    rounding to base 5; None: it is printed as it is."""
    hint: bool = field(default=False, kw_only=True)
    """What another figure tells of a number that it does not show: a count of the same atoms may
    be hidden all the same, and is then audited by what the hint leaves open."""

    @members.validator
    def _some_atom(self, _: object, value: Mapping[int, int]) -> None:
        if not value or any(weight < 1 for weight in value.values()):
            raise DefinitionError(
                "a count must sum at least one atom, each with a whole weight above 0",
                remedy="give each possible combination an atom, also one that holds nobody",
            )

    @value.validator
    def _not_negative(self, _: object, value: int) -> None:
        if type(value) is not int or value < 0:
            raise DefinitionError("a count must be a whole number, 0 or more")

    @shown_as.validator
    def _holds_value(self, _: object, span: tuple[int, int | None] | None) -> None:
        if span is not None and not (
            span[0] <= self.value and (span[1] is None or self.value <= span[1])
        ):
            raise DefinitionError(
                "what a count is shown as must leave its true value open",
                remedy="compute the rounding interval from the true value",
            )

    @property
    def interval(self) -> tuple[int, int | None]:
        """What the reader learns when the count is shown: its lowest and highest value."""
        return self.shown_as or (self.value, self.value)


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


@frozen
class Form:
    """All counts that sum the same atoms, or all hints at them: who knows one knows them all."""

    counts: tuple[Count, ...]

    @property
    def members(self) -> Mapping[int, int]:
        """Atom -> weight."""
        return self.counts[0].members

    @property
    def value(self) -> int:
        """The true value."""
        return self.counts[0].value

    def interval(self, zeros: Zeros, *, hidden: bool) -> tuple[int, int | None]:
        """What the reader knows of it: the lowest and highest value, (0, None) when nothing."""
        if self.value == 0 and zeros == "structural":
            return 0, 0
        spans = [count.interval for count in self.counts if count.released or not hidden]
        tops = [high for _, high in spans if high is not None]
        return max((low for low, _ in spans), default=0), min(tops, default=None)


def forms_of(counts: Iterable[Count]) -> tuple[Form, ...]:
    """The counts by what they sum, in an order that does not depend on theirs."""
    found: dict[tuple[bool, tuple[tuple[int, int], ...]], list[Count]] = {}
    keys: set[Hashable] = set()
    for count in counts:
        found.setdefault((count.hint, tuple(count.members.items())), []).append(count)
        if count.key in keys:
            raise DefinitionError("two counts have the same key", remedy="give each its own key")
        keys.add(count.key)
    if any(len({count.value for count in same}) > 1 for same in found.values()):
        raise DisclosureError(
            "two counts over the same atoms have different values",
            remedy="counts that differ must differ in their atoms",
        )
    return tuple(Form(tuple(found[key])) for key in sorted(found))


def linked(places: int, links: Iterable[Sequence[int]]) -> list[list[int]]:
    """The places ``0 .. places - 1`` in groups: links join, directly or by way of others."""
    parts = list(range(places))

    def root(place: int) -> int:
        while parts[place] != place:
            parts[place] = parts[parts[place]]
            place = parts[place]
        return place

    for link in links:
        for place in link:
            low, high = sorted((root(link[0]), root(place)))
            parts[high] = low
    groups: dict[int, list[int]] = {}
    for place in range(places):
        groups.setdefault(root(place), []).append(place)
    return list(groups.values())


def components(forms: Sequence[Form], links: Iterable[Sequence[int]] = ()) -> list[list[int]]:
    """Places of the forms in groups that share atoms or a link, directly or by way of others."""
    first: dict[int, int] = {}
    shared = [
        (first.setdefault(atom, place), place)
        for place, form in enumerate(forms)
        for atom in form.members
    ]
    return linked(len(forms), [*shared, *links])
