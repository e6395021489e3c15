"""The promises of the Sink port (:class:`osallisuus.model.sink.Sink`), one test each."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, closing
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, ClassVar, Final

import pytest
from hypothesis import given

from osallisuus.conformance import facts
from osallisuus.conformance.said import Promises
from osallisuus.conformance.steps import drawing, person
from osallisuus.errors import StoreBusy, StoreError, VersionConflict
from osallisuus.extra import library
from osallisuus.model.arrow import arrow_batch
from osallisuus.model.codec import codec
from osallisuus.model.facts import TABLES, Fact
from osallisuus.model.sink import PUBLISHED, Part, Position, Published, Sink, published_schema

__all__ = ["SinkConformance", "part_of", "rows_in"]

_GONE: Final = "kanarialintu"
"""The id of whoever is taken out."""
_FIRST, _SECOND, _THIRD = Position(1, "a"), Position(3, "b"), Position(4, "c")
_numbers = count()


def part_of(*published: Fact, removed: Collection[str] = ()) -> Part:
    """What is told of *published*, facts of one table, in all the columns that the table has."""
    table = published[0].table
    rows = arrow_batch(table, codec(table.name, native=True).dump(published))
    return Part(table.name, rows, removed)


def rows_in(sink: Sink, table: str) -> list[dict[str, Any]]:
    """What the Parquet files of *table* in a copy hold, in the order of ids."""
    parquet = library("pyarrow.parquet", "parquet")
    wanted = published_schema(TABLES[table])
    rows = [
        row
        for file in sink.files(TABLES[table])
        for row in parquet.ParquetFile(file).read().select(wanted.names).cast(wanted).to_pylist()
    ]
    return sorted(rows, key=lambda row: str(row["id"]))


class SinkConformance(Promises):
    """Every promise of a sink. Say in ``open`` how yours is opened::

        class TestMySink(SinkConformance):
            def open(self, place, *, create=False):
                return MySink.open(str(place / "copy"), create=create)

    A copy is read by the Parquet files that it names. Needs the extra ``parquet``.
    """

    to_say = "open", "def open(self, place, *, create=False): return MySink.open(...)"
    examples: ClassVar[int] = 3
    """How many sets of facts are drawn to be read back. More find more, and take longer."""

    def open(self, place: Path, *, create: bool = False) -> Sink:
        """The copy in the folder *place*, the same for the same folder; all its files are there."""
        raise NotImplementedError("say in your subclass how your sink is opened")

    @pytest.fixture
    def place(self, tmp_path: Path) -> Path:
        """An empty folder."""
        folder = tmp_path / "sink"
        folder.mkdir()
        return folder

    @pytest.fixture
    def sink(self, place: Path) -> Iterator[Sink]:
        """A new copy of nothing."""
        with self._opened(place) as opened:
            yield opened

    def test_a_new_copy_holds_nothing(self, sink: Sink) -> None:
        """It stands before the first commit, and no table has a file."""
        assert sink.position() == Position()
        assert not any(sink.files(table) for table in PUBLISHED)
        assert not sink.unfinished()

    def test_a_copy_is_made_only_when_asked(self, place: Path) -> None:
        """A typing mistake in a place must not look like a copy of nobody."""
        with pytest.raises(StoreError):
            self.open(place).close()
        assert not any(place.rglob("*.parquet"))

    def test_facts_come_out_as_they_went_in(self, place: Path) -> None:
        """Whatever a column may hold, in every table, but what may not leave the store."""

        @drawing(self.examples)
        @given(facts.some_of_each(2))
        def come_out(drawn: dict[str, list[Fact]]) -> None:
            told = {table.name: drawn[table.name] for table in PUBLISHED if drawn[table.name]}
            empty = place / str(next(_numbers))
            empty.mkdir()
            with self._opened(empty) as sink:
                sink.publish(Position(), _FIRST, [part_of(*new) for new in told.values()])
                for table in PUBLISHED:
                    assert rows_in(sink, table.name) == _published(*told.get(table.name, ()))

        come_out()

    def test_it_stands_where_it_was_published(self, place: Path, sink: Sink) -> None:
        """Also when it is opened again: the commit and its digest."""
        sink.publish(Position(), _SECOND, [part_of(person("a"), person("b"))])
        assert sink.position() == _SECOND
        with closing(self.open(place)) as again:
            assert again.position() == _SECOND
            assert rows_in(again, "people") == _published(person("a"), person("b"))

    def test_it_says_how_many_rows_it_wrote(self, sink: Sink) -> None:
        """Of all tables together; a range without a fact that leaves has none."""
        group = part_of(facts.one("groups", id="g"))
        parts = [part_of(person("a"), person("b")), group]
        assert sink.publish(Position(), _FIRST, parts).rows == 3
        assert sink.publish(_FIRST, _SECOND, []).rows == 0
        assert sink.position() == _SECOND

    def test_a_repeated_range_changes_nothing(self, sink: Sink) -> None:
        """As when the answer was lost on its way."""
        sink.publish(Position(), _FIRST, [part_of(person("a"))])
        assert sink.publish(Position(), _FIRST, [part_of(person("b"))]) == Published()
        assert rows_in(sink, "people") == _published(person("a"))

    def test_a_fact_that_is_told_again_is_there_once(self, sink: Sink) -> None:
        """As it was told last."""
        sink.publish(Position(), _FIRST, [part_of(person("a"), person("b"))])
        sink.publish(_FIRST, _SECOND, [part_of(person("b", 9), person("c"))])
        assert rows_in(sink, "people") == _published(person("a"), person("b", 9), person("c"))

    def test_what_is_taken_back_goes_and_is_counted(self, sink: Sink) -> None:
        """Parts of a table follow each other; what is not there counts for nothing."""
        sink.publish(Position(), _FIRST, [part_of(person("a")), part_of(person("b"))])
        parts = [part_of(person("c")), Part("people", None, {"a", "nobody"})]
        assert sink.publish(_FIRST, _SECOND, parts).removed == 1
        assert rows_in(sink, "people") == _published(person("b"), person("c"))

    def test_what_was_told_too_early_is_looked_for(self, sink: Sink) -> None:
        """A range that told of later commits is followed by one that may tell the same again."""
        read: list[str] = []

        def parts() -> Iterator[Part]:
            yield part_of(person("a"), person("b"))
            read.append("all parts")

        def exact() -> bool:
            assert read, "exact was asked before all parts were read"
            return False

        sink.publish(Position(), _FIRST, parts(), exact=exact)
        sink.publish(_FIRST, _SECOND, [part_of(person("b"), person("c"))], added=True)
        sink.publish(_SECOND, _THIRD, [part_of(person("d"))], added=True)
        assert rows_in(sink, "people") == _published(*(person(name) for name in "abcd"))

    def test_a_stale_view_is_refused(self, place: Path, sink: Sink) -> None:
        """It would write over what another has published since."""
        with self._opened(place) as other:
            other.publish(Position(), _FIRST, [part_of(person("a"))])
            with pytest.raises(VersionConflict):
                sink.publish(Position(), _SECOND, [part_of(person("b"))])
        assert self._people(place) == _published(person("a"))

    def test_one_writer_at_a_time(self, place: Path, sink: Sink) -> None:
        """The other is told so, and writes nothing."""

        def parts() -> Iterator[Part]:
            with self._opened(place) as other, pytest.raises(StoreBusy):
                other.publish(Position(), _FIRST, [part_of(person("b"))])
            yield part_of(person("a"))

        sink.publish(Position(), _SECOND, parts())
        assert self._people(place) == _published(person("a"))

    def test_a_source_that_breaks_off_leaves_all_as_it_was(self, place: Path, sink: Sink) -> None:
        """In every table; and what comes next comes once."""
        sink.publish(Position(), _FIRST, [part_of(person("a")), part_of(_group("g"))])
        with pytest.raises(KeyboardInterrupt):
            sink.publish(_FIRST, _SECOND, _broken_off())
        with closing(self.open(place)) as again:
            assert again.position() == _FIRST
            assert rows_in(again, "people") == _published(person("a"))
            assert rows_in(again, "groups") == _published(_group("g"))
            again.publish(_FIRST, _SECOND, [part_of(person("b"))])
        assert self._people(place) == _published(person("a"), person("b"))

    def test_who_is_not_known_any_more_is_in_no_table(self, sink: Sink) -> None:
        """Every table is compared with what the store holds, and what went is counted."""
        sink.publish(Position(), _FIRST, [_people_and_gone(), part_of(_group("g"), _group(_GONE))])
        done = sink.publish(_FIRST, _SECOND, [part_of(person("c"))], known=_all_but_gone)
        assert done == Published(1, 2)
        assert rows_in(sink, "people") == _published(person("a"), person("c"))
        assert rows_in(sink, "groups") == _published(_group("g"))

    @pytest.mark.parametrize("erased", [True, False])
    def test_no_byte_is_left_of_what_was_taken_out(
        self, place: Path, sink: Sink, *, erased: bool
    ) -> None:
        """Neither in a file nor in the name of one, as soon as it has answered."""
        sink.publish(Position(), _FIRST, [_people_and_gone()])
        assert _is_said(_GONE, place)
        parts = [] if erased else [Part("people", None, {_GONE})]
        sink.publish(_FIRST, _SECOND, parts, known=_all_but_gone if erased else None)
        assert not sink.unfinished()
        assert not _is_said(_GONE, place)

    def test_what_may_not_leave_is_in_no_file(self, place: Path, sink: Sink) -> None:
        """Free text is in the rows that a sink is given, and in none that it keeps."""
        noted = facts.one("observations", id="o1", note=f"{_GONE} in confidence")
        sink.publish(Position(), _FIRST, [part_of(noted)])
        assert [row["id"] for row in rows_in(sink, "observations")] == ["o1"]
        assert not _is_said(_GONE, place)

    def test_packing_keeps_every_row_in_fewer_files(self, place: Path, sink: Sink) -> None:
        """And stands where it stood."""
        after = Position()
        for upto, name in zip((_FIRST, _SECOND, _THIRD), "abc", strict=True):
            sink.publish(after, upto, [part_of(person(name))])
            after = upto
        before = len(sink.files(TABLES["people"]))
        sink.compact()
        assert len(sink.files(TABLES["people"])) in range(1, max(before, 2))
        assert (sink.position(), sink.unfinished()) == (_THIRD, False)
        assert self._people(place) == _published(*(person(name) for name in "abc"))

    def test_finishing_may_be_asked_at_any_time(self, place: Path, sink: Sink) -> None:
        """Of an empty copy and of a whole one: nothing that it holds is changed."""
        sink.finish()
        sink.publish(Position(), _FIRST, [part_of(person("a"))])
        sink.finish()
        assert (sink.position(), sink.unfinished()) == (_FIRST, False)
        assert self._people(place) == _published(person("a"))

    def test_closing_twice_does_nothing(self, place: Path) -> None:
        """And the copy is there for who opens it again."""
        opened = self.open(place, create=True)
        opened.publish(Position(), _FIRST, [part_of(person("a"))])
        opened.close()
        opened.close()
        assert self._people(place) == _published(person("a"))

    def _opened(self, place: Path) -> AbstractContextManager[Sink]:
        return closing(self.open(place, create=True))

    def _people(self, place: Path) -> list[dict[str, Any]]:
        """The people in the copy as somebody else opens it."""
        with closing(self.open(place)) as again:
            return rows_in(again, "people")


def _published(*held: Fact) -> list[dict[str, Any]]:
    """What a copy holds of *held*, facts of one table."""
    if not held:
        return []
    rows: Any = part_of(*held).rows
    listed = rows.select(published_schema(held[0].table).names).to_pylist()
    return sorted(listed, key=lambda row: str(row["id"]))


def _group(name: str) -> Fact:
    return facts.one("groups", id=name, starts_on=date(2020, 1, 1))


def _people_and_gone() -> Part:
    return part_of(person("a"), person(_GONE))


def _broken_off() -> Iterator[Part]:
    yield part_of(person("a", 9), person("b"))
    yield Part("groups", None, {"g"})
    raise KeyboardInterrupt


def _all_but_gone(table: str, ids: Collection[str]) -> set[str]:
    return set(ids) - {_GONE}


def _is_said(word: str, place: Path) -> bool:
    """Whether any byte below *place* says *word*, in a name, raw, or in the cells of a file."""
    return any(word in told.lower() for file in place.rglob("*") for told in _told_by(file))


def _told_by(file: Path) -> Iterator[str]:
    yield str(file.name)
    if file.is_file():
        yield file.read_bytes().decode("latin-1")
        if file.suffix == ".parquet":
            yield repr(library("pyarrow.parquet", "parquet").ParquetFile(file).read().to_pylist())
