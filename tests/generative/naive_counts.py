"""Counts, rates, doses and cadence once more: slow, day by day, person by person, without SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from attrs import evolve

from osallisuus.metrics.compile import Settings
from osallisuus.model import facts as f
from osallisuus.time import Period
from tests.generative import naive
from tests.generative.naive import Case, Table, World

__all__ = ["METRICS", "table"]

_PEERS = ("peer", "peer_facilitator", "peer_guide", "lead_peer_guide")
_VISITORS = (
    "professional",
    "manager",
    "key_worker",
    "job_coach",
    "project_staff",
    "volunteer",
    "student",
    "partner_representative",
)
_EPOCH = date(1970, 1, 1)
Policies = dict[str, str]


def table(name: str, facts: Iterable[f.Fact], settings: Settings, **policies: str) -> Table:
    """The small table of the metric *name*, under other *policies* than its own."""
    known = _cut(naive.world(facts, settings.as_of, settings.program), settings)
    return Counter(METRICS[name](known, settings, policies))


def _cut(known: World, settings: Settings) -> World:
    """What the other model does not need: groups' ends, contacts and memberships as known."""
    rows = dict(known.rows)

    def ended(fact: Any) -> Any:
        late = fact.ends_on is not None and fact.ends_on >= settings.as_of
        return naive.changed(fact, ends_on=None) if late else fact

    rows[f.Group] = [ended(group) for group in known[f.Group]]
    rows[f.Membership] = [
        ended(one) for one in known[f.Membership] if one.starts_on < settings.as_of
    ]
    rows[f.Contact] = [one for one in known[f.Contact] if one.happened_on < settings.as_of]
    return World(known.as_of, rows)


# What belongs to whom, when --------------------------------------------------------------------


def _mark(known: World, session: f.Session, person: str) -> str | None:
    """Whether the person was there, by all that was written down; ``None``: nothing was."""
    said = [row.status for row in naive._at(known, session, person)]
    return next((status for status in ("present", "excused", "absent") if status in said), None)


def _paused(known: World, of: str, day: date) -> bool:
    return any(
        pause.starts_on <= day and (pause.ends_on is None or day < pause.ends_on)
        for pause in known[f.Pause]
        if pause.of == of
    )


def _offers(
    known: World, episode: Any, policies: Policies
) -> Iterator[tuple[f.Session, date, str | None]]:
    for session in known[f.Session]:
        day = session.starts_at.date()
        if session.status != "held" or session.group != episode.group:
            continue
        if day < episode.started_on or (episode.ended_on and day > episode.ended_on):
            continue
        if policies.get("pauses") != "in" and _paused(known, episode.id, day):
            continue
        mark = _mark(known, session, episode.person)
        if mark == "excused" and policies.get("excused") == "out":
            continue
        yield session, day, mark


def _days(span: Any, until: date) -> set[date]:
    """Every day from the first to the last."""
    first, after = span
    after = until if after is None else min(after, until)
    return {first + timedelta(n) for n in range(max((after - first).days, 0))}


# Cases that belong to the period of one day ----------------------------------------------------


def _events(
    cases: Callable[[World, Policies], Iterable[Case]], kind: Callable[[list[Case]], Table]
) -> Callable[[World, Settings, Policies], Iterator[tuple[Any, ...]]]:
    def rows(known: World, settings: Settings, policies: Policies) -> Iterator[tuple[Any, ...]]:
        placed = naive._by_place(known, cases(known, policies), settings)
        for place, inside in placed.items():
            for row in kind(inside).elements():
                yield (*place, *row)

    return rows


def _attendance(known: World, policies: Policies) -> Iterator[Case]:
    for episode in naive._started(known):
        for session, day, mark in _offers(known, episode, policies):
            amount = None if mark is None else int(mark == "present")
            if mark is None and policies.get("not_recorded") == "absent":
                amount = 0
            yield Case(episode.person, day, (amount, 1), enrollment=episode, session=session)


