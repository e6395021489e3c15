"""The five shipped programmes say what their sources say, and nothing that these leave open."""

import re
from datetime import date
from importlib.metadata import EntryPoint
from importlib.resources import files

import pytest

from osallisuus import programs
from osallisuus.model.cadence import AsNeeded, Every, Exactly, Length, Rate
from osallisuus.model.references import value_at
from osallisuus.model.stated import NONE, Range, each
from osallisuus.programs import KOKEMUSOHJAUS, VERNA, WERTZU, YHTEISKEHITTAMINEN, YHTEISO

# Every requirement of the domain analysis that states something about the definition itself.
REQUIREMENTS = {
    "wertzu": [f"W{number}" for number in range(1, 32)],
    "kokemusohjaus": [f"K{number}" for number in range(1, 28)],
    "yhteiso": [f"Y{number}" for number in range(1, 35)],
    "yhteiskehittaminen": [f"X{number}" for number in range(1, 18)],
    "verna": [f"V{number}" for number in range(1, 27)],
}


def _text(name):
    return files(programs).joinpath(f"{name}.toml").read_text(encoding="utf-8")


def _codes(listed):
    return [item.code for item in each(listed)]


def _one(listed, code):
    (found,) = [item for item in each(listed) if item.code == code]
    return found


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_requirement_is_named_beside_the_key_that_answers_it(name):
    """Each id stands in a comment on a line that also has a key, a table or a value."""
    found = {
        identifier
        for line in _text(name).splitlines()
        if not line.startswith("#")
        for identifier in re.findall(r"[WKYXV]\d+", line.partition(" # ")[2])
    }

    assert found == set(REQUIREMENTS[name])


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_no_contact_details_are_in_a_definition(name):
    """Neither an address of electronic mail nor a telephone number was taken over."""
    assert not re.search(r"\S@\S|\+358|\b0\d{1,2}[ -]\d{3}", _text(name))


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_an_entry_point_finds_the_programme_by_its_name(name):
    """What pyproject.toml names is the programme of that name."""
    entry = EntryPoint(name, f"osallisuus.programs:{name.upper()}", "osallisuus.programs")

    assert entry.load().name == name
    assert entry.load() is entry.load()


def test_a_name_that_is_no_programme_is_missing_as_usual():
    """The lazy module answers like any other one."""
    assert not hasattr(programs, "VERNAA")
    assert dir(programs) == sorted(REQUIREMENTS[name] and name.upper() for name in REQUIREMENTS)


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_what_is_listed_as_not_stated_is_left_open(name):
    """Every field that a source leaves open by name is ``None`` in the definition."""
    program = getattr(programs, name.upper())
    paths = [
        item.about
        for item in each(program.not_stated)
        if item.about.partition(".")[0] in {*dir(program)}
    ]

    assert len(paths) >= 2
    assert {path: value_at(program, path) for path in paths} == dict.fromkeys(paths)


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_word_is_there_in_finnish_and_english(name):
    """Titles, summaries, criteria and role words can be shown in both languages."""
    program = getattr(programs, name.upper())
    texts = [program.title, program.summary, program.target.text]
    texts += [item.text for item in (*program.target.criteria, *program.non_criteria)]
    texts += [item.text for item in each(program.not_stated)]

    assert [str(text) for text in texts if not (text.fi and text.en)] == []


def test_wertzu_is_eight_weekly_sessions_of_four_hours_over_two_months():
    """The sessions and the nominal duration stand apart; the lunch has no length (W20)."""
    assert WERTZU.sessions.cadence == Exactly(8, "week", 240)
    assert WERTZU.sessions.nominal_duration == Length(2, 2, "month")
    assert [(pause.code, pause.minutes) for pause in WERTZU.sessions.breaks] == [("lunch", None)]


def test_wertzu_asks_neither_abstinence_nor_functional_capacity():
    """Both are expressly not asked; abstinence stands only as a former rule (W13, W25)."""
    assert [item.code for item in WERTZU.non_criteria] == ["abstinence", "functional_capacity"]
    assert _one(WERTZU.target.criteria, "abstinence").modality == "was"


