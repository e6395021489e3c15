"""A part of a TOML text: its first keys and the tables asked for.

Reading TOML takes time for every line. Who needs a few tables of a long definition cuts them out
first; what is cut out reads as it does in the whole text.
"""

from __future__ import annotations

import re
from collections.abc import Collection

__all__ = ["excerpt"]

_HEADER = re.compile(r"\[\[?\s*([A-Za-z0-9_-]+)\s*(?:\.[^\]]*)?\]\]?\s*(?:#.*)?")


def excerpt(text: str, tables: Collection[str]) -> str:
    """*text* without the tables, and arrays of tables, whose names do not begin with these keys.

    Where lines alone do not tell what is a header (texts over several lines, quoted keys, a list
    alone on a line), it is the whole text.
    """
    if '"""' in text or "'''" in text:
        return text
    kept = []
    keep = True
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if bare.startswith("[") and not (bare.endswith(",") and "#" not in bare):
            header = _HEADER.fullmatch(bare)
            if header is None:
                return text
            keep = header[1] in tables
        if keep:
            kept.append(line)
    return "".join(kept)
