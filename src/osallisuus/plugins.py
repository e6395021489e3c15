"""Plug-ins: found by entry points, listed without import, loaded by name, isolated.

Ours stand in the same groups as a stranger's. A broken plug-in never disturbs the others: it is
listed with what is wrong, and only asking for it by name raises an error, which names the
distribution, its version and what would help. Two plug-ins of one name in one group are refused.
Where no stranger's code may run, :func:`allow_only` names the packages that may be used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module
from importlib.metadata import Distribution, distributions
from typing import Any, Final, Literal, TypeVar

from attrs import evolve

from osallisuus.contracts import breach, described, nearly
from osallisuus.errors import OsallisuusError, PluginError, did_you_mean
from osallisuus.values import frozen

__all__ = ["GROUPS", "Plugin", "allow_only", "find", "load", "status", "use"]

T = TypeVar("T")

_Group = Literal["stores", "engines", "exporters", "fact_exporters", "programs", "metrics", "sinks"]
GROUPS: Final[tuple[_Group, ...]] = (
    *("stores", "engines", "sinks", "exporters"),
    *("fact_exporters", "programs", "metrics"),
)
_VALUE: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")


@frozen
class Plugin:
    """An entry point as it is declared; nothing of it has been imported."""

    group: _Group
    name: str
    value: str
    distribution: str
    version: str
    problem: str = ""
    """Why it cannot be used, as far as that is known."""
    remedy: str = ""
    """What would help, where there is a problem."""

    @property
    def origin(self) -> str:
        """The distribution that declares it, with its version."""
        return f"{self.distribution} {self.version}"


@lru_cache(maxsize=1)
def _declared() -> tuple[Plugin, ...]:
    """Every entry point of our groups; a distribution that cannot be read is passed over."""
    found: dict[str, tuple[Plugin, ...]] = {}
    for distribution in distributions():
        try:
            name, plugins = _read(distribution)
        except Exception:  # noqa: BLE001, S112 - whatever is wrong with a stranger's metadata
            continue
        # of two installations of one distribution Python imports the first on its path
        found.setdefault(_plain(name), plugins)
    every = (plugin for plugins in found.values() for plugin in plugins)
    return tuple(sorted(set(every), key=lambda plugin: (plugin.group, plugin.name, plugin.origin)))


def _read(distribution: Distribution) -> tuple[str, tuple[Plugin, ...]]:
    """The name of a distribution and its entry points in our groups; no name if there are none."""
    # metadata is long, and most distributions are not about us
    if "osallisuus." not in (distribution.read_text("entry_points.txt") or ""):
        return "", ()
    name, version = distribution.metadata["Name"] or "?", distribution.version or "?"
    plugins = []
    for point in distribution.entry_points:
        group = point.group.removeprefix("osallisuus.")
        if point.group != group and group in GROUPS:
            plugins.append(Plugin(group, point.name, point.value, name, version))
    return name, tuple(plugins)


class _Allowed:
    """The packages whose plug-ins may be used in this process; ``None``: all."""

    names: frozenset[str] | None = None


def allow_only(*distributions: str | None) -> None:
    """Use the plug-ins of these *distributions* and ours only, in this process from now on.

    Without a name ours only; with ``None`` all again. What is not allowed is never imported, is told
    by :func:`status` alone, and takes no name from others.
    """
    named = {_plain(name) for name in distributions if name is not None}
    _Allowed.names = None if None in distributions else frozenset({"osallisuus", *named})


def _plain(distribution: str) -> str:
    """The name of a distribution as all its spellings have it."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def _may_be_used(plugin: Plugin) -> bool:
    return _Allowed.names is None or _plain(plugin.distribution) in _Allowed.names


def find(group: _Group) -> dict[str, tuple[Plugin, ...]]:
    """Name -> the plug-ins of that name; more than one is a clash. Nothing is imported."""
    named: dict[str, tuple[Plugin, ...]] = {}
    for plugin in _declared():
        if plugin.group == group and _may_be_used(plugin):
            named[plugin.name] = (*named.get(plugin.name, ()), plugin)
    return named


