"""The certificate of a release: what its reviewer may see, and nobody else."""

from __future__ import annotations

from datetime import date

import pytest

import osallisuus as osa
from osallisuus.disclosure.certificate import Certificate, _apart
from osallisuus.disclosure.gate import Released, release
from osallisuus.disclosure.profile import Profile
from osallisuus.disclosure.said import count_text
from osallisuus.disclosure.tallies import REST
from osallisuus.errors import DefinitionError
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.measure import Place
from osallisuus.model import facts as f
from osallisuus.time import Period
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
    assert ("people_and_episodes", "group.place: Oulu", "people", "0 to 11") in rows


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
    assert certificate.advice("group.place") == ()
    with pytest.raises(DefinitionError, match="nothing was asked by"):
        certificate.advice("person.gender")
    with pytest.raises(DefinitionError, match="nothing was asked by"):
        _released(_world()).certificate.advice("person.gender")


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
    (best,) = released.certificate.advice("person.aim")
    assert best.merge == ("work", None)
    assert best.hidden < best.instead_of


@pytest.mark.parametrize(
    ("metric", "label", "told"),
    [
        ("completion", ("exit", "completed", REST), "Completed, the rest"),
        ("recruitment_funnel", ("stage", 1), "Informed"),
        ("recruitment_funnel", ("between", 1, 2), "Informed, but not Interviewed"),
        ("recruitment_funnel", ("waiting", 0), "Reached: on the way to the next step"),
        ("next_role", ("open",), "not known yet"),
        ("retention", ("left", "other_endings", 24.0), "Ended in another way, up to day 24"),
        ("recovery_star", ("moved_up", None), "moved up"),
        (None, ("exit", "own_word"), "own word"),
        (None, ("between", "exit", "own_word"), "own word"),
        (None, ("exit", "left", "early"), "Left"),
        (None, ("label", "housing"), "housing"),
        (None, ("path", "peer"), "Peer"),
        (None, ("followed", 30), "still followed after day 30"),
        (None, ("lost", "informed"), "Informed: ended before the next step"),
        (None, ("otherwise", "completed"), "ended otherwise than: Completed"),
        (None, ("within", 90), "within 90 days"),
        (None, ("in", "peer", "Oulu", 30), "Peer Oulu, on day 30"),
        (
            None,
            ("moved", "client", "in", "peer", 0, 30),
            "Client in to Peer, after day 0 up to day 30",
        ),
        (None, ("window", "completed", 0, 30), "Completed, after day 0 up to day 30"),
        (None, ("window", 0, 30), "last seen after day 0 up to day 30"),
        (None, ("window", -1, 30), "last seen after day 0 up to day 30"),
        (None, ("yes",), "those of whom it is true"),
        (None, ("entered",), "all"),
        (None, ("known",), "all of whom it is known"),
        (None, ("persons",), "people"),
        (None, ("unknown",), "not known"),
    ],
)
def test_what_is_counted_is_said_in_words_and_not_in_labels(metric, label, told) -> None:
    assert count_text(metric and CATALOGUE[metric], label) == told


def test_hidden_figures_without_a_listed_count_are_counted_beside() -> None:
    """Of 40 who all completed: no count of one part is small, nothing more is hidden."""
    world = World()
    world.episodes(40, "completed", place="Turku")
    certificate = _released(world).certificate
    assert (certificate.gaps, certificate.besides) == (0, 0)
    listed = _released(_world()).certificate
    assert listed.gaps > 0 == listed.besides


def test_only_hidden_counts_of_figures_are_listed_each_with_its_range() -> None:
    """Not the few between two counts, nor what is inferred of figures that stay."""
    place, less = Place(("Oulu", None)), (0, Place(("Oulu", None)), ("started",))
    found = Certificate(
        bounds={
            (0, place, ("persons",)): (0, 8),
            (0, place, ("episodes",)): (3, None),
            less: (0, None),
            (*less, "(less than)", *less): (0, 9),
            ("(stays)", 0, less): (11, 29),
        },
        asked=(("people_and_episodes", ("group.place", "person.aim")),),
    )
    rows = list(found.rows())
    assert [possible for *_, possible in rows] == ["0 to 8", "3 or more", "any number"]
    assert {row[:2] for row in rows} == {
        ("people_and_episodes", "group.place: Oulu, person.aim: (not stated)")
    }


def test_a_hidden_count_of_a_period_is_listed_with_it() -> None:
    """Two years of which both are hidden are two lines, and what lies before them a third."""
    years = Period(date(2017, 1, 1), date(2018, 1, 1)), Period(date(2018, 1, 1), date(2019, 1, 1))
    found = Certificate(
        bounds={
            (0, Place((), 0), ("persons",)): (0, 8),
            (0, Place((), 1), ("persons",)): (0, 9),
            (1, Place((), 0), ("persons",)): (0, 9),
        },
        asked=(("people_and_episodes", ()),) * 2,
        periods=(years, (Period(date.min, years[0].starts_on),)),
    )
    assert [where for _, where, *_ in found.rows()] == [
        "2017-01-01..2018-01-01",
        "2018-01-01..2019-01-01",
        "before 2017-01-01",
    ]


def test_a_certificate_of_nothing_has_no_gaps_and_was_audited() -> None:
    """Nothing is hidden and nothing was left out."""
    nothing = Certificate()
    assert (nothing.gaps, nothing.besides, nothing.audited) == (0, 0, True)
    assert nothing.strata == ()
    assert list(nothing.rows()) == []


@pytest.mark.parametrize(
    ("key", "apart"),
    [
        (
            (0, Place(("Oulu", "work")), ("persons",)),
            ("work", (0, Place(("Oulu",)), ("persons",))),
        ),
        (
            ("(stays)", 0, (0, Place(("Oulu", "work")), ("left", 30))),
            ("work", ("(stays)", 0, (0, Place(("Oulu",)), ("left", 30)))),
        ),
        ((1, Place(("work", "Oulu")), ("persons",)), ("work", (1, Place(("Oulu",)), ("persons",)))),
        ((2, Place(("Oulu",)), ("persons",)), None),  # not asked by aim
        ((0, Place(()), ("persons",)), None),
        (
            (0, Place(("Oulu", "work")), ("a",), "(less than)", 0, Place(("Oulu", "home")), ("a",)),
            None,  # of two values
        ),
    ],
)
def test_the_value_of_a_stratum_is_taken_out_of_a_key(key: object, apart: object) -> None:
    """Wherever the place stands in it, and wherever the stratum stands in the place."""
    assert _apart(key, [1, 0, None]) == apart
