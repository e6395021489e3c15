"""The metric keeps every promise of a metric; its card stands in the package."""

from osallisuus.conformance import MetricConformance
from your_package import METRIC


class TestMetric(MetricConformance):
    metric = METRIC