def _first_session(known: World, policies: Policies) -> Iterator[Case]:
    for episode in known[f.Enrollment]:
        if episode.offered_on is None:
            continue
        ended = episode.ended_on is not None
        marks = [
            _mark(known, session, episode.person)
            for session in known[f.Session]
            if session.status == "held"
            and session.group == episode.group
            and session.starts_at.date() >= episode.offered_on
            and not (ended and session.starts_at.date() > episode.ended_on)
        ]
        hit = None
        left = episode.ending in ("left", "declined", "ended_by_organizer", "moved_on", "died")
        if "present" in marks or (episode.group is None and _began(known, episode)):
            hit = 1
        elif (
            left
            or (marks and (None not in marks or policies.get("not_recorded") == "absent"))
            or (ended and not marks and episode.ending is None)
        ):
            hit = 0
        yield Case(episode.person, episode.offered_on, hit, enrollment=episode)


def _began(known: World, episode: f.Enrollment) -> bool:
    """Whether somebody without a group started, by the enrolment or with a guide in its time."""
    return episode.started_on is not None or any(
        case.started_on is not None
        and case.started_on < known.as_of
        and (case.person, case.program) == (episode.person, episode.program)
        and episode.offered_on <= case.started_on <= (episode.ended_on or date.max)
        for case in known[f.Guidance]
    )


def _absence_run(known: World, policies: Policies) -> Iterator[Case]:
    for episode in naive._started(known):
        if episode.ended_on is not None:
            continue
        paused = any(pause.of == episode.id and pause.ends_on is None for pause in known[f.Pause])
        run: list[str | None] = []
        for _, day, mark in sorted(_offers(known, episode, policies), key=lambda offer: offer[1]):
            run.append(mark)
            came_later = any(
                later >= day and seen == "present"
                for _, later, seen in _offers(known, episode, policies)
            )
            back_later = any(
                pause.of == episode.id and pause.ends_on is not None and pause.ends_on > day
                for pause in known[f.Pause]
            )
            if came_later or back_later:
                run = []
        recorded = [mark for mark in run if mark is not None]
        last = "denominator_exclusion" if paused else "unknown"
        if len(run) < 3 and not paused:
            last = "denominator"
        elif not paused and (len(recorded) >= 3 or policies.get("not_recorded") == "absent"):
            last = "numerator"
        yield Case(episode.person, episode.started_on, last, enrollment=episode)


def _received(known: World, person: str, origin: date, policies: Policies) -> dict[int, Any]:
    """Day -> what was received on it, one amount for each session; ``None``: not known."""
    found: dict[int, list[int | None]] = {}
    for session in known[f.Session]:
        day = session.starts_at.date()
        if session.status != "held":
            continue
        mark = _mark(known, session, person)
        if mark is not None and day >= origin:
            own = [
                row.minutes or 0
                for row in naive._at(known, session, person)
                if row.status == "present" and row.minutes is not None
            ]
            amount = session.minutes if policies.get("hours") != "net" else max(own, default=None)
            found.setdefault((day - origin).days, []).append(amount if mark == "present" else 0)
    if policies.get("not_recorded") != "absent":
        for episode in naive._started(known):
            for _, day, mark in _offers(known, episode, {}) if episode.person == person else ():
                if mark is None:
                    found.setdefault((day - origin).days, []).append(None)
    return found


def _firsts(known: World) -> Iterator[Any]:
    for person in {episode.person for episode in naive._started(known)}:
        own = [one for one in naive._started(known) if one.person == person]
        yield min(own, key=lambda one: (one.started_on, one.id))


def _dose(known: World, policies: Policies) -> Iterator[Case]:
    for first in _firsts(known):
        came = _received(known, first.person, first.started_on, policies)
        amounts = [amount for day, of_day in came.items() if day <= 120 for amount in of_day]
        observed = (known.last_day - first.started_on).days >= 120
        total = sum(amounts) if observed and None not in amounts else None
        yield Case(first.person, first.started_on, total, enrollment=first)


