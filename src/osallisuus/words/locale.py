r"""How Finnish, Swedish and English write numbers, shares, days and periods.

A handful of explicit rules instead of a library: the output must not depend on the machine's
locale, nor change with a new release of a table of locales. Finnish and Swedish write a decimal
comma, and a no-break space between thousands and before the percent sign, so that a number is
never torn apart at the end of a line.

>>> LOCALES["fi"].percent(0.64)
'64\xa0%'
>>> LOCALES["en"].day(date(2025, 3, 3))
'3 March 2025'
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from math import floor
from typing import Final, Literal, TypeAlias

from osallisuus.errors import DefinitionError, did_you_mean
from osallisuus.time import Period, add_months
from osallisuus.values import frozen

__all__ = ["LOCALES", "Language", "Locale", "locale_of"]

Language: TypeAlias = Literal["fi", "sv", "en"]
"""The code of a language in which reports are written."""

_NO_BREAK: Final = "\u00a0"
_MINUS: Final = "\u2212"
_DASH: Final = "\u2013"


@frozen(kw_only=True)
class Locale:
    """The writing rules of one language. Numbers round half up, as people do by hand."""

    code: Language
    language: str
    """The language's own name."""
    decimal: str
    thousands: str
    percent_sign: str
    months: tuple[str, ...]
    day_pattern: str
    """A format text over ``year``, ``month``, ``day`` and ``name``."""
    moment_pattern: str
    """A format text over ``day``, ``hour`` and ``minute``."""
    quarter_pattern: str
    range_dash: str
    """Between two days."""

    def number(self, value: float, digits: int = 0) -> str:
        """*value* with exactly *digits* decimals."""
        return self._rounded(value * 10**digits, digits)

    def signed(self, value: float, digits: int = 0) -> str:
        """*value* with a plus sign where it is above 0 as written, for differences."""
        text = self.number(value, digits)
        return text if text.startswith(_MINUS) or not text.strip("0.,") else f"+{text}"

    def percent(self, share: float, digits: int = 0) -> str:
        """A *share* in [0, 1] as a percentage.

        A share that would round to nothing or to everything without being it is written
        ``<1 %`` or ``>99 %``: "0 %" would say that nobody did.
        """
        scale = 10**digits
        if 0 < share < 0.005 / scale:
            return f"<{self.number(1 / scale, digits)}{self.percent_sign}"
        if 1 - 0.005 / scale < share < 1:
            return f">{self.number(100 - 1 / scale, digits)}{self.percent_sign}"
        return self._plain_percent(share, digits) + self.percent_sign

    def interval(self, low: float, high: float, digits: int = 0) -> str:
        """From *low* to *high*, with an en dash."""
        return self._joined(self.number(low, digits), self.number(high, digits))

    def signed_interval(self, low: float, high: float, digits: int = 0) -> str:
        """From *low* to *high*, both with their signs."""
        return self._joined(self.signed(low, digits), self.signed(high, digits))

    def percent_interval(self, low: float, high: float, digits: int = 0) -> str:
        """From *low* to *high*, shares in [0, 1], with one percent sign."""
        ends = self._plain_percent(low, digits), self._plain_percent(high, digits)
        return self._joined(*ends) + self.percent_sign

    def day(self, day: date) -> str:
        """A day as people of this language write it."""
        return self.day_pattern.format(
            year=day.year, month=day.month, day=day.day, name=self.months[day.month - 1]
        )

    def moment(self, moment: datetime) -> str:
        """A day and a time to the minute, in the zone that the moment carries."""
        zone = moment.tzname() or ""
        written = self.moment_pattern.format(
            day=self.day(moment), hour=moment.hour, minute=moment.minute
        )
        return f"{written} {zone}".rstrip()

    def period(self, period: Period) -> str:
        """A calendar year, quarter or month by its name, else its first and last day."""
        first = period.starts_on
        for months, name in self._calendar_names(first):
            if period.ends_on == add_months(first, months):
                return name
        last = max(first, period.ends_on - timedelta(1))
        return f"{self.day(first)}{self.range_dash}{self.day(last)}"

    def _calendar_names(self, first: date) -> tuple[tuple[int, str], ...]:
        if first.day != 1:
            return ()
        month = (1, f"{self.months[first.month - 1]} {first.year}")
        if first.month % 3 != 1:
            return (month,)
        quarter = self.quarter_pattern.format(quarter=first.month // 3 + 1, year=first.year)
        year = ((12, str(first.year)),) if first.month == 1 else ()
        return (*year, (3, quarter), month)

    def _plain_percent(self, share: float, digits: int) -> str:
        return self._rounded(share * 10 ** (digits + 2), digits)

    def _rounded(self, scaled: float, digits: int) -> str:
        """*scaled* is the number in units of its last digit."""
        # 0.285 * 100 is 28.499…96 as a float: what is half but for the float's own error is half
        units = floor(abs(round(scaled, 6)) + 0.5)
        whole, part = divmod(units, 10**digits)
        text = f"{whole:,}".replace(",", self.thousands)
        if digits:
            text += f"{self.decimal}{part:0{digits}}"
        return _MINUS + text if scaled < 0 and units else text

    def _joined(self, low: str, high: str) -> str:
        # "−5–3" is hard to read: a dash beside a minus sign gets room
        with_sign = any(end.startswith((_MINUS, "+")) for end in (low, high))
        return f"{low} {_DASH} {high}" if with_sign else f"{low}{_DASH}{high}"


_FINNISH: Final = Locale(
    code="fi",
    language="suomi",
    decimal=",",
    thousands=_NO_BREAK,
    percent_sign=f"{_NO_BREAK}%",
    months=tuple(
        f"{stem}kuu"
        for stem in ("tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu".split())
    ),
    day_pattern="{day}.{month}.{year}",
    moment_pattern="{day} klo {hour}.{minute:02}",
    quarter_pattern="{quarter}. neljännes {year}",
    range_dash=_DASH,
)
_SWEDISH: Final = Locale(
    code="sv",
    language="svenska",
    decimal=",",
    thousands=_NO_BREAK,
    percent_sign=f"{_NO_BREAK}%",
    months=tuple(
        "januari februari mars april maj juni juli augusti september oktober november "
        "december".split()
    ),
    day_pattern="{day} {name} {year}",
    moment_pattern="{day} kl. {hour:02}:{minute:02}",
    quarter_pattern="kvartal {quarter} {year}",
    range_dash=f" {_DASH} ",
)
_ENGLISH: Final = Locale(
    code="en",
    language="English",
    decimal=".",
    thousands=",",
    percent_sign="%",
    months=tuple(
        "January February March April May June July August September October November "
        "December".split()
    ),
    day_pattern="{day} {name} {year}",
    moment_pattern="{day} {hour:02}:{minute:02}",
    quarter_pattern="quarter {quarter} of {year}",
    range_dash=f" {_DASH} ",
)

LOCALES: Final[Mapping[str, Locale]] = {
    locale.code: locale for locale in (_FINNISH, _SWEDISH, _ENGLISH)
}
"""The three languages in which reports are written, by code."""


def locale_of(code: str) -> Locale:
    """The rules of the language *code*; :class:`DefinitionError` when there is none."""
    found = LOCALES.get(code)
    if found is None:
        raise DefinitionError("no such language", where=code, remedy=did_you_mean(code, LOCALES))
    return found
