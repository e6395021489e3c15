"""A report that may leave: shown, written, kept, and issued again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Final

from attrs import evolve, field

from osallisuus import plugins
from osallisuus.disclosure.gate import Released
from osallisuus.errors import (
    DefinitionError,
    DisclosureError,
    ImportProblem,
    PluginError,
    Problem,
)
from osallisuus.model.facts import Consent
from osallisuus.model.files import content_of
from osallisuus.reports.beside import holding_consents
from osallisuus.reports.document import Document
from osallisuus.reports.exporter import Exporter
from osallisuus.reports.frozen import digest_of, freeze, thaw
from osallisuus.values import frozen
from osallisuus.whole import write_whole

__all__ = ["Release", "exporter_of"]

_LARGEST_KEPT: Final = 50_000_000
"""Bytes: a hundred times the largest report of ours."""


@frozen(eq=False)
class Release:
    """A report that may leave: a document without anything that gives a person away."""

    document: Document
    released: Released | None = field(default=None, repr=False)
    """What the gate let out; ``None`` for a report that was kept and is issued again."""
    asked: bool = field(default=True, repr=False)
    """Whether those whose words are in it were asked; false of what was kept: see :meth:`ready`."""
    left_out: tuple[Problem, ...] = field(default=(), repr=False)
    """Which quotes and phases of its definition it does not tell, and why: for whoever made it. A
    reader learns nothing of words that are not told, so that no output says it."""

    @property
    def hidden(self) -> int:
        """How many figures are hidden."""
        return int(self.document.metadata.get("hidden", "0"))

    def ready(self) -> Release:
        """The release itself, where it may go out; every output asks this first.

        Raises :class:`DisclosureError` where it was kept, somebody's words are in it, and nobody
        has asked whether they still want to be quoted.
        """
        if self.asked or not self.document.consents:
            return self
        raise DisclosureError(
            "words of people are in this report, and nobody has asked whether they still want that",
            where="reissue",
            remedy="name the store: reissue FILE --store STORE, or register.reissue(file)",
        )

    def consented(self, consents: Iterable[Consent]) -> Release:
        """The release, ready to go out, since all whose words are in it still want them told.

        *consents* are those of the facts as they are known now. Raises :class:`DisclosureError`
        where one was taken back, or is not there any more, as of somebody who was erased.
        """
        if not holding_consents(consents).issuperset(self.document.consents):
            raise DisclosureError(
                "words of somebody are in this report whose consent to be quoted does not hold now",
                where="reissue",
                remedy="make the report anew with the facts of now: it leaves these words out",
            )
        return evolve(self, asked=True)

    @property
    def digest(self) -> str:
        """The SHA-256 of all that it says: two releases with the same digest say the same."""
        return digest_of(self.document)

    def freeze(self, place: str | Path, *, overwrite: bool = False) -> Path:
        """Keep it as it is, in a file that :meth:`thaw` reads years later."""
        return write_whole(Path(place), freeze(self.document), overwrite=overwrite)

    @classmethod
    def thaw(cls, place: str | Path) -> Release:
        """A report that was kept, to be issued again in any format; no fact is asked.

        One that quotes people is not shown before :meth:`consented` has asked for them. Raises
        :class:`ImportProblem` where the file is no frozen report or was changed since, and
        :class:`LimitError` where it is longer than any is: it is never read to an end it has not.
        """
        path = Path(place)
        try:
            content = content_of(path, "the frozen report", most=_LARGEST_KEPT)
        except DefinitionError as error:
            problems = error.problems
        else:
            return cls(thaw(content, path.name)[0], asked=False)
        raise ImportProblem(problems)

    def _repr_html_(self) -> str:
        # a frame of its own, without rights: the page's style stays in it, and it runs nothing
        page, title = escape(self.render("html").decode()), escape(self.document.title)
        return (
            f'<iframe title="{title}" sandbox="" srcdoc="{page}" '
            'style="width: 100%; height: 40em; border: 1px solid"></iframe>'
        )

    def render(self, name: str) -> bytes:
        """The bytes that the exporter *name* makes of it; see :meth:`ready`."""
        self.ready()

        def render(exporter: Callable[[], Exporter]) -> object:
            return exporter().render(self.document)

        rendered = plugins.use("exporters", name, render)
        if isinstance(rendered, bytes):
            return rendered
        (plugin,) = plugins.find("exporters")[name]
        raise PluginError(
            f"the exporter {name!r} gave {type(rendered).__name__}, not bytes",
            where=plugin.origin,
            remedy=f"update or uninstall {plugin.distribution}",
        )

    def save(
        self, place: str | Path, *, exporter: str | None = None, overwrite: bool = False
    ) -> Path:
        """Write it to a file, whole or not at all, for its owner's eyes only.

        *exporter* is an exporter's name, by default what the file's ending asks for
        (:func:`exporter_of`).
        """
        path = Path(place)
        return write_whole(path, self.render(exporter or exporter_of(path)), overwrite=overwrite)


_OURS: Final = {
    ".html": "html",
    ".md": "markdown",
    ".txt": "text",
    ".csv": "csv",
    ".json": "json",
    ".xlsx": "xlsx",
    ".docx": "docx",
    ".pdf": "pdf",
    ".zip": "package",
}
"""Every ending that ours have -> the exporter, of several the plainest: known without an import."""


def exporter_of(path: Path) -> str:
    """The name of the exporter that a file's ending asks for.

    Ours come first; any other ending asks for the one exporter whose ``suffix`` or name it is.
    Raises :class:`PluginError` where there is none, or more than one.
    """
    ending = path.suffix
    if ending in _OURS:
        return _OURS[ending]
    declared = dict(_endings())
    found = [
        name for name in plugins.find("exporters") if ending in (f".{name}", declared.get(name))
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise PluginError(
            "several exporters write files with this ending",
            where=path.name,
            remedy=" or ".join(f"--as {name}" for name in found),
        )
    every = ", ".join(sorted({*_OURS, *declared.values()}))
    raise PluginError(
        "no exporter writes files with this ending",
        where=path.name,
        remedy=f"name the exporter with --as NAME, or take one of {every}",
    )


def _endings() -> Iterator[tuple[str, str]]:
    """Each exporter and the ending that it declares; one that is broken disturbs no other."""
    for name in plugins.find("exporters"):
        try:
            ending = plugins.load("exporters", name).suffix
        except PluginError:
            continue
        if isinstance(ending, str) and ending:
            yield name, ending
