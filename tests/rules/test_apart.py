"""Judgements on who must not share a group: yes or no for a whole group, and nothing else."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import DisclosureError
from osallisuus.model.batch import Batch
from osallisuus.rules.apart import LEAST, can_share, past_judgements
from osallisuus.rules.findings import check
from tests.model import made

ON = date(2026, 3, 1)
PEOPLE = [f"p{number}" for number in range(1, 8)]


def judgement(one="p1", other="p2", name="k1", **given):
    plain = {"id": name, "one": one, "other": other, "until": ON + timedelta(100)}
    return made.one("keep_apart", **plain | given)


def group(name="g1", **given):
    return made.one("groups", **{"id": name, "program": "verna", "starts_on": ON} | given)


def member(person, name="g1"):
    return made.one(
        "enrollments", id=f"e-{person}", person=person, program="verna", group=name,
        started_on=ON - timedelta(9),
    )  # fmt: skip


def rows(*facts):
    return Batch.of(facts).rows


@pytest.mark.parametrize(
    ("facts", "people", "answer"),
    [
        ([group()], PEOPLE[:5], True),
        ([group(), judgement()], PEOPLE[:5], False),
        ([group(), judgement("p2", "p1")], PEOPLE[:5], False),
        ([group(), judgement("p1", "p6")], PEOPLE[:5], True),
        ([group(), judgement(until=ON)], PEOPLE[:5], True),
        ([group(), judgement(until=ON + timedelta(1))], PEOPLE[:5], False),
        ([group(), judgement(group="g1")], PEOPLE[:5], False),
        ([group(), group("g2"), judgement(group="g2")], PEOPLE[:5], True),
        ([group(ends_on=ON), judgement(group="g1")], PEOPLE[:5], True),
        ([group(ends_on=ON + timedelta(1)), judgement(group="g1")], PEOPLE[:5], False),
        ([group(ends_on=ON), judgement()], PEOPLE[:5], False),
        ([group(), judgement(), member("p1")], PEOPLE[1:6], False),
        ([group(capacity=4)], PEOPLE[:5], False),
        ([group(capacity=5)], PEOPLE[:5], True),
        ([group(), judgement("p1", "p1")], PEOPLE[:5], True),
    ],
    ids=[
        "no judgement", "a judgement", "in either order", "about somebody else", "past today",
        "its last day is tomorrow", "about this group", "about another group",
        "its group has ended", "its group ends tomorrow", "about any group",
        "with somebody who takes part and was left out", "too full", "just full",
        "about one person",
    ],
)  # fmt: skip
def test_whether_a_whole_group_is_workable(facts, people, answer):
    assert can_share(rows(*facts), "g1", people, on=ON) is answer


@pytest.mark.parametrize("count", range(LEAST))
def test_fewer_people_than_five_are_not_asked_about(count):
    """Asked of two, "no" would name both; the refusal is the same whether or not there is one."""
    refused = []
    for facts in ([group()], [group(), judgement()]):
        with pytest.raises(DisclosureError) as error:
            can_share(rows(*facts), "g1", PEOPLE[:count], on=ON, least=1)
        refused.append(str(error.value))

    assert refused[0] == refused[1]
    assert "p1" not in refused[0]


def test_more_people_can_be_asked_for():
    with pytest.raises(DisclosureError, match="6 people or more"):
        can_share(rows(group()), "g1", PEOPLE[:5], on=ON, least=6)


def test_who_takes_part_cannot_be_left_out_of_the_question():
    """Otherwise somebody could leave out one member after the other, and see when the answer turns.

    With six members and a judgement between one of them and p7, every question about p7 has the
    same answer, whoever is named beside p7.
    """
    facts = rows(group(), judgement("p3", "p7"), *map(member, PEOPLE[:6]))

    answers = {
        can_share(facts, "g1", [*PEOPLE[:left], *PEOPLE[left + 1 : 6], "p7"], on=ON)
        for left in range(6)
    }

    assert answers == {False}


@given(st.permutations(PEOPLE), st.integers(LEAST, 7))
def test_the_answer_is_the_same_for_the_same_group_in_any_order(people, count):
    facts = rows(group(), judgement("p1", "p2"), judgement("p3", "p4", "k2"))
    asked = people[:count]
    expected = not ({"p1", "p2"} <= set(asked) or {"p3", "p4"} <= set(asked))

    assert can_share(facts, "g1", asked, on=ON) is expected


def test_what_is_past_is_to_be_erased():
    """A judgement dies on its last day or with its group, whichever comes first."""
    facts = rows(
        group(),
        group("g2", ends_on=ON),
        judgement(name="k5", until=ON),
        judgement(name="k2", group="g2"),
        judgement(name="k3", group="g1"),
        judgement(name="k4", until=ON + timedelta(1)),
        judgement(name="k1", until=ON - timedelta(9), group="g1"),
    )

    assert past_judgements(facts, on=ON) == ("k1", "k2", "k5")


@pytest.mark.parametrize(
    ("judgements", "what"),
    [
        ([judgement(group="g1", until=ON)], []),
        ([judgement()], []),
        ([judgement(group="g1")], ["1 judgement is still kept for a group that has ended"]),
        ([judgement(group="g1"), judgement(name="k2", group="g1")],
         ["2 judgements are still kept for a group that has ended"]),
    ],
    ids=["as long as the group", "about any group", "one", "two"],
)  # fmt: skip
def test_judgements_that_outlive_their_group_are_counted(judgements, what):
    """The finding tells how many there are, and neither whose nor which."""
    findings = [
        one for one in check(rows(group(ends_on=ON), *judgements))
        if one.code == "judgement_outlived_its_group"
    ]  # fmt: skip

    assert [one.what for one in findings] == what
    assert all(one.where == "keep_apart" for one in findings)
