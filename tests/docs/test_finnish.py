"""The pages in Finnish: they do what they say, and say what the English ones say."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(path.name for path in DOCS.glob("fi/*.md"))


def commands(text):
    """Each command of a page with what it prints there."""
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            yield command, printed


def test_the_tutorial_does_what_it_says(tmp_path):
    """Each command succeeds and prints what the page shows."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    ran = []
    for command, printed in commands((DOCS / "fi" / "tutorial.md").read_text("utf-8")):
        done = subprocess.run(
            shlex.split(command),
            cwd=tmp_path,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        ran.append(command.split()[1])
        assert done.returncode == 0, (command, done.stderr)
        if printed:  # how wide a table is printed does not matter here
            assert done.stdout.split() == printed.split()
    assert ran[1:] == ["import", "import", "import", "report", "report", "measure"]
    assert (tmp_path / "raportti.html").stat().st_size > 10_000


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_the_parts_of_the_english_one(name):
    """As many headings, rows, points and blocks, so that neither is left behind."""

    def shape(path):
        text = path.read_text("utf-8")
        lines = text.splitlines()
        kinds = ("#", "| ", "- ", "```")
        counts = {kind: sum(line.startswith(kind) for line in lines) for kind in kinds}
        return counts, [command for command, _ in commands(text)]

    (ours, run), (theirs, run_there) = shape(DOCS / "fi" / name), shape(DOCS / name)
    assert ours == theirs
    assert [one.replace(" --locale fi", "") for one in run] == [
        one.replace(" --locale fi", "") for one in run_there
    ]


def test_there_is_a_tutorial_and_a_page_on_privacy():
    assert PAGES == ["privacy.md", "tutorial.md"]
