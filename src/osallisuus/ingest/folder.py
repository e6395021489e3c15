"""A fact folder: ``datapackage.json`` and one CSV file per table. Read and write.

Files are UTF-8 with commas, days are ISO, an empty cell is "not stated"; semicolons are read too.
Reading reports every problem at once, by ``file:row.column`` and never by the cell's content; the
header is row 1.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Any, BinaryIO, Final

from osallisuus.errors import ImportProblem, LimitError, Problem, did_you_mean
from osallisuus.ingest.limits import Limits
from osallisuus.ingest.package import (
    DESCRIPTOR,
    FOLDER_VERSION,
    VERSION,
    descriptor_of,
    written_cells,
)
from osallisuus.ingest.replacing import finish_replacing, replace_together
from osallisuus.ingest.table import ReadTable, cells, read_table
from osallisuus.model.batch import Batch
from osallisuus.model.facts import TABLES, Fact, Table
from osallisuus.model.store import Progress
from osallisuus.whole import flush_folder, unwritable

__all__ = ["note_of", "read_folder", "write_folder"]

_OWN_FOLDER: Final = 0o700


def _silent(what: str, rows: int) -> None:
    return None


def read_folder(
    folder: str | Path, *, limits: Limits | None = None, progress: Progress = _silent
) -> Batch:
    """The facts of *folder*, with all problems found in it.

    Raises :class:`ImportProblem` when there is no folder or nothing in it, and
    :class:`LimitError` when it is larger than *limits*. Problems in the files are in the batch,
    so that whoever stores it can add those that only a store can see, and refuse all at once.
    """
    path, bounds = Path(folder), limits or Limits()
    _finish(path)
    files, unread, problems = _files(path)
    _refuse_too_large(files, bounds)
    tables: dict[str, ReadTable] = {}
    for name, file in files.items():
        if file.exists() and not (file.is_file() or file.is_dir()):
            problems.append(Problem("this is not an ordinary file", file.name, "put a file there"))
            unread.add(name)
            continue
        try:
            with file.open("rb") as source, _text(source) as text:
                tables[name] = read_table(TABLES[name], file.name, text, bounds, progress)
        except OSError as error:
            problems.append(_unreadable(error, file.name))
            unread.add(name)
            continue
        problems += tables[name].problems
    unread |= {name for name, table in tables.items() if not table.whole}
    further = sum(table.further for table in tables.values()) + len(problems) - bounds.problems
    if further > 0:
        problems = problems[: bounds.problems]
        problems.append(Problem(f"{further} further problems", str(path), "correct these first"))

    def place(table: str, index: int) -> str:
        return f"{table}.csv:{tables[table].numbers[index]}"

    return Batch(
        {name: table.facts for name, table in tables.items()},
        place,
        tuple(problems),
        {name: table.defined for name, table in tables.items()},
        frozenset(unread),
        {name: table.half_read for name, table in tables.items() if table.half_read},
    )


def _finish(path: Path) -> None:
    """Put in place what a writer who was stopped had written already."""
    problem = None
    try:
        finish_replacing(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        problem = f"a writer was stopped, and its work cannot be completed: {reason.lower()}"
    if problem is not None:
        remedy = "let somebody who may write to the folder read it once"
        raise ImportProblem(problem, where=str(path), remedy=remedy)


def _files(path: Path) -> tuple[dict[str, Path], set[str], list[Problem]]:
    """The CSV files of the folder in the order of the tables, and what is wrong with the set."""
    entries = _entries(path)
    problems: list[Problem] = []
    missing = set(_listed(path, problems)) - set(entries)
    for name in sorted(missing):
        remedy = "put it into the folder itself, or take it off the list"
        problems.append(Problem("a file that datapackage.json lists is missing", name, remedy))
    found = {
        name: file
        for name, file in entries.items()
        if file.suffix.lower() == ".csv" and not name.startswith(".")
    }
    for name, file in sorted(found.items()):
        if name != f"{file.stem}.csv" or file.stem not in TABLES:
            remedy = did_you_mean(file.stem.lower(), TABLES)
            problems.append(Problem("no table has this file name", name, remedy))
    files = {name: found[f"{name}.csv"] for name in TABLES if f"{name}.csv" in found}
    if not files and not problems and DESCRIPTOR not in entries:  # a package may be empty
        raise ImportProblem(
            "the folder holds no table",
            where=str(path),
            remedy="put files such as people.csv and enrollments.csv into it; a published copy is"
            " named with its kind, such as parquet:FOLDER",
        )
    # a misnamed file stands for the table that it most likely is
    stems = {Path(name).stem.lower() for name in {*missing, *found} - {f"{t}.csv" for t in files}}
    unread = {table for stem in stems for table in get_close_matches(stem, TABLES, n=1)}
    return files, unread, problems


def _entries(path: Path) -> dict[str, Path]:
    try:
        return {file.name: file for file in path.iterdir()}
    except NotADirectoryError:
        what, remedy = "this is a file, not a folder", "name the folder that holds the tables"
    except FileNotFoundError:
        what, remedy = "there is no such folder", "check the path"
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        what, remedy = f"the folder cannot be read: {reason.lower()}", "check path and rights"
    raise ImportProblem(what, where=str(path), remedy=remedy)


def note_of(folder: str | Path) -> str:
    """The description in the folder's descriptor; empty where it has none that can be read."""
    try:
        note = json.loads((Path(folder) / DESCRIPTOR).read_bytes())["description"]
    except (ValueError, KeyError, TypeError, OSError, RecursionError):
        return ""
    return note if isinstance(note, str) else ""


