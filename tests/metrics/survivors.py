"""The changes of SQL that no fact can show: each of these mutants means what the original means.

A mutant is named by its metric, the shape in which it was asked, and the change within its text.
"""

UNREAD = "the metric does not read this column"
GUARDED = "where the column is read, the end is asked for first, and before that day there is none"
DATED = "a row whose first date is that day is not known on it: the row is cut off as a whole"
AFTER = "every session is before that day, so that an end on it and no end are alike"
ANY_ORDER = "whether all of several are NULL does not depend on their order"
NUMBERED = "rows that carry the number of their period are never equal"
ONE_OF_TWO = "nothing is closed that has started, so that only one of the two is ever stated"
LAST_STAGE = "who is in the last stage has its date: the branch is never taken"
ONE_VALUE = "only one person has the rank 2, and the most and least of one value are that value"
STAYS = "a move from a state into itself is none, and the arrival in it is last seen at once"
SAME_DAY = "where the two days are equal it does not matter which is taken"
ALWAYS_FOUND = "a case is its own encounter, so that one is always found"
FORWARD = "no spell ends before it begins or begins before the origin"


EQUIVALENT: dict[str, str] = {
    "people_and_episodes 0: tarts_on, CASE WHEN ends_on [< -> <=] :as_of THEN ends_on": UNREAD,
    "people_and_episodes 0: d_on, CASE WHEN informed_on [< -> <=] :as_of THEN informe": UNREAD,
    "people_and_episodes 0: ending, CASE WHEN ended_on [< -> <=] :as_of THEN decided": UNREAD,
    "people_and_episodes 0: starts_, :p0_ends AS ends_ [UNION ALL -> UNION] SELECT 1 AS period_": NUMBERED,
    "people_and_episodes 0: starts_, :p1_ends AS ends_ [UNION ALL -> UNION] SELECT 2 AS period_": NUMBERED,
    "people_and_episodes 1: n, CASE WHEN interviewed_on [< -> <=] :as_of THEN intervi": UNREAD,
    "people_and_episodes 1: enrollments WHERE (COALESCE( [reached_on, informed_on -> informed_on, reached_on] , interviewed_on, of": ANY_ORDER,
    "people_and_episodes 1: starts_, :p0_ends AS ends_ [UNION ALL -> UNION] SELECT 1 AS period_": NUMBERED,
    "recruitment_funnel 0: , aim, CASE WHEN reached_on [< -> <=] :as_of THEN reached": DATED,
    "recruitment_funnel 0: ending, CASE WHEN ended_on [< -> <=] :as_of THEN decided": UNREAD,
    "recruitment_funnel 0: ed, CAST(julianday(COALESCE( [started_on, closed_on -> closed_on, started_on] , :last_day)) - juli": ONE_OF_TWO,
    "recruitment_funnel 1: HEN started_on IS NULL THEN [0 -> 1] ELSE 1 END AS recor": LAST_STAGE,
    "first_session 0: tarts_on, CASE WHEN ends_on [< -> <=] :as_of THEN ends_on": UNREAD,
    "first_session 0: n, CASE WHEN interviewed_on [< -> <=] :as_of THEN intervi": UNREAD,
    "first_session 0: enrollments WHERE (COALESCE( [reached_on, informed_on -> informed_on, reached_on] , interviewed_on, of": ANY_ORDER,
    "first_session 1: , aim, CASE WHEN reached_on [< -> <=] :as_of THEN reached": UNREAD,
    "first_session 1: nded_on, CASE WHEN ended_on [< -> <=] :as_of THEN ending": GUARDED,
    "first_session 1: starts_, :p0_ends AS ends_ [UNION ALL -> UNION] SELECT 1 AS period_": NUMBERED,
    "attendance 0: tarts_on, CASE WHEN ends_on [< -> <=] :as_of THEN ends_on": UNREAD,
    "attendance 0: n, CASE WHEN interviewed_on [< -> <=] :as_of THEN intervi": UNREAD,
    "attendance 0: enrollments WHERE (COALESCE( [reached_on, informed_on -> informed_on, reached_on] , interviewed_on, of": ANY_ORDER,
    "attendance 0: tarts_on, CASE WHEN ends_on [< -> <=] :as_of THEN ends_on #2": AFTER,
    "attendance 0: nknown_, MAX(y) AS largest, [MAX -> MIN] (CASE WHEN rank_ = 2": ONE_VALUE,
    "attendance 1: , aim, CASE WHEN reached_on [< -> <=] :as_of THEN reached": UNREAD,
    "attendance 1: nded_on, CASE WHEN ended_on [< -> <=] :as_of THEN ending": UNREAD,
    "attendance 1: tarts_on, CASE WHEN ends_on [< -> <=] :as_of THEN ends_on": AFTER,
    "retention 0: tarts_on, CASE WHEN ends_on [< -> <=] :as_of THEN ends_on": UNREAD,
    "retention 0: d_on, CASE WHEN informed_on [< -> <=] :as_of THEN informe": UNREAD,
    "retention 0: nded_on, CASE WHEN ended_on [< -> <=] :as_of THEN ending": GUARDED,
    "retention 1: n, CASE WHEN interviewed_on [< -> <=] :as_of THEN intervi": UNREAD,
    "retention 1: ending, CASE WHEN ended_on [< -> <=] :as_of THEN decided": UNREAD,
    "leaving 0: tarts_on, CASE WHEN ends_on [< -> <=] :as_of THEN ends_on": UNREAD,
    "leaving 0: d_on, CASE WHEN informed_on [< -> <=] :as_of THEN informe": UNREAD,
    "leaving 0: nded_on, CASE WHEN ended_on [< -> <=] :as_of THEN ending": GUARDED,
    "leaving 1: n, CASE WHEN interviewed_on [< -> <=] :as_of THEN intervi": UNREAD,
    "leaving 1: ending, CASE WHEN ended_on [< -> <=] :as_of THEN decided": UNREAD,
    "completion 0: tarts_on, CASE WHEN ends_on [< -> <=] :as_of THEN ends_on": UNREAD,
    "completion 0: d_on, CASE WHEN informed_on [< -> <=] :as_of THEN informe": UNREAD,
    "completion 0: ending, CASE WHEN ended_on [< -> <=] :as_of THEN decided": UNREAD,
    "completion 1: , aim, CASE WHEN reached_on [< -> <=] :as_of THEN reached": UNREAD,
    "completion 1: ed_on, CASE WHEN offered_on [< -> <=] :as_of THEN offered": UNREAD,
    "completion 1: nded_on, CASE WHEN ended_on [< -> <=] :as_of THEN ending": GUARDED,
    "role_occupancy 0: s > entry_days OR (days = 0 [AND -> OR] entry_days = 0)) SE": FORWARD,
    "role_occupancy 1: nded_on, CASE WHEN ended_on [< -> <=] :as_of THEN ending": UNREAD,
    "role_occupancy 1: entry_days = days AND days [> -> >=] 0 THEN from_state E": STAYS,
    "first_peer_activity 0: tarts_on, CASE WHEN ends_on [< -> <=] :as_of THEN ends_on": UNREAD,
    "first_peer_activity 0: d_on, CASE WHEN informed_on [< -> <=] :as_of THEN informe": UNREAD,
    "first_peer_activity 0: nded_on, CASE WHEN ended_on [< -> <=] :as_of THEN ending": GUARDED,
    "first_peer_activity 0: ends_on, CASE WHEN ends_on [< -> <=] :as_of THEN ending": UNREAD,
    "first_peer_activity 0: e_on IS NULL OR x.active_on [<= -> <] x.gone_on) THEN": SAME_DAY,
    "first_peer_activity 1: n, CASE WHEN interviewed_on [< -> <=] :as_of THEN intervi": UNREAD,
    "first_peer_activity 1: enrollments WHERE (COALESCE( [reached_on, informed_on -> informed_on, reached_on] , interviewed_on, of": ANY_ORDER,
    "encounter_themes 0: , aim, CASE WHEN reached_on [< -> <=] :as_of THEN reached": UNREAD,
    "encounter_themes 0: ed_on, CASE WHEN offered_on [< -> <=] :as_of THEN offered": UNREAD,
    "encounter_themes 0: ending, CASE WHEN ended_on [< -> <=] :as_of THEN decided": UNREAD,
    "encounter_themes 0: AS period_ FROM cases AS c [LEFT JOIN -> JOIN] encounters AS s0 ON": ALWAYS_FOUND,
    "encounter_themes 1: starts_, :p0_ends AS ends_ [UNION ALL -> UNION] SELECT 1 AS period_": NUMBERED,
}
