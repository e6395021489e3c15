"""Register: the one door for applications."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

from attrs import evolve, field

from osallisuus import plugins
from osallisuus.errors import (
    DefinitionError,
    ImportProblem,
    PluginError,
    StoreError,
    did_you_mean,
)
from osallisuus.metrics.alternatives import Alternatives
from osallisuus.metrics.compare import stated
from osallisuus.metrics.compile import Settings
from osallisuus.metrics.engine import Engine
from osallisuus.metrics.figure import Result
from osallisuus.metrics.measure import Measurement, last_known_day, measure
from osallisuus.metrics.metric import Metric
from osallisuus.metrics.origin import Asked, Snapshot
from osallisuus.model.batch import Batch
from osallisuus.model.facts import (
    TABLES,
    Contact,
    Encounter,
    Enrollment,
    Fact,
    Group,
    Interview,
    KeepApart,
    Observation,
    Person,
    RoleSpan,
    Trait,
)
from osallisuus.model.heading import Heading, ProgramFile
from osallisuus.model.store import Entry, Store
from osallisuus.rules.finding import Finding
from osallisuus.rules.findings import check
from osallisuus.rules.references import undefined_references
from osallisuus.time import Clock, Period, split_periods
from osallisuus.values import frozen
from osallisuus.version import VERSION

if TYPE_CHECKING:
    from osallisuus.disclosure.certificate import Certificate
    from osallisuus.disclosure.gate import Released
    from osallisuus.disclosure.ledger import Line
    from osallisuus.disclosure.profile import Profile
    from osallisuus.disclosure.publish import Press
    from osallisuus.model.program import Program
    from osallisuus.model.stated import Locale
    from osallisuus.release import Report
    from osallisuus.reports.funders import FundTable
    from osallisuus.rules.grouping import Grouping, OpenGroup, Wishes
    from osallisuus.rules.migration import Migration
    from osallisuus.rules.placing import Solve
    from osallisuus.rules.reminders import Reminder
    from osallisuus.rules.waiting import WaitingList, WaitingPolicy

__all__ = ["Receipt", "Register", "file_of", "metric_named", "open_register", "program_named"]

F = TypeVar("F", bound=Fact)

_ASKED = "can_share"
"""The operation under which the journal keeps questions about a proposed group."""


@frozen
class Receipt:
    """What :meth:`Register.add` did: facts by what became of them, and the findings in them."""

    added: int
    revised: int
    unchanged: int
    findings: tuple[Finding, ...] = field(default=(), repr=False)


class Register:
    """The facts of one store, and everything that can be asked of them.

    Make one with :func:`osallisuus.open`. It is a context manager and closes its store.
    """

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
        return f"Register({type(self.store).__name__}, actor={self.actor!r})"

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    # Facts ------------------------------------------------------------------------------------

    def add(
        self, facts: Iterable[Fact] | Batch, *, reason: str = "add", key: str | None = None
    ) -> Receipt:
        """Add and revise facts in one transaction; all problems at once, or all facts.

        A fact is never refused because it breaks a rule of its programme: that is a finding of
        the receipt. Raises :class:`ImportProblem` with every malformed value and every reference
        to nothing; then nothing is stored. The same *key* a second time changes nothing.
        """
        if self._known is not None:
            raise StoreError(
                "a register as known earlier is read-only", remedy="add to the register of now"
            )
        batch = facts if isinstance(facts, Batch) else Batch.of(facts)
        problems = [*batch.problems, *undefined_references(batch, self.store.known_ids)]
        if problems:
            raise ImportProblem(problems)
        commit = self.store.append(batch, actor=self.actor, reason=reason, key=key)
        programs = plugins.find("programs")
        findings = tuple(check(batch.rows, place=batch.place, programs=programs))
        return Receipt(commit.added, commit.revised, commit.unchanged, findings)

    def facts(self, kind: type[F]) -> Iterator[F]:
        """All records of one kind, in the order of their ids."""
        for part in self.store.scan(kind, known_at=self._tx):
            yield from part

    def check(self, *, on: date | None = None, programs: Iterable[str] = ()) -> list[Finding]:
        """What in the stored facts deserves a look: places and remedies, never values.

        *on* is the day on which it is asked what is due; by default the day after the last fact.
        *programs* are TOML files of programmes besides the installed ones.
        """
        rows = {name: list(self.facts(table.record)) for name, table in TABLES.items()}
        own = {program.name: program for program in map(program_named, programs)}
        known = list(dict.fromkeys([*plugins.find("programs"), *own]))
        return [*check(rows, programs=known), *_kept(rows, known, own, on)]

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

    def _rows(self, *kinds: type[Fact]) -> dict[str, list[Any]]:
        return {kind.table.name: list(self.facts(kind)) for kind in kinds}

    def _note(self, operation: str, reason: str) -> None:
        if "note" in self.store.capabilities:
            self.store.note(operation, actor=self.actor, reason=reason)

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
        programs = _installed({getattr(fact, "program", None) for fact in chain(*own.values())})
        copy = make_copy(
            rows,
            person,
            revisions=self._revisions(own),
            restricted=lambda name: name not in programs or _has_restricted_forms(programs[name]),
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

    def journal(self) -> Iterator[Entry]:
        """Who stored something, when and why, oldest first."""
        return self.store.journal()

    def known_at(self, moment: datetime) -> Register:
        """A read-only register of what was recorded at *moment*, which must be aware."""
        if moment.tzinfo is None:
            raise StoreError("a moment needs its zone", remedy="datetime(..., tzinfo=...)")
        if "history" not in self.store.capabilities:
            raise StoreError(
                "this store keeps no earlier revisions", remedy="import it into a .db file"
            )
        tx = self.store.tx_at(moment)
        return Register(self.store, actor=self.actor, purpose=self.purpose, known=(tx, moment))

    @property
    def _tx(self) -> int | None:
        return None if self._known is None else self._known[0]

    # Metrics ----------------------------------------------------------------------------------

    def measure(
        self,
        metric: str | Metric,
        *,
        by: str | Sequence[str] = (),
        periods: str | Sequence[Period] = (),
        as_of: date | None = None,
        program: str | None = None,
        confidence: float = 0.95,
        policies: Mapping[str, str] | None = None,
    ) -> Result:
        """The exact figures of a metric. They are internal: releasing goes through a report.

        *by* is a stratum such as ``group.place``, or several; *periods* are periods, or ``yearly``,
        ``quarterly``, ``monthly`` or ``FROM..TO``; facts dated on or after *as_of* are not known
        (default: the day after the last dated fact). *policies* choose other values for the
        metric's policies, such as ``{"excused": "out"}``.
        """
        self._refuse_unknown(program)
        with self.engine() as engine:
            measurement = self.measurement(
                metric, engine=engine, by=by, periods=periods, as_of=as_of, program=program,
                confidence=confidence, policies=policies,
            )  # fmt: skip
            result = measurement.result()
        counts_started = result.provenance.policies.get("denominator") == "started"
        if counts_started and program in plugins.find("programs"):
            result = stated(result, program_named(program))
        origin = self._asked(measurement)
        return evolve(result, figures=tuple(evolve(one, origin=origin) for one in result))

    def _promised(self, name: str, program: str | None) -> Metric:
        """The metric of that name; what is held is measured by what the programme promises."""
        if name in ("cadence_held", "cadence_received") and program in plugins.find("programs"):
            from osallisuus.metrics.catalogue import fidelity

            promised: Metric = getattr(fidelity, name)(program_named(program))
            return promised
        return metric_named(name)

    def alternatives(self, metric: str | Metric, **settings: Any) -> Alternatives:
        """The metric under its own policies, and under each other value of each policy in turn.

        Settings are those of :meth:`measure`; one policy is changed at a time.
        """
        asked = metric if isinstance(metric, Metric) else metric_named(metric)
        asked = asked.under(**(settings.pop("policies", None) or {}))
        changes: list[dict[str, str]] = [{}]
        for name, values in asked.choices.items():
            changes += [{name: value} for value in values if value != asked.policies[name]]
        return Alternatives(
            tuple((change, self.measure(asked.under(**change), **settings)) for change in changes)
        )

    def measurement(
        self,
        metric: str | Metric,
        *,
        engine: Engine,
        by: str | Sequence[str] = (),
        periods: str | Sequence[Period] = (),
        as_of: date | None = None,
        program: str | None = None,
        confidence: float = 0.95,
        policies: Mapping[str, str] | None = None,
    ) -> Measurement:
        """A metric asked once, with what the disclosure gate needs."""
        cut = _day(as_of) or self._as_of(engine)
        settings = Settings(
            as_of=cut,
            by=_strata(by),
            periods=_periods(periods, self, cut),
            program=program,
            confidence=confidence,
        )
        asked = metric if isinstance(metric, Metric) else self._promised(metric, program)
        asked = asked.under(**(policies or {}))
        return measure(
            asked, settings, engine, known_at=None if self._known is None else self._known[1]
        )

    def release(
        self, metric: str | Metric, *, profile: str | Profile = "public", **settings: Any
    ) -> Released:
        """The figures of one metric that may leave, as *profile* says; settings as in measure.

        They are protected together with the same metric by fewer strata, and in all, since these
        can be asked for next and subtracted.
        """
        return self.press().release(*self._careful(metric, profile, settings))

    def fund_table(
        self,
        program: str,
        *,
        rules: str = "esf_plus",
        period: Period,
        profile: str | Profile | None = "public",
        locale: Locale = "en",
    ) -> FundTable:
        """The participants of *program* who entered in *period*, as its fund counts them (U22).

        All counts of the table are released together. *profile* ``None`` gives the exact counts,
        which pass no gate and say INTERNAL. Traits are those that were said last in the period.
        """
        from osallisuus.metrics.funders import fund_participants
        from osallisuus.reports.funders import fund_table
        from osallisuus.rules.funders import fund_rules
        from osallisuus.words import Words

        chosen, metric = fund_rules(rules), fund_participants()
        asked = [("person.gender",), *(("person.gender", f"person.{one}") for one in chosen.traits)]

        def ask(engine: Engine) -> list[Measurement]:
            return [
                self.measurement(
                    metric, engine=engine, by=by, periods=[period], as_of=period.ends_on,
                    program=program,
                )
                for by in asked
            ]  # fmt: skip

        if profile is None:
            self._refuse_unknown(program)
            with self.engine() as engine:
                results = [one.result() for one in ask(engine)]
        else:
            _, careful = self._careful(metric, profile, {"program": program})
            results = list(self.press().release(ask, careful).results)
        return fund_table(chosen, period, results, words=Words(locale), exact=profile is None)

    def review(
        self, metric: str | Metric, *, profile: str | Profile = "public", **settings: Any
    ) -> Certificate:
        """What would stay hidden in such a release, and how well: for those who answer for it.

        Nothing is released by it, and nothing is remembered.
        """
        return self.press().review(*self._careful(metric, profile, settings))

    def _careful(
        self, metric: str | Metric, profile: str | Profile, settings: Mapping[str, Any]
    ) -> tuple[Callable[[Engine], list[Measurement]], Profile]:
        """What measures, and the profile as careful as the programmes want it."""
        from osallisuus.disclosure.profile import profile_named

        chosen = profile_named(profile) if isinstance(profile, str) else profile
        program = settings.get("program")
        self._refuse_unknown(program)
        for name in {program} if program is not None else set(self._programs()):
            if name in plugins.find("programs"):
                chosen = chosen.tighten(_heading_named(name).threshold)

        def ask(engine: Engine) -> list[Measurement]:
            return [self.measurement(metric, engine=engine, **settings)]

        return ask, chosen

    def press(self) -> Press:
        """What makes releases of these facts, and remembers them where the store has a ledger."""
        from osallisuus.disclosure.publish import Press

        return Press(
            store=self.store,
            engine_at=lambda tx: self._engine(self.store, tx),
            actor=self.actor,
            purpose=self.purpose,
            tx=self._tx,
        )

    def releases(self) -> Iterator[Line]:
        """Every release that the store remembers, oldest first."""
        from osallisuus.disclosure.ledger import entries_of

        return entries_of(self.store)

    def report(
        self,
        name: str = "evaluation",
        *,
        program: str,
        by: str | Sequence[str] = (),
        periods: str | Sequence[Period] = (),
        as_of: date | None = None,
        confidence: float = 0.95,
        locale: Locale = "en",
    ) -> Report:
        """A report on one programme. Nothing leaves it but by :meth:`Report.release`."""
        from osallisuus.release import Report
        from osallisuus.reports.definition import definition_named

        definition, heading = definition_named(name), _heading_named(program)
        self._refuse_absent(heading.name)
        return Report(
            definition=definition,
            source=self,
            version=VERSION,
            program=heading,
            by=_strata(by),
            periods=periods,
            as_of=_day(as_of),
            confidence=confidence,
            locale=locale,
        )

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """The engine that answers for this store: its own SQL, or a private copy in memory."""
        with self._engine(self.store, self._tx) as engine:
            yield engine

    @contextmanager
    def _engine(self, store: Store, tx: int | None) -> Iterator[Engine]:
        engine: Engine = plugins.load("engines", "sqlite").open(store, known_at=tx)
        try:
            yield engine
        finally:
            engine.close()

    def _asked(self, measurement: Measurement) -> Asked:
        """The way back from the figures of *measurement*, also when the store has gone on."""
        tx = self._tx
        if tx is None and "history" in self.store.capabilities:
            tx = self.store.head()
        return Asked(
            metric=measurement.metric,
            settings=measurement.settings,
            engine=lambda: self._engine(self.store, tx),
            snapshot=lambda: self._snapshot(tx),
            engine_over=self._engine_over,
            tx=tx,
            began=lambda: next(self.store.journal(), None),
        )

    def _snapshot(self, tx: int | None) -> Snapshot:
        return {
            name: {
                fact.id: fact
                for part in self.store.scan(table.record, known_at=tx)
                for fact in part
            }
            for name, table in TABLES.items()
        }

    @contextmanager
    def _engine_over(self, facts: Snapshot) -> Iterator[Engine]:
        store: Store = plugins.load("stores", "memory").open("", clock=_no_clock)
        batch = Batch.of(fact for table in facts.values() for fact in table.values())
        store.append(batch, actor=self.actor, reason="measured again")
        with self._engine(store, None) as engine:
            yield engine

    def _refuse_unknown(self, program: str | None) -> None:
        """A misspelt programme would otherwise be one without cases."""
        known = {*plugins.find("programs")}
        if program is None or program in known:
            return
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

    def _as_of(self, engine: Engine) -> date:
        last = last_known_day(engine)
        return date(1, 1, 2) if last is None else last + timedelta(days=1)


def _no_clock() -> datetime:
    """The moment at which facts are put aside to be measured again: nobody reads it."""
    return datetime.min.replace(tzinfo=UTC)


def _strata(by: str | Sequence[str]) -> tuple[str, ...]:
    # a string is a sequence of letters, which nobody means
    return (by,) if isinstance(by, str) else tuple(by)


def _day(as_of: date | None) -> date | None:
    # callers without types pass texts and moments, which no fact could be compared with
    if as_of is None or type(as_of) is date:
        return as_of
    raise DefinitionError(
        "as_of is not a day", where="as_of", remedy="give a date, such as date(2018, 12, 31)"
    )


def _periods(
    periods: str | Sequence[Period], register: Register, as_of: date
) -> tuple[Period, ...]:
    if not isinstance(periods, str):
        return tuple(periods)
    if not periods:
        return ()
    if ".." in periods:
        return (Period.parse(periods),)
    first = _first_day(register)
    if first is None or first >= as_of:
        return split_periods(periods, Period(as_of - timedelta(days=1), as_of))
    return split_periods(periods, Period(first, as_of))


def _first_day(register: Register) -> date | None:
    days = [
        day
        for enrollment in register.facts(Enrollment)
        for day in (enrollment.reached_on, enrollment.started_on)
        if day is not None
    ]
    days += [encounter.happened_on for encounter in register.facts(Encounter)]
    return min(days, default=None)


def metric_named(name: str) -> Metric:
    """The metric of that name: of the catalogue, or of a plug-in in ``osallisuus.metrics``."""
    from osallisuus.metrics.catalogue import CATALOGUE

    declared = plugins.find("metrics")
    strangers = [one.origin for one in declared.get(name, ()) if one.distribution != "osallisuus"]
    if name in CATALOGUE and strangers:
        raise PluginError(
            f"{name!r} is a metric of this library, and others declare it too",
            where=", ".join(strangers),
            remedy="rename theirs, or uninstall what declares it",
        )
    if name in CATALOGUE:
        return CATALOGUE[name]
    if name not in declared:
        known = {*CATALOGUE, *declared}
        raise DefinitionError(
            "no metric has this name", where=name, remedy=did_you_mean(name, known)
        )
    metric = plugins.load("metrics", name)
    if not isinstance(metric, Metric):
        raise _wrong_kind("metrics", name, "a subclass of Metric from osallisuus.metrics.kinds")
    return metric


def _wrong_kind(group: Literal["metrics", "programs"], name: str, wanted: str) -> PluginError:
    (plugin,) = plugins.find(group)[name]
    return PluginError(
        f"the plug-in {name!r} of the {group} cannot be used: its entry point names something else",
        where=plugin.origin,
        remedy=f"point it at {wanted}; or uninstall {plugin.distribution}",
    )


def program_named(name: str) -> Program:
    """The programme definition of that name, ours or a plug-in's, or of a TOML file by its path."""
    if name.endswith(".toml"):
        return _program_file(Path(name))
    from osallisuus.model.program import Program

    program = plugins.load("programs", name)
    if isinstance(program, ProgramFile):
        return _whole(program)
    if not isinstance(program, Program):
        raise _wrong_kind("programs", name, "a Program, as read_program gives one")
    return program


