"""Reports made of released results: what stands at the top, in which words, and what is left out."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

from osallisuus.disclosure.gate import Released
from osallisuus.disclosure.profile import INTERNAL, PUBLIC
from osallisuus.metrics.figure import Figure, Result
from osallisuus.model.facts import Group
from osallisuus.reports.build import Context, build, result_document
from osallisuus.reports.cells import written_table
from osallisuus.reports.definition import Form, Fund, ReportDefinition, Section
from osallisuus.reports.document import (
    Chart,
    Document,
    Heading,
    Note,
    Provenance,
    Series,
    Shown,
    Table,
    Text,
)
from osallisuus.reports.parts import parts_of
from osallisuus.reports.reading import reading_keys
from osallisuus.reports.sections import Sections, is_empty
from osallisuus.words import Words
from tests.metrics.figures import (
    ALL_CLOSED,
    FEW_PEOPLE,
    GAP,
    HALF,
    ON_A_DAY,
    ROUNDED,
    STILL_OPEN,
    THEME,
)
from tests.reports.sample import count, hidden, share, undefined

EN = Words("en")


def result(*figures: Figure, by: tuple[str, ...] = ()) -> Result:
    return Result(provenance=figures[0].provenance, figures=figures, by=by, internal=False)


def report(
    *results: Result, profile=PUBLIC, locale: str = "en", form: Form = "share", split: bool = False
) -> Document:
    """A report of two sections at most; with *split* the results by place come after them."""
    sections = tuple(
        Section(heading, one.provenance.metric, form, brief=True, split=split)
        for heading, one in zip(("ending", "encounters"), results, strict=False)
    )
    released = Released(results=results, hidden=0, profile=profile)
    context = Context(
        program="verna", program_title="Verna", program_version="1", locale=locale,
        version="1.0", labels={"housing": "Homes"},
    )  # fmt: skip
    return build(
        ReportDefinition("evaluation", sections),
        released,
        ("group.place",) if split else (),
        context,
    )


def provenance_of(groups: list[Group], locale: str = "en") -> dict[str, str]:
    """The rows on where the figures come from, as of 1 January 2019."""
    released = Released(results=(result(ALL_CLOSED),), hidden=0, profile=PUBLIC)
    context = Context(
        program="verna", program_title="Verna", program_version="1", locale=locale,
        version="1.0", labels={}, groups=tuple(groups),
    )  # fmt: skip
    definition = ReportDefinition("evaluation", (Section("ending", "completion", "share"),))
    blocks = build(definition, released, (), context).blocks
    (origin,) = (block for block in blocks if isinstance(block, Provenance))
    return dict(origin.rows)


def group(starts_on: date, ends_on: date | None = None, organization: str | None = None) -> Group:
    return Group(
        id=f"g-{starts_on}", program="verna", program_version="1", kind="training",
        starts_on=starts_on, ends_on=ends_on, organization=organization, place="Vanaja",
    )  # fmt: skip


def test_a_report_names_the_organisation_and_the_dates_of_its_groups():
    """Their first and last days are the plan. Nothing else is said, such as a place."""
    groups = [
        group(date(2017, 9, 4), date(2018, 1, 4), "Silta"),
        group(date(2018, 2, 5), date(2018, 6, 5), "Krits"),
        group(date(2018, 9, 3), None, "Silta"),
    ]
    rows = provenance_of(groups)
    assert rows["Organisation"] == "Krits; Silta"
    assert rows["Groups"] == (
        "4 September 2017 – 3 January 2018; 5 February 2018 – 4 June 2018; from 3 September 2018"
    )
    assert provenance_of(groups, "fi")["Ryhmät"].endswith("5.2.2018–4.6.2018; 3.9.2018 alkaen")
    assert not any("Vanaja" in value for value in rows.values())


def test_what_is_not_known_on_the_day_of_the_report_is_not_said():
    """Nor an organisation or dates that no fact states."""
    rows = provenance_of(
        [group(date(2018, 9, 3), date(2019, 1, 2)), group(date(2019, 1, 1), None, "Later")]
    )
    assert rows["Groups"] == "from 3 September 2018"
    assert "Organisation" not in rows
    assert not {"Organisation", "Groups"} & provenance_of([]).keys()


def test_a_group_whose_last_day_is_before_the_day_of_the_report_has_ended():
    """``ends_on`` is the day after its last one, so that may be the day of the report."""
    rows = provenance_of([group(date(2018, 9, 3), date(2019, 1, 1))])
    assert rows["Groups"] == "3 September 2018 – 31 December 2018"


def test_many_groups_do_not_fill_the_page():
    rows = provenance_of([group(date(2018, 1, day)) for day in range(1, 14)])
    assert rows["Groups"] == (
        "first to start: from 1 January 2018; last to start: from 13 January 2018"
    )
    rows = provenance_of([group(date(2018, 1, day)) for day in range(1, 13)])
    assert rows["Groups"].count("from") == 12


def texts(document: Document) -> str:
    said = []
    for block in document.blocks:
        if isinstance(block, Text):
            said += block.paragraphs
        elif isinstance(block, Note | Heading):
            said.append(block.text)
    return "\n".join(said)


def test_a_section_begins_with_its_result_in_a_sentence():
    assert "Of 41 who began, 28 completed (68%; likely 53–80%)." in texts(
        report(result(ALL_CLOSED))
    )


def test_the_ratio_by_hand_stands_beside_ours_with_the_reason_why_they_differ():
    said = texts(report(result(STILL_OPEN)))
    assert "52% (likely 38–65%). Counted by hand it would be 40%. The plain share takes" in said


@pytest.mark.parametrize("missing", [hidden("completed"), undefined("completed", "too_few")])
def test_a_section_without_a_shown_figure_begins_with_no_sentence(missing):
    blocks = list(Sections(EN).section("share", "caption", [missing]))
    assert [type(block) for block in blocks] == [Table]


def test_a_curve_begins_with_the_figures_beside_it_or_else_with_where_its_lines_end():
    later = evolve(ON_A_DAY, at=90, value=0.2)
    ended = [ON_A_DAY, later, evolve(later, name="completed", value=0.7)]
    (first, *_) = Sections(EN).section("curve", "caption", ended)
    assert first.paragraphs[0].count("by day 90") == 1
    assert "Left: 20%" in first.paragraphs[0]
    assert "Completed: 70%" in first.paragraphs[0]
    assert "day 60" not in first.paragraphs[0]
    (first, *_) = Sections(EN).section("curve", "caption", [*ended, HALF])
    assert "after 114 days" in first.paragraphs[0]
    assert "by day" not in first.paragraphs[0]


def test_a_curve_that_ends_at_nobody_has_no_sentence_of_its_end():
    blocks = list(Sections(EN).section("curve", "caption", [evolve(ON_A_DAY, value=0.0)]))
    assert not any(isinstance(block, Text) for block in blocks)


def test_a_hidden_line_beside_a_shown_share_of_its_name_is_not_listed_again():
    shown = evolve(ALL_CLOSED, censored=None)
    line = evolve(shown, at=None).suppressed()
    tables = [
        block
        for block in Sections(EN).section("curve", "caption", [shown, line])
        if isinstance(block, Table)
    ]
    assert [len(table.rows) for table in tables] == [1]
    other = evolve(line, name="left")
    (_, table) = Sections(EN).section("curve", "caption", [shown, other])
    assert len(table.rows) == 2


def test_nobody_is_told_of_a_missing_drawing_below_a_share_that_has_none():
    """A share without a line needs no drawing; a hidden line is said to be one over time."""
    shown = evolve(ALL_CLOSED, censored=None)
    line, alone = evolve(shown, at=None).suppressed(), evolve(shown, name="left").suppressed()

    def notes(*figures: Figure) -> list[str]:
        blocks = Sections(EN).section("curve", "caption", figures)
        return [block.text for block in blocks if isinstance(block, Note)]

    assert notes(shown) == []
    assert notes(shown, line) == [EN("chart.course_not_drawn")]
    assert notes(alone) == [EN("chart.nothing_drawn")]
    assert notes() == [EN("chart.nothing_drawn")]


def test_a_column_of_cases_that_nothing_would_fill_is_left_out_of_the_summary():
    def heads(*results: Result) -> tuple[str, ...]:
        return next(block for block in report(*results).blocks if isinstance(block, Table)).columns

    people = count("persons", 40)
    assert heads(result(people)) == ("What", "Figure (range)")
    assert heads(result(people), result(ALL_CLOSED))[-1] == "Cases"


def test_only_what_the_report_has_is_explained():
    """A hidden figure has neither an interval nor cases to explain."""
    curve = Chart(
        "curve", "t", "d", (Series("a", (ON_A_DAY,)),), Table("t", ("a",), ((ON_A_DAY,),))
    )
    plain = count("persons", 40)
    away = ALL_CLOSED.suppressed()
    cases: list[tuple[tuple[Figure | Shown, ...], list[str]]] = [
        ((), []),
        ((plain,), []),
        ((ALL_CLOSED,), ["interval"]),
        ((Shown(ALL_CLOSED, "cases"),), ["interval", "cases"]),
        ((away, Shown(away, "cases")), []),
        ((STILL_OPEN,), ["interval", "not_yet"]),
        ((evolve(plain, notes=("few_open",)),), ["not_yet"]),
    ]
    for cells, keys in cases:
        assert list(reading_keys([Table("t", ("a",) * len(cells), (cells,))])) == keys, cells
    assert list(reading_keys([curve])) == ["interval", "curve", "not_yet"]


def test_bars_that_read_alike_stand_in_the_order_of_their_counts():
    alike = [evolve(THEME, name=name, value=0.06, k=k) for name, k in (("a", 35), ("b", 40))]
    (_, chart, _) = Sections(EN).section("bars", "caption", alike)
    assert [series.label for series in chart.series] == ["B", "A"]


def test_bars_begin_with_the_largest_and_funnels_with_the_last_step():
    small = evolve(THEME, name="violence", value=0.1, k=62)
    (first, chart, *_) = Sections(EN, {"housing": "Homes"}).section("bars", "c", [small, THEME])
    assert "128: Homes (21%" in first.paragraphs[0]
    assert [series.label for series in chart.series] == ["Homes", "Violence"]
    steps = [count("reached", 70), evolve(ALL_CLOSED, name="to_started"), count("started", 28)]
    (first, chart) = Sections(EN).section("funnel", "c", steps)
    assert "28 of 41" in first.paragraphs[0]
    assert isinstance(chart, Chart)


def test_a_step_that_nobody_records_is_no_bar_and_no_row_and_is_named_once():
    nothing = evolve(
        count("informed", 0), status="undefined", reason="not_recorded", value=None, n=None
    )
    steps = [count("reached", 70), nothing, evolve(ALL_CLOSED, name="to_started")]
    steps.append(count("started", 28))
    (_, chart, said) = Sections(EN).section("funnel", "c", steps)
    assert [bar.label for bar in chart.series] == ["Reached", "Started"]
    assert [row[0] for row in chart.table.rows] == ["Reached", "Started"]
    assert "Informed" not in chart.description
    assert said == Text(("These steps are not recorded: Informed.",))


def test_rounding_is_said_once_before_the_first_figure_and_in_the_provenance():
    document = report(result(ROUNDED))
    assert texts(document).count("rounded to the nearest 5") == 1
    before = document.blocks[
        : next(place for place, block in enumerate(document.blocks) if isinstance(block, Heading))
    ]
    assert any("rounded" in block.text for block in before)
    (origin,) = (block for block in document.blocks if isinstance(block, Provenance))
    assert (EN("provenance.rounding"), "5") in origin.rows
    assert "rounded" not in texts(report(result(ALL_CLOSED), profile=INTERNAL))


def test_a_figure_that_stays_as_published_says_of_which_day_it_is():
    older = evolve(ALL_CLOSED.provenance, as_of=date(2018, 7, 1))
    held = evolve(ALL_CLOSED, provenance=older, notes=("as_published",))
    table = Sections(EN).table("caption", [held, STILL_OPEN])
    notes = dict(written_table(table, EN).footnotes)
    assert "before 1 July 2018" in notes["a"]
    assert "before 1 July 2018" in held.explain()


def test_a_section_of_which_nothing_was_recorded_is_only_named_at_the_end():
    nothing = result(undefined("x", "no_cases", metric="encounter_themes"))
    document = report(result(ALL_CLOSED), nothing)
    titles = [block.text for block in document.blocks if isinstance(block, Heading)]
    assert EN("metric.encounter_themes.title") not in titles
    assert "Nothing has been recorded of: What people talked about." in texts(document)
    assert "Nothing has been recorded" not in texts(report(result(ALL_CLOSED)))
    assert len(next(document.tables).rows) == 1


def test_what_was_not_recorded_in_all_is_not_shown_by_strata_either():
    place = {"group.place": "Turku"}
    results = [
        result(ALL_CLOSED),
        result(undefined("x", "no_cases", metric="attendance")),
        result(evolve(ALL_CLOSED, strata=place), by=("group.place",)),
        result(undefined("x", "no_cases", metric="attendance", **place), by=("group.place",)),
    ]
    document = report(*results, split=True)
    captions = [table.caption for table in document.tables]
    assert EN("by.caption", metric="Completing the programme", name="place") in captions
    assert EN("by.caption", metric="Attendance", name="place") not in captions


def test_nothing_recorded_is_another_thing_than_hidden_or_not_known():
    assert is_empty([undefined("x", "no_cases"), undefined("y", "nothing_recorded")])
    assert not is_empty([undefined("x", "no_cases"), undefined("y", "too_few")])
    assert not is_empty([hidden("x").suppressed()])
    assert not is_empty([ALL_CLOSED])


def test_choices_are_printed_as_sentences_and_not_as_codes():
    (origin,) = (
        block for block in report(result(ALL_CLOSED)).blocks if isinstance(block, Provenance)
    )
    (row,) = (value for _, value in origin.rows if "4f1c9a0b7d2e6835" in value)
    assert "Time goes on during a pause." in row
    assert "running" not in row


def columns_of(*figures: Figure, **asked: object) -> tuple[str, ...]:
    return Sections(EN).table("caption", figures, **asked).columns


def test_a_table_has_only_the_columns_that_its_figures_fill():
    assert columns_of(ALL_CLOSED) == ("What", "Share (range)", "Cases", "Not known")
    assert columns_of(count("persons", 5)) == ("What", "Number")
    assert columns_of(GAP) == ("What", "Figure (range)")
    assert columns_of(ON_A_DAY, HALF)[:3] == ("What", "Day", "Figure (range)")
    assert columns_of(ON_A_DAY, by=("group.place",), periods=True)[:3] == ("Place", "Time", "What")


def test_a_table_by_stratum_and_period_names_both():
    both = evolve(ON_A_DAY, strata={"group.place": "Oulu"}, at=None)
    table = Sections(EN).by_stratum("caption", [both], "group.place")
    assert table.columns[:3] == ("Place", "Time", "What")


def test_those_of_whom_no_place_is_known_have_a_row_too():
    towns = [evolve(ALL_CLOSED, strata={"group.place": place}) for place in ("Oulu", None)]
    table = Sections(EN).table("caption", towns, by=("group.place",))
    assert [row[0] for row in table.rows] == ["Oulu", EN("cell.not_stated")]


def test_what_is_not_said_of_a_figure_is_an_empty_cell_and_what_is_hidden_a_mark():
    silent = evolve(ALL_CLOSED, censored=None, name="other")
    table = Sections(EN).table("caption", [ALL_CLOSED, silent, hidden("third").suppressed()])
    assert table.rows[1][-1] == ""
    assert table.rows[2][-1] != ""


def test_a_part_is_called_as_its_metrics_card_says_before_all_else():
    """Both the card of this metric and the common words name a median."""
    delay = evolve(HALF, provenance=evolve(HALF.provenance, metric="reporting_delay"))
    strange = evolve(HALF, provenance=evolve(HALF.provenance, metric="of_a_stranger"))
    own = Sections(EN, {"median": "the programme's word"})
    assert own.part(delay) == EN("metric.reporting_delay.part.median") != EN("part.median")
    assert own.part(strange) == "The programme's word"


def test_names_of_rows_begin_alike_however_a_programme_writes_them():
    """A programme's own role and one of the vocabulary stand in one table."""
    own = Sections(EN, {"verna": "project developer", "peer": "Verna"})
    names = [own.part(evolve(ON_A_DAY, name=name)) for name in ("verna", "peer", "client")]
    assert names == ["Project developer", "Verna", "Client"]


