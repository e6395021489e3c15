"""What a column of somebody's list most likely holds: by its heading and by its cells.

The heading tells the topic, such as an end; the cells tell whether days or words stand there. Only
both together name a column: days of an end are when somebody ended, a few words that come again
are how. A topic whose cells are of another kind is no guess at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, Literal, TypeAlias

from osallisuus.ingest.cells import Unread, is_empty, is_safe_id, text_of
from osallisuus.ingest.mapping import plain
from osallisuus.ingest.workbook import Cell
from osallisuus.model.columns import TYPES
from osallisuus.values import frozen

__all__ = ["Kind", "are_ids", "is_of_workers", "kind_of", "meaning_of"]

Kind: TypeAlias = Literal["day", "word", "number", "text", ""]
"""What the cells of a column are: a word comes again, a text does not; "" where there is none."""

_FEW: Final = 12
"""Different texts, up to which they are words that a list of codes can hold."""


@frozen
class _Topic:
    """What a heading is about, and the columns of its days and of its words; "" is none."""

    words: re.Pattern[str]
    day: str = ""
    word: str = ""
    number: str = ""


def _topic(words: str, day: str = "", word: str = "", number: str = "") -> _Topic:
    return _Topic(re.compile(words), day, word, number)


_NUMBER_OF_A_PERSON: Final = (
    r"^((osallistujan?|participant|deltagar(e|ens)?)[ -]?)?"
    r"(nro|numero|n:o|no|nr|id|tunnus|tunniste|koodi|nummer|kod|code|number)\.?$"
)
_GROUP: Final = (
    r"^(?!.*(ikä|kohde|kieli|age|target|ålder|mål|språk)).*(ryhmä|group|grupp)"
    r"((n|ens?)? ?(nimi|numero|nro|tunnus|koodi|name|number|no|code|id|namn|nummer|kod))?$"
)
_END: Final = (
    r"päätty|viimeinen|loppu|lope|keskeyt|eros|eroa|jäi pois|poistu|lähti\b|valmistu|suorit"
    r"|upphör|\bend(ed|ing|s)?\b|\blast (day|session|time|meeting)|finish|complet|\bleft\b|leav|\bexit|outcome|withdr"
    r"|(?<!be)slut|\bsista\b|avbr|lämna|fullfölj|hoppade"
)
_PLANNED: Final = r"(suunn|sovit|arvioi|oletet|plan|avtal|agreed|expected|beräkn|förvänt)"

# The first topic that is found decides; Finnish, Swedish and English words.
_TOPICS: Final = (
    # names of those who work, and what is told in free words
    _topic(
        r"ohjaaja|vetäjä|työntekijä|vastuu|henkilö|haastattelija|kirjaaja|leader|instructor|worker"
        r"|facilitator|interviewer|\bguide\b|person|ledare|intervjuare"
        r"|huom|tiedot|muistiin|notes?\b|comment|detail|kommentar|anmärk|anteckningar|uppgift"
        r"|loppuhaast|exit interview|slutintervju|avslut\w* ?intervju|seuran|follow|uppfölj"
        r"|viimeisin|last contact|senaste"
    ),
    _topic(_NUMBER_OF_A_PERSON, word="number", number="number"),
    _topic(r"kulut\b|kuluja\b|kustannu|\bmenot\b|\bcosts?\b|expens|kostnad|utgift", number="cents"),
    _topic(rf"{_PLANNED}.*({_END})|({_END}).*{_PLANNED}", day="planned_end_on"),
    _topic(r"haastat|interview|intervju", day="interviewed_on"),
    _topic(r"tarjo[tu]|paikka myön|hyväksyt|offer|accepted|erbj|antagen", day="offered_on"),
    _topic(
        r"mistä|kautta|kanava|ohjautu|ohjattu|ohjaava|ohjannut|lähet|channel|source|referr|\bvia\b"
        r"|kanal|genom|heard|hört|veta om|fick (du )?veta|hänvis|remi(ss|ttera)",
        day="reached_on",
        word="channel",
    ),
    _topic(
        r"yhteydenot|otti yhteyttä|tavoit|ilmoittau|\bhaku|hakeu|hakem|reached|contact|sign(ed)?[ -]?up"
        r"|appl(ied|ica)|kontakt|anmäl|ansök|nådd",
        day="reached_on",
        word="channel",
    ),
    _topic(r"sai tietoa|tiedotet|informoi|\binfo(?!r)|informed|informera", day="informed_on"),
    _topic(r"kirjattu|rekister|registr|registered|antecknad|lisätty", day="registered_on"),
    _topic(_END, day="ended_on", word="ending"),
    _topic(
        r"\baloit|\balku(pvm|päivä|aika|\b)|\balk(oi|aa)\b|\balkami|liitty|start|beg[aiy]n|commenc"
        r"|joined|börja|inled|gick med|\bensimmäinen (kerta|päivä|tapaaminen)"
        r"|\bfirst (day|session|time|meeting)|\bförsta (dag|gång|träff)",
        day="started_on",
    ),
    _topic(r"\btul(i|lut|leet)\b|\bcame\b|\bkom\b", day="started_on", word="channel"),
    _topic(_GROUP, word="group", number="group"),
    _topic(r"paikka|\bkunta\b|kaupunki|\bort\b|\bplace\b|\btown|\bcity|\bstad\b", word="place"),
)

_WORKERS: Final = re.compile(
    r"(ohjaaja|vetäjä|työntekijä|vastuuhenkilö|haastattelija|kirjaaja|leader|instructor|worker"
    r"|facilitator|interviewer|\bguide|contact person|ledare|instruktör|intervjuare|ansvarig"
    r"|kontaktperson)(t|\(t\)|s|\(s\)|en|na)?((n|ien|jen|'s|s|ns)? (nimi|nimet|names?|namn))?( ?\d)?$"
)

_SAYS_DAY: Final = re.compile(
    r"pvm|päivä|\bpv\b|milloin|koska\b|\bdate\b|\bday\b|\bwhen\b|datum|dag(en)?\b|\bnär\b"
)
_SAYS_WORD: Final = re.compile(
    r"syy|miten|kuinka|tapa\b|tulos|\bhow\b|reason|\bwhy\b|outcome|\bhur\b|orsak|skäl|sätt\b"
)
_LIKE_A_NUMBER: Final = re.compile(r"\d{1,3}([ \u00a0\u202f]\d{3})+([.,]\d+)?|\d+([.,]\d+)?")
_LIKE_A_DAY: Final = re.compile(r"\d{1,2}[./-] ?\d{1,2}[./-] ?\d{2,4}|\d{4}-\d{1,2}-\d{1,2}")


def meaning_of(heading: str, cells: Sequence[Cell]) -> str:
    """The column that *cells* below *heading* most likely go into, or "" where none fits.

    It is a column of ``enrollments`` or ``groups``, ``registered_on`` of ``people``, ``cents`` of
    ``costs``, or ``number`` for the list's own number of a person.
    """
    text = plain(heading)
    topic = next((one for one in _TOPICS if one.words.search(text)), None)
    if topic is None:
        return ""
    match _kind(text, kind_of(cells)):
        case "day":
            return topic.day
        case "word":
            return topic.word
        case "number":
            return topic.number
        case "text":  # many groups or numbers are no reason to doubt; many endings are free text
            return topic.word if topic.number or topic.word == "place" else ""
        case _:
            return topic.day or topic.word


def is_of_workers(heading: str, cells: Sequence[Cell]) -> bool:
    """Whether *cells* below *heading* most likely are the names of those who work for others."""
    named = _WORKERS.search(plain(heading)) is not None
    return named and kind_of(cells) in ("word", "text", "") and not are_ids(cells)


def _kind(heading: str, held: Kind) -> Kind:
    """The kind of the cells; where the heading says it outright, it is more than slips of cells."""
    if _SAYS_DAY.search(heading):
        return "day"
    if _SAYS_WORD.search(heading):
        return "text" if held in ("day", "text") else "word"
    return held


def kind_of(cells: Sequence[Cell]) -> Kind:
    """The kind of most of the *cells* that are not empty."""
    filled = [cell for cell in cells if not is_empty(cell)]
    if not filled:
        return ""
    if 2 * sum(map(_is_like_a_day, filled)) > len(filled):
        return "day"
    if 2 * sum(map(_is_number, filled)) > len(filled):
        return "number"
    different = {plain(cell) if isinstance(cell, str) else cell for cell in filled}
    return "word" if len(different) <= _FEW else "text"


def _is_like_a_day(cell: Cell) -> bool:
    if isinstance(cell, str):
        return _LIKE_A_DAY.fullmatch(cell.strip()) is not None
    return isinstance(cell, date | datetime)


def _is_number(cell: Cell) -> bool:
    if isinstance(cell, str):
        return _LIKE_A_NUMBER.fullmatch(cell.strip()) is not None
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def are_ids(cells: Sequence[Cell]) -> bool:
    """Whether all *cells* that are not empty can be ids as they stand: with a digit, and no name."""
    try:
        ids = [TYPES["id"].check(text_of(cell)) for cell in cells if not is_empty(cell)]
    except (Unread, ValueError):
        return False
    return all(map(is_safe_id, ids))
