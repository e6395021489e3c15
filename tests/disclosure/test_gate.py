"""What of a report may leave: the examples of the manual, one for each kind of figure."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from attrs import evolve

import osallisuus as osa
from osallisuus.disclosure.gate import Released, release
from osallisuus.disclosure.profile import INTERNAL, PUBLIC, Profile
from osallisuus.engines.sqlite import SQLiteEngine
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.compile import Settings
from osallisuus.metrics.engine import Query
from osallisuus.metrics.figure import Figure, Result
from osallisuus.metrics.measure import Measurement, measure
from osallisuus.model import facts as f
from osallisuus.model.batch import Batch
from osallisuus.model.store import Act
from osallisuus.stores.memory import MemoryStore
from osallisuus.time import Period

HELSINKI = ZoneInfo("Europe/Helsinki")
START = date(2021, 1, 4)
AS_OF = date(2022, 1, 1)
BY_PLACE = ("group.place",)
EXACT = Profile(name="public", threshold=5)
"""Small and exact, so that the examples can be: what the public profile adds is tested elsewhere."""


class Engine(SQLiteEngine):
    """An engine that remembers whether it was asked for single cases."""

    asked_for_cases = 0

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        """See :class:`SQLiteEngine`."""
        self.asked_for_cases += query.person_level
        return super().rows(query)


class World:
    """Facts that are made a group of people at a time."""

    def __init__(self) -> None:
        self.facts: list[f.Fact] = []
        self.count = 0

    def person(self) -> str:
        """A new person."""
        self.count += 1
        self.facts.append(f.Person(id=f"p{self.count:03}", registered_on=START))
        return f"p{self.count:03}"

    def place(self, name: str) -> str:
        """A group in a place."""
        if all(fact.id != name for fact in self.facts):
            self.facts.append(
                f.Group(
                    id=name,
                    program="wertzu",
                    program_version="1",
                    kind="closed",
                    place=name,
                    starts_on=START,
                )
            )
        return name

    def episodes(
        self,
        n: int,
        ending: str | None = None,
        *,
        place: str | None = None,
        people: Sequence[str] = (),
        days: int = 60,
    ) -> list[str]:
        """*n* episodes, of new people or of these; open ones without an ending."""
        who = list(people) or [self.person() for _ in range(n)]
        for person in who:
            self.count += 1
            self.facts.append(
                f.Enrollment(
                    id=f"e{self.count:03}",
                    person=person,
                    program="wertzu",
                    program_version="1",
                    group=None if place is None else self.place(place),
                    started_on=START,
                    ended_on=None if ending is None else START + timedelta(days),
                    ending=ending,
                )
            )
        return who

    def trait(self, people: Iterable[str], value: str) -> None:
        """Something stated of people."""
        for person in people:
            self.count += 1
            self.facts.append(
                f.Trait(id=f"t{self.count:03}", person=person, name="aim", value=value, since=START)
            )

    def encounters(self, peers: Sequence[str], theme: str, each: int) -> None:
        """So many encounters of each peer with a theme."""
        for peer in peers:
            for _ in range(each):
                self.count += 1
                name = f"n{self.count:03}"
                self.facts.append(f.Encounter(id=name, peer=peer, happened_on=START))
                self.facts.append(
                    f.EncounterTheme(id=f"h{self.count:03}", encounter=name, theme=theme)
                )

    def attendance(self, place: str, people: Sequence[str], present: int, of: int) -> None:
        """People who came so often to so many sessions of a place."""
        for number in range(of):
            session = f"s-{place}-{number}"
            if all(fact.id != session for fact in self.facts):
                at = datetime(2021, 1, 10, 12, tzinfo=HELSINKI) + timedelta(days=number)
                self.facts.append(
                    f.Session(
                        id=session,
                        group=place,
                        kind="meeting",
                        starts_at=at,
                        minutes=60,
                        status="held",
                    )
                )
            for person in people:
                self.count += 1
                status = "present" if number < present else "absent"
                self.facts.append(
                    f.Attendance(
                        id=f"a{self.count:03}", session=session, person=person, status=status
                    )
                )

    def engine(self) -> Engine:
        """An engine over the facts."""
        store = MemoryStore(lambda: datetime(2022, 1, 1, tzinfo=UTC))
        store.append(Batch.of(self.facts), Act("test", "test", "test"))
        engine = Engine.open(store)
        assert isinstance(engine, Engine)
        return engine

    def ask(self, *asked: str | tuple[str, tuple[str, ...]]) -> list[Measurement]:
        """Measurements by name, or by name and strata."""
        engine = self.engine()
        pairs = [(one, ()) if isinstance(one, str) else one for one in asked]
        return [
            measure(CATALOGUE[name], Settings(as_of=AS_OF, by=by), engine) for name, by in pairs
        ]

    def release(self, *asked: str | tuple[str, tuple[str, ...]]) -> Released:
        """What may leave to everybody."""
        return release(self.ask(*asked), EXACT)


def _one(result: Result, name: str, place: str | None = None) -> Figure:
    (figure,) = [
        figure
        for figure in result
        if figure.name == name and place in (None, figure.strata.get("group.place"))
    ]
    return figure


def _shown(result: Result) -> list[bool]:
    return [figure.status == "shown" for figure in result]


def test_a_count_of_four_is_hidden_and_one_of_five_is_shown():
    for n, shown in ((4, False), (5, True)):
        world = World()
        world.episodes(n, "completed")
        (result,) = world.release("people_and_episodes").results
        assert _shown(result) == [shown, shown]


def test_nineteen_of_twenty_would_name_the_one_who_did_not():
    world = World()
    world.episodes(19, "completed")
    world.episodes(1, "left")
    (result,) = world.release("completion").results
    assert _one(result, "completed").status == "suppressed"


def test_fifteen_of_twenty_is_shown_with_all_that_belongs_to_it():
    world = World()
    world.episodes(15, "completed")
    world.episodes(5, "left")
    figure = _one(world.release("completion").results[0], "completed")
    assert (figure.k, figure.n, figure.value) == (15, 20, 0.75)
    assert figure.low is not None


def test_all_of_them_and_none_of_them_say_it_of_each():
    for ending in ("completed", "left"):
        world = World()
        world.episodes(12, ending)
        released = world.release("completion", "people_and_episodes", "leaving", "retention")
        completion, people, leaving, _ = released.results
        assert _one(completion, "completed").status == "suppressed"
        assert not any(_shown(leaving))
        # that there were twelve is no secret
        assert _one(people, "persons").value == 12


def test_all_of_one_place_cannot_be_had_by_subtraction():
    """Ten of ten completed in Oulu; the total and Espoo would give them away together."""
    world = World()
    world.episodes(10, "completed", place="Oulu")
    world.episodes(10, "completed", place="Espoo")
    world.episodes(10, "left", place="Espoo")
    total, places = world.release("completion", ("completion", BY_PLACE)).results
    assert _one(places, "completed", "Oulu").status == "suppressed"
    shown = [_one(total, "completed"), _one(places, "completed", "Espoo")]
    assert any(figure.status == "suppressed" for figure in shown)


def test_a_mean_that_two_people_dominate_is_hidden_but_not_how_many_they_are():
    world = World()
    few = world.episodes(2, "completed", place="Oulu", days=200)
    many = world.episodes(10, "completed", place="Oulu", days=200)
    world.attendance("Oulu", few, present=30, of=30)
    world.attendance("Oulu", many, present=0, of=30)
    attendance, people = world.release("attendance", "people_and_episodes").results
    assert _one(attendance, "attendance").status == "suppressed"
    assert _one(people, "persons").value == 12


def test_the_sessions_of_a_small_place_cannot_be_had_by_subtraction():
    """Three people in Oulu, who are all in Espoo too: sums add up where persons do not."""
    world = World()
    both = world.episodes(3, "completed", place="Oulu", days=200)
    world.episodes(3, "completed", place="Espoo", people=both, days=200)
    others = world.episodes(20, "completed", place="Espoo", days=200)
    world.attendance("Oulu", both, present=1, of=3)
    world.attendance("Espoo", [*both, *others], present=2, of=3)
    total, places = world.release("attendance", ("attendance", BY_PLACE)).results
    assert _one(places, "attendance", "Oulu").status == "suppressed"
    others_shown = [_one(total, "attendance"), _one(places, "attendance", "Espoo")]
    assert any(figure.status == "suppressed" for figure in others_shown)


def test_a_curve_steps_by_five_or_more():
    world = World()
    for day in range(10, 40):
        world.episodes(1, "completed", days=day)
    (result,) = world.release("retention").results
    followed = [figure.at_risk for figure in result if figure.at is not None]
    assert len(followed) >= 5
    assert all(a - b >= 5 for a, b in pairwise(followed) if a != b)


def test_rare_endings_are_drawn_as_one():
    world = World()
    world.episodes(10, "completed")
    world.episodes(3, "moved_on")
    world.episodes(3, "died")
    (result,) = world.release("leaving").results
    assert {figure.name for figure in result} == {"completed", "other_endings"}


def test_endings_that_are_drawn_as_one_hold_nobody_who_ended_otherwise():
    """20 completed and 8 ended in two rarer ways: the shares of both lines make up the whole."""
    world = World()
    world.episodes(20, "completed")
    world.episodes(4, "moved_on")
    world.episodes(4, "died")
    (result,) = world.release("leaving").results
    ends = {figure.name: figure.value for figure in result if figure.at is not None}
    assert ends["completed"] > ends["other_endings"] > 0
    assert abs(sum(ends.values()) - 1) < 0.02


def _half_of_forty(still_open: int) -> Figure:
    """20 of 40 completed, as the public sees it; those who are not still open have left."""
    world = World()
    world.episodes(20, "completed", days=100)
    world.episodes(20 - still_open, "left", days=50)
    world.episodes(still_open)
    return _one(release(world.ask("completion"), PUBLIC).results[0], "completed")


def test_nobody_and_a_few_who_are_still_open_look_alike():
    """They have not completed, so that the share can rise, as the note says."""
    nobody = _half_of_forty(0)
    assert str(nobody) == "completion, completed: 50% (35–65%), 20 of 40"
    assert (nobody.method, nobody.notes) == ("wilson", ("few_open",))
    assert all(_half_of_forty(n).to_dict() == nobody.to_dict() for n in (1, 5, 9))


def test_many_who_are_still_open_are_told():
    """10 left by day 50, and 20 of the 30 who were there then had completed by day 100."""
    figure = _half_of_forty(10)
    assert (figure.method, figure.censored) == ("aalen_johansen", 0.25)
    assert "still_open" in figure.notes
    assert figure.value == 0.5


def test_a_few_who_are_still_open_in_a_small_place_would_change_too_much():
    """12 completed and 12 left, all of whom is known; with a few more their share is not."""
    for still_open, shown in ((0, True), (1, False), (9, False), (12, True)):
        world = World()
        world.episodes(12, "completed", days=100)
        world.episodes(12, "left", days=50)
        world.episodes(still_open)
        figure = _one(release(world.ask("completion"), PUBLIC).results[0], "completed")
        assert (figure.status == "shown") is shown, still_open


def test_a_person_who_came_back_is_no_count_of_her_own():
    """21 episodes of 20 people would say that one came back; 26 may be said."""
    for again, shown in ((1, False), (6, True)):
        world = World()
        people = world.episodes(20, "completed")
        world.episodes(again, "left", people=people[:again])
        (result,) = world.release("people_and_episodes").results
        assert _one(result, "persons").status == ("shown" if shown else "suppressed")
        assert _one(result, "episodes").value == 20 + again
        assert _one(result, "episodes").persons is None


def test_many_episodes_of_few_people_are_few_people():
    """Three people with four episodes each are three people, in every figure."""
    world = World()
    people = world.episodes(3, "completed")
    for ending in ("completed", "left", "left"):
        world.episodes(3, ending, people=people)
    for name in ("completion", "people_and_episodes", "retention", "recruitment_funnel"):
        (result,) = world.release(name).results
        assert not any(_shown(result)), name


def test_a_hidden_place_hides_another_when_the_total_gives_it_back():
    world = World()
    world.episodes(3, "completed", place="Oulu")
    world.episodes(10, "completed", place="Espoo")
    world.episodes(12, "completed", place="Turku")
    asked = ("people_and_episodes", ("people_and_episodes", BY_PLACE))
    total, places = world.release(*asked).results
    assert _one(places, "persons", "Oulu").status == "suppressed"
    beside = [_one(places, "persons", name) for name in ("Espoo", "Turku")]
    assert any(figure.status == "suppressed" for figure in (*beside, *total))
    # alone they are shown no better: the total can be asked for next
    (alone,) = world.release(asked[1]).results
    assert [one.status for one in alone] == [one.status for one in places]


def test_the_difference_of_two_metrics_is_a_count_too():
    """15 completed of 20 who started, and 22 who were offered: two never started."""
    world = World()
    world.episodes(15, "completed")
    world.episodes(5, "left")
    for _ in range(2):
        person = world.person()
        world.facts.append(
            f.Enrollment(
                id=f"offered-{person}",
                person=person,
                program="wertzu",
                program_version="1",
                offered_on=START,
                ended_on=START,
                ending="declined",
            )
        )
    funnel, people = world.release("recruitment_funnel", "people_and_episodes").results
    reached = [figure for figure in funnel if figure.name == "offered"]
    assert {figure.status for figure in (*reached, _one(people, "episodes"))} != {"shown"}


def test_encounters_are_protected_by_the_peer_as_well():
    """Forty encounters of one peer are her diary; forty of eight peers are not."""
    for peers, shown in ((1, False), (8, True)):
        world = World()
        everybody = world.episodes(8, "completed")
        world.encounters(everybody, "housing", each=10)
        world.encounters(everybody[:peers], "violence", each=40 // peers)
        (result,) = world.release("encounter_themes").results
        assert (_one(result, "violence").status == "shown") is shown


def test_a_rare_trait_is_not_even_listed():
    """That anybody stated it would be told by its name alone; a place's name tells nothing."""
    world = World()
    world.trait(world.episodes(12, "completed", place="Espoo"), "work")
    world.trait(world.episodes(12, "completed", place="Turku"), "study")
    world.trait(world.episodes(3, "completed", place="Oulu"), "rare")
    traits, places = world.release(
        ("people_and_episodes", ("person.aim",)), ("people_and_episodes", BY_PLACE)
    ).results
    assert {figure.strata["person.aim"] for figure in traits} == {"work", "study"}
    assert {figure.strata["group.place"] for figure in places} == {"Espoo", "Turku", "Oulu"}