def _dose_curve(known: World, policies: Policies) -> Iterator[Case]:
    for first in _firsts(known):
        came = _received(known, first.person, first.started_on, policies)
        until = (known.last_day - first.started_on).days
        unknown = [day for day, amounts in came.items() if None in amounts]
        if unknown:
            before = [day for day in came if day < min(unknown)]
            if not before:
                continue
            until = max(before)
        rows = {
            (day, "received"): (sum(amount > 0 for amount in amounts), sum(amounts))
            for day, amounts in came.items()
            if day <= until and sum(amounts) > 0
        }
        rows[until, "observed"] = (1, 0)
        yield Case(first.person, first.started_on, rows, enrollment=first)


def _group_size(known: World, policies: Policies) -> Iterator[Case]:
    yield from _seats(known, lambda group: 1)


def _group_fill(known: World, policies: Policies) -> Iterator[Case]:
    yield from _seats(known, lambda group: group.capacity)


def _seats(known: World, possible: Callable[[f.Group], int | None]) -> Iterator[Case]:
    for session in known[f.Session]:
        group = known.find(f.Group, session.group)
        if session.status != "held" or group is None:
            continue
        written = [row for row in known[f.Attendance] if row.session == session.id]
        there = {
            row.person
            for row in written
            if row.status == "present" and row.acting_as in (None, "participant")
        }
        seats = possible(group)
        amount = 0 if seats is None else len(there) if written else None
        yield Case(
            group.id,  # the cluster in the place of the person
            session.starts_at.date(),
            (amount, seats or 0),
            enrollment=SimpleNamespace(group=group.id),
            session=session,
        )


def _community_size(known: World, policies: Policies) -> Iterator[Case]:
    for group in known[f.Group]:
        members = [one for one in known[f.Membership] if one.group == group.id]
        if group.ends_on is not None or not members:
            continue
        visitors = {
            span.person
            for span in known[f.RoleSpan]
            if span.role in _VISITORS
            and span.ends_on is None
            and span.group in (None, group.id)
            and policies.get("counted") != "members"
        }
        inside = {one.person for one in members if one.ends_on is None} - visitors
        linked = SimpleNamespace(group=group.id)
        yield Case(None, group.starts_on, int(len(inside) <= 50), enrollment=linked)  # type: ignore[arg-type]


def _by_cluster(cases: list[Case]) -> Table:
    rows: Counter[tuple[int, int, int, int]] = Counter()
    sums: dict[str, list[int]] = {}
    for case in cases:
        amount, possible = case.counted
        own = sums.setdefault(case.person, [0, 0, 0])
        if amount is None:
            own[2] += 1
        else:
            own[0] += possible
            own[1] += amount
    for values in Counter(tuple(one) for one in sums.values()).items():
        rows[*values[0], values[1]] += 1
    return rows


def _histogram(cases: list[Case]) -> Table:
    return Counter([(*row, n) for row, n in Counter((case.counted,) for case in cases).items()])


def _weighted_flow(cases: list[Case]) -> Table:
    return Counter(
        [
            (case.person, day, event, n, amount)
            for case in cases
            for (day, event), (n, amount) in case.counted.items()
        ]
    )


def _hits(cases: list[Case]) -> Table:
    rows = []
    for hit in {case.counted for case in cases}:
        alike = [case.person for case in cases if case.counted == hit]
        rows.append((hit, len(alike), len({person for person in alike if person is not None})))
    return Counter(rows)


# Days and events, cut to the periods -----------------------------------------------------------


def _periods(settings: Settings) -> list[tuple[tuple[int, ...], Period | None]]:
    if not settings.periods:
        return [((), None)]
    return [((number,), period) for number, period in enumerate(settings.periods)]


