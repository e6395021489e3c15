"""The command line: thin. Data go to stdout, progress and problems to stderr.

Exit codes: 0 done; 1 not done, and stderr says why; 2 the command line itself is wrong; 130 stopped
by Ctrl-C, with nothing half done left behind.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper

from osallisuus.cli.arguments import PROGRAM, day, locale, period
from osallisuus.cli.import_options import add_import_options
from osallisuus.cli.parser import Parser
from osallisuus.cli.plan_options import add_plan_options
from osallisuus.cli.show_options import add_show_options
from osallisuus.cli.terminal import print_problem
from osallisuus.errors import OsallisuusError
from osallisuus.version import VERSION

__all__ = ["build_parser", "main"]

_STOPPED = 130
"""As every shell says of a command that Ctrl-C has stopped: 128 and the number of the signal."""

_Command = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the return value is the exit code."""
    # a command lives for a moment and makes many lasting values: collect garbage seldom
    gc.set_threshold(100_000)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # the same bytes whatever the terminal is set to
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        arguments = build_parser().parse_args(argv)
        code = int(arguments.run(arguments))
        sys.stdout.flush()
        return code
    except OsallisuusError as error:
        for problem in error.problems:
            print_problem(error.code, str(problem))
    except BrokenPipeError:
        _drop_output()  # whoever read the output has read enough
    except OSError as error:
        if error.filename is None:
            _drop_output()
        place = f" @ {error.filename}" if error.filename else ""
        print_problem("error", f"{(error.strerror or type(error).__name__).lower()}{place}")
    except KeyboardInterrupt:
        print("stopped; nothing half done was stored", file=sys.stderr)
        return _STOPPED
    return 1


def _drop_output() -> None:
    """Let what is still buffered for stdout go nowhere: Python would flush it once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def build_parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    parser = Parser(
        prog="osallisuus",
        description="Define, run and honestly measure peer-support programmes.",
        epilog=_EPILOG,
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _demo(commands)
    _import(commands)
    _check(commands)
    _measure(commands)
    _report(commands)
    _reissue(commands)
    _site(commands)
    _releases(commands)
    _remind(commands)
    _show(commands)
    _migrate(commands)
    _fund(commands)
    _copy(commands)
    _innokyla(commands)
    _compose(commands)
    _export(commands)
    _plan(commands)
    _template(commands)
    _simulate(commands)
    _catalogues(commands)
    _completion(commands)
    for name, command in commands.choices.items():
        command.give_examples(name)
    return parser


_EPILOG = """\
STORE is a .db file, a folder of CSV files, or a URL such as sqlite:///x.db.

to begin with:
  osallisuus demo                  the main job on made-up examples
  osallisuus COMMAND --help        what a command does, with examples
  osallisuus programs, metrics     what can be asked for

