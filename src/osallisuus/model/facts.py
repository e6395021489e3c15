"""The facts: one frozen record class per table, scalars only.

One class is one table, one CSV file and one SQL table of the same name. ``id`` values are opaque;
``person`` is a random pseudonym. Names and contact details are never a fact. A correction is a
later revision of the same ``id``. People met in the field have no record: encounters are counted
as themselves. A judgement on who must not share a group (:class:`KeepApart`) has no reason field.

``None`` means *not stated*. Codes of the closed vocabularies are checked; other codes need only be
well formed, since programmes have their own words.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from operator import attrgetter
from typing import Any, ClassVar, Final, TypeVar, dataclass_transform

import attrs

from osallisuus.errors import ImportProblem, Problem
from osallisuus.model.columns import TYPES, Column, FieldClass, FreeText

__all__ = [
    "TABLES",
    "Answer",
    "Assessment",
    "Attendance",
    "Consent",
    "Contact",
    "Cost",
    "Decision",
    "Encounter",
    "EncounterTheme",
    "Enrollment",
    "Fact",
    "Goal",
    "GoalRating",
    "Group",
    "Guidance",
    "Idea",
    "Interview",
    "KeepApart",
    "Linkage",
    "Membership",
    "Observation",
    "Pause",
    "Person",
    "Review",
    "RoleSpan",
    "Score",
    "Session",
    "Table",
    "Trait",
]

F = TypeVar("F", bound="Fact")


@attrs.frozen
class Table:
    """A fact table: its columns, and how far its rows are known on a day.

    ``first`` are the columns, in order, the earliest known of which dates the row: it is not known
    before that day. ``ends`` maps a date column to the columns that come true with it: before that
    day all of them are "not stated" (rule V). ``parent`` is the reference by which an undated row
    takes the date of another table.
    """

    name: str
    record: type[Fact]
    columns: tuple[Column, ...]
    first: tuple[str, ...] = ()
    ends: tuple[tuple[str, tuple[str, ...]], ...] = ()
    parent: tuple[str, str] | None = None
    joined_by: tuple[str, ...] = ()
    """Columns by which other tables find its rows, where a store should keep an index."""

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, as in the CSV file."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; ``KeyError`` if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


class Fact:
    """The base of all fact records: an ``id`` and a ``repr`` that shows nothing else."""

    __slots__ = ()
    table: ClassVar[Table]
    _values: ClassVar[attrgetter[tuple[Any, ...]]]
    id: str

    # Written once for all records: making these two anew for every table took half of the time
    # in which this module is imported.
    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._values(self) == self._values(other)

    def __hash__(self) -> int:
        return hash(self._values(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.id!r})"

    def describe(self) -> dict[str, Any]:
        """All values by column name, for somebody who may see them."""
        return {name: getattr(self, name) for name in self.table.column_names}


TABLES: Final[dict[str, Table]] = {}
"""Every table by its name, in the order in which rows may refer to one another."""


def _column(
    kind: str,
    *,
    default: Any = attrs.NOTHING,
    refers_to: tuple[str, ...] = (),
    codes: tuple[str, ...] = (),
    field_class: FieldClass = "special",
    smallest: int | None = None,
    largest: int | None = None,
) -> Any:
    # optional columns say default=None where they are declared: type checkers look for that word
    required = default is attrs.NOTHING

    def build(name: str) -> Column:
        return Column(name, TYPES[kind], required, field_class, refers_to, codes, smallest, largest)

    return attrs.field(default=default, metadata={"column": build})


def _id() -> Any:
    return _column("id", field_class="public")


def _person(*, default: Any = attrs.NOTHING, field_class: FieldClass = "personal") -> Any:
    return _column("id", default=default, refers_to=("people",), field_class=field_class)


def _ref(*tables: str, default: Any = attrs.NOTHING, field_class: FieldClass = "special") -> Any:
    return _column("id", default=default, refers_to=tables, field_class=field_class)


def _code(*codes: str, default: Any = attrs.NOTHING, field_class: FieldClass = "special") -> Any:
    return _column("code", default=default, codes=codes, field_class=field_class)


def _day(*, default: Any = attrs.NOTHING, field_class: FieldClass = "special") -> Any:
    return _column("date", default=default, field_class=field_class)


def _minutes(*, default: Any = attrs.NOTHING) -> Any:
    return _column("integer", default=default, smallest=0, largest=1_000_000)


def _note(*, default: Any = attrs.NOTHING) -> Any:
    return _column("free_text", default=default, field_class="free_text")


def _validate(record: Fact) -> None:
    problems = []
    for column in type(record).table.columns:
        try:
            value = column.check(getattr(record, column.name))
        except ValueError:
            where = f"{type(record).__name__}.{column.name}"
            problems.append(Problem("not a value of this field", where, column.expected))
            continue
        if column.type.name in ("free_text", "number"):
            object.__setattr__(record, column.name, value)
    if problems:
        raise ImportProblem(problems)


@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(attrs.field, _column, _id, _person, _ref, _code, _day, _minutes, _note),
)
def _table(
    name: str,
    *,
    first: tuple[str, ...] = (),
    ends: dict[str, tuple[str, ...]] | None = None,
    parent: tuple[str, str] | None = None,
    joined_by: tuple[str, ...] = (),
) -> Callable[[type[F]], type[F]]:
    """Make a class a frozen record and enter its table in :data:`TABLES`."""

    def decorate(cls: type[F]) -> type[F]:
        cls.__attrs_post_init__ = _validate  # type: ignore[attr-defined]
        made: Any = attrs.frozen(kw_only=True, repr=False, eq=False)(cls)
        columns = tuple(field.metadata["column"](field.name) for field in attrs.fields(made))
        TABLES[name] = made.table = Table(
            name, made, columns, first, tuple((ends or {}).items()), parent, joined_by
        )
        made._values = attrgetter(*(column.name for column in columns))  # noqa: SLF001 - our own
        return made  # type: ignore[no-any-return]

    return decorate


@_table("people")
class Person(Fact):
    """Somebody of whom something is recorded, by a random pseudonym."""

    id: str = _id()
    registered_on: date = _day()


@_table("traits", first=("since",))
class Trait(Fact):
    """What a person has said of themselves, such as a care aim or a stage of recovery (W22, Y3)."""

    id: str = _id()
    person: str = _person()
    name: str = _code()
    value: str = _code()
    since: date = _day()


@_table("groups", first=("starts_on",), ends={"ends_on": ()})
class Group(Fact):
    """A meeting group or a community of one programme (W19, V7, Y2)."""

    id: str = _id()
    program: str = _code(field_class="public")
    program_version: str = _column("text", field_class="public")
    kind: str = _code(field_class="public")
    organization: str | None = _column("text", default=None, field_class="public")
    place: str | None = _column("text", default=None, field_class="public")
    setting: str | None = _code(default=None, field_class="public")
    starts_on: date = _day(field_class="public")
    ends_on: date | None = _day(default=None, field_class="public")
    capacity: int | None = _column(
        "integer", default=None, smallest=1, largest=100_000, field_class="public"
    )


@_table(
    "enrollments",
    first=("reached_on", "informed_on", "interviewed_on", "offered_on", "started_on"),
    ends={
        "reached_on": (),
        "informed_on": (),
        "interviewed_on": (),
        "offered_on": (),
        "started_on": (),
        "ended_on": ("ending", "decided_by"),
    },
)
class Enrollment(Fact):
    """One person's way through one programme, an episode; a person may have several."""

    id: str = _id()
    person: str = _person()
    program: str = _code(field_class="public")
    program_version: str = _column("text", field_class="public")
    group: str | None = _ref("groups", default=None)
    channel: str | None = _code(default=None)
    aim: str | None = _code(default=None)
    reached_on: date | None = _day(default=None)
    informed_on: date | None = _day(default=None)
    interviewed_on: date | None = _day(default=None)
    offered_on: date | None = _day(default=None)
    started_on: date | None = _day(default=None)
    planned_end_on: date | None = _day(default=None)
    ended_on: date | None = _day(default=None)
    ending: str | None = _code(
        "completed",
        "left",
        "ended_by_organizer",
        "moved_on",
        "transferred",
        "declined",
        "died",
        default=None,
    )
    decided_by: str | None = _column("id", default=None, field_class="special")


