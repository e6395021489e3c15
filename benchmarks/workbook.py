"""A workbook of 50,000 rows and 10 columns, against bare calamine in a child process.

Both read the file in another process and have its rows here afterwards. The bare child unpickles
nothing that it should not, since it trusts the file: it reads with calamine and sends one pickle.
Ours counts what is unpacked, looks for error cells, holds the child to its limits and sends JSON
lines. The time is that of both processes. The second comparison goes on to facts: pseudonyms,
days, codes and ids of 50,000 people and enrolments, each checked; nobody else does that.
"""

from __future__ import annotations

import pickle
import resource
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

from harness import Comparison

COMPARISONS = [
    Comparison(
        name="workbook",
        task="50,000 x 10 cells of a workbook, read in a child / bare calamine in a child",
        ours="ours",
        other="bare",
        goal=1.5,
    ),
    Comparison(
        name="workbook",
        task="the same made into 100,000 facts by a mapping / bare calamine in a child",
        ours="facts",
        other="bare",
        goal=None,
        rounds=3,
    ),
]
ROWS = 50_000
HEADINGS = "Nimi Puhelin Ryhmä Mistä Ilmoittautui Aloitti Päättyi Miten Tunteja Huomioita".split()
MAPPING = """
dates = ["d.m.yyyy"]
[[sheet]]
name = "Lista"
ignore = ["Puhelin", "Ryhmä", "Tunteja", "Huomioita"]
[[sheet.fact]]
table = "people"
id = { pseudonym = ["Nimi"] }
registered_on = "Ilmoittautui"
[[sheet.fact]]
table = "enrollments"
id = { join = ["e", "@person"] }
person = { pseudonym = ["Nimi"] }
program = { value = "wertzu" }
program_version = { value = "1" }
channel = { heading = "Mistä", codes = "channels" }
started_on = "Aloitti"
ended_on = "Päättyi"
ending = { heading = "Miten", codes = "endings" }
[codes.channels]
itse = "self"
[codes.endings]
suoritti = "completed"
"""
BARE = """
import pickle, sys
from python_calamine import CalamineWorkbook
sheet = CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0)
pickle.dump(sheet.to_python(), sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
"""


def prepare(folder: Path) -> str | None:
    """The workbook: names, numbers, words, and days as days and as text."""
    try:
        import python_calamine  # noqa: F401 - asked for, not used
        import xlsxwriter
    except ImportError:
        return "python-calamine and xlsxwriter are not installed"
    workbook = xlsxwriter.Workbook(folder / "list.xlsx", {"constant_memory": True})
    sheet = workbook.add_worksheet("Lista")
    day = workbook.add_format({"num_format": "d.m.yyyy"})
    sheet.write_row(0, 0, HEADINGS)
    for row in range(1, ROWS + 1):
        start = date(2015, 1, 1) + timedelta(days=row % 2000)
        known = start - timedelta(days=30)
        sheet.write_string(row, 0, f"Keksilä Aava {row}")
        sheet.write_string(row, 1, f"050 {row:07}")
        sheet.write_string(row, 2, f"R{row % 50}")
        sheet.write_string(row, 3, "itse")
        sheet.write_string(row, 4, f"{known.day}.{known.month}.{known.year}")
        sheet.write_datetime(row, 5, start, day)
        sheet.write_datetime(row, 6, start + timedelta(days=60), day)
        sheet.write_string(row, 7, "Suoritti")
        sheet.write_number(row, 8, row % 40 / 4)
        sheet.write_string(row, 9, "")
    workbook.close()
    (folder / "map.toml").write_text(MAPPING, encoding="utf-8")
    return None


def _used() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def ours(folder: Path) -> float:
    from osallisuus.ingest.workbook import read_sheets

    start = _used()
    rows = [row for sheet in read_sheets(folder / "list.xlsx") for row in sheet.rows]
    used = _used() - start
    assert len(rows) == ROWS + 1
    return used


def facts(folder: Path) -> float:
    from osallisuus.ingest.mapped import read_mapped
    from osallisuus.ingest.mapping_toml import load_mapping

    mapping = load_mapping(folder / "map.toml")
    start = _used()
    batch = read_mapped(folder / "list.xlsx", mapping, key=b"0" * 64).batch
    used = _used() - start
    assert len(batch) == 2 * ROWS
    assert not batch.problems
    return used


def bare(folder: Path) -> float:
    start = _used()
    done = subprocess.run(
        [sys.executable, "-c", BARE, str(folder / "list.xlsx")], check=True, capture_output=True
    )
    rows = pickle.loads(done.stdout)
    used = _used() - start
    assert len(rows) == ROWS + 1
    return used
