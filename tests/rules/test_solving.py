"""A solver of somebody else is asked, and not believed."""

import pytest

from osallisuus.errors import LimitError, PluginError
from osallisuus.rules.placing import Placing, Solution, search
from osallisuus.rules.solving import solved

TWO = Placing(allowed=((0, 1), (0, 1)), leads=(False, False), least=(1, 1), most=(1, 1))


def _fails(placing):
    raise ZeroDivisionError


BROKEN = {
    "raises": (_fails, "failed"),
    "takes nothing": (lambda: None, "failed"),
    "gives nothing": (lambda _: None, "gave no answer"),
    "gives places alone": (lambda _: (0, 1), "gave no answer"),
    "forgets somebody": (lambda _: Solution((0,)), "gave no answer"),
    "adds somebody": (lambda _: Solution((0, 1, 0)), "gave no answer"),
    "invents a group": (lambda _: Solution((0, 2)), "gave no answer"),
    "counts from the end": (lambda _: Solution((0, -1)), "gave no answer"),
    "gives numbers that are none": (lambda _: Solution((0.0, 1.0)), "gave no answer"),
    "gives no list": (lambda _: Solution(5), "failed"),
    "proves in words": (lambda _: Solution((0, 1), "yes"), "gave no answer"),
    "leaves somebody out": (lambda _: Solution((0, None)), "broke a hard rule"),
    "fills a group": (lambda _: Solution((0, 0)), "broke a hard rule"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_solver_is_named_as_such(name):
    solve, told = BROKEN[name]
    with pytest.raises(PluginError, match=f"the solver {told}"):
        solved(solve, TWO)


def test_a_sound_answer_is_passed_on():
    assert solved(search, TWO) == Solution((0, 1))
    assert solved(lambda _: Solution(None), TWO) == Solution(None)


def test_its_own_word_on_why_there_is_no_answer_is_passed_on():
    def solve(placing):
        raise LimitError("too many")

    with pytest.raises(LimitError, match="too many"):
        solved(solve, TWO)
