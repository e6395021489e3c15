"""Releases one after the other: what was published stays until enough people have moved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve

import osallisuus as osa
from osallisuus.disclosure import footing, joint, publish
from osallisuus.disclosure.profile import Profile
from osallisuus.metrics.figure import Figure
from osallisuus.model import facts as f
from osallisuus.time import Period
from tests.disclosure.timeline import Programme, give_away

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


# Twelve releases -----------------------------------------------------------------------------


def _year(seed: int, *, people: int, profile: str | Profile = "public") -> list[Any]:
    programme = Programme(seed, people=people)
    published = []
    for month in range(12):
        programme.month(month)
        if month == 5:
            programme.move_border()
        if month in (4, 8):
            programme.erase()
        released = programme.release(month, profile=profile)
        published += programme.published(month, released)
    return published


@pytest.mark.parametrize("seed", range(4))
def test_twelve_releases_never_differ_by_few(seed: int) -> None:
    """With newcomers, endings, corrections, a moved border and two erasures (test plan F3)."""
    published = _year(seed, people=60)
    assert len(published) > 2
    assert give_away(published, 10) == []


def test_twelve_exact_releases_never_differ_by_few() -> None:
    """Nothing is left to rounding: the smaller threshold shows more, and again no small step."""
    published = _year(5, people=60, profile=Profile(name="public", threshold=5))
    assert len(published) > 10
    assert give_away(published, 5) == []


def test_twelve_releases_are_as_safe_with_an_audit_over_some_atoms(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As in large programmes, where there are too many kinds of people for one audit."""
    monkeypatch.setattr(joint, "MOST_ATOMS", 8)
    monkeypatch.setattr(footing, "MOST_ATOMS", 8)
    assert give_away(_year(2, people=90, profile=Profile(name="public", threshold=5)), 5) == []


def test_releases_that_do_not_know_of_each_other_are_broken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The checker bites: protected one by one, the same year gives people away."""
    monkeypatch.setattr(publish, "entries_of", lambda store: iter(()))
    monkeypatch.setattr(publish.Press, "_remembered", _forgetful)
    assert give_away(_year(5, people=60, profile=Profile(name="public", threshold=5)), 5)


def _forgetful(press: Any, ask: Any, profile: Profile, leaving: int | None) -> Any:
    with press.engine_at(press.tx) as engine:
        return publish.release(ask(engine), profile)
