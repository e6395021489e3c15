"""Erasing a person through a register: what goes, what stays, and what the receipt says."""

from __future__ import annotations

from datetime import date

import pytest

import osallisuus as osa
from osallisuus.errors import ErasureError, StoreError
from osallisuus.model.facts import TABLES
from osallisuus.model.store import SOMEONE
from tests.model import made
from tests.stores.places import FULL, place_of

HISTORY = pytest.mark.parametrize("kind", FULL)
EVERY = pytest.mark.parametrize("kind", [*FULL, "folder"])


@pytest.fixture
def register(kind, tmp_path):
    """An empty register of that kind."""
    place = place_of(kind, tmp_path) or "memory:"
    with osa.open(place, actor="coordinator", purpose="test", create=True) as opened:
        yield opened


def life(person, other):
    """Facts of *person*, some of which name *other*, and one fact of *other* that names them."""
    return [
        made.one("people", id=person),
        made.one("traits", id=f"{person}-t", person=person),
        made.one("enrollments", id=f"{person}-e", person=person, decided_by=other),
        made.one("guidance", id=f"{person}-g", person=person, guide=other),
        made.one("roles", id=f"{person}-r", person=person, decided_by=other),
        made.one("pauses", id=f"{person}-p", of=f"{person}-e"),
        made.one("contacts", id=f"{person}-c", person=person, enrollment=f"{person}-e"),
        made.one("interviews", id=f"{person}-i", person=person, decided_by=other),
        made.one("attendance", id=f"{person}-a", session="s1", person=person),
        made.one("encounters", id=f"{person}-n", peer=person),
        made.one("reviews", id=f"{person}-v", guidance=f"{person}-g"),
        made.one("goals", id=f"{person}-o", person=person, guidance=f"{person}-g"),
        made.one("goal_ratings", id=f"{person}-or", goal=f"{person}-o"),
        made.one("memberships", id=f"{person}-m", person=person, group="g1"),
        made.one("assessments", id=f"{person}-s", person=person, group=None),
        made.one("scores", id=f"{person}-ss", assessment=f"{person}-s"),
        made.one("answers", id=f"{person}-w", form=f"{person}-i", note=f"words of {person}"),
        made.one("consents", id=f"{person}-k", person=person),
    ]


SHARED = [
    made.one("groups", id="g1"),
    made.one("sessions", id="s1", group="g1"),
    made.one("observations", id="b1", group="g1", note="somebody said"),
    made.one("keep_apart", id="k1", one="anna", other="bo", group=None, until=date(2031, 1, 1)),
]


def add_two(register):
    """Anna and Bo, each with a whole life in which the other stands too."""
    register.add([*SHARED, *life("anna", "bo"), *life("bo", "anna")])


def everything(register):
    """Every fact of now by table and id, in plain values."""
    return {
        (name, fact.id): fact.describe()
        for name, table in TABLES.items()
        for fact in register.facts(table.record)
    }


@EVERY
def test_a_person_goes_with_everything_of_theirs_and_others_stay(register):
    """Anna's facts are gone; where she stood in facts of Bo there is someone; nothing else moved."""
    add_two(register)
    before = everything(register)

    receipt = register.erase("anna")

    after = everything(register)
    assert "anna" not in str([fact for (_, i), fact in after.items() if not i.startswith("anna-n")])
    gone = {table for table, i in before.keys() - after.keys()}
    # the encounter was with somebody else: she was at work
    assert ("encounters", "anna-n") in after
    assert after["encounters", "anna-n"]["peer"] == SOMEONE
    assert gone == {fact.table.name for fact in life("a", "b")} - {"encounters"} | {"keep_apart"}
    bo = {key: fact for key, fact in before.items() if key in after and "bo" in key[1]}
    assert {key: _with_someone(fact) for key, fact in bo.items()} == {k: after[k] for k in bo}
    assert after.keys() - before.keys() == {("people", SOMEONE)}
    assert sum(receipt.taken.values()) == len(before) - len(after) + 1
    assert receipt.named == {"enrollments": 1, "guidance": 1, "roles": 1, "interviews": 1} | {
        "encounters": 1
    }
    assert receipt.free_texts == {"answers": 1, "observations": 1}
    assert receipt.cleared
    assert register.check() is not None


def _with_someone(fact):
    return {name: SOMEONE if value == "anna" else value for name, value in fact.items()}


@HISTORY
def test_nobody_is_known_earlier_who_was_erased(register):
    """At every earlier commit the person is absent, and the chain of the journal holds."""
    add_two(register)
    register.add([made.one("traits", id="anna-t", person="anna", value="another")])

    receipt = register.erase("anna", reason="asked in writing")

    store = register.store
    for tx in range(store.head() + 1):
        for table in TABLES.values():
            for part in store.scan(table.record, known_at=tx):
                assert not any("anna" in fact.describe().values() for fact in part)
    assert register.verify() == ()
    entry = list(register.journal())[receipt.commit - 1]
    assert (entry.operation, entry.reason, entry.digest) == (
        *("erase", "asked in writing"),
        receipt.digest,
    )
    assert "anna" not in str(list(register.journal()))


