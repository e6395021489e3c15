"""The median of a released curve is the next day that may be shown, and every output says so."""

from __future__ import annotations

from pathlib import Path

import pytest

import osallisuus as osa
from osallisuus.ingest.folder import read_folder
from osallisuus.reports.build import result_document

VERNA = Path(__file__).parents[2] / "examples" / "verna"
LATEST = {"fi": "enintään {} päivää", "sv": "högst {} dagar", "en": "at most {} days"}


@pytest.fixture(scope="module")
def register():
    with osa.open("memory:", actor="test", purpose="test") as opened:
        opened.add(read_folder(VERNA))
        yield opened


@pytest.mark.parametrize("code", LATEST)
def test_a_released_median_is_told_as_the_latest_day_in_text_html_and_explanation(register, code):
    """114 days is exact; the released curve shows nothing between two days around it."""
    exact = register.measure("retention").figure("median")
    released = register.release("retention")
    (median,) = (figure for figure in released.results[0] if figure.name == "median")
    assert exact.value < median.value
    said = LATEST[code].format(int(median.value))
    document = result_document(released.results[0], released, locale=code)
    release = osa.Release(document, released)
    for output in ("text", "html", "markdown"):
        assert said in " ".join(release.render(output).decode().split()), output
    assert said in median.explain(code)
    assert LATEST[code].format(int(exact.value)) not in exact.explain(code)
