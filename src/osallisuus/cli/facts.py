"""Facts in, findings, facts out."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from attrs import evolve

from osallisuus.cli.store import existing
from osallisuus.errors import OsallisuusError, StoreError
from osallisuus.ingest.folder import read_folder, write_folder
from osallisuus.ingest.limits import Limits
from osallisuus.model.batch import Batch
from osallisuus.model.facts import TABLES, Fact
from osallisuus.register import Register, file_of, open_register
from osallisuus.rules.finding import Finding
from osallisuus.rules.severity import SEVERITIES

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
    file = file_of(arguments.into)
    missing = file is not None and not file.exists()
    if arguments.dry_run or batch.problems:
        # with problems in the files nothing is stored, but references are judged as well
        register = _copy(arguments.into, empty=file is not None and _is_empty(file))
    else:
        register = open_register(
            arguments.into, actor=arguments.actor, purpose=_PURPOSE, create=True
        )
    with register:
        try:
            receipt = register.add(batch, reason=f"import of {Path(arguments.source).name}")
        except OsallisuusError:
            register.close()
            if missing and file is not None:
                _remove(file)
            raise
    print(f"{'table':<18}{'rows':>9}")
    for table, rows in batch.rows.items():
        print(f"{table:<18}{len(rows):>9}")
    word = "would be " if arguments.dry_run else ""
    counts = f"{receipt.added} {word}added, {receipt.revised} {word}revised"
    print(f"\n{counts}, {receipt.unchanged} unchanged")
    _print(receipt.findings)
    return 0


def _is_empty(file: Path) -> bool:
    if file.is_dir():
        return not any(file.iterdir())
    return not file.exists() or file.stat().st_size == 0


def _copy(place: str, *, empty: bool) -> Register:
    """What the store holds, in memory: to try out what an import would do."""
    copy = open_register("memory:", actor=_PURPOSE, purpose=_PURPOSE)
    if not empty:
        with existing(place, _PURPOSE) as register:
            copy.add(Batch(_all(register)))
    return copy


def _all(register: Register) -> dict[str, list[Fact]]:
    return {name: list(register.facts(table.record)) for name, table in TABLES.items()}


def _remove(file: Path) -> None:
    """Take away a store that this import made and that holds nothing."""
    for ending in ("", "-wal", "-shm"):
        path = file.with_name(f"{file.name}{ending}")
        if path.is_file():
            path.unlink()


def check(arguments: argparse.Namespace) -> int:
    """``check STORE``."""
    with existing(arguments.store, "check") as register:
        findings = register.check(on=arguments.on, programs=arguments.program)
    _print(tuple(findings))
    return 0


def export(arguments: argparse.Namespace) -> int:
    """``export STORE --as folder --out PLACE``: everything but what is never exported."""
    target = Path(arguments.out)
    if target.exists() and any(target.iterdir() if target.is_dir() else [target]):
        raise StoreError(
            "there is something already", where=str(target), remedy="name a new or an empty folder"
        )
    with existing(arguments.store, "export") as register:
        rows = _all(register)
    # a judgement on who must not share a group never leaves the store (requirement R4)
    withheld = len(rows.pop("keep_apart"))
    silent = 0
    if not arguments.include_free_text:
        rows, silent = _without_free_text(rows)
    for file in write_folder(target, rows):
        print(file)
    if withheld:
        print("keep_apart is never exported", file=sys.stderr)
    if silent:
        texts = "1 free text" if silent == 1 else f"{silent} free texts"
        print(f"{texts} left out; --include-free-text exports it too", file=sys.stderr)
    return 0


def _without_free_text(rows: Mapping[str, list[Fact]]) -> tuple[dict[str, list[Fact]], int]:
    """The rows without anybody's own words (requirement R3), and how many were left out."""
    left_out = 0
    kept = dict(rows)
    for name, facts in rows.items():
        silenced = {
            column.name: None
            for column in TABLES[name].columns
            if column.field_class == "free_text"
        }
        if silenced:
            left_out += sum(
                getattr(fact, column) is not None for fact in facts for column in silenced
            )
            kept[name] = [evolve(fact, **silenced) for fact in facts]  # type: ignore[misc]
    return kept, left_out


def _print(findings: tuple[Finding, ...]) -> None:
    urgent = sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
    for finding in urgent[:_MOST_FINDINGS]:
        about = ", ".join(part for part in (finding.severity, finding.requirement) if part)
        print(f"finding: {finding} [{about}]")
    if len(findings) > _MOST_FINDINGS:
        print(f"… and {len(findings) - _MOST_FINDINGS} more findings")
    if not findings:
        print("no findings")
