"""Writes docs/api.txt from the code; ``--check`` says whether it is current.

Every public name has its line: what may be imported, how it is called and what it gives. What the
front door ``osallisuus`` or a page of the manual shows, and every port that an adapter of somebody
else may keep, stands with all its attributes and methods. A
change of what the library promises is a change of this file, which a reader of the change will see.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Collection, Iterator
from difflib import unified_diff
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs

import osallisuus

TARGET = Path(__file__).with_name("api.txt")
PAGES = [TARGET.parents[1] / "README.md", *sorted(TARGET.parent.glob("*.md"))]
NOT_PROMISED = "osallisuus.cli"
"""The command line itself is the promise, not the functions behind it."""
HEAD = """\
# Every public name of the library and how it is used: docs/versions.md. Written by docs/make_api.py.

"""


class Raw(str):
    """Text that shows as it is, also inside of a signature."""

    __slots__ = ()
    __repr__ = str.__str__


def text() -> str:
    """The whole list."""
    package = Path(osallisuus.__file__).parent
    names = sorted(_dotted(file, package) for file in package.rglob("*.py"))
    shown = {id(getattr(osallisuus, name)) for name in osallisuus.__all__} | set(_in_manual())
    blocks = [_front_door()]
    for name in names:
        if not name.startswith(NOT_PROMISED) and not name.endswith("__main__"):
            blocks.append(_module(name, shown))
    return HEAD + "\n".join(block for block in blocks if block)


def _in_manual() -> Iterator[int]:
    """The identity of each thing that an example of the manual imports."""
    pattern = re.compile(r"from (osallisuus[.\w]*) import (?:\(([^)]*)\)|(.*))")
    for page in PAGES:
        for module, several, plain in pattern.findall(page.read_text("utf-8")):
            for name in re.findall(r"\b[A-Za-z]\w*", re.sub(r" as \w+", "", several or plain)):
                if hasattr(import_module(module), name):
                    yield id(getattr(import_module(module), name))


def _dotted(file: Path, package: Path) -> str:
    parts = file.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _front_door() -> str:
    """What ``import osallisuus as osa`` gives, and where each name lives."""
    lines = []
    for name in sorted(osallisuus.__all__):
        found = getattr(osallisuus, name)
        home = getattr(found, "__module__", None) or getattr(found, "__name__", "")
        called = getattr(found, "__qualname__", name)
        lines.append(f"  {name} = {home}.{called}" if home else f"  {name}")
    return "osallisuus\n" + "".join(f"{line.rstrip('.')}\n" for line in lines)


def _module(name: str, shown: Collection[int]) -> str:
    """The names that a module makes itself; those that a package only passes on stand there."""
    module = import_module(name)
    lines = []
    for public in sorted(getattr(module, "__all__", ())):
        found = getattr(module, public)
        if getattr(found, "__module__", name) == name and name != "osallisuus":
            lines += _described(public, found, shown)
    return f"{name}\n" + "".join(f"  {line}\n" for line in lines) if lines else ""


def _described(name: str, found: Any, shown: Collection[int]) -> Iterator[str]:
    if inspect.isclass(found):
        head = f"class {name}({', '.join(_bases(found))})"
        if id(found) in shown or getattr(found, "_is_protocol", False):
            yield head
            yield from (f"  {line}" for line in _members(found, shown))
        else:
            yield f"{head}: {', '.join(_fields(found))}".rstrip(": ")
    elif inspect.isroutine(found):
        yield f"{name}{_signature(found)}"
    else:
        shown = f" = {found!r}" if isinstance(found, bool | int | str) else ""
        yield f"{name}: {type(found).__name__}{shown if len(shown) < 60 else ''}"


def _bases(found: type) -> list[str]:
    return [base.__qualname__ for base in found.__bases__ if base is not object]


def _fields(found: type) -> Iterator[str]:
    for one in attrs.fields(found) if attrs.has(found) else ():
        if not one.name.startswith("_"):
            yield f"{one.name}: {_type(one.type)}{'' if one.default is attrs.NOTHING else ' = …'}"


def _members(found: type, shown: Collection[int]) -> Iterator[str]:
    """The public attributes and methods of a class, without those of a base that is *shown*."""
    bases = [base for base in found.__mro__[1:] if id(base) in shown]
    told = {line for base in bases for line in _fields(base)}
    yield from (line for line in _fields(found) if line not in told)
    if getattr(found, "_is_protocol", False):  # what a port only annotates is no attribute yet
        for name, stated in inspect.get_annotations(found).items():
            yield f"{name}: {_type(stated)}"
    fields = {one.name for one in attrs.fields(found)} if attrs.has(found) else set()
    seen: dict[str, Any] = {}
    for kind in reversed(found.__mro__):
        if kind.__module__.startswith("osallisuus") and kind not in bases:
            seen |= vars(kind)
    for name in sorted(seen):
        if not name.startswith("_") and name not in fields:
            yield _member(name, seen[name])


def _member(name: str, found: Any) -> str:
    if isinstance(found, property) and found.fget is not None:
        return f"{name}: {_type(found.fget.__annotations__.get('return'))}"
    if isinstance(found, classmethod | staticmethod):
        return f"{type(found).__name__} {name}{_signature(found.__func__)}"
    if inspect.isfunction(found):
        return f"{name}{_signature(found)}"
    return f"{name}: {type(found).__name__}"


def _type(stated: Any) -> str:
    return stated if isinstance(stated, str) else getattr(stated, "__name__", str(stated))


def _signature(found: Any) -> str:
    """How it is called, with the types as they are written in the source."""
    signature = inspect.signature(found)
    parameters = [
        one.replace(annotation=_raw(one.annotation), default=_default(one.default))
        for one in signature.parameters.values()
    ]
    given = _raw(signature.return_annotation)
    return str(signature.replace(parameters=parameters, return_annotation=given))


def _raw(annotation: Any) -> Any:
    return annotation if annotation is inspect.Signature.empty else Raw(_type(annotation))


def _default(value: Any) -> Any:
    """A default as it is where it is plain; another may show differently from day to day."""
    plain = value is None or isinstance(value, bool | int | float | str)
    return value if plain or value is inspect.Parameter.empty else Raw("…")


def difference() -> str:
    """What a new list would change, as a diff; empty when docs/api.txt is current."""
    old = TARGET.read_text("utf-8") if TARGET.exists() else ""
    lines = unified_diff(
        old.splitlines(), text().splitlines(), "docs/api.txt", "the code", n=1, lineterm=""
    )
    return "\n".join(lines)


def main() -> int:
    """Write the file, or compare it."""
    if "--check" in sys.argv:
        found = difference()
        sys.stdout.write(f"{found or 'docs/api.txt is current'}\n")
        return 1 if found else 0
    TARGET.write_text(text(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
