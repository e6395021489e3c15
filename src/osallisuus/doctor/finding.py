"""One thing that the doctor has looked at."""

from __future__ import annotations

from typing import Literal

from osallisuus.errors import Problem
from osallisuus.values import frozen

__all__ = ["Ailment", "Severity"]

Severity = Literal["fine", "note", "weak", "broken"]
"""``note``: good to know. ``weak``: something may be lost or seen. ``broken``: it does not work."""


@frozen(kw_only=True)
class Ailment(Problem):
    """What was looked at, how it is, and what would help where it is not fine."""

    code: str
    severity: Severity
