"""A report in an organisation's own look and frame, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from osallisuus.cli.main import main

EXAMPLE = str(Path(__file__).parents[2] / "examples" / "wertzu")
ASKED = ["report", EXAMPLE, "--program", "wertzu", "--locale", "fi"]
FRAME = '{% extends "page.html" %}{% block footer %}<footer><p>Oma</p></footer>{% endblock %}'


@pytest.fixture
def frame(tmp_path: Path) -> Path:
    """A template with a footer of its own."""
    path = tmp_path / "own.html"
    path.write_text(FRAME, "utf-8")
    return path


def test_a_report_stands_in_its_own_look_and_frame(tmp_path: Path, frame: Path) -> None:
    """Kept reports can be issued again in another one."""
    look, out, again = (tmp_path / name for name in ("look.toml", "r.html", "again.html"))
    kept = tmp_path / "r.frozen"
    look.write_text('organization = "Meidän ry"\naccent = "#5b3a8c"\n', "utf-8")
    asked = [*ASKED, "--look", str(look), "--template", str(frame), "--out", str(out)]
    assert main([*asked, "--freeze", str(kept)]) == 0
    page = out.read_text("utf-8")
    assert "<span>Meidän ry</span>" in page
    assert page.endswith("<footer><p>Oma</p></footer></body></html>\n")
    assert main(["reissue", str(kept), "--out", str(again)]) == 0
    assert "<span>Meidän ry</span>" in again.read_text("utf-8")


def test_only_a_page_has_a_template(
    tmp_path: Path, frame: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is told before anything is released."""
    asked = [*ASKED, "--template", str(frame), "--out", str(tmp_path / "r.csv")]
    assert main(asked) == 1
    assert "only a web page has a template" in capsys.readouterr().err
    assert not (tmp_path / "r.csv").exists()


@pytest.mark.parametrize("option", ["--look", "--template"])
def test_a_missing_file_is_told_in_one_line(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its path."""
    assert main([*ASKED, option, str(tmp_path / "none"), "--as", "html"]) == 1
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 1
    assert "cannot be read" in told[0]
    assert "none" in told[0]
