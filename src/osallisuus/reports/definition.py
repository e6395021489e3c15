"""Report definitions: which metrics a report shows, in which order and form. Data, no code."""

from __future__ import annotations

from typing import Final, Literal

from osallisuus.errors import DefinitionError, did_you_mean
from osallisuus.values import frozen

__all__ = ["EVALUATION", "REPORTS", "Form", "ReportDefinition", "Section", "definition_named"]

Form = Literal["counts", "funnel", "share", "curve", "bars"]
"""``counts`` and ``share`` are tables; the others have a chart too."""


@frozen
class Section:
    """One metric under one heading.

    ``brief``: its main figure also stands in the summary. ``split``: it is shown by stratum too,
    where the report is asked by strata.
    """

    heading: str
    metric: str
    form: Form
    brief: bool = False
    split: bool = False


@frozen
class ReportDefinition:
    """A named report: its sections in order."""

    name: str
    sections: tuple[Section, ...]


EVALUATION: Final = ReportDefinition(
    "evaluation",
    (
        Section("people", "people_and_episodes", "counts", brief=True, split=True),
        Section("path", "recruitment_funnel", "funnel"),
        Section("taking_part", "first_session", "share", brief=True),
        Section("taking_part", "attendance", "share", brief=True, split=True),
        Section("taking_part", "retention", "curve"),
        Section("ending", "completion", "share", brief=True, split=True),
        Section("ending", "leaving", "curve"),
        Section("roles", "role_occupancy", "curve"),
        Section("roles", "first_peer_activity", "curve"),
        Section("encounters", "encounter_themes", "bars"),
    ),
)
"""What a coordinator shows a funder: reached, interviewed, started, stayed, completed."""

REPORTS: Final = {EVALUATION.name: EVALUATION}


def definition_named(name: str) -> ReportDefinition:
    """The report definition of that name."""
    if name not in REPORTS:
        raise DefinitionError(
            "no report has this name", where=name, remedy=did_you_mean(name, REPORTS)
        )
    return REPORTS[name]
