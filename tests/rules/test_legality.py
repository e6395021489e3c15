"""Findings in the four state machines: what cannot all be so, and that everything else is legal."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.model.batch import Batch
from osallisuus.model.columns import FreeText
from osallisuus.rules.findings import check
from tests.model import made


def day(number):
    return date(2020, 1, number)


def found(*facts):
    return sorted((finding.code, finding.where) for finding in check(Batch.of(facts).rows))


def role(name, start, end=None, **given):
    plain = {"id": name, "person": "p1", "role": "peer", "starts_on": day(start)}
    return made.one("roles", **(plain | {"ends_on": end and day(end)} | given))


def pause(name, start, end=None, of="r1"):
    return made.one("pauses", id=name, of=of, starts_on=day(start), ends_on=end and day(end))


def case(name="g1", **given):
    plain = {"id": name, "person": "p1", "guide": "k1", "program": "kokemusohjaus",
             "started_on": day(4), "planned_end_on": day(30)}  # fmt: skip
    return made.one("guidance", **(plain | given))


def talk(point, number):
    return made.one("reviews", id=point, guidance="g1", point=point, happened_on=day(number))


REASSIGNED = case(ended_on=day(10), ending="reassigned")
NEXT = case("g2", guide="k2", offered_on=day(11), started_on=day(12))


def consent(given_on=11, **given):
    plain = {"id": "c1", "person": "p1", "purpose": "reassignment", "given_on": day(given_on)}
    return made.one("consents", **(plain | given))


def linkage(**given):
    return made.one("linkages", id="l1", **given)


MET = made.one("encounters", id="e1", peer="p1")

CASES = {
    "a role within a longer span of it, beside a third": (
        [role("r1", 1, 20), role("r2", 2, 3), role("r3", 4, 5)],
        [("overlapping_roles", "roles[r2].starts_on"), ("overlapping_roles", "roles[r3].starts_on")],
    ),
    "a pause before its role": (
        [role("r1", 5), pause("x", 4, 6)], [("pause_outside", "pauses[x].starts_on")]),
    "a pause from the last day on": (
        [role("r1", 5, 9), pause("x", 9, 12)], [("pause_outside", "pauses[x].ends_on")]),
    "a pause that outlasts its role": (
        [role("r1", 5, 9), pause("x", 6, 12)], [("pause_outside", "pauses[x].ends_on")]),
    "a pause of an enrolment that has not started": (
        [made.one("enrollments", id="r1", offered_on=day(2)), pause("x", 3)],
        [("pause_outside", "pauses[x].starts_on")]),
    "two pauses at once": (
        [role("r1", 1), pause("x", 2), pause("y", 4, 5)],
        [("overlapping_pauses", "pauses[y].starts_on")]),
    "a talk after the end": (
        [case(ended_on=day(9), ending="completed"), talk("final", 10)],
        [("talk_after_the_end", "reviews[final].happened_on")]),
    "a mid-term review after the closing talk": (
        [case(), talk("start", 4), talk("final", 6), talk("mid", 8)],
        [("talks_out_of_order", "reviews[mid].point")]),
    "reassigned to nobody": ([REASSIGNED], [("reassigned_to_nobody", "guidance[g1].ending")]),
    "reassigned without being asked": (
        [REASSIGNED, NEXT], [("reassigned_without_consent", "guidance[g1].person")]),
    "reassigned before being asked": (
        [REASSIGNED, NEXT, consent(13)], [("reassigned_without_consent", "guidance[g1].person")]),
    "reassigned against a withdrawn consent": (
        [REASSIGNED, NEXT, consent(withdrawn_on=day(12))],
        [("reassigned_without_consent", "guidance[g1].person")]),
    "reassigned with a consent to something else": (
        [REASSIGNED, NEXT, consent(purpose="evaluation")],
        [("reassigned_without_consent", "guidance[g1].person")]),
    "reassigned with the consent of somebody else": (
        [REASSIGNED, NEXT, consent(person="p2")],
        [("reassigned_without_consent", "guidance[g1].person")]),
    "visited before being introduced": (
        [linkage(introduced_on=day(5), visited_on=day(4))],
        [("dates_out_of_order", "linkages[l1].visited_on")]),
    "attached before being introduced": (
        [linkage(introduced_on=day(5), attached_on=day(4))],
        [("dates_out_of_order", "linkages[l1].attached_on")]),
    "attested with details": (
        [made.one("traits", id="t1", name="lived_experience_attested", value="a_story")],
        [("attested_with_details", "traits[t1].value")]),
    "a note on somebody who was met": (
        [MET, made.one("answers", id="a1", form="e1", note=FreeText("Maija, by the station"))],
        [("telling_encounter", "answers[a1].note")]),
    "the age of somebody who was met": (
        [MET, made.one("answers", id="a1", form="e1", number=34.0)],
        [("telling_encounter", "answers[a1].number")]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_cannot_all_be_so_is_found_once_and_where_it_is(name):
    facts, expected = CASES[name]

    assert found(*facts) == expected


LEGAL = {
    "other roles at once": [role("r1", 1), role("r2", 2, role="client")],
    "one role in two contexts": [
        role("r1", 1, group="g1"), role("r2", 2, group="g2"), role("r3", 3, program="verna"),
    ],
    "two areas at once": [
        role("r1", 1, role="area_holder", group="g1", decided_by="d1"),
        role("r2", 2, role="area_holder", group="g1", decided_by="d2"),
    ],
    "coming back on the day of the end": [role("r1", 1, 5, ending="stepped_back"), role("r2", 5)],
    "a role of two people": [role("r1", 1), role("r2", 1, person="p2")],
    "a pause of the whole role": [role("r1", 2, 9), pause("x", 2, 9)],
    "an open pause of an ended role": [role("r1", 2, 9), pause("x", 3)],
    "a pause after a pause": [role("r1", 1), pause("x", 2, 4), pause("y", 4)],
    "a pause of something that is not here": [pause("x", 2, 4, of="r9")],
    "talks in their order, a closing talk on the last day": [
        case(ended_on=day(9), ending="completed"), talk("start", 3), talk("mid", 6), talk("final", 9),
    ],
    "talks in their order, given in another": [case(), talk("final", 9), talk("start", 3)],
    "no mid-term review": [case(), talk("start", 4), talk("final", 9)],
    "two talks on one day": [case(), talk("mid", 6), talk("final", 6)],
    "another guide, with the user's consent": [REASSIGNED, NEXT, consent()],
    "another guide on offer, with the user's consent": [
        REASSIGNED, case("g2", guide="k2", offered_on=day(11), started_on=None), consent(),
    ],
    "ended by the user, and no more": [case(ended_on=day(9), ending="ended_by_user")],
    "made one's own without an introduction": [linkage(attached_on=day(4))],
    "introduced and visited on one day": [linkage(introduced_on=day(4), visited_on=day(4))],
    "attested": [made.one("traits", id="t1", name="treatment_completed", value="no")],
    "a coarse answer on an encounter": [MET, made.one("answers", id="a1", form="e1", code="yes")],
    "a note of an interview": [
        MET, made.one("answers", id="a1", form="i1", note=FreeText("in confidence")),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", LEGAL)
def test_every_skip_pause_step_back_and_return_is_legal(name):
    assert found(*LEGAL[name]) == []


def test_a_finding_never_says_what_was_written_of_somebody():
    (facts, _) = CASES["a note on somebody who was met"]

    assert "Maija" not in " ".join(map(str, check(Batch.of(facts).rows)))


SPANS = st.lists(st.tuples(st.integers(1, 20), st.integers(1, 8)), max_size=5)


@given(SPANS)
def test_spans_are_found_exactly_when_some_day_is_in_two_of_them(spans):
    """Against counting the spans of every day one by one."""
    facts = [role(f"r{i}", start, start + length) for i, (start, length) in enumerate(spans)]
    twice = any(sum(start <= d < start + length for start, length in spans) > 1 for d in range(40))

    assert bool(found(*facts)) == twice


@given(st.permutations([REASSIGNED, NEXT, role("r1", 1, 20), role("r2", 2, 3), pause("x", 22)]))
def test_the_order_of_facts_does_not_matter(shuffled):
    assert len(found(*shuffled)) == 3
