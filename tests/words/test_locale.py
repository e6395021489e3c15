from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import DefinitionError
from osallisuus.time import Period
from osallisuus.words.locale import LOCALES, locale_of

FI, SV, EN = (LOCALES[code] for code in ("fi", "sv", "en"))
NO_BREAK = "\u00a0"


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        (FI, f"1{NO_BREAK}234{NO_BREAK}567,9"),
        (SV, f"1{NO_BREAK}234{NO_BREAK}567,9"),
        (EN, "1,234,567.9"),
    ],
)
def test_a_number_has_the_separators_of_its_language(locale, written):
    assert locale.number(1234567.89, 1) == written


@pytest.mark.parametrize(("locale", "written"), [(FI, "64\u00a0%"), (SV, "64\u00a0%"), (EN, "64%")])
def test_a_share_is_a_whole_percentage_that_no_line_end_tears_apart(locale, written):
    assert locale.percent(0.64) == written


def test_a_share_halfway_between_two_percentages_rounds_up_as_by_hand():
    assert [FI.percent(share) for share in (0.125, 0.285, 0.545)] == [
        f"{number}{NO_BREAK}%" for number in (13, 29, 55)
    ]


def test_a_share_is_never_rounded_to_nobody_or_to_everybody():
    assert (EN.percent(0.001), EN.percent(0.999)) == ("<1%", ">99%")
    assert (EN.percent(0), EN.percent(1)) == ("0%", "100%")
    assert (EN.percent(0.0001, 1), EN.percent(0.99999, 1)) == ("<0.1%", ">99.9%")


def test_an_interval_has_one_percent_sign_and_an_en_dash():
    assert FI.percent_interval(0.53, 0.80) == f"53–80{NO_BREAK}%"
    assert EN.percent_interval(0.53, 0.80) == "53–80%"


def test_an_interval_below_zero_keeps_its_minus_signs_apart_from_the_dash():
    assert FI.interval(-5.25, 3, 1) == "−5,3 – 3,0"
    assert FI.interval(-5, -2) == "−5 – −2"


def test_a_number_that_rounds_to_zero_has_no_minus_sign():
    assert FI.number(-0.2) == "0"


@pytest.mark.parametrize(
    ("locale", "written"), [(FI, "3.3.2025"), (SV, "3 mars 2025"), (EN, "3 March 2025")]
)
def test_a_day_is_written_as_people_of_the_language_write_it(locale, written):
    assert locale.day(date(2025, 3, 3)) == written


def test_a_moment_shows_its_minute_and_zone():
    assert FI.moment(datetime(2025, 3, 3, 9, 5, tzinfo=UTC)) == "3.3.2025 klo 9.05 UTC"


@pytest.mark.parametrize(
    ("period", "written"),
    [
        ("2018-01-01..2019-01-01", ("2018", "2018", "2018")),
        (
            "2018-04-01..2018-07-01",
            ("2. neljännes 2018", "kvartal 2 2018", "quarter 2 of 2018"),
        ),
        ("2018-02-01..2018-03-01", ("helmikuu 2018", "februari 2018", "February 2018")),
        (
            "2018-02-02..2018-03-02",
            (
                "2.2.2018–1.3.2018",
                "2 februari 2018 – 1 mars 2018",
                "2 February 2018 – 1 March 2018",
            ),
        ),
        ("2018-02-02..2018-02-02", ("2.2.2018–2.2.2018",)),
    ],
)
def test_a_period_is_called_by_its_calendar_name_or_by_its_first_and_last_day(period, written):
    names = tuple(locale.period(Period.parse(period)) for locale in (FI, SV, EN))
    assert names[: len(written)] == written


def test_an_unknown_language_is_refused_with_those_that_exist():
    with pytest.raises(DefinitionError, match="known: en, fi, sv"):
        locale_of("de")


@given(st.floats(-1e12, 1e12), st.integers(0, 3), st.sampled_from(sorted(LOCALES)))
def test_a_written_number_can_be_read_back_to_within_half_a_last_digit(value, digits, code):
    locale = LOCALES[code]
    text = locale.number(value, digits)
    plain = text.replace(locale.thousands, "").replace(locale.decimal, ".").replace("−", "-")
    assert abs(float(plain) - value) <= 0.5 * 10**-digits + 1e-3 * 10**-digits + abs(value) * 1e-12


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_is_never_written_as_a_smaller_percentage(one, other):
    low, high = sorted((one, other))

    def order(share: float) -> float:
        text = EN.percent(share).rstrip("%")
        return {"<": 0.5, ">": 99.5}.get(text[0]) or float(text)

    assert order(low) <= order(high)