@pytest.mark.parametrize(("marks", "said"), [((), 1), (("many_comparisons",), 0)])
def test_that_many_figures_are_compared_is_said_once(marks, said):
    """By the table below the chart where its figures say it, else beside it."""
    figures = [evolve(THEME, name=name, notes=marks) for name in ("a", "b", "c")]
    blocks = list(Sections(EN).section("bars", "caption", figures))
    assert sum(isinstance(block, Note) for block in blocks) == said


def test_one_result_alone_says_its_choices_and_that_it_is_rounded():
    released = Released(results=(result(ROUNDED),), hidden=2, profile=PUBLIC)
    document = result_document(released.results[0], released, locale="en")
    said = texts(document)
    assert "2 figures are hidden" in said
    assert "rounded to the nearest 5" in said
    assert "Time goes on during a pause." in said
    assert not document.internal


def test_a_curve_of_which_two_days_are_left_is_no_line():
    """From all on the first day to nobody on the last: a line between them would look like a course."""
    points = [
        evolve(ON_A_DAY, at=day, value=value) for day, value in ((0, 1.0), (30, 0.5), (60, 0.0))
    ]
    for shown, drawn in ((points, True), (points[::2], False)):
        blocks = list(Sections(EN).section("curve", "caption", shown))
        assert any(isinstance(block, Chart) for block in blocks) is drawn
        assert any(isinstance(block, Table) for block in blocks) is not drawn
        (note,) = (block.text for block in blocks if isinstance(block, Note))
        assert ("line between the points" in note) is drawn
    exact = list(Sections(EN, thinned=False).section("curve", "caption", points[::2]))
    assert any(isinstance(block, Chart) for block in exact)


