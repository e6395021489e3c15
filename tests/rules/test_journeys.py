"""The five journeys of the sources, each walked by its dates through the state machines."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import osallisuus as osa
from osallisuus.programs import KOKEMUSOHJAUS, VERNA, WERTZU, YHTEISKEHITTAMINEN, YHTEISO
from osallisuus.rules.community import community_on, own_course
from osallisuus.rules.development import ideas_on, staff_taught, waiting_to_be_told
from osallisuus.rules.encounters import changes_from_encounters, needs
from osallisuus.rules.findings import check
from osallisuus.rules.guidance import cases_on, reviews_due
from osallisuus.rules.keeping import check_program
from osallisuus.rules.progression import open_steps, paths
from osallisuus.rules.states import engagement_state, membership_state
from osallisuus.rules.tables import tables
from osallisuus.time import Period


def step(program, facts, role, on):
    steps = open_steps(program, facts, person="p1", on=on)
    found = next(one for one in steps if one.role.code == role)
    return found.openness, found.state


def findings(program, facts):
    """What in the journey deserves a look? The findings in it, in words."""
    rows = tables(facts)
    return [str(one) for one in (*check(rows), *check_program(program, rows))]


def held(name, group, kind, day, **given):
    at = datetime.combine(day, datetime.min.time(), ZoneInfo("Europe/Helsinki")).replace(hour=12)
    return osa.Session(
        id=name, group=group, kind=kind, starts_at=at, minutes=120, status="held", **given
    )


def test_wertzu_from_client_to_graduate_to_assistant_in_a_later_group():
    """W: eight weeks, no interview, no abstinence; completing opens a role that one may take up."""
    d = date
    training = osa.Enrollment(
        id="e1", person="p1", program="wertzu", program_version="1", group="g1",
        started_on=d(2018, 1, 8), ended_on=d(2018, 2, 26), ending="completed",
    )  # fmt: skip
    facts = [
        osa.Group(id="g1", program="wertzu", program_version="1", kind="group_session",
                  starts_on=d(2018, 1, 8), ends_on=d(2018, 2, 26)),
        osa.Group(id="g2", program="wertzu", program_version="1", kind="group_session",
                  starts_on=d(2018, 9, 3)),
        training,
        osa.RoleSpan(id="r1", person="p1", role="client", starts_on=d(2016, 5, 1)),
        osa.RoleSpan(id="r2", person="p1", role="co_developer", program="wertzu",
                     starts_on=d(2017, 10, 2), ends_on=d(2018, 3, 1), ending="term_ended"),
        osa.RoleSpan(id="r3", person="p1", role="peer_facilitator", program="wertzu", group="g2",
                     starts_on=d(2018, 9, 3)),
        held("s1", "g2", "group_session", d(2018, 9, 3)),
        osa.Attendance(id="a1", session="s1", person="p1", status="present",
                       acting_as="peer_facilitator"),
    ]  # fmt: skip

    assert step(WERTZU, facts, "co_developer", d(2017, 10, 2)) == ("open", "active")
    assert engagement_state(training, d(2018, 1, 7)) == "not_begun"
    assert engagement_state(training, d(2018, 1, 8)) == "active"
    assert step(WERTZU, facts, "peer_facilitator", d(2018, 2, 25)) == ("not_open", "not_begun")
    assert engagement_state(training, d(2018, 2, 26)) == "completed"
    assert step(WERTZU, facts, "peer_facilitator", d(2018, 2, 26)) == ("open", "not_begun")
    assert step(WERTZU, facts, "co_developer", d(2018, 6, 1)) == ("open", "term_ended")
    assert step(WERTZU, facts, "peer_facilitator", d(2018, 9, 3)) == ("open", "active")
    assert not findings(WERTZU, facts)


def test_kokemusohjaus_from_the_offer_to_the_closing_talk_with_a_pause_and_another_guide():
    """K: three talks, a guide who pauses, a second guide with consent, and an end of one's own."""
    d = date
    plain = {"person": "p1", "program": "kokemusohjaus", "planned_end_on": d(2014, 12, 19)}
    facts = [
        osa.Guidance(id="g1", guide="k1", **plain, offered_on=d(2014, 1, 7),
                     started_on=d(2014, 1, 20), ended_on=d(2014, 6, 2), ending="reassigned"),
        osa.Guidance(id="g2", guide="k2", **plain, offered_on=d(2014, 6, 2),
                     started_on=d(2014, 6, 9), ended_on=d(2014, 12, 19), ending="completed"),
        osa.RoleSpan(id="r1", person="k1", role="peer_guide", starts_on=d(2013, 12, 1)),
        osa.RoleSpan(id="r2", person="k2", role="peer_guide", starts_on=d(2013, 12, 1)),
        osa.Pause(id="x1", of="r1", starts_on=d(2014, 5, 5)),
        osa.Consent(id="c1", person="p1", purpose="reassignment", given_on=d(2014, 5, 26)),
        osa.Review(id="w1", guidance="g1", point="start", happened_on=d(2014, 1, 27)),
        osa.Review(id="w2", guidance="g2", point="start", happened_on=d(2014, 6, 9)),
        osa.Review(id="w3", guidance="g2", point="mid", happened_on=d(2014, 9, 15)),
        osa.Review(id="w4", guidance="g2", point="final", happened_on=d(2014, 12, 12)),
        osa.Linkage(id="l1", person="p1", place_kind="clubhouse", introduced_on=d(2014, 2, 3),
                    visited_on=d(2014, 2, 10), attached_on=d(2014, 10, 6)),
        osa.Trait(id="t1", person="k2", name="lived_experience_attested", value="yes",
                  since=d(2013, 11, 1)),
    ]  # fmt: skip

    def state(name, on):
        return {one.case.id: one.state for one in cases_on(KOKEMUSOHJAUS, facts, on=on)}.get(name)

    walked = [
        (d(2014, 1, 6), None), (d(2014, 1, 7), "offered"), (d(2014, 1, 20), "started"),
        (d(2014, 1, 27), "working"), (d(2014, 5, 4), "working"), (d(2014, 5, 5), "on_hold"),
        (d(2014, 6, 2), "reassigned"),
    ]  # fmt: skip
    assert [(on, state("g1", on)) for on, _ in walked] == walked
    assert state("g2", d(2014, 9, 15)) == "working"
    assert [one.due[0].point for one in reviews_due(KOKEMUSOHJAUS, facts, on=d(2014, 11, 25))] == [
        "final"
    ]
    assert reviews_due(KOKEMUSOHJAUS, facts, on=d(2014, 12, 12)) == ()
    assert state("g2", d(2014, 12, 12)) == "closing"
    assert state("g2", d(2014, 12, 19)) == "closed"
    assert not findings(KOKEMUSOHJAUS, facts)


