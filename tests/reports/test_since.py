"""A report beside an earlier one: what is counted otherwise, and never whose step it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

import osallisuus as osa
from osallisuus.errors import DefinitionError
from osallisuus.metrics.changed import PARTS
from osallisuus.metrics.figure import Figure, Result
from osallisuus.metrics.plain import Provenance
from osallisuus.model.store import Act
from osallisuus.release import Release
from osallisuus.reports.document import Block, Document, Table, Text
from osallisuus.reports.sections import Sections
from osallisuus.reports.since import since_blocks
from osallisuus.words import Words

THEN, NOW = date(2018, 6, 1), date(2019, 6, 1)

OWN = """
schema_version = 1
name = "ours"

[[sections]]
kind = "metric"
heading = "people"
metric = "people_and_episodes"
form = "counts"

[[sections]]
kind = "metric"
heading = "ending"
metric = "completion"
form = "share"
"""


@pytest.fixture(scope="module")
def definition(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two metrics of which the arithmetic can be done in the head."""
    file = tmp_path_factory.mktemp("definition") / "ours.toml"
    file.write_text(OWN)
    return str(file)


def took_part(name: str, day: date, *, completed: bool = True) -> Iterator[osa.Person | Any]:
    """Somebody who started on that day and ended three months later."""
    yield osa.Person(id=f"p-{name}", registered_on=day)
    yield osa.Enrollment(
        id=f"e-{name}",
        person=f"p-{name}",
        program="verna",
        program_version="1",
        started_on=day,
        ended_on=day + timedelta(days=90),
        ending="completed" if completed else "left",
    )


def cohort(prefix: str, count: int, day: date) -> list[Any]:
    """*count* people; every third of them left before the end."""
    return [
        fact
        for n in range(count)
        for fact in took_part(f"{prefix}{n:02}", day, completed=n % 3 != 0)
    ]


