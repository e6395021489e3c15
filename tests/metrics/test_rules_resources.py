"""Costs, gaps, spread, completeness, delay and voice keep the rules of the reference (A.1)."""

from __future__ import annotations

from datetime import date
from math import sqrt

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import osallisuus as osa
from osallisuus.ingest.folder import read_folder
from osallisuus.metrics.catalogue.equity import equity_gap
from osallisuus.metrics.estimate.proportion import newcombe, wilson
from osallisuus.metrics.kinds import UnitCost
from osallisuus.metrics.metric import Thinning
from osallisuus.time import Period
from tests.spec.tables import register_of

AS_OF = date(2018, 7, 1)
PROTECTED = Thinning({"": ()}, threshold=10, base=5)
"""As the public profile protects: people are counted in fives, and no curve has a step."""


def asked(facts, metric, as_of=AS_OF, **settings):
    """The figures of *metric* of the facts in the text table, by name."""
    with register_of(facts) as register:
        return {figure.name: figure for figure in register.measure(metric, as_of=as_of, **settings)}


def enrollments(*rows):
    """A table of enrolments: person, group, aim, start, end, ending."""
    header = "enrollments\nperson group aim started_on ended_on ending"
    return "\n".join((header, *rows))


THREE_OF_FOUR = enrollments(
    "p1 red - 2018-01-01 2018-03-01 completed",
    "p2 red - 2018-01-01 2018-03-01 completed",
    "p3 blue - 2018-01-01 2018-03-01 completed",
    "p4 blue - 2018-01-01 2018-02-01 left",
)


# Costs ---------------------------------------------------------------------------------------------


def costs(*rows):
    """A table of costs: group, head, cents, minutes."""
    lines = [f"{row} 2018-02-01" for row in rows]
    return "\n".join(("costs\ngroup head cents minutes happened_on", *lines))


def test_a_cost_of_zero_is_known_and_one_without_an_amount_is_not():
    """W23: free rooms cost 0; work without a price makes the figure a lower bound, not 0."""
    free = asked(f"{THREE_OF_FOUR}\n\n{costs('red premises 0 -', 'red materials 30000 -')}", COST)
    assert (free[COST].value, free[COST].notes[:1]) == (100, ("few_clusters",))
    assert (free["cost_so_far"].value, free["cost_so_far"].censored) == (300, 0)
    work = f"{THREE_OF_FOUR}\n\n{costs('red materials 30000 -', 'red facilitation - 480')}"
    unpriced = asked(work, COST)
    assert (unpriced[COST].value, unpriced[COST].notes[0]) == (100, "costs_unknown")
    assert (unpriced["cost_so_far"].n, unpriced["cost_so_far"].censored) == (1, 0.5)


COST = "cost_per_completer"


def test_nothing_known_of_costs_is_undefined_and_never_zero():
    """Rule Z: without a line, and with lines that nobody priced."""
    nothing = asked(THREE_OF_FOUR, COST)
    assert {figure.reason for figure in nothing.values()} == {"nothing_recorded"}
    unpriced = asked(f"{THREE_OF_FOUR}\n\n{costs('red facilitation - 480')}", COST)
    assert {figure.reason for figure in unpriced.values()} == {"costs_unknown"}
    assert all(figure.value is None for figure in (*nothing.values(), *unpriced.values()))


def test_without_a_completer_there_are_costs_so_far_and_no_cost_per_completer():
    """Rule Z: nobody completed, nobody began, and nobody has got that far yet."""
    spent = costs("red materials 30000 -")
    left = enrollments("p1 red - 2018-01-01 2018-03-01 left")
    young = enrollments("p1 red - 2018-01-01 - -")
    for facts, reason in ((left, "nobody_completed"), (young, "not_reached")):
        found = asked(f"{facts}\n\n{spent}", COST)
        assert (found["cost_so_far"].value, found[COST].reason) == (300, reason)
    assert asked(spent, COST)[COST].reason == "no_cases"


