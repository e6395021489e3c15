"""How large a group must be: asked of the real gate on made-up facts."""

import pytest

import osallisuus as osa
from osallisuus.errors import DefinitionError
from osallisuus.simulate.habits import Habits
from osallisuus.simulate.size import HowLarge, Question, Tried, how_large
from tests.simulate.worlds import made

CERTAIN = Habits(informed=1, offered=1, starts=1, completes=0.5, per_group=30)
COMPLETED = Question(metric="completion", part="completed")


def _tried(*shown, narrow=None):
    sizes = [
        Tried(people=10 * place, started=5.0, seeds=10, shown=count, narrow=narrow)
        for place, count in enumerate(shown, 1)
    ]
    return HowLarge(question=COMPLETED, narrower_than=None, tried=tuple(sizes))


@pytest.mark.parametrize(
    ("shown", "people"),
    [
        ((0, 5, 9, 10), 30),
        ((10, 10, 10, 10), 10),
        ((9, 8, 9, 9), 30),
        ((10, 10, 10, 8), None),
        ((0, 0, 0, 0), None),
    ],
)
def test_enough_is_nine_of_ten_seeds_from_there_on(shown, people):
    """The smallest size that is enough and after which no larger one fails."""
    found = _tried(*shown)
    assert (found.shown_from.people if found.shown_from else None) == people
    assert found.narrow_from is None


def test_the_answer_is_that_of_the_gate():
    """In each run the figure counts as shown exactly where a release of the same facts shows it."""
    program, by = osa.program("wertzu"), ("group.place",)
    habits = Habits(places=("North", "South"), informed=1, offered=1, starts=1)
    question = Question(metric="completion", part="completed", by=by)
    found = how_large(program, question, habits, sizes=[30, 300], seeds=4, seed=7)
    assert [one.seeds for one in found.tried] == [4, 4]
    for one in found.tried:
        shown = 0
        for number in range(4):
            with osa.open("memory:") as register:
                register.add(made(program, one.people, f"7 {one.people} {number}", habits))
                (result,) = register.release("completion", by=by, program="wertzu").results
            figures = [figure for figure in result if figure.name == "completed"]
            assert figures
            shown += all(figure.status == "shown" for figure in figures)
        assert one.shown == shown
    assert found.tried[0].shown < found.tried[1].shown


def test_one_hidden_stratum_is_a_hole_and_so_not_shown():
    """Where the larger place is shown and the smaller one is not, the table is not shown."""
    program, by = osa.program("wertzu"), ("group.place",)
    habits = Habits(places=("Large",) * 9 + ("Small",), informed=1, offered=1, starts=1)
    (found,) = how_large(
        program, Question(metric="completion", part="completed", by=by), habits,
        sizes=[150], seeds=6,
    ).tried  # fmt: skip
    states = []
    for number in range(6):
        with osa.open("memory:") as register:
            register.add(made(program, 150, f"0 150 {number}", habits))
            (result,) = register.release("completion", by=by, program="wertzu").results
        states.append({figure.status for figure in result if figure.name == "completed"})
    assert {"shown", "suppressed"} in states
    assert found.shown == states.count({"shown"})


def test_a_group_of_a_few_is_never_shown_and_a_large_one_is():
    """Ten people who start cannot be published; two hundred of whom half complete can."""
    found = how_large(osa.program("wertzu"), COMPLETED, CERTAIN, sizes=(200, 10), seeds=5)
    assert [(one.people, one.started, one.shown) for one in found.tried] == [
        (10, 10.0, 0),
        (200, 200.0, 5),
    ]
    assert found.shown_from == found.tried[1]


def test_power_is_the_size_from_which_the_published_interval_is_narrow():
    """About 100 half-and-half people have an interval of 0.2; a wider wish needs fewer."""
    program = osa.program("wertzu")
    narrow = how_large(program, COMPLETED, CERTAIN, sizes=(60, 240), seeds=5, narrower_than=0.2)
    assert [one.narrow for one in narrow.tried] == [0, 5]
    assert narrow.narrow_from == narrow.tried[1]
    wide = how_large(program, COMPLETED, CERTAIN, sizes=(60, 240), seeds=5, narrower_than=0.4)
    assert [one.narrow for one in wide.tried] == [5, 5]
    assert "made up" in str(wide)


def test_the_same_seed_gives_the_same_answer():
    """And a metric's name is a question about every part of it."""
    program = osa.program("wertzu")
    one = how_large(program, "attendance", sizes=(40,), seeds=3, seed=1)
    assert one == how_large(program, "attendance", sizes=(40,), seeds=3, seed=1)
    assert one.question == Question(metric="attendance")


@pytest.mark.parametrize(
    ("error", "settings"),
    [
        (DefinitionError, {"sizes": ()}),
        (DefinitionError, {"sizes": (0,)}),
        (DefinitionError, {"seeds": 0}),
        (DefinitionError, {"sizes": (20_001,)}),
        (DefinitionError, {"seeds": 1_001}),
        (DefinitionError, {"seeds": 1.5}),
        (DefinitionError, {"narrower_than": float("nan")}),
        (DefinitionError, {"narrower_than": -1}),
    ],
)
def test_what_cannot_be_tried_is_refused(error, settings):
    """With what would do."""
    with pytest.raises(error) as caught:
        how_large(osa.program("wertzu"), COMPLETED, **settings)
    assert caught.value.problems[0].remedy


def test_an_unknown_metric_is_refused_with_the_nearest():
    """Not answered by "never shown"."""
    with pytest.raises(DefinitionError, match="completion"):
        how_large(osa.program("wertzu"), "completoin", sizes=(20,), seeds=1)


def test_an_unknown_part_is_refused():
    """A part that the metric does not have is a mistake, not a figure that is never shown."""
    with pytest.raises(DefinitionError, match="completed"):
        how_large(
            osa.program("wertzu"), Question(metric="completion", part="compelted"), sizes=(20,)
        )
