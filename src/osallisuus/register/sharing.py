"""What a register answers about who can share a group: of whole groups, and never because of whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from osallisuus.errors import DefinitionError, DisclosureError, Problem, StoreError, did_you_mean
from osallisuus.given import given_day
from osallisuus.model.facts import TABLES, Enrollment, Group, KeepApart, Person, Trait
from osallisuus.register.facts import Facts
from osallisuus.register.named import installed_programs, program_named

if TYPE_CHECKING:
    from osallisuus.rules.finding import Rows
    from osallisuus.rules.open_groups import Grouping, OpenGroup, Wishes
    from osallisuus.rules.placing import Solve
    from osallisuus.rules.waiting import Capacity

__all__ = ["Sharing"]


class Sharing(Facts):
    """Questions about groups and the judgements on who must not share one."""

    def can_share(
        self,
        group: str,
        people: Collection[str] = (),
        *,
        on: date,
        programs: Iterable[str] = (),
    ) -> bool:
        """Whether *group* with *people* added, as a whole, is workable; never because of whom.

        The question, without the people, goes into the store's journal where it keeps notes, and
        only so many are answered in a year, about all groups together; see
        :mod:`osallisuus.rules.apart`. *programs* are those of :meth:`form_groups`.
        """
        from osallisuus.rules.apart import ASKED, can_share, refuse_further
        from osallisuus.rules.candidates import refuse_strangers

        given_day(on)
        self._refuse_earlier()
        rows = self._with_places(self._rows(Person, Group, Enrollment, KeepApart), programs)
        refuse_strangers(rows, people=people)
        known = {one.id for one in rows["groups"]}
        if group not in known:
            raise DefinitionError(
                "there is no such group", where="group", remedy=did_you_mean(group, known)
            )
        refuse_further(self.journal())
        answer = can_share(rows, group, people, on=on)
        self._note(ASKED, group)
        return answer

    def _refuse_earlier(self) -> None:
        """What was known earlier is not asked: moment after moment, somebody would be missing."""
        if self._known is not None:
            raise DisclosureError(
                "who can share a group is not told as known earlier",
                where="known_at",
                remedy="ask the register of now",
            )

    def places(
        self, groups: str | Collection[str], *, on: date, programs: Iterable[str] = ()
    ) -> tuple[Capacity, ...]:
        """The places of these groups on that day, taken and free, in the order of their ids.

        A string is one group and never several. *programs* are those of
        :meth:`form_groups`. Raises :class:`DefinitionError` for groups that are not there.
        """
        from osallisuus.rules.waiting import capacity_on

        given_day(on)
        asked = (groups,) if isinstance(groups, str) else tuple(groups)
        rows = self._with_places(self._rows(Group, Enrollment), programs)
        known = {one.id for one in rows["groups"]}
        if problems := [
            Problem("there is no such group", f"groups.{group}", did_you_mean(group, known))
            for group in asked
            if group not in known
        ]:
            raise DefinitionError(problems)
        return tuple(capacity_on(rows, one, on=on) for one in rows["groups"] if one.id in asked)

    def _with_places(self, rows: Rows, programs: Iterable[str]) -> Rows:
        """*rows* whose groups have the places of their programme where they state none."""
        from osallisuus.rules.places import with_places

        own = {program.name: program for program in map(program_named, programs)}
        named = {group.program for group in rows["groups"]}
        return with_places(rows, installed_programs(named) | own)

    def form_groups(
        self,
        groups: Iterable[OpenGroup],
        people: Collection[str],
        *,
        on: date,
        facilitators: Collection[str] = (),
        wishes: Wishes | None = None,
        solve: Solve | None = None,
        programs: Iterable[str] = (),
    ) -> Grouping:
        """A proposal for who of *people* could be in which of *groups*; nothing of it is stored.

        Whoever has a place in one of the groups keeps it. That it was asked goes into the journal
        where the store keeps notes. Too few people are refused, and so is a day of the past; see
        :mod:`osallisuus.rules.asking`. A group that states no places has those of its programme;
        *programs* are TOML files of programmes besides the installed ones. See
        :mod:`osallisuus.rules.grouping`.
        """
        from osallisuus.rules.apart import refuse_past
        from osallisuus.rules.asking import refuse_narrow
        from osallisuus.rules.candidates import candidates, open_groups
        from osallisuus.rules.grouping import form_groups
        from osallisuus.rules.placing import search

        given_day(on)
        self._refuse_earlier()
        rows = self._with_places(self._rows(Person, Group, Enrollment, Trait, KeepApart), programs)
        offered = open_groups(rows, groups)
        names = [one.group for one in offered]
        asked = candidates(rows, people, groups=names, on=on, facilitators=facilitators)
        refuse_past(rows, names, on=on)
        refuse_narrow(asked, offered, wishes)
        self._note("form_groups", ", ".join(sorted(names)))
        return form_groups(
            asked, offered, on=on, judgements=rows["keep_apart"], wishes=wishes,
            solve=solve or search,
        )  # fmt: skip

    def erase_judgements(self, *, on: date, dry_run: bool = False) -> int:
        """Erase the judgements that have died by that day, with their history; how many there are.

        A judgement dies on its last day or with its group. A day that has not come yet is refused
        with :class:`StoreError`, since judgements that still protect somebody would go: one later
        than the day after the last fact, and than the day by the store's own clock. Only a store that can ``forget`` erases; others
        raise :class:`StoreError`.
        """
        from osallisuus.rules.apart import past_judgements

        given_day(on)
        self._refuse_to_come(on)
        past = past_judgements(self._rows(Group, KeepApart), on=on)
        if dry_run or not past:
            return len(past)
        if self._known is not None or "forget" not in self.store.capabilities:
            raise StoreError(
                "this store cannot forget", remedy="use one that can, such as a .db file"
            )
        return self.store.forget("keep_apart", past, self._act("past"))

    def _refuse_to_come(self, on: date) -> None:
        from osallisuus.rules.tables import last_day

        rows = {name: list(self.facts(table.record)) for name, table in TABLES.items()}
        day = last_day(rows)
        if day is not None and on - timedelta(days=1) <= day:
            return
        if self._known is None and "note" in self.store.capabilities:
            # only a line of the journal tells which day it is where the facts are kept
            asked = self.store.note("erase_judgements", self._act("a later day"))
            # it is in UTC, and the day of whoever asks may have begun already
            if on - timedelta(days=1) <= asked.recorded_at.date():
                return
        raise StoreError(
            "that day has not come yet: judgements that still hold would go",
            where="on",
            remedy="give today, or the day after the last fact",
        )
