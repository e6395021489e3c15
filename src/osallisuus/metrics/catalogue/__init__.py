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
    "reach": "people_and_episodes recruitment_funnel",
    "attendance": "first_session attendance",
    "completion": "retention leaving completion",
    "roles": "role_occupancy first_peer_activity",
    "encounters": "encounter_themes",
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
