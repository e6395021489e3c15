"""The words of the reports, in Finnish, Swedish and English.

Each language is one TOML file beside this module; all hold the same keys. To add a text, add its
key to the three files: nothing else knows them. What is said of a metric stands on its card
(:mod:`osallisuus.words.card`), under ``metric.<name>.title``, ``metric.<name>.sentence``,
``metric.<name>.naive``, ``metric.<name>.part.<part>`` and ``metric.<name>.told.<part>``. A key is the path to a text, joined by dots. A
text may name values in braces; a text with the two forms ``one`` and ``other`` is chosen by the
value ``n``. Whole numbers are written by the rules of the language.

>>> Words("en")("count.persons", n=12)
'12 persons'
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any

from attrs import field

from osallisuus.errors import DefinitionError
from osallisuus.values import frozen
from osallisuus.words.card import card_named
from osallisuus.words.locale import Language, Locale, locale_of

__all__ = ["Words"]

_Forms = Mapping[str, str]

_MOST_NEAR = 10


def _flatten(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str | _Forms]]:
    for name, value in table.items():
        key = f"{path}{name}"
        if isinstance(value, str) or value.keys() == {"one", "other"}:
            yield key, value
        else:
            yield from _flatten(value, f"{key}.")


@cache
def _texts(code: str) -> Mapping[str, str | _Forms]:
    source = Path(__file__).with_name(f"{code}.toml").read_text("utf-8")
    return MappingProxyType(dict(_flatten(tomllib.loads(source))))


@cache
def _of_card(key: str, code: str) -> str | None:
    """The text of a key such as ``metric.completion.title``."""
    group, _, path = key.partition(".")
    name, _, rest = path.partition(".")
    card = card_named(name) if group == "metric" and name.isidentifier() else None
    if card is None:
        return None
    if rest.startswith("part."):
        return card.parts.get(rest.removeprefix("part."), {}).get(code)
    if rest.startswith("told."):
        return card.told.get(rest.removeprefix("told."), {}).get(code)
    texts = {"title": card.title, "sentence": card.sentence, "naive": card.naive}
    return texts.get(rest, {}).get(code)


def _near(key: str, code: str) -> str:
    """The remedy for an unknown key: a few near ones, never the whole catalogue."""
    from difflib import get_close_matches  # only needed once something is wrong

    near = get_close_matches(key, _texts(code), n=_MOST_NEAR)
    if not near:
        return f"name a key of {code}.toml, or of a card"
    others = f" Near it are also: {', '.join(near[1:])}" if near[1:] else ""
    return f"did you mean {near[0]!r}?{others}"


def _language(code: str) -> Language:
    return locale_of(code).code


@frozen
class Words:
    """The texts of one language: ``Words("fi")("mark.hidden")``.

    Raises :class:`DefinitionError` for a language, a key or a value that is not there.
    """

    code: Language = field(converter=_language)
    locale: Locale = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "locale", locale_of(self.code))

    def __call__(self, key: str, **values: object) -> str:
        """The text of *key* with *values* in the places of their names."""
        text = _texts(self.code).get(key) or _of_card(key, self.code)
        if text is None:
            raise DefinitionError("no such text", where=key, remedy=_near(key, self.code))
        if not isinstance(text, str):
            text = text["one" if values.get("n") == 1 else "other"]
        written = {name: self._written(value) for name, value in values.items()}
        try:
            return text.format_map(written)
        except KeyError:
            pass
        raise DefinitionError(
            "a text lacks one of its values", where=key, remedy="pass every name in its braces"
        )

    def __contains__(self, key: object) -> bool:
        if not isinstance(key, str):
            return False
        return key in _texts(self.code) or _of_card(key, self.code) is not None

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key, sorted, without those of the cards."""
        return tuple(sorted(_texts(self.code)))

    def places(self, key: str) -> frozenset[str]:
        """The names of the values that the text of *key* asks for; none where there is no text."""
        text = _texts(self.code).get(key) or _of_card(key, self.code) or ""
        forms = (text,) if isinstance(text, str) else text.values()
        return frozenset(
            name for form in forms for _, name, _, _ in Formatter().parse(form) if name
        )

    def label(self, group: str, code: str) -> str:
        """The text ``group.code``, or *code* itself made readable when nobody has named it.

        Vocabularies are open: a programme's own theme or role has no text here.
        """
        key = f"{group}.{code}"
        return self(key) if key in self else code.replace("_", " ")

    def _written(self, value: object) -> str:
        return self.locale.number(value) if type(value) is int else str(value)
