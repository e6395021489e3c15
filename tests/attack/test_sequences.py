"""Programmes that go on and are released twelve times: differences between releases."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from osallisuus.disclosure import publish
from osallisuus.disclosure.profile import Profile
from tests.attack.battery import over, sequence
from tests.attack.scale import part_of


@pytest.mark.parametrize("part", range(4))
def test_twelve_releases_never_differ_by_few(part: int, record: Any) -> None:
    """With newcomers, endings, corrections, moved borders and erasures (F3)."""
    outcome = record("sequences of twelve", over(sequence, part_of(100, 1_000, part, 4)))
    assert outcome.broken == []
    assert outcome.shown > outcome.releases / 4


def test_a_newcomer_is_kept_also_where_another_figure_stays() -> None:
    """A programme of which one person who had joined could be told from seventy-four others."""
    assert sequence(954).broken == []


def test_twelve_exact_releases_never_differ_by_few(record: Any) -> None:
    """Nothing is left to rounding: the smaller threshold shows more, and again no small step."""
    exact = Profile(name="public", threshold=5)
    seeds = part_of(12, 120, 0, 1, first=5_000)
    outcome = record("sequences of twelve, exact", over(sequence, seeds, profile=exact))
    assert outcome.broken == []


def test_sequences_without_a_ledger_are_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checker bites: releases that do not know of each other give people away."""
    monkeypatch.setattr(publish.Press, "_remembered", forgetful)
    assert len(over(sequence, range(6)).broken) > 6


def forgetful(press: Any, ask: Any, profile: Profile) -> Any:
    """A release as of a store without a ledger."""
    with press.engine_at(press.tx) as engine:
        return evolve(publish.release(ask(engine), profile), number=1)
