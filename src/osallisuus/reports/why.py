"""Why the figures of a report have changed, for those who may see the facts: marked INTERNAL.

Each figure of then is computed again with one change at a time (:mod:`osallisuus.metrics.changed`).
The parts are exact, however few people stand behind them. Who was erased since is in neither
figure, so that nothing here says that anybody was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from osallisuus.metrics.changed import PARTS, Change
from osallisuus.metrics.figure import Figure
from osallisuus.metrics.written import metric_title
from osallisuus.reports.document import (
    Block,
    Cell,
    Document,
    Heading,
    Note,
    Provenance,
    Table,
    Text,
)
from osallisuus.reports.sections import Sections
from osallisuus.reports.since import figure_name, step_text
from osallisuus.words import Words

__all__ = ["why_document"]

_DIGITS: Final = 1
"""Decimals of percentage points: a part of a step is often less than one."""


def why_document(
    changes: Sequence[tuple[Figure, Figure, Change]],
    *,
    program: str,
    sections: Sections,
    words: Words,
    synthetic: bool = False,
    version: str = "",
) -> Document:
    """The document of *changes*: the figure of then, that of now, and what is between them.

    *program* is the programme's title, *version* that of the library; *synthetic*: the facts are
    made up.
    """
    title = words("why.title", program=program)
    blocks: list[Block] = [Note("synthetic", words("document.synthetic"))] if synthetic else []
    blocks.append(Heading(1, words("why.heading")))
    if not changes:
        blocks.append(Note("info", words("why.nothing")))
    else:
        blocks += [_table(changes, sections, words), Text(_days(changes, words))]
    blocks.append(_provenance(changes, version, words))
    return Document(
        title=title,
        locale=words.code,
        blocks=blocks,
        profile_note=words("document.profile.internal"),
        internal=True,
        metadata={"profile": "internal", "synthetic": "yes" if synthetic else "no"},
    )


def _provenance(
    changes: Sequence[tuple[Figure, Figure, Change]], version: str, words: Words
) -> Provenance:
    """The definitions by which the figures are counted now, and of then where they differ."""
    used = [one.provenance for then, now, _ in changes for one in (then, now)]
    named = {f"{one.metric} · {one.definition}": metric_title(one.metric, words) for one in used}
    rows = [(title, source) for source, title in named.items()]
    return Provenance(
        ((words("provenance.version"), f"osallisuus {version}"), *rows), words("provenance.title")
    )


def _days(changes: Sequence[tuple[Figure, Figure, Change]], words: Words) -> tuple[str, ...]:
    then, now, _ = changes[0]
    first, second = (words.locale.day(one.provenance.as_of) for one in (then, now))
    days = words("why.then", first=first, second=second)
    unsplit = [words("change.unsplit")] if any(one.unsplit for _, _, one in changes) else []
    return (days, words("why.sentence"), words("why.erased"), *unsplit)


def _table(
    changes: Sequence[tuple[Figure, Figure, Change]], sections: Sections, words: Words
) -> Table:
    parts = [name for name in PARTS if any(change.parts[name] for _, _, change in changes)]
    heads = [words(f"since.{name}") for name in ("figure", "then", "now")]
    heads += [words(f"why.part.{name}") for name in parts]
    rows: list[tuple[Cell, ...]] = [
        (
            figure_name(now, sections, words),
            then,
            now,
            *(_part(change, name, words) for name in parts),
        )
        for then, now, change in changes
    ]
    return Table(words("why.caption"), heads, rows)


def _part(change: Change, name: str, words: Words) -> str:
    part = change.parts[name]
    return step_text(float(part), change.figure.measure, words, digits=_DIGITS) if part else "0"
