"""A person's own copy in plain words, as Markdown without HTML. It is theirs: nothing is INTERNAL."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from osallisuus.model.columns import FreeText
from osallisuus.model.facts import TABLES
from osallisuus.model.stated import Locale
from osallisuus.model.store import Entry
from osallisuus.model.vocabulary import vocabulary
from osallisuus.rules.copying import ANOTHER, Another, OwnCopy, Recorded, Use
from osallisuus.words import Words

__all__ = ["called", "tell_copy"]

_VOCABULARY: Final = {
    "enrollments.ending": "enrollment_ending",
    "roles.ending": "role_ending",
    "guidance.ending": "guidance_ending",
    "memberships.ending": "membership_ending",
    "contacts.mode": "contact_mode",
    "encounters.mode": "encounter_mode",
    "memberships.mode": "membership_mode",
    "outcome": "interview_outcome",
    "status": "attendance_status",
    "point": "review_point",
    "role": "role",
    "acting_as": "role",
    "channel": "channel",
    "aim": "aim",
    "name": "trait",
    "area": "encounter_area",
    "age_band": "age_band",
    "gender": "gender",
    "theme": "theme",
    "place_kind": "place_kind",
    "domain": "goal_domain",
    "purpose": "purpose",
    "completeness": "completeness",
}
"""Column, or table and column -> the vocabulary of its codes."""

_MARKS: Final = re.compile(r"([\\`*_\[\]<>#|~])")


def called(kind: str, name: str, locale: Locale) -> str:
    """What a table (``tables``) or a column (``columns``) of the facts is called in plain words."""
    return _names()[kind][name][locale]


def tell_copy(copy: OwnCopy, *, locale: Locale = "en") -> str:
    """The copy as Markdown text in that language."""
    return "\n\n".join(_Teller(copy, locale).parts()) + "\n"


@cache
def _names() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    file = Path(__file__).with_suffix(".toml")
    return tomllib.loads(file.read_text("utf-8"))


class _Teller:
    """Tells one copy in one language."""

    def __init__(self, copy: OwnCopy, locale: Locale) -> None:
        self.copy = copy
        self.locale = locale
        self.words = Words(locale)

    def parts(self) -> Iterator[str]:
        """Headings, paragraphs and lists, in their order."""
        words = self.words
        yield f"# {words('copy.title')}"
        yield words("copy.intro", person=_escaped(self.copy.person))
        if self.copy.uses:
            yield f"## {words('copy.uses')}"
            yield "\n".join(f"- {self._use(one)}" for one in self.copy.uses)
        for table, records in groupby(self.copy.records, key=lambda one: one.table):
            yield f"## {called('tables', table, self.locale)}"
            for record in records:
                yield f"### {_escaped(record.id)}"
                yield "\n".join(f"- {line}" for line in self._lines(record))
        yield f"## {words('copy.not_shown')}"
        yield from self._not_shown()
        yield f"## {words('copy.erasing')}"
        yield from self._erasing()
        yield f"## {words('copy.rights')}"
        yield words("copy.your_rights")

    def _use(self, one: Use) -> str:
        standing = {None: "use", True: "use_consented", False: "use_without_consent"}[one.consents]
        text = one.text.label(self.locale)
        return self.words(f"copy.{standing}", program=self._title(one.program), use=text)

    def _title(self, program: str) -> str:
        title = self.copy.titles.get(program)
        return title.label(self.locale) if title is not None else program

    def _lines(self, record: Recorded) -> Iterator[str]:
        for column, value in record.values:
            # all of it is about the same person, who need not read that in every line
            if column not in ("id", "person") or value is ANOTHER:
                yield self._pair(record.table, column, value)
        for column in record.withheld:
            reason = self.words(f"copy.withheld.{'note' if column == 'note' else 'of_another'}")
            yield f"{called('columns', column, self.locale)}: {reason}"
        yield self._by(record.first, "recorded")
        for one in record.corrections:
            earlier = ", ".join(self._pair(record.table, *pair) for pair in one.earlier)
            before = self.words("copy.earlier", earlier=earlier)
            yield f"{self._by(one.changed, 'corrected')} {before}"

    def _pair(self, table: str, column: str, value: Any) -> str:
        return f"{called('columns', column, self.locale)}: {self._written(table, column, value)}"

    def _by(self, entry: Entry | None, what: str) -> str:
        if entry is None:
            return self.words(f"copy.{what}_somewhen")
        moment = self.words.locale.moment(entry.recorded_at)
        who, why = _escaped(entry.actor), _escaped(entry.reason)
        return self.words(f"copy.{what}", moment=moment, who=who, why=why)

    def _written(self, table: str, column: str, value: Any) -> str:
        match value:
            case None:
                text = self.words("cell.not_stated")
            case Another():
                text = self.words(f"copy.another.{column}")
            case datetime():
                text = self.words.locale.moment(value)
            case date():
                text = self.words.locale.day(value)
            case FreeText():
                text = f"“{_escaped(value)}”"
            case _ if column == "decided_by" or "people" in TABLES[table].column(column).refers_to:
                text = self.words("copy.you")
            case _:
                text = _escaped(self._label(table, column, str(value)))
        return text

    def _label(self, table: str, column: str, value: str) -> str:
        if column == "program":
            return self._title(value)
        if column == "session" and value in self.copy.sessions:
            return self.words.locale.moment(self.copy.sessions[value])
        name = _VOCABULARY.get(f"{table}.{column}") or _VOCABULARY.get(column)
        if name is None:
            return value
        term = vocabulary(name).term(value)
        return term.label(self.locale) if term is not None else value.replace("_", " ")

    def _not_shown(self) -> Iterator[str]:
        if any("note" in record.withheld for record in self.copy.records):
            yield self.words("copy.notes_withheld")
        yield self.words("copy.never")

    def _erasing(self) -> Iterator[str]:
        words = self.words
        counts = Counter(record.table for record in self.copy.records)
        lines = [f"{called('tables', name, self.locale)}: {n}" for name, n in counts.items()]
        yield words("copy.would_go", n=len(self.copy.records))
        yield "\n".join(f"- {line}" for line in lines)
        yield words("copy.stays")
        stays = [words("copy.releases", n=self.copy.releases), words("copy.journal")]
        if self.copy.decided:
            stays.append(words("copy.decided", n=self.copy.decided))
        stays.append(words("copy.duties"))
        yield "\n".join(f"- {one}" for one in stays)


def _escaped(text: str) -> str:
    """Text on one line that Markdown shows as it is."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
