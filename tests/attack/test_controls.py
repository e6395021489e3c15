"""Controls: the same attacker breaks each careless way of protecting the same programmes."""

from __future__ import annotations

from typing import Any

import pytest

from osallisuus.disclosure.profile import Profile
from tests.attack import mutants
from tests.attack.battery import BY_PEOPLE, NAKED, tables
from tests.attack.scale import part_of

ROUNDED = Profile(name="public", threshold=1, zeros="structural", base=5, unsafe=True)
"""Every number to a multiple of five, and nothing hidden."""
SEEDS = part_of(8, 80, 0, 1)


def broken(record: Any, name: str, **how: Any) -> float:
    """The share of the programmes that the attacker breaks."""
    programmes = 0
    for seed in SEEDS:
        outcome = record(f"control: {name}", tables(seed, BY_PEOPLE, enough=1, **how))
        programmes += bool(outcome.broken)
    return programmes / len(SEEDS)


def test_without_protection_every_programme_is_broken(record: Any) -> None:
    """All figures as they are."""
    assert broken(record, "nothing hidden", profile=NAKED) == 1


def test_rounding_alone_is_broken(record: Any) -> None:
    """Four numbers remain where ten should."""
    assert broken(record, "rounded to five, nothing hidden", profile=ROUNDED) > 0.9


@pytest.mark.parametrize(
    ("plant", "name"),
    [(mutants.no_audit_at_all, "only what is small"), (mutants.two_in_each_line, "two in a line")],
)
def test_hiding_without_an_audit_is_broken(
    plant: mutants.Plant, name: str, record: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is small by itself, or two numbers in every line, as offices do by hand."""
    plant(monkeypatch)
    assert broken(record, name) > 0


def test_questions_that_do_not_know_of_each_other_are_broken(record: Any) -> None:
    """The same protection, each release of a store that remembers no other."""
    assert broken(record, "no ledger", forget=True) > 0
