"""What is told alike of many rows, as one line: the first place, and the other rows after it."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Final, Protocol, TypeVar

__all__ = ["Placed", "folded"]

_ROW: Final = re.compile(r"(?P<before>.*(![A-Z]*|:))(?P<one>\d+)(?P<after>(\.\w+)?)", re.DOTALL)
"""``list.xlsx Osallistujat!7.group``, ``list.xlsx Osallistujat!C7``, ``groups.csv:7.place``."""
_ID: Final = re.compile(r"(?P<before>\w+\[)(?P<one>[^\]]+)(?P<after>\](\.\w+)?)")
"""``groups[g1].place``."""
_MOST: Final = 20
"""Further rows, or spans of rows, that one line names."""


class Placed(Protocol):
    """A problem or a finding: something that has a place."""

    @property
    def where(self) -> str:
        """The place."""


T = TypeVar("T", bound=Placed)


def folded(told: Iterable[T], same: Callable[[T], Hashable]) -> Iterator[tuple[T, str, int]]:
    """The first of each that are the *same* and differ in their row only, with the place of all.

    The place is that of the first, and the further rows: ``list.xlsx Lista!3.group, and 17 more
    rows: 4–20``. The number says how many it stands for. They stand where the first of them did.
    """
    alike: dict[Hashable, list[T]] = {}
    for one in told:
        alike.setdefault((same(one), *_without_row(one.where)), []).append(one)
    for some in alike.values():
        yield some[0], _place([one.where for one in some]), len(some)


def _without_row(where: str) -> tuple[str, ...]:
    found = _ROW.fullmatch(where) or _ID.fullmatch(where)
    return (where,) if found is None else (found["before"], found["after"])


def _place(places: Sequence[str]) -> str:
    further = list(dict.fromkeys(places[1:]))
    if not further:
        return places[0]
    rows = [found["one"] for place in further if (found := _ROW.fullmatch(place))]
    spans = _spans([int(row) for row in rows])
    if not rows:  # a place that is no row is that of one thing, told once
        spans = [found["one"] for place in further if (found := _ID.fullmatch(place))]
    named = ", ".join(spans[:_MOST]) + (", …" if len(spans) > _MOST else "")
    word = "row" if len(further) == 1 else "rows"
    return f"{places[0]}, and {len(further)} more {word}: {named}"


def _spans(rows: Sequence[int]) -> list[str]:
    """Rows as spans: 4, 5, 6 and 9 are ``4–6`` and ``9``."""
    spans: list[list[int]] = []
    for row in sorted(rows):
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    return [str(first) if first == last else f"{first}–{last}" for first, last in spans]
