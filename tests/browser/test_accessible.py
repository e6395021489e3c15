"""No barriers: axe-core finds nothing in any shipped report, in light or dark, wide or narrow.

``OSALLISUUS_BROWSER=long`` opens every report in every language, theme and width; without it a
small part of them is opened, each language, theme and width at least once.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import osallisuus as osa
from osallisuus.exporters.html import HtmlExporter
from osallisuus.ingest.folder import read_folder
from osallisuus.reports.definition import REPORTS
from osallisuus.words.locale import LOCALES
from tests.browser.chromium import Chromium, Tab
from tests.exporters.paper import pages
from tests.reports.pictures import every_chart

pytestmark = pytest.mark.browser

EXAMPLE = Path(__file__).parents[2] / "examples" / "wertzu"
LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"dark": True},
    "narrow": {"width": 320},
    "dark and narrow": {"width": 320, "dark": True},
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


RUN = """(async () => {
document.querySelectorAll('details').forEach(one => one.open = true);
const found = await axe.run(document, {resultTypes: ['violations']});
return found.violations.map(one => one.id + ': ' + one.nodes.map(n => n.html).join(' '));
})()"""


def barriers(tab: Tab, axe: str) -> list[str]:
    """What axe-core finds in an opened page."""
    tab.run(axe + ";0")
    told: list[str] = tab.run(RUN)
    return told


@pytest.mark.parametrize(("name", "locale", "look"), ALL if LONG else SOME)
def test_no_report_has_a_barrier_complains_asks_or_is_wider_than_its_window(
    browser, axe, name, locale, look
):
    with browser.open(page(name, locale), **LOOKS[look]) as tab:
        wide = tab.run("document.documentElement.scrollWidth - innerWidth")
        assert (tab.complaints, tab.asked, wide) == ([], [], 0)
        assert barriers(tab, axe) == []


def test_a_barrier_would_be_found(browser, axe):
    """The test above can fail: a drawing without a name, and words that fade into the paper."""
    faded = page("charts", "fi").replace(
        "</main>", '<p style="color:#ddd">faded words</p><img src="data:,"></main>'
    )
    with browser.open(faded) as tab:
        found = barriers(tab, axe)
    assert {one.partition(":")[0] for one in found} == {"color-contrast", "image-alt"}


def numbered(source: str) -> Iterator[str]:
    yield from re.findall(r'tabindex="(-?\d+)"', source)


def test_the_keyboard_reaches_the_skip_link_first_and_all_that_scrolls(browser):
    source = page("charts", "fi")
    assert set(numbered(source)) == {"0"}
    with browser.open(source) as tab:
        assert tab.run(STOPS) == ["skip", True, []]


STOPS = """(() => {
const stops = [...document.querySelectorAll('a[href], summary, [tabindex="0"]')];
const scrolling = [...document.querySelectorAll('*')].filter(one =>
  ['auto', 'scroll'].includes(getComputedStyle(one).overflowX) && one.clientWidth > 1);
const lost = scrolling.filter(one => one.tabIndex !== 0).map(one => one.className);
stops[0].focus();
const box = stops[0].getBoundingClientRect();
return [stops[0].className, box.left >= 0 && box.top >= 0, lost];
})()"""


def printed(browser: Chromium, source: str) -> list[str]:
    """The text of each page that the browser prints."""
    with browser.open(source) as tab:
        return pages(tab.paper())


def test_on_paper_everything_that_folds_is_open(browser):
    """What stands only in a folded part is in the print, too."""
    assert "Version of the programme" in "".join(printed(browser, page("evaluation", "en")))


@pytest.mark.parametrize("locale", LOCALES)
def test_a_report_of_one_page_is_one_page_of_paper(browser, locale):
    """With all that says where its figures come from; others run over several pages."""
    (paper,) = printed(browser, page("board", locale))
    assert "attendance" in paper
    assert len(printed(browser, page("evaluation", locale))) > 4
