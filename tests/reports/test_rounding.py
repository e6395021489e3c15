"""The note at the top of a public report says how far its rounding goes."""

from __future__ import annotations

import re

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.reports.rounding import rounding_text, share_error
from osallisuus.words import Words
from tests.metrics.figures import ALL_CLOSED, ON_A_DAY, STILL_OPEN
from tests.reports.sample import hidden, share

EN = Words("en")


def rounded(number: int, base: int) -> int:
    """The nearest multiple, ties up: as the gate rounds, written another way."""
    return (2 * number + base) // (2 * base) * base


@given(base=st.sampled_from([3, 5, 10]), whole=st.integers(10, 400), data=st.data())
def test_no_share_is_off_by_more_than_the_note_says(base, whole, data):
    """Whatever the true counts were; and it is no more than the formula of the docstring."""
    part = data.draw(st.integers(0, whole))
    k, n = rounded(part, base), rounded(whole, base)
    figure = share("completed", min(k, n), n)
    error = share_error(figure, base)
    half = base // 2
    assert abs(part / whole - float(figure)) <= error + 1e-12
    assert error <= half * (1 + float(figure)) / (n - half) + 1e-12


@pytest.mark.parametrize(
    ("k", "n", "points"),
    # the worst that 30 of 40 can have been is 32 of 38, 9.2 points more; of 20 of 40, 22 of 38
    [(30, 40, 10), (20, 40, 8), (40, 40, 10), (100, 400, 1)],
)
def test_the_share_of_the_smallest_whole_says_how_far_off_it_can_be(k, n, points):
    text = rounding_text([share("a", k, n), share("b", 300, 600)], 5, EN)
    assert text.startswith("Counts are rounded to the nearest 5, each by itself")
    assert f"a share of about {n} can be off by up to {points} percentage point" in text


def test_without_a_plain_share_only_the_rounding_itself_is_said():
    """Points of curves and shares that reckon with those on the way are more than k of n."""
    for figures in ([], [hidden("a")], [ON_A_DAY], [STILL_OPEN]):
        text = rounding_text(figures, 5, EN)
        assert text.endswith("parts need not add up to the whole.")
        assert "percentage" not in text


@pytest.mark.parametrize("code", ["fi", "sv", "en"])
def test_the_note_is_one_sentence_in_every_language_and_tells_nothing_hidden(code):
    figures = [evolve(ALL_CLOSED, value=0.75, k=30, n=40), hidden("b")]
    text = rounding_text(figures, 5, Words(code))
    assert text.count(".") == 1
    assert set(re.findall(r"[0-9]+", text)) == {"5", "40", "10"}
