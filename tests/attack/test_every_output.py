"""The bytes of every exporter: no number that JSON does not say too, and that is attacked.

What JSON says is attacked by integer programming in ``test_report`` and in the tables. Here the
other outputs are compared with it: their tables, titles, notes, alternative texts and drawings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

import osallisuus as osa
from osallisuus import plugins
from osallisuus.disclosure.gate import Released
from osallisuus.disclosure.profile import PUBLIC
from osallisuus.ingest.folder import read_folder
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.compile import strata_of
from osallisuus.metrics.figure import Figure
from osallisuus.register import Register
from osallisuus.reports import bars, curves, sections
from osallisuus.reports.build import result_document
from osallisuus.reports.drawing import WIDTH
from tests.attack.battery import Outcome, misprinted
from tests.attack.outputs import Page, said
from tests.attack.planted import NUMBER, PLANTS
from tests.attack.tables import printed
from tests.reports.pictures import every_chart

EXAMPLES = Path(__file__).parents[2] / "examples"
AXES = {"0", "25", "50", "75", "100"}
"""The marks of an axis of shares stand for themselves."""


@pytest.fixture(params=["wertzu", "verna"])
def register(request: pytest.FixtureRequest) -> Iterator[Register]:
    """One of the examples."""
    with osa.open("memory:", actor="test", purpose="test") as opened:
        opened.add(read_folder(EXAMPLES / request.param))
        yield opened


def released(register: Register, locale: str = "en", profile: str = "public") -> osa.Release:
    """Its evaluation by place."""
    (program,) = set(register._programs())
    report = register.report("evaluation", program=program, by=["group.place"], locale=locale)
    return report.release(profile)


def strangers(release: Any, left_out: tuple[str, ...] = ()) -> dict[str, set[str]]:
    """Per exporter the numbers that stand in its output and not in JSON."""
    known = said("json", release.render("json")) | AXES
    names = [name for name in plugins.find("exporters") if name not in left_out]
    found = {name: said(name, release.render(name)) - known for name in names}
    return {name: left for name, left in found.items() if left}


@pytest.mark.parametrize("locale", ["en", "fi", "sv"])
def test_no_output_has_a_number_that_json_does_not_have(register: Register, locale: str) -> None:
    """Neither in a cell, a sentence, a caption or a footnote nor in what a screen reader says."""
    assert strangers(released(register, locale)) == {}


@pytest.mark.parametrize("place", ["bars", "curves"])
def test_a_number_in_an_alternative_text_would_be_found(
    register: Register, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison bites: one exporter's alternative text with a number of its own."""
    module = {"bars": bars, "curves": curves}[place]
    real = module.canvas

    def telling(height: float, title: str, description: str, identity: str) -> Any:
        return real(height, title, f"{description} 98765", identity)

    monkeypatch.setattr(module, "canvas", telling)
    monkeypatch.setattr(sections, "_FEWEST_DRAWN", 1)  # of so few days no line is drawn otherwise
    found = strangers(released(register))
    assert found == {"html": {"98765"}, "pdf": {"98765"}}


@pytest.fixture(scope="module")
def rendered() -> Any:
    """The page with every kind of chart, by exporter."""
    document = every_chart("fi")
    return cache(lambda name: plugins.load("exporters", name)().render(document))


@pytest.mark.parametrize(
    ("name", "place"), [(name, place) for name in PLANTS for place in PLANTS[name]]
)
def test_a_number_that_an_exporter_let_slip_would_be_found(
    name: str, place: str, rendered: Any
) -> None:
    """In each place of the bytes of each format where somebody or some program could read it."""
    content = rendered(name)
    assert NUMBER not in said(name, content)
    assert NUMBER in said(name, PLANTS[name][place](content))


def test_no_exporter_is_left_out_of_the_attack() -> None:
    assert PLANTS.keys() == plugins.find("exporters").keys()


