"""The kinds of metrics: what is counted per case, and how it is estimated."""

from osallisuus.metrics.kinds.count import Count
from osallisuus.metrics.kinds.funnel import Funnel
from osallisuus.metrics.kinds.mean import Mean
from osallisuus.metrics.kinds.multilabel import MultiLabel
from osallisuus.metrics.kinds.multistate import MultiState
from osallisuus.metrics.kinds.proportion import Proportion
from osallisuus.metrics.kinds.survival import TimeToEvent

__all__ = ["Count", "Funnel", "Mean", "MultiLabel", "MultiState", "Proportion", "TimeToEvent"]
