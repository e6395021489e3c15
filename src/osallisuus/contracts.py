"""What the contract of a plug-in asks of an object, and how what is wrong with one is told.

Only what can be seen without using the object: that it states the right version, has the members of
its port, and declares nothing that it has no method for. Whether it keeps what the port promises,
:mod:`osallisuus.conformance` asks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

from osallisuus.errors import OsallisuusError, did_you_mean

__all__ = ["breach", "described", "nearly"]

_API: Final = {"stores": 2, "engines": 1, "sinks": 1, "exporters": 1, "fact_exporters": 1}
"""Groups whose objects state the version of the port they keep as ``api_version``."""
_CONTRACT: Final = {
    "stores": "open append scan known_ids head tx_at journal close",
    "engines": "open table rows close",
    "sinks": "open position publish unfinished finish compact files close",
    "exporters": "name suffix media_type render",
    "fact_exporters": "name suffix write",
    "programs": "name version title heading",
    "metrics": "name kind cases definition",
}
"""What an object must have. The types are checked by those who own the ports."""
_TEXTS: Final = {
    "exporters": ("name", "suffix", "media_type"),
    "fact_exporters": ("name", "suffix"),
}
"""Members that are read as text before anything is asked of the object."""
_CAPABILITIES: Final = {
    "durable": "", "history": "revisions", "journal": "", "ledger": "publish publications",
    "expect": "versions", "void": "void", "forget": "forget", "note": "note",
    "erase": "erase finish_erasure unfinished_erasures ids_where ids_with",
    "changes": "changes", "verify": "verify", "snapshot": "snapshot", "restore": "restore", "sql": "", "arrow": "",
    "files": "files",
}  # fmt: skip
"""What a store may declare that it can do -> the methods that it must have then."""


def breach(group: str, name: str, loaded: Any) -> str:
    """How *loaded*, declared in *group* as *name*, breaks its contract; empty: it does not."""
    return next(filter(None, _breaches(group, name, loaded)), "")


def _breaches(group: str, name: str, loaded: Any) -> Iterator[str]:
    """What is looked at, one after the other; each is asked only where all before it are kept."""
    if group in _API:
        yield _other_version(group, loaded)
        yield "" if isinstance(loaded, type) else f"it is a {type(loaded).__name__}, not a class"
    kind = loaded.__name__ if isinstance(loaded, type) else f"a {type(loaded).__name__}"
    missing = _missing(_CONTRACT[group].split(), loaded)
    yield f"{kind} lacks {missing}" if missing else ""
    for text in _TEXTS.get(group, ()):
        stated = getattr(loaded, text)
        if isinstance(stated, int | float | bytes | None):
            yield f"{text} is of the type {type(stated).__name__}, and should be text"
    if group == "stores":
        yield from _over_declared(kind, loaded)
    if "name" in _CONTRACT[group].split() and loaded.name != name:
        yield "it has another name than its entry point"


def _other_version(group: str, loaded: Any) -> str:
    """What is wrong with the version of the port that *loaded* states."""
    expected = _API[group]
    version = getattr(loaded, "api_version", None)
    if version is None:
        return f"it does not state api_version = {expected}, as {group} do"
    if type(version) is not int:
        kind = type(version).__name__
        return f"its api_version is of the type {kind}, and should be the whole number {expected}"
    return "" if version == expected else f"it keeps version {version} of the port, not {expected}"


def _missing(names: Collection[str], loaded: Any) -> str:
    """Those of *names* that *loaded* does not have, each with what it may have been called."""
    missing = [name for name in names if not hasattr(loaded, name)]
    return ", ".join(f"{name}{nearly(name, loaded)}" for name in missing)


def _over_declared(kind: str, store: Any) -> Iterator[str]:
    """What a store declares that no store can do, or has no method for."""
    declared = getattr(store, "capabilities", ())
    if not isinstance(declared, set | frozenset | tuple | list):
        return  # known only of an open store
    for word in sorted(map(str, declared)):
        if word not in _CAPABILITIES:
            yield f"no store has the capability {word!r}: {did_you_mean(word, _CAPABILITIES)}"
        elif missing := _missing(_CAPABILITIES[word].split(), store):
            yield f"{kind} declares {word} and lacks {missing}"


def described(error: BaseException, home: str) -> str:
    """The type of *error* and the line that raised it; its text only where it is one of ours.

    *home* is the author's package: the line is theirs, wherever in a library it ended.
    """
    if isinstance(error, OsallisuusError):  # never holds a value out of a person's data
        more = len(error.problems) - 1
        return f"{error.problems[0]}{f', and {more} more' if more else ''}"
    place = _line_of(error, home)
    if isinstance(error, ModuleNotFoundError):
        return f"{type(error).__name__}: {error.name}{place}"
    return f"{type(error).__name__}{place}"


def _line_of(error: BaseException, home: str) -> str:
    """Where *error* came from: the last line of the author's own code, else the last of any."""
    own, last = "", ""
    step = error.__traceback__
    while step is not None:
        frame, line = step.tb_frame, step.tb_lineno
        if not frame.f_code.co_filename.startswith("<frozen"):
            last = _written_line(frame.f_code.co_filename, line)
            if str(frame.f_globals.get("__name__")).partition(".")[0] == home:
                own = last
        step = step.tb_next
    if isinstance(error, SyntaxError) and error.filename and not own:
        own = _written_line(error.filename, error.lineno or 0)
    return own or last


def _written_line(filename: str, line: int) -> str:
    """Such as " at mine.py:3"; of the file that every package has, with the package before it."""
    file = Path(filename)
    shown = f"{file.parent.name}/{file.name}" if file.name == "__init__.py" else file.name
    return f" at {shown}:{line}"


def nearly(name: str, holder: object) -> str:
    """Which public name of *holder* may be *name* misspelt, in brackets; empty where none is."""
    found = did_you_mean(name, (own for own in dir(holder) if own[0] != "_" and own != name))
    return f" (it has {found[13:-1]})" if found.startswith("did you mean ") else ""