def shown_values(release: osa.Release, kind: str) -> list[list[dict[str, Any]]]:
    """The shown figures of each chart of a kind that is drawn, as JSON says them."""
    charts = []
    for block in json.loads(release.render("json"))["blocks"]:
        if block["type"] == "chart" and block["kind"] == kind:
            figures = [figure for series in block["series"] for figure in series["figures"]]
            shown = [figure for figure in figures if figure["status"] == "shown"]
            charts += [shown] if shown else []
    return charts


def test_a_bar_is_as_long_as_the_printed_number_and_no_more_exact(register: Register) -> None:
    """The width of every bar follows from a rounded figure of its chart (F4)."""
    release = released(register)
    charts = shown_values(release, "bars") + shown_values(release, "funnel")
    widths = set()
    for figures in charts:
        shares = all(figure["measure"] == "proportion" for figure in figures)
        reach = max(max(figure["value"], figure["high"] or 0) for figure in figures)
        scale = 1 if shares else max(reach, 1e-9)
        widths |= {max((WIDTH - 2) * figure["value"] / scale, 1.0) for figure in figures}
    page = Page(release.render("html"))
    drawn = [float(one["width"]) for tag, one in page.shapes if tag == "rect" and "rx" in one]
    assert drawn
    assert all(min(abs(one - width) for width in widths) < 0.06 for one in drawn)


def test_a_curve_has_no_height_that_is_not_printed(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its corners lie at as many heights as there are rounded shares, and no more (F4)."""
    monkeypatch.setattr(sections, "_FEWEST_DRAWN", 1)  # of so few days no line is drawn otherwise
    release = released(register)
    charts = [
        {
            figure[name]
            for figure in figures
            for name in ("value", "low", "high")
            if figure[name] is not None
        }
        for figures in shown_values(release, "curve")
    ]
    assert all(abs(100 * one - round(100 * one)) < 1e-9 for values in charts for one in values)
    page = Page(release.render("html"))
    drawn = [
        one["d"]
        for tag, one in page.shapes
        if tag == "path" and ("stroke-linejoin" in one or "fill-opacity" in one)
    ]
    heights = {height for one in drawn for height in re.findall(r"[ML][0-9.]+ ([0-9.]+)", one)}
    assert heights
    # every line begins at all, or at nobody
    assert len(heights) <= sum(len({*values, 0.0, 1.0}) for values in charts)


# Every metric of the catalogue ----------------------------------------------------------------


def asked(register: Register, metric: str) -> Iterator[Released]:
    """A metric in all, by one stratum and by two, as far as it has them."""
    strata = [one for one in strata_of(CATALOGUE[metric]) if one.endswith((".place", ".setting"))]
    of_people = CATALOGUE[metric].traits and "person" in CATALOGUE[metric].lineage.columns
    strata += ["person.gender"] if of_people else []
    for by in ((), *((one,) for one in strata), tuple(strata[:2])):
        if len(set(by)) == len(by):
            yield register.release(metric, by=by)


@pytest.mark.parametrize("metric", sorted(CATALOGUE))
def test_no_metric_prints_what_is_small_unrounded_or_hidden(
    register: Register, metric: str, record: Any
) -> None:
    """In all and by one or two strata: its figures, and every output of them."""
    outcome = Outcome([])
    for one in asked(register, metric):
        (result,) = one.results
        figures = printed(result)
        shown = sum(figure["status"] == "shown" for figure in figures)
        outcome += Outcome(misprinted(figures, one.profile), 1, shown, len(figures))
        document = result_document(result, one, locale="en")
        release = osa.Release(document, one)
        # a PDF is laid out from the very page, slowly: above it is read itself
        assert strangers(release, left_out=("pdf",)) == {}
    record("catalogue", outcome)
    assert outcome.broken == []


def test_a_hidden_figure_that_kept_a_number_would_be_found(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check bites, whichever number it is."""
    real = Figure.suppressed
    for name in ("value", "low", "n", "persons", "at_risk"):
        with monkeypatch.context() as patch:
            patch.setattr(
                Figure, "suppressed", lambda self, name=name: evolve(real(self), **{name: 7})
            )
            (result,) = register.release("completion", by=["group.place"]).results
            hidden = [one for one in result if one.status == "suppressed"]
            assert hidden
            assert misprinted(printed(result), PUBLIC)
