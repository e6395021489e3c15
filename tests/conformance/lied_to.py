"""The kit, put to every liar: a class of tests for each. Only ``test_liars.py`` runs this file."""

from osallisuus.conformance import (
    EngineConformance,
    FactExporterConformance,
    ReportExporterConformance,
    SinkConformance,
    StoreConformance,
)
from osallisuus.metrics.catalogue import CATALOGUE
from tests.conformance.lying_engines import ENGINES
from tests.conformance.lying_exporters import FACT_EXPORTERS, REPORT_EXPORTERS
from tests.conformance.lying_metrics import METRICS
from tests.conformance.lying_programs import PROGRAMS
from tests.conformance.lying_sinks import SINKS
from tests.conformance.lying_stores import STORES

FEW = {metric.tabulation.table: metric for metric in CATALOGUE.values()}.values()
"""A metric for each of the eight tables: enough to catch a liar."""
DRAWN = "test_facts_come_back_as_they_went_in"
OUT = "test_facts_come_out_as_they_went_in"


def _store(liar):
    def opened(self, place, clock):
        return liar.open(str(place / "store.db"), clock=clock)

    return {"open": opened, "examples": 10 if liar.breaks == DRAWN else 1}


def _engine(liar):
    def opened(self, store, known_at=None):
        return liar(store, known_at)

    cannot = getattr(liar, "cannot", ())
    return {"open": opened, "seeds": (1,), "metrics": FEW, "cannot": cannot}


def _sink(liar):
    def opened(self, place, *, create=False):
        return liar.open(str(place / "copy"), create=create)

    return {"open": opened, "examples": 3 if liar.breaks == OUT else 1}


def _exporter(liar):
    return {"exporter": lambda self: liar()}


def _put(kit, liars, said):
    for liar in liars:
        name = f"Test{liar.__name__}"
        assert name not in globals()
        globals()[name] = type(name, (kit,), said(liar))


_put(StoreConformance, STORES, _store)
_put(EngineConformance, ENGINES, _engine)
_put(SinkConformance, SINKS, _sink)
_put(ReportExporterConformance, REPORT_EXPORTERS, _exporter)
_put(FactExporterConformance, FACT_EXPORTERS, _exporter)
for _author in (*PROGRAMS, *METRICS):
    globals()[f"Test{_author.__name__}"] = _author
