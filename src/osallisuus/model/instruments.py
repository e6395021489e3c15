"""Instruments: what may be measured with what, of whom, and under which conditions.

The registry holds no item texts, since these belong to their authors. It says what a calculator
must respect: the level that the instrument is meant for, and what to warn of (Q21).
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from attrs import field

from osallisuus.errors import DefinitionError
from osallisuus.model.stated import Code, Listed, Modality, Text
from osallisuus.values import frozen

__all__ = ["REGISTRY", "Instrument", "InstrumentUse", "Level"]

Level: TypeAlias = Literal["person", "group"]


@frozen(kw_only=True)
class Instrument:
    """An entry of the registry. ``version`` is ``None`` where each user must name their own."""

    code: Code
    title: Text
    version: str | None
    allowed_level: Level
    """``group``: only whole groups may be described with it, never one person."""
    license_note: str
    caution: str = ""


@frozen(kw_only=True)
class InstrumentUse:
    """How a programme uses an instrument.

    ``respondents`` are codes of roles. ``own_measure`` says that the result is the person's own,
    for looking at their own way (Y31). An instrument that the registry does not know needs a
    ``title``; one that it knows is used at the level it is meant for.
    """

    code: Code = field(metadata={"declares": "instruments"})
    level: Level | None = None
    version: str | None = None
    title: Text | None = None
    respondents: Listed[Code] = field(default=None, metadata={"refers_to": ("roles",)})
    own_measure: bool | None = None
    results_published: bool | None = None
    modality: Modality = "is"

    def __attrs_post_init__(self) -> None:
        known = REGISTRY.get(self.code)
        if known is None and self.title is None:
            raise DefinitionError(
                "an instrument that the registry does not know has no title",
                where="title",
                remedy=f"give one, or use a known code: {', '.join(sorted(REGISTRY))}",
            )
        if known is not None and known.allowed_level == "group" and self.level == "person":
            raise DefinitionError(
                f"{self.code!r} may only describe groups", where="level", remedy="write 'group'"
            )


_ENTRIES = (
    # The Finnish Institute for Health and Welfare, which owns it, advises group level only (Q21).
    Instrument(
        code="esis",
        title=Text(
            fi="Osallisuusindikaattori",
            sv="Delaktighetsindikatorn",
            en="Experiences of Social Inclusion Scale",
        ),
        version=None,
        allowed_level="group",
        license_note="Use the official form as it is; the wording may not be changed.",
        caution="Its owner advises against assessing one person with it.",
    ),
    # A family of instruments with different areas; the source of Y31 does not say which one.
    Instrument(
        code="outcomes_star",
        title=Text(fi="Tulostähti", sv="Resultatstjärnan", en="Outcomes Star"),
        version=None,
        allowed_level="person",
        license_note="A licence and training are needed.",
        caution="A family whose members differ in areas: always name the version.",
    ),
    # British Journal of Psychiatry, "Psychometric properties of the Mental Health Recovery Star":
    # inter-rater reliability inadequate.
    Instrument(
        code="recovery_star",
        title=Text(fi="Toipumistähti", sv="Återhämtningsstjärnan", en="Recovery Star"),
        version=None,
        allowed_level="person",
        license_note="A licence and training are needed.",
        caution="A help for planning together, not recommended as a routine outcome measure.",
    ),
    # Vilsaint et al. 2017; pages that cite it disagree on the coding of its answers.
    Instrument(
        code="barc10",
        title=Text(
            fi="Toipumispääoman lyhyt arvio",
            sv="Kort skattning av återhämtningskapital",
            en="Brief Assessment of Recovery Capital",
        ),
        version=None,
        allowed_level="person",
        license_note="Take items and coding from the original publication.",
        caution="Its cut-off relates to long remission and is no target under harm reduction.",
    ),
    # Kiresuk and Sherman 1968 (vector T14); the goals are the person's own (K12).
    Instrument(
        code="gas",
        title=Text(
            fi="Tavoitteiden saavuttaminen (GAS)",
            sv="Måluppfyllelse (GAS)",
            en="Goal Attainment Scaling",
        ),
        version="1968",
        allowed_level="person",
        license_note="A method without items; the goals belong to the person.",
        caution="Levels are negotiated, so scores of different people are not compared.",
    ),
)

REGISTRY: Final[dict[str, Instrument]] = {entry.code: entry for entry in _ENTRIES}
"""The instruments that the library knows, by code."""
