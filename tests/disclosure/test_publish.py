"""Which earlier releases take part in a new one, and as what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from osallisuus.disclosure import publish
from osallisuus.disclosure.earlier import Earlier
from osallisuus.disclosure.profile import Profile
from osallisuus.metrics.measure import Measurement
from tests.disclosure.test_sticky import AS_OF, LATER, World


@pytest.fixture
def taking_part(monkeypatch: pytest.MonkeyPatch) -> list[list[Earlier]]:
    """The earlier questions that were before the eyes of each release, in turn."""
    seen: list[list[Earlier]] = []
    real = publish.release

    def watched(
        measurements: Sequence[Measurement], profile: Profile, earlier: Sequence[Earlier] = ()
    ) -> Any:
        seen.append(list(earlier))
        return real(measurements, profile, earlier)

    monkeypatch.setattr(publish, "release", watched)
    return seen


def _programmes(earlier: Sequence[Earlier]) -> set[str | None]:
    return {one.asked.settings.program for one in earlier}


def test_releases_of_the_same_programme_and_of_all_programmes_take_part(
    taking_part: list[list[Earlier]],
) -> None:
    """Those of another programme do not; whoever asks of all programmes meets them all."""
    world = World()
    world.episodes(30)
    world.episodes(25, program="verna", place="Espoo")
    for program in ("wertzu", "verna", None):
        world.register.release("people_and_episodes", program=program, as_of=AS_OF)
    for program in ("wertzu", "verna", None):
        world.register.release("completion", program=program, as_of=LATER)
    assert [_programmes(earlier) for earlier in taking_part[3:]] == [
        {"wertzu", None},
        {"verna", None},
        {"wertzu", "verna", None},
    ]


def test_few_who_are_in_another_programme_only_are_not_shown() -> None:
    """One programme was published; all but three of the people of all programmes are in it."""
    world = World()
    world.episodes(30)
    world.episodes(3, program="verna", place="Espoo")
    assert world.person(program="wertzu").value == 30
    assert world.person().status == "suppressed"


def test_a_release_that_only_repeated_takes_no_part(taking_part: list[list[Earlier]]) -> None:
    """What it told was told before, by the release that it repeats."""
    world = World()
    world.episodes(30)
    world.person()
    world.episodes(3, started=AS_OF)
    assert "as_published" in world.person(as_of=LATER).notes
    world.register.release("completion", as_of=LATER)
    assert [one.line.number for one in taking_part[-1]] == [1]
    assert len(list(world.register.releases())) == 3


def test_it_is_known_whether_somebody_was_erased_since(taking_part: list[list[Earlier]]) -> None:
    """A reader knows how they were counted then; new people are no reason to think so."""
    world = World()
    world.episodes(30)
    world.person()
    world.register.release("completion", as_of=AS_OF)
    assert world.register.erase("p000").found
    world.episodes(15, started=AS_OF)
    world.register.release("completion", as_of=LATER)
    assert [[one.erased for one in earlier] for earlier in taking_part] == [
        [],
        [False],
        [True],
    ]
