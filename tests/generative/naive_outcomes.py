"""The metrics about change, goals and surveys once more: person by person, without any SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

from osallisuus.model import facts as f
from tests.generative.naive import STAGES, Case, Table, World

_Reading = tuple[date, str, str, float]
"""Day, id of the score, version, value."""


def _readings(known: World, instrument: str, scale: str, wave: str) -> dict[str, list[_Reading]]:
    """Person -> the readings of one wave, in the order of days."""
    found: dict[str, list[_Reading]] = {}
    for form in known[f.Assessment]:
        if form.instrument != instrument or form.wave != wave or form.person is None:
            continue
        for score in known[f.Score]:
            if score.assessment != form.id or score.scale != scale or score.value is None:
                continue
            reading = (form.happened_on, score.id, form.instrument_version, score.value)
            found.setdefault(form.person, []).append(reading)
    return {person: sorted(of_one) for person, of_one in found.items()}


def _begun_on(episode: f.Enrollment) -> date | None:
    # the start counts first, then how near the person had come to it
    for name in reversed(STAGES):
        day: date | None = getattr(episode, name)
        if day is not None:
            return day
    return None


def _episode(known: World, person: str, day: date) -> f.Enrollment | None:
    """The one that began last on or before that day, else the first one after it."""
    own = [
        (begun > day, abs((day - begun).days), episode.id, episode)
        for episode in known[f.Enrollment]
        if episode.person == person and (begun := _begun_on(episode)) is not None
    ]
    return min(own, key=lambda one: one[:3])[3] if own else None


def _due(known: World, episode: f.Enrollment | None) -> int | None:
    if episode is None:
        return 0
    if episode.ending == "died":
        return None
    planned = episode.planned_end_on is not None and episode.planned_end_on < known.as_of
    return int(episode.ended_on is not None or planned)


def _later(first: _Reading, readings: Iterable[_Reading]) -> float | None:
    """The value of the last reading that is a pair with the first."""
    fitting = [one for one in readings if one[2] == first[2] and one[0] >= first[0]]
    return max(fitting)[3] if fitting else None


def _pairs(known: World, instrument: str, scale: str, part: str | None = None) -> Iterator[Case]:
    later = _readings(known, instrument, scale, "end")
    for person, readings in _readings(known, instrument, scale, "start").items():
        first = readings[0]
        episode = _episode(known, person, first[0])
        counted = (part, first[3], _later(first, later.get(person, [])), _due(known, episode))
        yield Case(person, first[0], counted, enrollment=episode)


def outcome_change(known: World) -> Iterator[Case]:
    """Counted: (part, before, after, due)."""
    return _pairs(known, "audit", "total")


def outcome_phases(known: World) -> Iterator[Case]:
    """Counted: (part, before, after, due), without after for who lacks any wave."""
    middle, last = (_readings(known, "audit", "total", wave) for wave in ("mid", "end"))
    for person, readings in _readings(known, "audit", "total", "start").items():
        first = readings[0]
        episode = _episode(known, person, first[0])
        found = [_later(first, wave.get(person, [])) for wave in (middle, last)]
        for part, value in zip(("middle", "last"), found, strict=True):
            after = None if None in found else value
            counted = (part, first[3], after, _due(known, episode))
            yield Case(person, first[0], counted, enrollment=episode)


def recovery_star(known: World) -> Iterator[Case]:
    """Counted: (area, before, after, due); the total is none of the areas."""
    for area in ("area_1", "area_2"):
        yield from _pairs(known, "recovery_star", area, area)


def follow_up(known: World) -> Iterator[Case]:
    """Counted: the last population that somebody is in."""
    for case in outcome_change(known):
        _, _, after, due = case.counted
        if after is not None:
            last = "numerator"
        elif due is None:
            last = "denominator_exception"
        else:
            last = "denominator" if due else "unknown"
        yield Case(case.person, case.happened_on, last, enrollment=case.enrollment)


def _forms(known: World, instrument: str) -> Iterator[tuple[f.Assessment, str, str]]:
    """Form, whose it is, wave; of a person's forms of one wave only the last."""
    last: dict[tuple[str, str], f.Assessment] = {}
    names = {"start": "before", "end": "after"}
    for form in sorted(known[f.Assessment], key=lambda one: (one.happened_on, one.id)):
        if form.instrument == instrument and form.wave in names:
            last[form.person or form.id, names[form.wave]] = form
    for (person, wave), form in last.items():
        yield form, person, wave


