"""The reference numbers of independent programs, and how the tests read them."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import isclose
from pathlib import Path
from typing import Any

import pytest

from osallisuus.metrics.estimate.flow import Flow
from osallisuus.metrics.estimate.spells import flow_of

_VECTORS = json.loads((Path(__file__).parents[2] / "vectors.json").read_text(encoding="utf-8"))

Case = dict[str, Any]


@pytest.fixture(scope="session")
def case() -> Callable[[str], Case]:
    """A reference case by its id."""
    by_id = {one["id"]: one for one in _VECTORS["cases"]}
    return by_id.__getitem__


@pytest.fixture(scope="session")
def columns() -> Callable[[str], dict[str, list[Any]]]:
    """The columns of a reference data set."""
    return lambda name: _VECTORS["datasets"][name]["columns"]


@pytest.fixture(scope="session")
def same() -> Callable[..., bool]:
    """Whether a number, None or a nested list of them equals its reference within a tolerance."""

    def compare(ours: Any, theirs: Any, tolerance: float = 1e-9) -> bool:
        if isinstance(theirs, list):
            return len(ours) == len(theirs) and all(
                compare(one, other, tolerance) for one, other in zip(ours, theirs, strict=True)
            )
        if ours is None or theirs is None:
            return ours is theirs
        return isclose(ours, theirs, rel_tol=tolerance, abs_tol=1e-12)

    return compare


@pytest.fixture(scope="session")
def flow_from(columns: Callable[[str], dict[str, list[Any]]]) -> Callable[..., Flow]:
    """The flow of a data set: its days times *scale*, so that they are whole; '0' = no event."""

    def build(name: str, scale: int = 1, **where: Any) -> Flow:
        data = columns(name)
        rows = [dict(zip(data, values, strict=True)) for values in zip(*data.values(), strict=True)]
        spells = []
        for number, row in enumerate(rows):
            if any(row[key] != value for key, value in where.items()):
                continue
            to_state = row["to"] if "to" in row else row["event"] or ""
            spells.append(
                (
                    str(row.get("id", number)),
                    round(row.get("entry", 0) * scale),
                    round(row.get("exit", row.get("time")) * scale),
                    str(row.get("from", "in")),
                    str(to_state),
                )
            )
        return flow_of(spells)

    return build
