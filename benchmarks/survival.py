"""Completion and retention of 100,000 enrolments, against pandas and lifelines.

Both read the same SQLite store, and both have their modules loaded before the clock starts. Theirs reads the columns into a data frame and fits Kaplan-Meier
with log-log intervals (retention) and Aalen-Johansen (completion as a competing ending).
"""

from __future__ import annotations

import sqlite3
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from harness import Comparison

COMPARISONS = [
    Comparison(
        name="survival",
        task=f"{metric} of 100,000 enrolments / {other}",
        ours=f"ours_{metric}",
        other=f"{other}_{metric}",
        goal=1.0,
        rounds=3,
    )
    for metric, other in (("retention", "lifelines"), ("completion", "lifelines"))
]
ROWS = 100_000
AS_OF = date(2025, 1, 1)


def prepare(folder: Path) -> str | None:
    """A store of 100,000 enrolments over ten years, a fifth of them still open."""
    try:
        import lifelines  # noqa: F401
    except ImportError:
        return "lifelines is missing"
    from osallisuus.model.batch import Batch
    from osallisuus.model.codec import FactColumns
    from osallisuus.model.store import Act
    from osallisuus.stores.sqlite import SQLiteStore

    lots = Random(1)
    ids = [f"e{i:06}" for i in range(ROWS)]
    people = [f"p{i:06}" for i in range(ROWS)]
    starts = [date(2015, 1, 1) + timedelta(lots.randrange(3600)) for _ in ids]
    ends, endings = [], []
    for start in starts:
        end = start + timedelta(int(lots.expovariate(1 / 250)) + 1)
        ended = end < AS_OF and lots.random() < 0.85
        ends.append(end if ended else None)
        endings.append(
            lots.choice(["completed", "completed", "left", "moved_on"]) if ended else None
        )
    nothing = [None] * ROWS
    columns = [
        ids, people, ["wertzu"] * ROWS, ["1"] * ROWS, nothing, nothing, nothing, nothing, nothing,
        nothing, nothing, starts, nothing, ends, endings, nothing,
    ]  # fmt: skip
    store = SQLiteStore.open(str(folder / "store.db"), clock=lambda: datetime.now(UTC))
    batch = Batch(
        {
            "people": FactColumns("people", [people, starts]),
            "enrollments": FactColumns("enrollments", columns),
        }
    )
    store.append(batch, Act("benchmark", "benchmark", "made up"))
    store.close()
    return None


def _ours(folder: Path, metric: str) -> float:
    import osallisuus as osa

    # both sides come with their modules loaded: a first, tiny task loads the lazy ones
    with osa.open("memory:") as empty:
        empty.measure(metric, as_of=AS_OF)
    with osa.open(str(folder / "store.db"), create=False) as register:
        start = time.process_time()
        result = register.measure(metric, as_of=AS_OF)
        used = time.process_time() - start
    assert result.figures
    return used


def ours_retention(folder: Path) -> float:
    return _ours(folder, "retention")


def ours_completion(folder: Path) -> float:
    return _ours(folder, "completion")


def _frame(folder: Path) -> Any:
    import pandas as pd

    database = sqlite3.connect(folder / "store.db")
    frame = pd.read_sql(
        "SELECT started_on, ended_on, ending FROM enrollments WHERE tx_to IS NULL",
        database,
        parse_dates=["started_on", "ended_on"],
    )
    database.close()
    last = pd.Timestamp(AS_OF - timedelta(days=1))
    frame["days"] = (frame["ended_on"].fillna(last) - frame["started_on"]).dt.days
    return frame


def lifelines_retention(folder: Path) -> float:
    from lifelines import KaplanMeierFitter

    start = time.process_time()
    frame = _frame(folder)
    fitter = KaplanMeierFitter().fit(frame["days"], frame["ended_on"].notna())
    assert fitter.confidence_interval_.shape[0] > 1
    return time.process_time() - start


def lifelines_completion(folder: Path) -> float:
    from lifelines import AalenJohansenFitter

    start = time.process_time()
    frame = _frame(folder)
    codes = frame["ending"].map({"completed": 1, "left": 2, "moved_on": 3}).fillna(0).astype(int)
    fitter = AalenJohansenFitter(seed=1).fit(frame["days"], codes, event_of_interest=1)
    assert fitter.confidence_interval_.shape[0] > 1
    return time.process_time() - start
