"""``python -m tools.wheel``: a wheel of this checkout holds what it should and works by itself.

Needs no network: the libraries of the core are copied out of this environment.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.building import ROOT, Failed, build, fresh, install, lend, smoke
from tools.contents import source_files, wheel_problems


def main() -> int:
    """Build, look inside, install, try; the exit code is 1 when something is wrong."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        try:
            wheel = build("wheel", ROOT, folder / "built")
            problems = wheel_problems(wheel, source_files(ROOT))
            python = fresh(folder / "environment")
            lend(python)
            install(python, "--no-deps", "--no-index", wheel)
            print(wheel.name, smoke(python, folder / "empty").strip())
        except Failed as failed:
            problems = [str(failed)]
    for problem in problems:
        print("wheel:", problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
