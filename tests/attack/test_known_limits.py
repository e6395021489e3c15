"""What the attacker can do and the gate does not prevent yet: each a test that must fail."""

from __future__ import annotations

import pytest

from tests.attack import battery
from tests.attack.tables import HOW_IT_ENDED


@pytest.mark.xfail(strict=True, reason="atoms are turned within one question, not in its twin")
def test_two_metrics_that_say_the_same_are_one_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """Completion, and a metric of an author that counts those who completed once more.

    Where all of a place completed, the audit thinks of people who did by the one metric and did
    not by the other. A reader who knows that both say the same finds nine numbers instead of ten.
    """
    monkeypatch.setattr(battery, "METRICS", ((HOW_IT_ENDED, "completion"),))
    assert battery.tables(169, battery.BY_PLACE).broken == []
