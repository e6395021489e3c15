"""The command line: thin. Data go to stdout, progress and problems to stderr.

Exit codes: 0 done; 1 one of our errors, nothing stored; 2 the command line itself is wrong.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from io import TextIOWrapper

from osallisuus.cli.plan_options import add_plan_options
from osallisuus.errors import DefinitionError, OsallisuusError
from osallisuus.time import Period
from osallisuus.version import VERSION

__all__ = ["build_parser", "main"]

_Command = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the return value is the exit code."""
    # a command lives for a moment and makes many lasting values: collect garbage seldom
    gc.set_threshold(100_000)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # the same bytes whatever the terminal is set to
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    arguments = build_parser().parse_args(argv)
    try:
        code = int(arguments.run(arguments))
        sys.stdout.flush()
        return code
    except OsallisuusError as error:
        for problem in error.problems:
            print(f"{error.code}: {problem}", file=sys.stderr)
    except BrokenPipeError:
        _drop_output()  # whoever read the output has read enough
    except OSError as error:
        if error.filename is None:
            _drop_output()
        place = f" @ {error.filename}" if error.filename else ""
        print(f"error: {(error.strerror or type(error).__name__).lower()}{place}", file=sys.stderr)
    except KeyboardInterrupt:
        print("stopped; nothing half done was stored", file=sys.stderr)
    return 1


