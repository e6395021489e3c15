"""Forming groups with HiGHS, a solver for integer programmes, by way of SciPy. Extra ``groups``.

Each person has a variable of 0 or 1 for each group that is possible. A wish has one for each group,
which can only be 1 where both are in it; a kind of people to be spread has its most and its fewest
in any group. HiGHS proves that nothing better exists. It is given a number of nodes and no time, so
that a slow machine gives the same answer as a fast one.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from itertools import count
from typing import Any, Final

from osallisuus.errors import LimitError, PluginError
from osallisuus.rules.placing import Placing, Solution

__all__ = ["MOST_NODES", "solve"]

MOST_NODES: Final = 2_000
"""So many nodes of its tree HiGHS looks into; after them the best answer so far is not proved."""

_OPTIMAL, _LIMIT, _INFEASIBLE = 0, 1, 2


def solve(placing: Placing) -> Solution:
    """The best placing, as :func:`osallisuus.rules.placing.search` finds it for small problems.

    Among equally good ones it may be another one than there. Raises :class:`PluginError` with the
    command that installs the extra where SciPy is missing, and :class:`LimitError` where nothing
    was found within :data:`MOST_NODES` nodes.
    """
    optimize, sparse = _scipy("scipy.optimize"), _scipy("scipy.sparse")
    if not placing.allowed:
        return Solution(() if placing.keeps(()) else None)
    made = _Matrix(placing)
    # a row of nobody: a person without a possible group, or a group of people without anybody
    if any(not terms and not low <= 0 <= high for terms, low, high in made.rows):
        return Solution(None)
    if not made.high:
        return Solution((None,) * len(placing.allowed))
    shape = len(made.rows), len(made.high)
    entries = [
        (factor, row, column)
        for row, (terms, _, _) in enumerate(made.rows)
        for column, factor in terms
    ]
    factors, rows, columns = zip(*entries, strict=True) if entries else ((), (), ())
    found = optimize.milp(
        made.objective(),
        integrality=[1] * len(made.high),
        bounds=optimize.Bounds(0, made.high),
        constraints=optimize.LinearConstraint(
            sparse.csr_array((factors, (rows, columns)), shape=shape),
            [low for _, low, _ in made.rows],
            [high for _, _, high in made.rows],
        ),
        options={"node_limit": MOST_NODES, "mip_rel_gap": 0},
    )
    if found.status == _INFEASIBLE:
        return Solution(None)
    if found.x is None:
        raise LimitError(
            "no grouping was found, and none was ruled out",
            where="form_groups",
            remedy="form fewer groups at a time, or leave out some wishes",
        )
    return Solution(made.places(found.x), proved=found.status == _OPTIMAL)


def _scipy(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError:
        pass
    raise PluginError(
        "forming larger groups needs the library scipy",
        where="extra groups",
        remedy="python -m pip install 'osallisuus[groups]'",
    )


_Row = tuple[tuple[tuple[int, int], ...], float, float]
"""Variables with their factors, and between which numbers their sum has to be."""

_MANY = float("inf")


class _Matrix:
    """The problem in the form that a solver for integer programmes takes."""

    def __init__(self, placing: Placing) -> None:
        self.placing = placing
        self._numbers = count()
        self.high: list[int] = []
        self.rows: list[_Row] = []
        self._worth: list[int] = []
        self.place = {
            (person, group): self._variable()
            for person, allowed in enumerate(placing.allowed)
            for group in allowed
        }
        self._people()
        self._groups()
        self._apart()
        # one wish outweighs all unevenness there can be, and that of a kind the sizes of groups
        unit = 1 + len(placing.allowed)
        self._together(unit * (1 + sum(map(len, placing.spread))))
        self._spread(unit)
        self._even_sizes()

    def objective(self) -> list[int]:
        """What is to be as small as can be: the worth of each variable, with the other sign."""
        return [-worth for worth in self._worth]

    def places(self, values: Any) -> tuple[int | None, ...]:
        """The group of each person where the variables have these values."""
        chosen = {
            person: group for (person, group), number in self.place.items() if values[number] > 0.5
        }
        return tuple(chosen.get(person) for person in range(len(self.placing.allowed)))

    def _variable(self, high: int = 1, worth: int = 0) -> int:
        self.high.append(high)
        self._worth.append(worth)
        return next(self._numbers)

    def _row(self, terms: Iterable[tuple[int, int]], low: float, high: float) -> None:
        self.rows.append((tuple(terms), low, high))

    def _of(self, people: Iterable[int], group: int) -> list[tuple[int, int]]:
        """Each of *people* who can be in that group, once."""
        keys = ((person, group) for person in people)
        return [(self.place[key], 1) for key in keys if key in self.place]

    def _people(self) -> None:
        for person, allowed in enumerate(self.placing.allowed):
            least = 0 if self.placing.leads[person] else 1
            self._row(((self.place[person, group], 1) for group in allowed), least, 1)

    def _groups(self) -> None:
        leads = self.placing.leads
        led = [person for person, one in enumerate(leads) if not one]
        leading = [person for person, one in enumerate(leads) if one]
        for group, (low, high) in enumerate(
            zip(self.placing.least, self.placing.most, strict=True)
        ):
            self._row(self._of(led, group), low, high)
            if self.placing.led:
                self._row(self._of(leading, group), 1, _MANY)

    def _apart(self) -> None:
        for one, other, group in self.placing.apart:
            terms = self._of((one, other), group)
            if len(terms) == 2:
                self._row(terms, 0, 1)

    def _together(self, weight: int) -> None:
        for pair in self.placing.together:
            for group in range(len(self.placing.least)):
                terms = self._of(pair, group)
                if len(terms) == 2:
                    shared = self._variable(worth=weight)
                    for place, _ in terms:
                        self._row(((place, 1), (shared, -1)), 0, 1)

    def _spread(self, weight: int) -> None:
        for kind in self.placing.spread:
            most = self._variable(len(kind), worth=-weight)
            fewest = self._variable(len(kind), worth=weight)
            for group in range(len(self.placing.least)):
                here = self._of(kind, group)
                self._row([*here, (most, -1)], -_MANY, 0)
                self._row([*here, (fewest, -1)], 0, _MANY)

    def _even_sizes(self) -> None:
        """Of equals the one with fewest people above an even share of the groups.

        Otherwise only those who are kept apart from somebody would be in a group of their own.
        """
        placed = [person for person, leads in enumerate(self.placing.leads) if not leads]
        groups = len(self.placing.least)
        share = -(-len(placed) // groups) if groups else 0
        for group in range(groups):
            above = self._variable(len(placed), worth=-1)
            self._row([*self._of(placed, group), (above, -1)], -_MANY, share)
