"""The form of an encounter in the field, what is needed there, and what changed because of it.

The form helps the peer to talk and cannot identify the person met (U14): themes as prompts, coarse
bands, no name, no free text, and everything may be left empty (Q9). A form that asks for more is
refused when the programme is defined (:mod:`osallisuus.model.contradictions`). Encounters are
counted, never the people met and never per peer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, Literal

from osallisuus.errors import DefinitionError
from osallisuus.model.contradictions import is_of_encounter
from osallisuus.model.facts import Fact
from osallisuus.model.offering import Form
from osallisuus.model.program import Program
from osallisuus.model.questionnaire import Item
from osallisuus.model.stated import Code, Text, each
from osallisuus.model.vocabulary import vocabulary
from osallisuus.rules.development import IdeaOnDay, ideas_on
from osallisuus.rules.tables import tables
from osallisuus.time import Period
from osallisuus.values import frozen

__all__ = [
    "BANDS",
    "ORIGIN",
    "EncounterForm",
    "Needs",
    "changes_from_encounters",
    "coarse_day",
    "encounter_form",
    "needs",
]

BANDS: Final = {
    "area": "encounter_area",
    "mode": "encounter_mode",
    "age_band": "age_band",
    "gender": "gender",
}
"""Column of an encounter -> the vocabulary of its coarse bands."""

ORIGIN: Final = "encounter_forms"
"""The origin of an idea that came of encounters."""


@frozen(kw_only=True)
class EncounterForm:
    """What a peer has in the pocket: themes to talk of, and bands to tick. All of it is optional.

    ``themes`` have the programme's own word, or ``None`` for that of the vocabulary. ``items`` are
    further questions of the programme, with answers that nobody can be known by.
    """

    title: Text
    functions: tuple[Text, ...]
    themes: tuple[tuple[Code, Text | None], ...]
    bands: tuple[tuple[Code, tuple[Code, ...]], ...]
    items: tuple[Item, ...] = ()


@frozen(kw_only=True)
class Needs:
    """What encounters of a period were about, for a development meeting. INTERNAL: not protected.

    ``themes`` counts encounters that name a theme; one encounter may name several, so that they add
    up to more than ``encounters``. ``without_theme`` names none, which is not "no need".
    """

    period: Period
    encounters: int
    themes: tuple[tuple[Code, int], ...]
    without_theme: int


def encounter_form(program: Program) -> EncounterForm:
    """The form that peers of *program* fill for every encounter.

    Where the form names no themes of its own, the programme's themes are the prompts; where it
    states none at all, or leaves them open, those of the vocabulary as well. Raises :class:`DefinitionError` where the
    programme has no such form.
    """
    form: Form | None = next((one for one in each(program.forms) if is_of_encounter(one)), None)
    if form is None:
        raise DefinitionError(
            "this programme has no form of encounters",
            where=f"program {program.name}.forms",
            remedy='define a form with one_per = "encounter"',
        )
    own = {theme.code: theme.label for theme in each(program.themes)}
    codes = each(form.themes) or tuple(own)
    if not codes or (program.themes_open and not each(form.themes)):
        codes = tuple(dict.fromkeys((*codes, *vocabulary("theme").codes)))
    return EncounterForm(
        title=form.label,
        functions=tuple(function.text for function in each(form.functions)),
        themes=tuple((code, own.get(code)) for code in codes),
        bands=tuple((name, vocabulary(words).codes) for name, words in BANDS.items()),
        items=form.content.items if form.content is not None else (),
    )


def coarse_day(day: date, to: Literal["week", "month"] = "week") -> date:
    """The first day of the week (Monday) or month: an encounter is dated no closer (Q9)."""
    return day.replace(day=1) if to == "month" else day - timedelta(day.weekday())


def needs(facts: Iterable[Fact], *, period: Period, program: str | None = None) -> Needs:
    """How many encounters of a period named each theme, most named first, then by code (V12).

    An encounter names no programme. Of one *program* are those of its peers, as in the metrics:
    who has an enrolment or a role in it.
    """
    rows = tables(facts)
    peers = {
        one.person
        for table in ("enrollments", "roles")
        for one in rows.get(table, ())
        if one.program == program
    }
    met = {
        one.id
        for one in rows.get("encounters", ())
        if one.happened_on in period and (program is None or one.peer in peers)
    }
    # a form that names a theme twice names it
    named = {
        (one.encounter, one.theme)
        for one in rows.get("encounter_themes", ())
        if one.encounter in met
    }
    counts = Counter(theme for _, theme in named)
    return Needs(
        period=period,
        encounters=len(met),
        themes=tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0]))),
        without_theme=len(met - {encounter for encounter, _ in named}),
    )


def changes_from_encounters(facts: Iterable[Fact], *, on: date) -> tuple[IdeaOnDay, ...]:
    """What has come of encounters by that day: the ideas of that origin, to show to peers (U9)."""
    return ideas_on(facts, on=on, origin=ORIGIN)
