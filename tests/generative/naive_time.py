"""Episodes, waiting, coming back, roles and ideas once more: slow, day by day, without any SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from attrs import frozen

from osallisuus.metrics.compile import Settings
from osallisuus.model import facts as f
from tests.generative import naive
from tests.generative.naive import Case, Table, World, changed

__all__ = ["METRICS", "table"]

Policies = Mapping[str, str]
_GAP = 28
_RANKED = (
    "client service_user participant co_developer peer peer_facilitator peer_guide"
    " lead_peer_guide expert_by_experience user_researcher client_representative area_holder"
    " volunteer student"
).split()
DEFAULT = {"episodes": "each", "clock": "running", "cluster": "none", "origin": "offer"}


def table(
    name: str, facts: Iterable[f.Fact], settings: Settings, policies: Policies | None = None
) -> Table:
    """The small table of the metric *name* under *policies*."""
    facts = list(facts)
    known = _cut(naive.world(facts, settings.as_of, settings.program), facts, settings)
    cases, kind = METRICS[name]
    chosen = {**DEFAULT, **(policies or {})}
    places = naive._by_place(
        known, cases(known, chosen), settings, span=name == "people_and_episodes"
    )
    return Counter(
        (*place, *row) for place, inside in places.items() for row in kind(inside).elements()
    )


def _cut(known: World, facts: Iterable[f.Fact], settings: Settings) -> World:
    """What the other models do not need, as known on the eve of ``as_of``."""
    as_of, program = settings.as_of, settings.program
    rows = dict(known.rows)

    def before(day: date | None) -> date | None:
        return day if day is not None and day < as_of else None

    groups = {group.id for group in known[f.Group]}
    rows[f.Interview] = [
        one
        for one in known[f.Interview]
        if one.happened_on < as_of and program in (None, one.program)
    ]
    rows[f.Review] = [one for one in known[f.Review] if one.happened_on < as_of]
    rows[f.Guidance] = [
        changed(one, offered_on=before(one.offered_on), started_on=before(one.started_on))
        for one in facts
        if isinstance(one, f.Guidance)
        and program in (None, one.program)
        and _dated(as_of, one.offered_on, one.started_on)
    ]
    rows[f.Guidance] = [
        changed(one, ended_on=None, ending=None) if before(one.ended_on) is None else one
        for one in rows[f.Guidance]
    ]
    rows[f.Membership] = [
        changed(one, ends_on=before(one.ends_on))
        for one in known[f.Membership]
        if one.starts_on < as_of and one.group in groups
    ]
    here = {one.person for one in (*known[f.Enrollment], *rows[f.Guidance])}
    stages = ("introduced_on", "visited_on", "attached_on")
    rows[f.Linkage] = [
        changed(one, **{stage: before(getattr(one, stage)) for stage in stages})
        for one in known[f.Linkage]
        if _dated(as_of, *(getattr(one, stage) for stage in stages))
        and (program is None or one.person in here)
    ]
    rows[f.Idea] = [
        changed(
            one,
            decided_on=before(one.decided_on),
            decision=one.decision if before(one.decided_on) else None,
            implemented_on=before(one.implemented_on),
            told_back_on=before(one.told_back_on),
        )
        for one in known[f.Idea]
        if one.raised_on < as_of and (program is None or one.group is None or one.group in groups)
    ]
    return World(as_of, rows)


def _dated(as_of: date, *days: date | None) -> bool:
    """Whether the earliest of the days is known, or none is stated at all."""
    stated = [day for day in days if day is not None]
    return not stated or min(stated) < as_of


# Episodes --------------------------------------------------------------------------------------


@frozen
class Episode:
    """One episode under a policy: its first enrolment, its days, and on which it was paused."""

    first: f.Enrollment
    started_on: date
    ended_on: date | None
    ending: str | None
    planned_end_on: date | None
    paused: int

    def until(self, known: World) -> date:
        return self.ended_on or known.last_day


def episodes(known: World, policies: Policies) -> Iterator[Episode]:
    """The episodes of everybody, in no order."""
    by_person: dict[tuple[str, str], list[f.Enrollment]] = {}
    for one in known[f.Enrollment]:
        if one.started_on is not None:
            by_person.setdefault((one.person, one.program), []).append(one)
    for own in by_person.values():
        own.sort(key=lambda one: (one.started_on, one.ended_on or known.as_of, one.id))
        for members in _joined(own, known, policies["episodes"]):
            yield _episode(members, known)


def _joined(own: list[f.Enrollment], known: World, policy: str) -> Iterable[list[f.Enrollment]]:
    if policy == "first":
        return [own[:1]]
    found: list[list[f.Enrollment]] = []
    for one in own:
        assert one.started_on is not None
        latest = max((b.ended_on or known.as_of for found_ in found for b in found_), default=None)
        near = latest is not None and (one.started_on - latest).days <= _GAP
        if found and (policy == "esf" or (policy == "merge" and near)):
            found[-1].append(one)
        else:
            found.append([one])
    return found


def _episode(members: list[f.Enrollment], known: World) -> Episode:
    last = max(
        members,
        key=lambda one: (
            one.ended_on or known.as_of, one.ending == "completed", one.started_on, one.id,
        ),
    )  # fmt: skip
    days: set[date] = set()
    for one in members:
        assert one.started_on is not None
        seen = one.ended_on or known.last_day
        for pause in known[f.Pause]:
            if pause.of == one.id:
                days |= _days(
                    max(pause.starts_on, one.started_on), min(pause.ends_on or seen, seen)
                )
    for place, one in enumerate(members[1:], 1):
        latest = max(before.ended_on or known.as_of for before in members[:place])
        days |= _days(latest, one.started_on)
    return Episode(
        members[0],
        min(one.started_on for one in members if one.started_on),
        last.ended_on,
        last.ending,
        last.planned_end_on,
        len(days),
    )


def _days(first: date, end: date | None) -> set[date]:
    """The days from *first* up to, and without, *end*."""
    assert end is not None
    return {first + timedelta(number) for number in range((end - first).days)}


def people_and_episodes(known: World, policies: Policies) -> Iterator[Case]:
    for one in episodes(known, policies):
        yield Case(one.first.person, one.started_on, None, one.ended_on, enrollment=one.first)


def _stays(known: World, policies: Policies) -> Iterator[tuple[Episode, int, str | None]]:
    for one in episodes(known, policies):
        days = (one.until(known) - one.started_on).days
        days -= one.paused if policies["clock"] == "stopped" else 0
        event = None if one.ended_on is None else one.ending or "not_stated"
        yield one, days, event


def _case(one: Episode, policies: Policies, *counted: Any) -> Case:
    clustered = (one.first.person,) if policies["cluster"] == "person" else ()
    return Case(one.first.person, one.started_on, (*counted, *clustered), enrollment=one.first)


def leaving(known: World, policies: Policies) -> Iterator[Case]:
    for one, days, event in _stays(known, policies):
        yield _case(one, policies, 0, days, event)


def staying(known: World, policies: Policies) -> Iterator[Case]:
    for one, days, event in _stays(known, policies):
        yield _case(one, policies, 0, days, event and "other_endings")


def on_time(known: World, policies: Policies) -> Iterator[Case]:
    for one, days, event in _stays(known, policies):
        if one.planned_end_on is not None:
            yield _case(one, policies, 0, *_until(days, event, one))


def _until(days: int, event: str | None, one: Episode) -> tuple[int, str | None]:
    """Days and event up to two weeks after the plan of the episode."""
    assert one.planned_end_on is not None
    limit = (one.planned_end_on - one.started_on).days + 14
    return (days, event) if days <= limit else (limit, "later")


def duration_held(known: World, policies: Policies) -> Iterator[Case]:
    for one, days, _ in _stays(known, policies):
        if one.planned_end_on is None:
            continue
        event = None
        if one.ended_on is not None:
            early = (one.planned_end_on - one.ended_on).days > 14
            event = "shorter" if early else "as_planned"
        yield _case(one, policies, 0, *_until(days, event, one))


# Waiting and coming back -----------------------------------------------------------------------


def waiting_time(known: World, policies: Policies) -> Iterator[Case]:
    for one in known[f.Enrollment]:
        stated = [one.reached_on, one.informed_on, one.interviewed_on, one.offered_on]
        known_days = [day for day in stated if day is not None]
        origin = one.offered_on
        if policies["origin"] == "referral":
            origin = min(known_days, default=None)
        if origin is None:
            continue
        until = one.started_on or one.ended_on or known.last_day
        event = "started" if one.started_on else None
        if event is None and one.ended_on is not None:
            event = one.ending or "not_stated"
        yield Case(one.person, origin, (0, (until - origin).days, event), enrollment=one)


def first_contact(known: World, policies: Policies) -> Iterator[Case]:
    for one in known[f.Guidance]:
        if one.offered_on is None:
            continue
        met = [
            review.happened_on
            for review in known[f.Review]
            if review.guidance == one.id
            and review.point == "start"
            and review.happened_on >= one.offered_on
        ]
        met += [one.started_on] if one.started_on else []
        until = min(met, default=None) or one.ended_on or known.last_day
        event = "met" if met else None
        if event is None and one.ended_on is not None:
            event = one.ending or "not_stated"
        yield Case(one.person, one.offered_on, (0, (until - one.offered_on).days, event))


def coming_back(known: World, policies: Policies) -> Iterator[Case]:
    begun = [one for one in known[f.Enrollment] if one.started_on is not None]
    for one in begun:
        others = [other for other in begun if other.person == one.person and other.id != one.id]
        clustered = (one.person,) if policies["cluster"] == "person" else ()
        if one.ended_on is not None and one.ended_on >= one.started_on and one.ending != "died":
            still_in = any(
                other.started_on < one.ended_on
                and (other.ended_on is None or other.ended_on > one.ended_on)
                for other in others
            )
            back = min((x.started_on for x in others if x.started_on >= one.ended_on), default=None)
            days = ((back or known.last_day) - one.ended_on).days
            row = (days, "reached" if back else None) if days <= 365 else (365, "later")
            if not still_in:
                yield Case(
                    one.person, one.ended_on, ("new_episode", *row, *clustered), enrollment=one
                )
        for pause in known[f.Pause]:
            inside = one.ended_on is None or pause.starts_on < one.ended_on
            if pause.of != one.id or pause.starts_on < one.started_on or not inside:
                continue
            end = one.ended_on or known.as_of
            event: str | None
            if pause.ends_on is not None and pause.ends_on < end:
                until, event = pause.ends_on, "reached"
            elif one.ended_on is not None:
                until, event = one.ended_on, one.ending or "not_stated"
            else:
                until, event = known.last_day, None
            days = (until - pause.starts_on).days
            row = (days, event) if days <= 90 else (90, "later")
            yield Case(
                one.person, pause.starts_on, ("after_pause", *row, *clustered), enrollment=one
            )


# Roles -----------------------------------------------------------------------------------------


@frozen
class Held:
    """One time in a role, from the spans that touch or overlap."""

    first: f.RoleSpan
    starts_on: date
    ends_on: date | None
    ending: str | None
    paused: int


def _held(known: World) -> list[Held]:
    spans = [
        span for span in known[f.RoleSpan] if span.ends_on is None or span.ends_on >= span.starts_on
    ]
    by_role: dict[tuple[str, str], list[f.RoleSpan]] = {}
    for span in sorted(spans, key=lambda one: (one.starts_on, one.ends_on or known.as_of, one.id)):
        by_role.setdefault((span.person, span.role), []).append(span)
    found = []
    for own in by_role.values():
        islands: list[list[f.RoleSpan]] = []
        for span in own:
            latest = max((b.ends_on or known.as_of for one in islands for b in one), default=None)
            if latest is not None and latest >= span.starts_on:
                islands[-1].append(span)
            else:
                islands.append([span])
        for island in islands:
            last = max(island, key=lambda b: (b.ends_on or known.as_of, b.starts_on, b.id))
            days: set[date] = set()
            for span in island:
                seen = span.ends_on or known.last_day
                for pause in known[f.Pause]:
                    if pause.of == span.id:
                        end = min(pause.ends_on or seen, seen)
                        days |= _days(max(pause.starts_on, span.starts_on), end)
            found.append(Held(island[0], island[0].starts_on, last.ends_on, last.ending, len(days)))
    return found


def _role_case(one: Held, policies: Policies, *counted: Any) -> Case:
    person = one.first.person
    clustered = (person,) if policies["cluster"] == "person" else ()
    return Case(person, one.starts_on, (*counted, *clustered), links={"role": one.first})


def role_tenure(known: World, policies: Policies) -> Iterator[Case]:
    for one in _held(known):
        days = ((one.ends_on or known.last_day) - one.starts_on).days
        days -= one.paused if policies["clock"] == "stopped" else 0
        yield _role_case(one, policies, 0, days, one.ends_on and "other_endings")


def role_pauses(known: World, policies: Policies) -> Iterator[Case]:
    for one in _held(known):
        days = ((one.ends_on or known.last_day) - one.starts_on).days
        person = one.first.person
        yield Case(person, one.starts_on, (days, one.paused), links={"role": one.first})


def _sums(cases: list[Case]) -> Table:
    """How many people have so many days in roles, of which so many paused."""
    by_person: dict[str, list[tuple[int, int]]] = {}
    for case in cases:
        by_person.setdefault(case.person, []).append(case.counted)
    sums = Counter((sum(d for d, _ in own), sum(p for _, p in own)) for own in by_person.values())
    return Counter([(days, paused, 0, n) for (days, paused), n in sums.items()])


def next_role(known: World, policies: Policies) -> Iterator[Case]:
    held = _held(known)
    for one in held:
        person, role = one.first.person, one.first.role
        later = [
            (other.starts_on, other.first.role)
            for other in held
            if other.first.person == person
            and other.first.role != role
            and other.starts_on > one.starts_on
            and other.starts_on <= (one.ends_on or known.as_of)
        ]
        event: str | None
        if later:
            until, event = min(later)
        elif one.ends_on is not None:
            until, event = one.ends_on, one.ending or "not_stated"
        else:
            until, event = known.last_day, None
        yield _role_case(one, policies, 0, (until - one.starts_on).days, event)


def pathways(known: World, policies: Policies) -> Iterator[Case]:
    by_person: dict[str, list[Held]] = {}
    for one in _held(known):
        by_person.setdefault(one.first.person, []).append(one)

    def order(one: Held) -> tuple[date, int, str]:
        role = one.first.role
        return one.starts_on, _RANKED.index(role) if role in _RANKED else len(_RANKED), role

    for person, own in by_person.items():
        roles: list[str | None] = [one.first.role for one in sorted(own, key=order)]
        more = int(len(roles) > 5)
        path = tuple((roles + [None] * 5)[:5])
        yield Case(person, min(one.starts_on for one in own), (*path, more))


def team_transition(known: World, policies: Policies) -> Iterator[Case]:
    teams = {one.id for one in known[f.Group] if one.kind in ("team", "follow_up_group")}
    for one in known[f.Enrollment]:
        done = one.ended_on
        if one.ending != "completed" or done is None or one.started_on is None:
            continue
        if done < one.started_on:
            continue
        joins = [
            max(member.starts_on, done)
            for member in known[f.Membership]
            if member.person == one.person
            and member.group in teams
            and (member.ends_on is None or member.ends_on > done)
        ]
        deaths = [
            other.ended_on
            for other in known[f.Enrollment]
            if other.person == one.person and other.ending == "died" and other.ended_on
        ]
        died = min(deaths, default=None)
        died = died if died is not None and died >= done else None
        joined = min(joins, default=None)
        event: str | None
        if joined is not None and (died is None or joined <= died):
            until, event = joined, "joined"
        elif died is not None:
            until, event = died, "died"
        else:
            until, event = known.last_day, None
        yield Case(one.person, done, (0, (until - done).days, event), enrollment=one)


# Ideas, places, interviews ---------------------------------------------------------------------


def ideas(known: World, policies: Policies) -> Iterator[Case]:
    for one in known[f.Idea]:
        forum = (one.group or one.id,) if policies["cluster"] == "forum" else ()
        last = known.last_day
        decision = None if one.decided_on is None else one.decision or "not_stated"
        put_off = decision in (None, "later")
        rows: list[tuple[str, date, date | None, str | None]] = []
        withdrawn = "withdrawn" if decision == "withdrawn" else "reached"
        rows.append(("decided", one.raised_on, one.decided_on, one.decided_on and withdrawn))
        accepted = "reached" if decision == "accepted" else decision
        rows.append(
            ("accepted", one.raised_on, None, None)
            if put_off
            else ("accepted", one.raised_on, one.decided_on, accepted)
        )
        for step, day, asked in (
            ("implemented", one.implemented_on, decision == "accepted"),
            ("told_back", one.told_back_on, not put_off and decision != "withdrawn"),
        ):
            if asked:
                assert one.decided_on is not None
                rows.append((step, one.decided_on, day, day and "reached"))
        for step, origin, until, event in rows:
            counted = (step, ((until or last) - origin).days, event, *forum)
            yield Case(one.id, one.raised_on, counted, enrollment=one)


def linkage(known: World, policies: Policies) -> Iterator[Case]:
    for one in known[f.Linkage]:
        days = [one.introduced_on, one.visited_on, one.attached_on]
        stated = [day for day in days if day is not None]
        rows = []
        for stage in range(3):
            here = naive._first(days[stage:])
            onward = naive._first(days[stage + 1 :])
            if here is not None:
                length = ((onward or known.last_day) - here).days
                rows.append((stage, int(days[stage] is not None), length, onward and "on"))
        yield Case(one.person, min(stated, default=None), rows, links={"linkage": one})


def recruitment_funnel(known: World, policies: Policies) -> Iterator[Case]:
    for case in naive.recruitment_funnel(known):
        days = [getattr(case.enrollment, stage) for stage in naive.STAGES]
        first = min((day for day in days if day is not None), default=None)
        yield Case(case.person, first, case.counted, enrollment=case.enrollment)


def interview_outcomes(known: World, policies: Policies) -> Iterator[Case]:
    for one in known[f.Interview]:
        yield Case(one.person, one.happened_on, (one.id, {one.outcome}), enrollment=one)


def _paths(cases: list[Case]) -> Table:
    return Counter([(*row, n) for row, n in Counter(case.counted for case in cases).items()])


_Cases = Callable[[World, Policies], Iterable[Case]]
_Kind = Callable[[list[Case]], Table]
METRICS: dict[str, tuple[_Cases, _Kind]] = {
    "people_and_episodes": (people_and_episodes, naive._count),
    "recruitment_funnel": (recruitment_funnel, naive._funnel),
    "interview_outcomes": (interview_outcomes, naive._labels),
    "retention": (staying, naive._time_to_event),
    "expected_days": (staying, naive._time_to_event),
    "leaving": (leaving, naive._time_to_event),
    "completion": (leaving, naive._time_to_event),
    "on_time": (on_time, naive._time_to_event),
    "duration_held": (duration_held, naive._time_to_event),
    "waiting_time": (waiting_time, naive._time_to_event),
    "first_contact": (first_contact, naive._time_to_event),
    "coming_back": (coming_back, naive._time_to_event),
    "role_tenure": (role_tenure, naive._time_to_event),
    "role_pauses": (role_pauses, _sums),
    "next_role": (next_role, naive._time_to_event),
    "team_transition": (team_transition, naive._time_to_event),
    "pathways": (pathways, _paths),
    "ideas": (ideas, naive._time_to_event),
    "linkage": (linkage, naive._funnel),
}
