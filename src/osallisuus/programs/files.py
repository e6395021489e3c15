"""The five shipped programmes as the entry points name them: files, none of them read yet."""

from __future__ import annotations

from pathlib import Path

from osallisuus.model.heading import ProgramFile

__all__ = ["KOKEMUSOHJAUS", "VERNA", "WERTZU", "YHTEISKEHITTAMINEN", "YHTEISO"]

_HERE = Path(__file__).parent

KOKEMUSOHJAUS = ProgramFile(_HERE / "kokemusohjaus.toml")
VERNA = ProgramFile(_HERE / "verna.toml")
WERTZU = ProgramFile(_HERE / "wertzu.toml")
YHTEISKEHITTAMINEN = ProgramFile(_HERE / "yhteiskehittaminen.toml")
YHTEISO = ProgramFile(_HERE / "yhteiso.toml")
