"""The five shipped programmes, each read from its TOML file on first use.

======================  ===========================================================
``WERTZU``              a training of peer facilitators (group, eight weeks)
``KOKEMUSOHJAUS``       individual guidance by somebody with lived experience
``YHTEISO``             communities in opioid substitution treatment
``YHTEISKEHITTAMINEN``  co-development of substance-use work
``VERNA``               women as peers in the field (group, encounters, team)
======================  ===========================================================

They are plug-ins like a stranger's: the entry points of the group ``osallisuus.programs`` name
the files of the same names in :mod:`osallisuus.programs.files`, which are read when it is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from osallisuus.model.program import Program

KOKEMUSOHJAUS: Program
VERNA: Program
WERTZU: Program
YHTEISKEHITTAMINEN: Program
YHTEISO: Program

__all__ = ["KOKEMUSOHJAUS", "VERNA", "WERTZU", "YHTEISKEHITTAMINEN", "YHTEISO"]


def __getattr__(name: str) -> Program:
    """The programme of that name, read when it is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from osallisuus.model.definition import read_program
    from osallisuus.programs import files

    path = getattr(files, name).path
    program = globals()[name] = read_program(path.read_bytes(), path.name)
    return program


def __dir__() -> list[str]:
    return sorted(__all__)
