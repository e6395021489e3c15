"""How much is tried: little enough for every change, or as much as before a release.

``OSALLISUUS_STRESS=long`` (what ``./dev stress`` sets) is the second.
"""

import os

LONG = os.environ.get("OSALLISUUS_STRESS") == "long"


def tried(short: int, long: int) -> int:
    """How often something is tried."""
    return long if LONG else short


CUTS = tried(300, 3_000)