def _installed(names: Collection[str | None]) -> dict[str, Program]:
    """Those of the programmes whose definition is installed and can be read."""
    found = {}
    for name in sorted(one for one in names if one in plugins.find("programs")):
        with suppress(DefinitionError, PluginError):
            found[name] = program_named(name)
    return found


def _has_restricted_forms(program: Program) -> bool:
    from osallisuus.model.stated import each

    return any(form.access is not None for form in each(program.forms))


def _kept(
    rows: Mapping[str, list[Any]],
    programs: Collection[str],
    own: Mapping[str, Program],
    on: date | None,
) -> Iterator[Finding]:
    """What the facts of each programme, *own* or installed, break of its own words."""
    from osallisuus.rules.keeping import check_program  # reads definitions, which little else does

    tables = ("groups", "enrollments", "guidance", "roles", "interviews")
    named = {row.program for table in tables for row in rows[table]}
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
            yield from check_program(program, rows, on=on)


def _heading_named(name: str) -> Heading:
    """What a report needs of the programme of that name; of a file only so much is read."""
    if not name.endswith(".toml"):
        program = plugins.load("programs", name)
        if isinstance(program, ProgramFile):
            return program.heading
    return program_named(name).heading


@cache
def _whole(program: ProgramFile) -> Program:
    return _program_file(program.path)


