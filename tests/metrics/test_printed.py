"""What ``print`` shows of figures and results, and what a result answers when asked amiss."""

from __future__ import annotations

import pytest
from attrs import evolve

from osallisuus.errors import UndefinedFigure
from osallisuus.metrics.figure import Result
from osallisuus.metrics.printed import ROWS_PRINTED
from osallisuus.time import Period
from tests.metrics.figures import (
    ALL_CLOSED,
    COMPLETION,
    FEW_PEOPLE,
    GAP,
    HIDDEN,
    ON_A_DAY,
    OTHERS,
    UNDEFINED,
)

PLACES = Result(
    provenance=COMPLETION,
    figures=(
        evolve(ALL_CLOSED, strata={"group.place": "Turku"}),
        evolve(HIDDEN, strata={"group.place": None}),
    ),
    by=("group.place",),
)


@pytest.mark.parametrize(
    ("figure", "line"),
    [
        (ALL_CLOSED, "completion, completed: 68% (53–80%), 28 of 41"),
        (HIDDEN, "completion, completed, group.place=Turku: ··"),
        (UNDEFINED, "retention, median: – (not_reached)"),
        (
            ON_A_DAY,
            "leaving, left, group.place=Turku, 2018-01-01..2019-01-01, day 60: 13% (5–26%)",
        ),
        (FEW_PEOPLE, "attendance, attendance: 75% (50–90%), 90 of 120"),
        (GAP, "equity_gap, women: −5 percentage points (−20 – +10)"),
        (OTHERS[3], "walks_in_forest, part_one: 3.2 per 30 days (2.5–4.1)"),
        (OTHERS[5], "walks_in_forest, part_one: €1,235 (900–1,800)"),
        (OTHERS[7], "walks_in_forest, part_one: 10.0–14.0 hours"),
    ],
)
def test_a_figure_is_printed_on_one_line(figure, line):
    assert str(figure) == line
    assert repr(figure) == f"<Figure {line}>"


def test_a_result_is_printed_as_a_table_without_empty_columns():
    assert str(PLACES).split("\n") == [
        "completion, as of 2019-01-01, INTERNAL – not for publication",
        "",
        "group.place    part       figure        cases     unknown",
        "-------------  ---------  ------------  --------  ---------",
        "Turku          completed  68% (53–80%)  28 of 41  0%",
        "not stated     completed  ··",
    ]
    assert repr(PLACES) == "<Result completion: 2 figures, internal>"


def test_a_released_result_is_not_stamped_and_an_empty_one_says_so():
    released = evolve(PLACES, internal=False, figures=())
    assert str(released) == "completion, as of 2019-01-01\n(no figures)"
    assert repr(released) == "<Result completion: 0 figures>"


def test_of_a_long_curve_both_ends_are_printed_and_how_much_is_between():
    points = tuple(evolve(ON_A_DAY, at=day) for day in range(200))
    text = str(Result(provenance=COMPLETION, figures=points))
    assert text.count("\n") < ROWS_PRINTED + 6
    lines = text.split("\n")
    cut = next(index for index, line in enumerate(lines) if line.startswith("..."))
    assert lines[cut] == f"... {200 - ROWS_PRINTED} more ..."
    assert " 29 " in lines[cut - 1]
    assert " 170 " in lines[cut + 1]
    assert " 199 " in lines[-1]


def test_codes_in_a_table_are_explained_below_it_each_once():
    """A reason, then notes; what is hidden explains nothing."""
    figures = (FEW_PEOPLE, evolve(FEW_PEOPLE, name="other"), UNDEFINED, HIDDEN)
    lines = str(Result(provenance=COMPLETION, figures=figures)).splitlines()
    assert lines[-3:] == [
        "",
        "not_reached: It has not come that far yet.",
        "few_clusters: Few persons or groups stand behind this: the range is unreliable.",
    ]
    plain = str(Result(provenance=COMPLETION, figures=(ALL_CLOSED,)))
    assert plain.splitlines()[-1].startswith("completed")


# Asking a result for one figure ------------------------------------------------------------------


def test_a_stratum_and_not_stated_find_their_figures():
    assert PLACES.figure("completed", group__place="Turku") == PLACES.figures[0]
    assert PLACES.figure("completed", group__place=None) == PLACES.figures[1]


def test_a_period_finds_its_figure_written_or_as_a_value():
    first, second = (Period.parse(text) for text in ("2018-01-01..2019-01-01",
                                                     "2019-01-01..2020-01-01"))  # fmt: skip
    result = Result(
        provenance=COMPLETION,
        figures=(evolve(ALL_CLOSED, period=first), evolve(ALL_CLOSED, period=second)),
        periods=(first, second),
    )
    assert result.figure(period=second) == result.figures[1]
    assert result.figure(period="2018-01-01..2019-01-01") == result.figures[0]
    with pytest.raises(UndefinedFigure, match="its period"):
        result.figure("completed")


@pytest.mark.parametrize(
    ("asked", "remedy"),
    [
        ({"name": "complete"}, "did you mean 'completed'?"),
        ({"name": "completed", "group__plce": "Turku"}, "did you mean 'group.place'?"),
        ({"name": "completed", "at": 30}, "days on which something happened"),
        ({"name": "completed"}, "name one of the parts completed, and its group.place"),
        ({"group__place": "Åbo"}, "name one of the parts completed, and its group.place"),
    ],
)
def test_a_question_amiss_is_answered_with_what_would_work(asked, remedy):
    with pytest.raises(UndefinedFigure) as caught:
        PLACES.figure(**asked)
    assert remedy in str(caught.value)
    assert "Åbo" not in str(caught.value)
    assert "Turku" not in str(caught.value)


def test_a_stratum_that_was_not_asked_by_is_said_to_be_none():
    whole = Result(provenance=COMPLETION, figures=(ALL_CLOSED,))
    for value in ("x", None):
        with pytest.raises(UndefinedFigure, match="none was asked by"):
            whole.figure(group__place=value)
