"""A proposal of groups, by rules in a TOML file."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

from attrs import evolve

from osallisuus.cli.answers import of_grouping
from osallisuus.cli.store import existing
from osallisuus.cli.terminal import print_json
from osallisuus.errors import DefinitionError, Problem, did_you_mean
from osallisuus.model.files import content_of, read_toml
from osallisuus.register import program_named
from osallisuus.rules.composition import tell_groups, tell_waiting
from osallisuus.rules.open_groups import OpenGroup, Wishes
from osallisuus.rules.placing import Solve, search
from osallisuus.rules.waiting import Capacity, WaitingList, WaitingPolicy

__all__ = ["compose"]

_KEYS: Final[Mapping[str, type]] = {
    "groups": dict,
    "people": list,
    "policy": str,
    "facilitators": list,
    "facilitator": bool,
    "together": list,
    "spread": list,
}
_MOST_GROUPS: Final = 100
_GROUP_KEYS: Final[Mapping[str, type]] = {"least": int, "most": int, "language": str, "day": str}


def compose(arguments: argparse.Namespace) -> int:
    """``compose STORE --program NAME --rules FILE --on DATE``: internal, and nothing is stored."""
    rules = _read(Path(arguments.rules))
    program, files = arguments.program, []
    if program.endswith(".toml"):
        program, files = program_named(program).name, [program]
    groups = [OpenGroup(group=name, **values) for name, values in rules["groups"].items()]
    waiting = None
    with existing(arguments.store, "compose") as register:
        people = rules.get("people")
        if people is None:
            waiting = register.waiting_list(
                program, on=arguments.on, policy=cast("WaitingPolicy", rules.get("policy", "asked"))
            )
            names = {one.group for one in groups}
            places = register.places(names, on=arguments.on, programs=files)
            people = _asked(waiting, groups, places)
        grouping = register.form_groups(
            groups,
            people,
            on=arguments.on,
            facilitators=rules.get("facilitators", ()),
            wishes=Wishes(
                together=tuple((one, other) for one, other in rules.get("together", ())),
                spread=tuple(rules.get("spread", ())),
                facilitator=rules.get("facilitator", False),
            ),
            solve=_solver(arguments.solver),
            programs=files,
        )
    if arguments.json:
        print_json({"internal": True, **of_grouping(grouping)})
    else:
        if waiting is not None:
            print(tell_waiting(waiting, None, locale=arguments.locale))
        print(tell_groups(grouping, locale=arguments.locale), end="")
    return 0 if grouping.feasible else 1


def _asked(
    waiting: WaitingList, groups: Iterable[OpenGroup], places: Iterable[Capacity]
) -> list[str]:
    """Who waits and could be offered a place, as many as are free where that is stated."""
    most = {one.group: one.most for one in groups}
    # the rules may give a group fewer places than it has, or none
    free = [
        one if most[one.group] is None else evolve(one, capacity=most[one.group]) for one in places
    ]
    if any(one.capacity is None for one in free):
        return [one.person for one in waiting.people]
    return [one.person for one in waiting.next(sum(one.free or 0 for one in free))]


def _solver(name: str) -> Solve:
    if name == "search":
        return search
    from osallisuus.solvers.highs import solve  # the library behind it is an extra

    return solve


def _read(file: Path) -> dict[str, Any]:
    """The rules; every problem at once, by its key path, and no value of it."""
    rules = read_toml(content_of(file, "the file of rules"), file.name)
    if problems := list(_problems(rules)):
        raise DefinitionError(problems)
    return rules


def _problems(rules: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _shape(rules, _KEYS, "")
    groups = rules.get("groups")
    if not groups:
        yield Problem("no group is named", "groups", "write [groups.ID] for each")
    elif isinstance(groups, dict) and len(groups) > _MOST_GROUPS:
        yield Problem("too many groups", "groups", f"name {_MOST_GROUPS} at most")
    elif isinstance(groups, dict):
        for name, values in groups.items():
            if isinstance(values, dict):
                yield from _shape(values, _GROUP_KEYS, f"groups.{name}.")
            else:
                yield Problem("not a table", f"groups.{name}", "write [groups.ID] for each")
    for key in ("people", "facilitators", "spread"):
        given = rules.get(key, [])
        if isinstance(given, list) and not all(isinstance(one, str) for one in given):
            yield Problem("not a list of texts", key, 'write ["...", "..."]')
    pairs = rules.get("together", [])
    for number, pair in enumerate(pairs if isinstance(pairs, list) else ()):
        texts = isinstance(pair, list) and all(isinstance(one, str) for one in pair)
        if not texts or len(pair) != 2:
            yield Problem("not a pair", f"together[{number}]", 'write ["...", "..."]')


def _shape(values: Mapping[str, Any], keys: Mapping[str, type], path: str) -> Iterator[Problem]:
    for key, value in values.items():
        if key not in keys:
            yield Problem("no such key", f"{path}{key}", did_you_mean(key, keys))
        elif type(value) is not keys[key]:
            yield Problem("not a value of this key", f"{path}{key}", f"give a {_NAMES[keys[key]]}")


_NAMES: Final = {
    dict: "table",
    list: "list",
    str: "text",
    bool: "true or false",
    int: "whole number",
}
