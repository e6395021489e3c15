"""The ledger: every release is remembered as it was, and nothing of it is told twice differently."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import osallisuus as osa
from osallisuus.disclosure import publish
from osallisuus.disclosure.ledger import Line, Question, Told, entries_of
from osallisuus.disclosure.plain import from_plain, to_plain
from osallisuus.disclosure.profile import Profile
from osallisuus.errors import DisclosureError, StoreError
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.compile import Settings
from osallisuus.metrics.figure import Figure, Provenance
from osallisuus.metrics.measure import Place
from osallisuus.metrics.metric import Thinning
from osallisuus.stores.memory import MemoryStore
from osallisuus.time import Period
from tests.disclosure.test_rounding import Blunt
from tests.disclosure.test_sticky import AS_OF, LATER, World
from tests.disclosure.timeline import Programme
from tests.stores.places import ticking

DAY = date(2021, 6, 1)

_plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.dates() | st.datetimes(),
    lambda inner: (
        st.lists(inner).map(tuple)
        | st.dictionaries(st.text(), inner)
        | st.frozensets(st.tuples(st.text(), st.text()))
    ),
)


@given(_plain)
def test_values_come_back_from_json_as_they_were(value: Any) -> None:
    """Days, moments and sets too, and what is text stays text."""
    assert from_plain(json.loads(json.dumps(to_plain(value)))) == value


def _line(**changes: Any) -> Line:
    values: dict[str, Any] = {
        "tx": 7, "actor": "a", "purpose": "p", "profile": "public", "threshold": 10, "base": 5,
        "people": 40,
    }  # fmt: skip
    return Line(**{**values, **changes})


def _kept(line: Line) -> Line:
    store = MemoryStore(ticking())
    store.publish(line.content(), tx=line.tx, actor=line.actor, purpose=line.purpose, after=0)
    (kept,) = entries_of(store)
    return kept


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_every_metric_can_be_asked_again_as_it_was(name: str) -> None:
    """Its definition in the ledger is the whole definition: the same metric, the same hash."""
    metric = CATALOGUE[name]
    source = Provenance(
        metric=name, kind=metric.kind, definition=metric.definition, as_of=DAY, rounding=5
    )
    settings = Settings(
        as_of=DAY, by=("group.place",), periods=(Period(DAY, AS_OF),), program="wertzu"
    )
    question = Question(metric=metric, settings=settings, provenance=source)
    (again,) = _kept(_line(asked=(question,))).asked
    assert again == question
    assert again.metric.definition == metric.definition


def test_figures_and_what_they_told_are_kept_as_they_were() -> None:
    """Also hidden ones, those that stayed from an earlier day, and every digit."""
    metric = CATALOGUE["leaving"]
    source = Provenance(metric="leaving", kind=metric.kind, definition="0" * 16, as_of=LATER)
    older = Provenance(
        metric="leaving", kind=metric.kind, definition="0" * 16, as_of=DAY, rounding=5
    )
    shown = Figure(
        name="left", measure="proportion", provenance=older, strata={"group.place": None},
        period=Period(DAY, LATER), at=30, value=1 / 3, low=0.1, k=10, n=30,
        notes=("as_published",),
    )  # fmt: skip
    hidden = Figure(name="left", measure="proportion", provenance=source, value=0.5).suppressed()
    told = Told(
        place=Place((None,), 0), label=("left", "completed", 30), span=(10, 12), secret=True,
        within=("entered",), telling=True, sums=(("window", "", -1, 30),),
    )  # fmt: skip
    grid = Thinning(
        {"": (30, 60)}, {"died": "other_endings"}, threshold=10, names=("left",),
        states=frozenset({("a", "b"), ("c", "d")}), base=5,
    )  # fmt: skip
    question = Question(
        metric=metric, settings=Settings(as_of=LATER), provenance=source, grid=grid,
        figures=(shown, hidden), stayed=(3, None), told=(told,), hidden=1,
    )  # fmt: skip
    assert _kept(_line(asked=(question,))).asked == (question,)


def test_a_line_says_its_form_and_a_count_only_what_is_true_of_it() -> None:
    """Lines that were written already have the form 1, and are silent about what is not so."""
    content = json.loads(_line().content())
    assert (content["form"], content["asked"], content["people"]) == (1, [], 40)
    told = Told(place=Place(), label=("left",))
    assert [told.secret, told.rest_secret, told.telling] == [False] * 3
    assert to_plain(told, Told) == {"place": [[], None], "label": ["left"]}


def test_a_line_of_a_newer_version_stops_every_release() -> None:
    """What was published is not understood, so nothing new can be shown to be safe."""
    store = MemoryStore(ticking())
    store.publish('{"form": 99}', tx=0, actor="a", purpose="p", after=0)
    with pytest.raises(DisclosureError, match="newer version"):
        list(entries_of(store))


def test_a_kind_that_cannot_be_asked_again_is_not_released() -> None:
    """Nobody could audit later releases with it; an internal view of it is still to be had."""
    world = World()
    world.episodes(30)
    metric = Blunt(name="blunt", cases="SELECT person, started_on AS happened_on FROM enrollments")
    with pytest.raises(DisclosureError, match="cannot be asked again"):
        world.register.release(metric, profile=Profile(name="public", threshold=10))
    (result,) = world.register.release(metric, profile="internal").results
    assert [figure.value for figure in result] == [30]


def test_a_metric_that_a_newer_version_told_more_of_cannot_be_asked_again() -> None:
    """Rather than to ask something else in its place."""
    metric = CATALOGUE["retention"]
    source = Provenance(metric="retention", kind=metric.kind, definition="", as_of=DAY)
    question = Question(metric=metric, settings=Settings(as_of=DAY), provenance=source)
    kept = json.loads(_line(asked=(question,)).content())
    kept["asked"][0]["metric"]["until_when"] = 30
    store = MemoryStore(ticking())
    store.publish(json.dumps(kept), tx=7, actor="a", purpose="p", after=0)
    with pytest.raises(DisclosureError, match="cannot be asked again") as raised:
        list(entries_of(store))
    assert raised.value.problems[0].where == "retention"


def test_the_same_release_again_adds_nothing_and_is_the_same_to_the_byte() -> None:
    """Also after others, after a fact of no matter, and in another programme run."""
    programme = Programme(3, people=60)
    for month in range(8):
        programme.month(month)
    first = programme.release(7)
    programme.register.release("completion", program="wertzu", as_of=AS_OF)
    again = programme.release(7)
    assert again.released.number == first.released.number == 1
    assert again.hidden == first.hidden
    for name in ("html", "json", "csv", "text", "markdown"):
        assert again.render(name) == first.render(name)
    assert len(list(programme.register.releases())) == 2


def test_a_release_is_remembered_with_who_made_it_of_what_and_when() -> None:
    """The moment is the store's, the commit is the one that was asked."""
    world = World()
    world.episodes(30)
    world.person(program="wertzu")
    (line,) = world.register.releases()
    assert (line.number, line.tx, line.actor, line.purpose) == (1, 1, "test", "test")
    assert (line.profile, line.threshold, line.base, line.people) == ("public", 10, 5, 30)
    assert line.moment is not None
    (question,) = line.asked
    assert question.metric == CATALOGUE["people_and_episodes"]
    assert question.settings == Settings(as_of=AS_OF, program="wertzu")
    assert {one.label: one.span for one in question.told} == {
        ("persons",): (28, 32),
        ("episodes",): (28, 32),
    }


