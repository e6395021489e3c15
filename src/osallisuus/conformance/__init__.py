"""The kit by which authors of plug-ins prove that theirs keep what the ports promise.

Subclass one of these classes in a test module of yours and say how your plug-in is opened; pytest
does the rest. Each test is one promise, and its docstring says which. What an adapter does not
declare among its capabilities is not asked of it. ``docs/conformance.md`` shows the way.

Needs the extra ``conformance``: importing this without it raises
:class:`~osallisuus.errors.PluginError` with the command that installs it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from osallisuus.extra import library

if TYPE_CHECKING:
    from osallisuus.conformance.engines import EngineConformance
    from osallisuus.conformance.fact_exporters import FactExporterConformance
    from osallisuus.conformance.metrics import MetricConformance
    from osallisuus.conformance.programs import ProgramConformance
    from osallisuus.conformance.report_exporters import ReportExporterConformance
    from osallisuus.conformance.sinks import SinkConformance
    from osallisuus.conformance.stores import StoreConformance

__all__ = [
    "EngineConformance",
    "FactExporterConformance",
    "MetricConformance",
    "ProgramConformance",
    "ReportExporterConformance",
    "SinkConformance",
    "StoreConformance",
]

_HOMES = {
    "EngineConformance": "engines",
    "FactExporterConformance": "fact_exporters",
    "MetricConformance": "metrics",
    "ProgramConformance": "programs",
    "ReportExporterConformance": "report_exporters",
    "SinkConformance": "sinks",
    "StoreConformance": "stores",
}
"""Who proves a store needs no exporter: each kit is imported when it is asked for."""

library("hypothesis", "conformance")
# Pytest must know the promises before they are imported: only then does a broken one say what was
# compared with what.
library("pytest", "conformance").register_assert_rewrite(
    *(f"{__name__}.{home}" for home in _HOMES.values() if home != "stores"),
    *(f"{__name__}.store_{part}" for part in ("writing", "history", "leaving")),
)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
