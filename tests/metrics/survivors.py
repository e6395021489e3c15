"""The changes of SQL that no fact can show: each of these mutants means what the original means.

A mutant is named by its piece of the SQL, and by the change within its text. The pieces are in
``tests/generative/mutants.py``.
"""

SAME_DAY = "where the two days, or numbers of days, are equal it does not matter which is taken"
ONE_EVENT = "all endings are taken for one, whatever they are called"
EARLIER = "who was reached on the earlier day was taken by the branch before"
ONE_CASE = "what is counted is there once in every place, or is nobody"
DIFFERENT = "rows that carry the id of their fact are never equal"
AFTER_PAUSE = (
    "who is in an open pause is left out, and of the sessions only those after the last pause count"
)
EXISTS = "whether there is a row does not depend on what is selected of it"
UNREAD = "the metric, or every metric of this piece, does not read this column"
ANY_ORDER = "whether all of several are NULL does not depend on their order"
ONE_SCALE = "the scale of the metric is the total, so that the branch of all scales is never taken"
LEAST = "the least of several days is the same however often it is named"
ONE_VALUE = "only one of the rows is asked, and the most and least of one value are that value"
RUNNING = "the rows of this branch are there while the clock runs, when pauses are not read"
NO_LENGTH = "a day that is named twice only adds a piece of no length beside one that begins there"
LATER = "what comes later is never on the day of the first, and each begins once"
A_SET = "what is in a list does not depend on how often it is there"


EQUIVALENT: dict[str, str] = {
    "recruitment_funnel cases: HEN informed_on <= COALESCE( [reached_on, informed_on -> informed_on, reached_on] ) AND informed_on <=": EARLIER,
    "interview_outcomes table: period_, label, 2 AS part, [COUNT(DISTINCT -> COUNT(] case_id) AS n, COUN": ONE_CASE,
    "absence_run cases: s_on AND (p.ends_on IS NULL [OR -> AND] s.starts_on < p.end": AFTER_PAUSE,
    "retention cases: n IS NOT NULL THEN COALESCE( [ending, 'not_stated' -> 'not_stated', ending] ) END AS event, paus": ONE_EVENT,
    "expected_days cases: NULL THEN COALESCE(ending, ['not_stated' -> 'left'] ) END AS event, paus": ONE_EVENT,
    "on_time table: entry_days, CASE WHEN days [> -> >=] (plan_days + 14) TH": SAME_DAY,
    "duration_held table: entry_days, CASE WHEN days [> -> >=] (plan_days + 14) TH": SAME_DAY,
    "waiting_time cases: interviewed_on <= COALESCE( [reached_on, interviewed_on -> interviewed_on, reached_on] ) AND interviewed_on": EARLIER,
    "coming_back cases: day(CASE WHEN p.ends_on [< -> <=] COALESCE(e.ended_on": SAME_DAY,
    "coming_back cases: d' AND NOT EXISTS (SELECT [1 -> 0] FROM started AS o W": EXISTS,
    "first_peer_activity cases: e_on IS NULL OR x.active_on [<= -> <] x.gone_on) THEN": SAME_DAY,
    "role_pauses cases: BY ends_on DESC, starts_on [DESC -> ASC] , id DESC) AS from_l": UNREAD,
    "role_pauses cases: MAX(CASE WHEN from_last = [1 -> 0] THEN ending END) AS": UNREAD,
    "role_pauses cases: on, CASE WHEN p.ends_on [< -> <=] m.seen_on THEN p.en": SAME_DAY,
    "team_transition cases: , CASE WHEN j.joined_on [< -> <=] e.ended_on THEN e.e": SAME_DAY,
    "pathways cases: le, starts_on FROM firsts [UNION ALL -> UNION] SELECT person, ro": LATER,
    "linkage table: AS days, CASE WHEN COALESCE( [visited_on, attached_on -> attached_on, visited_on] ) IS NOT NULL THEN '": ANY_ORDER,
    "reliable_change cases: :scale = 'each' AND s.scale [<> -> =] 'total')) AND s": ONE_SCALE,
    "goals_reached cases: ed' THEN NULL WHEN ended_on [IS NOT NULL -> IS NULL] OR planned_end_on <": UNREAD,
    "cadence_held table: _on < CASE WHEN period_ends [< -> <=] :as_of THEN period_ #2": SAME_DAY,
    "cadence_held table: ELSE CASE WHEN period_ends [< -> <=] :as_of THEN period_ #2": SAME_DAY,
    "cadence_received table: ELSE CASE WHEN period_ends [< -> <=] :as_of THEN period_": SAME_DAY,
    "cadence_received table: ELSE CASE WHEN period_ends [< -> <=] :as_of THEN period_ #2": SAME_DAY,
    "entry_rate table: ELSE CASE WHEN period_ends [< -> <=] :as_of THEN period_": SAME_DAY,
    "contact_rate cases: active WHERE EXISTS (SELECT [1 -> 0] FROM contacts) UNIO": EXISTS,
    "case_load table: period_ends ELSE :as_of END [> -> >=] period_starts THEN #2": SAME_DAY,
    "case_load table: f END AND CASE WHEN ends_on [< -> <=] CASE WHEN period_en": SAME_DAY,
    "community_size table: eriod_, hit, COUNT(*) AS n, [COUNT(DISTINCT -> COUNT(] person) AS persons": ONE_CASE,
    "completeness cases: SE WHEN EXISTS ( SELECT [1 -> 0] FROM attendance AS": EXISTS,
    "reporting_delay cases: ERE informed_on IS NOT NULL [UNION ALL -> UNION] SELECT person, inte": LEAST,
    "decisions table: UNT(DISTINCT case_id) AS n, [COUNT(DISTINCT -> COUNT(] person) AS persons": ONE_CASE,
    "decisions table: THEN 0 ELSE 1 END AS part, [COUNT(DISTINCT -> COUNT(] case_id) AS n, COUN": ONE_CASE,
    "family episodes: person END) AS person, [MAX -> MIN] (CASE WHEN place = 1": ONE_VALUE,
    "family episodes: d_end_on, ended_on, ending, [0 -> 1] AS paused_days FR": RUNNING,
    "family episodes: ed_on END) AS ended_on, [MAX -> MIN] (CASE WHEN from_last": ONE_VALUE,
    "family episodes: h' AND :clock = 'running' [UNION ALL -> UNION] SELECT j.id, j.pe": DIFFERENT,
    "family active: arts_on AS day FROM spans [UNION -> UNION ALL] SELECT person, ends": NO_LENGTH,
    "family active: es AS p ON p.of_id = h.id [UNION -> UNION ALL] SELECT h.person, p.": NO_LENGTH,
    "relation guidance: ted_on < :as_of OR COALESCE( [offered_on, started_on -> started_on, offered_on] ) IS NULL) AND progr": ANY_ORDER,
    "relation linkages: ECT person FROM enrollments [UNION -> UNION ALL] SELECT person FROM": A_SET,
    "relation memberships: on, mode, CASE WHEN ends_on [< -> <=] :as_of THEN ending": UNREAD,
}
