"""Every metric by example: these facts, therefore these figures, worked out by hand."""

from __future__ import annotations

from datetime import date

import osallisuus as osa
from tests.spec.tables import figures, register_of, table

NEW_YEAR = date(2019, 1, 1)


def test_people_and_episodes_are_two_numbers():
    """Anna came back in autumn: two people, three episodes. Cara was offered a place, no more."""
    register = register_of("""
        enrollments
        person  offered_on  started_on  ended_on
        anna    2018-01-02  2018-01-08  2018-05-08
        anna    -           2018-09-03  -
        ben     -           2018-02-01  2018-03-01
        cara    2018-02-01  -           -
    """)
    assert figures(register.measure("people_and_episodes"), "name value") == table("""
        persons   2
        episodes  3
    """)


def test_people_of_two_periods_do_not_add_up_to_all_people():
    """Anna is in both halves of the year, so 2 and 1 people are 2 and not 3."""
    register = register_of("""
        enrollments
        person  started_on  ended_on
        anna    2018-01-08  2018-05-08
        anna    2018-09-03  -
        ben     2018-02-01  2018-07-01
    """)
    halves = [
        osa.Period(date(2018, 1, 1), date(2018, 7, 1)),
        osa.Period(date(2018, 7, 1), NEW_YEAR),
    ]
    result = register.measure("people_and_episodes", periods=halves, as_of=NEW_YEAR)
    assert figures(result, "period name value") == table("""
        2018-01-01..2018-07-01  persons   2
        2018-01-01..2018-07-01  episodes  2
        2018-07-01..2019-01-01  persons   1
        2018-07-01..2019-01-01  episodes  1
    """)


def test_who_is_still_waiting_is_not_lost_on_the_way():
    """Of four reached, three came to the interview after 10, 20 and 30 days, and Cara waits.

    1 - 3/4 x 2/3 x 1/2 = 0.75. Nobody noted who was informed: that is said, not shown as 0. Dan's
    interview is not dated, but he was offered a place, so he counts as interviewed (imputed).
    Ben declined: he competes, and of the three two were offered a place and both started.
    """
    register = register_of("""
        enrollments
        person  reached_on  interviewed_on  offered_on  started_on  ended_on    ending
        anna    2018-01-01  2018-01-11      2018-01-15  2018-02-01  -           -
        ben     2018-01-01  2018-01-21      -           -           2018-01-25  declined
        cara    2018-01-01  -               -           -           -           -
        dan     2018-01-01  -               2018-01-31  2018-02-01  -           -
    """)
    result = register.measure("recruitment_funnel", as_of=date(2018, 3, 1))
    columns = "name value low high k n censored reason notes"
    shown = figures(result, columns).splitlines()
    assert "\n".join(line for line in shown if not line.startswith("to_int")) == table("""
        reached         4       -       -       -  4  -       -             -
        informed        -       -       -       -  -  -       not_recorded  -
        interviewed     3       -       -       -  3  -       -             imputed
        offered         2       -       -       -  2  -       -             -
        to_offered      0.6667  0.2077  0.9385  2  3  0.0000  -             -
        started         2       -       -       -  2  -       -             -
        to_started      1.0000  0.3424  1.0000  2  2  0.0000  -             -
    """)
    assert (
        figures([result.figure("to_interviewed")], "value k n censored notes")
        == "0.7500 3 4 0.2500 still_open"
    )


def test_not_known_yet_is_never_a_no():
    """Anna came. Ben excused himself and left: no. Of Cara nothing was noted, Dan was transferred
    before anything was: not known yet. So 1 of 2, and half of the four not known.
    """
    register = register_of("""
        enrollments
        person  group  offered_on  ended_on    ending
        anna    red    2018-01-02  -           -
        ben     red    2018-01-02  2018-02-01  left
        cara    red    2018-01-02  -           -
        dan     red    2018-01-02  2018-01-05  transferred

        sessions
        id  group  starts_at   status
        s1  red    2018-01-08  held
        s2  red    2018-01-15  cancelled

        attendance
        session  person  status
        s1       anna    present
        s1       ben     excused
    """)
    result = register.measure("first_session", as_of=NEW_YEAR)
    assert figures(result, "value low high k n censored") == table("""
        0.5000  0.0945  0.9055  1  2  0.5000
    """)


