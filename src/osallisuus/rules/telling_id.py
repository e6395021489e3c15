"""Whether an id may tell who it is: a name, a phone number or a personal identity code.

An id is a pseudonym that tells nothing (U14). No rule can know every name, and words such as
``group-one`` are good ids; so what is looked for is narrow, and said in ``docs/facts.md``.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["is_telling"]

_TELLING: Final = re.compile(
    # a Finnish personal identity code: day, month, year, century, number, check character
    r"(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d\d[-+A-FYXWVUa-fyxwvu]\d{3}[0-9A-Za-z]"
    # a phone number, with a hyphen after the area at most
    r"|\+?\d{7,}|0\d{1,2}-\d{5,}"
    # a bare name with its capital, or two, also in one
    r"|[A-Z][a-z]+([._-]?[A-Z][a-z]+)?",
    re.ASCII,
)

_WORDS: Final = re.compile(r"[A-Za-z]+([._-][A-Za-z]+){0,2}[._-]?\d{0,4}", re.ASCII)
"""Up to three words of letters, and a number such as a year of birth."""

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

    A word in lower case alone is a name only with an ending such as ``-nen``; of two or three words,
    one has to be a common given name or to end as a surname.
    """
    if _TELLING.fullmatch(some_id) is not None:
        return True
    if _WORDS.fullmatch(some_id) is None:
        return False
    words = _WORD.findall(some_id.lower())
    if len(words) == 1:
        return _SURNAME.fullmatch(words[0]) is not None
    return any(word in _GIVEN or _SURNAME_OF_TWO.fullmatch(word) for word in words)
