"""The reference vectors of disclosure control, which HiGHS solved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from osallisuus.disclosure.audit import audit, bounds
from tests.disclosure.tables import table

VECTORS = json.loads((Path(__file__).parent.parent / "vectors.json").read_text("utf-8"))
CASES = [case for case in VECTORS["cases"] if case["estimator"] == "disclosure_audit"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_bounds_equal_the_reference_exactly(case: dict[str, Any]) -> None:
    """Every bound of the reference vectors is met as a rational number, without tolerance."""
    counts = table(case["args"]["dims"], case["args"]["counts_row_major"])
    hidden = [tuple(key) for key in case["args"]["suppressed"]]
    found = audit(counts, hidden, threshold=5)
    for expected in case["expect"]["suppressed"]:
        key = tuple(expected["cell"])
        assert list(bounds(counts, hidden, key)) == expected["lp"]
        assert list(found.bounds[key]) == expected["integer"]
        low, high = expected["integer"]
        assert (key in found.unsafe) == (high - low + 1 < 5)


def test_the_reference_vectors_are_there() -> None:
    """The five disclosure vectors are really read, so the test above tests something."""
    assert len(CASES) == 5