def test_attendance_counts_what_was_offered_and_leaves_out_pauses():
    """Anna was present at 3 of 4. Ben paused over the middle two and was present at both others:
    5 of 6, not 5 of 8. The cancelled session was no offer; the end of a pause is no longer in it.
    """
    register = register_of("""
        enrollments
        id  person  group  started_on
        e1  anna    red    2018-01-08
        e2  ben     red    2018-01-08

        pauses
        of  starts_on   ends_on
        e2  2018-01-15  2018-01-29

        sessions
        id  group  starts_at   status
        s1  red    2018-01-08  held
        s2  red    2018-01-15  held
        s3  red    2018-01-22  held
        s4  red    2018-01-29  held
        s5  red    2018-02-05  cancelled

        attendance
        session  person  status
        s1       anna    present
        s2       anna    excused
        s3       anna    present
        s4       anna    present
        s1       ben     present
        s3       ben     absent
        s4       ben     present
    """)
    result = register.measure("attendance", as_of=NEW_YEAR)
    assert figures(result, "value k n persons censored notes") == table("""
        0.8333  5  6  2  0.0000  few_clusters
    """)


def test_attendance_that_nobody_noted_is_unknown():
    """Two were offered one session each, of one nothing is noted: 1 of 1, half unknown."""
    register = register_of("""
        enrollments
        person  group  started_on
        anna    red    2018-01-08
        ben     red    2018-01-08

        sessions
        id  group  starts_at
        s1  red    2018-01-08

        attendance
        session  person  status
        s1       anna    present
    """)
    result = register.measure("attendance", as_of=NEW_YEAR)
    assert figures(result, "value k n persons censored") == "1.0000 1 1 1 0.5000"


def test_staying_counts_who_is_still_there_for_as_long_as_they_are_seen():
    """Four began; one left on day 10, one completed on day 20, Cara is seen to day 30, the last
    left on day 40: 3/4, 3/4 x 2/3, and 0. Between 20 and 40 it is one half: the median is 30.
    """
    register = register_of("""
        enrollments
        person  started_on  ended_on    ending
        anna    2018-01-01  2018-01-11  left
        ben     2018-01-01  2018-01-21  completed
        cara    2018-05-01  -           -
        dan     2018-01-01  2018-02-10  left
    """)
    result = register.measure("retention", as_of=date(2018, 6, 1))
    assert figures(result, "name at value at_risk n censored") == table("""
        in_programme  0   1.0000  4  4  0.2500
        in_programme  10  0.7500  4  4  0.2500
        in_programme  20  0.5000  3  4  0.2500
        in_programme  40  0.0000  1  4  0.2500
        median        -   30.0000 - 4  0.2500
    """)


def test_a_pause_is_no_ending_and_the_clock_keeps_running():
    """Anna paused for two weeks of the twenty days until she left: she left on day 20."""
    register = register_of("""
        enrollments
        id  person  started_on  ended_on    ending
        e1  anna    2018-01-01  2018-01-21  left

        pauses
        of  starts_on   ends_on
        e1  2018-01-05  2018-01-19
    """)
    result = register.measure("retention", as_of=NEW_YEAR)
    assert [figure.at for figure in result if figure.name == "in_programme"] == [0, 20]


def test_ways_to_leave_compete_and_those_still_there_are_not_ignored():
    """Ten people, in weeks: completed 1, 2, 4, 8; left 3, 5, 6; still there after 3, 6 and 12.

    Shares by week 8: completed 0.4917, left 0.3333, still there 0.1750: together 1. Counting
    those who left as if they could still complete would say 0.6667.
    """
    register = register_of("""
        enrollments
        person  started_on  ended_on    ending
        p01     2018-01-01  2018-01-08  completed
        p02     2018-01-01  2018-01-15  completed
        p03     2018-01-01  2018-01-22  left
        p04     2018-12-10  -           -
        p05     2018-01-01  2018-01-29  completed
        p06     2018-01-01  2018-02-05  left
        p07     2018-11-19  -           -
        p08     2018-01-01  2018-02-12  left
        p09     2018-01-01  2018-02-26  completed
        p10     2018-10-08  -           -
    """)
    result = register.measure("leaving", as_of=NEW_YEAR)
    assert figures(result, "name at value") == table("""
        completed  0   0.0000
        completed  7   0.1000
        completed  14  0.2000
        completed  28  0.3167
        completed  56  0.4917
        left       0   0.0000
        left       21  0.1000
        left       35  0.2167
        left       42  0.3333
    """)
    staying = register.measure("retention", as_of=NEW_YEAR)
    assert figures([staying.figure("in_programme", at=56)], "value") == "0.1750"


def _group_of(completed: int, left: int) -> osa.Register:
    ways = ["completed"] * completed + ["left"] * left
    rows = "\n".join(f"p{number:02} 2018-01-08 2018-05-08 {way}" for number, way in enumerate(ways))
    return register_of(f"enrollments\nperson started_on ended_on ending\n{rows}")