def test_no_person_and_no_true_number_stands_in_the_ledger() -> None:
    """41 people are remembered as 40, and none of their ids."""
    world = World()
    world.episodes(41)
    world.episodes(3, place="Espoo")
    world.persons(by=["group.place"])
    (publication,) = world.register.store.publications()
    data = json.loads(publication.content)
    assert data.pop("people") == 44  # that so many have a record, for whatever they are in
    text = json.dumps(data["asked"][0]["told"]) + json.dumps(data["asked"][0]["figures"])
    assert "41" not in text
    assert not any(f'"{kind}{n:03}"' in publication.content for kind in "pe" for n in range(44))


def test_internal_views_are_not_remembered_and_change_nothing() -> None:
    """Staff may look as often as they like."""
    world = World()
    world.episodes(20)
    for profile in ("internal", "public", "internal"):
        world.person(profile=profile)
    world.episodes(6, started=AS_OF)
    assert world.person(profile="internal", as_of=LATER).value == 26
    assert len(list(world.register.releases())) == 1


def test_a_folder_does_not_remember_and_says_so(tmp_path: Path) -> None:
    """The figures are protected by themselves, and the output tells what that means."""
    with osa.open(str(tmp_path / "facts"), actor="t", purpose="t", create=True) as register:
        register.add(fact for one in World().register.facts(osa.Person) for fact in [one])
        world = World()
        world.episodes(20)
        register.add([*world.register.facts(osa.Group), *world.register.facts(osa.Person)])
        register.add(world.register.facts(osa.Enrollment))
        release = register.report("evaluation", program="wertzu").release()
        assert release.released.number is None
        assert b"not remembered" in release.render("text")
        assert list(register.releases()) == []
    assert b"not remembered" not in _report(world).render("text")


