"""Codes that no vocabulary and no programme knows: as a rule a misspelling, or a word of a language.

Open vocabularies take codes of a programme's own, so a code is asked of all programmes that the
facts name. A code that nobody knows is kept and counts as itself; it may only be missing where a
reader looks for it, such as in a column of a fund's table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

from osallisuus.errors import did_you_mean
from osallisuus.model.codec import column_of
from osallisuus.model.contradictions import beyond_boundaries
from osallisuus.model.program import Program
from osallisuus.model.stated import each
from osallisuus.model.vocabulary import vocabulary
from osallisuus.rules.encounters import BANDS
from osallisuus.rules.finding import Finding, PlaceOf, Rows
from osallisuus.rules.funders import NO_ANSWER, all_fund_rules

__all__ = ["unknown_codes"]

_COLUMNS: Final = (
    ("roles", "role", "role"),
    ("attendance", "acting_as", "role"),
    ("goals", "domain", "goal_domain"),
    ("sessions", "planned_theme", "theme"),
    ("sessions", "held_theme", "theme"),
    ("encounter_themes", "theme", "theme"),
    *(("encounters", column, words) for column, words in BANDS.items()),
)
"""Table, column, and the vocabulary that its codes are of."""

_IN_NO_LINE: Final = {"age_group": ("30_54",)}
"""Values of a trait of funds that no line of their tables asks for."""


def unknown_codes(
    rows: Rows, programs: Collection[Program], *, place: PlaceOf
) -> Iterator[Finding]:
    """Each code once for each column: of roles, goals, themes, bands, and traits that funds count.

    *programs* are the definitions of all programmes that the facts name.
    """
    own = {
        "role": {role.code for one in programs for role in each(one.roles)}
        | {staff.task for one in programs for staff in each(one.staffing)},
        "goal_domain": {code for one in programs for code in each(one.goal_domains)}
        | {code for one in programs for code in beyond_boundaries(one)},
        "theme": {theme.code for one in programs for theme in each(one.themes)}
        | {code for one in programs for form in each(one.forms) for code in each(form.themes)}
        | {training.code for one in programs for training in each(one.staff_trainings)},
    }
    is_open = any(one.themes_open for one in programs)
    for table, column, words in _COLUMNS:
        if table == "sessions" and is_open:
            continue  # a programme that leaves its themes open takes any
        known = {*vocabulary(words).codes, *own.get(words, ())}
        codes = column_of(rows.get(table, ()), column)
        yield from _found(enumerate(codes), known, (table, column), place)
    yield from _traits(rows, place)


def _traits(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """A value of a trait that a fund counts is one that the rules of some fund know."""
    traits = rows.get("traits", ())
    for name, known in _known_values().items():
        values = ((index, row.value) for index, row in enumerate(traits) if row.name == name)
        yield from _found(values, known, ("traits", "value"), place)


def _known_values() -> dict[str, set[str]]:
    """The values of each trait of funds that their rules know, gender among them."""
    known = {
        "gender": {*vocabulary("gender").codes},
        "age_band": {*vocabulary("age_band").codes},
    }
    for rules in all_fund_rules():
        for one in (*rules.indicators, *rules.results):
            values = known.setdefault(one.trait, {NO_ANSWER, *_IN_NO_LINE.get(one.trait, ())})
            values.update(one.values)
            if one.values == ("yes",):
                values.add("no")
    return known


def _found(
    codes: Iterable[tuple[int, Any]],
    known: Collection[str],
    at: tuple[str, str],
    place: PlaceOf,
) -> Iterator[Finding]:
    table, column = at
    seen = {None, *known}
    for index, code in codes:
        if code not in seen:
            seen.add(code)
            yield Finding(
                "unknown_code",
                "neither a vocabulary nor a programme of these facts knows this code",
                f"{place(table, index)}.{column}",
                f"{did_you_mean(code, known)}; or define it in the programme",
            )
