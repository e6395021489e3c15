"""What a report definition names is there, or every mistake is told with its file and key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from osallisuus.errors import DefinitionError
from osallisuus.reports.definition import Section, read_report
from osallisuus.reports.definition_check import headings
from osallisuus.words import Words

SECTION = """
[[sections]]
kind = "metric"
heading = "taking_part"
metric = "attendance"
form = "share"
"""
PLAIN = f'schema_version = 1\nname = "ours"\n{SECTION}'


def told(text: str) -> list[str]:
    """Every problem of a definition."""
    with pytest.raises(DefinitionError) as caught:
        read_report(text, "ours.toml")
    return [str(one) for one in caught.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("attendance", "atendance", "sections[0].metric (did you mean 'attendance'?)"),
        ("taking_part", "taking_prt", "sections[0].heading (did you mean 'taking_part'?)"),
        ("taking_part", "zzz", "sections[0].heading (a heading of the library is always given"),
        ('heading = "taking_part"', "", "sections[0].heading (a heading of the library is always"),
        ('"ours"', '"ours"\nperiods = "yeerly"', "periods (did you mean 'yearly'?"),
        ('"ours"', '"ours"\nperiods = "2018..x"', "periods (write FROM..TO"),
        ('"ours"', '"ours"\nby = ["group.plase"]', "by[0] (did you mean 'group.place'?"),
        ('"share"', '"share"\npolicies = ["excused=ut"]', "sections[0].policies[0] (one of "),
        ('"share"', '"share"\npolicies = ["exused=out"]', "policies[0] (did you mean 'excused'?)"),
        ('"share"', '"share"\npolicies = ["excused"]', 'sections[0].policies (write "name=value")'),
    ],
)
def test_a_mistake_names_file_and_key_and_what_is_near(old: str, new: str, expected: str) -> None:
    """As those of its form do."""
    (problem,) = told(PLAIN.replace(old, new))
    assert f"ours.toml:{expected}" in problem or ("@ ours.toml:" in problem and expected in problem)


def test_a_policy_that_is_named_twice_is_refused_with_both() -> None:
    """Also where the second would have hidden that the first is unknown."""
    twice = PLAIN + 'policies = ["excused=bogus", "excused=out"]\n'
    both, unknown = told(twice)
    assert both.startswith("one policy is named twice: excused=bogus and excused=out @ ours.toml:")
    assert "not a value of this policy @ ours.toml:sections[0].policies[0]" in unknown
    with pytest.raises(DefinitionError, match="named twice: excused=in and excused=out"):
        Section("people", "attendance", "share", policies=("excused=in", "excused=out"))


def test_mistakes_of_form_and_of_content_are_told_together() -> None:
    """In one go, each once."""
    bad = PLAIN.replace("attendance", "atendance").replace('"share"', '"pie"') + SECTION.replace(
        "taking_part", "takng_part"
    )
    places = [one.partition("@ ours.toml:")[2].partition(" ")[0] for one in told(bad)]
    assert places == ["sections[0].form", "sections[0].metric", "sections[1].heading"]


@pytest.mark.parametrize(
    "text",
    [
        "sections = 3",
        "sections = [3]",
        "by = 3\nperiods = 3",
        'by = [3]\n[[sections]]\nkind = "metric"\nmetric = 3\nheading = 3\npolicies = [3]',
        '[[sections]]\nmetric = ""\nkind = "metric"\npolicies = 3',
    ],
)
def test_what_is_of_another_form_is_told_once_and_by_its_form(text: str) -> None:
    """Whatever stands there."""
    assert len(set(told(text))) == len(told(text))


def test_a_heading_that_is_missing_lists_all_there_are() -> None:
    """And says that a title of one's own goes over it."""
    (problem,) = told(PLAIN.replace('heading = "taking_part"', 'title = { en = "Ours" }'))
    assert "`title` goes over it" in problem
    assert ", ".join(headings()) in problem
    page = Path(__file__).parents[2].joinpath("docs", "report_definitions.md").read_text("utf-8")
    (listed,) = re.findall(r"The headings of the library are (.*?)\.", page, re.DOTALL)
    assert tuple(re.findall(r"`(\w+)`", listed)) == headings()


@pytest.mark.parametrize("key", ["section.peeple", "metric.none.sentence", "x", "§"])
def test_an_unknown_text_never_lists_the_whole_catalogue(key: str) -> None:
    """At most ten that are near."""
    with pytest.raises(DefinitionError, match="no such text") as caught:
        Words("fi")(key)
    assert sum(one in str(caught.value) for one in Words("fi").keys if "." in one) <= 10
    assert len(str(caught.value)) < 600
