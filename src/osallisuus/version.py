"""The version of the library, as pyproject.toml states it."""

__all__ = ["VERSION"]

VERSION = "0.1.0"