def test_yhteiso_from_care_plan_to_moving_onward_with_roles_of_ones_own_beside():
    """Y: a member in her own way, who changes her aim, holds an area, and moves on."""
    d = date
    membership = osa.Membership(id="m1", person="p1", group="c1", starts_on=d(2017, 3, 1),
                                mode="none_now", ends_on=d(2019, 5, 2), ending="moved_on")  # fmt: skip
    facts = [
        osa.Group(id="c1", program="yhteiso", program_version="1", kind="community",
                  starts_on=d(2017, 1, 2)),
        membership,
        osa.Trait(id="t1", person="p1", name="aim", value="harm_reduction", since=d(2017, 3, 1)),
        osa.Trait(id="t2", person="p1", name="aim", value="rehabilitation", since=d(2018, 2, 1)),
        osa.RoleSpan(id="r1", person="p1", role="client", starts_on=d(2017, 3, 1)),
        osa.Decision(id="d1", group="c1", matter="area.coffee", owner="community_meeting",
                     initiated_by="clients", decided_on=d(2017, 4, 5), carried_out_on=d(2017, 5, 3)),
        osa.RoleSpan(id="r2", person="p1", role="area_holder", group="c1", starts_on=d(2017, 4, 6),
                     ends_on=d(2018, 1, 8), ending="stepped_back", decided_by="d1"),
        osa.RoleSpan(id="r3", person="p1", role="area_holder", group="c1", starts_on=d(2018, 8, 1),
                     ends_on=d(2019, 5, 2), ending="moved_on", decided_by="d1"),
        osa.RoleSpan(id="r4", person="p1", role="client_representative", group="c1",
                     starts_on=d(2018, 9, 1), ends_on=d(2019, 5, 2), ending="moved_on"),
        osa.Observation(id="o1", program="yhteiso", measure="report_sent.esf_monitoring",
                        phase="during", observed_on=d(2019, 5, 2)),
    ]  # fmt: skip
    facts += [
        one
        for year, value in ((2017, 1.0), (2019, 3.0))
        for one in (
            osa.Assessment(id=f"q{year}", group="c1", instrument="our_own_words",
                           instrument_version="1", wave=f"y{year}", happened_on=d(year, 4, 30)),
            osa.Score(id=f"v{year}", assessment=f"q{year}", scale="together", value=value,
                      completeness="complete"),
        )
    ]  # fmt: skip

    def holders(on):
        areas = community_on(YHTEISO, facts, group="c1", on=on).areas
        return [[span.id for span in area.holders] for area in areas]

    assert community_on(YHTEISO, facts, group="c1", on=d(2017, 3, 1)).modes == (("none_now", 1),)
    assert [holders(d(2017, 4, 4)), holders(d(2017, 4, 6)), holders(d(2018, 2, 1))] == [
        [], [["r2"]], [[]],
    ]  # fmt: skip
    assert holders(d(2018, 8, 1)) == [["r3"]]
    assert step(YHTEISO, facts, "client_representative", d(2018, 9, 1))[1] == "active"
    assert membership_state(membership, d(2019, 5, 1)) == "member"
    assert membership_state(membership, d(2019, 5, 2)) == "moved_on"
    asked = {"group": "c1", "instrument": "our_own_words", "scale": "together"}
    assert own_course(facts, **asked, on=d(2019, 5, 2)).shift == 2
    assert not findings(YHTEISO, facts)


