"""The catalogue's metrics once more: slow, obvious, person by person, without any SQL.

Every function answers the small table that the metric's tabulation has to give, as a multiset of
rows: the values of the strata, the period's number, then the columns of the kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from attrs import evolve, field, frozen

from osallisuus.metrics.compile import Settings
from osallisuus.metrics.estimate.flow import Flow
from osallisuus.metrics.estimate.spells import Spell, flow_of
from osallisuus.model import facts as f
from tests.generative.strategies import changed

Table = Counter[tuple[Any, ...]]
STAGES = ("reached_on", "informed_on", "interviewed_on", "offered_on", "started_on")


@frozen
class World:
    """What is known of one programme, or of all, on the eve of ``as_of``."""

    as_of: date
    rows: dict[type[f.Fact], list[Any]]

    def __getitem__(self, kind: type[f.Fact]) -> list[Any]:
        return self.rows.get(kind, [])

    def find(self, kind: type[f.Fact], fact_id: str | None) -> Any:
        """The fact of that id, if it is known."""
        return next((fact for fact in self[kind] if fact.id == fact_id), None)

    @property
    def last_day(self) -> date:
        return self.as_of - timedelta(days=1)


@frozen
class Case:
    """One case: of whom, when, what belongs to it, and what the kind counts."""

    person: str
    happened_on: date | None
    counted: Any
    ends_on: date | None = None
    enrollment: Any = None
    encounter: Any = None
    session: Any = None
    links: dict[str, Any] = field(factory=dict)


def world(facts: Iterable[f.Fact], as_of: date, program: str | None) -> World:
    """Cut *facts* at *as_of* and to *program*, by the table of what is known when."""
    rows: dict[type[f.Fact], list[Any]] = {}
    for fact in facts:
        rows.setdefault(type(fact), []).append(fact)
    known = World(as_of, rows)

    def keep(kind: type[f.Fact], known_yet: Callable[[Any], bool]) -> None:
        rows[kind] = [fact for fact in known[kind] if known_yet(fact)]

    def ours(fact: Any) -> bool:
        return program is None or fact.program == program

    keep(f.Trait, lambda trait: trait.since < as_of)
    keep(f.Pause, lambda pause: pause.starts_on < as_of)
    keep(f.Group, lambda group: group.starts_on < as_of and ours(group))
    keep(f.Enrollment, lambda episode: _begun(episode, as_of) and ours(episode))
    keep(
        f.RoleSpan,
        lambda span: span.starts_on < as_of and (span.program is None or ours(span)),
    )
    groups = {group.id for group in known[f.Group]}
    keep(
        f.Session,
        lambda one: one.starts_at.date() < as_of and (program is None or one.group in groups),
    )
    peers = {episode.person for episode in known[f.Enrollment]}
    peers |= {span.person for span in known[f.RoleSpan] if span.program == program}
    keep(
        f.Encounter,
        lambda one: one.happened_on < as_of and (program is None or one.peer in peers),
    )
    keep(f.Cost, lambda cost: cost.happened_on < as_of and ours(cost))
    keep(f.Guidance, lambda one: _offered(one, as_of) and ours(one))
    members = {episode.person for episode in known[f.Enrollment]}
    ours_by_place = {group.id for group in known[f.Group]}
    keep(
        f.Assessment,
        lambda one: (
            one.happened_on < as_of
            and (program is None or one.person in members or one.group in ours_by_place)
        ),
    )
    forms = {form.id for form in known[f.Assessment]}
    keep(f.Score, lambda row: row.assessment in forms)
    cases = {one.id for one in known[f.Guidance]}
    keep(
        f.Goal,
        lambda one: (
            one.set_on < as_of
            and (
                program is None
                or (one.person in members if one.guidance is None else one.guidance in cases)
            )
        ),
    )
    keep(f.GoalRating, lambda row: row.rated_on < as_of)
    sessions = {session.id for session in known[f.Session]}
    keep(f.Attendance, lambda row: row.session in sessions)
    encounters = {encounter.id for encounter in known[f.Encounter]}
    keep(f.EncounterTheme, lambda row: row.encounter in encounters)
    for kind, facts_of_kind in rows.items():
        rows[kind] = [_as_known(fact, as_of) for fact in facts_of_kind]
    return known


def _begun(episode: f.Enrollment, as_of: date) -> bool:
    stated = [day for name in STAGES if (day := getattr(episode, name)) is not None]
    return not stated or min(stated) < as_of


def _offered(guidance: f.Guidance, as_of: date) -> bool:
    stated = [day for day in (guidance.offered_on, guidance.started_on) if day is not None]
    return not stated or min(stated) < as_of


def _as_known(fact: Any, as_of: date) -> Any:
    """The fact without what comes later than the eve of *as_of*."""

    def known(day: date | None) -> date | None:
        return day if day is not None and day < as_of else None

    if isinstance(fact, f.Enrollment):
        fact = changed(fact, **{name: known(getattr(fact, name)) for name in STAGES})
        if known(fact.ended_on) is None:
            fact = changed(fact, ended_on=None, ending=None, decided_by=None)
    elif isinstance(fact, f.Guidance) and known(fact.ended_on) is None:
        fact = changed(fact, ended_on=None, ending=None)
    elif isinstance(fact, f.RoleSpan) and known(fact.ends_on) is None:
        fact = changed(fact, ends_on=None, ending=None)
    elif isinstance(fact, f.Pause):
        fact = changed(fact, ends_on=known(fact.ends_on))
    return fact


# Cases -----------------------------------------------------------------------------------------


def people_and_episodes(known: World) -> Iterator[Case]:
    for episode in _started(known):
        yield Case(episode.person, episode.started_on, None, episode.ended_on, enrollment=episode)


def recruitment_funnel(known: World) -> Iterator[Case]:
    """Counted: one (stage, recorded, days, event) for every stage that the episode passed."""
    for episode in known[f.Enrollment]:
        days = [getattr(episode, name) for name in STAGES]
        passed = []
        for stage in range(len(STAGES)):
            here = _first(days[stage:])
            onward = _first(days[stage + 1 :])
            closed = episode.ended_on if episode.started_on is None else None
            if here is None:
                continue
            if onward is not None:
                until, event = onward, "on"
            elif closed is not None:
                until, event = closed, "closed"
            else:
                until, event = known.last_day, None
            passed.append((stage, int(days[stage] is not None), (until - here).days, event))
        yield Case(episode.person, _first(days), passed, enrollment=episode)


def first_session(known: World) -> Iterator[Case]:
    """Counted: 1 came, 0 did not, None not known yet."""
    for episode in known[f.Enrollment]:
        if episode.offered_on is None:
            continue
        held = [
            session
            for session in known[f.Session]
            if session.status == "held" and session.group == episode.group
        ]
        marks = [[row.status for row in _at(known, session, episode.person)] for session in held]
        recorded = [mark for of_session in marks for mark in of_session]
        unrecorded = [of_session for of_session in marks if not of_session]
        ended = episode.ended_on is not None
        noted_throughout = recorded != [] and (unrecorded == [] or ended)
        gone = ended and episode.ending not in (None, "transferred")
        if "present" in recorded:
            hit: int | None = 1
        elif noted_throughout or gone:
            hit = 0
        else:
            hit = None
        yield Case(episode.person, episode.offered_on, hit, enrollment=episode)


def attendance(known: World) -> Iterator[Case]:
    """Counted: 1 present, 0 not, None not recorded; one case per offer."""
    for episode in _started(known):
        pauses = [pause for pause in known[f.Pause] if pause.of == episode.id]
        for session in known[f.Session]:
            day = session.starts_at.date()
            offered = (
                session.status == "held"
                and session.group == episode.group
                and episode.started_on <= day
                and (episode.ended_on is None or day <= episode.ended_on)
            )
            paused = any(
                pause.starts_on <= day and (pause.ends_on is None or day < pause.ends_on)
                for pause in pauses
            )
            if not offered or paused:
                continue
            marks = [row.status for row in _at(known, session, episode.person)]
            for mark in marks or [None]:
                amount = None if mark is None else int(mark == "present")
                yield Case(episode.person, day, amount, enrollment=episode, session=session)


def episodes_until_end(known: World) -> Iterator[Case]:
    """Counted: (entry, days, event); retention, leaving and completion ask the same cases."""
    for episode in _started(known):
        until = episode.ended_on or known.last_day
        event = (episode.ending or "not_stated") if episode.ended_on else None
        days = (until - episode.started_on).days
        yield Case(episode.person, episode.started_on, (0, days, event), enrollment=episode)


def first_peer_activity(known: World) -> Iterator[Case]:
    """Counted: (entry, days, event); nothing can be said where nobody records encounters."""
    for episode in _started(known) if known[f.Encounter] else ():
        gone = None if episode.ending in ("completed", "moved_on") else episode.ended_on
        active = min(
            (
                one.happened_on
                for one in known[f.Encounter]
                if one.peer == episode.person and one.happened_on >= episode.started_on
            ),
            default=None,
        )
        if active is not None and (gone is None or active <= gone):
            until, event = active, "active"
        elif gone is not None:
            until, event = gone, episode.ending or "not_stated"
        else:
            until, event = known.last_day, None
        days = (until - episode.started_on).days
        yield Case(episode.person, episode.started_on, (0, days, event), enrollment=episode)


def encounter_themes(known: World) -> Iterator[Case]:
    """Counted: (case, its set of themes)."""
    for encounter in known[f.Encounter]:
        themes = {row.theme for row in known[f.EncounterTheme] if row.encounter == encounter.id}
        yield Case(
            encounter.peer, encounter.happened_on, (encounter.id, themes), encounter=encounter
        )


def role_occupancy(known: World) -> Iterator[Case]:
    """Counted: the spells of all roles, from the set of the days on which each was held."""
    origins: dict[str, date] = {}
    for episode in _started(known):
        first = origins.get(episode.person, episode.started_on)
        origins[episode.person] = min(first, episode.started_on)
    held: dict[tuple[str, str], set[int]] = {}
    for span in known[f.RoleSpan]:
        origin = origins.get(span.person)
        if origin is None:
            continue
        ends_on = span.ends_on or known.as_of
        days = range(max((span.starts_on - origin).days, 0), (ends_on - origin).days)
        held.setdefault((span.person, span.role), set()).update(days)
    roles = sorted({role for (_, role), days in held.items() if days})
    for person, origin in origins.items():
        last = (known.last_day - origin).days
        spells = [
            (role, spell)
            for role in roles
            for spell in _spells(person, held.get((person, role), set()), last)
        ]
        yield Case(person, origin, spells)


def _spells(person: str, held: set[int], last: int) -> Iterator[Spell]:
    """One spell for every run of days with, and every run without, the role."""
    begun = 0
    for day in range(1, last + 1):
        if (day in held) != (day - 1 in held):
            yield Spell(person, begun, day, _state(day - 1 in held), _state(day in held))
            begun = day
    yield Spell(person, begun, last, _state(last in held), "")


def _state(held: bool) -> str:
    return "held" if held else "not_held"


def _started(known: World) -> Iterator[f.Enrollment]:
    return (episode for episode in known[f.Enrollment] if episode.started_on is not None)


def _at(known: World, session: f.Session, person: str) -> list[f.Attendance]:
    return [
        row for row in known[f.Attendance] if row.session == session.id and row.person == person
    ]


def _first(days: Sequence[date | None]) -> date | None:
    return next((day for day in days if day is not None), None)


# Places ----------------------------------------------------------------------------------------


def _strata(known: World, case: Case, by: Sequence[str]) -> tuple[str | None, ...]:
    return tuple(_stratum(known, case, name) for name in by)


def _stratum(known: World, case: Case, name: str) -> str | None:
    link, _, column = name.partition(".")
    if link == "person":
        said: list[tuple[date, str, str]] = [
            (trait.since, trait.id, trait.value)
            for trait in known[f.Trait]
            if trait.person == case.person and trait.name == column
        ]
        return max(said)[2] if said else None
    fact: Any = {
        "enrollment": case.enrollment,
        "encounter": case.encounter,
        "session": case.session,
        "group": known.find(f.Group, case.enrollment.group) if case.enrollment else None,
        **case.links,
    }[link]
    value: str | None = None if fact is None else getattr(fact, column)
    return value


def _placed(
    known: World, cases: Iterable[Case], settings: Settings, *, span: bool
) -> Iterator[tuple[tuple[Any, ...], Case]]:
    for case in cases:
        strata = _strata(known, case, settings.by)
        if not settings.periods:
            yield strata, case
        for number, period in enumerate(settings.periods):
            inside = (
                _overlaps(case, period.starts_on, period.ends_on, known.as_of)
                if span
                else case.happened_on is not None and case.happened_on in period
            )
            if inside:
                yield (*strata, number), case


def _overlaps(case: Case, starts_on: date, ends_on: date, as_of: date) -> bool:
    """Whether the case has a day in common with the period; one of no length has its own day.

    What is open is known to be so up to the eve of *as_of*.
    """
    assert case.happened_on is not None
    if case.happened_on >= ends_on:
        return False
    if case.ends_on == case.happened_on:
        return case.happened_on >= starts_on
    return (case.ends_on or as_of) > starts_on


def _by_place(
    known: World, cases: Iterable[Case], settings: Settings, *, span: bool = False
) -> dict[tuple[Any, ...], list[Case]]:
    places: dict[tuple[Any, ...], list[Case]] = {}
    if not settings.by and not settings.periods:
        places[()] = []
    for place, case in _placed(known, cases, settings, span=span):
        places.setdefault(place, []).append(case)
    return places


# Small tables ----------------------------------------------------------------------------------


def _count(cases: list[Case]) -> Table:
    return Counter([(len(cases), len({case.person for case in cases}))])


def _funnel(cases: list[Case]) -> Table:
    table = Counter(row for case in cases for row in case.counted)
    return Counter([(*row, n) for row, n in table.items()])


def _proportion(cases: list[Case]) -> Table:
    rows = []
    for hit in {case.counted for case in cases}:
        alike = [case.person for case in cases if case.counted == hit]
        rows.append((hit, len(alike), len(set(alike))))
    return Counter(rows)


def _time_to_event(cases: list[Case]) -> Table:
    return Counter([(*row, n) for row, n in Counter(case.counted for case in cases).items()])


def _mean(cases: list[Case]) -> Table:
    if not cases:
        return Counter([(0, *[None] * 8)])
    persons = {case.person for case in cases}
    amounts = [
        [case.counted for case in cases if case.person == person] for person in sorted(persons)
    ]
    known = [[amount for amount in of_one if amount is not None] for of_one in amounts]
    x, y = [len(of_one) for of_one in known], [sum(of_one) for of_one in known]
    ranked = sorted(y, reverse=True)
    return Counter(
        [
            (
                sum(count > 0 for count in x),
                sum(x),
                sum(y),
                sum(one * one for one in x),
                sum(one * other for one, other in zip(x, y, strict=True)),
                sum(one * one for one in y),
                sum(of_one.count(None) for of_one in amounts),
                ranked[0],
                ranked[1] if len(ranked) > 1 else None,
            )
        ]
    )


def _labels(cases: list[Case]) -> Table:
    rows: list[tuple[Any, ...]] = []
    labels = {label for case in cases for label in case.counted[1]}
    parts: list[tuple[str | None, int, list[Case]]] = [
        (label, 2, [case for case in cases if label in case.counted[1]]) for label in sorted(labels)
    ]
    parts.append((None, 1, [case for case in cases if case.counted[1]]))
    parts.append((None, 0, [case for case in cases if not case.counted[1]]))
    for label, part, alike in parts:
        if alike:
            rows.append((label, part, len(alike), len({case.person for case in alike})))
    return Counter(rows)


_Kind = Callable[[list[Case]], Table]
_METRICS: dict[str, tuple[Callable[[World], Iterable[Case]], _Kind]] = {
    "people_and_episodes": (people_and_episodes, _count),
    "recruitment_funnel": (recruitment_funnel, _funnel),
    "first_session": (first_session, _proportion),
    "attendance": (attendance, _mean),
    "retention": (episodes_until_end, _time_to_event),
    "leaving": (episodes_until_end, _time_to_event),
    "completion": (episodes_until_end, _time_to_event),
    "first_peer_activity": (first_peer_activity, _time_to_event),
    "encounter_themes": (encounter_themes, _labels),
}


def table(name: str, facts: Iterable[f.Fact], settings: Settings) -> Table:
    """The small table of the metric *name*, but for ``role_occupancy``."""
    from tests.generative import naive_counts, naive_time  # which count with the words from here

    if name in naive_counts.METRICS:
        return naive_counts.table(name, facts, settings)
    if name in naive_time.METRICS:
        return naive_time.table(name, facts, settings)
    known = world(facts, settings.as_of, settings.program)
    cases, kind = _METRICS[name] if name in _METRICS else _elsewhere(name)
    places = _by_place(known, cases(known), settings, span=name == "people_and_episodes")
    return Counter(
        (*place, *row) for place, inside in places.items() for row in kind(inside).elements()
    )


def _elsewhere(name: str) -> tuple[Callable[[World], Iterable[Case]], _Kind]:
    from tests.generative.naive_outcomes import METRICS  # which counts with the words from here

    if name not in METRICS:
        return _resources(name)
    cases, kind = METRICS[name]
    if isinstance(kind, str):
        kind = {"proportion": _proportion}[kind]
    return cases, kind


def _resources(name: str) -> tuple[Callable[[World], Iterable[Case]], _Kind]:
    from tests.generative.naive_resources import METRICS  # which counts with the words from here

    cases, kind = METRICS[name]
    others = {"breadth_of_voice": _proportion, "decisions": _labels}
    return cases, kind or others[name]


def role_flows(facts: Iterable[f.Fact], settings: Settings) -> dict[tuple[Any, ...], Flow]:
    """The FLOW table of every place and role, by the definition of the table."""
    known = world(facts, settings.as_of, settings.program)
    flows = {}
    for place, cases in _by_place(known, role_occupancy(known), settings).items():
        by_role: dict[str, list[Spell]] = {}
        for case in cases:
            for role, spell in case.counted:
                by_role.setdefault(role, []).append(spell)
        for role, spells in by_role.items():
            # only a state that somebody is seen in for a while, or at the origin, can be left
            left = {s.from_state for s in spells if s.exit > s.entry or s.exit == 0}
            # the table of an engine does not count the spells of no length
            flows[*place, role] = evolve(flow_of(spells, transient=left), n_collapsed=0)
    return flows
