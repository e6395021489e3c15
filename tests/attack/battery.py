"""The attacks, each as a function that names what it has broken: nothing, unless there is a hole.

The tests run them over many seeds; the mutants of the gate run the same ones over a few.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

from osallisuus.disclosure.profile import PUBLIC, Profile
from osallisuus.metrics.estimate.proportion import wilson
from osallisuus.model import facts as f
from osallisuus.register import Register
from osallisuus.time import add_months
from tests.attack.programmes import AS_OF, Maker, episodes_of, register_of, tabular
from tests.attack.tables import HOW_IT_ENDED, Attack, Table, asks_of, printed, together
from tests.disclosure.timeline import FIRST, Programme, give_away

__all__ = [
    "NAKED",
    "TWINS",
    "Outcome",
    "all_of_one_kind",
    "misprinted",
    "one_more",
    "sequence",
    "subset_tables",
    "tables",
    "tables_of_people",
    "tables_of_twins",
]

NAKED = Profile(name="public", threshold=1, zeros="structural", unsafe=True)
"""No protection at all, which only code can ask for."""
K = PUBLIC.threshold


class Outcome(NamedTuple):
    """What an attack came to."""

    broken: list[Any]
    releases: int = 0
    shown: int = 0
    """Figures that were printed with a number."""
    targets: int = 0
    """Small counts that had to be guarded."""

    def __add__(self, other: Any) -> Outcome:
        return Outcome(*(one + more for one, more in zip(self, other, strict=True)))


TWINS: tuple[tuple[Any, ...], ...] = ((HOW_IT_ENDED, "completion"),)
"""Two metrics of which one says again what the other one said."""
METRICS: tuple[tuple[Any, ...], ...] = (
    ("people_and_episodes", "completion"),
    (HOW_IT_ENDED,),
    ("recruitment_funnel", "people_and_episodes"),
)
BY_PLACE = (
    ("group.place",),
    ("group.organization", "group.place"),
    ("group.setting", "group.place"),
)
BY_PEOPLE = (
    ("group.place", "person.gender"),
    ("person.gender",),
    ("person.gender", "group.setting"),
)


def tables(
    seed: int,
    strata: Sequence[tuple[str, ...]] = BY_PLACE,
    *,
    metrics: Sequence[tuple[Any, ...]] = METRICS,
    profile: Profile = PUBLIC,
    forget: bool = False,
    enough: int | None = None,
) -> Outcome:
    """One sparse programme asked by metric and strata, one release after the other."""
    draw = random.Random(seed)
    facts = tabular(
        seed,
        places=draw.randint(2, 5),
        endings=draw.randint(2, 6),
        people=draw.choice([60, 120, 200, 300]),
        repeats=draw.choice([0, 0, 0.1]),
        still=draw.choice([0, 0, 0.1, 0.3]),
        program=_program(profile),
    )
    by = draw.choice(strata)
    asks = asks_of(draw.choice(metrics), by)
    draw.shuffle(asks)
    return attacked(facts, asks, by, profile=profile, name=seed, forget=forget, enough=enough)


def tables_of_people(seed: int) -> Outcome:
    """As :func:`tables`, by what is said of people."""
    return tables(10_090 + seed, BY_PEOPLE)


def tables_of_crossings(seed: int) -> Outcome:
    """As :func:`tables`, some of them by one stratum, by another, and by both."""
    return tables(1_170 + seed)


def tables_on_the_way(seed: int) -> Outcome:
    """As :func:`tables`, one of them with many on the way, and nobody who ended otherwise."""
    return tables(1_590 + seed)


def sequence_of_newcomers(seed: int) -> Outcome:
    """As :func:`sequence`, one of them with a newcomer beside a figure that stays."""
    return sequence(950 + seed)


def tables_of_twins(seed: int) -> Outcome:
    """As :func:`tables`, of two metrics that say the same."""
    return tables(150 + seed, metrics=TWINS)


def tables_of_other_twins(seed: int) -> Outcome:
    """As :func:`tables_of_twins`, one of them asked by setting and by place."""
    return tables_of_twins(240 + seed)


def subset_tables(seed: int, *, profile: Profile = PUBLIC) -> Outcome:
    """Women by place beside all by place: linked tables of which one is a part of the other."""
    draw = random.Random(seed)
    facts = tabular(
        seed,
        places=draw.randint(2, 4),
        endings=3,
        people=draw.choice([80, 160]),
        program=_program(profile),
    )
    asks = [
        (metric, by)
        for metric in ("completion", "people_and_episodes")
        for by in (("group.place",), ("person.gender", "group.place"))
    ]
    return attacked(facts, asks, ("person.gender", "group.place"), profile=profile, name=seed)


def _program(profile: Profile) -> str:
    """A programme that is known tightens each profile; one that is not leaves it as it is."""
    return "unknown" if profile.unsafe else "wertzu"


def attacked(
    facts: Sequence[f.Fact],
    asks: Sequence[Any],
    by: Sequence[str],
    *,
    profile: Profile = PUBLIC,
    name: Any = "",
    forget: bool = False,
    enough: int | None = None,
) -> Outcome:
    """The releases that *asks* make of the facts, read and attacked together.

    With *forget* each release is made of a store that knows of no other.
    """
    table = Table(episodes_of(facts), by)
    register = register_of(facts)
    shown = 0
    broken: list[Any] = []
    for metric, some in asks:
        asked = register_of(facts) if forget else register
        released = asked.release(metric, by=some, as_of=AS_OF, profile=profile)
        figures = printed(released.results[0])
        broken += [(name, one) for one in misprinted(figures, profile)]
        shown += table.read(figures, threshold=profile.threshold, base=profile.base)
    broken += [(name, one) for one in table.misread()]
    if not broken:
        broken += [(name, *one) for one in Attack(table, K).broken(enough=enough)]
    return Outcome(broken, len(asks), shown, len(table.targets))


def misprinted(figures: Sequence[dict[str, Any]], profile: Profile) -> list[str]:
    """Numbers that a hidden figure still has, that are small or not rounded, and shares or
    intervals that do not follow from the rounded counts beside them.
    """
    found = []
    numbers = ("value", "low", "high", "std_err", "k", "n", "persons", "at_risk", "censored")
    for figure in figures:
        name = f"{figure['metric']} {figure['strata']} {figure['name']} {figure['at']}"
        if figure["status"] == "suppressed":
            left = [one for one in (*numbers, "method", "reason", "notes") if figure[one]]
            found += [f"{name}: hidden, but {one}" for one in left]
            left = [one for one in numbers if figure[one] is not None]
            found += [f"{name}: hidden, but {one}" for one in left]
        elif figure["status"] == "shown" and profile.base:
            found += [f"{name}: {one}" for one in _odd(figure, profile)]
    return found


def _odd(figure: dict[str, Any], profile: Profile) -> list[str]:
    base, threshold = profile.base or 1, profile.threshold
    odd = []
    k, n, persons = figure["k"], figure["n"], figure["persons"]
    for one in ("persons", "at_risk"):
        if figure[one] is not None and figure[one] % base:
            odd.append(f"{one} is {figure[one]}")
    if persons is not None and 0 < persons < threshold:
        odd.append(f"of {persons} persons")
    if figure["measure"] == "proportion":
        for one in ("value", "low", "high", "censored"):
            if figure[one] is not None and abs(figure[one] * 100 - round(figure[one] * 100)) > 1e-9:
                odd.append(f"{one} is {figure[one]}")
    counted = figure["measure"] == "proportion" and figure["method"] == "wilson"
    if counted and k is not None and n:
        interval = wilson(k, n, 0.95)
        assert interval is not None
        wanted = [round(one, 2) for one in (k / n, interval.low, interval.high)]
        if [figure[one] for one in ("value", "low", "high")] != wanted:
            odd.append("does not follow from the counts beside it")
    return odd


def all_of_one_kind(seed: int, *, profile: Profile = PUBLIC) -> Outcome:
    """All of a group, or all but a few, ended alike: nobody may read it off (F5).

    Some take part in two places, with an ending in each.
    """
    draw = random.Random(seed)
    made = Maker(draw, _program(profile))
    places = ["Place 0", "Place 1", "Place 2"]
    endings = ("completed", "left", "moved_on")
    usual, again = draw.choice(endings), draw.choice((0, 0, 0.3))
    groups = [made.group(number, places) for number in range(3)]
    for number, group in enumerate(groups):
        size = draw.randint(5, 40)
        others = draw.choice((0, 0, 1, 3, 6)) if number == 0 else draw.randint(0, size)
        for index in range(size):
            ending = usual if index >= others else draw.choice(endings)
            who = made.person({"gender": "woman"})
            made.episode(who, group, 4, ending, 60)
            if draw.random() < again:
                made.episode(who, groups[number - 1], 4, draw.choice(endings), 60)
    metrics = draw.choice([("completion",), (HOW_IT_ENDED,)])
    asks = asks_of(metrics, ("group.place",))
    draw.shuffle(asks)
    return attacked(made.facts, asks, ("group.place",), profile=profile, name=seed)


def more_of_one_kind(seed: int) -> Outcome:
    """As :func:`all_of_one_kind`, some of them with people who ended in two places."""
    return all_of_one_kind(30_480 + seed)


def one_more(seed: int, *, profile: Profile = PUBLIC) -> Outcome:
    """One person comes between two releases: with both, no small count can be narrowed down.

    The reader takes it that few have come, and that nobody has left.
    """
    draw = random.Random(seed)
    facts = tabular(seed, places=2, endings=2, people=draw.choice([60, 120]))
    register = register_of(facts)
    asks = asks_of(("people_and_episodes", "completion"), ("group.place",))
    by = ("group.place",)
    before = Table(episodes_of(facts), by)
    first = _figures(register, asks, profile)
    made = Maker(draw)
    made.count = 90_000
    made.episode(made.person({"gender": "woman"}), "g0", 4, draw.choice(("completed", "left")), 60)
    register.add(made.facts)
    second = _figures(register, asks, profile)
    after = Table(episodes_of([*facts, *made.facts]), by)
    shown = before.read(first, threshold=profile.threshold, base=profile.base)
    # what is printed once more may be of the first time: the sticky rule says only that
    news = [figure for figure in second if figure not in first]
    shown += after.read(news, threshold=profile.threshold, base=profile.base)
    broken = [(seed, one) for one in (*before.misread(), *after.misread())]
    attack = Attack(together(before, after, most=K - 1), K)
    broken += [(seed, *one) for one in attack.broken(zeros=False)]
    return Outcome(broken, 2 * len(asks), shown, 2 * len(before.targets))


def _figures(register: Register, asks: Sequence[Any], profile: Profile) -> list[dict[str, Any]]:
    """The figures that are released now."""
    return [
        figure
        for metric, by in asks
        for figure in printed(
            register.release(metric, by=by, as_of=AS_OF, profile=profile).results[0]
        )
    ]


QUESTIONS = (
    ("people_and_episodes", ("group.place",)),
    ("completion", ("group.place",)),
    ("people_and_episodes", ()),
    ("completion", ()),
)


def sequence(seed: int, months: int = 12, *, profile: Profile = PUBLIC) -> Outcome:
    """A programme that goes on, released each month: no two nested groups differ by few.

    With newcomers, endings, corrections, a moved border and erasures.
    """
    draw = random.Random(seed)
    programme = Programme(seed, people=draw.choice([40, 80]), places=draw.choice([2, 3]))
    published: list[Any] = []
    broken: list[Any] = []
    erased: set[str] = set()
    for month in range(months):
        programme.month(month)
        if draw.random() < 0.1:
            programme.move_border()
        if draw.random() < 0.15 and programme.episodes:
            known = set(programme.episodes)
            programme.erase()
            erased |= known - set(programme.episodes)
        metric, by = QUESTIONS[0] if month == 0 else draw.choice(QUESTIONS)
        released = programme.register.release(
            metric, by=by, as_of=add_months(FIRST, month + 1), profile=profile
        )
        new = programme.published(month, SimpleNamespace(released=released))
        # nobody knows any more how those who were erased by now had been counted
        kept = [one._replace(group=one.group - erased) for one in published]
        broken += [
            (seed, *pair)
            for pair in give_away([*kept, *new], profile.threshold)
            if month in (pair[0].month, pair[1].month)
        ]
        published += new
    return Outcome(broken, months, len(published))


def over(attack: Callable[..., Outcome], seeds: Sequence[int], *more: Any, **named: Any) -> Outcome:
    """The attack with each of the seeds."""
    outcome = Outcome([])
    for seed in seeds:
        outcome += attack(seed, *more, **named)
    return outcome
