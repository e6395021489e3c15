"""Somebody works with days that are known in part."""

from datetime import date
from typing import reveal_type

import osallisuus as osa
from osallisuus.time import split_periods

known = osa.PartialDate.parse("2017-spring")
reveal_type(known)  # revealed: PartialDate
reveal_type(known.period)  # revealed: Period
reveal_type(osa.Period.parse("2018-01-01..2018-07-01"))  # revealed: Period
reveal_type(date(2018, 4, 1) in known.period)  # revealed: bool
split_periods("quarterly", known)  # expect: error
reveal_type(split_periods("quarterly", known.period))  # revealed: tuple[Period, ...]
