"""A waiting list and a proposal of groups in words, for whoever decides. INTERNAL: people are in it.

Nothing in a proposal says whether there are judgements on who must not share a group, or how many: "all
rules are kept" stands there in any case.
"""

from __future__ import annotations

from collections.abc import Iterator

from osallisuus.model.stated import Locale
from osallisuus.rules.open_groups import Formed, Grouping, HardRule
from osallisuus.rules.waiting import Capacity, WaitingList
from osallisuus.words import Words

__all__ = ["tell_groups", "tell_waiting"]


def tell_waiting(waiting: WaitingList, capacity: Capacity | None, *, locale: Locale = "en") -> str:
    """The list in words, with the policy and the reason for each turn. INTERNAL."""
    words = Words(locale)
    lines = [
        words("document.internal"),
        words("waiting.title", program=waiting.program, day=words.locale.day(waiting.on)),
        words(f"waiting.policy.{waiting.policy}"),
    ]
    if capacity is not None:
        lines.append(
            words(
                f"waiting.capacity.{capacity.standing}",
                group=capacity.group,
                n=capacity.free or 0,
                taken=capacity.taking_part + capacity.offered,
                capacity=capacity.capacity or 0,
            )
        )
    for one in waiting.people:
        interviewed = words("waiting.not_interviewed")
        if one.interviewed_on is not None:
            interviewed = words("waiting.interviewed", day=words.locale.day(one.interviewed_on))
        days = words("waiting.days", n=one.days)
        asked = words("waiting.asked", day=words.locale.day(one.asked_on))
        lines.append(f"{one.turn}. {one.person}: {asked}; {interviewed}; {days}")
    lines.append(words("waiting.human" if waiting.people else "waiting.nobody"))
    return "\n".join(lines) + "\n"


def tell_groups(grouping: Grouping, *, locale: Locale = "en") -> str:
    """Who is in which group, which wishes are met, and what stands in the way where it does."""
    words = Words(locale)
    lines = [words("document.internal"), words("compose.title"), ""]
    if grouping.feasible:
        lines.append(words("compose.kept"))
    else:
        lines.append(words("compose.impossible"))
        lines += [f"- {_rules(one, words)}" for one in grouping.alternatives]
        if grouping.without:
            lines += ["", words("compose.without", rules=_rules(grouping.without, words))]
        else:
            lines += ["", words("compose.nothing")]
    for group in grouping.groups:
        lines += ["", *_group(group, words)]
    lines += ["", *_wishes(grouping, words)]
    if not grouping.proved:
        lines.append(words("compose.not_proved"))
    lines.append(words("compose.human"))
    return "\n".join(lines) + "\n"


def _rules(rules: tuple[HardRule, ...], words: Words) -> str:
    return f" {words('compose.and')} ".join(words(f"compose.rule.{rule}") for rule in rules)


def _group(group: Formed, words: Words) -> Iterator[str]:
    size = words("compose.size", n=len(group.people))
    yield f"{words('compose.group', group=group.group)}: {size}"
    if group.facilitators:
        yield f"  {words('compose.led', people=', '.join(group.facilitators))}"
    for person in group.people:
        yield f"  {person}"


def _wishes(grouping: Grouping, words: Words) -> Iterator[str]:
    if grouping.left_out:
        yield words("compose.left_out")
    for key, pairs in (("met", grouping.met), ("unmet", grouping.unmet)):
        for one, other in pairs:
            yield words(f"compose.{key}", one=one, other=other)
    if grouping.unevenness:
        yield words("compose.uneven", n=grouping.unevenness)
