"""Thousands of sparse tables by place, region and setting, attacked by integer programming."""

from __future__ import annotations

from typing import Any

import pytest

from tests.attack.battery import BY_PLACE, NAKED, over, tables, tables_of_twins
from tests.attack.scale import part_of


@pytest.mark.parametrize("part", range(4))
def test_no_small_count_of_a_table_by_place_can_be_worked_out(part: int, record: Any) -> None:
    """At least ten numbers remain possible for each, from all releases together (F1, P10)."""
    seeds = part_of(240, 2_400, part, 4)
    outcome = record("tables by place", over(tables, seeds, BY_PLACE))
    assert outcome.broken == []
    assert outcome.releases > 4 * len(seeds)
    assert outcome.shown > outcome.releases


def test_two_metrics_that_say_the_same_are_one_question(record: Any) -> None:
    """Completion, and a metric of an author that counts those who completed once more.

    A reader who knows that both say the same thinks of nobody who did by the one and not by the
    other (F1).
    """
    seeds = part_of(40, 400, 0, 1)
    outcome = record("metrics that say the same", over(tables_of_twins, seeds))
    assert outcome.broken == []
    assert outcome.shown > outcome.releases


def test_one_question_by_setting_beside_another_by_place_says_little_of_both_at_once() -> None:
    """Cells of two strata are guarded also where two questions that say the same were asked by one
    stratum each: a programme of which seven numbers were left for one of them.
    """
    assert tables_of_twins(252).broken == []


def test_where_many_are_on_the_way_it_is_no_secret_less_that_all_others_completed() -> None:
    """How many are on the way was told, and so, of those who had ended, that nobody had left."""
    assert tables(1_593, BY_PLACE).broken == []


def test_the_same_tables_without_protection_are_broken() -> None:
    """The attacker bites: each of them gives somebody away."""
    for seed in range(4):
        assert tables(seed, BY_PLACE, profile=NAKED).broken
