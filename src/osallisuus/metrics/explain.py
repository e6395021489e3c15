"""Figures that explain themselves, to readers who know neither statistics nor this library.

An explanation has two lines. The first is the plain one: whom the figure is of, what it says, how
sure that is, what is not known yet, and what the ratio by hand would be where it is another. The
second is for those who want to check: the choices that were made, the method, and until when.

Every sentence is a text of :mod:`osallisuus.words`, written so that no inserted word has to be
inflected. A metric's card may word its own figures (``told``); without it the sentence is made of
the metric's title and the name of the part. What a hidden figure says depends on nothing but its
place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from osallisuus.metrics.doubt import BY_TIME, naive_share, unknown_cases
from osallisuus.metrics.plain import PlainFigure
from osallisuus.metrics.written import (
    NO_LABELS,
    interval_text,
    key_for,
    metric_title,
    note_text,
    part_label,
    place_text,
    policy_texts,
    value_text,
)
from osallisuus.words import Words

__all__ = ["explain", "explain_all", "headline", "told"]

_DASH = " – "
"""Between what figures have in common and what each of them is called."""
_ON_THE_WAY = ("time_to_event", "funnel")
"""Kinds in which who has no outcome yet is still on the way to one."""


def explain(figure: PlainFigure, locale: str = "en", *, internal: bool = False) -> str:
    """The whole explanation in the language *locale*; *internal* adds that it must not leave.

    Raises :class:`DefinitionError` for an unknown language.
    """
    words = Words(locale)
    plain = list(told(figure, words))
    if internal:
        plain.append(words("explain.internal"))
    lines = (plain, _small_print(figure, words))
    return "\n".join(text for line in lines if (text := " ".join(line)))


def explain_all(
    figures: Iterable[PlainFigure], locale: str = "en", *, internal: bool = False
) -> str:
    """A line for each of the *figures* of one result, then once what holds for all of them.

    Where they have several methods, each stands with its figure.
    """
    words, every = Words(locale), tuple(figures)
    methods = dict.fromkeys(text for figure in every for text in _method(figure, words))
    lines, small = [], dict[str, None]()
    for figure in every:
        own = _method(figure, words) if len(methods) > 1 else ()
        lines.append([*told(figure, words), *own])
        small |= dict.fromkeys(_small_print(figure, words))
    kept = [text for text in small if len(methods) < 2 or text not in methods]
    if internal:
        kept.insert(0, words("explain.internal_all"))
    return "\n".join(text for line in (*lines, kept) if (text := " ".join(line)))


def told(figure: PlainFigure, words: Words, own: Mapping[str, str] = NO_LABELS) -> tuple[str, ...]:
    """The plain sentences; *own* are a programme's words for its codes."""
    return tuple(map(_capitalised, _Told(figure, words, own).sentences()))


def headline(
    figures: Iterable[PlainFigure], words: Words, own: Mapping[str, str] = NO_LABELS
) -> str:
    """What shown figures say, how sure that is, what is not known yet, and of which day they are.

    It is the core of :func:`told`, for a place that says the rest otherwise. Nothing is said
    twice: what two figures have in common before a dash opens one sentence on both.
    """
    said: list[str] = []
    for figure in figures:
        for text in map(_capitalised, _Told(figure, words, own).in_short()):
            opening, dash, rest = text.partition(_DASH)
            same = [place for place, one in enumerate(said) if one.startswith(opening + dash)]
            if text in said:
                continue
            if dash and same:
                said[same[0]] = f"{said[same[0]].removesuffix('.')}; {rest}"
            else:
                said.append(text)
    return " ".join(said)


