"""How much each kind of finding matters, and which requirement it serves.

Nothing is refused, so a reader has to know what to look at first:

===============  ===================================================================================
protection       somebody's privacy, freedom or right is at stake: act first
contradiction    facts that cannot all be so: figures made of them are wrong until one is corrected
promise          the facts may well be right, and something is not as the programme says of itself
information      good to know; nothing has to be done, and it is no error
===============  ===================================================================================

A new rule is one line here and one where the rules are listed. Severities are of findings, never of
people or groups, and are not added up.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from osallisuus.values import frozen

__all__ = ["KINDS", "SEVERITIES", "Kind", "Severity", "kind_of"]

Severity: TypeAlias = Literal["protection", "contradiction", "promise", "information"]

SEVERITIES: Final[tuple[Severity, ...]] = (
    "protection",
    "contradiction",
    "promise",
    "information",
)
"""In the order in which to look."""


@frozen
class Kind:
    """What is known of a kind of finding: its severity, and the ids of the requirements."""

    severity: Severity
    requirement: str = ""


def kind_of(code: str) -> Kind:
    """The kind of the findings with that code; one that nobody has entered is a contradiction."""
    return KINDS.get(code, Kind("contradiction"))


KINDS: Final[dict[str, Kind]] = {
    # protection
    "attested_with_details": Kind("protection", "K2"),
    "beyond_a_boundary": Kind("protection", "K6, K14"),
    "consent_missing": Kind("protection", "W8, W15"),
    "group_instrument_on_person": Kind("protection", "Q21"),
    "judgement_outlived_its_group": Kind("protection", "Q1"),
    "kept_past_its_term": Kind("protection", "Q24"),
    "not_voluntary_on_record": Kind("protection", "V24, Q20"),
    "reassigned_without_consent": Kind("protection", "K25"),
    "recorded_without_consent": Kind("protection", "X17"),
    "role_in_role_free_session": Kind("protection", "X7"),
    "telling_encounter": Kind("protection", "V16, Q9"),
    "telling_id": Kind("protection", "U14"),
    # contradiction
    "answer_not_asked": Kind("contradiction", "V5"),
    "answer_not_offered": Kind("contradiction", "V5"),
    "attendance_of_another_group": Kind("contradiction"),
    "attendance_twice": Kind("contradiction"),
    "dates_out_of_order": Kind("contradiction"),
    "group_of_another_program": Kind("contradiction"),
    "guides_themselves": Kind("contradiction", "K4"),
    "half_an_end": Kind("contradiction"),
    "interview_after_start": Kind("contradiction", "V5"),
    "longer_than_the_session": Kind("contradiction"),
    "no_dates": Kind("contradiction"),
    "one_person": Kind("contradiction", "Q1"),
    "overlapping_episodes": Kind("contradiction", "Q23"),
    "overlapping_pauses": Kind("contradiction", "K25"),
    "overlapping_roles": Kind("contradiction", "Q5"),
    "pause_outside": Kind("contradiction", "K25"),
    "present_and_never_started": Kind("contradiction"),
    "present_at_no_session": Kind("contradiction"),
    "program_not_readable": Kind("contradiction", "U1"),
    "reassigned_to_nobody": Kind("contradiction", "K25"),
    "talk_after_the_end": Kind("contradiction", "K23"),
    "talks_out_of_order": Kind("contradiction", "K23"),
    "unknown_code": Kind("contradiction", "U1"),
    "unknown_program": Kind("contradiction", "U1"),
    # promise
    "area_of_no_decision": Kind("promise", "Y13"),
    "beyond_its_term": Kind("promise", "K15"),
    "community_over_its_limit": Kind("promise", "Y19"),
    "decided_by_another": Kind("promise", "Y12, Y16"),
    "decided_by_nobody": Kind("promise", "Q2"),
    "ending_not_recorded": Kind("promise", "Q12"),
    "fewer_meetings_than_promised": Kind("promise", "W20, K24, Y12, V7, V13"),
    "no_planned_end": Kind("promise", "K15"),
    "not_informed": Kind("promise", "V6"),
    "over_capacity": Kind("promise", "Y19"),
    "past_its_planned_end": Kind("promise", "K15"),
    "place_not_decided": Kind("promise", "Q1, Q2"),
    "report_due": Kind("promise", "Y25"),
    "role_before_it_was_open": Kind("promise", "W5, K2, X6, V10"),
    "talk_due": Kind("promise", "K23"),
    "talk_not_held": Kind("promise", "K23"),
    # information
    "guides_in_own_unit": Kind("information", "Q5"),
    "interviewed_again": Kind("information", "V5"),
    "more_meetings_than_promised": Kind("information", "Y12, V7"),
    "of_another_version": Kind("information", "W25, U3"),
}
"""Every code of a finding of the library, by severity and then by name."""
