"""How far a share can be trusted: by hand, with the unknown as no or yes, with more people."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import UndefinedFigure
from osallisuus.metrics.doubt import naive_share
from tests.metrics.figures import ALL_CLOSED, FEW_PEOPLE, GAP, HIDDEN, STILL_OPEN, THEME, UNDEFINED


def test_the_ratio_by_hand_is_k_of_n_where_people_are_still_on_the_way():
    assert STILL_OPEN.naive == pytest.approx(24 / 60)


@pytest.mark.parametrize(
    "figure",
    [
        ALL_CLOSED,  # closed: the ratio by hand is the figure
        evolve(STILL_OPEN, value=24 / 60),  # equal
        evolve(STILL_OPEN, at=30),  # counts of a curve are no ratio of its day
        evolve(STILL_OPEN, k=None),
        evolve(STILL_OPEN, n=0),
    ],
)
def test_there_is_no_ratio_by_hand_where_nobody_would_err(figure):
    assert figure.naive is None


def test_people_on_the_way_are_among_the_n_of_a_share_by_time():
    """24 of 60 completed and 12 are open: 24/60 if none of them does, 36/60 if all do."""
    told = STILL_OPEN.sensitivity()
    assert (told.low, told.high, told.unknown) == (24 / 60, 36 / 60, 12)
    assert told.target is told.needed is None


def test_unknown_cases_stand_beside_the_n_of_a_plain_share():
    """128 of 621 known and 116 unknown encounters: 128/737 to 244/737."""
    told = THEME.sensitivity()
    assert (told.low, told.high, told.unknown) == (128 / 737, 244 / 737, 116)


def test_a_comparison_tells_how_many_of_the_unknown_it_takes_to_close_the_gap():
    """28 of 41 is 0.683: (24 + 17) / 60 = 0.683 and not before, but only 12 are open."""
    assert STILL_OPEN.sensitivity(ALL_CLOSED).needed is None
    half = evolve(ALL_CLOSED, value=0.5)
    assert STILL_OPEN.sensitivity(half).needed == 6
    assert STILL_OPEN.sensitivity(half).target == 0.5
    assert STILL_OPEN.sensitivity(evolve(half, value=0.1)).needed == 0


def test_half_the_interval_takes_about_four_times_as_many_people():
    """E.7 of the metric rules: 14 people give +-23 points, and halving needs about 56."""
    fourteen = evolve(ALL_CLOSED, value=0.5, k=7, n=14)
    assert fourteen.people_needed() == pytest.approx(4 * 14, rel=0.25)


def test_a_share_of_repeated_events_is_asked_for_people_not_for_events():
    assert FEW_PEOPLE.people_needed() < 60


@pytest.mark.parametrize("figure", [HIDDEN, UNDEFINED])
def test_a_hidden_or_undefined_figure_answers_none_of_the_questions(figure):
    for ask in (naive_share, type(figure).sensitivity, type(figure).people_needed):
        with pytest.raises(UndefinedFigure, match=f"is {figure.status}"):
            ask(figure)
    with pytest.raises(UndefinedFigure):
        STILL_OPEN.sensitivity(figure)


def test_what_is_no_share_of_counted_cases_is_refused_as_such():
    for ask in (GAP.sensitivity, GAP.people_needed, evolve(THEME, k=None).sensitivity):
        with pytest.raises(UndefinedFigure, match="no share of counted cases"):
            ask()


def test_a_figure_that_does_not_say_how_many_are_unknown_gives_no_bounds():
    with pytest.raises(UndefinedFigure, match="does not say how many are unknown"):
        evolve(STILL_OPEN, censored=None).sensitivity()


@given(k=st.integers(0, 300), others=st.integers(0, 300), open_=st.integers(0, 300))
def test_the_unknown_are_found_again_from_their_share(k, others, open_):
    """For every way of counting: the bounds are those of the counts themselves."""
    n = k + others + open_
    if not n:
        return
    by_time = evolve(STILL_OPEN, value=0.5, k=k, n=n, censored=open_ / n)
    assert by_time.sensitivity().unknown == open_
    assert by_time.sensitivity().high == (k + open_) / n
    if k + others:
        plain = evolve(THEME, k=k, n=k + others, censored=open_ / n)
        assert plain.sensitivity().unknown == open_
        assert plain.sensitivity().low == k / n
