"""The kinds of metrics: what is counted per case, and how it is estimated."""

from osallisuus.metrics.kinds.attainment import GoalAttainment
from osallisuus.metrics.kinds.cadence import CadenceHeld
from osallisuus.metrics.kinds.completeness import Completeness
from osallisuus.metrics.kinds.cost import UnitCost
from osallisuus.metrics.kinds.count import Count
from osallisuus.metrics.kinds.coverage import Coverage
from osallisuus.metrics.kinds.cumulative import Cumulative
from osallisuus.metrics.kinds.distribution import Distribution
from osallisuus.metrics.kinds.funnel import Funnel
from osallisuus.metrics.kinds.gap import Gap
from osallisuus.metrics.kinds.lag import Lag
from osallisuus.metrics.kinds.mean import Mean
from osallisuus.metrics.kinds.multilabel import MultiLabel
from osallisuus.metrics.kinds.multistate import MultiState
from osallisuus.metrics.kinds.paired import PairedChange
from osallisuus.metrics.kinds.paths import Paths
from osallisuus.metrics.kinds.proportion import Proportion
from osallisuus.metrics.kinds.rate import Rate
from osallisuus.metrics.kinds.reliable import ReliableChange
from osallisuus.metrics.kinds.screened import ScreenedProportion
from osallisuus.metrics.kinds.spread import Spread
from osallisuus.metrics.kinds.steps import Steps
from osallisuus.metrics.kinds.stock import Stock
from osallisuus.metrics.kinds.survival import TimeToEvent
from osallisuus.metrics.kinds.total import Total
from osallisuus.metrics.kinds.waves import WaveChange

__all__ = [
    "CadenceHeld",
    "Completeness",
    "Count",
    "Coverage",
    "Cumulative",
    "Distribution",
    "Funnel",
    "Gap",
    "GoalAttainment",
    "Lag",
    "Mean",
    "MultiLabel",
    "MultiState",
    "PairedChange",
    "Paths",
    "Proportion",
    "Rate",
    "ReliableChange",
    "ScreenedProportion",
    "Spread",
    "Steps",
    "Stock",
    "TimeToEvent",
    "Total",
    "UnitCost",
    "WaveChange",
]
