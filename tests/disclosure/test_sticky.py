"""Releases one after the other: what was published stays until enough people have moved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from attrs import evolve

import osallisuus as osa
from osallisuus.disclosure import sticky
from osallisuus.disclosure.ledger import Told
from osallisuus.disclosure.profile import Profile
from osallisuus.ingest.folder import read_folder
from osallisuus.metrics.figure import Figure
from osallisuus.metrics.measure import Place
from osallisuus.metrics.metric import Draw, Tally
from osallisuus.model import facts as f
from osallisuus.time import Period
from tests.disclosure.timeline import Programme

EXAMPLES = Path(__file__).parents[2] / "examples"
START = date(2021, 1, 4)
AS_OF = date(2022, 1, 1)
LATER = date(2022, 7, 1)
EXACT = Profile(name="public", threshold=10)


class World:
    """A register to which people are added a group at a time."""

    def __init__(self, place: str = "memory:") -> None:
        self.register = osa.open(place, actor="test", purpose="test")
        self.count = 0

    def episodes(
        self,
        n: int,
        ending: str | None = "completed",
        *,
        place: str = "Oulu",
        program: str = "wertzu",
        started: date = START,
        aim: str | None = None,
    ) -> list[f.Enrollment]:
        """*n* people with one episode each."""
        group = f.Group(
            id=f"{program}-{place}", program=program, program_version="1", kind="closed",
            place=place, starts_on=START,
        )  # fmt: skip
        facts: list[f.Fact] = [group]
        made = []
        for number in range(self.count, self.count + n):
            who = f"p{number:03}"
            made.append(
                f.Enrollment(
                    id=f"e{number:03}",
                    person=who,
                    program=program,
                    program_version="1",
                    group=group.id,
                    started_on=started,
                    ended_on=None if ending is None else started + timedelta(60),
                    ending=ending,
                )
            )
            facts += [f.Person(id=who, registered_on=started), made[-1]]
            if aim is not None:
                facts.append(
                    f.Trait(id=f"t{number:03}", person=who, name="aim", value=aim, since=started)
                )
        self.count += n
        self.register.add(facts)
        return made

    def change(self, episodes: Iterable[f.Enrollment], **values: Any) -> None:
        """Correct these episodes."""
        self.register.add([evolve(one, **values) for one in episodes])

    def persons(
        self, *, as_of: date = AS_OF, profile: str | Profile = "public", **settings: Any
    ) -> list[Figure]:
        """How many people took part, as released."""
        released = self.register.release(
            "people_and_episodes", as_of=as_of, profile=profile, **settings
        )
        return [figure for figure in released.results[0] if figure.name == "persons"]

    def person(self, **settings: Any) -> Figure:
        """The same where it is one figure."""
        (figure,) = self.persons(**settings)
        return figure


def _seen(figure: Figure) -> Any:
    return figure.value if figure.status == "shown" else None


@pytest.mark.parametrize(("joined", "seen"), [(0, 20), (1, 20), (9, 20), (10, 30), (25, 45)])
def test_a_count_is_replaced_only_when_ten_have_moved(joined: int, seen: int) -> None:
    """Else it stays with the day that it is of, whether nobody has moved or a few."""
    world = World()
    world.episodes(20)
    assert _seen(world.person()) == 20
    world.episodes(joined, started=AS_OF)
    figure = world.person(as_of=LATER)
    assert _seen(figure) == seen
    stays = joined < 10
    assert ("as_published" in figure.notes) is stays
    assert figure.provenance.as_of == (AS_OF if stays else LATER)


def test_people_who_leave_a_count_by_a_correction_move_it_as_those_who_join() -> None:
    """Nine corrected away: the count stays; ten: it is replaced, though only ten are left."""
    for corrected, seen in ((9, 20), (10, 10)):
        world = World()
        episodes = world.episodes(20)
        assert _seen(world.person()) == 20
        world.change(episodes[:corrected], started_on=None, ended_on=None, ending=None)
        assert _seen(world.person()) == seen


def test_many_small_steps_add_up_until_one_of_them_is_large_enough() -> None:
    """Four a month: the third month is the first that differs by ten from what is out."""
    world = World()
    world.episodes(20)
    seen = [_seen(world.person())]
    for month in range(2, 6):
        world.episodes(4, started=date(2022, month, 1))
        seen.append(_seen(world.person(as_of=date(2022, month, 28))))
    assert seen == [20, 20, 20, 30, 30]


def test_a_correction_of_the_same_day_changes_no_byte_until_ten_have_moved() -> None:
    """The day is the same, so there is nothing to say beside the figure."""
    world = World()
    world.episodes(20)
    before = world.person()
    world.episodes(3)
    assert world.person() == before


@pytest.mark.parametrize(
    ("completed", "left", "seen"),
    [
        (3, 11, (20, 35)),  # few of them completed
        (12, 3, (20, 35)),  # few of them did not
        (0, 15, (20, 35)),  # none of them completed, which says it of each
        (15, 0, (20, 35)),
        (12, 13, (30, 60)),
    ],
)
def test_a_share_stays_unless_many_moved_on_both_sides(
    completed: int, left: int, seen: tuple[int, int]
) -> None:
    """Twenty completed of 35; then others come. Whoever subtracts must not find few, or all."""
    world = World()
    world.episodes(20)
    world.episodes(15, "left")

    def share(as_of: date) -> Any:
        released = world.register.release("completion", as_of=as_of, program="wertzu")
        (figure,) = [one for one in released.results[0] if one.provenance.metric == "completion"]
        return figure.k, figure.n

    assert share(AS_OF) == (20, 35)
    world.episodes(completed, started=AS_OF)
    world.episodes(left, "left", started=AS_OF)
    assert share(LATER) == seen


def test_what_stays_cannot_be_worked_out_from_what_is_replaced() -> None:
    """Espoo grew by three and stays; so all and Oulu, which grew by twelve, cannot both be new."""
    world = World()
    world.episodes(20)
    world.episodes(25, place="Espoo")
    world.persons(by=["group.place"], profile=EXACT)
    assert _seen(world.person(profile=EXACT)) == 45
    world.episodes(12, started=AS_OF)
    world.episodes(3, place="Espoo", started=AS_OF)
    espoo, oulu = map(_seen, world.persons(by=["group.place"], profile=EXACT, as_of=LATER))
    assert espoo == 25
    assert (oulu, _seen(world.person(profile=EXACT, as_of=LATER))) in [(32, 45), (20, 60)]


def test_figures_of_nobody_are_replaced_at_once() -> None:
    """The organisation's own books tell of no person; a new amount is a new figure."""
    world = World()
    world.episodes(20)
    seen = []
    for minutes in (600, 660):
        world.register.add(
            [f.Cost(id=f"c{minutes}", program="wertzu", happened_on=START, head="work",
                    minutes=minutes, worker_kind="peer")]
        )  # fmt: skip
        result = world.register.release("staff_hours", as_of=AS_OF, program="wertzu").results[0]
        seen.append([_seen(figure) for figure in result])
    assert seen[0] != seen[1]


