"""The share of one place that ends in an outcome, with other ways out and people on their way."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from osallisuus.metrics.estimate.proportion import wilson
from osallisuus.metrics.kinds.percents import in_hundredths, rounds
from osallisuus.metrics.kinds.stays import OTHER, Stays, curve_of
from osallisuus.metrics.kinds.thinned import open_tallies, shown_to
from osallisuus.metrics.metric import Draw, Label, Tally, Thinning

__all__ = ["outcome_draw"]


def outcome_draw(
    stays: Stays,
    outcome: str,
    confidence: float,
    grid: Thinning | None = None,
    *,
    clusters: Sequence[Stays] = (),
    part: Label = (),
) -> Draw:
    """The share that ends in *outcome*, the other ways out competing (rules C, X).

    With everybody's stay closed it is ``k`` of ``n`` with its Wilson interval; with some still
    open the Aalen-Johansen incidence on the last day with anybody at risk. *part* keeps the
    counts of several such shares of one place apart. What leaves of it is made from counts week
    by week, each of them rounded; a few who are still open have not come to the outcome.
    """
    entered = ("entered", *part)
    shown = shown_to(stays, grid)
    still_open, notes = open_tallies(stays, grid, ("open", *part))
    draw = Draw(
        name=outcome,
        measure="proportion",
        k=shown.exits(outcome),
        n=shown.n,
        censored=shown.censored / shown.n if shown.n else None,
        notes=(*notes, *shown.notes),
        tallies=(
            Tally(("exit", *part, outcome), stays.exits(outcome), within=entered, telling=True),
            Tally(entered, stays.n),
            *still_open,
        ),
        watched=() if grid is None else _otherwise(stays, outcome, grid, part),
        open=Tally(("open", *part), stays.censored) if stays.censored else None,
    )
    if not shown.n:
        return evolve(draw, k=None, reason="no_cases")
    if not shown.censored and not shown.delayed and not clusters:
        interval = wilson(shown.exits(outcome), shown.n, confidence)
        low, high = interval or (None, None)
        value: float | None = shown.exits(outcome) / shown.n
        draw = evolve(draw, value=value, low=low, high=high, method="wilson")
        return in_hundredths(draw) if rounds(grid) else draw
    curve = curve_of(shown, outcome, confidence, clusters if grid is None else ()).cut()
    last = curve.points[-1] if curve.points else None
    if last is None:
        return evolve(draw, k=None, n=None, reason="nobody_at_risk")
    notes = (*notes, *curve.notes, *shown.notes)
    draw = evolve(
        draw,
        value=last.value,
        low=last.low,
        high=last.high,
        std_err=last.std_err,
        method="aalen_johansen",
        notes=notes,
    )
    return in_hundredths(draw) if rounds(grid) else draw


def _otherwise(stays: Stays, outcome: str, grid: Thinning, part: Label) -> tuple[Tally, ...]:
    """The few who ended in another way, or that nobody did: neither in the outcome nor still open."""
    others = [event for event in stays.events if event != outcome]
    n = sum(stays.exits(event) for event in others)
    if not stays.censored or n >= grid.threshold or stays.censored == stays.n:
        return ()
    # who might have ended otherwise though nobody did is counted as OTHER
    sums = tuple(("exit", *part, event) for event in dict.fromkeys((*others, OTHER)))
    label = ("between", "otherwise", *part, outcome)
    return (Tally(label, n, within=("entered", *part), telling=not n, sums=sums),)
