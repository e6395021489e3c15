"""Placing people: the small search and the solver of the extra against trying everything."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osallisuus.errors import LimitError
from osallisuus.rules.placing import Placing, search
from osallisuus.solvers import highs

SOLVERS = pytest.mark.parametrize("solve", [search, highs.solve], ids=["search", "highs"])


def placing(people=4, groups=2, **given):
    """People who can be in any group of any size, but for what is *given*."""
    plain = {
        "allowed": (tuple(range(groups)),) * people,
        "leads": (False,) * people,
        "least": (0,) * groups,
        "most": (people,) * groups,
    }
    return Placing(**(plain | given))


def kept(problem, places):
    """The hard rules once more, written down in another way than in the library."""
    for person, place in enumerate(places):
        if place is None and not problem.leads[person]:
            return False
        if place is not None and place not in problem.allowed[person]:
            return False
    for group, (low, high) in enumerate(zip(problem.least, problem.most, strict=True)):
        inside = {person for person, place in enumerate(places) if place == group}
        led = {person for person in inside if problem.leads[person]}
        if not low <= len(inside - led) <= high or (problem.led and not led):
            return False
        if any({one, other} <= inside for one, other, where in problem.apart if where == group):
            return False
    return True


def worth(problem, places):
    """Wishes met, and the unevenness with its sign turned."""
    together = [places[a] == places[b] and places[a] is not None for a, b in problem.together]
    uneven = 0
    for kind in problem.spread:
        counts = [[places[one] for one in kind].count(g) for g in range(len(problem.least))]
        uneven -= max(counts) - min(counts)
    return sum(together), uneven


def best_of_all(problem):
    """The worth of the best placing of all there are, or ``None``."""
    choices = [
        (*allowed, None) if leads else allowed
        for allowed, leads in zip(problem.allowed, problem.leads, strict=True)
    ]
    return max(
        (worth(problem, one) for one in product(*choices) if kept(problem, one)), default=None
    )


@st.composite
def problems(draw):
    """Up to six people and three groups, with some of every rule."""
    people, groups = draw(st.integers(0, 6)), draw(st.integers(1, 3))
    number, place = st.integers(0, max(people - 1, 0)), st.integers(0, groups - 1)
    pairs = st.lists(
        st.tuples(number, number).filter(lambda pair: pair[0] < pair[1]), max_size=4, unique=True
    ) if people > 1 else st.just([])  # fmt: skip
    sizes = [sorted(draw(st.tuples(st.integers(0, 4), st.integers(0, 5)))) for _ in range(groups)]
    leads = tuple(draw(st.lists(st.sampled_from([False, False, True]), min_size=people,
                                max_size=people)))  # fmt: skip
    kinds = [
        tuple(sorted(one for one in draw(st.sets(number, min_size=1)) if not leads[one]))
        for _ in range(draw(st.integers(0, 2)) if people else 0)
    ]
    return Placing(
        allowed=tuple(
            tuple(sorted(draw(st.sets(place, min_size=draw(st.integers(0, 1))))))
            if draw(st.booleans())
            else tuple(range(groups))
            for _ in range(people)
        ),
        leads=leads,
        least=tuple(low for low, _ in sizes),
        most=tuple(high for _, high in sizes),
        apart=tuple((*pair, draw(place)) for pair in draw(pairs)),
        together=tuple(draw(pairs)),
        spread=tuple(kind for kind in kinds if kind),
        led=draw(st.booleans()),
    )


@SOLVERS
@settings(max_examples=150)
@given(problem=problems())
def test_it_finds_what_trying_everything_finds(solve, problem):
    """Whether it is possible, and then as many wishes met as can be and as even as can be."""
    expected = best_of_all(problem)

    found = solve(problem)

    assert found.proved
    assert (found.places is not None) == (expected is not None)
    if found.places is not None:
        assert kept(problem, found.places)
        assert worth(problem, found.places) == expected
        assert problem.keeps(found.places)
        assert problem.worth(found.places) == expected
        assert solve(problem) == found


@given(problem=problems(), data=st.data())
def test_a_problem_knows_which_placings_keep_its_rules(problem, data):
    """What a placing is checked with agrees with the rules written down another way."""
    place = st.none() | st.integers(0, len(problem.least) - 1)
    count = len(problem.allowed)
    places = data.draw(st.lists(place, min_size=count, max_size=count))

    assert problem.keeps(places) == kept(problem, places)
    assert problem.worth(places) == worth(problem, places)


EXAMPLES = {
    # problem, places
    "a pair apart": (
        placing(2, apart=((0, 1, 0), (0, 1, 1)), allowed=((0,), (0, 1))), (0, 1)),
    "a pair apart in one group only": (
        placing(2, apart=((0, 1, 0),), together=((0, 1),)), (1, 1)),
    "three apart in two groups": (
        placing(3, apart=tuple((a, b, g) for a, b in ((0, 1), (0, 2), (1, 2)) for g in (0, 1))),
        None),
    "more people than places": (placing(3, most=(1, 1)), None),
    "fewer people than a group needs": (placing(3, least=(2, 2)), None),
    "nobody leads": (placing(2, led=True), None),
    "one leads each, and takes no place": (
        placing(4, leads=(False, False, True, True), most=(1, 1), led=True,
                together=((0, 2), (1, 3)), allowed=((0,), (1,), (0, 1), (0, 1))), (0, 1, 0, 1)),
    "somebody who can be nowhere": (placing(2, allowed=((0,), ())), None),
    "a leader too many stays without a group": (
        placing(2, groups=1, leads=(True, True), apart=((0, 1, 0),), led=True), "one"),
    "groups of one size that not the same people can be in": (
        placing(3, groups=3, allowed=((0, 1), (0, 2), (0, 2)), most=(1, 1, 1)), "first in 1"),
    "nobody at all": (placing(0), ()),
}  # fmt: skip


@SOLVERS
@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_by_hand(solve, name):
    problem, places = EXAMPLES[name]

    found = solve(problem).places

    if places == "one":
        assert sorted(found, key=str) == [0, None]
    elif places == "first in 1":
        assert found[0] == 1
    else:
        assert found == places


@SOLVERS
def test_kinds_are_spread_evenly(solve):
    """Four of one kind and two of the other in two groups: two and one in each."""
    found = solve(placing(6, least=(3, 3), spread=((0, 1, 2, 3), (4, 5)))).places

    assert [found[:4].count(group) for group in (0, 1)] == [2, 2]
    assert [found[4:].count(group) for group in (0, 1)] == [1, 1]


@SOLVERS
def test_one_wish_counts_more_than_all_evenness(solve):
    """Two of one kind who wish to be together are, although they would spread."""
    found = solve(placing(2, together=((0, 1),), spread=((0, 1),))).places

    assert found[0] == found[1]


def test_a_problem_too_large_for_the_search_is_refused_with_the_command_that_helps():
    """It gives up after a number of steps and not of seconds, so that it does so everywhere."""
    everybody_apart = tuple((a, b, g) for a in range(14) for b in range(a) for g in range(13))
    # each group has another size, so that none can be left out for being like another
    hard = placing(14, groups=13, apart=everybody_apart, most=tuple(range(14, 27)))

    with pytest.raises(LimitError, match=r"pip install 'osallisuus\[groups\]'"):
        search(hard)
    with pytest.raises(LimitError, match="too many ways"):
        search(placing(301))


def test_what_is_best_when_the_steps_are_used_up_is_not_proved():
    """Thirty wishes that cannot all be met: a placing is found soon, its being the best is not."""
    ring = tuple(tuple(sorted((one, (one + step) % 30))) for one in range(30) for step in (1, 7))
    problem = placing(30, groups=3, most=(10, 11, 12), together=ring)

    found = search(problem)

    assert not found.proved
    assert kept(problem, found.places)
    assert problem.worth(found.places)[0] > 0
    assert search(problem) == found


def test_a_search_that_takes_many_steps_in_vain_ends():
    """Ten people of whom each two are apart do not fit into nine groups, in any of many ways."""
    apart = tuple((a, b, g) for a in range(10) for b in range(a) for g in range(9))

    assert search(placing(10, groups=9, apart=apart)).places is None