def test_28_of_41_completed():
    """All are closed, so completion is the plain share with Wilson's interval."""
    result = _group_of(28, 13).measure("completion", as_of=NEW_YEAR)
    assert figures(result, "value low high k n method") == "0.6829 0.5302 0.8044 28 41 wilson"


def test_29_of_38_completed():
    """Another group: its share, too, is of those who began."""
    result = _group_of(29, 9).measure("completion", as_of=NEW_YEAR)
    assert figures(result, "value low high k n method") == "0.7632 0.6079 0.8701 29 38 wilson"


def test_completion_of_a_young_group_does_not_count_the_others_as_failed():
    """Ben completed after 10 days when the two others were still there: 1/3 so far, and Cara, who
    has been there for 5 days only, says nothing against it: of the two seen for 10 days 1/2.
    """
    register = register_of("""
        enrollments
        person  started_on  ended_on    ending
        anna    2018-01-01  -           -
        ben     2018-01-01  2018-01-11  completed
        cara    2018-01-26  -           -
    """)
    result = register.measure("completion", as_of=date(2018, 2, 1))
    assert figures(result, "value k n censored notes") == "0.5000 1 3 0.6667 still_open"


def test_without_cases_a_figure_is_undefined_and_not_0():
    """Nobody has begun: the figure says so and refuses to be a number."""
    register = register_of("""
        enrollments
        person  offered_on
        anna    2018-01-08
    """)
    for name in ("completion", "retention", "leaving", "attendance", "role_occupancy"):
        (figure,) = register.measure(name, as_of=NEW_YEAR)
        assert (figure.value, figure.status, figure.reason) == (None, "undefined", "no_cases")


def test_stepping_back_from_a_role_is_a_move_like_any_other():
    """Anna was a peer from day 10 to day 20, Ben never: 0, then 1 of 2, then 0 again.

    The two spans of hers overlap and are one. Nobody is ahead of anybody.
    """
    register = register_of("""
        enrollments
        person  started_on
        anna    2018-01-01
        ben     2018-01-01

        roles
        person  role  starts_on   ends_on
        anna    peer  2018-01-11  2018-01-18
        anna    peer  2018-01-15  2018-01-21
    """)
    result = register.measure("role_occupancy", as_of=date(2018, 2, 1))
    assert figures(result, "name at value k at_risk") == table("""
        peer  0   0.0000  0  2
        peer  10  0.5000  1  2
        peer  20  0.0000  0  2
        peer  30  0.0000  0  2
    """)


def test_peer_work_may_begin_after_completion_and_leaving_competes():
    """Anna met somebody on day 10; Ben completed on day 20 and met somebody on day 40; Cara left
    on day 14 without having begun: 2 of 3, a third by day 10.
    """
    register = register_of("""
        enrollments
        person  started_on  ended_on    ending
        anna    2018-01-01  -           -
        ben     2018-01-01  2018-01-21  completed
        cara    2018-01-01  2018-01-15  left

        encounters
        peer    happened_on
        anna    2018-01-11
        anna    2018-01-12
        ben     2018-02-10
    """)
    result = register.measure("first_peer_activity", as_of=NEW_YEAR)
    assert figures(result, "name at value k n") == table("""
        active  -   0.6667  2  3
        active  0   0.0000  -  3
        active  10  0.3333  -  3
        active  40  0.6667  -  3
    """)


def test_themes_are_shares_of_the_encounters_that_name_any():
    """Four encounters, one without a theme: home in 2 of 3, the others in 1 of 3, a quarter
    unknown. A theme named twice on one form counts once.
    """
    register = register_of("""
        encounters
        id  peer  happened_on
        n1  anna  2018-01-08
        n2  anna  2018-01-09
        n3  ben   2018-01-10
        n4  ben   2018-01-11

        encounter_themes
        encounter  theme
        n1         home
        n1         home
        n1         money
        n2         home
        n4         health
    """)
    result = register.measure("encounter_themes", as_of=NEW_YEAR)
    assert figures(result, "name value low high k n censored") == table("""
        health  0.3333  0.0615  0.7923  1  3  0.2500
        home    0.6667  0.2077  0.9385  2  3  0.2500
        money   0.3333  0.0615  0.7923  1  3  0.2500
    """)


def test_what_happened_later_is_not_known_yet():
    """Asked as of the day on which Anna completed, she is still there; a day later she is not."""
    register = register_of("""
        enrollments
        person  started_on  ended_on    ending
        anna    2018-01-01  2018-02-01  completed
    """)
    before = register.measure("completion", as_of=date(2018, 2, 1)).figure()
    after = register.measure("completion", as_of=date(2018, 2, 2)).figure()
    assert (before.k, before.n, before.censored) == (0, 1, 1)
    assert (after.k, after.n, after.censored) == (1, 1, 0)
