"""Reports and releases: what was asked for, and what of it may leave."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from attrs import evolve, field

from osallisuus import plugins
from osallisuus.disclosure.certificate import Certificate
from osallisuus.disclosure.gate import Released
from osallisuus.disclosure.profile import Profile, profile_named
from osallisuus.disclosure.publish import Press
from osallisuus.errors import (
    DefinitionError,
    DisclosureError,
    ImportProblem,
    PluginError,
    StoreError,
    did_you_mean,
)
from osallisuus.metrics.engine import Engine
from osallisuus.metrics.funders import fund_participants, fund_results
from osallisuus.metrics.measure import Measurement, last_known_day
from osallisuus.metrics.metric import Metric
from osallisuus.model.facts import Assessment, Consent, Fact, Group, Observation, Score
from osallisuus.model.heading import Heading
from osallisuus.model.stated import Locale
from osallisuus.model.vocabulary import vocabulary
from osallisuus.reports.beside import Beside
from osallisuus.reports.build import Context, build
from osallisuus.reports.definition import Course, Fund, Phases, Quotes, ReportDefinition, Section
from osallisuus.reports.document import Document
from osallisuus.reports.exporter import Exporter
from osallisuus.reports.frozen import digest_of, freeze, thaw
from osallisuus.reports.parts import parts_of
from osallisuus.reports.sections import Sections
from osallisuus.rules.community import OwnCourse, own_course
from osallisuus.rules.funders import fund_rules
from osallisuus.rules.leaving import FOUR_WEEKS
from osallisuus.time import YEARS, Period
from osallisuus.values import frozen
from osallisuus.words import Words

if TYPE_CHECKING:
    from osallisuus.model.program import Program

__all__ = [
    "Release",
    "Report",
    "Source",
    "exporter_of",
    "fund_measurements",
    "parts_by_place",
    "release_together",
    "write_whole",
]

F = TypeVar("F", bound=Fact)


class Source(Protocol):
    """What a report asks: a register."""

    def press(self) -> Press:
        """What makes releases of the facts."""
        ...

    def measurement(
        self,
        metric: str | Metric,
        *,
        engine: Engine,
        by: Sequence[str] = ...,
        periods: str | Sequence[Period] = ...,
        as_of: date | None = ...,
        program: str | Program | None = ...,
        confidence: float = ...,
        policies: Mapping[str, str] | None = ...,
    ) -> Measurement:
        """A metric asked once."""
        ...

    def facts(self, kind: type[F]) -> Iterator[F]:
        """All records of one kind."""
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
    defined: str | Program = ""
    """The programme's definition, or the code under which it is installed; by default its code."""
    by: tuple[str, ...] = ()
    periods: str | Sequence[Period] = ()
    as_of: date | None = None
    confidence: float = 0.95
    locale: Locale = "en"
    version: str = ""

    def release(
        self, profile: str | Profile = "public", *, since: Release | None = None
    ) -> Release:
        """The report as *profile* allows it: all its tables are protected together.

        They are protected with all that was ever released of the same store, too. With *since*, an
        earlier release that was kept, a section says what has moved: from one published figure to
        another. Raises :class:`DisclosureError` where an internal one would be set beside in a
        report that may leave.
        """
        chosen = self._careful(profile)
        if since is not None and since.document.internal and not chosen.internal:
            raise DisclosureError(
                "exact figures of an internal report would leave with this one",
                where="since",
                remedy="set it beside a report that may leave, or use the internal profile",
            )
        released = self.source.press().release(self._measurements, chosen)
        return self._made_of(released, since=since)

    def _made_of(self, released: Released, *, since: Release | None = None) -> Release:
        """The report of these results: those that it asked for, in their order."""
        context = self._context(released, since)
        return Release(build(self.definition, released, self._by, context), released)

    def _context(self, released: Released, since: Release | None) -> Context:
        as_of = released.results[0].provenance.as_of if released.results else date.max
        return Context(
            program=self.program.name,
            program_title=self.program.label(self.locale),
            program_version=self.program.version,
            locale=self.locale,
            version=self.version,
            labels=_labels(self.program, self.locale),
            synthetic=self.source.is_synthetic(),
            groups=self.source.groups_of(self.program.name),
            beside=self._beside(as_of),
            previous=None if since is None else since.document,
        )

    def _beside(self, as_of: date) -> Beside:
        """The facts that stand beside the figures, as far as a section asks for them."""
        kinds = {type(section) for section in self.definition.sections}
        observations: list[Observation] = []
        if Phases in kinds:
            own = self.program.name
            observations = [o for o in self.source.facts(Observation) if o.program == own]
        return Beside(
            as_of=as_of,
            period=self._period,
            observations=tuple(observations),
            consents=tuple(self.source.facts(Consent)) if Quotes in kinds else (),
            courses=tuple(self._courses(as_of)) if Course in kinds else (),
        )

    def _courses(self, as_of: date) -> Iterator[OwnCourse]:
        """How each community of the programme has assessed itself, by rubric and scale."""
        groups = [group.id for group in self.source.groups_of(self.program.name)]
        own = [a for a in self.source.facts(Assessment) if a.group in groups and a.person is None]
        ids = {one.id: one for one in own}
        scores = [score for score in self.source.facts(Score) if score.assessment in ids]
        on = as_of - timedelta(days=1)
        named = {(ids[one.assessment].group, ids[one.assessment].instrument, one.scale)
                 for one in scores if ids[one.assessment].happened_on <= on}  # fmt: skip
        for group, instrument, scale in sorted(named, key=str):
            yield own_course(
                [*own, *scores], group=group or "", instrument=instrument, scale=scale, on=on
            )

    @property
    def _by(self) -> tuple[str, ...]:
        return self.by or self.definition.by

    @property
    def _periods(self) -> str | Sequence[Period]:
        return self.periods or self.definition.periods

    @property
    def _period(self) -> Period | None:
        """The one period that was asked for; ``None`` where there are none or several."""
        asked = self._periods
        if isinstance(asked, str):
            return Period.parse(asked) if ".." in asked else None
        return asked[0] if len(asked) == 1 else None

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
        """All that it asks, in the order in which its results are needed."""
        sections = self.definition.measured
        asked: list[tuple[Section, tuple[str, ...]]] = [(one, ()) for one in sections]
        asked += [(one, (name,)) for name in self._by for one in sections if one.split]
        funds = [one for one in self.definition.sections if isinstance(one, Fund)]
        return [
            self.source.measurement(
                section.metric,
                engine=engine,
                by=by,
                periods=section.periods or self._periods,
                as_of=self.as_of,
                program=self.defined or self.program.name,
                confidence=self.confidence,
                policies=section.choices,
            )
            for section, by in asked
        ] + [
            one
            for fund in funds
            for one in fund_measurements(
                self.source, fund.rules, self._one_period(), engine, self.program.name
            )
        ]

    def _one_period(self) -> Period:
        if self._period is None:
            raise DefinitionError(
                "a fund counts the participants of one period",
                where=f"report {self.definition.name}",
                remedy='name it, such as periods="2018-01-01..2019-01-01"',
            )
        return self._period