def test_what_was_published_outlives_an_erasure() -> None:
    """Somebody is taken out of the store: the published figure stands as it was."""
    programme = Programme(1)
    programme.add(
        fact
        for n in range(24)
        for fact in (
            f.Person(id=f"x{n}", registered_on=START),
            f.Enrollment(id=f"y{n}", person=f"x{n}", program="wertzu", program_version="1",
                         group="g0", started_on=START),
        )
    )  # fmt: skip
    before = programme.register.release("people_and_episodes", as_of=AS_OF)
    for _ in range(4):
        programme.erase()
    assert programme.register.release("people_and_episodes", as_of=AS_OF).results == before.results
    (line,) = programme.register.releases()
    assert line.people == 24


# Free filters --------------------------------------------------------------------------------


def test_a_part_that_lacks_few_of_a_published_whole_is_not_shown() -> None:
    """38 of the 41 who were published have one aim: three have another one, or none."""
    world = World()
    world.episodes(38, aim="work")
    world.episodes(3, aim="study")
    assert _seen(world.person()) == 40
    assert not any(map(_seen, world.persons(by=["person.aim"])))


def test_a_period_that_lacks_few_of_a_published_one_is_not_shown() -> None:
    """The year less its last days would tell who began in them; a half-year tells nothing."""
    world = World()
    world.episodes(25)
    world.episodes(15, started=date(2021, 7, 1))
    world.episodes(3, started=date(2021, 12, 20))
    year, less, half = (
        Period(START, date(2022, 1, 1)),
        Period(START, date(2021, 12, 20)),
        Period(START, date(2021, 6, 1)),
    )
    assert _seen(world.person(periods=[year])) == 45
    assert _seen(world.person(periods=[less])) is None
    assert _seen(world.person(periods=[half])) == 25


