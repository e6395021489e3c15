"""What every published copy in a folder has in common: its manifest, its lock and its steps."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Final, Self

from attrs import evolve

from osallisuus.errors import StoreError, VersionConflict
from osallisuus.extra import library
from osallisuus.model.facts import Table
from osallisuus.model.sink import (
    PUBLISHED,
    SINK_API,
    Known,
    Part,
    Position,
    Published,
)
from osallisuus.sinks.failing import own_errors
from osallisuus.sinks.lock import LOCK, only_writer
from osallisuus.sinks.manifest import MANIFEST, Manifest, damaged, read_manifest, write_manifest
from osallisuus.values import frozen
from osallisuus.whole import flush_folder, unwritable

__all__ = ["FolderSink", "Range"]

_OWN_FOLDER: Final = 0o700


@frozen
class Range:
    """What is told of the commits up to one; ``look``: some of the facts may be there already."""

    upto: Position
    parts: Iterable[Part]
    look: bool


class FolderSink:
    """A published copy in a folder of this machine; a subclass is one kind of copy."""

    api_version: ClassVar[int] = SINK_API
    kind: ClassVar[str]

    def __init__(self, place: Path, manifest: Manifest) -> None:
        self.where = str(place)
        self.place = place
        self.manifest = manifest

    @classmethod
    def open(cls, place: str, *, create: bool = False) -> Self:
        """See :class:`osallisuus.model.sink.Sink`; nothing is made before the first publishing."""
        if "://" in place:
            raise StoreError(
                "a copy is published to a folder of this machine",
                where=place,
                remedy="name a folder, and copy it to where it is wanted",
            )
        path = Path(place).absolute()
        manifest = cls._read(path)
        if not manifest.generation:
            if not create:
                raise StoreError(
                    "there is no published copy",
                    where=place,
                    remedy="publish one: osallisuus sync STORE SINK",
                )
            _refuse_others(path)
        sink = cls(path, manifest)
        sink.foreign()  # says what is to be installed
        return sink

    @classmethod
    def _read(cls, path: Path) -> Manifest:
        """The manifest of the copy at *path*; one of generation 0 if there is none."""
        manifest = read_manifest(path, cls.kind)
        if manifest is None:
            return Manifest(cls.kind, Position(), 0, {}, finished=True)
        if not all(cls.is_sound(name, said) for name, said in manifest.tables.items()):
            raise damaged(path / MANIFEST)
        return manifest

    # ---- what a kind of copy gives ---------------------------------------------------------

    @staticmethod
    @abstractmethod
    def is_sound(table: str, said: Any) -> bool:
        """Whether a manifest may say *said* of a table: nothing in it leads out of the folder."""

    @abstractmethod
    def write(
        self, now: Manifest, told: Range, known: Known | None
    ) -> tuple[Mapping[str, Any], Published]:
        """Write what is told beside what *now* names; the tables as the next manifest names them."""

    @abstractmethod
    def tidy(self, now: Manifest) -> None:
        """Take away what a writer that was stopped has left."""

    @abstractmethod
    def clear(self, now: Manifest) -> Mapping[str, Any]:
        """Clear what *now* does not name from the disk; the tables as they are named then."""

    @abstractmethod
    def pack(self, now: Manifest) -> Mapping[str, Any]:
        """Put each table into fewer files; the tables as the next manifest names them."""

    @abstractmethod
    def files(self, table: Table) -> list[str]:
        """See :class:`osallisuus.model.sink.Sink`."""

    def foreign(self) -> tuple[type[Exception], ...]:
        """The errors of the library that the copy is written with."""
        return (library("pyarrow", "lakehouse").lib.ArrowException,)

    def explained(self, error: Exception) -> StoreError:
        """An error of the system or of a library in our words, without a value."""
        if isinstance(error, OSError) and error.strerror:
            return unwritable(error, self.place, "copy")
        return StoreError(
            f"the copy cannot be read or written: {type(error).__name__}",
            where=self.where,
            remedy="publish the store to a new folder, with sync",
        )

    # ---- the port --------------------------------------------------------------------------

    def position(self) -> Position:
        """See :class:`osallisuus.model.sink.Sink`: as it was opened, or as this object left it."""
        return self.manifest.position

    @own_errors
    def publish(
        self,
        after: Position,
        upto: Position,
        parts: Iterable[Part],
        *,
        known: Known | None = None,
        added: bool = False,
        exact: Callable[[], bool] = lambda: True,
    ) -> Published:
        """See :class:`osallisuus.model.sink.Sink`."""
        self._make_folder()
        with only_writer(self.place):
            now = self._read(self.place)
            if upto == now.position:
                return Published()
            if after != now.position or upto.tx < after.tx:
                raise VersionConflict(
                    "somebody has published to the copy since it was opened",
                    where=self.where,
                    remedy="open it again",
                )
            self._tidied(now)
            look = not (added and now.exact)
            tables, done = self.write(now, Range(upto, parts, look=look), known)
            finished = now.finished and known is None and not done.removed
            self.say(now, tables, position=upto, finished=finished, exact=exact())
            if not finished:
                self._clear()
            return done

    def unfinished(self) -> bool:
        """See :class:`osallisuus.model.sink.Sink`."""
        return not self.manifest.finished

    @own_errors
    def finish(self) -> None:
        """See :class:`osallisuus.model.sink.Sink`."""
        if not self.manifest.generation:
            return
        with only_writer(self.place):
            self._tidied(self._read(self.place))
            self._clear()

    @own_errors
    def compact(self) -> None:
        """See :class:`osallisuus.model.sink.Sink`."""
        if not self.manifest.generation:
            return
        with only_writer(self.place):
            now = self._read(self.place)
            self._tidied(now)
            self.say(now, self.pack(now), finished=False)
            self._clear()

    def close(self) -> None:
        """See :class:`osallisuus.model.sink.Sink`: nothing is held between two calls."""

    def _make_folder(self) -> None:
        if not self.place.is_dir():
            self.place.mkdir(mode=_OWN_FOLDER)
            flush_folder(self.place.parent)

    def say(self, now: Manifest, tables: Mapping[str, Any], **changed: Any) -> None:
        """Write the manifest after *now*."""
        made = evolve(now, tables=tables, generation=now.generation + 1, **changed)
        write_manifest(self.place, made)
        self.manifest = made

    def _tidied(self, now: Manifest) -> None:
        for unfinished in self.place.glob(f".{MANIFEST}.*.new"):
            unfinished.unlink()
        self.tidy(now)

    def _clear(self) -> None:
        now = self._read(self.place)
        cleared = self.clear(now)
        self.say(self.manifest, cleared, finished=True)


def _refuse_others(path: Path) -> None:
    """Refuse a place where something else is; a writer stopped in its first step left only ours."""
    own = {LOCK, *(table.name for table in PUBLISHED)}
    problem = None
    try:
        inside = [one.name for one in path.iterdir()] if path.exists() else []
    except OSError as error:
        problem = unwritable(error, path, "copy")
    else:
        others = [one for one in inside if one not in own and not one.startswith(f".{MANIFEST}")]
        if others or (inside and LOCK not in inside):  # tables that no writer of ours has begun
            problem = StoreError(
                "something else is in this folder",
                where=str(path),
                remedy="name a folder of its own for the copy",
            )
    if problem is not None:
        raise problem
