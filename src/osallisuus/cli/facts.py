"""Facts in, findings, facts out."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from osallisuus.errors import ImportProblem, StoreError
from osallisuus.ingest.folder import read_folder, write_folder
from osallisuus.ingest.limits import Limits
from osallisuus.model.batch import Batch
from osallisuus.model.facts import TABLES
from osallisuus.register import Register, open_register
from osallisuus.rules.findings import Finding

__all__ = ["check", "export", "import_"]

_PURPOSE = "command line"
_MOST_FINDINGS = 50


class _Progress:
    """Says on stderr how far it is, once the work takes longer than a second."""

    def __init__(self) -> None:
        self._began = self._said = time.monotonic()

    def __call__(self, what: str, rows: int) -> None:
        now = time.monotonic()
        if now - self._began > 1 and now - self._said > 1:
            self._said = now
            print(f"{what}: {rows} rows read", file=sys.stderr, flush=True)


def import_(arguments: argparse.Namespace) -> int:
    """``import SOURCE --into STORE``."""
    limits = Limits() if arguments.max_rows is None else Limits(rows=arguments.max_rows)
    batch = read_folder(arguments.source, limits=limits, progress=_Progress())
    if batch.problems:
        _refuse_with_references(batch, arguments.into)
    place = "memory:" if arguments.dry_run else arguments.into
    created = not Path(place).exists()
    register = open_register(place, actor=arguments.actor, purpose=_PURPOSE)
    try:
        receipt = register.add(batch, reason=f"import of {Path(arguments.source).name}")
    except ImportProblem:
        register.close()
        if created:
            _remove(place)
        raise
    with register:
        for table, rows in batch.rows.items():
            print(f"{table:<18}{len(rows):>9}")
        word = "would be added" if arguments.dry_run else "added"
        print(f"{receipt.added} {word}, {receipt.revised} revised, {receipt.unchanged} unchanged")
        _print(receipt.findings)
    return 0


def _refuse_with_references(batch: Batch, into: str) -> None:
    """All problems at once: those of the files, and references that no table defines."""
    if Path(into).exists():
        with open_register(into, actor=_PURPOSE, purpose=_PURPOSE, create=False) as register:
            register.add(batch)
    else:
        with open_register("memory:") as register:
            register.add(batch)


def _remove(place: str) -> None:
    """Take away a store that this import made and that holds nothing."""
    for ending in ("", "-wal", "-shm"):
        path = Path(f"{place}{ending}")
        if path.is_file():
            path.unlink()


def check(arguments: argparse.Namespace) -> int:
    """``check STORE``."""
    with _existing(arguments.store) as register:
        findings = register.check()
    _print(tuple(findings))
    return 0


def export(arguments: argparse.Namespace) -> int:
    """``export STORE --as folder --out PLACE``: everything but what is never exported."""
    target = Path(arguments.out)
    if target.exists() and any(target.iterdir() if target.is_dir() else [target]):
        raise StoreError("there is something already", where=str(target), remedy="another --out")
    with _existing(arguments.store) as register:
        rows = {name: list(register.facts(table.record)) for name, table in TABLES.items()}
    # a judgement on who must not share a group never leaves the store (requirement R4)
    withheld = len(rows.pop("keep_apart"))
    for file in write_folder(target, rows):
        print(file)
    if withheld:
        print("keep_apart is never exported", file=sys.stderr)
    return 0


def _existing(place: str) -> Register:
    return open_register(place, actor=_PURPOSE, purpose=_PURPOSE, create=False)


def _print(findings: tuple[Finding, ...]) -> None:
    for finding in findings[:_MOST_FINDINGS]:
        print(f"finding: {finding}")
    if len(findings) > _MOST_FINDINGS:
        print(f"… and {len(findings) - _MOST_FINDINGS} more findings")
    if not findings:
        print("no findings")
