"""From the address of a store to its register."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from osallisuus import plugins
from osallisuus.errors import OsallisuusError, StoreError
from osallisuus.metrics.engine import EngineKind
from osallisuus.model.store import Store
from osallisuus.register.address import at_home
from osallisuus.register.engines import Engines
from osallisuus.register.erasure import Erasure
from osallisuus.register.exports import Exports
from osallisuus.register.people import People
from osallisuus.register.releases import Releases
from osallisuus.register.sync import Syncs
from osallisuus.register.upkeep import Upkeep
from osallisuus.register.views import Views
from osallisuus.time import Clock

__all__ = ["Register", "file_of", "open_register", "upgrade_store"]


_WITH_PASSWORD: Final = re.compile(r"//[^/]*:[^/]*@").search


class Register(People, Views, Exports, Releases, Erasure, Upkeep, Syncs):
    """The facts of one store, and everything that can be asked of them.

    Make one with :func:`osallisuus.open`. It is a context manager and closes its store.
    """


def _system_clock() -> datetime:
    return datetime.now(UTC)


def open_register(
    place: str,
    *,
    actor: str = "unnamed",
    purpose: str = "unnamed",
    clock: Clock = _system_clock,
    engine: str | EngineKind | None = None,
    **options: Any,
) -> Register:
    """Open the store at *place* as a register.

    *place* is ``memory:``, ``sqlite:///path.db``, another URL whose scheme a store plug-in
    names, a path to a ``.db`` file, or a folder of CSV files. *actor* and *purpose* go into the
    journal. *engine* is the name of an engine plug-in, or a kind of engine such as
    ``SparkEngine.over(session)``; by default the store's own choice
    (:mod:`osallisuus.register.engines`). *options* go to the store, such as ``create=False``. A
    new ``.db`` file is made, a new folder only with ``create=True``: a misspelt path would
    otherwise be a store of nothing.
    """
    name, path = _address(place)
    if name == "folder" and path == place and "create" not in options and not _is_there(path):
        raise StoreError(
            "there is no such folder",
            where=place,
            remedy="check the path; create=True makes a new one",
        )
    store: Store = plugins.use("stores", name, lambda kind: kind.open(path, clock=clock, **options))
    try:
        engines = Engines(store, engine, own=name)
    except OsallisuusError:
        store.close()
        raise
    return Register(store, actor=actor, purpose=purpose, engines=engines)


def upgrade_store(
    place: str, *, dry_run: bool = False, clock: Clock = _system_clock, **options: Any
) -> tuple[int, int, int]:
    """Bring the store at *place* to the schema version that this library reads.

    The version before, the version after, and how many commits were written anew: 0 where nothing
    had to be done. With *dry_run* everything is tried, and nothing kept. Make a backup first.
    """
    name, path = _address(place)

    def work(kind: Any) -> tuple[int, int, int]:
        if not hasattr(kind, "upgrade"):
            raise StoreError(
                "stores of this kind have no schema versions",
                where=name,
                remedy="there is nothing to upgrade",
            )
        done = kind.upgrade(path, clock=clock, dry_run=dry_run, **options)
        return done.before, done.after, done.commits

    return plugins.use("stores", name, work)


def _is_there(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return True  # the store will say what is wrong with it


def file_of(place: str) -> Path | None:
    """The file or folder that *place* means; ``None`` where it is no path."""
    name, path = _address(place)
    return Path(path) if name in ("sqlite", "folder") else None


def _address(place: str) -> tuple[str, str]:
    found = re.match(r"([A-Za-z][A-Za-z0-9+_-]+):(?://)?(.*)", place)
    if found:
        name, path = found[1].lower(), found[2]
        if name == "sqlite":
            path = path.removeprefix("/")
        return name, at_home(path)
    if _WITH_PASSWORD(place):  # it would stand in every message as the path that it is not
        raise StoreError(
            "this is not the address of a store",
            where="the address",
            remedy="begin it with its kind, such as postgresql://",
        )
    place = at_home(place)
    if Path(place).is_dir():
        return "folder", place
    if Path(place).suffix in (".db", ".sqlite"):
        return "sqlite", place
    return "folder", place
