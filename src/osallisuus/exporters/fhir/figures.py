"""Released figures as FHIR: a Measure for each metric, a MeasureReport for each period of it.

A figure of all is the score of a group of the report; a figure of some of them is a stratum of it.
A hidden number is not there, and says ``masked`` in its place; one that cannot be computed says
why. An exact report for insiders carries the tag ``INTERNAL`` and the label "restricted".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any, ClassVar, Final

from osallisuus.exporters.clean import clean_values
from osallisuus.exporters.fhir.parts import (
    OWN,
    R4B,
    R5,
    Json,
    Release,
    absent,
    concept,
    entry,
    own,
    resource_id,
    stated,
)
from osallisuus.exporters.figures import figures_of
from osallisuus.metrics.figure import Figure
from osallisuus.metrics.written import label_of, metric_title, part_label
from osallisuus.reports.document import Document
from osallisuus.reports.exporter import API_VERSION
from osallisuus.words import Words
from osallisuus.words.card import card_named

__all__ = ["FhirR4bExporter", "FhirR5Exporter"]

_HL7: Final = "http://terminology.hl7.org/CodeSystem/"
_POPULATIONS: Final = {
    "initial_population": "initial-population",
    "denominator": "denominator",
    "denominator_exclusion": "denominator-exclusion",
    "denominator_exception": "denominator-exception",
    "numerator": "numerator",
    "numerator_exclusion": "numerator-exclusion",
}
_UNITS: Final = {
    "proportion": ("1", "http://unitsofmeasure.org"),
    "days": ("d", "http://unitsofmeasure.org"),
    "hours": ("h", "http://unitsofmeasure.org"),
    "money": ("EUR", "urn:iso:std:iso:4217"),
}
_WHY: Final = {
    "no_cases": "not-applicable",
    "not_applicable": "not-applicable",
    "not_known_yet": "temp-unknown",
    "beyond_follow_up": "temp-unknown",
}
"""Why a figure is undefined, in the codes of HL7; anything else is ``unknown``."""


class _FhirExporter:
    """Writes the figures of a document as one Bundle of Measure and MeasureReport resources."""

    api_version: ClassVar[int] = API_VERSION
    suffix: ClassVar[str] = ".json"
    media_type: ClassVar[str] = "application/fhir+json"
    release: ClassVar[Release]

    def render(self, document: Document) -> bytes:
        """The bundle as indented JSON ending in a line break."""
        reports = _Reports(document, self.release)
        moment = document.generated
        bundle = {
            "resourceType": "Bundle",
            "meta": reports.meta,
            "type": "collection",
            **({"timestamp": moment.isoformat()} if moment and moment.tzinfo else {}),
            "entry": [entry(resource) for resource in reports.resources()],
        }
        return (
            json.dumps(clean_values(stated(**bundle)), indent=1, ensure_ascii=False) + "\n"
        ).encode()


class FhirR4bExporter(_FhirExporter):
    """The figures of a document as a Bundle of FHIR R4B."""

    name: ClassVar[str] = "fhir-r4b"
    release: ClassVar[Release] = R4B


class FhirR5Exporter(_FhirExporter):
    """The figures of a document as a Bundle of FHIR R5."""

    name: ClassVar[str] = "fhir-r5"
    release: ClassVar[Release] = R5


class _Reports:
    """The resources of one document."""

    def __init__(self, document: Document, release: Release) -> None:
        self.document, self.release = document, release
        self.words = Words(document.locale)
        tags = []
        if document.internal:
            tags.append({"system": f"{OWN}output", "code": "INTERNAL"})
        if document.metadata.get("synthetic") == "yes":
            tags.append({"system": f"{_HL7}v3-ActReason", "code": "HTEST"})
        label = {"system": f"{_HL7}v3-Confidentiality", "code": "R"}
        self.meta = stated(security=[label] if document.internal else None, tag=tags)

    def resources(self) -> Iterator[Json]:
        """Each measure before its reports."""
        for figures in _together(figures_of(self.document), by_period=False):
            yield self._measure(figures)
            for some in _together(figures, by_period=True):
                yield self._report(some)

    def _measure(self, figures: Sequence[Figure]) -> Json:
        source = figures[0].provenance
        card = card_named(source.metric)
        locale = self.document.locale
        sentence = card.sentence.get(locale) if card else None
        populations = {} if card is None else card.populations
        told = [
            {
                "code": concept(f"{_HL7}measure-population", _POPULATIONS[name]),
                "description": said[locale],
                # a sentence for people: the media type says that no machine can run it
                "criteria": {"language": "text/plain", "expression": said[locale]},
            }
            for name, said in populations.items()
            if name in _POPULATIONS and locale in said
        ]
        parts = {figure.name: self._part(figure) for figure in figures}
        return stated(
            resourceType="Measure",
            id=_measure_id(figures[0]),
            meta=self.meta,
            url=f"{OWN}metric:{source.metric}",
            version=source.definition,
            name=source.metric,
            title=metric_title(source.metric, self.words),
            status="active",
            description=sentence,
            scoring=_scoring(figures),
            group=[
                stated(**self._link(name), code=code, population=told)
                for name, code in parts.items()
            ],
        )

    def _part(self, figure: Figure) -> Json:
        return concept("part", figure.name or figure.provenance.metric) | {
            "text": part_label(figure, self.words) or figure.provenance.metric
        }

    def _link(self, name: str) -> Json:
        return {"linkId": name or "all"} if self.release.r5 else {}

    def _report(self, figures: Sequence[Figure]) -> Json:
        source, period = figures[0].provenance, figures[0].period
        # a period of ours does not hold its last day, and one of FHIR does
        last = (source.as_of if period is None else min(period.ends_on, source.as_of)) - timedelta(
            1
        )
        first = None if period is None else period.starts_on
        dates = stated(
            start=first and first.isoformat(),
            end=last.isoformat() if first is None or first <= last else first.isoformat(),
        )
        choices = [own("choice", "String", f"{one}={way}") for one, way in source.policies.items()]
        generated = self.document.generated
        parts = dict.fromkeys(figure.name for figure in figures)
        content = stated(
            meta=self.meta,
            extension=choices,
            status="complete",
            type="summary",
            measure=f"{OWN}metric:{source.metric}|{source.definition}",
            date=generated.isoformat() if generated and generated.tzinfo else None,
            period=dates,
            scoring=_scoring(figures) if self.release.r5 else None,
            group=[self._group([one for one in figures if one.name == name]) for name in parts],
        )
        identity = sha256(json.dumps([source.metric, content]).encode()).hexdigest()[:32]
        return {"resourceType": "MeasureReport", "id": identity, **content}

    def _group(self, figures: Sequence[Figure]) -> Json:
        whole = [one for one in figures if not _components(one, self.words)]
        split: dict[tuple[str, ...], list[Figure]] = {}
        for figure in figures:
            by = tuple(name for name, _ in _components(figure, self.words))
            if by:
                split.setdefault(by, []).append(figure)
        return stated(
            **self._link(figures[0].name),
            code=self._part(figures[0]),
            **(self._numbers(whole[0]) if whole else {}),
            stratifier=[self._stratifier(by, some) for by, some in split.items()],
        )

    def _stratifier(self, by: tuple[str, ...], figures: Sequence[Figure]) -> Json:
        codes = [concept("stratum", name) for name in by]
        named = {} if len(codes) > 1 else {"code": codes[0] if self.release.r5 else codes}
        return named | {"stratum": [self._stratum(figure) for figure in figures]}

    def _stratum(self, figure: Figure) -> Json:
        of = _components(figure, self.words)
        value = "valueCodeableConcept" if self.release.r5 else "value"
        if len(of) == 1:
            said: Json = {value: of[0][1]}
        else:
            said = {
                "component": [{"code": concept("stratum", name), value: one} for name, one in of]
            }
        return said | self._numbers(figure)

    def _numbers(self, figure: Figure) -> Json:
        score = "measureScoreQuantity" if self.release.r5 else "measureScore"
        counts: dict[str, float | None] = {"denominator": figure.n, "numerator": figure.k}
        if figure.measure == "count":
            counts = {"initial-population": figure.value}
        elif figure.measure != "proportion":
            counts = {"measure-population": figure.n}
        missing = _missing(figure)
        populations = []
        for code, count in counts.items():
            named: Json = {"code": concept(f"{_HL7}measure-population", code)}
            if missing is not None:
                populations.append(named | {"_count": missing})
            elif count is not None and count == int(count):
                populations.append(named | {"count": int(count)})
        return stated(population=populations, **{score: _quantity(figure, missing)})


def _missing(figure: Figure) -> Json | None:
    """What stands for the numbers of a figure that shows none."""
    if figure.status == "suppressed":
        return absent("masked")
    if figure.status != "shown":
        why = _WHY.get(figure.reason, "unknown")
        return absent(why, *([own("reason", "Code", figure.reason)] if figure.reason else []))
    return None


def _quantity(figure: Figure, missing: Json | None) -> Json:
    if missing is not None:
        return missing
    more: list[Json] = []
    if figure.value is None:  # only the ends of a range are known
        more += absent("unknown")["extension"]
    known = {"low": figure.low, "high": figure.high}
    if ends := {name: {"value": end} for name, end in known.items() if end is not None}:
        more += [
            own("interval", "Range", ends),
            own("interval-level", "Decimal", figure.provenance.confidence),
        ]
    if figure.censored is not None:
        more.append(own("not-known-yet", "Decimal", figure.censored))
    more += [own("warning", "Code", note) for note in figure.notes]
    unit, system = _UNITS.get(figure.measure, ("", ""))
    return stated(
        extension=more,
        unit="per 30 days" if figure.measure == "rate" else None,
        system=system,
        code=unit,
    ) | ({} if figure.value is None else {"value": figure.value})


def _components(figure: Figure, words: Words) -> list[tuple[str, Json]]:
    """By what a figure is of some only: its strata, and the day on a curve."""
    found = [
        (
            name,
            {"text": words("cell.not_stated")}
            if value is None
            else {"text": label_of(value, words)},
        )
        for name, value in figure.strata.items()
    ]
    return found + ([("day", {"text": str(figure.at)})] if figure.at is not None else [])


def _scoring(figures: Sequence[Figure]) -> Json:
    kinds = {figure.measure for figure in figures}
    code = "cohort" if kinds == {"count"} else "continuous-variable"
    return concept(f"{_HL7}measure-scoring", "proportion" if "proportion" in kinds else code)


def _measure_id(figure: Figure) -> str:
    return resource_id(f"{figure.provenance.metric}.{figure.provenance.definition}")


def _together(figures: Sequence[Figure], *, by_period: bool) -> list[list[Figure]]:
    """Those of one metric and definition; *by_period* of one question and one period."""
    found: dict[Any, list[Figure]] = {}
    for figure in figures:
        source = figure.provenance
        key: tuple[Any, ...] = (source.metric, source.definition)
        if by_period:
            choices = tuple(source.policies.items())
            key = (figure.period, source.as_of, source.program, choices)
        found.setdefault(key, []).append(figure)
    return list(found.values())
