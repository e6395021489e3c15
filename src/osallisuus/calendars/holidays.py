"""Finnish public holidays as closures, each by its name in Finnish, Swedish and English.

Midsummer Eve and Christmas Eve are among them: by law they are no holidays, but hardly a group
meets on them. Needs the extra ``holidays``.
"""

from __future__ import annotations

from datetime import date, timedelta

from osallisuus.errors import LimitError
from osallisuus.extra import library
from osallisuus.model.stated import Text
from osallisuus.rules.schedule.closures import Closure, ClosurePolicy
from osallisuus.time import Period

__all__ = ["finnish_holidays"]

_MOST_YEARS = 100


def finnish_holidays(within: Period, policy: ClosurePolicy = "skip") -> tuple[Closure, ...]:
    """The public holidays in *within*, by date, each with what becomes of a session on it.

    Raises :class:`PluginError` where the extra is missing, :class:`LimitError` beyond a hundred
    years.
    """
    years = range(within.starts_on.year, within.ends_on.year + 1)
    if len(years) > _MOST_YEARS:
        raise LimitError("holidays of too many years", remedy=f"ask for {_MOST_YEARS} at most")
    finland = library("holidays", "holidays").Finland
    named: dict[str, dict[date, str]] = {
        ours: dict(finland(years=years, language=theirs).items())
        for ours, theirs in (("fi", "fi"), ("sv", "sv_FI"), ("en", "en_US"))
    }
    return tuple(
        Closure(
            period=Period(day, day + timedelta(1)),
            reason=Text(**{code: names[day] for code, names in named.items()}),
            policy=policy,
            holiday=True,
        )
        for day in sorted(named["fi"])
        if day in within
    )
