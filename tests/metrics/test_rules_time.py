"""The rules of metrics by time, each by its letter, and the ways in which such figures go wrong.

Letters are those of the common rules of the metric reference (Z zero, C censoring, T ties, S spells
of no length, R re-enrolment, P pauses, L late entry, K concurrent roles, X competing exits, V as of,
H half-open days); F.n are its pitfalls.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import product
from math import exp, log
from random import Random

import pytest
from attrs import evolve

import osallisuus as osa
from osallisuus.engines.sqlite import SQLiteEngine
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.measure import measure
from tests.generative import naive_time
from tests.generative.strategies import fact_set, settings_of
from tests.generative.tabulated import in_memory

START = date(2020, 1, 1)
AS_OF = date(2022, 1, 1)
BY_TIME = (
    "retention leaving completion expected_days on_time duration_held waiting_time first_contact"
    " coming_back first_peer_activity role_occupancy next_role role_tenure team_transition"
    " pathways ideas linkage recruitment_funnel interview_outcomes"
).split()


def day(number: int) -> date:
    return START + timedelta(number)


def register_of(*facts: osa.Fact) -> osa.Register:
    """A register with *facts* and the people whom they are of."""
    people = {getattr(fact, name, None) for fact in facts for name in ("person", "peer", "guide")}
    register = osa.open("memory:")
    register.add([osa.Person(id=one, registered_on=START) for one in sorted(filter(None, people))])
    register.add(facts)
    return register


def episode(person: str, first: int, last: int | None, ending: str | None = "left", **more):
    """An enrolment from one day to another; open without the last."""
    number = more.pop("number", 1)
    return osa.Enrollment(
        id=f"{person}-{number}",
        person=person,
        program="verna",
        program_version="1",
        started_on=day(first),
        ended_on=None if last is None else day(last),
        ending=None if last is None else ending,
        **more,
    )


def curve(result: osa.Result, name: str) -> dict[int, float]:
    return {f.at: f.value for f in result if f.name == name and f.at is not None}


# Z, C --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BY_TIME)
def test_z_without_cases_every_figure_is_undefined_with_a_reason(name):
    """Rule Z, F.31: never 0, NaN or an exception."""
    figures = list(osa.open("memory:").measure(name, as_of=AS_OF))
    assert figures
    assert {figure.status for figure in figures} == {"undefined"}
    assert all(figure.value is None and figure.reason for figure in figures)


def test_c_who_is_still_on_the_way_is_no_failure():
    """Rule C, F.3: of a young cohort k/n is too low and k/ended is not what will be.

    Six began on day 0: four completed on day 100, two left on day 50. Six more began on day 60
    and have been seen for 40 days. By day 50: 2/6 left of those followed so far; then all the
    others completed: 1 - 1/3 = 2/3, whereas 4/12 = 1/3 have completed.
    """
    facts = [episode(f"a{i}", 0, 100, "completed") for i in range(4)]
    facts += [episode(f"b{i}", 0, 50) for i in range(2)] + [
        episode(f"c{i}", 60, None) for i in range(6)
    ]
    (figure,) = register_of(*facts).measure("completion", as_of=day(101))
    assert figure.value == pytest.approx(2 / 3)
    assert (figure.k, figure.n, figure.censored) == (4, 12, 0.5)
    assert "still_open" in figure.notes
    assert figure.std_err > 0


def test_c_where_all_are_closed_the_incidence_is_k_of_n():
    """C1: with nobody open the Aalen-Johansen share is the plain one, with Wilson's interval."""
    facts = [episode(f"a{i}", 0, 30 + i, "completed") for i in range(7)]
    facts += [episode(f"b{i}", 0, 20 + i) for i in range(3)]
    (figure,) = register_of(*facts).measure("completion", as_of=AS_OF)
    assert (figure.value, figure.method) == (0.7, "wilson")
    leaving = curve(register_of(*facts).measure("leaving", as_of=AS_OF), "completed")
    assert max(leaving.values()) == pytest.approx(0.7)


# T, S, L -----------------------------------------------------------------------------------------


