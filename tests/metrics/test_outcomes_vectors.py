"""The reference numbers about change, all the way from facts to figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import osallisuus as osa
from osallisuus.metrics.catalogue.outcomes import outcome_change, reliable_change
from osallisuus.metrics.catalogue.surveys import survey_change
from tests.metrics.outcome_facts import AS_OF, goals, pairs, reading, register

_VECTORS = json.loads((Path(__file__).parents[1] / "vectors.json").read_text(encoding="utf-8"))
CASES = {one["id"]: one for one in _VECTORS["cases"]}
SLEEP = _VECTORS["datasets"]["sleep"]["columns"]


def _near(value: Any) -> Any:
    return pytest.approx(value, rel=1e-9)


def _sleep() -> list[tuple[float, float]]:
    return list(zip(SLEEP["drug1"], SLEEP["drug2"], strict=True))


def test_paired_change_measured_from_facts_equals_the_t_test_of_r():
    """Means, intervals, standardised response and effect size of the sleep data."""
    expect = CASES["mean_paired"]["expect"]
    result = register(pairs(_sleep(), instrument="sleep")).measure(
        outcome_change("sleep"), as_of=AS_OF
    )
    before, change = result.figure("before"), result.figure("change")
    assert before.value == _near(expect["mean1"])
    assert [before.low, before.high] == _near(expect["ci1"])
    assert change.value == _near(expect["paired_diff"])
    assert [change.low, change.high] == _near(expect["paired_ci"])
    assert result.figure("srm").value == _near(expect["srm"])
    assert result.figure("effect_size").value == _near(expect["es"])


def test_unlinked_waves_measured_from_facts_equal_the_welch_test_of_r():
    """The same numbers as two samples: the difference is that of after less before."""
    expect = CASES["mean_paired"]["expect"]
    facts = [
        fact
        for number, (before, after) in enumerate(_sleep())
        for wave, value in (("start", before), ("end", after))
        for fact in reading(None, wave, value, instrument="sleep", number=number)
    ]
    change = register(facts).measure(survey_change("sleep"), as_of=AS_OF).figure("change")
    assert [change.low, change.high] == _near(expect["welch_ci"])


@pytest.mark.parametrize("row", CASES["gas_t"]["expect"]["rows"], ids=lambda row: str(row["x"]))
def test_the_goals_of_one_person_measured_from_facts_give_the_t_score(row: dict[str, Any]):
    """Each row of the reference is a person with those levels and weights."""
    facts = goals({"p": list(zip(row["w"], row["x"], strict=True))})
    figure = register(facts).measure("goal_attainment", as_of=AS_OF).figure("t_score")
    assert figure.value == _near(row["T"])
    assert (figure.n, figure.low) == (1, None)


def test_the_published_example_of_reliable_change_is_improved_and_crosses_b_only():
    """Jacobson and Truax 1991: 32.5 to 47.5, sd 7.5, reliability 0.80."""
    expect = CASES["rci_jacobson_truax"]["expect"]
    example = register(pairs([(expect["before"], expect["after"])], instrument="scale"))
    crossed = {}
    for name in "abc":
        norms = osa.Norms(
            sd=expect["sd_before"],
            reliability=expect["reliability"],
            source="Jacobson & Truax 1991",
            cut_off=expect["cutoffs"][name],
        )
        result = example.measure(
            reliable_change("scale", norms=norms, better="higher"), as_of=AS_OF
        )
        assert result.figure("improved").k == 1
        crossed[name] = result.figure("crossed_cut_off").k
    assert crossed == {"a": 0, "b": 1, "c": 0}


def test_a_change_is_reliable_just_beyond_1_96_standard_errors_of_a_change():
    """1.96 times 4.7434 is 9.2971: 9.29 is within the error of the instrument, 9.30 is not."""
    expect = CASES["rci_jacobson_truax"]["expect"]
    assert 9.29 < 1.96 * expect["s_diff"] < 9.30
    norms = osa.Norms(sd=7.5, reliability=0.8, source="Jacobson & Truax 1991")
    rows = [(30, 39.29), (30, 39.3), (30, 20.71), (30, 20.7), (30, 30)]
    result = register(pairs(rows, instrument="scale")).measure(
        reliable_change("scale", norms=norms, better="higher"), as_of=AS_OF
    )
    counts = {name: result.figure(name).k for name in ("improved", "no_reliable_change", "worse")}
    assert counts == {"improved": 1, "no_reliable_change": 3, "worse": 1}
    # T14: 50 to 65 with sd 20 and r 0.89 is an index of 1.599
    norms = osa.Norms(sd=20, reliability=0.89, source="made up")
    result = register(pairs([(50, 65), (50, 68.39)], instrument="scale")).measure(
        reliable_change("scale", norms=norms, better="higher"), as_of=AS_OF
    )
    assert result.figure("improved").k == 1
