"""A release as it is shown and saved."""

from pathlib import Path

import pytest

import osallisuus as osa
from osallisuus.errors import StoreError
from osallisuus.ingest.folder import read_folder
from osallisuus.release import Release, exporter_of, parts_by_place, release_together
from osallisuus.reports.document import Document, Note, Text

EXAMPLES = Path(__file__).parents[2] / "examples"
PAGE = Document(title="One <page>", locale="en", blocks=(Text(("Some words.",)),))


def test_in_a_notebook_it_stands_in_a_frame_without_rights():
    shown = Release(PAGE)._repr_html_()
    assert shown.startswith('<iframe title="One &lt;page&gt;" sandbox=""')
    assert "Some words." in shown


def test_the_ending_of_a_file_says_its_format(tmp_path):
    """That of a plug-in is its name; an ending that nobody knows is told with a near one."""
    assert exporter_of(tmp_path / "page.md") == "markdown"
    assert exporter_of(tmp_path / "page.pdf") == "pdf"
    with pytest.raises(StoreError, match="no exporter") as refused:
        exporter_of(tmp_path / "page.htm")
    assert refused.value.problems[0].remedy == "did you mean '.html'?"


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
