"""What the columns of somebody's list become: a mapping from sheets to facts.

It is read from TOML by :mod:`osallisuus.ingest.mapping_toml`. Each column of a fact comes from one
:class:`Source`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final, Literal, TypeAlias

from attrs import field

from osallisuus.model.columns import Column
from osallisuus.rules.erasing import names_worker
from osallisuus.values import frozen

__all__ = [
    "DAYS",
    "FROM_THE_ROW",
    "DateFormat",
    "FactMapping",
    "SheetMapping",
    "Source",
    "WorkbookMapping",
    "is_of_a_person",
    "is_pattern",
    "is_personal",
    "plain",
]

DateFormat: TypeAlias = Literal["d.m.yyyy", "d/m/yyyy", "m/d/yyyy", "yyyy-mm-dd", "1900", "1904"]
"""How a day is written as text, or from which year on a bare number counts days."""
DAYS: Final = "@dates"
"""In ``over``: every heading that is a day."""
FROM_THE_ROW: Final = ("@heading", "@cell", "@sheet")
"""What a source may name besides headings and columns: cells of ``over``, and the sheet's name."""


@frozen(kw_only=True)
class Source:
    """Where a column of a fact comes from. Exactly one of the first four is given."""

    heading: str | None = None
    """The cell below this heading; ``@heading`` and ``@cell`` are those of a column of ``over``."""
    value: str | int | None = None
    """The same for every row, written as in a fact folder."""
    pseudonym: tuple[str, ...] | None = None
    """Headings whose cells become one pseudonym, made with the user's key. They are not stored."""
    join: tuple[str, ...] | None = None
    """Parts of an id, joined by hyphens: texts; ``@column`` for another column of the fact;
    ``@Heading`` for the cell below a heading; ``@heading`` in a column of ``over``; ``@sheet``.
    Where :meth:`WorkbookMapping.hides` says so, they are hashed with the user's key instead."""
    codes: str | None = None
    """The list of codes in which the cell's word is looked up; with ``join``, the words of its
    cells and the sheet's name."""
    empty: str | None = None
    """The value of an empty cell; without it the cell is not stated."""
    times: int | None = None
    """What the number in the cell is multiplied by, such as 100 for cents or 60 for minutes."""
    clock: str | None = None
    """The heading of the time of day, for a local time."""
    at: str | None = None
    """The time of day, such as ``17:00``, where no column holds it."""
    last_day: bool = False
    """The cell holds the last day, and the column wants the day after it, as ``ends_on`` does."""

    def headings(self, columns: Collection[str]) -> tuple[str, ...]:
        """All headings of the sheet that it needs, in a fact with those *columns*."""
        own = {*FROM_THE_ROW, *(f"@{column}" for column in columns)}
        parts = (part for part in self.join or () if part.startswith("@") and part not in own)
        named = (self.heading, self.clock, *(self.pseudonym or ()), *(p[1:] for p in parts))
        return tuple(one for one in named if one is not None and one not in FROM_THE_ROW)


@frozen(kw_only=True)
class FactMapping:
    """One fact for every row, or with ``over`` one for every row and column of those headings."""

    table: str
    over: tuple[str, ...] | None = None
    """Headings, patterns of headings such as ``Kerta *``, or ``@dates``."""
    where_filled: str | None = None
    """Only rows whose cell below this heading is not empty make a fact."""
    columns: Mapping[str, Source] = field(factory=dict)

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings that the header has to have for it, apart from patterns of ``over``."""
        named: list[str] = []
        for source in self.columns.values():
            named += source.headings(self.columns)
        named += [one for one in self.over or () if not is_pattern(one)]
        return tuple(dict.fromkeys([*named, *([self.where_filled] if self.where_filled else [])]))


@frozen(kw_only=True)
class SheetMapping:
    """What the rows of one sheet become. ``name`` may be a pattern such as ``Ryhmä *``."""

    name: str
    header_row: int | None = None
    """Without it the first row that has all headings which are named."""
    ignore: tuple[str, ...] = ()
    """Headings, or patterns of them, that nothing is made of."""
    stop_at: str | None = None
    """The text in the row where the list ends, such as ``Yhteensä``."""
    fact: tuple[FactMapping, ...] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings that one row has to have."""
        return tuple(dict.fromkeys(heading for fact in self.fact for heading in fact.headings))


