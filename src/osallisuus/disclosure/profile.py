"""Disclosure profiles: how carefully an output is treated, depending on who will read it.

A profile made in code may have any settings at or above the floor. Data, such as a programme
definition, can only tighten it (:meth:`Profile.tighten`); only code can loosen it, by name, with
``unsafe=True``, which every output then says (API rule R9; promise P15).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from attrs import evolve, field

from osallisuus.disclosure.counts import Zeros
from osallisuus.errors import DisclosureError, did_you_mean
from osallisuus.values import frozen

__all__ = ["FLOOR", "INTERNAL", "PROFILES", "PUBLIC", "Profile", "profile_named"]

FLOOR = 3
"""No threshold below this without ``unsafe=True``: with 2, each of two persons knows the other."""


@frozen(kw_only=True)
class Profile:
    """Who an output is for, and what is hidden from them.

    Raises :class:`DisclosureError` when a setting would protect nobody.
    """

    name: str
    threshold: int = field()
    """At least so many persons stand behind a shown count, and at least so many values remain
    possible for a hidden one."""
    floor: int = FLOOR
    zeros: Zeros = field(default="unsafe")
    """``unsafe`` hides counts of 0 like small ones; ``structural`` takes them for no secret."""
    internal: bool = False
    """For those who may see the records themselves: the output says INTERNAL, and what they saw is
    not remembered as released."""
    base: int | None = field(default=None)
    """All that is shown comes from counts rounded to multiples of this; None: from exact counts."""
    unsafe: bool = False
    """Set in code only: allows a threshold below the floor, and is printed on the output."""

    @threshold.validator
    def _protects(self, _: object, value: object) -> None:
        # A NaN or True would pass comparisons; only a real whole number is a threshold.
        if type(value) is not int or value < 1:
            raise DisclosureError(
                "a threshold must be a whole number of persons, 1 or more",
                where=f"profile {self.name}",
                remedy="write a number such as 5",
            )

    @zeros.validator
    def _known_zeros(self, _: object, value: object) -> None:
        if value not in ("structural", "unsafe"):
            raise DisclosureError(
                "unknown treatment of zeros",
                where=f"profile {self.name}",
                remedy="say 'unsafe' or 'structural'",
            )

    @base.validator
    def _known_base(self, _: object, value: object) -> None:
        if value is not None and (type(value) is not int or value < 2):
            raise DisclosureError(
                "a rounding base must be a whole number, 2 or more",
                where=f"profile {self.name}",
                remedy="say 5 or 10, or None for no rounding",
            )

    def __attrs_post_init__(self) -> None:
        if type(self.floor) is not int or (self.floor < FLOOR and not self.unsafe):
            raise DisclosureError(
                f"the floor of a threshold is {FLOOR}",
                where=f"profile {self.name}",
                remedy="leave the floor as it is",
            )
        if self.threshold < self.floor and not self.unsafe:
            raise DisclosureError(
                f"the threshold is below the floor of {self.floor}",
                where=f"profile {self.name}",
                remedy="raise the threshold; only code can go lower, with unsafe=True",
            )

    def span(self, n: int) -> tuple[int, int]:
        """The lowest and highest count that a reader who sees *n* under this profile thinks of.

        A shown count is 0, or at least the threshold; the rest is rounding, ties up (D.2).
        """
        if self.base is None or n == 0:
            return n, n
        shown = (2 * n + self.base) // (2 * self.base) * self.base
        low = max(shown - self.base // 2, min(self.threshold, n))
        return low, shown + (self.base - 1) // 2

    def tighten(self, threshold: int) -> Profile:
        """The profile with at least this threshold; a lower one than it has changes nothing.

        The way for data to ask for more: it can raise the threshold and never lower it.
        """
        asked = evolve(self, threshold=threshold, unsafe=True)
        return evolve(self, threshold=max(self.threshold, asked.threshold))


PUBLIC = Profile(name="public", threshold=10, base=5)
"""For everybody: the default of all that leaves the library. The settings are those of the most
careful open practice: at least ten persons (ACRO), counts to base 5 (OpenSAFELY)."""

INTERNAL = Profile(name="internal", threshold=5, zeros="structural", internal=True)
"""For the staff of the organisation: exact, and small counts hidden all the same. The output says
INTERNAL on every page."""

PROFILES: Mapping[str, Profile] = MappingProxyType({one.name: one for one in (PUBLIC, INTERNAL)})
"""The profiles that can be asked for by name."""


def profile_named(name: str) -> Profile:
    """The profile of that name, or an error that names the nearest known one."""
    if name not in PROFILES:
        raise DisclosureError(
            "unknown disclosure profile", where="profile", remedy=did_you_mean(name, PROFILES)
        )
    return PROFILES[name]
