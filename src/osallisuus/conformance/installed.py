"""What a package that is installed says of a part: the names of its entry points."""

from __future__ import annotations

from importlib.metadata import entry_points

import pytest

__all__ = ["names_of"]


def names_of(group: str, kind: type) -> set[str]:
    """The names under which *kind* is declared in that group, such as ``exporters``.

    The promise that asks is skipped where there is none: the package is not installed.
    """
    home = _package(kind.__module__)
    found = {
        point.name
        for point in entry_points(group=f"osallisuus.{group}")
        if _package(point.value) == home and point.load() is kind  # nobody else's is imported
    }
    if not found:
        pytest.skip("no installed package has an entry point for it")
    return found


def _package(path: str) -> str:
    return path.partition(":")[0].partition(".")[0]
