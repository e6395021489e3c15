"""Why a figure changed: an exact split of the difference between two publications of it.

Between two figures of the same name something else may have changed than the world: facts were
corrected or came late, somebody was erased, the definition was edited. Since facts are kept as
known then and as known now, the figure can be computed again with one of these at a time. Each
part is the difference that its step makes, in this order, and the parts sum to the whole
difference exactly (metric reference E.3):

1. ``erasures``: the earlier figure, from what is still recorded of what was known then;
2. ``corrections``: the same facts as they read now;
3. ``late_facts``: with what was recorded since about the time before the earlier cut;
4. ``new_time``: the same people, followed to the later cut;
5. ``new_people``: with those who came between the cuts;
6. ``definition``: counted by the later definition;
7. ``cut_off``: with the later parameters, policies and settings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from attrs import field

from osallisuus.values import frozen

__all__ = ["PARTS", "Change", "split"]

PARTS = (
    "erasures",
    "corrections",
    "late_facts",
    "new_time",
    "new_people",
    "definition",
    "cut_off",
)
"""The parts of a change, in the order in which they are told apart."""


@frozen(kw_only=True)
class Change:
    """The difference between two figures and what it is made of, in the unit of the figures.

    The values are exact fractions of the two floating-point values, so that
    ``sum(change.parts.values()) == change.difference`` holds to the last digit.
    """

    before: Fraction
    after: Fraction
    parts: Mapping[str, Fraction] = field()
    """Every name of :data:`PARTS` with its share of the difference, 0 where it made none."""
    unsplit: tuple[str, ...] = ()
    """Steps at which there was no figure, such as one with nobody in it: what they changed is
    in the next part."""

    @property
    def difference(self) -> Fraction:
        """After minus before."""
        return self.after - self.before

    def to_dict(self) -> dict[str, object]:
        """The change as plain JSON values."""
        return {
            "before": float(self.before),
            "after": float(self.after),
            "difference": float(self.difference),
            "parts": {name: float(part) for name, part in self.parts.items()},
            "unsplit": list(self.unsplit),
        }

    def __str__(self) -> str:
        lines = [f"{float(self.before):.4g} -> {float(self.after):.4g}"]
        lines += [
            f"  {name.replace('_', ' '):<12} {float(part):+.4g}"
            for name, part in self.parts.items()
            if part
        ]
        return "\n".join(lines)


def split(before: float, after: float, steps: Mapping[str, Callable[[], float | None]]) -> Change:
    """The split of *after* - *before*, given how to compute the figure after each of the steps.

    The last step is taken to lead to *after*. A step whose figure does not exist counts nothing;
    its share falls to the next one that has a figure.
    """
    known = Fraction(before)
    parts = dict.fromkeys(PARTS, Fraction(0))
    unsplit = []
    for name in PARTS[:-1]:
        value = steps[name]()
        if value is None:
            unsplit.append(name)
            continue
        parts[name] = Fraction(value) - known
        known = Fraction(value)
    parts[PARTS[-1]] = Fraction(after) - known
    return Change(
        before=Fraction(before), after=Fraction(after), parts=parts, unsplit=tuple(unsplit)
    )
