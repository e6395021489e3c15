"""Every place where somebody's own words can stand in a report, and a report with words in all of them.

A *slot* is one such place. A report of slots has in each of them a sign such as ``⟦caption⟧``;
:func:`filled` puts a text before every sign. So one finds again what stood where, and a slot that no
longer reaches a report is missed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from attrs import evolve, fields, has

from osallisuus.metrics.figure import Figure
from osallisuus.model.stated import Text as Own
from osallisuus.reports.document import (
    Block,
    Chart,
    Document,
    Heading,
    Note,
    Provenance,
    Series,
    Shown,
    Table,
    Text,
)
from osallisuus.reports.look import Look
from osallisuus.reports.pictures import calendar_chart, flow_chart, panels_chart
from osallisuus.time import Period
from osallisuus.words import Words
from tests.reports.sample import hidden, share, undefined

__all__ = ["PICTURE", "SLOTS", "filled", "signs", "slotted"]

SLOTS: Mapping[str, str] = {
    "title": "the name of a report, of which the name of the programme is a part",
    "profile": "how people are protected",
    "organization": "a look: whose report it is, or the words of its logo",
    "footer": "a look: the last words of every page",
    "key": "what machines may know: its name",
    "value": "what machines may know, such as the code of a programme",
    "heading": "the title of a section",
    "subheading": "the title of a part of a section",
    "paragraph": "a text of the report's author, a quote, a line of somebody's own copy",
    "item": "a line of a list, as in somebody's own copy",
    "line": "a second line of a text",
    "note": "a remark",
    "caption": "the caption of a table",
    "column": "the head of a column, such as the name of a role",
    "cell": "a cell, such as the name of a theme, a group, a place or a recipient",
    "stratum": "the value of a stratum, such as a place",
    "name": "the name of what is counted",
    "method": "the name of a method, such as one of somebody else's metric",
    "warning": "a warning of a figure",
    "reason": "why there is no figure",
    "below": "a remark below a table",
    "chart": "the title of a drawing",
    "description": "what a drawing shows, for those who hear it",
    "axis": "what the axis of a drawing counts",
    "series": "the name of a line or bar",
    "panel": "the name of a panel, such as a group",
    "part": "the name of a figure in a panel",
    "role": "the name of a role on a path",
    "origin": "where figures come from: its title",
    "what": "where figures come from: the name of a line",
    "whence": "where figures come from: a line, such as the name of an organisation",
}
"""Slot -> what stands there."""

PICTURE = frozenset({"axis", "series", "panel", "part", "role"})
"""Slots that stand in drawings only, where a long text is wrapped and cut."""

_SIGN = re.compile(r"⟦\w+⟧")
_One = TypeVar("_One")


def _sign(name: str) -> str:
    assert name in SLOTS
    return f"⟦{name}⟧"


def slotted(locale: str = "fi") -> Document:
    """A report with the sign of every slot."""
    at = _sign
    title = at("title")
    return Document(
        title=title,
        locale=locale,
        profile_note=at("profile"),
        internal=True,
        metadata={at("key"): at("value")},
        look=Look(organization=at("organization"), footer=Own(fi=at("footer"), en=at("footer"))),
        blocks=(
            Heading(1, at("heading")),
            Heading(2, at("subheading")),
            Heading(1, at("heading")),
            Heading(1, at("heading")),
            Text((at("paragraph"), f"{at('paragraph')}\n{at('line')}", f"• {at('item')}")),
            Note("warning", at("note")),
            _table(),
            *_charts(Words(locale)),
            Provenance(((at("what"), at("whence")),), at("origin")),
        ),
    )


def _figure(name: str) -> Figure:
    odd = share(name, 28, 41, notes=(_sign("warning"),))
    return evolve(odd, strata={"group.place": _sign("stratum")}, method=_sign("method"))


def _table() -> Table:
    at = _sign
    missing = undefined(at("name"), at("reason"))
    rows = (
        (at("cell"), at("cell"), _figure(at("name"))),
        (at("cell"), at("stratum"), Shown(_figure(at("name")), "cases")),
        (at("name"), at("cell"), missing),
        (at("cell"), at("cell"), hidden(at("name"))),
    )
    return Table(at("caption"), (at("column"),) * 3, rows, (at("below"),))


def _charts(words: Words) -> list[Block]:
    at = _sign
    table, title = _table(), at("chart")
    odd = _figure(at("name"))
    places = [evolve(odd, strata={"p": at("panel") + end}) for end in ("", "!")]
    path = share("a>b", 5, 9, metric="pathways")
    month = evolve(odd, period=Period(date(2024, 1, 1), date(2024, 2, 1)))
    days = tuple(evolve(odd, at=day) for day in (0, 30))
    named = title, at("description")
    return [
        Chart("curve", *named, (Series(at("series"), days),), table, at("axis")),
        Chart("bars", *named, (Series(at("series"), (odd,)),), table),
        Chart("funnel", *named, (Series(at("series"), (odd,)),), table),
        Chart("calendar", *named, (Series(at("series"), (month,)),), table),
        calendar_chart(title, [month], table, words),
        flow_chart(title, [path], table, words, {"a": at("role"), "b": at("role") + "!"}),
        panels_chart(
            title, places * 2, table, words, name=lambda one: one.strata["p"] or "",
            part=lambda _: at("part"),
        ),
    ]  # fmt: skip


def filled(one: _One, text: str) -> _One:
    """The same with *text* before every sign, however deep it stands."""
    made: Any = one
    if isinstance(one, str):
        made = _SIGN.sub(lambda found: text + found[0], one)
    elif isinstance(one, Mapping):
        made = {filled(key, text): filled(value, text) for key, value in one.items()}
    elif isinstance(one, tuple):
        made = tuple(filled(inner, text) for inner in one)
    elif has(type(one)):
        inner = {item.alias: getattr(one, item.name) for item in fields(type(one)) if item.init}
        changed = {name: filled(value, text) for name, value in inner.items()}
        if changed != inner:
            made = type(one)(**changed)
    return made  # type: ignore[no-any-return]


def signs(text: str) -> set[str]:
    """The names of the slots whose signs stand in *text*."""
    return {found.strip("⟦⟧") for found in _SIGN.findall(text)}
