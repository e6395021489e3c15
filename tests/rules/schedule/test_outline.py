"""What planned sessions are about, where the programme has an outline (W18)."""

import pytest

from osallisuus.model.facts import Session
from osallisuus.model.offering import Step
from osallisuus.model.stated import Text
from osallisuus.register import program_named
from osallisuus.rules.schedule.diff import difference
from osallisuus.rules.schedule.edit import SessionChange, edit
from osallisuus.rules.schedule.facts import to_sessions, with_sessions
from osallisuus.rules.schedule.outline import with_outline
from osallisuus.rules.schedule.program import plan_program
from osallisuus.rules.schedule.record import plan_record
from osallisuus.rules.schedule.say import plan_text, session_text
from osallisuus.words import Words
from tests.rules.schedule.series import closure, day, series, timetable

OUTLINE = tuple(
    Step(title=Text(en=f"Step {number}"), theme=theme)
    for number, theme in enumerate("one two three four five six seven eight".split(), 1)
)
EIGHT = [step.theme for step in OUTLINE]


def outlined(outline=OUTLINE, **more):
    return with_outline(series(**more), outline)


def themes(plan):
    return {one.place: one.theme for one in plan.sessions}


def test_the_first_step_is_that_of_the_first_session():
    plan = outlined()
    assert list(themes(plan).values()) == EIGHT
    assert [str(one.title) for one in plan.sessions][:2] == ["Step 1", "Step 2"]
    assert plan.steps_without_session == ()


@pytest.mark.parametrize(
    ("policy", "places", "left"),
    [
        ("skip", [1, 2, 4, 5, 6, 7, 8], ["eight"]),
        ("extend", [1, 2, 4, 5, 6, 7, 8, 9], []),
        ("move", [1, 2, 3, 4, 5, 6, 7, 8], []),
    ],
)
def test_a_closed_day_takes_no_step_with_it(policy, places, left):
    plan = outlined(closed=[closure("2026-03-16", None, policy)])
    assert themes(plan) == dict(zip(places, EIGHT, strict=False))
    assert [step.theme for step in plan.steps_without_session] == left


def test_sessions_beyond_the_outline_are_about_nothing_that_is_stated():
    plan = outlined(OUTLINE[:2])
    assert list(themes(plan).values()) == ["one", "two", *[None] * 6]


def test_a_meeting_and_a_programme_without_an_outline_say_nothing():
    plan = plan_program(program_named("wertzu"), day("2026-03-02"), timetable())
    assert {(one.title, one.theme) for one in plan.sessions} == {(None, None)}
    assert plan.steps_without_session == ()


def test_a_cancelled_session_keeps_its_step_which_then_has_no_session():
    plan = edit(outlined(), 3, SessionChange(cancelled=True))
    assert list(themes(plan).values()) == EIGHT
    assert [step.theme for step in plan.steps_without_session] == ["three"]


def test_of_two_equal_steps_and_one_session_one_is_left():
    plan = outlined((OUTLINE[0], OUTLINE[0]))
    one_less = edit(plan, 2, SessionChange(cancelled=True))
    assert one_less.steps_without_session == (OUTLINE[0],)


def test_a_series_that_is_changed_keeps_what_was_held_and_goes_on_with_the_outline():
    plan = outlined(closed=[closure("2026-03-30", None, "extend")])
    first, second = to_sessions(plan, group="g1", kind="group_meeting")[:2]
    values = first.describe() | {"status": "held", "planned_theme": "values"}
    known = with_sessions(plan, [Session(**values), second])
    after = edit(known, 2, SessionChange(on=timetable("wed").on), "all")
    assert list(themes(after).values()) == ["values", *EIGHT[1:]]
    assert after.sessions[0].title is None
    assert after.sessions[1].title == Text(en="Step 2")


def test_a_moved_session_keeps_its_step():
    plan = edit(outlined(), 2, SessionChange(day=day("2026-03-20")))
    assert [one.theme for one in plan.sessions][:3] == ["one", "three", "two"]


def test_another_theme_is_a_difference():
    before, after = outlined(), outlined(OUTLINE[::-1])
    assert len(difference(before, after).changed) == 8


def test_planned_themes_become_those_of_the_records_and_come_back():
    plan = outlined()
    records = to_sessions(plan, group="g1", kind="group_meeting")
    assert [one.planned_theme for one in records] == EIGHT
    assert with_sessions(plan, records) == plan


def test_a_theme_that_a_record_states_stays_and_one_without_gets_that_of_the_plan():
    plan = outlined()
    records = to_sessions(series(), group="g1", kind="group_meeting")
    own = Session(**(records[0].describe() | {"planned_theme": "values"}))
    stored = to_sessions(plan, group="g1", kind="group_meeting", earlier=[own, *records[1:]])
    assert [one.planned_theme for one in stored] == ["values", *EIGHT[1:]]


def test_the_text_tells_title_and_theme_by_their_labels_and_what_has_no_session():
    labels = {"one": Text(fi="Toivo", en="Hope"), "two": Text(en="Step 2")}
    plan = outlined(closed=[closure("2026-03-16", None, "skip")])
    assert "  Step 1 – Hope\n" in plan_text(plan, Words("en"), labels)
    assert "  Step 2\n" in plan_text(plan, Words("en"), labels)
    assert "  Step 1 – Toivo\n" in plan_text(plan, Words("fi"), labels)
    for code, words in (
        ("en", "In the outline, but without a session\n      Step 8\n"),
        ("fi", "Rungossa, mutta ilman tapaamista\n      Step 8\n"),
        ("sv", "I upplägget, men utan träff\n      Step 8\n"),
    ):
        assert plan_text(plan, Words(code)).endswith(words)
    assert session_text(plan.sessions[2], Words("en")).endswith("Step 3 – three")
    assert "outline" not in plan_text(outlined(), Words("en"))


def test_the_record_tells_them_too():
    record = plan_record(edit(outlined(), 8, SessionChange(cancelled=True)))
    assert record["sessions"][0]["title"] == {"en": "Step 1"}
    assert record["sessions"][0]["theme"] == "one"
    assert record["steps_without_session"] == [{"en": "Step 8"}]


def test_steps_go_by_the_places_of_the_rule_and_not_by_days_that_somebody_chose():
    """People who prepared for the second session have the second step, whenever it is held."""
    moved = edit(series(), 2, SessionChange(day=day("2026-03-20")))
    plan = with_outline(moved, OUTLINE)
    assert [one.place for one in plan.sessions][:3] == [1, 3, 2]
    assert [one.theme for one in plan.sessions][:3] == ["one", "three", "two"]