def test_while_people_are_on_their_way_costs_are_divided_by_what_may_be_expected():
    """Rule C: of four, one left after 10 days, one is open since day 20, two completed on day 30.

    Of the two who were followed beyond day 20 all completed: 1 - 1/4 of the four, which is 3.
    By hand the open one would count as one who did not complete: 300 / 2 = 150.
    """
    facts = enrollments(
        "p1 red - 2018-01-01 2018-01-11 left",
        "p2 red - 2018-06-10 - -",
        "p3 red - 2018-01-01 2018-01-31 completed",
        "p4 red - 2018-01-01 2018-01-31 completed",
    )
    found = asked(f"{facts}\n\n{costs('red materials 30000 -')}", COST)[COST]
    assert found.value == pytest.approx(100)
    assert (found.k, found.n, found.censored) == (2, 4, 0.25)
    assert "still_open" in found.notes


def test_the_interval_leaves_out_one_group_at_a_time():
    """Rule G. Red 300 for 2, blue 90 for 1: without red 90, without blue 150, both 30 off."""
    facts = f"{THREE_OF_FOUR}\n\n{costs('red materials 30000 -', 'blue materials 9000 -')}"
    found = asked(facts, COST)[COST]
    assert (found.value, found.std_err) == pytest.approx((130, sqrt(1 / 2 * 2 * 30**2)))
    assert {"few_clusters"} <= set(found.notes)
    one_group = f"{THREE_OF_FOUR.replace('blue', 'red')}\n\n{costs('red materials 30000 -')}"
    alone = asked(one_group, COST)[COST]
    assert (alone.value, alone.low, alone.notes) == (100, None, ("one_cluster",))


def test_costs_of_all_groups_count_gross_and_not_net():
    """The policy is bound in the one SELECT, and what it leaves out is in no figure."""
    facts = f"{THREE_OF_FOUR}\n\n{costs('red materials 30000 -', '- other 6000 -')}"
    gross, net = (asked(facts, COST, policies={"costs": how}) for how in ("gross", "net"))
    assert [found["cost_so_far"].value for found in (gross, net)] == [360, 300]
    assert [found[COST].value for found in (gross, net)] == [120, 100]


def test_what_is_spent_from_as_of_on_is_not_known():
    """Rule V: neither the cost nor the ending of a later day."""
    facts = f"{THREE_OF_FOUR}\n\n{costs('red materials 30000 -')}"
    found = asked(facts, COST, as_of=date(2018, 2, 1))
    assert found["cost_so_far"].reason == "nothing_recorded"
    assert (found[COST].k, found[COST].n) == (0, 4)


def test_a_price_known_as_a_range_gives_a_range_and_never_one_number():
    """T8: 41 people against groups of 1 to 3 were a range of ratios; so are costs."""
    metric = UnitCost(
        name="cost_range",
        cases="""
SELECT person, group_id, started_on AS happened_on, NULL AS cents, NULL AS upto_cents,
  days_between(started_on, ended_on) AS days, ending AS event
FROM enrollments
UNION ALL SELECT NULL, group_id, happened_on, cents, minutes, NULL, NULL FROM costs""",
    )
    found = asked(f"{THREE_OF_FOUR}\n\n{costs('red materials 30000 60000')}", metric)
    assert (found["cost_so_far"].value, found["cost_range"].value) == (None, None)
    assert (found["cost_range"].low, found["cost_range"].high) == (100, 200)
    assert found["cost_range"].method == "range"


def test_hours_add_up_by_worker_or_by_head_and_unknown_minutes_are_not_zero():
    rows = (
        "facilitation 480 professional",
        "facilitation 90 peer",
        "coordination 120 -",
        "coordination - peer",
    )
    lines = "\n".join(f"{row} 2018-02-01" for row in rows)
    facts = f"costs\nhead minutes worker_kind happened_on\n{lines}"
    by_worker = asked(facts, "staff_hours")
    hours = {name: (figure.value, figure.censored) for name, figure in by_worker.items()}
    assert hours == {
        "peer": (1.5, 0.5),
        "professional": (8, 0),
        "not_stated": (2, 0),
        "all": (11.5, 0.25),
    }
    by_head = asked(facts, "staff_hours", policies={"hours_by": "head"})
    assert {name: figure.value for name, figure in by_head.items()} == {
        "facilitation": 9.5,
        "coordination": 2,
        "all": 11.5,
    }


def test_the_two_professionals_of_the_first_training_worked_256_hours(pytestconfig):
    """T9: 2 x 32 hours in each of four trainings; 6.2439 per person, 9.1429 per graduate."""
    with osa.open("memory:") as register:
        register.add(read_folder(pytestconfig.rootpath / "examples" / "wertzu"))
        hours = float(register.measure("staff_hours").figure("professional"))
        completed = register.measure("completion").figure("completed")
    assert hours == 256
    assert (hours / completed.n, hours / completed.k) == pytest.approx((6.2439, 9.1429), abs=5e-5)


