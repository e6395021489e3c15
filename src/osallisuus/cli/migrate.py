"""Enrolments to a new version of their programme."""

from __future__ import annotations

import argparse

from osallisuus import plugins
from osallisuus.cli.answers import of_migration
from osallisuus.cli.store import existing
from osallisuus.cli.terminal import print_json
from osallisuus.errors import DefinitionError
from osallisuus.model.program import Program
from osallisuus.register import program_named
from osallisuus.rules.migration_told import tell_migration
from osallisuus.words import Words

__all__ = ["migrate_program"]


def migrate_program(arguments: argparse.Namespace) -> int:
    """``migrate-program STORE --from NAME@VERSION --to FILE [--dry-run]``."""
    words = Words(arguments.locale)
    old, new = _installed(arguments.old), program_named(arguments.new)
    with existing(arguments.store, "migrate program") as register:
        found = register.migrate_program(old, new, on=arguments.on, dry_run=arguments.dry_run)
    if arguments.json:
        print_json({"internal": True, "stored": not arguments.dry_run, **of_migration(found)})
        return 0
    print(tell_migration(found, words=words))
    told = "migration.not_stored" if arguments.dry_run else "migration.stored"
    print(words(told, n=len(found.facts)))
    return 0


def _installed(text: str) -> Program:
    """The programme ``NAME@VERSION``, where NAME may be a TOML file of the old definition.

    A file needs no version: it states its own.
    """
    name, _, version = text.rpartition("@")
    code = name or version
    if not code.endswith(".toml") and code not in plugins.find("programs"):
        raise DefinitionError(
            "no installed programme has this code",
            where=f"--from {text}",
            remedy="name the TOML file of the old definition, such as old.toml@1",
        )
    program = program_named(code)
    if name and program.version != version:
        raise DefinitionError(
            f"the definition at hand is of version {program.version}",
            where=f"--from {text}",
            remedy="name the TOML file of the old definition, such as old.toml@1",
        )
    return program
