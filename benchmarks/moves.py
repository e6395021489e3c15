"""The ways of 100,000 people through their roles, against pm4py finding the variants of the same spans.

Both read one Parquet file, and both are loaded beforehand. Each role of a person begins on a day of its
own and nobody has more than five, so that the variants of pm4py are our paths; equal counts are
asserted. pm4py is under a licence (AGPL) that nothing of ours may stand on: it runs in its own
process, as every contender does.
"""

from __future__ import annotations

import time
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

from engines import _files, _put, _tables
from harness import Comparison

PEOPLE = 100_000
ROLES = ("participant", "peer", "peer_facilitator", "peer_guide", "volunteer")
COMPARISONS = [
    Comparison(
        "moves", "pathways of 100,000 people / variants by pm4py", "paths", "variants", 1 / 3
    ),
    Comparison("moves", "… / pm4py's moves (directly follows)", "paths", "moves", 1 / 3),
]


def prepare(folder: Path) -> str | None:
    """A Parquet file of role spans."""
    if find_spec("pm4py") is None:
        return "pm4py is missing"
    import numpy as np

    lots = np.random.default_rng(2)
    count = lots.integers(1, len(ROLES) + 1, PEOPLE)
    person = np.repeat(np.arange(PEOPLE), count)
    place = np.arange(len(person)) - np.repeat(np.cumsum(count) - count, count)
    # each person's roles are a rotation of the five, so that none comes twice
    role = np.array(ROLES)[(place + lots.integers(0, 5, PEOPLE)[person]) % len(ROLES)]
    begins = np.datetime64("2015-01-01") + lots.integers(0, 2000, PEOPLE)[person] + place * 100
    _put(
        folder,
        "roles",
        {
            "id": np.char.add("r", np.arange(len(person)).astype(str)),
            "person": np.char.add("p", person.astype(str)),
            "role": role,
            "starts_on": begins,
            "ends_on": begins + lots.integers(1, 90, len(person)),
        },
    )
    ours, theirs = _paths(folder)[1], _variants(folder)[1]
    assert ours == theirs, "the paths are not the variants"
    return None


def _paths(folder: Path) -> tuple[float, Counter[tuple[str, ...]]]:
    from osallisuus.engines.duckdb import DuckDBEngine

    with _files(folder) as store:
        engine = DuckDBEngine.open(store)
        used, found = _tables(engine, ("pathways",))
        engine.close()
    told: Counter[tuple[str, ...]] = Counter()
    for *steps, more, number in found["pathways"]:
        assert not more
        told[tuple(step for step in steps if step is not None)] = number
    return used, told


def paths(folder: Path) -> float:
    return _paths(folder)[0]


def _variants(folder: Path) -> tuple[float, Counter[tuple[str, ...]]]:
    import pm4py

    start = time.process_time()
    found = pm4py.get_variants(_log(folder))
    return time.process_time() - start, Counter(found)


def _log(folder: Path) -> object:
    import pandas as pd
    import pm4py

    spans = pd.read_parquet(folder / "roles.parquet", columns=["person", "role", "starts_on"])
    spans["starts_on"] = pd.to_datetime(spans["starts_on"])
    return pm4py.format_dataframe(
        spans, case_id="person", activity_key="role", timestamp_key="starts_on"
    )


def variants(folder: Path) -> float:
    return _variants(folder)[0]


def moves(folder: Path) -> float:
    import pm4py

    start = time.process_time()
    assert pm4py.discover_dfg(_log(folder))[0]
    return time.process_time() - start
