"""A person's own copy in plain words. It is theirs: nothing is INTERNAL.

:func:`say_copy` says it as headings, paragraphs and lists, of which a document can be made;
:func:`tell_copy` writes them as Markdown without HTML.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, tzinfo
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from osallisuus.model.columns import FreeText
from osallisuus.model.facts import TABLES
from osallisuus.model.stated import Locale
from osallisuus.model.store import Entry
from osallisuus.model.vocabulary import vocabularies, vocabulary
from osallisuus.rules.copy_titles import Titles
from osallisuus.rules.copying import ANOTHER, QUOTING, Another, OwnCopy, Recorded, Use, work_of
from osallisuus.values import frozen
from osallisuus.words import Words

__all__ = ["IMPORTED", "Said", "called", "say_copy", "tell_copy"]

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

_NOBODY: Final = "command line"
"""What stands in the journal where nobody was named: neither a person nor a role."""
IMPORTED: Final = {"folder": "import of a folder", "list": "import of a list"}
"""What stands in the journal, before the kind of the file, where the command line imported."""
_MARKS: Final = re.compile(r"([\\`*_\[\]<>#|~])")


def called(kind: str, name: str, locale: Locale) -> str:
    """What a table (``tables``) or a column (``columns``) of the facts is called in plain words."""
    return _names()[kind][name][locale]


@frozen
class Said:
    """A heading (``level`` 1 to 3), a paragraph (0) or, with ``level`` ``None``, a list of lines."""

    level: int | None
    lines: tuple[str, ...]


def say_copy(copy: OwnCopy, *, locale: Locale = "en") -> tuple[Said, ...]:
    """The copy in that language, as headings, paragraphs and lists of plain text."""
    return tuple(_Teller(copy, locale).parts())


def tell_copy(copy: OwnCopy, *, locale: Locale = "en") -> str:
    """The copy as Markdown text in that language."""
    return "\n\n".join(map(_markdown, say_copy(copy, locale=locale))) + "\n"


def _markdown(said: Said) -> str:
    lines = [_escaped(line) for line in said.lines]
    if said.level is None:
        return "\n".join(f"- {line}" for line in lines)
    return f"{'#' * said.level} {lines[0]}" if said.level else lines[0]


def _heading(level: int, text: str) -> Said:
    return Said(level, (text,))


def _text(text: str) -> Said:
    return Said(0, (text,))


def _list(lines: Iterable[str]) -> Said:
    return Said(None, tuple(lines))


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
        self.titles = Titles(copy, self.words, self._written)
        self.zone = _zone(copy)

    def parts(self) -> Iterator[Said]:
        """Headings, paragraphs and lists, in their order."""
        words = self.words
        yield _heading(1, words("copy.title"))
        yield _text(words("copy.intro", person=self.copy.person))
        if self.copy.uses:
            yield _heading(2, words("copy.uses"))
            yield _list(self._use(one) for one in self.copy.uses)
        for table, records in groupby(self.copy.records, key=lambda one: one.table):
            name = called("tables", table, self.locale)
            yield _heading(2, name)
            for number, record in enumerate(self.titles.in_order(records), start=1):
                yield _heading(3, self.titles.of(record) or f"{name} {number}")
                yield _list(self._lines(record))
        yield _heading(2, words("copy.not_shown"))
        yield from self._not_shown()
        yield _heading(2, words("copy.erasing"))
        yield from self._erasing()
        yield _heading(2, words("copy.rights"))
        yield _text(words("copy.your_rights"))

    def _use(self, one: Use) -> str:
        standing = {None: "use", True: "use_consented", False: "use_without_consent"}[one.consents]
        text = one.text.label(self.locale)
        return self.words(f"copy.{standing}", program=self._title(one.program), use=text)

    def _title(self, program: str) -> str:
        title = self.copy.titles.get(program)
        return title.label(self.locale) if title is not None else program

    def _lines(self, record: Recorded) -> Iterator[str]:
        trait = dict(record.values).get("name") if record.table == "traits" else None
        for column, value in record.values:
            if column == "value" and trait and trait in vocabularies():  # such as an age band
                yield f"{called('columns', column, self.locale)}: {self._term(trait, value)}"
            # all of it is about the same person, who need not read that in every line
            elif column not in ("id", "person") or value is ANOTHER:
                yield self._pair(record.table, column, value)
        if record.of_another:
            yield self.words("copy.of_another")
        for column in record.withheld:
            reason = self.words(f"copy.withheld.{'note' if column == 'note' else 'of_another'}")
            yield f"{called('columns', column, self.locale)}: {reason}"
        yield self._by(record.first, "recorded")
        yield f"{called('columns', 'id', self.locale)}: {record.id}"
        for one in record.corrections:
            earlier = ", ".join(self._pair(record.table, *pair) for pair in one.earlier)
            before = self.words("copy.earlier_of_another")
            if one.earlier:
                before = self.words("copy.earlier", earlier=earlier)
            yield f"{self._by(one.changed, 'corrected')} {before}"

    def _pair(self, table: str, column: str, value: Any) -> str:
        return f"{called('columns', column, self.locale)}: {self._written(table, column, value)}"

    def _by(self, entry: Entry | None, what: str) -> str:
        if entry is None:
            return self.words(f"copy.{what}_somewhen")
        # the journal is kept in UTC, whatever clock the person reads
        moment = self.words.locale.moment(entry.recorded_at.astimezone(self.zone))
        named = what if entry.actor != _NOBODY else f"{what}_by_nobody"
        by = self.words(f"copy.{named}", moment=moment, who=entry.actor)
        return f"{by} {self._because(entry.reason)}" if entry.reason else by

    def _because(self, reason: str) -> str:
        for source, known in IMPORTED.items():
            if reason.startswith(known):
                return self.words(f"copy.from_{source}")
        return self.words("copy.because", why=reason)

    def _written(self, table: str, column: str, value: Any) -> str:
        match value:
            case None:
                text = self.words("cell.not_stated")
            case Another():
                text = self.words(f"copy.another.{column}")
            case date():
                text = self.words.locale.day(value)
            case FreeText():
                text = f"“{' '.join(value.split())}”"  # on purpose: it is their own copy
            case _ if column == "decided_by" or "people" in TABLES[table].column(column).refers_to:
                text = self.words("copy.you")
            case _:
                text = self._label(table, column, str(value))
        return text

    def _label(self, table: str, column: str, value: str) -> str:
        if column == "program":
            return self._title(value)
        if column == "session" and value in self.copy.sessions:
            return self.words.locale.moment(self.copy.sessions[value])
        if column == "group" and value in self.copy.groups:
            return self._group(value)
        if title := self.titles.referred(table, column, value):
            return title
        name = _VOCABULARY.get(f"{table}.{column}") or _VOCABULARY.get(column)
        return value if name is None else self._term(name, value)

    def _group(self, identity: str) -> str:
        """Where the group is and since when, as its people know it."""
        group = self.copy.groups[identity]
        since = self.words("provenance.since", date=self.words.locale.day(group.starts_on))
        return ", ".join(part for part in (group.place, since) if part)

    def _term(self, name: str, value: str) -> str:
        term = vocabulary(name).term(value)
        return term.label(self.locale) if term is not None else value.replace("_", " ")

    def _not_shown(self) -> Iterator[Said]:
        if any("note" in record.withheld for record in self.copy.records):
            yield _text(self.words("copy.notes_withheld"))
        yield _text(self.words("copy.never"))

    def _erasing(self) -> Iterator[Said]:
        words = self.words
        worked = work_of(self.copy)
        counts = Counter(record.table for record in self.copy.records if record not in worked)
        lines = [f"{called('tables', name, self.locale)}: {n}" for name, n in counts.items()]
        yield _text(words("copy.would_go", n=counts.total()))
        yield _list(lines)
        yield _text(words("copy.stays"))
        stays = [words("copy.releases", n=self.copy.releases), words("copy.journal")]
        if any(("purpose", QUOTING) in record.values for record in self.copy.records):
            stays.append(words("copy.quoted"))
        if self.copy.decided:
            stays.append(words("copy.decided", n=self.copy.decided))
        if worked:
            stays.append(words("copy.worked", n=len(worked)))
        stays.append(words("copy.duties"))
        yield _list(stays)


def _zone(copy: OwnCopy) -> tzinfo:
    """The time zone of what the copy tells of, where all of it has one; else that of the journal."""
    zones = {one.tzinfo for one in copy.sessions.values() if one.tzinfo is not None}
    return zones.pop() if len(zones) == 1 else UTC


def _escaped(text: str) -> str:
    """Text on one line that Markdown shows as it is."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
