"""Thousands of tables by what is said of people, subset tables, and groups of one kind."""

from __future__ import annotations

from typing import Any

import pytest

from tests.attack.battery import (
    BY_PEOPLE,
    NAKED,
    all_of_one_kind,
    one_more,
    over,
    subset_tables,
    tables,
)
from tests.attack.scale import part_of


@pytest.mark.parametrize("part", range(4))
def test_no_small_count_of_a_table_by_people_can_be_worked_out(part: int, record: Any) -> None:
    """Three ways at most: by place or setting, by gender, and by ending (F1, P10)."""
    seeds = part_of(140, 1_600, part, 4, first=10_000)
    outcome = record("tables by people", over(tables, seeds, BY_PEOPLE))
    assert outcome.broken == []
    assert outcome.releases > 3 * len(seeds)
    assert outcome.shown > outcome.releases


def test_by_one_and_by_another_stratum_says_little_of_both_at_once() -> None:
    """The cells of two strata are guarded before anybody asks for them: two programmes of which
    nine numbers were left for one of them, where ten were promised.
    """
    assert tables(10_504, BY_PEOPLE).broken == []
    assert tables(1_177).broken == []


def test_a_part_of_the_people_beside_all_of_them_gives_nobody_away(record: Any) -> None:
    """Women by place beside all by place: the tables are attacked together (F2)."""
    seeds = part_of(75, 750, 0, 1, first=20_000)
    outcome = record("linked subset tables", over(subset_tables, seeds))
    assert outcome.broken == []
    assert outcome.shown > outcome.releases


def test_all_or_none_of_a_group_cannot_be_read_off(record: Any) -> None:
    """Where all of a place ended alike nobody can tell that they did (F5)."""
    seeds = part_of(150, 1_500, 0, 1, first=30_000)
    outcome = record("groups of one kind", over(all_of_one_kind, seeds))
    assert outcome.broken == []
    assert outcome.shown > len(seeds)


def test_somebody_in_two_places_had_no_label_that_is_not_named() -> None:
    """Whoever ended otherwise ended in a way that is listed: a programme of which nine numbers
    were left where the gate thought of an ending that nobody is said to have had.
    """
    assert all_of_one_kind(30_498).broken == []


def test_one_more_person_narrows_no_small_count(record: Any) -> None:
    """Also not for a reader of the releases before and after (metamorphic, D.3 5)."""
    seeds = part_of(60, 600, 0, 1, first=40_000)
    outcome = record("before and after one more person", over(one_more, seeds))
    assert outcome.broken == []
    assert outcome.shown > len(seeds)


@pytest.mark.parametrize("attack", [subset_tables, all_of_one_kind])
def test_without_protection_these_are_broken_too(attack: Any) -> None:
    """The attacker bites."""
    assert len(over(attack, range(6), profile=NAKED).broken) > 6
