"""The card of a metric that somebody else's package brings."""

import pytest

from osallisuus import plugins
from osallisuus.errors import PluginError
from osallisuus.words.card import card_named


@pytest.fixture
def package(tmp_path, monkeypatch):
    """An installed distribution whose metric ``walks`` has the card that ``write`` is given."""
    information = tmp_path / "strange-1.dist-info"
    (tmp_path / "strange" / "cards").mkdir(parents=True)
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: strange\nVersion: 1\n")
    entry = "[osallisuus.metrics]\nwalks = strange:WALKS\nruns = nowhere.at.all:RUNS\n"
    (information / "entry_points.txt").write_text(f"{entry}swims = ..:SWIMS\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    for known in (plugins._declared, card_named):
        known.cache_clear()
    yield tmp_path / "strange" / "cards" / "walks.toml"
    for known in (plugins._declared, card_named):
        known.cache_clear()


def test_a_card_stands_beside_the_metric_and_needs_no_example(package):
    text = "\n".join(f"{name}.en = 'walks'" for name in ("title", "sentence", "naive"))
    package.write_text(f"{text}\n")
    found = card_named("walks")
    assert found is not None
    assert (found.title["en"], found.example) == ("walks", None)


def test_a_card_that_cannot_be_read_is_told_with_whose_it_is(package):
    package.write_text("title = [")
    with pytest.raises(
        PluginError, match="the card of the metric 'walks' cannot be read @ strange 1"
    ):
        card_named("walks")


@pytest.mark.parametrize("name", ["walks", "runs", "swims"])
def test_without_a_card_or_a_package_there_is_none(package, name):
    assert card_named(name) is None


def test_ctrl_c_while_a_plug_in_is_imported_is_no_fault_of_it(package):
    """Whoever stops the program stops it."""
    (package.parents[1] / "__init__.py").write_text("raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        plugins.load("metrics", "walks")
