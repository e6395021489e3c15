"""``osallisuus compose``: a proposal of groups, for the coordinator who decides."""

from datetime import date, timedelta

import pytest

import osallisuus as osa
from tests.model import made

ON = date(2026, 3, 1)
PEOPLE = [f"p{number}" for number in range(1, 7)]
RULES = """
together = [["p1", "p3"], ["p1", "p6"], ["p4", "p5"]]
[groups.g1]
least = 3
[groups.g2]
least = 3
"""


@pytest.fixture
def store(tmp_path):
    """Six who wait, two groups with three places each, and p1 and p2 apart."""
    place = str(tmp_path / "verna.db")
    with osa.open(place, actor="coordinator") as register:
        register.add(made.one("people", id=person) for person in PEOPLE)
        register.add(
            made.one("groups", id=name, program="verna", starts_on=ON, capacity=3)
            for name in ("g1", "g2")
        )
        register.add(
            made.one("enrollments", id=f"e-{person}", person=person, program="verna",
                     reached_on=ON - timedelta(number))
            for number, person in enumerate(PEOPLE)
        )  # fmt: skip
        register.add([made.one("keep_apart", one="p1", other="p2", until=date(2027, 1, 1))])
    return place


@pytest.fixture
def compose(call, store, tmp_path):
    def compose(rules=RULES, *more):
        (tmp_path / "rules.toml").write_text(rules, "utf-8")
        options = ("--program", "verna", "--rules", "rules.toml", "--on", "2026-03-01")
        return call("compose", store, *options, *more)

    return compose


@pytest.mark.parametrize("solver", ["search", "highs"])
def test_it_prints_who_waits_and_a_proposal(compose, solver):
    done = compose(RULES, "--solver", solver)

    assert done.code == 0
    lines = done.out.splitlines()
    assert lines.count("INTERNAL – not for publication") == 2
    assert "verna, 1 March 2026: who waits for a place" in lines
    assert "Together, as wished: p1 and p3" in lines
    assert "Group g1: 3 people" in lines
    assert sorted(line for line in lines if line.startswith("  p")) == [f"  {p}" for p in PEOPLE]
    groups = done.out.partition("Group g2")
    assert ("  p1\n" in groups[0]) != ("  p2\n" in groups[0])


def test_nothing_is_stored_but_that_it_was_asked(compose, store):
    with osa.open(store) as register:
        before = [list(register.facts(kind)) for kind in (osa.Enrollment, osa.Group)]

    compose()

    with osa.open(store) as register:
        assert [list(register.facts(kind)) for kind in (osa.Enrollment, osa.Group)] == before
        last = list(register.journal())[-1]
    assert (last.operation, last.actor, last.reason) == ("form_groups", "command line", "g1, g2")


def test_where_it_is_not_possible_it_says_so_and_ends_with_1(compose):
    """p1 and p2 cannot both be in the only group, and nobody is told that it is they."""
    done = compose(
        'people = ["p1", "p2", "p3", "p4", "p5", "p6"]\n[groups.g1]\nmost = 9\n', "--lang", "fi"
    )

    assert done.code == 1
    assert "- arviot siitä, ketkä eivät voi olla samassa ryhmässä" in done.out
    assert "p1" not in done.out


def test_as_many_as_have_a_place_are_taken_from_the_list(compose):
    """Three places and two: the five who have waited longest, which p1 has not."""
    done = compose('policy = "longest_waiting"\n[groups.g1]\n[groups.g2]\nmost = 2\n')

    assert done.code == 0
    assert sorted(line for line in done.out.splitlines() if line[:3] == "  p") == [
        "  p2", "  p3", "  p4", "  p5", "  p6"
    ]  # fmt: skip


def test_a_group_has_as_many_places_as_its_programme_says(call, tmp_path):
    """Of six places of the programme's file four are taken, so the two who asked first are offered one."""
    (tmp_path / "circle.toml").write_text(
        'name = "circle"\nversion = "1"\ntitle = { en = "Circle" }\nkinds = ["group_training"]\n'
        "sessions = { capacity = 6 }\n"
    )
    (tmp_path / "rules.toml").write_text("[groups.g1]\n")
    with osa.open("circle.db") as register:
        register.add([made.one("groups", id="g1", program="circle", program_version="1")])
        register.add(made.one("people", id=person) for person in PEOPLE)
        register.add(made.one("people", id=f"q{number}") for number in range(4))
        register.add(
            made.one("enrollments", id=f"e-{person}", person=person, program="circle",
                     reached_on=ON - timedelta(number))
            for number, person in enumerate(PEOPLE)
        )  # fmt: skip
        register.add(
            made.one("enrollments", id=f"e-q{number}", person=f"q{number}", program="circle",
                     group="g1", started_on=ON)
            for number in range(4)
        )  # fmt: skip
    done = call("compose", "circle.db", "--program", "circle.toml", "--rules", "rules.toml",
                "--on", "2026-03-01")  # fmt: skip

    assert done.code == 0, done.err
    people = {line.strip() for line in done.out.splitlines() if line[:3] in ("  p", "  q")}
    assert people == {"p5", "p6", "q0", "q1", "q2", "q3"}


def test_a_group_may_be_given_no_place_at_all(compose):
    """None is a number of places, and not the capacity of the group: then too few are asked."""
    done = compose("[groups.g1]\n[groups.g2]\nmost = 0\n")

    assert done.code == 1
    assert "too few people to ask about" in done.err


@pytest.mark.parametrize(
    ("rules", "what"),
    [
        ("", "no group is named @ groups"),
        ("[groups.g1]\nmots = 3", "no such key @ groups.g1.mots (did you mean 'most'?)"),
        ("[groups.g1]\nmost = true", "groups.g1.most (give a whole number)"),
        ("groups = 3", "not a value of this key @ groups (give a table)"),
        ("[groups]\ng1 = 3", "not a table @ groups.g1"),
        ("people = [1]\n[groups.g1]", "not a list of texts @ people"),
        ('together = [["p1"]]\n[groups.g1]', "not a pair @ together[0]"),
        ('policy = "need"\n[groups.g1]', "known: asked, interviewed, longest_waiting"),
        ("[groups.g9]", "there is no such group @ groups.g9"),
        ("[groups.g1]\nleast = 9\n[groups.g2]", "no size is possible @ groups.g1.least (give 0 to 3, or more"),
        ('people = ["p1", "p2"]\n[groups.g1]', "too few people to ask about"),
        ("= 3", "not TOML: Invalid statement @ rules.toml:line 1"),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_followed_are_refused_by_their_place(compose, rules, what):
    done = compose(rules)

    assert done.code == 1
    assert what in done.err


def test_a_file_that_is_not_there_is_named(call, store):
    done = call("compose", store, "--program", "verna", "--rules", "no.toml", "--on", "2026-03-01")

    assert done.code == 1
    assert "no such file" in done.err
    assert "no.toml" in done.err