def _program_file(path: Path) -> Program:
    from osallisuus.model.definition import read_program

    try:
        text = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
    else:
        return read_program(text, path.name)
    raise DefinitionError(
        f"the definition cannot be read: {reason}", where=str(path), remedy="check the path"
    )


def _system_clock() -> datetime:
    return datetime.now(UTC)


def open_register(
    place: str,
    *,
    actor: str = "unnamed",
    purpose: str = "unnamed",
    clock: Clock = _system_clock,
    **options: Any,
) -> Register:
    """Open the store at *place* as a register.

    *place* is ``memory:``, ``sqlite:///path.db``, another URL whose scheme a store plug-in
    names, a path to a ``.db`` file, or a folder of CSV files. *actor* and *purpose* go into the
    journal; *options* go to the store, such as ``create=False``. A new ``.db`` file is made, a new
    folder only with ``create=True``: a misspelt path would otherwise be a store of nothing.
    """
    name, path = _address(place)
    if name == "folder" and path == place and "create" not in options and not _is_there(path):
        raise StoreError(
            "there is no such folder",
            where=place,
            remedy="check the path; create=True makes a new one",
        )
    store: Store = plugins.use("stores", name, lambda kind: kind.open(path, clock=clock, **options))
    return Register(store, actor=actor, purpose=purpose)


def _is_there(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return True  # the store will say what is wrong with it


def file_of(place: str) -> Path | None:
    """The file or folder that *place* means; ``None`` where it is no path."""
    name, path = _address(place)
    return Path(path) if name in ("sqlite", "folder") else None


def _address(place: str) -> tuple[str, str]:
    found = re.match(r"([a-z][a-z0-9+]+):(?://)?(.*)", place)
    if found and len(found[1]) > 1:
        path = found[2]
        if found[1] == "sqlite":
            path = path.removeprefix("/")
        return found[1], path
    if Path(place).is_dir():
        return "folder", place
    if Path(place).suffix in (".db", ".sqlite"):
        return "sqlite", place
    return "folder", place
