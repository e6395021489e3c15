"""The options of the commands that make, check, change and hand on facts."""

from __future__ import annotations

import argparse

from osallisuus.cli.arguments import as_json, day, locale

__all__ = [
    "add_check_options",
    "add_demo_options",
    "add_export_options",
    "add_migrate_options",
    "add_simulate_options",
    "add_sync_options",
    "add_template_options",
    "add_upgrade_options",
]


def add_demo_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``demo`` to *parser*."""
    parser.add_argument("--out", default="demo", metavar="FOLDER", help="default: demo")
    locale(parser)


def add_check_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``check`` to *parser*."""
    parser.add_argument("store", metavar="STORE")
    parser.add_argument(
        "--on", type=day, metavar="DATE",
        help="what is due on this day; default: the day after the last fact",
    )  # fmt: skip
    parser.add_argument(
        "--program", action="append", default=[], metavar="FILE",
        help="a TOML file: a programme besides the installed ones; repeatable",
    )  # fmt: skip
    as_json(parser)


def add_migrate_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``migrate-program`` to *parser*."""
    parser.add_argument("store", metavar="STORE")
    parser.add_argument(
        "--from", dest="old", required=True, metavar="NAME@VERSION",
        help="such as wertzu@1, or the TOML file of the old definition: old.toml",
    )  # fmt: skip
    parser.add_argument("--to", dest="new", required=True, metavar="FILE", help="a TOML file")
    parser.add_argument(
        "--on", type=day, metavar="DATE",
        help="first day of the new version; default: the day after the last fact",
    )  # fmt: skip
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be done, store nothing"
    )
    locale(parser)
    as_json(parser)


def add_upgrade_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``upgrade`` to *parser*."""
    parser.add_argument("store", metavar="STORE")
    parser.add_argument("--dry-run", action="store_true", help="try everything, keep nothing")
    locale(parser)
    as_json(parser)


def add_export_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``export`` to *parser*."""
    parser.add_argument("store", metavar="STORE")
    parser.add_argument(
        "--as", dest="format", default="folder", metavar="NAME",
        help="default: folder; `plugins` lists the fact_exporters",
    )  # fmt: skip
    parser.add_argument("--out", required=True, metavar="PLACE", help="a new file or folder")
    parser.add_argument("--overwrite", action="store_true", help="also where something is already")
    parser.add_argument(
        "--table", action="append", default=[], metavar="NAME",
        help="only this table; may be repeated; default: all",
    )  # fmt: skip
    parser.add_argument(
        "--purpose", metavar="TEXT", help="what it is for; goes into the journal and the manifest"
    )
    parser.add_argument(
        "--include-free-text", action="store_true", help="with what people wrote in their own words"
    )
    locale(parser)
    as_json(parser)


def add_sync_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``sync`` to *parser*."""
    parser.add_argument("store", metavar="STORE")
    parser.add_argument("sink", metavar="SINK", help="parquet:FOLDER or delta:FOLDER")
    parser.add_argument("--compact", action="store_true", help="put the copy into fewer files")
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be done, write nothing"
    )
    as_json(parser)


def add_template_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``template`` to *parser*."""
    parser.add_argument("program", metavar="PROGRAM")
    parser.add_argument("--out", required=True, metavar="FILE", help="a new .xlsx file")
    locale(parser)


def add_simulate_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``simulate`` to *parser*."""
    parser.add_argument("program", metavar="PROGRAM")
    parser.add_argument("--people", required=True, type=int, metavar="N", help="who are reached")
    parser.add_argument("--seed", required=True, type=int, metavar="S", help="the same, the same")
    parser.add_argument("--out", required=True, metavar="FOLDER", help="a new folder")
    parser.add_argument("--start", type=day, metavar="DATE", help="default: 2024-01-01")
    as_json(parser)
