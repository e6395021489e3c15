"""Taking back what should never have been there, expecting versions, and verifying a store."""

from __future__ import annotations

import pytest

import osallisuus as osa
from osallisuus.errors import StoreError, VersionConflict
from tests.model import made
from tests.stores.places import FULL, place_of

FACTS = [
    made.one("people", id="anna"),
    made.one("interviews", id="i1", person="anna", decided_by="worker"),
    made.one("answers", id="a1", form="i1"),
    made.one("traits", id="t1", person="anna"),
]


@pytest.fixture(params=FULL)
def register(request, tmp_path):
    """A person with an interview, an answer and a trait."""
    place = place_of(request.param, tmp_path) or "memory:"
    with osa.open(place, actor="coordinator") as opened:
        opened.add(FACTS)
        yield opened


def test_what_was_taken_back_is_known_earlier_and_not_now(register):
    """Facts or their ids; with the reason in the journal, and it may be added again."""
    before = list(register.journal())[-1].recorded_at
    assert register.void([FACTS[3]], reason="of somebody else") == 1
    assert list(register.facts(osa.Trait)) == []
    assert [one.id for one in register.known_at(before).facts(osa.Trait)] == ["t1"]
    entry = list(register.journal())[-1]
    assert (entry.operation, entry.reason, entry.removed) == ("void", "of somebody else", 1)
    assert register.add([FACTS[3]]).added == 1
    assert register.void({"traits": ["t1"]}, reason="again") == 1


def test_what_others_refer_to_is_refused_with_everything_that_does(register):
    """All problems at once and nothing changed; together with those others it goes."""
    head = register.store.head()
    with pytest.raises(StoreError) as refused:
        register.void({"people": ["anna", "nobody"], "interviews": ["i1"]}, reason="a mistake")
    assert [(one.where, one.what.split()[0]) for one in refused.value.problems] == [
        *[("people", "1"), ("traits.person", "1"), ("answers.form", "1")]
    ]
    assert "anna" not in str(refused.value)
    assert register.store.head() == head
    assert register.void(FACTS, reason="a mistake") == 4


def test_a_register_moves_into_another_store(register, tmp_path):
    """Both journals say so, and who did it; what was known before is known there."""
    before = list(register.journal())[-1].recorded_at
    register.add([made.one("traits", id="t1", person="anna", value="other")])
    assert register.snapshot(tmp_path / "moved.db") == 3
    entry = list(register.journal())[-1]
    assert (entry.operation, entry.actor) == ("snapshot", "coordinator")
    assert entry.reason == str(tmp_path / "moved.db")
    with osa.open("memory:", actor="keeper", purpose="a move") as new:
        told = []
        assert new.restore(tmp_path / "moved.db", progress=lambda *rows: told.append(rows)) == 4
        entry = list(new.journal())[-1]
        assert (entry.operation, entry.actor, entry.reason) == ("restore", "keeper", "moved.db")
        assert list(new.facts(osa.Trait)) == list(register.facts(osa.Trait))
        assert list(new.known_at(before).facts(osa.Trait)) == [FACTS[3]]
        assert ("answers", 1) in told
        with pytest.raises(StoreError, match="holds something already"):
            new.restore(tmp_path / "moved.db")


def test_a_snapshot_that_cannot_be_written_is_not_written_down(register, tmp_path):
    """Where something is; and a register as known earlier neither writes nor takes in."""
    (tmp_path / "there.db").write_text("mine")
    head = register.store.head()
    with pytest.raises(StoreError, match="something already"):
        register.snapshot(tmp_path / "there.db")
    earlier = register.known_at(list(register.journal())[-1].recorded_at)
    with pytest.raises(StoreError, match="known earlier"):
        earlier.snapshot(tmp_path / "new.db")
    with pytest.raises(StoreError, match="new store"):
        earlier.restore(tmp_path / "there.db")
    assert register.store.head() == head


def test_a_folder_neither_gives_nor_takes_a_snapshot(tmp_path):
    """It has no history; the words say what to do."""
    with osa.open(str(tmp_path / "facts"), create=True) as register:
        register.add([made.one("people", id="anna")])
        with pytest.raises(StoreError, match=r"import it into a \.db file"):
            register.snapshot(tmp_path / "new.db")
        with pytest.raises(StoreError, match=r"into a new \.db file"):
            register.restore(tmp_path / "new.db")


def test_who_expects_another_version_stores_nothing(register):
    """Two read the same; the second to write is told."""
    seen = register.versions([FACTS[3]])
    assert seen == {("traits", "t1"): 1}
    other = made.one("traits", id="t1", person="anna", value="other")
    register.add([other], expect=seen)
    with pytest.raises(VersionConflict, match="traits"):
        register.add([made.one("traits", id="t1", person="anna", value="third")], expect=seen)
    with pytest.raises(VersionConflict):
        register.void([FACTS[3]], reason="a mistake", expect=seen)
    assert list(register.facts(osa.Trait)) == [other]
    assert register.versions({"traits": ["t1", "t9"]}) == {
        ("traits", "t1"): register.store.head(),
        ("traits", "t9"): 0,
    }


def test_a_reference_of_before_a_correction_holds_nothing_up(register):
    """Only what refers now counts."""
    register.add([made.one("people", id="bo")])
    for table, one in (("traits", "t1"), ("interviews", "i1")):
        more = {"decided_by": "worker"} if table == "interviews" else {}
        register.add([made.one(table, id=one, person="bo", **more)])
    assert register.void({"people": ["anna"]}, reason="a mistake") == 1


def test_a_register_of_earlier_and_a_store_without_it_say_what_would_work(register, tmp_path):
    """Each refusal with its remedy."""
    earlier = register.known_at(list(register.journal())[-1].recorded_at)
    folder = osa.open(str(tmp_path / "facts"), create=True)
    for refused in (
        lambda: earlier.void({}, reason="x"),
        earlier.verify,
        lambda: earlier.versions([]),
        folder.verify,
        lambda: folder.versions([]),
        lambda: folder.add(FACTS, expect={("people", "anna"): 1}),
        lambda: register.void({"persons": ["x"]}, reason="x"),
    ):
        with pytest.raises(StoreError) as error:
            refused()
        assert error.value.problems[0].remedy
    assert list(folder.facts(osa.Person)) == []
    assert register.verify() == ()
