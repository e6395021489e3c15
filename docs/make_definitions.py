"""Writes docs/definitions.md: every key of what people write in TOML; ``--check``: is it current?

A key is a field of a class; what it holds is the field's type, and what is said of it stands below
it in the source.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import attrs
from make_parts import keys_told, main_of, paragraph, plain, table

from osallisuus.ingest.mapping import FactMapping, Source, WorkbookMapping
from osallisuus.model.program import Program
from osallisuus.model.roles import Prerequisite
from osallisuus.model.stated import Absent
from osallisuus.reports.definition import ReportDefinition
from osallisuus.reports.look import Look
from osallisuus.time import PartialDate

TARGET = Path(__file__).with_name("definitions.md")
HEAD = """\
# Every key of a definition

What an organisation says of itself is written in TOML: a programme, a report, what the columns of
a list mean, and how a page looks. This page names every key; the pages beside it go the whole way
once: [](adding_a_programme.md), [](report_definitions.md), [](importing.md). All mistakes of a file
are named at once, each with its key and what would help.

A key with ● must be given. Any other may be left out, which means *not stated*: not the same as
`"none"`, which says that there is none, and not the same as 0. **A text** is a table of the same
words in several languages, such as `{ fi = "Vertaisryhmä", en = "Peer group" }`. **A code** is a
word of small letters, digits, `_` and `.`, at most 64 of them.

This page is written by `docs/make_definitions.py` from the classes that read the files.

