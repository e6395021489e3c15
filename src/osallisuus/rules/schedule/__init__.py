"""Schedules: from a cadence, a start and what a person adds, to planned sessions with reasons.

::

    plan(Exactly(8, "week", duration=240), date(2018, 1, 8), Timetable(at=time(10)))

A programme says how often; a person says on which days, when and where (:class:`Timetable`), and
when nothing can be held (:class:`Closure`). The outcome is a :class:`Plan`: a value with every
session and every day that is left out, each with its reason where it is not as the rule says.
"""
