"""The promises of the port for fact exporters (:mod:`osallisuus.model.leaving`), one test each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar

import pytest

from osallisuus.conformance import facts
from osallisuus.conformance.installed import names_of
from osallisuus.conformance.said import Promises
from osallisuus.model.facts import TABLES, Fact
from osallisuus.model.leaving import API_VERSION, FactExporter
from osallisuus.model.program import Program
from osallisuus.model.stated import Locale

__all__ = ["FactExporterConformance", "Leaving"]

F = TypeVar("F", bound=Fact)

_CANARY: Final = "kanarialintu"
_UNTIL: Final = date(2071, 7, 13)


class Leaving:
    """Facts as an exporter gets them, without any programme being installed.

    *broken*: the rows of that table break off after the first. What is asked for is remembered.
    """

    def __init__(self, *known: Fact, broken: str = "") -> None:
        self.locale: Locale = "en"
        self._known, self._broken = known, broken

    def rows(self, kind: type[F]) -> Iterator[F]:
        """See :class:`osallisuus.model.leaving.FactSource`."""
        own = sorted((one for one in self._known if type(one) is kind), key=lambda one: one.id)
        for one in own:
            yield one
            if kind.table.name == self._broken:
                raise _BrokenOffError

    def program(self, name: str) -> Program | None:
        """None is installed: the exporter's own words stand."""
        return None


class _BrokenOffError(Exception):
    """The facts cannot be read to their end."""


class FactExporterConformance(Promises):
    """Every promise of a fact exporter. Say in ``exporter`` how yours is made::

    class TestMyExporter(FactExporterConformance):
        def exporter(self):
            return MyExporter()
    """

    to_say = "exporter", "def exporter(self): return MyExporter()"
    reads: ClassVar[str] = "enrollments"
    """A table that the format has a place for."""

    def exporter(self) -> FactExporter:
        """A new exporter of yours."""
        raise NotImplementedError("say in your subclass how your exporter is made")

    def test_it_keeps_the_port(self) -> None:
        """Made without arguments, with a name and the suffix of its file, or none for a folder."""
        made = type(self.exporter())()
        assert isinstance(made, FactExporter)
        assert made.api_version == API_VERSION
        assert made.name
        assert made.suffix.startswith(".") or not made.suffix

    def test_it_is_called_as_its_entry_point_is(self) -> None:
        """Else it is found by nobody: neither by its own name nor by that of the entry point."""
        kind = type(self.exporter())
        assert names_of("fact_exporters", kind) == {kind().name}

    def test_equal_facts_give_equal_bytes(self, tmp_path: Path) -> None:
        """Whichever exporter writes them, wherever."""
        first = _write(self.exporter(), tmp_path / "one", *_known())
        assert _write(self.exporter(), tmp_path / "two", *_known()) == first

    def test_it_keeps_nothing_of_other_facts(self, tmp_path: Path) -> None:
        """The next export does not show that there was another."""
        made = self.exporter()
        first = _write(made, tmp_path / "one", *_known())
        _write(made, tmp_path / "two", facts.one(self.reads, id="x9"), facts.one("people", id="p9"))
        assert _write(made, tmp_path / "three", *_known()) == first

    def test_what_is_known_is_in_it(self, tmp_path: Path) -> None:
        """Another fact makes other bytes: nothing that the format has a place for is lost."""
        made = self.exporter()
        more = facts.one(self.reads, id="x9", **_named(self.reads))
        without = _write(made, tmp_path / "one", *_known())
        assert _write(made, tmp_path / "two", *_known(), more) != without

    def test_who_must_not_share_a_group_is_in_no_byte(self, tmp_path: Path) -> None:
        """Such a judgement never leaves, not even where a source would give it."""
        apart = facts.one("keep_apart", id=_CANARY, one="p1", other="p2", until=_UNTIL)
        made = self.exporter()
        without = _write(made, tmp_path / "one", *_known())
        assert _write(made, tmp_path / "two", *_known(), apart) == without

    def test_it_writes_its_place_and_nothing_beside_it(self, tmp_path: Path) -> None:
        """One file, or one folder where it states no suffix."""
        made = self.exporter()
        target = tmp_path / "private" / f"out{made.suffix}"
        target.parent.mkdir()
        made.write(Leaving(*_known()), target)
        assert [one.name for one in target.parent.iterdir()] == [target.name]
        assert target.is_file() == bool(made.suffix)

    def test_facts_that_break_off_are_no_export(self, tmp_path: Path) -> None:
        """What stopped the source is told: half an export must not pass for a whole one."""
        target = tmp_path / f"out{self.exporter().suffix}"
        with pytest.raises(_BrokenOffError):
            self.exporter().write(Leaving(*_known(), broken=self.reads), target)

    def test_a_register_of_nothing_can_be_written(self, tmp_path: Path) -> None:
        """There is a file, or a folder, all the same."""
        target = tmp_path / f"out{self.exporter().suffix}"
        self.exporter().write(Leaving(), target)
        assert target.exists()


def _write(made: FactExporter, place: Path, *known: Fact) -> dict[str, bytes]:
    """The files that are written below *place*, by their paths in it."""
    place.mkdir()
    made.write(Leaving(*known), place / f"out{made.suffix}")
    return {
        str(one.relative_to(place)): one.read_bytes()
        for one in sorted(place.rglob("*"))
        if one.is_file()
    }


def _named(table: str) -> dict[str, Any]:
    """The references of that table, to the facts of :func:`_known`; every day is stated."""
    given: dict[str, Any] = {}
    for column in TABLES[table].columns[1:]:
        if column.refers_to and column.required:
            given[column.name] = {"people": "p1", "groups": "g1"}.get(column.refers_to[0], "x1")
        elif column.type.name == "date":
            given[column.name] = date(2024, 2, 1)
    return given


def _known() -> list[Fact]:
    """Two people, a group, and one of every other table but who must not share a group."""
    others = [table for table in TABLES if table not in ("people", "groups", "keep_apart")]
    return [
        *(facts.one("people", id=name) for name in ("p1", "p2")),
        facts.one("groups", id="g1"),
        *(facts.one(table, **_named(table)) for table in others),
    ]