def test_a_median_that_is_not_reached_says_not_how_many_there_are():
    world = World()
    world.episodes(3, place="Oulu")
    world.episodes(20, "completed", place="Espoo")
    (result,) = world.release(("retention", BY_PLACE)).results
    assert all(
        figure.n is None and figure.status == "suppressed"
        for figure in result
        if figure.strata["group.place"] == "Oulu"
    )


def test_where_nothing_is_small_nothing_is_hidden_and_no_case_is_read():
    world = World()
    for place, size in (("Oulu", 10), ("Espoo", 20)):
        world.episodes(size, "completed", place=place)
        world.episodes(size + 20, "left", place=place)
    measurements = world.ask(
        "people_and_episodes", "completion", ("completion", BY_PLACE), "leaving"
    )
    released = release(measurements, EXACT)
    assert released.hidden == 0
    assert released.certificate.bounds == {}
    engine = measurements[0].engine
    assert isinstance(engine, Engine)
    assert engine.asked_for_cases == 0


def test_the_order_of_the_questions_changes_no_figure():
    world = World()
    for place, size in (("Oulu", 3), ("Espoo", 9), ("Turku", 14)):
        world.episodes(size, "completed", place=place)
        world.episodes(size + 2, "left", place=place)
    asked: list[Any] = ["people_and_episodes", ("people_and_episodes", BY_PLACE)]
    asked += ["completion", ("completion", BY_PLACE), "leaving"]
    forth = world.release(*asked).results
    back = world.release(*reversed(asked)).results
    assert [r.figures for r in forth] == [r.figures for r in reversed(back)]