def test_t_on_one_day_events_come_before_censorings():
    """Rule T: two are last seen after as many days as one leaves after: four were at risk."""
    gone = [episode("a", 0, 5), episode("b", 0, 10), episode("c", 0, 30)]
    seen = [episode("d", 30, None), episode("e", 30, None)]
    result = register_of(*gone, *seen).measure("retention", as_of=day(41))
    assert curve(result, "in_programme") == pytest.approx({0: 1.0, 5: 0.8, 10: 0.6, 30: 0.0})


def test_t_causes_of_one_day_are_simultaneous_and_the_order_of_rows_does_not_matter():
    """Rule T, F.7: no jitter; facts under other ids, in another order, give the same figures."""
    endings = ["left", "completed", "moved_on", "left", "completed", None]
    known = [(5, 5), (5, 5), (5, 7), (7, 7), (7, 9), (9, 9)]
    seen = set()
    for seed in range(5):
        order = Random(seed).sample(range(6), 6)
        facts = [
            episode(f"p{place}", 0, known[i][0] if endings[i] else None, endings[i])
            for place, i in enumerate(order)
        ]
        result = register_of(*facts).measure("leaving", as_of=day(30))
        seen.add(str([figure.to_dict() for figure in result]))
    assert len(seen) == 1


def test_s_an_event_on_the_first_day_has_its_person_at_risk():
    """Rule S, F.6: who leaves on day 0 was one of four at risk, and is not dropped."""
    facts = [episode("a", 0, 0), *(episode(f"b{i}", 0, 9) for i in range(3))]
    result = register_of(*facts).measure("retention", as_of=AS_OF)
    assert curve(result, "in_programme") == {0: 0.75, 9: 0.0}
    assert result.figures[0].at_risk == 4


LATE = osa.TimeToEvent(
    name="seen_late",
    cases="""
SELECT person, reached_on AS happened_on, days_between(reached_on, started_on) AS entry_days,
  days_between(reached_on, COALESCE(ended_on, :last_day)) AS days, ending AS event
FROM enrollments""",
    staying="here",
)


def test_l_who_comes_late_under_observation_is_at_risk_only_from_then_on():
    """Rule L, F.6: entry < t. The one entering on day 5 is not at risk of the event on day 5."""
    facts = [
        episode("a", 0, 5, reached_on=day(0)),
        episode("b", 0, 9, reached_on=day(0)),
        episode("c", 5, 9, reached_on=day(0)),
    ]
    result = register_of(*facts).measure(LATE, as_of=AS_OF)
    assert {f.at: (f.at_risk, f.value) for f in result if f.at is not None} == {
        0: (2, 1.0), 5: (2, 0.5), 9: (2, 0.0),
    }  # fmt: skip


def test_l_a_curve_stops_where_an_early_risk_set_empties():
    """Rule L: one alone is followed first and leaves; the 0 rests on one person, and says so."""
    facts = [
        episode("a", 0, 5, reached_on=day(0)),
        *(episode(f"b{i}", 50, 90, reached_on=day(0)) for i in range(9)),
    ]
    result = register_of(*facts).measure(LATE, as_of=AS_OF)
    assert curve(result, "here") == {0: 1.0, 5: 0.0}
    assert all("risk_set_emptied" in figure.notes for figure in result if figure.at is not None)


def test_s_a_spell_of_no_length_late_under_observation_is_left_out_and_said_so():
    """Rule S: no risk set holds who is seen on one later day only; the figures say that."""
    facts = [
        episode("a", 5, 5, reached_on=day(0)),
        *(episode(f"b{i}", 0, 9, reached_on=day(0)) for i in range(2)),
    ]
    result = register_of(*facts).measure(LATE, as_of=AS_OF)
    assert curve(result, "here") == {0: 1.0, 9: 0.0}
    assert all("no_length" in figure.notes for figure in result if figure.at is not None)
    assert {figure.n for figure in result} == {3}


# R, P --------------------------------------------------------------------------------------------


def _returns(gap: int) -> osa.Register:
    """One person, twice, *gap* days apart, and in another programme in between."""
    other = evolve(episode("a", 35, 36, number=9), program="wertzu")
    return register_of(
        episode("a", 0, 30), episode("a", 30 + gap, 60 + gap, "completed", number=2), other
    )


