"""60 people into 6 groups with 40 pairs apart, against the bare solver on the same problem.

Both use HiGHS by way of SciPy. The bare one begins with numbers, knows this one problem, and ends
with an array of 0 and 1; the library begins with people, groups and judgements by their ids, checks
the question and the answer, and ends with who is in which group. Importing is not counted.
"""

from __future__ import annotations

import random
import time
from datetime import date
from pathlib import Path

from harness import Comparison

COMPARISONS = [
    Comparison(
        name="grouping",
        task=f"60 people, 6 groups, 40 pairs apart, {wishes} wishes / the bare solver",
        ours=f"ours_{wishes}",
        other=f"bare_{wishes}",
        goal=2.0,
        rounds=7,
    )
    for wishes in (0, 10)
]
PEOPLE, GROUPS, APART, LEAST, MOST = 60, 6, 40, 8, 12
ON = date(2026, 3, 1)


def prepare(folder: Path) -> str | None:
    try:
        import scipy  # noqa: F401
    except ImportError:
        return "scipy is not installed"
    return None


def _pairs(wishes: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    pairs = [(one, other) for other in range(PEOPLE) for one in range(other)]
    drawn = random.Random(1).sample(pairs, APART + wishes)
    return sorted(drawn[:APART]), sorted(drawn[APART:])


def _ours(wishes: int) -> float:
    import scipy.optimize
    import scipy.sparse  # noqa: F401

    from osallisuus.model.facts import KeepApart
    from osallisuus.rules.grouping import form_groups
    from osallisuus.rules.open_groups import Candidate, OpenGroup, Wishes
    from osallisuus.solvers.highs import solve

    apart, together = _pairs(wishes)
    people = [Candidate(person=f"p{number:02}") for number in range(PEOPLE)]
    groups = [OpenGroup(group=f"g{number}", least=LEAST, most=MOST) for number in range(GROUPS)]
    judgements = [
        KeepApart(id=f"k{number}", one=f"p{one:02}", other=f"p{other:02}", until=date(2027, 1, 1))
        for number, (one, other) in enumerate(apart)
    ]
    wished = Wishes(together=tuple((f"p{one:02}", f"p{other:02}") for one, other in together))
    start = time.process_time()
    found = form_groups(people, groups, on=ON, judgements=judgements, wishes=wished, solve=solve)
    used = time.process_time() - start
    assert found.feasible
    assert len(found.met) == wishes
    return used


def _bare(wishes: int) -> float:
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    apart, together = _pairs(wishes)
    start = time.process_time()
    rows: list[list[tuple[int, int]]] = []
    low: list[int] = []
    high: list[int] = []

    def row(terms: list[tuple[int, int]], least: int, most: int) -> None:
        rows.append(terms)
        low.append(least)
        high.append(most)

    for one in range(PEOPLE):
        row([(one * GROUPS + group, 1) for group in range(GROUPS)], 1, 1)
    for group in range(GROUPS):
        row([(one * GROUPS + group, 1) for one in range(PEOPLE)], LEAST, MOST)
    for one, other in apart:
        for group in range(GROUPS):
            row([(one * GROUPS + group, 1), (other * GROUPS + group, 1)], 0, 1)
    size = PEOPLE * GROUPS
    for pair in together:
        for group in range(GROUPS):
            for one in pair:
                row([(one * GROUPS + group, 1), (size, -1)], 0, 1)
            size += 1
    worth = np.zeros(size)
    worth[PEOPLE * GROUPS :] = -1
    entries = [(factor, number, at) for number, terms in enumerate(rows) for at, factor in terms]
    factors, numbers, places = zip(*entries, strict=True)
    found = milp(
        worth,
        integrality=np.ones(size),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(
            csr_array((factors, (numbers, places)), shape=(len(rows), size)), low, high
        ),
        options={"mip_rel_gap": 0},
    )
    used = time.process_time() - start
    assert round(-found.fun) == wishes
    return used


def ours_0(folder: Path) -> float:
    return _ours(0)


def ours_10(folder: Path) -> float:
    return _ours(10)


def bare_0(folder: Path) -> float:
    return _bare(0)


def bare_10(folder: Path) -> float:
    return _bare(10)
