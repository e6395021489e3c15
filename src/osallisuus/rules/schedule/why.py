"""Why is there no session on that day? An answer in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from osallisuus.rules.schedule.planned import Plan, PlannedSession
from osallisuus.rules.schedule.say import days_text, left_out_text, reason_text
from osallisuus.words import Words

__all__ = ["why"]


def why(plan: Plan, day: date, words: Words) -> str:
    """Why there is a session on *day*, or none, in the language of *words*.

    >>> from osallisuus.model.cadence import AsNeeded
    >>> from osallisuus.rules.schedule.plan import plan
    >>> why(plan(AsNeeded(), date(2026, 4, 1)), date(2026, 4, 6), Words("en"))
    'As needed: the programme promises no dates, so none are planned.'
    """
    if plan.rule is None:
        return words("plan.as_needed")
    return " ".join(_sentences(plan, day, words))


def _sentences(plan: Plan, day: date, words: Words) -> Iterator[str]:
    written = words.locale.day(day)
    here = plan.on(day)
    for one in here:
        key = "cancelled" if one.status == "cancelled" else "session"
        yield words(f"plan.why.{key}", day=written)
        yield from (reason_text(reason, one, words) for reason in one.reasons)
    if here:
        return
    elsewhere = [one for one in plan.sessions if one.rule_on == day]
    for one in elsewhere:
        yield from (reason_text(reason, one, words) for reason in one.reasons)
        yield words("plan.why.instead", day=words.locale.day(one.day))
    without = [one for one in plan.left_out if day in one.days and one.place is not None]
    yield from (left_out_text(one, words) for one in without)
    if elsewhere or without:
        return
    yield from _no_day_of_the_rule(plan, day, words)


def _no_day_of_the_rule(plan: Plan, day: date, words: Words) -> Iterator[str]:
    first, last = _ends(plan)
    if day < first:
        yield words("plan.why.before", day=words.locale.day(first))
    elif day > last:
        yield words("plan.why.after", day=words.locale.day(last))
    else:
        missing = [one for one in plan.left_out if day in one.days]
        yield from (left_out_text(one, words) for one in missing)
        if plan.rule is not None and plan.rule.on and not missing:
            yield words("plan.why.other_day", days=days_text(plan.rule.on, words))
    following = next((one for one in plan.met if one.day > day), None)
    if following is not None:
        yield words("plan.why.next", day=words.locale.day(following.day))


def _ends(plan: Plan) -> tuple[date, date]:
    """The first and the last day of the plan's sessions, or of the plan where it has none."""
    days: list[PlannedSession] = list(plan.sessions)
    if not days:
        return plan.starts_on, plan.starts_on
    return min(days[0].day, plan.starts_on), days[-1].day
