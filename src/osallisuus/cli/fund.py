"""Participants as a fund counts them."""

from __future__ import annotations

import argparse
import sys

from osallisuus.cli.store import existing
from osallisuus.model.facts import Enrollment, Group, RoleSpan, Trait
from osallisuus.reports.funders import tell_fund_table, tell_standings
from osallisuus.rules.funders import standings
from osallisuus.words import Words

__all__ = ["fund"]


def fund(arguments: argparse.Namespace) -> int:
    """``fund STORE --program NAME --period FROM..TO``: Markdown."""
    words = Words(arguments.locale)
    with existing(arguments.store, "funder reporting") as register:
        if arguments.why:
            kinds = (Enrollment, Group, RoleSpan, Trait)
            facts = [fact for kind in kinds for fact in register.facts(kind)]
            found = standings(arguments.program, facts, period=arguments.period)
            print(tell_standings(found, words=words))
            return 0
        table = register.fund_table(
            arguments.program,
            rules=arguments.rules,
            period=arguments.period,
            profile=None if arguments.internal else "public",
            locale=arguments.locale,
        )
    sys.stdout.write(tell_fund_table(table, words=words))
    return 0