def test_a_programme_that_lacks_few_of_all_programmes_is_not_shown() -> None:
    """All programmes together were published; all but three people are in one of them."""
    world = World()
    world.episodes(30)
    world.episodes(3, program="verna", place="Espoo")
    assert _seen(world.person()) == 35
    assert _seen(world.person(program="wertzu")) is None


def test_an_earlier_day_that_lacks_few_is_answered_with_what_is_out() -> None:
    """A week earlier there were three less: whoever asks is told the published number."""
    world = World()
    world.episodes(22)
    world.episodes(3, started=date(2021, 12, 28))
    assert _seen(world.person(as_of=AS_OF)) == 25
    earlier = world.person(as_of=date(2021, 12, 28))
    assert (_seen(earlier), earlier.provenance.as_of) == (25, AS_OF)


def test_an_exact_profile_is_held_to_the_same() -> None:
    """A profile made in code, without rounding, is audited with what is out already."""
    world = World()
    world.episodes(38, aim="work")
    world.episodes(13, aim="study")
    assert _seen(world.person(profile=EXACT)) == 51
    assert [_seen(one) for one in world.persons(profile=EXACT, by=["person.aim"])] == [13, 38]
    world.episodes(2, aim="work", started=AS_OF)
    assert [_seen(one) for one in world.persons(profile=EXACT, by=["person.aim"], as_of=LATER)] == [
        13,
        38,
    ]


@pytest.mark.parametrize(
    ("moves", "replaced"),
    [
        ([], True),  # nothing is behind it
        ([(0, 0, False)], False),
        ([(9, 0, False)], False),
        ([(10, 0, False)], True),
        ([(0, 10, False)], True),
        ([(1, 12, False)], False),
        ([(12, 1, False)], False),
        ([(10, 9, False)], False),
        ([(10, 0, True)], False),  # all who came are in the part
        ([(0, 10, True)], False),  # and none of them
        ([(10, 10, True)], True),
        ([(12, 0, False), (0, 0, True)], True),
        ([(12, 0, False), (1, 0, False)], False),
        ([(12, 12, True), (10, 0, True)], False),
    ],
)
def test_what_is_behind_a_figure_moves_by_nobody_or_by_many(
    moves: list[tuple[int, int, bool]], replaced: bool
) -> None:
    """Each count and the rest of its whole; together, where they tell something of each."""
    found: dict[Any, Any] = {(at,): sticky._Move(*move) for at, move in enumerate(moves)}
    assert sticky._may_replace(found, 10) is replaced


