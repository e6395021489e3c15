"""Report definitions are data: shipped ones, anybody's own, and what is refused of them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from attrs import evolve

import osallisuus as osa
from osallisuus.errors import DefinitionError, DisclosureError
from osallisuus.ingest.folder import read_folder
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.register import program_named
from osallisuus.release import release_together
from osallisuus.reports.definition import REPORTS, definition_named, read_report
from osallisuus.reports.document import Chart, Document, Heading, Hidden, Provenance, Table, Text
from osallisuus.reports.funders import fund_title
from osallisuus.simulate.world import simulate
from osallisuus.time import Period
from osallisuus.words import Words

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def wertzu() -> Any:
    """The facts of one shipped example."""
    with osa.open("memory:", actor="test", purpose="test") as register:
        register.add(read_folder(EXAMPLES / "wertzu"))
        yield register


def headings(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Heading)]


def tables(document: Document) -> dict[str, Table]:
    return {table.caption: table for table in document.tables}


def of(register: Any, definition: Path | str, **settings: Any) -> Document:
    report = register.report(str(definition), program="wertzu", **settings)
    return report.release("internal").document


def test_the_shipped_reports_are_these() -> None:
    """A name that is not among them is refused with the nearest one."""
    assert REPORTS == (
        "board", "community", "evaluation", "funder_esf", "funder_stea", "rhythm", "roles",
    )  # fmt: skip
    with pytest.raises(DefinitionError, match=r"no report has this name @ bord .*board"):
        definition_named("bord")


@pytest.mark.parametrize("name", REPORTS)
def test_a_shipped_report_asks_for_metrics_that_are_there(name: str) -> None:
    """Each with its own name, and for each a title in three languages or one of ours."""
    definition = definition_named(name)
    assert definition.name == name
    assert {one.metric for one in definition.measured} <= set(CATALOGUE)


@pytest.mark.parametrize("locale", ["fi", "sv", "en"])
@pytest.mark.parametrize("name", REPORTS)
def test_a_shipped_report_can_be_made_in_each_language(wertzu: Any, name: str, locale: Any) -> None:
    """With where its figures come from, and without an empty chapter."""
    settings = {"periods": "2016-01-01..2019-01-01"} if name == "funder_esf" else {}
    document = of(wertzu, name, locale=locale, **settings)
    assert isinstance(document.blocks[-1], Provenance)
    assert document.metadata["report"] == name
    assert document.metadata["report_definition"] == definition_named(name).digest
    below = zip(document.blocks, document.blocks[1:], strict=False)
    empty = [(one, other) for one, other in below if isinstance(one, Heading)]
    assert not [one for one, other in empty if isinstance(other, Heading) and other.level == 1]


OWN = """
schema_version = 1
name = "ours"
by = ["group.place"]
title = { en = "{program} for the wall" }

[[sections]]
kind = "text"
title = { en = "From us" }
text = { en = '''
We began with three people.

Now there are more.
''' }

[[sections]]
kind = "metric"
heading = "ending"
metric = "completion"
form = "share"
brief = true
split = true

[[sections]]
kind = "quotes"
quotes = [
  { text = { en = "I was heard." }, consent = "c-given" },
  { text = { en = "Taken back." }, consent = "c-withdrawn" },
  { text = { en = "Given later." }, consent = "c-later" },
  { text = { en = "Never given." }, consent = "c-none" },
  { text = { en = "Given for something else." }, consent = "c-other" },
  { text = { en = "Taken back after that day." }, consent = "c-since" },
]

[[sections]]
kind = "phases"
"""


def test_a_report_of_ones_own_is_a_file(wertzu: Any, tmp_path: Path) -> None:
    """Its title, words, strata, quotes and phases, in its order."""
    file = tmp_path / "ours.toml"
    file.write_text(OWN)
    person = next(wertzu.facts(osa.Person)).id
    given = {
        "c-given": (date(2016, 1, 1), None),
        "c-withdrawn": (date(2016, 1, 1), date(2016, 6, 1)),
        "c-later": (date(2030, 1, 1), None),
        "c-other": (date(2016, 1, 1), None),
        "c-since": (date(2016, 1, 1), date(2020, 1, 1)),
    }
    wertzu.add(
        osa.Consent(
            id=name,
            person=person,
            purpose="research" if name == "c-other" else "quoting",
            given_on=first,
            withdrawn_on=last,
        )
        for name, (first, last) in given.items()
    )
    document = of(wertzu, file, as_of=date(2019, 1, 1))
    assert document.title == "Peer facilitator training (Wertzu) for the wall"
    assert headings(document)[:6] == [
        "In brief",
        "From us",
        "How taking part ends",
        "Completing the programme",
        "In people’s own words",
        "Before, during and after",
    ]
    said = [
        text for block in document.blocks if isinstance(block, Text) for text in block.paragraphs
    ]
    assert "We began with three people." in said
    assert "Now there are more." in said
    quoted = [one for one in said if one.startswith("“") and "means" not in one]
    assert quoted == ["“I was heard.”"]
    assert "Completing the programme, by place" in tables(document)
    phases = tables(document)["What was noted of the programme as a whole"]
    assert phases.rows == (("Group size", "1–3 clients", "", ""),)


WORDED = """
schema_version = 1
name = "worded"

