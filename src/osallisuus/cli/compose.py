"""A proposal of groups, by rules in a TOML file."""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

from attrs import evolve

from osallisuus.cli.store import existing
from osallisuus.errors import DefinitionError, Problem, did_you_mean
from osallisuus.model.facts import Enrollment, Group
from osallisuus.register import Register
from osallisuus.rules.composition import tell_groups, tell_waiting
from osallisuus.rules.grouping import OpenGroup, Wishes
from osallisuus.rules.placing import Solve, search
from osallisuus.rules.waiting import WaitingPolicy, capacity_on

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
_GROUP_KEYS: Final[Mapping[str, type]] = {"least": int, "most": int, "language": str, "day": str}


def compose(arguments: argparse.Namespace) -> int:
    """``compose STORE --program NAME --rules FILE --on DATE``: internal, and nothing is stored."""
    rules = _read(Path(arguments.rules))
    groups = [OpenGroup(group=name, **values) for name, values in rules["groups"].items()]
    with existing(arguments.store, "compose") as register:
        people = rules.get("people")
        if people is None:
            people = _waiting(register, arguments, rules.get("policy", "asked"), groups)
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
        )
    print(tell_groups(grouping, locale=arguments.locale), end="")
    return 0 if grouping.feasible else 1


def _waiting(
    register: Register, arguments: argparse.Namespace, policy: str, groups: list[OpenGroup]
) -> list[str]:
    """Who waits and could be offered a place, as many as are free where that is stated."""
    waiting = register.waiting_list(
        arguments.program, on=arguments.on, policy=cast("WaitingPolicy", policy)
    )
    rows = {"enrollments": list(register.facts(Enrollment))}
    most = {one.group: one.most for one in groups}
    taken = [
        capacity_on(rows, group, on=arguments.on)
        for group in register.facts(Group)
        if group.id in most
    ]
    # the rules may give a group fewer places than it has, or none
    free = [
        one if most[one.group] is None else evolve(one, capacity=most[one.group]) for one in taken
    ]
    print(tell_waiting(waiting, None, locale=arguments.locale))
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
    problem = None
    try:
        rules = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        problem = (error.strerror or type(error).__name__).lower()
    except ValueError:  # TOML or UTF-8
        problem = "it is no TOML in UTF-8"
    else:
        if problems := list(_problems(rules)):
            raise DefinitionError(problems)
        return rules
    raise DefinitionError(
        f"the rules cannot be read: {problem}", where=str(file), remedy="check the file"
    )


def _problems(rules: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _shape(rules, _KEYS, "")
    groups = rules.get("groups")
    if not groups:
        yield Problem("no group is named", "groups", "write [groups.ID] for each")
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
