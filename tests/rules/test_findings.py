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
        [
            made.one("groups", id="g1", program="wertzu", starts_on=day(1), ends_on=day(9)),
            E1,
            made.one("contacts", id="c1", person="p2", happened_on=day(9)),
        ],
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


@pytest.mark.parametrize(
    "telling",
    ["010190-123A", "311299A9876", "010105y123b", "0401234567", "358401234567", "040-1234567",
     "Matti", "Matti.Meikalainen", "Anna-Liisa", "maija.virtanen", "maija-virtanen",
     "Maija_Virtanen", "MaijaVirtanen", "virtanen", "Virtanen", "m_anttila", "ville.salo85",
     "anna-liisa.jarvi", "kalle.lindqvist",
     "010190:123A", "010190123A", "19900101-1234", "900101-1234", "900161-1234", "040-123-4567",
     "040.123.45.67", "09-123-4567", "358-40-1234567", "00358-40-123-4567", "46-70-123-4567",
     "maija.meikalainen.1980", "maija:virtanen", "1980-maija-virtanen", "ville.salo.1.1.1980"],
)  # fmt: skip
def test_an_id_that_tells_who_it_is_is_found_and_not_repeated(telling):
    """Once for the table of people, by number; other tables that refer to the same id add nothing."""
    facts = [
        made.one("people", id="p1"),
        made.one("people", id=telling),
        made.one("enrollments", id="e1", **PLACE | {"person": telling}, started_on=day(2)),
    ]
    (finding,) = check(Batch.of(facts).rows)
    assert (finding.code, finding.where) == ("telling_id", "people[row 2].id")
    assert finding.what.startswith("1 id looks like")
    assert telling not in str(finding)


def test_telling_ids_are_counted_per_table():
    """Several are one finding at the first place, and so they are without the table of people."""
    names = ["Maija", "Matti", "Liisa"]
    people = [made.one("people", id=name) for name in ["p1", *names]]
    (finding,) = check(Batch.of(people).rows, place=lambda table, index: f"{table}.csv:{index}")
    assert finding.what.startswith("3 ids look")
    assert finding.where == "people.csv:1.id"

    spans = [
        made.one("guidance", id=f"k{i}", person=name, guide="p1") for i, name in enumerate(names)
    ]
    assert found(*spans) == [("telling_id", "guidance[k0].person")]


@pytest.mark.parametrize(
    "plain",
    ["p1", "p-1", "P-001", "123456", "320190-123A", "011390-123A", "010190-12A", "maija", "MM", "A",
     "Maija1", "client-one", "group_a", "test-person", "peer.guide", "verna-2018", "new-woman",
     "person-villa-2", "summer-group.two", "g-Turku", "5f0c2a91-33", "2018-01-08",
     "p-1dc769", "2020-01-31-3", "enc.2020.12", "2020-01-31-0003", "0001-2020-01-31",
     "012-2020-01-31", "01-02-2020", "05-12-2020-3", "001-15", "001-2020-01", "02-001-15", "358-1",
     "358-2020-01-31", "46-2020-01-31-3", "900199-1234", "901301-1234"],
)  # fmt: skip
def test_a_pseudonym_is_not_found(plain):
    """What is neither a code, a phone number nor a bare name is as good a pseudonym as any."""
    assert found(made.one("people", id=plain)) == []


def test_a_place_never_is_an_id_that_tells():
    """Whatever is found in a row, the row is then named by its number."""
    episode = made.one("enrollments", id="010190-123A", **PLACE)
    assert found(episode) == [("no_dates", "enrollments[row 1]")]


def test_an_unknown_programme_is_found_once_for_a_table_and_code():
    """With what was perhaps meant; without a list of programmes none is judged."""
    place = PLACE | {"group": None}
    facts = [
        made.one("enrollments", id=f"e{i}", **place | {"program": code, "person": f"p{i}"}, started_on=day(2))
        for i, code in enumerate(["wertzu", "wertsu", "wertsu", "our_own"])
    ] + [made.one("roles", id="r1", program="wertsu")]  # fmt: skip
    rows = Batch.of(facts).rows
    unknown = list(check(rows, programs={"wertzu", "verna"}))
    assert [(finding.code, finding.where) for finding in unknown] == [
        ("unknown_program", "enrollments[e1].program"),
        ("unknown_program", "enrollments[e3].program"),
        ("unknown_program", "roles[r1].program"),
    ]
    assert "'wertzu'" in unknown[0].remedy
    assert "your own" in unknown[1].remedy
    assert list(check(rows)) == []