# Gaps ----------------------------------------------------------------------------------------------


def arms(*counts):
    """Enrolments of arms: name, how many completed, left, and are open."""
    rows = []
    for place, (name, completed, left, still) in enumerate(counts):
        for ending, n in (("2018-03-01 completed", completed), ("2018-02-01 left", left)):
            rows += [f"p{place}-{ending[-4:]}-{i} - {name} 2018-01-01 {ending}" for i in range(n)]
        rows += [f"p{place}-open-{i} - {name} 2018-05-01 - -" for i in range(still)]
    return enrollments(*rows)


def test_each_arm_stands_against_all_others_and_not_stated_is_an_arm():
    """Y3: 3/4, 1/4 and of those who did not say 1/2; each against the other two together."""
    facts = arms(("hr", 3, 1, 0), ("rehab", 1, 3, 0), ("-", 1, 1, 0))
    found = asked(facts, "equity_gap")
    assert list(found) == ["hr", "rehab", "not_stated"]
    for name, (k1, n1, k2, n2) in {
        "hr": (3, 4, 2, 6),
        "rehab": (1, 4, 4, 6),
        "not_stated": (1, 2, 4, 8),
    }.items():
        figure = found[name]
        assert (figure.low, figure.high) == pytest.approx(newcombe(k1, n1, k2, n2))
        assert figure.value == pytest.approx(k1 / n1 - k2 / n2)
        assert figure.method == "newcombe"


def test_of_many_arms_only_what_chance_does_not_explain_stands_out():
    """Holm: with three arms 30 of 30 against 2 of 30 stands out, the middle one does not."""
    found = asked(arms(("a", 30, 0, 0), ("b", 2, 28, 0), ("c", 15, 15, 0)), "equity_gap")
    assert found["a"].notes == found["b"].notes == ("many_comparisons", "stands_out")
    assert found["c"].notes == ("many_comparisons",)


def test_a_difference_that_is_clear_alone_need_not_stand_out_among_many():
    """Of six arms, 9 of 10 against 27 of 50: p 0.034 alone, 0.2 when six are looked at."""
    rows = [("a", 9, 1, 0), *((name, 5, 5, 0) for name in "bcde"), ("f", 7, 3, 0)]
    found = asked(arms(*rows), "equity_gap")
    assert found["a"].low > 0
    assert found["a"].notes == ("many_comparisons",)


def test_two_arms_are_one_comparison_and_one_arm_is_none():
    """Rule Z: nobody to compare with, or nobody at all, is undefined."""
    assert all(
        not f.notes for f in asked(arms(("a", 1, 1, 0), ("b", 2, 0, 0)), "equity_gap").values()
    )
    (alone,) = asked(arms(("a", 3, 1, 0)), "equity_gap").values()
    assert (alone.status, alone.reason) == ("undefined", "one_group")
    (nobody,) = asked(enrollments("p1 - a - - -"), "equity_gap").values()
    assert nobody.reason == "no_cases"


def test_an_open_spell_is_not_counted_as_one_that_failed():
    """Rule C: both arms complete alike, one began later. By hand 3/4 - 3/8 would be a gap."""
    facts = arms(("early", 3, 1, 0), ("late", 3, 1, 4))
    found = asked(facts, "equity_gap", as_of=date(2018, 5, 11))
    figure = found["late"]
    assert figure.method == "aalen_johansen"
    assert figure.value == pytest.approx(0)
    assert figure.low == pytest.approx(-figure.high)
    assert figure.high == pytest.approx(1.959963984540054 * figure.std_err)


def test_arms_are_compared_on_the_last_day_on_which_both_are_known():
    """Rule C: the late arm is followed for 9 days; what the early one did later is no gap."""
    facts = enrollments(
        "a1 - a 2018-01-01 2018-01-06 completed",
        *(f"a{i} - a 2018-01-01 2018-02-01 completed" for i in range(2, 4)),
        "a4 - a 2018-01-01 - -",
        "b1 - b 2018-06-21 2018-06-26 completed",
        *(f"b{i} - b 2018-06-21 - -" for i in range(2, 5)),
    )
    found = asked(facts, "equity_gap")
    assert [figure.value for figure in found.values()] == [pytest.approx(0)] * 2