[[sections]]
kind = "phases"
title = { en = "What we saw", fi = "Mitä näimme" }
caption = { en = "Seen by us", fi = "Näimme" }
before = { en = "The year before", fi = "Vuosi ennen" }

[[sections.noted]]
measure = "group_size"
title = { en = "people in a group", fi = "Ryhmässä" }
unit = { en = "people", fi = "ihmistä" }
"""


@pytest.mark.parametrize(
    ("locale", "heads", "row"),
    [
        (
            "en",
            ("Seen by us", "What", "The year before", "during", "after"),
            ("people in a group", "1–3 people", "", ""),
        ),
        (
            "fi",
            ("Näimme", "Mitä", "Vuosi ennen", "aikana", "jälkeen"),
            ("Ryhmässä", "1–3 ihmistä", "", ""),
        ),
    ],
)
def test_what_was_noted_is_said_in_the_words_of_the_report(
    wertzu: Any, tmp_path: Path, locale: str, heads: tuple[str, ...], row: tuple[str, ...]
) -> None:
    """Heading, caption, heads of columns, rows and units are the author's where they wrote them."""
    file = tmp_path / "worded.toml"
    file.write_text(WORDED)
    document = of(wertzu, file, as_of=date(2019, 1, 1), locale=locale)
    (table,) = document.tables
    assert (table.caption, *table.columns) == heads
    assert table.rows == (row,)
    assert headings(document)[0] == {"en": "What we saw", "fi": "Mitä näimme"}[locale]


def test_our_own_names_of_what_was_noted_are_in_the_language_of_the_report(wertzu: Any) -> None:
    document = of(wertzu, "evaluation", as_of=date(2019, 1, 1), locale="fi")
    noted = tables(document)["Mitä toiminnasta kokonaisuutena on kirjattu"]
    assert noted.rows == (("Ryhmän koko", "1–3 asiakasta", "", ""),)


def test_what_nobody_noted_is_no_row_and_whoever_makes_the_report_is_told(
    wertzu: Any, tmp_path: Path
) -> None:
    """A row that its definition names, but of which no fact is known, is left out."""
    file = tmp_path / "worded.toml"
    file.write_text(
        f'{WORDED}[[sections.noted]]\nmeasure = "visits"\ntitle = {{ en = "Visits" }}\n'
    )
    report = wertzu.report(str(file), program="wertzu", as_of=date(2019, 1, 1))
    release = report.release("internal")
    (table,) = release.document.tables
    assert [row[0] for row in table.rows] == ["people in a group"]
    (problem,) = release.left_out
    assert problem.where == "sections[0].noted[1]"
    assert "a row is left out" in problem.what


def test_a_measure_is_named_once() -> None:
    again = '[[sections.noted]]\nmeasure = "group_size"\ntitle = { en = "a" }\n'
    twice = f"{WORDED}{again}"
    with pytest.raises(DefinitionError, match="'group_size' is named twice"):
        read_report(twice, "worded.toml")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("schema_version = 1", "schema_version = 2"),
            "version 2 of the form of a report @ .*schema_version",
        ),
        (
            ('form = "share"', 'form = "pie"'),
            r"'pie' is not one of the codes here @ .*sections\[1\]\.form",
        ),
        (('kind = "phases"', 'kind = "phase"'), r"sections\[3\]\.kind"),
        (('metric = "completion"', ""), r"a key is missing @ .*sections\[1\]\.metric"),
        (("brief = true", "brif = true"), r"unknown key 'brif' @ .*sections\[1\]\.brif"),
        (("brief = true", 'policies = ["excused"]'), r"a policy without a value @ .*policies"),
        (('name = "ours"', 'name = "ours'), "not TOML"),
    ],
)
def test_what_is_wrong_with_a_definition_is_said_with_its_key(
    change: tuple[str, str], message: str
) -> None:
    """Never a crash, never a guess."""
    with pytest.raises(DefinitionError, match=message):
        read_report(OWN.replace(*change, 1), "ours.toml")


