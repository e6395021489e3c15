"""Every error of the library.

::

    OsallisuusError
    ├── DefinitionError     a programme, metric or report definition is wrong
    ├── ImportProblem       a fact folder or record holds something that cannot be taken in
    ├── StoreError          a store cannot be opened, read or written
    │   ├── StoreBusy       another writer held the store for too long
    │   └── VersionConflict a fact was changed by somebody else meanwhile
    ├── EngineError         a tabulation could not be computed
    ├── UndefinedFigure     a number was asked of a figure that has none
    ├── DisclosureError     an output would give a person away
    ├── PluginError         a plug-in is missing, broken or does not keep its contract
    ├── LimitError          an input is larger than the stated limit
    └── ErasureError        an erasure could not be carried out or proved

Each carries one or more :class:`Problem` values: *what* is wrong, *where*, and *what would work*.
No message ever holds a value out of a person's data (promise P11): places, codes of closed
vocabularies and names of columns or keys may be named, cell contents may not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from osallisuus.values import frozen

__all__ = [
    "DefinitionError",
    "DisclosureError",
    "EngineError",
    "ErasureError",
    "ImportProblem",
    "LimitError",
    "OsallisuusError",
    "PluginError",
    "Problem",
    "StoreBusy",
    "StoreError",
    "UndefinedFigure",
    "VersionConflict",
    "did_you_mean",
]


@frozen
class Problem:
    """One thing that is wrong: what, where, and what would work."""

    what: str
    where: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        place = f" @ {self.where}" if self.where else ""
        remedy = f" ({self.remedy})" if self.remedy else ""
        return f"{self.what}{place}{remedy}"


class OsallisuusError(Exception):
    """The root of the tree. ``problems`` holds at least one :class:`Problem`."""

    code: ClassVar[str] = "error"

    def __init__(self, what: str | Iterable[Problem], *, where: str = "", remedy: str = "") -> None:
        if isinstance(what, str):
            self.problems: tuple[Problem, ...] = (Problem(what, where, remedy),)
        else:
            self.problems = tuple(what)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class DefinitionError(OsallisuusError):
    """A programme, metric or report definition is wrong."""

    code = "definition"


class ImportProblem(OsallisuusError):
    """A fact folder or record holds something that cannot be taken in; nothing was stored."""

    code = "import"


class StoreError(OsallisuusError):
    """A store cannot be opened, read or written."""

    code = "store"


class StoreBusy(StoreError):
    """Another writer held the store for longer than the timeout; nothing was stored."""

    code = "busy"


class VersionConflict(StoreError):
    """A fact has another version than was expected: somebody changed it; nothing was stored."""

    code = "conflict"


class EngineError(OsallisuusError):
    """A tabulation could not be computed."""

    code = "engine"


class UndefinedFigure(OsallisuusError, ValueError):
    """A number was asked of a figure that is hidden or undefined."""

    code = "figure"


class DisclosureError(OsallisuusError):
    """An output would give a person away, so it was not made."""

    code = "disclosure"


class PluginError(OsallisuusError):
    """A plug-in is missing, broken or does not keep its contract."""

    code = "plugin"


class LimitError(OsallisuusError):
    """An input is larger than the stated limit."""

    code = "limit"


class ErasureError(OsallisuusError):
    """An erasure could not be carried out or proved."""

    code = "erasure"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The remedy for an unknown *word*: the nearest known one, else all known ones.

    Only for words of a closed vocabulary (keys, columns, codes, names of metrics); *word* itself
    is not repeated, since in a data file it could be a person's.
    """
    from difflib import get_close_matches  # only needed once something is wrong

    names = sorted(known)
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"known: {', '.join(names)}" if names else "nothing is known here"
