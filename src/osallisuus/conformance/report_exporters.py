"""The promises of the port for report exporters (:mod:`osallisuus.reports.exporter`)."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import ClassVar, Final

import pytest
from attrs import evolve

from osallisuus.conformance import documents
from osallisuus.conformance.installed import names_of
from osallisuus.conformance.said import Promises
from osallisuus.conformance.skeletons import skeleton, words_in
from osallisuus.metrics.figure import Figure
from osallisuus.reports.cells import WrittenTable
from osallisuus.reports.document import Document, Provenance, Table, Text
from osallisuus.reports.exporter import API_VERSION, Exporter
from osallisuus.reports.writing import Piece, in_writing
from osallisuus.words import Words
from osallisuus.words.locale import LOCALES

__all__ = ["ReportExporterConformance"]

_HOSTILE: Final = (
    "<script>alert(1)</script>",
    '"><img src=x onerror="alert(1)">',
    "]]><b>x</b><!--",
    '=HYPERLINK("x";"y")',
    'a,b;c"d',
    "{{ 7 * 7 }}",
    "== a | b == *c* _d_ `e` [[f]] :g: #h \\i ^j~ $k$ %l",
    "\u202eab\x1b[31m\x00\ud800",
)
"""Words that mean something somewhere: to a page, a workbook, a table, a template, a text with
mark-up, a terminal."""
_CONTROL: Final = ("\x00", "\x1b", "\u202e", "\ufffe")


class ReportExporterConformance(Promises):
    """Every promise of a report exporter. Say in ``exporter`` how yours is made::

        class TestMyExporter(ReportExporterConformance):
            def exporter(self):
                return MyExporter()

    Override ``read`` where your format is neither text nor a zip of XML, or where you write signs
    in another way, such as ``&#183;``. Override ``skeleton`` where its structure is not that of
    HTML, JSON, XML, CSV or plain lines: what words must not change in AsciiDoc or LaTeX only you
    can say, and until you do that promise is skipped.
    """

    to_say = "exporter", "def exporter(self): return MyExporter()"
    for_machines: ClassVar[bool] = False
    """Whether nobody reads the format: then it need not say things in words."""

    def exporter(self) -> Exporter:
        """A new exporter of yours."""
        raise NotImplementedError("say in your subclass how your exporter is made")

    def read(self, content: bytes) -> str:
        """What a reader sees of *content*, spaces aside."""
        return words_in(content)

    def skeleton(self, content: bytes) -> object:
        """All of *content* that somebody's words must not change; ``None``: nothing can be said."""
        return skeleton(content, self.exporter().media_type)

    def test_it_keeps_the_port(self) -> None:
        """Made without arguments, with a name, a suffix and a media type."""
        made = type(self.exporter())()
        assert isinstance(made, Exporter)
        assert made.api_version == API_VERSION
        assert made.name
        assert made.suffix.startswith(".")
        assert "/" in made.media_type

    def test_it_is_called_as_its_entry_point_is(self) -> None:
        """Else it is found by nobody: neither by its own name nor by that of the entry point."""
        kind = type(self.exporter())
        assert names_of("exporters", kind) == {kind().name}

    @pytest.mark.parametrize("locale", sorted(LOCALES))
    def test_it_says_the_report_in_every_language(self, locale: str) -> None:
        """Its title and its places stand there in Finnish, Swedish and English."""
        text = _squeezed(self.read(self.exporter().render(documents.document(locale))))
        assert "Helsinki" in text
        assert self.for_machines or _squeezed("Verna 2011–2014") in text
        assert self.for_machines or _squeezed(Words(locale)("metric.completion.title")) in text

    def test_nothing_of_a_report_is_left_out(self) -> None:
        """Headings, every paragraph and note, the names of rows and columns, and where it is from."""
        report = documents.whole()
        text = _squeezed(self.read(self.exporter().render(report)))
        _title, *pieces, _made_with = in_writing(report)
        told = [one for piece in pieces for one in _texts(piece)]
        assert self.for_machines or not [one for one in told if _squeezed(one) not in text]

    def test_equal_reports_give_equal_bytes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whichever exporter writes them, and whatever a clock would say."""
        first = self.exporter().render(documents.document())
        for name in ("time", "monotonic", "perf_counter"):
            later = getattr(time, name)() + 100_000
            monkeypatch.setattr(time, name, lambda later=later: later)
        second = self.exporter().render(documents.document())
        monkeypatch.undo()
        assert first == second

    def test_it_keeps_nothing_of_a_report(self) -> None:
        """The next report does not show that there was another."""
        made = self.exporter()
        first = made.render(documents.document("fi"))
        made.render(documents.of_words("another"))
        assert made.render(documents.document("fi")) == first

    def test_a_hidden_figure_is_told_from_every_other(self) -> None:
        """It is neither 0, nor undefined, nor an empty place, nor left out."""
        hidden, undefined, nobody = (
            self.exporter().render(documents.with_figure(one))
            for one in (documents.hidden(), documents.undefined(), documents.figure(k=0))
        )
        assert len({hidden, undefined, nobody}) == 3

    @pytest.mark.parametrize("words", _HOSTILE, ids=ascii)
    def test_words_change_nothing_but_words(self, words: str) -> None:
        """Mark-up, formulas and signs for a terminal are shown as they are, and do nothing."""
        made = self.exporter().render(documents.of_words(words))
        plain = self.exporter().render(documents.of_words("x" * len(words)))
        expected = self.skeleton(plain)
        if expected is None:
            pytest.skip("say in `skeleton` what words must not change in this format")
        assert self.skeleton(made) == expected

    def test_signs_that_no_page_can_show_are_not_there(self) -> None:
        """Control characters and those that turn the text around reach no reader."""
        made = self.exporter()
        odd = evolve(documents.figure(), strata={"group.place": "a\x1b\u202e\x00b"})
        text = self.read(made.render(documents.with_figure(odd)))
        assert not [sign for sign in _CONTROL if sign in text]

    def test_an_internal_report_says_so(self) -> None:
        """In the reader's words, or, where nobody reads it, as something that differs."""
        report = documents.document(internal=True)
        made = self.exporter().render(report)
        if self.for_machines:
            assert made != self.exporter().render(documents.document())
        else:
            assert _squeezed(Words("en")("document.internal")) in _squeezed(self.read(made))

    def test_a_released_report_does_not_say_that_it_is_internal(self) -> None:
        """The stamp means something only where it is not on everything."""
        text = _squeezed(self.read(self.exporter().render(documents.document())))
        assert self.for_machines or _squeezed(Words("en")("document.internal")) not in text

    def test_the_hidden_mark_is_explained(self) -> None:
        """A reader who meets the mark is told what it means; without one, nothing is told."""
        meaning = _squeezed(Words("en")("mark.hidden_meaning"))
        with_mark, without = (
            _squeezed(self.read(self._rendered(one)))
            for one in (documents.hidden(), documents.figure())
        )
        assert self.for_machines or meaning in with_mark
        assert self.for_machines or meaning not in without

    def test_the_time_of_making_is_told_when_it_is_given(self) -> None:
        """And only then: it is the caller who looks at a clock."""
        report = documents.document()
        timed = evolve(report, generated=datetime(2025, 3, 3, 9, 5, tzinfo=UTC))
        told, untold = self.exporter().render(timed), self.exporter().render(report)
        assert self.for_machines or told != untold

    def test_an_empty_report_can_be_written(self) -> None:
        """Without blocks, and with tables without rows or columns."""
        for blocks in ((), (Table("", (), ()), Table("t", ("a",), ()))):
            report = Document(title="", locale="fi", blocks=blocks, internal=False)
            assert isinstance(self.exporter().render(report), bytes)

    def _rendered(self, one: Figure) -> bytes:
        return self.exporter().render(documents.with_figure(one))


def _texts(piece: Piece) -> tuple[str, ...]:
    """What is told in words; the cells of a table but the first may be written as numbers."""
    match piece:
        case WrittenTable(caption, columns, rows):
            return (caption, *columns, *(row[0].text for row in rows), *piece.below)
        case Provenance(rows, title):
            return (title, *(text for row in rows for text in row))
        case Text(paragraphs):
            return paragraphs
        case _:
            return (piece.text,)


def _squeezed(text: str) -> str:
    """*text* without spaces, which formats break and pad as they like."""
    return "".join(text.split())
