"""Typed columns: Parquet and Arrow, as three other readers understand them."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import nanoarrow
import polars as pl
import pytest
from attrs import evolve
from pyarrow import ipc, parquet

import osallisuus as osa
from osallisuus.errors import PluginError
from osallisuus.exporters import parquet as ours
from osallisuus.ingest.folder import read_folder
from osallisuus.model.facts import TABLES
from tests.exporters.leaving import FEW, HELSINKI, Given, written

EXAMPLES = Path(__file__).parents[2] / "examples"
COST = osa.Cost(
    id="c-1", program="verna", happened_on=date(2024, 5, 1), head="fees", cents=0, minutes=None
)
SCORE = [
    osa.Assessment(
        id="m-1",
        instrument="esis",
        instrument_version="1",
        wave="first",
        happened_on=date(2024, 5, 1),
    ),
    osa.Score(id="w-1", assessment="m-1", scale="all", value=-0.5, completeness="complete"),
    osa.Score(id="w-2", assessment="m-1", scale="all", value=None, completeness="partial"),
]


def test_columns_have_types_and_say_what_they_mean(tmp_path: Path) -> None:
    folder = written("parquet", tmp_path, *FEW, COST)
    schema = parquet.read_schema(folder / "costs.parquet")
    assert {name: str(schema.field(name).type) for name in schema.names} == {
        "id": "string",
        "program": "dictionary<values=string, indices=int32, ordered=0>",
        "group": "string",
        "happened_on": "date32[day]",
        "head": "dictionary<values=string, indices=int32, ordered=0>",
        "cents": "int64",
        "minutes": "int64",
        "worker_kind": "dictionary<values=string, indices=int32, ordered=0>",
    }
    assert schema.metadata[b"osallisuus_schema_version"] == b"1"
    assert b"pandas" not in schema.metadata
    assert json.loads(schema.metadata[b"table_schema"])["primaryKey"] == ["id"]
    assert schema.field("cents").metadata == {b"class": b"public", b"unit": b"0.01 EUR"}
    people = parquet.read_schema(folder / "attendance.parquet").field("person")
    assert people.metadata == {b"class": b"personal"}
    assert not people.nullable


def test_duckdb_polars_and_pandas_read_back_what_was_written(tmp_path: Path) -> None:
    """Nothing is not 0, a half is a half, and 10 in the morning in Helsinki is 7 o'clock UTC."""
    folder = written("parquet", tmp_path, *FEW, COST, *SCORE)
    assert duckdb.sql(f"SELECT cents, minutes FROM '{folder}/costs.parquet'").fetchall() == [
        (0, None)
    ]
    values = pl.read_parquet(folder / "scores.parquet")["value"].to_list()
    assert values == [-0.5, None]
    sessions = pl.read_parquet(folder / "sessions.parquet")
    assert sessions["starts_at"].to_list() == [datetime(2024, 6, 3, 7, tzinfo=UTC)]
    assert sessions["starts_at_zone"].to_list() == ["Europe/Helsinki"]
    frame = parquet.read_table(folder / "enrollments.parquet").to_pandas()
    assert frame["started_on"].tolist() == [date(2024, 2, 1)]
    assert frame["ending"].tolist() == ["completed"]
    assert frame["informed_on"].isna().all()


@pytest.mark.parametrize("name", ["parquet", "arrow"])
def test_every_fact_of_an_example_comes_back_equal(name: str, tmp_path: Path) -> None:
    """A record made of what another reader reads is the record that was written."""
    batch = read_folder(EXAMPLES / "kokemusohjaus")
    facts = [fact for rows in batch.rows.values() for fact in rows]
    folder = written(name, tmp_path, *facts)
    found = []
    for file in sorted(folder.iterdir()):
        if name == "parquet":
            rows = pl.read_parquet(file).to_dicts()
        else:
            rows = nanoarrow.Array(
                nanoarrow.ArrayStream.from_readable(file.read_bytes())
            ).to_pylist()
        table = TABLES[file.stem]
        for row in rows:
            for column in table.columns:
                if column.type.name == "local_time":
                    zone = row.pop(f"{column.name}_zone")
                    assert zone == "Europe/Helsinki"
                    row[column.name] = row[column.name].astimezone(HELSINKI)
            found.append(table.record(**row))
    told = {(type(fact), fact.id): fact for fact in facts}
    assert {(type(fact), fact.id): fact for fact in found} == told


def test_the_footer_has_no_value_of_a_person_and_no_id(tmp_path: Path) -> None:
    """Least and greatest values of public columns only (E7)."""
    folder = written("parquet", tmp_path, *FEW, COST, *SCORE)
    summed = 0
    for file in folder.iterdir():
        columns = {column.name: column for column in TABLES[file.stem].columns}
        group = parquet.ParquetFile(file).metadata.row_group(0)
        for number in range(group.num_columns):
            one = group.column(number)
            name = one.path_in_schema.removesuffix("_zone")
            if one.is_stats_set:
                assert columns[name].field_class == "public"
                assert columns[name].type.name not in ("id", "local_time")
                summed += 1
    assert summed > 5
    footer = (folder / "people.parquet").read_bytes()
    assert footer[footer.rindex(b"schema") :].count(b"p-1") == 0


def test_rows_are_written_in_groups_as_they_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ours, "_AT_ONCE", 10)
    people = [evolve(FEW[0], id=f"p-{number:03}") for number in range(25)]
    for name in ("parquet", "arrow"):
        (tmp_path / name).mkdir()
        folder = written(name, tmp_path / name, *people)
        if name == "parquet":
            metadata = parquet.ParquetFile(folder / "people.parquet").metadata
            sizes = [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)]
        else:
            with ipc.open_stream(folder / "people.arrows") as stream:
                sizes = [batch.num_rows for batch in stream]
        assert sizes == [10, 10, 5]


def test_a_repeated_hour_keeps_its_two_moments(tmp_path: Path) -> None:
    """At half past three on the last Sunday of October, twice."""
    first = datetime(2024, 10, 27, 3, 30, tzinfo=HELSINKI)
    sessions = [
        evolve(FEW[8], id="s-1", starts_at=first),
        evolve(FEW[8], id="s-2", starts_at=first.replace(fold=1)),
    ]
    folder = written("parquet", tmp_path, *sessions)
    moments = pl.read_parquet(folder / "sessions.parquet")["starts_at"].to_list()
    assert [one.hour for one in moments] == [0, 1]


@pytest.mark.parametrize("name", ["ParquetExporter", "ArrowExporter"])
def test_without_the_extra_the_error_says_what_to_install(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, module, None)
    exporter: Any = getattr(ours, name)()
    with pytest.raises(PluginError, match=r"osallisuus\[parquet\]"):
        exporter.write(Given(*FEW), tmp_path / "out")
