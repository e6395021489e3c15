"""Which counts give somebody away by themselves, on counts small enough to be judged by hand."""

from __future__ import annotations

from typing import Any

import pytest

from osallisuus.disclosure.tallies import (
    REST,
    Key,
    all_or_none,
    empty_keys,
    keys_behind,
    near_counts,
    persons_in,
    rest_of,
    says_nothing,
    sensitive_keys,
    tallies_of,
)
from osallisuus.metrics.measure import Place
from osallisuus.metrics.metric import Draw, Tally
from tests.disclosure.test_gate import World

HERE = Place()
OULU = Place(("Oulu",))
WHOLE = Tally(("whole",), 40)


def key(name: str, *more: str, number: int = 0, place: Place = HERE) -> Key:
    """The key of a count, or with :data:`REST` of the rest of which it is none."""
    return number, place, (name, *more)


def part(n: int, **more: Any) -> dict[Key, Tally]:
    """A part of 40, and the 40."""
    return {key("part"): Tally(("part",), n, within=("whole",), **more), key("whole"): WHOLE}


def draw(*tallies: Tally, **more: Any) -> Draw:
    """A figure with these counts behind it."""
    return Draw(name="it", measure="count", tallies=tallies, **more)


@pytest.mark.parametrize(
    ("n", "more", "found"),
    [
        (20, {}, set()),
        (1, {}, {key("part")}),
        (4, {}, {key("part")}),
        (5, {}, set()),
        (0, {}, set()),
        (39, {}, {key("part", REST)}),
        (36, {}, {key("part", REST)}),
        (35, {}, set()),
        (40, {}, set()),
        (40, {"telling": True}, {key("part", REST)}),
        (0, {"telling": True}, {key("part", REST)}),
        (20, {"telling": True}, set()),
        (20, {"units": 1}, {key("part")}),
        (20, {"units": 5}, set()),
        (20, {"others": 1}, {key("part", REST)}),
        (20, {"others": 5}, set()),
        (20, {"others": 0}, set()),
        (20, {"largest": (100, 90, 1)}, {key("part")}),  # two persons have 91 of 100
        (20, {"largest": (100, 10, 9)}, set()),
        (20, {"largest": (0, 0, 0)}, {key("part")}),  # nobody has anything
        (20, {"largest": (20, 1, 1)}, {key("part")}),  # each has all that was possible
        (20, {"largest": (16, 1, 1)}, {key("part")}),  # four seats were empty
        (20, {"largest": (15, 1, 1)}, set()),
        (20, {"largest": (5, 1, 1)}, set()),
        (20, {"largest": (4, 1, 1)}, {key("part")}),
        (0, {"largest": (0, 0, 0)}, set()),
        (20, {"largest": (100, 10, 9), "units": 4}, {key("part")}),
    ],
)
def test_a_count_is_sensitive_by_its_size_its_rest_and_what_it_says_of_each(
    n: int, more: dict[str, Any], found: set[Key]
) -> None:
    """Of 40, with a threshold of five."""
    assert sensitive_keys(part(n, **more), 5, {}) == found


def test_few_people_with_many_cases_are_few() -> None:
    """Twenty episodes of one person, or of those who are not in the part."""
    assert sensitive_keys(part(20), 5, {key("part"): 1}) == {key("part")}
    assert sensitive_keys(part(20), 5, {key("part"): 5, key("part", REST): 1}) == {
        key("part", REST)
    }
    assert sensitive_keys(part(20), 5, {key("part"): 0}) == set()
    assert sensitive_keys(part(20), 5, {}, nobody=[key("none")]) == {key("none")}


def test_what_is_said_of_each_needs_somebody_to_be_said_of() -> None:
    """All of one person is that person; all of nobody is nobody."""
    for whole, found in ((1, True), (0, False)):
        tallies = part(whole, telling=True) | {key("whole"): Tally(("whole",), whole)}
        assert (key("part", REST) in sensitive_keys(tallies, 5, {})) is found