@pytest.mark.parametrize(
    ("policy", "gap", "episodes", "ends"),
    [
        ("each", 28, 3, {1, 30}),
        ("first", 28, 2, {1, 30}),
        ("merge", 28, 2, {1, 88}),
        ("merge", 29, 3, {1, 30}),
        ("esf", 400, 2, {1, 460}),
    ],
)
def test_r_coming_back_is_counted_as_the_policy_says(policy, gap, episodes, ends):
    """Rule R: every start, the first, those at most 28 days apart, or one record a programme."""
    register = _returns(gap)
    chosen = {"episodes": policy}
    counted = register.measure("people_and_episodes", as_of=AS_OF, policies=chosen)
    assert [figure.value for figure in counted] == [1, episodes]
    staying = register.measure("retention", as_of=AS_OF, policies=chosen)
    assert {at for at in curve(staying, "in_programme") if at} == ends
    assert staying.provenance.policies["episodes"] == policy


def test_r_the_range_by_person_does_not_count_repeated_episodes_as_new_people():
    """Rule R, F.9: the same episodes a second time tell nothing new about people.

    Taken for cases of their own they would narrow the range by the root of two.
    """
    once = [episode(f"p{i}", 0, 10 + 3 * i, "completed" if i % 2 else "left") for i in range(12)]
    again = [evolve(one, id=f"{one.id}-again", program="wertzu") for one in once]
    one, two = register_of(*once), register_of(*once, *again)

    def errors(register: osa.Register, cluster: str) -> list[float]:
        result = register.measure("leaving", as_of=AS_OF, policies={"cluster": cluster})
        return [figure.std_err for figure in result if figure.std_err]

    assert errors(two, "person") == pytest.approx(errors(one, "person"))
    assert errors(two, "none") == pytest.approx([e / 2**0.5 for e in errors(one, "none")])
    # where everybody is there once the two errors are the same
    assert errors(one, "person") == pytest.approx(errors(one, "none"))


def test_r_few_persons_behind_many_episodes_are_noted():
    """Rule G: three people with four episodes each are three clusters."""
    facts = [
        episode(f"p{i}", 100 * n, 100 * n + 20 + i + n, number=n)
        for i in range(3)
        for n in range(4)
    ]
    result = register_of(*facts).measure("retention", as_of=AS_OF, policies={"cluster": "person"})
    points = [figure for figure in result if figure.at is not None]
    assert all("few_clusters" in figure.notes for figure in points)


def test_p_the_clock_runs_on_during_a_pause_unless_it_is_stopped():
    """Rule P, F.16: 30 days of which 10 + 4 are pauses that overlap; each figure says which."""
    register = register_of(
        episode("a", 0, 30),
        osa.Pause(id="u1", of="a-1", starts_on=day(5), ends_on=day(15)),
        osa.Pause(id="u2", of="a-1", starts_on=day(12), ends_on=day(19)),
        osa.Pause(id="u3", of="a-1", starts_on=day(-5), ends_on=day(1)),
        osa.Pause(id="u4", of="a-1", starts_on=day(29)),
    )
    ends = {}
    for clock in ("running", "stopped"):
        result = register.measure("retention", as_of=AS_OF, policies={"clock": clock})
        ends[clock] = max(curve(result, "in_programme"))
        assert result.provenance.policies["clock"] == clock
    assert ends == {"running": 30, "stopped": 30 - 14 - 1 - 1}


def test_p_time_between_merged_episodes_is_a_pause():
    """Rules R and P: 30 days, 20 days away, 30 days: 80 days, or 60 with the clock stopped."""
    register = _returns(20)
    ends = [
        max(curve(register.measure("retention", as_of=AS_OF, policies=chosen), "in_programme"))
        for chosen in (
            {"episodes": "merge", "clock": "running"},
            {"episodes": "merge", "clock": "stopped"},
        )
    ]
    assert ends == [80, 60]


