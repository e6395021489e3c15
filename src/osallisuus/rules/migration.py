"""From one version of a programme to the next: what changes, for whom, and who moves.

The policy is that nobody's terms change under their feet. An enrolment keeps the version under which
it began. Whoever has not started yet, and whoever comes later, begins under the new version. Whoever
takes part moves only if they agree, which is a consent of the purpose ``move_to.<name>.<version>``;
whoever does not, or is not asked, stays as they are to their end. What has ended stays for good, and
groups that have begun keep the version of their facts.

Nothing is stored here: :meth:`Migration.facts` are the revised enrolments, for whoever stores them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final, Literal, TypeAlias

import attrs

from osallisuus.errors import DefinitionError
from osallisuus.given import given_day
from osallisuus.model.cadence import AsNeeded, Every, Exactly, Length, Rate
from osallisuus.model.facts import Consent, Enrollment, Fact, RoleSpan
from osallisuus.model.program import Program
from osallisuus.model.roles import Prerequisite
from osallisuus.model.stated import Range, Span, Text
from osallisuus.rules.tables import last_day, tables
from osallisuus.values import frozen

__all__ = [
    "Change",
    "Concern",
    "Migration",
    "Move",
    "Outcome",
    "agreement",
    "changes_between",
    "migrate",
]

Concern: TypeAlias = Literal["coming", "taking_part", "role", "data", "description"]
"""For whom a change matters: who comes, who takes part, who holds a role, everybody of whom data are
kept, or nobody but readers of the description."""

Outcome: TypeAlias = Literal["begins_under_new", "agreed", "stays", "ended"]
"""Of one enrolment; the first two get the new version."""

_CONCERNS: Final[dict[Concern, str]] = {
    "coming": "target channels interview before_start",
    "taking_part": """
        sessions fixed_term themes themes_open activities contents contact_modes goal_domains
        meetings forms reviews completion transitions settings community co_development rights
        boundaries support_modes decision_owners livelihood pathways""",
    "role": "roles role_paths compensation staffing",
    "data": "safeguards data_purposes retention disclosure instruments",
}
_CONCERN_OF: Final = {
    name: concern for concern, names in _CONCERNS.items() for name in names.split()
}
_WHOLE: Final = (Text, Range, Span, Length, Exactly, Rate, Every, AsNeeded, Prerequisite)
"""Values that change as a whole; other objects are compared field by field."""
_KEYS: Final = ("code", "point", "phase", "matter", "role", "by", "program", "about")


@frozen(kw_only=True)
class Change:
    """One difference: the path of a key, and what stood and stands there.

    ``None`` is not stated: the new version may say something for the first time, or no longer.
    """

    path: str
    before: Any
    after: Any

    @property
    def concern(self) -> Concern:
        """For whom it matters."""
        return _CONCERN_OF.get(self.path.partition(".")[0].partition("[")[0], "description")

    @property
    def kind(self) -> Literal["added", "removed", "changed"]:
        """Whether it was not stated before, is not any more, or is stated otherwise."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


@frozen(kw_only=True)
class Move:
    """What becomes of one enrolment, why, and which changes concern the person. INTERNAL.

    ``evidence`` is the place of the fact that decides: the enrolment itself, or the consent.
    """

    enrollment: Enrollment
    outcome: Outcome
    evidence: str
    concerns: tuple[Change, ...] = ()

    @property
    def moves(self) -> bool:
        """Whether the enrolment gets the new version."""
        return self.outcome in ("begins_under_new", "agreed")


@frozen(kw_only=True)
class Migration:
    """All changes, and what becomes of every enrolment that is under the old version, by id."""

    program: str
    old: str
    new: str
    changes: tuple[Change, ...]
    moves: tuple[Move, ...]

    @property
    def facts(self) -> tuple[Enrollment, ...]:
        """The enrolments that move, as they are to be stored."""
        return tuple(
            attrs.evolve(one.enrollment, program_version=self.new)  # type: ignore[misc]
            for one in self.moves
            if one.moves
        )


def agreement(program: Program) -> str:
    """The purpose of the consent with which somebody moves to this version of *program*."""
    version = re.sub(r"[^a-z0-9_.]", "_", program.version.lower())
    return f"move_to.{program.name}.{version}"[:64]


def changes_between(old: Program, new: Program) -> tuple[Change, ...]:
    """What differs between two versions, in the order of the definition.

    Raises :class:`DefinitionError` for two programmes, or two definitions of one version.
    """
    if old.name != new.name:
        raise DefinitionError(
            "these are two programmes and not two versions of one",
            where=f"{old.name} and {new.name}",
            remedy="give the new definition the same name and another version",
        )
    if old.version == new.version:
        raise DefinitionError(
            "both definitions have the same version",
            where=f"program {new.name}.version",
            remedy="give the new definition a new version",
        )
    return tuple(
        change
        for field in attrs.fields(Program)
        if field.name not in ("name", "version")
        for change in _compared(field.name, getattr(old, field.name), getattr(new, field.name))
    )


