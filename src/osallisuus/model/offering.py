"""What a programme offers: sessions, themes, meetings, forms, reviews, boundaries, communities.

Each class is one table of a programme's TOML file. ``None`` in a field means that the source does
not say; see :mod:`osallisuus.model.stated`.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from attrs import Attribute, field
from attrs.validators import optional

from osallisuus.errors import DefinitionError
from osallisuus.model.cadence import Cadence, Exactly, Length
from osallisuus.model.questionnaire import Questionnaire
from osallisuus.model.stated import Code, Listed, Modality, Range, Statement, Text, each
from osallisuus.values import frozen

__all__ = [
    "Activity",
    "BeforeStart",
    "Boundary",
    "Break",
    "CoDevelopment",
    "Community",
    "FixedTerm",
    "Form",
    "Interview",
    "Meeting",
    "Review",
    "ReviewPoint",
    "SessionPlan",
    "Setting",
    "Step",
    "Theme",
    "Transition",
    "Workshops",
]

_ROLES = {"refers_to": ("roles",)}
_THEMES = {"refers_to": ("themes",)}

_MOST_PLACES: Final = 100_000
"""In one group, as in the facts."""

ReviewPoint: TypeAlias = Literal["start", "mid", "final"]


@frozen(kw_only=True)
class BeforeStart:
    """What happens between being reached and the first session (V6)."""

    informs_of: Text | None = None
    contact_modes: Listed[Code] = None
    contact_cadence: Cadence | None = None
    encourages: bool | None = None
    contact_between_sessions: Text | None = None
    """Contact on other days than those of the group, which is work to be counted (V19)."""


@frozen(kw_only=True)
class Interview:
    """An initial interview: what it makes sure of, and who judges. Code never accepts anybody."""

    purpose: Text
    judged_by_human: bool = True
    interviewer: Code | None = field(default=None, metadata=_ROLES)
    questionnaire: Questionnaire | None = None


def _minutes(_: object, attribute: Attribute[int], value: int) -> None:
    if value < 1:
        raise DefinitionError(
            "not a length of a break",
            where=attribute.name,
            remedy="give its minutes, or leave them out where they are not stated",
        )


@frozen
class Break:
    """A break within a session, ``minutes`` long (W20: a lunch of unstated length)."""

    code: Code
    minutes: int | None = field(default=None, validator=optional(_minutes))


@frozen(kw_only=True)
class Step:
    """One session of a fixed outline, with its theme."""

    title: Text
    theme: Code | None = field(default=None, metadata=_THEMES)
    methods: Listed[Code] = None


def _places(_: object, attribute: Attribute[int], value: int) -> None:
    if not 1 <= value <= _MOST_PLACES:
        raise DefinitionError(
            "not a number of places in a group",
            where=attribute.name,
            remedy=f"give 1 to {_MOST_PLACES}, or leave it out where it is not stated",
        )


@frozen(kw_only=True)
class SessionPlan:
    """The sessions of a group. The nominal duration is stated apart from them (Q11)."""

    capacity: int | None = field(default=None, validator=optional(_places))
    """How many people a group has places for. A group may state another number of its own."""
    cadence: Cadence | None = None
    nominal_duration: Length | None = None
    breaks: Listed[Break] = None
    outline: Listed[Step] = None
    planned_beforehand: bool | None = None
    adapted_to_participants: Text | None = None
    records: Listed[Code] = None
    """What the record of a session holds beside theme and attendance (W21)."""

    def __attrs_post_init__(self) -> None:
        whole = self.cadence.duration if isinstance(self.cadence, Exactly) else None
        breaks = sum(one.minutes or 0 for one in each(self.breaks))
        if whole is not None and breaks >= whole:
            raise DefinitionError(
                "the breaks are as long as the session",
                where="breaks",
                remedy="the duration of a cadence is the whole length, breaks included",
            )


@frozen(kw_only=True)
class FixedTerm:
    """Work that has an end: a planned end is required even where no length is stated (K15)."""

    planned_end_required: bool = True
    length: Length | None = None


@frozen
class Theme:
    """A theme of talk or teaching. Themes belong to sessions and forms, never to persons (V9)."""

    code: Code = field(metadata={"declares": "themes"})
    label: Text | None = None


@frozen(kw_only=True)
class Activity:
    """Something done together. ``costs`` says whether it needs money (V9)."""

    code: Code
    label: Text
    kind: Code
    costs: bool | None = None


@frozen(kw_only=True)
class Meeting:
    """A kind of meeting: who comes, how often, what for, and whether it decides."""

    code: Code = field(metadata={"declares": "meetings"})
    label: Text
    kind: Code
    cadence: Cadence | None = None
    attendees: Listed[Code] = field(default=None, metadata=_ROLES)
    decides: bool | None = None
    optional: bool | None = None
    purposes: Listed[Statement] = None
    modality: Modality = "is"


@frozen(kw_only=True)
class Form:
    """A form or diary: who writes it, one per what, and what it is for.

    ``content`` is ``None`` where the source does not give its items. ``access`` names who may read
    it: a peer's notes are not for the unit's staff (K19).
    """

    code: Code
    label: Text
    author: Code = field(metadata=_ROLES)
    one_per: Code | None = None
    functions: Listed[Statement] = None
    themes: Listed[Code] = field(default=None, metadata=_THEMES)
    content: Questionnaire | None = None
    access: Code | None = None


@frozen(kw_only=True)
class Review:
    """A review with one person at the start, in the middle or at the end (K23)."""

    point: ReviewPoint
    label: Text
    participants: Listed[Code] = field(default=None, metadata=_ROLES)


@frozen(kw_only=True)
class Boundary:
    """Something that is not done here. ``instead`` is what is done (K6, K14)."""

    code: Code
    text: Text
    instead: Text | None = None


@frozen(kw_only=True)
class Community:
    """A community of clients, staff and others. Its size limit counts in its own unit (Y19)."""

    count: int | None = None
    components: Listed[Statement] = None
    member_kinds: Listed[Code] = field(default=None, metadata=_ROLES)
    extended: bool | None = None
    size_limit: Range | None = None
    earlier_size: Range | None = None
    aims: Listed[Code] = None
    """Care aims that members may have: to stratify by, never to filter on (Y3)."""
    participation_self_defined: bool | None = None
    """Members say themselves how they take part; to be absent is a valid choice (Y11)."""
    compared_with: Literal["own_baseline"] | None = None
    """Communities are held against their own beginning and are never ranked (Y32)."""

    def __attrs_post_init__(self) -> None:
        if self.size_limit is not None and (self.size_limit.high or 0) < 1:
            raise DefinitionError(
                "a limit without a highest number",
                where="size_limit.high",
                remedy="give 1 or more, or leave the limit out where it is not stated",
            )
        if self.size_limit is not None and self.size_limit.unit not in ("clients", "persons"):
            raise DefinitionError(
                "a limit of something that is not counted here",
                where="size_limit.unit",
                remedy="a community's size is counted in clients or persons",
            )


@frozen(kw_only=True)
class Workshops:
    """Workshops in which people develop something together, and what they ask."""

    count: int | None = None
    before: Text | None = None
    guiding_questions: Listed[Text] = None


@frozen(kw_only=True)
class CoDevelopment:
    """How clients, peers and experts develop the programme, and what becomes of their ideas."""

    stages: Listed[Code] = None
    participants: Listed[Code] = field(default=None, metadata=_ROLES)
    participation_modes: Listed[Code] = None
    workshops: Workshops | None = None
    lineage: Listed[Statement] = None
    """From the first notes to the thing that was tried, in order (W16)."""
    role_free: bool | None = None
    """Participants lay their roles aside, so none is recorded (X7)."""
    products: Listed[Statement] = None
    perspectives: Listed[Code] = field(default=None, metadata=_ROLES)
    """From whose points of view it is evaluated (X14)."""


@frozen(kw_only=True)
class Setting:
    """Where it takes place.

    ``restricted``: people are not free to leave, as in a prison, so that whoever runs the programme
    there has to say how taking part stays voluntary (V24, Q20).
    """

    code: Code
    label: Text
    kind: Code
    restricted: bool = False
    voluntariness_safeguards: Listed[Statement] = None

    @property
    def lacks_safeguards(self) -> bool:
        """Whether people are not free here and nothing is said of how they can refuse."""
        return self.restricted and not each(self.voluntariness_safeguards)


@frozen(kw_only=True)
class Transition:
    """A step that is known to be hard, to be made easier rather than held against anybody (V25)."""

    code: Code
    text: Text
    after: Code | None = None
    to: Code | None = None
