"""Curves from a FLOW table of 15,000 rows, each against a Kaplan-Meier fit of the people behind it.

Ours gets the small table that an engine would give: 200,000 people, their days out of 5,000, two
ways out. It computes the Kaplan-Meier curve with intervals, its quantiles and restricted mean; and
the cumulative incidence of a way out with intervals. lifelines fits Kaplan-Meier with log-log
intervals, and nothing else, on one row per person.
"""

from __future__ import annotations

import time
from pathlib import Path
from random import Random
from typing import Any

from harness import Comparison

COMPARISONS = [
    Comparison(
        name="estimators",
        task=f"{what} from a FLOW table of 15,000 rows / lifelines' Kaplan-Meier of 200,000 people",
        ours=f"ours_{name}",
        other="lifelines_survival",
        goal=1.0,
        rounds=5,
    )
    for name, what in (
        ("survival", "the Kaplan-Meier curve, its quantiles and restricted mean"),
        ("incidence", "the cumulative incidence of one way out"),
    )
]
PEOPLE = 200_000
DAYS = 5_000


def prepare(folder: Path) -> str | None:
    """Nothing to write; only whether the other side is there."""
    try:
        import lifelines  # noqa: F401
    except ImportError:
        return "lifelines is missing"
    return None


def _people() -> list[tuple[int, str]]:
    lots = Random(7)
    return [
        (lots.randrange(DAYS), lots.choice(("completed", "left", "left", "")))
        for _ in range(PEOPLE)
    ]


def _flow() -> Any:
    from osallisuus.metrics.estimate.flow import BEFORE_ORIGIN, Flow

    rows = [(BEFORE_ORIGIN, "", "in", PEOPLE)]
    rows += [(day, "in", ending, 1) for day, ending in _people()]
    flow = Flow.of(rows)
    assert 14_000 < len(flow.rows) < 16_000, len(flow.rows)
    return flow


def ours_survival(folder: Path) -> float:
    from osallisuus.metrics.estimate.summary import quantile, restricted_mean
    from osallisuus.metrics.estimate.survival import kaplan_meier

    flow = _flow()
    start = time.process_time()
    curve = kaplan_meier(flow)
    quantiles = [quantile(curve, q) for q in (0.25, 0.5, 0.75)]
    mean = restricted_mean(curve, DAYS / 2)
    used = time.process_time() - start
    assert all(one.day for one in quantiles)
    assert mean
    return used


def ours_incidence(folder: Path) -> float:
    from osallisuus.metrics.estimate.multistate import cumulative_incidence

    flow = _flow()
    start = time.process_time()
    curve = cumulative_incidence(flow, "completed")
    used = time.process_time() - start
    assert len(curve.points) > DAYS / 2
    return used


def lifelines_survival(folder: Path) -> float:
    import numpy as np
    from lifelines import KaplanMeierFitter

    people = _people()
    days = np.array([day for day, _ in people])
    ended = np.array([ending != "" for _, ending in people])
    start = time.process_time()
    fitter = KaplanMeierFitter().fit(days, ended)
    assert fitter.confidence_interval_.shape[0] > 1
    return time.process_time() - start
