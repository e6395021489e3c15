"""The manual's pages: each can be reached, and what points to one points to one that is there."""

import re
from pathlib import Path

import pytest

from osallisuus.metrics.lint import lint

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PARTS = {"facts_tables", "index"}
"""Pages that another page holds or that holds the others."""


def test_every_page_stands_in_the_contents():
    """A page that nothing leads to is never read."""
    contents = (DOCS / "index.md").read_text("utf-8").splitlines()
    pages = {path.stem for path in DOCS.glob("*.md")} - PARTS
    assert {"asking_why", "writing_metrics"} <= pages
    assert sorted(pages - set(contents)) == []


def test_a_page_that_the_code_names_is_there():
    """Also the one that an error sends a metric's author to, by its title."""
    named = set()
    for path in (ROOT / "src").rglob("*.py"):
        named |= set(re.findall(r"docs/[a-z_]+\.md", path.read_text("utf-8")))
    assert "docs/writing_metrics.md" in named
    assert [page for page in sorted(named) if not (ROOT / page).is_file()] == []
    assert (DOCS / "writing_metrics.md").read_text("utf-8").startswith("# Rules for metric authors")


def test_an_author_whose_sql_cannot_be_read_is_sent_to_the_rules():
    with pytest.raises(Exception, match=r"docs/writing_metrics\.md, Rules for metric authors"):
        lint("mine", "count", "SELECT person FROM enrollments WHERE AND", (), ("person",))
