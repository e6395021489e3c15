"""What a metric is: a kind, and one SELECT that gives its cases.

The cases are one row per case with the columns that the kind needs, by name. The library cuts the
facts at ``as_of``, adds periods and strata, counts, and estimates; an author writes none of it.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Literal, Self

from attrs import evolve, field

from osallisuus.errors import DefinitionError, did_you_mean
from osallisuus.metrics.engine import Dialect, Value
from osallisuus.metrics.lint import Lineage, lint
from osallisuus.metrics.plain import Measure
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["Draw", "Label", "Metric", "Row", "Tally", "Thinning", "replace_days"]

Row = Sequence[Any]
Label = tuple[Any, ...]


@frozen
class Tally:
    """A count behind a figure: what is counted, how many cases, of how many protected units."""

    label: Label
    n: int
    units: int | None = None
    """Distinct protected units; ``None``: each case is one."""
    within: Label | None = None
    """The tally of which this one is a part: the rest of it is as sensitive."""
    others: int | None = None
    """Distinct protected units in the rest of ``within``; ``None``: each case is one."""
    telling: bool = False
    """Whether "all of them" and "none of them" say something about each (attribute disclosure)."""
    largest: tuple[int, int, int] | None = None
    """For a sum: its total and its two largest contributions, for the dominance rule."""
    sums: tuple[Label, ...] = ()
    """The labels of :meth:`Metric.contributions` that this tally adds up; its own when empty."""
    additive: bool = False
    """A sum of amounts, which adds up over strata: guarded by the strata that it adds up over."""
    span: tuple[int, int] | None = None
    """What a figure tells of it that does not show it, the lowest and the highest number: then it
    is no secret, and the count that it ``sums`` may be. ``None``: it is shown, but for rounding."""


@frozen
class Thinning:
    """How the curves of a metric are thinned before they may leave (D.1.5).

    ``days`` are, per part of the metric, those to which a curve may step. ``merged`` are codes
    that are too rare to stand alone, and the code under which they are drawn together.
    """

    days: Mapping[str, tuple[int, ...]]
    merged: Mapping[str, str] = field(factory=dict)
    followed: bool = True
    """Whether it may be shown how many are still followed on a day."""
    threshold: int = 0
    """How many people a step is at least; fewer in one stratum are to be guarded."""
    names: tuple[str, ...] = ()
    """The codes that have a curve of their own, in every stratum alike."""
    states: frozenset[tuple[str, str]] = frozenset()
    """Per part, the states that somebody has left, in any stratum; nobody leaves the others."""
    base: int | None = None
    """Every count behind what is shown is rounded to a multiple of this; ``None``: not at all."""

    def rounded(self, n: int, unit: int = 1) -> int:
        """*n* to the nearest multiple of ``base``, ties up (D.2): all that may be shown of it.

        *unit* is how much of *n* one person, or one seat, can be: 100 where n is in percents.
        """
        if self.base is None:
            return n
        base = self.base * unit
        return (2 * n + base) // (2 * base) * base

    def windows(self, part: str = "") -> list[tuple[int, int]]:
        """The steps of a part: after the first day, up to and with the second."""
        days = self.days.get(part, ())
        return list(zip((-1, *days), days, strict=False))

    def window(self, day: int, part: str = "") -> tuple[int, int] | None:
        """The step that *day* falls into; ``None`` after the last one."""
        days = self.days.get(part, ())
        place = bisect_left(days, day)
        if place == len(days):
            return None
        return days[place - 1] if place else -1, days[place]

    def name(self, code: str) -> str:
        """The code under which *code* is drawn."""
        return self.merged.get(code, code)

    def small(
        self, counts: Mapping[tuple[int, int], int], label: Label, part: str = ""
    ) -> list[Tally]:
        """What a reader gets by subtracting points of a curve: steps, one or several, of few."""
        windows = self.windows(part)
        found = []
        for first in range(len(windows)):
            total = 0
            for last in range(first, len(windows)):
                total += counts.get(windows[last], 0)
                if total >= self.threshold:
                    break
                if total:
                    span = (windows[first][0], windows[last][1])
                    sums = tuple((*label, *window) for window in windows[first : last + 1])
                    found.append(Tally(("between", *label, *span), total, sums=sums))
        return found


@frozen(kw_only=True)
class Draw:
    """One figure as a kind draws it, before it knows its place, with the counts behind it.

    A figure may leave only if none of its ``tallies`` has to be hidden.
    """

    name: str
    measure: Measure
    value: float | int | None = None
    low: float | None = None
    high: float | None = None
    std_err: float | None = None
    at: int | None = None
    k: int | None = None
    n: int | None = None
    persons: int | None = None
    at_risk: int | None = None
    censored: float | None = None
    method: str = ""
    reason: str = ""
    """Why the value is undefined; a figure with a reason has no value."""
    notes: tuple[str, ...] = ()
    tallies: tuple[Tally, ...] = ()
    watched: tuple[Tally, ...] = ()
    """Small counts that the figure does not show but, with its neighbours, could give away."""
    open: Tally | None = None
    """The count behind ``censored``: where it must be hidden, only ``censored`` goes."""


@frozen(kw_only=True)
class Metric:
    """A named question with a kind. Use a subclass from :mod:`osallisuus.metrics.kinds`.

    ``cases`` is the SELECT; ``params`` are the values bound in it by name. ``policies`` are the
    named choices that are made, printed with every figure; of those in ``choices`` another value
    can be asked for (:meth:`under`), and the SELECT reads the chosen one as ``:name``. ``source``
    says where the definition comes from. ``unit`` is whom disclosure control protects: the person
    of a case, or the case itself where it has no person (encounters outside services).

    Raises :class:`DefinitionError` at once, with every problem of the SELECT: nothing is found out
    only when the metric is asked.
    """

    kind: ClassVar[str] = ""
    columns: ClassVar[tuple[str, ...]] = ()
    """The columns that ``cases`` must return; those of :data:`LINKS` may come besides."""
    dated: ClassVar[Literal["event", "span"]] = "event"
    """Whether a case belongs to the period of ``happened_on``, or to all that it overlaps."""
    counted: ClassVar[str] = ""
    """How SQL counts the cases where the small table has no persons; empty where it has."""
    in_one_piece: ClassVar[bool] = False
    """Whether the figures of a place are read as one, such as the points of a curve or the steps of
    a funnel: then they are published, and stay as published, together."""
    tabulation: ClassVar[Tabulation] = Tabulation("COUNT", (), ())
    """Which of the eight small tables :meth:`table` gives, after the dims."""

    name: str
    cases: str = field(repr=False)
    params: Mapping[str, Value] = field(factory=dict)
    policies: Mapping[str, str] = field(factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(factory=dict)
    """Policy -> the values that it can have; the one in ``policies`` is the default."""
    unit: Literal["person", "case"] = "person"
    source: str = ""

    def __attrs_post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]{1,63}", self.name):
            raise DefinitionError(
                "not a name for a metric",
                where="name",
                remedy="a small letter, then small letters, digits and _: 2 to 64 signs in all",
            )
        if self.unit not in ("person", "case"):
            raise DefinitionError(
                "not a unit to protect", where=f"{self.name}.unit", remedy="person or case"
            )
        for name, values in self.choices.items():
            if self.policies.get(name) not in values:
                raise DefinitionError(
                    f"the policy {name} needs a default among its choices",
                    where=f"{self.name}.policies",
                    remedy=f"one of {', '.join(values)}",
                )
        if self.kind:
            _ = self.lineage

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that the cases of this metric must return."""
        return self.columns

    @property
    def optional(self) -> tuple[str, ...]:
        """Columns that the cases may return besides, which the kind then takes into account."""
        return ()

    @property
    def free_policies(self) -> tuple[str, ...]:
        """Policies whose value is no choice but the user's own, such as a published number."""
        return ()

    @property
    def flat(self) -> bool:
        """Whether :meth:`table` gives a row for each case: equal rows are then counted for it."""
        return False

    @property
    def traits(self) -> bool:
        """Whether ``person.<trait>`` splits all of a figure, and not only its numerator (F.1)."""
        return True

    @property
    def lineage(self) -> Lineage:
        """What the SELECT reads, and the columns that it returns."""
        needed = self.needed
        if self.unit == "case" and "case_id" not in needed:  # what is protected must be told apart
            needed = (*needed, "case_id")
        # every metric may read the last known day: it is no parameter of its own
        names = tuple(name for name in self.bound if name != "last_day")
        choices = tuple((policy, tuple(values)) for policy, values in self.choices.items())
        return lint(self.name, self.kind, self.cases, names, needed, self.optional, choices)

    @property
    def bound(self) -> Mapping[str, Value]:
        """The values of ``params`` and the chosen policies, by the names that SQL reads."""
        return {**self.policies, **self.params}

    def under(self, **policies: str) -> Self:
        """The same metric under other policies, such as ``excused="out"``: another definition.

        Raises :class:`DefinitionError` for a policy or a value that is not one of ``choices``;
        those of :attr:`free_policies` may have any value that the kind understands.
        """
        known = (*self.choices, *self.free_policies)
        for name, value in policies.items():
            if name in self.free_policies:
                continue
            if name not in self.choices:
                offered = did_you_mean(name, known) if known else "it offers none"
                raise DefinitionError(
                    f"{self.name} offers no choice of this policy", where=name, remedy=offered
                )
            if value not in self.choices[name]:
                raise DefinitionError(
                    "not a value of this policy",
                    where=f"{self.name}: {name}={value}",
                    remedy=f"one of {', '.join(self.choices[name])}",
                )
        return evolve(self, policies={**self.policies, **policies})

    @property
    def definition(self) -> str:
        """First 16 hexadecimal digits of the SHA-256 over all that decides the figures."""
        content: list[Any] = [
            self.kind,
            self.name,
            " ".join(self.cases.split()),
            self.unit,
            self.options(),
        ]
        bound = {key: str(value) for key, value in self.params.items() if key != "last_day"}
        content += [dict(sorted(bound.items()))]
        content += [dict(sorted(self.policies.items()))]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]

    def options(self) -> list[Any]:
        """What of the kind's own fields decides the figures, as JSON values."""
        return []

    # What a kind adds -------------------------------------------------------------------------

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """The SELECT over ``placed`` (the cases with their dims) that gives the small table.

        Its rows are the values of *dims* followed by the kind's own integer and label columns.
        """
        raise DefinitionError("a metric needs a kind", where=self.name, remedy="use a subclass")

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """The figures of one place from its rows of the table; *grid* thins a curve."""
        raise DefinitionError("a metric needs a kind", where=self.name, remedy="use a subclass")

    def grid(self, places: Iterable[Sequence[Row]], threshold: int) -> Thinning | None:
        """How curves are thinned so that no step is fewer than *threshold*; ``None``: no curve."""
        return None

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """SQL expressions over ``placed`` that say, per case, which counts it belongs to."""
        return ()

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """How often one unit, whose cases have these keys, is counted in each tally."""
        return {}

    def otherwise(
        self, rows: Sequence[Row], label: Label, grid: Thinning | None
    ) -> list[Sequence[Row]]:
        """How the cases of one unit could be as well, had it not been, or been, in *label*.

        Each is a list of as many rows: what stands in a place is said of the case there.
        """
        return []


_DAYS = re.compile(r"days_between\s*\(")


def replace_days(sql: str, write: Callable[[str, str], str]) -> str:
    """Write every ``days_between(a, b)`` in *sql* as the engine says it; calls may be nested."""
    while found := _DAYS.search(sql):
        depth, comma, place = 1, -1, found.end()
        while depth and place < len(sql):
            char = sql[place]
            depth += (char == "(") - (char == ")")
            if char == "," and depth == 1 and comma < 0:
                comma = place
            place += 1
        if depth or comma < 0:
            raise DefinitionError("days_between needs two days", where="cases", remedy="(a, b)")
        first, second = sql[found.end() : comma].strip(), sql[comma + 1 : place - 1].strip()
        sql = sql[: found.start()] + write(first, second) + sql[place:]
    return sql
