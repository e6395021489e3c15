"""Profiles cannot be loosened by data."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.disclosure.profile import (
    FLOOR,
    INTERNAL,
    PROFILES,
    PUBLIC,
    Profile,
    profile_named,
)
from osallisuus.errors import DisclosureError


def test_what_leaves_the_library_protects_ten_rounds_to_five_and_hides_zeros() -> None:
    """The public profile is the careful one, and is not marked as internal."""
    assert (PUBLIC.threshold, PUBLIC.base, PUBLIC.zeros) == (10, 5, "unsafe")
    assert not PUBLIC.internal


def test_an_internal_view_is_exact_and_hides_the_smallest_counts() -> None:
    """Five is what staff may see; that there is nobody is no secret among them."""
    assert (INTERNAL.threshold, INTERNAL.base, INTERNAL.zeros) == (5, None, "structural")
    assert INTERNAL.internal


def test_profiles_are_found_by_name_and_a_slip_is_answered_with_the_nearest() -> None:
    """A misspelt profile is an error with advice, never another profile."""
    assert profile_named("public") is PUBLIC
    assert list(PROFILES) == ["public", "internal"]
    with pytest.raises(DisclosureError, match="did you mean 'public'"):
        profile_named("pubic")


@pytest.mark.parametrize("threshold", [float("nan"), 5.0, "5", True, None, 0, -5])
def test_a_threshold_that_is_no_whole_number_is_refused(threshold: Any) -> None:
    """``n < nan`` is never true: such a threshold would hide nothing. Not even code may set it."""
    for unsafe in (False, True):
        with pytest.raises(DisclosureError, match="whole number"):
            Profile(name="x", threshold=threshold, unsafe=unsafe)


def test_a_threshold_below_the_floor_needs_code_that_says_unsafe() -> None:
    """Two persons in a cell know each other's answer."""
    with pytest.raises(DisclosureError, match="floor"):
        Profile(name="x", threshold=FLOOR - 1)
    assert Profile(name="x", threshold=FLOOR - 1, unsafe=True).threshold == FLOOR - 1
    assert Profile(name="x", threshold=FLOOR).threshold == FLOOR


def test_the_floor_itself_cannot_be_lowered_by_the_way() -> None:
    """A lower floor would be a second door to the same loosening."""
    with pytest.raises(DisclosureError, match="floor"):
        Profile(name="x", threshold=5, floor=1)
    with pytest.raises(DisclosureError, match="below the floor of 10"):
        Profile(name="x", threshold=5, floor=10)


@pytest.mark.parametrize("wrong", [{"zeros": "safe"}, {"base": 1}, {"base": 2.5}, {"base": True}])
def test_other_settings_are_checked_too(wrong: dict[str, Any]) -> None:
    """An unknown setting is refused, not taken for the default."""
    with pytest.raises(DisclosureError):
        evolve(PUBLIC, **wrong)


@given(st.integers(1, 50))
def test_tightening_never_lowers_a_threshold(threshold: int) -> None:
    """Data may ask for any threshold; the stricter one holds, and nothing else changes."""
    tightened = PUBLIC.tighten(threshold)
    assert tightened.threshold == max(PUBLIC.threshold, threshold)
    assert evolve(tightened, threshold=PUBLIC.threshold) == PUBLIC


@pytest.mark.parametrize("threshold", [float("nan"), 7.0, "7", True, 0])
def test_tightening_by_something_else_than_a_number_is_refused(threshold: Any) -> None:
    """A typing slip in data is an error, not a silent default."""
    with pytest.raises(DisclosureError, match="whole number"):
        PUBLIC.tighten(threshold)
