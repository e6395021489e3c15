"""Figures of every measure and status, made by hand, for the tests of what is said about them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from attrs import evolve

from osallisuus.metrics.figure import Figure
from osallisuus.metrics.plain import Provenance
from osallisuus.time import Period

EXPLAINED = Path(__file__).with_name("explained")
LANGUAGES = ("fi", "sv", "en")


def source(metric: str, kind: str, **settings: object) -> Provenance:
    """Where a figure comes from; *settings* replace what most figures here share."""
    said = {
        "definition": "4f1c9a0b7d2e6835",
        "as_of": date(2019, 1, 1),
        "policies": {"episodes": "each", "clock": "running"},
    }
    return Provenance(metric=metric, kind=kind, **(said | settings))


COMPLETION = source("completion", "time_to_event")

ALL_CLOSED = Figure(
    name="completed", measure="proportion", provenance=COMPLETION,
    value=28 / 41, low=0.53, high=0.8, k=28, n=41, censored=0.0, method="wilson",
)  # fmt: skip
STILL_OPEN = Figure(
    name="completed", measure="proportion", provenance=COMPLETION,
    value=0.52, low=0.38, high=0.65, k=24, n=60, censored=0.2, method="aalen_johansen",
    notes=("still_open",),
)  # fmt: skip
ROUNDED = evolve(
    STILL_OPEN,
    provenance=evolve(COMPLETION, rounding=5),
    k=25,
    n=60,
    censored=0.25,
    notes=("still_open", "rounded"),
)
HIDDEN = evolve(ALL_CLOSED, strata={"group.place": "Turku"}).suppressed()
UNDEFINED = Figure(
    name="median", measure="days", provenance=source("retention", "time_to_event"),
    n=12, censored=0.75, method="kaplan_meier", status="undefined", reason="not_reached",
)  # fmt: skip
ON_A_DAY = Figure(
    name="left", measure="proportion", provenance=source("leaving", "time_to_event"), at=60,
    value=0.13, low=0.05, high=0.26, n=38, at_risk=33, censored=0.1, method="aalen_johansen",
    strata={"group.place": "Turku"}, period=Period.parse("2018-01-01..2019-01-01"),
)  # fmt: skip
HALF = Figure(
    name="median", measure="days", provenance=source("retention", "time_to_event"),
    value=114, low=112, n=38, censored=0.0, method="kaplan_meier",
)  # fmt: skip
FEW_PEOPLE = Figure(
    name="attendance", measure="proportion",
    provenance=source(
        "attendance", "mean", policies={"excused": "out", "not_recorded": "unknown"},
        confidence=0.9, known_at=datetime(2019, 2, 1, 12, 30, tzinfo=UTC),
    ),
    value=0.75, low=0.5, high=0.9, k=90, n=120, persons=6, censored=0.2,
    method="clustered_ratio", notes=("few_clusters",),
)  # fmt: skip
GAP = Figure(
    name="women", measure="difference", provenance=source("equity_gap", "gap", policies={}),
    value=-0.05, low=-0.2, high=0.1, n=80, method="newcombe",
)  # fmt: skip
THEME = Figure(
    name="housing", measure="proportion",
    provenance=source("encounter_themes", "multilabel", policies={"no_theme": "unknown"}),
    value=128 / 621, low=0.18, high=0.24, k=128, n=621, censored=116 / 737, method="wilson",
)  # fmt: skip

TOLD = {
    "all_closed": ALL_CLOSED,
    "still_open": STILL_OPEN,
    "rounded": ROUNDED,
    "hidden": HIDDEN,
    "undefined": UNDEFINED,
    "on_a_day": ON_A_DAY,
    "half": HALF,
    "few_people": FEW_PEOPLE,
    "gap": GAP,
    "theme": THEME,
}
"""Name of a file in ``explained`` -> the figure that it explains in the three languages."""


def measured(measure: str, value: float, **fields: object) -> Figure:
    """A shown figure of a metric that nobody has worded."""
    provenance = source("walks_in_forest", "count", policies={"own_choice": "left_open"})
    given = {"value": value, "n": 40, "persons": 30} | fields
    return Figure(name="part_one", measure=measure, provenance=provenance, **given)


OTHERS = (
    measured("count", 40, method="count"),
    measured("mean", 3.25, low=2.0, high=4.5, method="t"),
    measured("change", 1.4, low=-0.3, high=3.1, method="paired_t"),
    measured("rate", 3.2, low=2.5, high=4.1, method="garwood", notes=("an_unknown_note",)),
    measured("hours", 12.5, high=14.0),
    measured("money", 1234.5, low=900.0, high=1800.0, method="jackknife"),
    measured("money", 9.5),
    measured("hours", None, low=10.0, high=14.0),
    measured("days", 1),
    measured("proportion", 0.68, k=28, n=41, censored=1.0),
)
"""Figures of the other measures, and some with parts missing."""


def explained(figure: Figure) -> str:
    """What the file of a figure holds: its explanation in each language, under its code."""
    return "\n".join(f"[{code}]\n{figure.explain(code)}\n" for code in LANGUAGES)


if __name__ == "__main__":  # writes the files anew; read every change before you keep it
    EXPLAINED.mkdir(exist_ok=True)
    for name, figure in TOLD.items():
        (EXPLAINED / f"{name}.txt").write_text(explained(figure), "utf-8")
