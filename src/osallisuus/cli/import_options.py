"""The options of ``import``."""

from __future__ import annotations

import argparse

__all__ = ["add_import_options"]


def add_import_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``import`` to *parser*."""
    parser.add_argument(
        "source", metavar="SOURCE", help="a folder of CSV files, or a list: .xlsx, .ods or .csv"
    )
    parser.add_argument("--into", metavar="STORE", help="needed to store anything")
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be done, store nothing"
    )
    parser.add_argument("--max-rows", type=int, metavar="N", help="take more rows than by default")
    parser.add_argument("--actor", default="command line", help="goes into the store's journal")
    parser.add_argument("--json", action="store_true", help="what was done, as JSON")
    lists = parser.add_argument_group("for a list")
    lists.add_argument(
        "--mapping",
        metavar="FILE",
        help="TOML: what its columns become; without it one is proposed",
    )
    lists.add_argument(
        "--program",
        metavar="PROGRAM",
        help="the programme, by name or TOML file, that all of the list belongs to",
    )
    lists.add_argument(
        "--key", metavar="FILE",
        help="the key of pseudonyms, made by the first import; keep it, apart from the store",
    )  # fmt: skip
    lists.add_argument(
        "--plan", action="store_true", help="show what each column becomes, store nothing"
    )
    lists.add_argument("--out", metavar="FILE", help="write the proposed mapping here")
