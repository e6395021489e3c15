"""What a register shows of one person, case or community on a day, and of what peers meet.

Each view is exact and internal. One that is about a single person is noted in the journal where the
store keeps notes: that it was looked at and by whom, never of whom.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from osallisuus.errors import DefinitionError, did_you_mean
from osallisuus.given import given_day, given_period, given_word
from osallisuus.model.facts import (
    Answer,
    Contact,
    Decision,
    Encounter,
    EncounterTheme,
    Enrollment,
    Fact,
    Goal,
    GoalRating,
    Group,
    Guidance,
    Idea,
    Interview,
    Membership,
    Pause,
    Person,
    Review,
    RoleSpan,
    Trait,
)
from osallisuus.register.facts import Facts
from osallisuus.register.named import program_named
from osallisuus.time import Period

if TYPE_CHECKING:
    from osallisuus.model.program import Program
    from osallisuus.rules.community import CommunityOnDay
    from osallisuus.rules.development import IdeaOnDay
    from osallisuus.rules.encounters import Needs
    from osallisuus.rules.guidance import GuidanceCase
    from osallisuus.rules.interviewed import EligibilityOnDay
    from osallisuus.rules.progression import RolesOnDay

__all__ = ["Views"]

_GUIDANCE = (Guidance, Review, Goal, GoalRating, RoleSpan, Pause)


class Views(Facts):
    """Views for those who work with people; nothing of them is for publication.

    *program* is a definition, the name of one that is installed, or the path of a TOML file.
    """

    def eligibility(self, of: str, program: str | Program, *, on: date) -> EligibilityOnDay:
        """How each criterion stands, and what a human decided; *of* is a person or an interview.

        See :func:`osallisuus.rules.interviewed.eligibility_on`. Raises :class:`DefinitionError`
        where neither a person nor an interview has this id.
        """
        from osallisuus.rules.interviewed import eligibility_on

        given_day(on)
        definition = _definition(program)
        people, interviews = list(self.facts(Person)), list(self.facts(Interview))
        _refuse_unrecorded(of, chain(people, interviews), "a person or an interview")
        found = eligibility_on(definition, [*interviews, *self.facts(Answer)], of=of, on=on)
        self._note("eligibility", "how somebody's criteria stand")
        return found

    def roles(self, person: str, program: str | Program, *, on: date) -> RolesOnDay:
        """The roles that *person* holds, those that are open, and the ways that roles have gone.

        See :func:`osallisuus.rules.progression.roles_of`. Raises :class:`DefinitionError` where
        nobody has this id.
        """
        from osallisuus.rules.progression import roles_of

        given_day(on)
        definition = _definition(program)
        _refuse_unrecorded(person, self.facts(Person), "a person")
        facts = self._of(Enrollment, RoleSpan, Pause, Contact, Trait, Decision)
        found = roles_of(definition, facts, person=person, on=on)
        self._note("roles", "somebody's roles")
        return found

    def guidance(
        self, case: str, program: str | Program | None = None, *, on: date
    ) -> GuidanceCase:
        """One case of guidance: its state, talks and goals, and the case that goes on from it.

        *program* is by default the one that the case names. Raises :class:`DefinitionError` where
        there is no such case, or it had not begun by that day.
        """
        from osallisuus.rules.guidance import cases_on

        given_day(on)
        cases = list(self.facts(Guidance))
        _refuse_unrecorded(case, cases, "a case of guidance")
        (home,) = (one.program for one in cases if one.id == case)
        definition = _definition_of(program, home)
        shown = cases_on(definition, self._of(*_GUIDANCE), on=on)
        found = next((one for one in shown if one.case.id == case), None)
        if found is None:
            raise DefinitionError(
                "this case had not begun by this day", where="on", remedy="name a later day"
            )
        self._note("guidance", "somebody's guidance")
        return found

    def reviews_due(self, program: str | Program, *, on: date) -> tuple[GuidanceCase, ...]:
        """The cases in which it is time for a talk; see :mod:`osallisuus.rules.guidance`."""
        from osallisuus.rules.guidance import reviews_due

        given_day(on)
        return reviews_due(_definition(program), self._of(*_GUIDANCE), on=on)

    def community(
        self, group: str, program: str | Program | None = None, *, on: date
    ) -> CommunityOnDay:
        """A community on a day by itself; see :mod:`osallisuus.rules.community`.

        *program* is by default the one that the group names. Raises :class:`DefinitionError` where
        there is no such group.
        """
        from osallisuus.rules.community import community_on

        given_day(on)
        homes = {one.id: one.program for one in self.facts(Group)}
        if group not in homes:
            raise DefinitionError(
                "there is no such group", where="group", remedy=did_you_mean(group, homes)
            )
        facts = self._of(Membership, RoleSpan, Pause, Decision)
        definition = _definition_of(program, homes[group])
        return community_on(definition, facts, group=group, on=on)

    def ideas(
        self, program: str | Program, *, on: date, origin: str | None = None
    ) -> tuple[IdeaOnDay, ...]:
        """What has become of ideas, by circles and never by people; oldest first.

        With *origin* ``encounter_forms``: what changed because of encounters (U9). Raises
        :class:`DefinitionError` for a circle that neither a vocabulary nor an idea has.
        """
        from osallisuus.model.vocabulary import vocabulary
        from osallisuus.rules.development import ideas_on

        given_day(on)
        name = _definition(program).name
        if origin is not None:
            known = {*vocabulary("idea_origin").codes, *(one.origin for one in self.facts(Idea))}
            given_word(origin, "origin", known)
        return ideas_on(self._of(Group, Idea), on=on, origin=origin, program=name)

    def encounter_needs(self, program: str | Program, *, period: Period) -> Needs:
        """What encounters of a period were about; see :func:`osallisuus.rules.encounters.needs`.

        Encounters are counted and never people, so that no small count is hidden here. What goes
        beyond the staff passes the gate: ``release("encounter_themes", ...)``.
        """
        from osallisuus.rules.encounters import needs

        given_period(period)
        facts = self._of(Encounter, EncounterTheme, Enrollment, RoleSpan)
        return needs(facts, period=period, program=_definition(program).name)

    def _of(self, *kinds: type[Fact]) -> Iterator[Fact]:
        return chain.from_iterable(self.facts(kind) for kind in kinds)


def _definition(program: str | Program) -> Program:
    return program_named(program) if isinstance(program, str) else program


def _definition_of(program: str | Program | None, home: str) -> Program:
    """The definition of what is of the programme *home*; another one would tell it wrongly."""
    definition = _definition(program or home)
    if definition.name != home:
        raise DefinitionError(
            "this is not of this programme",
            where=f"program={definition.name}",
            remedy="name no programme: the record names its own",
        )
    return definition


def _refuse_unrecorded(given: str, known: Iterable[Fact], what: str) -> None:
    """No id is told that is near: it would be somebody's."""
    if all(one.id != given for one in known):
        raise DefinitionError(
            f"nothing is recorded under this id as {what}",
            where="id",
            remedy="check the id; a name is never one",
        )