@pytest.mark.parametrize(
    "name", [name for name in naive_time.METRICS if CATALOGUE[name].choices], ids=str
)
def test_every_policy_is_tabulated_as_the_naive_model_counts(name):
    """All choices of all policies over 40 worlds, and each of them tells something of its own."""
    metric = CATALOGUE[name]
    values = [[(policy, one) for one in ones] for policy, ones in sorted(metric.choices.items())]
    told: Counter[str] = Counter()
    for seed in range(40):
        world = fact_set(seed)
        engine = SQLiteEngine.open(in_memory(world))
        asked = settings_of(world, name, seed % 4)
        tables = []
        for combination in product(*values):
            policies = dict(combination)
            found = measure(metric.under(**policies), asked, engine).tables
            period = bool(asked.periods)
            rows = Counter(
                (*place.strata, *([place.period] if period else []), *row)
                for place, of_place in found.items()
                for row in of_place
            )
            expected = naive_time.table(name, world.facts, asked, policies)
            assert rows == expected, f"world {seed}, {policies}"
            tables.append((policies, expected))
        for policies, expected in tables:
            told.update(str(policies) for _ in range(expected != tables[0][1]))
        engine.close()
    assert told


# X, K --------------------------------------------------------------------------------------------


def test_x_other_exits_compete_and_are_not_censored():
    """Rule X, F.4: of ten, five complete on even days and five leave on odd ones: one half.

    If those who left were taken for people who could still complete, all of them would.
    """
    facts = [episode(f"p{i}", 0, 10 + i, "completed" if i % 2 else "left") for i in range(10)]
    result = register_of(*facts).measure("leaving", as_of=AS_OF)
    assert max(curve(result, "completed").values()) == pytest.approx(0.5)


def test_x_endings_and_staying_make_up_one_on_every_day():
    """Rule X, S2, F.5: the sum of all incidences and of those who stay is 1."""
    lots = Random(7)
    endings = ["completed", "left", "moved_on", "died", None]
    facts = [
        episode(f"p{i}", lots.randrange(400), None, None)
        if lots.random() < 0.3
        else episode(f"p{i}", 0, lots.randrange(200), lots.choice(endings))
        for i in range(60)
    ]
    register = register_of(*facts)
    leaving = register.measure("leaving", as_of=day(420))
    staying = curve(register.measure("retention", as_of=day(420)), "in_programme")
    names = {figure.name for figure in leaving}
    assert {"not_stated", "completed", "died"} <= names

    def upto(points: dict[int, float], at: int) -> float:
        return max((value for known, value in points.items() if known <= at), default=0.0)

    for at, value in staying.items():
        gone = sum(upto(curve(leaving, name), at) for name in names)
        assert value + gone == pytest.approx(1)


def test_k_roles_held_at_once_are_processes_of_their_own():
    """Rule K: one person holds two roles from day 10 on: both shares are 1, and nothing is lost."""
    register = register_of(
        episode("a", 0, None),
        osa.RoleSpan(id="r1", person="a", role="peer", starts_on=day(10)),
        osa.RoleSpan(id="r2", person="a", role="client", starts_on=day(0)),
    )
    result = register.measure("role_occupancy", as_of=day(30))
    assert curve(result, "peer")[10] == 1.0
    assert curve(result, "client") == dict.fromkeys(curve(result, "client"), 1.0)


def test_k_stepping_back_and_coming_back_are_moves_and_say_how_far_the_range_is_to_be_trusted():
    """F.15, F.18: who returns to a role has not forgotten it; by person there is no such note."""
    facts = [episode(f"p{i}", 0, None) for i in range(10)]
    for i in range(10):
        facts += [
            osa.RoleSpan(
                id=f"r{i}-{n}",
                person=f"p{i}",
                role="peer",
                starts_on=day(first + i),
                ends_on=day(first + 20 + 2 * i),
            )
            for n, first in enumerate((10, 60))
        ]
    register = register_of(*facts)
    plain = register.measure("role_occupancy", as_of=day(200))
    by_person = register.measure("role_occupancy", as_of=day(200), policies={"cluster": "person"})
    assert all("by_move" in figure.notes for figure in plain)
    assert all("by_move" not in figure.notes for figure in by_person)
    assert curve(plain, "peer") == pytest.approx(curve(by_person, "peer"))
    # nobody is censored, so that on each day the error is that of a share of ten people
    for figure in by_person:
        assert figure.std_err == pytest.approx((figure.value * (1 - figure.value) / 10) ** 0.5)


