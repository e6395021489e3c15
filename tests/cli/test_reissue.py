"""A frozen report by the command line: kept, issued again, and set beside."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from attrs import evolve

import osallisuus as osa

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


VOICES = """
schema_version = 1
name = "voices"

[[sections]]
kind = "metric"
heading = "people"
metric = "people_and_episodes"
form = "counts"

[[sections]]
kind = "quotes"
quotes = [{ text = { en = "I was heard." }, consent = "c-1" }]
"""


def test_words_of_people_are_issued_again_only_where_the_store_says_that_they_may(
    call: Any, tmp_path: Path
) -> None:
    """Without the store nobody knows, and with one in which the consent was taken back it is no."""
    (tmp_path / "voices.toml").write_text(VOICES)
    call("import", EXAMPLES / "wertzu", "--into", "own.db")
    given = osa.Consent(id="c-1", person="p-04e708", purpose="quoting", given_on=date(2016, 9, 1))
    with osa.open("own.db", actor="test") as register:
        register.add([given])
    made = call("report", "own.db", "--program", "wertzu", "--report", "voices.toml",
                "--freeze", "kept.json", "--as", "text")  # fmt: skip
    assert "I was heard." in made.out
    for how in ((), ("--as", "text"), ("--as", "html", "--out", "again.html")):
        alone = call("reissue", "kept.json", *how)
        assert (alone.code, alone.out) == (1, "")
        assert "reissue FILE --store STORE" in alone.err
    assert call("reissue", "kept.json", "--store", "own.db", "--as", "text").out == made.out
    with osa.open("own.db", actor="test") as register:
        register.add([evolve(given, withdrawn_on=date(2018, 1, 1))])
    refused = call("reissue", "kept.json", "--store", "own.db", "--as", "text")
    assert (refused.code, refused.out) == (1, "")
    assert "make the report anew with the facts of now" in refused.err
    assert not (tmp_path / "again.html").exists()


def test_whoever_makes_a_report_is_told_which_words_it_leaves_out_and_why(
    call: Any, tmp_path: Path
) -> None:
    """On stderr only: a reader learns nothing of words that nobody may tell."""
    quotes = ", ".join(f'{{ text = {{ en = "Mine." }}, consent = "c-{n}" }}' for n in (1, 2, 3))
    asked = VOICES.replace('[{ text = { en = "I was heard." }, consent = "c-1" }]', f"[{quotes}]")
    (tmp_path / "voices.toml").write_text(asked)
    call("import", EXAMPLES / "wertzu", "--into", "own.db")
    day = date(2016, 9, 1)
    given = [
        osa.Consent(id="c-1", person="p-04e708", purpose="research", given_on=day),
        osa.Consent(id="c-2", person="p-04e708", purpose="quoting", given_on=day, withdrawn_on=day),
    ]
    with osa.open("own.db", actor="test") as register:
        register.add(given)
    made = call("report", "own.db", "--program", "wertzu", "--report", "voices.toml",
                "--as", "text")  # fmt: skip
    assert "Mine." not in made.out
    left_out = "a quote is left out: the"
    assert [line.partition(" (")[0] for line in made.err.splitlines() if "quote" in line] == [
        f"{left_out} consent is not to be quoted @ sections[1].quotes[0]",
        f"{left_out} consent was taken back @ sections[1].quotes[1]",
        f"{left_out} facts of this day hold no consent of that id @ sections[1].quotes[2]",
    ]
