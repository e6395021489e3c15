"""A person's own copy: all that is recorded of them, by whom and when, and what became of it (U11).

Other people who stand in a fact show as a role only, since their part is theirs, and so is what a
fact said while it was somebody else's (:mod:`osallisuus.rules.owning`). Two things are withheld, and the copy says so: what a guide wrote
for guides only (K19), and, always and for everybody alike, who must not share a group, since the
answer "there is one" would tell of somebody else (Q1).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from itertools import pairwise
from typing import Any, Final, TypeAlias

from attrs import evolve, field

from osallisuus.model.facts import TABLES, Fact, Group
from osallisuus.model.program import Program
from osallisuus.model.stated import Code, Text, each
from osallisuus.model.store import Entry
from osallisuus.rules.finding import Rows
from osallisuus.rules.owning import Revisions, about, guides, parent_column, theirs
from osallisuus.rules.tables import program_finder
from osallisuus.values import frozen

__all__ = [
    "ANOTHER",
    "QUOTING",
    "Another",
    "Correction",
    "OwnCopy",
    "Recorded",
    "Use",
    "make_copy",
    "uses_of",
    "work_of",
]

_OF_THE_GUIDED: Final = ("planned_end_on", "ending")
"""What of a guidance is the guided person's, and is not shown to the guide as the guide's own."""


class Another(Enum):
    """The type of :data:`ANOTHER`."""

    ANOTHER = "another"


ANOTHER: Final = Another.ANOTHER
"""Stands in the place of another person, who shows as a role only."""


QUOTING: Final = "quoting"
"""The purpose of a consent under which somebody's words may be told."""


@frozen(kw_only=True)
class Correction:
    """Values that held until they were changed; ``changed`` is who changed them, when and why.

    A value of ``None`` was not stated before; ``changed`` is ``None`` without a journal. No values
    at all: what stood before was another person's.
    """

    earlier: tuple[tuple[str, Any], ...]
    changed: Entry | None


@frozen(kw_only=True)
class Recorded:
    """One fact of the copy: columns and values; somebody else is :data:`ANOTHER`.

    ``first`` is who recorded it, when and why; ``withheld`` are columns that hold something which
    is not shown. ``of_another``: it was recorded while it belonged to another person, so nothing
    is shown but to what it belongs now.
    """

    table: str
    id: str
    values: tuple[tuple[str, Any], ...]
    withheld: tuple[str, ...] = ()
    of_another: bool = False
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
    groups: Mapping[str, Group] = field(factory=dict)
    """The groups that the person's records name."""


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
    copying = _Copying(rows, person, kept, revisions)
    records = tuple(
        copying.recorded(name, fact)
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
        groups={one.id: one for one in rows.get("groups", ()) if isinstance(one, Group)},
    )


def work_of(copy: OwnCopy) -> tuple[Recorded, ...]:
    """The records of what the person did for others, which erasing them leaves standing.

    As :mod:`osallisuus.rules.erasing` decides it: a case that they guided, an encounter in which
    they were the peer, and what belongs to such an encounter.
    """
    met = {record.id for record in copy.records if record.table == "encounters"}
    return tuple(
        record
        for record in copy.records
        if record.table in ("encounters", "encounter_themes")
        or (record.table == "guidance" and dict(record.values).get("person") is ANOTHER)
        or (record.table == "answers" and dict(record.values).get("form") in met)
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


@frozen
class _Copying:
    """Tells of each fact what of it is the person's own."""

    rows: Rows
    person: str
    restricted: Collection[str]
    """The ids of reviews whose notes are for guides only."""
    revisions: Revisions

    def recorded(self, table: str, fact: Fact) -> Recorded:
        """The fact as it stands, and what it was before."""
        history = self.revisions.get((table, fact.id)) or [(None, fact)]
        corrections = tuple(
            self._correction(table, before, after) for before, after in pairwise(history)
        )
        told = Recorded(
            table=table,
            id=fact.id,
            values=(),
            first=history[0][0],
            corrections=tuple(one for one in corrections if one is not None),
        )
        stated = [one for one in TABLES[table].column_names if getattr(fact, one) is not None]
        if not self._own(table, history[-1]):
            shown = [one for one in stated if one in ("id", parent_column(table))]
            return evolve(told, values=self._values(fact, shown), of_another=True)
        hidden = self._hidden(table, fact)
        return evolve(
            told,
            values=self._values(fact, [one for one in stated if one not in hidden]),
            withheld=tuple(one for one in stated if one in hidden),
        )

    def _correction(self, table: str, before: _Revision, after: _Revision) -> Correction | None:
        """What was changed; ``None`` where nothing of it is the person's to see.

        What had been written of somebody else, or of what was somebody else's, is theirs.
        """
        (_, earlier), (changed, later) = before, after
        if not self._own(table, before):
            return Correction(earlier=(), changed=changed)
        hidden = {*self._hidden(table, earlier), *self._hidden(table, later)}
        names = [
            one
            for one in TABLES[table].column_names
            if one not in hidden and getattr(earlier, one) != getattr(later, one)
        ]
        return Correction(earlier=self._values(earlier, names), changed=changed) if names else None

    def _own(self, table: str, revision: _Revision) -> bool:
        entry, fact = revision
        return theirs(
            table, fact, self.person, since=0 if entry is None else entry.tx,
            rows=self.rows, revisions=self.revisions,
        )  # fmt: skip

    def _hidden(self, table: str, fact: Fact) -> tuple[str, ...]:
        """Columns of a revision that are another person's, or for guides only."""
        if guides(table, fact, self.person):
            return _OF_THE_GUIDED
        restricted = table == "answers" and getattr(fact, "form", None) in self.restricted
        return ("note",) if restricted else ()

    def _values(self, fact: Fact, columns: Iterable[str]) -> tuple[tuple[str, Any], ...]:
        return tuple((one, _value(fact, one, self.person)) for one in columns)


_Revision: TypeAlias = tuple[Entry | None, Fact]
"""A revision with the commit that wrote it; ``None`` where no journal is kept."""


def _value(fact: Fact, column: str, person: str) -> Any:
    """The value, or :data:`ANOTHER` where it is another person."""
    value = getattr(fact, column)
    names = column == "decided_by" or "people" in fact.table.column(column).refers_to
    return ANOTHER if names and value is not None and value != person else value
