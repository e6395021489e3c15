"""The fact records: frozen, silent, and clear about what they refuse."""

import copy
import pickle
import traceback
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import osallisuus as osa
from osallisuus.errors import ImportProblem
from osallisuus.model.columns import TYPES, FreeText
from osallisuus.model.facts import TABLES, Attendance, Enrollment, Fact
from tests.model import made

CANARY = "Canary Kanarialintu 010190-123A\ncanary@example.org\x00"


@pytest.mark.parametrize("table", TABLES)
@settings(max_examples=12)
@given(data=st.data())
def test_a_fact_of_every_table_can_be_made(table, data):
    """Every record takes the values that its columns allow and gives them back."""
    fact = data.draw(made.facts(table))
    assert fact.table is TABLES[table]
    assert list(fact.describe()) == list(TABLES[table].column_names)
    for column in TABLES[table].columns:
        assert column.check(getattr(fact, column.name)) == getattr(fact, column.name)
    assert type(fact)(**fact.describe()) == fact


@pytest.mark.parametrize("table", TABLES)
def test_a_record_is_frozen_and_slotted(table):
    """No field of a fact can be changed, taken away or added."""
    fact = made.one(table)
    for name in fact.table.column_names:
        with pytest.raises(AttributeError):
            setattr(fact, name, None)
        with pytest.raises(AttributeError):
            delattr(fact, name)
    with pytest.raises(AttributeError):
        fact.nickname = "x"
    assert not hasattr(fact, "__dict__")
    assert hash(fact) == hash(made.one(table))
    assert copy.deepcopy(fact) == pickle.loads(pickle.dumps(fact)) == fact


@pytest.mark.parametrize("table", TABLES)
def test_the_repr_of_a_fact_shows_its_id_only(table):
    """What is printed, logged or shown in a traceback gives nothing but the opaque id."""
    fact = made.one(table, id="opaque-1")
    assert repr(fact) == str(fact) == f"{type(fact).__name__}('opaque-1')"


@pytest.mark.parametrize("table", TABLES)
def test_every_bad_field_is_named_at_once_and_no_value_is_told(table):
    """One error names all bad fields with what is expected; what stood in them is nowhere in it."""
    columns = TABLES[table].columns
    bad = dict.fromkeys((column.name for column in columns), CANARY)
    with pytest.raises(ImportProblem) as caught:
        TABLES[table].record(**bad)

    problems = caught.value.problems
    name = TABLES[table].record.__name__
    assert [problem.where for problem in problems] == [f"{name}.{c.name}" for c in columns]
    assert [problem.remedy for problem in problems] == [column.expected for column in columns]
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value.args)
    assert "anar" not in told
    assert "010190" not in told
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize("table", TABLES)
def test_each_required_field_is_required_and_each_other_is_not(table):
    """``None`` means "not stated" and is refused exactly where something must be stated."""
    for column in TABLES[table].columns:
        if column.required:
            with pytest.raises(ImportProblem) as caught:
                made.one(table, **{column.name: None})
            assert caught.value.problems[0].where.endswith(f".{column.name}")
        else:
            assert getattr(made.one(table, **{column.name: None}), column.name) is None


def test_fields_are_given_by_name():
    """Two ids in a row cannot be confused: positions are not taken."""
    with pytest.raises(TypeError):
        Attendance("a1", "s1", "p1", "present")


def test_free_text_becomes_free_text_and_whole_numbers_numbers():
    """A field holds the type of its column, whatever close relative it was given."""
    answer = made.one("answers", note="in their own words", number=3)
    assert type(answer.note) is FreeText
    assert type(answer.number) is float


def test_a_code_outside_a_closed_vocabulary_is_refused_with_the_vocabulary():
    """The error lists the codes that would do."""
    with pytest.raises(ImportProblem, match="one of completed, left"):
        made.one("enrollments", ending="finished")


def test_tables_stand_after_those_they_refer_to():
    """Rows can be written table by table: no table refers to a later one."""
    order = list(TABLES)
    for name, table in TABLES.items():
        for column in table.columns:
            for target in column.refers_to:
                assert order.index(target) <= order.index(name), (name, column.name)


def test_tables_are_described_by_columns_that_they_have():
    """Dating, endings and parents of a table name its own columns, and the first is the id."""
    for table in TABLES.values():
        names = set(table.column_names)
        mentioned = {*table.first, *(name for name, _ in table.ends)}
        mentioned |= {name for _, others in table.ends for name in others}
        mentioned |= {table.parent[0]} if table.parent else set()
        assert mentioned <= names
        assert table.column_names[0] == "id"
        assert table.columns[0].type is TYPES["id"]
        assert table.columns[0].required
        if table.parent:
            assert table.column(table.parent[0]).refers_to == (table.parent[1],)


def test_every_record_is_public():
    """Each record class can be had from the package itself."""
    assert {table.record for table in TABLES.values()} == {
        getattr(osa, table.record.__name__) for table in TABLES.values()
    }
    assert all(issubclass(table.record, Fact) for table in TABLES.values())


def test_an_unknown_column_is_a_key_error():
    """A table knows its columns by name and no others."""
    assert TABLES["people"].column("registered_on").type.name == "date"
    with pytest.raises(KeyError):
        TABLES["people"].column("name")


def test_who_must_not_share_a_group_is_restricted_throughout():
    """Every column of that judgement is of the class that nothing reads, and none is a reason."""
    columns = TABLES["keep_apart"].columns
    assert {column.field_class for column in columns} == {"restricted"}
    assert [column.name for column in columns] == ["id", "one", "other", "group", "until"]


def test_facts_are_equal_by_their_values():
    """Two records of the same values are one fact; another table's are not."""
    first = Enrollment(id="e1", person="p1", program="wertzu", program_version="1")
    same = Enrollment(id="e1", person="p1", program="wertzu", program_version="1")
    other = Enrollment(
        id="e1", person="p1", program="wertzu", program_version="1", started_on=date(2020, 1, 1)
    )
    assert first == same
    assert first != other
    assert first != made.one("people", id="e1")