def _report(world: World) -> osa.Release:
    return world.register.report("evaluation", program="wertzu").release()


def test_a_store_needs_no_more_than_a_history_to_keep_a_ledger(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What else it can do has nothing to do with it; without the past nothing can be asked again."""
    world = World()
    world.episodes(20)
    for able, remembered in ((("history", "ledger"), 1), (("ledger",), 1), (("history",), 1)):
        monkeypatch.setattr(MemoryStore, "capabilities", frozenset(able))
        world.person()
        monkeypatch.undo()
        assert len(list(world.register.releases())) == remembered
        world.episodes(15)


def test_a_release_that_came_in_between_is_taken_into_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two at once: the second is made anew, with the first one's figures before its eyes."""
    world = World()
    world.episodes(20)
    real = publish.release
    calls: list[int] = []

    def slow(*args: Any, **kwargs: Any) -> Any:
        made = real(*args, **kwargs)
        calls.append(len(calls))
        if len(calls) == 1:  # while this one was made, somebody else was quicker
            world.person()
            world.episodes(4)
        return made

    monkeypatch.setattr(publish, "release", slow)
    world.register.add([])
    figure = world.person(as_of=AS_OF + timedelta(1))
    assert len(calls) == 3
    assert (figure.value, figure.provenance.as_of) == (20, AS_OF)
    assert [line.number for line in world.register.releases()] == [1, 2]


def test_releases_that_never_get_their_turn_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing leaves that could not be remembered."""
    world = World()
    world.episodes(20)
    monkeypatch.setattr(MemoryStore, "publish", lambda *_, **__: None)
    with pytest.raises(StoreError, match="again and again"):
        world.person()


def test_a_view_of_the_past_is_audited_with_what_came_out_since() -> None:
    """As known in spring, three people fewer: what is out already is what is told."""
    world = World()
    world.episodes(22)
    spring = world.register.store.head()
    world.episodes(3)
    assert world.person().value == 25
    (entry, *_) = [one for one in world.register.journal() if one.tx == spring]
    past = world.register.known_at(entry.recorded_at)
    (figure, _) = past.release("people_and_episodes", as_of=AS_OF).results[0]
    assert figure.value == 25


def test_a_file_remembers_as_memory_does(tmp_path: Path) -> None:
    """The same facts and releases, opened anew each time: the same figures, and the same ledger."""
    seen = []
    place = str(tmp_path / "own.db")
    for where in ("memory:", place):
        world = World(where)
        figures = []
        for number, joined in enumerate((22, 3, 12, 15)):
            world.episodes(joined, started=date(2021, 2 + number, 1))
            world.episodes(joined, place="Espoo", started=date(2021, 2 + number, 1))
            figures += world.persons(by=["group.place"], as_of=date(2021, 6 + number, 1))
            if where == place:
                world.register.close()
                world.register = osa.open(place, actor="test", purpose="test")
        lines = [(one.number, one.tx, one.people, one.asked) for one in world.register.releases()]
        seen.append((figures, lines))
        world.register.close()
    assert seen[0] == seen[1]
    assert len(seen[0][1]) == 4


def test_a_metric_that_would_come_back_as_another_is_not_released() -> None:
    """A list is a tuple in JSON: with it, later releases would not be audited with this one."""
    metric = CATALOGUE["retention"]
    odd: Any = evolve(metric, until=[30])
    source = Provenance(metric="retention", kind=metric.kind, definition="", as_of=DAY)
    question = Question(metric=odd, settings=Settings(as_of=DAY), provenance=source)
    with pytest.raises(DisclosureError, match="does not come back"):
        _line(asked=(question,)).content()