def test_a_threshold_that_only_code_can_set_is_told_first_of_all():
    """With two people each knows the other (R9)."""
    unsafe = evolve(PUBLIC, threshold=2, unsafe=True)
    first = report(result(ALL_CLOSED), profile=unsafe).blocks[0]
    assert first == Note("info", EN("document.unsafe", threshold=2))


def test_a_release_that_nobody_could_audit_says_so():
    def said(*, audited: bool) -> str:
        released = Released(results=(result(ALL_CLOSED),), hidden=0, profile=PUBLIC)
        released = evolve(released, audited=audited)
        return texts(result_document(released.results[0], released, locale="en"))

    assert EN("document.not_audited") in said(audited=False)
    assert EN("document.not_audited") not in said(audited=True)


def test_a_report_of_what_was_known_at_a_moment_says_so():
    """Else it says that it is as of now."""
    told = dict(provenance_in(report(result(FEW_PEOPLE), locale="fi")).rows)
    now = dict(provenance_in(report(result(ALL_CLOSED), locale="fi")).rows)
    known_at = Words("fi")("provenance.known_at")
    assert told[known_at] == "1.2.2019 klo 12.30 UTC"
    assert now[known_at] == Words("fi")("provenance.known_now")


def provenance_in(document: Document) -> Provenance:
    (origin,) = (block for block in document.blocks if isinstance(block, Provenance))
    return origin


