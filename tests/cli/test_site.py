"""A small site: reports that were released together, as pages that are linked to each other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import osallisuus as osa
from osallisuus.cli.main import main

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two programmes in one store."""
    place = str(tmp_path_factory.mktemp("site") / "two.db")
    for name in ("wertzu", "verna"):
        assert main(["import", str(EXAMPLES / name), "--into", place]) == 0
    return place


@pytest.fixture(scope="module")
def made(store: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its internal site, in which every place has a page."""
    place = tmp_path_factory.mktemp("made") / "site"
    asked = ["site", store, "--program", "wertzu", "--program", "verna", "--by", "group.place"]
    assert main([*asked, "--locale", "fi", "--internal", "--out", str(place)]) == 0
    return place


def pages(place: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted(place.iterdir())}


def test_every_programme_and_every_place_has_a_page_that_all_links_lead_to(made: Path) -> None:
    """There is no other link, and no file that nothing leads to."""
    found = pages(made)
    assert {"index.html", "verna.html", "wertzu.html", "wertzu-1.html"} <= set(found)
    linked = {name for page in found.values() for name in re.findall(r'href="([^#"][^"]*)"', page)}
    assert linked == set(found)


def test_no_page_has_a_script_or_asks_anybody(made: Path) -> None:
    """Each has its own policy, and its style within it."""
    for page in pages(made).values():
        assert "<script" not in page
        assert "://" not in page
        assert "Content-Security-Policy" in page
        assert "<style>" in page


def test_every_page_of_an_internal_site_says_so(made: Path) -> None:
    """The list of all reports, too."""
    assert all('class="stamp"' in page for page in pages(made).values())


def test_places_stand_by_name(made: Path) -> None:
    """Not by size."""
    index = pages(made)["index.html"]
    titles = re.findall(r'href="wertzu-\d+.html">([^<]+)', index)
    assert len(titles) > 1
    assert titles == sorted(titles)


def test_a_site_is_one_release_and_names_no_place_of_which_all_is_hidden(
    store: str, tmp_path: Path
) -> None:
    """However many pages it has; and what it shows does not depend on how it is laid out."""
    place = tmp_path / "public"
    asked = ["site", store, "--program", "wertzu", "--program", "verna", "--by", "group.place"]
    assert main([*asked, "--out", str(place)]) == 0
    with osa.open(f"sqlite:///{store}", actor="test", purpose="test") as register:
        assert len(list(register.releases())) == 1
    for page in pages(place).values():
        assert 'class="stamp"' not in page
        assert "··" not in page or re.search(r"<td[^>]*>[^·<]*\d", page)


def test_a_site_that_is_there_is_replaced_only_when_asked(made: Path, store: str) -> None:
    """And a folder that is no site never."""
    asked = ["site", store, "--program", "verna", "--profile", "internal", "--out"]
    before = pages(made)
    assert main([*asked, str(made)]) == 1
    assert pages(made) == before
    other = made.parent / "other"
    other.mkdir()
    (other / "mine.txt").write_text("x")
    assert main([*asked, str(other), "--overwrite"]) == 1
    assert (other / "mine.txt").read_text() == "x"
    (other / "mine.txt").unlink()
    (other / "index.html").write_text("<!DOCTYPE html><title>my own pages</title>")
    assert main([*asked, str(other), "--overwrite"]) == 1
    assert (other / "index.html").read_text().endswith("my own pages</title>")
    mine = made.parent / "again"
    assert main([*asked, str(mine)]) == 0
    assert main([*asked, str(mine), "--overwrite"]) == 0
    assert set(pages(mine)) == {"index.html", "verna.html"}
    (mine / "mine.txt").write_text("x")
    assert main([*asked, str(mine), "--overwrite"]) == 1
    (mine / "mine.txt").unlink()
    assert {path.stat().st_mode & 0o777 for path in mine.iterdir()} == {0o600}
    assert sorted(path.name for path in made.parent.iterdir()) == ["again", "other", "site"]
