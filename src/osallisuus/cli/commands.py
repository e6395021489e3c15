"""All commands: what each is called, says of itself, takes, and which module does it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Final, NamedTuple

from osallisuus.cli.catalogue_options import (
    add_completion_options,
    add_metrics_options,
    add_plugins_options,
    add_programs_options,
)
from osallisuus.cli.fact_options import (
    add_check_options,
    add_demo_options,
    add_export_options,
    add_migrate_options,
    add_simulate_options,
    add_sync_options,
    add_template_options,
    add_upgrade_options,
)
from osallisuus.cli.import_options import add_import_options
from osallisuus.cli.parser import Parser
from osallisuus.cli.people_options import (
    add_compose_options,
    add_copy_options,
    add_remind_options,
)
from osallisuus.cli.plan_options import add_plan_options
from osallisuus.cli.report_options import (
    add_fund_options,
    add_innokyla_options,
    add_measure_options,
    add_reissue_options,
    add_releases_options,
    add_report_options,
    add_site_options,
)
from osallisuus.cli.show_options import add_show_options
from osallisuus.cli.upkeep_options import (
    add_doctor_options,
    add_erase_options,
    add_restore_options,
    add_snapshot_options,
    add_vault_options,
    add_verify_options,
)
from osallisuus.version import VERSION

__all__ = ["build_parser"]

_EPILOG: Final = """\
STORE is a .db file, a folder of CSV files, a URL such as sqlite:///x.db, or NAME:PLACE, the store of
a plug-in.

to begin with:
  osallisuus demo                  the main job on made-up examples
  osallisuus COMMAND --help        what a command does, with examples
  osallisuus programs, metrics     what can be asked for

exit codes: 0 done, 1 not done, 2 the command line is wrong, 130 stopped"""

_Run = Callable[[argparse.Namespace], int]


class _Command(NamedTuple):
    name: str
    module: str
    """The module beside this one that does it, by a function that is called as the command is."""
    add_options: Callable[[Parser], None]
    text: str


_COMMANDS: Final = (
    _Command("demo", "demo", add_demo_options, "the main job on the shipped examples"),
    _Command(
        "import", "facts", add_import_options,
        "a fact folder or somebody's list into a store; all of it or nothing",
    ),
    _Command(
        "check", "facts", add_check_options, "findings: what in the facts deserves a look"
    ),
    _Command("measure", "measure", add_measure_options, "one metric"),
    _Command("report", "report", add_report_options, "a report on one programme"),
    _Command(
        "reissue", "report", add_reissue_options,
        "a frozen report again, as it was, in any format",
    ),
    _Command("site", "site", add_site_options, "reports on several programmes as linked pages"),
    _Command(
        "releases", "releases", add_releases_options, "what was ever released, oldest first"
    ),
    _Command(
        "remind", "remind", add_remind_options,
        "whom to call and encourage before a group starts",
    ),
    _Command(
        "show", "show", add_show_options,
        "a person's, a case's or a community's standing on a day: internal",
    ),
    _Command(
        "migrate-program", "migrate", add_migrate_options,
        "enrolments to a new version of their programme",
    ),
    _Command("fund", "fund", add_fund_options, "participants by gender, as a fund counts them"),
    _Command(
        "copy", "copy", add_copy_options, "all that is recorded of a person, for themselves"
    ),
    _Command(
        "innokyla", "innokyla", add_innokyla_options,
        "a programme described in the structure of Innokylä",
    ),
    _Command(
        "compose", "compose", add_compose_options,
        "a proposal for who could be in which group",
    ),
    _Command(
        "export", "facts", add_export_options,
        "the facts themselves, for those who may see them",
    ),
    _Command(
        "erase", "erase", add_erase_options,
        "a person out of a store, its history and its files, for good",
    ),
    _Command(
        "vault", "vault", add_vault_options,
        "names and contacts by pseudonym, sealed and apart from the facts",
    ),
    _Command(
        "verify", "verify", add_verify_options,
        "whether a store is as it was written: journal, rows and files",
    ),
    _Command(
        "doctor", "doctor", add_doctor_options,
        "what is weak or broken in the installation and a store, and what helps",
    ),
    _Command(
        "snapshot", "snapshots", add_snapshot_options,
        "everything that a store knows, as one file: a backup, or to move it",
    ),
    _Command(
        "restore", "snapshots", add_restore_options,
        "a snapshot or a .db file into a new store of any kind, with all history",
    ),
    _Command(
        "sync", "sync", add_sync_options,
        "the facts of a store to a copy for engines, and then what has changed",
    ),
    _Command(
        "plan", "plan", add_plan_options,
        "planned sessions: dates from a cadence and a start",
    ),
    _Command(
        "template", "template", add_template_options,
        "a workbook to fill in, and sheets to print",
    ),
    _Command(
        "simulate", "simulate", add_simulate_options,
        "made-up facts of a programme, to try things",
    ),
    _Command(
        "programs", "catalogues", add_programs_options,
        "the programmes that are installed, or one of them",
    ),
    _Command(
        "metrics", "catalogues", add_metrics_options,
        "the metrics that are installed, or one of them",
    ),
    _Command(
        "plugins", "catalogues", add_plugins_options,
        "the plug-ins that are installed, or one of them",
    ),
    _Command(
        "upgrade", "upgrade", add_upgrade_options,
        "a store of an earlier version of this library to the present one",
    ),
    _Command(
        "completion", "completion", add_completion_options,
        "a script with which the shell completes commands, options, files and names",
    ),
)  # fmt: skip
"""In the order of the help: first what most people need first."""


def build_parser() -> argparse.ArgumentParser:
    """All commands and their options; the parsed ``run`` does what was asked for."""
    parser = Parser(
        prog="osallisuus",
        description="Define, run and honestly measure peer-support programmes.",
        epilog=_EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"osallisuus {VERSION}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, module, add_options, text in _COMMANDS:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=_lazy(module, _function(name)))
        add_options(command)
        command.give_examples(name)
    return parser


def _function(command: str) -> str:
    """The name of the function that does it: "import" is a word that Python keeps for itself."""
    return command.replace("import", "import_").replace("-", "_")


def _lazy(module: str, function: str) -> _Run:
    """A command whose module is imported when it is run: starting must stay quick."""

    def run(arguments: argparse.Namespace) -> int:
        from importlib import import_module

        command: _Run = getattr(import_module(f"osallisuus.cli.{module}"), function)
        return command(arguments)

    return run
