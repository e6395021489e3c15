"""Habits of all kinds, and programmes of all kinds, give facts that are in order."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import osallisuus as osa
from osallisuus.errors import DefinitionError
from osallisuus.model.cadence import AsNeeded, Every, Exactly, Length, Rate
from osallisuus.model.offering import BeforeStart, FixedTerm, Meeting, Review, SessionPlan
from osallisuus.model.roles import Prerequisite, Role
from osallisuus.model.stated import Text
from osallisuus.simulate.habits import Habits
from tests.simulate.worlds import SHIPPED, bare, findings_in, made

SHARES = (
    "informed interviewed offered starts in_touch says_aim attends attends_spread excused held "
    "theme_kept pauses completes takes_role joins_team goals_rated changes_guide linked "
    "carried_out told_back withdraws"
).split()
WORDS = Text(en="words")

habits = st.builds(
    Habits,
    **{name: st.floats(0, 1) for name in SHARES},
    intake_days=st.integers(1, 1500),
    observed_days=st.integers(1, 1500),
    per_group=st.integers(1, 40),
    per_community=st.integers(1, 90),
    minutes=st.integers(1, 600),
    term_days=st.integers(1, 900),
    stays_days=st.integers(1, 3000),
    role_days=st.integers(1, 2000),
    guides=st.integers(2, 5),
    goals=st.integers(1, 5),
    encounters_per_month=st.floats(0, 40),
    decisions_per_meeting=st.floats(0, 3),
    ideas_per_year=st.floats(0, 30),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SHIPPED), habits, st.integers(0, 99))
def test_no_habits_lead_to_a_finding(name, chosen, seed):
    """Whatever people do, what is recorded of it is in order and the programme keeps its word."""
    program = osa.program(name)
    assert findings_in(program, made(program, 30, seed, chosen)) == []


units = st.sampled_from(["day", "week", "month", "year"])


def _range(kind):
    low = st.integers(1, 3)
    return st.tuples(low, st.integers(0, 2), units).map(lambda p: kind(p[0], p[0] + p[1], p[2]))


cadences = st.one_of(
    st.none(),
    st.just(AsNeeded()),
    st.builds(Exactly, st.integers(1, 12), units, st.none() | st.integers(1, 480)),
    _range(Every),
    st.tuples(st.integers(1, 3), st.integers(0, 2), st.sampled_from(["week", "month", "year"])).map(
        lambda p: Rate(p[0], p[0] + p[1], p[2])
    ),
)
prerequisites = st.lists(
    st.sampled_from(
        "started:bare completed:bare started:other lived_experience_attested "
        "coping_experience_attested agreed_by_forum treatment_completed being_client "
        "invited".split()
    ),
    unique=True,
    min_size=1,
    max_size=3,
).map(lambda texts: tuple(map(Prerequisite.parse, texts)))
roles = st.lists(
    st.builds(
        Role,
        code=st.sampled_from(["client", "participant", "peer", "peer_guide", "elder", "manager"]),
        prerequisites=st.none() | prerequisites,
        may_pause=st.sampled_from([None, True, False]),
    ),
    unique_by=lambda role: role.code,
    min_size=1,
    max_size=4,
).map(tuple)
kinds = st.lists(
    st.sampled_from(
        "group_training individual_guidance community co_development peer_outreach other".split()
    ),
    unique=True,
    min_size=1,
).map(tuple)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    kinds=kinds,
    sessions=st.none()
    | st.builds(SessionPlan, cadence=cadences, nominal_duration=st.none() | _range(Length)),
    term=st.none() | st.builds(FixedTerm, length=st.none() | _range(Length)),
    before=st.none() | st.builds(BeforeStart, informs_of=st.just(WORDS)),
    roles=roles,
    meeting=cadences,
    data=st.data(),
    seed=st.integers(0, 99),
)
def test_any_definition_simulates_without_a_finding(
    kinds, sessions, term, before, roles, meeting, data, seed
):
    """Any mix of kinds, cadences, terms and roles, stated or not."""
    attendees = data.draw(st.sampled_from([None, (roles[0].code,)]))
    met = Meeting(code="m", label=WORDS, kind="m", cadence=meeting, attendees=attendees)
    reviews = tuple(Review(point=point, label=WORDS) for point in ("start", "mid", "final"))
    program = bare(
        kinds=kinds, sessions=sessions, fixed_term=term, before_start=before, roles=roles,
        meetings=(met,), reviews=reviews,
    )  # fmt: skip
    assert findings_in(program, made(program, 20, seed)) == []


@pytest.mark.parametrize("name", ["wertzu", "kokemusohjaus", "verna"])
def test_the_longest_lives_still_fit_the_calendar(name):
    """Habits at their limits, in a far year, lead to no day that there is not."""
    longest = Habits(
        observed_days=4000, intake_days=100_000, stays_days=100_000, role_days=100_000,
        term_days=100_000,
    )  # fmt: skip
    assert made(name, 15, 1, longest, starts_on=date(8000, 1, 1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"completes": 1.1},
        {"attends": -0.1},
        {"completes": float("nan")},
        {"term_days": 0},
        {"per_group": 100_001},
        {"ideas_per_year": -1},
        {"endings": ()},
        {"endings": (("completed", 1),)},
        {"endings": (("left", float("inf")),)},
        {"endings": (("left", 0),)},
        {"endings": (("left", -1), ("moved_on", 3))},
        {"consents": (("research", 1.5),)},
        {"guides": 1},
    ],
)
def test_what_cannot_be_a_habit_is_refused(wrong):
    """With the name of the habit and what would do."""
    with pytest.raises(DefinitionError) as caught:
        Habits(**wrong)
    (problem,) = caught.value.problems
    assert problem.where == next(iter(wrong))
    assert problem.remedy
