"""ReliableChange: who changed by more than the instrument's own inaccuracy explains."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import isfinite, nan
from typing import Any, ClassVar, Self, get_args

from attrs import evolve, fields

from osallisuus.errors import DefinitionError
from osallisuus.metrics.estimate.proportion import matched_difference
from osallisuus.metrics.estimate.reliable import Precision
from osallisuus.metrics.kinds.pairs import PairMetric, Readings, part_name
from osallisuus.metrics.kinds.percents import in_hundredths, rounds
from osallisuus.metrics.metric import Draw, Thinning
from osallisuus.model.scales import Better, Norms
from osallisuus.values import frozen

__all__ = ["ReliableChange"]

_CLASSES = ("improved", "no_reliable_change", "worse")
_LIMIT = 1.96
"""How many standard errors a change must be beyond, whatever the confidence of the figures."""
_PREFIX = "norms_"
_NORMS = tuple(f"{_PREFIX}{one.name}" for one in fields(Norms))
_REQUIRED = ("norms_sd", "norms_reliability", "norms_source")
_NUMBERS = ("norms_sd", "norms_reliability", "norms_cut_off")


@frozen(kw_only=True)
class ReliableChange(PairMetric):
    """The shares of people who changed reliably, each way (O2; Jacobson & Truax, 1991).

    A change is reliable beyond ``1.96 √2 s √(1 - r)``, which is printed with every figure as the
    policy ``limit``. ``norms`` hold s, r and where they are from; they have no default, and
    without them every figure is undefined, reason ``norms_not_stated``. They are printed too, as
    the policies ``norms_sd``, ``norms_reliability``, ``norms_source`` and so on, and can be given
    as such. ``better`` says which way is for the better, ``higher`` or ``lower``, and is printed
    as a policy; :class:`DefinitionError` for anything else. Drawn are ``improved``,
    ``no_reliable_change`` and ``worse`` with Wilson's intervals; ``crossed_cut_off``, those who
    improved reliably and came over the cut-off of the norms; ``net``, improved less worse; and
    ``followed_up``. The classes know neither regression to the mean nor floors and ceilings: show
    them beside the mean change.
    """

    kind: ClassVar[str] = "reliable_change"

    norms: Norms | None = None
    better: Better = "higher"

    def __attrs_post_init__(self) -> None:
        if self.better not in get_args(Better):
            raise DefinitionError(
                "no way for a reading to be for the better",
                where=f"{self.name}.better",
                remedy=" or ".join(get_args(Better)),
            )
        derived = (*_NORMS, "limit")
        policies = {name: told for name, told in self.policies.items() if name not in derived}
        policies["better"] = self.better
        if self.norms is not None:
            precision = Precision(self.norms.sd, self.norms.reliability)
            limit = f"{_LIMIT * precision.error_of_change:.2f}"
            policies |= _told(self.norms) | {"limit": limit}
        object.__setattr__(self, "policies", policies)
        super().__attrs_post_init__()

    @property
    def free_policies(self) -> tuple[str, ...]:
        """See :class:`Metric`: the published norms."""
        return _NORMS

    def under(self, **policies: str) -> Self:
        """See :class:`Metric`: ``norms_sd="7.5"`` and the like are norms of one published study.

        Raises :class:`DefinitionError` where they are incomplete, or no numbers.
        """
        told = {name: value for name, value in policies.items() if name in _NORMS}
        chosen = super().under(**{n: v for n, v in policies.items() if n not in told})
        if not told:
            return chosen
        known = {} if self.norms is None else _told(self.norms)
        return evolve(chosen, norms=_norms({**known, **told}, self.name))

    def options(self) -> list[Any]:
        """See :class:`Metric`."""
        norms = self.norms
        told = norms and [norms.sd, norms.reliability, norms.source, norms.cut_off]
        return [self.lowest, self.highest, self.better, told]

    @property
    def mark_names(self) -> tuple[str, ...]:
        """See :class:`PairMetric`."""
        cut_off = None if self.norms is None else self.norms.cut_off
        return _CLASSES if cut_off is None else (*_CLASSES, "crossed_cut_off")

    def marks(self, before: Fraction, after: Fraction) -> frozenset[str]:
        """See :class:`PairMetric`."""
        if self.norms is None:
            return frozenset()
        sign = 1 if self.better == "higher" else -1
        precision = Precision(self.norms.sd, self.norms.reliability)
        index = sign * precision.index(float(before), float(after))
        if index < -_LIMIT:
            return frozenset(("worse",))
        if index <= _LIMIT:
            return frozenset(("no_reliable_change",))
        cut_off = self.norms.cut_off
        if cut_off is not None and sign * (before - cut_off) <= 0 < sign * (after - cut_off):
            return frozenset(("improved", "crossed_cut_off"))
        return frozenset(("improved",))

    @property
    def mark_notes(self) -> tuple[str, ...]:
        """See :class:`PairMetric`."""
        return ("precision_of_others",)

    def draw_part(self, readings: Readings, confidence: float, grid: Thinning | None) -> list[Draw]:
        """See :class:`PairMetric`: the classes, then improved less worse."""
        shares = super().draw_part(readings, confidence, grid)
        if self.norms is None:
            return [
                Draw(name=draw.name, measure=draw.measure, reason="norms_not_stated")
                for draw in (*shares, Draw(name=self._net(readings), measure="difference"))
            ]
        net = self._draw_net(readings, confidence, grid)
        return [*shares, net]

    def _net(self, readings: Readings) -> str:
        return part_name(readings.part, "net")

    def _draw_net(self, readings: Readings, confidence: float, grid: Thinning | None) -> Draw:
        counts = self.marked(readings)
        n, plus, minus = readings.n, counts["improved"], counts["worse"]
        tallies = tuple(
            dict.fromkeys(
                tally
                for name in ("improved", "worse")
                for tally in self.mark_tallies(readings, name)
            )
        )
        if grid is not None and rounds(grid):
            n = grid.rounded(n)
            plus = min(grid.rounded(plus), n)
            minus = min(grid.rounded(minus), n - plus)
        name = self._net(readings)
        if not n:
            reason = "not_known_yet" if readings.waiting else "no_cases"
            return Draw(name=name, measure="difference", n=0, reason=reason, tallies=tallies)
        net = matched_difference(plus, minus, n, confidence)
        net = in_hundredths(net) if rounds(grid) else net
        return Draw(
            name=name,
            measure="difference",
            value=net.value,
            low=net.low,
            high=net.high,
            std_err=net.std_err,
            n=n,
            method="matched_difference",
            notes=(*net.notes, *self.mark_notes),
            tallies=tallies,
        )


def _told(norms: Norms) -> dict[str, str]:
    """The norms as policies; what is not stated is left out."""
    values = {name: getattr(norms, name.removeprefix(_PREFIX)) for name in _NORMS}
    return {
        name: repr(value).removesuffix(".0") if isinstance(value, float) else value
        for name, value in values.items()
        if value not in (None, "")
    }


def _norms(told: Mapping[str, str], metric: str) -> Norms:
    """The norms that policies state."""
    missing = [name for name in _REQUIRED if not told.get(name, "").strip()]
    if missing:
        raise DefinitionError(
            f"the norms lack {', '.join(missing)}",
            where=metric,
            remedy=f"give {', '.join(_REQUIRED)} together, from one published study",
        )
    values: dict[str, Any] = {name.removeprefix(_PREFIX): value for name, value in told.items()}
    for name in _NUMBERS:
        if name in told:
            values[name.removeprefix(_PREFIX)] = _number(name, told[name], metric)
    return Norms(**values)


def _number(name: str, text: str, metric: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = nan
    if isfinite(number):
        return number
    raise DefinitionError(
        f"{name} is a number", where=metric, remedy=f"write it with a point, as in {name}=7.5"
    )
