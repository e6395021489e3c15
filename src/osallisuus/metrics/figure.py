"""Figures: numbers that carry what is needed to judge them.

A :class:`Figure` is one number of one metric, for one stratum, period, part and day. It knows its
interval, the counts behind it, how much of it is censored and where it comes from, and it refuses
to be used as a number when it is hidden or undefined. A :class:`Result` is all figures of one
metric in their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from attrs import evolve, field

from osallisuus.errors import UndefinedFigure, did_you_mean
from osallisuus.metrics.changed import Change
from osallisuus.metrics.doubt import Sensitivity, naive_share, needed_to_halve, sensitivity
from osallisuus.metrics.explain import explain, explain_all
from osallisuus.metrics.frames import (
    arrow_stream,
    column_types,
    pandas_frame,
    polars_frame,
    records,
)
from osallisuus.metrics.notebook import page_of_figure, page_of_result
from osallisuus.metrics.plain import PlainFigure, Provenance
from osallisuus.metrics.printed import line_of, table_of
from osallisuus.time import Period
from osallisuus.values import frozen

__all__ = ["Figure", "Origin", "Result", "Traced"]


@frozen(kw_only=True)
class Traced:
    """One case behind a figure, with the facts that it was counted from."""

    person: str | None
    """``None`` where a case has no person, such as an encounter outside services."""
    counted: bool
    """Whether it is counted in what the figure is about, not only in what it is a part of."""
    facts: tuple[tuple[str, str], ...]
    """Table and id of the facts: those that the case names, and those of the person in the tables
    that the metric reads; of other events than the case names, such as sessions, there is none."""


class Origin(Protocol):
    """How a figure was asked of a register, and so the way back to the facts behind it."""

    def traced(self, figure: Figure) -> tuple[Traced, ...]:
        """The cases behind the figure."""
        ...

    def changed(self, figure: Figure, previous: Figure) -> Change:
        """Why the figure differs from an earlier one."""
        ...

    def programs(self) -> frozenset[str]:
        """The programmes whose facts were asked."""
        ...


@frozen(kw_only=True)
class Figure(PlainFigure):
    """A number that knows how far it can be trusted, and refuses to pass for one that it is not."""

    origin: Origin | None = field(default=None, eq=False, repr=False)
    """How it was asked of a register; ``None`` for what has passed the disclosure gate."""

    def __str__(self) -> str:
        return line_of(self)

    def __repr__(self) -> str:
        return f"<Figure {line_of(self)}>"

    def _repr_html_(self) -> str:
        exact = self.origin is not None or self.provenance.rounding is None
        return page_of_figure(self, internal=exact and self.status != "suppressed")

    def explain(self, locale: str = "en") -> str:
        """The figure in plain Finnish (``fi``), Swedish (``sv``) or English (``en``): what it
        says, how sure that is, what is not known yet, and the choices behind it.

        It says of a hidden figure only that it is hidden, and of an undefined one why.
        """
        internal = self.origin is not None and self.status == "shown"
        return explain(self, locale, internal=internal)

    @property
    def naive(self) -> float | None:
        """The share that people would compute by hand, ``k / n``, where the method reckons with
        those who are still on the way and so says something else; else ``None``.

        Raises :class:`UndefinedFigure` for a hidden or undefined figure, as the next two do.
        """
        return naive_share(self)

    def sensitivity(self, other: Figure | None = None) -> Sensitivity:
        """The share if all unknown cases were a no, and if all were a yes.

        With *other* also how many of them must be a yes to come up to its value.
        """
        return sensitivity(self, other)

    def people_needed(self) -> int:
        """About how many people it would take for an interval half as wide, at the same share."""
        return needed_to_halve(self)

    def facts(self) -> tuple[Traced, ...]:
        """The cases behind the figure, down to the ids of facts: for those who may see them.

        Raises :class:`UndefinedFigure` for a figure that has passed the disclosure gate.
        """
        return self._traceable().traced(self)

    def why_changed(self, previous: Figure) -> Change:
        """The difference from an earlier figure of the same name as an exact split into new time,
        new people, late facts, corrections, erasures, definition and cut-off.

        Raises :class:`UndefinedFigure` where one of the two has no value or no origin, and
        :class:`DefinitionError` where *previous* is no earlier publication of this figure.
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
            method="",  # it depends on the counts: whether anybody is still on their way
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

    def __str__(self) -> str:
        return table_of(self.provenance, self.figures, internal=self.internal)

    def __repr__(self) -> str:
        stamp = ", internal" if self.internal else ""
        return f"<Result {self.provenance.metric}: {len(self.figures)} figures{stamp}>"

    def _repr_html_(self) -> str:
        return page_of_result(self.provenance, self.figures, internal=self.internal)

    def explain(self, locale: str = "en") -> str:
        """All figures in plain words, see :meth:`Figure.explain`; the choices and the method once.

        Raises :class:`DefinitionError` for an unknown language.
        """
        return explain_all(self.figures, locale, internal=self.internal)

    def figure(
        self,
        name: str | None = None,
        *,
        at: int | None = None,
        period: Period | str | None = None,
        **strata: str | None,
    ) -> Figure:
        """The one figure of that part, day, period and stratum; an error when it is not one.

        Where several parts fit and none is named, it is the part named as the metric.

        A period may be written as ``2024-01-01..2025-01-01``. A stratum such as ``group.place`` is written ``group__place``; ``None`` is "not stated".
        """
        wanted = {key.replace("__", "."): value for key, value in strata.items()}
        found = [
            figure
            for figure in self.figures
            if name in (None, figure.name)
            and at in (None, figure.at)
            and (period is None or str(figure.period) == str(period))
            and all(figure.strata.get(key, "") == value for key, value in wanted.items())
        ]
        if name is None and len(found) > 1:  # what stands beside has a name of its own
            found = [one for one in found if one.name == self.provenance.metric] or found
        if len(found) != 1:
            raise UndefinedFigure(
                f"{self.provenance.metric}: {len(found)} figures fit, not one",
                remedy=self._which(name, at, wanted),
            )
        return found[0]

    def _which(self, name: str | None, at: int | None, wanted: Mapping[str, object]) -> str:
        """What to ask instead. Values of strata can be people's own, so none is named."""
        parts = {figure.name for figure in self.figures}
        if name is not None and name not in parts:
            return did_you_mean(name, parts)
        for key in wanted:
            if key not in self.by:
                offered = did_you_mean(key, self.by) if self.by else "none was asked by"
                return f"no stratum of the result; {offered}"
        if at is not None and at not in {figure.at for figure in self.figures}:
            return "a curve has figures on the days on which something happened; see .at of each"
        place = [*self.by, *(["period"] if self.periods else [])]
        return f"name one of the parts {', '.join(sorted(parts))}, and its " + (
            f"{', '.join(place)} or day" if place else "day"
        )

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

    def to_records(self) -> list[dict[str, Any]]:
        """One flat mapping per figure: strata, period, part, numbers, status and origin.

        A hidden number is ``None`` and its status ``suppressed``; ``internal`` says of each row
        whether it is exact.
        """
        return records(self.figures, self.by, internal=self.internal)

    def to_pandas(self) -> Any:
        """The records as a ``pandas.DataFrame``; needs the extra ``pandas``.

        Raises :class:`~osallisuus.errors.PluginError` without it, as the next two do.
        """
        return pandas_frame(self.to_records(), column_types(self.by))

    def to_polars(self) -> Any:
        """The records as a ``polars.DataFrame``; needs the extra ``polars``."""
        return polars_frame(self.to_records(), column_types(self.by))

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The records as an Arrow stream (the PyCapsule protocol); needs the extra ``arrow``."""
        return arrow_stream(self.to_records(), column_types(self.by), requested_schema)
