"""What a record is called in a person's own copy: what it is about and when, instead of an id.

A record has the day of its own first date; one without any, as an answer, has the day of what it
belongs to. Only what the copy shows of a record is in its title.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, Final

from osallisuus.model.facts import TABLES
from osallisuus.rules.copying import ANOTHER, OwnCopy, Recorded
from osallisuus.words import Words

__all__ = ["Titles"]

_ABOUT: Final = (
    "role", "program", "name", "theme", "item", "purpose", "domain", "instrument", "scale",
    "place_kind", "kind", "mode", "point",
)  # fmt: skip
"""The columns that say best what a record is about, the best first."""


class Titles:
    """The titles and the order of the records of one copy, in the words of one language.

    *write* writes a value of a column of a table in words.
    """

    def __init__(self, copy: OwnCopy, words: Words, write: Callable[[str, str, Any], str]) -> None:
        self._copy, self._words, self._write = copy, words, write
        self._known = {(record.table, record.id): record for record in copy.records}

    def in_order(self, records: Iterable[Recorded]) -> list[Recorded]:
        """By their days, those without a day last; of one day by their ids."""

        def place(record: Recorded) -> tuple[bool, str, str]:
            day = self._moment(record)
            return day is None, "" if day is None else day.isoformat(), record.id

        return sorted(records, key=place)

    def of(self, record: Recorded) -> str:
        """What it is about and when; empty where it shows neither."""
        values = dict(record.values)
        about = next((one for one in _ABOUT if values.get(one) not in (None, ANOTHER)), None)
        said = [] if about is None else [self._write(record.table, about, values[about])]
        moment = self._moment(record)
        if isinstance(moment, datetime):
            said.append(self._words.locale.moment(moment))
        elif moment is not None:
            said.append(self._words.locale.day(moment))
        title = ", ".join(said)
        return f"{title[:1].upper()}{title[1:]}"

    def referred(self, table: str, column: str, value: str) -> str:
        """What the record is called that *value* in this column names; empty if it is not in the copy."""
        parent = self._parent(table, column, value)
        return "" if parent is None else self.of(parent)

    def _parent(self, table: str, column: str, value: Any) -> Recorded | None:
        referred = TABLES[table].column(column).refers_to
        found = (self._known.get((one, value)) for one in referred if one != "people")
        return next((one for one in found if one is not None), None)

    def _moment(self, record: Recorded) -> date | None:
        """Its first date or time, that of its session, or that of what it belongs to."""
        for column, value in record.values:
            if isinstance(value, date):
                return value
            if column == "session" and value in self._copy.sessions:
                return self._copy.sessions[value]
        for column, value in record.values:
            parent = self._parent(record.table, column, value) if column != "id" else None
            if parent is not None and parent.table != record.table:
                return self._moment(parent)
        return None
