"""Each example's README tells its whole life, and everything that it shows is so."""

import pytest

from tests.cli.running import EXAMPLES
from tests.examples.pages import are_printed, run_page

LIVES = ["kokemusohjaus", "yhteiso", "yhteiskehittaminen"]


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """An empty folder beside which the examples lie, as in a checkout."""
    (tmp_path / "examples").symlink_to(EXAMPLES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", LIVES)
def test_the_life_of_an_example_is_as_its_readme_tells(name, desk):
    """Every command and every line of Python in it runs, and prints what is shown."""
    commands = run_page((EXAMPLES / name / "README.md").read_text("utf-8"), desk)
    assert commands[-1] == "report"
    assert {"import", "check", "measure"} <= set(commands)
    (page,) = desk.glob("*.html")
    html = page.read_text("utf-8")
    assert "no real person is behind these figures" in html
    assert len(html) > 10_000


def test_a_line_that_is_not_printed_is_noticed():
    assert are_printed(["…", "no findings"], "3 added\nno findings\n")
    assert not are_printed(["no findings"], "finding: one @ a")
    assert not are_printed(["second", "first"], "first\nsecond")
    assert not are_printed(["no findings"], "there are no findings here")
