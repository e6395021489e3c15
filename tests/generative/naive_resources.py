"""Costs, gaps, completeness, delays and voice once more: slow, person by person, without SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from osallisuus.model import facts as f
from tests.generative.naive import STAGES, Case, Table, World

__all__ = ["METRICS"]

_WINDOW = 90


def _started(known: World) -> Iterator[f.Enrollment]:
    return (episode for episode in known[f.Enrollment] if episode.started_on is not None)


def _until(known: World, episode: f.Enrollment) -> tuple[int, str | None]:
    """Days to the end, and the ending; to the last day and none while it is open."""
    assert episode.started_on is not None
    if episode.ended_on is None:
        return (known.last_day - episode.started_on).days, None
    return (episode.ended_on - episode.started_on).days, episode.ending or "not_stated"


def cost_per_completer(known: World) -> Iterator[Case]:
    """Counted: (group, whether a line, days, event, cents)."""
    for episode in _started(known):
        counted = (episode.group, 0, *_until(known, episode), None)
        yield Case(episode.person, episode.started_on, counted, enrollment=episode)
    for cost in known[f.Cost]:
        counted = (cost.group, 1, None, None, cost.cents)
        yield Case(None, cost.happened_on, counted, enrollment=cost)  # type: ignore[arg-type]


def staff_hours(known: World) -> Iterator[Case]:
    """Counted: (who worked, minutes)."""
    for cost in known[f.Cost]:
        if cost.minutes is not None or cost.worker_kind is not None:
            counted = (cost.worker_kind, cost.minutes)
            yield Case(None, cost.happened_on, counted, enrollment=cost)  # type: ignore[arg-type]


def equity_gap(known: World) -> Iterator[Case]:
    """Counted: (care aim, days, event)."""
    for episode in _started(known):
        counted = (episode.aim, *_until(known, episode))
        yield Case(episode.person, episode.started_on, counted, enrollment=episode)


def spread(known: World) -> Iterator[Case]:
    """Counted: (group, whether completed)."""
    for episode in _started(known):
        hit = None if episode.ended_on is None else int(episode.ending == "completed")
        yield Case(episode.person, episode.started_on, (episode.group, hit), enrollment=episode)


def completeness(known: World) -> Iterator[Case]:
    """Counted: (field, whether it is known)."""
    for episode in known[f.Enrollment]:
        for number, stage in enumerate(STAGES[:-1]):
            if any(getattr(episode, name) for name in STAGES[number + 1 :]):
                yield _entry(episode, "started_on", stage[:-3], getattr(episode, stage))
        yield _entry(episode, "started_on", "channel", episode.channel)
    for kind, ends, field in (
        (f.Enrollment, "ended_on", "ending"),
        (f.RoleSpan, "ends_on", "role_ending"),
        (f.Guidance, "ended_on", "guidance_ending"),
    ):
        ended = [fact for fact in known[kind] if getattr(fact, ends) is not None]
        yield from (_entry(fact, ends, field, fact.ending) for fact in ended)
    for encounter in known[f.Encounter]:
        yield _entry(encounter, "happened_on", "area", encounter.area)
        yield _entry(encounter, "happened_on", "mode", encounter.mode)
    for cost in known[f.Cost]:
        amount = cost.cents if cost.minutes is None else cost.minutes
        yield _entry(cost, "happened_on", "cost", amount)
    yield from _of_sessions(known)


def _of_sessions(known: World) -> Iterator[Case]:
    for session in known[f.Session]:
        if session.status == "held":
            day = session.starts_at.date()
            theme = int(session.held_theme is not None)
            yield Case(None, day, ("theme", theme), enrollment=session)  # type: ignore[arg-type]
            yield from _presences(known, session)


def _presences(known: World, session: f.Session) -> Iterator[Case]:
    day = session.starts_at.date()
    for episode in _started(known):
        paused = any(
            pause.of == episode.id
            and pause.starts_on <= day
            and (pause.ends_on is None or day < pause.ends_on)
            for pause in known[f.Pause]
        )
        inside = episode.started_on <= day and (not episode.ended_on or day <= episode.ended_on)
        if session.group == episode.group and inside and not paused:
            noted = any(
                row.session == session.id and row.person == episode.person
                for row in known[f.Attendance]
            )
            yield Case(episode.person, day, ("attendance", int(noted)), enrollment=episode)


def _entry(fact: Any, day: str, field: str, value: object) -> Case:
    person = getattr(fact, "person", getattr(fact, "peer", None))
    owner = fact if hasattr(fact, "group") else None
    counted = (field, int(value is not None))
    return Case(person, getattr(fact, day), counted, enrollment=owner)


def reporting_delay(known: World) -> Iterator[Case]:
    """Counted: (age of the first contact, delay of the registration)."""
    for person in known[f.Person]:
        days = [
            getattr(episode, name)
            for episode in known[f.Enrollment]
            for name in STAGES
            if episode.person == person.id
        ]
        first = min((day for day in days if day is not None), default=None)
        if first is None or person.registered_on >= known.as_of:
            continue
        counted = ((known.last_day - first).days, (person.registered_on - first).days)
        yield Case(person.id, first, counted)


def breadth_of_voice(known: World) -> Iterator[Case]:
    """Counted: 1 was in touch or came, 0 did not, None a member for too short a time to say."""
    groups = {group.id for group in known[f.Group]}
    for member in known[f.Membership]:
        ended = member.ends_on is not None and member.ends_on < known.as_of
        if member.starts_on >= known.as_of or ended or member.group not in groups:
            continue
        came = {
            session.starts_at.date()
            for session in known[f.Session]
            for row in known[f.Attendance]
            if session.group == member.group
            and row.session == session.id
            and row.person == member.person
            and row.status == "present"
        }
        called = {row.happened_on for row in known[f.Contact] if row.person == member.person}
        seen = [day for day in came | called if member.starts_on <= day < known.as_of]
        hit: int | None = int(any((known.last_day - day).days < _WINDOW for day in seen))
        if not hit and (known.last_day - member.starts_on).days < _WINDOW:
            hit = None
        yield Case(member.person, member.starts_on, hit, enrollment=member)


def _decided(known: World) -> Iterator[f.Decision]:
    groups = {group.id for group in known[f.Group]}
    return (
        one for one in known[f.Decision] if one.decided_on < known.as_of and one.group in groups
    )


def decisions(known: World) -> Iterator[Case]:
    """Counted: (the decision, its owner)."""
    for one in _decided(known):
        yield Case(one.id, one.decided_on, (one.id, {one.owner}), enrollment=one)


def decisions_carried_out(known: World) -> Iterator[Case]:
    """Counted: (entry, days, event)."""
    for one in _decided(known):
        done = (
            one.carried_out_on if one.carried_out_on and one.carried_out_on < known.as_of else None
        )
        days = ((done or known.last_day) - one.decided_on).days
        yield Case(
            one.id, one.decided_on, (0, days, "carried_out" if done else None), enrollment=one
        )


# Small tables ----------------------------------------------------------------------------------


def _unit_cost(cases: list[Case]) -> Table:
    rows = []
    for key in {case.counted[:4] for case in cases}:
        cents = [case.counted[4] for case in cases if case.counted[:4] == key]
        known = [one for one in cents if one is not None]
        rows.append((*key, len(cents), len(known), sum(known), sum(known)))
    return Counter(rows)


def _total(cases: list[Case]) -> Table:
    rows = []
    for label in {case.counted[0] for case in cases}:
        amounts = [case.counted[1] for case in cases if case.counted[0] == label]
        known = [one for one in amounts if one is not None]
        rows.append((label, len(amounts), len(known), sum(known)))
    return Counter(rows)


def _counted(cases: list[Case]) -> Table:
    return Counter([(*row, n) for row, n in Counter(case.counted for case in cases).items()])


def _of_groups(cases: list[Case]) -> Table:
    return _counted([case for case in cases if case.counted[0] is not None])


def _fields(cases: list[Case]) -> Table:
    rows = []
    for key in {case.counted for case in cases}:
        people = [case.person for case in cases if case.counted == key]
        rows.append((*key, len(people), len({one for one in people if one is not None})))
    return Counter(rows)


METRICS: dict[
    str, tuple[Callable[[World], Iterable[Case]], Callable[[list[Case]], Table] | None]
] = {
    "cost_per_completer": (cost_per_completer, _unit_cost),
    "staff_hours": (staff_hours, _total),
    "equity_gap": (equity_gap, _counted),
    "spread": (spread, _of_groups),
    "completeness": (completeness, _fields),
    "reporting_delay": (reporting_delay, _counted),
    "breadth_of_voice": (breadth_of_voice, None),
    "decisions": (decisions, None),
    "decisions_carried_out": (decisions_carried_out, _counted),
}
"""Cases and small table of each; ``None``: the table of a kind that the other model has."""
