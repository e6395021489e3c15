"""What a fund's table asks."""

from __future__ import annotations

from datetime import date, timedelta

from osallisuus.metrics.engine import Engine
from osallisuus.metrics.funders import fund_participants, fund_results
from osallisuus.metrics.measure import Measurement, last_known_day
from osallisuus.release.source import Source
from osallisuus.rules.funders import fund_rules
from osallisuus.rules.leaving import FOUR_WEEKS
from osallisuus.time import YEARS, Period

__all__ = ["fund_measurements"]


def fund_measurements(
    source: Source, rules: str, period: Period, engine: Engine, program: str
) -> list[Measurement]:
    """The questions of a fund's table: in all and by each trait, then each result on leaving."""
    chosen, metric = fund_rules(rules), fund_participants()
    gender = "person.gender"
    last = last_known_day(engine)
    known = date(YEARS[0], 1, 1) if last is None else last + timedelta(days=1)
    return [
        source.measurement(
            metric, engine=engine, by=by, periods=[period], as_of=period.ends_on, program=program
        )
        for by in ((gender,), *((gender, f"person.{one}") for one in chosen.traits))
    ] + [
        source.measurement(
            fund_results(one), engine=engine, by=(gender,), periods=[period],
            as_of=min(period.ends_on + FOUR_WEEKS, known), program=program,
        )
        for one in chosen.results
    ]  # fmt: skip
