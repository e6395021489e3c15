"""The four state machines: in which one state each life stands on a day.

::

    engagement   not_begun -> reached -> informed -> interviewed -> awaiting_start -> active <-> paused
                 -> completed | left | ended_by_organizer | moved_on | transferred | declined | died
    role         not_begun -> active <-> paused
                 -> stepped_back | term_ended | moved_on | withdrawn_by_organizer
    guidance     not_begun -> offered -> started -> working -> closing, any of them <-> on_hold
                 -> closed | ended_by_user | reassigned | moved_on
    membership   not_begun -> member -> moved_on | left | ended

The four are independent and joined only by the person. Every step before the last may be skipped,
nobody has to go forward, and coming back is a new span (Q4, Q8). A span holds its first day and not
its last. An end without its kind is ``ended``. No state is better than another (Q7).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from osallisuus.model.facts import (
    Enrollment,
    Guidance,
    Interview,
    Membership,
    Pause,
    Review,
    RoleSpan,
)

__all__ = [
    "STATES",
    "engagement_state",
    "guidance_state",
    "membership_state",
    "paused_on",
    "role_state",
]

STATES: Final = {
    "engagement": (
        "not_begun reached informed interviewed offered_place offered_other_group not_now "
        "awaiting_start active paused completed left ended_by_organizer moved_on transferred "
        "declined died ended"
    ).split(),
    "role": (
        "not_begun active paused stepped_back term_ended moved_on withdrawn_by_organizer ended"
    ).split(),
    "guidance": (
        "not_begun offered started working closing on_hold closed ended_by_user reassigned moved_on"
    ).split(),
    "membership": "not_begun member moved_on left ended".split(),
}
"""Machine -> all its states."""

_STAGES: Final = (
    ("started_on", "active"),
    ("offered_on", "awaiting_start"),
    ("interviewed_on", "interviewed"),
    ("informed_on", "informed"),
    ("reached_on", "reached"),
)
_OUTCOMES: Final = {
    "place": "offered_place",
    "other_group": "offered_other_group",
    "not_now": "not_now",
    "declined": "declined",
}
_OTHER_ENDS: Final = ("ended_by_user", "reassigned", "moved_on")
"""Endings of guidance with a state of their own; any other one, a programme's own too, is closed."""


def _by(day: date | None, on: date) -> bool:
    return day is not None and day <= on


def paused_on(pauses: Iterable[Pause], on: date) -> bool:
    """Whether any of *pauses* lasts on that day. Why is never recorded (K25)."""
    return any(
        pause.starts_on <= on and (pause.ends_on is None or on < pause.ends_on) for pause in pauses
    )


def engagement_state(
    enrollment: Enrollment,
    on: date,
    *,
    pauses: Iterable[Pause] = (),
    interviews: Iterable[Interview] = (),
) -> str:
    """The state of one episode on a day; *pauses* are its own, *interviews* those of its person.

    The latest stage that has come decides. After an interview the human decision shows as long as
    no place has been offered with a day of its own.
    """
    if _by(enrollment.ended_on, on):
        return enrollment.ending or "ended"
    stage = next((state for name, state in _STAGES if _by(getattr(enrollment, name), on)), None)
    if stage == "active":
        return "paused" if paused_on(pauses, on) else stage
    if stage == "interviewed":
        return _decided(enrollment, on, interviews)
    return stage or "not_begun"


def _decided(enrollment: Enrollment, on: date, interviews: Iterable[Interview]) -> str:
    """What the latest interview of this programme led to, in the episode's own time."""
    first = enrollment.reached_on or enrollment.informed_on or enrollment.interviewed_on or on
    own = [
        (interview.happened_on, interview.id, interview.outcome)
        for interview in interviews
        if interview.person == enrollment.person
        and interview.program == enrollment.program
        and first <= interview.happened_on <= on
    ]
    return _OUTCOMES[max(own)[2]] if own else "interviewed"


def role_state(span: RoleSpan, on: date, pauses: Iterable[Pause] = ()) -> str:
    """The state of one span of a role on a day; *pauses* are its own."""
    if _by(span.ends_on, on):
        return span.ending or "ended"
    if on < span.starts_on:
        return "not_begun"
    return "paused" if paused_on(pauses, on) else "active"


def guidance_state(
    case: Guidance, on: date, *, reviews: Iterable[Review] = (), held: bool = False
) -> str:
    """The state of one guidance case on a day; *reviews* are its own talks.

    A case is ``started`` until its opening talk, then ``working``, and ``closing`` from its closing
    talk. *held*: it waits while the case or its guide is on a pause.
    """
    if _by(case.ended_on, on):
        return next((end for end in _OTHER_ENDS if end == case.ending), "closed")
    if not _by(case.started_on, on):
        return "offered" if _by(case.offered_on, on) else "not_begun"
    if held:
        return "on_hold"
    points = {review.point for review in reviews if review.happened_on <= on}
    return "closing" if "final" in points else "working" if points else "started"


def membership_state(membership: Membership, on: date) -> str:
    """The state of one membership on a day. How somebody takes part is theirs to say (Y11)."""
    if _by(membership.ends_on, on):
        return next((end for end in ("moved_on", "left") if end == membership.ending), "ended")
    return "member" if membership.starts_on <= on else "not_begun"
