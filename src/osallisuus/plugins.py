"""Plug-ins: found by entry points, listed without import, loaded by name, isolated.

Ours stand in the same groups as a stranger's. A broken plug-in never disturbs the others: it is
listed with what is wrong, and only asking for it by name raises an error, which names the
distribution, its version and what would help. Two plug-ins of one name in one group are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.metadata import EntryPoint, distributions
from typing import Any, Final, Literal

from attrs import frozen

from osallisuus.errors import PluginError, did_you_mean

__all__ = ["GROUPS", "Plugin", "find", "load", "status"]

_Group = Literal["stores", "engines", "exporters", "programs", "metrics"]
GROUPS: Final[tuple[_Group, ...]] = ("stores", "engines", "exporters", "programs", "metrics")
_API: Final = {"stores": 1, "engines": 1, "exporters": 1}
"""Groups whose objects state the version of the port they keep as ``api_version``."""


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

    @property
    def origin(self) -> str:
        """The distribution that declares it, with its version."""
        return f"{self.distribution} {self.version}"


@lru_cache(maxsize=1)
def _declared() -> tuple[Plugin, ...]:
    """Every entry point of our groups; a distribution that cannot be read is passed over."""
    found = []
    for distribution in distributions():
        try:
            points = [
                point
                for point in distribution.entry_points
                if point.group.startswith("osallisuus.")
            ]
            if not points:
                continue
            name, version = distribution.metadata["Name"], distribution.version
        except Exception:  # noqa: BLE001, S112 - whatever is wrong with a stranger's metadata
            continue
        for point in points:
            group = point.group.removeprefix("osallisuus.")
            if group in GROUPS:
                found.append(Plugin(group, point.name, point.value, name or "?", version or "?"))
    # an editable and a plain install of one distribution declare the same twice
    return tuple(sorted(set(found), key=lambda plugin: (plugin.group, plugin.name, plugin.origin)))


def find(group: _Group) -> dict[str, tuple[Plugin, ...]]:
    """Name -> the plug-ins of that name; more than one is a clash. Nothing is imported."""
    named: dict[str, tuple[Plugin, ...]] = {}
    for plugin in _declared():
        if plugin.group == group:
            named[plugin.name] = (*named.get(plugin.name, ()), plugin)
    return named


def load(group: _Group, name: str) -> Any:
    """The object that the plug-in *name* of *group* declares."""
    named = find(group)
    if name not in named:
        raise PluginError(
            f"no plug-in {name!r} among the {group}", where=group, remedy=did_you_mean(name, named)
        )
    plugins = named[name]
    if len(plugins) > 1:
        origins = ", ".join(plugin.origin for plugin in plugins)
        raise PluginError(
            f"several distributions declare {name!r} among the {group}",
            where=origins,
            remedy="uninstall all but one of them",
        )
    (plugin,) = plugins
    loaded, problem = _loaded(plugin)
    if problem:
        raise PluginError(
            f"the plug-in {name!r} of the {group} cannot be used: {problem}",
            where=plugin.origin,
            remedy=f"update or uninstall {plugin.distribution}",
        )
    return loaded


def _loaded(plugin: Plugin) -> tuple[Any, str]:
    """The object, or what is wrong with it."""
    point = EntryPoint(plugin.name, plugin.value, f"osallisuus.{plugin.group}")
    try:
        loaded = point.load()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - a plug-in may raise anything while imported
        return None, f"importing it raised {type(error).__name__}"
    expected = _API.get(plugin.group)
    version = getattr(loaded, "api_version", None)
    if expected is not None and version != expected:
        return None, f"it keeps version {version} of the port, not {expected}"
    return loaded, ""


def status(*, check: bool = False) -> Iterator[Plugin]:
    """All plug-ins, clashes marked; with *check* each is imported and its contract looked at."""
    for group in GROUPS:
        for plugins in find(group).values():
            yield from _judged(plugins, check)


def _judged(plugins: Iterable[Plugin], check: bool) -> Iterator[Plugin]:
    same = tuple(plugins)
    for plugin in same:
        problem = "another distribution has the same name" if len(same) > 1 else ""
        if check and not problem:
            _, problem = _loaded(plugin)
        yield Plugin(
            plugin.group, plugin.name, plugin.value, plugin.distribution, plugin.version, problem
        )
