"""A store's facts as a register holds them: added, read, checked and known earlier."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import field

from osallisuus import plugins
from osallisuus.errors import DefinitionError, ImportProblem, PluginError, StoreError, did_you_mean
from osallisuus.given import given_day
from osallisuus.model.batch import Batch
from osallisuus.model.facts import TABLES, Enrollment, Fact, Group, Observation, Person, RoleSpan
from osallisuus.model.store import Act, Entry, Store, Versions
from osallisuus.register.named import program_named
from osallisuus.rules.finding import Finding
from osallisuus.rules.findings import check
from osallisuus.rules.references import undefined_references
from osallisuus.values import frozen

if TYPE_CHECKING:
    from osallisuus.disclosure.ledger import Line
    from osallisuus.model.program import Program

__all__ = ["Facts", "Receipt"]

F = TypeVar("F", bound=Fact)


@frozen
class Receipt:
    """What :meth:`Register.add` did: facts by what became of them, and the findings in them."""

    added: int
    revised: int
    unchanged: int
    findings: tuple[Finding, ...] = field(default=(), repr=False)


class Facts:
    """The facts of one store, in the name of somebody and for a purpose."""

    def __init__(
        self,
        store: Store,
        *,
        actor: str,
        purpose: str,
        known: tuple[int, datetime] | None = None,
    ) -> None:
        self.store = store
        self.actor = actor
        self.purpose = purpose
        self._known = known

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({type(self.store).__name__}, actor={self.actor!r})"

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def add(
        self,
        facts: Iterable[Fact] | Batch,
        *,
        reason: str = "",
        key: str | None = None,
        expect: Versions | None = None,
    ) -> Receipt:
        """Add and revise facts in one transaction; all problems at once, or all facts.

        A fact is never refused because it breaks a rule of its programme: that is a finding of
        the receipt. Raises :class:`ImportProblem` with every malformed value and every reference
        to nothing; then nothing is stored. The same *key* a second time changes nothing. With
        *expect*, as :meth:`~osallisuus.register.upkeep.Upkeep.versions` gives it,
        :class:`~osallisuus.errors.VersionConflict` where somebody has changed one of them since.
        """
        if self._known is not None:
            raise StoreError(
                "a register as known earlier is read-only", remedy="add to the register of now"
            )
        self._refuse_unseen(expect)
        batch = facts if isinstance(facts, Batch) else Batch.of(facts)
        problems = [*batch.problems, *undefined_references(batch, self.store.known_ids)]
        if problems:
            raise ImportProblem(problems)
        commit = self.store.append(batch, self._act(reason), key=key, expect=expect)
        programs = plugins.find("programs")
        findings = tuple(check(batch.rows, place=batch.place, programs=programs))
        return Receipt(commit.added, commit.revised, commit.unchanged, findings)

    def facts(self, kind: type[F]) -> Iterator[F]:
        """All records of one kind, in the order of their ids.

        *kind* is their class; :class:`DefinitionError` for anything else, such as a table's name.
        """
        _refuse_no_kind(kind)
        return chain.from_iterable(self.store.scan(kind, known_at=self._tx))

    def check(self, *, on: date | None = None, programs: Iterable[str] = ()) -> list[Finding]:
        """What in the stored facts deserves a look: places and remedies, never values.

        *on* is the day on which it is asked what is due; by default the day after the last fact.
        *programs* are TOML files of programmes besides the installed ones.
        """
        if on is not None:
            given_day(on)
        rows = {name: list(self.facts(table.record)) for name, table in TABLES.items()}
        own = {program.name: program for program in map(program_named, programs)}
        known = list(dict.fromkeys([*plugins.find("programs"), *own]))
        return [*check(rows, programs=known, on=on), *_kept(rows, known, own, on)]

    def _rows(self, *kinds: type[Fact]) -> dict[str, list[Any]]:
        return {kind.table.name: list(self.facts(kind)) for kind in kinds}

    def _note(self, operation: str, reason: str) -> None:
        if "note" in self.store.capabilities:
            self.store.note(operation, self._act(reason))

    def _act(self, reason: str) -> Act:
        return Act(self.actor, self.purpose, reason)

    def journal(self) -> Iterator[Entry]:
        """Who stored something, when and why, oldest first."""
        return self.store.journal()

    def known_at(self, moment: datetime) -> Self:
        """A read-only register of what was recorded at *moment*, which must be aware."""
        if moment.tzinfo is None:
            raise StoreError("a moment needs its zone", remedy="datetime(..., tzinfo=...)")
        if "history" not in self.store.capabilities:
            raise StoreError(
                "this store keeps no earlier revisions", remedy="import it into a .db file"
            )
        tx = self.store.tx_at(moment)
        return type(self)(self.store, actor=self.actor, purpose=self.purpose, known=(tx, moment))

    def releases(self) -> Iterator[Line]:
        """Every release that the store remembers, oldest first."""
        from osallisuus.disclosure.ledger import entries_of

        return entries_of(self.store)

    @property
    def _tx(self) -> int | None:
        return None if self._known is None else self._known[0]

    def _refuse_unknown(self, program: str | Program | None) -> None:
        """A misspelt programme would otherwise be one without cases."""
        known = {*plugins.find("programs")}
        if not isinstance(program, str) or program.endswith(".toml") or program in known:
            return  # nothing is named, or a definition that is at hand
        known.update(self._programs())
        if program not in known:
            raise DefinitionError(
                "neither a definition nor a fact has this programme",
                where=f"program={program}",
                remedy=did_you_mean(program, known),
            )

    def _refuse_absent(self, program: str) -> None:
        """A report on a programme without a single fact would look like one on nobody."""
        held = set()
        for found in self._programs():
            if found == program:
                return
            held.add(found)
        named = f"it has: {', '.join(sorted(held))}" if held else "add or import its facts first"
        raise DefinitionError(
            "the store has no group, enrolment or role of this programme",
            where=f"program={program}",
            remedy=named,
        )

    def _programs(self) -> Iterator[str]:
        """The programme of every group, enrolment and role, as they come."""
        kinds: tuple[type[Group | Enrollment | RoleSpan], ...] = (Group, Enrollment, RoleSpan)
        for kind in kinds:
            for fact in self.facts(kind):
                if fact.program is not None:
                    yield fact.program

    def groups_of(self, program: str) -> tuple[Group, ...]:
        """The groups of a programme, in the order in which they start."""
        own = [group for group in self.facts(Group) if group.program == program]
        return tuple(sorted(own, key=lambda group: (group.starts_on, group.id)))

    def is_synthetic(self) -> bool:
        """Whether an observation says that the facts are made up."""
        return any(row.measure == "synthetic_data" for row in self.facts(Observation))

    def _refuse_without(self, capability: str, what: str) -> None:
        if self._known is not None:
            raise StoreError(
                "a register as known earlier only reads", remedy="ask the register of now"
            )
        if capability not in self.store.capabilities:
            raise StoreError(f"this store {what}", remedy="import it into a .db file")

    def _refuse_unseen(self, expect: Versions | None) -> None:
        """Versions mean nothing to a store that keeps none: it would overwrite what is newer."""
        if expect is not None:
            self._refuse_without("expect", "tells no versions")


def _refuse_no_kind(kind: object) -> None:
    if any(kind is table.record for table in TABLES.values()):
        return
    meant = TABLES[kind].record if isinstance(kind, str) and kind in TABLES else Person
    raise DefinitionError(
        "facts are asked for by their class",
        where="register.facts",
        remedy=f"such as register.facts(osa.{meant.__name__})",
    )


def _kept(
    rows: Mapping[str, list[Any]],
    programs: Collection[str],
    own: Mapping[str, Program],
    on: date | None,
) -> Iterator[Finding]:
    """What the facts of each programme, *own* or installed, break of its own words."""
    from osallisuus.rules.codes import unknown_codes
    from osallisuus.rules.findings import place_by_id
    from osallisuus.rules.keeping import check_program  # reads definitions, which little else does

    tables = ("groups", "enrollments", "guidance", "roles", "interviews")
    named = {row.program for table in tables for row in rows[table]} - {None}
    read: dict[str, Program] = {}
    for name in sorted(named & set(programs)):
        try:
            program = own.get(name) or program_named(name)
        except (DefinitionError, PluginError):
            # one that is broken never disturbs the others
            yield Finding(
                "program_not_readable",
                "the definition of this programme cannot be read, so nothing was held against it",
                f"program {name}",
                f"osallisuus plugins {name} says why",
            )
        else:
            read[name] = program
            yield from check_program(program, rows, on=on)
    if named <= set(read):  # a definition that is not at hand may know any code
        yield from unknown_codes(rows, tuple(read.values()), place=place_by_id(rows))
