"""Running the command line as somebody at a terminal does."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
SCRIPT = (str(Path(sys.executable).with_name("osallisuus")),)
MODULE = (sys.executable, "-m", "osallisuus")


class Run(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


def run(*arguments, command=SCRIPT, cwd=None, path=None, **environment) -> Run:
    """Run ``osallisuus`` in a child process; *path* is a further folder of installed packages."""
    env = {**os.environ, **environment}
    if path is not None:
        env["PYTHONPATH"] = str(path)
    done = subprocess.run(
        [*command, *map(str, arguments)],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )
    return Run(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
