"""What somebody who makes a metric is told when it cannot be one."""

import pytest
from attrs import evolve

from osallisuus.errors import DefinitionError
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.metric import Metric, replace_days

CASES = "SELECT person, started_on AS happened_on FROM enrollments"


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        ({"name": "Two words"}, "not a name for a metric"),
        ({"unit": "meeting"}, "not a unit to protect"),
        ({"choices": {"episodes": ("each", "first")}}, "the policy episodes needs a default"),
    ],
)
def test_a_metric_has_a_name_a_unit_and_a_default_for_each_choice(parts, what):
    with pytest.raises(DefinitionError, match=what):
        Metric(**{"name": "walks", "cases": CASES} | parts)


def test_a_metric_without_a_kind_gives_no_figures():
    """It can be written down, and says what is missing when it is asked."""
    made = Metric(name="walks", cases=CASES)
    assert made.otherwise([], ("persons",), None) == []
    with pytest.raises(DefinitionError, match="a metric needs a kind"):
        made.draw([], confidence=0.95)


@pytest.mark.parametrize("text", ["days_between(a)", "days_between(a, b"])
def test_days_lie_between_two_days(text):
    with pytest.raises(DefinitionError, match="days_between needs two days"):
        replace_days(text, "{} {}".format)


@pytest.mark.parametrize("parts", [{"population": -1}, {"population": 9, "population_std_err": -1}])
def test_nobody_is_fewer_than_none(parts):
    with pytest.raises(DefinitionError, match="a population and its error are 0 or more"):
        evolve(CATALOGUE["coverage"], **parts)
