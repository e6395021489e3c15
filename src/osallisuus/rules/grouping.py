"""Forming groups: hard rules kept, as many wishes met as can be, and a human who decides.

Hard are the sizes, languages, days, a facilitator for each group where that is asked, and the
judgements on who must not share a group. Soft are wishes to be together, and an even spread of what
people have said of themselves, only where that is asked for. Where the hard rules cannot all be
kept, it is said which of them, left out, would make it possible: of the judgements only as a
whole, and never with an assignment that breaks one (Q1, V5, U6; requirement R4).

The answer does not depend on the order of the input: ties go by id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import Final, get_args

from osallisuus.errors import DefinitionError, LimitError, Problem
from osallisuus.model.facts import KeepApart
from osallisuus.rules.apart import is_past
from osallisuus.rules.open_groups import (
    Candidate,
    Formed,
    Grouping,
    HardRule,
    OpenGroup,
    Wishes,
    fits,
)
from osallisuus.rules.placing import Placing, Solution, Solve, search
from osallisuus.rules.solving import solved

__all__ = ["form_groups"]

_RULES: Final[tuple[HardRule, ...]] = get_args(HardRule)


def form_groups(
    people: Iterable[Candidate],
    groups: Iterable[OpenGroup],
    *,
    on: date,
    judgements: Iterable[KeepApart] = (),
    wishes: Wishes | None = None,
    solve: Solve = search,
) -> Grouping:
    """Propose who could be in which group. Nothing is stored, and nothing is decided.

    Everybody who does not facilitate has one place. Among proposals that keep the hard rules the
    one that meets most wishes is given, and of these the most even one. Where judgements stand in
    the way of wishes to be together, none of these is looked at: one that alone is not met would
    name two people. *judgements* are those of the store; what was past *on* that day counts no
    more.

    Raises :class:`DefinitionError` for what cannot be asked, naming no person, and whatever the
    solver raises: the one that is built in is for small problems.
    """
    asked = _Asked(people, groups, wishes or Wishes(), judgements, on)
    whole = asked.solved((), solve)
    if whole.places is not None:
        return asked.grouping(whole, solve)
    alternatives = asked.alternatives(solve)
    without = next((one for one in alternatives if "apart" not in one), None)
    if without is None:
        return Grouping(groups=(), alternatives=tuple(alternatives))
    return asked.grouping(alternatives[without], solve, tuple(alternatives), without)


class _Asked:
    """The question, with people and groups in the order of their ids."""

    def __init__(
        self,
        people: Iterable[Candidate],
        groups: Iterable[OpenGroup],
        wishes: Wishes,
        judgements: Iterable[KeepApart],
        on: date,
    ) -> None:
        self.people = sorted(people, key=lambda one: one.person)
        self.groups = sorted(groups, key=lambda one: one.group)
        self.wishes = wishes
        self.number = {one.person: number for number, one in enumerate(self.people)}
        if problems := list(self._problems()):
            raise DefinitionError(problems)
        self.together = sorted({self._pair(*pair) for pair in wishes.together})
        self.apart = sorted(set(self._apart(judgements, on)))

    def _problems(self) -> Iterator[Problem]:
        if not self.groups:
            yield Problem("no group is to be formed", "groups", "name one group or more")
        for what, ids, count in (
            ("people", self.number, len(self.people)),
            ("groups", {one.group for one in self.groups}, len(self.groups)),
        ):
            if len(ids) < count:
                yield Problem("somebody or something stands twice", what, "name each once")
        for group in self.groups:
            sizes = [0, group.least, *(() if group.most is None else (group.most,))]
            if any(type(size) is not int for size in sizes) or sorted(sizes) != sizes:
                # most may be the places of the group, which stand in nobody's rules
                remedy = "give 0 or more" if group.most is None else f"give 0 to {group.most}"
                where = f"groups.{group.group}.least"
                yield Problem("no size is possible", where, f"{remedy}, or more places")
        open_groups = {None, *(group.group for group in self.groups)}
        if any(one.group not in open_groups for one in self.people):
            yield Problem(
                "somebody has a place in another group", "people", "leave out who has a place"
            )
        for number, pair in enumerate(self.wishes.together):
            if len(set(pair)) != 2 or not set(pair) <= self.number.keys():
                where = f"together[{number}]"
                yield Problem("not two people who are asked about", where, "name two of them")

    def _pair(self, one: str, other: str) -> tuple[int, int]:
        first, second = sorted((self.number[one], self.number[other]))
        return first, second

    def _apart(self, judgements: Iterable[KeepApart], on: date) -> Iterator[tuple[int, int, int]]:
        ends = {group.group: group.ends_on for group in self.groups}
        for judgement in judgements:
            pair = {judgement.one, judgement.other}
            if len(pair) < 2 or not pair <= self.number.keys() or is_past(judgement, ends, on=on):
                continue
            for number, group in enumerate(self.groups):
                if judgement.group in (None, group.group):
                    yield (*self._pair(judgement.one, judgement.other), number)

    def solved(
        self, without: Collection[HardRule], solve: Solve, *, wished: bool = True
    ) -> Solution:
        """The answer of a solver, looked at once more: whoever wrote it, no rule is broken."""
        return solved(solve, self._placing(without, wished=wished))

    def alternatives(self, solve: Solve) -> dict[tuple[HardRule, ...], Solution]:
        """The smallest sets of hard rules without which it is possible, all of one size."""
        for size in range(1, len(_RULES) + 1):
            found = {
                without: solution
                for without in combinations(self._asked_rules(), size)
                if (solution := self.solved(without, solve)).places is not None
            }
            if found:
                return found
        return {}  # pragma: no cover - without any rule everybody fits into any group

    def _asked_rules(self) -> list[HardRule]:
        """The hard rules that could keep anybody out of anything here."""
        asks: dict[HardRule, bool] = {
            "least": any(group.least for group in self.groups),
            "most": any(group.most is not None for group in self.groups),
            "language": any(group.language is not None for group in self.groups),
            "days": any(group.day is not None for group in self.groups),
            "facilitator": self.wishes.facilitator,
            "apart": bool(self.apart),
        }
        return [rule for rule in _RULES if asks[rule]]

    def _placing(self, without: Collection[HardRule], *, wished: bool = True) -> Placing:
        everybody = len(self.people)
        return Placing(
            allowed=tuple(
                tuple(
                    number for number, group in enumerate(self.groups) if fits(one, group, without)
                )
                for one in self.people
            ),
            leads=tuple(one.facilitates for one in self.people),
            least=tuple(0 if "least" in without else group.least for group in self.groups),
            most=tuple(
                everybody if group.most is None or "most" in without else group.most
                for group in self.groups
            ),
            apart=() if "apart" in without else tuple(self.apart),
            together=tuple(self.together) if wished else (),
            spread=tuple(self._kinds()),
            led=self.wishes.facilitator and "facilitator" not in without,
        )

    def _kinds(self) -> Iterator[tuple[int, ...]]:
        """The people of each value of each trait that is to be spread; no value is no kind."""
        for name in sorted(set(self.wishes.spread)):
            said = [None if one.facilitates else one.traits.get(name) for one in self.people]
            for value in sorted({one for one in said if one is not None}):
                yield tuple(number for number, one in enumerate(said) if one == value)

    def grouping(
        self,
        solution: Solution,
        solve: Solve,
        alternatives: tuple[tuple[HardRule, ...], ...] = (),
        without: tuple[HardRule, ...] = (),
    ) -> Grouping:
        """A solution in the words of the question."""
        left_out = self._stand_in_the_way(solution, without, solve)
        if left_out:
            solution = self.solved(without, solve, wished=False)
        together = [] if left_out else self.together
        places: Sequence[int | None] = solution.places or ()
        met = {pair for pair in together if places[pair[0]] == places[pair[1]] is not None}
        return Grouping(
            groups=tuple(
                Formed(
                    group=group.group,
                    people=self._in(number, places, facilitates=False),
                    facilitators=self._in(number, places, facilitates=True),
                )
                for number, group in enumerate(self.groups)
            ),
            alternatives=alternatives,
            without=without,
            left_out=left_out,
            met=self._named(pair for pair in together if pair in met),
            unmet=self._named(pair for pair in together if pair not in met),
            unevenness=-self._placing(without).worth(places)[1],
            proved=solution.proved,
        )

    def _stand_in_the_way(
        self, solution: Solution, without: tuple[HardRule, ...], solve: Solve
    ) -> bool:
        """Whether more wishes to be together could be met if there were no judgements.

        Where no solver can tell within its limits, it is taken that it could.
        """
        placing = self._placing(without)
        met, _ = placing.worth(solution.places or ())
        if not self.apart or met == len(self.together):
            return False
        try:
            free = self.solved((*without, "apart"), solve)
        except LimitError:
            return True
        return not free.proved or placing.worth(free.places or ())[0] > met

    def _in(
        self, group: int, places: Sequence[int | None], *, facilitates: bool
    ) -> tuple[str, ...]:
        return tuple(
            one.person
            for one, place in zip(self.people, places, strict=True)
            if place == group and one.facilitates == facilitates
        )

    def _named(self, pairs: Iterable[tuple[int, int]]) -> tuple[tuple[str, str], ...]:
        return tuple((self.people[one].person, self.people[other].person) for one, other in pairs)
