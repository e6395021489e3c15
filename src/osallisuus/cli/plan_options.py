"""The options of ``plan``: what a person adds to what the programme says."""

from __future__ import annotations

import argparse
from datetime import time

from osallisuus.cli.arguments import day, locale

__all__ = ["add_plan_options"]

_POLICIES = ("skip", "extend", "move")


def add_plan_options(parser: argparse.ArgumentParser) -> None:
    """Add them all to *parser*."""
    parser.add_argument("program", metavar="PROGRAM")
    parser.add_argument("--start", required=True, type=day, metavar="DATE")
    parser.add_argument("--meeting", metavar="CODE", help="a meeting instead of the sessions")
    _when(parser)
    _closed(parser)
    out = parser.add_argument_group("what comes out")
    out.add_argument("--as", dest="format", default="text", choices=("text", "json", "ics"))
    out.add_argument(
        "--json", dest="format", action="store_const", const="json", help="the same as --as json"
    )
    out.add_argument("--out", metavar="FILE", help="default: print it")
    out.add_argument("--overwrite", action="store_true", help="replace a file that is there")
    out.add_argument("--why", type=day, metavar="DATE", help="say why there is (no) session then")
    out.add_argument("--room", metavar="TEXT", help="stands in the calendar as it is")
    out.add_argument("--subject", metavar="TEXT", help="of the calendar; default: a neutral word")
    out.add_argument(
        "--themes",
        action="store_true",
        help="what each session is about is the subject of its event; default: kept out",
    )
    out.add_argument(
        "--series", default="", metavar="ID",
        help="begins the ids, so that a changed plan replaces the one before; never a name",
    )  # fmt: skip
    locale(parser)


def _when(parser: argparse.ArgumentParser) -> None:
    when = parser.add_argument_group("when")
    when.add_argument(
        "--weekday", action="append", default=[], metavar="DAY",
        help="tue; 2tue or lasttue of a month; 05-15 of a year; default: as the start; repeatable",
    )  # fmt: skip
    when.add_argument("--at", type=_clock, metavar="HH:MM", help="default: whole days")
    when.add_argument("--minutes", type=int, metavar="N", help="breaks included")
    when.add_argument("--break-minutes", type=int, metavar="N", help="all breaks together")
    when.add_argument("--zone", default="Europe/Helsinki", help="default: Europe/Helsinki")
    when.add_argument("--every", type=int, metavar="N", help="chosen of a range of weeks or so")
    ends = when.add_mutually_exclusive_group()
    ends.add_argument("--until", type=day, metavar="DATE", help="the first day after")
    ends.add_argument("--months", type=int, metavar="N", help="calendar months from the start")
    when.add_argument(
        "--gap", default="refuse", choices=("refuse", "forward"), help="a time the clocks skip"
    )
    when.add_argument(
        "--fold", default="refuse", choices=("refuse", "first", "second"),
        help="a time the clocks show twice",
    )  # fmt: skip


def _closed(parser: argparse.ArgumentParser) -> None:
    closed = parser.add_argument_group("closed days")
    closed.add_argument("--closures", metavar="FILE", help="CSV: starts_on,ends_on,reason,policy")
    closed.add_argument(
        "--closed", default="skip", choices=_POLICIES, help="where the file names no policy"
    )
    closed.add_argument(
        "--holidays", choices=_POLICIES, help="Finnish public holidays; default: not looked at"
    )
    closed.add_argument(
        "--beside", action="append", default=[], metavar="FILE",
        help="another series of it, made with --as json: no session is moved to its days, and what "
        "is at the same time is told; repeatable",
    )  # fmt: skip
    closed.add_argument(
        "--move-to", action="append", default=[], metavar="DAY",
        help="weekday for moved sessions; default: mon to fri; repeatable",
    )  # fmt: skip


def _clock(text: str) -> time:
    try:
        found = time.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or f"{found:%H:%M}" != text:
        raise argparse.ArgumentTypeError("write a time as 09:30")
    return found
