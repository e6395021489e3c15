"""What stands beside the code for those who cite it, report to it or read what changed."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
import yaml

from osallisuus.version import VERSION

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def citation():
    return yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_the_citation_has_what_its_format_asks_for(citation):
    """Citation File Format 1.2.0: four keys are required, and each author has a name."""
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(citation)
    assert all(set(author) == {"name"} for author in citation["authors"])


def test_the_citation_has_no_other_keys_than_the_format_knows(citation):
    known = "abstract authors cff-version commit contact date-released doi identifiers keywords"
    known += " license license-url message preferred-citation references repository"
    known += " repository-artifact repository-code title type url version"

    assert set(citation) - set(known.split()) == set()


def test_the_citation_agrees_with_the_project(citation, project):
    """Version, name, licence, keywords and authors are the same in both."""
    assert citation["version"] == VERSION
    assert citation["title"] == project["name"]
    assert citation["license"] == project["license"]
    assert citation["keywords"] == project["keywords"]
    assert citation["authors"] == project["authors"]


def test_the_changelog_begins_with_what_is_not_released():
    """*Unreleased* is on top; below are versions, newest first, each with its day."""
    heads = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    released = [
        re.fullmatch(r"(\d+)\.(\d+)\.(\d+) - (\d{4}-\d\d-\d\d)", head) for head in heads[1:]
    ]
    assert heads[0] == "Unreleased"
    assert all(released)

    numbers = [tuple(int(part) for part in one.groups()[:3]) for one in released]
    days = [date.fromisoformat(one[4]) for one in released]
    assert numbers == sorted(set(numbers), reverse=True)
    assert days == sorted(days, reverse=True)


def test_the_version_of_the_library_stands_in_the_changelog():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")

    assert re.search(rf"^## {re.escape(VERSION)} - ", text, re.MULTILINE)


def test_what_changed_is_told_under_the_words_of_the_format():
    """Keep a Changelog knows six kinds of change; each stands once in a version."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    for section in text.split("\n## ")[1:]:
        found = re.findall(r"^### (.+)$", section, re.MULTILINE)
        assert set(found) <= kinds
        assert len(found) == len(set(found))


def test_who_finds_a_weakness_is_told_that_a_figure_can_be_one():
    """And that no real facts are to be sent; no address is invented."""
    page = (ROOT / "SECURITY.md").read_text("utf-8")

    assert "A figure that gives somebody away" in page
    assert "never send real facts" in page
    assert VERSION.rpartition(".")[0] in page
    assert re.search(r"\S@\S|https?:", page) is None


def test_a_warning_of_what_goes_says_what_to_use_instead():
    """Each DeprecationWarning of ours names the version in which the old is gone (versions.md)."""
    pattern = re.compile(r"warn\(\s*(.{0,300}?)DeprecationWarning", re.DOTALL)
    example = 'warnings.warn("open_store is gone in 0.6, use osallisuus.open", DeprecationWarning)'
    texts = [path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py")]
    said = [found for text in [example, *texts] for found in pattern.findall(text)]

    assert said
    assert [one for one in said if not re.search(r"gone in \d+\.\d+, use ", one)] == []
