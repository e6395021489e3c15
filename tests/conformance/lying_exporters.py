"""Report and fact exporters that break one promise each, and keep all others."""

import contextlib
import time
from itertools import count

from attrs import evolve

from osallisuus.exporters.markdown import MarkdownExporter
from osallisuus.exporters.text import TextExporter
from osallisuus.model.facts import Enrollment, Group, KeepApart, Person
from osallisuus.reports.document import Note, Table
from osallisuus.words import Words

_numbers = count()


# Of reports ---------------------------------------------------------------------------------------


class HasNoDot(TextExporter):
    breaks = "test_it_keeps_the_port"
    suffix = "txt"


class IsInstalledAsAnother(TextExporter):
    breaks = "test_it_is_called_as_its_entry_point_is"


class CallsEveryReportTheSame(TextExporter):
    breaks = "test_it_says_the_report_in_every_language"

    def render(self, document):
        return super().render(evolve(document, title="Report"))


class LooksAtTheClock(TextExporter):
    breaks = "test_equal_reports_give_equal_bytes"

    def render(self, document):
        return super().render(document) + f"{time.time() // 50_000}\n".encode()


class CountsItsReports:
    breaks = "test_it_keeps_nothing_of_a_report"
    api_version, name, suffix, media_type = 1, "counting", ".txt", "text/plain"

    def __init__(self):
        self.made = 0

    def render(self, document):
        self.made += 1
        return TextExporter().render(document) + b"another one\n" * (self.made > 2)


class HidesWhatIsUndefined(TextExporter):
    breaks = "test_a_hidden_figure_is_told_from_every_other"

    def render(self, document):
        return super().render(document.with_blocks(_each_figure(document, _hidden)))


def _hidden(figure):
    return figure.suppressed() if figure.status == "undefined" else figure


def _each_figure(document, change):
    for block in document.blocks:
        if isinstance(block, Table):
            rows = [
                [change(cell) if hasattr(cell, "status") else cell for cell in row]
                for row in block.rows
            ]
            yield evolve(block, rows=rows)
        else:
            yield block


class LeavesNotesOut(TextExporter):
    breaks = "test_nothing_of_a_report_is_left_out"

    def render(self, document):
        told = [block for block in document.blocks if not isinstance(block, Note)]
        return super().render(document.with_blocks(told))


class BreaksLinesAtSigns(TextExporter):
    breaks = "test_words_change_nothing_but_words"

    def render(self, document):
        return super().render(document).replace(b"</", b"\n</")


class PrintsEverySign(TextExporter):
    breaks = "test_signs_that_no_page_can_show_are_not_there"

    def render(self, document):
        figures = [figure for table in document.tables for figure in table.figures]
        told = " ".join(str(value) for one in figures for value in one.strata.values())
        return super().render(document).rstrip() + told.encode(errors="replace")


class LeavesTheStampOff(TextExporter):
    breaks = "test_an_internal_report_says_so"

    def render(self, document):
        return super().render(evolve(document, internal=False))


class StampsEverything(TextExporter):
    breaks = "test_a_released_report_does_not_say_that_it_is_internal"

    def render(self, document):
        return super().render(evolve(document, internal=True))


class KeepsTheMarkToItself(MarkdownExporter):
    breaks = "test_the_hidden_mark_is_explained"

    def render(self, document):
        begun = Words("en")("mark.hidden_meaning")[:12]
        lines = super().render(document).decode().splitlines()
        return "\n".join(line for line in lines if begun not in line).encode()


class NeverSaysWhen(TextExporter):
    breaks = "test_the_time_of_making_is_told_when_it_is_given"

    def render(self, document):
        return super().render(evolve(document, generated=None))


class WantsBlocks(TextExporter):
    breaks = "test_an_empty_report_can_be_written"

    def render(self, document):
        assert document.blocks
        return super().render(document)


REPORT_EXPORTERS = tuple(
    kind for kind in dict(globals()).values() if isinstance(kind, type) and hasattr(kind, "breaks")
)


# Of facts -----------------------------------------------------------------------------------------


class Honest:
    """Writes people, groups and enrolments as lines."""

    api_version = 1
    name = "lines"
    suffix = ".txt"
    kinds = (Person, Group, Enrollment)

    def lines(self, facts):
        for kind in self.kinds:
            for fact in facts.rows(kind):
                yield f"{kind.__name__} {fact.describe()}"

    def write(self, facts, place):
        with place.open("w", encoding="utf-8") as file:
            for line in self.lines(facts):
                file.write(f"{line}\n")


class HasNoName(Honest):
    breaks = "test_it_keeps_the_port"
    name = ""


class IsNumbered(Honest):
    breaks = "test_equal_facts_give_equal_bytes"

    def __init__(self):
        self.number = next(_numbers)

    def lines(self, facts):
        yield f"{self.number}"
        yield from super().lines(facts)


class FactsInstalledAsAnother(Honest):
    breaks = "test_it_is_called_as_its_entry_point_is"


class RemembersPeople(Honest):
    breaks = "test_it_keeps_nothing_of_other_facts"

    def __init__(self):
        self.people = set()

    def lines(self, facts):
        self.people |= {one.id for one in facts.rows(Person)}
        yield f"{sorted(self.people)}"
        yield from super().lines(facts)


class LosesEnrollments(Honest):
    breaks = "test_what_is_known_is_in_it"

    def lines(self, facts):
        return (line for line in super().lines(facts) if not line.startswith("Enrollment"))


class WritesJudgements(Honest):
    breaks = "test_who_must_not_share_a_group_is_in_no_byte"
    kinds = (*Honest.kinds, KeepApart)


class KeepsALog(Honest):
    breaks = "test_it_writes_its_place_and_nothing_beside_it"

    def write(self, facts, place):
        super().write(facts, place)
        place.with_suffix(".log").write_text("done")


class StopsInSilence(Honest):
    breaks = "test_facts_that_break_off_are_no_export"

    def lines(self, facts):
        with contextlib.suppress(Exception):
            yield from super().lines(facts)


class WritesNothingOfNothing(Honest):
    breaks = "test_a_register_of_nothing_can_be_written"

    def write(self, facts, place):
        if list(facts.rows(Person)):
            super().write(facts, place)


FACT_EXPORTERS = tuple(
    kind
    for kind in dict(globals()).values()
    if isinstance(kind, type) and hasattr(kind, "breaks") and kind not in REPORT_EXPORTERS
)
