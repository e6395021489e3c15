"""Enrolments to a new version of their programme."""

from __future__ import annotations

import argparse

from osallisuus.cli.store import existing
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
    print(tell_migration(found, words=words))
    told = "migration.not_stored" if arguments.dry_run else "migration.stored"
    print(words(told, n=len(found.facts)))
    return 0


def _installed(text: str) -> Program:
    """The programme ``NAME@VERSION``, where NAME may be a TOML file of the old definition."""
    name, _, version = text.rpartition("@")
    program = program_named(name or version)
    if name and program.version != version:
        raise DefinitionError(
            f"the definition at hand is of version {program.version}",
            where=f"--from {text}",
            remedy="name the TOML file of the old definition, such as old.toml@1",
        )
    return program
