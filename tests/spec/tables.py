"""Facts and figures as small text tables, so that an example can be read and checked by hand.

A block of facts is the name of its table, a line of column names, and a line for each fact; ``-``
is "not stated". A column ``times`` says how many such facts there are. What an example is not about
is filled in: ids, people, groups, the programme.
"""

from __future__ import annotations

from collections.abc import Iterator

import osallisuus as osa
from osallisuus.model.facts import TABLES

_FILLED = {
    "decided_by": "staff",
    "program_version": "1",
    "kind": "meeting",
    "minutes": "90",
    "status": "held",
    "starts_on": "2017-01-01",
    "registered_on": "2017-01-01",
}


def blocks(text: str) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Each block's name, and its lines as cells by column."""
    for block in filter(None, text.strip().split("\n\n")):
        name, header, *lines = (line.strip() for line in block.strip().splitlines())
        columns = header.split()
        yield name, [dict(zip(columns, line.split(), strict=True)) for line in lines]


def facts_of(text: str, program: str = "verna") -> list[osa.Fact]:
    """The facts that *text* shows, of *program* where it names none, and those they refer to."""
    facts = list(_facts(text, program))
    people = {one for fact in facts for one in _named(fact, "person", "peer", "guide")}
    groups = {one for fact in facts for one in _named(fact, "group")}
    known = {fact.id for fact in facts}
    facts += [_fact("people", {"id": one}, "", program) for one in sorted(people - known)]
    facts += [_fact("groups", {"id": one}, "", program) for one in sorted(groups - known)]
    return facts


def register_of(text: str, program: str = "verna") -> osa.Register:
    """A register in memory with the facts that *text* shows."""
    register = osa.open("memory:")
    register.add(facts_of(text, program))
    return register


def figures(result: osa.Result, columns: str) -> str:
    """The *columns* of each figure on a line, numbers to four digits, ``-`` for nothing."""
    return "\n".join(
        " ".join(_cell(figure, column) for column in columns.split()) for figure in result
    )


def table(text: str) -> str:
    """An expected table without its indentation and alignment."""
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())


def _facts(text: str, program: str) -> Iterator[osa.Fact]:
    for name, lines in blocks(text):
        for number, line in enumerate(lines, 1):
            times = int(line.pop("times", "1"))
            for time in range(times):
                mark = f"{number}" if times == 1 else f"{number}-{time + 1}"
                yield _fact(name, line, mark, program)


def _fact(name: str, cells: dict[str, str], mark: str, program: str) -> osa.Fact:
    cells = {"id": f"{name}-{mark}"} | cells
    filled = _FILLED | {"program": program, "person": f"person-{mark}"}
    values = {}
    for column in TABLES[name].columns:
        text = cells.get(column.name, filled.get(column.name, "") if column.required else "")
        if column.type.name == "local_time" and len(text) == len("2018-01-08"):
            text += "T10:00[Europe/Helsinki]"
        values[column.name] = column.read("" if text == "-" else text)
    return TABLES[name].record(**values)


def _named(fact: osa.Fact, *columns: str) -> list[str]:
    """The ids in those *columns* that the fact has."""
    found = [getattr(fact, name) for name in columns if name in type(fact).table.column_names]
    return [one for one in found if one is not None]


def _cell(figure: osa.Figure, column: str) -> str:
    value = getattr(figure, column, None) if "." not in column else figure.strata[column]
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, tuple):
        return ",".join(value) or "-"
    return "-" if value in (None, "") else str(value)
