"""Whole tables as proof that a value is possible."""

from __future__ import annotations

from osallisuus.disclosure.witness import Witnesses

# Two atoms, a (2) and b (3), and two forms: a + b (0), which is 2 to 6, and b alone (1), 0 to 4.
LOW: list[int | None] = [2, 0, 0, 0]
HIGH: list[int | None] = [6, 4, None, None]
TRUTH = [5, 2, 3, 2]
COLUMNS = [{0: 1}, {0: 1, 1: 1}]


def witnesses(enough: int = 9) -> Witnesses:
    """Those of the table above, watching both forms from the true table on."""
    found = Witnesses(LOW[:], HIGH[:], enough)
    found.begin(TRUTH)
    found.watch([0, 1])
    return found


def test_the_true_table_is_the_first_witness() -> None:
    """Before any search each form is known to be able to have its true value."""
    found = witnesses()
    assert found.proved(0) == {5}
    assert found.proved(1) == {2}
    assert found.proved(2) == frozenset()
    assert found.wanting == {0, 1}


def test_a_walk_notes_each_step_up_to_the_nearest_bound() -> None:
    """Moving a alone goes on until a + b is 6; moving b for a until b is 4."""
    found = witnesses()
    found.walk(TRUTH, {2: 1, 0: 1})
    assert found.proved(0) == {5, 6}
    found.walk(TRUTH, {2: -1, 3: 1, 1: 1})
    assert found.proved(1) == {2, 3, 4}
    found.walk(TRUTH, {2: -1, 0: -1})
    assert found.proved(0) == {2, 3, 4, 5, 6}


def test_long_steps_prove_only_where_they_end() -> None:
    """In steps of two the values between are not proved."""
    found = witnesses()
    found.walk(TRUTH, {2: -2, 0: -2})
    assert found.proved(0) == {3, 5}


def test_without_a_whole_point_the_trail_goes_on_where_it_was() -> None:
    """A walk from a fractional point follows its edge from the last whole table and the truth."""
    found = witnesses()
    found.walk(
        [2, 2, 0, 2], {3: 1, 2: -1, 1: 1}
    )  # nothing: a is 0 there; from the truth b can grow
    assert found.proved(1) == {2, 3, 4}
    found.walk(None, {3: -1, 1: -1, 2: 1})  # the trail is still at b = 2, a = 0
    assert found.proved(1) == {0, 1, 2, 3, 4}
    # b is 0 and a is 2 on the trail now: a step up in a alone gives a + b = 3
    found.walk(None, {2: 1, 0: 1})
    assert found.proved(0) >= {2, 3, 4, 5, 6}


def test_an_endless_walk_notes_as_many_as_are_enough() -> None:
    """Where nothing is in the way the first few steps will do."""
    found = Witnesses([None, 0], [None, None], 4)
    found.begin([0, 0])
    found.watch([0])
    found.walk(None, {0: 2, 1: 2})
    assert found.proved(0) == {0, 2, 4, 6}
    assert found.is_proved(0)
    assert found.wanting == set()


def test_enough_is_enough() -> None:
    """A form with enough values is wanting no more and takes no others."""
    found = witnesses(enough=2)
    found.walk(TRUTH, {2: -1, 0: -1})
    assert found.proved(0) == {4, 5}
    assert found.is_proved(0)
    assert not found.is_proved(1)
    assert not found.is_proved(2)  # which nobody watches


def test_narrower_bounds_forget_what_they_exclude_and_keep_the_rest() -> None:
    """A form that is shown again leaves only the tables that agree with it."""
    low, high = LOW[:], HIGH[:]
    found = Witnesses(low, high, 9)
    found.begin(TRUTH)
    found.watch([0, 1])
    found.walk(TRUTH, {2: -1, 0: -1})
    found.walk(TRUTH, {2: -1, 3: 1, 1: 1})
    low[1] = high[1] = 2
    found.watch([0])
    assert found.proved(0) == {2, 3, 4, 5}
    assert found.proved(1) == frozenset()
    low[0] = 4
    found.watch([0])
    assert found.proved(0) == {4, 5}
    low[0] = 2
    found.watch([0])
    assert found.proved(0) == {4, 5}  # forgotten is forgotten


