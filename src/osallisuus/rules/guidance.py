"""Individual guidance on a day: where each case stands, its talks, goals and working time.

Using the service is voluntary: a user ends it at any time and no reason has a place (K8). While the
guide is on a pause the case is on hold, or goes on with another guide as a second case that follows
with the user's consent. A programme that states no talks is owed none (Q27).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final, Literal, TypeAlias

from osallisuus.model.facts import (
    Cost,
    Fact,
    Goal,
    GoalRating,
    Guidance,
    Pause,
    Review,
    RoleSpan,
)
from osallisuus.model.offering import ReviewPoint
from osallisuus.model.program import Program
from osallisuus.model.stated import Code, each
from osallisuus.rules.goals import score_goals
from osallisuus.rules.scoring import NotComputable, Partial, Score
from osallisuus.rules.states import guidance_state, paused_on, role_state
from osallisuus.rules.tables import grouped, next_case, tables
from osallisuus.time import Period
from osallisuus.values import frozen

__all__ = [
    "NEAR",
    "GuidanceCase",
    "OwnGoal",
    "Talk",
    "TalkStanding",
    "WorkingTime",
    "cases_on",
    "reviews_due",
    "working_time",
]

NEAR: Final = 28
"""Days before the planned end from which the closing talk is due; a reminder, no rule of a source."""

TalkStanding: TypeAlias = Literal["held", "due", "later", "not_held"]
"""Of one talk: it was held; it is time for it; not yet; the case ended without it."""

_GUIDES: Final = ("peer_guide", "lead_peer_guide")
_OVER: Final = ("closed", "ended_by_user", "reassigned", "moved_on")


@frozen(kw_only=True)
class Talk:
    """A talk that the programme has with everybody in guidance, and whether it was held (K23)."""

    point: ReviewPoint
    standing: TalkStanding
    held_on: date | None = None


@frozen(kw_only=True)
class OwnGoal:
    """A goal of the user's own, and its latest level, -2 to 2; ``None`` = not rated yet."""

    goal: Goal
    level: int | None = None


@frozen(kw_only=True)
class GuidanceCase:
    """One case on one day.

    ``attainment`` is the T-score of goal attainment, beside the goals and never instead of them
    (:func:`osallisuus.rules.goals.score_goals`). ``followed_by`` is the case that went on from it.
    """

    case: Guidance
    state: str
    talks: tuple[Talk, ...]
    goals: tuple[OwnGoal, ...]
    attainment: Score | Partial | NotComputable
    days_left: int
    """Days from the day of the view to the planned end; below 0 when that has passed."""
    followed_by: Guidance | None = None

    @property
    def due(self) -> tuple[Talk, ...]:
        """The talks whose time has come and that have not been held."""
        return tuple(talk for talk in self.talks if talk.standing == "due")


@frozen(kw_only=True)
class WorkingTime:
    """Minutes of work of one kind; ``None`` = the time of some of it is not known (W23)."""

    head: Code
    worker_kind: Code | None
    minutes: int | None


def cases_on(
    program: Program, facts: Iterable[Fact], *, on: date, near: int = NEAR
) -> tuple[GuidanceCase, ...]:
    """Every case of *program* that has been offered or started by that day, by planned end."""
    rows = tables(facts)
    around = _Around(
        reviews=grouped(rows, "reviews", "guidance"),
        goals=grouped(rows, "goals", "guidance"),
        ratings=grouped(rows, "goal_ratings", "goal"),
        roles=grouped(rows, "roles", "person"),
        pauses=grouped(rows, "pauses", "of"),
        cases=grouped(rows, "guidance", "person"),
    )
    found = [
        _case(program, case, around, on, near)
        for case in rows.get("guidance", ())
        if case.program == program.name
    ]
    begun = [one for one in found if one.state != "not_begun"]
    return tuple(sorted(begun, key=lambda one: (one.case.planned_end_on, one.case.id)))


