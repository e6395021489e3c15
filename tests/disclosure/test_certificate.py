"""The certificate of a release: what its reviewer may see, and nobody else."""

from __future__ import annotations

import pytest

import osallisuus as osa
from osallisuus.disclosure.certificate import Certificate
from osallisuus.disclosure.gate import Released, release
from osallisuus.disclosure.profile import Profile
from osallisuus.errors import DefinitionError
from osallisuus.model import facts as f
from tests.disclosure.test_gate import BY_PLACE, World

TEN = Profile(name="public", threshold=10)


def _world() -> World:
    """People who completed in four places: 4, 7, 30 and 40."""
    world = World()
    for place, n in (("Oulu", 4), ("Kemi", 7), ("Espoo", 30), ("Turku", 40)):
        world.episodes(n, "completed", place=place)
    return world


def _released(world: World) -> Released:
    return release(world.ask("people_and_episodes", ("people_and_episodes", BY_PLACE)), TEN)


def test_every_hidden_number_of_a_table_is_listed_with_what_remains_possible() -> None:
    rows = list(_released(_world()).certificate.rows())
    places = {place for metric, place, *_ in rows if metric == "people_and_episodes"}
    assert {"group.place: Oulu", "group.place: Kemi"} <= places
    assert all(possible for *_, possible in rows)
    assert ("people_and_episodes", "group.place: Oulu", "persons", "0 to 11") in rows


def test_the_advice_is_to_show_the_two_small_places_as_one() -> None:
    """4 and 7 are 11: then nothing of the table has to be hidden."""
    best, *_ = _released(_world()).certificate.advice("group.place")
    assert set(best.merge) == {"Oulu", "Kemi"}
    assert best.hidden == 0 < best.instead_of


def test_no_advice_where_nothing_is_hidden() -> None:
    world = World()
    world.episodes(40, "completed", place="Turku")
    assert Certificate().insiders() == {}
    certificate = _released(world).certificate
    assert certificate.bounds == {}
    with pytest.raises(DefinitionError, match="nothing was asked by"):
        certificate.advice("person.gender")


def test_somebody_in_a_hidden_place_learns_no_exact_number_of_the_others_there() -> None:
    """One of the four in Oulu knows of themselves: the others may still be 0 to 10."""
    found = _released(_world()).certificate.insiders()
    assert found
    for key, audit in found.items():
        low, high = audit.bounds[key]
        assert low == 1
        assert high is None or high > low


def test_a_certificate_says_nothing_in_a_log() -> None:
    certificate = _released(_world()).certificate
    assert repr(certificate) == f"<Certificate of {len(certificate.bounds)} hidden counts>"


def test_a_release_of_a_register_has_its_certificate() -> None:
    """Also of the crossing of two strata, where the merge is advised for one of them."""
    register = osa.open("memory:", actor="test", purpose="test")
    world = _world()
    world.trait([one.id for one in world.facts if isinstance(one, f.Person)][:40], "work")
    register.add(world.facts)
    released = register.release("people_and_episodes", by=["group.place", "person.aim"])
    assert released.certificate.strata == ("group.place", "person.aim")
    assert all(one.hidden < one.instead_of for one in released.certificate.advice("person.aim"))
