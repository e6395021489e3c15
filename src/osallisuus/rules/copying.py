"""A person's own copy: all that is recorded of them, by whom and when, and what became of it (U11).

A fact is about a person when it names them, or when it belongs to one that does: the answers of
their interview, the ratings of their goals. Other people who stand in such a fact show as a role
only, since their part is theirs. Two things are withheld, and the copy says so: what a guide wrote
for guides only (K19), and, always and for everybody alike, who must not share a group, since the
answer "there is one" would tell of somebody else (Q1).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from itertools import pairwise
from typing import Any, Final, TypeAlias

from attrs import field

from osallisuus.model.facts import TABLES, Fact
from osallisuus.model.program import Program
from osallisuus.model.stated import Code, Text, each
from osallisuus.model.store import Entry
from osallisuus.rules.finding import Rows
from osallisuus.rules.tables import program_finder
from osallisuus.values import frozen

__all__ = [
    "ANOTHER",
    "Another",
    "Correction",
    "OwnCopy",
    "Recorded",
    "Revisions",
    "Use",
    "about",
    "make_copy",
    "uses_of",
]

_PARENTS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "pauses": ("of", ("enrollments", "roles", "guidance")),
    "reviews": ("guidance", ("guidance",)),
    "goal_ratings": ("goal", ("goals",)),
    "scores": ("assessment", ("assessments",)),
    "encounter_themes": ("encounter", ("encounters",)),
    "answers": ("form", ("interviews", "assessments", "reviews", "encounters")),
}
"""Table -> the column by which its rows belong to others, and to which tables."""

_NEVER: Final = "keep_apart"
_OF_THE_GUIDED: Final = ("planned_end_on", "ending")
"""What of a guidance is the guided person's, and is not shown to the guide as the guide's own."""


class Another(Enum):
    """The type of :data:`ANOTHER`."""

    ANOTHER = "another"


ANOTHER: Final = Another.ANOTHER
"""Stands in the place of another person, who shows as a role only."""


@frozen(kw_only=True)
class Correction:
    """Values that held until they were changed; ``changed`` is who changed them, when and why.

    A value of ``None`` was not stated before; ``changed`` is ``None`` without a journal.
    """

    earlier: tuple[tuple[str, Any], ...]
    changed: Entry | None


@frozen(kw_only=True)
class Recorded:
    """One fact of the copy: columns and values; somebody else is :data:`ANOTHER`.

    ``first`` is who recorded it, when and why; ``withheld`` are columns that hold something which
    is not shown.
    """

    table: str
    id: str
    values: tuple[tuple[str, Any], ...]
    withheld: tuple[str, ...] = ()
    first: Entry | None = None
    corrections: tuple[Correction, ...] = ()


@frozen(kw_only=True)
class Use:
    """A use of the person's data in a programme, and whether they consent to it now.

    ``consents`` is ``None`` where the use needs no consent of its own.
    """

    program: Code
    text: Text
    consents: bool | None


@frozen(kw_only=True)
class OwnCopy:
    """All of it: facts in the order of their tables, uses, and what stays when they are erased.

    ``releases`` is how many published results there are; they hold counts and nobody's name.
    ``decided`` is how many facts of others say that this person decided something.
    """

    person: str
    records: tuple[Recorded, ...]
    uses: tuple[Use, ...] = ()
    releases: int = 0
    decided: int = 0
    titles: Mapping[Code, Text] = field(factory=dict)
    """What the programmes are called."""
    sessions: Mapping[str, datetime] = field(factory=dict)
    """When the sessions were that the person's attendance is of."""


Revisions: TypeAlias = Mapping[tuple[str, str], list[tuple[Entry | None, Fact]]]
"""Table and id -> every revision with the commit that wrote it, the oldest first."""


def about(rows: Rows, person: str) -> dict[str, list[Fact]]:
    """The facts about *person*, by table; the judgements on who must not share a group never."""
    found: dict[str, list[Fact]] = {}
    owned: dict[str, set[str]] = {}
    for name, table in TABLES.items():
        if name == _NEVER:
            continue
        people = [one.name for one in table.columns if "people" in one.refers_to]
        column, parents = _PARENTS.get(name, ("", ()))
        ids = {one for parent in parents for one in owned.get(parent, ())}
        own = [
            row
            for row in rows.get(name, ())
            if (name == "people" and row.id == person)
            or any(getattr(row, one) == person for one in people)
            or (column and getattr(row, column) in ids)
        ]
        if own:
            found[name] = own
        # what belongs to a case of guidance is the guided person's and not the guide's
        owned[name] = {row.id for row in own if not _guides(name, row, person)}
    return found


