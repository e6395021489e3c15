"""Building the project and trying what was built in an environment of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import Distribution, distribution
from pathlib import Path
from venv import EnvBuilder

from packaging.requirements import Requirement

__all__ = ["ROOT", "Failed", "build", "fresh", "install", "lend", "libraries", "run", "smoke"]

ROOT = Path(__file__).resolve().parents[1]


class Failed(Exception):
    """A step did not do what it should; the message says which one."""


def run(command: Sequence[str | Path], *, within: Path, **variables: str) -> str:
    """What a program prints; :class:`Failed` with its last words when its exit code is not 0."""
    # a path of the checkout would show the environment to come what it must not rely on
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=within, env=kept | variables, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Failed(
            f"{Path(command[0]).name} {command[1]}: {(done.stderr or done.stdout)[-2000:]}"
        )
    return done.stdout


def build(kind: str, source: Path, out: Path, **variables: str) -> Path:
    """The file that the checkout or archive *source* gives: *kind* is ``wheel`` or ``sdist``.

    The back end of this environment is called by itself, so nothing is fetched.
    """
    out.mkdir(parents=True, exist_ok=True)
    command: list[str | Path] = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", out]
    run(command, within=source, **variables)
    (built,) = out.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return built


def fresh(folder: Path) -> Path:
    """The Python of a new environment in *folder*, which holds nothing, not even pip."""
    EnvBuilder(symlinks=os.name != "nt").create(folder)
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(python: Path, *what: str | Path) -> None:
    """Have this environment's pip install *what* into the one of *python*."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    asked = [str(one) for one in what]
    run([*pip, "install", "--quiet", "--no-compile", *asked], within=python.parent)


def libraries(python: Path) -> Path:
    """The folder in which the environment of *python* has its libraries."""
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return Path(run([str(python), "-c", code], within=python.parent).strip())


def lend(python: Path) -> None:
    """Copy what the library needs from this environment into the one of *python*: no network."""
    site = libraries(python)
    for found in _needed(distribution("osallisuus")):
        for file in found.files or ():
            if ".." not in file.parts and "__pycache__" not in file.parts:
                target = site / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file.locate(), target)


def _needed(asking: Distribution) -> list[Distribution]:
    """What *asking* needs without an extra, and what that needs, each once."""
    found: dict[str, Distribution] = {}
    waiting = list(asking.requires or ())
    while waiting:
        requirement = Requirement(waiting.pop())
        wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if wanted and requirement.name not in found:
            found[requirement.name] = distribution(requirement.name)
            waiting += found[requirement.name].requires or ()
    return [found[name] for name in sorted(found)]


def smoke(python: Path, folder: Path) -> str:
    """What the smoke test says of the library in the environment of *python*."""
    folder.mkdir()
    return run([python, "-I", ROOT / "tools" / "smoke.py", ROOT / "README.md"], within=folder)
