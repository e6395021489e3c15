"""Reports and releases: what was asked for, and what of it may leave."""

from osallisuus.release.funds import fund_measurements
from osallisuus.release.issued import Release, exporter_of
from osallisuus.release.report import Report, parts_by_place, release_together
from osallisuus.release.source import Source
from osallisuus.whole import write_whole

__all__ = [
    "Release",
    "Report",
    "Source",
    "exporter_of",
    "fund_measurements",
    "parts_by_place",
    "release_together",
    "write_whole",
]
