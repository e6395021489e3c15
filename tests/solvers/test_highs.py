"""The solver of the extra ``groups``: what it says where it cannot answer, and its limits."""

import random
import sys

import pytest

from osallisuus.errors import LimitError, PluginError
from osallisuus.rules.placing import Placing
from osallisuus.solvers import highs


def sixty_people(seed=1, wishes=10):
    """Sixty people for six groups of 8 to 12, with forty pairs apart."""
    chance = random.Random(seed)
    pairs = [(one, other) for other in range(60) for one in range(other)]
    drawn = chance.sample(pairs, 40 + wishes)
    return Placing(
        allowed=(tuple(range(6)),) * 60,
        leads=(False,) * 60,
        least=(8,) * 6,
        most=(12,) * 6,
        apart=tuple((*pair, group) for pair in drawn[:40] for group in range(6)),
        together=tuple(drawn[40:]),
    )


def test_sixty_people_are_placed_with_every_wish_met_and_no_judgement_broken():
    """It is the size of a whole year's intake, and the answer is the same each time."""
    problem = sixty_people()

    found = highs.solve(problem)

    assert found.proved
    assert problem.keeps(found.places)
    assert problem.worth(found.places) == (10, 0)
    assert highs.solve(problem) == found


def test_without_the_library_it_names_the_command_that_brings_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)

    with pytest.raises(PluginError, match=r"python -m pip install 'osallisuus\[groups\]'"):
        highs.solve(sixty_people())


def _with_nodes(monkeypatch, nodes):
    """What comes of forty wishes, of which not all can be met, with so few nodes."""
    problem = sixty_people(wishes=40)
    monkeypatch.setattr(highs, "MOST_NODES", nodes)
    try:
        found = highs.solve(problem)
    except LimitError:
        return "refused"
    assert problem.keeps(found.places)
    return "proved" if found.proved else "not proved"


def test_an_answer_that_is_not_proved_says_so(monkeypatch):
    """With next to no nodes there is no answer, or one that does not claim to be the best."""
    answers = {_with_nodes(monkeypatch, nodes) for nodes in (0, 1)}

    assert answers <= {"refused", "not proved"}
