"""The chain of digests."""

from hypothesis import given, settings
from hypothesis import strategies as st

from osallisuus.model.batch import Batch
from osallisuus.model.codec import codec
from osallisuus.stores.journal import digest, digest_rows
from tests.model import made
from tests.stores.places import add, open_store, ticking


def test_memory_and_sqlite_chain_alike(tmp_path):
    """The same appends at the same times leave the same journal, digests included."""
    journals = []
    for name in ("memory", "sqlite"):
        with open_store(name, tmp_path, ticking()) as store:
            add(store, made.one("people"), made.one("answers"), made.one("sessions"), key="k")
            add(store, made.one("people", id="x2"), made.one("answers", note="other words"))
            add(store, made.one("people", id="x2"))
            journals.append(list(store.journal()))
    assert journals[0] == journals[1]
    assert len(journals[0]) == 2


def test_the_order_of_the_tables_in_a_batch_says_nothing(tmp_path):
    """A batch that names its tables in another order leaves the same chain in both stores."""
    rows = {"groups": [made.one("groups")], "people": [made.one("people")]}
    digests = set()
    for name in ("memory", "sqlite"):
        with open_store(name, tmp_path) as store:
            store.append(Batch(rows), actor="a", reason="r")
            digests |= {entry.digest for entry in store.journal()}
    assert len(digests) == 1


@settings(max_examples=8)
@given(made.some_of_each(1), made.some_of_each(1))
def test_a_digest_tells_contents_apart(one, other):
    """Equal facts give equal digests, other facts others."""
    stored = [
        {name: codec(name).dump(rows) for name, rows in all_.items()} for all_ in (one, other)
    ]
    assert (digest("", one) == digest("", other)) == (stored[0] == stored[1])
    assert digest("", one) != digest("before", one)


@settings(max_examples=25)
@given(st.lists(made.facts("answers"), max_size=3))
def test_records_and_their_tuples_have_one_digest(facts):
    """A store that holds tuples chains as one that holds records."""
    assert digest("x", {"answers": facts}) == digest_rows(
        "x", {"answers": codec("answers").dump(facts)}
    )


def test_strings_that_are_one_object_weigh_no_less():
    """The digest sees values, not whether Python keeps two equal strings once."""
    apart = digest_rows("", {"t": [(str(b"ab", "ascii"), str(b"ab", "ascii"))]})
    same = "ab"
    assert digest_rows("", {"t": [(same, same)]}) == apart
