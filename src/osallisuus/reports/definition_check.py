"""What a report definition names must be there: headings, metrics, policies, periods and strata.

The table of the TOML file is read, and not what was made of it, so that these mistakes are told
together with those of its form. What is of another form than it must be is passed over here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any, Final

from osallisuus import plugins
from osallisuus.errors import DefinitionError, Problem, did_you_mean
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.compile import refuse_unknown_strata
from osallisuus.metrics.metric import Metric
from osallisuus.time import Period, split_periods
from osallisuus.words import Words

__all__ = ["content_problems", "headings", "named_twice", "with_headings"]

_ANY_DAY: Final = Period(date(2020, 1, 1), date(2020, 1, 2))
_HEADING: Final = "section."


def headings() -> tuple[str, ...]:
    """The codes of the library's own headings of sections, sorted."""
    keys = (key for key in Words("en").keys if key.startswith(_HEADING))
    return tuple(key.removeprefix(_HEADING) for key in keys)


def _all_headings() -> str:
    known = ", ".join(headings())
    return f"a heading of the library is always given, and `title` goes over it: one of {known}"


def content_problems(table: Mapping[str, Any]) -> Iterator[Problem]:
    """Every name in the *table* of a report definition behind which there is nothing."""
    yield from _periods(table.get("periods"), "periods")
    for number, stratum in enumerate(_texts(table.get("by"))):
        yield from _stratum(stratum, f"by[{number}]")
    sections = table.get("sections")
    for number, section in enumerate(sections if isinstance(sections, list) else ()):
        if isinstance(section, dict):
            yield from _section(section, f"sections[{number}]")


def with_headings(problem: Problem) -> Problem:
    """The *problem*, and where it is that a heading is missing, which headings there are."""
    missing = problem.what == "a key is missing" and problem.where.endswith("].heading")
    return Problem(problem.what, problem.where, _all_headings()) if missing else problem


def named_twice(policies: Sequence[str], where: str) -> Iterator[Problem]:
    """The *policies*, such as ``excused=out``, that are named more than once."""
    named = [one.partition("=")[0] for one in policies]
    for policy, count in Counter(named).items():
        if count > 1:
            every = " and ".join(one for one in policies if one.partition("=")[0] == policy)
            yield Problem(f"one policy is named twice: {every}", where, "keep one of them")


def _section(section: Mapping[str, Any], where: str) -> Iterator[Problem]:
    heading = section.get("heading")
    if isinstance(heading, str) and heading not in headings():
        near = get_close_matches(heading, headings(), n=1)
        remedy = f"did you mean {near[0]!r}?" if near else _all_headings()
        yield Problem("the library has no such heading", f"{where}.heading", remedy)
    name = section.get("metric")
    if section.get("kind") != "metric" or not isinstance(name, str) or not name:
        return
    known = {*CATALOGUE, *plugins.find("metrics")}
    if name not in known:
        yield Problem("no metric has this name", f"{where}.metric", did_you_mean(name, known))
    yield from _policies(_texts(section.get("policies")), name, f"{where}.policies")


def _policies(policies: list[str], name: str, where: str) -> Iterator[Problem]:
    """Those that are named more than once, and each that the metric *name* does not offer."""
    yield from named_twice(policies, where)
    # the offer of a stranger's metric is known when it is measured: no plug-in is loaded for this
    metric = CATALOGUE.get(name)
    for number, one in enumerate(policies):
        policy, equals, value = one.partition("=")
        if metric is not None and equals:
            yield from _offered(metric, policy, value, f"{where}[{number}]")


def _offered(metric: Metric, policy: str, value: str, where: str) -> Iterator[Problem]:
    try:
        metric.under(**{policy: value})
    except DefinitionError as error:
        for one in error.problems:
            yield Problem(one.what, where, one.remedy)


def _periods(periods: Any, where: str) -> Iterator[Problem]:
    if not isinstance(periods, str) or not periods:
        return
    by_name = ".." not in periods
    try:
        if by_name:
            split_periods(periods, _ANY_DAY)
        else:
            Period.parse(periods)
    except DefinitionError as error:
        for one in error.problems:
            remedy = f"{one.remedy}; or write FROM..TO" if by_name else one.remedy
            yield Problem(one.what, where, remedy)


def _stratum(name: str, where: str) -> Iterator[Problem]:
    try:
        refuse_unknown_strata([name])
    except DefinitionError as error:
        yield from (Problem(one.what, where, one.remedy) for one in error.problems)


def _texts(value: Any) -> list[str]:
    """The *value* as a list of texts; a place in it stays a place."""
    return [one if isinstance(one, str) else "" for one in value] if isinstance(value, list) else []