def test_wertzu_has_eight_goals_and_one_of_them_on_three_levels():
    """Ten bullets of the source are eight goals: shared expertise stands on three levels (W6)."""
    assert len(WERTZU.goals) == 8
    assert sum(len(goal.levels) for goal in WERTZU.goals) == 10
    assert _one(WERTZU.goals, "shared_expertise").levels == ("client", "worker", "organization")


def test_wertzu_published_28_of_41_who_took_part():
    """The denominator is not of those who started, unlike Verna's (W19, V20, Q13)."""
    figure = _one(WERTZU.figures, "graduated")
    other = _one(VERNA.figures, "completed")

    assert (figure.count, figure.total, figure.denominator) == (28, 41, "took_part")
    assert (other.count, other.total, other.denominator) == (29, 38, "started")


def test_wertzu_pays_no_fee_and_verna_does_not_say():
    """Stated absence and silence are different answers (W30, Q27)."""
    assert WERTZU.compensation is NONE
    assert YHTEISO.compensation is NONE
    assert VERNA.compensation is None


def test_wertzu_is_led_by_two_professionals_and_perhaps_a_graduate():
    """The number is stated for professionals only (W29)."""
    leaders, helpers = WERTZU.staffing

    assert (leaders.role, leaders.count, leaders.optional) == ("professional", 2, False)
    assert (helpers.role, helpers.count, helpers.optional) == ("peer_facilitator", None, True)


def test_the_duty_to_organize_moves_on_new_years_day_2023():
    """On each day exactly one party is responsible (W31, Y34)."""
    for program in (WERTZU, YHTEISO):
        for day, party in [
            (date(2022, 12, 31), "municipality"),
            (date(2023, 1, 1), "wellbeing_services_county"),
        ]:
            assert [duty.by for duty in program.responsibility if day in duty.during] == [party]


def test_wertzu_had_groups_of_one_to_three_before():
    """The baseline is a range, and the belief beside it was contradicted (W24)."""
    assert _one(WERTZU.baselines, "group_size").range == Range("clients", 1, 3)
    assert _one(WERTZU.baselines, "clients_do_not_commit").contradicted_by is not None


def test_guidance_has_a_planned_end_of_unstated_length():
    """Work is for a fixed term, and how long that is, nobody may fill in (K15)."""
    assert KOKEMUSOHJAUS.fixed_term.planned_end_required
    assert KOKEMUSOHJAUS.fixed_term.length is None


def test_pay_of_guides_is_a_goal_and_no_fact():
    """Compensation stands among the goals of 2017 (K27)."""
    assert [(pay.role, pay.modality) for pay in KOKEMUSOHJAUS.compensation] == [
        ("peer_guide", "goal")
    ]


def test_pilots_keep_the_dates_of_their_source():
    """Two former pilots overlap in December 2014; the third is planned for a season (T13)."""
    first, second, third = KOKEMUSOHJAUS.pilots

    assert (first.during.months_touched, second.during.months_touched) == (13, 6)
    assert date(2014, 12, 1) in first.during
    assert date(2014, 12, 1) in second.during
    assert (str(third.during.first), third.modality) == ("2017-spring", "planned")


def test_guides_meet_weekly_monthly_and_as_needed():
    """The support of guides has three cadences (K24)."""
    assert [meeting.cadence for meeting in KOKEMUSOHJAUS.meetings] == [
        Rate(1, 1, "week"),
        Rate(1, 1, "month"),
        AsNeeded(),
        AsNeeded(),
        None,
    ]


def test_guidance_has_its_boundaries_and_never_does_for():
    """What is not done is data, and "done for" is no mode of support (K6, K14)."""
    assert _codes(KOKEMUSOHJAUS.boundaries) == [
        "treatment",
        "medication",
        "therapy",
        "social_work_decisions",
        "doing_for",
        "housekeeping",
        "befriending",
    ]
    assert KOKEMUSOHJAUS.support_modes == ("support", "help", "do_together")


def test_guidance_is_reviewed_at_start_middle_and_end():
    """Three review points (K23)."""
    assert [review.point for review in KOKEMUSOHJAUS.reviews] == ["start", "mid", "final"]


