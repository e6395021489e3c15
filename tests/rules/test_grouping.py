"""Forming groups: what is asked, what comes out, and what is said where it is not possible."""

from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osallisuus.errors import DefinitionError, LimitError, PluginError
from osallisuus.rules.grouping import form_groups
from osallisuus.rules.open_groups import Candidate, Formed, OpenGroup, Wishes
from osallisuus.rules.placing import Solution, search
from osallisuus.solvers import highs
from tests.model import made

ON = date(2026, 3, 1)
RULES = ("least", "most", "language", "days", "facilitator", "apart")


def judgement(one, other, name="k1", **given):
    plain = {"id": name, "one": one, "other": other, "until": ON + timedelta(9)}
    return made.one("keep_apart", **plain | given)


def people(*names, **given):
    return [Candidate(person=name, **given) for name in names]


def formed(grouping):
    return {one.group: one.people for one in grouping.groups}


def test_a_proposal_keeps_the_rules_and_meets_the_wishes():
    """Two groups of three: Ilta in Finnish, Aamu in any language; p1 and p6 wish to be together."""
    asked = [
        Candidate(person="p1", languages=frozenset({"fi", "sv"})),
        Candidate(person="p2", languages=frozenset({"sv"})),
        *people("p3", "p4", "p5", "p6"),
    ]
    groups = [OpenGroup(group="ilta", most=3, language="fi"), OpenGroup(group="aamu", most=3)]

    found = form_groups(
        asked, groups, on=ON, judgements=[judgement("p1", "p2")],
        wishes=Wishes(together=(("p6", "p1"),)),
    )  # fmt: skip

    assert found.feasible
    assert found.met == (("p1", "p6"),)
    assert "p2" in formed(found)["aamu"]
    assert {"p1", "p6"} <= set(formed(found)["ilta"])
    assert sorted(map(len, formed(found).values())) == [3, 3]


IMPOSSIBLE = {
    # people, groups, judgements, wishes, the smallest sets of rules
    "too few places": (
        people("p1", "p2", "p3"), [OpenGroup(group="g1", most=2)], [], Wishes(), [("most",)]),
    "too few people": (
        people("p1"), [OpenGroup(group="g1", least=2)], [], Wishes(), [("least",)]),
    "nobody speaks the language": (
        people("p1", languages=frozenset({"fi"})), [OpenGroup(group="g1", language="sv")], [],
        Wishes(), [("language",)]),
    "nobody can come that day": (
        people("p1", days=frozenset({"mon"})), [OpenGroup(group="g1", day="tue")], [],
        Wishes(), [("days",)]),
    "nobody facilitates": (
        people("p1"), [OpenGroup(group="g1")], [], Wishes(facilitator=True), [("facilitator",)]),
    "a judgement": (
        people("p1", "p2"), [OpenGroup(group="g1")], [judgement("p1", "p2")], Wishes(),
        [("apart",)]),
    "nothing stands in the way": (
        people("p1", "p2"), [OpenGroup(group="g1", most=1), OpenGroup(group="g2", language="sv")],
        [], Wishes(), None),
    "places or a day": (
        people("p1", "p2", days=frozenset({"mon"})),
        [OpenGroup(group="g1", most=1), OpenGroup(group="g2", day="tue")],
        [], Wishes(), [("most",), ("days",)]),
    "two rules at once": (
        people("p1", languages=frozenset({"fi"}), days=frozenset({"mon"})),
        [OpenGroup(group="g1", language="sv", day="tue")], [], Wishes(), [("language", "days")]),
}  # fmt: skip


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_where_it_is_not_possible_it_is_said_without_which_rules_it_would_be(name):
    asked, groups, judgements, wishes, expected = IMPOSSIBLE[name]

    found = form_groups(asked, groups, on=ON, judgements=judgements, wishes=wishes)

    assert list(found.alternatives) == (expected or [])
    assert found.feasible == (expected is None)


