"""JSON values whose texts any reader of UTF-8 can read."""

from __future__ import annotations

from typing import Any

from osallisuus.reports.document import clean_text

__all__ = ["clean_values"]


def clean_values(value: Any) -> Any:
    """*value* with every character in its texts and names that no page can show as U+FFFD."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(name): clean_values(inner) for name, inner in value.items()}
    return [clean_values(inner) for inner in value] if isinstance(value, list) else value