@_table(
    "guidance",
    first=("offered_on", "started_on"),
    ends={"offered_on": (), "started_on": (), "ended_on": ("ending",)},
)
class Guidance(Fact):
    """A fixed-term case of individual guidance by a lived-experience guide (K4, K15)."""

    id: str = _id()
    person: str = _person()
    guide: str = _person()
    program: str = _code(field_class="public")
    offered_on: date | None = _day(default=None)
    started_on: date | None = _day(default=None)
    planned_end_on: date = _day()
    ended_on: date | None = _day(default=None)
    ending: str | None = _code(default=None)


@_table("roles", first=("starts_on",), ends={"ends_on": ("ending",)})
class RoleSpan(Fact):
    """A role that a person held; any number at once, without order (X3, X9)."""

    id: str = _id()
    person: str = _person()
    role: str = _code()
    program: str | None = _code(default=None, field_class="public")
    group: str | None = _ref("groups", default=None)
    starts_on: date = _day()
    ends_on: date | None = _day(default=None)
    ending: str | None = _code(
        "stepped_back", "term_ended", "moved_on", "withdrawn_by_organizer", default=None
    )
    decided_by: str | None = _column("id", default=None, field_class="special")


@_table("pauses", first=("starts_on",), ends={"ends_on": ()}, joined_by=("of",))
class Pause(Fact):
    """A pause of an enrolment, role or guidance; nobody is asked why (K25)."""

    id: str = _id()
    of: str = _ref("enrollments", "roles", "guidance")
    starts_on: date = _day()
    ends_on: date | None = _day(default=None)


