"""Instruments: what may be measured with what, of whom, and under which conditions.

The registry is data, in ``instruments.toml``, read on first use. It says what a calculator must
respect: the level that the instrument is meant for, the rule for missing answers, the licence,
and what to warn of (Q21). It holds no item texts that belong to others.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from attrs import field

from osallisuus.errors import DefinitionError, Problem, did_you_mean
from osallisuus.model.scales import Item, Scale, Skip
from osallisuus.model.stated import Code, Listed, Modality, Text
from osallisuus.model.structure import structure
from osallisuus.values import frozen

__all__ = ["REGISTRY", "Instrument", "InstrumentUse", "Level"]

Level: TypeAlias = Literal["person", "group"]


@frozen(kw_only=True)
class Instrument:
    """An entry of the registry. ``version`` is ``None`` where each user must name their own.

    One without ``scales`` is known by name only: its structure is not ours to give, or it has
    none. Raises :class:`DefinitionError` for scales that do not fit the items.
    """

    code: Code
    title: Text
    version: str | None = None
    allowed_level: Level
    """``group``: only whole groups may be described with it, never one person."""
    license_note: str
    caution: str | None = None
    source: str | None = None
    """Where the structure and the scoring are from."""
    missing_rule: Literal["complete"] | None = None
    """``complete``: all items are needed; ``None``: its sources do not say, so a user must."""
    items: tuple[Item, ...] = ()
    skips: tuple[Skip, ...] = ()
    scales: tuple[Scale, ...] = ()

    def __attrs_post_init__(self) -> None:
        points = {item.code: item.points for item in self.items}
        named = [code for scale in self.scales for code in scale.items]
        named += [code for skip in self.skips for code in (*skip.when, *skip.items)]
        if not points.keys() >= set(named):
            raise DefinitionError(
                "a scale or a skip of an instrument names an item that there is not",
                where=self.code,
                remedy=f"its items are {', '.join(points)}",
            )
        for scale in self.scales:
            ends = [(min(points[code]), max(points[code])) for code in scale.items]
            if (scale.lowest, scale.highest) != tuple(map(sum, zip(*ends, strict=True))):
                raise DefinitionError(
                    "the ends of a scale are not the sums of those of its items",
                    where=f"{self.code}.{scale.code}",
                    remedy="add up the lowest, and the highest, points of its items",
                )

    def scale(self, code: str) -> Scale:
        """The scale of that code; :class:`DefinitionError` where there is none."""
        for scale in self.scales:
            if scale.code == code:
                return scale
        raise DefinitionError(
            f"{self.code} has no such scale",
            where=code,
            remedy=did_you_mean(code, [scale.code for scale in self.scales]),
        )


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


class _Registry(Mapping[str, Instrument]):
    """Code -> instrument, in the order of the file, which is read when somebody looks."""

    @cached_property
    def _entries(self) -> dict[str, Instrument]:
        text = Path(__file__).with_name("instruments.toml").read_text("utf-8")
        problems: list[Problem] = []
        entries = {
            code: structure(Instrument, _written(code, table), code, problems)
            for code, table in tomllib.loads(text).items()
        }
        if problems:  # pragma: no cover - the file is ours, and the tests read it
            raise DefinitionError(problems)
        return entries

    def __getitem__(self, code: str) -> Instrument:
        return self._entries[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def _written(code: str, table: dict[str, Any]) -> dict[str, Any]:
    """The table of one instrument with its code, and with items that are only numbered."""
    numbered = table.pop("numbered_items", None)
    if numbered is not None:
        options = [{"points": n} for n in range(numbered["lowest"], numbered["highest"] + 1)]
        name = numbered.get("name", "item")
        table["items"] = [
            {"code": f"{name}_{n}", "options": options} for n in range(1, numbered["count"] + 1)
        ]
    return {"code": code, **table}


REGISTRY: Final[Mapping[str, Instrument]] = _Registry()
"""The instruments that the library knows, by code."""
