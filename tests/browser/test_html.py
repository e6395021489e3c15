"""The page in a real browser: it opens offline, runs nothing and asks nobody for anything.

A missing browser is a failure where ``CI`` is ``true`` and a skip with its reason elsewhere.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

from osallisuus.exporters.html import HtmlExporter
from osallisuus.words.locale import LOCALES
from tests.reports.sample import document, hostile

pytestmark = pytest.mark.browser

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--disable-dev-shm-usage --enable-logging=stderr --window-size=900,1400"
).split()
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


@pytest.fixture(scope="module")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        reason = "no chromium found: the page was not opened in a real browser"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


class Opened:
    """What a browser made of a page: its tree, its complaints and its log of the network."""

    def __init__(self, chromium: str, page: str, folder: Path, *flags: str) -> None:
        source, net_log = folder / "page.html", folder / "net.json"
        source.write_text(page, "utf-8")
        command = [chromium, *FLAGS, f"--user-data-dir={folder / 'profile'}"]
        command += [f"--log-net-log={net_log}", *flags, source.as_uri()]
        done = subprocess.run(command, capture_output=True, timeout=120, check=True)
        self.tree = done.stdout.decode()
        self.complaints = [
            line for line in done.stderr.decode(errors="replace").splitlines() if "CONSOLE" in line
        ]
        self.network = net_log.read_text("utf-8", errors="replace")

    @property
    def title(self) -> str:
        found = re.search(r"<title>(.*?)</title>", self.tree, re.DOTALL)
        return unescape(found[1]) if found else ""


def page(locale: str = "fi", *, internal: bool = False) -> str:
    return HtmlExporter().render(document(locale, internal=internal)).decode()


def without_policy(source: str) -> str:
    """The page with its second wall taken down, so that the first is tested alone."""
    opened, count = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", source)
    assert count == 1
    return opened


def test_the_page_opens_with_its_title_and_without_complaints(chromium, tmp_path):
    opened = Opened(chromium, page(), tmp_path, "--dump-dom")
    assert opened.title == "Verna 2011–2014"
    assert opened.complaints == []
    assert opened.tree.count("<svg") == 4


def test_hostile_text_runs_nothing_and_asks_nobody_even_without_the_policy(chromium, tmp_path):
    for number, payload in enumerate(PAYLOADS):
        folder = tmp_path / str(number)
        folder.mkdir()
        source = without_policy(HtmlExporter().render(hostile(payload)).decode())
        opened = Opened(chromium, source, folder, "--dump-dom")
        assert opened.title == payload
        assert "asked.example" not in opened.network


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
  const texts = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBBox()]);
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
    source = without_policy(page(locale)).replace("</body>", f"{MEASURE}</body>")
    opened = Opened(chromium, source, tmp_path, "--dump-dom", f"--window-size={width},900")
    assert opened.title == "[]"


def test_the_page_can_be_pictured_and_printed(chromium, tmp_path):
    picture, paper = tmp_path / "page.png", tmp_path / "page.pdf"
    Opened(chromium, page(internal=True), tmp_path, f"--screenshot={picture}")
    Opened(chromium, page(internal=True), tmp_path, f"--print-to-pdf={paper}")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 20_000
    assert paper.read_bytes().startswith(b"%PDF")
