"""The options of the commands that say what is installed."""

from __future__ import annotations

import argparse

from osallisuus.cli.arguments import as_json, locale

__all__ = [
    "add_completion_options",
    "add_metrics_options",
    "add_plugins_options",
    "add_programs_options",
]


def add_programs_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``programs`` to *parser*."""
    add_plugins_options(parser)
    parser.add_argument(
        "--toml", action="store_true",
        help="the definition of NAME as TOML, to begin one of your own with",
    )  # fmt: skip


def add_metrics_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``metrics`` to *parser*."""
    add_plugins_options(parser)
    locale(parser)


def add_plugins_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``plugins`` to *parser*."""
    parser.add_argument("name", nargs="?", metavar="NAME")
    as_json(parser)


def add_completion_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``completion`` to *parser*."""
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), metavar="SHELL")