def test_a_proposal_never_goes_against_a_judgement():
    """Where only the judgements stand in the way there is no proposal, so nobody can be read off."""
    found = form_groups(
        people("p1", "p2", "p3"), [OpenGroup(group="g1")], on=ON,
        judgements=[judgement("p1", "p2")],
    )  # fmt: skip

    assert (found.alternatives, found.groups) == ((("apart",),), ())


def test_a_proposal_is_made_by_the_first_alternative_without_judgements():
    """Two people who are apart: one group is too small for anybody else than one of them."""
    found = form_groups(
        people("p1", "p2"), [OpenGroup(group="g1"), OpenGroup(group="g2", most=0)], on=ON,
        judgements=[judgement("p1", "p2")],
    )  # fmt: skip

    assert found.alternatives == (("most",), ("apart",))
    assert found.without == ("most",)
    assert sorted(formed(found).values()) == [("p1",), ("p2",)]


@pytest.mark.parametrize(
    ("given", "feasible"),
    [
        ({}, False),
        ({"until": ON}, True),
        ({"group": "g1"}, False),
        ({"group": "g2"}, True),
    ],
    ids=["any group", "past", "this group", "another group"],
)
def test_only_judgements_that_stand_and_are_about_the_group_count(given, feasible):
    found = form_groups(
        people("p1", "p2"), [OpenGroup(group="g1")], on=ON,
        judgements=[judgement("p1", "p2", **given)],
    )  # fmt: skip

    assert found.feasible is feasible


def test_a_judgement_about_somebody_else_is_nothing_here():
    found = form_groups(
        people("p1"), [OpenGroup(group="g1")], on=ON,
        judgements=[judgement("p1", "p9"), judgement("p1", "p1", "k2")],
    )  # fmt: skip

    assert found.feasible


def test_facilitators_take_no_place_and_are_kept_apart_like_everybody():
    """Two groups of one: f1 must not meet p1, so f2 leads wherever p1 is."""
    asked = [*people("p1", "p2"), *people("f1", "f2", facilitates=True)]
    groups = [OpenGroup(group="g1", most=1), OpenGroup(group="g2", most=1)]

    found = form_groups(
        asked, groups, on=ON, judgements=[judgement("f1", "p1")], wishes=Wishes(facilitator=True)
    )

    assert {(one.people, one.facilitators) for one in found.groups} == {
        (("p1",), ("f2",)), (("p2",), ("f1",))
    }  # fmt: skip


def test_who_has_a_place_keeps_it():
    """Whatever language the group has, and whoever comes: p2 must not meet p1, who is in g1."""
    asked = [Candidate(person="p1", group="g1", languages=frozenset({"sv"})), *people("p2")]
    groups = [OpenGroup(group="g1", language="fi"), OpenGroup(group="g2")]

    found = form_groups(asked, groups, on=ON, judgements=[judgement("p1", "p2")])

    assert formed(found) == {"g1": ("p1",), "g2": ("p2",)}

    found = form_groups([Candidate(person="p1", group="g2")], groups, on=ON)

    assert formed(found) == {"g1": (), "g2": ("p1",)}


def test_what_people_said_of_themselves_is_looked_at_only_where_that_is_asked():
    """Four people, two of each stage: spread, each group has one of each."""
    asked = [
        Candidate(
            person=f"p{number}", traits={"recovery_stage": "early" if number < 3 else "later"}
        )
        for number in range(1, 5)
    ]
    groups = [OpenGroup(group="g1", least=2, most=2), OpenGroup(group="g2", least=2, most=2)]

    unasked = form_groups(asked, groups, on=ON)
    spread = form_groups(asked, groups, on=ON, wishes=Wishes(spread=("recovery_stage",)))

    assert unasked.unevenness == spread.unevenness == 0
    assert all(len({"p1", "p2"} & set(one.people)) == 1 for one in spread.groups)


