"""Counts over atoms: what belongs together, and what a reader knows of it."""

from __future__ import annotations

from typing import Any

import pytest

from osallisuus.disclosure.audit import audit
from osallisuus.disclosure.counts import Count, components, forms_of, linked
from osallisuus.disclosure.protect import protect
from tests.disclosure.tables import ALL, table


@pytest.mark.parametrize("more", [(True,), (None, True), ((5, 9),)])
def test_what_is_more_than_the_value_is_said_by_name(more: tuple[Any, ...]) -> None:
    """A bare True after the value could be taken for any of the marks."""
    many: Any = Count
    with pytest.raises(TypeError):
        many("a", {0}, 7, *more)


def test_of_several_things_shown_of_one_count_a_reader_knows_all() -> None:
    """Told as 5..9 and as 7..11, it is 7..9; with no upper end in one of them, the other's holds."""
    told = [
        Count("spring", {0}, 8, shown_as=(5, 9), released=True),
        Count("summer", {0}, 8, shown_as=(7, 11), released=True),
        Count("autumn", {0}, 8, shown_as=(3, None), released=True),
        Count("winter", {0}, 8),
    ]
    (form,) = forms_of(told)
    assert form.interval("unsafe", hidden=True) == (7, 9)
    assert form.interval("unsafe", hidden=False) == (8, 8)
    found = audit(told, {"winter"}, threshold=3)
    assert found.bounds == {"winter": (7, 9)}
    assert found.safe


def test_places_that_are_linked_by_way_of_others_are_one_group() -> None:
    """A link may hold one place, or none; a group begins with its first place."""
    assert linked(6, [(4, 2), (2, 0), (5,), ()]) == [[0, 2, 4], [1], [3], [5]]
    assert linked(5, [(3, 4), (0, 1), (1, 2), (4, 0)]) == [[0, 1, 2, 3, 4]]
    assert linked(0, []) == []


def test_counts_hang_together_by_shared_atoms_and_by_links() -> None:
    """Two tables with other people are two components until a link joins them."""
    forms = forms_of(
        [Count("a", {0}, 1), Count("all", {0, 1}, 3), Count("b", {7}, 2), Count("c", {1}, 2)]
    )
    assert components(forms) == [[0, 1, 2], [3]]
    assert components(forms, [(0, 3)]) == [[0, 1, 2, 3]]


def test_a_fate_of_one_count_is_its_own() -> None:
    """To say that a count goes with itself changes nothing; neither does a set of none."""
    counts = [Count("few", {0}, 2), Count("many", {1}, 50)]
    found = protect(counts, threshold=5, together=[{"few"}, {"many"}, ()])
    assert found == protect(counts, threshold=5)
    assert found.hidden == {"few"}


def test_a_table_of_which_nothing_is_hidden_costs_no_audit() -> None:
    """However large it is: only what hangs together with something hidden is looked at."""
    large = table((6, 8), [9] * 48)
    small = [Count("few", {100}, 2), Count("both", {100, 101}, 40)]
    assert audit([*large, *small], {"few"}, threshold=5, limit=60).bounds == {"few": (0, 40)}


def test_atoms_without_a_number_hold_nobody() -> None:
    """True numbers are given of the atoms that hold somebody; ALL of the others are empty."""
    counts = [Count("part", {0, 2}, 4), Count(ALL, {0, 1, 2, 3}, 9)]
    found = audit(counts, {"part"}, threshold=5, numbers={0: 4, 1: 5})
    assert found.safe
    assert found.bounds == {"part": (0, 9)}
