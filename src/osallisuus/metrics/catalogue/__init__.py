"""The metrics that come with the library, by name. Each is data: a kind and one SELECT."""

from osallisuus.metrics.catalogue.attendance import ATTENDANCE, FIRST_SESSION
from osallisuus.metrics.catalogue.completion import COMPLETION, LEAVING, RETENTION
from osallisuus.metrics.catalogue.encounters import ENCOUNTER_THEMES
from osallisuus.metrics.catalogue.reach import PEOPLE_AND_EPISODES, RECRUITMENT_FUNNEL
from osallisuus.metrics.catalogue.roles import FIRST_PEER_ACTIVITY, ROLE_OCCUPANCY
from osallisuus.metrics.metric import Metric

__all__ = ["CATALOGUE"]

CATALOGUE: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        PEOPLE_AND_EPISODES,
        RECRUITMENT_FUNNEL,
        FIRST_SESSION,
        ATTENDANCE,
        RETENTION,
        LEAVING,
        COMPLETION,
        ROLE_OCCUPANCY,
        FIRST_PEER_ACTIVITY,
        ENCOUNTER_THEMES,
    )
}