def test_other_endings_compete_and_are_not_censored():
    """Rule X: two of four die and two complete; of four others three complete, one is open.

    Were death a censoring, all who could have completed of the first four would have: 1 - 3/4.
    """
    facts = enrollments(
        *(f"a{i} - a 2018-01-01 2018-02-01 died" for i in range(2)),
        *(f"a{i} - a 2018-01-01 2018-03-01 completed" for i in range(2, 4)),
        *(f"b{i} - b 2018-01-01 2018-03-01 completed" for i in range(3)),
        "b3 - b 2018-04-01 - -",
    )
    figure = asked(facts, "equity_gap")["a"]
    assert figure.value == pytest.approx(1 / 2 - 3 / 4)


@pytest.mark.parametrize("arm", ["aim", "channel", "place", "setting"])
def test_people_can_be_compared_by_what_the_policy_says(arm):
    facts = """
        groups
        id     place   setting
        red    north   clinic
        blue   south   prison

        enrollments
        person group aim   channel  started_on  ended_on    ending
        p1     red   north clinic   2018-01-01  2018-03-01  completed
        p2     blue  south prison   2018-01-01  2018-03-01  left
    """
    found = asked(facts, "equity_gap", policies={"arm": arm})
    names = ["clinic", "prison"] if arm in ("channel", "setting") else ["north", "south"]
    assert list(found) == names
    assert [figure.value for figure in found.values()] == [1, -1]


def test_people_can_be_compared_by_what_they_said_last_of_themselves():
    """A trait that is said anew takes the place of the earlier one; one of another name none."""
    facts = f"""
        {enrollments("p1 - - 2018-01-01 2018-03-01 completed", "p2 - - 2018-01-01 2018-03-01 left")}

        traits
        person name   value  since
        p1     gender woman  2017-01-01
        p1     gender other  2018-01-01
        p1     stage  early  2018-02-01
        p2     gender woman  2017-01-01
    """
    assert list(asked(facts, equity_gap("gender"))) == ["other", "woman"]
    assert list(asked(facts, equity_gap("stage"))) == ["early", "not_stated"]
    assert equity_gap("stage").definition != equity_gap("gender").definition


# Spread --------------------------------------------------------------------------------------------


def groups_of(*counts):
    """Enrolments of groups: how many completed, left, and are open."""
    rows = []
    for number, (completed, left, still) in enumerate(counts):
        many = [
            *["2018-03-01 completed"] * completed,
            *["2018-03-01 left"] * left,
            *["- -"] * still,
        ]
        rows += [f"p{number}-{i} g{number} - 2018-01-01 {end}" for i, end in enumerate(many)]
    return enrollments(*rows)


def test_equal_groups_do_not_spread_and_very_different_ones_do():
    """Q2: the same share everywhere leaves no spread beyond chance; 1/20 and 19/20 leave much."""
    alike = asked(groups_of(*[(10, 10, 0)] * 4), "spread")
    assert (alike["tau"].value, alike["typical"].value) == (0, pytest.approx(0.5))
    apart = asked(groups_of((1, 19, 0), (19, 1, 0), (10, 10, 0)), "spread")
    assert apart["tau"].value > 1
    assert apart["another_group"].value is None
    wide, narrow = ((f.high - f.low) for f in (apart["another_group"], apart["typical"]))
    assert wide > narrow > 0


def test_no_figure_names_a_group_or_the_distance_of_two():
    found = asked(groups_of((1, 19, 0), (19, 1, 0), (10, 10, 0)), "spread")
    assert list(found) == ["typical", "another_group", "tau"]


def test_a_group_in_which_somebody_is_on_the_way_is_left_out_and_said_so():
    """Rule C: an open spell is no "no", and who is through already is not the group."""
    whole = asked(groups_of((5, 5, 0), (5, 5, 0), (5, 5, 0)), "spread")["typical"]
    with_open = asked(groups_of((5, 5, 0), (5, 5, 0), (5, 5, 0), (9, 0, 1)), "spread")["typical"]
    assert (with_open.value, with_open.n) == (whole.value, 30)
    assert with_open.notes == ("open_groups_left_out",)
    assert whole.notes == ()


