"""A file of closures: a CSV table that anybody can write.

::

    starts_on,ends_on,reason,policy
    2026-12-21,2027-01-07,winter break,extend
    2027-02-22,,staff training,

``ends_on`` is the first day after; without it the closure is that one day. ``policy`` is skip,
extend or move; without it the one that the caller gives. Instead of ``reason`` there may be
``reason_fi``, ``reason_sv`` and ``reason_en``. Cells are parted by commas or semicolons.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from osallisuus.errors import ImportProblem, Problem, did_you_mean
from osallisuus.model.files import content_of
from osallisuus.model.stated import LOCALES, Text
from osallisuus.rules.schedule.closures import CLOSURE_POLICIES, Closure, ClosurePolicy
from osallisuus.time import Period

__all__ = ["read_closures"]

_COLUMNS: Final = ("starts_on", "ends_on", "reason", "policy", *(f"reason_{c}" for c in LOCALES))
_MOST_BYTES: Final = 2**20
_MOST_REASON: Final = 200
_FAR: Final = date(9000, 1, 1)


def read_closures(file: str | Path, policy: ClosurePolicy = "skip") -> tuple[Closure, ...]:
    """The closures of *file*, in its order; all problems of the file at once.

    Raises :class:`ImportProblem` for what cannot be understood and :class:`LimitError` for a file
    of more than a megabyte. No cell is repeated in an error.
    """
    path = Path(file)
    table = _table(path)
    header = [cell.strip() for cell in table[0]] if table else []
    problems = list(_wrong_header(header, path.name))
    if problems:
        raise ImportProblem(problems)
    closures: list[Closure] = []
    for number, cells in enumerate(table[1:], start=2):
        if any(cell.strip() for cell in cells):
            found = _closure(header, cells, policy, f"{path.name}:{number}")
            if isinstance(found, Closure):
                closures.append(found)
            else:
                problems.append(found)
    if problems:
        raise ImportProblem(problems)
    return tuple(closures)


def _table(path: Path) -> list[list[str]]:
    content = content_of(path, "the file of closures", most=_MOST_BYTES)
    try:
        lines = content.decode("utf-8-sig").splitlines()
        separator = ";" if lines and ";" in lines[0] else ","
        return list(csv.reader(lines, delimiter=separator, strict=True))
    except (UnicodeDecodeError, csv.Error):
        pass
    raise ImportProblem(
        "not a CSV table in UTF-8", where=path.name, remedy="save it as CSV (UTF-8)"
    )


def _wrong_header(header: list[str], file: str) -> Iterator[Problem]:
    for name in header:
        if name not in _COLUMNS:
            yield Problem("unknown column", f"{file}:1", did_you_mean(name, _COLUMNS))
    if len(set(header)) < len(header):
        yield Problem("a column stands twice", f"{file}:1", "keep one of them")
    if "starts_on" not in header or not any(name.startswith("reason") for name in header):
        yield Problem(
            "a column is missing", f"{file}:1", "the first line names starts_on and reason"
        )


def _closure(
    header: list[str], cells: list[str], policy: ClosurePolicy, place: str
) -> Closure | Problem:
    if len(cells) > len(header):
        return Problem("more cells than columns", place, "quote a cell that holds a comma")
    row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
    first, after = (_day(row.get(name, "")) for name in ("starts_on", "ends_on"))
    if first is None or (after is None and row.get("ends_on")):
        name = "starts_on" if first is None else "ends_on"
        return Problem("not a day", f"{place}.{name}", "write a day as 2026-12-31")
    after = after or first + timedelta(1)
    if after <= first:
        return Problem(
            "it ends before it starts", f"{place}.ends_on", "ends_on is the first day after"
        )
    reason = {
        code: text[:_MOST_REASON]
        for code in LOCALES
        if (text := row.get(f"reason_{code}") or row.get("reason") or "")
    }
    if not reason:
        return Problem("no reason", f"{place}.reason", "people will ask why")
    given = row.get("policy") or policy
    chosen = next((one for one in CLOSURE_POLICIES if one == given), None)
    if chosen is None:
        return Problem("unknown policy", f"{place}.policy", f"one of {', '.join(CLOSURE_POLICIES)}")
    return Closure(period=Period(first, after), reason=Text(**reason), policy=chosen)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-12-31") else None
    except ValueError:
        return None
    return day if day and day < _FAR else None
