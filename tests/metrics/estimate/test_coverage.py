"""The intervals hold the truth about as often as they say, on worlds whose truth is known.

A small, seeded part of benchmarks/coverage.py; its figures over many more draws stand in
docs/estimators.md.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.coverage import COMPLETING, TRIALS, Trial, measure, young_cohorts

REPEATS = 40
NAIVE = "(wilson on sessions)"


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: f"{trial.name} {trial.setting}")
def test_a_nominal_95_percent_is_about_that(trial: Trial) -> None:
    """At least 85 % of up to 40 draws: two thirds is what half the right error would hold."""
    found = measure(trial, max(12, round(REPEATS * min(trial.part, 1))), seed=7)
    if trial.name == NAIVE:
        assert found.coverage < 0.85
    else:
        assert found.coverage >= 0.85
    assert found.without <= found.repeats / 5


def test_a_young_cohort_has_its_true_completion_and_the_usual_figures_have_not() -> None:
    """True completion 0.600; those who had no time yet pull both plain ratios down."""
    young = young_cohorts(150, seed=7)
    assert abs(young["ours"] - COMPLETING) < 3 * young["error"]
    assert young["error"] < 0.006
    assert young["coverage"] >= 0.9
    assert young["of_enrolled"] < 0.35
    assert young["of_ended"] < 0.55


def test_the_measured_coverage_of_every_trial_stands_in_the_manual() -> None:
    """Estimator and sample; between 90 and 98 %, save the one that shows what not to do."""
    text = (Path(__file__).parents[3] / "docs/estimators.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")] for line in text.splitlines()]
    measured = {
        (row[1].replace("`", ""), row[2]): float(row[5].removesuffix(" %"))
        for row in rows
        if len(row) == 7 and row[5].endswith(" %")
    }
    naive = ("Wilson on pooled sessions", "30 persons: do not")
    assert measured.pop(naive) < 80
    assert set(measured) == {(one.name, one.setting) for one in TRIALS if one.name != NAIVE}
    assert all(90 <= share <= 98 for share in measured.values())
