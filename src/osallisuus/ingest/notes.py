"""Problems as they are found, so many of each kind, each with its place."""

from __future__ import annotations

from collections import Counter
from typing import Final

from osallisuus.errors import Problem

__all__ = ["Notes"]

_ALIKE: Final = 5
"""Problems of one kind in one column that are named; the rest of them is one line."""


class Notes:
    """The problems of one import, at most *most* of them; the others are counted."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._named: list[Problem] = []
        self._alike: Counter[tuple[str, str]] = Counter()
        self._last: dict[tuple[str, str], int] = {}
        self._further = 0
        self._seen: set[tuple[str, str]] = set()

    def __bool__(self) -> bool:
        return bool(self._named)

    def add(self, what: str, where: str, remedy: str = "", *, column: str = "") -> None:
        """Note one; of those alike in one *column* only the first few are named."""
        kind = what, column
        if (what, where) in self._seen:  # one cell may go into several facts
            return
        self._seen.add((what, where))
        self._alike[kind] += 1
        if column and self._alike[kind] > _ALIKE:
            return
        if len(self._named) >= self._most:
            self._further += 1
            return
        self._last[kind] = len(self._named)
        self._named.append(Problem(what, where, remedy))

    def told(self) -> tuple[Problem, ...]:
        """All of them; after the last that is named of a kind, how many more there are."""
        more = {
            self._last[kind]: Problem(
                f"… and {count - _ALIKE} more in this column: {kind[0]}", kind[1]
            )
            for kind, count in self._alike.items()
            if kind[1] and count > _ALIKE and kind in self._last
        }
        told = []
        for index, problem in enumerate(self._named):
            told += [problem, more[index]] if index in more else [problem]
        if self._further:
            told.append(Problem(f"{self._further} further problems", "", "correct these first"))
        return tuple(told)
