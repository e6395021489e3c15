"""Forming groups: hard rules kept, as many wishes met as can be, and a human who decides.

Hard are the sizes, languages, days, a facilitator for each group where that is asked, and the
judgements on who must not share a group. Soft are wishes to be together, and an even spread of what
people have said of themselves, only where that is asked for. Where the hard rules cannot all be
kept, it is said which of them, left out, would make it possible: of the judgements only as a
whole, and never with an assignment that breaks one (Q1, V5, U6; requirement R4).

The answer does not depend on the order of the input: ties go by id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Final, Literal, TypeAlias, get_args

from attrs import field

from osallisuus.errors import DefinitionError, PluginError, Problem
from osallisuus.model.facts import KeepApart
from osallisuus.model.stated import Code
from osallisuus.rules.apart import is_past
from osallisuus.rules.placing import Placing, Solution, Solve, search
from osallisuus.values import frozen

__all__ = [
    "Candidate",
    "Formed",
    "Grouping",
    "HardRule",
    "OpenGroup",
    "Wishes",
    "form_groups",
]

HardRule: TypeAlias = Literal["least", "most", "language", "days", "facilitator", "apart"]
"""A rule by its name; ``apart`` are all judgements together."""

_RULES: Final[tuple[HardRule, ...]] = get_args(HardRule)


@frozen(kw_only=True)
class Candidate:
    """Somebody who is to have a place, or who could facilitate a group."""

    person: str
    languages: frozenset[Code] | None = None
    """Languages in which the person can take part; ``None`` = not stated, which rules out none."""
    days: frozenset[Code] | None = None
    """Days on which the person can come, such as ``mon``; ``None`` = not stated."""
    group: str | None = None
    """The group in which the person has a place already and keeps it; ``None`` = none yet."""
    facilitates: bool = False
    """Facilitators take no place of the group, and lead one group at most."""
    traits: Mapping[Code, Code] = field(factory=dict, hash=False, repr=False)
    """What the person has said of themselves; looked at only where a spread is asked for."""


@frozen(kw_only=True)
class OpenGroup:
    """A group that is to be formed. What is not stated restricts nobody."""

    group: str
    least: int = 0
    most: int | None = None
    language: Code | None = None
    day: Code | None = None
    ends_on: date | None = None


@frozen(kw_only=True)
class Wishes:
    """What else is wanted: a facilitator for each group is hard, the others are soft."""

    together: tuple[tuple[str, str], ...] = ()
    """Pairs of people who wish to share a group."""
    spread: tuple[Code, ...] = ()
    """Names of traits whose values are to be spread evenly over the groups."""
    facilitator: bool = False


@frozen(kw_only=True)
class Formed:
    """One group as proposed; people by their ids."""

    group: str
    people: tuple[str, ...] = field(repr=False)
    facilitators: tuple[str, ...] = field(default=(), repr=False)


@frozen(kw_only=True)
class Grouping:
    """A proposal, or the nearest one there is.

    ``feasible`` says whether every hard rule is kept. If not, ``alternatives`` are the smallest
    sets of hard rules without which it would be, and ``groups`` are formed without the first of
    these that has no judgements in it; there are none where all have.
    """

    groups: tuple[Formed, ...]
    alternatives: tuple[tuple[HardRule, ...], ...] = ()
    without: tuple[HardRule, ...] = ()
    """The hard rules that ``groups`` do without; none where it is feasible."""
    met: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    unmet: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    unevenness: int = 0
    """By how many people the fullest and emptiest group of each kind differ, over all kinds."""
    proved: bool = True
    """Whether nothing better exists for sure; a solver may stop at its limit before."""

    @property
    def feasible(self) -> bool:
        """Whether every hard rule is kept."""
        return not self.alternatives


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
    one that meets most wishes is given, and of these the most even one. *judgements* are those of
    the store; what was past *on* that day counts no more.

    Raises :class:`DefinitionError` for what cannot be asked, naming no person, and whatever the
    solver raises: the one that is built in is for small problems.
    """
    asked = _Asked(people, groups, wishes or Wishes(), judgements, on)
    whole = asked.solved((), solve)
    if whole.places is not None:
        return asked.grouping(whole)
    alternatives = asked.alternatives(solve)
    without = next((one for one in alternatives if "apart" not in one), None)
    if without is None:
        return Grouping(groups=(), alternatives=tuple(alternatives))
    return asked.grouping(alternatives[without], tuple(alternatives), without)


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
        for number, group in enumerate(self.groups):
            if group.least < 0 or (group.most is not None and group.most < group.least):
                where = f"groups[{number}].most"
                yield Problem("no size is possible", where, "give 0 <= least <= most")
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

    def solved(self, without: Collection[HardRule], solve: Solve) -> Solution:
        """The answer of a solver, looked at once more: whoever wrote it, no rule is broken."""
        placing = self._placing(without)
        solution = solve(placing)
        if solution.places is not None and not placing.keeps(solution.places):
            raise PluginError(
                "the solver broke a hard rule, so its answer was put away",
                where="form_groups",
                remedy="report it to whoever wrote the solver, and use another one",
            )
        return solution

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

    def _placing(self, without: Collection[HardRule]) -> Placing:
        everybody = len(self.people)
        return Placing(
            allowed=tuple(
                tuple(
                    number for number, group in enumerate(self.groups) if _fits(one, group, without)
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
            together=tuple(self.together),
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
        alternatives: tuple[tuple[HardRule, ...], ...] = (),
        without: tuple[HardRule, ...] = (),
    ) -> Grouping:
        """A solution in the words of the question."""
        places: Sequence[int | None] = solution.places or ()
        met = {pair for pair in self.together if places[pair[0]] == places[pair[1]] is not None}
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
            met=self._named(pair for pair in self.together if pair in met),
            unmet=self._named(pair for pair in self.together if pair not in met),
            unevenness=-self._placing(without).worth(places)[1],
            proved=solution.proved,
        )

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


def _fits(one: Candidate, group: OpenGroup, without: Collection[HardRule]) -> bool:
    """Whether language and day allow somebody into a group; what is not stated allows it.

    Whoever has a place keeps it, whatever the group's language and day.
    """
    if one.group is not None:
        return one.group == group.group
    speaks = (
        "language" in without
        or group.language is None
        or one.languages is None
        or group.language in one.languages
    )
    comes = "days" in without or group.day is None or one.days is None or group.day in one.days
    return speaks and comes
