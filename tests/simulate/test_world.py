"""Simulated facts keep to their programme, say that they are made up, and repeat byte for byte."""

import tracemalloc
from collections import Counter
from datetime import date, timedelta
from hashlib import sha256
from math import sqrt
from random import Random

import pytest

import osallisuus as osa
from osallisuus.errors import DefinitionError, LimitError
from osallisuus.simulate.habits import Habits
from osallisuus.simulate.world import FIRST_DAY, MARKER, simulate
from tests.simulate.worlds import SHIPPED, bare, days_of, findings_in, made, rows_of

OF = {
    "wertzu": {"roles", "costs", "ideas"},
    "kokemusohjaus": {"guidance", "reviews", "goals", "goal_ratings", "linkages", "traits"},
    "yhteiso": {"memberships", "decisions", "ideas", "traits", "costs"},
    "yhteiskehittaminen": {"ideas", "traits", "roles"},
    "verna": {"interviews", "contacts", "encounters", "encounter_themes", "memberships"},
}
EVERYWHERE = {"people", "groups", "enrollments", "sessions", "attendance", "pauses", "consents"}


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_shipped_programme_simulates_without_a_finding(name, seed):
    """Nothing deserves a look: not in the facts alone, and not against the programme's words."""
    facts = made(name, 150, seed)
    assert findings_in(osa.program(name), facts) == []
    with osa.open("memory:") as register:
        assert not register.add(facts).findings
        assert register.check() == []
        assert register.is_synthetic()


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("days", [200, 300, 450])
def test_young_programmes_are_without_a_finding_too(name, days):
    """Where most are still on the way, nothing is due that was not done."""
    habits = Habits(observed_days=days, intake_days=400)
    assert findings_in(osa.program(name), made(name, 150, 1, habits)) == []


@pytest.mark.parametrize("name", SHIPPED)
def test_every_table_that_the_programme_calls_for_has_rows(name):
    """Each programme fills the tables of its own kind of work, and no judgement on anybody."""
    rows = rows_of(made(name, 200))
    filled = {table for table, facts in rows.items() if facts}
    assert filled >= EVERYWHERE | OF[name] | {"observations"}
    assert "keep_apart" not in filled


@pytest.mark.parametrize("name", SHIPPED)
def test_people_are_as_many_as_asked_and_each_fact_follows_what_it_refers_to(name):
    """Who is reached is enrolled once; guides come on top; no fact refers to a later one."""
    facts = made(name, 77)
    assert sum(isinstance(one, osa.Enrollment) for one in facts) == 77
    known = set()
    for fact in facts:
        for column in type(fact).table.columns:
            if column.refers_to and getattr(fact, column.name) is not None:
                assert getattr(fact, column.name) in known
        known.add(fact.id)


@pytest.mark.parametrize("name", SHIPPED)
def test_no_day_is_before_the_first_or_after_the_last_that_is_known(name):
    """All that happened lies in the days that are simulated; the marker is the first fact."""
    habits = Habits(observed_days=500, intake_days=450)
    facts = made(name, 120, habits=habits, starts_on=date(2021, 5, 3))
    last = date(2021, 5, 3) + timedelta(500)
    assert all(date(2021, 5, 3) <= day < last for fact in facts for day in days_of(fact))
    assert (facts[0].measure, facts[0].low, facts[0].note) == (MARKER, None, None)
    assert any(isinstance(one, osa.Enrollment) and one.started_on and not one.ended_on
               for one in facts)  # fmt: skip


def test_the_same_seed_gives_the_same_facts_and_another_seed_others():
    """Two runs agree fact by fact; other chance gives other facts."""
    assert made("verna", 60, seed=5) == made("verna", 60, seed=5)
    assert made("verna", 60, seed=5) != made("verna", 60, seed=6)


def test_the_facts_of_a_seed_stay_the_same_from_version_to_version():
    """Checked on Python 3.11, 3.12 and 3.13; whoever changes it on purpose says so in CHANGELOG."""
    digest = sha256()
    for fact in made(bare(), 40, seed=11):
        digest.update(repr(sorted(fact.describe().items())).encode())
    assert digest.hexdigest()[:16] == "adb881481b75d248"


def test_two_programmes_fit_in_one_store():
    """With the same seed, too, they share no id."""
    with osa.open("memory:") as register:
        for name in SHIPPED:
            facts = made(name, 50)
            assert register.add(facts).added == len(facts)


@pytest.mark.parametrize(
    ("share", "of", "who"),
    [
        ("informed", "reached_on", "informed_on"),
        ("interviewed", "informed_on", "interviewed_on"),
        ("offered", "interviewed_on", "offered_on"),
        ("starts", "offered_on", "started_on"),
    ],
)
@pytest.mark.parametrize("value", [0.3, 0.8])
def test_each_stage_has_the_share_of_the_habits(share, of, who, value):
    """Of those who came to one stage so many come to the next, in a programme that interviews."""
    habits = Habits(observed_days=3000, **{share: value})
    found = rows_of(made(bare(interview=osa.program("verna").interview), 3000, 2, habits))
    came = [one for one in found["enrollments"] if getattr(one, of) is not None]
    went = sum(getattr(one, who) is not None for one in came) / len(came)
    assert abs(went - value) < 4 * sqrt(value * (1 - value) / len(came))


