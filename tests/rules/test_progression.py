"""Which roles are open, what they presuppose, and the ways that roles have gone."""

from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.model.arrangements import Compensation
from osallisuus.model.program import Program
from osallisuus.model.roles import Prerequisite, Role
from osallisuus.model.stated import NONE, Text
from osallisuus.programs import KOKEMUSOHJAUS, VERNA, WERTZU, YHTEISKEHITTAMINEN
from osallisuus.rules.progression import moves, open_steps, paths, pay_of, roles_of, roles_on
from tests.model import made


def day(month, number=1):
    return date(2020, month, number)


def program(*prerequisites, **given):
    """A programme with one role, ``gardener``, that presupposes *prerequisites*."""
    presupposed = tuple(map(Prerequisite.parse, prerequisites))
    role = Role(code="gardener", prerequisites=presupposed or None, **given)
    return Program(
        name="own", version="1", title=Text(en="Own"), kinds=("community",), roles=(role,)
    )


def step(program, facts, role="gardener"):
    steps = open_steps(program, facts, person="p1", on=day(6))
    return next(one for one in steps if one.role.code == role)


def enrolled(name="e1", **given):
    return made.one("enrollments", **({"id": name, "person": "p1", "program": "own"} | given))


def trait(name, value, number=1, *, row="t1", person="p1"):
    return made.one("traits", id=row, person=person, name=name, value=value, since=day(number))


def span(name="r1", **given):
    plain = {"id": name, "person": "p1", "role": "gardener", "program": "own", "starts_on": day(2)}
    return made.one("roles", **(plain | given))


DECIDED = made.one("decisions", id="d1", decided_on=day(3), matter="shared_matters")

READ = {
    # prerequisite, facts -> standing, evidence
    "started, and it has": (
        "started:own", [enrolled(started_on=day(2))], "met", "enrollments[e1]"),
    "started, offered so far": (
        "started:own", [enrolled(offered_on=day(2))], "not_met", "enrollments[e1]"),
    "started, from tomorrow": (
        "started:own", [enrolled(offered_on=day(2), started_on=day(6, 2))],
        "not_met", "enrollments[e1]"),
    "started, of another programme": (
        "started:own", [enrolled(program="verna", started_on=day(2))], "unknown", None),
    "started, of another person": (
        "started:own", [enrolled(person="p2", started_on=day(2))], "unknown", None),
    "started is nowhere recorded": ("started:own", [], "unknown", None),
    "completed, and it has": (
        "completed:own", [enrolled(started_on=day(2), ended_on=day(6), ending="completed")],
        "met", "enrollments[e1]"),
    "completed, on its way": (
        "completed:own", [enrolled(started_on=day(2))], "not_met", "enrollments[e1]"),
    "completed, ended tomorrow": (
        "completed:own", [enrolled(started_on=day(2), ended_on=day(6, 2), ending="completed")],
        "not_met", "enrollments[e1]"),
    "completed, left": (
        "completed:own", [enrolled(started_on=day(2), ended_on=day(3), ending="left")],
        "not_met", "enrollments[e1]"),
    "left twice": (
        "completed:own",
        [enrolled(started_on=day(1), ended_on=day(2), ending="left"),
         enrolled("e2", started_on=day(3), ended_on=day(4), ending="left")],
        "not_met", "enrollments[e2]"),
    "completed twice": (
        "completed:own",
        [enrolled(started_on=day(3), ended_on=day(4), ending="completed"),
         enrolled("e2", started_on=day(1), ended_on=day(2), ending="completed")],
        "met", "enrollments[e2]"),
    "completed the second time": (
        "completed:own",
        [enrolled(started_on=day(1), ended_on=day(2), ending="left"),
         enrolled("e2", started_on=day(3), ended_on=day(4), ending="completed")],
        "met", "enrollments[e2]"),
    "client now": ("being_client", [span(role="client")], "met", "roles[r1]"),
    "service user now": ("being_client", [span(role="service_user")], "met", "roles[r1]"),
    "client until today": (
        "being_client", [span(role="client", ends_on=day(6))], "not_met", "roles[r1]"),
    "of being a client nothing is recorded": ("being_client", [span()], "unknown", None),
    "attested": (
        "lived_experience_attested", [trait("lived_experience_attested", "yes")],
        "met", "traits[t1]"),
    "attested that not": (
        "treatment_completed", [trait("treatment_completed", "no")], "not_met", "traits[t1]"),
    "attested by somebody else": (
        "treatment_completed", [trait("treatment_completed", "yes", person="p2")],
        "unknown", None),
    "attested tomorrow": (
        "treatment_completed", [trait("treatment_completed", "yes", 7)], "unknown", None),
    "first no, then yes": (
        "treatment_completed",
        [trait("treatment_completed", "no"), trait("treatment_completed", "yes", 4, row="t2")],
        "met", "traits[t2]"),
    "first yes, then no": (
        "treatment_completed",
        [trait("treatment_completed", "yes"), trait("treatment_completed", "no", 4, row="t2")],
        "not_met", "traits[t2]"),
    "yes and no on one day": (
        "treatment_completed",
        [trait("treatment_completed", "yes"), trait("treatment_completed", "no", row="t2")],
        "unknown", None),
    "with details": (
        "coping_experience_attested", [trait("coping_experience_attested", "a_long_story")],
        "unknown", None),
    "agreed on": ("agreed_by_forum", [DECIDED, span(decided_by="d1")], "met", "decisions[d1]"),
    "agreed on in advance": (
        "agreed_by_forum", [DECIDED, span(decided_by="d1", starts_on=day(9))],
        "met", "decisions[d1]"),
    "agreed on tomorrow": (
        "agreed_by_forum",
        [evolve(DECIDED, decided_on=day(6, 2)), span(decided_by="d1", starts_on=day(9))],
        "unknown", None),
    "agreed on for another role": (
        "agreed_by_forum", [DECIDED, span(decided_by="d1", role="peer")], "unknown", None),
    "agreed on for somebody else": (
        "agreed_by_forum", [DECIDED, span(decided_by="d1", person="p2")], "unknown", None),
    "decided by a person and no forum": (
        "agreed_by_forum", [DECIDED, span(decided_by="w7")], "unknown", None),
    "invited": (
        "invited", [made.one("contacts", id="c1", person="p1", mode="invitation",
                             happened_on=day(4))], "met", "contacts[c1]"),
    "called": (
        "invited", [made.one("contacts", id="c1", person="p1", mode="phone",
                             happened_on=day(4))], "unknown", None),
}  # fmt: skip


