"""The store that a command names."""

from __future__ import annotations

from pathlib import Path

from osallisuus.errors import ImportProblem, Problem, StoreError
from osallisuus.register import Register, file_of, open_register
from osallisuus.whole import refuse_store

__all__ = ["existing", "refuse_own"]


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


def refuse_own(store: str | None, *places: str | None) -> None:
    """:class:`StoreError` where one of the *places* to write is the *store*, or in it."""
    if store is None:
        return
    own = file_of(store) or Path(store.partition(":")[2])
    for place in places:
        if place is not None:
            refuse_store(Path(place), str(own))
