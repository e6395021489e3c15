"""What commands answer, as plain data for ``--json``: codes, numbers, days as texts, and no prose.

A key that is there is always there: ``null`` says that there is nothing, and a list may be empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from osallisuus.disclosure.ledger import Line
from osallisuus.metrics.compile import strata_of
from osallisuus.metrics.metric import Metric
from osallisuus.metrics.written import metric_title
from osallisuus.plugins import Plugin
from osallisuus.reports.funders import FundLine, FundTable
from osallisuus.rules.finding import Finding
from osallisuus.rules.migration import Migration
from osallisuus.rules.open_groups import Grouping
from osallisuus.rules.reminders import Reminder
from osallisuus.words import Words

__all__ = [
    "of_findings",
    "of_fund_table",
    "of_grouping",
    "of_line",
    "of_metric",
    "of_migration",
    "of_plugin",
    "of_reminder",
]


def of_findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Each finding with its code, how much it matters, where it is and what would help."""
    return [
        {
            "code": one.code,
            "severity": one.severity,
            "requirement": one.requirement or None,
            "what": one.what,
            "where": one.where,
            "remedy": one.remedy,
        }
        for one in findings
    ]


def of_line(line: Line) -> dict[str, Any]:
    """One release: when, by whom and for what, how protected, and what was asked."""
    return {
        "number": line.number,
        "moment": None if line.moment is None else line.moment.isoformat(timespec="seconds"),
        "actor": line.actor,
        "purpose": line.purpose,
        "profile": line.profile,
        "threshold": line.threshold,
        "rounded_to": line.base,
        "as_of": sorted({one.settings.as_of.isoformat() for one in line.asked}),
        "metrics": list(dict.fromkeys(one.metric.name for one in line.asked)),
    }


def of_reminder(one: Reminder) -> dict[str, Any]:
    """Somebody who waits for a start; ids and days."""
    return {
        "person": one.person,
        "enrollment": one.enrollment,
        "guidance": one.guidance,
        "group": one.group,
        "starts_on": _day(one.starts_on),
        "last_contact": _day(one.last_contact),
    }


def of_grouping(grouping: Grouping) -> dict[str, Any]:
    """A proposal; nothing in it says whether there are judgements on who is kept apart."""
    return {
        "feasible": grouping.feasible,
        "proved": grouping.proved,
        "groups": [
            {"group": one.group, "people": list(one.people), "facilitators": list(one.facilitators)}
            for one in grouping.groups
        ],
        "wishes_left_out": grouping.left_out,
        "wishes_met": [list(pair) for pair in grouping.met],
        "wishes_unmet": [list(pair) for pair in grouping.unmet],
        "unevenness": grouping.unevenness,
        "without": list(grouping.without),
        "alternatives": [list(rules) for rules in grouping.alternatives],
    }


def of_fund_table(table: FundTable) -> dict[str, Any]:
    """A fund's table; ``null`` is a count that is hidden."""
    return {
        "internal": table.internal,
        "synthetic": table.synthetic,
        "rounding": table.rounding,
        "release": table.number,
        "period": {
            "starts_on": _day(table.period.starts_on),
            "ends_on": _day(table.period.ends_on),
        },
        "hidden": table.hidden,
        "lines": [_fund_line(one) for one in table.lines],
        "results": [_fund_line(one) for one in table.results],
    }


def _fund_line(line: FundLine) -> Mapping[str, Any]:
    counts = {gender or "not_asked": count for gender, count in line.counts.items()}
    return {"code": line.code, "verified": line.verified, "text": line.text, "counts": counts}


def of_migration(found: Migration) -> dict[str, Any]:
    """What changes in the definition, and what becomes of each enrolment."""
    return {
        "program": found.program,
        "from": found.old,
        "to": found.new,
        "changes": [
            {"path": one.path, "kind": one.kind, "concern": one.concern} for one in found.changes
        ],
        "enrollments": [
            {"id": one.enrollment.id, "outcome": one.outcome, "moves": one.moves}
            for one in found.moves
        ],
    }


def of_metric(metric: Metric, words: Words) -> dict[str, Any]:
    """A metric as it is installed: what it asks, of which fields, and what can be chosen."""
    return {
        "name": metric.name,
        "title": metric_title(metric.name, words),
        "kind": metric.kind,
        "definition": metric.definition,
        "source": metric.source or None,
        "unit": metric.unit,
        "policies": dict(metric.policies),
        "choices": {name: list(values) for name, values in metric.choices.items()},
        "strata": [*strata_of(metric), "person.<trait>"],
        "fields": sorted(metric.lineage.fields),
        "cases": metric.cases.strip(),
    }


def of_plugin(plugin: Plugin) -> dict[str, Any]:
    """A plug-in as it is declared, and what is wrong with it."""
    return {
        "group": plugin.group,
        "name": plugin.name,
        "value": plugin.value,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "problem": plugin.problem or None,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