def reviews_due(
    program: Program, facts: Iterable[Fact], *, on: date, near: int = NEAR
) -> tuple[GuidanceCase, ...]:
    """The open cases in which it is time for a talk that has not been held, by planned end (U10).

    The opening talk is due from the start, the mid-term review from the middle of the term, the
    closing talk from *near* days before the planned end.
    """
    return tuple(one for one in cases_on(program, facts, on=on, near=near) if one.due)


def working_time(
    program: Program, facts: Iterable[Fact], *, period: Period
) -> tuple[WorkingTime, ...]:
    """Recorded working time of *program* in a period, by cost head and kind of worker (K22).

    It says where hours go; it is no measure of a guide, and no guide is named.
    """
    minutes: dict[tuple[Code, Code], list[int | None]] = defaultdict(list)
    cost: Cost
    for cost in tables(facts).get("costs", ()):
        # a sum of money alone is no work; somebody's work of unknown length is
        work = cost.minutes is not None or cost.worker_kind is not None
        if work and cost.program == program.name and cost.happened_on in period:
            minutes[cost.head, cost.worker_kind or ""].append(cost.minutes)
    return tuple(
        WorkingTime(
            head=head,
            worker_kind=kind or None,
            minutes=None if None in given else sum(one for one in given if one is not None),
        )
        for (head, kind), given in sorted(minutes.items())
    )


@frozen
class _Around:
    """What belongs to cases, by what it belongs to."""

    reviews: defaultdict[str, list[Review]]
    goals: defaultdict[str, list[Goal]]
    ratings: defaultdict[str, list[GoalRating]]
    roles: defaultdict[str, list[RoleSpan]]
    pauses: defaultdict[str, list[Pause]]
    cases: defaultdict[str, list[Guidance]]


def _case(program: Program, case: Guidance, around: _Around, on: date, near: int) -> GuidanceCase:
    reviews = around.reviews[case.id]
    held = paused_on(around.pauses[case.id], on) or _guide_pauses(case, around, on)
    state = guidance_state(case, on, reviews=reviews, held=held)
    following = next_case(case, around.cases[case.person])
    goals = tuple(
        OwnGoal(goal=goal, level=_level(around.ratings[goal.id], on))
        for goal in around.goals[case.id]
        if goal.set_on <= on
    )
    return GuidanceCase(
        case=case,
        state=state,
        talks=tuple(
            _talk(review.point, case, reviews, on, near, over=state in _OVER)
            for review in each(program.reviews)
        ),
        goals=goals,
        attainment=score_goals((one.goal.weight, one.level) for one in goals),
        days_left=(case.planned_end_on - on).days,
        followed_by=following[1] if following and state in _OVER else None,
    )


def _guide_pauses(case: Guidance, around: _Around, on: date) -> bool:
    """Whether the guide has taken a pause from guiding; nobody asks why (K25)."""
    states = {
        role_state(span, on, around.pauses[span.id])
        for span in around.roles[case.guide]
        if span.role in _GUIDES and span.program in (case.program, None)
    }
    return "paused" in states and "active" not in states


def _talk(
    point: ReviewPoint, case: Guidance, reviews: list[Review], on: date, near: int, *, over: bool
) -> Talk:
    days = [one.happened_on for one in reviews if one.point == point and one.happened_on <= on]
    if days:
        return Talk(point=point, standing="held", held_on=min(days))
    if over:
        return Talk(point=point, standing="not_held")
    if case.started_on is None or on < case.started_on:
        return Talk(point=point, standing="later")
    left, gone = (case.planned_end_on - on).days, (on - case.started_on).days
    due = {"start": True, "mid": gone >= left, "final": left <= near}[point]
    return Talk(point=point, standing="due" if due else "later")


def _level(ratings: list[GoalRating], on: date) -> int | None:
    rated = [(one.rated_on, one.id, one.level) for one in ratings if one.rated_on <= on]
    return max(rated)[2] if rated else None