def test_two_groups_say_nothing_of_a_third():
    """Rule Z, and G: fewer than three clusters."""
    assert {f.reason for f in asked(groups_of((5, 5, 0), (2, 8, 0)), "spread").values()} == {
        "too_few"
    }
    assert {f.reason for f in asked(groups_of((5, 5, 1)), "spread").values()} == {"not_known_yet"}
    people = enrollments("p1 - - 2018-01-01 2018-03-01 left")
    assert {f.reason for f in asked(people, "spread").values()} == {"no_cases"}


# Data ----------------------------------------------------------------------------------------------


def test_what_does_not_apply_is_not_missing_and_what_nobody_records_is_not_in_use():
    """D1, M41: an ending is expected once it has ended; a mode that nobody ever states is none."""
    facts = """
        enrollments
        person channel  informed_on offered_on  started_on  ended_on    ending
        p1     street   2018-01-01  2018-01-02  2018-01-03  2018-03-01  completed
        p2     -        -           2018-01-02  2018-01-03  2018-03-01  -
        p3     street   2018-01-01  -           -           -           -

        encounters
        peer happened_on area
        p1   2018-03-01  -
    """
    found = asked(facts, "completeness")
    said = {name: (figure.k, figure.n, figure.reason) for name, figure in found.items()}
    assert said["channel"] == (2, 3, "")
    assert said["ending"] == (1, 2, "")
    assert said["informed"] == (1, 2, "")
    assert said["offered"] == (2, 2, "")
    assert said["reached"] == (None, 3, "not_recorded")
    assert said["interviewed"] == (None, 2, "not_recorded")
    assert said["area"] == (None, 1, "not_recorded")
    assert all(figure.low is None for figure in found.values())


def test_a_stated_none_is_known():
    """F.22: "none" and "not stated" are two things."""
    facts = "encounters\npeer happened_on area\np1 2018-03-01 none\np1 2018-03-01 -"
    assert asked(facts, "completeness")["area"].value == 0.5


def test_presence_is_expected_only_of_who_was_there_to_come():
    """Not before the start, not after the end, not in a pause, not at a cancelled session."""
    facts = """
        enrollments
        id  person group started_on  ended_on    ending
        e1  p1     red   2018-01-02  2018-02-20  left
        e2  p2     red   2018-01-02  -           -

        pauses
        of  starts_on   ends_on
        e2  2018-01-10  2018-02-01

        sessions
        id  group  starts_at   status
        s1  red    2018-01-01  held
        s2  red    2018-01-15  held
        s3  red    2018-02-01  held
        s4  red    2018-02-08  cancelled
        s5  red    2018-03-01  held

        attendance
        session person status
        s2      p1     present
        s3      p1     excused
        s5      p1     present
    """
    found = asked(facts, "completeness")["attendance"]
    assert (found.k, found.n) == (2, 4)


def reached(*delays, reached_on=date(2018, 1, 1)):
    """People reached on one day and registered after so many days."""
    day = reached_on.toordinal()
    people = "\n".join(f"p{i} {date.fromordinal(day + d)}" for i, d in enumerate(delays))
    rows = "\n".join(f"p{i} {reached_on}" for i in range(len(delays)))
    return f"people\nid registered_on\n{people}\n\nenrollments\nperson reached_on\n{rows}"


def test_where_all_is_in_the_delay_is_what_everybody_would_count():
    found = asked(reached(0, 3, 7, 8, 31, 90), "reporting_delay")
    assert found["within_7_days"].value == pytest.approx(3 / 6)
    assert found["within_30_days"].value == pytest.approx(4 / 6)
    assert found["within_90_days"].value == 1
    assert found["median"].value == 7


def test_what_comes_late_is_not_here_yet_for_recent_days():
    """Rule L and F.30: ten days after the first contacts only quick ones are in. By hand: all."""
    old, recent = reached(0, 20), reached(0, 0, 0, reached_on=date(2018, 6, 25))
    table, facts = recent.replace("p", "q").split("\n\n")
    people, rows = (part.split("\n", 2)[2].replace("q", "r") for part in (table, facts))
    head, episodes = old.split("\n\n")
    both = f"{head}\n{people}\n\n{episodes}\n{rows}"
    found = asked(both, "reporting_delay")
    assert found["within_7_days"].value == pytest.approx(0.5)
    assert found["last_30_days"].value < 1


