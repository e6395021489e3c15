"""Python, the libraries of the extras, and the plug-ins."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from operator import eq, ge, gt, le, lt, ne
from pathlib import Path
from shutil import which
from typing import Final

from osallisuus import plugins
from osallisuus.doctor.finding import Ailment
from osallisuus.version import VERSION

__all__ = ["examine_installation"]

_OLDEST: Final = (3, 11)
_OLDEST_JAVA: Final = 17
_SECONDS: Final = 10.0
"""How long a stranger's plug-in may take until it is imported."""
_OURS: Final = "osallisuus"
_CHILD: Final = """
import json, os, sys
told = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # whatever a plug-in prints is not our answer
from osallisuus import plugins
asked = {tuple(one) for one in json.loads(sys.argv[1])}
seen = {}
for group, name in sorted(asked):
    for one in plugins.status(name=name, check=True):
        if one.group == group:
            seen[f"{group} {name}"] = one.problem
json.dump(seen, told)
told.flush()
os._exit(0)  # nothing that was imported has a say in how it ends
"""
_COMPARED: Final = {">=": ge, "<=": le, "==": eq, "!=": ne, ">": gt, "<": lt}
_REQUIRED: Final = re.compile(
    r"([\w.-]+)(?:\[[^]]*\])?\s*\(?([^;)]*)\)?\s*;.*extra\s*==\s*['\"]([\w-]+)"
)


def examine_installation() -> Iterator[Ailment]:
    """Each thing looked at, the fine ones too."""
    yield _python()
    yield from _extras()
    yield from _java()
    yield from _plugins()


def _python() -> Ailment:
    found = ".".join(map(str, sys.version_info[:3]))
    what = f"osallisuus {VERSION} on Python {found}"
    if sys.version_info[:2] < _OLDEST:  # only where somebody forced the installation
        return Ailment(
            code="python", severity="broken", what=what, remedy="use Python 3.11 or newer"
        )
    return Ailment(code="python", severity="fine", what=what)


# ---- extras --------------------------------------------------------------------------------


def _extras() -> Iterator[Ailment]:
    try:
        declared = requires(_OURS) or []
    except PackageNotFoundError:
        yield Ailment(
            code="extras", severity="broken", what="the package is not installed",
            remedy="python -m pip install osallisuus",
        )  # fmt: skip
        return
    wanted: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in declared:
        if found := _REQUIRED.match(line):
            wanted[found[3]].append((found[1], found[2].strip()))
    for extra, libraries in sorted(wanted.items()):
        yield _extra(extra, libraries)


def _extra(extra: str, libraries: list[tuple[str, str]]) -> Ailment:
    """Whether all libraries of an extra are there, in versions that it wants."""
    install = f"python -m pip install --upgrade 'osallisuus[{extra}]'"
    missing, wrong, there = [], [], []
    for name, wanted in libraries:
        try:
            found = version(name)
        except PackageNotFoundError:
            missing.append(name)
            continue
        there.append(f"{name} {found}")
        if not _is_wanted(found, wanted):
            wrong.append(f"{name} {found}, wanted {wanted}")
    where = f"extra {extra}"
    if wrong:
        return Ailment(
            code="extra", severity="weak", what=", ".join(wrong), where=where, remedy=install
        )
    if missing:
        what = f"not installed: {', '.join(missing)}"
        return Ailment(code="extra", severity="note", what=what, where=where, remedy=install)
    return Ailment(code="extra", severity="fine", what=", ".join(there), where=where)


def _is_wanted(found: str, wanted: str) -> bool:
    """Whether a version keeps all bounds; a bound that is written otherwise is passed over."""
    for bound in wanted.split(","):
        if known := re.fullmatch(r"\s*(>=|<=|==|!=|>|<)\s*(\d[\d.]*)\s*", bound):
            one, other = _numbers(found), _numbers(known[2])
            length = max(len(one), len(other))
            padded = [part + (0,) * (length - len(part)) for part in (one, other)]
            if not _COMPARED[known[1]](*padded):
                return False
    return True


def _numbers(text: str) -> tuple[int, ...]:
    found = re.match(r"\d+(\.\d+)*", text)
    return tuple(map(int, found[0].split("."))) if found else (0,)


def _java() -> Iterator[Ailment]:
    """Where Spark is installed: whether a session of this machine could start."""
    if find_spec("pyspark") is None:
        return
    home = os.environ.get("JAVA_HOME")  # goes before any other
    program = which(Path(home) / "bin" / "java") if home else which("java")
    found = None
    if program is not None:
        with suppress(OSError, subprocess.SubprocessError):
            said = subprocess.run(  # noqa: S603 - the program that Spark would start
                [program, "-version"], capture_output=True, text=True, check=True, timeout=_SECONDS
            )
            found = re.search(r'version "(?:1\.)?(\d+)', said.stderr + said.stdout)
    if found is not None and int(found[1]) >= _OLDEST_JAVA:
        yield Ailment(code="java", severity="fine", what=f"Java {found[1]} for a local Spark")
        return
    where = "JAVA_HOME" if home else ""
    what = "none that answers" if found is None else f"Java {found[1]}"
    yield Ailment(
        code="java", severity="note", where=where,
        what=f"a Spark of this machine needs Java {_OLDEST_JAVA} or newer, and there is {what}",
        remedy=f"{'correct JAVA_HOME' if home else 'install it'}; a session that you pass needs none",
    )  # fmt: skip


# ---- plug-ins ------------------------------------------------------------------------------


def _plugins() -> Iterator[Ailment]:
    """Ours in one child process, each of a stranger's in one of its own."""
    every = list(plugins.status())
    ours = [one for one in every if one.distribution == _OURS]
    others = [one for one in every if one.distribution != _OURS]
    told = _loaded(ours, seconds=_SECONDS * 6)
    problems = [told.get(f"{one.group} {one.name}", one.problem) for one in ours]
    if not any(problems):
        what = f"{len(ours)} plug-ins of osallisuus can be loaded"
        yield Ailment(code="plugins", severity="fine", what=what)
    for one, problem in zip(ours, problems, strict=True):
        if problem:
            yield _broken(one, problem)
    for one in others:
        problem = _loaded([one], seconds=_SECONDS).get(f"{one.group} {one.name}", "")
        if problem:
            yield _broken(one, problem)
        else:
            yield Ailment(
                code="plugin", severity="fine", what=f"{one.name} of the {one.group}",
                where=one.origin,
            )  # fmt: skip


def _broken(one: plugins.Plugin, problem: str) -> Ailment:
    ours = one.distribution == _OURS
    # what needs an extra says so by the name of its library
    remedy = (
        "install the extra that it needs" if ours else f"update or uninstall {one.distribution}"
    )
    return Ailment(
        code="plugin",
        severity="note" if ours and "ModuleNotFoundError" in problem else "broken",
        what=f"{one.name} of the {one.group}: {problem}",
        where=one.origin,
        remedy=remedy,
    )


def _loaded(asked: list[plugins.Plugin], *, seconds: float) -> dict[str, str]:
    """Group and name -> what is wrong with the plug-in, as a child process says that loads it."""
    names = [(one.group, one.name) for one in asked]
    if not names:
        return {}
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own text
            # -P: nothing of the folder from which it is started is imported
            [sys.executable, "-P", "-c", _CHILD, json.dumps(names)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=seconds, check=False,
        )  # fmt: skip
        found = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        problem = f"it was not imported within {seconds:.0f} seconds"
    except (OSError, ValueError):
        problem = "importing it ended the process"
    else:
        return {str(name): str(said) for name, said in found.items()}
    return {f"{group} {name}": problem for group, name in names}