def make_copy(
    rows: Rows,
    person: str,
    *,
    revisions: Revisions,
    restricted: Callable[[str | None], bool],
    uses: Iterable[Use] = (),
    titles: Mapping[Code, Text] | None = None,
    releases: int = 0,
) -> OwnCopy:
    """The copy for *person* out of all facts by table.

    *restricted* tells of a programme whether the notes of its guides are for guides only.
    """
    own = about(rows, person)
    program_of = program_finder(rows)
    kept = {row.id for row in own.get("reviews", ()) if restricted(program_of(row))}
    records = tuple(
        _recorded(name, fact, person, kept, revisions.get((name, fact.id), []))
        for name, facts in own.items()
        for fact in sorted(facts, key=lambda one: one.id)
    )
    mine = {(name, fact.id) for name, facts in own.items() for fact in facts}
    decided = sum(
        getattr(row, "decided_by", None) == person and (name, row.id) not in mine
        for name, facts in rows.items()
        for row in facts
    )
    return OwnCopy(
        person=person,
        records=records,
        uses=tuple(uses),
        releases=releases,
        decided=decided,
        titles=titles or {},
        sessions={one.id: one.starts_at for one in rows.get("sessions", ())},
    )


def uses_of(
    programs: Iterable[Program], rows: Rows, person: str, *, on: date | None = None
) -> Iterator[Use]:
    """The purposes of *programs*, and those that need consent with the person's standing.

    Consent is that of the day *on*; ``None``: of all that is recorded, what was not withdrawn.
    """
    given = {
        row.purpose
        for row in rows.get("consents", ())
        if row.person == person and _stands(row.given_on, row.withdrawn_on, on)
    }
    for program in programs:
        for purpose in each(program.purposes):
            yield Use(program=program.name, text=purpose.text, consents=None)
        for one in each(program.data_purposes):
            asked = one.code in given if one.needs_consent else None
            yield Use(program=program.name, text=one.text, consents=asked)


def _stands(given: date, withdrawn: date | None, on: date | None) -> bool:
    if on is None:
        return withdrawn is None
    return given <= on and (withdrawn is None or on < withdrawn)


def _guides(table: str, row: Any, person: str) -> bool:
    return table == "guidance" and row.person != person


def _recorded(
    table: str,
    fact: Fact,
    person: str,
    kept: Collection[str],
    history: list[tuple[Entry | None, Fact]],
) -> Recorded:
    hidden = [*_OF_THE_GUIDED] if _guides(table, fact, person) else []
    if table == "answers" and getattr(fact, "form", None) in kept:
        hidden.append("note")
    stated = [one for one in TABLES[table].column_names if getattr(fact, one) is not None]
    columns = [one for one in TABLES[table].column_names if one not in hidden]
    return Recorded(
        table=table,
        id=fact.id,
        values=tuple((one, _value(fact, one, person)) for one in stated if one in columns),
        withheld=tuple(one for one in stated if one in hidden),
        first=history[0][0] if history else None,
        corrections=tuple(_corrections(history, columns, person)),
    )


def _value(fact: Fact, column: str, person: str) -> Any:
    """The value, or :data:`ANOTHER` where it is another person."""
    value = getattr(fact, column)
    names = column == "decided_by" or "people" in fact.table.column(column).refers_to
    return ANOTHER if names and value is not None and value != person else value


def _corrections(
    history: list[tuple[Entry | None, Fact]], columns: list[str], person: str
) -> Iterator[Correction]:
    """What was changed; what had been written of somebody else by mistake is theirs."""
    for (_, before), (changed, after) in pairwise(history):
        people = [one.name for one in before.table.columns if "people" in one.refers_to]
        if people and all(getattr(before, one) != person for one in people):
            continue
        names = [one for one in columns if getattr(before, one) != getattr(after, one)]
        if names:
            earlier = tuple((one, _value(before, one, person)) for one in names)
            yield Correction(earlier=earlier, changed=changed)
