"""The kit itself: who may join, what is drawn, and what happens without its libraries."""

import subprocess
import sys

import pytest
from hypothesis import given, settings

from osallisuus import conformance
from osallisuus.conformance import facts, worlds
from osallisuus.conformance.steps import Ticking, in_a_process_that_ends
from osallisuus.engines.sqlite import SQLiteEngine
from osallisuus.errors import DefinitionError
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.compile import Settings
from osallisuus.metrics.measure import measure
from osallisuus.model.batch import Batch
from osallisuus.model.facts import TABLES
from osallisuus.model.store import Act
from osallisuus.rules.references import undefined_references
from osallisuus.stores.memory import MemoryStore


@pytest.mark.parametrize("missing", ["pytest", "hypothesis"])
def test_without_its_libraries_the_kit_says_how_to_get_them(missing):
    """One line with the command, and no traceback of somebody else's import."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            (
                f"import sys; sys.modules[{missing!r}] = None\n"
                "from osallisuus.errors import PluginError\n"
                "try:\n    import osallisuus.conformance\n"
                "except PluginError as error: print(error)"
            ),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"the library {missing}" in done.stdout
    assert "python -m pip install 'osallisuus[conformance]'" in done.stdout


@pytest.mark.parametrize(
    ("promises", "name"),
    [
        (conformance.StoreConformance, "open"),
        (conformance.EngineConformance, "open"),
        (conformance.MetricConformance, "metric"),
        (conformance.ReportExporterConformance, "exporter"),
        (conformance.FactExporterConformance, "exporter"),
        (conformance.ProgramConformance, "program"),
    ],
)
def test_a_class_that_does_not_say_what_is_tried_is_refused_once(promises, name):
    """When it is made, with what to write; a class in between, which pytest passes by, is not."""
    with pytest.raises(DefinitionError, match=f"does not say its {name} @ TestMine"):
        type("TestMine", (promises,), {})
    between = type("Mine", (promises,), {})
    assert type("TestMine", (between,), {name: lambda *_: None})


def test_a_process_that_fails_proves_nothing(capfd):
    """The promise is broken, and what failed in the other process is shown."""
    with pytest.raises(AssertionError, match="did not come to its end"):
        in_a_process_that_ends({}.popitem)
    assert "KeyError" in capfd.readouterr().err


@given(facts.batches(1))
@settings(max_examples=5, deadline=None)
def test_a_drawn_batch_is_sound(batch):
    """No id twice, and only tables that have a fact."""
    assert not Batch.of(fact for of in batch.rows.values() for fact in of).problems
    assert all(batch.rows.values())


@pytest.mark.parametrize("seed", range(3))
def test_a_world_refers_to_nothing_outside_itself(seed):
    """Now, and as it was known before."""
    drawn = worlds.world(seed)
    batch = Batch.of(drawn.facts)
    assert not batch.problems
    assert not list(undefined_references(batch, lambda table, ids: set()))
    assert {one.id for one in drawn.earlier} < {one.id for one in drawn.facts}


def test_the_same_seed_is_the_same_world():
    """In every process: a promise that is broken is broken again."""
    assert worlds.world.__wrapped__(7) == worlds.world(7)
    assert worlds.world(7).facts != worlds.world(8).facts


def test_the_worlds_leave_few_metrics_without_a_case():
    """Else engines would agree on nothing: nearly every metric counts somebody in one of them."""
    counted = set()
    for seed in (1, 2):
        drawn, store = worlds.world(seed), MemoryStore(Ticking())
        store.append(Batch.of(drawn.facts), Act("a", "p", "r"))
        engine = SQLiteEngine.open(store)
        for name, metric in CATALOGUE.items():
            tables = measure(metric, Settings(as_of=drawn.as_of), engine).tables
            if any(
                isinstance(row[-1], int) and row[-1] for rows in tables.values() for row in rows
            ):
                counted.add(name)
    assert len(counted) >= 0.8 * len(CATALOGUE), sorted(CATALOGUE.keys() - counted)


def test_every_table_is_drawn_in_a_world():
    """But that of who must not share a group, which no engine reads."""
    drawn = {fact.table.name for fact in worlds.world(1).facts}
    assert drawn == TABLES.keys() - {"keep_apart"}
