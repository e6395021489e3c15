"""A metric under other policies, by the naive model: what a policy means is said in facts.

Some naive models know policies. For the others, asking under a policy is asking without it of
facts that are changed in the one field that the policy is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from attrs import evolve

from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.compile import Settings
from osallisuus.model import facts as f
from tests.generative import naive, naive_counts, naive_time
from tests.generative.tabulated import expected

__all__ = ["combinations", "expected_under"]

_IN_FACTS = {
    "partial": ("in", "out"),
    "costs": ("gross", "net"),
    "hours_by": ("worker_kind", "head"),
    "decisions_by": ("owner", "initiator"),
    "arm": ("aim", "channel", "setting", "trait"),  # a place is no code, which an aim has to be
}


def combinations(name: str) -> list[dict[str, str]]:
    """The combinations of policies under which the metric *name* can be counted naively."""
    choices = dict(CATALOGUE[name].choices)
    if name not in naive_time.METRICS and name not in naive_counts.METRICS:
        choices = {policy: values for policy, values in _IN_FACTS.items() if policy in choices}
    return [dict(zip(choices, values, strict=True)) for values in product(*choices.values())]


def expected_under(
    name: str, facts: Sequence[f.Fact], settings: Settings, policies: dict[str, str]
) -> Any:
    """What the naive model says of the metric *name* under *policies*."""
    if name in naive_counts.METRICS:
        return naive_counts.table(name, facts, settings, **policies)
    if name in naive_time.METRICS:
        return naive_time.table(name, facts, settings, policies)
    known = naive.world(facts, settings.as_of, settings.program)
    asked = [one for fact in facts for one in _changed(fact, policies, known)]
    return expected(name, asked, settings)


def _changed(fact: f.Fact, policies: dict[str, str], known: naive.World) -> Iterator[f.Fact]:
    if isinstance(fact, f.Score) and policies.get("partial") == "out":
        if fact.completeness == "complete":
            yield fact
    elif isinstance(fact, f.Cost) and policies.get("costs") == "net":
        if fact.group is not None:
            yield fact
    elif isinstance(fact, f.Cost) and policies.get("hours_by") == "head":
        told = fact.minutes is not None or fact.worker_kind is not None
        yield evolve(fact, worker_kind=fact.head if told else None)
    elif isinstance(fact, f.Decision) and policies.get("decisions_by") == "initiator":
        yield evolve(fact, owner=fact.initiated_by)
    elif isinstance(fact, f.Enrollment) and "arm" in policies:
        yield evolve(fact, aim=_arm(fact, policies["arm"], known))
    else:
        yield fact


def _arm(episode: f.Enrollment, arm: str, known: naive.World) -> str | None:
    if arm in ("aim", "channel"):
        return episode.aim if arm == "aim" else episode.channel
    if arm == "trait":
        said = [
            (one.since, one.id, one.value)
            for one in known[f.Trait]
            if (one.person, one.name) == (episode.person, "gender")
        ]
        return max(said)[2] if said else None
    group = known.find(f.Group, episode.group)
    return None if group is None else group.setting
