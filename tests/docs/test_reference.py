"""The reference part of the manual is whole: nothing that somebody could look up is left out."""

import argparse
import importlib
import pkgutil
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import osallisuus
from osallisuus import errors
from osallisuus.cli.commands import build_parser
from osallisuus.rules.severity import KINDS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "osallisuus"


def page(name):
    return (DOCS / f"{name}.md").read_text("utf-8")


def section(text, heading):
    """What stands under a heading, up to the next one of any level."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


@pytest.mark.parametrize(
    "script", ["make_commands", "make_definitions", "make_errors", "make_modules"]
)
def test_a_page_that_is_made_of_the_code_is_current(script):
    """It is what its script writes now."""
    done = subprocess.run([sys.executable, DOCS / f"{script}.py", "--check"], check=False)

    assert done.returncode == 0, f"run: python docs/{script}.py"


def test_every_public_name_is_described():
    """Whoever finds a name in a script finds it in the manual."""
    said = page("api") + page("api_metrics")
    missing = [
        name for name in osallisuus.__all__ if not re.search(rf"osallisuus\.{name}\b(?!\.)", said)
    ]

    assert missing == []


def test_a_name_that_is_described_is_there():
    """The manual describes nothing that is gone: each is found where the page says."""
    said = page("api") + page("api_metrics") + page("api_ports")
    named = re.findall(r"^\.\. auto(?:class|function|exception):: (\S+)$", said, re.MULTILINE)
    gone = []
    for name in named:
        home, _, attribute = name.rpartition(".")
        if not hasattr(importlib.import_module(home), attribute):
            gone.append(name)

    assert len(named) > 80
    assert gone == []


def test_every_module_has_its_line():
    """Those with public names; the command line is described by its commands."""
    said = page("api_modules")
    names = [one.name for one in pkgutil.walk_packages([str(SOURCE)], "osallisuus.")]
    public = [
        name
        for name in names
        if not name.startswith(("osallisuus.cli", "osallisuus.__main__"))
        and getattr(importlib.import_module(name), "__all__", ())
    ]
    missing = [name for name in public if f"| `{name.removeprefix('osallisuus.')}` |" not in said]

    assert len(public) > 300
    assert missing == []


def commands(parser, above=""):
    """Each command with what can be typed after it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, one in action.choices.items():
                whole = f"{above} {name}".strip()
                yield whole, one
                yield from commands(one, whole)


@pytest.mark.parametrize(("name", "parser"), [*commands(build_parser())])
def test_every_option_of_a_command_is_described(name, parser):
    """With words of what it does or takes, and not only by its name."""
    said = section(page("commands"), name)
    rows = dict(re.findall(r"^\| (`.*`) \| (.*?) ?\|$", said, re.MULTILINE))
    typed = [option for one in parser._actions for option in one.option_strings]

    assert rows
    missing = {
        option
        for option in {*typed} - {"-h", "--help"}
        if not any(re.search(rf"`{option}[ `]", row) for row in rows)
    }
    assert missing == set()
    assert [row for row, words in rows.items() if not words] == []


def test_every_error_is_described_with_what_to_do():
    said = page("errors")
    classes = [
        name
        for name in errors.__all__
        if isinstance(getattr(errors, name), type) and issubclass(getattr(errors, name), Exception)
    ]

    assert len(classes) > 10
    for name in classes:
        meaning, facts, advice = section(said, name).strip().split("\n\n")
        assert f"`{getattr(errors, name).code}`" in facts
        assert min(len(meaning), len(advice)) > 20, name


@pytest.mark.parametrize("code", KINDS)
def test_every_finding_is_described_with_what_would_settle_it(code):
    said = section(page("errors"), KINDS[code].severity)
    (row,) = [line for line in said.splitlines() if line.startswith(f"| `{code}` |")]
    _, what, remedy, requirement = (cell.strip() for cell in row.strip("|").split(" | "))

    assert len(what) > 5
    assert remedy
    assert requirement.strip(" |") == KINDS[code].requirement


def written(value):
    """Every key in a file, however deep; not the words of a language, which are no keys of ours."""
    for key, inner in value.items():
        if key in ("fi", "sv", "en"):
            continue
        yield key
        for one in inner if isinstance(inner, list) else [inner]:
            if isinstance(one, dict):
                yield from written(one)


FILES = [
    *sorted(SOURCE.glob("programs/*.toml")),
    *sorted(SOURCE.glob("reports/definitions/*.toml")),
]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_key_of_a_shipped_definition_is_described(file):
    """A file that comes with the library holds no riddle."""
    said = page("definitions")
    keys = set(written(tomllib.loads(file.read_text("utf-8"))))

    assert len(keys) > 5
    assert {key for key in keys if not re.search(rf"^\| `{key}`", said, re.MULTILINE)} == set()


def test_every_key_of_a_mapping_is_described():
    """Of the tutorial's own; the columns of facts stand with the facts."""
    mapping = tomllib.loads((ROOT / "examples" / "spreadsheet" / "map.toml").read_text("utf-8"))
    said = page("definitions").partition("## A mapping")[2]
    columns = set(re.findall(r"^\| `(\w+)`", page("facts_tables"), re.MULTILINE))
    keys = set(written({key: value for key, value in mapping.items() if key != "codes"}))

    assert {"pseudonym", "join", "over"} <= keys
    assert {key for key in keys - columns if f"| `{key}`" not in said} == set()
