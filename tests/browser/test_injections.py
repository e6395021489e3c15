"""No text of anybody runs or asks for anything, in any slot of any page, with or without the policy.

Each page stands whole in a frame of one large page, so that the browser opens hundreds at once. What
would run calls ``alert`` or asks ``asked.example``; and the tree that the browser made is searched for
whatever could. ``OSALLISUUS_BROWSER=long`` puts every string into every kind of page; without it each
stands in ours and every eighth in the others.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any
from xml.etree.ElementTree import tostring

import pytest

from osallisuus.exporters.html import HtmlExporter
from osallisuus.exporters.markdown import MarkdownExporter
from osallisuus.reports.charts import draw
from osallisuus.reports.document import Chart, Document, clean_text
from osallisuus.words import Words
from tests.browser.chromium import Chromium, without_policy
from tests.exporters.slots import PICTURE, SLOTS, filled, signs, slotted
from tests.exporters.strings import MARKUP

pytestmark = pytest.mark.browser

LONG = os.environ.get("OSALLISUUS_BROWSER") == "long"
EVERY = 8

POLICY = """<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'">"""
FRAME = """{% extends "page.html" %}
{% block header %}<header><h1>{{ title }}</h1><p title="{{ title }}">{{ title }}</p></header>
{% endblock %}"""
HEADLESS = {"key", "value", "method"}
"""Slots of which a page shows nothing (the first two stand in its head)."""


def ours(report: Document) -> Iterator[str]:
    yield HtmlExporter().render(report).decode()


def framed(report: Document) -> Iterator[str]:
    yield HtmlExporter.in_frame(FRAME).render(report).decode()


def site(report: Document) -> Iterator[str]:
    for made in HtmlExporter().site({"one": report, "one-1": report}).values():
        yield made.decode()


def markdown(report: Document) -> Iterator[str]:
    """As a program shows it that lets mark-up through."""
    reader = pytest.importorskip("markdown_it").MarkdownIt("js-default", {"html": True})
    body = reader.render(MarkdownExporter().render(report).decode())
    yield POLICY + body


def drawings(report: Document) -> Iterator[str]:
    """Each drawing, as it would stand in somebody's own page."""
    charts = [block for block in report.blocks if isinstance(block, Chart)]
    drawn = [draw(chart, Words("fi"), f"c{number}") for number, chart in enumerate(charts)]
    body = "".join(tostring(one, "unicode") for one in drawn if one is not None)
    yield POLICY + body


PAGES: Mapping[str, tuple[Callable[[Document], Iterator[str]], set[str]]] = {
    "ours": (ours, set(SLOTS) - PICTURE - {"method"}),
    "in a frame": (framed, set(SLOTS) - PICTURE - {"method", "organization", "profile"}),
    "a site": (site, {"title", "organization", "footer", "profile"}),
    "markdown": (
        markdown,
        set(SLOTS) - PICTURE - HEADLESS - {"organization", "footer", "description"},
    ),
    "drawings": (drawings, {"chart", "description"}),
}
"""Kind of page -> how it is made of a report, and the slots that it must show literally."""

LOOK = r"""(() => {
const found = [];
const harmless = new Set(("html head body meta title style a aside header main footer nav p span h1 h2 "
  + "h3 h4 h5 ul ol li div figure figcaption details summary table caption thead tbody tr th td sup br "
  + "dl dt dd svg desc g path rect line circle text blockquote strong em code pre hr").split(' '));
for (let number = 0; number < frames.length; number++) {
  const told = [];
  let page;
  try {
    page = frames[number].document;
  } catch {
    found.push(number + ': it went elsewhere');
    continue;
  }
  for (const one of page.querySelectorAll('*')) {
    const tag = one.localName;
    if (!harmless.has(tag)) found.push(number + ': the element ' + tag);
    if (tag === 'meta' && one.httpEquiv && one.httpEquiv !== 'Content-Security-Policy')
      found.push(number + ': a meta element that is obeyed');
    for (const {name, value} of one.attributes) {
      told.push(value);
      if (name.startsWith('on') || ['src', 'srcset', 'srcdoc', 'ping'].includes(name)
          || (name === 'style' && value !== 'text-align:right'))
        found.push(number + ': the attribute ' + name);
      if (name.endsWith('href') && !/^(#|[a-z0-9-]+\.html$)/.test(value))
        found.push(number + ': a link to ' + value);
    }
    // a text with several lines is parted by other elements, one within a word by none
    told.push(one.textContent, ...[...one.childNodes].map(inner => inner.data ?? ''));
    if ([...one.childNodes].some(inner => inner.nodeType === 8)) found.push(number + ': a comment');
  }
  const all = told.join('\u0000').replace(/\s+/g, '');
  for (const text of WANTED[number])
    if (!all.includes(text.replace(/\s+/g, ''))) found.push(number + ': not shown: ' + text);
}
return found;
})()"""


def frames(pages: list[str]) -> str:
    held = "".join(f'<iframe srcdoc="{escape(page)}"></iframe>' for page in pages)
    return f"<!DOCTYPE html><meta charset=utf-8><title>all of them</title>{held}"


def opened(browser: Chromium, pages: list[str], wanted: list[list[str]]) -> dict[str, Any]:
    """What the browser did with *pages*, and what it found in them."""
    with browser.open(frames(pages)) as tab:
        script = LOOK.replace("WANTED", json.dumps(wanted))
        tab.run("new Promise(done => setTimeout(done, 300))")
        return {
            "found": tab.run(script)[:20],
            "ran": tab.ran,
            "asked": sorted(set(tab.asked)),
            "said": tab.complaints[:5],
        }


NOTHING: dict[str, Any] = {"found": [], "ran": 0, "asked": [], "said": []}


@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "without it"])
@pytest.mark.parametrize("kind", PAGES)
def test_no_text_in_any_slot_runs_or_asks_and_each_is_shown_as_it_is(browser, kind, policy):
    """With the policy nothing is stopped either, since nothing is tried."""
    make, slots = PAGES[kind]
    report, pages, wanted = slotted(), [], []
    for text in MARKUP if LONG or kind == "ours" else MARKUP[::EVERY]:
        for number, made in enumerate(make(filled(report, text))):
            pages.append(made if policy else without_policy(made))
            said = slots if kind != "a site" or number else {"title", "organization", "footer"}
            wanted.append([f"{clean_text(text)}⟦{slot}⟧" for slot in sorted(said)])
    assert opened(browser, pages, wanted) == NOTHING


def test_most_of_the_strings_do_run_where_somebody_forgot_to_escape(browser):
    """The test above can fail: in careless pages these are no harmless strings."""
    places = "<p>{}</p>", "<title>{}</title>", '<p title="{}">x</p>'
    with browser.open("<title>x</title>") as tab:
        for place in places:
            for text in MARKUP:
                told = json.dumps(f"<!DOCTYPE html>{place.format(text)}")
                tab.run(
                    "document.body.append(Object.assign("
                    f"document.createElement('iframe'), {{srcdoc: {told}}})), 0"
                )
        tab.run("new Promise(done => setTimeout(done, 2000))")
        assert tab.ran > 30
        assert len(set(tab.asked)) > 8
    careless = [f"<!DOCTYPE html><p>{text}</p>" for text in MARKUP]
    found = opened(browser, careless, [[] for _ in careless])["found"]
    assert len(found) == 20


def test_a_report_of_slots_reaches_every_page_that_should_show_it():
    """No slot was lost on the way: its sign is in the page."""
    report = slotted()
    assert signs(HtmlExporter().render(report).decode()) == set(SLOTS) - {"method"}
