"""Results as rows for other programs: pandas, Polars and DuckDB read what the result says."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest
from attrs import evolve

import osallisuus as osa
from osallisuus.errors import PluginError
from osallisuus.ingest.folder import read_folder
from osallisuus.metrics.figure import Result
from osallisuus.metrics.frames import column_types
from osallisuus.time import Period
from tests.reports.sample import count, curve, hidden, share, undefined

EXAMPLE = Path(__file__).parents[2] / "examples" / "wertzu"
YEAR = Period(date(2019, 1, 1), date(2020, 1, 1))
NUMBERS = ("value", "low", "high", "std_err", "k", "n", "persons", "at_risk", "censored")


def result(*figures, by: tuple[str, ...] = (), internal: bool = False) -> Result:
    made = tuple(figures)
    return Result(provenance=made[0].provenance, figures=made, by=by, internal=internal)


def several() -> Result:
    """A shown, a hidden and an undefined figure, a count of nobody, and a stratum not stated."""
    place = "group.place"
    return result(
        evolve(share("a", 28, 41), strata={place: "Ähtäri"}, period=YEAR, notes=("x", "y")),
        evolve(hidden("b"), strata={place: "=1+1"}).suppressed(),
        evolve(undefined("c", "no_cases"), strata={place: None}),
        evolve(count("d", 0), strata={place: "Ähtäri"}),
        evolve(curve("e", [0.25], metric="retention")[0], strata={place: "Ähtäri"}),
        by=(place,),
    )


@pytest.fixture
def register() -> Iterator[osa.Register]:
    with osa.open("memory:", actor="test", purpose="test") as opened:
        opened.add(read_folder(EXAMPLE))
        yield opened


def test_a_record_is_flat_and_has_every_column_in_its_order():
    made = several().to_records()
    assert [list(record) for record in made] == [list(column_types(("group.place",)))] * 5
    first = made[0]
    assert (first["k"], first["n"], first["value"]) == (28, 41, 28 / 41)
    assert (first["period_starts"], first["period_ends"]) == (YEAR.starts_on, YEAR.ends_on)
    assert (first["notes"], first["metric"], first["as_of"]) == (
        "x y",
        "completion",
        date(2019, 1, 1),
    )


def test_what_is_hidden_is_null_with_its_status():
    record = several().to_records()[1]
    assert record["status"] == "suppressed"
    assert {record[name] for name in NUMBERS} == {None}
    assert (record["reason"], record["notes"]) == ("", "")


def test_a_figure_whose_maker_forgot_to_empty_it_gives_no_number_away():
    record = result(hidden("b")).to_records()[0]
    assert {record[name] for name in NUMBERS} == {None}
    assert "7193" not in str(record)


def test_every_row_of_an_exact_result_says_that_it_is_internal(register):
    exact = register.measure("completion", by=["group.place"])
    assert exact.to_polars()["internal"].all()
    (public,) = register.release("completion", by=["group.place"]).results
    assert not public.to_polars()["internal"].any()


def test_polars_has_the_records_with_the_types_that_are_promised():
    frame = several().to_polars()
    assert frame.to_dicts() == several().to_records()
    types = {
        "text": pl.String,
        "whole": pl.Int64,
        "number": pl.Float64,
        "day": pl.Date,
        "flag": pl.Boolean,
    }
    assert dict(frame.schema) == {
        name: types[kind] for name, kind in column_types(("group.place",)).items()
    }


def test_pandas_has_the_records_and_its_counts_can_be_missing():
    frame = several().to_pandas()
    assert str(frame["k"].dtype) == "Int64"
    assert str(frame["value"].dtype) == "float64"
    assert str(frame["period_starts"].dtype) == "datetime64[s]"
    records = several().to_records()
    for name in frame:
        for value, wanted in zip(frame[name], (one[name] for one in records), strict=True):
            if wanted is None:
                assert pd.isna(value)
            elif isinstance(wanted, date):
                assert value == pd.Timestamp(wanted)
            else:
                assert value == wanted


def test_the_arrow_stream_is_read_alike_by_polars_and_by_duckdb():
    made = several()
    assert pl.DataFrame(made).equals(made.to_polars())
    assert pl.DataFrame(made).schema == made.to_polars().schema
    assert duckdb.sql("SELECT name, k FROM made WHERE status = 'shown'").fetchall() == [
        ("a", 28),
        ("d", None),
        ("e", None),
    ]
    assert duckdb.sql("SELECT sum(n), max(period_ends) FROM made").fetchall() == [
        (41, date(2020, 1, 1))
    ] or duckdb.sql("SELECT max(period_ends) FROM made").fetchall() == [(date(2020, 1, 1),)]
    kinds = dict(duckdb.sql("DESCRIBE made").df()[["column_name", "column_type"]].values)
    assert kinds["k"] == "BIGINT"
    assert kinds["as_of"] == "DATE"
    assert kinds["group.place"] == "VARCHAR"


def test_a_result_without_figures_keeps_its_columns():
    made = evolve(several(), figures=())
    assert made.to_records() == []
    assert pl.DataFrame(made).schema == several().to_polars().schema
    assert list(made.to_pandas()) == list(column_types(("group.place",)))


@pytest.mark.parametrize(
    ("module", "extra", "ask"),
    [
        ("pandas", "pandas", lambda made: made.to_pandas()),
        ("polars", "polars", lambda made: made.to_polars()),
        ("nanoarrow", "arrow", lambda made: made.__arrow_c_stream__()),
    ],
    ids=["pandas", "polars", "arrow"],
)
def test_without_the_extra_the_error_says_how_to_get_it(module, extra, ask, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(PluginError, match=rf"python -m pip install 'osallisuus\[{extra}\]'"):
        ask(several())


# In a notebook ----------------------------------------------------------------------------------


class Tags(HTMLParser):
    """The elements of a piece of a page and its texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += f"{data}\n"

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [values for name, values in self.found if name == tag]


