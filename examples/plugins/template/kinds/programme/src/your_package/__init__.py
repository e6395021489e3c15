"""A programme, as its source states it: programme.toml."""

from pathlib import Path

from osallisuus.model.heading import ProgramFile

__all__ = ["PROGRAMME"]

PROGRAMME = ProgramFile(Path(__file__).with_name("programme.toml"))
