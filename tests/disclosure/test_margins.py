"""Margins: what the figures by some strata add up to, though nobody has asked for it."""

from __future__ import annotations

from datetime import date

from attrs import evolve

from osallisuus.disclosure.margins import crossings, margins, segments
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.compile import Settings
from osallisuus.metrics.measure import Measurement, measure
from osallisuus.time import Period
from tests.disclosure.test_gate import AS_OF, START, World

BOTH = ("group.place", "person.aim")


def _world() -> World:
    """9 people who completed: 4 in Espoo, 5 in Turku; 3 and 3 of them aim at work."""
    world = World()
    for place, people, work in (("Espoo", 4, 3), ("Turku", 5, 3)):
        who = world.episodes(people, "completed", place=place)
        world.trait(who[:work], "work")
        world.trait(who[work:], "home")
    return world


def test_a_question_by_two_strata_is_one_by_each_of_them_and_by_none() -> None:
    (asked,) = _world().ask(("people_and_episodes", BOTH))
    found = margins([asked])
    assert [one.settings.by for one in found] == [("group.place",), ("person.aim",), ()]
    assert all(one.engine is asked.engine for one in found)


def test_what_is_asked_anyway_is_not_asked_twice() -> None:
    total, by_both, again = _world().ask(
        "people_and_episodes", ("people_and_episodes", BOTH), ("people_and_episodes", BOTH[::-1])
    )
    assert [one.settings.by for one in margins([total, by_both, again])] == [BOTH[:1], BOTH[1:]]
    assert [one.settings.by for one in margins([by_both], [total])] == [BOTH[:1], BOTH[1:]]
    assert margins([total]) == []


def test_a_margin_of_other_facts_is_another_one() -> None:
    """The same question of the facts as they were known before is none that is asked now."""
    (asked,) = _world().ask(("people_and_episodes", BOTH))
    (earlier,) = _world().ask(("people_and_episodes", ()))
    assert () in [one.settings.by for one in margins([asked], [earlier])]


def _crossed(*found: Measurement) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.metric.name, one.settings.by) for one in found]


def test_by_one_stratum_beside_by_another_each_is_asked_by_both() -> None:
    """Figures by gender beside those by place narrow those by gender and place."""
    people, ended = _world().ask(("people_and_episodes", BOTH[:1]), ("completion", BOTH[1:]))
    assert _crossed(*crossings([people, ended], [])) == [
        ("people_and_episodes", BOTH),
        ("completion", BOTH[::-1]),
    ]
    assert _crossed(*crossings([people], [ended])) == [("people_and_episodes", BOTH)]
    assert all(one.engine is people.engine for one in crossings([people], [ended]))


def test_what_a_total_or_the_crossing_says_itself_is_not_crossed() -> None:
    total, by_place, by_aim, by_both = _world().ask(
        "people_and_episodes",
        *(("people_and_episodes", by) for by in (BOTH[:1], BOTH[1:], BOTH[::-1])),
    )
    assert crossings([total, by_place], [total]) == []
    assert crossings([by_place, by_both], [total]) == []
    assert crossings([by_place, by_aim, by_both], []) == []
    ended, started = _world().ask(("completion", BOTH[:1]), "people_and_episodes")
    assert crossings([started], [measure(ended.metric, ended.settings, started.engine)]) == []


def test_only_figures_of_one_day_that_can_be_asked_so_are_crossed() -> None:
    """Those of another day are of other people, and rooms that were filled have no aim."""
    people, filled = _world().ask(("people_and_episodes", BOTH[1:]), ("group_fill", BOTH[:1]))
    assert _crossed(*crossings([people, filled], [])) == [("people_and_episodes", BOTH[::-1])]
    earlier = evolve(filled.settings, as_of=date(2021, 6, 1))
    assert crossings([people], [measure(filled.metric, earlier, filled.engine)]) == []


def _asked(*periods: Period) -> Measurement:
    engine = _world().engine()
    return measure(CATALOGUE["completion"], Settings(as_of=AS_OF, periods=periods), engine)


def _stretches(*asked: Measurement) -> list[str]:
    return [str(period) for one in segments(asked) for period in one.settings.periods]


def test_periods_that_overlap_leave_the_stretches_between_their_borders() -> None:
    """From January to March, and from January to April: those of March by themselves."""
    march, april = date(2021, 3, 1), date(2021, 4, 1)
    asked = _asked(Period(START, march), Period(START, april))
    assert _stretches(asked) == ["2021-03-01..2021-04-01"]


def test_years_that_stand_side_by_side_leave_nothing() -> None:
    """They were asked for as they are, and add up to what nobody needs to subtract."""
    new_year = date(2022, 1, 1)
    asked = _asked(Period(date(2020, 1, 1), START), Period(START, new_year))
    assert _stretches(asked) == ["2020-01-01..2022-01-01"]
    assert _stretches(_asked()) == []


def test_no_more_than_three_neighbours_are_taken_together() -> None:
    """Of five borders the whole is no stretch that is guarded, and each three of four parts are."""
    days = [date(2021, month, 1) for month in (1, 2, 3, 4, 5)]
    asked = _asked(*(Period(days[0], day) for day in days[1:4]), Period(days[3], days[4]))
    assert "2021-01-01..2021-05-01" not in _stretches(asked)
    assert "2021-02-01..2021-05-01" in _stretches(asked)


def test_what_lies_in_no_period_is_no_stretch() -> None:
    first, second = Period(START, date(2021, 3, 1)), Period(date(2021, 5, 1), date(2021, 7, 1))
    assert _stretches(_asked(first, second)) == []


def test_beside_all_time_the_time_before_and_after_is_a_stretch() -> None:
    """All less those of March: those before, and those after up to the day of the figures."""
    engine = _world().engine()
    whole = measure(CATALOGUE["completion"], Settings(as_of=AS_OF), engine)
    march = Period(date(2021, 3, 1), date(2021, 4, 1))
    part = measure(CATALOGUE["completion"], Settings(as_of=AS_OF, periods=(march,)), engine)
    assert _stretches(whole, part) == [
        "0001-01-01..2021-03-01",
        "0001-01-01..2021-04-01",
        "0001-01-01..2022-01-01",
        "2021-03-01..2022-01-01",
        "2021-04-01..2022-01-01",
    ]
