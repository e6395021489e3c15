"""The draws have the distributions that they say, and ids never repeat."""

from itertools import pairwise
from math import sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.model.columns import TYPES
from osallisuus.simulate.chance import Chance

DRAWS = 20_000


def _chance(seed=1, stamp="test"):
    return Chance(Random(seed), stamp)


def _near(found, expected, spread):
    """Within five standard errors of the mean of so many draws."""
    return abs(found - expected) < 5 * spread / sqrt(DRAWS)


def test_an_id_never_comes_twice_and_is_an_id():
    """100,000 ids are all different, well formed, and not in the order in which they were made."""
    chance = _chance()
    ids = [chance.id("p") for _ in range(100_000)]
    assert len(set(ids)) == len(ids)
    assert all(TYPES["id"].check(one) for one in ids[:100])
    assert ids != sorted(ids)
    # neighbours share no more of their digits than chance would have it
    same = sum(a == b for one, two in pairwise(ids[:2001])
               for a, b in zip(one[2:], two[2:], strict=True))  # fmt: skip
    assert 0.05 < same / (2000 * 15) < 0.08


def test_ids_are_a_counter_mixed_by_steps_that_can_be_undone():
    """Undone, neighbours are neighbours again; so no two counts can ever give one id."""
    size = 1 << 60
    back = pow(0x7FB5D329728EA185, -1, size)

    def count_of(an_id):
        mixed = int(an_id.removeprefix("p-"), 16)
        mixed ^= mixed >> 29 ^ mixed >> 58
        for _ in range(2):
            mixed = mixed * back % size
            mixed ^= mixed >> 31
        return mixed

    chance = _chance()
    counts = [count_of(chance.id("p")) for _ in range(1000)]
    assert all((other - one) % size == 1 for one, other in pairwise(counts))


def test_two_programmes_with_one_seed_share_no_id():
    """The stamp keeps them apart, so that both fit in one store."""
    one, other = _chance(stamp="one"), _chance(stamp="other")
    assert not {one.id("p") for _ in range(5000)} & {other.id("p") for _ in range(5000)}


@pytest.mark.parametrize("share", [0.0, 0.05, 0.6, 1.0])
def test_a_share_happens_as_often_as_it_says(share):
    """0 never, 1 always, and 0.6 in about 60 of 100 draws."""
    chance = _chance()
    found = sum(chance.happens(share) for _ in range(DRAWS)) / DRAWS
    assert found == share if share in (0, 1) else _near(found, share, sqrt(share * (1 - share)))


@pytest.mark.parametrize(("mean", "spread"), [(0.75, 0.2), (0.9, 0.5), (0.05, 0.3), (1.0, 0.4)])
def test_own_shares_differ_and_keep_their_mean(mean, spread):
    """Also where the spread would lead below 0 or above 1."""
    chance = _chance()
    drawn = [chance.around(mean, spread) for _ in range(DRAWS)]
    assert all(max(0, mean - spread) <= one <= min(1, mean + spread) + 1e-12 for one in drawn)
    assert _near(sum(drawn) / DRAWS, mean, 0.3)
    assert len(set(drawn)) > 1 or mean == 1


@pytest.mark.parametrize("completes", [0.0, 0.2, 0.6, 0.95, 1.0])
def test_leaving_has_one_hazard_and_spares_exactly_the_share_that_completes(completes):
    """Of those still there at half the time the square root of the share are left (constant hazard)."""
    chance = _chance()
    drawn = [chance.leaving(completes) for _ in range(DRAWS)]
    assert all(one is None or 0 <= one <= 1 for one in drawn)
    stayed = sum(one is None for one in drawn) / DRAWS
    assert _near(stayed, completes, 0.5) if 0 < completes < 1 else stayed == completes
    half = sum(one is None or one > 0.5 for one in drawn) / DRAWS
    assert _near(half, sqrt(completes) if completes else 0.5, 0.5)


def test_waits_and_counts_have_their_means():
    """Exponential waits in whole days lose half a day on average; counts are Poisson."""
    chance = _chance()
    assert _near(sum(chance.wait(400) for _ in range(DRAWS)) / DRAWS, 399.5, 400)
    counts = [chance.count(2.5) for _ in range(DRAWS)]
    assert _near(sum(counts) / DRAWS, 2.5, sqrt(2.5))
    assert _near(counts.count(0) / DRAWS, 0.0821, 0.28)
    assert chance.count(0) == 0


def test_weights_are_kept():
    """A weight of 0 never comes up; the others in their proportion."""
    chance = _chance()
    drawn = [chance.pick((("a", 3), ("never", 0), ("b", 1))) for _ in range(DRAWS)]
    assert set(drawn) == {"a", "b"}
    assert _near(drawn.count("a") / DRAWS, 0.75, 0.44)


@given(st.integers(0, 2**32), st.integers(0, 12), st.integers(-1, 14))
def test_some_of_gives_so_many_in_their_order(seed, size, count):
    """As many as asked, or all there are; none twice."""
    found = _chance(seed).some_of(range(size), count)
    assert len(found) == max(0, min(size, count))
    assert found == sorted(set(found))


def test_whole_numbers_reach_both_ends():
    """The least and the most come up as often as any other."""
    chance = _chance()
    drawn = [chance.whole(3, 5) for _ in range(DRAWS)]
    assert set(drawn) == {3, 4, 5}
    assert all(_near(drawn.count(one) / DRAWS, 1 / 3, 0.48) for one in (3, 4, 5))
