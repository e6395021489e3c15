"""The dated facts as events, for process mining: what happened, when, and to what.

One table says it for all formats. A *thing* is what events are about: a group, somebody's way
through a programme, a role that is held. A *step* is a dated column of a thing, or of a record that
hangs on one, such as a pause. The code of an event is the thing and the step, with the code that
tells one such event from another: ``role.started.peer``, ``enrollment.ended.completed``. Its words
stand in ``events.toml``.

Free text is no part of an event, nor who decided: the logs are for looking at ways through a
programme, not at anybody's work.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

from osallisuus.model import facts
from osallisuus.model.facts import Fact
from osallisuus.model.program import Program
from osallisuus.model.stated import Locale, Text
from osallisuus.model.vocabulary import vocabularies
from osallisuus.values import frozen

__all__ = ["PERSON", "THINGS", "Step", "Thing", "Transition", "label_of"]

PERSON: Final = "person"
"""The kind of object that a person is, by the pseudonym."""

Transition = Literal["schedule", "start", "suspend", "resume", "complete"]
"""What a step does to its thing, in the words of the lifecycle extension of XES."""


@frozen(kw_only=True)
class Step:
    """A dated column that is an event where it is filled in."""

    on: str
    """Empty: the moment of the thing that it hangs on."""
    name: str = ""
    transition: Transition = "complete"
    split: str = ""
    """The column whose code is a part of the event's code."""
    vocabulary: str = ""
    """Where the words of that code stand."""
    details: tuple[str, ...] = ()
    """Columns of codes and numbers that go along."""


@frozen(kw_only=True)
class Thing:
    """What events are about; with ``of`` a record that only hangs on other things.

    ``links`` are the columns that name other things, each with the kind that it names. A group
    follows from ``of`` where the record has none itself.
    """

    kind: str
    record: type[Fact]
    links: tuple[tuple[str, str], ...] = ()
    attributes: tuple[str, ...] = ()
    of: tuple[str, tuple[str, ...]] | None = None
    """The column by which it hangs on a thing, and the kinds that this may be."""
    momentary: bool = False
    """Whether it is nothing but its one event, so that nothing else happens to it."""
    steps: tuple[Step, ...] = ()

    @property
    def lasting(self) -> bool:
        """Whether other events can be about it."""
        return self.of is None and not self.momentary

    @property
    def personal(self) -> bool:
        """Whether its events belong to somebody's way."""
        return bool(self.of) or any(kind == PERSON for _, kind in self.links)


def _thing(
    kind: str,
    record: type[Fact],
    *steps: Step,
    links: Mapping[str, str] | None = None,
    attributes: str = "",
    of: tuple[str, tuple[str, ...]] | None = None,
    momentary: bool = False,
) -> Thing:
    return Thing(
        kind=kind,
        record=record,
        links=tuple((links or {}).items()),
        attributes=tuple(attributes.split()),
        of=of,
        momentary=momentary,
        steps=steps,
    )


