"""One thing that the doctor has looked at."""

from __future__ import annotations

from typing import Literal

from osallisuus.values import frozen

__all__ = ["Ailment", "Severity"]

Severity = Literal["fine", "note", "weak", "broken"]
"""``note``: good to know. ``weak``: something may be lost or seen. ``broken``: it does not work."""


@frozen(kw_only=True)
class Ailment:
    """What was looked at, how it is, and what would help where it is not fine."""

    code: str
    severity: Severity
    what: str
    where: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        place = f" @ {self.where}" if self.where else ""
        remedy = f" ({self.remedy})" if self.remedy else ""
        return f"{self.what}{place}{remedy}"
