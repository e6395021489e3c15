"""Facts in, findings, facts out."""

from __future__ import annotations

import argparse
import json
import sys
from itertools import islice
from pathlib import Path

from osallisuus.cli.answers import of_findings
from osallisuus.cli.folded import folded
from osallisuus.cli.import_list import is_list, read_list
from osallisuus.cli.progress import Progress
from osallisuus.cli.store import existing
from osallisuus.cli.terminal import print_json, print_table
from osallisuus.errors import ImportProblem, Problem, StoreError
from osallisuus.ingest.folder import read_folder
from osallisuus.ingest.limits import Limits
from osallisuus.model.batch import Batch
from osallisuus.model.facts import TABLES, Fact
from osallisuus.register import Receipt, Register, file_of, open_register
from osallisuus.rules.copy_told import IMPORTED
from osallisuus.rules.finding import Finding
from osallisuus.rules.severity import SEVERITIES

__all__ = ["check", "export", "import_"]

_PURPOSE = "command line"
_MOST_FINDINGS = 50


def import_(arguments: argparse.Namespace) -> int:
    """``import SOURCE --into STORE``."""
    limits = Limits() if arguments.max_rows is None else Limits(rows=arguments.max_rows)
    if is_list(arguments.source):
        batch = read_list(arguments, limits)
        if batch is None:  # a mapping was proposed, or a plan shown
            return 1 if arguments.into and not arguments.plan else 0
    else:
        if arguments.program is not None:
            remedy = "leave it out: the tables of a folder say it themselves"
            raise ImportProblem(
                "a programme is named for a list only", where="--program", remedy=remedy
            )
        with Progress("reading") as told:
            batch = read_folder(arguments.source, limits=limits, progress=told)
    if arguments.into is None:
        no_store = Problem("no store is named", "--into", "such as --into facts.db")
        raise (
            ImportProblem([*batch.problems, no_store]) if batch.problems else StoreError([no_store])
        )
    file = file_of(arguments.into)
    missing = file is not None and not file.exists()
    try:
        with _target(arguments, file, batch) as register, Progress("storing"):
            receipt = register.add(batch, reason=_reason(arguments.source))
    except BaseException:  # Ctrl-C as well
        if missing and file is not None:
            _remove(file)
        raise
    if arguments.json:
        print_json(_answer(batch, receipt, stored=not arguments.dry_run))
        return 0
    rows = [(table, str(len(rows))) for table, rows in batch.rows.items()]
    print_table(("table", "rows"), rows, right=(1,))
    word = "would be " if arguments.dry_run else ""
    counts = f"{receipt.added} {word}added, {receipt.revised} {word}revised"
    print(f"\n{counts}, {receipt.unchanged} unchanged")
    _print(receipt.findings)
    return 0


def _reason(source: str) -> str:
    """Only the kind of the source: its name may be that of a person, and the journal keeps it."""
    if is_list(source):
        return f"{IMPORTED['list']} ({Path(source).suffix.lower()})"
    return IMPORTED["folder"]


def _target(arguments: argparse.Namespace, file: Path | None, batch: Batch) -> Register:
    """The store, or what it holds in memory where nothing is to be stored."""
    if arguments.dry_run or batch.problems:
        # with problems in the files nothing is stored, but references are judged as well
        return _copy(arguments.into, empty=file is not None and _is_empty(file))
    return open_register(arguments.into, actor=arguments.actor, purpose=_PURPOSE, create=True)


def _answer(batch: Batch, receipt: Receipt, *, stored: bool) -> dict[str, object]:
    return {
        "stored": stored,
        "rows": {table: len(rows) for table, rows in batch.rows.items()},
        "added": receipt.added,
        "revised": receipt.revised,
        "unchanged": receipt.unchanged,
        "findings": of_findings(receipt.findings),
    }


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
        findings = tuple(register.check(on=arguments.on, programs=arguments.program))
    if arguments.json:
        print_json({"findings": of_findings(findings)})
    else:
        _print(findings)
    return 0


def export(arguments: argparse.Namespace) -> int:
    """``export STORE --as NAME --out PLACE``: everything but what is never exported."""
    with existing(arguments.store, "export") as register, Progress("exporting") as progress:
        told = register.export(
            arguments.format,
            arguments.out,
            tables=arguments.table,
            purpose=arguments.purpose or "",
            include_free_text=arguments.include_free_text,
            overwrite=arguments.overwrite,
            locale=arguments.locale,
            progress=progress,
        )
    if arguments.json:
        files = [str(file) for file in told.files]
        print_json({"place": str(told.place), "files": files, **json.loads(told.manifest())})
        return 0
    for file in told.files:
        print(file)
    if told.withheld:
        print("keep_apart is never exported", file=sys.stderr)
    if told.unused:
        print(f"{told.format} has no place for: {', '.join(told.unused)}", file=sys.stderr)
    if told.free_texts:
        texts = "1 free text" if told.free_texts == 1 else f"{told.free_texts} free texts"
        print(f"{texts} left out; --include-free-text exports it too", file=sys.stderr)
    return 0


def _print(findings: tuple[Finding, ...]) -> None:
    urgent = sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
    alike = folded(urgent, same=lambda one: (one.code, one.what, one.remedy))
    left = len(findings)
    for finding, where, count in islice(alike, _MOST_FINDINGS):
        about = ", ".join(part for part in (finding.severity, finding.requirement) if part)
        print(f"finding: {finding.what} @ {where} ({finding.remedy}) [{about}]")
        left -= count
    if left:
        print(f"… and {left} more findings")
    if not findings:
        print("no findings")
