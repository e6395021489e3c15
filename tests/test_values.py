"""The shared methods of values do what attrs' own would do."""

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus import values


def _made(decorator: Any, **options: Any) -> Any:
    class Thing:
        one: int
        two: str = "x"
        hidden: int = attrs.field(default=0, repr=False)
        aside: int = attrs.field(default=0, eq=False)

    return decorator(**options)(Thing)


OURS, THEIRS = _made(values.frozen), _made(attrs.frozen)
FIELDS = st.tuples(st.integers(0, 1), st.sampled_from("xy"), st.integers(0, 1), st.integers(0, 1))


@given(FIELDS, FIELDS)
def test_values_are_equal_and_shown_as_attrs_makes_them(first, second):
    """Equality, hash and repr heed the same fields as those that attrs compiles."""
    ours, others = OURS(*first), OURS(*second)

    assert (ours == others) == (THEIRS(*first) == THEIRS(*second))
    assert (ours != others) == (THEIRS(*first) != THEIRS(*second))
    assert repr(ours) == repr(THEIRS(*first))
    if ours == others:
        assert hash(ours) == hash(others)


def test_values_of_two_classes_are_never_equal():
    """Equal fields of another class, or of a subclass, do not make an equal value."""

    @values.frozen
    class Derived(OURS):
        pass

    assert OURS(1) != THEIRS(1)
    assert OURS(1) != Derived(1)
    assert OURS(1) != (1, "x", 0)


def test_a_value_without_fields_equals_its_like():
    """A class without fields has one value."""

    @values.frozen
    class Empty:
        pass

    @values.frozen
    class Other:
        pass

    assert Empty() == Empty()
    assert hash(Empty()) == hash(Empty())
    assert Empty() != Other()
    assert repr(Empty()).endswith("Empty()")


def test_what_a_class_says_itself_stands():
    """Methods written in the class are not replaced."""

    @values.frozen
    class Own:
        one: int

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 7

        def __repr__(self) -> str:
            return "own"

    assert (Own(1) == Own(2), hash(Own(1)), repr(Own(1))) == (True, 7, "own")


def test_without_equality_each_value_is_only_itself():
    """``eq=False`` leaves identity."""
    made = _made(values.frozen, eq=False)
    one = made(1)

    assert one == one  # noqa: PLR0124 - that is the point
    assert one != made(1)


def test_an_order_is_the_order_of_the_fields():
    """``order=True`` compares as attrs does."""
    made = _made(values.frozen, order=True)

    assert sorted([made(2), made(1, "y"), made(1, "x")]) == [made(1, "x"), made(1, "y"), made(2)]


def test_a_value_cannot_be_changed():
    """No field can be set, nor any other attribute added."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        OURS(1).one = 2
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        OURS(1).other = 2
