"""The store that a command names."""

from __future__ import annotations

from osallisuus.errors import ImportProblem, Problem, StoreError
from osallisuus.register import Register, open_register

__all__ = ["existing"]


def existing(
    place: str, purpose: str, actor: str = "command line", *, engine: str | None = None
) -> Register:
    """The register of a store that is there; what is wrong with a folder, under its name."""
    try:
        return open_register(place, actor=actor, purpose=purpose, engine=engine, create=False)
    except ImportProblem as error:
        problems = error.problems
    if len(problems) == 1 and problems[0].where == place:
        raise StoreError(problems)
    count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
    what = f"the folder cannot be used as a store: it has {count}"
    raise StoreError([Problem(what, place, "correct what follows"), *problems])
