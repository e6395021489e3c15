"""Placing people into groups as a problem in whole numbers, and a small exact search for it.

People and groups are numbered from 0, and nothing here knows who they are. A *solver* is any
function from a :class:`Placing` to a :class:`Solution`: :func:`search` needs nothing but Python and
is for small problems, :func:`osallisuus.solvers.highs.solve` is for larger ones. A solver gives the
same answer to the same problem: it knows no clock and no chance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from osallisuus.errors import LimitError
from osallisuus.values import frozen

__all__ = ["MOST_STEPS", "Placing", "Solution", "Solve", "search"]

MOST_STEPS: Final = 100_000
"""So many placements of one person :func:`search` tries before it stops, in a second or two."""

_MOST_PEOPLE: Final = 300
"""A search goes as deep as there are people."""


@frozen(kw_only=True)
class Placing:
    """Who can be placed where. Every person who does not lead is placed once, a leader at most once.

    ``allowed`` holds for each person the groups that are possible, ascending; ``least`` and
    ``most`` hold for each group how many who do not lead it takes.
    """

    allowed: tuple[tuple[int, ...], ...]
    leads: tuple[bool, ...]
    least: tuple[int, ...]
    most: tuple[int, ...]
    apart: tuple[tuple[int, int, int], ...] = ()
    """Two people and a group that they must not share."""
    together: tuple[tuple[int, int], ...] = ()
    """Two people who wish to share a group, whichever it is."""
    spread: tuple[tuple[int, ...], ...] = ()
    """People of one kind each, to be spread over the groups as evenly as can be."""
    led: bool = False
    """Whether every group needs a leader."""

    def keeps(self, places: Sequence[int | None]) -> bool:
        """Whether *places*, the group of each person, keeps every hard rule."""
        people = range(len(self.allowed))
        sizes = [0] * len(self.least)
        leaders = [0] * len(self.least)
        for person in people:
            group = places[person]
            if group is None:
                if not self.leads[person]:
                    return False
            elif group not in self.allowed[person]:
                return False
            else:
                (leaders if self.leads[person] else sizes)[group] += 1
        return (
            all(
                low <= size <= high
                for low, size, high in zip(self.least, sizes, self.most, strict=True)
            )
            and (not self.led or all(leaders))
            and all(not places[one] == places[other] == group for one, other, group in self.apart)
        )

    def worth(self, places: Sequence[int | None]) -> tuple[int, int]:
        """How good *places* is: wishes met, and then less the unevenness; more is better.

        The unevenness of one kind of people is how many more of them the group with most has than
        the group with fewest; it is summed over the kinds.
        """
        met = sum(
            places[one] is not None and places[one] == places[other] for one, other in self.together
        )
        uneven = 0
        for kind in self.spread:
            counts = [0] * len(self.least)
            for person in kind:
                group = places[person]
                if group is not None:
                    counts[group] += 1
            uneven += max(counts) - min(counts)
        return met, -uneven


@frozen
class Solution:
    """The group of each person; ``places`` is ``None`` where the hard rules cannot all be kept.

    ``proved`` is false where a solver stopped before it knew that nothing better exists.
    """

    places: tuple[int | None, ...] | None
    proved: bool = True


Solve: TypeAlias = Callable[[Placing], Solution]
"""A solver. It raises :class:`LimitError` where the problem is too large for it."""


def search(placing: Placing) -> Solution:
    """The best placing, by trying them one after another and leaving out what cannot be better.

    Whoever has fewest possibilities is placed first; ties go by number. It stops after
    :data:`MOST_STEPS` steps, which no clock counts: what is best so far is then not proved, and
    where nothing was found :class:`LimitError` is raised.
    """
    if len(placing.allowed) > _MOST_PEOPLE:
        raise _too_large()
    return _Search(placing).best()


class _Search:
    """One run: a stack of placements, the counts that they make, and the best that was seen."""

    def __init__(self, placing: Placing) -> None:
        self.placing = placing
        people, groups = len(placing.allowed), len(placing.least)
        self.barred: list[list[tuple[int, int]]] = [[] for _ in range(people)]
        for one, other, group in placing.apart:
            self.barred[one].append((other, group))
            self.barred[other].append((one, group))
        self.friends: list[list[int]] = [[] for _ in range(people)]
        for one, other in placing.together:
            self.friends[one].append(other)
            self.friends[other].append(one)
        # leaders come last: they are few, and any of them will do
        self.order = sorted(
            range(people),
            key=lambda person: (
                placing.leads[person],
                len(placing.allowed[person]),
                -len(self.barred[person]) - len(self.friends[person]),
                person,
            ),
        )
        self.places: list[int | None] = [None] * people
        self.sizes = [0] * groups
        self.leaders = [0] * groups
        self.left = sum(not leads for leads in placing.leads)
        self.lost = 0
        self.steps = 0
        self.found: tuple[int | None, ...] | None = None
        self.value = (-1, 0)
        # people of a kind whose number the groups do not divide are never quite even
        self.evenest = -sum(len(kind) % groups != 0 for kind in placing.spread)
        self.twins = _twins(placing)

    def best(self) -> Solution:
        """Look for it; what is best when the steps are used up is not proved."""
        self._place(0)
        stopped = self.steps > MOST_STEPS
        if stopped and self.found is None:
            raise _too_large()
        return Solution(self.found, proved=not stopped)

    def _place(self, turn: int) -> bool:
        """Place the person whose turn it is, and all after; true when there is no use going on."""
        if turn == len(self.order):
            return self._finish()
        if not self._hopeful(turn):
            return False
        person = self.order[turn]
        for group in self._possible(person):
            self.steps += 1
            if self.steps > MOST_STEPS:
                return True
            lost = self._put(person, group)
            if self._place(turn + 1):
                return True
            self._take(person, group, lost)
        return False

    def _finish(self) -> bool:
        if not self.placing.keeps(self.places):
            return False
        value = self.placing.worth(self.places)
        if self.found is None or value > self.value:
            self.found, self.value = tuple(self.places), value
        return self.value == (len(self.placing.together), self.evenest)

    def _hopeful(self, turn: int) -> bool:
        """Whether what is left can fill the groups and beat the best that was seen."""
        lacking = sum(
            max(0, low - size) for low, size in zip(self.placing.least, self.sizes, strict=True)
        )
        leaders = len(self.order) - max(turn, len(self.order) - sum(self.placing.leads))
        unled = self.leaders.count(0) if self.placing.led else 0
        if lacking > self.left or unled > leaders:
            return False
        reach = len(self.placing.together) - self.lost
        return self.found is None or (reach, self.evenest) > self.value

    def _possible(self, person: int) -> list[int | None]:
        """The groups to try: those that meet most wishes first, and of two empty alike ones one."""
        barred = {group for other, group in self.barred[person] if self.places[other] == group}
        leads = self.placing.leads[person]
        tried: set[int] = set()
        possible: list[int] = []
        for group in self.placing.allowed[person]:
            empty = not self.sizes[group] and not self.leaders[group]
            full = not leads and self.sizes[group] >= self.placing.most[group]
            if group in barred or full or (empty and self.twins[group] in tried):
                continue
            if empty:
                tried.add(self.twins[group])
            possible.append(group)
        near = [self.places[friend] for friend in self.friends[person]]
        # filled evenly: else only who is kept apart from somebody would be in the second group
        taken = self.leaders if leads else self.sizes
        possible.sort(key=lambda group: (-near.count(group), taken[group], group))
        return [*possible, None] if leads else [*possible]

    def _put(self, person: int, group: int | None) -> int:
        """Place somebody; the return value says how many wishes that gives up for good."""
        self.places[person] = group
        if group is not None:
            (self.leaders if self.placing.leads[person] else self.sizes)[group] += 1
        self.left -= not self.placing.leads[person]
        lost = sum(
            self.places[friend] is not None and self.places[friend] != group
            for friend in self.friends[person]
        )
        self.lost += lost
        return lost

    def _take(self, person: int, group: int | None, lost: int) -> None:
        self.places[person] = None
        if group is not None:
            (self.leaders if self.placing.leads[person] else self.sizes)[group] -= 1
        self.left += not self.placing.leads[person]
        self.lost -= lost


def _twins(placing: Placing) -> list[int]:
    """For each group the first one that is like it: same sizes, same people, same judgements."""
    groups = range(len(placing.least))
    open_to = [
        tuple(person for person, allowed in enumerate(placing.allowed) if group in allowed)
        for group in groups
    ]
    kept = [
        tuple(sorted((one, other) for one, other, where in placing.apart if where == group))
        for group in groups
    ]
    alike = [(placing.least[g], placing.most[g], open_to[g], kept[g]) for g in groups]
    return [alike.index(one) for one in alike]


def _too_large() -> LimitError:
    return LimitError(
        "there are too many ways to form these groups for the search that is built in",
        where="form_groups",
        remedy="python -m pip install 'osallisuus[groups]' and pass"
        " solve=osallisuus.solvers.highs.solve; or form fewer groups at a time",
    )