def _rate(
    clusters: Callable[[World], Iterable[tuple[Case, set[date], list[date]]]],
) -> Callable[[World, Settings, Policies], Iterator[tuple[Any, ...]]]:
    """*clusters* gives each with its days of exposure and the days of its events."""

    def rows(known: World, settings: Settings, policies: Policies) -> Iterator[tuple[Any, ...]]:
        found = Counter[tuple[Any, ...]]()
        for case, exposed, events in clusters(known):
            strata = naive._strata(known, case, settings.by)
            for number, period in _periods(settings):
                days = sum(period is None or day in period for day in exposed)
                inside = [day for day in events if period is None or day in period]
                hits = sum(day in exposed for day in inside)
                if days or inside:
                    found[*strata, *number, days, hits, len(inside) - hits] += 1
        for row, n in found.items():
            yield (*row, n)

    return rows


def _encounter_rate(known: World) -> Iterator[tuple[Case, set[date], list[date]]]:
    spans = [span for span in known[f.RoleSpan] if span.role in _PEERS]
    people = {span.person for span in spans} | {one.peer for one in known[f.Encounter]}
    for person in people if known[f.Encounter] else ():
        active = {
            day
            for span in spans
            if span.person == person
            for day in _days((span.starts_on, span.ends_on), known.as_of)
            if not _paused(known, span.id, day)
        }
        events = [one.happened_on for one in known[f.Encounter] if one.peer == person]
        yield Case(person, None, None), active, events


def _contact_rate(known: World) -> Iterator[tuple[Case, set[date], list[date]]]:
    waits: dict[str, set[date]] = {}
    for episode in known[f.Enrollment]:
        first = episode.interviewed_on or episode.offered_on
        if first is not None:
            span = (first, episode.started_on or episode.ended_on)
            days = {day for day in _days(span, known.as_of) if not _paused(known, episode.id, day)}
            waits.setdefault(episode.person, set()).update(days)
    for person, days in waits.items() if known[f.Contact] else ():
        events = [one.happened_on for one in known[f.Contact] if one.person == person]
        yield Case(person, None, None), days, events


def _entry_rate(known: World) -> Iterator[tuple[Case, set[date], list[date]]]:
    groups = {group.id: group for group in known[f.Group]}
    entries: dict[str | None, list[date]] = {group: [] for group in groups}
    for episode in naive._started(known):
        entries.setdefault(episode.group, []).append(episode.started_on)
    for group, days in entries.items():
        own = groups.get(group or "")
        open_ = _days((own.starts_on, own.ends_on), known.as_of) if own else set()
        yield Case("", None, None, enrollment=SimpleNamespace(group=group)), open_, days


def _case_load(known: World, settings: Settings, policies: Policies) -> Iterator[tuple[Any, ...]]:
    spent: dict[tuple[Any, ...], dict[str, int]] = {}
    there: dict[tuple[Any, ...], set[str]] = {}
    for episode in known[f.Enrollment]:
        states: dict[str, list[date]] = {"waiting": [], "active": [], "paused": []}
        if episode.offered_on is not None:
            span = (episode.offered_on, episode.started_on or episode.ended_on)
            states["waiting"] += _days(span, known.as_of)
        if episode.started_on is not None:
            for day in _days((episode.started_on, episode.ended_on), known.as_of):
                states["paused" if _paused(known, episode.id, day) else "active"].append(day)
        strata = naive._strata(
            known, Case(episode.person, None, None, enrollment=episode), settings.by
        )
        for state, days in states.items():
            for number, period in _periods(settings):
                until = known.as_of if period is None else min(known.as_of, period.ends_on)
                inside = [day for day in days if period is None or day in period]
                if not inside:
                    continue
                length = None if period is None else (until - period.starts_on).days
                place = (*strata, *number, state, length)
                own = spent.setdefault(place, {})
                own[episode.person] = own.get(episode.person, 0) + len(inside)
                if until - timedelta(1) in inside:
                    there.setdefault(place, set()).add(episode.person)
    for place, own in spent.items():
        yield (*place, sum(own.values()), len(own), len(there.get(place, ())))


