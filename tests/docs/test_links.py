"""What points to a page points to one that is there, and nothing is fetched from elsewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
KINDS = ("Begin", "How to", "Why", "Reference")


def trees():
    """Caption -> the pages below it in the contents."""
    text = (DOCS / "index.md").read_text("utf-8")
    blocks = re.findall(r"```\{toctree\}\n:caption: (.*?)\n.*?\n\n(.*?)```", text, re.DOTALL)
    return {caption: pages.split() for caption, pages in blocks}


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_the_links_of_the_front_pages_lead_somewhere(name):
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / name).read_text("utf-8"))

    assert len(links) >= 2
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_list_for_language_models_names_pages_that_are_there():
    """And all that is reference, so that nobody has to guess a command or a key."""
    links = re.findall(r"\]\(([^)]+)\)", (DOCS / "llms.txt").read_text("utf-8"))
    pages = {link.removesuffix(".html") for link in links}

    assert all(link.endswith(".html") for link in links)
    assert {one for one in pages if not (DOCS / f"{one}.md").is_file()} == set()
    assert {"commands", "definitions", "errors", "metrics", "api", "privacy"} <= pages


def test_the_contents_have_the_four_kinds_of_pages():
    """Somebody who learns, does, wonders or looks up finds their own list; no page is in two."""
    found = trees()
    pages = [page for below in found.values() for page in below]

    assert tuple(found)[:4] == KINDS
    assert sorted({page for page in pages if pages.count(page) > 1}) == []
    assert [page for page in pages if not (DOCS / f"{page}.md").is_file()] == []
    assert {"fi/tutorial", "fi/privacy"} <= set(pages)
    assert found["Begin"][0] == "tour"


def test_nothing_is_fetched_from_elsewhere():
    """No picture, style or script of the manual comes over the network."""
    outside = re.compile(r"!\[[^\]]*\]\(\s*\w+:|<(?:img|script|link)\b|@import|url\(\s*['\"]?\w+:")
    sources = [*DOCS.rglob("*.md"), *DOCS.glob("static/*.css"), DOCS / "conf.py"]

    assert len(sources) > 50
    assert [path.name for path in sources if outside.search(path.read_text("utf-8"))] == []


def test_every_picture_of_the_tour_has_words():
    """For those who do not see it."""
    shown = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", (DOCS / "tour.md").read_text("utf-8"))

    assert len(shown) >= 5
    assert [path for words, path in shown if len(words) < 20 or not (DOCS / path).is_file()] == []
