"""Vocabularies: the codes that definitions and facts use, with their words in three languages.

A **closed** vocabulary lists every code there is; rules and metrics rely on its meaning. An
**open** one has default words, and a programme may add its own: an unknown code survives and is
shown as it is written. The words are data, in ``vocabulary.toml``, read on first use.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from attrs import evolve

from osallisuus.errors import DefinitionError, did_you_mean
from osallisuus.model.excerpt import excerpt
from osallisuus.model.stated import Locale
from osallisuus.values import frozen

__all__ = ["Term", "Vocabulary", "vocabularies", "vocabulary"]


@frozen
class Term:
    """One code and its words in Finnish, Swedish and English."""

    code: str
    fi: str
    sv: str
    en: str

    def label(self, locale: Locale) -> str:
        """The word in that language."""
        return {"fi": self.fi, "sv": self.sv, "en": self.en}[locale]


@frozen
class Vocabulary:
    """A named set of terms in a fixed order; ``closed`` when no other code is valid."""

    name: str
    terms: tuple[Term, ...]
    closed: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """The known codes, in order."""
        return tuple(term.code for term in self.terms)

    def __contains__(self, code: str) -> bool:
        return code in self.codes

    def term(self, code: str) -> Term | None:
        """The term of that code, or ``None``."""
        return next((term for term in self.terms if term.code == code), None)

    def allows(self, code: str) -> bool:
        """Whether the code may be used: any may in an open vocabulary."""
        return not self.closed or code in self

    def label(self, code: str, locale: Locale) -> str:
        """The word for *code*; an unknown code of an open vocabulary is shown as it is.

        Raises :class:`DefinitionError` for an unknown code of a closed vocabulary.
        """
        term = self.term(code)
        if term is not None:
            return term.label(locale)
        if self.closed:
            raise DefinitionError(
                "unknown code", where=self.name, remedy=did_you_mean(code, self.codes)
            )
        return code.replace("_", " ")

    def extended(self, terms: Iterable[Term]) -> Vocabulary:
        """The same vocabulary with a programme's own words, which replace ours for a known code.

        Raises :class:`DefinitionError` when a closed vocabulary would gain a code.
        """
        merged = {term.code: term for term in self.terms}
        for term in terms:
            if self.closed and term.code not in merged:
                raise DefinitionError(
                    "a closed vocabulary takes no new codes",
                    where=self.name,
                    remedy=did_you_mean(term.code, self.codes),
                )
            merged[term.code] = term
        return evolve(self, terms=tuple(merged.values()))


@cache
def vocabularies() -> Mapping[str, Vocabulary]:
    """Every shipped vocabulary by its name, in the order of the file."""
    return MappingProxyType(dict(_read(_text())))


@cache
def vocabulary(name: str) -> Vocabulary:
    """The shipped vocabulary of that name, such as ``enrollment_ending`` or ``role``."""
    known = dict(_read(excerpt(_text(), (name,))))
    if name not in known:
        raise DefinitionError(
            "no such vocabulary", where=name, remedy=did_you_mean(name, vocabularies())
        )
    return known[name]


@cache
def _text() -> str:
    return Path(__file__).with_name("vocabulary.toml").read_text("utf-8")


def _read(text: str) -> Iterator[tuple[str, Vocabulary]]:
    for name, table in tomllib.loads(text).items():
        terms = tuple(Term(code, **words) for code, words in table["terms"].items())
        yield name, Vocabulary(name, terms, table["closed"])
