"""Figures: numbers that carry what is needed to judge them.

A :class:`Figure` is one number of one metric, for one stratum, period, part and day. It knows its
interval, the counts behind it, how much of it is censored and where it comes from, and it refuses
to be used as a number when it is hidden or undefined. A :class:`Result` is all figures of one
metric in their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Literal, Protocol

from attrs import evolve, field

from osallisuus.errors import UndefinedFigure
from osallisuus.metrics.changed import Change
from osallisuus.time import Period
from osallisuus.values import frozen

__all__ = ["Figure", "Measure", "Origin", "Provenance", "Result", "Status", "Traced"]

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


@frozen(kw_only=True)
class Traced:
    """One case behind a figure, with the facts that it was counted from."""

    person: str | None
    """``None`` where a case has no person, such as an encounter outside services."""
    counted: bool
    """Whether it is counted in what the figure is about, not only in what it is a part of."""
    facts: tuple[tuple[str, str], ...]
    """Table and id of the facts: those that the case names, and all of the person in the tables
    that the metric reads."""


class Origin(Protocol):
    """How a figure was asked of a register, and so the way back to the facts behind it."""

    def traced(self, figure: Figure) -> tuple[Traced, ...]:
        """The cases behind the figure."""
        ...

    def changed(self, figure: Figure, previous: Figure) -> Change:
        """Why the figure differs from an earlier one."""
        ...


@frozen(kw_only=True)
class Figure:
    """One number with its interval, counts and status.

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
    origin: Origin | None = field(default=None, eq=False, repr=False)
    """How it was asked of a register; ``None`` for what has passed the disclosure gate."""

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

    def facts(self) -> tuple[Traced, ...]:
        """The cases behind the figure, down to the ids of facts: for those who may see them.

        Raises :class:`UndefinedFigure` for a figure that has passed the disclosure gate.
        """
        return self._traceable().traced(self)

    def why_changed(self, previous: Figure) -> Change:
        """The difference from an earlier figure of the same name as an exact split into new time,
        new people, late facts, corrections, erasures, definition and cut-off.

        Raises :class:`UndefinedFigure` where one of the two has no value or no origin.
        """
        return self._traceable().changed(self, previous)

    def _traceable(self) -> Origin:
        if self.origin is None:
            raise UndefinedFigure(
                f"{self.provenance.metric}: a released figure does not lead back to facts",
                remedy="ask register.measure(...), for those who may see the facts",
            )
        return self.origin

    def suppressed(self) -> Figure:
        """The same place without any number: all that an outsider may see of it."""
        return evolve(
            self,
            value=None,
            low=None,
            high=None,
            std_err=None,
            k=None,
            n=None,
            persons=None,
            at_risk=None,
            censored=None,
            status="suppressed",
            reason="",
            notes=(),
        )

    def to_dict(self) -> dict[str, Any]:
        """The figure as plain JSON values; hidden and undefined numbers are ``None``."""
        return {
            "strata": dict(self.strata),
            "period": None if self.period is None else str(self.period),
            "name": self.name,
            "at": self.at,
            "measure": self.measure,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "std_err": self.std_err,
            "k": self.k,
            "n": self.n,
            "persons": self.persons,
            "at_risk": self.at_risk,
            "censored": self.censored,
            "method": self.method,
            "status": self.status,
            "reason": self.reason,
            "notes": list(self.notes),
        }


@frozen(kw_only=True)
class Result:
    """All figures of one metric, in their order."""

    provenance: Provenance
    figures: tuple[Figure, ...]
    by: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    notes: tuple[str, ...] = ()
    internal: bool = True
    """True until the disclosure gate has let it out."""

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.figures)

    def __len__(self) -> int:
        return len(self.figures)

    def figure(self, name: str | None = None, *, at: int | None = None, **strata: str) -> Figure:
        """The one figure of that part, day and stratum; an error when it is not exactly one."""
        found = [
            figure
            for figure in self.figures
            if name in (None, figure.name)
            and (at is None or figure.at == at)
            and all(
                figure.strata.get(key.replace("__", ".")) == value for key, value in strata.items()
            )
        ]
        if len(found) != 1:
            parts = sorted({figure.name for figure in self.figures})
            raise UndefinedFigure(
                f"{self.provenance.metric}: {len(found)} figures fit, not one",
                remedy=f"name one of the parts {', '.join(parts)} and its stratum or day",
            )
        return found[0]

    def to_dict(self) -> dict[str, Any]:
        """The result as plain JSON values, in the shape that ``measure --json`` prints."""
        source = self.provenance
        return {
            "metric": source.metric,
            "kind": source.kind,
            "settings": {
                "by": list(self.by),
                "periods": [str(period) for period in self.periods],
                "as_of": source.as_of.isoformat(),
                "known_at": None if source.known_at is None else source.known_at.isoformat(),
                "confidence": source.confidence,
                "definition": source.definition,
                "engine": source.engine,
                "policies": dict(source.policies),
                "internal": self.internal,
            },
            "notes": list(self.notes),
            "figures": [figure.to_dict() for figure in self.figures],
        }
