"""The register and groups: questions are journalled, judgements stay where they are, and die."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

import osallisuus as osa
from osallisuus.rules.apart import MOST_QUESTIONS
from osallisuus.rules.open_groups import OpenGroup, Wishes
from osallisuus.solvers import highs
from tests.model import made

ON = date(2026, 3, 1)
PEOPLE = [f"p{number}" for number in range(1, 9)]


def ticking():
    minutes = count()
    return lambda: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=next(minutes))


def facts():
    """Eight who wait since different days, two groups of six places, p1 and p2 apart."""
    yield from (made.one("people", id=person) for person in PEOPLE)
    for name in ("g1", "g2"):
        yield made.one("groups", id=name, program="verna", starts_on=ON, capacity=6)
    for number, person in enumerate(PEOPLE, start=1):
        asked = ON - timedelta(number)
        yield made.one("enrollments", id=f"e{number}", person=person, program="verna",
                       reached_on=asked)  # fmt: skip
    yield made.one("keep_apart", id="k1", one="p1", other="p2", until=ON + timedelta(9))
    yield made.one("keep_apart", id="k2", one="p3", other="p4", until=ON)


@pytest.fixture(params=["memory:", "store.db", "facts"])
def register(request, tmp_path):
    place = request.param if request.param == "memory:" else str(tmp_path / request.param)
    options = {"create": True} if request.param == "facts" else {}
    with osa.open(place, actor="coordinator", purpose="groups", clock=ticking(), **options) as made:
        made.add(facts())
        yield made


def asked(register):
    return [
        (entry.operation, entry.actor, entry.reason)
        for entry in register.journal()
        if entry.operation != "append"
    ]


def journals(register):
    return "note" in register.store.capabilities


def test_who_waits_stands_in_the_order_of_the_policy(register):
    found = register.waiting_list("verna", on=ON, policy="asked")

    assert [one.person for one in found.people] == PEOPLE[::-1]


def test_a_whole_group_is_workable_or_not(register):
    """Five with both of whom must not meet: no. Five without one of them: yes."""
    assert register.can_share("g1", PEOPLE[:5], on=ON) is False
    assert register.can_share("g1", PEOPLE[1:6], on=ON) is True


def test_every_question_stands_in_the_journal_without_the_people(register):
    register.can_share("g1", PEOPLE[:5], on=ON)
    register.form_groups([OpenGroup(group="g2"), OpenGroup(group="g1")], PEOPLE, on=ON)

    expected = [("can_share", "coordinator", "g1"), ("form_groups", "coordinator", "g1, g2")]
    assert asked(register) == (expected if journals(register) else [])


def test_groups_are_asked_about_so_often_in_a_year_and_no_more(register):
    """All together, new ones as well; a folder, which keeps no notes, cannot count."""
    for _ in range(MOST_QUESTIONS):
        register.can_share("g1", PEOPLE[:5], on=ON)

    if not journals(register):
        assert register.can_share("g1", PEOPLE[:6], on=ON) is False
        return
    with pytest.raises(osa.DisclosureError, match="asked about 10 times in a year"):
        register.can_share("g1", PEOPLE[:6], on=ON)
    register.add([made.one("groups", id="q0", program="verna", starts_on=ON)])
    with pytest.raises(osa.DisclosureError, match="asked about 10 times in a year"):
        register.can_share("q0", PEOPLE[:5], on=ON)


def test_questions_of_more_than_a_year_ago_do_not_count():
    """A year is one up to the last entry of the journal, whoever made it."""
    moments = iter(datetime(2025, 3, 1, tzinfo=UTC) + timedelta(n) for n in range(99))
    with osa.open("memory:", clock=lambda: next(moments)) as register:
        register.add(facts())
        for _ in range(MOST_QUESTIONS):
            register.can_share("g1", PEOPLE[:5], on=ON)
        moments = iter([datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC)])
        register.add([made.one("people", id="p9")])

        with pytest.raises(osa.DisclosureError, match="asked about 10 times in a year"):
            register.can_share("g1", PEOPLE[:5], on=ON)
        register.add([made.one("people", id="p10")])
        moments = iter([datetime(2026, 3, 5, tzinfo=UTC)])
        assert register.can_share("g1", PEOPLE[:5], on=ON) is False


@pytest.mark.parametrize("on", [ON - timedelta(1), date(1900, 1, 1)])
def test_nobody_can_be_left_out_by_asking_about_a_day_of_the_past(register, on):
    """p2 takes part since today; on an earlier day the group would be one without p2."""
    register.add([made.one("enrollments", id="e2", person="p2", program="verna", group="g1",
                           reached_on=ON - timedelta(9), started_on=ON)])  # fmt: skip
    others = ["p1", *PEOPLE[2:6]]

    assert register.can_share("g1", others, on=ON) is False
    with pytest.raises(osa.DisclosureError, match="have changed after that day"):
        register.can_share("g1", others, on=on)
    with pytest.raises(osa.DisclosureError, match="have changed after that day"):
        register.form_groups([OpenGroup(group="g1")], others, on=on)


def test_nobody_can_be_left_out_by_asking_what_was_known_earlier():
    """Before p2's start was recorded, the group was one without p2."""
    with osa.open("memory:", clock=ticking()) as register:
        register.add(facts())
        earlier = register.known_at(datetime(2026, 2, 1, tzinfo=UTC))

        with pytest.raises(osa.DisclosureError, match="not told as known earlier"):
            earlier.can_share("g1", PEOPLE[:5], on=ON)
        with pytest.raises(osa.DisclosureError, match="not told as known earlier"):
            earlier.form_groups([OpenGroup(group="g1")], PEOPLE, on=ON)


