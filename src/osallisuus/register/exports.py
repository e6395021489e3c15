"""The facts of a register as files, for those who may see them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import evolve, field

from osallisuus import plugins
from osallisuus.errors import DefinitionError, StoreError, did_you_mean
from osallisuus.model.facts import TABLES, Fact, KeepApart
from osallisuus.register.facts import Facts
from osallisuus.register.named import installed_programs
from osallisuus.values import frozen
from osallisuus.whole import refuse_nameless, refuse_store, unwritable, whole

if TYPE_CHECKING:
    from osallisuus.model.leaving import FactExporter
    from osallisuus.model.program import Program
    from osallisuus.model.stated import Locale
    from osallisuus.model.store import Act, Progress, Store

__all__ = ["Exported", "Exports"]

F = TypeVar("F", bound=Fact)

_EVERY = 10_000
_INSIDE = ".inside.json"
"""In a folder: the names of its files, by which an export knows its own. It comes to its place with
the folder in one step, so a power cut cannot part them; and it says nothing that who is given the
folder does not see."""
_LARGEST = 1_000_000


@frozen(kw_only=True)
class Exported:
    """What an export wrote, and what stayed behind: counts and names, never a value."""

    format: str
    place: Path
    files: tuple[Path, ...] = field(repr=False)
    rows: dict[str, int]
    """Table -> rows written."""
    free_texts: int
    """How many free texts were left out."""
    withheld: int
    """How many judgements on who must not share a group stayed: they are never exported (R4)."""
    unused: dict[str, int]
    """Table -> rows that the format has no place for."""
    unasked: dict[str, int] = field(factory=dict)
    """Table -> rows that were not asked for."""
    purpose: str = ""
    """What the facts were taken out for."""
    fields: dict[str, list[str]] = field(factory=dict)
    """Table -> its columns that left, but for people's own words that stayed."""

    def inside(self) -> list[str]:
        """The files by their paths inside the folder; none where it is a single file."""
        if self.files == (self.place,):
            return []
        return [one.relative_to(self.place).as_posix() for one in self.files]

    def manifest(self) -> bytes:
        """The same as the JSON of ``PLACE.manifest.json``."""
        left_out = [
            {"what": "keep_apart", "why": "never exported"} if self.withheld else None,
            {"what": "free text", "count": self.free_texts, "why": "not asked for"}
            if self.free_texts
            else None,
            *(
                {"what": name, "count": count, "why": "the format has no place for it"}
                for name, count in self.unused.items()
            ),
            *(
                {"what": name, "count": count, "why": "not asked for"}
                for name, count in self.unasked.items()
            ),
        ]
        content = {
            "format": self.format,
            "purpose": self.purpose,
            "inside": self.inside(),
            "rows": self.rows,
            "fields": self.fields,
            "left_out": [one for one in left_out if one is not None],
        }
        return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


class Exports(Facts):
    """Facts leave by name of a format; what may not leave stays."""

    def export(
        self,
        name: str,
        place: str | Path,
        *,
        tables: Sequence[str] = (),
        purpose: str = "",
        include_free_text: bool = False,
        overwrite: bool = False,
        locale: Locale = "en",
        progress: Progress | None = None,
    ) -> Exported:
        """Write the facts as the fact exporter *name* does, whole or not at all.

        All tables are told as of one moment where the store keeps a history, whatever another program
        writes meanwhile. *tables* are those that are needed for the *purpose*, by default all (U18); the purpose is by
        default that of the register. Files can be read by their owner only, and a manifest beside
        *place* says what was left out. That they leave, which of them and what for goes into the
        journal where the store keeps notes, and into the manifest with the fields. *overwrite*
        replaces a file, and a folder in which nothing is but what an export has made: its
        ``.inside.json`` names it. Raises :class:`~osallisuus.errors.StoreError` when something else is there already, it
        is the store itself, or it cannot be written, and
        :class:`~osallisuus.errors.DefinitionError` for a language that we do not speak, an unknown
        table, and a purpose that is no text.
        """
        from osallisuus.words import Words  # says which languages there are

        Words(locale)
        for one in tables:
            if one not in TABLES:
                raise DefinitionError("no such table", where=one, remedy=did_you_mean(one, TABLES))
        if not purpose.isprintable():  # it goes into the journal and the manifest
            raise DefinitionError("this is no text", where="purpose", remedy="say it in words")
        path = Path(place)
        refuse_nameless(path, "export")
        refuse_store(path, getattr(self.store, "where", ""))
        known_at = self._tx
        if known_at is None and "history" in self.store.capabilities:
            known_at = self.store.head()  # of all tables, whatever somebody writes meanwhile
        source = _Leaving(
            self.store, locale, progress or _silent, known_at=known_at,
            tables=frozenset(tables or TABLES), texts=include_free_text,
        )  # fmt: skip
        purpose = purpose or self.purpose
        manifest = path.with_name(f"{path.name}.manifest.json")
        with (
            whole(manifest, what="export", overwrite=overwrite) as beside,
            whole(path, what="export", overwrite=overwrite, ours=_made_by_export) as made,
        ):

            def write(exporter: Callable[[], FactExporter]) -> None:
                try:
                    exporter().write(source, made)
                except OSError as error:  # of the place, not of the plug-in
                    problem = unwritable(error, path, "export")
                except StoreError as error:  # what is being made is at its place only at the end
                    told = [evolve(one, where=_placed(one.where, made, path))
                            for one in error.problems]  # fmt: skip
                    problem = StoreError(told)
                else:
                    return
                raise problem

            plugins.use("fact_exporters", name, write)
            told = evolve(source.told(name, path, _files(made)), purpose=purpose)
            beside.write_bytes(told.manifest())
            _say_whose(made, told)
            reason = ": ".join((name, ", ".join(tables))) if tables else name
            self._note_leaving(evolve(self._act(reason), purpose=purpose))
        return told

    def _note_leaving(self, act: Act) -> None:
        """Before anything is at its place: what cannot be written down does not leave."""
        if "note" in self.store.capabilities:
            self.store.note("export", act)


