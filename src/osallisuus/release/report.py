"""A report that nobody has seen yet, and its release: alone or with others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from attrs import evolve, field

from osallisuus.disclosure.certificate import Certificate
from osallisuus.disclosure.gate import Released
from osallisuus.disclosure.profile import Profile, profile_named
from osallisuus.errors import DefinitionError, DisclosureError
from osallisuus.metrics.compile import refuse_unknown_strata
from osallisuus.metrics.engine import Engine
from osallisuus.metrics.figure import Figure, Result
from osallisuus.metrics.measure import Measurement
from osallisuus.model.facts import Assessment, Consent, Observation, Score
from osallisuus.model.heading import Heading
from osallisuus.model.stated import Locale
from osallisuus.model.vocabulary import vocabulary
from osallisuus.release.funds import fund_measurements
from osallisuus.release.issued import Release
from osallisuus.release.source import Source
from osallisuus.reports.beside import Beside, untold
from osallisuus.reports.build import Context, build
from osallisuus.reports.definition import Course, Fund, Phases, Quotes, ReportDefinition, Section
from osallisuus.reports.parts import parts_of
from osallisuus.reports.sections import Sections
from osallisuus.reports.why import why_document
from osallisuus.rules.community import OwnCourse, own_course
from osallisuus.rules.reporting import SHOWN, was_shown
from osallisuus.time import Period, split_periods
from osallisuus.values import frozen
from osallisuus.words import Words

if TYPE_CHECKING:
    from osallisuus.model.program import Program

__all__ = ["Report", "parts_by_place", "release_together"]


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

    def __attrs_post_init__(self) -> None:
        """What no release could be made of is refused before anything is measured."""
        Words(self.locale)
        refuse_unknown_strata(self._by)

    def release(
        self, profile: str | Profile = "public", *, since: Release | None = None
    ) -> Release:
        """The report as *profile* allows it: all its tables are protected together.

        They are protected with all that was ever released of the same store, too. With *since*, an
        earlier release that was kept, a section says what has moved: from one published figure to
        another. Raises :class:`DisclosureError` where an internal one would be set beside in a
        report that may leave, and where the programme wants its community to see its figures first
        and nobody has recorded that it has.
        """
        chosen = self._careful(profile)
        if since is not None and since.document.internal and not chosen.internal:
            raise DisclosureError(
                "exact figures of an internal report would leave with this one",
                where="since",
                remedy="set it beside a report that may leave, or use the internal profile",
            )
        released = self.source.press().release(lambda engine: self._asked(engine, chosen), chosen)
        return self._made_of(released, since=since)

    def _made_of(self, released: Released, *, since: Release | None = None) -> Release:
        """The report of these results: those that it asked for, in their order."""
        context = self._context(released, since)
        document = build(self.definition, released, self._by, context)
        left_out = tuple(
            problem
            for number, section in enumerate(self.definition.sections)
            for problem in untold(section, context.beside, f"sections[{number}]")
        )
        return Release(document, released, left_out=left_out)

    def _context(self, released: Released, since: Release | None) -> Context:
        measured = [one.provenance.as_of for one in released.results]
        as_of = measured[0] if measured else self.as_of or date.max
        return Context(
            program=self.program.name,
            program_title=self.program.label(self.locale),
            program_version=self.program.version,
            locale=self.locale,
            version=self.version,
            labels=_labels(self.program, self.locale),
            synthetic=self.source.is_synthetic(),
            groups=self.source.groups_of(self.program.name),
            beside=self._beside(as_of, released.number),
            previous=None if since is None else since.document,
        )

    def _beside(self, as_of: date, number: int | None) -> Beside:
        """The facts that stand beside the figures, as far as a section asks for them."""
        kinds = {type(section) for section in self.definition.sections}
        observations: list[Observation] = []
        if Phases in kinds:
            own = self.program.name
            observations = [o for o in self.source.facts(Observation) if o.program == own]
        return Beside(
            program=self.program.label(self.locale),
            number=number,
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
    def _time(self) -> tuple[Period, ...]:
        """The periods that were asked for by their days; none: the report tells of all its time."""
        asked = self._periods
        if isinstance(asked, str):
            return (Period.parse(asked),) if ".." in asked else ()
        return tuple(asked)

    @property
    def _period(self) -> Period | None:
        """The one period that was asked for; ``None`` where there are none or several."""
        return self._time[0] if len(self._time) == 1 else None

    def _periods_of(self, section: Section) -> str | Sequence[Period]:
        """The report's own, or how this section alone splits the time of the report."""
        how = section.periods
        if not how:
            return self._periods
        if how == "whole":
            return self._time
        if not self._time:
            return how
        return [
            Period(max(part.starts_on, time.starts_on), min(part.ends_on, time.ends_on))
            for time in self._time
            for part in split_periods(how, time)
        ]

    def review(self, profile: str | Profile = "public") -> Certificate:
        """What would stay hidden in its release, and how well: for those who answer for it.

        Nothing is released by it, and nothing is remembered.
        """
        return self.source.press().review(self._measurements, self._careful(profile))

    def why_changed(self, since: Source, *, as_of: date | None = None) -> Release:
        """Why its figures are other ones than those of an earlier report: exact, and INTERNAL.

        *since* is the register as it was known then, of ``register.known_at(moment)``, and *as_of*
        the day up to which that report counted, by default the day after its last fact. Each step
        is split into what came late, was corrected, time, new people and choices. It passes no
        gate, however few people stand behind a part, and is for those who may see the facts. Who
        was erased is in neither figure. Raises :class:`DefinitionError` where *since* is another
        store, or the later one.
        """
        words = Words(self.locale)
        changes = [
            (then, now, now.why_changed(then))
            for section in self.definition.measured
            for then, now in _pairs(
                self._exact(section, since, as_of), self._exact(section, self.source, self.as_of)
            )
        ]
        document = why_document(
            changes,
            program=self.program.label(self.locale),
            sections=Sections(words, _labels(self.program, self.locale)),
            words=words,
            synthetic=self.source.is_synthetic(),
            version=self.version,
        )
        return Release(document)

    def _exact(self, section: Section, source: Source, as_of: date | None) -> Result:
        return source.measure(
            section.metric,
            periods=self._periods_of(section),
            as_of=as_of,
            program=self.defined or self.program.name,
            confidence=self.confidence,
            policies=section.choices,
        )

    def _careful(self, profile: str | Profile) -> Profile:
        """The profile, as careful as the programme wants it."""
        chosen = profile_named(profile) if isinstance(profile, str) else profile
        return chosen.tighten(self.program.threshold)

    def _asked(self, engine: Engine, profile: Profile) -> list[Measurement]:
        """What it asks for a release."""
        asked = self._measurements(engine)
        anybody = self.definition.audience == "anybody" and not profile.internal
        if anybody and self.program.community_first:
            observations = list(self.source.facts(Observation))
            for as_of in {one.settings.as_of for one in asked}:
                if not was_shown(self.program.name, observations, as_of=as_of):
                    raise DisclosureError(
                        "the community of this programme sees its figures before anybody else",
                        where=f"report {self.definition.name} of {self.program.name}",
                        remedy="show it the report 'community', and record the day as an"
                        f" observation of the measure {SHOWN}",
                    )
        return asked

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
                periods=self._periods_of(section),
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


def _pairs(then: Result, now: Result) -> Iterator[tuple[Figure, Figure]]:
    """Those that are shown both times, with other values; not the points of a curve."""
    single = [[one for one in some if (one.status, one.at) == ("shown", None)]
              for some in (then, now)]  # fmt: skip
    later = {figure.key: figure for figure in single[1]}
    for figure in single[0]:
        if figure.key in later and later[figure.key].value != figure.value:
            yield figure, later[figure.key]


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
        asked = [report._asked(engine, chosen) for report in reports]  # noqa: SLF001
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


def _labels(program: Heading, locale: Locale) -> Mapping[str, str]:
    """Words for roles and themes by code: the programme's own, else those of the vocabularies."""
    labels = {
        term.code: term.label(locale)
        for name in ("role", "theme", "setting")
        for term in vocabulary(name).terms
    }
    return labels | {code: text.label(locale) for code, text in program.labels.items()}
