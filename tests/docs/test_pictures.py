"""The pictures of the manual are what the library draws."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_pictures_are_current() -> None:
    """``docs/pictures`` is what ``docs/make_pictures.py`` writes now."""
    done = subprocess.run([sys.executable, DOCS / "make_pictures.py", "--check"], check=False)
    assert done.returncode == 0, "run: python docs/make_pictures.py"


def test_every_picture_is_shown_with_words_for_those_who_do_not_see_it() -> None:
    """And every one that is shown is there."""
    pages = "".join((DOCS / name).read_text("utf-8") for name in ("reports.md", "performance.md"))
    shown = re.findall(r"!\[([^\]]+)\]\(pictures/([^)]+)\)", pages)
    assert {name for _, name in shown} == {path.name for path in DOCS.glob("pictures/*.svg")}
    assert all(len(words) > 20 for words, _ in shown)