def test_yhteiskehittaminen_from_client_over_peer_to_expert_who_trains_staff_and_back():
    """X: roles change in any direction and are laid aside in the session; an idea takes root."""
    d = date
    facts = [
        osa.Group(id="g1", program="yhteiskehittaminen", program_version="1", kind="workshop",
                  starts_on=d(2020, 1, 1)),
        osa.Enrollment(id="e1", person="p1", program="yhteiskehittaminen", program_version="1",
                       group="g1", started_on=d(2020, 2, 1)),
        osa.Trait(id="t1", person="p1", name="treatment_completed", value="yes",
                  since=d(2020, 6, 1)),
        osa.RoleSpan(id="r1", person="p1", role="client", starts_on=d(2019, 1, 1),
                     ends_on=d(2020, 6, 1), ending="moved_on"),
        osa.RoleSpan(id="r2", person="p1", role="peer", starts_on=d(2019, 9, 1),
                     ends_on=d(2020, 8, 1), ending="moved_on"),
        osa.RoleSpan(id="r3", person="p1", role="expert_by_experience", starts_on=d(2020, 8, 1),
                     ends_on=d(2021, 3, 1), ending="stepped_back"),
        osa.RoleSpan(id="r4", person="p1", role="professional", starts_on=d(2020, 10, 1)),
        osa.RoleSpan(id="r5", person="p1", role="peer", starts_on=d(2021, 4, 1)),
        held("s1", "g1", "workshop", d(2020, 2, 1)),
        osa.Attendance(id="a1", session="s1", person="p1", status="present"),
        osa.Idea(id="i1", group="g1", origin="peers", raised_on=d(2020, 2, 1),
                 decided_on=d(2020, 3, 1), decision="accepted", implemented_on=d(2020, 5, 1),
                 established_on=d(2021, 11, 23), told_back_on=d(2020, 3, 15)),
    ]  # fmt: skip
    (way,) = paths(YHTEISKEHITTAMINEN, facts, person="p1", on=d(2021, 11, 23))

    assert [move.role for move in way.moves if move.change == "began"] == [
        "client", "peer", "expert_by_experience", "peer",
    ]  # fmt: skip
    assert step(YHTEISKEHITTAMINEN, facts, "expert_by_experience", d(2020, 5, 31))[0] == "unknown"
    assert step(YHTEISKEHITTAMINEN, facts, "expert_by_experience", d(2020, 11, 1)) == (
        "open",
        "active",
    )
    assert step(YHTEISKEHITTAMINEN, facts, "professional", d(2020, 11, 1))[1] == "active"
    assert step(YHTEISKEHITTAMINEN, facts, "expert_by_experience", d(2021, 4, 1)) == (
        "open", "stepped_back",
    )  # fmt: skip
    assert [one.idea.id for one in waiting_to_be_told(facts, on=d(2020, 3, 1))] == ["i1"]
    assert waiting_to_be_told(facts, on=d(2020, 3, 15)) == ()
    assert ideas_on(facts, on=d(2021, 11, 23))[0].state == "established"
    assert staff_taught(YHTEISKEHITTAMINEN, facts, on=d(2021, 1, 1))[0].sessions == 0
    assert not findings(YHTEISKEHITTAMINEN, facts)


