"""No barriers: axe-core finds nothing in any shipped report, in light or dark, wide or narrow.

``OSALLISUUS_BROWSER=long`` opens every report in every language, theme and width; without it a
small part of them is opened, each language, theme and width at least once.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import osallisuus as osa
from osallisuus.exporters.html import HtmlExporter
from osallisuus.ingest.folder import read_folder
from osallisuus.reports.definition import REPORTS
from osallisuus.words.locale import LOCALES
from tests.browser.opening import Opened, without_policy
from tests.reports.pictures import every_chart

pytestmark = pytest.mark.browser

EXAMPLE = Path(__file__).parents[2] / "examples" / "wertzu"
DARK = "--blink-settings=preferredColorScheme=0"
LOOKS = {
    "light": (),
    "dark": (DARK,),
    "narrow": ("--window-size=320,900",),
    "dark and narrow": (DARK, "--window-size=320,900"),
}
SOME = [
    ("evaluation", "fi", "light"),
    ("evaluation", "sv", "dark"),
    ("rhythm", "fi", "dark and narrow"),
    ("charts", "fi", "light"),
    ("charts", "sv", "dark"),
    ("charts", "en", "narrow"),
]
ALL = [
    (name, locale, look) for name in (*REPORTS, "charts") for locale in LOCALES for look in LOOKS
]
LONG = os.environ.get("OSALLISUUS_BROWSER") == "long"


@cache
def page(name: str, locale: str) -> str:
    """A shipped report on the example, by place, or every kind of chart on one page."""
    if name == "charts":
        return HtmlExporter().render(every_chart(locale)).decode()
    with osa.open("memory:", actor="test", purpose="test") as register:
        register.add(read_folder(EXAMPLE))
        periods = "2016-01-01..2019-01-01" if name == "funder_esf" else ""
        by = [] if name == "funder_esf" else ["group.place"]
        report = register.report(name, program="wertzu", locale=locale, by=by, periods=periods)
        return report.release("internal").render("html").decode()


RUN = """
<script>{axe}</script>
<script>
document.querySelectorAll('details').forEach(one => one.open = true);
axe.run(document, {{resultTypes: ['violations']}}).then(found => {{
  const told = found.violations.map(one => one.id + ': ' + one.nodes.map(n => n.html).join(' '));
  document.documentElement.setAttribute('data-axe', JSON.stringify(told));
  document.documentElement.setAttribute('data-passes', found.passes.length);
}});
</script></body>"""


def barriers(chromium: str, axe: str, source: str, folder: Path, *flags: str) -> list[str]:
    """What axe-core finds in a page that is opened so."""
    made = without_policy(source).replace("</body>", RUN.format(axe=axe))
    opened = Opened(chromium, made, folder, "--virtual-time-budget=20000", "--dump-dom", *flags)
    found = re.search(r'data-axe="([^"]*)"', opened.tree)
    assert found, "axe did not finish"
    told: list[str] = json.loads(found[1].replace("&quot;", '"').replace("&amp;", "&"))
    return told


@pytest.mark.parametrize(("name", "locale", "look"), ALL if LONG else SOME)
def test_no_report_has_a_barrier(chromium, axe, tmp_path, name, locale, look):
    source = page(name, locale)
    assert barriers(chromium, axe, source, tmp_path, *LOOKS[look]) == []


def test_a_barrier_would_be_found(chromium, axe, tmp_path):
    """The test above can fail: a drawing without a name, and words that fade into the paper."""
    source = page("charts", "fi")
    faded = source.replace(
        "</main>", '<p style="color:#ddd">faded words</p><img src="data:,"></main>'
    )
    found = barriers(chromium, axe, faded, tmp_path)
    assert {one.partition(":")[0] for one in found} == {"color-contrast", "image-alt"}


def numbered(source: str) -> Iterator[str]:
    yield from re.findall(r'tabindex="(-?\d+)"', source)


def test_the_keyboard_reaches_the_skip_link_first_and_all_that_scrolls(chromium, tmp_path):
    script = """<script>
    const stops = [...document.querySelectorAll('a[href], summary, [tabindex="0"]')];
    const scrolling = [...document.querySelectorAll('*')].filter(one =>
      ['auto', 'scroll'].includes(getComputedStyle(one).overflowX) && one.clientWidth > 1);
    const lost = scrolling.filter(one => one.tabIndex !== 0).map(one => one.className);
    stops[0].focus();
    const box = stops[0].getBoundingClientRect();
    document.title = JSON.stringify([stops[0].className, box.left >= 0 && box.top >= 0, lost]);
    </script></body>"""
    source = page("charts", "fi")
    assert set(numbered(source)) == {"0"}
    opened = Opened(
        chromium, without_policy(source).replace("</body>", script), tmp_path, "--dump-dom"
    )
    assert json.loads(opened.title) == ["skip", True, []]


def test_no_shipped_page_asks_anybody_or_complains(chromium, tmp_path):
    opened = Opened(chromium, page("charts", "sv"), tmp_path, "--dump-dom")
    assert opened.complaints == []
    assert "://" not in opened.tree


def test_on_paper_everything_that_folds_is_open(chromium, tmp_path):
    """What stands only in a folded part is in the print, too."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext found: nobody read the print")
    paper = tmp_path / "page.pdf"
    Opened(chromium, page("evaluation", "en"), tmp_path, f"--print-to-pdf={paper}")
    text = subprocess.run(
        ["pdftotext", str(paper), "-"], capture_output=True, check=True, timeout=60
    ).stdout.decode()
    assert "Version of the programme" in text
