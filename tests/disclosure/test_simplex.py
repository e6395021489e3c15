"""The exact simplex on systems small enough to be solved on paper."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random

import pytest

from osallisuus.disclosure.simplex import Dictionary
from osallisuus.errors import LimitError

FORMS = ({0: 1, 1: 2}, {0: 2, 1: 1}, {0: 1, 1: 1})


def dictionary() -> Dictionary:
    """``a + 2b <= 4`` and ``2a + b <= 4``, with ``a + b`` to be pushed."""
    found = Dictionary(FORMS, 2, limit=1000)
    found.high[0] = found.high[1] = 4
    return found


def test_an_optimum_that_is_no_whole_number_is_exact() -> None:
    """The largest a + b is 8/3, not a number near to it."""
    found = dictionary()
    assert found.push(2, up=True)
    assert found.value(2) == Fraction(8, 3)


def test_the_way_back_down_ends_at_the_least_value() -> None:
    """One dictionary serves for maximum and minimum, in turn."""
    found = dictionary()
    found.push(2, up=True)
    assert found.push(2, up=False)
    assert found.value(2) == 0


def test_a_form_without_an_upper_end_is_said_to_have_none() -> None:
    """Without bounds on the other forms, a + b grows for ever."""
    assert not Dictionary(FORMS, 2, limit=1000).push(2, up=True)


def test_a_form_outside_the_basis_can_be_pushed_on() -> None:
    """A form that rests at its own bound moves again when the bound is widened."""
    found = dictionary()
    found.push(0, up=True)
    found.high[0] = 6
    assert found.push(0, up=True)
    assert found.value(0) == 6


def test_work_beyond_the_limit_is_refused() -> None:
    """A table that is too large ends in an error of our own, not in minutes of waiting."""
    with pytest.raises(LimitError):
        Dictionary(FORMS, 2, limit=5)
    small = Dictionary(FORMS, 2, limit=6)
    small.high[0] = small.high[1] = 4
    with pytest.raises(LimitError):
        small.push(2, up=True)


def test_the_table_is_given_only_when_it_is_whole() -> None:
    """At 8/3 there is no table; at a corner of whole numbers all variables are given in order."""
    found = dictionary()
    found.push(2, up=True)
    assert found.table() is None
    found.push(2, up=False)
    assert found.table() == [0, 0, 0, 0, 0]
    found.push(3, up=True)
    assert found.table() == [2, 4, 2, 2, 0]
    assert [found.value(at) for at in range(5)] == [2, 4, 2, 2, 0]


def test_a_point_inside_is_a_place_to_start_from() -> None:
    """Variables need not rest at a bound: from a = b = 1 all ends are found."""
    found = dictionary()
    found.put([1, 1])
    assert found.table() == [3, 3, 2, 1, 1]
    assert found.push(2, up=False)
    assert found.value(2) == 0
    found = dictionary()
    found.put([1, 1])
    assert found.push(2, up=True)
    assert found.value(2) == Fraction(8, 3)


def test_driving_ends_at_the_goal_or_at_what_is_in_the_way() -> None:
    """a + b can be driven to 1 and 2, to 2 from above, but not to 3."""
    for start, goal in ((0, 1), (0, 2), (2, 1), (1, 1)):
        found = dictionary()
        found.put([start, 0])
        assert found.drive(2, goal)
        assert found.value(2) == goal
    found = dictionary()
    assert not found.drive(2, 3)
    assert found.value(2) == Fraction(8, 3)


def test_driving_makes_the_goal_a_bound_on_the_way_only() -> None:
    """Upwards it becomes the highest, downwards the lowest value, and no more."""
    found = dictionary()
    found.drive(2, 1)
    assert (found.low[2], found.high[2]) == (None, 1)
    found = dictionary()
    found.put([2, 0])
    found.drive(2, 1)
    assert (found.low[2], found.high[2]) == (1, None)


def test_a_driven_variable_does_not_disturb_the_bounds_of_others() -> None:
    """Whatever is driven where: all values stay within their bounds, and forms are their sums."""
    random = Random(5)
    for _ in range(60):
        forms = [{atom: random.choice((1, 1, 2)) for atom in random.sample(range(5), 3)}
                 for _ in range(4)]  # fmt: skip
        atoms = [random.randrange(6) for _ in range(5)]
        found = Dictionary(forms, 5, limit=10**6)
        found.put(atoms)
        for place in range(3):
            found.low[place] = int(found.value(place)) - random.randrange(3)
            found.high[place] = int(found.value(place)) + random.randrange(3)
        for _ in range(6):
            kept = found.low[:], found.high[:]
            at = random.randrange(9)
            goal = max(random.randrange(9), found.low[at] or 0)
            goal = goal if found.high[at] is None else min(goal, kept[1][at] or 0)
            reached = found.drive(at, goal)
            assert reached == (found.value(at) == goal)
            found.low[:], found.high[:] = kept
            values = [found.value(at) for at in range(9)]
            for form, value in zip(forms, values, strict=False):
                assert value == sum(n * values[4 + atom] for atom, n in form.items())
            for low, value, high in zip(found.low, values, found.high, strict=True):
                assert low is None or value >= low
                assert high is None or value <= high


def test_ends_equal_those_of_trying_all_tables() -> None:
    """For sums of single persons in lines, the ends are those of all whole tables there are."""
    random = Random(3)
    lines: list[dict[int, int]] = [{0: 1, 1: 1}, {2: 1, 3: 1}, {0: 1, 2: 1}, {1: 1, 3: 1}]
    for _ in range(40):
        atoms = [random.randrange(4) for _ in range(4)]
        found = Dictionary([*lines, {0: 1, 3: 1}], 4, limit=10**6)
        found.put(atoms)
        for place, line in enumerate(lines):
            total = sum(atoms[at] for at in line)
            found.low[place], found.high[place] = max(0, total - place % 2), total
        fitting = [
            table[0] + table[3]
            for table in product(range(8), repeat=4)
            if all(
                (found.low[place] or 0) <= sum(table[at] for at in line) <= (found.high[place] or 0)
                for place, line in enumerate(lines)
            )
        ]
        found.push(4, up=True)
        assert found.value(4) == max(fitting)
        found.push(4, up=False)
        assert found.value(4) == min(fitting)


def test_a_whole_table_is_found_beside_a_corner_of_fractions() -> None:
    """Three pairs of three atoms: with all pairs at most 1, two of them are 1 only in fractions."""
    pairs: list[dict[int, int]] = [{0: 1, 1: 1}, {1: 1, 2: 1}, {0: 1, 2: 1}, {0: 1, 1: 1, 2: 1}]
    found = Dictionary(pairs, 3, limit=1000, enough=5)
    found.high[0] = found.high[1] = found.high[2] = 1
    assert found.push(3, up=True)
    assert found.value(3) == Fraction(3, 2)
    found.witnesses.watch([3])
    found.find_whole(3, 1)
    assert found.witnesses.proved(3) >= {1}
    found.find_whole(3, 2)
    assert 2 not in found.witnesses.proved(3)
    assert found.high[:4] == [1, 1, 1, None]
    assert found.low == [None] * 4 + [0] * 3


def test_a_dead_end_is_no_table() -> None:
    """Where every rounding fails nothing is noted: three pairs of exactly 1 have no whole table."""
    pairs: list[dict[int, int]] = [{0: 1, 1: 1}, {1: 1, 2: 1}, {0: 1, 2: 1}, {0: 1, 1: 1, 2: 1}]
    found = Dictionary(pairs, 3, limit=1000, enough=5)
    found.high[0] = found.high[1] = found.high[2] = 1
    for pair in range(3):
        assert found.drive(pair, 1)
        found.low[pair] = 1
    found.witnesses.watch([3])
    assert found.value(3) == Fraction(3, 2)
    for goal in (1, 2):
        found.find_whole(3, goal)
    assert found.witnesses.proved(3) == frozenset()


def test_what_a_form_hangs_on_is_what_rests_at_a_bound() -> None:
    """At the largest a + b both other forms are at their highest and hold it."""
    found = dictionary()
    found.push(2, up=True)
    assert set(found.prices(2)) == {0, 1}
    assert found.prices(0) == {0: 1}


def test_of_the_whole_numbers_beside_a_fraction_the_nearer_comes_first() -> None:
    """Seven thirds are nearer to two, eight thirds to three."""
    for top, beside in ((7, [2, 3]), (8, [3, 2])):
        found = Dictionary([{0: 3}], 1, limit=100)
        found.high[0] = top
        assert found.push(1, up=True)
        assert found._fraction() == (1, beside)