def test_k_with_returns_the_range_by_person_is_that_of_leaving_people_out():
    """F.15: those who held the role before come back to it, and many are followed for a short time.

    Leaving out one person at a time measures what the people share; the moves alone do not.
    """
    lots, facts = Random(4), []
    for i in range(24):
        facts.append([episode(f"p{i}", 0 if i % 3 else 60, None)])
        for n in range(3 if i % 2 else 1):
            first = 60 + 15 * n + lots.randrange(8)
            facts[i].append(
                osa.RoleSpan(
                    id=f"r{i}-{n}",
                    person=f"p{i}",
                    role="peer",
                    starts_on=day(first),
                    ends_on=day(first + 7 + lots.randrange(6)),
                )
            )

    def on(groups: list[list[osa.Fact]], **policies: str) -> osa.Figure:
        register = register_of(*(fact for group in groups for fact in group))
        result = register.measure("role_occupancy", as_of=day(120), policies=policies)
        return max((f for f in result if f.at <= 95), key=lambda figure: figure.at)

    plain, by_person = on(facts), on(facts, cluster="person")
    without = [on(facts[:i] + facts[i + 1 :]).value for i in range(24)]
    mean = sum(without) / 24
    jackknife = (23 / 24 * sum((one - mean) ** 2 for one in without)) ** 0.5
    assert by_person.value == plain.value
    assert by_person.std_err == pytest.approx(jackknife, rel=0.08)
    assert abs(plain.std_err - jackknife) > abs(by_person.std_err - jackknife)


# V, H --------------------------------------------------------------------------------------------


def test_v_what_is_not_known_yet_does_not_leak_into_a_figure():
    """Rule V, F.29: as of an earlier day the figures are those of the facts of that day."""
    late = [episode("a", 0, 100, "completed"), episode("b", 0, 20), episode("c", 70, 90)]
    then = [episode("a", 0, None), episode("b", 0, 20)]
    for name in ("retention", "leaving", "completion", "expected_days", "people_and_episodes"):
        one = register_of(*late).measure(name, as_of=day(50))
        other = register_of(*then).measure(name, as_of=day(50))
        assert [figure.to_dict() for figure in one] == [figure.to_dict() for figure in other]


def test_v_an_open_episode_is_in_no_period_after_the_last_known_day():
    """Of days after that nothing is known: an open end is not an end in the future."""
    register = register_of(episode("a", 0, None))
    periods = [
        osa.Period(day(0), day(50)),
        osa.Period(day(50), day(90)),
        osa.Period(day(90), day(99)),
    ]
    result = register.measure("people_and_episodes", as_of=day(90), periods=periods)
    assert [figure.value for figure in result if figure.name == "persons"] == [1, 1, 0]


def test_v_stages_out_of_order_are_dated_by_the_earliest_of_them():
    """An offer dated before being reached makes the enrolment known from the offer on."""
    fact = osa.Enrollment(
        id="e", person="a", program="verna", program_version="1",
        reached_on=day(40), offered_on=day(10),
    )  # fmt: skip
    register = register_of(fact)
    before = register.measure("recruitment_funnel", as_of=day(20))
    assert before.figure("offered").value == 1
    periods = [osa.Period(day(0), day(20)), osa.Period(day(20), day(60))]
    result = register.measure("recruitment_funnel", as_of=day(60), periods=periods)
    assert [figure.value for figure in result if figure.name == "offered"] == [1, None]


def test_h_a_period_holds_its_first_day_and_not_its_last():
    """Rule H: who starts on the border belongs to the later period, and to that only."""
    register = register_of(episode("a", 50, 60))
    periods = [osa.Period(day(0), day(50)), osa.Period(day(50), day(90))]
    result = register.measure("completion", as_of=AS_OF, periods=periods)
    assert [figure.n for figure in result] == [0, 1]


