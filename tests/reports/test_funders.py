"""The table of a fund, made of results by hand."""

from __future__ import annotations

from datetime import date

from attrs import evolve

from osallisuus.metrics.figure import Figure, Result
from osallisuus.reports.funders import fund_table, tell_fund_table
from osallisuus.rules.funders import fund_rules
from osallisuus.time import Period
from osallisuus.words import Words
from tests.reports.sample import count

EN = Words("en")
YEAR = Period(date(2018, 1, 1), date(2019, 1, 1))


def result(*figures: Figure) -> Result:
    return Result(provenance=figures[0].provenance, figures=figures, internal=False)


def people(number: int, **strata: str) -> Figure:
    named = {f"person.{name}": value for name, value in strata.items()}
    return evolve(count("persons", number), strata=named)


def test_a_fund_that_asks_for_no_results_on_leaving_has_no_table_of_them() -> None:
    """Its people stand by gender, in all and by each indicator, and nothing is said of leaving."""
    employment = [one for one in fund_rules("esf_plus").indicators if one.trait == "employment"]
    rules = evolve(fund_rules("esf_plus"), indicators=tuple(employment), results=())
    results = [
        result(people(41, gender="woman")),
        result(people(41, gender="woman", employment="unemployed")),
    ]
    table = fund_table(rules, YEAR, results, words=EN, exact=True)
    told = tell_fund_table(table, words=EN)

    assert {line.code: line.counts["woman"] for line in table.lines}["EECO02"] == 41
    assert table.results == ()
    assert EN("fund.on_leaving") not in told
    assert told.count("| --- |") == 1
