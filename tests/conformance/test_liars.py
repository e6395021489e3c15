"""The kit catches whoever breaks a promise, and accuses nobody of what he has kept.

A liar is a plug-in with one fault. The kit is run on all of them at once, by pytest in this very
process, and each must fail exactly the promise that it says it breaks.
"""

from pathlib import Path

import pytest

from osallisuus import plugins
from osallisuus.conformance import (
    EngineConformance,
    FactExporterConformance,
    MetricConformance,
    ProgramConformance,
    ReportExporterConformance,
    SinkConformance,
    StoreConformance,
)
from tests.conformance.lying_engines import ENGINES
from tests.conformance.lying_exporters import FACT_EXPORTERS, REPORT_EXPORTERS
from tests.conformance.lying_metrics import METRICS
from tests.conformance.lying_programs import PROGRAMS
from tests.conformance.lying_sinks import SINKS
from tests.conformance.lying_stores import STORES

KITS = {
    StoreConformance: STORES,
    EngineConformance: ENGINES,
    SinkConformance: SINKS,
    ReportExporterConformance: REPORT_EXPORTERS,
    FactExporterConformance: FACT_EXPORTERS,
    ProgramConformance: PROGRAMS,
    MetricConformance: METRICS,
}
LIARS = [liar for liars in KITS.values() for liar in liars]
PUT_TO_ALL = Path(__file__).with_name("lied_to.py")


class Failures:
    """What was told of each liar: its broken promises, and how many were kept."""

    def __init__(self):
        self.broken, self.kept = {}, {}

    def pytest_runtest_logreport(self, report):
        liar, promise = report.nodeid.split("::")[-2:]
        liar, promise = liar.removeprefix("Test"), promise.partition("[")[0]
        if report.failed:
            self.broken.setdefault(liar, set()).add(promise)
        elif report.when == "call" and report.passed:
            self.kept[liar] = self.kept.get(liar, 0) + 1


INSTALLED = """
[osallisuus.exporters]
liar = tests.conformance.lying_exporters:IsInstalledAsAnother
[osallisuus.fact_exporters]
liar = tests.conformance.lying_exporters:FactsInstalledAsAnother
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A package that calls two of the liars otherwise than they call themselves."""
    place = tmp_path_factory.mktemp("installed")
    (information := place / "liars-1.dist-info").mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: liars\nVersion: 1\n")
    (information / "entry_points.txt").write_text(INSTALLED)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(place))
        plugins._declared.cache_clear()
        yield
    plugins._declared.cache_clear()


@pytest.fixture(scope="module")
def told(installed):
    failures = Failures()
    options = ["-p", "no:cacheprovider", "-p", "no:xdist", "--capture=no", "-q", "--tb=line"]
    pytest.main([str(PUT_TO_ALL), *options], plugins=[failures])
    return failures


@pytest.mark.parametrize("liar", LIARS, ids=lambda liar: liar.__name__)
def test_a_liar_is_caught_at_the_promise_it_breaks_and_no_other(liar, told):
    assert told.broken.get(liar.__name__) == {liar.breaks}
    assert told.kept[liar.__name__] > 0


@pytest.mark.parametrize("kit", KITS, ids=lambda kit: kit.__name__)
def test_every_promise_of_the_kit_has_its_liar(kit):
    """A promise that nobody can break would be one that nobody keeps."""
    promises = {name for name in dir(kit) if name.startswith("test_")}
    assert {liar.breaks for liar in KITS[kit]} == promises


@pytest.mark.parametrize("kit", KITS, ids=lambda kit: kit.__name__)
def test_every_promise_is_said_in_a_sentence(kit):
    """The docstring of a promise is what its author reads when it is broken."""
    for name in dir(kit):
        if name.startswith("test_"):
            said = getattr(kit, name).__doc__
            assert said.strip().endswith("."), name
