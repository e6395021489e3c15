"""Findings on recordings: to appear in one is consented to apart from taking part (X17).

That a meeting was recorded is an observation of the measure ``recorded`` of its group on its day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from osallisuus.model.facts import Consent, Observation, Session
from osallisuus.rules.finding import Finding, FindingRule, PlaceOf, Rows
from osallisuus.rules.tables import day_of

__all__ = ["APPEARANCE", "RECORDED", "RULES"]

RECORDED: Final = "recorded"
"""Measure of the observation that the meetings of a group on a day were recorded."""

APPEARANCE: Final = "public_appearance"
"""Purpose of the consent with which somebody appears in a recording."""


def _recorded(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """Whoever was present at a recorded meeting had consented by then, and still does.

    A consent that was withdrawn later is found as well: the recording may still be seen.
    """
    observed: list[Observation] = [
        one for one in rows.get("observations", ()) if one.measure == RECORDED
    ]
    if not observed or "consents" not in rows:
        return
    days = {(one.group, one.observed_on) for one in observed}
    sessions: dict[str, Session] = {
        one.id: one
        for one in rows.get("sessions", ())
        if one.status == "held" and (one.group, day_of(one)) in days
    }
    given: dict[str, list[Consent]] = defaultdict(list)
    for consent in rows["consents"]:
        if consent.purpose == APPEARANCE and consent.withdrawn_on is None:
            given[consent.person].append(consent)
    for index, row in enumerate(rows.get("attendance", ())):
        session = sessions.get(row.session)
        if session is None or row.status != "present":
            continue
        if not any(one.given_on <= day_of(session) for one in given[row.person]):
            yield Finding(
                "recorded_without_consent",
                "present at a meeting that was recorded, without a consent to appear that holds",
                place("attendance", index),
                f"leave them out of the recording, or record their consent of the purpose"
                f" {APPEARANCE}",
            )


RULES: Final[tuple[FindingRule, ...]] = (_recorded,)
"""Findings in the facts alone."""
