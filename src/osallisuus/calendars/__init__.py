"""Calendars of the world outside: files of closures and public holidays in, iCalendar out.

The two that need a library bring it by an extra: ``osallisuus[holidays]`` for Finnish public
holidays, ``osallisuus[calendar]`` for iCalendar.
"""
