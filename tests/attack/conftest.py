"""Sums up what was attacked, at the end of a run."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from tests.attack.battery import Outcome
from tests.attack.scale import LONG


@pytest.fixture
def record(record_property: Any) -> Any:
    """Remembers what an attack came to, for the sum at the end."""

    def remember(name: str, outcome: Outcome) -> Outcome:
        counts = (outcome.releases, outcome.shown, outcome.targets, len(outcome.broken))
        record_property(f"attack {name}", counts)
        return outcome

    return remember


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The measured figures of the long run."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "call":
                for name, counts in report.user_properties:
                    if name.startswith("attack "):
                        sums[name] = [
                            one + more for one, more in zip(sums[name], counts, strict=True)
                        ]
    if LONG and sums:
        terminalreporter.section("attacks")
        for name, (releases, shown, targets, broken) in sorted(sums.items()):
            terminalreporter.write_line(
                f"{name.removeprefix('attack ')}: {releases} releases, {shown} figures shown, "
                f"{targets} counts attacked, {broken} broken"
            )