@pytest.mark.parametrize(("late", "value"), [(14, 1.0), (15, 0.0)])
def test_h_two_weeks_of_grace_are_fourteen_days(late, value):
    """Rule H, C2: planned for 31 October and four months, the end of February; two weeks after."""
    started, planned = date(2019, 10, 31), date(2020, 2, 29)
    fact = osa.Enrollment(
        id="e", person="a", program="verna", program_version="1", started_on=started,
        planned_end_on=planned, ended_on=planned + timedelta(late), ending="completed",
    )  # fmt: skip
    (figure,) = register_of(fact).measure("on_time", as_of=AS_OF)
    assert figure.value == value


def test_c_before_the_plan_is_over_nobody_knows_whether_it_is_held():
    """C2, F2: an open episode is censored until its own plan and grace are over, then it is late."""
    facts = [episode("a", 0, None, planned_end_on=day(100))]
    register = register_of(*facts)
    for name in ("on_time", "duration_held"):
        (young,) = register.measure(name, as_of=day(115))
        (late,) = register.measure(name, as_of=day(116))
        assert (young.censored, late.censored) == (1.0, 0.0)
        assert (late.value, late.k, late.n) == (0.0, 0, 1)


@pytest.mark.parametrize(("away", "value"), [(0, 1.0), (365, 1.0), (366, 0.0)])
def test_h_a_return_within_a_year_is_one_of_365_days(away, value):
    """S4: the day of leaving is day 0; whoever starts again on it has come back."""
    register = register_of(episode("a", 0, 10), episode("a", 10 + away, None, number=2))
    figure = register.measure("coming_back", as_of=day(800)).figure("new_episode")
    assert (figure.value, figure.n) == (value, 1)


def test_x_who_is_in_another_episode_has_not_left():
    """S4: of two episodes at once the end of the first is no leaving, and nobody dead comes back."""
    still_in = [episode("a", 0, 10), episode("a", 5, 20, number=2)]
    register = register_of(*still_in, episode("b", 0, 10, "died"))
    assert register.measure("coming_back", as_of=day(800)).figure("new_episode").n == 1


@pytest.mark.parametrize(("first", "event"), [(20, "expert"), (21, "term_ended")])
def test_t_a_role_begun_on_the_last_day_of_another_comes_next(first, event):
    """P3: on one day taking up a role and laying down the other are simultaneous."""
    register = register_of(
        osa.RoleSpan(
            id="r1", person="a", role="peer", starts_on=day(0), ends_on=day(20), ending="term_ended"
        ),
        osa.RoleSpan(id="r2", person="a", role="expert", starts_on=day(first)),
    )
    result = register.measure("next_role", as_of=day(50), by="role.role")
    assert {f.name for f in result if f.strata["role.role"] == "peer" and f.at} == {event}


def test_h_membership_that_ends_on_the_day_of_completing_is_no_joining():
    """P2, half-open days: on that day it is over already."""
    team = osa.Group(id="g", program="verna", program_version="1", kind="team", starts_on=START)
    facts = [episode(p, 0, 50, "completed") for p in ("a", "b")]
    ends = {"a": 50, "b": 51}
    facts += [
        osa.Membership(id=p, person=p, group="g", starts_on=day(9), ends_on=day(end))
        for p, end in ends.items()
    ]
    result = register_of(team, *facts).measure("team_transition", as_of=day(90))
    assert curve(result, "joined") == {0: 0.5}


# Ranges, quantiles, means ------------------------------------------------------------------------


def test_before_anything_has_happened_the_range_is_not_a_point():
    """F.8: ten are still there: S = 1, and at least 0.025^(1/10) by the exact binomial bound."""
    facts = [episode(f"p{i}", 0, None) for i in range(10)]
    result = register_of(*facts).measure("retention", as_of=day(30))
    first = result.figures[0]
    assert (first.value, first.high) == (1.0, 1.0)
    assert first.low == pytest.approx(0.025 ** (1 / 10))