class _Told:
    """The plain sentences of one figure."""

    def __init__(self, figure: PlainFigure, words: Words, own: Mapping[str, str]) -> None:
        self.figure, self.words, self.own = figure, words, own
        self.value = value_text(figure, words)
        self.rounding = figure.provenance.rounding

    def sentences(self) -> Iterator[str]:
        figure, words = self.figure, self.words
        if place := place_text(figure, words, self.own):
            yield f"{place}."
        if figure.status == "suppressed":
            yield f"{self._what()}."
            yield words("explain.hidden")
        elif figure.status == "undefined" or self.value is None:
            yield from self._undefined()
        else:
            yield from self.core()
            yield from self._minus()
            yield from self._behind()
            yield from self._notes()

    def in_short(self) -> Iterator[str]:
        """The core, and of a figure that stays as it was published, of which time it tells."""
        yield from self.core()
        if "as_published" in self.figure.notes:
            day = self.words.locale.day(self.figure.provenance.as_of)
            yield self.words("explain.published", date=day)

    def core(self) -> Iterator[str]:
        return self._by_time() if self._waits() else self._at_once()

    def _what(self) -> str:
        """The metric and the part, such as "How taking part ended – Completed, day 120"."""
        figure, words = self.figure, self.words
        what = metric_title(figure.provenance.metric, words)
        part = part_label(figure, words, self.own)
        if figure.name != figure.provenance.metric and part != what:
            what = words("explain.what", title=what, part=part)
        return what if figure.at is None else words("explain.on_day", what=what, day=figure.at)

    def _undefined(self) -> Iterator[str]:
        reason, words = self.figure.reason or "unknown", self.words
        yield words("explain.none", what=self._what())
        yield _ended(words.label("reason", reason))
        if f"remedy.{reason}" in words:
            yield words(f"remedy.{reason}")

    def _waits(self) -> bool:
        """Whether some are still on the way and reckoned with, so that value and counts differ."""
        figure = self.figure
        if figure.method not in BY_TIME or figure.value is None:
            return False
        return figure.censored != 0 and "k" in self._values()

    def _at_once(self) -> Iterator[str]:
        """What the figure says and how sure that is, in one sentence; then what is not known."""
        text, with_value = self._statement()
        bracket = "" if with_value else self._sure()
        yield f"{text} ({bracket})." if bracket else f"{text}."
        yield from self._unknown()

    def _by_time(self) -> Iterator[str]:
        """The counts, who is still on the way, the share that reckons with them, and by hand."""
        words = self.words
        yield f"{self._statement(counted=True)[0]}."
        yield from self._unknown()
        yield words(self._key("by_time"), value=self._values()["value"])
        naive = naive_share(self.figure)
        by_hand = None if naive is None else words.locale.percent(naive)
        if by_hand not in (None, self.value):
            yield words("explain.naive", naive=by_hand)
            why = f"metric.{self.figure.provenance.metric}.naive"
            yield words(why if why in words else "explain.naive_why")

    def _statement(self, *, counted: bool = False) -> tuple[str, bool]:
        """What is said, and whether it names the value, with how sure that is right behind it.

        In the words of the metric's card where it has some that fit, else in general ones.
        """
        words, values, what = self.words, self._values(), self._what()
        for part in (self.figure.name, "any"):
            key = f"metric.{self.figure.provenance.metric}.told.{part}"
            names = words.places(key)
            if names and names <= values.keys() and ("k" in names or not counted):
                return words(key, **values), "value" in names
        if "k" in values:
            return words("explain.cases", what=what, k=values["k"], n=values["n"]), False
        return words("explain.value", what=what, value=values["value"]), True

    def _values(self) -> dict[str, str]:
        """What a sentence may name."""
        figure = self.figure
        value = self.value or ""
        if figure.measure == "count" and self.rounding is not None:
            value = self.words("explain.about", number=value)
        likely = self._likely()
        value = f"{value} ({likely})" if likely else value
        values = {"value": value, "part": part_label(figure, self.words, self.own)}
        if figure.at is not None:
            values["day"] = self.words.locale.number(figure.at)
        elif figure.measure == "proportion" and figure.k is not None and figure.n is not None:
            values |= {"k": self._number(figure.k), "n": self._number(figure.n)}
        return values

    def _key(self, code: str) -> str:
        return key_for("explain", code, self.figure.provenance.metric, self.words)

    def _sure(self) -> str:
        """Such as "68%; likely 53–80%"."""
        return "; ".join(text for text in (self.value, self._likely()) if text)

    def _likely(self) -> str:
        interval = None if self.figure.value is None else interval_text(self.figure, self.words)
        return "" if interval is None else self.words("explain.likely", interval=interval)

    def _unknown(self) -> Iterator[str]:
        """Whose outcome is not known yet; nothing where the figure does not tell."""
        figure, words = self.figure, self.words
        if figure.censored is None:
            return
        by_time = figure.method in BY_TIME or figure.provenance.kind in _ON_THE_WAY
        if figure.censored == 0:
            if figure.at is None:  # who is on the way in the end says nothing of an earlier day
                yield words(self._key("nobody_open" if by_time else "nothing_unknown"))
            return
        key = "open" if by_time else "unknown"
        unknown = unknown_cases(figure) if self.rounding is None else None
        if unknown is not None:
            yield words(self._key(key), n=unknown)
        else:  # a number of cases would not be rounded as the others are
            yield words(self._key(f"{key}_share"), share=words.locale.percent(figure.censored))

    def _minus(self) -> Iterator[str]:
        """Of a difference, what is subtracted from what."""
        if self.figure.difference_of is None:
            return
        one, other = self.figure.difference_of
        yield self.words(
            "explain.minus",
            first=self._side(one, other, "first"),
            one=value_text(one, self.words),
            second=self._side(other, one, "second"),
            other=value_text(other, self.words),
        )

    def _side(self, figure: PlainFigure, other: PlainFigure, order: str) -> str:
        """What a figure is of that the other is not of: a programme, a group, a time, a day."""
        source, words = figure.provenance, self.words
        parts = [source.program] if source.program != other.provenance.program else []
        if (figure.strata, figure.period) != (other.strata, other.period):
            parts.append(place_text(figure, words, self.own))
        if not parts and source.as_of != other.provenance.as_of:
            parts.append(words.locale.day(source.as_of))
        return "; ".join(part for part in parts if part) or words(f"explain.{order}")

    def _behind(self) -> Iterator[str]:
        """How many stand behind the figure, as far as it has not been said."""
        figure = self.figure
        if figure.measure == "count":
            if figure.method == "count":
                yield self.words("explain.census")
            return
        share = figure.measure == "proportion"
        if figure.n is not None and not share and figure.n != figure.persons:
            yield self._of("counted", figure.n)
        if figure.persons is not None and not (share and figure.persons == figure.n):
            yield self._of("persons", figure.persons)
        if figure.at is not None and figure.at_risk is not None:
            yield self._of("followed", figure.at_risk)

    def _notes(self) -> Iterator[str]:
        said = {"rounded", *(["still_open"] if self._waits() else [])}
        for code in self.figure.notes:
            if code not in said:
                yield _ended(note_text(self.figure, code, self.words))
        if self.rounding is not None:
            yield self.words("explain.rounded", base=self.rounding)

    def _of(self, key: str, number: int) -> str:
        return self.words(f"explain.{key}", n=number, number=self._number(number))

    def _number(self, number: int) -> str:
        text = self.words.locale.number(number)
        return text if self.rounding is None else self.words("explain.about", number=text)


def _small_print(figure: PlainFigure, words: Words) -> Iterator[str]:
    """The choices, the method and until when; nothing of a hidden figure."""
    if figure.status == "suppressed":
        return
    source = figure.provenance
    yield from policy_texts(source, words)
    yield from (method := _method(figure, words))
    if method and interval_text(figure, words) is not None:
        yield words("explain.range", level=words.locale.percent(source.confidence))
    yield words("explain.as_of", date=words.locale.day(source.as_of))
    if source.known_at is not None:
        yield words("explain.known_at", moment=words.locale.moment(source.known_at))


def _method(figure: PlainFigure, words: Words) -> tuple[str, ...]:
    if figure.status != "shown" or figure.method in ("", "count"):
        return ()
    return (words("explain.method", method=words.label("method", figure.method)),)


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
