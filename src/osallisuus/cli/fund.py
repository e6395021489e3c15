"""Participants as a fund counts them."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta

from osallisuus.cli.answers import of_fund_table
from osallisuus.cli.store import existing
from osallisuus.cli.terminal import print_json
from osallisuus.metrics.measure import last_known_day
from osallisuus.model.facts import Enrollment, Group, RoleSpan, Trait
from osallisuus.register import code_of
from osallisuus.reports.funders import tell_fund_table, tell_standings
from osallisuus.rules.funders import fund_rules, standings
from osallisuus.rules.leaving import FOUR_WEEKS, leavings
from osallisuus.words import Words

__all__ = ["fund"]


def fund(arguments: argparse.Namespace) -> int:
    """``fund STORE --program NAME --period FROM..TO``: Markdown."""
    words = Words(arguments.locale)
    with existing(arguments.store, "funder reporting") as register:
        if arguments.why:
            kinds = (Enrollment, Group, RoleSpan, Trait)
            facts = [fact for kind in kinds for fact in register.facts(kind)]
            program, period = code_of(arguments.program), arguments.period
            with register.engine() as engine:
                last = last_known_day(engine) or period.ends_on
            until = min(period.ends_on + FOUR_WEEKS, last + timedelta(1))
            rules = fund_rules(arguments.rules)
            left = leavings(program, facts, rules=rules, period=period, on=until)
            print(tell_standings(standings(program, facts, period=period), left, words=words))
            return 0
        table = register.fund_table(
            arguments.program,
            rules=arguments.rules,
            period=arguments.period,
            profile=None if arguments.internal else "public",
            locale=arguments.locale,
        )
    if arguments.json:
        print_json({"program": arguments.program, **of_fund_table(table)})
    else:
        sys.stdout.write(tell_fund_table(table, words=words))
    return 0
