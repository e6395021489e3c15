"""What may leave a register, and by which way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osallisuus import plugins
from osallisuus.given import given_period
from osallisuus.metrics.engine import Engine
from osallisuus.metrics.measure import Measurement
from osallisuus.metrics.metric import Metric
from osallisuus.model.facts import Consent
from osallisuus.register.measures import Measures, day_of, strata_of
from osallisuus.register.named import at_hand, code_of, heading_named, program_named
from osallisuus.time import Period
from osallisuus.version import VERSION

if TYPE_CHECKING:
    from osallisuus.disclosure.certificate import Certificate
    from osallisuus.disclosure.gate import Released
    from osallisuus.disclosure.profile import Profile
    from osallisuus.disclosure.publish import Press
    from osallisuus.model.program import Program
    from osallisuus.model.stated import Locale
    from osallisuus.release import Release, Report
    from osallisuus.reports.funders import FundTable

__all__ = ["Releases"]


class Releases(Measures):
    """Releases of figures and reports, each through the one gate."""

    def release(
        self, metric: str | Metric, *, profile: str | Profile = "public", **settings: Any
    ) -> Released:
        """The figures of one metric that may leave, as *profile* says; settings as in measure.

        They are protected together with the same metric by fewer strata, and in all, since these
        can be asked for next and subtracted.
        """
        return self.press().release(*self._careful(metric, profile, settings))

    def fund_table(
        self,
        program: str | Program,
        *,
        rules: str = "esf_plus",
        period: Period,
        profile: str | Profile | None = "public",
        locale: Locale = "en",
    ) -> FundTable:
        """The participants of *program* who entered in *period*, as its fund counts them (U22).

        And of those who left in it, the results on leaving, as far as people said by four weeks
        after the period, or by the last fact. All counts of the table are released together.
        *profile* ``None`` gives the exact counts, which pass no gate and say INTERNAL. Traits are
        those that were said last in the period. *program* is a definition, a code, or the path of a
        TOML file.
        """
        from osallisuus.release import fund_measurements
        from osallisuus.reports.funders import fund_table
        from osallisuus.rules.funders import fund_rules
        from osallisuus.words import Words

        given_period(period)
        chosen, code, definition = fund_rules(rules), code_of(program), at_hand(program)

        def ask(engine: Engine) -> list[Measurement]:
            return fund_measurements(self, rules, period, engine, code)

        if profile is None:
            self._refuse_unknown(program)
            with self.engine() as engine:
                results, number = [one.result() for one in ask(engine)], None
        else:
            _, careful = self._careful("", profile, {"program": program})
            released = self.press().release(ask, careful)
            results, number = list(released.results), released.number
        return fund_table(
            chosen,
            period,
            results,
            words=Words(locale),
            exact=profile is None,
            program=definition.label(locale) if definition else code,
            number=number,
            synthetic=self.is_synthetic(),
        )

    def review(
        self, metric: str | Metric, *, profile: str | Profile = "public", **settings: Any
    ) -> Certificate:
        """What would stay hidden in such a release, and how well: for those who answer for it.

        Nothing is released by it, and nothing is remembered.
        """
        return self.press().review(*self._careful(metric, profile, settings))

    def _careful(
        self, metric: str | Metric, profile: str | Profile, settings: Mapping[str, Any]
    ) -> tuple[Callable[[Engine], list[Measurement]], Profile]:
        """What measures, and the profile as careful as the programmes want it."""
        from osallisuus.disclosure.profile import profile_named

        chosen = profile_named(profile) if isinstance(profile, str) else profile
        program = settings.get("program")
        self._refuse_unknown(program)
        definition = at_hand(program)
        if definition is not None:
            chosen = chosen.tighten(definition.heading.threshold)
        elif program is None:
            for name in set(self._programs()) & {*plugins.find("programs")}:
                chosen = chosen.tighten(heading_named(name).threshold)
        asked = {**settings, "program": definition or program}

        def ask(engine: Engine) -> list[Measurement]:
            return [self.measurement(metric, engine=engine, **asked)]

        return ask, chosen

    def press(self) -> Press:
        """What makes releases of these facts, and remembers them where the store has a ledger."""
        from osallisuus.disclosure.publish import Press

        return Press(
            store=self.store,
            engine_at=self._engine,
            actor=self.actor,
            purpose=self.purpose,
            tx=self._tx,
        )

    def reissue(self, place: str | Path) -> Release:
        """A report that was kept in a file, to be issued again as it was.

        Raises :class:`~osallisuus.errors.DisclosureError` where it quotes somebody whose consent
        to be quoted does not hold any more in this register, and
        :class:`~osallisuus.errors.ImportProblem` where the file is no frozen report.
        """
        from osallisuus.release import Release

        return Release.thaw(place).consented(self.facts(Consent))

    def report(
        self,
        name: str = "evaluation",
        *,
        program: str | Program,
        by: str | Sequence[str] = (),
        periods: str | Sequence[Period] = (),
        as_of: date | None = None,
        confidence: float = 0.95,
        locale: Locale = "en",
    ) -> Report:
        """A report on one programme. Nothing leaves it but by :meth:`Report.release`.

        *program* is a definition, the code of one that is installed, or the path of a TOML file.
        """
        from osallisuus.release import Report
        from osallisuus.reports.definition import definition_named

        definition = definition_named(name)
        if isinstance(program, str) and program.endswith(".toml"):
            program = program_named(program)  # a file is read once, and not for each metric
        heading = heading_named(program) if isinstance(program, str) else program.heading
        self._refuse_absent(heading.name)
        return Report(
            definition=definition,
            source=self,
            version=VERSION,
            program=heading,
            defined=program,
            by=strata_of(by),
            periods=periods,
            as_of=day_of(as_of),
            confidence=confidence,
            locale=locale,
        )
