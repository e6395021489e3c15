"""What the attacks are worth: they find every fault that is planted in the gate."""

from __future__ import annotations

import pytest

from tests.attack import battery
from tests.attack.mutants import MUTANTS, Plant

SEEDS = range(40)


@pytest.mark.parametrize(("plant", "name"), MUTANTS, ids=lambda one: getattr(one, "__name__", one))
def test_the_attacks_find_a_planted_fault(
    plant: Plant, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Among the releases of a few programmes; without the fault none of them is broken."""
    plant(monkeypatch)
    attack = getattr(battery, name)
    assert any(attack(seed).broken for seed in SEEDS)