def survey_change(known: World) -> Iterator[Case]:
    """Counted: (wave, value, 1)."""
    for form, person, wave in _forms(known, "client_survey"):
        values = [
            score.value
            for score in known[f.Score]
            if score.assessment == form.id and score.scale == "total" and score.value is not None
        ]
        place = SimpleNamespace(group=form.group)
        counted = (wave, max(values, default=None), 1)
        yield Case(person, form.happened_on, counted, enrollment=place)


def esis(known: World) -> Iterator[Case]:
    """Counted: (wave, points, answers), of answers that the form offers."""
    for form, person, wave in _forms(known, "esis"):
        points: dict[str, float] = {}
        for answer in known[f.Answer]:
            if answer.form == form.id and answer.number in (1, 2, 3, 4, 5):
                points[answer.item] = max(answer.number, points.get(answer.item, 0))
        total = sum(points.values()) if points else None
        place = SimpleNamespace(group=form.group)
        yield Case(person, form.happened_on, (wave, total, len(points)), enrollment=place)


def _goals(known: World) -> Iterator[tuple[f.Goal, int | None, f.Enrollment | None]]:
    for goal in known[f.Goal]:
        ratings = [
            (rating.rated_on, rating.id, rating.level)
            for rating in known[f.GoalRating]
            if rating.goal == goal.id
        ]
        level = max(ratings)[2] if ratings else None
        yield goal, level, _episode(known, goal.person, goal.set_on)


def goal_attainment(known: World) -> Iterator[Case]:
    """Counted: (weight, level)."""
    for goal, level, episode in _goals(known):
        yield Case(goal.person, goal.set_on, (goal.weight, level), enrollment=episode)


def goals_reached(known: World) -> Iterator[Case]:
    """Counted: 1 reached, 0 not, None not rated."""
    for goal, level, episode in _goals(known):
        reached = None if level is None else int(level >= 0)
        yield Case(goal.person, goal.set_on, reached, enrollment=episode)


def _alike(cases: list[Case]) -> Table:
    return Counter([(*row, n) for row, n in Counter(case.counted for case in cases).items()])


def _attained(cases: list[Case]) -> Table:
    rows = []
    for person in {case.person for case in cases}:
        rated = [
            case.counted for case in cases if case.person == person and case.counted[1] is not None
        ]
        rows.append(
            (
                sum(weight * level for weight, level in rated),
                sum(weight * weight for weight, _ in rated),
                sum(weight for weight, _ in rated),
            )
        )
    return Counter([(*row, n) for row, n in Counter(rows).items()])


def _goals_of_persons(cases: list[Case]) -> Table:
    """(goals that are rated, of them reached, not rated), and how many persons are alike."""
    rows = []
    for person in {case.person for case in cases}:
        own = [case.counted for case in cases if case.person == person]
        rows.append((len(own) - own.count(None), own.count(1), own.count(None)))
    return Counter([(*row, n) for row, n in Counter(rows).items()])


METRICS: dict[str, tuple[Callable[[World], Iterable[Case]], Callable[[list[Case]], Any] | str]] = {
    "outcome_change": (outcome_change, _alike),
    "outcome_phases": (outcome_phases, _alike),
    "reliable_change": (outcome_change, _alike),
    "recovery_star": (recovery_star, _alike),
    "survey_change": (survey_change, _alike),
    "esis": (esis, _alike),
    "goal_attainment": (goal_attainment, _attained),
    "goals_reached": (goals_reached, _goals_of_persons),
    "follow_up": (follow_up, "proportion"),
}
"""Metric -> its cases, and how they are tabulated, or the name of a table of the naive model."""
