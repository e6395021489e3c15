"""Whom a programme reaches, where people are lost before the start, and what interviews lead to."""

from osallisuus.metrics.catalogue.episodes import CHOICES, EPISODES, PARAMS
from osallisuus.metrics.kinds import Count, Funnel, MultiLabel

__all__ = ["INTERVIEW_OUTCOMES", "PEOPLE_AND_EPISODES", "RECRUITMENT_FUNNEL", "earliest"]

_STAGES = ("reached", "informed", "interviewed", "offered", "started")

PEOPLE_AND_EPISODES = Count(
    name="people_and_episodes",
    # «osallistui» (W19): somebody who started; persons and episodes are always two numbers
    cases=f"""{EPISODES}
SELECT person, id AS enrollment, group_id, started_on AS starts_on, ended_on AS ends_on
FROM episodes""",
    params=PARAMS | {"clock": "running"},
    policies={"episodes": "each"},
    choices={"episodes": CHOICES["episodes"]},
    source="R1, M5; W19, Q13",
)


def earliest(*days: str) -> str:
    """The SQL for the earliest of several days of which some may be unknown.

    Engines do not agree on what MIN or LEAST of several values is with an unknown one among them.
    """
    chosen = []
    for day in days[:-1]:
        others = [other for other in days if other != day]
        first = " AND ".join(f"{day} <= COALESCE({other}, {day})" for other in others)
        chosen.append(f"WHEN {first} THEN {day}")
    return f"CASE {' '.join(chosen)} ELSE {days[-1]} END"


RECRUITMENT_FUNNEL = Funnel(
    name="recruitment_funnel",
    stages=_STAGES,
    cases=f"""
SELECT person, id AS enrollment, group_id,
  {earliest(*(f"{stage}_on" for stage in _STAGES))} AS happened_on,
  reached_on, informed_on, interviewed_on, offered_on, started_on,
  CASE WHEN started_on IS NULL THEN ended_on END AS closed_on
FROM enrollments""",
    policies={"skipped_stages": "imputed", "waiting": "censored"},
    source="R4, M1; V4-V6, 4.2 (1)",
)

# Each interview has one outcome, which a person decides on; never by pair or reason (V5).
INTERVIEW_OUTCOMES = MultiLabel(
    name="interview_outcomes",
    cases="""
SELECT person, id AS case_id, group_id, happened_on, outcome AS label
FROM interviews""",
    policies={"interviews": "each"},
    source="M2; V4, V5",
)