def test_the_seed_of_hashes_changes_no_byte():
    code = (
        "import sys, osallisuus as osa\n"
        "from osallisuus.ingest.folder import read_folder\n"
        "from pathlib import Path\n"
        "with osa.open('memory:', actor='t', purpose='t') as register:\n"
        "    register.add(read_folder(Path(sys.argv[1])))\n"
        "    report = register.report('evaluation', program='wertzu', by=['group.place'])\n"
        "    sys.stdout.buffer.write(report.release('public').render('json'))\n"
    )
    folder = str(Path(__file__).parents[2] / "examples" / "wertzu")
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, folder],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert len(outputs.pop()) > 1000


def test_the_internal_profile_is_exact_hides_small_counts_and_says_so():
    """Staff see 14 of 20 as it is, and one of one no more than others do."""
    world = World()
    world.episodes(14, "completed")
    world.episodes(6, "left")
    (result,) = release(world.ask("completion"), INTERNAL).results
    assert result.internal
    assert (_one(result, "completed").k, _one(result, "completed").n) == (14, 20)
    alone = World()
    alone.episodes(1, "completed")
    assert not any(_shown(release(alone.ask("completion"), INTERNAL).results[0]))
    with osa.open("memory:", actor="test", purpose="test") as register:
        register.add(world.facts)
        text = register.report("evaluation", program="wertzu").release("internal").render("text")
        assert list(register.releases()) == []
    assert b"INTERNAL" in text