class _Clock:
    """A minute passes at every look."""

    def __init__(self) -> None:
        self.moment = datetime(2020, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.moment += timedelta(minutes=1)
        return self.moment


def opened(clock: _Clock | None = None) -> Any:
    return osa.open("memory:", actor="test", purpose="test", clock=clock or _Clock())


# One person: recorded late, corrected, erased, or come since.


def late(register: Any) -> None:
    register.add(took_part("late", date(2018, 1, 8)))


def corrected(register: Any) -> None:
    facts = list(took_part("a01", date(2018, 1, 8), completed=False))
    register.add(facts)


def take_out(register: Any, name: str) -> None:
    """Erase somebody, with everything that was ever known of them."""
    own = {"people": [f"p-{name}"], "enrollments": [f"e-{name}"]}
    register.store.erase(f"p-{name}", own, Act(actor="test", purpose="test", reason="asked"))


def erased(register: Any) -> None:
    take_out(register, "a01")


def newcomer(register: Any) -> None:
    register.add(took_part("new", date(2018, 9, 3)))


def published(definition: str, of_one: Callable[[Any], None] | None, tmp_path: Path) -> Release:
    """What is published after 29 more have come, and something has happened to one person."""
    with opened() as register:
        register.add(cohort("a", 62, date(2018, 1, 8)))
        first = register.report(definition, program="verna", as_of=THEN).release()
        if of_one is not None:
            of_one(register)
        register.add(cohort("b", 29, date(2018, 9, 3)))
        kept = Release.thaw(first.freeze(tmp_path / "kept.json"))
        report = register.report(definition, program="verna", as_of=NOW)
        released: Release = report.release(since=kept)
    return released


@pytest.mark.parametrize("of_one", [late, corrected, erased, newcomer])
def test_what_happened_to_one_person_cannot_be_read(
    definition: str, of_one: Callable[[Any], None], tmp_path: Path
) -> None:
    """Byte for byte the report is the same without it: also of what kind it was says nothing."""
    (tmp_path / "with").mkdir()
    without = published(definition, None, tmp_path)
    with_it = published(definition, of_one, tmp_path / "with")
    steps = [table for table in without.document.tables if table.columns[0] == "Figure"]
    assert [len(table.rows) for table in steps] == [3], "the report says that something has moved"
    assert with_it.digest == without.digest
    for name in ("html", "json", "csv", "text"):
        assert with_it.render(name) == without.render(name)


@pytest.mark.parametrize("profile", ["public", "internal"])
def test_a_released_report_says_only_what_its_two_pages_say(
    definition: str, profile: str, tmp_path: Path
) -> None:
    """Without its facts it would say the same: it is made of documents and results alone."""
    with opened() as register:
        register.add(cohort("a", 62, date(2018, 1, 8)))
        first = register.report(definition, program="verna", as_of=THEN).release(profile)
        late(register)
        register.add(cohort("b", 29, date(2018, 9, 3)))
        report = register.report(definition, program="verna", as_of=NOW)
        released = report.release(profile, since=first)
    assert released.released is not None
    words = Words("en")
    sections = Sections(words, thinned=profile == "public")
    again = list(since_blocks(first.document, released.released.results, sections, words))
    start = released.document.blocks.index(again[0])
    assert list(released.document.blocks[start : start + len(again)]) == again
    text = " ".join(released.render("text").decode().split())
    assert "recorded late, corrected or erased, is not told apart here" in text
    assert text.casefold().count("late,") == 1
    for part in PARTS:
        assert words(f"why.part.{part}") not in text


def figure(**changes: Any) -> Figure:
    source = Provenance(
        metric="attendance", kind="Proportion", definition="0" * 16, as_of=THEN,
        policies={"excused": "in"},
    )  # fmt: skip
    own = {one: changes.pop(one) for one in ("value",) if one in changes}
    return Figure(
        name="attendance", measure="proportion", provenance=evolve(source, **changes),
        value=own.get("value", 0.8), k=80, n=100,
    )  # fmt: skip


def beside(then: list[Figure], now: Figure, locale: str = "en", *, internal: bool = False) -> Any:
    """The blocks of a report of one figure beside an earlier one."""
    table = Table("Then", ["What", "Share"], [("Attended", one) for one in then])
    previous = Document(title="Then", locale="en", blocks=[table], internal=False)
    result = Result(provenance=now.provenance, figures=(now,), internal=internal)
    words = Words(locale)
    blocks: list[Block] = list(since_blocks(previous, [result], Sections(words), words))
    tables = {one.caption: one for one in blocks if isinstance(one, Table)}
    texts = [one for block in blocks if isinstance(block, Text) for one in block.paragraphs]
    return tables, texts


OTHERWISE = "Counted otherwise than in the report as of 1 June 2018"


@pytest.mark.parametrize(
    ("changes", "row"),
    [
        (
            {"definition": "1" * 16},
            ("Attendance", "the definition of then", "another definition"),
        ),
        (
            {"policies": {"excused": "out"}},
            (
                "Attendance",
                "A session from which somebody was excused counts as one they could have come to.",
                "A session from which somebody was excused is left out.",
            ),
        ),
        (
            {"policies": {}},
            (
                "Attendance",
                "A session from which somebody was excused counts as one they could have come to.",
                "No choice.",
            ),
        ),
        ({"confidence": 0.9}, ("Attendance · Confidence level", "95%", "90%")),
    ],
)
def test_what_is_counted_otherwise_is_told(changes: Any, row: tuple[str, ...]) -> None:
    """By which definition, choice or level; that is about no person."""
    tables, texts = beside([figure()], figure(**changes, as_of=NOW))
    assert tables[OTHERWISE].rows == (row,)
    assert not any("is counted as it was then" in one for one in texts)


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", "no definition and no choice is another one"),
        ("fi", "mikään määritelmä tai valinta ei ole toinen"),
        ("sv", "ingen definition och inget val är ett annat"),
    ],
)
def test_where_nothing_is_counted_otherwise_it_is_said(locale: str, said: str) -> None:
    """In a sentence; another day, value or moment of knowing is no other way of counting."""
    now = figure(as_of=NOW, known_at=datetime(2020, 1, 1, tzinfo=UTC), value=0.6)
    tables, texts = beside([figure()], now, locale)
    assert [one for one in tables.values() if len(one.columns) == 3] == []
    assert said in texts[0]


def test_of_two_ways_of_counting_the_same_one_is_found() -> None:
    """A report may show one metric by two choices; the one that is as it was is not listed."""
    both = [figure(policies={"excused": "out"}), figure()]
    assert OTHERWISE not in beside(both, figure(as_of=NOW))[0]
    assert OTHERWISE not in beside(both, figure(as_of=NOW, policies={"excused": "out"}))[0]


