"""Reports and releases: what was asked for, and what of it may leave."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from attrs import field

from osallisuus import plugins
from osallisuus.disclosure.certificate import Certificate
from osallisuus.disclosure.gate import Released
from osallisuus.disclosure.profile import Profile, profile_named
from osallisuus.disclosure.publish import Press
from osallisuus.errors import PluginError, StoreError, did_you_mean
from osallisuus.metrics.engine import Engine
from osallisuus.metrics.measure import Measurement
from osallisuus.model.facts import Group
from osallisuus.model.heading import Heading
from osallisuus.model.stated import Locale
from osallisuus.model.vocabulary import vocabulary
from osallisuus.reports.build import Context, build
from osallisuus.reports.definition import ReportDefinition
from osallisuus.reports.document import Document
from osallisuus.reports.exporter import Exporter
from osallisuus.time import Period
from osallisuus.values import frozen

__all__ = ["Release", "Report", "Source", "exporter_of", "write_whole"]


class Source(Protocol):
    """What a report asks: a register."""

    def press(self) -> Press:
        """What makes releases of the facts."""
        ...

    def measurement(
        self,
        metric: str,
        *,
        engine: Engine,
        by: Sequence[str],
        periods: str | Sequence[Period],
        as_of: date | None,
        program: str | None,
        confidence: float,
    ) -> Measurement:
        """A metric asked once."""
        ...

    def groups_of(self, program: str) -> tuple[Group, ...]:
        """The groups of a programme, in the order in which they start."""
        ...

    def is_synthetic(self) -> bool:
        """Whether the facts say of themselves that they are made up."""
        ...


@frozen(kw_only=True, eq=False)
class Report:
    """A report that nobody has seen yet. :meth:`release` is the only way out of it."""

    definition: ReportDefinition
    source: Source = field(repr=False)
    program: Heading
    by: tuple[str, ...] = ()
    periods: str | Sequence[Period] = ()
    as_of: date | None = None
    confidence: float = 0.95
    locale: Locale = "en"
    version: str = ""

    def release(self, profile: str | Profile = "public") -> Release:
        """The report as *profile* allows it: all its tables are protected together.

        They are protected with all that was ever released of the same store, too.
        """
        released = self.source.press().release(self._measurements, self._careful(profile))
        context = Context(
            program=self.program.name,
            program_title=self.program.label(self.locale),
            program_version=self.program.version,
            locale=self.locale,
            version=self.version,
            labels=_labels(self.program, self.locale),
            synthetic=self.source.is_synthetic(),
            groups=self.source.groups_of(self.program.name),
        )
        return Release(build(self.definition, released, self.by, context), released)

    def review(self, profile: str | Profile = "public") -> Certificate:
        """What would stay hidden in its release, and how well: for those who answer for it.

        Nothing is released by it, and nothing is remembered.
        """
        return self.source.press().review(self._measurements, self._careful(profile))

    def _careful(self, profile: str | Profile) -> Profile:
        """The profile, as careful as the programme wants it."""
        chosen = profile_named(profile) if isinstance(profile, str) else profile
        return chosen.tighten(self.program.threshold)

    def _measurements(self, engine: Engine) -> list[Measurement]:
        sections = self.definition.sections
        asked: list[tuple[str, tuple[str, ...]]] = [(one.metric, ()) for one in sections]
        asked += [(one.metric, (name,)) for name in self.by for one in sections if one.split]
        return [
            self.source.measurement(
                metric,
                engine=engine,
                by=by,
                periods=self.periods,
                as_of=self.as_of,
                program=self.program.name,
                confidence=self.confidence,
            )
            for metric, by in asked
        ]


@frozen(eq=False)
class Release:
    """A report that may leave: a document without anything that gives a person away."""

    document: Document
    released: Released = field(repr=False)

    @property
    def hidden(self) -> int:
        """How many figures are hidden."""
        return self.released.hidden

    def render(self, name: str) -> bytes:
        """The bytes that the exporter *name* makes of it."""

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

        *exporter* is an exporter's name, by default that of the file's suffix.
        """
        path = Path(place)
        return write_whole(path, self.render(exporter or exporter_of(path)), overwrite=overwrite)


def write_whole(path: Path, content: bytes, *, overwrite: bool = False) -> Path:
    """Write a file, whole or not at all, that only its owner can read (mode 0600).

    Raises :class:`StoreError` when it is there already, unless *overwrite*, or cannot be written.
    """
    if path.exists() and not overwrite:
        raise StoreError("the file is there already", where=str(path), remedy="name a new file")
    temporary = path.with_name(f".{path.name}.new")
    try:
        descriptor = os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        temporary.replace(path)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
    else:
        return path
    raise StoreError(
        f"the file cannot be written: {reason}",
        where=str(path),
        remedy="make its folder, or choose another place",
    )


_SUFFIXES = {".html": "html", ".md": "markdown", ".txt": "text", ".csv": "csv", ".json": "json"}


def exporter_of(path: Path) -> str:
    """The name of the exporter that a file's ending asks for; :class:`StoreError` if none does."""
    if path.suffix in _SUFFIXES:
        return _SUFFIXES[path.suffix]
    if path.suffix.removeprefix(".") in plugins.find("exporters"):
        return path.suffix.removeprefix(".")
    raise StoreError(
        "no exporter writes files with this ending",
        where=path.name,
        remedy=did_you_mean(path.suffix, _SUFFIXES),
    )


def _labels(program: Heading, locale: Locale) -> Mapping[str, str]:
    """Words for roles and themes by code: the programme's own, else those of the vocabularies."""
    labels = {
        term.code: term.label(locale)
        for name in ("role", "theme", "setting")
        for term in vocabulary(name).terms
    }
    return labels | {code: text.label(locale) for code, text in program.labels.items()}