exit codes: 0 done, 1 not done, 2 the command line is wrong, 130 stopped"""


def _version() -> str:
    return f"osallisuus {VERSION}"


def _lazy(module: str, function: str) -> _Command:
    """A command whose module is imported when it is run: starting must stay quick."""

    def run(arguments: argparse.Namespace) -> int:
        from importlib import import_module

        command: _Command = getattr(import_module(f"osallisuus.cli.{module}"), function)
        return command(arguments)

    return run


def _add(commands: argparse._SubParsersAction[Parser], name: str, module: str, text: str) -> Parser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=_lazy(module, name.replace("import", "import_")))
    return parser


def _demo(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "demo", "demo", "the main job on the shipped examples")
    parser.add_argument("--out", default="demo", metavar="FOLDER", help="default: demo")
    locale(parser)


def _import(commands: argparse._SubParsersAction[Parser]) -> None:
    text = "a fact folder or somebody's list into a store; all of it or nothing"
    add_import_options(_add(commands, "import", "facts", text))


def _check(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "check", "facts", "findings: what in the facts deserves a look")
    parser.add_argument("store", metavar="STORE")
    parser.add_argument(
        "--on", type=day, metavar="DATE",
        help="what is due on this day; default: the day after the last fact",
    )  # fmt: skip
    parser.add_argument(
        "--program", action="append", default=[], metavar="FILE",
        help="a TOML file: a programme besides the installed ones; repeatable",
    )  # fmt: skip
    _json(parser)


def _review(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--review", action="store_true",
        help="release nothing: say what would stay hidden, and how well",
    )  # fmt: skip


def _measure(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "measure", "measure", "one metric")
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
    _review(parser)
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="figures as JSON")
    shape.add_argument("--explain", action="store_true", help="each figure in plain words")
    shape.add_argument("--facts", action="store_true", help="the facts behind each figure")
    shape.add_argument("--alternatives", action="store_true", help="under each policy in turn")
    locale(parser)


def _report(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "report", "report", "a report on one programme")
    parser.add_argument("store", metavar="STORE")
    parser.add_argument("--program", required=True, metavar="NAME", help=PROGRAM)
    parser.add_argument(
        "--report", default="evaluation", metavar="NAME",
        help="evaluation (default), board, community, rhythm, roles, funder_esf, funder_stea, or a"
        " .toml file",
    )  # fmt: skip
    parser.add_argument("--as", dest="format", metavar="NAME", help="default: by the file's ending")
    parser.add_argument("--out", metavar="FILE", help="default: print it")
    parser.add_argument("--overwrite", action="store_true", help="replace a file that is there")
    parser.add_argument("--profile", default="public", choices=("public", "internal"))
    parser.add_argument("--freeze", metavar="FILE", help="keep it too, to be issued again as it is")
    parser.add_argument("--since", metavar="FILE", help="say what moved since this frozen report")
    _frame(parser)
    _review(parser)
    _settings(parser)
    locale(parser)


def _frame(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--look", metavar="FILE", help="TOML: organization, logo, accent and footer of a page"
    )
    parser.add_argument(
        "--template", metavar="FILE", help="a page's own frame (Jinja2); needs the extra html"
    )


def _reissue(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "reissue", "report", "a frozen report again, as it was, in any format")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--as", dest="format", metavar="NAME", help="default: by the file's ending")
    parser.add_argument("--out", metavar="FILE", help="default: print it")
    parser.add_argument("--overwrite", action="store_true", help="replace a file that is there")
    _frame(parser)


def _site(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "site", "site", "reports on several programmes as linked pages")
    parser.add_argument("store", metavar="STORE")
    parser.add_argument(
        "--program", required=True, action="append", metavar="NAME",
        help=f"{PROGRAM}; may be repeated",
    )  # fmt: skip
    parser.add_argument("--report", default="evaluation", metavar="NAME", help="as for report")
    parser.add_argument("--out", required=True, metavar="FOLDER", help="a new folder")
    parser.add_argument("--overwrite", action="store_true", help="replace a site that is there")
    parser.add_argument("--profile", default="public", choices=("public", "internal"))
    parser.add_argument(
        "--look", metavar="FILE", help="TOML: organization, logo, accent and footer of a page"
    )
    _settings(parser)
    locale(parser)


def _releases(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "releases", "releases", "what was ever released, oldest first")
    parser.add_argument("store", metavar="STORE")
    _json(parser)


def _remind(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "remind", "remind", "whom to call and encourage before a group starts")
    parser.add_argument("store", metavar="STORE")
    parser.add_argument("--program", required=True, metavar="NAME", help=PROGRAM)
    parser.add_argument("--on", required=True, type=day, metavar="DATE", help="today, say")
    parser.add_argument(
        "--days", type=int, default=7, metavar="N",
        help="without contact in the last N days before the start; default: 7",
    )  # fmt: skip
    locale(parser)
    _json(parser)


def _show(commands: argparse._SubParsersAction[Parser]) -> None:
    text = "a person's, a case's or a community's standing on a day: internal"
    parser = commands.add_parser("show", help=text, description=text)
    for view in add_show_options(parser):
        view.set_defaults(run=_lazy("show", "show"))


def _compose(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "compose", "compose", "a proposal for who could be in which group")
    parser.add_argument("store", metavar="STORE")
    parser.add_argument("--program", required=True, metavar="NAME", help=PROGRAM)
    parser.add_argument("--rules", required=True, metavar="FILE", help="TOML: groups and wishes")
    parser.add_argument("--on", required=True, type=day, metavar="DATE", help="today, say")
    parser.add_argument(
        "--solver", default="search", choices=("search", "highs"),
        help="highs for larger groups; needs the extra groups",
    )  # fmt: skip
    locale(parser)
    _json(parser)


def _migrate(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(
        commands, "migrate-program", "migrate", "enrolments to a new version of their programme"
    )
    parser.set_defaults(run=_lazy("migrate", "migrate_program"))
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
    _json(parser)


def _fund(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "fund", "fund", "participants by gender, as a fund counts them")
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
    _json(parser)
    locale(parser)


def _copy(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "copy", "copy", "all that is recorded of a person, for themselves")
    parser.add_argument("store", metavar="STORE")
    parser.add_argument("person", metavar="PERSON", help="the id of the person")
    parser.add_argument("--as", dest="format", metavar="NAME",
                        help="a format of reports, such as html or pdf; default: Markdown")  # fmt: skip
    parser.add_argument("--out", metavar="FILE", help="a file to make; default: print it")
    locale(parser)


def _innokyla(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(
        commands, "innokyla", "innokyla", "a programme described in the structure of Innokylä"
    )
    parser.add_argument("program", metavar="PROGRAM")
    parser.add_argument("--store", metavar="STORE", help="with what was observed of it as a whole")
    locale(parser)


def _export(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "export", "facts", "the facts themselves, for those who may see them")
    parser.add_argument("store", metavar="STORE")
    parser.add_argument("--as", dest="format", default="folder", metavar="NAME",
                        help="default: folder; `plugins` lists the fact_exporters")  # fmt: skip
    parser.add_argument("--out", required=True, metavar="PLACE", help="a new file or folder")
    parser.add_argument("--overwrite", action="store_true", help="also where something is already")
    parser.add_argument(
        "--include-free-text", action="store_true", help="with what people wrote in their own words"
    )
    locale(parser)
    _json(parser)


def _plan(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "plan", "plan", "planned sessions: dates from a cadence and a start")
    parser.add_argument("program", metavar="PROGRAM")
    parser.add_argument("--start", required=True, type=day, metavar="DATE")
    add_plan_options(parser)
    locale(parser)


def _template(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "template", "template", "a workbook to fill in, and sheets to print")
    parser.add_argument("program", metavar="PROGRAM")
    parser.add_argument("--out", required=True, metavar="FILE", help="a new .xlsx file")
    locale(parser)


def _simulate(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "simulate", "simulate", "made-up facts of a programme, to try things")
    parser.add_argument("program", metavar="PROGRAM")
    parser.add_argument("--people", required=True, type=int, metavar="N", help="who are reached")
    parser.add_argument("--seed", required=True, type=int, metavar="S", help="the same, the same")
    parser.add_argument("--out", required=True, metavar="FOLDER", help="a new folder")
    parser.add_argument("--start", type=day, metavar="DATE", help="default: 2024-01-01")
    _json(parser)


def _catalogues(commands: argparse._SubParsersAction[Parser]) -> None:
    for name, text in (
        ("programs", "the programmes that are installed, or one of them"),
        ("metrics", "the metrics that are installed, or one of them"),
        ("plugins", "the plug-ins that are installed, or one of them"),
    ):
        parser = _add(commands, name, "catalogues", text)
        parser.add_argument("name", nargs="?", metavar="NAME")
        _json(parser)
        if name == "metrics":
            locale(parser)
        if name == "programs":
            parser.add_argument(
                "--toml", action="store_true",
                help="the definition of NAME as TOML, to begin one of your own with",
            )  # fmt: skip


def _completion(commands: argparse._SubParsersAction[Parser]) -> None:
    text = "a script with which the shell completes commands, options, files and names"
    parser = _add(commands, "completion", "completion", text)
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), metavar="SHELL")


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="the same as JSON")


def _settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", action="append", default=[], metavar="STRATUM",
                        help="such as group.place; may be repeated")  # fmt: skip
    parser.add_argument("--periods", default="", help="yearly, quarterly, monthly or FROM..TO")
    parser.add_argument("--as-of", type=day, metavar="DATE",
                        help="count only what happened before this day")  # fmt: skip
    parser.add_argument("--confidence", type=float, default=0.95, help="default: 0.95")
