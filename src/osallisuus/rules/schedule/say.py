"""Plans in Finnish, Swedish and English: the plan itself, and what differs between two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from osallisuus.model.cadence import Length
from osallisuus.model.stated import Text
from osallisuus.rules.schedule.days import WEEKDAYS, NthWeekday, OnDay, YearDay
from osallisuus.rules.schedule.diff import Difference
from osallisuus.rules.schedule.planned import LeftOut, Plan, PlannedSession, Reason
from osallisuus.rules.schedule.rule import Rule
from osallisuus.words import Words

__all__ = [
    "days_text",
    "difference_text",
    "label_of",
    "left_out_text",
    "length_text",
    "plan_text",
    "reason_text",
    "session_text",
    "theme_text",
]


def plan_text(plan: Plan, words: Words, labels: Mapping[str, Text] | None = None) -> str:
    """*plan* for people: how much it is, its sessions, and what is left out and why.

    *labels* are what the programme calls its themes, by their codes.
    """
    return "\n".join(_plan_lines(plan, words, labels or {})) + "\n"


def _plan_lines(plan: Plan, words: Words, labels: Mapping[str, Text]) -> Iterator[str]:
    rule, promised = plan.rule, plan.promised
    if rule is None or promised is None:
        yield words("plan.as_needed")
        return
    yield from _summary(plan, rule, promised, words)
    if plan.sessions:
        yield ""
    for number, session in enumerate(plan.sessions, 1):
        yield f"{number:>4}  {session_text(session, words, labels)}"
    if plan.left_out:
        yield ""
        yield words("plan.left_out")
        for one in plan.left_out:
            yield f"      {left_out_text(one, words)}"
    if plan.steps_without_session:
        yield ""
        yield words("plan.steps_left")
        for step in plan.steps_without_session:
            yield f"      {label_of(step.title, words)}"


def _summary(plan: Plan, rule: Rule, promised: tuple[int, int], words: Words) -> Iterator[str]:
    met, (low, high) = plan.met, promised
    if met:
        count = words("plan.sessions", n=len(met))
        first, last = (words.locale.day(one.day) for one in (met[0], met[-1]))
        yield words("plan.from_to", count=count, first=first, last=last)
    else:
        yield words("plan.none")
    if rule.on:
        yield words("plan.days", days=days_text(rule.on, words))
    yield words("plan.promised", number=words.locale.interval(low, high) if low < high else low)
    if plan.left_over:
        yield words("plan.left_over", n=plan.left_over)
    if plan.gross_minutes:
        yield words("plan.gross", hours=_hours(plan.gross_minutes, words))
        net = plan.net_minutes
        yield (
            words("plan.net_unknown")
            if net is None
            else words("plan.net", hours=_hours(net, words))
        )
    if plan.nominal is not None and plan.span_days is not None:
        # information and no finding: eight weekly sessions do not fill two months (T10). The length
        # stands as it was stated, since four months are no fixed number of days
        span = words("count.days", n=plan.span_days)
        yield words("plan.nominal", span=span, length=length_text(plan.nominal, words))


def length_text(length: Length, words: Words) -> str:
    """A stated length in its own unit, such as "4 months" or "4–5 years"."""
    count = f"{length.min}" if length.min == length.max else f"{length.min}–{length.max}"
    return words(f"innokyla.length.{length.unit}", n=length.max, count=count)


def _hours(minutes: int, words: Words) -> str:
    hours, rest = divmod(minutes, 60)
    return words("plan.hours_minutes", h=hours, m=rest) if rest else words("plan.hours", h=hours)


def session_text(
    session: PlannedSession, words: Words, labels: Mapping[str, Text] | None = None
) -> str:
    """One session in a line: weekday, day, clock times, what it is about, and the reason if it is
    not as ruled. *labels* are what the programme calls its themes, by their codes.
    """
    weekday = words(f"plan.weekday.{WEEKDAYS[session.day.weekday()]}")
    parts = [f"{weekday} {words.locale.day(session.day)}"]
    if session.starts_at is not None:
        begin, end = session.starts_at, session.ends_at
        parts.append(f"{begin:%H:%M}–{end:%H:%M}" if end else f"{begin:%H:%M}")
    if session.room is not None:
        parts.append(session.room)
    about = theme_text(session, words, labels)
    if about is not None:
        parts.append(about)
    if session.status != "planned":
        parts.append(words(f"plan.status.{session.status}"))
    told = [reason_text(reason, session, words) for reason in session.reasons]
    return "  ".join(parts) + (f"  ({' '.join(told)})" if told else "")


def theme_text(
    session: PlannedSession, words: Words, labels: Mapping[str, Text] | None = None
) -> str | None:
    """What *session* is about: its title in the outline and its theme; ``None`` where not stated.

    *labels* are what the programme calls its themes; another is told by its code.
    """
    told = [label_of(session.title, words)] if session.title is not None else []
    if session.theme is not None:
        label = (labels or {}).get(session.theme)
        told.append(session.theme.replace("_", " ") if label is None else label_of(label, words))
    return " – ".join(dict.fromkeys(told)) or None


def left_out_text(one: LeftOut, words: Words) -> str:
    """One day without a session, with the reason and what is done about it."""
    if one.reason.closure is None:
        return words("plan.no_such_day", period=words.locale.period(one.days))
    day = words.locale.day(one.days.starts_on)
    reason = label_of(one.reason.closure.reason, words)
    outcome = "nowhere_to_move" if one.reason.code == "nowhere_to_move" else "skip"
    outcome = "extend" if one.made_up_for else outcome
    return f"{words('plan.closed', day=day, reason=reason)} {words(f'plan.outcome.{outcome}')}"


def reason_text(reason: Reason, session: PlannedSession, words: Words) -> str:
    """Why *session* is not as the rule says."""
    if reason.closure is not None:
        day = words.locale.day(session.rule_on)
        return words("plan.closed", day=day, reason=label_of(reason.closure.reason, words))
    if reason.text is not None:
        return words("plan.edited_why", reason=label_of(reason.text, words))
    return words(f"plan.{reason.code}")


def days_text(on: Iterable[OnDay], words: Words) -> str:
    """Days of a rule, such as "Tuesday" or "the second Tuesday of the month"."""
    return ", ".join(_day_text(day, words) for day in on)


def _day_text(day: OnDay, words: Words) -> str:
    if isinstance(day, YearDay):
        # as the language writes a day, without the leap year that has them all
        return words.locale.day(date(2024, day.month, day.day)).replace("2024", "").strip(" -")
    weekday = words(f"plan.weekday_name.{WEEKDAYS[day.number]}")
    if isinstance(day, NthWeekday):
        nth = "last" if day.nth == -1 else f"n{day.nth}"
        return words("plan.nth_weekday", nth=words(f"plan.nth.{nth}"), weekday=weekday)
    return weekday


def difference_text(difference: Difference, words: Words) -> str:
    """What differs between two plans, one session a line; sessions left as they are, by number."""
    lines = []
    for name in ("added", "removed"):
        for one in getattr(difference, name):
            lines.append(f"{words(f'plan.diff.{name}')}: {session_text(one, words)}")
    for name in ("moved", "changed"):
        for old, new in getattr(difference, name):
            pair = f"{session_text(old, words)} → {session_text(new, words)}"
            lines.append(f"{words(f'plan.diff.{name}')}: {pair}")
    lines.append(words("plan.diff.unchanged", n=len(difference.unchanged)))
    return "\n".join(lines) + "\n"


def label_of(text: Text, words: Words) -> str:
    """*text* in the language of *words*."""
    return text.label(words.code)
