"""Values as the ledger has them: the marks that earlier lines carry, and what is left out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from attrs import field

from osallisuus.disclosure.plain import DEFINITION, from_plain, to_plain
from osallisuus.metrics.compile import Settings
from osallisuus.model.cadence import Rate
from osallisuus.time import Period
from osallisuus.values import frozen


@frozen(kw_only=True)
class Asked:
    """Some fields with every kind of default."""

    name: str
    exact: bool = False
    times: int = 0
    parts: tuple[str, ...] = field(factory=tuple)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (date(2021, 6, 1), {"$day": "2021-06-01"}),
        (datetime(2021, 6, 1, 12, tzinfo=UTC), {"$moment": "2021-06-01T12:00:00+00:00"}),
        (
            Period(date(2021, 1, 1), date(2022, 1, 1)),
            {"$period": "2021-01-01..2022-01-01"},
        ),
        (frozenset({"b", "a"}), {"$set": ["a", "b"]}),
        (("a", (1, None)), ["a", [1, None]]),
    ],
)
def test_marks_are_those_of_lines_that_are_written_already(value: Any, written: Any) -> None:
    """A line is read for as long as there is a ledger: its marks are never renamed."""
    assert to_plain(value) == written
    assert from_plain(written) == value


@pytest.mark.parametrize("key", ["$day", "$set", "$$day", "$", "day", ""])
def test_a_key_that_looks_like_a_mark_is_none(key: str) -> None:
    """Whatever somebody names a parameter, it comes back as it was."""
    assert from_plain(to_plain({key: "2021"})) == {key: "2021"}


def test_a_part_of_a_definition_carries_its_own_mark() -> None:
    """It is read back by its type, so it keeps its fields by name."""
    assert DEFINITION == "$definition"
    ((mark, _),) = to_plain(Rate(min=1, max=2, per="week")).items()
    assert mark == "$definition"


def test_what_is_at_its_default_is_left_out() -> None:
    """So a field that the library gains later changes no earlier line."""
    assert to_plain(Asked(name="a"), Asked) == {"name": "a"}
    assert to_plain(Asked(name="a", parts=("b",)), Asked) == {"name": "a", "parts": ["b"]}
    assert to_plain(Asked(name="a", times=3), Asked, without=("name",)) == {"times": 3}
    assert to_plain(Settings(as_of=date(2021, 6, 1)), Settings) == {"as_of": {"$day": "2021-06-01"}}


def test_what_only_equals_its_default_is_written() -> None:
    """0 is not False, and would come back as the other one."""
    unusual: Any = Asked(name="a", exact=0, times=False)  # type: ignore[arg-type]
    assert to_plain(unusual, Asked) == {"name": "a", "exact": 0, "times": False}