def _silent(table: str, rows: int) -> None:
    pass


class _Leaving:
    """The facts that may leave; it counts what left and what did not."""

    def __init__(
        self,
        store: Store,
        locale: Locale,
        progress: Progress,
        *,
        known_at: int | None,
        tables: frozenset[str],
        texts: bool,
    ) -> None:
        self.locale = locale
        self._store, self._known_at, self._with_texts = store, known_at, texts
        self._progress = progress
        self._asked = tables
        self._rows: dict[str, int] = {}
        self._texts: dict[str, int] = {}

    def rows(self, kind: type[F]) -> Iterator[F]:
        """See :class:`osallisuus.model.leaving.FactSource`."""
        name = kind.table.name
        self._rows[name] = self._texts[name] = 0
        if kind is KeepApart or name not in self._asked:
            return
        columns = [one.name for one in kind.table.columns if one.field_class == "free_text"]
        silenced: dict[str, Any] = {} if self._with_texts else dict.fromkeys(columns)
        for fact in self._facts(kind):
            self._rows[name] += 1
            if self._rows[name] % _EVERY == 0:
                self._progress(name, self._rows[name])
            texts = sum(getattr(fact, column) is not None for column in silenced)
            self._texts[name] += texts
            yield evolve(fact, **silenced) if texts else fact  # type: ignore[misc]

    def _facts(self, kind: type[F]) -> Iterator[F]:
        return chain.from_iterable(self._store.scan(kind, known_at=self._known_at))

    def program(self, name: str) -> Program | None:
        """See :class:`osallisuus.model.leaving.FactSource`."""
        return installed_programs({name}).get(name)

    def told(self, name: str, place: Path, inside: tuple[str, ...]) -> Exported:
        """What was written and what was not."""
        others = {
            table: sum(1 for _ in self._facts(TABLES[table].record))
            for table in TABLES
            if table not in self._rows or table not in self._asked or table == "keep_apart"
        }
        withheld = others.pop("keep_apart")
        unasked = {one: others.pop(one) for one in [*others] if one not in self._asked}
        return Exported(
            format=name,
            place=place,
            files=tuple(place / one if one else place for one in inside),
            rows={table: self._rows[table] for table in TABLES if self._rows.get(table)},
            free_texts=sum(self._texts.values()),
            withheld=withheld,
            unused={table: count for table, count in others.items() if count},
            unasked={table: count for table, count in unasked.items() if count},
            fields={
                table: [
                    one.sql_name
                    for one in TABLES[table].columns
                    if self._with_texts or one.field_class != "free_text"
                ]
                for table in TABLES
                if self._rows.get(table)
            },
        )


def _placed(where: str, made: Path, path: Path) -> str:
    return str(path) + where.removeprefix(str(made)) if where.startswith(str(made)) else where


def _say_whose(made: Path, told: Exported) -> None:
    if made.is_dir():
        (made / _INSIDE).write_text(json.dumps(told.inside()), "utf-8")


def _made_by_export(folder: Path) -> bool:
    """Whether an export has made all that is in the *folder*."""
    try:
        with (folder / _INSIDE).open("rb") as file:
            named = json.loads(file.read(_LARGEST))
        known = {_INSIDE, *(str(Path(one)) for one in named)}
        return isinstance(named, list) and {*_files(folder)} <= known
    except (OSError, ValueError, TypeError, RecursionError):
        return False


def _files(made: Path) -> tuple[str, ...]:
    """The files of what was made, by their paths inside it; ``""`` where it is one file."""
    if not made.is_dir():
        return ("",)
    inside = sorted(made.rglob("*"))
    return tuple(
        str(one.relative_to(made)) for one in inside if one.is_symlink() or not one.is_dir()
    )
