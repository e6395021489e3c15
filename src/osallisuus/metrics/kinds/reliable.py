"""ReliableChange: who changed by more than the instrument's own inaccuracy explains."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, ClassVar

from osallisuus.metrics.estimate.proportion import matched_difference
from osallisuus.metrics.estimate.reliable import Precision
from osallisuus.metrics.kinds.pairs import PairMetric, Readings, part_name
from osallisuus.metrics.kinds.readings import rounds
from osallisuus.metrics.metric import Draw, Thinning
from osallisuus.model.scales import Better, Norms
from osallisuus.values import frozen

__all__ = ["ReliableChange"]

_CLASSES = ("improved", "no_reliable_change", "worse")
_LIMIT = 1.96
"""How many standard errors a change must be beyond, whatever the confidence of the figures."""


@frozen(kw_only=True)
class ReliableChange(PairMetric):
    """The shares of people who changed reliably, each way (O2; Jacobson & Truax, 1991).

    A change is reliable beyond ``1.96 √2 s √(1 - r)``. ``norms`` hold s, r and where they are
    from; they have no default, and without them every figure is undefined, reason
    ``norms_not_stated``. ``better`` says which way is for the better. Drawn are ``improved``,
    ``no_reliable_change`` and ``worse`` with Wilson's intervals; ``crossed_cut_off``, those who
    improved reliably and came over the cut-off of the norms; ``net``, improved less worse; and
    ``followed_up``. The classes know neither regression to the mean nor floors and ceilings: show
    them beside the mean change.
    """

    kind: ClassVar[str] = "reliable_change"

    norms: Norms | None = None
    better: Better = "higher"

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

        def shown(value: float | None) -> float | None:
            return round(value, 2) if value is not None and rounds(grid) else value

        return Draw(
            name=name,
            measure="difference",
            value=shown(net.value),
            low=shown(net.low),
            high=shown(net.high),
            std_err=None if rounds(grid) else net.std_err,
            n=n,
            method="matched_difference",
            notes=(*net.notes, *self.mark_notes),
            tallies=tallies,
        )