def test_for_whom_a_report_is_made_is_told_where_it_differs() -> None:
    """A public one is rounded: an exact figure beside it may have moved by rounding alone."""
    tables, _ = beside([figure()], figure(as_of=NOW), internal=True)
    assert tables[OTHERWISE].rows == (("Protection", "public", "internal"),)


def why(of_one: Callable[[Any], None] | None, definition: str, *, before: str = "") -> Release:
    """The exact split, where *before* names somebody more who was there then."""
    with opened() as register:
        more = list(took_part(before, date(2018, 1, 8))) if before else []
        register.add([*more, *cohort("a", 20, date(2018, 1, 8))])
        then = register.known_at(list(register.journal())[-1].recorded_at)
        if of_one is not None:
            of_one(register)
        register.add(cohort("b", 10, date(2018, 9, 3)))
        report = register.report(definition, program="verna", as_of=NOW)
        split: Release = report.why_changed(then, as_of=THEN)
    return split


def rows_of(release: Release) -> dict[str, dict[str, str]]:
    """Figure -> part -> what it makes."""
    (table,) = release.document.tables
    return {
        str(row[0]): dict(zip(table.columns[3:], map(str, row[3:]), strict=True))
        for row in table.rows
    }


def test_those_who_may_see_the_facts_get_the_exact_split(definition: str) -> None:
    """One person who was recorded late, and ten who have come: 20, 21 and 31."""
    split = rows_of(why(late, definition))
    persons = split["People and periods of taking part · Persons"]
    assert persons == {"Recorded late": "+1", "New people": "+10"}


def test_a_correction_is_told_apart(definition: str) -> None:
    """Thirteen of 20 completed; after the correction twelve: five percentage points fewer."""
    split = rows_of(why(corrected, definition))
    completed = split["Completing the programme · Completed"]
    assert completed["Corrected"] == "−5.0 percentage points"


def test_nobody_can_read_that_somebody_was_erased(definition: str) -> None:
    """Not even in the exact split: it is as if they had never been there."""

    def erase(register: Any) -> None:
        take_out(register, "gone")

    never = why(None, definition)
    gone = why(erase, definition, before="gone")
    assert gone.digest == never.digest


def test_the_exact_split_says_internal_in_every_format(definition: str) -> None:
    """It passes no gate."""
    split = why(late, definition)
    assert split.document.internal
    for name in ("html", "markdown", "text", "csv", "json"):
        text = split.render(name).decode()
        assert "INTERNAL" in text or '"internal": true' in text


def test_it_never_stands_in_a_report_that_may_leave(definition: str) -> None:
    """As every internal one."""
    split = why(late, definition)
    with opened() as register:
        register.add(cohort("a", 20, date(2018, 1, 8)))
        report = register.report(definition, program="verna")
        with pytest.raises(osa.DisclosureError, match="exact figures of an internal report"):
            report.release(since=split)


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", "why the figures have changed"),
        ("fi", "miksi luvut ovat muuttuneet"),
        ("sv", "varför siffrorna har ändrats"),
    ],
)
def test_the_split_is_told_in_three_languages(definition: str, locale: Any, said: str) -> None:
    """Title, sentences and heads."""
    with opened() as register:
        register.add(cohort("a", 20, date(2018, 1, 8)))
        then = register.known_at(list(register.journal())[-1].recorded_at)
        late(register)
        report = register.report(definition, program="verna", as_of=THEN, locale=locale)
        split = report.why_changed(then, as_of=THEN)
    assert split.document.title.endswith(said)
    assert split.document.locale == locale
    assert Words(locale)("why.part.late_facts") in split.render("text").decode()


def test_where_nothing_has_changed_the_split_says_so(definition: str) -> None:
    """There is no empty table."""
    with opened() as register:
        register.add(cohort("a", 20, date(2018, 1, 8)))
        then = register.known_at(list(register.journal())[-1].recorded_at)
        report = register.report(definition, program="verna", as_of=THEN)
        split = report.why_changed(then, as_of=THEN)
    assert list(split.document.tables) == []
    assert "None of the figures has another value than then." in split.render("text").decode()


def test_the_facts_of_another_store_are_refused(definition: str) -> None:
    """Any cause would be made up."""
    with opened() as mine, opened() as other:
        mine.add(cohort("a", 20, date(2018, 1, 8)))
        other.add(cohort("c", 25, date(2018, 1, 8)))
        report = mine.report(definition, program="verna", as_of=THEN)
        with pytest.raises(DefinitionError, match="two stores"):
            report.why_changed(other, as_of=THEN)
