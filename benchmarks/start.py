"""Importing the library in a fresh interpreter, against importing what it is built on."""

from __future__ import annotations

from pathlib import Path

from harness import Comparison

COMPARISON = Comparison(
    name="start",
    task="import osallisuus / import attrs and cattrs",
    ours="import osallisuus",
    other="import attrs, cattrs",
    goal=1.5,
    whole_process=True,
    rounds=21,
)
FACTS = Comparison(
    name="start",
    task="import osallisuus and its register and records / import attrs and cattrs",
    ours="import osallisuus as osa; osa.open, osa.Enrollment",
    other="import attrs, cattrs",
    goal=None,
    whole_process=True,
    rounds=21,
)
COMPARISONS = [COMPARISON, FACTS]


def prepare(folder: Path) -> None:
    """Nothing is needed."""
