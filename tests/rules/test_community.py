"""A community on a day: its members' own ways, its size, what it settled, and its own course."""

from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import DefinitionError
from osallisuus.metrics.catalogue.caseload import COMMUNITY_SIZE
from osallisuus.model.definition import read_program
from osallisuus.model.stated import Range
from osallisuus.programs import WERTZU, YHTEISO
from osallisuus.rules.community import NOT_CLIENTS, community_on, own_course, size_of
from osallisuus.rules.tables import tables
from osallisuus.rules.telling import tell_community
from tests.model import made


def day(month, number=1):
    return date(2020, month, number)


def member(name, **given):
    plain = {"id": f"m-{name}", "person": name, "group": "c1", "starts_on": day(1)}
    return made.one("memberships", **(plain | given))


def role(name, person, code, **given):
    plain = {"id": name, "person": person, "role": code, "group": "c1", "starts_on": day(1)}
    return made.one("roles", **(plain | given))


def decision(name, matter, month, **given):
    plain = {"id": name, "group": "c1", "matter": matter, "decided_on": day(month)}
    return made.one("decisions", **(plain | given))


def on(facts, month=6, program=YHTEISO):
    return community_on(program, facts, group="c1", on=day(month))


def test_members_take_part_in_their_own_ways_and_none_now_is_one():
    """Y11, Q18: the mode is the member's own; who has not said is a member all the same."""
    facts = [
        member("p1", mode="none_now"), member("p2", mode="none_now"), member("p3", mode="develops"),
        member("p4"), member("p5", mode="a_way_of_ones_own"),
        member("p6", mode="develops", ends_on=day(6), ending="moved_on"),
        member("p7", starts_on=day(7)), member("p8", group="c2"),
    ]  # fmt: skip
    found = on(facts)

    assert dict(found.modes) == {"none_now": 2, "develops": 1, None: 1, "a_way_of_ones_own": 1}
    assert found.size.count == 5


def test_ways_of_taking_part_are_of_those_who_are_counted_in_the_size():
    """One way of counting: where the limit is of clients, so are the ways, and the text says so."""
    worker = made.one("roles", id="r1", person="p3", role="professional", group="c1")
    facts = [member("p1", mode="develops"), member("p2"), member("p3", mode="follows"), worker]
    found = on(facts)

    assert found.size.unit == "clients"
    assert found.size.count == sum(count for _, count in found.modes) == 2
    assert "as each client says" in tell_community(found)


def test_somebody_with_two_memberships_is_one_member_with_the_later_mode():
    found = on(
        [member("p1", mode="follows"), member("p1", id="x", starts_on=day(3), mode="develops")]
    )

    assert (found.size.count, found.modes) == (1, (("develops", 1),))


@pytest.mark.parametrize(
    ("roles", "clients"),
    [
        ([], 2),
        ([role("r", "p1", "client")], 2),
        ([role("r", "p1", "peer")], 2),
        *(([role("r", "p1", code)], 1) for code in NOT_CLIENTS),
        ([role("r", "p1", "professional", ends_on=day(6))], 2),
        ([role("r", "p1", "professional", ends_on=day(6, 2))], 1),
        ([role("r", "p1", "professional", starts_on=day(6, 2))], 2),
        ([role("r", "p1", "professional", group="c2")], 2),
        ([role("r", "p1", "professional", group=None)], 1),
        ([role("r", "p9", "professional")], 2),
    ],
)
def test_a_limit_of_clients_counts_clients(roles, clients):
    """Y19: 50 clients and 50 persons are different limits."""
    facts = [member("p1"), member("p2"), *roles]
    of_persons = evolve(
        YHTEISO, community=evolve(YHTEISO.community, size_limit=Range(unit="persons", high=50))
    )

    assert (on(facts).size.count, on(facts).size.unit) == (clients, "clients")
    size = on(facts, program=of_persons).size
    assert (size.count, size.unit) == (2, "persons")


def test_those_who_are_not_clients_are_those_of_the_metric():
    """The view and the metric ``community_size`` count the same people."""
    named = COMMUNITY_SIZE.cases.split("r.role IN (")[1].split(")")[0]

    assert sorted(code.strip().strip("'") for code in named.split(",")) == sorted(NOT_CLIENTS)


@pytest.mark.parametrize(("count", "standing"), [(49, "within"), (50, "within"), (51, "over")])
def test_a_community_of_50_clients_is_within_its_limit_and_one_of_51_is_over(count, standing):
    """Vector T12; staff come on top."""
    facts = [member(f"p{i}") for i in range(count)] + [
        member("w1"),
        role("r", "w1", "professional"),
    ]
    size = size_of(YHTEISO, tables(facts), group="c1", on=day(6))

    assert (size.count, size.limit, size.standing) == (count, 50, standing)


def test_without_a_stated_limit_nothing_is_too_large():
    size = on([member("p1")], program=WERTZU).size

    assert (size.count, size.unit, size.standing) == (1, "persons", "not_stated")


@pytest.mark.parametrize(
    ("limit", "where", "what"),
    [
        ("{ high = 50 }", "community.size_limit.unit", "a key is missing"),
        ('{ high = 50, unit = "beds" }', "community.size_limit.unit", "not counted here"),
        ('{ low = 5, unit = "clients" }', "community.size_limit.high", "without a highest"),
    ],
)
def test_a_limit_needs_a_number_and_the_unit_that_it_counts(limit, where, what):
    """Y19: the unit is a part of the limit, or the definition is refused."""
    text = (
        'name = "own"\nversion = "1"\ntitle = { en = "Own" }\nkinds = ["community"]\n'
        f"[community]\nsize_limit = {limit}\n"
    )
    with pytest.raises(DefinitionError) as caught:
        read_program(text.encode(), "own.toml")

    (problem,) = caught.value.problems
    assert where in problem.where
    assert what in problem.what


