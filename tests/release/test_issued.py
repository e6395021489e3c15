"""A release as it is shown and saved."""

from pathlib import Path

import pytest

import osallisuus as osa
from osallisuus import plugins
from osallisuus.errors import PluginError
from osallisuus.ingest.folder import read_folder
from osallisuus.release import Release, exporter_of, parts_by_place, release_together
from osallisuus.reports.document import Document, Note, Text

EXAMPLES = Path(__file__).parents[2] / "examples"
OURS = ".csv, .docx, .html, .json, .md, .pdf, .txt, .xlsx, .zip"
PAGE = Document(title="One <page>", locale="en", blocks=(Text(("Some words.",)),))


def test_in_a_notebook_it_stands_in_a_frame_without_rights():
    shown = Release(PAGE)._repr_html_()
    assert shown.startswith('<iframe title="One &lt;page&gt;" sandbox=""')
    assert "Some words." in shown


def test_the_ending_of_a_file_says_its_format(tmp_path):
    """An ending that nobody knows is told with all that there are."""
    assert exporter_of(tmp_path / "page.md") == "markdown"
    assert exporter_of(tmp_path / "page.pdf") == "pdf"
    assert exporter_of(tmp_path / "page.sdmx") == "sdmx"  # the name of one does as well
    for name in ("page.htm", "page"):
        with pytest.raises(PluginError, match="no exporter") as refused:
            exporter_of(tmp_path / name)
        (problem,) = refused.value.problems
        assert problem.remedy == f"name the exporter with --as NAME, or take one of {OURS}"


def test_every_ending_of_ours_is_known():
    """Whatever one of our exporters calls its files, a file called so is written by one of its kind."""
    ours = [name for name, (one, *_) in plugins.find("exporters").items()
            if one.distribution == "osallisuus"]  # fmt: skip
    endings = {plugins.load("exporters", name).suffix for name in ours}
    assert endings == set(OURS.split(", "))
    for ending in endings:
        found = exporter_of(Path(f"page{ending}"))
        assert plugins.load("exporters", found).suffix == ending


def test_reports_released_together_say_what_each_says_of_its_own() -> None:
    """Each has its own results; a page of a place has figures of the report and no others."""
    with osa.open("memory:", actor="test", purpose="test") as register:
        register.add(read_folder(EXAMPLES / "wertzu"))
        asked = [
            register.report(name, program="wertzu", by=["group.place"])
            for name in ("evaluation", "board")
        ]
        one, other = release_together(asked, "internal")
        alone = asked[1].release("internal")
    assert other.document == alone.document
    said = [figure for table in one.document.tables for figure in table.figures]
    parts = parts_by_place(asked[0], one)
    assert parts
    for part in parts:
        assert all(figure in said for table in part.document.tables for figure in table.figures)
        assert isinstance(part.document.blocks[0], Note)
        assert part.document.internal
    assert parts_by_place(asked[0], Release(PAGE)) == []