def migrate(old: Program, new: Program, facts: Iterable[Fact], *, on: date) -> Migration:
    """What becomes of every enrolment under *old* when *new* is in force from the day *on*.

    That is a day after the last fact: on an earlier one somebody who takes part, or has ended,
    would seem not to have begun. Raises :class:`DefinitionError` for another day, and where the
    versions are numbers of which the new one comes first.
    """
    changes = changes_between(old, new)
    _refuse_back(old.version, new.version)
    rows = tables(facts)
    _refuse_past(given_day(on), last_day(rows))
    asked = agreement(new)
    agreed: dict[str, list[Consent]] = defaultdict(list)
    for consent in rows.get("consents", ()):
        if consent.purpose == asked and _holds(consent.given_on, consent.withdrawn_on, on):
            agreed[consent.person].append(consent)
    held: dict[str, set[str]] = defaultdict(set)
    span: RoleSpan
    for span in rows.get("roles", ()):
        if span.program in (old.name, None) and _holds(span.starts_on, span.ends_on, on):
            held[span.person].add(span.role)
    own = [
        row
        for row in rows.get("enrollments", ())
        if (row.program, row.program_version) == (old.name, old.version)
    ]
    moves = tuple(_move(row, agreed[row.person], held[row.person], changes, on) for row in own)
    return Migration(
        program=old.name, old=old.version, new=new.version, changes=changes, moves=moves
    )


def _refuse_back(old: str, new: str) -> None:
    """Versions that are numbers have an order; others are names, of which nobody knows it."""
    if old.isdecimal() and new.isdecimal() and int(new) < int(old):
        raise DefinitionError(
            "the new version comes before the old one",
            where=f"version {new}",
            remedy="give what is to be in force again a version of its own",
        )


def _refuse_past(on: date, last: date | None) -> None:
    if last is not None and on <= last:
        raise DefinitionError(
            "a new version cannot be in force before what has happened already",
            where="on",
            remedy="name a day after the last fact, or none, which is the first such day",
        )


def _holds(first: date, last: date | None, on: date) -> bool:
    return first < on and (last is None or on <= last)


def _move(
    row: Enrollment, agreed: list[Consent], held: set[str], changes: tuple[Change, ...], on: date
) -> Move:
    outcome, evidence = _outcome(row, agreed, on)
    wanted: tuple[Concern, ...] = ("taking_part", "data")
    if outcome == "ended":
        wanted = ("data",)
    elif outcome == "begins_under_new":
        wanted = ("coming", "taking_part", "data")
    return Move(
        enrollment=row,
        outcome=outcome,
        evidence=evidence,
        concerns=tuple(
            change
            for change in changes
            if change.concern in wanted
            or (change.concern == "role" and any(_is_of_role(change, role) for role in held))
        ),
    )


def _outcome(row: Enrollment, agreed: list[Consent], on: date) -> tuple[Outcome, str]:
    itself = f"enrollments[{row.id}]"
    if row.ended_on is not None and row.ended_on < on:
        return "ended", itself
    if row.started_on is None:
        return "begins_under_new", itself
    if agreed:
        first = min(agreed, key=lambda one: (one.given_on, one.id))
        return "agreed", f"consents[{first.id}]"
    return "stays", itself


def _is_of_role(change: Change, role: str) -> bool:
    return f"[{role}]" in change.path


def _compared(path: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    if _keyed(old) and _keyed(new):
        before, after = ({_key(item): item for item in items} for items in (old, new))
        for key in dict.fromkeys((*before, *after)):
            yield from _compared(f"{path}[{key}]", before.get(key), after.get(key))
        if before == after:  # the same items in another order
            yield Change(path=path, before=old, after=new)
    elif _comparable(old, new):
        for field in attrs.fields(type(old)):
            place = f"{path}.{field.name}"
            yield from _compared(place, getattr(old, field.name), getattr(new, field.name))
    else:
        yield Change(path=path, before=old, after=new)


def _comparable(old: Any, new: Any) -> bool:
    return type(old) is type(new) and attrs.has(type(old)) and not isinstance(old, _WHOLE)


def _keyed(items: Any) -> bool:
    """Whether these are objects that their keys tell apart."""
    if not isinstance(items, tuple):
        return False
    if any(isinstance(one, _WHOLE) or not attrs.has(type(one)) for one in items):
        return False
    keys = [_key(one) for one in items]
    return None not in keys and len(set(keys)) == len(keys)


def _key(item: Any) -> str | None:
    return next((str(getattr(item, name)) for name in _KEYS if hasattr(item, name)), None)
