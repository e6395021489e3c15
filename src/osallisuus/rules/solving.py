"""Asking a solver: whoever wrote it, its answer is looked at once more."""

from __future__ import annotations

from osallisuus.errors import OsallisuusError, PluginError
from osallisuus.rules.placing import Placing, Solution, Solve

__all__ = ["solved"]


def solved(solve: Solve, placing: Placing) -> Solution:
    """What *solve* says to *placing*.

    Raises :class:`PluginError` where the solver fails, gives no answer to the question, or breaks a
    hard rule, and passes on its own word on why there is none, such as :class:`LimitError`.
    """
    try:
        found = solve(placing)
        problem = _wrong_with(found, placing)
    except OsallisuusError:
        raise
    except Exception:  # noqa: BLE001 - a stranger's solver may fail in any way
        problem = "failed"
    else:
        if not problem:
            return found
    raise PluginError(
        f"the solver {problem}",
        where="form_groups",
        remedy="report it to whoever wrote the solver, and use another one",
    )


def _wrong_with(found: object, placing: Placing) -> str:
    if not isinstance(found, Solution) or type(found.proved) is not bool:
        return "gave no answer to the question"
    if found.places is None:
        return ""
    groups, places = range(len(placing.least)), list(found.places)
    if len(places) != len(placing.allowed) or not all(
        one is None or (type(one) is int and one in groups) for one in places
    ):
        return "gave no answer to the question"
    return "" if placing.keeps(found.places) else "broke a hard rule, so its answer was put away"
