"""Graduates who could help to facilitate, and the hours of those who do (W29, U7)."""

from datetime import date

import pytest

from osallisuus.errors import DefinitionError
from osallisuus.register import open_register
from osallisuus.register import program_named as named
from osallisuus.rules.assistants import assistants, facilitation_hours
from osallisuus.time import Period
from tests.model import made

ON = date(2020, 6, 1)
YEAR = Period.parse("2020-01-01..2021-01-01")


def completed(person="p1", name="e1", **given):
    plain = {"id": name, "person": person, "program": "wertzu", "started_on": date(2019, 1, 1),
             "ended_on": date(2019, 6, 1), "ending": "completed"}  # fmt: skip
    return made.one("enrollments", **plain | given)


def role(name="r1", **given):
    plain = {"id": name, "person": "p1", "role": "peer_facilitator", "program": "wertzu",
             "starts_on": date(2019, 7, 1)}  # fmt: skip
    return made.one("roles", **plain | given)


@pytest.mark.parametrize(
    ("facts", "readiness"),
    [
        ([completed()], "open"),
        ([completed(), role()], "holds"),
        ([completed(), role(), made.one("pauses", of="r1", starts_on=date(2020, 5, 1))], "paused"),
        ([completed(), role(ends_on=date(2020, 2, 1), ending="stepped_back")], "open"),
        ([completed(ending="left")], None),
        ([completed(ended_on=date(2020, 6, 2))], None),
        ([completed(program="verna")], None),
        ([role()], None),
    ],
    ids=["graduated", "holds the role", "on a pause", "stepped back", "left", "not yet graduated",
         "of another programme", "never took part"],
)  # fmt: skip
def test_who_could_assist(facts, readiness):
    """Stepping back is a normal end: the same person can be asked again."""
    found = assistants(named("wertzu"), facts, on=ON)

    assert [one.readiness for one in found] == ([readiness] if readiness else [])


def test_they_stand_in_the_order_of_their_ids_with_the_day_of_completing():
    facts = [
        completed("p2", "e2"), completed("p1", "e1"),
        completed("p1", "e3", ended_on=date(2020, 1, 1)),
        completed("p2", "e4", ended_on=date(2020, 7, 1)),
    ]  # fmt: skip

    found = assistants(named("wertzu"), facts, on=ON)

    assert [(one.person, one.role, one.completed_on) for one in found] == [
        ("p1", "peer_facilitator", date(2020, 1, 1)),
        ("p2", "peer_facilitator", date(2019, 6, 1)),
    ]


def test_a_programme_without_such_a_task_is_not_asked():
    """Where a source names nobody for the task, nobody is made up."""
    with pytest.raises(DefinitionError, match="program verna"):
        assistants(named("verna"), [], on=ON)


def hours(name, minutes, kind, group="g1", head="facilitation", day=date(2020, 3, 1)):
    return made.one("costs", id=name, program="wertzu", group=group, head=head, minutes=minutes,
                    worker_kind=kind, happened_on=day)  # fmt: skip


def told(*facts):
    found = facilitation_hours(facts, group="g1", period=YEAR)
    return [(one.worker_kind, one.minutes) for one in found]


def test_the_hours_of_both_are_counted():
    """A professional and a graduate with 240 minutes each: both stand there, added up apart."""
    assert told(
        hours("c1", 240, "professional"), hours("c2", 240, "peer"), hours("c3", 60, "peer"),
        hours("c4", 30, "volunteer"), hours("c5", 99, "peer", group="g2"),
        hours("c6", 99, "peer", head="supervision"), hours("c7", 99, "peer", day=date(2021, 1, 1)),
    ) == [("peer", 300), ("professional", 240), ("volunteer", 30)]  # fmt: skip


def test_hours_that_nobody_recorded_are_not_known_and_not_0():
    assert told(hours("c1", 0, "professional")) == [("peer", None), ("professional", 0)]
    assert told(hours("c1", 240, "peer"), hours("c2", None, "peer")) == [
        ("peer", None), ("professional", None)
    ]  # fmt: skip
    assert told(hours("c1", 60, None)) == [("peer", None), ("professional", None), (None, 60)]


def test_the_metric_counts_the_hours_of_both_too():
    """``staff_hours`` has a label for each kind of worker: 4 hours of one and 5 of the other."""
    group = made.one("groups", id="g1", program="wertzu", starts_on=date(2020, 1, 1))
    with open_register("memory:") as register:
        register.add([group, hours("c1", 240, "professional"), hours("c2", 300, "peer")])
        found = register.measure("staff_hours", program="wertzu", as_of=date(2021, 1, 1))

    assert {one.name: float(one) for one in found if one.name in ("peer", "professional")} == {
        "peer": 5.0, "professional": 4.0
    }  # fmt: skip
