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

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from attrs import field

from osallisuus.errors import Problem
from osallisuus.metrics.plain import PlainFigure
from osallisuus.metrics.written import metric_title, part_label, policy_text, value_text
from osallisuus.values import frozen
from osallisuus.words import Words

__all__ = ["PARTS", "Change", "split", "unrelated"]

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

    previous: PlainFigure
    figure: PlainFigure
    parts: Mapping[str, Fraction] = field()
    """Every name of :data:`PARTS` with its share of the difference, 0 where it made none."""
    unsplit: tuple[str, ...] = ()
    """Steps at which there was no figure, such as one with nobody in it: what they changed is
    in the next part."""

    @property
    def before(self) -> Fraction:
        """The previous value."""
        return Fraction(float(self.previous))

    @property
    def after(self) -> Fraction:
        """The later value."""
        return Fraction(float(self.figure))

    @property
    def difference(self) -> Fraction:
        """After minus before."""
        return self.after - self.before

    @property
    def policies(self) -> dict[str, tuple[str | None, str | None]]:
        """The policies that were chosen otherwise, before and after; ``None``: not chosen."""
        old, new = self.previous.provenance.policies, self.figure.provenance.policies
        return {
            name: (old.get(name), new.get(name))
            for name in sorted({*old, *new})
            if old.get(name) != new.get(name)
        }

    def to_dict(self) -> dict[str, object]:
        """The change as plain JSON values."""
        return {
            "before": float(self.before),
            "after": float(self.after),
            "difference": float(self.difference),
            "parts": {name: float(part) for name, part in self.parts.items()},
            "policies": {name: list(chosen) for name, chosen in self.policies.items()},
            "unsplit": list(self.unsplit),
        }

    def explain(self, locale: str = "en") -> str:
        """The change in plain Finnish (``fi``), Swedish (``sv``) or English (``en``).

        The two values, then a line for each part that made a difference, and the choices that
        are other ones now, also where they make none.
        """
        words = Words(locale)
        lines = [self._moved(words)]
        lines += [
            words(f"change.part.{name}", size=self._size(part, words))
            for name, part in self.parts.items()
            if part
        ]
        if len(lines) == 1:
            lines.append(words("change.nothing"))
        if self.unsplit:
            lines.append(words("change.unsplit"))
        for name, (old, new) in self.policies.items():
            before, after = (
                words("change.not_chosen") if value is None else policy_text(name, value, words)
                for value in (old, new)
            )
            lines.append(words("change.policy", before=before, after=after))
        if self.policies and not self.parts["cut_off"]:
            lines.append(words("change.no_effect"))
        return "\n".join(lines)

    def _moved(self, words: Words) -> str:
        before, after = (value_text(one, words) for one in (self.previous, self.figure))
        days = (words.locale.day(one.provenance.as_of) for one in (self.previous, self.figure))
        first, second = days
        title = metric_title(self.figure.provenance.metric, words)
        part = part_label(self.figure, words)
        what = title if part == title else words("explain.what", title=title, part=part)
        texts = {"before": before, "after": after, "first": first, "second": second}
        return words("change.moved", what=what, **texts)

    def _size(self, part: Fraction, words: Words) -> str:
        share = self.figure.measure == "proportion"
        measure = "difference" if share else self.figure.measure
        # as floats are, 0.1 is a little more or less than a tenth
        size = round(float(part * 100 if measure == "difference" else part), 6)
        # a part of a share is often less than a whole percentage point
        digits = 0 if size.is_integer() else 1 if abs(size) >= 0.05 else 2
        number = words.locale.signed(size, digits)
        return words(f"unit.{measure}", n=1 if abs(size) == 1 else 2, number=number)

    def __str__(self) -> str:
        lines = [f"{float(self.before):.4g} -> {float(self.after):.4g}"]
        lines += [
            f"  {name.replace('_', ' '):<12} {float(part):+.4g}"
            for name, part in self.parts.items()
            if part
        ]
        effect = "" if self.parts["cut_off"] else " (no effect)"
        lines += [
            f"  {name}: {old or 'not chosen'} -> {new or 'not chosen'}{effect}"
            for name, (old, new) in self.policies.items()
        ]
        return "\n".join(lines if len(lines) > 1 else [*lines, "  nothing has changed"])


def unrelated(figure: PlainFigure, previous: PlainFigure) -> Iterator[Problem]:
    """Why *previous* is no earlier publication of *figure*, each reason with what would work.

    Parameters, policies, periods and the definition may differ: these are parts of a change.
    """
    mine, theirs = figure.provenance, previous.provenance
    where = f"{theirs.metric}, {previous.name}"
    if (mine.metric, figure.name, figure.at) != (theirs.metric, previous.name, previous.at):
        what = f"{mine.metric}, {figure.name} is another figure than {where}"
        remedy = "give an earlier figure of the same metric, part and day of a curve"
        yield Problem(what, "why_changed", f"{remedy}; osa.compare says what can be subtracted")
    if mine.program != theirs.program:
        yield Problem(
            f"one figure is of {_of(mine.program)}, the other of {_of(theirs.program)}",
            "why_changed",
            "ask both of the same programme",
        )
    if figure.strata != previous.strata:
        remedy = "ask both by the same strata; osa.compare subtracts what is of other people"
        yield Problem("the figures are of other strata", "why_changed", remedy)
    if mine.as_of < theirs.as_of:
        yield Problem(
            f"the previous figure is the later one: as of {theirs.as_of}, this one {mine.as_of}",
            "why_changed",
            "call it the other way round: later.why_changed(earlier)",
        )


def _of(program: str | None) -> str:
    return "all programmes" if program is None else f"the programme {program}"


def split(
    previous: PlainFigure, figure: PlainFigure, steps: Mapping[str, Callable[[], float | None]]
) -> Change:
    """The split of *figure* - *previous*, given how to compute it after each of the steps.

    The last step is taken to lead to *figure*. A step whose figure does not exist counts nothing;
    its share falls to the next one that has a figure.
    """
    known = Fraction(float(previous))
    parts = dict.fromkeys(PARTS, Fraction(0))
    unsplit = []
    for name in PARTS[:-1]:
        value = steps[name]()
        if value is None:
            unsplit.append(name)
            continue
        parts[name] = Fraction(value) - known
        known = Fraction(value)
    parts[PARTS[-1]] = Fraction(float(figure)) - known
    return Change(previous=previous, figure=figure, parts=parts, unsplit=tuple(unsplit))