def test_a_community_has_at_most_fifty_clients():
    """Fifty clients pass and 51 fail; what was before is over 100 persons (Y19)."""
    limit = YHTEISO.community.size_limit

    assert limit.holds(50)
    assert not limit.holds(51)
    assert limit.unit == "clients"
    assert str(YHTEISO.community.earlier_size) == "over 100 persons"
    assert YHTEISO.community.count == 5


def test_community_meetings_and_reports_keep_their_rates():
    """Once or twice a month, once or twice a year, and three reports a year (Y12, Y25)."""
    cadences = {meeting.code: meeting.cadence for meeting in YHTEISO.meetings}

    assert cadences["community_meeting"] == Rate(1, 2, "month")
    assert cadences["client_representatives"] == Rate(1, 2, "month")
    assert cadences["recreation_and_development_day"] == Rate(1, 2, "year")
    assert _one(YHTEISO.reports, "esf_monitoring").cadence == Rate(3, 3, "year")
    assert YHTEISO.change_horizon == Length(4, 5, "year")


def test_a_community_is_compared_with_itself_only_and_asks_no_attendance():
    """Care aims and attendance are no criteria, and communities are not ranked (Y3, Y11, Y32)."""
    assert [item.code for item in YHTEISO.non_criteria] == ["aim", "minimum_attendance"]
    assert YHTEISO.community.compared_with == "own_baseline"
    assert YHTEISO.community.participation_self_defined


def test_clients_own_their_care_and_the_meeting_owns_shared_matters():
    """Who decides is data (Y12, Y16)."""
    assert {owner.matter: owner.owner for owner in YHTEISO.decision_owners} == {
        "own_care": "client",
        "shared_matters": "community_meeting",
        "practices_and_rules": "community_meeting",
    }


def test_verna_meets_once_or_twice_a_week_for_four_months():
    """A rate for the group, an interval for the team (V7, V13)."""
    assert VERNA.sessions.cadence == Rate(1, 2, "week")
    assert VERNA.sessions.nominal_duration == Length(4, 4, "month")
    team = _one(VERNA.meetings, "follow_up_group")
    assert (team.cadence, team.optional, len(team.purposes)) == (Every(1, 2, "week"), True, 3)


def test_verna_has_eleven_open_themes_five_activities_and_two_outings():
    """The themes are an open list; outings cost (V9)."""
    assert len(VERNA.themes) == 11
    assert VERNA.themes_open
    assert [activity.kind for activity in VERNA.activities].count("guided") == 5
    assert [item.code for item in VERNA.activities if item.costs] == ["cinema", "restaurant"]


def test_a_peer_may_begin_before_the_training_is_over():
    """Having started is enough, and abstinence is not asked (V10, V18)."""
    assert [str(one) for one in VERNA.role("peer").prerequisites] == ["started:verna"]
    assert [str(one) for one in WERTZU.role("peer_facilitator").prerequisites] == [
        "completed:wertzu"
    ]
    assert [item.code for item in VERNA.non_criteria] == ["abstinence"]


def test_the_open_prison_is_known_to_lack_stated_safeguards():
    """The source does not say how taking part stayed voluntary there, so that is to be asked."""
    assert [place.code for place in VERNA.settings if place.lacks_safeguards] == [
        "vanaja_open_prison"
    ]


def test_the_interview_is_judged_by_a_human_and_its_questions_are_unstated():
    """Code never accepts anybody; who interviews and what is asked stays open (V5)."""
    assert VERNA.interview.judged_by_human
    assert VERNA.interview.questionnaire is None
    assert VERNA.interview.interviewer is None


def test_co_development_lays_roles_aside_and_asks_no_earlier_role():
    """No role is recorded in a session, and being a client is enough (X4, X7)."""
    assert YHTEISKEHITTAMINEN.co_development.role_free
    assert "earlier_role" in [item.code for item in YHTEISKEHITTAMINEN.non_criteria]
    assert YHTEISKEHITTAMINEN.role_paths == (("client", "peer", "expert_by_experience"),)
    assert YHTEISKEHITTAMINEN.role("expert_by_experience").concurrent_with == ("professional",)


def test_the_same_organisation_has_one_code_in_all_programmes():
    """Names differ between sources and years; codes last (V1, X15)."""
    assert "a_klinikkasaatio" in _codes(VERNA.partners)
    assert "a_klinikkasaatio" in _codes(YHTEISKEHITTAMINEN.partners)
