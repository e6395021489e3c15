"""The exporter keeps every promise of a report exporter."""

from osallisuus.conformance import ReportExporterConformance
from your_package import Exporter


class TestExporter(ReportExporterConformance):
    def exporter(self):
        return Exporter()
