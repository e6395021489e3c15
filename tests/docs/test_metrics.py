"""The manual's chapter of metrics against the catalogue and its cards."""

import subprocess
import sys
from pathlib import Path

from osallisuus.metrics.catalogue import CATALOGUE

DOCS = Path(__file__).parents[2] / "docs"


def test_the_chapter_of_metrics_is_what_the_catalogue_says():
    """``docs/metrics.md`` is what ``docs/make_metrics.py`` writes now."""
    done = subprocess.run([sys.executable, DOCS / "make_metrics.py", "--check"], check=False)

    assert done.returncode == 0, "run: python docs/make_metrics.py"


def test_the_chapter_has_a_section_for_every_metric():
    """Nobody has to guess what a metric counts, of whom, and from which fields."""
    sections = (DOCS / "metrics.md").read_text("utf-8").split("\n## ")[1:]
    assert [section.splitlines()[0] for section in sections] == list(CATALOGUE)
    for section in sections:
        assert "fields by class" in section
        assert "```sql\n" in section
