"""A page in somebody's own frame: a Jinja2 template around the pieces of the built-in page.

The template sees only finished pieces (``head``, ``skip``, ``stamp``, ``header``, ``main``,
``footer``, as mark-up), and ``lang``, ``title`` and ``internal`` as plain values, which are escaped.
It may extend our ``page.html``, of which every piece is a block; left alone, that gives the built-in
page byte for byte. It runs in a sandbox, and an undefined name is an error.

What comes out is read once more: a page that brings a script, asks anybody for anything, or lost
its policy, its content or the stamp INTERNAL is refused, and so is one that could hide them
(:mod:`~osallisuus.exporters.html_frame`; extra ``html``).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element, tostring

from osallisuus.errors import DefinitionError
from osallisuus.exporters.html_check import dangers
from osallisuus.exporters.html_frame import concealed
from osallisuus.exporters.html_page import POLICY, Page
from osallisuus.extra import library
from osallisuus.reports.document import Document

__all__ = ["TemplateExporter"]

_PIECES: Final = ("head", "skip", "stamp", "header", "main", "footer")
_KEPT: Final = ("head", "stamp", "main")
"""Pieces that must be on the page whole, as they are."""
_BASE: Final = "page.html"
_FAULTS: Final = (
    TypeError,
    ValueError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
)
"""What the arithmetic and the macros of a template can come to."""


class TemplateExporter:
    """Writes documents as pages in the frame of a template, given as text.

    It is no plug-in, since it needs a template; :meth:`render` is that of
    :class:`~osallisuus.reports.exporter.Exporter`. Raises :class:`DefinitionError` where the template
    has a fault, and :class:`PluginError` where Jinja2 is missing.
    """

    def __init__(self, template: str, where: str = "template", page: type[Page] = Page) -> None:
        self.where = where
        self.page = page
        self._jinja = library("jinja2", "html")
        self._environment = _environment()
        self._template = self._tried(lambda: self._environment.from_string(template))

    def render(self, document: Document) -> bytes:
        """*document* as a UTF-8 page in this frame."""
        pieces = self._pieces(document)
        values = {name: library("markupsafe", "html").Markup(text) for name, text in pieces.items()}
        made: str = self._tried(
            lambda: self._template.render(
                **values, lang=document.locale, title=document.title, internal=document.internal
            )
        )
        lost = [name for name in _KEPT if pieces[name] not in made]
        if lost:
            raise self._refused(f"the page lost its {lost[0]}", f"write {{{{ {lost[0]} }}}}")
        found = dangers(made, POLICY)
        if found:
            raise self._refused(f"the page has {found[0]}", "take it out: a page asks nobody")
        hiding = concealed(made, pieces, _KEPT)
        if hiding:
            raise self._refused(
                f"the page has {hiding}",
                "end every element in order; put the pieces in plain boxes without a class or"
                " style; give rules to classes of your own",
            )
        page: bytes = self._tried(made.encode)
        return page

    def _pieces(self, document: Document) -> dict[str, str]:
        page = self.page(document)
        pieces = {}
        for name in _PIECES:
            held = Element("held")
            getattr(page, name)(held)
            pieces[name] = "".join(tostring(one, "unicode", method="html") for one in held)
        return pieces

    def _tried(self, what: Any) -> Any:
        """What Jinja2 gives, or our error in the place of its own."""
        try:
            return what()
        except self._jinja.TemplateError as error:
            kind, line = type(error).__name__, getattr(error, "lineno", None)
            place = f"{self.where}:{line}" if line else self.where
        except _FAULTS as error:
            kind, place = type(error).__name__, self.where
        raise DefinitionError(
            f"the template cannot be used ({kind})",
            where=place,
            remedy=f"see the names and blocks that {_BASE} has",
        )

    def _refused(self, what: str, remedy: str) -> DefinitionError:
        return DefinitionError(what, where=self.where, remedy=remedy)


@cache
def _environment() -> Any:
    """A sandbox that knows our own page and no file."""
    jinja = library("jinja2", "html")
    sandbox = library("jinja2.sandbox", "html")
    base = Path(__file__).with_name(_BASE).read_text("utf-8")
    return sandbox.ImmutableSandboxedEnvironment(
        autoescape=True,
        undefined=jinja.StrictUndefined,
        loader=jinja.DictLoader({_BASE: base}),
        keep_trailing_newline=True,
    )
