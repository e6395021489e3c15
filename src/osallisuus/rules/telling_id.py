"""Whether an id may tell who it is: a name, a phone number or a personal identity code.

An id is a pseudonym that tells nothing (U14). No rule can know every name, and words such as
``group-one`` are good ids; so what is looked for is narrow, and said in ``docs/facts.md``.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["is_telling"]

_TELLING: Final = re.compile(
    # a Finnish personal identity code: day, month, year, century, number, check character; also
    # with another sign where the century stands, or none
    r"(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d\d[-+._:A-FU-Ya-fu-y]?\d{3}[0-9A-Za-z]"
    # a Swedish one: year, month, day (60 more in a coordination number), number
    r"|(18|19|20)?\d\d(0[1-9]|1[0-2])([06][1-9]|[1278]\d|[39][01])[-+._:]\d{4}"
    # a phone number as one, or with a sign after the area
    r"|\+?\d{7,}|0\d{1,2}[-._:]\d{5,}"
    # a bare name with its capital, or two, also in one
    r"|[A-Z][a-z]+([._:-]?[A-Z][a-z]+)?",
    re.ASCII,
)

_GROUPED: Final = re.compile(
    r"(?=(\D?\d){9,15}$)"
    r"((\+[1-9]\d{0,2}|(00)?(358|46(?=[-._:]7)))([-._:]\d{1,8}){1,5}"
    r"|0[1-9]\d{0,2}([-._:]\d{2,5}){2,4})",
    re.ASCII,
)
"""A phone number in groups: with its country, or as at home with 0 and the area in front."""

_DAY: Final = re.compile(
    r"(?<!\d)((19|20)\d\d[-._:]\d{1,2}|\d{1,2}[-._:]\d{1,2}[-._:](19|20)\d\d)(?!\d)", re.ASCII
)
"""What looks like a day or month in groups of digits, which is no phone number."""

_WORDS: Final = re.compile(
    r"(\d{1,8}[._:-]){0,3}[A-Za-z]+([._:-][A-Za-z]+){0,2}(\d{1,8})?([._:-]\d{1,8}){0,3}", re.ASCII
)
"""Up to three words of letters, and numbers around them such as a day or year of birth."""

_WORD: Final = re.compile(r"[a-z]+")

_SURNAME: Final = re.compile(r"[a-z]{3,}nen")
"""The ending of Finnish surnames that hardly any other word has, enough for one word alone."""

_SURNAME_OF_TWO: Final = re.compile(
    r"[a-z]{2,}(nen|[aeiouy]la|maki|jarvi|joki|niemi|lahti|ranta|koski|saari|salmi|virta"
    r"|harju|berg|strom|qvist|holm|lund|gren|sson)|maki|salo|aho|oja|korpi|kangas"
)
"""Endings of surnames in Finland, Finnish and Swedish, which count beside another word."""

_GIVEN: Final = frozenset(
    "aino aleksi anna anne anneli annika anssi antero antti ari arja eero eeva eija eila elina emma "
    "erkki esa eva hanna hannele hannu heidi heikki helena henri ilkka inkeri irja irma jaakko jani "
    "jari jarmo jenni johanna johannes jouko jouni juha juhani jukka jussi kaarina kaisa kalevi kari "
    "katja katri kimmo kirsi kristiina laura lauri leena liisa maarit maija maria marja marjatta "
    "marko markku martti matias matti mika mikael mikko minna mirja olavi olli orvokki outi paivi "
    "pasi pekka pentti petri pirjo pirkko raija raimo reijo riikka riitta risto ritva saara sanna "
    "sari satu seija seppo sinikka sirpa sofia susanna taina tapani tapio tarja teemu teija tero "
    "tiina timo tommi toni tuija tuomas tuula ulla veikko vesa ville virpi".split()
)
"""Given names that are common in Finland, as they are written in an id."""


def is_telling(some_id: str) -> bool:
    """Whether an id looks like a personal identity code, a phone number or a name.

    Codes are those of Finland (``DDMMYYCZZZQ``) and Sweden (``YYYYMMDD-NNNN``) by their form.

    A word in lower case alone is a name only with an ending such as ``-nen``; of two or three words,
    one has to be a common given name or to end as a surname.
    """
    if _TELLING.fullmatch(some_id) is not None:
        return True
    if _GROUPED.fullmatch(some_id) is not None and _DAY.search(some_id) is None:
        return True
    if _WORDS.fullmatch(some_id) is None:
        return False
    words = _WORD.findall(some_id.lower())
    if len(words) == 1:
        return _SURNAME.fullmatch(words[0]) is not None
    return any(word in _GIVEN or _SURNAME_OF_TWO.fullmatch(word) for word in words)