def test_the_rest_is_what_the_whole_has_more() -> None:
    """A count that is part of nothing is its own whole."""
    tallies = part(30)
    assert rest_of(tallies, key("part")) == (40, 10)
    assert rest_of(tallies, key("whole")) == (40, 0)
    assert [persons_in(one) for one in (WHOLE, Tally(("a",), 9, units=3))] == [40, 3]
    assert persons_in(Tally(("a",), 2, units=3)) == 2


@pytest.mark.parametrize(
    ("n", "telling", "said"),
    [(40, True, True), (0, True, True), (1, True, False), (39, True, False), (40, False, False)],
)
def test_all_and_none_say_it_of_each_only_where_it_tells_something(
    n: int, telling: bool, said: bool
) -> None:
    """And not where there is nobody at all."""
    assert all_or_none(part(n, telling=telling)) == ([key("part")] if said else [])
    nobody = {**part(0, telling=True), key("whole"): Tally(("whole",), 0)}
    assert all_or_none(nobody) == []


def test_every_count_behind_a_figure_is_found_as_a_part_where_it_is_one() -> None:
    """Also those that are only watched, and those still open; each by its place."""
    as_part = Tally(("started",), 20, within=("offered",))
    alone = Tally(("started",), 20)
    drawn = [
        [
            (HERE, [draw(alone), draw(as_part), draw(alone)]),
            (OULU, [draw(alone, watched=(Tally(("w",), 2),), open=Tally(("o",), 3))]),
        ],
        [(HERE, [draw(alone)])],
    ]
    assert tallies_of(drawn) == {
        (0, HERE, ("started",)): as_part,
        (0, OULU, ("started",)): alone,
        (0, OULU, ("w",)): Tally(("w",), 2),
        (0, OULU, ("o",)): Tally(("o",), 3),
        (1, HERE, ("started",)): alone,
    }
    assert keys_behind(3, OULU, draw(as_part, WHOLE)) == [
        (3, OULU, ("started",)),
        (3, OULU, ("whole",)),
        (3, OULU, ("started", REST)),
    ]


def test_that_there_is_nobody_is_told_by_a_figure_of_a_part_and_not_by_a_curve() -> None:
    """Of all facts it only says that none are of this matter; on the first days nobody has left."""
    none = Tally(("none",), 0)
    assert says_nothing(HERE, draw(none, reason="no one"))
    assert not says_nothing(OULU, draw(none, reason="no one"))
    assert not says_nothing(HERE, draw(none))
    drawn = [
        [
            (HERE, [draw(none, reason="no one"), draw(Tally(("few",), 3))]),
            (OULU, [draw(none), draw(Tally(("first day",), 0), at=0)]),
        ]
    ]
    assert empty_keys(drawn) == {(0, OULU, ("none",))}


def test_counts_of_one_place_that_differ_by_few_are_subtracted() -> None:
    """Not those that are equal, far apart, small themselves, amounts, or of another place."""
    asked = World().ask("completion", "role_occupancy", "team_transition", "recruitment_funnel")
    tallies = {
        key("twenty"): Tally(("twenty",), 20),
        key("equal"): Tally(("equal",), 20),
        key("more", number=3): Tally(("more",), 24),
        key("far"): Tally(("far",), 29),
        key("further"): Tally(("further",), 36),
        key("five"): Tally(("five",), 5),
        key("eight"): Tally(("eight",), 8),
        key("small"): Tally(("small",), 4),
        key("hours"): Tally(("hours",), 21, additive=True),
        key("between"): Tally(("between",), 21),
        key("elsewhere", place=OULU): Tally(("elsewhere",), 21),
        key("a few more", place=OULU): Tally(("a few more",), 23),
        key("many more", place=OULU): Tally(("many more",), 40),
        key("in a state", number=1): Tally(("in a state",), 21),
        key("of a curve", number=2): Tally(("of a curve",), 21),
    }
    assert near_counts(tallies, asked, 5) == [
        (key("five"), key("eight")),
        (key("twenty"), key("more", number=3)),
        (key("equal"), key("more", number=3)),
        (key("elsewhere", place=OULU), key("a few more", place=OULU)),
    ]
