from __future__ import annotations

import json
from typing import Any

import pytest
from attrs import evolve

from osallisuus.exporters.json import SCHEMA_VERSION, JsonExporter
from osallisuus.reports.document import Document, Shown, Table
from tests.reports.sample import document, hidden, hostile, share


def read(report: Document) -> dict[str, Any]:
    return json.loads(JsonExporter().render(report))


def only_cell(cell: Any) -> dict[str, Any]:
    made = read(Document(title="", locale="en", blocks=(Table("", ("",), ((cell,),)),)))
    return made["blocks"][0]["rows"][0][0]


def test_the_file_states_its_schema_language_and_protection():
    made = read(document("sv"))
    assert made["schema_version"] == SCHEMA_VERSION
    assert (made["locale"], made["internal"], made["generated"]) == ("sv", False, None)
    assert made["metadata"] == {"program": "verna", "report": "evaluation"}


def test_every_block_is_there_in_its_order():
    kinds = [block["type"] for block in read(document("fi"))["blocks"]]
    assert kinds[:4] == ["note", "heading", "text", "table"]
    assert {"chart", "provenance"} <= set(kinds)
    assert len(kinds) == len(document("fi").blocks)


def test_a_cell_has_the_figure_for_machines_and_the_text_for_people():
    cell = only_cell(Shown(share("completed", 28, 41), "cases"))
    assert cell["text"] == "28 of 41"
    assert (cell["figure"]["k"], cell["figure"]["n"]) == (28, 41)
    assert cell["figure"]["metric"] == "completion"
    assert cell["view"] == "cases"


def test_a_hidden_figure_is_null_with_its_status():
    figure = only_cell(hidden("completed"))["figure"]
    assert figure["status"] == "suppressed"
    numbers = "value low high k n persons at_risk censored".split()
    assert {figure[name] for name in numbers} == {None}


def test_the_charts_figures_are_all_there_in_order():
    charts = [block for block in read(document("fi"))["blocks"] if block["type"] == "chart"]
    curve = next(chart for chart in charts if chart["kind"] == "curve")
    days = [figure["at"] for figure in curve["series"][0]["figures"]]
    assert days == sorted(days)
    assert len(days) == 13


def test_keys_are_sorted_so_that_versions_can_be_compared_line_by_line():
    text = JsonExporter().render(document("fi")).decode()
    made = json.loads(text)
    assert json.dumps(made, ensure_ascii=False, sort_keys=True, indent=1) + "\n" == text


def test_finnish_letters_are_written_as_they_are():
    assert "Lähtenyt" in JsonExporter().render(document("fi")).decode()


@pytest.mark.parametrize("text", ['"}],"x":[{"', "</script>", "\\u0000", "'=1"])
def test_hostile_text_is_read_back_literally(text):
    made = read(hostile(text))
    assert made["title"] == text
    assert made["blocks"][6]["rows"][0][0]["text"] == text
    assert made["blocks"][6]["rows"][0][1]["figure"]["strata"] == {text: text}


def test_a_number_that_is_none_is_an_error_and_never_written():
    broken = evolve(share("a", 1, 2), censored=float("nan"))
    with pytest.raises(ValueError, match="JSON compliant"):
        only_cell(Shown(broken, "k"))
