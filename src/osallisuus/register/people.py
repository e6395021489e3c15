"""What a register answers about single people and groups: for those who work with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from osallisuus.errors import (
    DefinitionError,
)
from osallisuus.given import given_day
from osallisuus.model.facts import (
    TABLES,
    Contact,
    Enrollment,
    Fact,
    Group,
    Guidance,
    Interview,
)
from osallisuus.model.store import Entry
from osallisuus.register.named import (
    code_of,
    has_restricted_forms,
    installed_programs,
)
from osallisuus.register.sharing import Sharing
from osallisuus.time import YEARS
from osallisuus.version import VERSION

if TYPE_CHECKING:
    from osallisuus.model.program import Program
    from osallisuus.model.stated import Locale
    from osallisuus.release import Release
    from osallisuus.rules.copying import OwnCopy
    from osallisuus.rules.migration import Migration
    from osallisuus.rules.reminders import Reminder
    from osallisuus.rules.waiting import WaitingList, WaitingPolicy

__all__ = ["People"]


class People(Sharing):
    """Questions about people and groups; nothing of it is for publication."""

    def reminders(self, program: str | Program, *, on: date, days: int) -> tuple[Reminder, ...]:
        """Whom to call before the start of a group; see :mod:`osallisuus.rules.reminders`.

        *program* is a definition, a code, or the path of a TOML file.
        """
        from osallisuus.rules.reminders import reminders

        given_day(on)
        self._refuse_unknown(program)
        kinds = (Group, Enrollment, Guidance, Interview, Contact)
        rows = {kind.table.name: list(self.facts(kind)) for kind in kinds}
        return reminders(rows, code_of(program), on=on, days=days)

    def waiting_list(
        self,
        program: str | Program,
        *,
        on: date,
        policy: WaitingPolicy,
        group: str | None = None,
    ) -> WaitingList:
        """Who waits for a place, in an order by name; see :mod:`osallisuus.rules.waiting`.

        *program* is a definition, a code, or the path of a TOML file.
        """
        from osallisuus.rules.waiting import waiting_list

        given_day(on)
        self._refuse_unknown(program)
        rows = self._rows(Enrollment, Interview)
        return waiting_list(rows, code_of(program), on=on, policy=policy, group=group)

    def migrate_program(
        self, old: Program, new: Program, *, on: date | None = None, dry_run: bool = False
    ) -> Migration:
        """Move enrolments to a new version of their programme, as
        :mod:`osallisuus.rules.migration` says.

        *on* is the first day of the new version, by default the day after the last fact. Only those
        move who have not started or have agreed; *dry_run* says who would, and stores nothing.
        Raises :class:`DefinitionError` for an *on* by which not every fact has happened.
        """
        from osallisuus.rules.migration import migrate
        from osallisuus.rules.tables import last_day

        rows = {name: list(self.facts(table.record)) for name, table in TABLES.items()}
        last = last_day(rows)
        if on is None:
            on = date(YEARS[0], 1, 1) if last is None else last + timedelta(days=1)
        found = migrate(old, new, chain(*rows.values()), on=on)
        if found.facts and not dry_run:
            self.add(found.facts, reason=f"{old.name}: version {old.version} to {new.version}")
        return found

    def own_copy(self, person: str, *, locale: Locale = "en") -> str:
        """All that is recorded of *person*, in plain words for themselves, as Markdown (U11).

        By whom and when, what was corrected, what it is used for, and what erasing would remove.
        That a copy was made goes into the journal where the store keeps notes, without the person.
        Raises :class:`DefinitionError` where nothing is recorded of anybody with this id.
        """
        from osallisuus.rules.copy_told import tell_copy

        return tell_copy(self._own_copy(person), locale=locale)

    def participant_copy(self, person: str, *, locale: Locale = "en") -> Release:
        """The same as a report that any exporter writes, such as a page or a PDF."""
        from osallisuus.release import Release
        from osallisuus.reports.participant import copy_document

        copy = self._own_copy(person)
        return Release(copy_document(copy, locale=locale, version=VERSION))

    def _own_copy(self, person: str) -> OwnCopy:
        from osallisuus.rules.copying import make_copy, uses_of
        from osallisuus.rules.owning import about

        rows = {name: list(self.facts(table.record)) for name, table in TABLES.items()}
        own = about(rows, person)
        if not own:
            raise DefinitionError(
                "nothing is recorded of anybody with this id", where="person",
                remedy="check the id; a name is never one",
            )  # fmt: skip
        programs = installed_programs(
            {getattr(fact, "program", None) for fact in chain(*own.values())}
        )
        copy = make_copy(
            rows,
            person,
            revisions=self._revisions(own),
            restricted=lambda name: name not in programs or has_restricted_forms(programs[name]),
            uses=uses_of(programs.values(), rows, person),
            titles={name: program.title for name, program in programs.items()},
            releases=sum(1 for _ in self.releases()),
        )
        self._note("own_copy", "somebody's own copy")
        return copy

    def _revisions(
        self, own: Mapping[str, Sequence[Fact]]
    ) -> dict[tuple[str, str], list[tuple[Entry | None, Fact]]]:
        """Every revision of these facts with its commit, and of all that they ever belonged to.

        Without a history it is the facts alone.
        """
        from osallisuus.rules.owning import unread_parents

        found: dict[tuple[str, str], list[tuple[Entry | None, Fact]]] = {}
        if "history" not in self.store.capabilities:
            return {
                (name, fact.id): [(None, fact)] for name, facts in own.items() for fact in facts
            }
        entries = {entry.tx: entry for entry in self.journal()}
        unread = {name: {fact.id for fact in facts} for name, facts in own.items()}
        while unread:
            for name, ids in unread.items():
                found.update(((name, one), []) for one in ids)
                for tx, fact in self.store.revisions(name, ids):
                    if self._tx is None or tx <= self._tx:
                        found[name, fact.id].append((entries.get(tx), fact))
            unread = unread_parents(found)
        return found
