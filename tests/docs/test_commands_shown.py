"""Every command that a page shows is one: the parser takes it with its options."""

import re
import shlex
from pathlib import Path

import pytest

from osallisuus.cli.commands import build_parser

ROOT = Path(__file__).parents[2]
SHOWN = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
ENDS = {"#", ">", "|", "&&", ";", "2>"}


def commands(text):
    """Each command of ``osallisuus`` in the blocks of a page, without what a shell does with it."""
    for block in re.findall(r"^```[{}\w -]*console\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True) if line.startswith("$ osallisuus ") else []
            cut = next((n for n, word in enumerate(words) if word in ENDS), len(words))
            if words:
                yield words[2:cut]


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_commands_of_a_page_are_understood(path, capsys):
    """An option that was renamed is found here, and not by a reader."""
    parser = build_parser()
    for words in commands(path.read_text("utf-8")):
        try:
            parser.parse_args(words)
        except SystemExit:
            pytest.fail(f"{path.name}: osallisuus {' '.join(words)}\n{capsys.readouterr().err}")


def test_the_commands_are_found():
    assert sum(len([*commands(path.read_text("utf-8"))]) for path in SHOWN) > 100