def load(group: _Group, name: str) -> Any:
    """The object that the plug-in *name* of *group* declares."""
    plugin = _only(group, name)
    loaded, problem = _loaded(plugin)
    if problem:
        raise _unusable(plugin, problem)
    return loaded


def use(group: _Group, name: str, work: Callable[[Any], T]) -> T:
    """What *work* makes of a plug-in. A foreign error in it becomes a :class:`PluginError`."""
    plugin, loaded = _only(group, name), load(group, name)
    try:
        return work(loaded)
    except OsallisuusError:
        raise
    except Exception as error:  # noqa: BLE001 - a plug-in may raise anything while it works
        problem = f"it raised {described(error, _home(plugin))}"
    raise _unusable(plugin, problem)


def _only(group: _Group, name: str) -> Plugin:
    named = find(group)
    if name not in named:
        for plugin in _declared():
            if (plugin.group, plugin.name) == (group, name):
                raise PluginError(
                    f"the plug-in {name!r} of the {group} may not be used here",
                    where=plugin.origin,
                    remedy=_to_allow(plugin),
                )
        raise PluginError(
            f"no plug-in {name!r} among the {group}", where=group, remedy=did_you_mean(name, named)
        )
    plugins = named[name]
    if len(plugins) > 1:
        origins = ", ".join(plugin.origin for plugin in plugins)
        raise PluginError(
            f"several distributions declare {name!r} among the {group}",
            where=origins,
            remedy=_ONE_OF_THEM,
        )
    return plugins[0]


def _unusable(plugin: Plugin, problem: str) -> PluginError:
    return PluginError(
        f"the plug-in {plugin.name!r} of the {plugin.group} cannot be used: {problem}",
        where=plugin.origin,
        remedy=_to_mend(plugin),
    )


_ONE_OF_THEM: Final = "uninstall all but one of them"


def _to_allow(plugin: Plugin) -> str:
    return f"allow {plugin.distribution}, if whoever answers for this agrees"


def _to_mend(plugin: Plugin) -> str:
    ours = plugin.distribution == "osallisuus"
    return "install it anew" if ours else f"update or uninstall {plugin.distribution}"


def _loaded(plugin: Plugin) -> tuple[Any, str]:
    """The object, or what is wrong with it."""
    if not _VALUE.fullmatch(plugin.value):
        return None, "its entry point is not of the form module:name"
    try:
        home, _, path = plugin.value.partition(":")
        loaded: Any = import_module(home)
        for name in path.split("."):
            if not hasattr(loaded, name):
                return None, f"{home} has no {name}{nearly(name, loaded)}"
            loaded = getattr(loaded, name)
        return loaded, breach(plugin.group, plugin.name, loaded)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - a plug-in may raise anything while imported
        return None, f"importing it raised {described(error, _home(plugin))}"


def _home(plugin: Plugin) -> str:
    """The author's package, as it is imported."""
    return re.split("[.:]", plugin.value)[0]


def status(*, name: str | None = None, check: bool = False) -> Iterator[Plugin]:
    """All plug-ins, or those called *name*, clashes marked.

    Nothing is imported, but with *check*: then each of them, and its contract is looked at.
    """
    for group in GROUPS:
        found = find(group)
        for plugin in _declared():
            if plugin.group != group or name not in (None, plugin.name):
                continue
            if _may_be_used(plugin):
                yield _judged(plugin, len(found[plugin.name]) > 1, check)
            else:
                problem = "it is not among the packages that may be used here"
                yield evolve(plugin, problem=problem, remedy=_to_allow(plugin))


def _judged(plugin: Plugin, clash: bool, check: bool) -> Plugin:
    if clash:
        problem = "another distribution has the same name"
        return evolve(plugin, problem=problem, remedy=_ONE_OF_THEM)
    problem = _loaded(plugin)[1] if check else ""
    return evolve(plugin, problem=problem, remedy=_to_mend(plugin) if problem else "")
