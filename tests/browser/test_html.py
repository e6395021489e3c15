"""The page in a real browser: it opens offline, runs nothing and asks nobody for anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from html import escape

import pytest
from attrs import evolve

from osallisuus.exporters.html import HtmlExporter
from osallisuus.model.stated import Text as Own
from osallisuus.reports.document import Chart, Document, Series, Table
from osallisuus.reports.look import Look
from osallisuus.reports.pictures import calendar_chart, flow_chart, panels_chart
from osallisuus.time import Period
from osallisuus.words import Words
from osallisuus.words.locale import LOCALES
from tests.browser.opening import Opened, without_policy
from tests.reports.pictures import every_chart
from tests.reports.sample import document, hostile, share

pytestmark = pytest.mark.browser

PAYLOADS = (
    "<script>document.title='ran'</script>",
    "</title></style></desc></svg><script>document.title='ran'</script>",
    "</svg><img src=//asked.example/x.png onerror=\"document.title='ran'\">",
    '"><svg onload="document.title=\'ran\'">',
    "' autofocus tabindex=1 onfocus='document.title=1",
    "<iframe src=//asked.example></iframe><link rel=stylesheet href=//asked.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//asked.example'><base href=//asked.example>",
    "<style>@import '//asked.example/x.css';</style>",
)


OWN = """{% extends "page.html" %}
{% block header %}<header><h1>{{ title }}</h1>{{ '<b>' }}</header>{% endblock %}"""


def dressed(payload: str) -> Document:
    """A report with *payload* in every slot, those of its look, paths, places and periods too."""
    places = [evolve(share("x", 5, 9), strata={"p": payload + end}) for end in ("", "!")]
    path = share(f"{payload.replace('>', '')}>peer", 5, 9, metric="pathways")
    month = evolve(share(payload, 2, 4), period=Period(date(2024, 1, 1), date(2024, 2, 1)))
    table, words = Table(payload, (payload,), ((payload,),)), Words("fi")
    charts = (
        panels_chart(
            payload, places, table, words, name=lambda one: one.strata["p"] or "",
            part=lambda one: payload,
        ),
        flow_chart(payload, [path], table, words, {"peer": payload}),
        calendar_chart(payload, [month], table, words),
        Chart("calendar", payload, payload, (Series(payload, (month,)),), table),
    )  # fmt: skip
    look = Look(organization=payload, footer=Own(fi=payload))
    whole = hostile(payload)
    return evolve(whole.with_blocks([*whole.blocks, *charts]), look=look)


def ways(payload: str) -> Iterator[str]:
    """Every page that is made of it: ours, one in a frame, and those of a site."""
    report = dressed(payload)
    yield HtmlExporter().render(report).decode()
    yield HtmlExporter.in_frame(OWN).render(report).decode()
    for made in HtmlExporter().site({"one": report, "one-1": report}).values():
        yield made.decode()


def page(locale: str = "fi", *, internal: bool = False) -> str:
    return HtmlExporter().render(document(locale, internal=internal)).decode()


def test_the_page_opens_with_its_title_and_without_complaints(chromium, tmp_path):
    opened = Opened(chromium, page(), tmp_path, "--dump-dom")
    assert opened.title == "Verna 2011–2014"
    assert opened.complaints == []
    assert opened.tree.count("<svg") == 4


def test_hostile_text_runs_nothing_and_asks_nobody_even_without_the_policy(chromium, tmp_path):
    bodies = []
    for payload in PAYLOADS:
        for made in ways(payload):
            assert (
                f"<title>{escape(payload, quote=False)}</title>" in made
                or "<title>Reports</title>" in made
            )
            bodies.append(made.partition("<body>")[2].partition("</body>")[0])
    # one page of them all: a browser takes long to start
    first = without_policy(next(ways(PAYLOADS[0])))
    source = first.replace("</body>", f"{''.join(bodies)}</body>")
    opened = Opened(chromium, source, tmp_path, "--dump-dom")
    assert opened.title == PAYLOADS[0]
    assert opened.tree.count("<h1") == len(bodies) + 1
    assert "asked.example" not in opened.network


@pytest.mark.parametrize("slot", ["<figcaption", "<caption", "<h2", "<text", "<desc", "<th"])
def test_a_slot_that_forgot_to_escape_would_be_found(chromium, tmp_path, slot):
    """The test above can fail, for every slot: there the same text as mark-up changes the title."""
    source = without_policy(HtmlExporter().render(dressed(PAYLOADS[0])).decode())
    safe = escape(PAYLOADS[0], quote=False)
    place = source.index(safe, source.index(slot, source.index("<body>")))
    source = source[:place] + "</desc></text></svg>" + PAYLOADS[0] + source[place + len(safe) :]
    assert Opened(chromium, source, tmp_path, "--dump-dom").title == "ran"


def test_the_policy_alone_stops_a_script_and_a_request_that_slipped_in(chromium, tmp_path):
    intruder = "<script>document.title='ran'</script><img src='https://asked.example/x.png'>"
    opened = Opened(
        chromium, page().replace("</main>", f"{intruder}</main>"), tmp_path, "--dump-dom"
    )
    assert opened.title == "Verna 2011–2014"
    assert "asked.example" not in opened.network
    assert len(opened.complaints) == 2


def test_the_browser_would_have_shown_a_script_and_a_request(chromium, tmp_path):
    """The two tests above can fail: with neither wall, the script runs and the request is made."""
    intruder = "<script>document.title='ran'</script><img src='https://asked.example/x.png'>"
    source = without_policy(page()).replace("</main>", f"{intruder}</main>")
    opened = Opened(chromium, source, tmp_path, "--dump-dom")
    assert opened.title == "ran"
    assert "asked.example" in opened.network


MEASURE = """<script>
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
document.title = JSON.stringify(bad);
</script>"""


@pytest.mark.parametrize("locale", sorted(LOCALES))
@pytest.mark.parametrize("width", [500, 1200])
def test_every_word_of_a_chart_can_be_read_and_the_page_fits_its_window(
    chromium, tmp_path, locale, width
):
    made = HtmlExporter().render(every_chart(locale)).decode()
    source = without_policy(made).replace("</body>", f"{MEASURE}</body>")
    opened = Opened(chromium, source, tmp_path, "--dump-dom", f"--window-size={width},900")
    assert opened.title == "[]"


def test_the_page_can_be_pictured_and_printed(chromium, tmp_path):
    picture, paper = tmp_path / "page.png", tmp_path / "page.pdf"
    Opened(chromium, page(internal=True), tmp_path, f"--screenshot={picture}")
    Opened(chromium, page(internal=True), tmp_path, f"--print-to-pdf={paper}")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 20_000
    assert paper.read_bytes().startswith(b"%PDF")
