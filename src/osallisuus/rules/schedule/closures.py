"""Closures: days on which nothing is held, why, and what then becomes of a session."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias, get_args

from attrs import field

from osallisuus.errors import DefinitionError, did_you_mean
from osallisuus.model.stated import Text
from osallisuus.time import Period
from osallisuus.values import frozen

__all__ = ["CLOSURE_POLICIES", "Closure", "ClosurePolicy", "closed_days"]

ClosurePolicy: TypeAlias = Literal["skip", "extend", "move"]
"""A session on a closed day is left out (``skip``), left out and made up for at the end
(``extend``), or moved to the next day that suits (``move``)."""

CLOSURE_POLICIES: Final[tuple[ClosurePolicy, ...]] = get_args(ClosurePolicy)


@frozen(kw_only=True)
class Closure:
    """The days of ``period``, with the reason that people are told."""

    period: Period
    reason: Text
    policy: ClosurePolicy = field(default="skip")
    holiday: bool = False
    """Whether it is a public holiday rather than an own period."""

    @policy.validator
    def _known(self, _: object, value: str) -> None:
        if value not in CLOSURE_POLICIES:
            raise DefinitionError(
                "unknown policy", where="policy", remedy=did_you_mean(value, CLOSURE_POLICIES)
            )


def closed_days(closures: Iterable[Closure], within: Period) -> dict[date, Closure]:
    """Day -> the closure that closes it, for days in *within*; of several the one given first."""
    closed: dict[date, Closure] = {}
    for closure in closures:
        day = max(closure.period.starts_on, within.starts_on)
        after = min(closure.period.ends_on, within.ends_on)
        while day < after:
            closed.setdefault(day, closure)
            day += timedelta(1)
    return closed