def test_ranges_of_curves_are_log_log_and_stay_within_zero_and_one():
    """F.14: with L = log S, half = z se / (-S L), both bounds have the same distance on log(-L)."""
    lots = Random(3)
    facts = [episode(f"p{i}", 0, lots.randrange(1, 90)) for i in range(25)]
    result = register_of(*facts).measure("retention", as_of=AS_OF)
    points = [f for f in result if f.at is not None and 0 < f.value < 1]
    assert len(points) > 10
    for point in points:
        assert 0 <= point.low < point.value < point.high <= 1
        half = 1.959963984540054 * point.std_err / (-point.value * log(point.value))
        assert point.low == pytest.approx(exp(log(point.value) * exp(half)))
        assert point.high == pytest.approx(exp(log(point.value) * exp(-half)))


def test_a_median_that_is_not_reached_is_undefined_and_not_infinite():
    """F.13: three of four are still there."""
    facts = [episode("a", 0, 10), *(episode(f"b{i}", 0, None) for i in range(3))]
    median = register_of(*facts).measure("retention", as_of=day(50)).figure("median")
    assert (median.status, median.reason, median.value) == ("undefined", "not_reached", None)


def test_mean_days_within_a_time_that_nobody_was_followed_for_are_undefined():
    """F.12: with 100 days of follow-up there is a mean within 90 days, and none within 180."""
    facts = [episode("a", 0, 50), *(episode(f"b{i}", 0, None) for i in range(3))]
    result = register_of(*facts).measure("expected_days", as_of=day(101))
    known, beyond = result.figure("within_90"), result.figure("within_180")
    assert known.value == pytest.approx((50 + 3 * 90) / 4)
    # Greenwood: (area after day 50)^2 d / (Y (Y - d)) = (3/4 * 40)^2 / (4 * 3)
    assert known.std_err == pytest.approx((30**2 / 12) ** 0.5)
    assert (beyond.status, beyond.reason) == ("undefined", "beyond_follow_up")


def test_mean_days_by_person_are_those_of_the_jackknife():
    """Rule R: with one episode each, leaving out people one by one gives the sample variance.

    Nobody is censored, so the mean is that of min(days, 90): its standard error is s / sqrt(n).
    """
    days = [10, 20, 30, 40, 50, 60, 70, 80, 90, 90]
    facts = [episode(f"p{i}", 0, days[i]) for i in range(10)]
    result = register_of(*facts).measure(
        "expected_days", as_of=AS_OF, policies={"cluster": "person"}
    )
    figure = result.figure("within_90")
    mean = sum(days) / 10
    variance = sum((one - mean) ** 2 for one in days) / 9
    assert figure.value == pytest.approx(mean)
    assert figure.std_err == pytest.approx((variance / 10) ** 0.5)
    assert figure.method == "jackknife"


def test_waiting_is_not_averaged_over_those_only_who_have_started():
    """R5: two started after 10 days; two have waited for 89 days so far."""

    def offered(person: str, started: int | None) -> osa.Enrollment:
        return osa.Enrollment(
            id=person, person=person, program="verna", program_version="1", offered_on=day(0),
            started_on=None if started is None else day(started),
        )  # fmt: skip

    facts = [offered("a", 10), offered("b", 10), offered("c", None), offered("d", None)]
    result = register_of(*facts).measure("waiting_time", as_of=day(91))
    assert result.figure("within_90").value == pytest.approx((2 * 10 + 2 * 90) / 4)
    assert result.figure("started").value == 0.5
    assert result.figure("three_quarters").reason == "not_reached"


def test_groups_are_compared_by_the_flows_of_their_tables():
    """What a test of two groups needs: every ending apart, everybody at risk from the start."""
    facts = [episode("a", 0, 10), episode("b", 0, 20, "completed"), episode("c", 0, None)]
    register, metric = register_of(*facts), osa.metric("leaving")
    with register.engine() as engine:
        (rows,) = register.measurement(metric, engine=engine, as_of=day(31)).tables.values()
    flow = metric.flow(rows)
    assert (flow.entered, flow.moved, flow.censored) == (3, 2, 1)
    assert {"left", "completed"} < set(flow.states)