def _coverage(known: World, settings: Settings, policies: Policies) -> Iterator[tuple[Any, ...]]:
    # what is open has been so up to the day before as_of; of later days nothing is known
    cases = [
        evolve(case, ends_on=case.ends_on or known.as_of)
        for case in naive.people_and_episodes(known)
    ]
    for place, inside in naive._by_place(known, cases, settings, span=True).items():
        for row in naive._count(inside):
            yield (*place, *row)


# Spans and meetings ----------------------------------------------------------------------------


def _cadence(
    spans: Callable[[World, Policies], Iterable[Case]],
) -> Callable[[World, Settings, Policies], Iterator[tuple[Any, ...]]]:
    def rows(known: World, settings: Settings, policies: Policies) -> Iterator[tuple[Any, ...]]:
        found = Counter[tuple[Any, ...]]()
        for case in spans(known, policies):
            strata = naive._strata(known, case, settings.by)
            person, cluster, what = case.counted
            for number, period in _periods(settings):
                first, after = case.happened_on, case.ends_on or known.as_of
                shown = evolve(case, ends_on=after)
                if period is not None and not naive._overlaps(shown, *_ends(period), known.as_of):
                    continue
                if period is not None:
                    first, after = max(first, period.starts_on), min(after, period.ends_on)
                after = min(after, known.as_of)
                days = [(day - _EPOCH).days for day in (case.happened_on, first, after)]
                found[*strata, *number, person, cluster, what, *days] += 1
        for row, n in found.items():
            yield (*row, n)

    return rows


def _ends(period: Period) -> tuple[date, date]:
    return period.starts_on, period.ends_on


def _held(known: World, policies: Policies) -> Iterator[Case]:
    for group in known[f.Group]:
        linked = SimpleNamespace(group=group.id)
        aside = group.kind in ("community", "team", "partner_review")
        counted = (None, group.id, "aside" if aside else "open")
        yield Case("", group.starts_on, counted, group.ends_on, enrollment=linked)
    for session in known[f.Session]:
        if session.status == "held":
            day, linked = session.starts_at.date(), SimpleNamespace(group=session.group)
            yield Case("", day, (None, session.group, "held"), day, enrollment=linked)


def _of_persons(known: World, policies: Policies) -> Iterator[Case]:
    for episode in naive._started(known):
        if episode.group is None:
            continue

        def case(what: str, first: date, after: date | None, episode: Any = episode) -> Case:
            counted = (episode.person, episode.id, what)
            return Case(episode.person, first, counted, after, enrollment=episode)

        yield case("open", episode.started_on, episode.ended_on)
        for pause in known[f.Pause]:
            if pause.of == episode.id:
                yield case("closed", pause.starts_on, pause.ends_on)
        for session in known[f.Session]:
            if session.status != "held" or session.group != episode.group:
                continue
            mark, day = _mark(known, session, episode.person), session.starts_at.date()
            if mark == "present":
                yield case("held", day, day)
            elif mark is None and policies.get("not_recorded") != "absent":
                yield case("unknown", day, day)


METRICS: dict[str, Callable[[World, Settings, Policies], Iterable[tuple[Any, ...]]]] = {
    "attendance": _events(_attendance, _by_cluster),
    "own_attendance": _events(_attendance, _by_cluster),
    "first_session": _events(_first_session, _hits),
    "absence_run": _events(_absence_run, _hits),
    "dose": _events(_dose, _histogram),
    "dose_curve": _events(_dose_curve, _weighted_flow),
    "group_fill": _events(_group_fill, _by_cluster),
    "group_size": _events(_group_size, _by_cluster),
    "community_size": _events(_community_size, _hits),
    "encounter_rate": _rate(_encounter_rate),
    "contact_rate": _rate(_contact_rate),
    "entry_rate": _rate(_entry_rate),
    "case_load": _case_load,
    "coverage": _coverage,
    "cadence_held": _cadence(_held),
    "cadence_received": _cadence(_of_persons),
}
"""Name -> the rows of its small table."""