@frozen(kw_only=True)
class WorkbookMapping:
    """A mapping for all sheets of a workbook, and how its texts are read."""

    sheet: tuple[SheetMapping, ...]
    ignore_sheets: tuple[str, ...] = ()
    dates: tuple[DateFormat, ...] = ()
    """How days are written; cells that the workbook itself holds as days need none."""
    decimal: Literal[",", "."] | None = None
    """The decimal mark of numbers that are written as text."""
    zone: str = "Europe/Helsinki"
    """The zone of local times."""
    first_year: int = 1950
    last_year: int = 2100
    """Days in other years are refused: most are slips of a century."""
    codes: Mapping[str, Mapping[str, str]] = field(factory=dict)
    """Lists of codes: the words of the cells, and what they are called in the facts."""

    @property
    def needs_key(self) -> bool:
        """Whether it makes pseudonyms, or ids of parts that must not be read in them."""
        return any(source.pseudonym or self.hides(fact, source) for fact, _, source in self._all())

    def hides(self, fact: FactMapping, source: Source) -> bool:
        """Whether a part of a joined id names somebody whom the fact outlives.

        The id of a case of guidance would go on telling of a guide who was erased, and shows in
        the own copy of whom they guided.
        """
        naming = self._naming() if source.join else ()
        return any(
            names_worker(fact.table, part[1:])
            if part[1:] in fact.columns
            else plain(part[1:]) in naming
            for part in source.join or ()
            if part.startswith("@") and part not in FROM_THE_ROW
        )

    def _naming(self) -> frozenset[str]:
        """The headings of whoever works for others, and of names, anywhere in the mapping.

        The same parts make the same id in each of its sheets.
        """
        return frozenset(
            plain(heading)
            for fact, column, source in self._all()
            if source.pseudonym or names_worker(fact.table, column)
            for heading in source.headings(fact.columns)
        )

    def _all(self) -> Iterator[tuple[FactMapping, str, Source]]:
        for sheet in self.sheet:
            for fact in sheet.fact:
                for column, source in fact.columns.items():
                    yield fact, column, source


def plain(text: str) -> str:
    """A heading or word as it is compared: without case, outer and repeated spaces."""
    return " ".join(text.split()).casefold()


_PERSONAL: Final = re.compile(
    r"nimi|puhelin|\bpuh\b|\bgsm\b|sähköpo|s-posti|e-?mail|e-?post|osoite|henkilötun|\bhetu\b"
    r"|\bsotu\b|\bname|name\b|surname|phone|mobile|address|namn|telefon|adress|personnummer"
    r"|personbeteckning|yhteystie|kontaktuppg|contact (details|info)|personal (identity|id)|social security"
)
_OF_SOMETHING_ELSE: Final = re.compile(
    r"ryhm|group|grupp|ohjelm|program|paik|place|plats|järjest|organi|yhdistys|förening"
)


def is_personal(heading: str) -> bool:
    """Whether a column under *heading* most likely holds names, contacts or identity codes."""
    text = plain(heading)
    return bool(_PERSONAL.search(text)) and not _OF_SOMETHING_ELSE.search(text)


def is_of_a_person(table: str, column: Column) -> bool:
    """Whether a column holds the id of a person, which must not tell who it is."""
    own = table == "people" and column.name == "id"
    return own or "people" in column.refers_to or column.name == "decided_by"


def is_pattern(text: str) -> bool:
    """Whether *text* means all headings that look like it, and not one."""
    return text == DAYS or any(sign in text for sign in "*?[")
