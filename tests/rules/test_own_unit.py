"""Guiding in the unit where one is or was a client is found, and not forbidden (Q5)."""

from datetime import date

import pytest

from osallisuus.model.batch import Batch
from osallisuus.rules.findings import check
from tests.model import made


def day(number):
    return date(2020, 1, number)


def unit(name, **given):
    return made.one("groups", id=name, program="yhteiso", kind="community", **given)


def member(name, person, group="u1", first=1, last=None):
    ends = last and day(last)
    return made.one(
        "memberships", id=name, person=person, group=group, starts_on=day(first), ends_on=ends
    )


def role(name, role, person="k1", group="u1", first=5, last=None):
    return made.one(
        "roles", id=name, person=person, role=role, group=group, starts_on=day(first),
        ends_on=last and day(last),
    )  # fmt: skip


def case(first=5, last=None):
    return made.one(
        "guidance", id="c1", person="p1", guide="k1", program="kokemusohjaus",
        offered_on=day(first), ended_on=last and day(last), ending=last and "closed",
    )  # fmt: skip


def decision(matter="guiding_in_own_unit", group="u1"):
    return made.one("decisions", id="d1", group=group, matter=matter, decided_on=day(9))


BOTH = [unit("u1"), member("m1", "p1"), member("m2", "k1")]
SAME_PLACE = {"organization": "Hoiva", "place": "Tampere"}
CASE, ROLE = ["guidance[c1].guide"], ["roles[r1].group"]
CASES = {
    "guides in the community to which both belong": ([*BOTH, case()], CASE),
    "was a client there long before": (
        [unit("u1"), member("m1", "p1"), member("m2", "k1", first=1, last=2), case()], CASE),
    "became a client there only after": (
        [unit("u1"), member("m1", "p1"), member("m2", "k1", first=9), case(last=8)], []),
    "the other came there only after": (
        [unit("u1"), member("m1", "p1", first=9), member("m2", "k1"), case(last=8)], []),
    "the other had left before": (
        [unit("u1"), member("m1", "p1", last=4), member("m2", "k1"), case()], []),
    "is a client of another unit": (
        [unit("u1"), unit("u2"), member("m1", "p1"), member("m2", "k1", "u2"), case()], []),
    "two groups of one organization in one place": (
        [unit("u1", **SAME_PLACE), unit("u2", **SAME_PLACE), member("m1", "p1"),
         member("m2", "k1", "u2"), case()], CASE),
    "one organization in two places": (
        [unit("u1", **SAME_PLACE), unit("u2", organization="Hoiva", place="Helsinki"),
         member("m1", "p1"), member("m2", "k1", "u2"), case()], []),
    "one organization whose places nobody stated": (
        [unit("u1", organization="Hoiva"), unit("u2", organization="Hoiva"), member("m1", "p1"),
         member("m2", "k1", "u2"), case()], []),
    "a client by role": (
        [unit("u1"), role("r0", "client", "p1", first=1), role("r9", "client", first=1), case()],
        CASE),
    "two roles in one unit": ([unit("u1"), member("m2", "k1"), role("r1", "peer_guide")], ROLE),
    "a guide there who came as a client afterwards": (
        [unit("u1"), member("m2", "k1", first=9), role("r1", "peer_guide", last=8)], []),
    "a client there with a role that guides nobody": (
        [unit("u1"), member("m2", "k1"), role("r1", "area_holder")], []),
    "the unit has agreed": ([*BOTH, case(), role("r1", "peer_guide"), decision()], []),
    "the unit agreed on something else": ([*BOTH, case(), decision("own_care")], CASE),
    "another unit agreed": ([*BOTH, unit("u2"), case(), decision(group="u2")], CASE),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_guiding_in_ones_own_unit_is_found_until_the_unit_has_agreed(name):
    facts, expected = CASES[name]
    found = [one for one in check(Batch.of(facts).rows) if one.code == "guides_in_own_unit"]

    assert [one.where for one in found] == expected
    assert {one.severity for one in found} <= {"information"}
