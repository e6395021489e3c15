"""The options of the commands for those who work with people and may see who they are."""

from __future__ import annotations

import argparse

from osallisuus.cli.arguments import PROGRAM, as_json, day, locale

__all__ = ["add_compose_options", "add_copy_options", "add_remind_options"]


def add_remind_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``remind`` to *parser*."""
    parser.add_argument("store", metavar="STORE")
    parser.add_argument("--program", required=True, metavar="NAME", help=PROGRAM)
    parser.add_argument("--on", required=True, type=day, metavar="DATE", help="today, say")
    parser.add_argument(
        "--days", type=int, default=7, metavar="N",
        help="without contact in the last N days before the start; default: 7",
    )  # fmt: skip
    locale(parser)
    as_json(parser)


def add_compose_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``compose`` to *parser*."""
    parser.add_argument("store", metavar="STORE")
    parser.add_argument("--program", required=True, metavar="NAME", help=PROGRAM)
    parser.add_argument("--rules", required=True, metavar="FILE", help="TOML: groups and wishes")
    parser.add_argument("--on", required=True, type=day, metavar="DATE", help="today, say")
    parser.add_argument(
        "--solver", default="search", choices=("search", "highs"),
        help="highs for larger groups; needs the extra groups",
    )  # fmt: skip
    locale(parser)
    as_json(parser)


def add_copy_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``copy`` to *parser*."""
    parser.add_argument("store", metavar="STORE")
    parser.add_argument("person", metavar="PERSON", help="the id of the person")
    parser.add_argument(
        "--as", dest="format", metavar="NAME",
        help="a format of reports, such as html or pdf; default: Markdown",
    )  # fmt: skip
    parser.add_argument("--out", metavar="FILE", help="a file to make; default: print it")
    locale(parser)
