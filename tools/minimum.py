"""``./dev minimum [ARGS]``: the tests of the core with the oldest libraries that it allows.

An environment is made that holds those, each at the lowest version that pyproject.toml names; what
only the tests need is looked up behind them, in the environment that runs this. ARGS go to pytest.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.requirements import Requirement

from tools.building import ROOT, fresh, install, libraries, run

__all__ = ["floors", "main"]

_TESTS = [
    *("tests/model", "tests/rules", "tests/metrics", "tests/disclosure", "tests/reports"),
    *("tests/words", "tests/spec", "tests/test_values.py", "tests/test_register.py"),
]


def main(arguments: list[str]) -> int:
    """Run the tests; the exit code is pytest's."""
    with TemporaryDirectory() as name:
        python = fresh(Path(name) / "environment")
        install(python, *floors((ROOT / "pyproject.toml").read_text("utf-8")))
        install(python, "--no-deps", "--editable", str(ROOT))  # for its command
        _look_behind(python)
        print(run([str(python), "-c", _WHICH], within=ROOT), end="", flush=True)
        command = [str(python), "-m", "pytest", "-p", "no:cacheprovider", *(arguments or _TESTS)]
        return subprocess.call(command, cwd=ROOT)


_WHICH = """\
from importlib.metadata import version
for name in ("attrs", "cattrs", "python-dateutil", "tabulate"):
    print("with", name, version(name))
"""


def floors(project: str) -> list[str]:
    """What the text of a pyproject.toml needs, each at the lowest version that it allows."""
    lowest = []
    for line in tomllib.loads(project)["project"]["dependencies"]:
        requirement = Requirement(line)
        (floor,) = (one.version for one in requirement.specifier if one.operator == ">=")
        lowest.append(f"{requirement.name}=={floor}")
    return lowest


def _look_behind(python: Path) -> None:
    """Let the environment of *python* find after its own libraries those of this one."""
    behind = sysconfig.get_path("purelib")
    (libraries(python) / "behind.pth").write_text(
        f"import site; site.addsitedir({behind!r})\n", "utf-8"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
