"""The manual's list of tables against the record classes."""

import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_tables_of_the_manual_are_those_of_the_code():
    """``docs/facts_tables.md`` is what ``docs/make_tables.py`` writes now."""
    done = subprocess.run([sys.executable, DOCS / "make_tables.py", "--check"], check=False)

    assert done.returncode == 0, "run: python docs/make_tables.py"
