"""Programmes and small helpers for the tests of simulations."""

from datetime import date, datetime
from random import Random

import osallisuus as osa
from osallisuus.model.batch import Batch
from osallisuus.model.cadence import Length
from osallisuus.model.facts import TABLES
from osallisuus.model.offering import SessionPlan
from osallisuus.model.program import Program
from osallisuus.model.stated import Text
from osallisuus.rules.findings import check
from osallisuus.rules.keeping import check_program
from osallisuus.rules.references import undefined_references
from osallisuus.simulate.world import simulate

SHIPPED = ("wertzu", "kokemusohjaus", "yhteiso", "yhteiskehittaminen", "verna")


def bare(**fields):
    """A group programme of four months of which nothing else is stated."""
    plan = SessionPlan(nominal_duration=Length(4, 4, "month"))
    stated = {"name": "bare", "version": "1", "title": Text(en="Bare"), "sessions": plan}
    return Program(**{**stated, "kinds": ("group_training",), **fields})


def made(program, people, seed=1, habits=None, **settings):
    """The facts of a simulation with a seed."""
    chosen = osa.program(program) if isinstance(program, str) else program
    return list(simulate(chosen, people=people, random=Random(seed), habits=habits, **settings))


def rows_of(facts):
    """Facts by table; a problem in them is an error of the test."""
    batch = Batch.of(facts)
    assert not batch.problems
    assert not list(undefined_references(batch, lambda table, ids: set()))
    return {name: list(batch.rows.get(name, ())) for name in TABLES}


def findings_in(program, facts):
    """All findings in the facts alone and against the words of their programme."""
    rows = rows_of(facts)
    return [*check(rows), *check_program(program, rows)]


def days_of(fact):
    """Every day that a fact says of something that happened; a plan is none."""
    for column in type(fact).table.columns:
        value = getattr(fact, column.name)
        if isinstance(value, date) and column.name != "planned_end_on":
            yield value.date() if isinstance(value, datetime) else value