@_table("contacts", first=("happened_on",))
class Contact(Fact):
    """That somebody was in touch, such as a call between interview and start; no content (V6)."""

    id: str = _id()
    person: str = _person()
    enrollment: str | None = _ref("enrollments", default=None)
    happened_on: date = _day()
    mode: str = _code()


@_table("interviews", first=("happened_on",))
class Interview(Fact):
    """An initial interview and the human decision on a place in the group (V4, V5)."""

    id: str = _id()
    person: str = _person()
    program: str = _code(field_class="public")
    group: str | None = _ref("groups", default=None)
    happened_on: date = _day()
    outcome: str = _code("place", "other_group", "not_now", "declined")
    decided_by: str = _column("id", field_class="special")


@_table("sessions", first=("starts_at",), joined_by=("group",))
class Session(Fact):
    """A planned, held or cancelled meeting of a group, in local wall time (W20, V8)."""

    id: str = _id()
    group: str = _ref("groups", field_class="public")
    kind: str = _code(field_class="public")
    starts_at: datetime = _column("local_time", field_class="public")
    minutes: int = _column("integer", smallest=0, largest=10_080, field_class="public")
    status: str = _code("planned", "held", "cancelled", field_class="public")
    planned_theme: str | None = _code(default=None, field_class="public")
    held_theme: str | None = _code(default=None, field_class="public")


@_table("attendance", parent=("session", "sessions"), joined_by=("session", "person"))
class Attendance(Fact):
    """Whether a person was at a session. Never a grade of the person (Q19)."""

    id: str = _id()
    session: str = _ref("sessions")
    person: str = _person()
    status: str = _code("present", "excused", "absent")
    minutes: int | None = _minutes(default=None)
    acting_as: str | None = _code(default=None)


@_table("encounters", first=("happened_on",))
class Encounter(Fact):
    """A peer met somebody outside services; that somebody has no record (V3, Q9)."""

    id: str = _id()
    peer: str = _person()
    happened_on: date = _day()
    area: str | None = _code(default=None)
    mode: str | None = _code(default=None)
    age_band: str | None = _code(default=None)
    gender: str | None = _code(default=None)


@_table("encounter_themes", parent=("encounter", "encounters"), joined_by=("encounter",))
class EncounterTheme(Fact):
    """One theme that an encounter's form names (V11, V12)."""

    id: str = _id()
    encounter: str = _ref("encounters")
    theme: str = _code()


@_table("reviews", first=("happened_on",))
class Review(Fact):
    """An opening talk, mid-term review or closing talk of a guidance case (K23)."""

    id: str = _id()
    guidance: str = _ref("guidance")
    point: str = _code("start", "mid", "final")
    happened_on: date = _day()


@_table("goals", first=("set_on",))
class Goal(Fact):
    """A person's own goal, with the weight that the person gives it (K12)."""

    id: str = _id()
    person: str = _person()
    guidance: str | None = _ref("guidance", default=None)
    domain: str = _code()
    weight: int = _column("integer", smallest=0, largest=100)
    set_on: date = _day()


@_table("goal_ratings", first=("rated_on",))
class GoalRating(Fact):
    """How far a goal was reached, -2 to +2 around the expected level 0."""

    id: str = _id()
    goal: str = _ref("goals")
    rated_on: date = _day()
    level: int = _column("integer", smallest=-2, largest=2)


@_table(
    "linkages",
    first=("introduced_on", "visited_on", "attached_on"),
    ends={"introduced_on": (), "visited_on": (), "attached_on": ()},
)
class Linkage(Fact):
    """A third-sector place that a person was introduced to, visited or made their own (K11)."""

    id: str = _id()
    person: str = _person()
    place_kind: str = _code()
    introduced_on: date | None = _day(default=None)
    visited_on: date | None = _day(default=None)
    attached_on: date | None = _day(default=None)


