"""Every metric of the catalogue on 1,000 people, against three of them by pandas and lifelines.

The people are those of the shipped example of Verna, 27 times over. Both sides read the same
SQLite store, once as an analyst runs a script, from the start of Python to the last figure, and
once with their modules loaded. Theirs computes completion (Aalen-Johansen), retention
(Kaplan-Meier) and attendance (a share); ours all that the catalogue holds, with intervals.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from harness import Comparison

_SCRIPT = (
    f"import sys; sys.path.insert(0, {str(Path(__file__).resolve().parent)!r});"
    " import catalogue, pathlib; catalogue.{contender}(pathlib.Path('{folder}'))"
)
COMPARISONS = (
    Comparison(
        name="catalogue",
        task="every metric on 1,000 people / three by pandas and lifelines, from a cold start",
        ours=_SCRIPT.replace("{contender}", "ours"),
        other=_SCRIPT.replace("{contender}", "pandas_and_lifelines"),
        goal=3.0,
        whole_process=True,
        rounds=5,
    ),
    Comparison(
        name="catalogue",
        task="the same, with all modules loaded beforehand",
        ours="ours_loaded",
        other="pandas_and_lifelines",
        goal=3.0,
        rounds=5,
    ),
)
EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "verna"
TIMES = 27
AS_OF = date(2014, 12, 21)


def prepare(folder: Path) -> str | None:
    """A store with the facts of the example, each person many times under other ids."""
    try:
        import lifelines  # noqa: F401
    except ImportError:
        return "lifelines is missing"
    import osallisuus as osa

    with osa.open(str(folder / "store.db")) as register:
        register.add(_copies())
    return None


def _copies() -> Iterator[Any]:
    from attrs import evolve

    from osallisuus.ingest.folder import read_folder
    from osallisuus.model.facts import TABLES

    batch = read_folder(EXAMPLE)
    for name, facts in batch.rows.items():
        names = [c.name for c in TABLES[name].columns if c.type.name in ("id", "ref")]
        for fact in facts:
            for number in range(TIMES):
                held = {key: getattr(fact, key) for key in names}
                yield evolve(
                    fact,
                    **{
                        key: f"{value}.{number}" for key, value in held.items() if value is not None
                    },
                )


def ours_loaded(folder: Path) -> float:
    import osallisuus as osa
    from osallisuus.metrics.catalogue import CATALOGUE

    with osa.open("memory:") as empty:  # a first, tiny task loads the lazy modules
        for name in CATALOGUE:
            empty.measure(name, as_of=AS_OF)
    return ours(folder)


def ours(folder: Path) -> float:
    import osallisuus as osa
    from osallisuus.metrics.catalogue import CATALOGUE

    with osa.open(str(folder / "store.db"), create=False) as register:
        start = time.process_time()
        results = [register.measure(name, as_of=AS_OF) for name in CATALOGUE]
        used = time.process_time() - start
    assert all(result.figures for result in results)
    return used


def pandas_and_lifelines(folder: Path) -> float:
    import pandas as pd
    from lifelines import AalenJohansenFitter, KaplanMeierFitter

    start = time.process_time()
    database = sqlite3.connect(folder / "store.db")
    people = pd.read_sql(
        "SELECT started_on, ended_on, ending FROM enrollments"
        " WHERE tx_to IS NULL AND started_on IS NOT NULL",
        database,
        parse_dates=["started_on", "ended_on"],
    )
    last = pd.Timestamp(AS_OF - timedelta(days=1))
    days = (people["ended_on"].fillna(last) - people["started_on"]).dt.days
    codes = (people["ending"] == "completed") + 2 * people["ending"].notna().astype(int)
    retention = KaplanMeierFitter().fit(days, people["ended_on"].notna())
    completion = AalenJohansenFitter(seed=1).fit(days, codes, event_of_interest=3)
    seats = pd.read_sql(
        "SELECT a.person, a.status FROM attendance AS a JOIN sessions AS s ON s.id = a.session"
        " WHERE a.tx_to IS NULL AND s.tx_to IS NULL AND s.status = 'held'",
        database,
    )
    share = (seats["status"] == "present").groupby(seats["person"]).mean()
    database.close()
    assert len(share)
    assert retention.confidence_interval_.shape[0] > 1
    assert completion.confidence_interval_.shape[0] > 1
    return time.process_time() - start
