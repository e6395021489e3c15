"""What a source states, what it does not, and since when."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import DefinitionError
from osallisuus.model.stated import NONE, Range, Span, Text, each, holds_on
from osallisuus.time import PartialDate


def _span(first=None, last=None):
    return Span(
        PartialDate.parse(first) if first else None, PartialDate.parse(last) if last else None
    )


def test_stated_absence_is_neither_silence_nor_a_list():
    """``NONE`` differs from ``None`` and from nothing listed, and both give no items."""
    assert NONE is not None
    assert NONE != ()
    assert NONE != 0
    assert not NONE
    assert repr(NONE) == "NONE"
    assert each(NONE) == each(None) == ()
    assert each(("one",)) == ("one",)


def test_a_pilot_from_december_to_december_touches_13_months():
    """12/2013-12/2014 is 13 calendar months, 12 elapsed; 12/2014-5/2015 is 6 and 5 (T13)."""
    first, second = _span("2013-12", "2014-12"), _span("2014-12", "2015-05")

    assert (first.months_touched, first.months_elapsed) == (13, 12)
    assert (second.months_touched, second.months_elapsed) == (6, 5)
    assert date(2014, 12, 15) in first
    assert date(2014, 12, 15) in second


def test_an_open_span_has_no_widest_period_and_no_months():
    """What has no stated end is not measured."""
    planned = _span("2017-spring")

    assert planned.widest is None
    assert planned.months_touched is None
    assert planned.months_elapsed is None
    assert date(2030, 1, 1) in planned
    assert date(2017, 2, 28) not in planned


def test_a_span_holds_its_last_day_and_not_the_next():
    """A duty until 31.12.2022 still holds on that day."""
    duty = _span(last="2022-12-31")

    assert date(2022, 12, 31) in duty
    assert date(2023, 1, 1) not in duty


def test_spans_and_texts_that_say_nothing_are_refused():
    """A span needs a date, a text needs words, a range needs an end, and none runs backwards."""
    for build in (
        Span,
        Text,
        lambda: Range("clients"),
        lambda: Range("clients", 3, 1),
        lambda: _span("2015", "2014"),
    ):
        with pytest.raises(DefinitionError):
            build()


def test_a_former_rule_without_an_end_date_is_in_force_on_no_day():
    """``was`` counts only up to a stated end; plans and wishes never count."""
    day = date(2020, 1, 1)

    assert holds_on(day, "is", None)
    assert not holds_on(day, "was", None)
    assert holds_on(day, "was", _span(last="2020-06"))
    assert not holds_on(day, "was", _span(last="2019-06"))
    assert not holds_on(day, "goal", None)
    assert not holds_on(day, "planned", _span("2019"))


def test_a_limit_of_fifty_clients_takes_fifty_and_not_51():
    """The limit includes its number; "over 100" does not include 100 (T12)."""
    limit, earlier = Range("clients", high=50), Range("persons", low=100, above=True)

    assert limit.holds(50)
    assert not limit.holds(51)
    assert not earlier.holds(100)
    assert earlier.holds(101)
    assert str(earlier) == "over 100 persons"
    assert str(limit) == "at most 50 clients"
    assert str(Range("clients", 1, 3)) == "1–3 clients"


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)


@pytest.mark.parametrize(
    "words", ["\u200b", " ", "\n", "a\u202eb", "a\u2066b", "a\x1b[2Jb", "\x07", ""]
)
def test_words_that_nobody_sees_or_that_turn_others_round_are_refused(words):
    """A title of such signs would stand for nothing, or for something else, in a list of titles."""
    with pytest.raises(DefinitionError, match=r"words|signs"):
        Text(en=words)


def test_words_of_several_lines_and_joined_signs_are_words():
    assert Text(en="one\n\ttwo").en == "one\n\ttwo"
    assert Text(en="\u0646\u200c\u0627").en


@given(
    st.fixed_dictionaries(
        {},
        optional={"fi": WORDS, "sv": WORDS, "en": WORDS},
    ).filter(bool),
    st.sampled_from(["fi", "sv", "en"]),
)
def test_a_text_always_has_words(words, locale):
    """A text answers in the language asked for if it can, else in one that it has."""
    label = Text(**words).label(locale)

    assert label == words.get(locale, label)
    assert label in words.values()