def test_a_count_of_nobody_looks_like_one_of_few():
    """Unless the profile says that zeros are no secret; then only the few are hidden."""
    world = World()
    world.episodes(12, "completed", place="Espoo")
    world.place("Oulu")
    periods = (Period(START, AS_OF), Period(AS_OF, AS_OF + timedelta(365)))
    settings = Settings(as_of=AS_OF, periods=periods)
    measurement = measure(
        CATALOGUE["people_and_episodes"], settings, world.ask("completion")[0].engine
    )
    for profile, shown in ((EXACT, False), (evolve(EXACT, zeros="structural"), True)):
        (result,) = release([measurement], profile).results
        first, later = (
            [one.status == "shown" for one in result if one.period == p] for p in periods
        )
        assert all(first)
        assert set(later) == {shown}


def test_how_many_figures_are_hidden_is_told() -> None:
    """Without those that are not even listed: their number would tell that there is a rare aim."""
    world = World()
    people = world.episodes(20, "completed", place="Oulu")
    world.episodes(4, "completed", place="Espoo")
    world.trait(people[:4], "rare")
    world.trait(people[4:], "common")
    released = world.release(("people_and_episodes", BY_PLACE))
    (result,) = released.results
    assert released.hidden == _shown(result).count(False) > 0
    (by_aim,) = world.release(("people_and_episodes", ("person.aim",))).results
    listed = {figure.strata["person.aim"] for figure in by_aim}
    assert "rare" not in listed
    hidden = world.release(("people_and_episodes", ("person.aim",))).hidden
    assert hidden == _shown(by_aim).count(False)


def test_that_nothing_is_recorded_of_a_place_is_said_to_staff_only() -> None:
    """To everybody else it would tell that there is nobody."""
    world = World()
    world.episodes(20, "completed", place="Oulu")
    world.episodes(21, place="Espoo")
    asked = world.ask(("recruitment_funnel", BY_PLACE))
    for profile, status in ((INTERNAL, "undefined"), (EXACT, "suppressed")):
        (result,) = release(asked, profile).results
        assert [one.status for one in result if one.name == "reached"] == [status] * 2