@pytest.mark.parametrize("attends", [0.4, 0.75, 0.9])
def test_attendance_has_its_mean_and_differs_between_people(attends):
    """People have their own shares, by a binomial alone they would differ less."""
    rows = rows_of(made("wertzu", 1500, 3, Habits(attends=attends, completes=1.0)))
    present, seen = Counter(), Counter()
    for row in rows["attendance"]:
        seen[row.person] += 1
        present[row.person] += row.status == "present"
    shares = [present[one] / seen[one] for one in seen if seen[one] >= 7]
    mean = sum(shares) / len(shares)
    assert mean == pytest.approx(attends, abs=0.025)
    variance = sum((one - mean) ** 2 for one in shares) / len(shares)
    assert variance > 1.15 * mean * (1 - mean) / 8


def test_people_are_at_sessions_while_they_take_part_and_not_on_a_pause():
    """Nobody comes before the start, after the end or on a pause, and everybody else is written down."""
    rows = rows_of(made("wertzu", 400, 1, Habits(pauses=0.5)))
    sessions = {one.id: one for one in rows["sessions"]}
    pauses = {one.of: one for one in rows["pauses"]}
    seen = {(one.person, one.session) for one in rows["attendance"]}
    last = FIRST_DAY + timedelta(Habits().observed_days)
    expected = set()
    for one in rows["enrollments"]:
        pause = pauses.get(one.id)
        until = one.ended_on or last
        for session in sessions.values():
            day = session.starts_at.date()
            there = one.started_on is not None and one.started_on <= day
            there = there and (day < until or (day == until and one.ending == "completed"))
            if pause is not None and pause.starts_on <= day < (pause.ends_on or last):
                there = False
            if there and session.group == one.group and session.status == "held":
                expected.add((one.person, session.id))
    assert pauses
    assert seen == expected


def test_sessions_are_those_that_the_cadence_promises():
    """Eight held sessions of four hours in eight weeks; what is cancelled is made up for."""
    rows = rows_of(made("wertzu", 300, 1, Habits(held=0.7)))
    for group in rows["groups"]:
        own = [one for one in rows["sessions"] if one.group == group.id]
        held = sorted(one.starts_at.date() for one in own if one.status == "held")
        if group.ends_on is None:
            continue
        weeks = [(day - group.starts_on).days // 7 for day in held]
        assert weeks == list(range(8))
        assert {one.minutes for one in own} == {240}
    assert any(one.status == "cancelled" for one in rows["sessions"])


def test_roles_begin_when_their_prerequisites_allow():
    """Peer facilitators have completed the training; client co-developers are clients."""
    rows = rows_of(made("wertzu", 600))
    done = {one.person: one.ended_on for one in rows["enrollments"] if one.ending == "completed"}
    taken = [one for one in rows["roles"] if one.role == "peer_facilitator"]
    assert len(taken) > 20
    assert all(done[one.person] <= one.starts_on for one in taken)
    clients = {one.person: one for one in rows["roles"] if one.role == "client"}
    for one in rows["roles"]:
        if one.role == "co_developer":
            client = clients[one.person]
            assert client.starts_on <= one.starts_on
            assert client.ends_on is None or one.starts_on < client.ends_on


def test_encounters_are_made_by_peers_while_they_hold_the_role():
    """Each lies within its peer's role and outside its pauses, and their pace is the mean's."""
    rows = rows_of(made("verna", 1200, 2, Habits(pauses=0.5)))
    spans = {one.person: one for one in rows["roles"] if one.role == "peer"}
    pauses = {one.of: one for one in rows["pauses"]}
    last = FIRST_DAY + timedelta(Habits().observed_days)
    days = 0
    for span in spans.values():
        pause = pauses.get(span.id)
        days += ((span.ends_on or last) - span.starts_on).days
        days -= ((pause.ends_on or last) - pause.starts_on).days if pause else 0
    for one in rows["encounters"]:
        span = spans[one.peer]
        assert span.starts_on <= one.happened_on < (span.ends_on or last)
        pause = pauses.get(span.id)
        assert not (pause and pause.starts_on <= one.happened_on < (pause.ends_on or last))
    assert len(rows["encounters"]) / (days / 30.4) == pytest.approx(2.0, rel=0.15)


def test_nobody_is_put_where_it_is_not_stated_how_to_refuse():
    """The open prison of a programme that is silent on voluntariness is left out."""
    settings = {one.setting for one in rows_of(made("verna", 600))["groups"]}
    assert "group_room" in settings
    assert "open_prison" not in settings


def test_a_community_is_never_over_its_limit():
    """However many are reached for one community, the limit that it states is kept."""
    facts = made("yhteiso", 300, 1, Habits(per_community=900, informed=1, offered=1, starts=1))
    rows = rows_of(facts)
    assert max(Counter(one.group for one in rows["memberships"]).values()) == 50
    assert findings_in(osa.program("yhteiso"), facts) == []


def test_more_people_take_no_more_memory():
    """Ten times as many people: the peak grows by less than a tenth."""
    habits, peaks = Habits(informed=0.2), []
    for people in (2_000, 20_000):
        tracemalloc.start()
        for _ in simulate(bare(), people=people, random=Random(1), habits=habits):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]


@pytest.mark.parametrize(
    ("error", "settings"),
    [
        (DefinitionError, {"people": 0}),
        (DefinitionError, {"people": 5, "starts_on": date(1, 1, 1)}),
        (DefinitionError, {"people": 5, "starts_on": date(9999, 1, 1)}),
        (LimitError, {"people": 10_000_001}),
    ],
)
def test_what_cannot_be_simulated_is_refused_at_once(error, settings):
    """With what would do, and before the first fact is asked for."""
    with pytest.raises(error) as caught:
        simulate(bare(), random=Random(1), **settings)
    assert caught.value.problems[0].remedy