def test_of_a_figure_that_stays_a_reader_infers_that_it_has_not_moved_by_much() -> None:
    """Told as 5..7, with a threshold of ten: at most 16 now, and perhaps nobody."""
    place = Place(("Oulu",))
    unit = (0, place, "left")
    told = tuple(
        Told(place=at, label=(name,), span=span)
        for at, name, span in (
            (place, "few", (5, 7)),
            (place, "many", (38, 42)),
            (place, "fewer", (38, 42)),
            (place, "moved", (38, 42)),
            (place, "hidden", None),
            (Place(("Espoo",)), "elsewhere", (38, 42)),
        )
    )
    earlier: Any = SimpleNamespace(asked=SimpleNamespace(told=told))
    numbers = {"few": 6, "many": 51, "fewer": 29, "moved": 52, "hidden": 40, "elsewhere": 40}
    tallies = tuple(Tally((name,), n) for name, n in numbers.items())
    units = {unit: [Draw(name="left", measure="count", tallies=tallies)]}
    stood = {unit: sticky.Standing(earlier, place, ())}
    assert sticky.guesses([unit], stood, units, 10) == {
        (0, place, ("few",)): (0, 16),
        (0, place, ("many",)): (29, 51),
        (0, place, ("fewer",)): (29, 51),
    }


def _newcomers(name: str, n: int, group: str, started: date, days: int) -> list[f.Fact]:
    """People who started one day, completed, and of whom nothing else is recorded."""
    found: list[f.Fact] = []
    for number in range(n):
        who = f"{name}-{number}"
        found.append(f.Person(id=who, registered_on=started))
        found.append(
            f.Enrollment(
                id=f"{who}-e", person=who, program="wertzu", program_version="1", group=group,
                started_on=started, ended_on=started + timedelta(days), ending="completed",
            )
        )  # fmt: skip
    return found


def test_a_published_curve_does_not_go_and_come_back() -> None:
    """Three people more would leave nothing to be drawn of the roles: what was drawn stays."""
    register = osa.open("memory:", actor="test", purpose="test")
    register.add(read_folder(EXAMPLES / "wertzu"))
    group = next(one.id for one in register.facts(osa.Group))

    def shown() -> list[tuple[Any, ...]]:
        released = register.report("evaluation", program="wertzu").release().released
        (roles,) = [one for one in released.results if one.provenance.metric == "role_occupancy"]
        return [(one.name, one.at, one.value) for one in roles if one.status == "shown"]

    first = shown()
    assert ("peer_facilitator", 113, 0.5) in first
    register.add(_newcomers("few", 3, group, date(2018, 9, 3), 49))
    assert shown() == first


def test_the_steps_of_a_funnel_are_of_one_day() -> None:
    """25 who started and of whom no earlier step is known: not 70 who started of 60 informed."""
    register = osa.open("memory:", actor="test", purpose="test")
    register.add(read_folder(EXAMPLES / "wertzu"))
    group = next(one.id for one in register.facts(osa.Group))
    for newcomers in ([], _newcomers("few", 3, group, date(2018, 9, 3), 49),
                      _newcomers("more", 25, group, date(2019, 1, 7), 49)):  # fmt: skip
        register.add(newcomers)
        released = register.report("evaluation", program="wertzu").release().released
        (funnel,) = [
            one for one in released.results if one.provenance.metric == "recruitment_funnel"
        ]
        days = {"as_published" in one.notes for one in funnel if one.status == "shown"}
        assert len(days) == 1


def test_another_level_of_the_interval_is_no_other_figure() -> None:
    """The same counts may be shown with another interval; moved ones are not let out by it."""
    world = World()
    world.episodes(30)
    world.episodes(20, ending="left")

    def completed(level: float, as_of: date) -> Figure:
        released = world.register.release("completion", as_of=as_of, confidence=level)
        (figure,) = released.results[0]
        return figure

    wide, narrow = completed(0.95, AS_OF), completed(0.8, AS_OF)
    assert narrow.low > wide.low
    assert "as_published" not in narrow.notes
    world.episodes(3)
    for level in (0.95, 0.8, 0.9):
        later = completed(level, AS_OF + timedelta(1))
        assert later.n == wide.n
        assert "as_published" in later.notes