def test_a_notebook_shows_a_table_with_caption_and_heads(register):
    exact = register.measure("completion", by=["group.place"])
    tags = Tags(exact._repr_html_())
    assert len(tags.named("caption")) == 1
    scopes = [values["scope"] for values in tags.named("th")]
    assert scopes.count("row") == len(exact)
    assert scopes.count("col") >= 3
    assert "INTERNAL" in tags.text
    (public,) = register.release("completion", by=["group.place"]).results
    assert "INTERNAL" not in public._repr_html_()


def test_a_notebook_shows_what_print_shows():
    page = Tags(several()._repr_html_()).text
    for line in str(several()).splitlines()[2:]:
        for cell in re.split(r"\s{2,}", line.strip()):
            assert set(cell) <= {"-"} or cell in page


def test_a_long_result_is_cut_in_the_middle_and_says_so():
    points = [evolve(share(f"p{number}", 28, 41), at=number) for number in range(200)]
    tags = Tags(result(*points)._repr_html_())
    assert len(tags.named("tr")) == 1 + 60 + 1
    assert "... 140 more ..." in tags.text


@pytest.mark.parametrize("text", ["<script>1</script>", '"><img src=x>', "\ud800", "&amp;"])
def test_no_text_becomes_mark_up(text):
    figure = evolve(share(text, 28, 41), strata={text: text})
    for page in (result(figure, by=(text,))._repr_html_(), figure._repr_html_()):
        tags = {name for name, _ in Tags(page).found}
        assert tags <= {
            "div",
            "table",
            "caption",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "p",
            "strong",
        }
        page.encode()


def test_an_exact_figure_says_in_a_notebook_that_it_is_internal(register):
    exact = register.measure("completion").figure()
    assert "INTERNAL" in exact._repr_html_()
    (public,) = register.release("completion").results
    assert "INTERNAL" not in public.figure()._repr_html_()
    (internal,) = register.release("completion", profile="internal").results
    assert "INTERNAL" in internal.figure()._repr_html_()


def test_a_hidden_figure_shows_no_number_in_a_notebook():
    page = hidden("a")._repr_html_()
    assert "7193" not in page
    assert "··" in page


def test_a_notebook_shows_a_release_as_its_page_in_a_frame_without_rights(register):
    release = register.report("evaluation", program="wertzu").release()
    tags = Tags(release._repr_html_())
    ((name, values),) = tags.found
    assert (name, values["sandbox"]) == ("iframe", "")
    assert values["srcdoc"] == release.render("html").decode()
    assert values["title"] == release.document.title
    report = register.report("evaluation", program="wertzu")
    assert not hasattr(report, "_repr_html_")
