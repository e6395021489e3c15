"""The files of a fact folder change together, wherever the writer is stopped."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import osallisuus as osa
from osallisuus.errors import ImportProblem, StoreError
from osallisuus.ingest import replacing
from osallisuus.ingest.folder import read_folder, write_folder
from osallisuus.ingest.replacing import finish_replacing

DAY = date(2020, 1, 1)
ANNA, BEA = (osa.Person(id=name, registered_on=DAY) for name in ("anna", "bea"))
HERS = osa.Consent(id="c", person="anna", purpose="quoting", given_on=DAY)
BEFORE: dict[str, Any] = {"people": [ANNA], "consents": [HERS]}
AFTER: dict[str, Any] = {"people": [BEA]}
STEPS = (("write_new", None), ("flush_folder", None), ("replace", Path), ("unlink", Path))


class Stopped(BaseException):
    """What a kill would be."""


def stopping_at(monkeypatch: pytest.MonkeyPatch, step: int) -> Callable[[], int]:
    """Stop before the given step that touches the disk; the answer says how many were begun."""
    begun = 0

    def counted(real: Any) -> Any:
        def call(*args: Any, **named: Any) -> Any:
            nonlocal begun
            begun += 1
            if begun >= step:
                raise Stopped
            return real(*args, **named)

        return call

    for name, owner in STEPS:
        place = replacing if owner is None else owner
        monkeypatch.setattr(place, name, counted(getattr(place, name)))
    return lambda: begun


def held(folder: Path) -> dict[str, list[Any]]:
    return {name: list(rows) for name, rows in read_folder(folder).rows.items() if rows}


def test_wherever_a_writer_is_stopped_all_files_are_the_old_ones_or_all_the_new(
    tmp_path: Path,
) -> None:
    """Also those that go; and the next one who writes finds nothing in the way."""
    seen = []
    for step in range(1, 60):
        folder = tmp_path / str(step)
        write_folder(folder, BEFORE)
        with pytest.MonkeyPatch.context() as patched:
            begun = stopping_at(patched, step)
            with suppress(Stopped):
                write_folder(folder, AFTER)
            if begun() < step:
                break
        seen.append(held(folder))
        assert seen[-1] in (BEFORE, AFTER)
        write_folder(folder, BEFORE)
        assert held(folder) == BEFORE
        assert not [file.name for file in folder.iterdir() if file.name.startswith(".")]
    assert BEFORE in seen
    assert AFTER in seen
    assert seen == sorted(seen, key=BEFORE.__ne__), "once it is made it stays made"


def test_a_mark_of_somebody_else_is_refused_and_nothing_is_touched(tmp_path: Path) -> None:
    """It could name any file of the machine."""
    folder = tmp_path / "facts"
    write_folder(folder, BEFORE)
    missing = '["datapackage.json", "roles.csv"]'
    for text in (
        missing,
        "[]",
        '["people.csv"]',
        '["datapackage.json", "../../secret"]',
        '{"people.csv": 1}',
        "[1]",
        "not json",
        "[" * 100_000,
    ):
        (folder / ".replacing.json").write_text(text)
        with pytest.raises(StoreError, match=r"no mark of ours .*take it away"):
            read_folder(folder)
    (folder / ".replacing.json").unlink()
    assert held(folder) == BEFORE


def test_what_cannot_be_completed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who may only read learns what to ask for."""
    folder = tmp_path / "facts"
    write_folder(folder, BEFORE)
    (folder / ".replacing.json").write_text('["datapackage.json", "people.csv"]')
    (folder / ".people.csv.new").write_text("id\n")

    def refused(*_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(ImportProblem, match="cannot be completed: permission denied"):
        read_folder(folder)


def test_nothing_is_done_where_nothing_is_waiting(tmp_path: Path) -> None:
    """Neither in a folder nor where there is none."""
    finish_replacing(tmp_path)
    finish_replacing(tmp_path / "nowhere")
    assert list(tmp_path.iterdir()) == []
