"""Every id that a fact names is defined somewhere."""

from osallisuus.model.batch import Batch, HalfRead
from osallisuus.rules.references import undefined_references
from tests.model import made


def nothing(table, ids):
    return set()


def test_what_the_batch_defines_is_defined():
    """A reference within the batch needs no store, and none is asked."""
    asked = []

    def known(table, ids):
        asked.append(table)
        return set()

    batch = Batch.of([made.one("people", id="p1"), made.one("traits", person="p1")])
    assert undefined_references(batch, known) == []
    assert asked == []


def test_what_the_store_defines_is_defined():
    """Only what the batch lacks is asked of the store."""
    batch = Batch.of([made.one("traits", person="p1")])
    assert undefined_references(batch, lambda table, ids: ids & {"p1"}) == []


def test_a_reference_to_nothing_is_named_by_place_and_never_by_value():
    """The problem says which cell and which table; the id itself is not repeated."""
    (problem,) = undefined_references(Batch.of([made.one("traits", person="canary")]), nothing)
    assert problem.where == "traits[0].person"
    assert problem.remedy == "add it to people, or correct it"  # in whatever file that stands
    assert "canary" not in str(problem)


def test_one_of_several_tables_is_enough():
    """A pause may be of an enrolment, a role or a guidance case."""
    for table in ("enrollments", "roles", "guidance"):
        whole = Batch.of([made.one("pauses", of="o1"), made.one(table, id="o1", person="p1")])
        found = undefined_references(whole, lambda table, ids: ids if table == "people" else set())
        assert found == []
    (problem,) = undefined_references(Batch.of([made.one("pauses", of="o1")]), nothing)
    assert "enrollments or roles or guidance" in problem.what


def test_what_is_not_stated_refers_to_nothing():
    """An empty reference is "not stated", not a reference to an empty id."""
    batch = Batch.of([made.one("costs", group=None)])
    assert undefined_references(batch, nothing) == []


def test_rows_that_could_not_be_read_define_their_ids_all_the_same():
    """A mistake in a row is told once, not again by every row that refers to it."""
    rows = {"traits": [made.one("traits", person="p1")]}
    assert undefined_references(Batch(rows, defined={"people": frozenset({"p1"})}), nothing) == []
    assert undefined_references(Batch(rows, unread=frozenset({"people"})), nothing) == []
    assert len(undefined_references(Batch(rows), nothing)) == 1


def test_a_missing_table_is_not_told_for_each_of_its_rows():
    """The first hundred rows are named, the others counted."""
    facts = [made.one("traits", id=f"t{i}", person=f"p{i}") for i in range(250)]
    found = undefined_references(Batch.of(facts), nothing)
    assert len(found) == 101
    assert "150 further rows" in found[-1].what


def test_a_row_that_is_no_fact_is_asked_for_its_references_too():
    """Whoever mends the row learns at once that somebody is missing as well."""
    half = HalfRead("traits.csv:7", {"person": "p1"})
    batch = Batch({"traits": []}, half_read={"traits": [half]})
    (problem,) = undefined_references(batch, nothing)
    assert problem.where == "traits.csv:7.person"
