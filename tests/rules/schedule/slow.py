"""The slow, obvious way to plan: look at every day in turn. It defines what is right."""

from datetime import timedelta

from osallisuus.model.cadence import Every, Exactly, step
from osallisuus.rules.schedule.days import NthWeekday, Weekday


def is_day_of_rule(day, on):
    if isinstance(on, Weekday):
        return day.weekday() == on.number
    if isinstance(on, NthWeekday):
        if day.weekday() != on.number:
            return False
        if on.nth == -1:
            return (day + timedelta(7)).month != day.month
        return (day.day - 1) // 7 == on.nth - 1
    return (day.month, day.day) == (on.month, on.day)


def units_apart(unit, one, other):
    """How many weeks (from Monday), months or years of the calendar lie between two days."""
    if unit == "week":
        mondays = [day - timedelta(day.weekday()) for day in (one, other)]
        return (mondays[1] - mondays[0]).days // 7
    if unit == "month":
        return (other.year - one.year) * 12 + other.month - one.month
    return other.year - one.year


def rule_days(unit, every, on, start):
    """Every day of the rule, one after the other."""
    day, first = start, None
    while True:
        suits = not on if unit == "day" else any(is_day_of_rule(day, one) for one in on)
        if suits:
            first = first or day
            apart = (day - first).days if unit == "day" else units_apart(unit, first, day)
            if apart % every == 0:
                yield day
        day += timedelta(1)


def closing(day, closures):
    """The first closure that holds *day*."""
    return next((one for one in closures if day in one.period), None)


def next_open(day, before, closures, weekdays):
    while (day := day + timedelta(1)) < before:
        if day.weekday() in weekdays and closing(day, closures) is None:
            return day
    return None


def slow_plan(cadence, start, on, every, until, closures, weekdays):
    """Days held, as pairs of the rule's day and the day; and days of the rule left out."""
    unit = cadence.every if isinstance(cadence, Exactly) else (
        cadence.unit if isinstance(cadence, Every) else cadence.per)  # fmt: skip
    ruled = rule_days(unit, every, on, start)
    upcoming = next(ruled)
    if isinstance(cadence, Exactly):
        asked = cadence.count
    else:
        asked = 0
        for day in rule_days(unit, every, on, start):
            if day >= until:
                break
            asked += 1
    held, left_out = [], []
    while asked:
        day, upcoming = upcoming, next(ruled)
        closure = closing(day, closures)
        if closure is None:
            held.append((day, day))
        elif closure.policy == "move" and (other := next_open(day, upcoming, closures, weekdays)):
            held.append((day, other))
        else:
            left_out.append(day)
            if closure.policy == "extend":
                continue
        asked -= 1
    return held, left_out


def whole_blocks(start, until, unit):
    """The blocks of one unit from *start* that end by *until*."""
    number, begin = 0, start
    while True:
        number += 1
        end = step(start, number, unit)
        if end > until:
            return
        yield begin, end
        begin = end
