"""A whole evaluation report on 41 people by the command line, from a cold start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from harness import Comparison

COMPARISON = Comparison(
    name="report",
    task="evaluation report on 41 people / import attrs, cattrs, sqlite3, tabulate",
    ours="-m osallisuus report {folder}/store.db --program wertzu --as html --out {folder}/r.html --overwrite",
    other="import attrs, cattrs, sqlite3, tabulate",
    goal=2.0,
    whole_process=True,
    rounds=11,
)


def prepare(folder: Path) -> str | None:
    """The store of the shipped example; a reason when it is not there."""
    example = Path(__file__).resolve().parent.parent / "examples" / "wertzu"
    if not example.is_dir():
        return "examples/wertzu is missing"
    subprocess.run(
        [sys.executable, "-m", "osallisuus", "import", example, "--into", folder / "store.db"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return None
