"""``import`` of a list that somebody keeps: a workbook or a CSV file, by a mapping."""

from __future__ import annotations

import argparse
import sys
from itertools import groupby
from pathlib import Path

from attrs import evolve

from osallisuus.cli.progress import Progress
from osallisuus.cli.store import existing
from osallisuus.errors import ImportProblem, Problem, StoreError
from osallisuus.ingest.guess import guess_mapping
from osallisuus.ingest.limits import Limits
from osallisuus.ingest.mapped import Mapped, read_mapped
from osallisuus.ingest.mapping import WorkbookMapping
from osallisuus.ingest.mapping_toml import load_mapping
from osallisuus.ingest.pseudonyms import new_key, read_key, write_key
from osallisuus.ingest.template import template_of
from osallisuus.ingest.template_mapping import template_mapping
from osallisuus.ingest.workbook import SUFFIXES
from osallisuus.model.batch import Batch
from osallisuus.model.program import Program
from osallisuus.register import file_of, program_named
from osallisuus.rules.references import undefined_references
from osallisuus.whole import write_whole

__all__ = ["is_list", "read_list"]

_OTHERS = (".xls", ".xlsb", ".numbers")
"""Endings of lists that have to be saved in another format first."""


def is_list(source: str) -> bool:
    """Whether *source* is a workbook or CSV file by its ending, and no folder."""
    path = Path(source)
    return path.suffix.lower() in (*SUFFIXES, *_OTHERS) and not path.is_dir()


def read_list(arguments: argparse.Namespace, limits: Limits) -> Batch | None:
    """The facts of a list; ``None`` where a mapping was proposed or a plan shown instead."""
    program = None if arguments.program is None else program_named(arguments.program)
    mapping = _mapping(arguments, program, limits)
    if mapping is None:
        _propose(arguments, program, limits)
        return None
    key, is_new = _key(arguments, mapping)
    with Progress("reading") as told:
        mapped = read_mapped(arguments.source, mapping, key=key, limits=limits, progress=told)
    if arguments.plan:
        _show(mapped)
        problems = [*mapped.batch.problems, *_undefined(mapped.batch, arguments.into)]
        if problems:
            raise ImportProblem(problems)
        return None
    if is_new and not mapped.batch.problems and not arguments.dry_run:
        write_key(arguments.key, key)
        kept = "a new key; without it the next import makes other pseudonyms"
        print(f"{arguments.key}: {kept}", file=sys.stderr)
    return mapped.batch


def _undefined(batch: Batch, place: str | None) -> list[Problem]:
    """The references to what neither the list nor the store that is named defines."""
    file = None if place is None else file_of(place)
    if place is not None and (file is None or file.exists()):
        with existing(place, "command line") as register:
            return undefined_references(batch, register.store.known_ids)
    found = undefined_references(batch, lambda table, ids: set())
    if place is not None:
        return found
    return [evolve(one, remedy=f"{one.remedy}; --into STORE looks there too") for one in found]


def _mapping(
    arguments: argparse.Namespace, program: Program | None, limits: Limits
) -> WorkbookMapping | None:
    if arguments.mapping is not None:
        return load_mapping(arguments.mapping, program)
    told = template_of(arguments.source, limits)
    if told is None:
        return None
    if program is not None and program.name != told.program:
        remedy = "leave --program out: a template says itself for which programme it is"
        raise ImportProblem(
            "the template of another programme", where=Path(arguments.source).name, remedy=remedy
        )
    return template_mapping(program or program_named(told.program), told.locale)


def _key(arguments: argparse.Namespace, mapping: WorkbookMapping) -> tuple[bytes, bool]:
    """The key of the pseudonyms, and whether it is a new one that no file holds yet."""
    if not mapping.needs_key:
        return b"", False
    if arguments.key is None:
        if arguments.plan or arguments.dry_run:  # nothing is stored, so any key will do
            return new_key(), False
        remedy = "--key FILE; the first import makes it"
        raise StoreError("pseudonyms and hashed ids need a key", where="--key", remedy=remedy)
    if Path(arguments.key).exists():
        return read_key(arguments.key), False
    file = None if arguments.into is None else file_of(arguments.into)
    if file is not None and file.exists() and not (arguments.plan or arguments.dry_run):
        remedy = "name the key of the first import; another one would make everybody somebody else"
        raise StoreError("there is no such key", where=arguments.key, remedy=remedy)
    return new_key(), True


def _propose(arguments: argparse.Namespace, program: Program | None, limits: Limits) -> None:
    """Write a mapping that most likely fits; nothing is done with it unasked."""
    text = guess_mapping(arguments.source, limits, program)
    if arguments.out is None:
        print(text, end="")
    else:
        write_whole(Path(arguments.out), text.encode(), what="mapping")
        print(arguments.out)
    print(
        "nothing was stored: look the proposed mapping through, then give it with --mapping",
        file=sys.stderr,
    )


def _show(mapped: Mapped) -> None:
    """What each sheet becomes; no value is shown."""
    for sheet in mapped.sheets:
        if sheet.ignored:
            print(f"{sheet.name}: ignored")
            continue
        print(f"{sheet.name}: {sheet.rows} rows")
        for into, alike in groupby(sheet.columns, key=lambda one: one.into):
            letters = [one.column for one in alike]
            span = letters[0] if len(letters) == 1 else f"{letters[0]}–{letters[-1]}"
            print(f"  {span:<6} {', '.join(into)}")
        for table, count in sheet.facts.items():
            print(f"  {count:>6} of {table}")
        if sheet.below:
            print(f"  {sheet.below:>6} filled rows below stop_at, not read")
