"""How large a group must be before a figure of it may be published, and before it says much.

Facts of growing size are made up and put through the real disclosure gate. So the answer takes in
all that the gate looks at: small counts, their complements, the totals beside them. It rests on
the habits that are put in and on nothing that is known of any real group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Final

from attrs import field

from osallisuus.errors import DefinitionError, did_you_mean
from osallisuus.given import given_number, given_whole
from osallisuus.metrics.figure import Figure
from osallisuus.model.facts import Enrollment, Fact
from osallisuus.model.program import Program
from osallisuus.register import open_register
from osallisuus.simulate.habits import Habits
from osallisuus.simulate.world import simulate
from osallisuus.values import frozen

__all__ = ["ENOUGH", "SIZES", "HowLarge", "Question", "Tried", "how_large"]

ENOUGH: Final = 0.9
"""The share of seeds in which something must hold for it to count as holding."""

SIZES: Final = (20, 40, 80, 160, 320, 640)
"""People who are reached, if no other sizes are asked."""

_MOST_PEOPLE: Final = 20_000
_MOST_SEEDS: Final = 1_000
_WIDEST: Final = 10**18


@frozen(kw_only=True)
class Question:
    """What is to be published: a metric, the part of it, split by what.

    With ``by`` every stratum must be shown, since one that is hidden leaves a hole in the table.
    """

    metric: str
    part: str | None = None
    """Such as ``completed``; ``None``: every part."""
    by: tuple[str, ...] = ()
    at: int | None = None
    """Of a curve: the day; ``None``: all that it has."""
    profile: str = "public"

    def asks_for(self, figure: Figure) -> bool:
        """Whether *figure* is one of those that are meant."""
        return self.part in (None, figure.name) and self.at in (None, figure.at)


@frozen(kw_only=True)
class Tried:
    """What became of one size: of so many seeds the figures were shown, and narrow, in so many."""

    people: int
    """Who were reached."""
    started: float
    """Who started, on average over the seeds."""
    seeds: int
    shown: int
    narrow: int | None = None
    """``None``: no width was asked."""


@frozen(kw_only=True)
class HowLarge:
    """The answer: each size that was tried, from small to large. Made up, like the facts."""

    question: Question
    narrower_than: float | None
    tried: tuple[Tried, ...] = field()

    @property
    def shown_from(self) -> Tried | None:
        """The smallest size from which on the figures are shown in :data:`ENOUGH` of the seeds.

        Every larger size that was tried must keep it. ``None``: even the largest was not enough.
        """
        return self._from(lambda one: one.shown >= ENOUGH * one.seeds)

    @property
    def narrow_from(self) -> Tried | None:
        """The same for intervals that are shown and narrower than asked; ``None`` if not asked."""
        return self._from(lambda one: one.narrow is not None and one.narrow >= ENOUGH * one.seeds)

    def _from(self, holds: Callable[[Tried], bool]) -> Tried | None:
        found = None
        for one in reversed(self.tried):
            if not holds(one):
                break
            found = one
        return found

    def __str__(self) -> str:
        lines = ["made up: people reached, started on average, shown, narrow, of seeds"]
        for one in self.tried:
            narrow = "-" if one.narrow is None else one.narrow
            lines.append(
                f"{one.people:>7} {one.started:>8.1f} {one.shown:>5} {narrow:>5} {one.seeds:>5}"
            )
        return "\n".join(lines)


def how_large(
    program: Program,
    question: Question | str,
    habits: Habits | None = None,
    *,
    sizes: Sequence[int] = SIZES,
    seeds: int = 10,
    seed: int = 0,
    narrower_than: float | None = None,
) -> HowLarge:
    """From which size on *question* may be answered in public, as *program* and *habits* have it.

    Each of the *sizes* is simulated *seeds* times, each time with a random number generator of its
    own that *seed* begins, and released by itself, as a first release. *narrower_than* is a width
    of the published interval, in the figure's own unit. *program* must be installed, or its facts
    would be judged by no definition.

    Raises :class:`DefinitionError` for a metric, part or stratum that there is not, for nothing to
    try, and for more than 20,000 people or 1,000 seeds.
    """
    asked = Question(metric=question) if isinstance(question, str) else question
    if not sizes:
        raise DefinitionError("nothing to try", where="sizes", remedy="give sizes of 1 or more")
    for people in sizes:
        given_whole(people, "sizes", 1, _MOST_PEOPLE)
    given_whole(seeds, "seeds", 1, _MOST_SEEDS)
    if narrower_than is not None:
        given_number(narrower_than, "narrower_than", 0, _WIDEST)
    tried = []
    for people in sorted(set(sizes)):
        runs = []
        for number in range(seeds):
            random = Random(f"{seed} {people} {number}")  # noqa: S311 - made-up facts, no secrets
            facts = list(simulate(program, people=people, random=random, habits=habits))
            runs.append((_started(facts), _widest(program.name, asked, facts)))
        tried.append(_tried(people, runs, narrower_than))
    return HowLarge(question=asked, narrower_than=narrower_than, tried=tuple(tried))


def _tried(
    people: int, runs: Sequence[tuple[int, float | None]], narrower_than: float | None
) -> Tried:
    widths = [width for _, width in runs if width is not None]
    narrow = None
    if narrower_than is not None:
        narrow = sum(width < narrower_than for width in widths)
    return Tried(
        people=people,
        started=sum(started for started, _ in runs) / len(runs),
        seeds=len(runs),
        shown=len(widths),
        narrow=narrow,
    )


def _started(facts: Iterable[Fact]) -> int:
    return sum(isinstance(one, Enrollment) and one.started_on is not None for one in facts)


def _widest(program: str, question: Question, facts: Iterable[Fact]) -> float | None:
    """The widest published interval of what is asked; ``None`` where any of it is not shown.

    A figure without an interval, such as a count, says how many there were; it has no width.
    """
    with open_register("memory:", actor="simulate", purpose="simulate") as register:
        register.add(facts)
        released = register.release(
            question.metric, profile=question.profile, by=question.by, program=program
        )
    (result,) = released.results
    names = {figure.name for figure in result}
    if question.part is not None and names and question.part not in names:
        raise DefinitionError(
            "the metric has no such part",
            where=f"part of {question.metric}",
            remedy=did_you_mean(question.part, names),
        )
    figures = [figure for figure in result if question.asks_for(figure)]
    if not figures or any(figure.status != "shown" for figure in figures):
        return None
    widths = (
        figure.high - figure.low
        for figure in figures
        if figure.low is not None and figure.high is not None
    )
    return max(widths, default=0.0)