THINGS: Final = (
    _thing(PERSON, facts.Person),
    _thing(
        "group",
        facts.Group,
        Step(on="starts_on", name="started", transition="start"),
        Step(on="ends_on", name="ended"),
        attributes="program program_version kind organization place setting",
    ),
    _thing(
        "enrollment",
        facts.Enrollment,
        Step(on="reached_on", name="reached", transition="schedule", details=("channel",)),
        Step(on="informed_on", name="informed", transition="schedule"),
        Step(on="interviewed_on", name="interviewed", transition="schedule"),
        Step(on="offered_on", name="offered", transition="schedule"),
        Step(on="started_on", name="started", transition="start"),
        Step(on="ended_on", name="ended", split="ending", vocabulary="enrollment_ending"),
        links={"person": PERSON, "group": "group"},
        attributes="program program_version",
    ),
    _thing(
        "guidance",
        facts.Guidance,
        Step(on="offered_on", name="offered", transition="schedule"),
        Step(on="started_on", name="started", transition="start"),
        Step(on="ended_on", name="ended", split="ending", vocabulary="guidance_ending"),
        links={"person": PERSON, "guide": PERSON},
        attributes="program",
    ),
    _thing(
        "role",
        facts.RoleSpan,
        Step(on="starts_on", name="started", transition="start", split="role", vocabulary="role"),
        Step(on="ends_on", name="ended", split="role", vocabulary="role", details=("ending",)),
        links={"person": PERSON, "group": "group"},
        attributes="role program",
    ),
    _thing(
        "membership",
        facts.Membership,
        Step(on="starts_on", name="started", transition="start", details=("mode",)),
        Step(on="ends_on", name="ended", split="ending", vocabulary="membership_ending"),
        links={"person": PERSON, "group": "group"},
    ),
    _thing(
        "session",
        facts.Session,
        Step(
            on="starts_at",
            split="status",
            vocabulary="session_status",
            details=("held_theme",),
        ),
        links={"group": "group"},
        attributes="kind planned_theme minutes",
    ),
    _thing(
        "goal",
        facts.Goal,
        Step(on="set_on", name="set", transition="start"),
        links={"person": PERSON, "guidance": "guidance"},
        attributes="domain",
    ),
    _thing(
        "linkage",
        facts.Linkage,
        Step(on="introduced_on", name="introduced", transition="schedule"),
        Step(on="visited_on", name="visited", transition="start"),
        Step(on="attached_on", name="attached"),
        links={"person": PERSON},
        attributes="place_kind",
    ),
    _thing(
        "idea",
        facts.Idea,
        Step(on="raised_on", name="raised", transition="start"),
        Step(on="decided_on", name="decided", split="decision", vocabulary="idea_decision"),
        Step(on="implemented_on", name="implemented"),
        Step(on="established_on", name="established"),
        Step(on="told_back_on", name="told_back"),
        links={"group": "group"},
        attributes="origin",
    ),
    _thing(
        "decision",
        facts.Decision,
        Step(on="decided_on", name="decided", transition="start"),
        Step(on="carried_out_on", name="carried_out"),
        links={"group": "group"},
        attributes="matter owner initiated_by",
    ),
    _thing(
        "interview",
        facts.Interview,
        Step(
            on="happened_on",
            name="held",
            split="outcome",
            vocabulary="interview_outcome",
            details=("program",),
        ),
        links={"person": PERSON, "group": "group"},
        momentary=True,
    ),
    _thing(
        "contact",
        facts.Contact,
        Step(on="happened_on", name="made", details=("mode",)),
        links={"person": PERSON, "enrollment": "enrollment"},
        momentary=True,
    ),
    _thing(
        "encounter",
        facts.Encounter,
        Step(on="happened_on", name="held", details=("area", "mode")),
        links={"peer": PERSON},
        momentary=True,
    ),
    _thing(
        "attendance",
        facts.Attendance,
        Step(on="", split="status", vocabulary="attendance_status", details=("acting_as",)),
        links={"person": PERSON},
        of=("session", ("session",)),
    ),
    _thing(
        "pause",
        facts.Pause,
        Step(on="starts_on", name="paused", transition="suspend"),
        Step(on="ends_on", name="resumed", transition="resume"),
        of=("of", ("enrollment", "role", "guidance")),
    ),
    _thing(
        "review",
        facts.Review,
        Step(on="happened_on", name="held", split="point", vocabulary="review_point"),
        of=("guidance", ("guidance",)),
    ),
    _thing(
        "goal_rating",
        facts.GoalRating,
        Step(on="rated_on", name="rated", details=("level",)),
        of=("goal", ("goal",)),
    ),
)
"""All things, each after those that it names."""


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(Path(__file__).with_name("events.toml").read_text("utf-8"))


def label_of(
    code: str, split: str, vocabulary: str, program: Program | None, locale: Locale
) -> str:
    """The words for an event of that *code* without its *split*, and for the split code.

    A programme's own words for a role go before ours; a code that nobody knows is shown as it is.

    >>> label_of("role.started", "peer_trainee", "role", None, "en")
    'A role began: peer trainee'
    """
    said = Text(**_words()[code]).label(locale)
    if not split:
        return said
    own = None if program is None else program.heading.labels.get(split)
    word = own.label(locale) if own else vocabularies()[vocabulary].label(split, locale)
    return f"{said}: {word}"
