"""The library that an extra brings, or an error that says how to get it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from osallisuus.errors import PluginError

__all__ = ["library"]


def library(module: str, extra: str) -> Any:
    """The module of that name; :class:`PluginError` with the command that installs its extra."""
    try:
        return import_module(module)
    except ImportError:
        pass
    raise PluginError(
        f"this needs the library {module}",
        where=f"extra {extra}",
        remedy=f"python -m pip install 'osallisuus[{extra}]'",
    )
