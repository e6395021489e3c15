"""Two type checkers, asked the same of small programs of users."""

import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parent / "programs"
PYRIGHT = ROOT / ".build/node/node_modules/pyright/index.js"
"""Where .ci/run puts it."""

_REVEALED = re.compile(r'(?:Revealed type is|Type of ".*" is) "(.*)"', re.DOTALL)


@cache
def by_mypy():
    """Program -> line -> what ``mypy --strict`` says of it; ``True`` for a plain error."""
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary"]
    command += ["--output=json", "--cache-dir", str(ROOT / ".build/mypy"), "."]
    done = subprocess.run(command, cwd=PROGRAMS, capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr
    said = [json.loads(line) for line in done.stdout.splitlines()]
    return _by_line((one["file"], one["line"], one["severity"], one["message"]) for one in said)


@cache
def by_pyright():
    """The same by pyright's strict rules, which are of another make."""
    if shutil.which("node") is None or not PYRIGHT.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("node or pyright is missing; .ci/run installs both")
        pytest.skip("node or pyright is not installed; .ci/run installs both")
    command = ["node", str(PYRIGHT), "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run(
        [*command, "--project", str(PROGRAMS.parent)], capture_output=True, text=True, check=False
    )
    said = json.loads(done.stdout)["generalDiagnostics"]
    return _by_line(
        (
            Path(one["file"]).name,
            one["range"]["start"]["line"] + 1,
            {"information": "note"}.get(one["severity"], one["severity"]),
            one["message"],
        )
        for one in said
    )


def _by_line(diagnostics):
    found = {}
    for file, line, severity, message in diagnostics:
        lines = found.setdefault(file, {})
        revealed = _REVEALED.search(message)
        if severity == "error":
            lines[line] = f"error: {message}"
        elif revealed and not lines.get(line, "").startswith("error"):
            lines[line] = plain(revealed[1])
    return found


def plain(revealed):
    """A type as a reader would write it: without the modules, and ``Literal`` as its class."""
    short = re.sub(r"\b(?:\w+\.)+(?=\w)", "", revealed).rstrip("?*")
    return re.sub(r"\s+", " ", short).replace("'", "")


def wanted(program):
    """Line -> what the program says should be said of it: a type, or ``error``."""
    marks = {}
    for number, line in enumerate(program.read_text("utf-8").splitlines(), start=1):
        mark = re.search(r"# (?:expect: (error)|revealed: (.+))$", line)
        if mark:
            marks[number] = mark[1] or mark[2]
    return marks