@_table("memberships", first=("starts_on",), ends={"ends_on": ("ending",)})
class Membership(Fact):
    """Belonging to a community, in a way that the member defines (Y11)."""

    id: str = _id()
    person: str = _person()
    group: str = _ref("groups")
    starts_on: date = _day()
    ends_on: date | None = _day(default=None)
    mode: str | None = _code(default=None)
    ending: str | None = _code(default=None)


@_table("assessments", first=("happened_on",))
class Assessment(Fact):
    """One use of an instrument, of a person or of a group as a whole (Y31, Y32)."""

    id: str = _id()
    person: str | None = _person(default=None)
    group: str | None = _ref("groups", default=None)
    instrument: str = _code(field_class="public")
    instrument_version: str = _column("text", field_class="public")
    wave: str = _code()
    happened_on: date = _day()


@_table("answers")
class Answer(Fact):
    """One answer on a form: of an interview, an assessment or a review."""

    id: str = _id()
    form: str = _ref("interviews", "assessments", "reviews", "encounters")
    item: str = _code()
    code: str | None = _code(default=None)
    number: float | None = _column("number", default=None)
    note: FreeText | None = _note(default=None)


@_table("scores", parent=("assessment", "assessments"))
class Score(Fact):
    """A scale of an assessment; ``value`` is ``None`` where it cannot be computed, never 0."""

    id: str = _id()
    assessment: str = _ref("assessments")
    scale: str = _code()
    value: float | None = _column("number", default=None)
    completeness: str = _code("complete", "partial", "not_computable")


@_table(
    "ideas",
    first=("raised_on",),
    ends={
        "decided_on": ("decision",),
        "implemented_on": (),
        "established_on": (),
        "told_back_on": (),
    },
)
class Idea(Fact):
    """An idea from being raised to being told back; its credit is collective (X12, Y24)."""

    id: str = _id()
    group: str | None = _ref("groups", default=None)
    origin: str = _code()
    raised_on: date = _day()
    decided_on: date | None = _day(default=None)
    decision: str | None = _code(default=None)
    implemented_on: date | None = _day(default=None)
    established_on: date | None = _day(default=None)
    told_back_on: date | None = _day(default=None)


@_table("decisions", first=("decided_on",), ends={"carried_out_on": ()})
class Decision(Fact):
    """A decision of a forum and its carrying out (Y12, Y16)."""

    id: str = _id()
    group: str = _ref("groups")
    matter: str = _code()
    owner: str = _code()
    initiated_by: str = _code()
    decided_on: date = _day()
    carried_out_on: date | None = _day(default=None)


@_table("costs", first=("happened_on",))
class Cost(Fact):
    """Money or working time spent; 0 is not the same as not known (W23)."""

    id: str = _id()
    program: str = _code(field_class="public")
    group: str | None = _ref("groups", default=None, field_class="public")
    happened_on: date = _day(field_class="public")
    head: str = _code(field_class="public")
    cents: int | None = _column("integer", default=None, smallest=0, field_class="public")
    minutes: int | None = _column(
        "integer", default=None, smallest=0, largest=1_000_000, field_class="public"
    )
    worker_kind: str | None = _code(default=None, field_class="public")


@_table("observations", first=("observed_on",))
class Observation(Fact):
    """Something seen of the programme before, during or after it was put in place (W24, W26)."""

    id: str = _id()
    program: str = _code(field_class="public")
    group: str | None = _ref("groups", default=None, field_class="public")
    phase: str = _code("before", "during", "after", field_class="public")
    observed_on: date = _day(field_class="public")
    measure: str = _code(field_class="public")
    low: float | None = _column("number", default=None, field_class="public")
    high: float | None = _column("number", default=None, field_class="public")
    unit: str | None = _code(default=None, field_class="public")
    note: FreeText | None = _note(default=None)


@_table("consents", first=("given_on",), ends={"withdrawn_on": ()})
class Consent(Fact):
    """A person's consent to one use of their data, until they withdraw it."""

    id: str = _id()
    person: str = _person()
    purpose: str = _code()
    given_on: date = _day()
    withdrawn_on: date | None = _day(default=None)


@_table("keep_apart")
class KeepApart(Fact):
    """Two people who must not share a group, until a day. No reason is kept, ever (Q1)."""

    id: str = _column("id", field_class="restricted")
    one: str = _person(field_class="restricted")
    other: str = _person(field_class="restricted")
    group: str | None = _ref("groups", default=None, field_class="restricted")
    until: date = _day(field_class="restricted")