@pytest.mark.parametrize("case", READ)
def test_a_prerequisite_is_met_not_met_or_unknown_with_its_evidence(case):
    """What is not recorded is unknown and never "no"."""
    prerequisite, facts, standing, evidence = READ[case]
    (found,) = step(program(prerequisite), facts).requirements

    assert (found.standing, found.evidence) == (standing, evidence)


@pytest.mark.parametrize(
    ("facts", "openness"),
    [
        ([], "unknown"),
        ([trait("lived_experience_attested", "yes")], "unknown"),
        ([trait("lived_experience_attested", "yes"),
          trait("coping_experience_attested", "yes", row="t2")], "open"),
        ([trait("lived_experience_attested", "yes"),
          trait("coping_experience_attested", "no", row="t2")], "not_open"),
        ([trait("coping_experience_attested", "no", row="t2")], "not_open"),
    ],
)  # fmt: skip
def test_the_role_of_a_guide_opens_with_both_experiences_attested(facts, openness):
    """K2: lived experience and the experience of coping; one "no" is enough to know."""
    assert step(KOKEMUSOHJAUS, facts, role="peer_guide").openness == openness


def test_silence_of_the_source_is_not_openness_and_a_wish_is_not_on_offer():
    """Not stated, stated that nothing is presupposed, and a role that is a goal only are three."""
    assert step(program(), []).openness == "not_stated"
    assert step(program(modality="goal"), []).openness == "not_offered"
    free = Role(code="gardener", prerequisites=NONE)
    assert step(evolve(program(), roles=(free,)), []).openness == "open"


def test_peer_work_opens_with_the_start_and_not_only_with_the_completion():
    """V10 against W5: the same facts open the role in one programme and not in the other."""
    for own, role, openness in ((VERNA, "peer", "open"), (WERTZU, "peer_facilitator", "not_open")):
        facts = [enrolled(program=own.name, started_on=day(2))]

        assert step(own, facts, role=role).openness == openness


