"""Reading a definition: strict, complete in its problems, and never fooled by a look-alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import DefinitionError, LimitError
from osallisuus.model.definition import read_program
from osallisuus.model.files import LARGEST_DEFINITION
from osallisuus.model.stated import NONE

HEAD = """
name = "circle"
version = "1"
title.en = "A circle"
kinds = ["group_training"]
"""

TWELVE_TYPOS = """
name = "Circle!"
version = 5
title.en = "A circle"
sumary.en = "People meet"
kinds = ["group_training"]
compensation = "nothing"
themes = []
themes_open = "yes"

[sessions]
cadence = { kind = "rate", min = 2, max = 1, per = "week" }
nominal_duration = { min = true, max = 4, unit = "month" }

[[roles]]
code = "peer"

[[roles]]
code = "guide"
prerequisites = ["startd:circle"]

[[meetings]]
code = "team"
label.en = "Team"
kind = "team"
cadence = { kind = "rat", min = 1, max = 1, per = "week" }
attendees = ["peeer"]

[[reviews]]
point = "middle"
label.en = "Review"
"""


def _problems(text):
    with pytest.raises(DefinitionError) as caught:
        read_program(text, "circle.toml")
    assert caught.value.__context__ is None
    return {problem.where: problem for problem in caught.value.problems}


def test_the_smallest_definition_is_four_keys():
    """Name, version, title and kinds are enough; all else is not stated."""
    program = read_program(HEAD, "circle.toml")

    assert (program.name, program.label("fi")) == ("circle", "A circle")
    assert program.roles is None
    assert "roles" in program.unstated
    assert read_program(HEAD.encode(), "circle.toml") == program


def test_twelve_typos_give_twelve_problems_at_once():
    """Each problem names its key, and nothing is reported twice or held back."""
    problems = _problems(TWELVE_TYPOS)

    assert sorted(problems) == [
        "circle.toml:compensation",
        "circle.toml:meetings[0].attendees[0]",
        "circle.toml:meetings[0].cadence.kind",
        "circle.toml:name",
        "circle.toml:reviews[0].point",
        "circle.toml:roles[1].prerequisites[0]",
        "circle.toml:sessions.cadence.max",
        "circle.toml:sessions.nominal_duration.min",
        "circle.toml:sumary",
        "circle.toml:themes",
        "circle.toml:themes_open",
        "circle.toml:version",
    ]


@pytest.mark.parametrize(
    ("where", "remedy"),
    [
        ("sumary", "did you mean 'summary'?"),
        ("meetings[0].attendees[0]", "did you mean 'peer'?"),
        ("meetings[0].cadence.kind", "did you mean 'rate'?"),
        ("roles[1].prerequisites[0]", "did you mean 'started'?"),
        ("reviews[0].point", "did you mean 'mid'?"),
        ("version", "write a text"),
        ("themes_open", "write true or false"),
    ],
)
def test_a_typo_is_answered_with_what_would_work(where, remedy):
    """The remedy names the nearest key or code, or what kind of value is expected."""
    assert _problems(TWELVE_TYPOS)[f"circle.toml:{where}"].remedy == remedy


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("change_horizon = { min = true, max = 5, unit = 'year' }", "change_horizon.min"),
        ("change_horizon = { min = '4', max = 5, unit = 'year' }", "change_horizon.min"),
        ("change_horizon = { min = 4.0, max = 5, unit = 'year' }", "change_horizon.min"),
        ("themes_open = 1", "themes_open"),
        ("stage = 3", "stage"),
        ("stage = ''", "stage"),
        ("summary = 'a bare text'", "summary"),
        ("summary.en = ''", "summary.en"),
        ("period = { first = 2011-01-01 }", "period.first"),
        ("period = { first = '2011-13' }", "period.first"),
        ("roles = { code = 'peer' }", "roles"),
        ("livelihood = 'pension'", "livelihood"),
    ],
)
def test_nothing_is_converted(line, where):
    """``true`` is no number, ``"4"`` is not 4, one table is no list: each is refused at its key."""
    assert list(_problems(HEAD + line)) == [f"circle.toml:{where}"]


def test_stated_absence_silence_and_a_list_are_three_things():
    """``"none"`` gives ``NONE``, no key gives ``None``, and an empty list is refused."""
    assert read_program(HEAD + 'compensation = "none"', "x").compensation is NONE
    assert read_program(HEAD + 'interview = "none"', "x").interview is NONE
    assert read_program(HEAD, "x").compensation is None
    assert list(_problems(HEAD + "compensation = []")) == ["circle.toml:compensation"]


def test_stated_absence_changes_the_hash():
    """A programme without a fee is another definition than one that does not say."""
    silent = read_program(HEAD, "x")
    without = read_program(HEAD + 'compensation = "none"', "x")

    assert silent.hash != without.hash


def test_broken_toml_is_reported_with_its_line():
    """A syntax error names the line that has it."""
    (where,) = _problems('name = "circle"\nversion = \n')

    assert where == "circle.toml:line 2"


def test_a_text_that_is_not_utf8_is_reported_with_its_line():
    """Bytes of another encoding are refused at their place."""
    (where,) = _problems(HEAD.encode() + b"# \xe4\n")

    assert where == "circle.toml:line 6"


@pytest.mark.parametrize(
    "text",
    [
        "a" * (LARGEST_DEFINITION + 1),
        HEAD + "x = " + "[" * 100_000,
        HEAD + "x = " + "[" * 100 + "]" * 100,
        HEAD + "[" + ".".join("a" * 2000) + "]",
    ],
)
def test_a_text_too_large_or_deep_to_be_a_definition_is_refused(text):
    """Size and depth are limited, so that a hostile file cannot exhaust memory or the stack."""
    with pytest.raises(LimitError):
        read_program(text, "circle.toml")


@given(st.text(max_size=200))
def test_no_text_at_all_breaks_the_reader(text):
    """Whatever stands in a file, the answer is a programme or an error of ours."""
    with pytest.raises((DefinitionError, LimitError)):
        read_program(text, "circle.toml")


def test_a_code_declared_twice_is_a_problem():
    """Two roles of one code could not be told apart."""
    twice = HEAD + '[[roles]]\ncode = "peer"\n[[roles]]\ncode = "peer"\n'

    problem = _problems(twice)["circle.toml:roles[1].code"]
    assert problem.remedy == "it stands already at roles[0].code"


def test_what_is_listed_as_not_stated_may_not_be_given():
    """A preset cannot both leave something open and fill it in (Q27)."""
    text = HEAD + 'stage = "ready"\n[[not_stated]]\nabout = "stage"\ntext.en = "Its stage"\n'

    assert list(_problems(text)) == ["circle.toml:not_stated[0].about"]


def test_a_definition_may_tighten_disclosure_and_never_loosen_it():
    """A threshold of ten is taken, one of four is refused."""
    assert read_program(HEAD + "disclosure = { threshold = 10 }", "x").disclosure.threshold == 10
    loose = _problems(HEAD + "disclosure = { threshold = 4 }")
    assert list(loose) == ["circle.toml:disclosure.threshold"]


def test_an_instrument_for_groups_is_not_used_on_a_person():
    """The inclusion scale describes groups only, by its owner's advice (Q21)."""
    text = HEAD + '[[instruments]]\ncode = "esis"\nlevel = "person"\n'

    assert list(_problems(text)) == ["circle.toml:instruments[0].level"]
    assert read_program(text.replace("person", "group"), "x").instruments


@pytest.mark.parametrize(
    ("condition", "where", "remedy"),
    [
        ('{ question = "age", answer = 1 }', ".kind", "one of answered, "),
        ('{ kind = 1, question = "age", answer = 1 }', ".kind", "write a text"),
        (
            '{ kind = "answered", question = "age", answer = [1] }',
            ".answer",
            "write true or false or",
        ),
    ],
)
def test_a_condition_says_what_it_is_and_compares_with_one_value(condition, where, remedy):
    text = f"""{HEAD}
[target]
text.en = "Anybody"
criteria = [{{ code = "old", text.en = "Old enough", condition = {condition} }}]
"""
    place = f"circle.toml:target.criteria[0].condition{where}"
    assert _problems(text)[place].remedy.startswith(remedy)