"""
ROOTS: Final = {
    "A programme": (Program, "`NAME.toml`, in the place of a programme's name anywhere."),
    "A look": (Look, "`--look FILE` of `report`, `reissue` and `site`, or `[look]` in a report."),
    "A report": (ReportDefinition, "`osallisuus report --report FILE.toml`."),
    "A mapping of a list": (WorkbookMapping, "`osallisuus import LIST --mapping FILE`."),
}
"""Heading -> the class of the whole file, and where it is given."""
PLAIN: Final = {
    str: "a string",
    int: "a whole number",
    float: "a number",
    bool: "`true` or `false`",
    PartialDate: 'a date, such as `"2013-12"`',
    Prerequisite: 'a prerequisite, such as `"completed:wertzu"`',
}
OWN_WORDS: Final = {
    (FactMapping, "columns"): "under its own name each column of the table ([](facts.md)): a "
    "heading, or a [source](#source-of-a-column)",
    (WorkbookMapping, "codes"): "`[codes.NAME]`: lines of the form word = code",
}
"""What is read in a way of its own."""
NAMES: Final[dict[type, str]] = {Source: "Source of a column"}
"""A class whose name another one has as well."""


TOLD: Final = {
    "name": "By which it is asked for everywhere; it never changes.",
    "version": "Of this definition; an enrolment keeps the one under which it began.",
    "title": "What people call it.",
    "kinds": "What sort of work it is, such as `group_training` or `community`.",
    "summary": "What it is, in a few sentences.",
    "stage": "How far it has been developed, by the source.",
    "scope": "How large the area is for which it is meant.",
    "places": "Where it has been done.",
    "tags": "Words by which it is found.",
    "frameworks": "Ways of thinking that it builds on.",
    "themes_open": "Whether groups may take up themes of their own.",
    "contact_modes": "How people are met or kept in touch with, such as by phone.",
    "goal_domains": "Areas of life in which somebody may set a goal.",
    "support_modes": "What those who guide do, such as help or do together; what is not named is not done.",
    "livelihood": "What people may live on while they take part.",
}
"""Plain keys of a programme, of which the class says nothing by itself."""


def classes_of(root: type) -> list[type]:
    """The class and all those that stand anywhere within it, as they are met."""
    found: list[type] = []

    def visit(kind: Any) -> None:
        if attrs.has(kind) and kind not in PLAIN:
            if kind not in found:
                found.append(kind)
                for hint in _hints(kind).values():
                    visit(hint)
            return
        for inner in get_args(kind):
            visit(inner)

    visit(root)
    if root is WorkbookMapping:
        found.append(Source)
    return found


def keys(record: type) -> Iterator[attrs.Attribute[Any]]:
    """The fields of a class that can be written."""
    return (one for one in attrs.fields(record) if one.init)


def _hints(record: type) -> dict[str, Any]:
    return {
        name: hint
        for name, hint in get_type_hints(record, include_extras=True).items()
        if name in {one.name for one in keys(record)}
    }


def _holds(kind: Any) -> str:
    """A type in words."""
    if kind in PLAIN:
        return PLAIN[kind]
    if get_origin(kind) is not None:
        return _made_of(get_origin(kind), get_args(kind))
    return "a text" if kind.__name__ == "Text" else f"[{_name(kind)}](#{_anchor(kind)})"


def _made_of(origin: Any, inner: tuple[Any, ...]) -> str:
    """A type that is made of others, in words."""
    if origin is Literal:
        return "one of " + ", ".join(f"`{one}`" for one in inner if one)
    if origin is tuple:
        return f"a list of {_several(inner[0])}"
    if origin in (Union, UnionType):
        parts = ['`"none"`' if one is Absent else _holds(one) for one in _told_apart(inner)]
        return ", or ".join(dict.fromkeys(parts))
    return "a code" if origin is Annotated else "a table"


def _told_apart(kinds: tuple[Any, ...]) -> list[Any]:
    """What can be written; ``None`` is said by leaving the key out, and ``"none"`` comes last."""
    stated = [one for one in kinds if one is not type(None)]
    return sorted(stated, key=lambda one: one is Absent)


def _several(kind: Any) -> str:
    said = _holds(kind)
    return {"a string": "strings", "a code": "codes", "a text": "texts"}.get(said, said)


def _name(record: type) -> str:
    tag = vars(record).get("kind")
    name = NAMES.get(record, record.__name__)
    return f"{name} (`{tag}`)" if isinstance(tag, str) else name


def _anchor(record: type) -> str:
    tag = vars(record).get("kind")
    name = NAMES.get(record, record.__name__).lower().replace(" ", "-")
    return f"{name}-{tag}" if isinstance(tag, str) else name


def _section(record: type) -> str:
    said = [" ".join(one.split()) for one in _paragraphs(record)]
    tag = vars(record).get("kind")
    rows = [("`kind`\u00a0●", f"`{tag}`", "")] if isinstance(tag, str) else []
    hints = _hints(record)
    for one in keys(record):
        must = "\u00a0●" if one.default is attrs.NOTHING else ""
        holds = OWN_WORDS.get((record, one.name)) or _holds(hints[one.name])
        rows.append(
            (
                f"`{one.name}`{must}",
                holds + _default(one),
                _meaning(record, one.name, hints[one.name]),
            )
        )
    text = plain("\n\n".join(said))
    return f"### {_name(record)}\n\n{text.strip()}\n\n{table(('key', 'holds', ''), rows)}"


def _meaning(record: type, name: str, kind: Any) -> str:
    """What is said of a key: in the source, here, or by the class of what it holds."""
    told = keys_told(record).get(name) or (TOLD.get(name) if record is Program else None)
    return told or _of_its_class(kind)


def _paragraphs(record: type) -> list[str]:
    """What a class says of itself, without examples and drawings."""
    whole = (record.__doc__ or "").split("\n\n")
    return [one for one in whole if not one.strip().startswith(">>>") and "::" not in one]


def _of_its_class(kind: Any) -> str:
    """What the one class says of itself that a key holds; empty if there are several."""
    if attrs.has(kind) and kind not in PLAIN:
        return "" if kind.__name__ == "Text" else paragraph(kind.__doc__)
    inner = [one for one in get_args(kind) if one not in (type(None), Absent, ...)]
    return _of_its_class(inner[0]) if len(inner) == 1 else ""


def _default(one: attrs.Attribute[Any]) -> str:
    given = isinstance(one.default, str | int | float) and one.default not in ("", False)
    return f"; by itself `{one.default}`" if given else ""


def page() -> str:
    """The whole page."""
    parts: list[str] = [HEAD]
    seen: set[type] = set()
    for title, (root, where) in ROOTS.items():
        parts.append(f"## {title}\n\nGiven as {where}\n")
        for record in classes_of(root):
            if record not in seen and record.__name__ != "Text":
                seen.add(record)
                parts.append(_section(record))
    return "\n".join(parts)


if __name__ == "__main__":
    raise SystemExit(main_of({TARGET: page()}))
