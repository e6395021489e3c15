"""Chromium and axe: a missing one is a failure where ``CI`` is ``true`` and a skip elsewhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import Chromium

AXE = Path(__file__).parents[2] / ".build/node/node_modules/axe-core/axe.min.js"
"""Where .ci/run puts it."""


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """One browser for the whole run: it takes long to start."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        _lacking("no chromium found: the page was not opened in a real browser")
        return
    running = Chromium(found, tmp_path_factory.mktemp("chromium"))
    yield running
    running.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, which looks for what keeps people out of a page."""
    place = Path(os.environ.get("OSALLISUUS_AXE", AXE))
    if not place.is_file():
        _lacking("no axe-core in .build/node (.ci/run installs it): nobody looked for barriers")
    return place.read_text("utf-8")


def _lacking(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
