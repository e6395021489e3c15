"""Events per exposure, their dispersion, and coverage of a population."""

from __future__ import annotations

from math import exp, hypot

import pytest

from osallisuus.errors import DefinitionError, EngineError
from osallisuus.metrics.estimate.coverage import coverage
from osallisuus.metrics.estimate.proportion import wilson
from osallisuus.metrics.estimate.rate import event_rate, garwood, overdispersion
from osallisuus.metrics.estimate.ratio import Moments, ratio

Z = 1.959963984540054


def test_dispersion_by_hand() -> None:
    """Rate 15/30: expected 5 and 10; (9 - 5)²/5 + (6 - 10)²/10 over one degree of freedom."""
    assert overdispersion([(9, 10), (6, 20)]) == pytest.approx(16 / 5 + 16 / 10)
    assert overdispersion([(5, 10), (10, 20), (0, 0)]) == 0


def test_dispersion_of_one_unit_or_no_event_is_undefined() -> None:
    """Rule z."""
    assert overdispersion([(5, 10), (0, 0)]) is None
    assert overdispersion([(0, 10), (0, 20)]) is None
    assert overdispersion([]) is None


def test_units_that_differ_by_chance_have_the_exact_interval_of_their_sum() -> None:
    """Four peers with about the same pace."""
    found = event_rate([(4, 10), (5, 10), (3, 10), (6, 10), (0, 0)])
    assert found is not None
    assert (found.low, found.high) == garwood(18, 40)
    assert (found.value, found.method, found.notes) == (0.45, "Poisson exact", ())


def test_units_that_differ_more_than_chance_are_the_clusters() -> None:
    """One peer met forty people in one place: φ is far above 1.5."""
    units = [(4, 10), (5, 10), (3, 12), (40, 10)]
    found = event_rate(units)
    moments = sum((Moments.single(x, y) for y, x in units), Moments())
    clustered = ratio(moments, share=False, positive=True)
    assert found is not None
    assert clustered is not None
    assert (found.low, found.high) == (clustered.low, clustered.high)
    assert found.notes == ("few_clusters", "overdispersed")
    plain = garwood(52, 42)
    assert plain is not None
    assert found.high > plain.high


def test_dispersion_of_exactly_one_and_a_half_is_still_chance() -> None:
    """(3 - 6)²/6 · 2 = 3 over two degrees of freedom, the third unit as expected."""
    units = [(3, 6), (9, 6), (6, 6)]
    assert overdispersion(units) == pytest.approx(1.5)
    found = event_rate(units)
    assert found is not None
    assert found.method == "Poisson exact"
    twice = [(4, 8), (12, 8), (8, 8)]
    assert overdispersion(twice) == pytest.approx(2)
    beyond = event_rate(twice)
    assert beyond is not None
    assert beyond.notes == ("few_clusters", "overdispersed")


def test_no_event_has_an_upper_bound_and_no_exposure_nothing() -> None:
    """Zero encounters in ten months is not a rate of 0 for certain."""
    none = event_rate([(0, 4), (0, 6)])
    assert none is not None
    assert (none.value, none.low, none.high) == (0, 0, pytest.approx(0.3688879454114))
    assert event_rate([(0, 0)]) is None
    assert event_rate([]) is None


@pytest.mark.parametrize("unit", [(-1, 3), (1, -3)])
def test_negative_events_or_exposure_are_refused(unit: tuple[int, int]) -> None:
    """Spells that end before they begin would make them."""
    with pytest.raises(EngineError, match="0 or more"):
        overdispersion([unit])


def test_events_without_exposure_are_refused() -> None:
    """A peer who met people in a month without a role: the spells are wrong."""
    with pytest.raises(EngineError, match="no exposure"):
        event_rate([(1, 0)])


def test_coverage_of_an_estimated_population_is_on_the_log_scale() -> None:
    """Metric R2: 120 of about 800 ± 100."""
    found = coverage(120, 800, 100)
    assert found is not None
    spread = hypot(1 / 120**0.5, 100 / 800)
    assert found.value == 0.15
    assert found.std_err == pytest.approx(0.15 * spread)
    assert found.low == pytest.approx(0.15 / exp(Z * spread))
    assert found.high == pytest.approx(0.15 * exp(Z * spread))


def test_coverage_of_a_counted_population_is_a_share() -> None:
    """A frame has no error: Wilson."""
    found = coverage(12, 80)
    assert found is not None
    assert (found.value, found.low, found.high) == (0.15, *wilson(12, 80))
    assert found.method == "Wilson"


def test_more_reached_than_there_are_is_shown_and_marked() -> None:
    """No clamp to 1: the population was too small, or people came from elsewhere."""
    for found in (coverage(90, 80, 10), coverage(90, 80)):
        assert found is not None
        assert found.value == 1.125
        assert found.high > 1
        assert found.notes == ("outside_population",)
    full = coverage(80, 80, 10)
    assert full is not None
    assert full.notes == ()


def test_nobody_reached_still_has_an_upper_bound() -> None:
    """3.689 expected at most, of a population that may be smaller than thought."""
    found = coverage(0, 800, 100)
    assert found is not None
    assert (found.value, found.low) == (0, 0)
    assert found.high == pytest.approx(3.688879454114 / 800 * exp(Z * 0.125))


def test_a_population_that_is_no_whole_number_has_no_frame() -> None:
    """A published 812.5 is an estimate even without its error."""
    found = coverage(100, 812.5)
    assert found is not None
    assert found.method == "log normal"


def test_no_population_is_undefined_and_a_negative_one_refused() -> None:
    """Rule z."""
    assert coverage(0, 0, 10) is None
    for arguments in ((-1, 8, 1), (1, -8, 1), (1, 8, -1)):
        with pytest.raises(DefinitionError, match="0 or more"):
            coverage(*arguments)
