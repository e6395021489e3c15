"""A report never costs what was kept, and nothing is released that cannot be written."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

ASKED = ("report", "own.db", "--program", "wertzu", "--report", "board")


@pytest.fixture
def own(call: Any, stores: dict[str, str]) -> Any:
    """A store of one example, in the folder in which commands run."""
    shutil.copy(stores["wertzu"], "own.db")
    return call


@pytest.fixture
def kept(own: Any) -> Any:
    """The same with a report that was kept as ``kept.json``, and a link that leads to it."""
    assert own(*ASKED, "--freeze", "kept.json").code == 0
    Path("link.json").symlink_to("kept.json")
    Path("here").symlink_to(".")
    return own


def refused(own: Any, *asked: str) -> str:
    """What is told of a command that must do nothing at all."""
    before = own("releases", "own.db").out
    files = {path: path.read_bytes() for path in Path().iterdir() if path.suffix == ".json"}
    told = own(*asked)
    assert (told.code, told.out) == (1, "")
    assert own("releases", "own.db").out == before
    assert {path: path.read_bytes() for path in Path().iterdir() if path.suffix == ".json"} == files
    return str(told.err)


def test_a_report_is_not_kept_where_it_is_written(kept: Any) -> None:
    """By whatever path: one of the two would be lost."""
    for out in ("new.json", "./new.json", "here/new.json"):
        for more in ((), ("--overwrite",)):
            told = refused(kept, *ASKED, "--freeze", "new.json", "--out", out, *more)
            assert "--out and --freeze name the same file" in told


def test_what_a_command_reads_it_does_not_write_over(kept: Any) -> None:
    """Neither what is issued again nor what a report is set beside."""
    for place in ("kept.json", "./kept.json", "link.json", "here/kept.json"):
        again = refused(kept, "reissue", "kept.json", "--out", place, "--overwrite")
        assert "--out names a file that is read here" in again
        for option in ("--out", "--freeze"):
            beside = (*ASKED, "--since", "kept.json", option, place, "--overwrite")
            assert f"{option} names a file that is read here" in refused(kept, *beside)


def test_a_definition_and_a_frame_are_not_written_over(own: Any) -> None:
    """A programme's code is no file, though a file may have its name."""
    for option in ("--report", "--look", "--template"):
        told = refused(own, *ASKED, option, "own.toml", "--as", "html", "--out", "own.toml",
                       "--overwrite")  # fmt: skip
        assert "cannot be" in told or "read here" in told
    Path("own.toml").write_text('schema_version = 1\nname = "own"\n')
    told = refused(own, *ASKED, "--report", "own.toml", "--as", "html", "--out", "own.toml",
                   "--overwrite")  # fmt: skip
    assert "--out names a file that is read here" in told
    assert own(*ASKED, "--as", "markdown", "--out", "board").code == 0


@pytest.mark.parametrize("option", ["--out", "--freeze"])
def test_what_cannot_be_written_is_told_before_a_release_is_remembered(
    own: Any, option: str
) -> None:
    """Whatever the reason."""
    Path("folder.html").mkdir()
    Path("dangling.html").symlink_to("nowhere")
    for place, told in (
        ("none/page.html", "make the folder it is to stand in"),
        ("n" * 300 + ".html", "give it a shorter name"),
        ("folder.html", "this is a folder"),
        ("dangling.html", "the file is there already"),
        ("/proc/page.html", "the file cannot be written"),
    ):
        more = ("--overwrite",) if told == "this is a folder" else ()
        assert told in refused(own, *ASKED, option, place, *more)


def test_the_faults_of_a_frame_are_told_before_a_release_is_remembered(own: Any) -> None:
    """Also those that only a page shows."""
    Path("own.html").write_text("x{{ head }}{{ stamp }}{{ main }}")
    told = refused(own, *ASKED, "--template", "own.html", "--out", "page.html")
    assert "a text before its policy" in told
    assert not Path("page.html").exists()


def test_a_site_that_cannot_be_written_is_told_before_a_release_is_remembered(own: Any) -> None:
    """Its folder is to stand in one that is there and may be written to."""
    for place in ("none/site", "/proc/site"):
        told = refused(own, "site", "own.db", "--program", "wertzu", "--out", place)
        assert "the folder cannot be written" in told


def test_a_section_of_phases_that_has_nothing_to_say_is_told_of(own: Any) -> None:
    """To whoever makes the report; a measure that nobody noted, too."""
    Path("own.toml").write_text(
        'schema_version = 1\nname = "own"\n[[sections]]\nkind = "phases"\n'
        'noted = [{ measure = "group_sise", title = { en = "People" } }]\n'
    )
    asked = ("report", "own.db", "--program", "wertzu", "--report", "own.toml")
    early = own(*asked, "--as-of", "1990-01-01")
    assert "a section is left out: by this day nothing was noted" in early.err
    assert "@ sections[0] (" in early.err
    now = own(*asked)
    assert "a row is left out: by this day nothing was noted of this measure" in now.err
    assert "@ sections[0].noted[0] (" in now.err