def test_a_metric_that_is_not_there_is_refused_by_name(wertzu: Any, tmp_path: Path) -> None:
    """With its file and key, before anything is measured."""
    file = tmp_path / "ours.toml"
    file.write_text(OWN.replace('"completion"', '"completon"'))
    with pytest.raises(
        DefinitionError, match=r"no metric .* @ ours\.toml:sections\[1\]\.metric .*'completion'"
    ):
        of(wertzu, file)


def test_a_definition_that_cannot_be_read_is_named(wertzu: Any, tmp_path: Path) -> None:
    """By its path, with what would help."""
    with pytest.raises(DefinitionError, match=r"cannot be read: no such file .* @ .*none.toml"):
        of(wertzu, tmp_path / "none.toml")


def test_the_report_for_the_social_fund_needs_one_period(wertzu: Any) -> None:
    """A fund counts the participants of a period, so that none is a question left open."""
    with pytest.raises(DefinitionError, match="a fund counts the participants of one period"):
        of(wertzu, "funder_esf")
    document = of(wertzu, "funder_esf", periods="2016-01-01..2019-01-01")
    table = next(one for one in document.tables if one.caption.startswith("ESF+"))
    assert table.rows[0][0] == "EECO01* participants in all"
    assert table.rows[0][-1] == 41


def test_of_two_funds_in_one_report_each_has_its_own_figures(wertzu: Any, tmp_path: Path) -> None:
    """Whatever stands before, between and after them."""
    file = tmp_path / "funds.toml"
    words = '[[sections]]\nkind = "text"\ntext = { en = "Of us." }\n'
    funds = [
        f'[[sections]]\nkind = "fund"\nrules = "{one}"\n' for one in ("esf_2014_2020", "esf_plus")
    ]
    file.write_text(f'schema_version = 1\nname = "funds"\n{words.join(["", *funds, ""])}')
    three_years = "2016-01-01..2019-01-01"
    shown = tables(of(wertzu, file, periods=three_years))
    for rules, fund in (("esf_plus", "ESF+"), ("esf_2014_2020", "ESF 2014")):
        own = wertzu.fund_table(
            "wertzu", period=Period.parse(three_years), rules=rules, profile="internal"
        )
        (table,) = (shown[caption] for caption in shown if caption.startswith(fund))
        assert [row[1:] for row in table.rows] == [
            tuple(Hidden() if count is None else count for count in line.counts.values())
            for line in own.lines
        ]


@pytest.mark.parametrize("locale", ["fi", "sv", "en"])
def test_the_table_for_the_social_fund_names_programme_and_release(
    wertzu: Any, locale: Any
) -> None:
    """As the table of its own does: whoever reads it alone knows what it is of."""
    report = wertzu.report(
        "funder_esf", program="wertzu", periods="2016-01-01..2019-01-01", locale=locale
    )
    release = report.release()
    number = release.released.number
    assert number in [line.number for line in wertzu.releases()]
    own = wertzu.fund_table(
        "wertzu", period=Period(date(2016, 1, 1), date(2019, 1, 1)), locale=locale
    )
    assert fund_title(own, Words(locale)) in tables(release.document)
    assert own.program in fund_title(own, Words(locale))
    said = [
        one for block in release.document.blocks if isinstance(block, Text)
        for one in block.paragraphs
    ]  # fmt: skip
    assert Words(locale)("fund.remembered", number=number) in said
    internal = report.release("internal")
    assert fund_title(own, Words(locale)) in tables(internal.document)
    assert not any(
        Words(locale)("fund.remembered", number=number) in block.paragraphs
        for block in internal.document.blocks
        if isinstance(block, Text)
    ), "what is internal is not remembered"


def test_the_yearly_report_has_a_row_for_each_year(wertzu: Any) -> None:
    """Nothing stands in brief where no single figure is the main one."""
    document = of(wertzu, "funder_stea", as_of=date(2019, 1, 1))
    table = next(one for one in document.tables if one.columns[0] == "Time")
    assert [str(row[0])[:4] for row in table.rows][::2] == ["2016", "2017", "2018"]
    assert "In brief" not in headings(document)


SPLIT = """
schema_version = 1
name = "split"
periods = "yearly"

[[sections]]
kind = "metric"
heading = "people"
metric = "people_and_episodes"
form = "counts"
{}
"""
YEARS = ["2016-01-01..2017-01-01", "2017-01-01..2018-01-01", "2018-01-01..2019-01-01"]