def test_a_path_of_roles_is_named_by_its_steps():
    (block,) = list(Sections(EN).section("flow", "c", [hidden("peer>...>client")]))
    assert isinstance(block, Table)
    assert block.rows[0][0] == "Peer → … → Client"


@pytest.mark.parametrize("form", ["flow", "bars"])
def test_one_figure_alone_is_a_table_and_several_are_drawn(form):
    """Beside one path or one theme there is nothing to set it beside."""
    one, other = share("peer>client", 5, 10), share("peer", 3, 10)
    for figures, drawn in (([one], False), ([one, other], True)):
        blocks = list(Sections(EN).section(form, "c", figures))
        (told,) = (block for block in blocks if isinstance(block, Chart | Table))
        assert isinstance(told, Chart) is drawn
        table = told.table if isinstance(told, Chart) else told
        assert [row[1] for row in table.rows] == figures


@pytest.mark.parametrize("rest", [(), (Text(("Of all.",)),)], ids=["notes alone", "and more"])
def test_a_place_has_a_page_only_where_something_of_it_is_shown(rest):
    """One with hidden figures alone would say that it is small; nowhere is no place.

    What the report says first stands on each page, but how many of all its figures are hidden.
    """
    figures = (
        evolve(ALL_CLOSED, strata={"group.place": "Turku"}),
        evolve(ALL_CLOSED, strata={"group.place": "Oulu"}).suppressed(),
        evolve(ALL_CLOSED, strata={"group.place": None}),
    )
    made_up, some = Note("synthetic", "made up"), Note("hidden", "1 figure is hidden")
    whole = Document(title="Verna", locale="en", blocks=(made_up, some, *rest))
    split = result(*figures, by=("group.place",))
    (page,) = parts_of(whole, [result(ALL_CLOSED), split], Sections(EN), "en")
    assert page.title == EN("site.of", title="Verna", name="Turku")
    assert page.blocks[0] == made_up
    assert not {some, *rest} & {one for one in page.blocks if isinstance(one, Note | Text)}
    (table,) = page.tables
    assert [row[1] for row in table.rows] == [figures[0]]


def test_a_fund_of_which_no_period_is_known_has_no_table():
    """In a report that is made without a period: a fund counts the participants of one."""
    definition = ReportDefinition("ours", (Fund(),))
    context = Context(
        program="verna", program_title="Verna", program_version="1", locale="en",
        version="1.0", labels={},
    )  # fmt: skip
    document = build(definition, Released(results=(), hidden=0, profile=PUBLIC), (), context)
    assert list(document.tables) == []
    assert not any(isinstance(block, Heading) for block in document.blocks)
