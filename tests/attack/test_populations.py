"""Nobody can be told from the populations of a share: by place, in all, and from their sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from random import Random

import pytest

import osallisuus as osa
from osallisuus.disclosure.counts import Count
from tests.attack.attacker import Shown, attack

THRESHOLD, BASE = 10, 5
PLACES = ("Oulu", "Espoo", "Vaasa")
AS_OF = date(2018, 7, 1)
MARKS = {  # in the denominator, excluded, meets the numerator, excepted, not counted
    "initial_population": "01100",
    "denominator": "10000",
    "denominator_exclusion": "11000",
    "denominator_exception": "10001",
    "numerator": "10100",
    "numerator_exclusion": "10110",
}
"""The population that somebody comes to last, and the marks that bring them there."""
COLUMNS = ("denominator", "denominator_exclusion", "hit", "numerator_exclusion",
           "denominator_exception")  # fmt: skip
SAID = {
    "initial_population": set(MARKS),
    "denominator": set(MARKS) - {"initial_population"},
    "denominator_exclusion": {"denominator_exclusion"},
    "denominator_exception": {"denominator_exception"},
    "numerator": {"numerator", "numerator_exclusion"},
    "numerator_exclusion": {"numerator_exclusion"},
    "k": {"numerator"},
    "n": {"denominator", "numerator", "numerator_exclusion"},
    # printed nowhere, but had by subtracting two of them
    "k to n": {"denominator", "numerator_exclusion"},
    "D to N": set(MARKS) - {"initial_population", "numerator", "numerator_exclusion"},
    "IP to D": {"initial_population"},
    "D to DX": set(MARKS) - {"initial_population", "denominator_exclusion"},
    "D to DE": set(MARKS) - {"initial_population", "denominator_exception"},
}
"""Every number that a reader has or looks for, and who is counted in it."""


def _column(number: int, name: str) -> str:
    marked = ", ".join(f"'{last}'" for last, marks in MARKS.items() if marks[number] == "1")
    return f"CASE WHEN aim IN ({marked}) THEN 1 ELSE 0 END AS {name}"


METRIC = osa.ScreenedProportion(
    name="scored",
    cases=f"""SELECT person, id AS enrollment, group_id, started_on AS happened_on,
  {", ".join(_column(number, name) for number, name in enumerate(COLUMNS))}
FROM enrollments""",
)


def programme(seed: int) -> Counter[tuple[str, str]]:
    """How many come to which population in which place: sparse and skewed."""
    chance = Random(seed)
    return Counter(
        {
            (place, last): chance.choice((0, 1, 3, 7, 12, 25, 40))
            for place in PLACES
            for last in MARKS
        }
    )


def facts(people: Counter[tuple[str, str]]) -> Iterator[osa.Fact]:
    for place in PLACES:
        yield osa.Group(
            id=place, program="verna", program_version="1", kind="training", place=place,
            starts_on=date(2018, 1, 1),
        )  # fmt: skip
    for number, (place, last) in enumerate(people.elements()):
        yield osa.Person(id=f"p{number}", registered_on=date(2018, 1, 1))
        yield osa.Enrollment(
            id=f"e{number}", person=f"p{number}", program="verna", program_version="1",
            group=place, aim=last, started_on=date(2018, 1, 2),
        )  # fmt: skip


def counts(people: Counter[tuple[str, str]]) -> list[Count]:
    """Every number that could be printed of a place, or of all, as a sum over kinds of people."""
    atoms = {kind: number for number, kind in enumerate((p, m) for p in PLACES for m in MARKS)}
    return [
        Count(
            (place, name),
            [atoms[where, last] for where in PLACES for last in said if place in (None, where)],
            sum(people[where, last] for where in PLACES for last in said if place in (None, where)),
        )
        for place in (None, *PLACES)
        for name, said in SAID.items()
    ]


def shown(figures: Iterable[osa.Figure]) -> dict[tuple[str | None, str], Shown]:
    """What a reader knows of each number that is printed."""
    found: dict[tuple[str | None, str], Shown] = {}
    for figure in figures:
        if figure.status != "shown":
            continue
        place = figure.strata.get("group.place")
        printed = {figure.name: figure.value}
        if figure.name == "scored":
            printed = {"k": figure.k, "n": figure.n}
        for name, value in printed.items():
            assert value is not None
            assert value % BASE == 0
            found[place, name] = (max(int(value) - 2, 0), int(value) + 2)
    return found


def broken(
    people: Counter[tuple[str, str]], seen: dict[tuple[str | None, str], Shown]
) -> list[object]:
    """The small counts of which a reader is left with fewer than ten possible values."""
    every = counts(people)
    small = {count.key for count in every if count.value < THRESHOLD}
    return [key for key in attack(every, seen, THRESHOLD) if key in small]


@pytest.mark.parametrize("seed", range(8))
def test_no_small_population_can_be_worked_out(seed: int):
    """By place and then in all, read together."""
    people = programme(seed)
    with osa.open("memory:") as register:
        register.add(list(facts(people)))
        seen: dict[tuple[str | None, str], Shown] = {}
        for by in (("group.place",), ()):
            seen |= shown(register.release(METRIC, as_of=AS_OF, by=by).results[0])
    assert seen
    assert broken(people, seen) == []


def test_the_same_attacker_works_out_what_is_only_rounded_and_hidden_when_small():
    """The control: without the audit many are found."""
    found = 0
    for seed in range(4):
        people = programme(seed)
        seen = {
            count.key: (count.value - 2, count.value + 2)
            for count in counts(people)
            if count.value >= THRESHOLD and " to " not in count.key[1]
        }
        found += bool(broken(people, seen))
    assert found > 2
