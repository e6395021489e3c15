"""A proposal of groups in words."""

from datetime import date

import pytest

from osallisuus.rules.composition import tell_groups
from osallisuus.rules.grouping import form_groups
from osallisuus.rules.open_groups import Candidate, Formed, Grouping, OpenGroup, Wishes
from tests.model import made

ON = date(2026, 3, 1)
LOCALES = pytest.mark.parametrize("locale", ["fi", "sv", "en"])


def test_it_says_who_is_where_and_which_wishes_are_met():
    found = Grouping(
        groups=(
            Formed(group="g1", people=("p1", "p2"), facilitators=("f1", "f2")),
            Formed(group="g2", people=("p3",)),
        ),
        met=(("p1", "p2"),),
        unmet=(("p1", "p3"),),
        unevenness=1,
        proved=False,
    )

    assert tell_groups(found).splitlines() == [
        "INTERNAL – not for publication",
        "A proposal for who could be in which group",
        "",
        "All rules are kept, also the judgements of who cannot share a group.",
        "",
        "Group g1: 2 people",
        "  facilitated by f1, f2",
        "  p1",
        "  p2",
        "",
        "Group g2: 1 person",
        "  p3",
        "",
        "Together, as wished: p1 and p2",
        "Not together, though wished: p1 and p3",
        "The spread that was asked for is uneven by 1 person.",
        "The search ended before it was certain that no better proposal exists.",
        "Nothing has been decided or stored. A person decides, together with those concerned.",
    ]


def test_where_it_is_not_possible_it_says_without_what_it_would_be():
    found = Grouping(
        groups=(Formed(group="g1", people=("p1",)),),
        alternatives=(("least", "days"), ("most", "apart")),
        without=("least", "days"),
    )

    assert tell_groups(found).splitlines()[3:8] == [
        "Not all rules can be kept together. It would be possible without:",
        "- the smallest size of a group and the days on which people can come",
        "- the number of places and the judgements of who cannot share a group",
        "",
        ("What follows does without: the smallest size of a group and"
         " the days on which people can come"),
    ]  # fmt: skip


@LOCALES
def test_wishes_that_are_left_out_are_not_told_apart(locale):
    """With a judgement between any two who wish it, the text says the same and names no wish."""
    asked = [Candidate(person=f"p{number}") for number in range(1, 7)]
    groups = [OpenGroup(group="g1", most=4), OpenGroup(group="g2", most=4)]
    pairs = (("p1", "p2"), ("p3", "p4"), ("p5", "p6"))

    ends = set()
    for pair in pairs:
        kept = [made.one("keep_apart", one=pair[0], other=pair[1], until=date(2027, 1, 1))]
        found = form_groups(asked, groups, on=ON, judgements=kept, wishes=Wishes(together=pairs))
        assert found.left_out
        text = tell_groups(found, locale=locale)
        ends.add(tuple(line for line in text.splitlines() if line[:3] != "  p"))

    assert len(ends) == 1


@LOCALES
def test_without_a_proposal_nobody_is_named(locale):
    """Only judgements stand in the way, and the text has no id of anybody in it."""
    found = form_groups(
        [Candidate(person="p-1"), Candidate(person="p-2")], [OpenGroup(group="g1")], on=ON,
        judgements=[made.one("keep_apart", one="p-1", other="p-2", until=date(2027, 1, 1))],
    )  # fmt: skip

    told = tell_groups(found, locale=locale)

    assert "p-" not in told
    assert "g1" not in told


@LOCALES
def test_judgements_that_are_kept_leave_no_trace(locale):
    """With a judgement that the proposal keeps anyhow, every byte is as without it."""
    asked = [Candidate(person="p1", group="g1"), Candidate(person="p2", group="g2")]
    groups = [OpenGroup(group="g1"), OpenGroup(group="g2")]
    kept = [made.one("keep_apart", one="p1", other="p2", until=date(2027, 1, 1))]

    with_one = form_groups(asked, groups, on=ON, judgements=kept)
    without = form_groups(asked, groups, on=ON)

    assert tell_groups(with_one, locale=locale) == tell_groups(without, locale=locale)


@LOCALES
def test_every_rule_has_words_of_its_own_in_every_language(locale):
    rules = ("least", "most", "language", "days", "facilitator", "apart")
    found = Grouping(groups=(), alternatives=tuple((rule,) for rule in rules))

    listed = [line for line in tell_groups(found, locale=locale).splitlines() if line[:2] == "- "]

    assert len(set(listed)) == len(rules)


@LOCALES
def test_every_text_is_there_in_every_language(locale):
    """What the English text says in a line, the others say in a line."""
    found = form_groups(
        [Candidate(person="p1"), Candidate(person="p2"), Candidate(person="f", facilitates=True)],
        [OpenGroup(group="g1")], on=ON,
        wishes=Wishes(together=(("p1", "p2"),), facilitator=True),
    )  # fmt: skip

    lines = [tell_groups(found, locale=each).splitlines() for each in (locale, "en")]

    assert len(lines[0]) == len(lines[1])
    assert [line for line in lines[0] if line.startswith("  p")] == ["  p1", "  p2"]