@pytest.mark.parametrize(
    ("asked", "groups", "wishes", "what"),
    [
        (people("p1"), [], Wishes(), "no group is to be formed @ groups"),
        (people("p1", "p1"), [OpenGroup(group="g1")], Wishes(), "twice @ people"),
        (people("p1"), [OpenGroup(group="g1"), OpenGroup(group="g1")], Wishes(), "twice @ groups"),
        (people("p1"), [OpenGroup(group="g1", least=3, most=2)], Wishes(), r"groups\.g1\.least"),
        (people("p1"), [OpenGroup(group="g1", least=-1)], Wishes(), r"groups\.g1\.least"),
        (people("p1"), [OpenGroup(group="g1")], Wishes(together=(("p1", "p9"),)), r"together\[0\]"),
        (people("p1"), [OpenGroup(group="g1")], Wishes(together=(("p1", "p1"),)), r"together\[0\]"),
        (people("p1", group="g9"), [OpenGroup(group="g1")], Wishes(), "a place in another group"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_nobody_is_named(asked, groups, wishes, what):
    with pytest.raises(DefinitionError, match=what) as error:
        form_groups(asked, groups, on=ON, wishes=wishes)

    assert not any(name in str(error.value) for name in ("p1", "p9"))


@pytest.mark.parametrize("solve", [search, highs.solve], ids=["search", "highs"])
@pytest.mark.parametrize(
    ("kept", "most", "left_out", "unmet"),
    [
        (None, None, False, 0),
        (("p1", "p4"), None, False, 0),
        (("p1", "p2"), None, True, 0),
        (("p1", "p3"), None, True, 0),
        (None, 2, False, 1),
        (("p1", "p2"), 2, False, 1),
    ],
    ids=["none", "of two others", "of the two", "by way of a third", "no place, without a judgement",
         "no place, with one"],
)  # fmt: skip
def test_wishes_are_left_out_only_where_judgements_stand_in_their_way(
    solve, kept, most, left_out, unmet
):
    """p1 with p2, and p2 with p3: a place that is missing may be told, a judgement may not."""
    found = form_groups(
        people("p1", "p2", "p3", "p4"),
        [OpenGroup(group="g1", most=most), OpenGroup(group="g2", most=most)],
        on=ON,
        judgements=[judgement(*kept)] if kept else [],
        wishes=Wishes(together=(("p1", "p2"), ("p2", "p3"))),
        solve=solve,
    )

    assert (found.feasible, found.left_out, len(found.unmet)) == (True, left_out, unmet)
    assert len(found.met) == (0 if left_out else 2 - unmet)


@pytest.mark.parametrize("refuses", [True, False], ids=["nothing found", "not proved"])
def test_what_a_solver_cannot_tell_within_its_limits_leaves_the_wishes_out(refuses):
    """Whether a judgement stands in the way of the wish is not known, so it is not told."""

    def solve(placing):
        if placing.together and not placing.apart:
            if refuses:
                raise LimitError("too large", where="form_groups", remedy="ask for less")
            return Solution((0, 1), proved=False)
        return search(placing)

    found = form_groups(
        people("p1", "p2"), [OpenGroup(group="g1"), OpenGroup(group="g2")], on=ON,
        judgements=[judgement("p1", "p2")], wishes=Wishes(together=(("p1", "p2"),)), solve=solve,
    )  # fmt: skip

    assert found.left_out


def test_an_answer_that_breaks_a_rule_is_put_away_whoever_gave_it():
    """A solver of somebody else is not believed: the judgements are looked at once more."""
    with pytest.raises(PluginError, match="broke a hard rule"):
        form_groups(
            people("p1", "p2"), [OpenGroup(group="g1"), OpenGroup(group="g2")], on=ON,
            judgements=[judgement("p1", "p2")], solve=lambda placing: Solution((0, 0)),
        )  # fmt: skip


def test_a_proposal_shows_nobody_unless_it_is_asked():
    """What a traceback or a notebook prints of it holds no ids of people."""
    found = form_groups(
        people("p1", "p2"), [OpenGroup(group="g1")], on=ON, wishes=Wishes(together=(("p1", "p2"),))
    )

    assert "p1" not in repr(found)
    assert found.groups == (Formed(group="g1", people=("p1", "p2")),)


LANGUAGES = st.none() | st.sets(st.sampled_from(["fi", "sv"]), min_size=1).map(frozenset)


@st.composite
def questions(draw):
    """Up to seven people and three groups with some of every rule."""
    names = [f"p{number}" for number in range(draw(st.integers(1, 7)))]
    asked = [
        Candidate(
            person=name,
            languages=draw(LANGUAGES),
            facilitates=draw(st.sampled_from([False, False, True])),
            traits={"stage": draw(st.sampled_from("ab"))},
        )
        for name in names
    ]
    groups = []
    for number in range(draw(st.integers(1, 3))):
        low, high = sorted(draw(st.tuples(st.integers(0, 3), st.integers(0, 4))))
        groups.append(
            OpenGroup(
                group=f"g{number}",
                least=low,
                most=draw(st.none() | st.just(high)),
                language=draw(st.sampled_from([None, "fi", "sv"])),
            )
        )
    pairs = list(combinations(names, 2))
    drawn = st.lists(st.sampled_from(pairs), max_size=3, unique=True) if pairs else st.just([])
    judgements = [
        judgement(*pair, f"k{number}", group=draw(st.sampled_from([None, "g0"])))
        for number, pair in enumerate(draw(drawn))
    ]
    wishes = Wishes(
        together=tuple(draw(drawn)),
        spread=draw(st.sampled_from([(), ("stage",)])),
        facilitator=draw(st.booleans()),
    )
    return asked, groups, judgements, wishes


def relaxed(asked, groups, judgements, wishes, without):
    """The same question without some rules, written down as a question of its own."""
    everybody = frozenset({"fi", "sv"})
    return (
        [
            Candidate(
                person=one.person,
                languages=everybody if "language" in without else one.languages,
                facilitates=one.facilitates,
                traits=one.traits,
            )
            for one in asked
        ],
        [
            OpenGroup(
                group=one.group,
                least=0 if "least" in without else one.least,
                most=None if "most" in without else one.most,
                language=one.language,
            )
            for one in groups
        ],
        [] if "apart" in without else judgements,
        Wishes(
            together=wishes.together,
            spread=wishes.spread,
            facilitator=wishes.facilitator and "facilitator" not in without,
        ),
    )


def ask(question, **options):
    asked, groups, judgements, wishes = question
    return form_groups(asked, groups, on=ON, judgements=judgements, wishes=wishes, **options)


@settings(max_examples=80)
@given(question=questions(), chance=st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(question, chance):
    asked, groups, judgements, wishes = question
    mixed = [chance.sample(one, len(one)) for one in (asked, groups, judgements)]
    turned = Wishes(
        together=tuple((b, a) for a, b in reversed(wishes.together)),
        spread=wishes.spread,
        facilitator=wishes.facilitator,
    )

    for solve in ({}, {"solve": highs.solve}):
        assert ask((*mixed, turned), **solve) == ask(question, **solve)


@settings(max_examples=80)
@given(question=questions())
def test_no_judgement_is_ever_gone_against(question):
    """Neither in a proposal nor in the nearest one there is, by either solver."""
    asked, _, judgements, _ = question

    for solve in ({}, {"solve": highs.solve}):
        for one in ask(question, **solve).groups:
            inside = {*one.people, *one.facilitators}
            assert inside <= {candidate.person for candidate in asked}
            assert not any(
                {kept.one, kept.other} <= inside and kept.group in (None, one.group)
                for kept in judgements
            )


@settings(max_examples=80)
@given(question=questions())
def test_alternatives_are_possible_and_nothing_smaller_is(question):
    """Each set of rules, left out, makes it possible; no smaller set does; both solvers agree."""
    found = ask(question)

    assert found.alternatives == ask(question, solve=highs.solve).alternatives
    if found.feasible:
        return
    size = len(found.alternatives[0])
    for smaller in (one for count in range(size) for one in combinations(RULES, count)):
        assert not ask(relaxed(*question, smaller)).feasible
    possible = {one for one in combinations(RULES, size) if ask(relaxed(*question, one)).feasible}
    assert set(found.alternatives) == possible
