"""What a metric is: a kind, and one SELECT that gives its cases.

The cases are one row per case with the columns that the kind needs, by name. The library cuts the
facts at ``as_of``, adds periods and strata, counts, and estimates; an author writes none of it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Literal

from attrs import field, frozen

from osallisuus.errors import DefinitionError
from osallisuus.metrics.engine import Dialect, Value
from osallisuus.metrics.figure import Measure

__all__ = ["LINKS", "Draw", "Label", "Metric", "Row", "Tally", "Thinning", "replace_days"]

Row = Sequence[Any]
Label = tuple[Any, ...]

LINKS: Mapping[str, tuple[str, str]] = {
    "group": ("group_id", "groups"),
    "enrollment": ("enrollment", "enrollments"),
    "encounter": ("encounter", "encounters"),
    "session": ("session", "sessions"),
}
"""By which column of the cases a stratum such as ``group.place`` is looked up, and where."""


@frozen
class Tally:
    """A count behind a figure: what is counted, how many cases, of how many protected units."""

    label: Label
    n: int
    units: int | None = None
    """Distinct protected units; ``None``: each case is one."""
    within: Label | None = None
    """The tally of which this one is a part: the rest of it is as sensitive."""
    telling: bool = False
    """Whether "all of them" and "none of them" say something about each (attribute disclosure)."""
    largest: tuple[int, int, int] | None = None
    """For a sum: its total and its two largest contributions, for the dominance rule."""


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

    def windows(self, part: str = "") -> list[tuple[int, int]]:
        """The steps of a part: after the first day, up to and with the second."""
        days = self.days.get(part, ())
        return list(zip((-1, *days), days, strict=False))

    def name(self, code: str) -> str:
        """The code under which *code* is drawn."""
        return self.merged.get(code, code)


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
    open: Tally | None = None
    """The count behind ``censored``: where it must be hidden, only ``censored`` goes."""


@frozen(kw_only=True)
class Metric:
    """A named question with a kind. Use a subclass from :mod:`osallisuus.metrics.kinds`.

    ``cases`` is the SELECT; ``params`` are the values bound in it by name; ``policies`` are the
    named choices that the query makes, printed with every figure; ``source`` says where the
    definition comes from. ``unit`` is whom disclosure control protects: the person of a case, or
    the case itself where it has no person (encounters outside services).
    """

    kind: ClassVar[str] = ""
    columns: ClassVar[tuple[str, ...]] = ()
    """The columns that ``cases`` must return; those of :data:`LINKS` may come besides."""
    dated: ClassVar[Literal["event", "span"]] = "event"
    """Whether a case belongs to the period of ``happened_on``, or to all that it overlaps."""

    name: str
    cases: str
    params: Mapping[str, Value] = field(factory=dict)
    policies: Mapping[str, str] = field(factory=dict)
    unit: Literal["person", "case"] = "person"
    source: str = ""

    def __attrs_post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]{1,63}", self.name):
            raise DefinitionError(
                "not a name for a metric", where="name", remedy="lower case, digits and _"
            )

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that the cases of this metric must return."""
        return self.columns

    @property
    def definition(self) -> str:
        """First 16 hexadecimal digits of the SHA-256 over all that decides the figures."""
        content: list[Any] = [self.kind, self.name, " ".join(self.cases.split()), self.unit, self.options()]
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

    def contributions(
        self, rows: Sequence[Row], grid: Thinning | None
    ) -> Mapping[Label, int]:
        """How often one unit, whose cases have these keys, is counted in each tally."""
        return {}


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
