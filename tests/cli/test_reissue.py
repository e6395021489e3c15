"""A frozen report by the command line: kept, issued again, and set beside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_a_report_is_kept_and_issued_again_without_its_store(call: Any, tmp_path: Path) -> None:
    """The same bytes, also when the store is gone."""
    call("import", EXAMPLES / "wertzu", "--into", "own.db")
    made = call("report", "own.db", "--program", "wertzu", "--report", "board",
                "--freeze", "kept.json", "--as", "html", "--out", "board.html")  # fmt: skip
    assert made.code == 0
    assert "kept as kept.json" in made.err
    (tmp_path / "own.db").unlink()
    assert call("reissue", "kept.json", "--out", "again.html").code == 0
    assert (tmp_path / "again.html").read_bytes() == (tmp_path / "board.html").read_bytes()
    assert call("reissue", "kept.json", "--as", "text").out.startswith("Peer facilitator training")


def test_a_later_report_names_what_has_moved(call: Any) -> None:
    """Beside one that was kept."""
    call("import", EXAMPLES / "wertzu", "--into", "own.db")
    asked = ("report", "own.db", "--program", "wertzu", "--report", "board", "--as", "markdown")
    call(*asked, "--as-of", "2017-06-01", "--freeze", "kept.json")
    later = call(*asked, "--as-of", "2019-01-01", "--since", "kept.json")
    assert later.code == 0
    assert "What has moved since the report as of 1 June 2017" in later.out


def test_what_was_kept_is_not_kept_over(call: Any) -> None:
    """Nothing is released for it either."""
    call("import", EXAMPLES / "wertzu", "--into", "own.db")
    asked = (
        "report",
        "own.db",
        "--program",
        "wertzu",
        "--report",
        "board",
        "--freeze",
        "kept.json",
    )
    assert call(*asked).code == 0
    remembered = call("releases", "own.db").out
    again = call(*asked)
    assert (again.code, again.out) == (1, "")
    assert "the file is there already @ kept.json" in again.err
    assert call("releases", "own.db").out == remembered


def test_a_file_that_is_no_frozen_report_is_named(call: Any, tmp_path: Path) -> None:
    """With what would help."""
    (tmp_path / "kept.json").write_text("{}")
    told = call("reissue", "kept.json")
    assert (told.code, told.out) == (1, "")
    assert "this is no frozen report @ kept.json (name a file that --freeze wrote)" in told.err
