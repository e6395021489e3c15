"""One metric under all its policies, side by side: how much of a figure is a choice of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from osallisuus.errors import DefinitionError
from osallisuus.metrics.figure import Figure, Result
from osallisuus.values import frozen

__all__ = ["Alternatives"]


@frozen
class Alternatives:
    """Results of one metric: first under its own policies, then with one policy changed each.

    A stratum in which a difference or a change has another sign than under the metric's own
    policies is in :attr:`turned`: there the choice decides what the figure seems to say.
    """

    results: tuple[tuple[Mapping[str, str], Result], ...]
    """What is changed, and the figures; empty for the metric's own policies."""

    def __iter__(self) -> Iterator[tuple[Mapping[str, str], Result]]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    @property
    def own(self) -> Result:
        """The result under the metric's own policies."""
        return self.results[0][1]

    def under(self, **policies: str) -> Result:
        """The result with exactly this change, such as ``excused="out"``.

        Raises :class:`DefinitionError` when it is not among the results.
        """
        for change, result in self.results:
            if change == policies:
                return result
        known = [_choice(change) for change, _ in self.results[1:]]
        raise DefinitionError(
            "the metric was not asked under this policy",
            where=_choice(policies),
            remedy=f"one of {', '.join(known)}" if known else "it offers no choice of a policy",
        )

    def rows(self) -> list[tuple[str, list[Figure]]]:
        """Per figure its name, and its versions in the order of the results; curves left out."""
        lists: dict[object, list[Figure]] = {}
        for _, result in self.results:
            for figure in result:
                if figure.at is None:
                    lists.setdefault(figure.key, []).append(figure)
        return [(versions[0].name, versions) for versions in lists.values()]

    @property
    def turned(self) -> tuple[Figure, ...]:
        """Figures of the metric's own policies whose sign is another one under some other."""
        found = []
        for _, (own, *others) in self.rows():
            signs = [_sign(one) for one in others]
            if _sign(own) and any(sign == -_sign(own) for sign in signs):
                found.append(own)
        return tuple(found)

    def __str__(self) -> str:
        choices = ["as defined", *(_choice(change) for change, _ in self.results[1:])]
        width = max(map(len, choices))
        lines = []
        for name, versions in self.rows():
            lines.append(name)
            lines += [
                f"  {choice:<{width}}  {_written(figure)}"
                for choice, figure in zip(choices, versions, strict=False)
            ]
        return "\n".join(lines)


def _choice(change: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in change.items())


def _sign(figure: Figure) -> int:
    value = figure.value or 0
    if figure.measure not in ("difference", "change") or figure.status != "shown":
        return 0
    return (value > 0) - (value < 0)


def _written(figure: Figure) -> str:
    if figure.value is None:
        return figure.reason or figure.status
    interval = (
        ""
        if figure.low is None or figure.high is None
        else (f" [{figure.low:.3g}, {figure.high:.3g}]")
    )
    return f"{figure.value:.4g}{interval}"
