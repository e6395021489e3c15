"""The metrics that come with the library, by name. Each is data: a kind and one SELECT.

A family of metrics is imported when one of them is asked for: checking a definition takes a
moment, and few people ask for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from osallisuus.metrics.metric import Metric

__all__ = ["CATALOGUE"]

_FAMILIES = {
    "reach": "people_and_episodes recruitment_funnel interview_outcomes",
    "attendance": "first_session attendance own_attendance absence_run",
    "completion": "retention leaving completion expected_days on_time duration_held",
    "waiting": "waiting_time first_contact coming_back",
    "roles": "role_occupancy first_peer_activity next_role role_tenure role_pauses team_transition pathways",
    "influence": "ideas linkage",
    "outcomes": "outcome_change outcome_phases reliable_change recovery_star follow_up",
    "goals": "goal_attainment goals_reached",
    "surveys": "survey_change esis",
    "encounters": "encounter_rate encounter_themes",
    "dose": "dose dose_curve",
    "fidelity": "cadence_held cadence_received group_fill group_size",
    "caseload": "coverage entry_rate contact_rate case_load community_size",
    "resources": "cost_per_completer staff_hours",
    "equity": "equity_gap spread",
    "data": "completeness reporting_delay",
    "voice": "breadth_of_voice decisions decisions_carried_out",
}
"""Module -> the names of its metrics; each stands there under its name in capitals."""


class _Catalogue(Mapping[str, Metric]):
    """Name -> metric, in the order of the families."""

    def __init__(self) -> None:
        self._families = {
            name: family for family, names in _FAMILIES.items() for name in names.split()
        }

    def __getitem__(self, name: str) -> Metric:
        module = import_module(f"{__name__}.{self._families[name]}")
        metric: Metric = getattr(module, name.upper())
        return metric

    def __contains__(self, name: object) -> bool:
        return name in self._families

    def __iter__(self) -> Iterator[str]:
        return iter(self._families)

    def __len__(self) -> int:
        return len(self._families)


CATALOGUE: Mapping[str, Metric] = _Catalogue()
