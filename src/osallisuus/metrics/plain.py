"""The plain values of a figure: what its words are made of.

They stand apart from :class:`~osallisuus.metrics.figure.Figure`, which adds what one can do with
them, so that the modules that write and explain figures need not know how figures are asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from attrs import field

from osallisuus.errors import UndefinedFigure
from osallisuus.time import Period
from osallisuus.values import frozen

__all__ = ["Measure", "PlainFigure", "Provenance", "Status"]

Status = Literal["shown", "undefined", "suppressed"]
Measure = Literal[
    "count", "proportion", "difference", "mean", "change", "rate", "days", "hours", "money"
]
"""The unit of a value: a number of cases; a share in [0, 1]; a difference of two shares; a mean in
the metric's own unit; a difference of two means; a rate per 30 days; days; hours; euros."""


@frozen(kw_only=True)
class Provenance:
    """Where a figure comes from: enough to compute it again."""

    metric: str
    kind: str
    definition: str
    """First 16 hexadecimal digits of the SHA-256 of the metric's definition."""
    as_of: date
    """Facts dated before this day are counted; what happened later is not known yet."""
    known_at: datetime | None = None
    """Facts as they were recorded at this moment; ``None`` = as recorded now."""
    confidence: float = 0.95
    engine: str = ""
    policies: Mapping[str, str] = field(factory=dict)
    """Named choices, such as ``{"clock": "running"}``; each is printed with the figure."""
    program: str | None = None
    """The programme that was asked; ``None``: all that the store holds."""
    rounding: int | None = None
    """Every count behind the figure is rounded to a multiple of this; ``None``: not rounded."""


@frozen(kw_only=True)
class PlainFigure:
    """One number with its interval, counts and status; it refuses to pass for one that it is not.

    ``value``, ``low``, ``high`` and ``std_err`` are in the unit that ``measure`` names
    (:data:`Measure`). ``k`` of ``n`` are the cases behind it, where
    the value is a share; ``persons`` counts distinct persons (or other protected units).
    """

    name: str
    """The part: what of the metric this is, for a curve the state or ending."""
    measure: Measure
    provenance: Provenance
    strata: Mapping[str, str | None] = field(factory=dict)
    """``None`` as a value means: not stated in the facts."""
    period: Period | None = None
    at: int | None = None
    """Days since the origin, for a point on a curve."""
    value: float | int | None = None
    low: float | None = None
    high: float | None = None
    std_err: float | None = None
    """The standard error of the value, where the method has one."""
    k: int | None = None
    n: int | None = None
    persons: int | None = None
    at_risk: int | None = None
    censored: float | None = None
    """Share of the cases whose outcome is not known yet."""
    method: str = ""
    status: Status = "shown"
    reason: str = ""
    """Why the figure is undefined; empty otherwise."""
    notes: tuple[str, ...] = ()
    """Codes of warnings that belong beside the figure, such as ``few_clusters``."""
    difference_of: tuple[PlainFigure, PlainFigure] | None = field(default=None, repr=False)
    """Of a difference of two figures: the first, and the one that is subtracted from it."""

    def __float__(self) -> float:
        if self.value is None or self.status != "shown":
            raise UndefinedFigure(
                f"{self.provenance.metric}: the figure {self.name!r} is {self.status}",
                remedy=self.reason or "look at its status before using it as a number",
            )
        return float(self.value)

    @property
    def key(self) -> tuple[object, ...]:
        """What tells the figure from its neighbours in a result."""
        return (tuple(self.strata.items()), self.period, self.name, self.at)