def test_a_delay_that_nobody_could_show_yet_is_undefined():
    """Rule Z: nobody has been known for 30 days."""
    found = asked(reached(0, 1, reached_on=date(2018, 6, 20)), "reporting_delay")
    assert found["within_7_days"].value == 1
    assert found["within_30_days"].reason == "beyond_follow_up"
    (nobody,) = asked(enrollments("p1 - - 2018-07-02 - -"), "reporting_delay").values()
    assert nobody.reason == "no_cases"


def test_registered_before_the_first_contact_or_years_later_is_left_out_and_said_so():
    found = asked(reached(-3, 0, 5), "reporting_delay")["within_7_days"]
    assert (found.n, found.notes) == (2, ("dates_out_of_order",))
    late = asked(reached(0, 400), "reporting_delay", as_of=date(2020, 1, 1))["within_7_days"]
    assert (late.n, late.notes) == (1, ("later_left_out",))


# Voice ---------------------------------------------------------------------------------------------


def test_who_has_just_joined_is_not_yet_silent():
    """Rule C: 89 days of membership without a contact are not known yet, 90 are a choice."""
    facts = """
        memberships
        person group starts_on
        p1     red   2018-04-01
        p2     red   2018-04-02
        p3     red   2018-05-01

        contacts
        person happened_on mode
        p3     2018-05-02  phone
    """
    found = asked(facts, "breadth_of_voice")["breadth_of_voice"]
    assert (found.k, found.n) == (1, 2)
    assert (found.low, found.high) == wilson(1, 2)
    assert found.censored == pytest.approx(1 / 3)


def test_a_decision_belongs_to_the_programme_of_its_forum():
    facts = """
        groups
        id    program
        red   verna
        blue  yhteiso

        decisions
        group matter owner  initiated_by decided_on  carried_out_on
        red   rules  staff  client       2018-01-01  2018-02-01
        blue  rules  client client       2018-01-01  -
    """
    assert list(asked(facts, "decisions", program="yhteiso")) == ["client"]
    by = asked(facts, "decisions", policies={"decisions_by": "initiator"})
    assert {name: (figure.k, figure.n) for name, figure in by.items()} == {"client": (2, 2)}
    with register_of(facts) as register:
        share, *curve = register.measure("decisions_carried_out", as_of=AS_OF)
    assert (share.at, share.k, share.n, share.value) == (None, 1, 2, pytest.approx(0.5))
    assert [(point.at, point.value) for point in curve][-1] == (31, pytest.approx(0.5))


def test_figures_of_a_period_are_of_what_began_in_it():
    """Rule H: half-open days; the costs of a period stand beside those who began in it."""
    facts = f"{THREE_OF_FOUR}\n\n{costs('red materials 30000 -')}"
    january = Period(date(2018, 1, 1), date(2018, 2, 1))
    february = Period(date(2018, 2, 1), date(2018, 3, 1))
    with register_of(facts) as register:
        result = register.measure(COST, as_of=AS_OF, periods=(january, february))
    found = {(f.period, f.name): f for f in result}
    assert found[january, "cost_so_far"].reason == "nothing_recorded"
    assert (found[january, COST].k, found[february, COST].reason) == (3, "no_cases")
    assert found[february, "cost_so_far"].value == 300


# What outsiders see is a function of rounded counts -----------------------------------------------

_ALIKE = st.integers(-2, 2)
"""What may be added to a multiple of five without another multiple being nearer."""


def _seen(metric, rows, grid=PROTECTED):
    """What draws show, without the true counts behind them."""
    drawn = osa.metric(metric).draw(rows, confidence=0.95, grid=grid)
    return [evolve(draw, tallies=(), watched=(), open=None) for draw in drawn]


