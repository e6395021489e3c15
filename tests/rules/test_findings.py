"""Findings: what deserves a look, where, and what would settle it."""

from datetime import date

import pytest
from hypothesis import given, settings

from osallisuus.model.batch import Batch
from osallisuus.model.codec import FactColumns, column_of
from osallisuus.rules.findings import check
from tests.model import made


def found(*facts):
    return [(finding.code, finding.where) for finding in check(Batch.of(facts).rows)]


def day(number):
    return date(2020, 1, number)


GROUP = made.one("groups", id="g1", program="wertzu", starts_on=day(1))
PLACE = {"person": "p1", "program": "wertzu", "group": "g1"}
E1 = made.one("enrollments", id="e1", **PLACE, started_on=day(2))
SESSION = made.one("sessions", id="s1", group="g1", status="held")


def present(name="a1", **given):
    return made.one("attendance", **({"id": name, "session": "s1", "person": "p1"} | given))


CASES = {
    "an end before its start": (
        [made.one("enrollments", id="e1", **PLACE, started_on=day(5), ended_on=day(4), ending="left")],
        ("dates_out_of_order", "enrollments[e1].ended_on"),
    ),
    "an offer before the interview": (
        [made.one("enrollments", id="e1", **PLACE, interviewed_on=day(5), offered_on=day(4))],
        ("dates_out_of_order", "enrollments[e1].offered_on"),
    ),
    "an end without its kind": (
        [made.one("enrollments", id="e1", **PLACE, started_on=day(2), ended_on=day(4))],
        ("half_an_end", "enrollments[e1].ending"),
    ),
    "a kind without its end": (
        [made.one("enrollments", id="e1", **PLACE, started_on=day(2), ending="left")],
        ("half_an_end", "enrollments[e1].ended_on"),
    ),
    "no date": ([made.one("enrollments", id="e1", **PLACE)], ("no_dates", "enrollments[e1]")),
    "a role that ends before it starts": (
        [made.one("roles", id="r1", starts_on=day(5), ends_on=day(4))],
        ("dates_out_of_order", "roles[r1].ends_on"),
    ),
    "another programme's group": (
        [GROUP, made.one("enrollments", id="e1", **PLACE | {"program": "verna"}, started_on=day(2))],
        ("group_of_another_program", "enrollments[e1].group"),
    ),
    "two open episodes": (
        [E1, made.one("enrollments", id="e2", **PLACE, started_on=day(3))],
        ("overlapping_episodes", "enrollments[e2].started_on"),
    ),
    "attendance twice": (
        [SESSION, E1, present(), present("a2")], ("attendance_twice", "attendance[a2]"),
    ),
    "present at no session": (
        [made.one("sessions", id="s1", group="g1", status="cancelled"), E1, present()],
        ("present_at_no_session", "attendance[a1].status"),
    ),
    "of another group": (
        [SESSION, E1, present(person="p2")],
        ("attendance_of_another_group", "attendance[a1].person"),
    ),
    "a role twice at once": (
        [made.one("roles", id=f"r{i}", person="p1", role="peer", starts_on=day(i)) for i in (1, 2)],
        ("overlapping_roles", "roles[r2].starts_on"),
    ),
    "still in an ended group": (
        [made.one("groups", id="g1", program="wertzu", starts_on=day(1), ends_on=day(9)), E1],
        ("ending_not_recorded", "enrollments[e1].ending"),
    ),
    "one's own guide": (
        [made.one("guidance", id="k1", person="p1", guide="p1")],
        ("guides_themselves", "guidance[k1].guide"),
    ),
    "apart from oneself": (
        [made.one("keep_apart", id="k1", one="p1", other="p1")], ("one_person", "keep_apart[k1]"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_rule_finds_its_case_and_nothing_else(case):
    """A broken rule is one finding at its own place, with a remedy."""
    facts, expected = CASES[case]
    assert found(*facts) == [expected]
    assert all(finding.remedy for finding in check(Batch.of(facts).rows))


@pytest.mark.parametrize(
    "facts",
    [
        [GROUP, SESSION, E1, present()],
        [SESSION, E1, present(person="p2", acting_as="visitor")],
        [SESSION, made.one("memberships", id="m1", person="p1", group="g1"), present()],
        [
            made.one("sessions", id="s1", group="g1", status="cancelled"),
            E1,
            present(status="absent"),
        ],
        [E1, made.one("enrollments", id="e2", **PLACE | {"program": "verna"}, started_on=day(3))],
        [present(session="s9")],
        [made.one("roles", id="r1", role="a"), made.one("roles", id="r2", role="b")],
    ],
    ids=["plain", "visitor", "member", "cancelled", "two programmes", "unknown", "two roles"],
)
def test_what_is_in_order_is_not_found(facts):
    """Ordinary facts, among them pauses of the ordinary kind, give no finding."""
    assert found(*facts) == []


@settings(max_examples=10)
@given(made.some_of_each())
def test_findings_never_fail_and_never_tell_a_value(facts):
    """Whatever well-formed facts hold, checking ends, and says places, rules and remedies only."""
    columns = {
        name: FactColumns(name, [column_of(rows, n) for n in rows[0].describe()])
        for name, rows in facts.items()
        if rows
    }
    plain = list(check(facts, place=lambda table, index: f"{table}:{index}"))
    assert plain == list(check(columns, place=lambda table, index: f"{table}:{index}"))
    words = {f"{finding.what} {finding.remedy}" for finding in plain}
    ids = {fact.id for rows in facts.values() for fact in rows if len(fact.id) > 8}
    assert not any(fact_id in text for text in words for fact_id in ids)
