"""The audit over all releases: what it takes for known, and what it does when it cannot go on."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from osallisuus.disclosure import gate, joint
from osallisuus.disclosure.counts import Count
from osallisuus.disclosure.earlier import ONLY_IN, Earlier
from osallisuus.disclosure.profile import Profile
from osallisuus.disclosure.tallies import REST
from osallisuus.metrics.measure import Place
from osallisuus.metrics.metric import Tally
from osallisuus.reports.build import result_document
from osallisuus.reports.document import Note
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


def _protected(counts: list[Count], new: str = "", **numbers: int) -> Any:
    by_atom = {int(name[1:]): n for name, n in numbers.items()}
    return joint._protected(counts, TEN, by_atom, joint.LIMIT, new=lambda key: key == new)


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
    # but a secret that is new with this release is not let go
    assert _protected(counts, new="few, then", a0=27, a1=3, a2=40) is None


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


@pytest.mark.parametrize("label", [("started",), ("completed", 30), ("left", "moved_on", 30)])
def test_the_rest_belongs_to_the_count_that_it_is_the_rest_of(label: Any) -> None:
    """However many words its label has; a count belongs to itself."""
    place = Place(("Oulu",))
    assert joint._tally_of((2, place, label)) == (2, place, label)
    assert joint._tally_of((2, place, (*label, REST))) == (2, place, label)


def test_where_nothing_is_small_nothing_is_left_unaudited() -> None:
    """No case needs to be read to know it."""
    world = World()
    world.episodes(30)
    released = world.register.release("people_and_episodes", as_of=AS_OF)
    assert released.audited
    assert released.certificate.audited


def test_earlier_counts_are_numbered_by_those_who_were_in_them() -> None:
    """Each person as often as they were counted; nobody makes 0."""
    at = [(1, Place(), (name,)) for name in ("persons", "visits", "none")]
    tallies = {key: Tally(key[2], 99) for key in at}
    found = joint._numbered(
        tallies, [({at[0]: 1, at[1]: 3}, 5), ({at[1]: 1, (0, Place(), ("x",)): 1}, 2)]
    )
    assert [found[key].n for key in at] == [5, 17, 0]


def test_what_stays_is_a_secret_still_and_known_within_what_a_reader_infers() -> None:
    """Of the rest of a count nothing was printed, so nothing is inferred of it by itself."""
    staying, rest, other = (0, Place(), ("a",)), (0, Place(), ("a", REST)), (0, Place(), ("b",))
    now = [
        Count(staying, {0}, 20, sensitive=False),
        Count(rest, {1}, 4, sensitive=True),
        Count(other, {2}, 3, sensitive=True),
    ]
    drawn = joint.Drawn(measurements=(), grids=(), tallies={}, staying={staying: (11, 29)})
    secret, known = joint._staying(now, drawn)
    assert (secret.key, secret.sensitive) == (rest, True)
    assert (known.members, known.released, known.interval) == ({0: 1}, True, (11, 29))


def test_where_no_safe_pattern_is_found_all_is_hidden_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The places are listed, without any number."""
    world = World()
    world.episodes(30)
    world.episodes(4, place="Espoo")
    monkeypatch.setattr(joint, "_protected", lambda *_, **__: None)
    released = world.register.release("people_and_episodes", by=["group.place"], as_of=AS_OF)
    assert not released.audited
    assert not released.certificate.audited
    assert {one.status for one in released.results[0]} == {"suppressed"}
    page = result_document(released.results[0], released, locale="en")
    assert any("asks for less" in one.text for one in page.blocks if isinstance(one, Note))


@pytest.mark.parametrize(
    ("key", "new"),
    [
        ((0, Place(), ("started",)), True),
        ((1, Place(), ("started", REST)), True),
        ((2, Place(), ("started",)), False),
        (("(stays)", 0, (0, Place(), ("started",))), False),
        ((ONLY_IN, 3, "more"), True),
    ],
)
def test_of_two_questions_the_counts_are_new_and_those_by_whom_they_differ(
    key: Any, new: bool
) -> None:
    """Those of earlier releases are numbered behind them, and what stays is no new one."""
    assert joint._is_new(key, 2) is new


def test_beyond_the_limit_of_the_audit_there_is_no_pattern() -> None:
    """What cannot be found in time cannot be shown to be safe."""
    counts = [
        Count("all", {0, 1}, 30, released=True),
        Count("most", {0}, 27, released=True),
        Count("few", {1}, 3, sensitive=True),
    ]
    found = joint._protected(counts, TEN, {0: 27, 1: 3}, 0, new=lambda key: False)
    assert found is None
