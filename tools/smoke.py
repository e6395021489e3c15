"""Whether the osallisuus of a fresh environment works with nothing but what it needs.

``python -I smoke.py README.md``, run in an empty folder by the Python of that environment: every
module can be imported without an extra, the examples of the page give what they say, and the
command shows its demo.
"""

from __future__ import annotations

import doctest
import shutil
import subprocess
import sys
from importlib import import_module, metadata
from pathlib import Path

import osallisuus

FOR_TESTS = "osallisuus.conformance"
"""Used inside the tests of a plug-in's author; needs what they are written with."""


def main(page: str) -> int:
    """Try everything; the exit code is 1 when something does not work."""
    package = Path(osallisuus.__file__).parent
    shutil.copytree(package / "examples", "examples")
    problems = [
        *not_from_here(package),
        *not_importable(package),
        *wrong_examples(Path(page)),
        *not_shown(),
    ]
    for problem in problems:
        print("smoke:", problem, file=sys.stderr)
    brought = sorted(str(one.metadata["Name"]) for one in metadata.distributions())
    print("works with", ", ".join(brought) if not problems else "nothing: see above")
    return 1 if problems else 0


def not_from_here(package: Path) -> list[str]:
    """The library must be the one of this environment, whole and of one version."""
    stated = metadata.version("osallisuus")
    problems = []
    if not package.is_relative_to(sys.prefix):
        problems.append("the library is imported from somewhere else")
    if osallisuus.__version__ != stated:
        problems.append(f"it says {osallisuus.__version__}, its metadata {stated}")
    if not (package / "py.typed").is_file():
        problems.append("it does not say that it is typed")
    return problems


def not_importable(package: Path) -> list[str]:
    """Modules that need more than the core when they are imported."""
    problems = []
    for file in sorted(package.rglob("*.py")):
        parts = file.relative_to(package.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name.startswith(FOR_TESTS) or name.endswith("__main__"):
            continue
        try:
            import_module(name)
        except Exception as error:  # noqa: BLE001 - whatever keeps it from being imported
            problems.append(f"{name}: {type(error).__name__}: {error}")
    return problems


def wrong_examples(page: Path) -> list[str]:
    """Whether the Python examples of *page* give what they say."""
    failed, tried = doctest.testfile(
        str(page), module_relative=False, optionflags=doctest.ELLIPSIS, encoding="utf-8"
    )
    if not tried:
        return [f"{page.name} has no example"]
    return [f"{failed} of {tried} examples of {page.name}"] if failed else []


def not_shown() -> list[str]:
    """Whether the command answers and its demo writes both pages."""
    command = Path(sys.executable).with_name("osallisuus")
    said = subprocess.run([command, "--version"], capture_output=True, text=True, check=False)
    demo = subprocess.run(
        [command, "demo", "--out", "pages"], capture_output=True, text=True, check=False
    )
    problems = []
    if said.stdout.split() != ["osallisuus", osallisuus.__version__]:
        problems.append("the command does not say its version")
    if demo.returncode or demo.stderr:
        problems.append(f"the demo ended with {demo.returncode}: {demo.stderr}")
    for name in ("wertzu", "verna"):
        page = Path("pages", f"{name}.html")
        if not page.is_file() or not page.read_text("utf-8").endswith("</html>\n"):
            problems.append(f"the demo wrote no {page.name}")
    return problems


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