def _listed(path: Path, problems: list[Problem]) -> list[str]:
    descriptor = path / DESCRIPTOR
    if not descriptor.is_file():
        return []
    content: dict[str, Any] = {}
    try:
        content = json.loads(descriptor.read_bytes())
        names = [resource["path"] for resource in content["resources"]]
    except (ValueError, KeyError, TypeError, OSError, RecursionError):
        names = None
    if names is None or not all(isinstance(name, str) for name in names):
        remedy = "its resources each need a path; or delete the file, it is not needed to import"
        problems.append(Problem("not a data package", DESCRIPTOR, remedy))
        return []
    version = content.get(VERSION, FOLDER_VERSION)
    if type(version) is not int or version > FOLDER_VERSION:
        what = (
            f"the folder is of a later form than version {FOLDER_VERSION}, which this library reads"
        )
        remedy = "read it with the version of osallisuus that wrote it, or a newer one"
        problems.append(Problem(what, f"{DESCRIPTOR}:{VERSION}", remedy))
    return names


def _text(source: BinaryIO) -> io.TextIOWrapper:
    """Text read as it is needed; a byte that is not UTF-8 becomes a surrogate, to be found."""
    return io.TextIOWrapper(source, "utf-8-sig", errors="surrogateescape", newline="")


def _unreadable(error: OSError, name: str) -> Problem:
    reason = (error.strerror or type(error).__name__).lower()
    return Problem(f"the file cannot be read: {reason}", name, "check the file and its rights")


def _refuse_too_large(files: Mapping[str, Path], limits: Limits) -> None:
    """Refuse what is over a limit before a single fact is made of it."""
    sizes = {file: _size(file) for file in files.values()}
    for file, size in sizes.items():
        if size > limits.file_bytes:
            raise LimitError(
                f"the file is larger than {limits.file_bytes} bytes",
                where=file.name,
                remedy="split the import, or raise Limits(file_bytes=...)",
            )
    # each row but the first ends a line, so few line ends are few rows and need no closer look
    if sum(_line_ends(file) for file in sizes) <= limits.rows:
        return
    rows = 0
    for file in sizes:
        for number in _row_numbers(file):
            rows += number > 1
            if rows > limits.rows:
                raise LimitError(
                    f"more than {limits.rows} rows in all",
                    where=f"{file.name}:{number}",
                    remedy="split the import, or raise the limit: --max-rows, Limits(rows=...)",
                )


def _size(file: Path) -> int:
    try:
        return file.stat().st_size if file.is_file() else 0
    except OSError:
        return 0  # reading it will say why


def _line_ends(file: Path) -> int:
    count = 0
    try:
        if file.is_file():
            with file.open("rb") as source:
                while part := source.read(2**20):
                    count += part.count(b"\n") + part.count(b"\r")
    except OSError:
        pass  # reading it will say why
    return count


def _row_numbers(file: Path) -> Iterator[int]:
    try:
        if file.is_file():
            with file.open("rb") as source, _text(source) as text:
                for number, _ in enumerate(cells(text), start=1):
                    yield number
    except (OSError, csv.Error):
        return  # reading it will say why


def write_folder(
    folder: str | Path, rows: Mapping[str, Iterable[Fact]], *, note: str = ""
) -> list[Path]:
    """Write *rows* as a fact folder, sorted by id; returns the files written.

    All of them appear or none, readable by their owner only as is a new folder. The same facts give
    the same bytes. *note* goes into the descriptor, such as "synthetic".
    """
    path = Path(folder)
    present = {name: facts for name in TABLES if (facts := _sorted(rows.get(name, ())))}
    contents = {f"{name}.csv": _csv(TABLES[name], facts) for name, facts in present.items()}
    contents[DESCRIPTOR] = descriptor_of(present, note)
    absent = [one for one in (path, *path.parents) if not one.exists()]
    try:
        for one in reversed(absent):
            one.mkdir(mode=_OWN_FOLDER if one is path else 0o777, exist_ok=True)
        replace_together(path, contents)
        for one in absent:
            flush_folder(one.parent)
    except BaseException as error:  # Ctrl-C as well
        _take_away(absent)
        if not isinstance(error, OSError | ValueError):
            raise
        problem = unwritable(error, path, "folder")
    else:
        return [path / name for name in contents]
    raise problem


def _take_away(folders: Iterable[Path]) -> None:
    """Folders that were made for nothing, from the innermost out."""
    with suppress(OSError):  # somebody has put something there, or it was never made
        for one in folders:
            one.rmdir()


def _sorted(facts: Iterable[Fact]) -> list[Fact]:
    return sorted(facts, key=lambda fact: fact.id)


def _csv(table: Table, facts: Sequence[Fact]) -> bytes:
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(table.column_names)
    writer.writerows(written_cells(table, facts))
    return target.getvalue().encode()
