"""What the gate settles before anything is drawn or judged: shared days, and what only stays."""

from __future__ import annotations

import pytest

from osallisuus.disclosure import gate
from osallisuus.disclosure.gate import Released
from osallisuus.disclosure.profile import PUBLIC, Profile
from osallisuus.metrics.measure import Place
from osallisuus.metrics.metric import Draw, Tally, Thinning
from tests.disclosure.test_gate import World

EXACT = Profile(name="public", threshold=5)
OWN = Thinning({"": (1, 2, 3)}, merged={"died": "other"}, threshold=5, names=("left",))
SAME = Thinning({"": (2,)}, followed=False, threshold=5)


def test_curves_of_the_same_people_step_on_the_days_of_the_one_with_the_fewest() -> None:
    """Endings of 30 and 30 people: leaving has fewer days than being there; the order is nothing."""
    world = World()
    for number in range(60):
        world.episodes(1, "completed" if number % 2 else "left", days=10 + number)
    few, many = (gate._grids(world.ask(name), EXACT)[0] for name in ("leaving", "retention"))
    assert few is not None
    assert many is not None
    assert 0 < gate._steps(few) < gate._steps(many)
    for names in (("leaving", "retention"), ("retention", "leaving")):
        asked = world.ask(*names)
        assert asked[0].metric.cases == asked[1].metric.cases
        assert [one.days for one in gate._grids(asked, EXACT) if one] == [few.days] * 2


@pytest.mark.parametrize(
    ("own", "same", "expected"),
    [
        (None, None, None),
        (None, SAME, None),  # what has no curve is not thinned
        (OWN, None, OWN),
        (OWN, OWN, OWN),
        (OWN, SAME, Thinning({"": (2,)}, {"died": "other"}, False, 5, ("left",))),
    ],
)
def test_a_thinning_has_the_days_of_all_and_the_rest_of_its_own(
    own: Thinning | None, same: Thinning | None, expected: Thinning | None
) -> None:
    """And it rounds where the profile does, also what has no curve."""
    assert gate._as_all(own, same, EXACT) == expected
    rounding = gate._as_all(own, same, PUBLIC)
    assert rounding is not None
    assert (rounding.base, rounding.days) == (5, {} if expected is None else expected.days)
    assert rounding.threshold == (PUBLIC.threshold if own is None else 5)


def test_counts_of_a_figure_that_stays_are_left_out_unless_another_shows_them() -> None:
    """Those still open are behind a figure, too; so is what a figure of another place shows."""
    here, there = Place(("Oulu",)), Place(("Turku",))
    a, b, c = (Tally((name,), 20) for name in "abc")
    units = {
        (0, here, ""): [Draw(name="x", measure="count", tallies=(a, b), open=c)],
        (0, here, "other"): [Draw(name="y", measure="count", tallies=(b,))],
        (0, there, ""): [Draw(name="x", measure="count", tallies=(a,))],
        (1, here, ""): [Draw(name="x", measure="count", tallies=(a,))],
    }
    stay = frozenset({(0, here, ""), (1, here, "")})
    assert gate._only_of(stay, units) == [(0, here, ("a",)), (0, here, ("c",)), (1, here, ("a",))]
    assert gate._only_of(frozenset(), units) == []


def test_what_is_released_was_audited_and_is_in_no_ledger_yet() -> None:
    """Unless it is said otherwise, which only the gate and the register do."""
    nothing = Released(results=(), hidden=0, profile=EXACT)
    assert (nothing.audited, nothing.number, nothing.asked) == (True, None, ())
    assert nothing.certificate.bounds == {}
    assert "certificate" not in repr(nothing)  # what it holds is not for a log
    assert "asked" not in repr(nothing)
    released = World().release("people_and_episodes")
    assert released.audited
    assert released.number is None
