"""What a register answers about single people and groups: for those who work with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from osallisuus.errors import (
    DefinitionError,
    StoreError,
    did_you_mean,
)
from osallisuus.model.facts import (
    TABLES,
    Contact,
    Enrollment,
    Fact,
    Group,
    Interview,
    KeepApart,
    Person,
    Trait,
)
from osallisuus.model.store import Entry
from osallisuus.register.facts import Facts
from osallisuus.register.named import has_restricted_forms, installed_programs

if TYPE_CHECKING:
    from osallisuus.model.program import Program
    from osallisuus.model.stated import Locale
    from osallisuus.rules.grouping import Grouping, OpenGroup, Wishes
    from osallisuus.rules.migration import Migration
    from osallisuus.rules.placing import Solve
    from osallisuus.rules.reminders import Reminder
    from osallisuus.rules.waiting import WaitingList, WaitingPolicy

__all__ = ["People"]

_ASKED = "can_share"
"""The operation under which the journal keeps questions about a proposed group."""


class People(Facts):
    """Questions about people and groups; nothing of it is for publication."""

    def reminders(self, program: str, *, on: date, days: int) -> tuple[Reminder, ...]:
        """Whom to call before the start of a group; see :mod:`osallisuus.rules.reminders`."""
        from osallisuus.rules.reminders import reminders

        self._refuse_unknown(program)
        kinds = (Group, Enrollment, Interview, Contact)
        rows = {kind.table.name: list(self.facts(kind)) for kind in kinds}
        return reminders(rows, program, on=on, days=days)

    def waiting_list(
        self, program: str, *, on: date, policy: WaitingPolicy, group: str | None = None
    ) -> WaitingList:
        """Who waits for a place, in an order by name; see :mod:`osallisuus.rules.waiting`."""
        from osallisuus.rules.waiting import waiting_list

        self._refuse_unknown(program)
        rows = self._rows(Enrollment, Interview)
        return waiting_list(rows, program, on=on, policy=policy, group=group)

    def can_share(self, group: str, people: Collection[str] = (), *, on: date) -> bool:
        """Whether *group* with *people* added, as a whole, is workable; never because of whom.

        The question, without the people, goes into the store's journal where it keeps notes, and a
        group can then be asked about only so often; see :mod:`osallisuus.rules.apart`.
        """
        from osallisuus.rules.apart import MOST_QUESTIONS, can_share, refuse_further
        from osallisuus.rules.candidates import refuse_strangers

        rows = self._rows(Person, Group, Enrollment, KeepApart)
        refuse_strangers(rows, people=people)
        known = {one.id for one in rows["groups"]}
        if group not in known:
            raise DefinitionError(
                "there is no such group", where="group", remedy=did_you_mean(group, known)
            )
        asked = (entry for entry in self.journal() if entry.operation == _ASKED)
        refuse_further(sum(entry.reason == group for entry in asked), MOST_QUESTIONS)
        answer = can_share(rows, group, people, on=on)
        self._note(_ASKED, group)
        return answer

    def form_groups(
        self,
        groups: Iterable[OpenGroup],
        people: Collection[str],
        *,
        on: date,
        facilitators: Collection[str] = (),
        wishes: Wishes | None = None,
        solve: Solve | None = None,
    ) -> Grouping:
        """A proposal for who of *people* could be in which of *groups*; nothing of it is stored.

        Whoever has a place in one of the groups keeps it. That it was asked goes into the journal
        where the store keeps notes. Fewer people than :data:`osallisuus.rules.apart.LEAST` are
        refused. See :mod:`osallisuus.rules.grouping`.
        """
        from osallisuus.rules.apart import refuse_few
        from osallisuus.rules.candidates import candidates, open_groups
        from osallisuus.rules.grouping import form_groups
        from osallisuus.rules.placing import search

        rows = self._rows(Person, Group, Enrollment, Trait, KeepApart)
        offered = open_groups(rows, groups)
        names = [one.group for one in offered]
        asked = candidates(rows, people, groups=names, on=on, facilitators=facilitators)
        refuse_few(len(asked), "people")
        self._note("form_groups", ", ".join(sorted(names)))
        return form_groups(
            asked, offered, on=on, judgements=rows["keep_apart"], wishes=wishes,
            solve=solve or search,
        )  # fmt: skip

    def erase_judgements(self, *, on: date, dry_run: bool = False) -> int:
        """Erase the judgements that have died by that day, with their history; how many there are.

        A judgement dies on its last day or with its group. Only a store that can ``forget``
        erases; others raise :class:`StoreError`.
        """
        from osallisuus.rules.apart import past_judgements

        past = past_judgements(self._rows(Group, KeepApart), on=on)
        if dry_run or not past:
            return len(past)
        if self._known is not None or "forget" not in self.store.capabilities:
            raise StoreError(
                "this store cannot forget", remedy="use one that can, such as a .db file"
            )
        return self.store.forget("keep_apart", past, actor=self.actor, reason="past")

    def migrate_program(
        self, old: Program, new: Program, *, on: date | None = None, dry_run: bool = False
    ) -> Migration:
        """Move enrolments to a new version of their programme, as
        :mod:`osallisuus.rules.migration` says.

        *on* is the first day of the new version, by default the day after the last fact. Only those
        move who have not started or have agreed; *dry_run* says who would, and stores nothing.
        """
        from osallisuus.rules.keeping import last_day
        from osallisuus.rules.migration import migrate

        rows = {name: list(self.facts(table.record)) for name, table in TABLES.items()}
        last = last_day(rows)
        day = on or (date(1, 1, 2) if last is None else last + timedelta(days=1))
        found = migrate(old, new, chain(*rows.values()), on=day)
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
        from osallisuus.rules.copying import about, make_copy, uses_of

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
        return tell_copy(copy, locale=locale)

    def _revisions(
        self, own: Mapping[str, Sequence[Fact]]
    ) -> dict[tuple[str, str], list[tuple[Entry | None, Fact]]]:
        """Every revision of these facts with its commit; the facts alone without a history."""
        found: dict[tuple[str, str], list[tuple[Entry | None, Fact]]] = defaultdict(list)
        entries = {entry.tx: entry for entry in self.journal()}
        for name, facts in own.items():
            known: Iterable[tuple[int, Fact]] = ((0, fact) for fact in facts)
            if "history" in self.store.capabilities:
                known = self.store.revisions(name, [fact.id for fact in facts])
            for tx, fact in known:
                if self._tx is None or tx <= self._tx:
                    found[name, fact.id].append((entries.get(tx), fact))
        return found
