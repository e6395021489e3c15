"""A document as text, as wide as the window that shows it."""

from __future__ import annotations

import sys

from osallisuus import plugins
from osallisuus.cli.terminal import room
from osallisuus.reports.document import Document

__all__ = ["print_document"]


def print_document(document: Document) -> None:
    """Print *document* on stdout; only a window narrower than the text's own width narrows it.

    What goes into a file or a pipe is the same whatever terminal the command was called from.
    """
    width = room(sys.stdout)

    def render(exporter: type) -> bytes:
        chosen = exporter() if width is None else exporter(width=width)
        content: bytes = chosen.render(document)
        return content

    content = plugins.use("exporters", "text", render)
    sys.stdout.flush()  # what was printed before comes first
    sys.stdout.buffer.write(content)
