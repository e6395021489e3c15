"""The page in a real browser: it opens offline, runs nothing and asks nobody for anything."""

from __future__ import annotations

import json
from html import escape

import pytest

from osallisuus.exporters.html import HtmlExporter
from osallisuus.exporters.html_template import TemplateExporter
from osallisuus.words.locale import LOCALES
from tests.browser.chromium import without_policy
from tests.exporters.slots import filled, slotted
from tests.reports.pictures import every_chart
from tests.reports.sample import document

pytestmark = pytest.mark.browser


def page(locale: str = "fi", *, internal: bool = False) -> str:
    return HtmlExporter().render(document(locale, internal=internal)).decode()


def test_the_page_opens_with_its_title_and_without_complaints(browser):
    with browser.open(page()) as tab:
        assert tab.title == "Verna 2011–2014"
        assert tab.complaints == []
        assert tab.run("document.querySelectorAll('svg').length") == 4


SCRIPT = "<script>document.title='ran'</script>"
INTRUDER = SCRIPT + "<img src='https://asked.example/x.png'>"


@pytest.mark.parametrize("slot", ["<figcaption", "<caption", "<h2", "<text", "<desc", "<th"])
def test_a_slot_that_forgot_to_escape_would_be_found(browser, slot):
    """For every slot: there the same text as mark-up changes the title."""
    source = without_policy(HtmlExporter().render(filled(slotted(), SCRIPT)).decode())
    safe = escape(SCRIPT, quote=False)
    place = source.index(safe, source.index(slot, source.index("<body>")))
    source = source[:place] + "</desc></text></svg>" + SCRIPT + source[place + len(safe) :]
    with browser.open(source) as tab:
        assert tab.title == "ran"


def test_the_policy_alone_stops_a_script_and_a_request_that_slipped_in(browser):
    with browser.open(page().replace("</main>", f"{INTRUDER}</main>")) as tab:
        assert tab.title == "Verna 2011–2014"
        assert len(tab.complaints) == 2
        assert [url for url in tab.asked if url not in tab.stopped] == []


def test_the_browser_would_have_shown_a_script_and_a_request(browser):
    """The test above can fail: with neither wall, the script runs and the request is made."""
    source = without_policy(page()).replace("</main>", f"{INTRUDER}</main>")
    with browser.open(source) as tab:
        assert tab.title == "ran"
        assert tab.asked == ["https://asked.example/x.png"]
        assert tab.stopped == []


MEASURE = """(() => {
const bad = [];
for (const svg of document.querySelectorAll('svg')) {
  const box = svg.viewBox.baseVal;
  const all = svg.getBoundingClientRect(), scale = box.width / all.width;
  const texts = [...svg.querySelectorAll('text')].map(t => {
    const b = t.getBoundingClientRect();
    return [t.textContent, {x: (b.x - all.x) * scale, y: (b.y - all.y) * scale,
                            width: b.width * scale, height: b.height * scale}];
  });
  for (const [words, b] of texts)
    if (b.x < -2 || b.x + b.width > box.width + 2 || b.y < -2 || b.y + b.height > box.height + 2)
      bad.push('outside: ' + words);
  texts.forEach(([one, a], i) => texts.slice(i + 1).forEach(([other, b]) => {
    const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
    const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
    if (across > 1 && down > 3) bad.push('covered: ' + one + ' / ' + other);
  }));
}
if (document.documentElement.scrollWidth > innerWidth) bad.push('the page is wider than its window');
return bad;
})()"""


@pytest.mark.parametrize("locale", sorted(LOCALES))
@pytest.mark.parametrize("width", [320, 500, 1200])
def test_every_word_of_a_chart_can_be_read_and_the_page_fits_its_window(browser, locale, width):
    source = HtmlExporter().render(every_chart(locale)).decode()
    with browser.open(source, width=width) as tab:
        assert tab.run(MEASURE) == []


def test_the_page_can_be_pictured_and_printed(browser):
    with browser.open(page(internal=True)) as tab:
        picture, paper = tab.picture(), tab.paper()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 20_000
    assert paper.startswith(b"%PDF")


SHOWN = "{{ stamp }}{{ main }}"
COVERS = {
    "an outline": "<div style='outline:9000px solid #fff'>x</div>" + SHOWN,
    "a shadow": "<div style='opacity:.9;box-shadow:0 0 0 9000px #fff'>x</div>" + SHOWN,
    "more than its place": (
        "<div style='height:0'><div style='height:9000px;background:#fff;opacity:.9'></div></div>"
        + SHOWN
    ),
    "a dialogue": "<dialog open style='width:9000px;height:9000px'>x</dialog>" + SHOWN,
    "a drawing": SHOWN
    + "<svg overflow='visible' width='1' height='1'><rect x='-9000' y='-9000' width='20000'"
    " height='20000' fill='#fff'></rect></svg>",
    "a letter": SHOWN + "<div style='line-height:0;font-size:9000px;color:#fff'>█</div>",
}
PLACES = """JSON.stringify([...document.querySelectorAll('.stamp, h2')].slice(0, 2).map(one => {
  const box = one.getBoundingClientRect();
  return [box.x, box.y, box.width, box.height];
}))"""


def seen(browser, around: str) -> list[bytes]:
    """The stamp and the first heading, as they are painted."""
    template = f'{{% extends "page.html" %}}{{% block body %}}{around}{{% endblock %}}'
    made = TemplateExporter(template).render(document("fi", internal=True)).decode()
    with browser.open(made) as tab:
        painted = []
        for x, y, width, height in json.loads(tab.run(PLACES)):
            clip = {"x": x, "y": y, "width": width, "height": height, "scale": 1}
            painted.append(tab.ask("Page.captureScreenshot", format="png", clip=clip)["data"])
        return painted


@pytest.mark.parametrize("what", COVERS)
def test_what_a_frame_brings_is_never_painted_over_the_stamp_or_the_content(browser, what):
    assert seen(browser, COVERS[what]) == seen(browser, SHOWN)
