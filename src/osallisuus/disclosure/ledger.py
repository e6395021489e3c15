"""The ledger's lines: what a release was asked, and what of each count and figure it told.

A line holds every question as data, so that it can be asked again of the facts as they were known
then. Of a count it holds only what a reader was told, as an interval, and never the true number;
no id of a person stands in it. Figures are held as they were published, so that they stand also
when facts are corrected or somebody is erased (metric rules D.2; promise P10).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, get_type_hints

from attrs import evolve, field, fields

from osallisuus.disclosure.plain import DEFINITION, from_plain, to_plain
from osallisuus.errors import DisclosureError, Problem
from osallisuus.metrics import kinds
from osallisuus.metrics.compile import Settings
from osallisuus.metrics.figure import Figure
from osallisuus.metrics.measure import Place
from osallisuus.metrics.metric import Label, Metric, Tally, Thinning
from osallisuus.metrics.plain import PlainFigure, Provenance
from osallisuus.model.store import Publication, Store
from osallisuus.model.structure import structure
from osallisuus.values import frozen

__all__ = ["Line", "Question", "Told", "entries_of"]

_FORM = 1
"""The version of the content; a line of a newer one is not understood and stops every release."""


@frozen(kw_only=True)
class Told:
    """What a release told of one count; what the count is says its label."""

    place: Place
    label: Label
    span: tuple[int, int] | None = None
    """The lowest and highest number that what was shown leaves open; ``None``: not shown."""
    secret: bool = False
    """Hidden since it would have given somebody away by itself."""
    rest_secret: bool = False
    """The same of the rest of the count that it is a part of."""
    within: Label | None = None
    telling: bool = False
    sums: tuple[Label, ...] = ()

    def tally(self, n: int) -> Tally:
        """The count itself, with its number *n* as the facts have it now."""
        return Tally(self.label, n, within=self.within, telling=self.telling, sums=self.sums)


@frozen(kw_only=True)
class Question:
    """One question of a release, the figures that it published, and what they told."""

    metric: Metric
    settings: Settings
    provenance: Provenance
    grid: Thinning | None = None
    figures: tuple[Figure, ...] = ()
    stayed: tuple[int | None, ...] = ()
    """Per figure the number of the line that it is repeated from; ``None``: it is of this one."""
    told: tuple[Told, ...] = ()
    hidden: int = 0
    """How many figures are hidden, with those that are not even listed."""

    @property
    def is_new(self) -> bool:
        """Whether any figure was published here first."""
        return any(
            figure.status == "shown" and origin is None
            for figure, origin in zip(self.figures, self.stayed, strict=True)
        )


@frozen(kw_only=True)
class Line:
    """One release in the ledger; ``number``, ``moment`` and ``tx`` come from the store."""

    number: int = 0
    moment: datetime | None = None
    tx: int
    actor: str
    purpose: str
    profile: str
    threshold: int
    base: int | None
    people: int
    """How many people the facts had at that commit: with fewer of them now, some were erased."""
    asked: tuple[Question, ...] = field(factory=tuple, repr=False)

    def content(self) -> str:
        """The line as JSON text, for :meth:`~osallisuus.model.store.Store.publish`.

        Raises :class:`DisclosureError` for a metric that could not be asked again.
        """
        data = {
            "form": _FORM,
            "profile": self.profile,
            "threshold": self.threshold,
            "base": self.base,
            "people": self.people,
            "asked": [_question_data(one) for one in self.asked],
        }
        return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def entries_of(store: Store) -> Iterator[Line]:
    """The ledger of a store, oldest first; nothing where it keeps none."""
    if "ledger" in store.capabilities:
        for publication in store.publications():
            yield _line(publication)


def _line(publication: Publication) -> Line:
    data = json.loads(publication.content)
    if data.pop("form") != _FORM:
        raise DisclosureError(
            "the ledger was written by a newer version of the library",
            where=f"release {publication.number}",
            remedy="use that version, or a newer one",
        )
    asked = tuple(_question(one) for one in data.pop("asked"))
    return Line(
        number=publication.number,
        moment=publication.recorded_at,
        tx=publication.tx,
        actor=publication.actor,
        purpose=publication.purpose,
        asked=asked,
        **data,
    )


def _question_data(asked: Question) -> dict[str, Any]:
    data = _metric_data(asked.metric)
    if _metric(data) != asked.metric:
        raise DisclosureError(
            "the definition of a metric does not come back from the ledger as it was",
            where=asked.metric.name,
            remedy="use numbers, texts, days, tuples and definitions as its values",
        )
    figures = [
        {
            **to_plain(figure, PlainFigure, without=("provenance",)),
            **({} if origin is None else {"stayed": origin, "as_of": _day(figure)}),
            **({} if figure.provenance.rounding is None else {"to": figure.provenance.rounding}),
        }
        for figure, origin in zip(asked.figures, asked.stayed, strict=True)
    ]
    return {
        "metric": data,
        "settings": to_plain(asked.settings, Settings),
        "provenance": to_plain(asked.provenance, Provenance),
        "grid": None if asked.grid is None else to_plain(asked.grid, Thinning),
        "figures": figures,
        "told": [to_plain(one, Told) for one in asked.told],
        "hidden": asked.hidden,
    }


def _day(figure: Figure) -> Any:
    return to_plain(figure.provenance.as_of)


def _question(data: dict[str, Any]) -> Question:
    provenance = Provenance(**from_plain(data["provenance"]))
    figures, stayed = [], []
    for one in data["figures"]:
        values = from_plain(one)
        stayed.append(values.pop("stayed", None))
        as_of = values.pop("as_of", provenance.as_of)
        source = evolve(provenance, as_of=as_of, rounding=values.pop("to", None))
        figures.append(Figure(provenance=source, **values))
    return Question(
        metric=_metric(data["metric"]),
        settings=Settings(**from_plain(data["settings"])),
        provenance=provenance,
        grid=None if data["grid"] is None else Thinning(**from_plain(data["grid"])),
        figures=tuple(figures),
        stayed=tuple(stayed),
        told=tuple(_told(one) for one in data["told"]),
        hidden=data["hidden"],
    )


def _told(data: dict[str, Any]) -> Told:
    values = from_plain(data)
    return Told(place=Place(*values.pop("place")), **values)


def _metric_data(metric: Metric) -> dict[str, Any]:
    return {"kind": metric.kind, **to_plain(metric, type(metric))}


def _metric(data: dict[str, Any]) -> Metric:
    """The metric again, if its kind is one of the library's."""
    known = {getattr(kinds, name).kind: getattr(kinds, name) for name in kinds.__all__}
    kind = known.get(data["kind"])
    if kind is not None:
        hints = get_type_hints(kind, include_extras=True)
        problems: list[Problem] = []
        values = {
            name: structure(hints.get(name), one[DEFINITION], name, problems)
            if isinstance(one, dict) and DEFINITION in one
            else from_plain(one)
            for name, one in data.items()
            if name != "kind"
        }
        if not problems and values.keys() <= {one.name for one in fields(kind)}:
            made: Metric = kind(**values)
            return made
    raise DisclosureError(
        "a metric of this kind cannot be asked again, so no release of it can be protected",
        where=str(data.get("name", "")),
        remedy="use a kind of this library, or ask it with profile='internal'",
    )
