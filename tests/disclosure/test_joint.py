"""The audit over all releases: what it takes for known, and what it does when it cannot go on."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from osallisuus.disclosure import gate, joint
from osallisuus.disclosure.counts import Count
from osallisuus.disclosure.earlier import Earlier
from osallisuus.disclosure.profile import Profile
from tests.disclosure.test_sticky import AS_OF, LATER, World

TEN = Profile(name="test", threshold=10)


@pytest.mark.parametrize(
    ("told", "value", "erased", "known"),
    [
        ((18, 22), 20, False, (18, 22)),
        ((18, 22), 20, True, (18, 20)),  # up to two of them were erased since
        ((18, 22), 17, True, (17, 17)),
        ((18, 22), 23, True, (23, 23)),
        ((18, 22), 17, False, (17, 17)),  # the facts do not agree with what was published
    ],
)
def test_who_was_erased_is_known_to_the_reader(
    told: tuple[int, int], value: int, erased: bool, known: tuple[int, int]
) -> None:
    """The span is never wider than what was told, and always holds the count as it is now."""
    nothing: Any = None
    earlier = Earlier(line=nothing, asked=nothing, measurement=nothing, erased=erased)
    assert earlier.span(told, value) == known
    assert known[0] <= value <= known[1]


def _protected(counts: list[Count], **numbers: int) -> Any:
    by_atom = {int(name[1:]): n for name, n in numbers.items()}
    return joint._protected(counts, TEN, by_atom, joint.LIMIT)


def test_what_earlier_releases_gave_away_does_not_stop_later_ones() -> None:
    """Three of a group can be worked out already; another group can still be shown."""
    counts = [
        Count("all, then", {0, 1}, 30, released=True),
        Count("most, then", {0}, 27, released=True),
        Count("few, then", {1}, 3, sensitive=True),
        Count("others", {2}, 40, sensitive=False),
    ]
    found = _protected(counts, a0=27, a1=3, a2=40)
    assert found.hidden == {"few, then"}
    assert found.bounds["few, then"] == (3, 3)


def test_what_is_narrowed_already_is_not_narrowed_further() -> None:
    """Seven numbers are left of a secret: nothing may leave that would make them fewer."""
    counts = [
        Count("all, then", {0, 1}, 30, released=True, shown_as=(27, 33)),
        Count("most, then", {0}, 27, released=True),
        Count("few, then", {1}, 3, sensitive=True),
        Count("all, now", {0, 1, 2}, 70, sensitive=False),
        Count("others, now", {2}, 40, sensitive=False),
    ]
    assert _protected(counts, a0=27, a1=3, a2=40) is None


def test_without_an_audit_nothing_new_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was published is told again; what is new is answered with nothing."""
    world = World()
    world.episodes(60)
    assert [one.value for one in world.persons(by=["group.place"])] == [60]
    world.episodes(15, started=AS_OF)
    world.episodes(20, place="Espoo", started=AS_OF)
    world.episodes(4, place="Turku", started=AS_OF)
    monkeypatch.setattr(gate, "judged", partial(joint.judged, limit=1))
    released = world.register.release("people_and_episodes", by=["group.place"], as_of=LATER)
    assert not released.audited
    seen = {
        one.strata["group.place"]: one.value for one in released.results[0] if one.name == "persons"
    }
    assert seen == {"Espoo": None, "Oulu": 60, "Turku": None}


def test_the_certificate_tells_what_a_reader_of_all_releases_can_find() -> None:
    """Every hidden secret with its bounds, each at least ten numbers wide."""
    world = World()
    world.episodes(30)
    world.episodes(4, place="Espoo")
    world.episodes(16, place="Turku")
    world.person()
    world.persons(by=["group.place"])
    released = world.register.release("people_and_episodes", by=["group.place"], as_of=LATER)
    assert released.certificate.bounds
    for low, high in released.certificate.bounds.values():
        assert high is None or high - low + 1 >= 10