def test_who_completed_treatment_is_an_expert_where_the_programme_asks_for_it():
    """X6: here treatment; and a client qualifies as they are (X4)."""
    facts = [trait("treatment_completed", "yes")]
    steps = {
        one.role.code: one for one in open_steps(YHTEISKEHITTAMINEN, facts, person="p1", on=day(6))
    }

    assert steps["expert_by_experience"].openness == "open"
    assert steps["client"].openness == "not_stated"


def test_roles_overlap_freely_and_stand_with_their_state():
    """X9: employee and expert at once, one of them on a pause; a later role is not there yet."""
    facts = [
        span("r1", role="expert_by_experience", program=None),
        span("r2", role="professional", program="verna", starts_on=day(1)),
        span("r3", role="peer", starts_on=day(1), ends_on=day(3), ending="stepped_back"),
        span("r4", role="peer", starts_on=day(9)),
        span("r5", person="p2"),
        made.one("pauses", id="x", of="r1", starts_on=day(5)),
    ]
    found = [(one.span.id, one.state) for one in roles_on(facts, person="p1", on=day(6))]

    assert found == [("r3", "stepped_back"), ("r2", "active"), ("r1", "paused")]
    assert {one.span.id for one in roles_on(facts, on=day(6))} == {"r1", "r2", "r3", "r5"}


@pytest.mark.parametrize(
    ("spans", "state"),
    [
        ([], "not_begun"),
        ([span(ends_on=day(4), ending="stepped_back")], "stepped_back"),
        ([span(ends_on=day(4), ending="stepped_back"), span("r2", starts_on=day(5))], "active"),
        ([span(program="other")], "not_begun"),
        ([span(program=None)], "active"),
        ([span("r2", group="g1"), span("r3", group="g2", ends_on=day(4))], "active"),
    ],
)
def test_the_state_of_a_role_is_that_of_the_span_which_lasts(spans, state):
    assert step(program(), spans).state == state


def test_stepping_back_and_returning_leaves_no_mark_on_what_is_open():
    """Q4: whoever returns stands before the same steps as somebody who never held the role."""
    done = enrolled(started_on=day(1), ended_on=day(2), ending="completed")
    for ending in ("stepped_back", "term_ended", "moved_on", "withdrawn_by_organizer", None):
        ended = step(program("completed:own"), [done, span(ends_on=day(5), ending=ending)])

        assert ended.openness == "open"
        assert ended.requirements == step(program("completed:own"), [done]).requirements


def test_pay_is_none_not_stated_or_said_with_its_modality():
    """W30 pays nobody for taking part, V does not say, and K27 has pay as a goal."""
    assert pay_of(WERTZU, "peer_facilitator") is NONE
    assert pay_of(WERTZU, "professional") is None  # nothing is said of the work of staff
    assert pay_of(VERNA, "peer") is None
    (pay,) = pay_of(KOKEMUSOHJAUS, "peer_guide")
    assert (pay.kind, pay.modality) == ("compensation", "goal")
    assert pay_of(KOKEMUSOHJAUS, "lead_peer_guide") is None


def test_pay_of_a_role_is_on_its_step():
    wage = Compensation(role="gardener", kind="wage")

    assert step(evolve(program(), compensation=(wage,)), []).compensation == (wage,)


WAY = [
    span("r1", role="client", program=None, starts_on=day(1)),
    span("r2", role="peer", starts_on=day(2), ends_on=day(5), ending="stepped_back"),
    span("r3", role="expert_by_experience", program="other", starts_on=day(4), ends_on=day(6),
         ending="term_ended"),
    span("r4", role="peer", starts_on=day(7)),
    span("r5", role="area_holder", starts_on=day(3)),
    made.one("pauses", id="x1", of="r2", starts_on=day(3), ends_on=day(3, 9)),
    made.one("pauses", id="x2", of="r3", starts_on=day(5), ends_on=day(6)),
    made.one("pauses", id="x3", of="r4", starts_on=day(6), ends_on=day(6, 9)),
]  # fmt: skip


