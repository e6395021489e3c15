"""Makes ``osallistujat.xlsx``: a list as a small organisation keeps it. Nobody in it is real.

``python examples/spreadsheet/make.py [FILE]`` writes it, the same bytes each time. The people are
those of ``examples/wertzu``, whose facts are made up by seeded chance; here they have names and
phone numbers as well, which are made up too. Needs the extra ``xlsx``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from osallisuus.ingest.folder import read_folder

Rows = Mapping[str, Sequence[Any]]
Names = Mapping[str, str]
MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's properties have no zone
FACTS = Path(__file__).resolve().parents[1] / "wertzu"
FIRST = "Aava Eero Helmi Ilmari Kaisla Lauha Niilo Oiva Pihla Rauni Saga Toivo".split()
LAST = "Keksilä Mallinen Näytelä Esimerkki Kuvitelma".split()
ENDINGS = {
    "completed": "Suoritti",
    "left": "Jäi pois",
    "moved_on": "Siirtyi",
    "declined": "Ei ottanut paikkaa",
    "ended_by_organizer": "Järjestäjä päätti",
}
CHANNELS = {"worker": "työntekijä", "peer": "vertainen", "self": "itse", "partner": "kumppani"}
MARKS = {"present": "x", "excused": "ilmoitti", "absent": "-"}


def finnish(day: date | None) -> str:
    """A day as it is written by hand: 31.1.2018."""
    return "" if day is None else f"{day.day}.{day.month}.{day.year}"


def main(target: str = "osallistujat.xlsx") -> None:
    """Write the list to *target*."""
    rows = read_folder(FACTS).rows
    workbook = xlsxwriter.Workbook(target, {"strings_to_formulas": False})
    workbook.set_properties({"created": MADE})
    groups = named(rows["groups"])
    people = [one for one in rows["enrollments"] if one.group is not None]
    names = {
        one.person: f"{LAST[number // len(FIRST)]} {FIRST[number % len(FIRST)]}"
        for number, one in enumerate(sorted(people, key=lambda e: (groups[e.group], e.person)))
    }
    write_groups(workbook, rows, groups)
    write_people(workbook, people, names, groups)
    write_marks(workbook, rows, people, names, groups)
    workbook.close()


def named(groups: Sequence[Any]) -> Names:
    """What people call the groups: by their place and number, as "Tampere 1"."""
    names: dict[str, str] = {}
    count: dict[str, int] = {}
    for group in sorted(groups, key=lambda one: one.starts_on):
        count[group.place] = count.get(group.place, 0) + 1
        names[group.id] = f"{group.place} {count[group.place]}"
    return names


def titled(workbook: Any, name: str, title: str, headings: list[str]) -> Any:
    """A sheet with a merged title row, an empty row and the headings."""
    sheet = workbook.add_worksheet(name)
    sheet.merge_range(0, 0, 0, len(headings) - 1, title, workbook.add_format({"bold": True}))
    sheet.write_row(2, 0, headings, workbook.add_format({"bold": True, "bottom": 1}))
    sheet.set_column(0, len(headings), 14)
    return sheet


def write_groups(workbook: Any, rows: Rows, groups: Names) -> None:
    """The groups and what they cost, with decimal commas as text, and a row of totals."""
    headings = ["Ryhmä", "Paikkakunta", "Alkoi", "Viimeinen kerta", "Kulut €"]
    sheet = titled(workbook, "Ryhmät", "Wertzu-koulutukset", headings)
    cents: dict[str, int] = {}
    for cost in rows["costs"]:
        cents[cost.group] = cents.get(cost.group, 0) + (cost.cents or 0)
    by_number = sorted(rows["groups"], key=lambda group: groups[group.id])
    for row, group in enumerate(by_number, start=3):
        euros = f"{cents.get(group.id, 0) / 100:.2f}".replace(".", ",")
        last = group.ends_on - timedelta(days=1)  # people write down the last day
        cells = [groups[group.id], group.place, finnish(group.starts_on), finnish(last)]
        sheet.write_row(row, 0, [*cells, euros])
    total = f"{sum(cents.values()) / 100:.2f}".replace(".", ",")
    sheet.write_row(len(by_number) + 3, 0, ["Yhteensä", "", "", "", total])


def write_people(workbook: Any, people: list[Any], names: Names, groups: Names) -> None:
    """The people, some of their days as days and some as text."""
    headings = ["Nimi", "Puhelin", "Ryhmä", "Mistä tuli", "Ilmoittautui", "Aloitti", "Päättyi",
                "Miten päättyi", "Huomioita"]  # fmt: skip
    sheet = titled(workbook, "Osallistujat", "Osallistujat 2016–2018", headings)
    day = workbook.add_format({"num_format": "d.m.yyyy"})
    for row, one in enumerate(sorted(people, key=lambda e: names[e.person]), start=3):
        phone = f"050 000 {row:04}"
        channel = CHANNELS.get(one.channel or "", "")
        sheet.write_row(row, 0, [names[one.person], phone, groups[one.group], channel])
        sheet.write_string(row, 4, finnish(one.reached_on))
        if one.started_on is not None:
            sheet.write_datetime(row, 5, one.started_on, day)
        if one.ended_on is not None:
            sheet.write_datetime(row, 6, one.ended_on, day)
        sheet.write_string(row, 7, ENDINGS.get(one.ending or "", ""))


def write_marks(workbook: Any, rows: Rows, people: list[Any], names: Names, groups: Names) -> None:
    """Who was there: a row for each person, a column for each day."""
    days = sorted({session.starts_at.date() for session in rows["sessions"]})
    column = {day: number for number, day in enumerate(days, start=2)}
    headings = ["Nimi", "Ryhmä", *map(finnish, days)]
    sheet = titled(workbook, "Läsnäolot", "Läsnäolot: x paikalla, - poissa", headings)
    held = {session.id: session.starts_at.date() for session in rows["sessions"]}
    by_name = sorted(people, key=lambda one: names[one.person])
    row_of = {one.person: row for row, one in enumerate(by_name, start=3)}
    for one in by_name:
        sheet.write_row(row_of[one.person], 0, [names[one.person], groups[one.group]])
    own = {one.person: one.group for one in people}
    group_of = {session.id: session.group for session in rows["sessions"]}
    for mark in rows["attendance"]:
        # those who came to help in a later group are not in the list of that group
        if own.get(mark.person) == group_of[mark.session]:
            day = held[mark.session]
            sheet.write_string(row_of[mark.person], column[day], MARKS[mark.status])


if __name__ == "__main__":
    main(*sys.argv[1:])