def release_together(
    reports: Sequence[Report], profile: str | Profile = "public"
) -> tuple[Release, ...]:
    """Several reports on one store in one release: all their tables are protected together.

    *profile* is as careful as the most careful of their programmes wants it. Raises
    :class:`DefinitionError` where there are none, or they are of several stores.
    """
    if len({id(report.source) for report in reports}) != 1:
        raise DefinitionError(
            "reports that are released together are of one register",
            where="reports",
            remedy="make each by register.report(...) of the same register",
        )
    chosen = profile_named(profile) if isinstance(profile, str) else profile
    for report in reports:
        chosen = report._careful(chosen)  # noqa: SLF001 - one door for all
    counts: list[int] = []

    def ask(engine: Engine) -> list[Measurement]:
        asked = [report._measurements(engine) for report in reports]  # noqa: SLF001
        counts[:] = map(len, asked)
        return [one for several in asked for one in several]

    released = reports[0].source.press().release(ask, chosen)
    made, first = [], 0
    for report, count in zip(reports, counts, strict=True):
        results = released.results[first : first + count]
        first += count
        hidden = sum(figure.status == "suppressed" for result in results for figure in result)
        own = evolve(released, results=results, hidden=hidden)
        made.append(report._made_of(own))  # noqa: SLF001
    return tuple(made)


def parts_by_place(report: Report, release: Release) -> list[Release]:
    """A release for each group or place of *release*, made of its own figures and of no others."""
    if release.released is None:
        return []
    sections = Sections(
        Words(report.locale),
        _labels(report.program, report.locale),
        thinned=not release.released.profile.internal,
    )
    documents = parts_of(release.document, release.released.results, sections, report.locale)
    return [Release(document, release.released) for document in documents]


def fund_measurements(
    source: Source, rules: str, period: Period, engine: Engine, program: str
) -> list[Measurement]:
    """The questions of a fund's table: in all and by each trait, then each result on leaving."""
    chosen, metric = fund_rules(rules), fund_participants()
    gender = "person.gender"
    last = last_known_day(engine)
    known = date(YEARS[0], 1, 1) if last is None else last + timedelta(days=1)
    return [
        source.measurement(
            metric, engine=engine, by=by, periods=[period], as_of=period.ends_on, program=program
        )
        for by in ((gender,), *((gender, f"person.{one}") for one in chosen.traits))
    ] + [
        source.measurement(
            fund_results(one), engine=engine, by=(gender,), periods=[period],
            as_of=min(period.ends_on + FOUR_WEEKS, known), program=program,
        )
        for one in chosen.results
    ]  # fmt: skip


@frozen(eq=False)
class Release:
    """A report that may leave: a document without anything that gives a person away."""

    document: Document
    released: Released | None = field(default=None, repr=False)
    """What the gate let out; ``None`` for a report that was kept and is issued again."""

    @property
    def hidden(self) -> int:
        """How many figures are hidden."""
        return int(self.document.metadata.get("hidden", "0"))

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

        Raises :class:`ImportProblem` where the file is no frozen report or was changed since.
        """
        path = Path(place)
        try:
            content = path.read_bytes()
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
        else:
            return cls(thaw(content, path.name)[0])
        raise ImportProblem(
            f"the frozen report cannot be read: {reason}", where=str(path), remedy="check the path"
        )

    def _repr_html_(self) -> str:
        # a frame of its own, without rights: the page's style stays in it, and it runs nothing
        page, title = escape(self.render("html").decode()), escape(self.document.title)
        return (
            f'<iframe title="{title}" sandbox="" srcdoc="{page}" '
            'style="width: 100%; height: 40em; border: 1px solid"></iframe>'
        )

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


_SUFFIXES = {
    ".html": "html",
    ".md": "markdown",
    ".txt": "text",
    ".csv": "csv",
    ".json": "json",
    ".xlsx": "xlsx",
}


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