def _drop_output() -> None:
    """Let what is still buffered for stdout go nowhere: Python would flush it once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def build_parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    parser = argparse.ArgumentParser(
        prog="osallisuus",
        description="Define, run and honestly measure peer-support programmes.",
        epilog="STORE is a .db file, a folder of CSV files, or a URL such as sqlite:///x.db.",
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _demo(commands)
    _import(commands)
    _check(commands)
    _measure(commands)
    _report(commands)
    _releases(commands)
    _remind(commands)
    _migrate(commands)
    _fund(commands)
    _copy(commands)
    _innokyla(commands)
    _compose(commands)
    _export(commands)
    _plan(commands)
    _simulate(commands)
    _catalogues(commands)
    return parser


def _version() -> str:
    return f"osallisuus {VERSION}"


def _lazy(module: str, function: str) -> _Command:
    """A command whose module is imported when it is run: starting must stay quick."""

    def run(arguments: argparse.Namespace) -> int:
        from importlib import import_module

        command: _Command = getattr(import_module(f"osallisuus.cli.{module}"), function)
        return command(arguments)

    return run


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, module: str, text: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=_lazy(module, name.replace("import", "import_")))
    return parser


def _demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add(commands, "demo", "demo", "the main job on the shipped examples")
    parser.add_argument("--out", default="demo", metavar="FOLDER", help="default: demo")
    _locale(parser)


def _import(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add(commands, "import", "facts", "a fact folder into a store; all of it or nothing")
    parser.add_argument("source", metavar="SOURCE", help="a folder of CSV files")
    parser.add_argument("--into", required=True, metavar="STORE")
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be done, store nothing"
    )
    parser.add_argument("--max-rows", type=int, metavar="N", help="take more rows than by default")
    parser.add_argument("--actor", default="command line", help="goes into the store's journal")


def _check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add(commands, "check", "facts", "findings: what in the facts deserves a look")
    parser.add_argument("store", metavar="STORE")
    parser.add_argument(
        "--on", type=_day, metavar="DATE",
        help="what is due on this day; default: the day after the last fact",
    )  # fmt: skip
    parser.add_argument(
        "--program", action="append", default=[], metavar="FILE",
        help="a TOML file: a programme besides the installed ones; repeatable",
    )  # fmt: skip


def _review(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--review", action="store_true",
        help="release nothing: say what would stay hidden, and how well",
    )  # fmt: skip


def _measure(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add(commands, "measure", "measure", "one metric")
    parser.add_argument("store", metavar="STORE")
    parser.add_argument("metric", metavar="METRIC")
    _settings(parser)
    parser.add_argument("--program", metavar="NAME", help="only facts of this programme")
    parser.add_argument(
        "--internal", action="store_true", help="exact figures, for those who may see the facts"
    )
    parser.add_argument(
        "--policy", action="append", default=[], metavar="NAME=VALUE",
        help="another choice than the metric's own, such as excused=out",
    )  # fmt: skip
    _review(parser)
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="figures as JSON")
    shape.add_argument("--explain", action="store_true", help="each figure in plain words")
    shape.add_argument("--facts", action="store_true", help="the facts behind each figure")
    shape.add_argument("--alternatives", action="store_true", help="under each policy in turn")
    _locale(parser)


def _report(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add(commands, "report", "report", "a report on one programme")
    parser.add_argument("store", metavar="STORE")
    parser.add_argument("--program", required=True, metavar="NAME")
    parser.add_argument(
        "--report", default="evaluation", metavar="NAME", help="default: evaluation"
    )
    parser.add_argument("--as", dest="format", metavar="NAME", help="default: by the file's ending")
    parser.add_argument("--out", metavar="FILE", help="default: print it")
    parser.add_argument("--overwrite", action="store_true", help="replace a file that is there")
    parser.add_argument("--profile", default="public", choices=("public", "internal"))
    _review(parser)
    _settings(parser)
    _locale(parser)


def _releases(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add(commands, "releases", "releases", "what was ever released, oldest first")
    parser.add_argument("store", metavar="STORE")


def _remind(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add(commands, "remind", "remind", "whom to call and encourage before a group starts")
    parser.add_argument("store", metavar="STORE")
    parser.add_argument("--program", required=True, metavar="NAME")
    parser.add_argument("--on", required=True, type=_day, metavar="DATE", help="today, say")
    parser.add_argument(
        "--days", type=int, default=7, metavar="N",
        help="without contact in the last N days before the start; default: 7",
    )  # fmt: skip
    _locale(parser)


def _compose(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add(commands, "compose", "compose", "a proposal for who could be in which group")
    parser.add_argument("store", metavar="STORE")
    parser.add_argument("--program", required=True, metavar="NAME")
    parser.add_argument("--rules", required=True, metavar="FILE", help="TOML: groups and wishes")
    parser.add_argument("--on", required=True, type=_day, metavar="DATE", help="today, say")
    parser.add_argument(
        "--solver", default="search", choices=("search", "highs"),
        help="highs for larger groups; needs the extra groups",
    )  # fmt: skip
    _locale(parser)


def _migrate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add(
        commands, "migrate-program", "migrate", "enrolments to a new version of their programme"
    )
    parser.set_defaults(run=_lazy("migrate", "migrate_program"))
    parser.add_argument("store", metavar="STORE")
    parser.add_argument(
        "--from", dest="old", required=True, metavar="NAME@VERSION", help="such as wertzu@1"
    )
    parser.add_argument("--to", dest="new", required=True, metavar="FILE", help="a TOML file")
    parser.add_argument(
        "--on", type=_day, metavar="DATE",
        help="first day of the new version; default: the day after the last fact",
    )  # fmt: skip
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be done, store nothing"
    )
    _locale(parser)


def _fund(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add(commands, "fund", "fund", "participants by gender, as a fund counts them")
    parser.add_argument("store", metavar="STORE")
    parser.add_argument("--program", required=True, metavar="NAME")
    parser.add_argument(
        "--rules", default="esf_plus", choices=("esf_plus", "esf_2014_2020"),
        help="default: esf_plus",
    )  # fmt: skip
    parser.add_argument("--period", required=True, type=_period, metavar="FROM..TO")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument(
        "--internal", action="store_true", help="exact figures, for those who may see the facts"
    )
    shape.add_argument("--why", action="store_true", help="internal: why each person counts or not")
    _locale(parser)


def _copy(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add(commands, "copy", "copy", "all that is recorded of a person, for themselves")
    parser.add_argument("store", metavar="STORE")
    parser.add_argument("person", metavar="PERSON", help="the id of the person")
    parser.add_argument("--out", metavar="FILE", help="a text file to make; default: print it")
    _locale(parser)


def _innokyla(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add(
        commands, "innokyla", "innokyla", "a programme described in the structure of Innokylä"
    )
    parser.add_argument("program", metavar="PROGRAM")
    parser.add_argument("--store", metavar="STORE", help="with what was observed of it as a whole")
    _locale(parser)


def _export(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add(commands, "export", "facts", "the facts themselves, for those who may see them")
    parser.add_argument("store", metavar="STORE")
    parser.add_argument("--as", dest="format", default="folder", choices=("folder",))
    parser.add_argument("--out", required=True, metavar="PLACE")
    parser.add_argument(
        "--include-free-text", action="store_true", help="with what people wrote in their own words"
    )


def _plan(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add(commands, "plan", "plan", "planned sessions: dates from a cadence and a start")
    parser.add_argument("program", metavar="PROGRAM")
    parser.add_argument("--start", required=True, type=_day, metavar="DATE")
    add_plan_options(parser)
    _locale(parser)


def _simulate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add(commands, "simulate", "simulate", "made-up facts of a programme, to try things")
    parser.add_argument("program", metavar="PROGRAM")
    parser.add_argument("--people", required=True, type=int, metavar="N", help="who are reached")
    parser.add_argument("--seed", required=True, type=int, metavar="S", help="the same, the same")
    parser.add_argument("--out", required=True, metavar="FOLDER", help="a new folder")
    parser.add_argument("--start", type=_day, metavar="DATE", help="default: 2024-01-01")


def _catalogues(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    for name, text in (
        ("programs", "the programmes that are installed, or one of them"),
        ("metrics", "the metrics that are installed, or one of them"),
        ("plugins", "the plug-ins that are installed, or one of them"),
    ):
        parser = _add(commands, name, "catalogues", text)
        parser.add_argument("name", nargs="?", metavar="NAME")
        if name == "metrics":
            _locale(parser)


def _settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", action="append", default=[], metavar="STRATUM",
                        help="such as group.place; may be repeated")  # fmt: skip
    parser.add_argument("--periods", default="", help="yearly, quarterly, monthly or FROM..TO")
    parser.add_argument("--as-of", type=_day, metavar="DATE",
                        help="count only what happened before this day")  # fmt: skip
    parser.add_argument("--confidence", type=float, default=0.95, help="default: 0.95")


def _locale(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--locale", "--lang", default="en", choices=("fi", "sv", "en"), help="default: en"
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError("write a day as 2018-12-31")


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except DefinitionError:
        pass
    raise argparse.ArgumentTypeError("write a period as 2018-01-01..2018-05-01, without its end")
