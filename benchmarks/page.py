"""A web page of a report with 20 figures, against a Jinja2 template that makes the same page.

The template is given what the words and the numbers are: it writes the cells of its tables through the
same functions and gets the drawings as the same element trees; what differs is who writes the
mark-up. Both pages have the same texts, which is checked. The page must stay below 150 kB.
"""

from __future__ import annotations

import re
import time
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from harness import Comparison

COMPARISON = Comparison(
    name="page",
    task="a page of 20 figures and 3 drawings / the same page by a Jinja2 template",
    ours="ours",
    other="by_jinja",
    goal=3.0,
    rounds=5,
)
_TIMES = 60
_MOST_BYTES = 150_000

_TEMPLATE = """<!DOCTYPE html>
<html lang="{{ document.locale }}"><head><meta charset="utf-8"><title>{{ document.title }}</title>\
<style>{{ style }}</style></head><body><a class="skip" href="#content">{{ words("document.skip") }}</a>\
<header><h1>{{ document.title }}</h1></header><main id="content">
{%- for kind, block, drawing, table in blocks %}
{%- if kind == "Heading" %}<h{{ block.level + 1 }}>{{ block.text }}</h{{ block.level + 1 }}>
{%- elif kind == "Text" %}{% for one in block.paragraphs %}<p>{{ one }}</p>{% endfor %}
{%- endif %}
{%- if drawing %}<figure><figcaption>{{ block.title }}</figcaption><div class="plot">{{ drawing }}\
</div></figure>{% endif %}
{%- if table %}<div class="scroll"><table><caption>{{ table.caption }}</caption><thead><tr>
{%- for one in table.columns %}<th scope="col">{{ one }}</th>{% endfor %}</tr></thead><tbody>
{%- for row in table.rows %}<tr>{% for cell in row %}{% if loop.first %}<th scope="row">\
{{ cell.text }}</th>{% else %}<td class="{{ 'number' if cell.numeric else '' }}">{{ cell.text }}\
{% for mark in cell.marks %}<sup>{{ mark }}</sup>{% endfor %}</td>{% endif %}{% endfor %}</tr>
{%- endfor %}</tbody></table></div>{% endif %}
{%- endfor %}</main><footer><p>{{ words("document.made_with") }}</p></footer></body></html>
"""


def prepare(folder: Path) -> str | None:
    """Only Jinja2 is needed besides the library."""
    return None if find_spec("jinja2") else "the extra html is not installed"


def _document() -> Any:
    from osallisuus.metrics.figure import Figure
    from osallisuus.metrics.plain import Provenance
    from osallisuus.reports.document import Chart, Document, Heading, Series, Shown, Table, Text

    source = Provenance(
        metric="completion", kind="proportion", definition="0" * 16, as_of=date(2020, 1, 1)
    )

    def figure(name: str, k: int, at: int | None = None) -> Figure:
        return Figure(
            name=name, measure="proportion", provenance=source, at=at, value=k / 100,
            low=k / 100 - 0.05, high=k / 100 + 0.05, k=k, n=100, persons=100,
        )  # fmt: skip

    bars = [figure(f"theme {number}", 90 - 10 * number) for number in range(6)]
    steps = [figure(f"step {number}", 90 - 15 * number) for number in range(4)]
    line = [figure("stayed", 90 - 12 * number, 30 * number) for number in range(6)]
    places = [figure(f"place {number}", 60 + number) for number in range(4)]

    def table(caption: str, figures: list[Figure]) -> Table:
        rows = [(one.name, one, Shown(one, "cases")) for one in figures]
        return Table(caption, ("What", "Share (range)", "Cases"), rows)

    def singles(figures: list[Figure]) -> list[Series]:
        return [Series(one.name, (one,)) for one in figures]

    return Document(
        title="Evaluation",
        locale="en",
        blocks=(
            Heading(1, "Themes"),
            Text(("What was spoken of.",)),
            Chart("bars", "Themes", "Bars", singles(bars), table("Themes as a table", bars)),
            Heading(1, "The way in"),
            Chart("funnel", "Steps", "Bars", singles(steps), table("Steps as a table", steps)),
            Heading(1, "Staying"),
            Chart("curve", "Staying", "A line", [Series("stayed", tuple(line))],
                  table("Staying as a table", line)),
            Heading(1, "Places"),
            table("Completed by place", places),
        ),
        internal=False,
    )  # fmt: skip


def ours(folder: Path) -> float:
    """CPU seconds of the exporter."""
    from osallisuus.exporters.html import HtmlExporter

    document, exporter = _document(), HtmlExporter()
    page = exporter.render(document)
    if len(page) > _MOST_BYTES:
        raise SystemExit(f"the page has {len(page)} bytes")
    (folder / "ours.html").write_bytes(page)
    start = time.process_time()
    for _ in range(_TIMES):
        exporter.render(document)
    return time.process_time() - start


def by_jinja(folder: Path) -> float:
    """CPU seconds of the template, with its cells and drawings."""
    from xml.etree.ElementTree import tostring

    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    from osallisuus.exporters import html_page
    from osallisuus.reports.cells import written_table
    from osallisuus.reports.charts import draw
    from osallisuus.reports.document import Chart, Table
    from osallisuus.words import Words

    document, words = _document(), Words("en")
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(_TEMPLATE)
    style = Markup(Path(html_page.__file__).with_name("html.css").read_text("utf-8"))

    def render() -> str:
        blocks = []
        for number, block in enumerate(document.blocks):
            chart = isinstance(block, Chart)
            drawn = draw(block, words, f"b{number}") if chart else None
            drawing = "" if drawn is None else Markup(tostring(drawn, "unicode", method="html"))
            table = block.table if chart else block if isinstance(block, Table) else None
            written = None if table is None else written_table(table, words)
            blocks.append((type(block).__name__, block, drawing, written))
        return template.render(document=document, words=words, blocks=blocks, style=style)

    theirs = _texts(render())
    missing = theirs - _texts((folder / "ours.html").read_text("utf-8"))
    if missing:
        raise SystemExit(f"the pages differ: {sorted(missing)[:3]}")
    start = time.process_time()
    for _ in range(_TIMES):
        render()
    return time.process_time() - start


def _texts(page: str) -> set[str]:
    return {text.strip() for text in re.findall(r">([^<]+)<", page)} - {""}