def test_decisions_stand_by_day_and_are_open_until_they_are_carried_out():
    facts = [
        decision("d1", "shared_matters", 3, carried_out_on=day(6)),
        decision("d2", "shared_matters", 2, carried_out_on=day(6, 2)),
        decision("d3", "procurement", 6), decision("d4", "procurement", 7),
        decision("d5", "procurement", 2, group="c2"),
    ]  # fmt: skip
    found = on(facts)

    assert [one.id for one in found.decisions] == ["d2", "d1", "d3"]
    assert [one.id for one in found.open_decisions] == ["d2", "d3"]


def test_a_rule_is_the_decision_that_made_it_with_its_earlier_versions():
    """Y13: the latest decision on a matter is in force; other matters are no rules."""
    facts = [
        decision("d1", "rule.visitors", 2), decision("d2", "rule.visitors", 4),
        decision("d3", "rule.visitors", 8), decision("d4", "rule.quiet_hours", 3),
        decision("d5", "shared_matters", 3), decision("d6", "rule", 3),
        decision("d7", "area.kitchen", 3),
    ]  # fmt: skip
    rules = on(facts).rules

    assert [(one.name, one.decision.id) for one in rules] == [
        ("quiet_hours", "d4"),
        ("visitors", "d2"),
    ]
    assert [one.id for one in rules[1].earlier] == ["d1"]


def test_an_area_has_its_decision_and_those_who_hold_it_now():
    """A holder on a pause holds it still; nobody holding it is no fault of anybody."""
    facts = [
        decision("d1", "area.kitchen", 2), decision("d2", "area.kitchen", 4),
        decision("d3", "area.garden", 2),
        role("r1", "p1", "area_holder", decided_by="d1"),
        role("r2", "p2", "area_holder", decided_by="d2"),
        role("r3", "p3", "area_holder", decided_by="d2", ends_on=day(5), ending="stepped_back"),
        role("r4", "p4", "area_holder", decided_by="d2", group="c2"),
        role("r5", "p5", "client_representative", decided_by="d2"),
        made.one("pauses", id="x", of="r1", starts_on=day(5)),
    ]  # fmt: skip
    found = on(facts)

    assert [(one.name, one.decision.id, [h.id for h in one.holders]) for one in found.areas] == [
        ("garden", "d3", []),
        ("kitchen", "d2", ["r1", "r2"]),
    ]
    assert [one.id for one in found.representatives] == ["r5"]


def assessed(name, month, value, *, version="1", group="c1", person=None):
    return [
        made.one("assessments", id=name, group=group, person=person, instrument="own_rubric",
                 instrument_version=version, wave="w", happened_on=day(month)),
        made.one("scores", id=f"s-{name}", assessment=name, scale="together", value=value,
                 completeness="complete" if value is not None else "not_computable"),
    ]  # fmt: skip


def course(facts, group="c1", month=12):
    return own_course(facts, group=group, instrument="own_rubric", scale="together", on=day(month))


def test_a_community_is_held_against_its_own_beginning():
    """Y32: the first assessment is the beginning; others' and persons' are no measure of it."""
    facts = [
        *assessed("a2", 8, 4), *assessed("a1", 2, 1), *assessed("a3", 10, None),
        *assessed("b1", 1, 5, group="c2"), *assessed("q1", 1, 5, person="p1"),
    ]  # fmt: skip

    assert course(facts).values == ((day(2), 1.0), (day(8), 4.0))
    assert course(facts).shift == 3
    assert course(facts, month=7).shift is None


def test_a_rubric_in_new_words_begins_a_new_course():
    facts = [
        *assessed("a1", 2, 1),
        *assessed("a2", 5, 2, version="2"),
        *assessed("a3", 9, 3, version="2"),
    ]

    assert (course(facts).version, course(facts).shift) == ("2", 1)


def test_communities_are_never_ranked():
    """Q15: any attempt to order two courses is refused, and the refusal says why."""
    one = course([*assessed("a1", 2, 1), *assessed("a2", 8, 2)])
    other = course([*assessed("b1", 2, 3, group="c2")], group="c2")

    for attempt in (lambda: sorted([one, other]), lambda: max(one, other), lambda: one <= other):
        with pytest.raises(DefinitionError, match=r"not ranked.*own beginning"):
            attempt()


def test_a_community_without_an_assessment_of_its_own_has_no_course():
    with pytest.raises(DefinitionError, match="has not assessed itself"):
        course([*assessed("b1", 2, 3, group="c2")])


WHOLE = [
    *(member(f"p{i}", mode="develops") for i in range(3)), role("r1", "p1", "area_holder", decided_by="d1"),
    role("r2", "p2", "manager"), decision("d1", "area.kitchen", 2), decision("d2", "rule.quiet", 2),
    decision("d3", "rule.quiet", 2), made.one("pauses", id="x", of="r1", starts_on=day(5)),
]  # fmt: skip


@given(st.permutations(WHOLE), st.integers(1, 12))
def test_the_order_of_facts_does_not_matter(shuffled, month):
    assert on(shuffled, month) == on(WHOLE, month)
