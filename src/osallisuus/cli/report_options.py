"""The options of the commands that measure, report and release."""

from __future__ import annotations

import argparse

from osallisuus.cli.arguments import PROGRAM, as_json, day, locale, period

__all__ = [
    "add_fund_options",
    "add_innokyla_options",
    "add_measure_options",
    "add_reissue_options",
    "add_releases_options",
    "add_report_options",
    "add_site_options",
]


def add_measure_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``measure`` to *parser*."""
    parser.add_argument("store", metavar="STORE")
    parser.add_argument("metric", metavar="METRIC")
    _settings(parser)
    parser.add_argument("--program", metavar="NAME", help=f"only facts of it: {PROGRAM}")
    parser.add_argument(
        "--internal", action="store_true", help="exact figures, for those who may see the facts"
    )
    parser.add_argument(
        "--policy", action="append", default=[], metavar="NAME=VALUE",
        help="another choice than the metric's own, such as excused=out",
    )  # fmt: skip
    _engine(parser)
    _review(parser)
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="figures as JSON")
    shape.add_argument("--explain", action="store_true", help="each figure in plain words")
    shape.add_argument("--facts", action="store_true", help="the facts behind each figure")
    shape.add_argument("--alternatives", action="store_true", help="under each policy in turn")
    locale(parser)


def add_report_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``report`` to *parser*."""
    parser.add_argument("store", metavar="STORE")
    parser.add_argument("--program", required=True, metavar="NAME", help=PROGRAM)
    parser.add_argument(
        "--report", default="evaluation", metavar="NAME",
        help="evaluation (default), board, community, rhythm, roles, funder_esf, funder_stea, or a"
        " .toml file",
    )  # fmt: skip
    _output(parser)
    _profile(parser)
    parser.add_argument("--freeze", metavar="FILE", help="keep it too, to be issued again as it is")
    parser.add_argument("--since", metavar="FILE", help="say what moved since this frozen report")
    _frame(parser)
    _engine(parser)
    _review(parser)
    _settings(parser)
    locale(parser)


def add_reissue_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``reissue`` to *parser*."""
    parser.add_argument("file", metavar="FILE")
    parser.add_argument(
        "--store", metavar="STORE", help="where it is known whether quotes may still be told"
    )
    _output(parser)
    _frame(parser)


def add_site_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``site`` to *parser*."""
    parser.add_argument("store", metavar="STORE")
    parser.add_argument(
        "--program", required=True, action="append", metavar="NAME",
        help=f"{PROGRAM}; may be repeated",
    )  # fmt: skip
    parser.add_argument("--report", default="evaluation", metavar="NAME", help="as for report")
    parser.add_argument("--out", required=True, metavar="FOLDER", help="a new folder")
    parser.add_argument("--overwrite", action="store_true", help="replace a site that is there")
    _profile(parser)
    _look(parser)
    _settings(parser)
    locale(parser)


def add_releases_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``releases`` to *parser*."""
    parser.add_argument("store", metavar="STORE")
    as_json(parser)


def add_fund_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``fund`` to *parser*."""
    parser.add_argument("store", metavar="STORE")
    parser.add_argument("--program", required=True, metavar="NAME", help=PROGRAM)
    parser.add_argument(
        "--rules", default="esf_plus", choices=("esf_plus", "esf_2014_2020"),
        help="default: esf_plus",
    )  # fmt: skip
    parser.add_argument("--period", required=True, type=period, metavar="FROM..TO")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument(
        "--internal", action="store_true", help="exact figures, for those who may see the facts"
    )
    shape.add_argument("--why", action="store_true", help="internal: why each person counts or not")
    as_json(parser)
    locale(parser)


def add_innokyla_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``innokyla`` to *parser*."""
    parser.add_argument("program", metavar="PROGRAM")
    parser.add_argument("--store", metavar="STORE", help="with what was observed of it as a whole")
    locale(parser)


def _profile(parser: argparse.ArgumentParser) -> None:
    profile = parser.add_mutually_exclusive_group()
    profile.add_argument(  # the first of the two sets the default
        "--profile", default="public", choices=("public", "internal"),
        help="internal is the same as --internal",
    )  # fmt: skip
    profile.add_argument(
        "--internal", dest="profile", action="store_const", const="internal",
        help="exact figures, small ones hidden all the same, for those who may see the facts",
    )  # fmt: skip


def _output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as", dest="format", metavar="NAME", help="default: by the file's ending")
    parser.add_argument("--out", metavar="FILE", help="default: print it")
    parser.add_argument("--overwrite", action="store_true", help="replace a file that is there")


def _engine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--engine", metavar="NAME",
        help="what counts: sqlite, postgresql, duckdb, spark or a plug-in's; default: the store's own",
    )  # fmt: skip


def _frame(parser: argparse.ArgumentParser) -> None:
    _look(parser)
    parser.add_argument(
        "--template", metavar="FILE", help="a page's own frame (Jinja2); needs the extra html"
    )


def _look(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--look", metavar="FILE", help="TOML: organization, logo, accent and footer of a page"
    )


def _review(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--review", action="store_true",
        help="release nothing: say what would stay hidden, and how well",
    )  # fmt: skip


def _settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--by", action="append", default=[], metavar="STRATUM",
        help="such as group.place; may be repeated",
    )  # fmt: skip
    parser.add_argument("--periods", default="", help="yearly, quarterly, monthly or FROM..TO")
    parser.add_argument(
        "--as-of", type=day, metavar="DATE", help="count only what happened before this day"
    )
    parser.add_argument("--confidence", type=float, default=0.95, help="default: 0.95")
