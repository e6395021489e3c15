"""What is installed by hashes is what the project was developed with, and all of it."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PINNED = re.compile(r"^([a-z0-9.-]+)==(\S+)(?: ; ([^\\\n]+?))? ?\\?$", re.MULTILINE)


@pytest.fixture(scope="module")
def hashed():
    return (ROOT / "constraints-hashes.txt").read_text("utf-8")


def _lines(text):
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_every_version_has_hashes(hashed):
    """Each requirement is pinned and followed by the SHA-256 of a file or several."""
    waiting = False
    for line in _lines(hashed):
        if line.startswith(" "):
            assert re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line), line
        else:
            assert not waiting, line
            assert PINNED.match(line), line
        waiting = line.endswith("\\")
    assert not waiting


def test_no_host_stands_in_it(hashed):
    """Where files come from is the business of the machine that installs them."""
    assert "://" not in hashed
    assert not re.search(r"index|find-links|trusted", hashed)


def test_the_versions_are_those_of_the_constraints(hashed):
    """A version that is not in constraints.txt was never tried."""
    tried = set(PINNED.findall((ROOT / "constraints.txt").read_text("utf-8")))
    versions = {(name, version) for name, version, _ in tried}
    asked = {(name, version) for name, version, _ in PINNED.findall(hashed)}

    only_extras = asked - versions
    names = {name for name, _ in versions}
    assert {one for one in only_extras if one[0] in names} == set()


def test_whatever_the_library_or_an_extra_names_is_there(hashed):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    lines = [*project["dependencies"], *(line for extra in extras for line in extra)]
    named = {re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", line)[0].lower()) for line in lines}

    there = {re.sub(r"[-_.]+", "-", name) for name, _, _ in PINNED.findall(hashed)}
    assert named - there == set()
