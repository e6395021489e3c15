"""Define, run and honestly measure peer-support and expert-by-experience programmes.

::

    import osallisuus as osa

    register = osa.open("memory:", actor="coordinator", purpose="evaluation")
    register.add(facts)
    print(register.measure("completion"))
    register.report("evaluation", program="wertzu").release(profile="public").save("wertzu.html")

Everything public is a name of this module. They are loaded on first use, so that importing the
package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from osallisuus.version import VERSION

if TYPE_CHECKING:
    from osallisuus import metrics, plugins
    from osallisuus.errors import (
        DefinitionError,
        DisclosureError,
        EngineError,
        ErasureError,
        ImportProblem,
        LimitError,
        OsallisuusError,
        PluginError,
        Problem,
        StoreBusy,
        StoreError,
        UndefinedFigure,
        VersionConflict,
    )
    from osallisuus.metrics.alternatives import Alternatives
    from osallisuus.metrics.changed import Change
    from osallisuus.metrics.compare import compare
    from osallisuus.metrics.figure import Figure, Result, Traced
    from osallisuus.metrics.kinds import (
        CadenceHeld,
        Completeness,
        Count,
        Coverage,
        Cumulative,
        Distribution,
        Funnel,
        Gap,
        GoalAttainment,
        Lag,
        Mean,
        MultiLabel,
        MultiState,
        PairedChange,
        Paths,
        Proportion,
        Rate,
        ReliableChange,
        ScreenedProportion,
        Spread,
        Steps,
        Stock,
        TimeToEvent,
        Total,
        UnitCost,
        WaveChange,
    )
    from osallisuus.metrics.metric import Metric
    from osallisuus.metrics.plain import Provenance
    from osallisuus.model.facts import (
        Answer,
        Assessment,
        Attendance,
        Consent,
        Contact,
        Cost,
        Decision,
        Encounter,
        EncounterTheme,
        Enrollment,
        Fact,
        Goal,
        GoalRating,
        Group,
        Guidance,
        Idea,
        Interview,
        KeepApart,
        Linkage,
        Membership,
        Observation,
        Pause,
        Person,
        Review,
        RoleSpan,
        Score,
        Session,
        Trait,
    )
    from osallisuus.model.program import Program
    from osallisuus.model.scales import Norms
    from osallisuus.register import ErasureReceipt, Receipt, Register
    from osallisuus.register import metric_named as metric
    from osallisuus.register import open_register as open  # noqa: A004 - osa.open is the name
    from osallisuus.register import program_named as program
    from osallisuus.release import Release, Report
    from osallisuus.time import PartialDate, Period

__version__ = VERSION

_HOMES: dict[str, tuple[str, ...]] = {
    "errors": (
        "DefinitionError",
        "DisclosureError",
        "EngineError",
        "ErasureError",
        "ImportProblem",
        "LimitError",
        "OsallisuusError",
        "PluginError",
        "Problem",
        "StoreBusy",
        "StoreError",
        "UndefinedFigure",
        "VersionConflict",
    ),
    "time": ("PartialDate", "Period"),
    "metrics.alternatives": ("Alternatives",),
    "metrics.changed": ("Change",),
    "metrics.compare": ("compare",),
    "metrics.figure": ("Figure", "Result", "Traced"),
    "metrics.plain": ("Provenance",),
    "metrics.kinds": (
        "CadenceHeld",
        "Completeness",
        "Count",
        "Coverage",
        "Cumulative",
        "Distribution",
        "Funnel",
        "Gap",
        "GoalAttainment",
        "Lag",
        "Mean",
        "MultiLabel",
        "MultiState",
        "PairedChange",
        "Paths",
        "Proportion",
        "Rate",
        "ReliableChange",
        "ScreenedProportion",
        "Spread",
        "Steps",
        "Stock",
        "TimeToEvent",
        "Total",
        "UnitCost",
        "WaveChange",
    ),
    "metrics.metric": ("Metric",),
    "model.facts": (
        "Answer",
        "Assessment",
        "Attendance",
        "Consent",
        "Contact",
        "Cost",
        "Decision",
        "Encounter",
        "EncounterTheme",
        "Enrollment",
        "Fact",
        "Goal",
        "GoalRating",
        "Group",
        "Guidance",
        "Idea",
        "Interview",
        "KeepApart",
        "Linkage",
        "Membership",
        "Observation",
        "Pause",
        "Person",
        "Review",
        "RoleSpan",
        "Score",
        "Session",
        "Trait",
    ),
    "model.program": ("Program",),
    "model.scales": ("Norms",),
    "register": ("ErasureReceipt", "Receipt", "Register"),
    "release": ("Release", "Report"),
}
_RENAMED = {
    "metric": ("register", "metric_named"),
    "open": ("register", "open_register"),
    "program": ("register", "program_named"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Alternatives",
    "Answer",
    "Assessment",
    "Attendance",
    "CadenceHeld",
    "Change",
    "Completeness",
    "Consent",
    "Contact",
    "Cost",
    "Count",
    "Coverage",
    "Cumulative",
    "Decision",
    "DefinitionError",
    "DisclosureError",
    "Distribution",
    "Encounter",
    "EncounterTheme",
    "EngineError",
    "Enrollment",
    "ErasureError",
    "ErasureReceipt",
    "Fact",
    "Figure",
    "Funnel",
    "Gap",
    "Goal",
    "GoalAttainment",
    "GoalRating",
    "Group",
    "Guidance",
    "Idea",
    "ImportProblem",
    "Interview",
    "KeepApart",
    "Lag",
    "LimitError",
    "Linkage",
    "Mean",
    "Membership",
    "Metric",
    "MultiLabel",
    "MultiState",
    "Norms",
    "Observation",
    "OsallisuusError",
    "PairedChange",
    "PartialDate",
    "Paths",
    "Pause",
    "Period",
    "Person",
    "PluginError",
    "Problem",
    "Program",
    "Proportion",
    "Provenance",
    "Rate",
    "Receipt",
    "Register",
    "Release",
    "ReliableChange",
    "Report",
    "Result",
    "Review",
    "RoleSpan",
    "Score",
    "ScreenedProportion",
    "Session",
    "Spread",
    "Steps",
    "Stock",
    "StoreBusy",
    "StoreError",
    "TimeToEvent",
    "Total",
    "Traced",
    "Trait",
    "UndefinedFigure",
    "UnitCost",
    "VersionConflict",
    "WaveChange",
    "__version__",
    "compare",
    "metric",
    "metrics",
    "open",
    "plugins",
    "program",
]


def __getattr__(name: str) -> Any:
    if name in ("metrics", "plugins"):
        value: Any = import_module(f"osallisuus.{name}")
    else:
        home, attribute = _RENAMED.get(name) or (_HOME_OF.get(name, ""), name)
        if not home:
            raise AttributeError(f"module 'osallisuus' has no attribute {name!r}")
        value = getattr(import_module(f"osallisuus.{home}"), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