@HISTORY
def test_what_was_taken_back_or_corrected_is_found(register):
    """A fact that no scan reads any more goes too; one that is another's now loses its past."""
    add_two(register)
    register.void({"answers": ["anna-w"]}, reason="a mistake")
    register.add([made.one("interviews", id="anna-i", person="bo", decided_by="bo")])
    register.add([made.one("answers", id="late", form="anna-i", note="words of Bo")])

    receipt = register.erase("anna")

    assert receipt.shortened == {"interviews": 1}
    assert list(register.store.revisions("answers", ["anna-w"])) == []
    ((_, kept),) = register.store.revisions("interviews", ["anna-i"])
    assert kept.person == "bo"
    assert "late" in {fact.id for fact in register.facts(osa.Answer)}
    assert register.verify() == ()


@HISTORY
def test_what_belonged_to_somebody_when_it_was_recorded_is_theirs(register):
    """Anna's words stay Anna's, though the interview they were said in is another's now."""
    add_two(register)
    register.add([made.one("interviews", id="anna-i", person="bo", decided_by="bo")])

    assert register.erase("anna").taken["answers"] == 1

    assert "anna-w" not in {fact.id for fact in register.facts(osa.Answer)}


@EVERY
def test_erasing_again_finds_nothing_and_changes_nothing(register):
    """The receipt says that nothing was there; neither does an unknown id do harm."""
    add_two(register)
    first = register.erase("anna")
    head = register.store.head()

    again, unknown = register.erase("anna"), register.erase("nobody-of-this-id")

    assert first.found
    assert not again.found
    assert again == unknown
    assert again.cleared
    assert register.store.head() == head


@EVERY
def test_a_dry_run_says_the_same_and_changes_nothing(register):
    """Counts of the dry run are those of the erasure."""
    add_two(register)
    before, head = everything(register), register.store.head()

    tried = register.erase("anna", dry_run=True)

    assert (everything(register), register.store.head()) == (before, head)
    done = register.erase("anna")
    for name in ("taken", "shortened", "named", "free_texts"):
        assert getattr(tried, name) == getattr(done, name)
    assert (tried.commit, tried.cleared, done.cleared) == (0, False, True)


@HISTORY
def test_who_was_erased_cannot_be_added_again(register):
    """An import of an old list does not bring anybody back."""
    add_two(register)
    register.erase("anna")

    with pytest.raises(StoreError, match="erased") as refused:
        register.add([made.one("people", id="anna")])
    assert "anna" not in str(refused.value)


@HISTORY
def test_the_receipt_names_what_no_store_can_reach(register, tmp_path):
    """Exports that left, released results that stand, and words in which somebody wrote the id."""
    add_two(register)
    register.add([made.one("people", id="cy")], reason="anna asked for it")
    register.export("folder", tmp_path / "left")

    receipt = register.erase("anna")

    told = " ".join(str(one) for one in receipt.beyond)
    assert "exports of facts that were made from this store: 1" in told
    assert "1 entries of the journal hold the id" in told
    assert "backups" in told
    for text in (repr(receipt), str(receipt), str(receipt.to_dict())):
        assert "anna" not in text


@HISTORY
def test_refusals_say_what_would_work_and_never_who(register):
    """As known earlier, in the name of someone, or with the id among the reasons."""
    add_two(register)
    earlier = register.known_at(list(register.journal())[-1].recorded_at)
    for refused, asked in (
        (earlier, {"person": "anna"}),
        (register, {"person": SOMEONE}),
        (register, {"person": "Anna and Bo anna"}),
        (register, {"person": "anna\0"}),
        (register, {"person": "anna\udc80"}),
        (register, {"person": 5}),
        (register, {"person": "anna", "reason": "anna asked"}),
    ):
        with pytest.raises(ErasureError) as error:
            refused.erase(**asked)
        assert "anna" not in str(error.value) + repr(error.value)
        assert error.value.problems[0].remedy
    assert register.erase("anna", reason="annabel asked").found


def test_somebody_who_writes_meanwhile_loses_nothing_and_hides_nothing(tmp_path):
    """A fact of the person's that comes between finding and taking out is taken out as well."""
    place = str(tmp_path / "store.db")
    with osa.open(place, actor="one") as register, osa.open(place, actor="another") as other:
        add_two(register)
        erase, late = register.store.erase, []

        def meanwhile(*args, **options):
            if not late:
                late.append(made.one("traits", id="late", person="anna"))
                other.add(late)
            return erase(*args, **options)

        register.store.erase = meanwhile
        assert register.erase("anna").taken["traits"] == 2
        assert [fact.id for fact in other.facts(osa.Trait)] == ["bo-t"]


def test_a_person_s_own_copy_promises_what_erasing_does():
    """As many records as it says would go do go, and what it says would stay stays."""
    with osa.open("memory:", actor="coordinator") as register:
        add_two(register)
        register.add(
            [made.one("answers", id="anna-na", form="anna-n"),
             made.one("encounter_themes", id="anna-nt", encounter="anna-n")]
        )  # fmt: skip
        told = register.own_copy("anna")

        receipt = register.erase("anna")

        # who cannot share a group is in nobody's copy
        gone = sum(receipt.taken.values()) - receipt.taken["keep_apart"]
        assert f"{gone} records would be removed:" in told
        # the case that she guided, and her encounter with its answer and theme
        assert "4 records of your work for others" in told
