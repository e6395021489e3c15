"""Figures as they may leave: what is hidden, what stays as published, and nothing unrounded."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from attrs import evolve, field

from osallisuus.disclosure.joint import Verdict
from osallisuus.disclosure.ledger import Question, Told
from osallisuus.disclosure.profile import Profile
from osallisuus.disclosure.sticky import Standing, Unit, unit_of
from osallisuus.disclosure.tallies import REST, Key, keys_behind, persons_in, says_nothing
from osallisuus.metrics.figure import Figure
from osallisuus.metrics.measure import Measurement, Place
from osallisuus.metrics.metric import Draw, Thinning
from osallisuus.values import frozen

__all__ = ["AS_PUBLISHED", "Outlet", "is_rare"]

AS_PUBLISHED = "as_published"
"""The note of a figure that is of an earlier day than the others, see the sticky rule."""

_OF_PEOPLE = ("person", "enrollment", "encounter", "goal", "linkage", "role")
"""Strata whose values are said of people; the others are said of groups and meetings."""
_BY_TIME = ("aalen_johansen", "kaplan_meier")
"""Methods whose value depends on who is still open."""
_SHARES = ("proportion", "difference")
_COUNTS = ("k", "n", "persons", "at_risk")


@frozen(kw_only=True, eq=False)
class Outlet:
    """Lets out the figures of a release that was judged."""

    profile: Profile
    verdict: Verdict
    stood: Mapping[Unit, Standing] = field(factory=dict)
    """What was published last, of the units of which anything was."""
    stay: Collection[Unit] = ()
    """Those of them that stay as they were published."""

    def let_out(
        self,
        number: int,
        measurement: Measurement,
        grid: Thinning | None,
        places: Sequence[tuple[Place, Sequence[Draw]]],
    ) -> Question:
        """What may leave of one measurement, and what it tells of each count behind it."""
        figures: list[tuple[Figure, int | None]] = []
        told: list[Told] = []
        for place, draws in places:
            own = self._place(number, measurement, place, draws)
            rare = is_rare(measurement, place, draws, self.profile.threshold)
            if not rare or any(figure.status != "suppressed" for figure, _, _ in own):
                figures += [(figure, origin) for figure, origin, _ in own]
            news = [draw for figure, _, draw in own if draw and figure.status == "shown"]
            open_told = {figure.name for figure, _, _ in own if figure.censored is not None}
            told += self._told(number, place, draws, news, open_told)
        settings = measurement.settings
        params = {n: v for n, v in measurement.metric.params.items() if n != "last_day"}
        return Question(
            metric=evolve(measurement.metric, params=params),
            settings=settings,
            provenance=evolve(measurement.provenance, rounding=self.profile.base),
            grid=grid,
            figures=tuple(figure for figure, _ in figures),
            stayed=tuple(origin for _, origin in figures),
            told=tuple(told),
            # what is not listed is not counted either: how many there are would tell of it
            hidden=sum(figure.status == "suppressed" for figure, _ in figures),
        )

    def _place(
        self, number: int, measurement: Measurement, place: Place, draws: Sequence[Draw]
    ) -> list[tuple[Figure, int | None, Draw | None]]:
        """The figures of a place in order, where they are repeated from, else what they draw."""
        units: dict[Unit, list[tuple[Figure, int | None, Draw | None]]] = {}
        for draw in draws:
            figure = self._figure(number, measurement, place, draw)
            own = units.setdefault(unit_of(number, place, draw, measurement.metric), [])
            own.append((figure, None, draw))
        found = []
        for unit, own in units.items():
            stood = self.stood.get(unit)
            statuses = [figure.status for figure, _, _ in own]
            # to hide what was published would help nobody, and would tell that few have moved
            if stood is not None and (
                unit in self.stay
                or ("suppressed" in statuses and statuses.count("shown") < stood.shown)
            ):
                found += list(_repeated(stood, measurement))
            else:
                found += own
        return found

    def _figure(self, number: int, measurement: Measurement, place: Place, draw: Draw) -> Figure:
        figure = measurement.figure(place, draw)
        hidden, profile = self.verdict.hidden, self.profile
        if draw.open is not None and (number, place, draw.open.label) in hidden:
            figure = _without_open(figure)
        if draw.open is None or draw.open.n < profile.threshold:
            # "none" and "a few" must look alike
            notes = tuple(note for note in figure.notes if note != "still_open")
            figure = evolve(figure, censored=None, notes=notes)
        if any(key in hidden for key in keys_behind(number, place, draw)):
            return figure.suppressed()
        if figure.status == "undefined" and profile.zeros == "unsafe":
            # that there is nobody in a part of the whole is as telling as that there are few
            return figure if says_nothing(place, draw) else figure.suppressed()
        return _rounded(figure, profile.base) if draw.tallies else figure

    def _told(
        self,
        number: int,
        place: Place,
        draws: Sequence[Draw],
        news: Sequence[Draw],
        open_told: Collection[str],
    ) -> Iterator[Told]:
        """What the newly shown figures tell of each count of a place."""
        shown = {tally.label for draw in news for tally in draw.tallies}
        shown |= {one.open.label for one in news if one.open and one.name in open_told}
        every = {
            tally.label: tally
            for draw in draws
            for tally in (*draw.watched, *((draw.open,) if draw.open else ()), *draw.tallies)
        }
        # one figure may show as a part what is the whole of another
        every |= {one.label: one for d in draws for one in d.tallies if one.within is not None}
        for label, tally in every.items():
            if tally.additive:
                continue
            secret: frozenset[Key] = self.verdict.secret
            yield Told(
                place=place,
                label=label,
                span=(tally.span or self.profile.span(tally.n)) if label in shown else None,
                secret=(number, place, label) in secret,
                rest_secret=(number, place, (*label, REST)) in secret,
                within=tally.within,
                telling=tally.telling,
                sums=tally.sums,
            )


def _repeated(
    stood: Standing, measurement: Measurement
) -> Iterator[tuple[Figure, int | None, Draw | None]]:
    """Published figures once more, with the day that they are of."""
    for figure in stood.figures:
        older = figure.provenance.as_of != measurement.settings.as_of
        notes = (
            (*figure.notes, AS_PUBLISHED) if older and figure.status == "shown" else figure.notes
        )
        yield evolve(figure, notes=notes), stood.earlier.line.number, None


def is_rare(measurement: Measurement, place: Place, draws: Sequence[Draw], threshold: int) -> bool:
    """Whether the place is a value that few people have, so that its name would tell of them."""
    said_of_people = any(
        value is not None and name.partition(".")[0] in _OF_PEOPLE
        for name, value in zip(measurement.settings.by, place.strata, strict=True)
    )
    return said_of_people and all(
        persons_in(tally) < threshold for draw in draws for tally in draw.tallies
    )


def _without_open(figure: Figure) -> Figure:
    """The figure without the number of those still open, which its last digits would give away."""
    if figure.status == "undefined":
        return figure.suppressed()
    if figure.method not in _BY_TIME:
        return evolve(figure, censored=None)
    digits = 0 if figure.measure == "days" else 2
    return evolve(_to_digits(figure, digits), censored=None)


def _rounded(figure: Figure, base: int | None) -> Figure:
    """The figure as rounded counts give it, shares in whole percents.

    Its kind drew it from rounded counts; one that did not is hidden.
    """
    if base is None:
        return figure
    counts = [getattr(figure, name) for name in _COUNTS]
    counts += [figure.value] if figure.measure == "count" else []
    if any(count is not None and count % base for count in counts):
        return figure.suppressed()
    source = evolve(figure.provenance, rounding=base)
    figure = evolve(figure, provenance=source, std_err=None)
    return _to_digits(figure, 2) if figure.measure in _SHARES else figure


def _to_digits(figure: Figure, digits: int) -> Figure:
    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, digits)

    return evolve(
        figure,
        value=rounded(figure.value),
        low=rounded(figure.low),
        high=rounded(figure.high),
        censored=None if figure.censored is None else round(figure.censored, 2),
        std_err=None,
    )