@given(st.lists(_ALIKE, min_size=4, max_size=4))
def test_counts_that_round_alike_are_drawn_alike(more):
    """Rule D: whatever is added within the rounding, nothing that is shown moves (D.2)."""
    a, b, c, d = more

    def gap(x, y, z, w):
        return [("hr", 50, "completed", 20 + x), ("hr", 20, "left", 20 - x + y),
                ("rehab", 50, "completed", 10 + z), ("rehab", 20, "left", 30 - z + w)]  # fmt: skip

    assert _seen("equity_gap", gap(0, 0, 0, 0)) == _seen("equity_gap", gap(a, b, c, d))

    def cost(x, y):
        return [("g", 1, None, None, 2, 2, 90_000, 90_000), ("g", 0, 50, "completed", 30 + x, 0, 0, 0),
                ("g", 0, 20, "left", 10 - x + y, 0, 0, 0)]  # fmt: skip

    assert _seen("cost_per_completer", cost(0, 0)) == _seen("cost_per_completer", cost(a, b))

    def fields(x, y):
        return [("area", 1, 40 + x, 9), ("area", 0, 20 - x + y, 9)]

    assert _seen("completeness", fields(0, 0)) == _seen("completeness", fields(a, b))

    def lags(some):
        return [(400, delay, 20 * (i + 1) + x - (some[i - 1] if i else 0))
                for i, (delay, x) in enumerate(zip((5, 20, 60, 200), some, strict=True))]  # fmt: skip

    # each later sum of the product is rounded by itself: add within the sums, not to one row
    assert _seen("reporting_delay", lags([0, 0, 0, 0])) == _seen(
        "reporting_delay", lags([0, b, 0, 0])
    )


@pytest.mark.parametrize("all_of", ["a", "b"])
def test_all_or_none_of_an_arm_do_not_leave(all_of):
    """D.1.2: "everybody in a completed" says it of each of them."""
    counts = {name: (20, 0) if name == all_of else (10, 10) for name in "ab"}
    facts = arms(*((name, *ended, 0) for name, ended in counts.items()))
    with register_of(facts) as register:
        (result,) = register.release("equity_gap", as_of=AS_OF).results
    assert all(figure.status == "suppressed" for figure in result)


def test_that_all_completed_does_not_leave_with_their_cost():
    """D.1.2: the costs are the organisation's own; how many completed is of people."""
    people = [f"p{i} red - 2018-01-01 2018-03-01 completed" for i in range(20)]
    facts = f"{enrollments(*people)}\n\n{costs('red materials 30000 -')}"
    with register_of(facts) as register:
        (result,) = register.release(COST, as_of=AS_OF).results
    assert {figure.name: figure.status for figure in result} == {
        "cost_so_far": "shown",
        COST: "suppressed",
    }


def test_outsiders_too_see_recent_days_as_not_yet_complete():
    """Rule L: a hundred quick registrations of last week do not make the older ones quick."""
    old = [(400, 5, 20), (400, 20, 20), (400, 60, 20), (400, 200, 20)]
    drawn = _seen("reporting_delay", [*old, (3, 1, 100)])
    assert [draw.value for draw in drawn[:3]] == [0.25, 0.5, 0.75]


def test_the_spread_of_groups_does_not_leave():
    """Rounded to fives, groups of ten that are all alike would seem to differ much."""
    alike = [(f"g{i}", hit, n) for i in range(4) for hit, n in ((1, 7), (0, 3))]
    assert _seen("spread", alike, None)[2].value == 0
    for draw in osa.metric("spread").draw(alike, confidence=0.95, grid=PROTECTED):
        assert draw.value is draw.low is draw.n is None
        assert draw.tallies[0].label[0] == "hidden"


@pytest.mark.parametrize("metric", ["equity_gap", "completeness", "reporting_delay"])
def test_outsiders_see_whole_percents_and_no_standard_error(metric):
    rows = {
        "equity_gap": [
            *(("a", 9, "completed", 33), ("a", 9, "left", 20)),
            *(("b", 9, "left", 31), ("b", 9, "completed", 22), ("b", 9, None, 14)),
        ],
        "completeness": [("area", 1, 33, 9), ("area", 0, 31, 9)],
        "reporting_delay": [(400, 3, 33), (400, 20, 31), (400, 99, 20)],
    }[metric]
    for draw in _seen(metric, rows):
        shares = [x for x in (draw.value, draw.low, draw.high) if x is not None]
        assert all(round(share, 2) == share for share in shares)
        assert draw.std_err is None
        assert (draw.n or 0) % 5 == 0


def test_a_rounded_part_is_never_more_than_its_whole():
    """13 of 14 are 15 of 15, not 15 of 14 or 107 %; 2 of 3 are none of 5."""
    (draw,) = _seen("completeness", [("area", 1, 13, 9), ("area", 0, 1, 1)])
    assert (draw.k, draw.n, draw.value) == (15, 15, 1)
    (draw,) = _seen("completeness", [("area", 1, 2, 2), ("area", 0, 1, 1)])
    assert (draw.k, draw.n, draw.reason) == (None, 5, "not_recorded")
