"""The example script and the notebook do what they show."""

import json
import subprocess
import sys

import pytest


@pytest.fixture
def examples(pytestconfig):
    return pytestconfig.rootpath / "examples"


def test_the_funder_report_is_written_in_under_twenty_lines(examples, tmp_path):
    """The script prints the figures of each place and saves a page that says it is synthetic."""
    script = examples / "funder_report.py"
    assert len(script.read_text("utf-8").splitlines()) < 20
    done = subprocess.run(
        [sys.executable, script], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert "Lahti: 13 of 20 completed" in done.stdout
    assert "Tampere: 15 of 21 completed" in done.stdout
    page = (tmp_path / "wertzu.html").read_text("utf-8")
    assert "no real person is behind these figures" in page


def _notebook(examples):
    return json.loads((examples / "first_steps.ipynb").read_bytes())


def test_the_notebook_is_of_format_four_and_empty_of_outputs(examples):
    """Any notebook program opens it, and nobody's earlier results are in it."""
    notebook = _notebook(examples)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(ids) == len(set(ids)) > 5
    for cell in notebook["cells"]:
        assert "".join(cell["source"])
        assert cell["metadata"] == {}
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
        else:
            assert cell["cell_type"] == "markdown"
            assert "outputs" not in cell


def test_the_notebook_runs_from_top_to_bottom(examples, monkeypatch, capsys):
    """Its cells, run in order, print the published totals and a report that says synthetic."""
    monkeypatch.chdir(examples)
    names = {}
    for cell in _notebook(examples)["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    printed = capsys.readouterr().out
    assert "28 of 41" in printed
    assert "68.3% (53.0% to 80.4%)" in printed
    assert "Synthetic example data" in printed
