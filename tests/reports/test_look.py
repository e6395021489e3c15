"""Whose report it is: a look that can be read, and that asks nobody for anything."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from attrs import evolve

from osallisuus.errors import OsallisuusError
from osallisuus.exporters import html
from osallisuus.exporters.html import HtmlExporter
from osallisuus.exporters.pdf import PdfExporter
from osallisuus.reports.definition import read_report
from osallisuus.reports.document import Heading
from osallisuus.reports.drawing import GRID, INK, PALETTE, SOFT
from osallisuus.reports.frozen import freeze, thaw
from osallisuus.reports.look import PAPER, Look, contrast, read_look
from tests.reports.sample import document

PICTURE = "data:image/png;base64,iVBORw0KGgo="
TOML = f"""
organization = "Järjestö <ry>"
accent = "#5b3a8c"
accent_dark = "#c3a8ee"
logo = "{PICTURE}"
[footer]
fi = "Katu 1"
sv = "Gatan 1"
"""


def test_a_page_has_the_name_logo_colour_and_last_words_of_its_organization():
    look = read_look(TOML, "look.toml")
    page = HtmlExporter().render(evolve(document("sv"), look=look)).decode()
    assert f'<img src="{PICTURE}" alt="Järjestö <ry&gt;">' in page
    assert "<footer><p>Gatan 1</p>" in page
    assert "--accent: #5b3a8c" in page
    assert "--accent: #c3a8ee" in page


def test_without_a_logo_the_name_stands_there_in_words():
    page = HtmlExporter().render(evolve(document("sv"), look=Look(organization="A <ry>"))).decode()
    assert "<span>A &lt;ry&gt;</span>" in page


def test_a_page_without_a_look_is_as_it_was():
    assert HtmlExporter().render(document("fi")).decode().count("--accent:") == 2


@pytest.mark.parametrize(
    "line",
    [
        'accent = "#ffff00"',
        'accent = "red"',
        f'logo = "{PICTURE}"',
        'accent = "#000; } * { background: url(//x)"',
        'accent_dark = "#111111"',
        'logo = "https://x.example/logo.png"',
        'logo = "data:text/html;base64,AA=="',
        "logo = 'data:image/png;base64,AA\"onload=1'",
        'colour = "#000000"',
    ],
)
def test_a_look_that_cannot_be_read_or_that_asks_for_something_is_refused(line):
    with pytest.raises(OsallisuusError, match=r"look\.toml"):
        read_look(line, "look.toml")


def test_a_look_is_no_part_of_what_a_report_says():
    plain = 'schema_version = 1\nname = "ours"\n[[sections]]\nkind = "phases"\n'
    with_look = plain + '[look]\norganization = "x"\n'
    one, other = (read_report(text, "x.toml") for text in (plain, with_look))
    assert other.look.organization == "x"
    assert one.digest == other.digest


def test_a_kept_report_keeps_its_look():
    made = evolve(document("fi"), look=read_look(TOML, "look.toml"))
    assert thaw(freeze(made), "x")[0] == made


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


STYLE = Path(html.__file__).with_name("html.css").read_text("utf-8")
NIGHT = STYLE[STYLE.index("prefers-color-scheme: dark") : STYLE.index("@media print")]


@pytest.mark.parametrize("color", [*PALETTE, SOFT, INK])
def test_every_colour_of_a_drawing_can_be_read_in_the_dark(color):
    (light,) = set(re.findall(rf'\[fill="{color}"\] {{ fill: (#\w+)', NIGHT))
    assert contrast(light, PAPER[1]) >= 4.5
    assert f"--paper: {PAPER[1]}" in NIGHT


@pytest.mark.parametrize("color", [*PALETTE, SOFT, INK, GRID])
def test_every_line_of_a_drawing_has_its_colour_in_the_dark(color):
    assert f'[stroke="{color}"]' in NIGHT


def test_the_own_colour_is_one_for_white_only_unless_another_is_given():
    style = Look(accent="#5b3a8c").style
    assert "@media not (prefers-color-scheme: dark) {" in style
    assert "@media print {" in style


def test_the_own_colour_is_on_paper_too():
    """The lines of a PDF have it, also where none is given for dark pages, and of a kept report."""
    plain = document("fi").with_blocks([Heading(1, "Ihmiset")])  # a chart has colours of its own
    made = evolve(plain, look=Look(accent="#5b3a8c"))
    painted = pikepdf.open(BytesIO(PdfExporter().render(thaw(freeze(made), "x")[0])))
    colours = {
        tuple(round(255 * float(part)) for part in step.operands)
        for page in painted.pages
        for step in pikepdf.parse_content_stream(page)
        if str(step.operator) in ("rg", "RG")
    }
    assert (0x5B, 0x3A, 0x8C) in colours
    assert (0x0B, 0x5C, 0x6E) not in colours
