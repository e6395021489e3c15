"""The exact disclosure audit against HiGHS, and how many counts are hidden against the fewest.

Speed: both work out between which values each hidden count of the same protected tables can lie, k
= 5. Ours is exact, and proves the values besides; theirs is HiGHS called the obvious way, with one
minimum and one maximum for each hidden count, in floating point (``linprog``) or in whole numbers
(``milp``).

Utility, ``python benchmarks/audit.py``: the number of counts hidden on random tables, against a
lower bound for any safe pattern, from an integer programme that HiGHS solves.
"""

from __future__ import annotations

import pickle
import sys
import time
from collections.abc import Callable
from math import ceil
from pathlib import Path
from random import Random
from typing import Any

from harness import Comparison

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.disclosure.tables import skewed_cells, table

K = 5
SHAPES = {"3x6": ((3, 6), 200, 20), "4x4x2": ((4, 4, 2), 300, 5)}
COMPARISONS = [
    Comparison(
        name="audit",
        task=f"audit of {number} protected {shape} tables / {other}",
        ours=f"ours_{shape}",
        other=f"{other}_{shape}",
        goal=1.2,
        rounds=3,
    )
    for shape, (_, _, number) in SHAPES.items()
    for other in ("linprog", "milp")
]


def prepare(folder: Path) -> str | None:
    """Protected tables of each shape."""
    try:
        import scipy.optimize  # noqa: F401
    except ImportError:
        return "scipy is missing"
    from osallisuus.disclosure.protect import protect

    random = Random(7)
    for shape, (dims, persons, number) in SHAPES.items():
        tables = []
        for _ in range(number):
            cells = skewed_cells(random, dims, persons)
            hidden = protect(table(dims, cells), threshold=K, zeros="structural").hidden
            tables.append((cells, sorted(hidden, key=str)))
        (folder / f"{shape}.pickle").write_bytes(pickle.dumps((dims, tables)))
    return None


def _timed(folder: Path, shape: str, audited: Callable[[Any, Any, Any], None]) -> float:
    dims, tables = pickle.loads((folder / f"{shape}.pickle").read_bytes())
    ready = [(table(dims, cells), hidden, cells) for cells, hidden in tables]
    start = time.process_time()
    for one in ready:
        audited(*one)
    return time.process_time() - start


def _ours(counts: Any, hidden: Any, cells: Any) -> None:
    from osallisuus.disclosure.audit import audit
    from osallisuus.disclosure.counts import primary

    secrets = primary(counts, K, zeros="structural")
    assert audit(counts, hidden, threshold=K, zeros="structural", secrets=secrets).safe


def ours_3x6(folder: Path) -> float:
    from osallisuus.disclosure import audit  # noqa: F401

    return _timed(folder, "3x6", _ours)


def ours_4x4x2(folder: Path) -> float:
    from osallisuus.disclosure import audit  # noqa: F401

    return _timed(folder, "4x4x2", _ours)


def _system(counts: Any, hidden: Any) -> tuple[Any, Any, Any]:
    import numpy as np

    matrix = np.zeros((len(counts), 1 + max(atom for c in counts for atom in c.members)))
    for row, count in enumerate(counts):
        matrix[row, list(count.members)] = 1
    shown = np.array([count.key not in hidden for count in counts])
    return matrix, shown, np.array([count.value for count in counts])


def _linprog(counts: Any, hidden: Any, cells: Any) -> None:
    from scipy.optimize import linprog

    matrix, shown, values = _system(counts, hidden)
    for goal in matrix[~shown]:
        for sign in (1, -1):
            found = linprog(sign * goal, A_eq=matrix[shown], b_eq=values[shown])
            assert found.status in (0, 3)


def linprog_3x6(folder: Path) -> float:
    import scipy.optimize  # noqa: F401

    return _timed(folder, "3x6", _linprog)


def linprog_4x4x2(folder: Path) -> float:
    import scipy.optimize  # noqa: F401

    return _timed(folder, "4x4x2", _linprog)


def _milp(counts: Any, hidden: Any, cells: Any) -> None:
    import numpy as np
    from scipy.optimize import LinearConstraint, milp

    matrix, shown, values = _system(counts, hidden)
    rules = LinearConstraint(matrix[shown], values[shown], values[shown])
    whole = np.ones(matrix.shape[1])
    for goal in matrix[~shown]:
        for sign in (1, -1):
            assert milp(sign * goal, constraints=rules, integrality=whole).status in (0, 3, 4)


def milp_3x6(folder: Path) -> float:
    import scipy.optimize  # noqa: F401

    return _timed(folder, "3x6", _milp)


def milp_4x4x2(folder: Path) -> float:
    import scipy.optimize  # noqa: F401

    return _timed(folder, "4x4x2", _milp)


def fewest(counts: Any, k: int, seconds: float = 30) -> int:
    """No safe pattern hides fewer counts than this, with structural zeros.

    An integer programme: for each secret there are two tables, in fractions, that differ only in
    hidden counts and give it values k - 1 apart. Tables of fractions make it easier than the truth,
    and a search cut short gives what is proved by then, so the answer is a lower bound.
    """
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import lil_matrix

    from osallisuus.disclosure.counts import primary

    secrets = primary(counts, k, zeros="structural")
    matrix, _, values = _system(counts, secrets)
    number, atoms = matrix.shape
    places = [row for row, count in enumerate(counts) if count.key in secrets]
    width = number + 2 * atoms * len(places)
    # nothing moves by more than this in a smallest change that moves a secret by k - 1
    reach = np.where(values > 0, 2 * k, 0)
    rules = []
    for at, place in enumerate(places):
        first, second = (number + (2 * at + side) * atoms for side in (0, 1))
        for start in (first, second):
            for sign, low, high in ((-1, -np.inf, values), (1, values, np.inf)):
                rule = lil_matrix((number, width))
                rule[:, start : start + atoms] = matrix
                rule[:, :number] = np.diag(sign * reach)
                rules.append(LinearConstraint(rule.tocsr(), low, high))
        apart = lil_matrix((1, width))
        apart[0, first : first + atoms] = matrix[place]
        apart[0, second : second + atoms] = -matrix[place]
        rules.append(LinearConstraint(apart.tocsr(), k - 1, np.inf))
    goal = np.concatenate([np.ones(number), np.zeros(width - number)])
    low, high = np.zeros(width), np.where(goal > 0, 1, np.inf)
    low[places] = 1
    found = milp(
        goal,
        constraints=rules,
        bounds=Bounds(low, high),
        integrality=goal,
        options={"time_limit": seconds},
    )
    return ceil(found.mip_dual_bound - 1e-6)


def utility() -> None:
    """Print how many counts are hidden, and how many at least must be."""
    from osallisuus.disclosure.protect import protect

    shapes = [((2, 5), 60, 15), ((3, 4), 100, 15), ((3, 6), 200, 12), ((5, 5), 250, 6)]
    ours = least = 0
    for dims, persons, number in [*shapes, ((6, 6), 400, 6)]:
        random = Random(11)
        hidden = bound = 0
        for _ in range(number):
            counts = table(dims, skewed_cells(random, dims, persons))
            hidden += len(protect(counts, threshold=K, zeros="structural").hidden)
            bound += fewest(counts, K)
        ours, least = ours + hidden, least + bound
        print(f"{dims}: {hidden} hidden, at least {bound} must be: {hidden / bound:.2f}")
    met = "met" if ours <= 1.5 * least else "MISSED"
    print(f"all: {ours} / {least} = {ours / least:.2f}; goal 1.5 {met}")


if __name__ == "__main__":
    utility()
