"""A programme of one file: a small recovery café."""

from pathlib import Path

from osallisuus.model.heading import ProgramFile

__all__ = ["RECOVERY_CAFE"]

RECOVERY_CAFE = ProgramFile(Path(__file__).with_name("recovery_cafe.toml"))
"""Nothing but its heading is read until the programme is asked for."""
