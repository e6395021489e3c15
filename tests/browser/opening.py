"""A page as a real browser opens it, with all that it complained of and asked for."""

from __future__ import annotations

import re
import subprocess
from html import unescape
from pathlib import Path

__all__ = ["Opened", "without_policy"]

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--disable-dev-shm-usage --enable-logging=stderr --window-size=900,1400"
).split()


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


def without_policy(source: str) -> str:
    """The page with its second wall taken down, so that the first is tested alone."""
    opened, count = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", source)
    assert count == 1
    return opened