@pytest.mark.parametrize(
    ("own", "asked", "rows"),
    [
        ("", "", YEARS),
        ("", YEARS[1], [YEARS[1]]),
        ('periods = "whole"', "", [""]),
        ('periods = "whole"', "monthly", [""]),
        ('periods = "whole"', YEARS[1], [YEARS[1]]),
        ('periods = "yearly"', "monthly", YEARS),
        (
            'periods = "quarterly"',
            "2017-01-01..2017-07-01",
            ["2017-01-01..2017-04-01", "2017-04-01..2017-07-01"],
        ),
        (
            'periods = "monthly"',
            [Period(date(2017, 5, 15), date(2017, 7, 3))],
            ["2017-05-15..2017-06-01", "2017-06-01..2017-07-01", "2017-07-01..2017-07-03"],
        ),
    ],
)
def test_a_section_may_split_the_time_of_its_report_in_a_way_of_its_own(
    wertzu: Any, tmp_path: Path, own: str, asked: Any, rows: list[str]
) -> None:
    """It never leaves that time: whoever asks for one year gets the months of that year."""
    file = tmp_path / "split.toml"
    file.write_text(SPLIT.format(own))
    report = wertzu.report(str(file), program="wertzu", as_of=date(2019, 1, 1), periods=asked)
    (result,) = report.release("internal").released.results
    assert [str(one.period or "") for one in result][::2] == rows


def test_people_keep_their_figures_where_much_is_asked_of_encounters_beside_them() -> None:
    """The themes of 1,200 encounters share nobody with those who take part, so they hide nobody."""
    verna = program_named("verna")
    with osa.open("memory:", actor="test", purpose="test") as register:
        register.add(simulate(verna, people=300, random=Random(5)))
        document = register.report("funder_stea", program=verna).release().document
    shown = tables(document)
    people = next(table for caption, table in shown.items() if "different people" in caption)
    assert [row[2].status for row in people.rows] == ["shown"] * 6
    (themes,) = (table for table in shown.values() if len(table.rows) == 15)
    assert themes.caption.endswith("All the time of this report together.")
    assert {row[1].status for row in themes.rows} == {"shown"}


def test_one_page_leaves_the_reading_aids_out_and_nothing_else(wertzu: Any) -> None:
    """What was hidden, and where the figures come from, is said in any case."""
    page, whole = of(wertzu, "board"), of(wertzu, "evaluation")
    assert "How to read this" not in headings(page)
    assert len(headings(page)) <= len(headings(whole)) / 2
    assert sum(isinstance(block, Chart) for block in page.blocks) == 1
    (origin,) = (block for block in page.blocks if isinstance(block, Provenance))
    assert re.fullmatch(r"board · [0-9a-f]{16}", dict(origin.rows)["Report"])


def test_a_communitys_own_course_is_for_itself_and_beside_nobody() -> None:
    """Each community and scale has a table of its own; the public report shows none (Y32, Q15)."""
    with osa.open("memory:", actor="test", purpose="test") as register:
        register.add(
            osa.Group(
                id=name, program="yhteiso", program_version="1", kind="community",
                starts_on=date(2020, 1, 1),
            )
            for name in ("north", "south")
        )  # fmt: skip
        for group, days in (("north", {2: 3.0, 8: 4.5}), ("south", {3: 1.0})):
            for month, value in days.items():
                name = f"a-{group}-{month}"
                register.add(
                    [
                        osa.Assessment(
                            id=name, group=group, instrument="own_rubric", instrument_version="1",
                            wave="follow_up", happened_on=date(2020, month, 1),
                        ),
                        osa.Score(
                            id=f"s-{name}", assessment=name, scale="clients", value=value,
                            completeness="complete",
                        ),
                    ]
                )  # fmt: skip
        report = register.report("community", program="yhteiso")
        within = report.release("internal").document
        assert "Our own course" in headings(within)
        inside = tables(within)
        assert inside["north · own rubric · clients"].rows == (
            ("1 February 2020", 3.0, 0.0),
            ("1 August 2020", 4.5, 1.5),
        )
        assert inside["south · own rubric · clients"].rows == (("1 March 2020", 1.0, 0.0),)
        outside = report.release("public").document
        assert not [caption for caption in tables(outside) if "own rubric" in caption]
        assert "Our own course" not in headings(outside)


def test_nothing_leaves_before_the_community_has_seen_it() -> None:
    """Y26, U15: but what is for the community itself, and what stays inside; also together."""
    with osa.open("memory:", actor="test", purpose="test") as register:
        register.add(read_folder(EXAMPLES / "yhteiso"))
        noted = register.facts(osa.Observation)
        shown = [one for one in noted if one.measure == "shown_to_community"]
        register.void(shown, reason="not yet")
        board, own = (register.report(name, program="yhteiso") for name in ("board", "community"))
        for release in (board.release, lambda: release_together([own, board])):
            with pytest.raises(DisclosureError, match=r"before anybody else .*shown_to_community"):
                release()
        assert list(register.releases()) == []
        assert board.release("internal").document.internal
        own.release()
        register.add([evolve(one, id="o-shown") for one in shown])
        assert not board.release().document.internal
