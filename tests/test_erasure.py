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
    assert "anna" not in str([*after.values()])
    gone = {table for table, i in before.keys() - after.keys()}
    # the encounter was with somebody else: she was at work; and its id held hers
    (met,) = (key for key in after if key[0] == "encounters" and key not in before)
    assert after.pop(met)["peer"] == SOMEONE
    assert receipt.renamed == {"encounters": 1}
    assert gone == {fact.table.name for fact in life("a", "b")} | {"keep_apart"}
    bo = {key: fact for key, fact in before.items() if key in after and "bo" in key[1]}
    assert {key: _with_someone(fact) for key, fact in bo.items()} == {k: after[k] for k in bo}
    assert after.keys() - before.keys() == {("people", SOMEONE)}
    assert "encounters" not in receipt.taken
    # one more now is someone, one less the encounter
    assert sum(receipt.taken.values()) == len(before) - len(after)
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
    assert list(register.store.revisions("interviews", ["anna-i"])) == []
    (renamed,) = {fact.id for fact in register.facts(osa.Interview)} - {"bo-i"}
    # as it stood since, and under its new id
    kept = [fact for _, fact in register.store.revisions("interviews", [renamed])]
    assert [fact.person for fact in kept] == ["bo", "bo"]
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
        # the entry of the erasure itself would name her for good
        (_as(register, "anna", "test"), {"person": "anna"}),
        (_as(register, "coordinator", "for anna"), {"person": "anna"}),
        (_as(register, "anna", "test"), {"person": "anna", "dry_run": True}),
    ):
        with pytest.raises(ErasureError) as error:
            refused.erase(**asked)
        assert "anna" not in str(error.value) + repr(error.value)
        assert error.value.problems[0].remedy
    assert register.erase("anna", reason="annabel asked").found


def _as(register, actor, purpose):
    """The same store, written to by somebody else."""
    return type(register)(register.store, actor=actor, purpose=purpose)


def joined(worker):
    """A case whose id is joined of its guide's, all that refers to it, and what only looks so."""
    case = f"g-{worker}"
    return [
        *(made.one("people", id=one) for one in (worker, "bo", f"{worker}0")),
        made.one("guidance", id=case, person="bo", guide=worker),
        made.one("guidance", id="g-plain", person="bo", guide="bo"),
        made.one("pauses", id=f"{case}.break", of=case),
        made.one("reviews", id=f"{case}-v", guidance=case),
        made.one("goals", id=f"{case}-o", person="bo", guidance=case),
        made.one("goal_ratings", id="r1", goal=f"{case}-o"),
        made.one("answers", id="w1", form=f"{case}-v", note="words of Bo"),
        made.one("contacts", id=f"c-{worker}0", person="bo", enrollment=None),
    ]


@EVERY
@pytest.mark.parametrize("worker", ["p1", "p-1dc769"])
def test_no_id_of_a_fact_that_stays_holds_the_person_s(register, worker):
    """Facts whose ids were joined of the guide's have other ids, and what refers to them follows."""
    register.add(joined(worker))
    before = everything(register)

    tried = register.erase(worker, dry_run=True)
    assert everything(register) == before
    receipt = register.erase(worker)

    after = everything(register)
    text = str(after)
    assert text.count(worker) == text.count(f"{worker}0") == str(before).count(f"{worker}0")
    assert (
        tried.renamed == receipt.renamed == {"guidance": 1, "pauses": 1, "reviews": 1, "goals": 1}
    )
    assert receipt.cleared
    (case,) = (fact for fact in register.facts(osa.Guidance) if fact.guide == SOMEONE)
    (review,), (goal,) = register.facts(osa.Review), register.facts(osa.Goal)
    assert {one.of for one in register.facts(osa.Pause)} == {case.id}
    assert review.guidance == goal.guidance == case.id
    assert [one.goal for one in register.facts(osa.GoalRating)] == [goal.id]
    assert [one.form for one in register.facts(osa.Answer)] == [review.id]
    assert len({case.id, review.id, goal.id}) == 3
    assert len(after) == len(before)  # someone came for the worker
    assert not register.erase(worker).found


@HISTORY
def test_renamed_facts_keep_their_history_and_the_chain_holds(register):
    """Every revision has the new id, also of what was taken back; nothing of before is known."""
    register.add(joined("p1"))
    register.add(
        [made.one("guidance", id="g-p1", person="bo", guide="p1", planned_end_on=date(2031, 1, 1))]
    )
    register.void({"pauses": ["g-p1.break"]}, reason="a mistake")
    store = register.store
    versions = len(list(store.revisions("guidance", ["g-p1"])))

    register.erase("p1")

    (case,) = (fact for fact in register.facts(osa.Guidance) if fact.guide == SOMEONE)
    # as known then, and the revision that the erasure made
    assert len(list(store.revisions("guidance", [case.id]))) == versions + 1
    for tx in range(store.head() + 1):
        for table in TABLES.values():
            for part in store.scan(table.record, known_at=tx):
                assert "p1'" not in str([fact.describe() for fact in part])
                assert "p1-" not in str([fact.describe() for fact in part])
    assert store.ids_with("pauses", "p1") == set()
    assert register.verify() == ()


@HISTORY
def test_a_short_id_changes_no_id_that_it_stands_in_by_chance(register):
    """A person "1" is not meant by the group "g-1", nor by the sessions of it."""
    register.add(
        [made.one("people", id="1"), made.one("groups", id="g-1"),
         made.one("sessions", id="s-1-1", group="g-1"),
         made.one("memberships", id="m", person="1", group="g-1")]
    )  # fmt: skip
    assert register.erase("1").renamed == {}
    assert [one.id for one in register.facts(osa.Session)] == ["s-1-1"]


@HISTORY
def test_what_cannot_be_changed_is_counted_and_then_not_every_byte_is_cleared(register):
    """The id as an actor of before, in a released result, or inside the id of somebody else."""
    register.add([made.one("people", id=one) for one in ("p-1dc769", "p-1dc769.b", "bo")])
    _as(register, "p-1dc769", "test").add([made.one("people", id="cy")])

    of_group = '{"group": "g-p-1dc769"}'
    assert register.store.publish(of_group, tx=1, actor="c", purpose="test", after=0)

    receipt = register.erase("p-1dc769")

    assert (receipt.kept, receipt.pending, receipt.cleared) == (3, (), False)
    told = " ".join(str(one) for one in receipt.beyond)
    assert "1 ids of other people" in told
    assert "p-1dc769" not in told
    # said plainly: the store's own mark can be tried out
    assert "tries an old list of ids" in told
    assert {one.id for one in register.facts(osa.Person)} == {"p-1dc769.b", "bo", "cy"}


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