def test_verna_from_outside_services_to_the_team_and_the_next_ones_who_are_reached():
    """V: reached, interviewed, called, started, active as a peer at once, completed, in the team."""
    d = date
    episode = osa.Enrollment(
        id="e1", person="p1", program="verna", program_version="1", group="g1", channel="peer",
        reached_on=d(2012, 1, 9), informed_on=d(2012, 1, 12), interviewed_on=d(2012, 1, 16),
        offered_on=d(2012, 1, 18),
        started_on=d(2012, 2, 6), ended_on=d(2012, 6, 4), ending="completed",
    )  # fmt: skip
    interview = osa.Interview(id="i1", person="p1", program="verna", group="g1",
                              happened_on=d(2012, 1, 16), outcome="place", decided_by="w1")  # fmt: skip
    team = osa.Membership(id="m1", person="p1", group="g2", starts_on=d(2012, 6, 18))
    facts = [
        osa.Group(id="g1", program="verna", program_version="1", kind="group_session",
                  starts_on=d(2012, 2, 6), ends_on=d(2012, 6, 4)),
        osa.Group(id="g2", program="verna", program_version="1", kind="follow_up_group",
                  starts_on=d(2012, 6, 11)),
        episode, interview, team,
        osa.Contact(id="c1", person="p1", enrollment="e1", happened_on=d(2012, 1, 27), mode="phone"),
        osa.Pause(id="x1", of="e1", starts_on=d(2012, 4, 2), ends_on=d(2012, 4, 16)),
        osa.RoleSpan(id="r1", person="p1", role="peer", program="verna", starts_on=d(2012, 2, 20)),
        osa.Encounter(id="n1", peer="p1", happened_on=d(2012, 2, 20), area="street"),
        osa.EncounterTheme(id="h1", encounter="n1", theme="pregnancy"),
        osa.Encounter(id="n2", peer="p1", happened_on=d(2012, 7, 2)),
        osa.Idea(id="o1", origin="encounter_forms", raised_on=d(2012, 8, 1)),
    ]  # fmt: skip
    extra = {"pauses": [facts[6]], "interviews": [interview]}
    walked = [
        (d(2012, 1, 8), "not_begun"), (d(2012, 1, 9), "reached"),
        (d(2012, 1, 12), "informed"), (d(2012, 1, 16), "offered_place"),
        (d(2012, 1, 18), "awaiting_start"),
        (d(2012, 2, 5), "awaiting_start"), (d(2012, 2, 6), "active"), (d(2012, 4, 2), "paused"),
        (d(2012, 4, 16), "active"), (d(2012, 6, 4), "completed"),
    ]  # fmt: skip

    assert [(on, engagement_state(episode, on, **extra)) for on, _ in walked] == walked
    assert step(VERNA, facts, "peer", d(2012, 2, 5)) == ("not_open", "not_begun")
    assert step(VERNA, facts, "peer", d(2012, 2, 20)) == ("open", "active")
    assert membership_state(team, d(2012, 6, 18)) == "member"
    field = needs(facts, period=Period(d(2012, 1, 1), d(2013, 1, 1)))
    assert (field.encounters, field.themes, field.without_theme) == (2, (("pregnancy", 1),), 1)
    assert [one.state for one in changes_from_encounters(facts, on=d(2012, 9, 1))] == ["raised"]
    assert not findings(VERNA, facts)
