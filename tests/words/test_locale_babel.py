"""Our few rules of writing against CLDR, as Babel has it; where we differ, we differ on purpose."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP

import pytest
from babel import Locale as Cldr
from babel.dates import format_date, format_datetime, get_month_names, get_quarter_names
from babel.numbers import decimal, format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.words.locale import LOCALES

SAME = {"fi": "fi", "sv": "sv_FI", "en": "en_GB"}
CODES = pytest.mark.parametrize("code", SAME)
EXACT = st.decimals(min_value=-(10**7), max_value=10**7, places=4)
DIGITS = st.integers(0, 3)
PATTERNS = ("#,##0", "#,##0.0", "#,##0.00", "#,##0.000")


def written(code: str, value: decimal.Decimal, digits: int) -> str:
    """CLDR's way, rounded half up as we do."""
    with decimal.localcontext(rounding=ROUND_HALF_UP):
        return format_decimal(value, PATTERNS[digits], locale=SAME[code])


def without_sign_of_nothing(text: str) -> str:
    """We write no minus sign before a number that is rounded to 0."""
    return text if text.strip("-\u2212").strip("0,.") else text.lstrip("-\u2212")


@CODES
@given(value=EXACT, digits=DIGITS)
def test_numbers_are_written_as_cldr_says(code: str, value: decimal.Decimal, digits: int) -> None:
    """Separators, grouping, rounding and sign; English gets a real minus sign as well."""
    expected = without_sign_of_nothing(written(code, value, digits)).replace("-", "\u2212")
    assert LOCALES[code].number(float(value), digits) == expected


@CODES
@given(thousandths=st.integers(10, 990))
def test_whole_percentages_are_written_as_cldr_says(code: str, thousandths: int) -> None:
    """With a no-break space before the sign in Finnish and Swedish, and none in English."""
    share = decimal.Decimal(thousandths) / 1000
    with decimal.localcontext(rounding=ROUND_HALF_UP):
        expected = format_percent(share, locale=SAME[code])
    assert LOCALES[code].percent(float(share)) == expected


@CODES
@given(day=st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_days_are_written_as_cldr_says(code: str, day: date) -> None:
    """Finnish in figures, as its medium style; Swedish and English with the month's name."""
    style = "medium" if code == "fi" else "long"
    assert LOCALES[code].day(day) == format_date(day, style, locale=SAME[code])


@CODES
@given(moment=st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_moments_are_written_as_cldr_says(code: str, moment: datetime) -> None:
    """Finnish has a point between hour and minute, and no zero before the hour."""
    clock = {"fi": "d.M.yyyy 'klo' H.mm", "sv": "d MMMM y 'kl.' HH:mm", "en": "d MMMM y HH:mm"}
    expected = format_datetime(moment, clock[code], locale=SAME[code])
    assert LOCALES[code].moment(moment) == f"{expected} UTC"


@CODES
def test_months_have_the_names_of_cldr(code: str) -> None:
    """As they stand alone, such as in a heading."""
    names = get_month_names("wide", context="stand-alone", locale=SAME[code])
    assert LOCALES[code].months == tuple(names[month] for month in range(1, 13))


@CODES
def test_the_clock_has_the_separator_of_cldr(code: str) -> None:
    """What stands between hour and minute in our pattern stands there in CLDR's, too."""
    separator = Cldr.parse(SAME[code]).time_formats["short"].pattern.strip("Hm")
    at_nine = LOCALES[code].moment(datetime(2025, 3, 3, 9, 5, tzinfo=UTC))
    assert f"9{separator}05" in at_nine


def test_quarters_are_said_more_plainly_than_in_cldr() -> None:
    """A difference on purpose: with their number first in Finnish, and the word before it else."""
    names = {code: get_quarter_names("wide", locale=SAME[code])[2] for code in SAME}
    assert names == {"fi": "2. neljännes", "sv": "2:a kvartalet", "en": "2nd quarter"}
    patterns = {code: LOCALES[code].quarter_pattern for code in SAME}
    assert patterns["fi"].format(quarter=2, year=2025) == f"{names['fi']} 2025"
    assert patterns["sv"].format(quarter=2, year=2025) == "kvartal 2 2025"
    assert patterns["en"].format(quarter=2, year=2025) == "quarter 2 of 2025"
