"""What the audit finds in releases whose answer is known."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from osallisuus.disclosure.audit import audit, bounds, insiders
from osallisuus.disclosure.counts import Count
from osallisuus.errors import DefinitionError, DisclosureError, LimitError
from tests.disclosure.tables import table


def test_a_hidden_count_that_no_shown_one_touches_has_no_upper_end() -> None:
    """A single hidden table without margins can be anything."""
    found = audit([Count("a", {0}, 2)], {"a"}, threshold=5)
    assert found.safe
    assert found.bounds == {"a": (0, None)}


def test_a_hidden_part_of_a_shown_total_lies_between_nothing_and_the_total() -> None:
    """Only the total is known: 0 to 7 remain."""
    counts = [Count("part", {0}, 2), Count("total", {0, 1}, 7)]
    assert bounds(counts, {"part"}, "part") == (0, 7)


def test_a_shown_count_is_known_exactly() -> None:
    """Asking for a shown count gives its value twice."""
    counts = [Count("part", {0}, 2), Count("total", {0, 1}, 7)]
    assert bounds(counts, {"part"}, "total") == (7, 7)


def test_a_count_given_away_by_its_twin_is_unsafe() -> None:
    """Two figures over the same persons: hiding one of them hides nothing."""
    counts = [Count("in the table", {0}, 30), Count("in the text", {0}, 30)]
    found = audit(counts, {"in the table"}, threshold=5)
    assert found.unsafe == ("in the table",)
    assert found.bounds == {"in the table": (30, 30)}


def test_what_is_hinted_at_is_audited_by_what_the_hint_leaves_open() -> None:
    """A figure says that fewer than ten are open; that there are three is safe by itself only."""
    fewer = Count("fewer than ten", {0}, 3, sensitive=False, shown_as=(0, 9), hint=True)
    counts = [Count("open", {0}, 3), fewer, Count("open elsewhere", {1}, 8)]
    found = audit(
        [*counts, Count("open in all", {0, 1}, 11)], {"open", "open in all"}, threshold=10
    )
    assert found.safe
    assert found.bounds["open"] == (0, 9)
    many = Count("ten or more in all", {0, 1}, 11, shown_as=(10, None), hint=True)
    few = Count("fewer than ten elsewhere", {1}, 8, shown_as=(0, 9), hint=True)
    hidden = {"open", "open elsewhere", "open in all"}
    found = audit([*counts, many, few, Count("open in all", {0, 1}, 11)], hidden, threshold=10)
    assert found.bounds["open"] == (1, 9)
    assert set(found.unsafe) >= {"open", "open elsewhere"}


def test_bounds_may_be_no_whole_numbers_and_the_interval_is_their_inside() -> None:
    """Weights: three per person, ten in all, at most 10/3 persons."""
    counts = [Count("persons", {0}, 2), Count("visits", {0: 3, 1: 1}, 10)]
    assert bounds(counts, {"persons"}, "persons") == (0, Fraction(10, 3))
    assert audit(counts, {"persons"}, threshold=4).safe
    assert not audit(counts, {"persons"}, threshold=5).safe


def test_gaps_between_the_bounds_are_not_counted_as_possible_values() -> None:
    """A sum of pairs in 0..8 has five values, not nine."""
    counts = [Count("pairs", {0: 2}, 4), Count("all", {0: 2, 1: 2}, 8)]
    assert bounds(counts, {"pairs"}, "pairs") == (0, 8)
    assert audit(counts, {"pairs"}, threshold=5).safe
    assert not audit(counts, {"pairs"}, threshold=6).safe


def test_a_count_that_is_no_secret_needs_as_many_values_when_it_is_hidden() -> None:
    """One value fewer than the threshold is too few, for secondary counts too."""
    counts = [
        Count("a", {0}, 1, sensitive=False),
        Count("b", {1}, 2, sensitive=False),
        Count("all", {0, 1}, 3, sensitive=False),
    ]
    assert audit(counts, {"a", "b"}, threshold=4).safe
    assert audit(counts, {"a", "b"}, threshold=5).unsafe == ("a", "b")


def test_a_rounded_total_leaves_its_rounding_interval_open() -> None:
    """The total 7 shown as "5" tells that it lies in 5..9 after rounding down to base 5."""
    counts = [
        Count("a", {0}, 2),
        Count("b", {1}, 5),
        Count("total", {0, 1}, 7, shown_as=(5, 9)),
    ]
    assert bounds(counts, {"a"}, "a") == (0, 4)
    assert audit(counts, {"a"}, threshold=5).safe
    assert not audit(counts, {"a"}, threshold=6).safe


def test_an_earlier_release_is_known_even_if_it_is_hidden_now() -> None:
    """What is out cannot be taken back: hiding the total again does not help the part."""
    counts = [
        Count("a", {0}, 2),
        Count("b", {1}, 5),
        Count("total", {0, 1}, 7, released=True),
    ]
    found = audit(counts, {"a", "total"}, threshold=5)
    assert found.bounds["a"] == (2, 2)
    assert "a" in found.unsafe


def test_a_structural_zero_is_known_although_it_is_hidden() -> None:
    """It hides nothing: the other part of the total is the whole of it."""
    counts = [Count("a", {0}, 7), Count("none", {1}, 0), Count("total", {0, 1}, 7)]
    hidden = {"a", "none"}
    assert audit(counts, hidden, threshold=5, zeros="unsafe").safe
    found = audit(counts, hidden, threshold=5, zeros="structural")
    assert found.unsafe == ("a",)
    assert found.bounds == {"a": (7, 7), "none": (0, 0)}


def test_counts_that_contradict_each_other_are_refused() -> None:
    """A part larger than its total means that the atoms are wrong, so no audit would be true."""
    with pytest.raises(DisclosureError, match="contradict"):
        audit([Count("part", {0}, 8), Count("total", {0, 1}, 7)], {"part"}, threshold=5)
    with pytest.raises(DisclosureError, match="different values"):
        audit([Count("one", {0}, 8), Count("other", {0}, 7)], {"one"}, threshold=5)


def test_errors_do_not_tell_the_counts() -> None:
    """The message of a refusal holds no value of the data."""
    with pytest.raises(DisclosureError) as caught:
        audit([Count("part", {0}, 8123), Count("total", {0, 1}, 7456)], {"part"}, threshold=5)
    assert "8123" not in str(caught.value)
    assert "7456" not in str(caught.value)


def test_a_key_that_names_no_count_is_refused() -> None:
    """A misspelt key must not look like a safe one."""
    counts = [Count("part", {0}, 8)]
    with pytest.raises(DefinitionError, match="none of the counts"):
        audit(counts, {"prat"}, threshold=5)
    with pytest.raises(DefinitionError, match="none of the counts"):
        bounds(counts, {"part"}, "prat")


def test_two_counts_with_one_key_are_refused() -> None:
    """Otherwise one of the two would be audited and the other shown."""
    with pytest.raises(DefinitionError, match="same key"):
        audit([Count("a", {0}, 1), Count("a", {1}, 2)], {"a"}, threshold=5)


def test_an_audit_beyond_its_limit_says_so() -> None:
    """No silent answer from half an audit."""
    counts = table((2, 5), [9] * 10)
    with pytest.raises(LimitError):
        audit(counts, {(0, 0)}, threshold=5, limit=200)


@pytest.mark.parametrize("members", [(), {0: 0}, {0: -1}])
def test_a_count_must_sum_something(members: Any) -> None:
    """A count over no atom would look like a known zero."""
    with pytest.raises(DefinitionError, match="at least one atom"):
        Count("a", members, 0)


@pytest.mark.parametrize("value", [-1, 2.0, True, float("nan")])
def test_a_count_must_be_a_whole_number(value: Any) -> None:
    """Anything else would make comparisons with the threshold mean something else."""
    with pytest.raises(DefinitionError, match="whole number"):
        Count("a", {0}, value)


def test_an_interval_must_hold_the_true_value() -> None:
    """A rounding interval without the value was computed from another number."""
    with pytest.raises(DefinitionError, match="true value"):
        Count("a", {0}, 7, shown_as=(8, 12))


def test_a_count_is_safe_when_the_way_to_its_bounds_proves_it() -> None:
    """20 persons with 21 episodes: who came back, once each, can be 0 to 10 of them."""
    counts = [
        Count("persons", {0: 1, 1: 1}, 20, sensitive=False),
        Count("episodes", {0: 2, 1: 1}, 21, sensitive=False),
        Count("came back", {0: 1}, 1, sensitive=True),
    ]
    found = audit(counts, {"came back", "persons"}, threshold=5)
    assert found.safe
    assert found.bounds["came back"] == (0, 10)


def test_an_insider_knows_to_be_in_the_count() -> None:
    """Four others may be in a cell of 0 to 4 for a stranger; its one member sees 1 to 4."""
    counts = [
        Count("a", {0}, 1, sensitive=True),
        Count("b", {1}, 3, sensitive=True),
        Count("none", {2}, 0, sensitive=True),
        Count("all", {0, 1}, 4, sensitive=False),
        Count("elsewhere", {3}, 9, sensitive=True),
    ]
    hidden = ["a", "b", "none", "elsewhere"]
    assert audit(counts, hidden, threshold=5).safe
    found = insiders(counts, hidden, threshold=5)
    assert list(found) == ["a", "b", "elsewhere"]  # nobody is in "none"
    assert found["a"].bounds["a"] == (1, 4)
    assert found["a"].bounds["b"] == (0, 3)
    assert found["a"].unsafe == ("a", ("insider", "a"), "b")[0::2]
    assert found["elsewhere"].bounds == {"elsewhere": (1, None)}
    assert found["elsewhere"].safe


def test_an_insider_is_asked_about_secrets_only_and_about_what_is_not_out_yet() -> None:
    """What an earlier release has shown is no hidden count, and a secondary one no secret."""
    counts = [
        Count("a", {0}, 2),
        Count("b", {1}, 3),
        Count("out", {2}, 7, released=True),
        Count("all", {0, 1, 2}, 12),
    ]
    found = insiders(counts, ["a", "b", "out"], threshold=6, secrets=["a"])
    assert list(found) == ["a", "b"]
    assert found["b"].unsafe == ("a",)


def test_an_insider_of_a_misspelt_key_is_refused() -> None:
    """As everywhere, a misspelt key must not look like a safe one."""
    with pytest.raises(DefinitionError, match="none of the counts"):
        insiders([Count("part", {0}, 8)], {"prat"}, threshold=5)


def test_a_count_that_was_released_and_is_hidden_now_keeps_its_old_interval() -> None:
    """Shown as 5..9 last year and exactly now: hidden now, 5..9 remains, no more and no less."""
    counts = [
        Count("now", {0}, 7),
        Count("then", {0}, 7, released=True, shown_as=(5, 9)),
    ]
    found = audit(counts, {"now"}, threshold=5)
    assert found.safe
    assert found.bounds == {"now": (5, 9)}
    assert audit(counts, {"now"}, threshold=6).unsafe == ("now",)
    assert bounds(counts, {"now"}, "now") == (5, 9)
