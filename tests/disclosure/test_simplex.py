"""The exact simplex on systems small enough to be solved on paper."""

from __future__ import annotations

from fractions import Fraction

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
    assert found.value[2] == Fraction(8, 3)


def test_the_way_back_down_ends_at_the_least_value() -> None:
    """One dictionary serves for maximum and minimum, in turn."""
    found = dictionary()
    found.push(2, up=True)
    assert found.push(2, up=False)
    assert found.value[2] == 0


def test_a_form_without_an_upper_end_is_said_to_have_none() -> None:
    """Without bounds on the other forms, a + b grows for ever."""
    found = Dictionary(FORMS, 2, limit=1000)
    found.watch([2], 3)
    assert not found.push(2, up=True)
    assert found.is_proved(2)


def test_only_values_of_whole_tables_count_as_proved() -> None:
    """a + b can be 8/3, but with whole numbers only 0, 1 and 2."""
    found = dictionary()
    found.drop_anchor()
    found.watch([2], 10)
    for up in (True, False):
        found.push(2, up=up)
    assert found.proved[2] <= {0, 1, 2}
    assert {0, 1} <= found.proved[2]


def test_a_form_outside_the_basis_can_be_pushed_on() -> None:
    """A form that rests at its own bound moves again when the bound is widened."""
    found = dictionary()
    found.push(0, up=True)
    found.high[0] = 6
    assert found.push(0, up=True)
    assert found.value[0] == 6


def test_settling_leaves_the_values_within_their_bounds() -> None:
    """A point inside, as after widening the bounds of a form, goes to a corner."""
    found = dictionary()
    found.push(0, up=True)
    found.low[0] = found.high[0] = None
    found.settle()
    assert all(value >= 0 for value in found.value)
    assert found.push(0, up=True)
    assert found.value[0] == 8


def test_work_beyond_the_limit_is_refused() -> None:
    """A table that is too large ends in an error of our own, not in minutes of waiting."""
    with pytest.raises(LimitError):
        Dictionary(FORMS, 2, limit=5)
    small = Dictionary(FORMS, 2, limit=6)
    small.high[0] = small.high[1] = 4
    with pytest.raises(LimitError):
        small.push(2, up=True)
