"""What a question about several groups has to be, so that its answer is not one about two people.

Whether it may be asked never depends on a judgement, so that a refusal tells nothing (requirement
R4). What an answer can still tell stands in ``docs/groups.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from osallisuus.rules.apart import refuse_few
from osallisuus.rules.open_groups import Candidate, OpenGroup, Wishes, fits

__all__ = ["refuse_narrow"]


def refuse_narrow(
    people: Iterable[Candidate], groups: Iterable[OpenGroup], wishes: Wishes | None = None
) -> None:
    """Raise :class:`DisclosureError` where too few people are really asked about.

    Counted is who is still to be placed, and who is in a group that one of them could join.
    Facilitators do not count: they need no place. Neither do the people of a group that is full or
    that nobody could join: they are only named beside the others. Wishes to be together are a
    question of their own, about all whom they name.
    """
    asked = [one for one in people if not one.facilitates]
    refuse_few(len(set(_concerned(asked, list(groups)))), "people")
    if wishes is not None and wishes.together:
        refuse_few(len({*chain.from_iterable(wishes.together)}), "together")


def _concerned(asked: list[Candidate], groups: list[OpenGroup]) -> Iterator[str]:
    new = [one for one in asked if one.group is None]
    for group in groups:
        inside = [one.person for one in asked if one.group == group.group]
        full = group.most is not None and len(inside) >= group.most
        joining = [] if full else [one.person for one in new if fits(one, group)]
        yield from (*joining, *inside) if joining else ()
    # somebody whom no group takes is still to be placed
    yield from (one.person for one in new)