def takes_part(*people, group):
    return [
        made.one("enrollments", id=f"e-{one}", person=one, program="verna", group=group,
                 started_on=ON)
        for one in people
    ]  # fmt: skip


QUESTIONS = {
    "with facilitators, who need no place": ({}, ["p1", "p2"], ["p3", "p4", "p5"]),
    "with people of a group that is full": ({"g2": 4}, ["p1", "p2"], []),
    "of nobody who is to be placed": ({"g2": 4}, [], []),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("kept", ["p2", "p8"])
def test_two_people_are_not_asked_about_beside_others(question, kept):
    """Whether there is a judgement about the two or not, the answer is the same refusal."""
    full, people, facilitators = QUESTIONS[question]
    with osa.open("memory:") as register:
        register.add(made.one("people", id=person) for person in PEOPLE)
        register.add([
            made.one("groups", id=name, program="verna", capacity=full.get(name))
            for name in ("g1", "g2")
        ])  # fmt: skip
        if full:
            register.add(takes_part("p4", "p5", "p6", "p7", group="g2"))
        register.add([made.one("keep_apart", one="p1", other=kept, until=ON + timedelta(9))])

        with pytest.raises(osa.DisclosureError, match="too few people"):
            register.form_groups(
                [OpenGroup(group="g1"), OpenGroup(group="g2")], people, on=ON,
                facilitators=facilitators,
            )  # fmt: skip


def test_a_wish_of_two_is_a_question_about_two(register):
    """Not met, it would name both; so wishes are asked of five people or more, or not at all."""
    for wishes in ((("p1", "p2"),), (("p1", "p2"), ("p3", "p4"))):
        with pytest.raises(osa.DisclosureError, match="together"):
            register.form_groups(
                [OpenGroup(group="g1"), OpenGroup(group="g2")], PEOPLE, on=ON,
                wishes=Wishes(together=wishes),
            )  # fmt: skip


@pytest.mark.parametrize("solve", [None, highs.solve], ids=["search", "highs"])
def test_no_wish_that_a_judgement_forbids_is_told_from_the_others(register, solve):
    """p1 and p2 are kept apart. The answer names no wish, and looks at none of them."""
    groups = [OpenGroup(group="g1"), OpenGroup(group="g2")]
    wishes = Wishes(together=(("p1", "p2"), ("p3", "p4"), ("p5", "p6")))

    found = register.form_groups(groups, PEOPLE, on=ON, wishes=wishes, solve=solve)
    without = register.form_groups(groups, PEOPLE, on=ON, solve=solve)

    assert (found.feasible, found.left_out, found.met, found.unmet) == (True, True, (), ())
    assert found.groups == without.groups


@pytest.mark.parametrize("solve", [None, highs.solve], ids=["search", "highs"])
def test_nobody_stands_alone_because_of_a_judgement(register, solve):
    """Groups without sizes are filled evenly, and not all of them into the first one but one."""
    register.add(made.one("groups", id=name, program="verna") for name in ("a", "b"))

    found = register.form_groups(
        [OpenGroup(group="a"), OpenGroup(group="b")], PEOPLE[:5], on=ON, solve=solve
    )

    assert sorted(len(one.people) for one in found.groups) == [2, 3]


def test_a_refused_question_costs_nothing_and_names_nobody(register):
    with pytest.raises(osa.DisclosureError) as error:
        register.can_share("g1", ["p1", "p2"], on=ON)

    assert asked(register) == []
    assert not any(person in str(error.value) for person in PEOPLE)


def test_people_who_do_not_exist_hide_nobody(register):
    """Two people and three invented ones would be a question about the two."""
    with pytest.raises(osa.DefinitionError) as error:
        register.can_share("g1", ["p1", "p2", "x1", "x2", "x3"], on=ON)

    assert [problem.where for problem in error.value.problems] == [
        "people[2]", "people[3]", "people[4]"
    ]  # fmt: skip
    assert asked(register) == []


def test_two_people_and_a_choice_of_groups_are_refused_too(register):
    """Two people and one group would be the same question in other words."""
    with pytest.raises(osa.DisclosureError):
        register.form_groups([OpenGroup(group="g1")], ["p1", "p2"], on=ON)


def test_a_misspelt_group_is_refused_with_the_nearest_one(register):
    with pytest.raises(osa.DefinitionError, match="did you mean 'g1'"):
        register.can_share("g11", PEOPLE[:5], on=ON)


@pytest.mark.parametrize("solve", [None, highs.solve], ids=["search", "highs"])
def test_groups_are_formed_of_people_who_wait(register, solve):
    """Four in each; p1 and p2 apart; p3 and p4, whose judgement is past, together as they wish."""
    groups = [OpenGroup(group=name, least=4, most=4) for name in ("g1", "g2")]
    before = list(register.facts(osa.Enrollment))

    found = register.form_groups(
        groups,
        PEOPLE,
        on=ON,
        solve=solve,
        wishes=Wishes(together=(("p3", "p4"), ("p1", "p5"), ("p2", "p6"))),
    )

    assert found.feasible
    assert found.met == (("p1", "p5"), ("p2", "p6"), ("p3", "p4"))
    assert not any({"p1", "p2"} <= set(one.people) for one in found.groups)
    assert list(register.facts(osa.Enrollment)) == before


def test_the_capacity_of_the_facts_is_kept(register):
    """Eight do not fit into the six places of g1."""
    found = register.form_groups([OpenGroup(group="g1")], PEOPLE, on=ON)

    assert found.alternatives == (("most", "apart"),)


def test_what_is_past_is_erased_and_what_is_not_stays(register):
    """The dry run says how many, and changes nothing."""
    assert register.erase_judgements(on=ON, dry_run=True) == 1
    assert [one.id for one in register.facts(osa.KeepApart)] == ["k1", "k2"]
    assert register.erase_judgements(on=ON) == 1
    assert [one.id for one in register.facts(osa.KeepApart)] == ["k1"]
    assert register.erase_judgements(on=ON) == 0
    forgotten = [("forget", "coordinator", "keep_apart: 1; past")]
    assert asked(register) == (forgotten if journals(register) else [])


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_day_that_has_not_come_erases_nothing_and_counts_nothing(register, dry_run):
    """A slip of the year would take out judgements that still protect somebody."""
    with pytest.raises(osa.StoreError, match="has not come yet"):
        register.erase_judgements(on=date(2062, 3, 1), dry_run=dry_run)

    assert [one.id for one in register.facts(osa.KeepApart)] == ["k1", "k2"]


def test_the_stores_own_day_is_enough_where_no_fact_has_come_since():
    """In a summer without a fact judgements die all the same; the journal says it was asked."""
    moments = iter([datetime(2026, 1, 1, tzinfo=UTC), *[datetime(2026, 8, 1, tzinfo=UTC)] * 9])
    with osa.open("memory:", clock=lambda: next(moments)) as register:
        register.add(facts())

        with pytest.raises(osa.StoreError, match="has not come yet"):
            register.erase_judgements(on=date(2026, 8, 3))
        assert register.erase_judgements(on=date(2026, 8, 2)) == 2


def test_a_store_that_cannot_forget_says_so(monkeypatch):
    """A stranger's store may lack what ours have."""
    with osa.open("memory:") as register:
        register.add(facts())
        monkeypatch.setattr(type(register.store), "capabilities", frozenset({"journal"}))

        with pytest.raises(osa.StoreError, match="cannot forget"):
            register.erase_judgements(on=ON)
        assert register.can_share("g1", PEOPLE[:5], on=ON) is False


def test_nothing_is_erased_from_what_was_known_earlier():
    with osa.open("memory:", clock=ticking()) as register:
        register.add(facts())
        earlier = register.known_at(datetime(2026, 2, 1, tzinfo=UTC))

        with pytest.raises(osa.StoreError, match="cannot forget"):
            earlier.erase_judgements(on=ON)