def test_wider_bounds_keep_all_and_one_table_proves_for_all_forms() -> None:
    """A form watched later has the values of all tables found before."""
    found = Witnesses(LOW[:], HIGH[:], 9)
    found.begin(TRUTH)
    found.watch([0])
    found.walk(TRUTH, {2: -1, 0: -1})
    found.walk(TRUTH, {3: -1, 0: -1, 1: -1})  # b goes down to 0; its totals are known already
    found.watch([0, 1])
    assert found.proved(0) == {2, 3, 4, 5}
    assert 2 in found.proved(1)


def test_no_table_is_noted_outside_the_bounds() -> None:
    """Steps from a table that breaks a bound, as while something is driven, are not taken."""
    low, high = LOW[:], HIGH[:]
    found = Witnesses(low, high, 9)
    found.begin(TRUTH)
    found.watch([0, 1])
    high[0] = 4  # below the truth of 5
    found.walk(None, {0: 1, 2: 1})
    assert found.proved(0) == {5}
    found.walk(None, {0: -1, 2: -1})  # away from the bound, all the way to the lower one
    assert found.proved(0) == {2, 3, 4, 5}


def test_one_person_more_or_less_gives_the_next_value() -> None:
    """From 2 in b, up to 4 and down to 0, by one person at a time."""
    found = witnesses()
    found.swap(1, COLUMNS)
    assert found.proved(1) == {0, 1, 2, 3, 4}


def test_one_person_for_another_keeps_the_total() -> None:
    """With the total shown, somebody in b means one less in a, as long as there is one."""
    found = Witnesses([5, None, 0, 0], [5, None, None, None], 9)
    found.begin(TRUTH)
    found.watch([1])
    found.swap(1, COLUMNS)
    assert found.proved(1) == {0, 1, 2, 3, 4, 5}


def test_swaps_that_cannot_help_are_not_made() -> None:
    """A second total in the way leaves the true value alone."""
    columns = [{0: 1}, {0: 1, 1: 1, 2: 1}]
    found = Witnesses([5, None, 2, 0, 0], [5, None, 2, None, None], 9)
    found.begin([5, 2, 2, 3, 2])
    found.watch([1])
    found.swap(1, columns)
    assert found.proved(1) == {2}


def test_swaps_end_with_enough() -> None:
    """No table is made that nobody wants."""
    found = witnesses(enough=3)
    found.swap(1, COLUMNS)
    assert len(found.proved(1)) == 3
    assert found.is_proved(1)


def test_weights_count_in_swaps() -> None:
    """A person who counts twice changes the form by two."""
    found = Witnesses([None, 0], [6, None], 9)
    found.begin([4, 2])
    found.watch([0])
    found.swap(0, [{0: 2}])
    assert found.proved(0) == {0, 2, 4, 6}


def test_without_a_true_table_nothing_is_proved() -> None:
    """When no whole table is known there is no walk; one that is noted is a witness all the same."""
    found = Witnesses(LOW[:], HIGH[:], 2)
    found.watch([0])
    found.walk(None, {2: 1, 0: 1})
    assert found.proved(0) == frozenset()
    found.note(TRUTH)
    found.watch([0])
    assert found.proved(0) == {5}


def test_nothing_needs_to_be_proved_with_a_threshold_of_none() -> None:
    """A bound alone may be asked for."""
    found = witnesses(enough=0)
    assert found.wanting == set()


def test_who_goes_and_who_comes_may_be_any_two_atoms() -> None:
    """Whichever comes first, and each counted twice in the total that is shown."""
    for columns, truth in (
        ([{0: 2}, {0: 2, 1: 1}], [10, 2, 3, 2]),
        ([{0: 2, 1: 1}, {0: 2}], [10, 2, 2, 3]),
    ):
        found = Witnesses([10, None, 0, 0], [10, None, None, None], 9)
        found.begin(truth)
        found.watch([1])
        found.swap(1, columns)
        assert found.proved(1) == {0, 1, 2, 3, 4, 5}


def test_a_swap_never_leaves_an_atom_with_fewer_than_nobody() -> None:
    """From one in b, and nobody in a: one more in b, where the total allows it, or one less."""
    found = Witnesses([None, 0, 0, 0], [2, None, None, None], 9)
    found.begin([1, 1, 0, 1])
    found.watch([1])
    found.swap(1, COLUMNS)
    assert found.proved(1) == {0, 1, 2}


def test_one_value_is_wanted_too() -> None:
    """Until a whole table is known, not even one value is proved."""
    found = Witnesses(LOW[:], HIGH[:], 1)
    found.watch([0])
    assert not found.is_proved(0)
    found.note(TRUTH)
    assert found.is_proved(0)
