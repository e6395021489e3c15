"""One real browser for a whole run, led through its debugging pipe: it starts once and opens many.

The pipe is that of the Chrome DevTools Protocol: JSON messages with a zero byte after each. Nothing
listens on any port.
"""

from __future__ import annotations

import base64
import json
import os
import re
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import frozen

__all__ = ["Chromium", "Tab", "without_policy"]

_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--disable-dev-shm-usage --remote-debugging-pipe"
).split()
_PATIENCE = 100.0
_COUNTED = """for (const name of ['alert', 'confirm', 'prompt'])
  window[name] = () => { top.ran = (top.ran || 0) + 1; };"""
"""A dialog would wait for a person, and open anew whenever its page gets the focus back."""
_WITHIN = ("data:", "about:")


class Chromium:
    """A running browser, with a profile of its own in *folder*."""

    def __init__(self, program: str, folder: Path) -> None:
        self.folder = folder
        its_in, our_out = os.pipe()
        our_in, its_out = os.pipe()
        self._out, self._in = our_out, our_in
        # the browser reads from 3 and writes to 4; low numbers may be those of the pipes themselves
        shell = f'exec "$0" "$@" 3<&{its_in} 4>&{its_out}'
        command = ["bash", "-c", shell, program, *_FLAGS, f"--user-data-dir={folder / 'profile'}"]
        self._process = subprocess.Popen(
            [*command, "about:blank"],
            pass_fds=(its_in, its_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(its_in)
        os.close(its_out)
        self._rest = b""
        self._last = 0
        self.told: list[dict[str, Any]] = []
        """What happened since the tab was opened, as the browser tells it."""

    def ask(self, method: str, session: str = "", **values: Any) -> dict[str, Any]:
        """The answer to one command; what happens in between is kept in :attr:`told`."""
        self._last += 1
        number = self._last
        message = {"id": number, "method": method, "params": values}
        message |= {"sessionId": session} if session else {}
        self._write(json.dumps(message).encode() + b"\0")
        while True:
            told = self._next()
            if told.get("id") == number:
                if "error" in told:
                    raise AssertionError(f"{method}: {told['error']}")
                answer: dict[str, Any] = told["result"]
                return answer

    def wait(self, method: str, session: str) -> None:
        """Until the browser has told that *method* happened in that tab."""
        while not any(one["method"] == method and one["session"] == session for one in self.told):
            self._next()

    def _write(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._out, data) :]

    def _next(self) -> dict[str, Any]:
        until = time.monotonic() + _PATIENCE
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._in], [], [], max(until - time.monotonic(), 0))
            read = os.read(self._in, 1 << 20) if ready else b""
            assert read, "the browser says nothing more"
            self._rest += read
        first, _, self._rest = self._rest.partition(b"\0")
        told: dict[str, Any] = json.loads(first)
        if "method" in told:
            self._note(told)
        return told

    def _note(self, told: dict[str, Any]) -> None:
        session = told.get("sessionId", "")
        self.told.append({**told.get("params", {}), "method": told["method"], "session": session})

    @contextmanager
    def open(
        self, page: str, *, width: int = 900, height: int = 1400, dark: bool = False
    ) -> Iterator[Tab]:
        """*page* in a tab of that size, with nothing fetched for it that is not in it."""
        source = self.folder / "page.html"
        source.write_text(page, "utf-8")
        self.told = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        tab = Tab(self, session)
        for domain in ("Page", "Runtime", "Log", "Network"):
            tab.ask(f"{domain}.enable")
        tab.ask("Page.addScriptToEvaluateOnNewDocument", source=_COUNTED)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        tab.ask("Emulation.setEmulatedMedia", features=[scheme])
        tab.resize(width, height)
        tab.ask("Page.navigate", url=source.as_uri())
        self.wait("Page.loadEventFired", session)
        yield tab
        self.ask("Target.closeTarget", targetId=target)

    def close(self) -> None:
        """End the browser, and wait until it has ended."""
        self._process.terminate()
        self._process.wait(30)
        os.close(self._out)
        os.close(self._in)


@frozen(eq=False)
class Tab:
    """An opened page: what it holds, and what it did."""

    browser: Chromium
    session: str

    def ask(self, method: str, **values: Any) -> dict[str, Any]:
        return self.browser.ask(method, self.session, **values)

    def resize(self, width: int, height: int) -> None:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", **size)

    def run(self, script: str) -> Any:
        """The value of *script*, which a policy of the page does not hold up."""
        answer = self.ask(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    @property
    def title(self) -> str:
        told: str = self.run("document.title")
        return told

    @property
    def complaints(self) -> list[str]:
        """What stands in the browser's console."""
        said = [one["entry"]["text"] for one in self._told("Log.entryAdded")]
        said += [str(one["args"]) for one in self._told("Runtime.consoleAPICalled")]
        return said + [
            str(one["exceptionDetails"]) for one in self._told("Runtime.exceptionThrown")
        ]

    @property
    def asked(self) -> list[str]:
        """Every address that something was asked from, or would have been but for the policy."""
        asked = [one["request"]["url"] for one in self._told("Network.requestWillBeSent")]
        asked += [one["url"] for one in self._told("Page.frameRequestedNavigation")]
        asked += [one["frame"]["url"] for one in self._told("Page.frameNavigated")]
        own = (self.browser.folder / "page.html").as_uri()
        return [url for url in asked if url != own and not url.startswith(_WITHIN)]

    @property
    def stopped(self) -> list[str]:
        """Those of :attr:`asked` that the policy of the page did not let out."""
        failed = self._told("Network.loadingFailed")
        held = {one["requestId"] for one in failed if one.get("blockedReason") == "csp"}
        sent = self._told("Network.requestWillBeSent")
        return [one["request"]["url"] for one in sent if one["requestId"] in held]

    @property
    def ran(self) -> int:
        """How often a text of somebody's was run and called for a dialog."""
        told: int = self.run("top.ran || 0")
        return told

    def picture(self) -> bytes:
        """The whole page as a PNG."""
        height = self.run("document.documentElement.scrollHeight")
        width = self.run("innerWidth")
        self.resize(width, height)
        made = self.ask("Page.captureScreenshot", format="png")
        return base64.b64decode(made["data"])

    def paper(self) -> bytes:
        """The page as it is printed on A4."""
        made = self.ask(
            "Page.printToPDF", paperWidth=8.27, paperHeight=11.69, preferCSSPageSize=True
        )
        return base64.b64decode(made["data"])

    def _told(self, method: str) -> list[dict[str, Any]]:
        return [one for one in self.browser.told if one["method"] == method]


def without_policy(page: str) -> str:
    """The page with its second wall taken down, so that the first is tested alone."""
    opened, count = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    assert count == 1
    return opened
