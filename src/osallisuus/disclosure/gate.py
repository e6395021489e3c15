"""The gate: what of several measurements may leave together.

All counts behind all figures of one release are put on one footing. Persons who are counted in
exactly the same tallies form an atom; every tally is a sum over atoms. The counts that are small,
or whose complement is, are hidden, and with them as many others as it takes until the audit finds
at least ``threshold`` possible values for each. A figure leaves only if none of the counts behind
it is hidden; everything else of it goes too (metric rules D.1, D.2). What leaves was drawn from
rounded counts, where the profile has a base.

Earlier releases take part in the audit, and what they published stays as long as too few people
have moved (:mod:`~osallisuus.disclosure.sticky`).

The reader is taken to know who could be counted together at all: only combinations that somebody
is in are atoms. Where all, or none, of a group are counted somewhere, those in it could as well
have been otherwise, in every figure that rests on the same cases.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence

from attrs import evolve, field

from osallisuus.disclosure.certificate import Certificate
from osallisuus.disclosure.earlier import Earlier
from osallisuus.disclosure.joint import Drawn, judged
from osallisuus.disclosure.ledger import Question
from osallisuus.disclosure.margins import crossings, margins, segments
from osallisuus.disclosure.output import Outlet
from osallisuus.disclosure.profile import Profile
from osallisuus.disclosure.sticky import Unit, guesses, remaining, standing, units_of
from osallisuus.disclosure.tallies import Key, empty_keys, keys_behind, tallies_of
from osallisuus.metrics.figure import Result
from osallisuus.metrics.measure import Measurement, Place
from osallisuus.metrics.metric import Draw, Thinning
from osallisuus.values import frozen

__all__ = ["Released", "release", "result_of"]


@frozen(kw_only=True)
class Released:
    """Results without anything that gives a person away, and how many figures were hidden.

    ``certificate`` says what a reader of this and all earlier releases can still find out. It is
    for the reviewer and is never part of an output.
    """

    results: tuple[Result, ...]
    hidden: int
    profile: Profile
    certificate: Certificate = field(factory=Certificate, repr=False)
    audited: bool = True
    """Whether all could be audited; of what could not, nothing new was let out."""
    number: int | None = None
    """The release's number in the ledger; ``None``: it is not remembered."""
    asked: tuple[Question, ...] = field(default=(), repr=False)
    """What the ledger keeps of it."""


def release(
    measurements: Sequence[Measurement], profile: Profile, earlier: Sequence[Earlier] = ()
) -> Released:
    """Let out of *measurements* what *profile* allows; they are protected together.

    Together with them their margins are, which can be asked for next; they do not leave with them.
    *earlier* are the questions of earlier releases, oldest first. Of strata that are said of
    people, such as ``person.<trait>``, a value that fewer people than the threshold have is not
    even listed; a group's place is listed with its figures hidden.
    """
    threshold = profile.threshold
    leaving = len(measurements)
    measurements = [*measurements, *margins(measurements)]
    grids = _grids(measurements, profile)
    drawn = [one.draws(grid=grid) for one, grid in zip(measurements, grids, strict=True)]
    then = [one.measurement for one in earlier]
    inside = [
        *margins(then, measurements),
        *crossings(measurements[:leaving], then),
        *segments([*measurements, *then]),
    ]
    inner = [*([] for _ in (*measurements, *earlier)), *(one.draws() for one in inside)]
    units = units_of(measurements, drawn)
    stood = standing(units, measurements, earlier)
    stay = remaining(stood, measurements, grids, threshold)
    inferred = guesses(stay, stood, units, threshold)
    verdict = judged(
        Drawn(
            measurements=measurements,
            grids=grids,
            tallies=tallies_of(drawn),
            empty=empty_keys(drawn) if profile.zeros == "unsafe" else (),
            staying={key: inferred.get(key) for key in _only_of(stay, units)},
            inside=inside,
            inner=tallies_of(inner),
            unseen=empty_keys(inner) if profile.zeros == "unsafe" else (),
        ),
        earlier,
        profile,
    )
    outlet = Outlet(profile=profile, verdict=verdict, stood=stood, stay=stay)
    asked = tuple(
        outlet.let_out(number, measurement, grid, places)
        for number, (measurement, grid, places) in enumerate(
            zip(measurements[:leaving], grids, drawn, strict=False)
        )
    )
    hidden = sum(one.hidden for one in asked)
    return Released(
        results=tuple(result_of(one, profile) for one in asked),
        hidden=hidden,
        profile=profile,
        certificate=evolve(
            verdict.certificate,
            gaps=hidden,
            besides=_besides(asked, measurements, drawn, verdict.certificate.bounds),
            audited=verdict.audited,
        ),
        audited=verdict.audited,
        asked=asked,
    )


def _besides(
    asked: Sequence[Question],
    measurements: Sequence[Measurement],
    drawn: Sequence[Sequence[tuple[Place, Sequence[Draw]]]],
    listed: Collection[Hashable],
) -> int:
    """How many figures are hidden though no hidden count that is listed stands behind them."""
    found = 0
    for number, (question, measurement) in enumerate(zip(asked, measurements, strict=False)):
        harmless = {
            measurement.figure(place, draw).key
            for place, draws in drawn[number]
            for draw in draws
            if not any(key in listed for key in keys_behind(number, place, draw))
        }
        suppressed = [one.key for one in question.figures if one.status == "suppressed"]
        found += sum(key in harmless for key in suppressed)
    return found


def result_of(asked: Question, profile: Profile) -> Result:
    """The result that the figures of a question make."""
    return Result(
        provenance=asked.provenance,
        figures=asked.figures,
        by=asked.settings.by,
        periods=asked.settings.periods,
        internal=profile.internal,
    )


def _only_of(stay: frozenset[Unit], units: Mapping[Unit, Sequence[Draw]]) -> list[Key]:
    """The counts behind figures that stay, and behind no other one."""
    behind: dict[bool, dict[Key, None]] = {True: {}, False: {}}
    for unit, draws in units.items():
        for draw in draws:
            for tally in (*draw.tallies, *((draw.open,) if draw.open else ())):
                behind[unit in stay][unit[0], unit[1], tally.label] = None
    return [key for key in behind[True] if key not in behind[False]]


def _grids(measurements: Sequence[Measurement], profile: Profile) -> list[Thinning | None]:
    """How the curves are thinned: all of the same cases step on the same days.

    Two curves of the same people on different days would give away what lies between the days, so
    the one that may show the fewest days decides for all.
    """
    own = [m.metric.grid(m.tables.values(), profile.threshold) for m in measurements]
    same: dict[tuple[str, str | None], Thinning] = {}
    for measurement, thinning in zip(measurements, own, strict=True):
        key = (measurement.metric.cases, measurement.settings.program)
        if thinning is not None:
            known = same.setdefault(key, thinning)
            if _steps(thinning) < _steps(known):
                same[key] = thinning
    return [
        _as_all(thinning, same.get((one.metric.cases, one.settings.program)), profile)
        for one, thinning in zip(measurements, own, strict=True)
    ]


def _as_all(own: Thinning | None, same: Thinning | None, profile: Profile) -> Thinning | None:
    """A measurement's own thinning with the days of all that rest on the same cases."""
    if own is not None and same is not None:
        own = evolve(own, days=same.days, followed=same.followed)
    if profile.base is None:
        return own
    return evolve(own or Thinning({}, threshold=profile.threshold), base=profile.base)


def _steps(thinning: Thinning) -> int:
    return sum(map(len, thinning.days.values()))
