"""One metric under all its policies, side by side: how much of a figure is a choice of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from osallisuus.errors import DefinitionError
from osallisuus.metrics.figure import Figure, Result
from osallisuus.metrics.written import (
    interval_text,
    metric_title,
    part_label,
    place_text,
    policy_text,
    value_text,
)
from osallisuus.values import frozen
from osallisuus.words import Words

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

    def explain(self, locale: str = "en") -> str:
        """Each figure under each choice, in plain Finnish (``fi``), Swedish (``sv``) or English."""
        words = Words(locale)
        choices = [words("alternatives.own")]
        choices += [
            " ".join(policy_text(name, value, words) for name, value in change.items())
            for change, _ in self.results[1:]
        ]
        lines = self._lines(choices, words, partial(_headed, words=words))
        return "\n".join([*lines, *([words("alternatives.turned")] if self.turned else [])])

    def __str__(self) -> str:
        choices = ["as defined", *(_choice(change) for change, _ in self.results[1:])]
        return "\n".join(self._lines(choices, Words("en"), lambda figure: figure.name))

    def _lines(
        self, choices: Sequence[str], words: Words, head: Callable[[Figure], str]
    ) -> list[str]:
        """Per figure its *head*, and a line for each of its versions: the value, and the choice."""
        lines = []
        for _, versions in self.rows():
            values = [_written(figure, words) for figure in versions]
            width = max(map(len, values))
            lines.append(head(versions[0]))
            lines += [
                f"  {value:<{width}}  {choice}"
                for value, choice in zip(values, choices, strict=False)
            ]
        return lines


def _headed(figure: Figure, words: Words) -> str:
    """Such as "Attendance – Sessions attended, place: Oulu"."""
    title = metric_title(figure.provenance.metric, words)
    part = part_label(figure, words)
    what = title if part == title else words("explain.what", title=title, part=part)
    return ", ".join(text for text in (what, place_text(figure, words)) if text)


def _choice(change: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in change.items())


def _sign(figure: Figure) -> int:
    value = figure.value or 0
    if figure.measure not in ("difference", "change") or figure.status != "shown":
        return 0
    return (value > 0) - (value < 0)


def _written(figure: Figure, words: Words) -> str:
    """Such as "68% (53–80%)", or why there is no value."""
    value = value_text(figure, words) if figure.status == "shown" else None
    if value is None:
        return words.label("reason", figure.reason or "unknown")
    interval = None if figure.value is None else interval_text(figure, words)
    return value if interval is None else f"{value} ({interval})"
