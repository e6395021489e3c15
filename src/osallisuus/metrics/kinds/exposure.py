"""Days within bounds: what the kinds share that count how long something was so.

A span holds its first day and not its last (rule H). It is cut to the period, where there is one,
and to what is known: an open span goes on until ``:as_of``. The expressions are over ``placed``.
"""

from __future__ import annotations

__all__ = ["BEGINS", "DAYS", "ENDS", "LENGTH", "UNTIL"]

UNTIL = "CASE WHEN period_ends < :as_of THEN period_ends ELSE :as_of END"
"""The first day after all that is counted."""
BEGINS = "CASE WHEN starts_on < period_starts THEN period_starts ELSE starts_on END"
"""The first day of a span that is counted."""
ENDS = f"CASE WHEN ends_on < {UNTIL} THEN ends_on ELSE {UNTIL} END"
"""The first day of a span that is not counted any more."""
DAYS = f"CASE WHEN {ENDS} > {BEGINS} THEN days_between({BEGINS}, {ENDS}) ELSE 0 END"
"""How many days of a span are counted."""
LENGTH = (
    "CASE WHEN period_starts IS NOT NULL THEN"
    f" CASE WHEN {UNTIL} > period_starts THEN days_between(period_starts, {UNTIL}) ELSE 0 END END"
)
"""How many days of the period are counted; ``NULL`` without periods."""
