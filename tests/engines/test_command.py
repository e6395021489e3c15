"""The engine on the command line."""

from __future__ import annotations

import json

from osallisuus.cli.main import main
from tests.cli.running import EXAMPLES

ASKED = ["measure", str(EXAMPLES / "verna"), "completion", "--internal", "--json"]


def test_an_engine_that_is_named_gives_the_same_figures(capsys):
    """``--engine duckdb`` changes who counts, and nothing that is counted."""
    assert main(ASKED) == 0
    own = json.loads(capsys.readouterr().out)
    assert main([*ASKED, "--engine", "duckdb"]) == 0
    named = json.loads(capsys.readouterr().out)
    assert own["figures"] == named["figures"] != []


def test_a_misspelt_engine_is_told_with_the_nearest_one(capsys):
    """Before anything is counted."""
    assert main([*ASKED, "--engine", "duckbd"]) == 1
    assert "did you mean 'duckdb'" in capsys.readouterr().err