def test_a_way_shows_dated_moves_in_both_directions():
    """X3: client, peer, expert and peer again. A pause that the end cut off is not resumed."""
    (way,) = paths(YHTEISKEHITTAMINEN, WAY, person="p1", on=day(8))

    assert way.roles == ("client", "peer", "expert_by_experience")
    assert [(move.day, move.role, move.change) for move in way.moves] == [
        (day(1), "client", "began"),
        (day(2), "peer", "began"),
        (day(3), "peer", "paused"),
        (day(3, 9), "peer", "resumed"),
        (day(4), "expert_by_experience", "began"),
        (day(5), "peer", "ended"),
        (day(5), "expert_by_experience", "paused"),
        (day(6), "expert_by_experience", "ended"),
        (day(7), "peer", "began"),
    ]
    assert [move.ending for move in way.moves if move.change == "ended"] == [
        "stepped_back", "term_ended",
    ]  # fmt: skip


def test_a_way_knows_nothing_of_later_days_and_a_programme_without_one_shows_none():
    (way,) = paths(YHTEISKEHITTAMINEN, WAY, person="p1", on=day(2))

    assert [move.role for move in way.moves] == ["client", "peer"]
    assert paths(VERNA, WAY, person="p1", on=day(8)) == ()
    assert {move.role for move in moves(WAY, person="p1", on=day(8))} >= {"area_holder"}


def test_all_roles_of_a_person_are_in_one_view_each_span_once():
    """Within the programme, elsewhere, and on the ways that the programme names."""
    facts = [
        span("r1", role="client", program="yhteiskehittaminen"),
        span("r2", role="peer", program="verna", starts_on=day(1)),
        span("r3", role="gardener", program=None),
        span("r4", person="p2", role="client", program="yhteiskehittaminen"),
    ]
    found = roles_of(YHTEISKEHITTAMINEN, facts, person="p1", on=day(6))

    within = [one.span.id for step in found.steps for one in step.held]
    assert (within, [one.span.id for one in found.elsewhere]) == (["r1"], ["r2", "r3"])
    assert [move.role for move in found.paths[0].moves] == ["peer", "client"]


def test_no_view_of_a_person_holds_a_rank_a_score_or_a_share_of_a_way():
    """U13: the values have no field by which people could be put in an order of worth."""
    (way,) = paths(YHTEISKEHITTAMINEN, WAY, person="p1", on=day(8))
    one = step(program(), WAY)
    names = {name for value in (way, way.moves[0], one) for name in dir(value)}

    assert not [name for name in names if any(word in name for word in ("rank", "score", "progress", "level", "percent", "position"))]  # fmt: skip
    with pytest.raises(TypeError):
        sorted([way, way])


PAUSE = st.tuples(st.integers(1, 9), st.none() | st.integers(1, 3))


@given(st.lists(PAUSE, max_size=3), st.integers(1, 12), st.booleans())
def test_pausing_and_returning_leaves_the_open_steps_as_they_were(pauses, month, ended):
    """The law of Q8, whatever the pauses, on every day and in every programme."""
    facts = [
        enrolled(program="wertzu", started_on=day(1), ended_on=day(3), ending="completed"),
        enrolled("e2", program="verna", started_on=day(2)),
        span("r1", role="client", program=None, starts_on=day(1)),
        span("r2", role="peer", program="verna", starts_on=day(2), decided_by="d1",
             ends_on=day(8) if ended else None, ending="stepped_back" if ended else None),
        trait("lived_experience_attested", "yes"), DECIDED,
    ]  # fmt: skip
    more = [
        made.one("pauses", id=f"x{i}", of="r2", starts_on=day(m),
                 ends_on=length and day(m + length))
        for i, (m, length) in enumerate(pauses)
    ]  # fmt: skip
    for own in (WERTZU, VERNA, KOKEMUSOHJAUS, YHTEISKEHITTAMINEN):
        before = open_steps(own, facts, person="p1", on=day(month))
        after = open_steps(own, facts + more, person="p1", on=day(month))

        assert [one.requirements for one in after] == [one.requirements for one in before]
        assert [one.openness for one in after] == [one.openness for one in before]


@given(st.permutations(range(len(WAY))), st.integers(1, 12))
def test_the_order_of_facts_does_not_matter(order, month):
    shuffled = [WAY[index] for index in order]
    asked = {"person": "p1", "on": day(month)}

    assert open_steps(YHTEISKEHITTAMINEN, shuffled, **asked) == open_steps(YHTEISKEHITTAMINEN, WAY, **asked)  # fmt: skip
    assert paths(YHTEISKEHITTAMINEN, shuffled, **asked) == paths(YHTEISKEHITTAMINEN, WAY, **asked)
