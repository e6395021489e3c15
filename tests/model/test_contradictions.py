"""A programme that goes against its own boundaries is refused when it is defined."""

import pytest
from attrs import evolve

from osallisuus.errors import DefinitionError
from osallisuus.model.contradictions import beyond_boundaries
from osallisuus.model.offering import Activity, Boundary, Form, SessionPlan, Theme
from osallisuus.model.questionnaire import Item, Questionnaire
from osallisuus.model.stated import Statement, Text
from osallisuus.programs import KOKEMUSOHJAUS, VERNA

WORD = Text(en="A word")


def asking(link_id):
    item = Item(link_id=link_id, text=WORD, type="boolean")
    content = Questionnaire(name="f", version="1", title=WORD, items=(item,))
    return Form(code="own", label=WORD, author="peer_guide", content=content)


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"support_modes": ("help", "done_for")}, "support_modes[1]"),
        ({"support_modes": ("doing_for",)}, "support_modes[0]"),
        ({"contact_modes": ("befriending",)}, "contact_modes[0]"),
        ({"goal_domains": ("studies", "medication")}, "goal_domains[1]"),
        ({"contents": (Statement(code="therapy", text=WORD),)}, "contents[0].code"),
        ({"themes": (Theme(code="treatment"),)}, "themes[0].code"),
        (
            {"activities": (Activity(code="housekeeping", label=WORD, kind="group"),)},
            "activities[0].code",
        ),
        (
            {"forms": (Form(code="treatment", label=WORD, author="peer_guide"),)},
            "forms[0].code",
        ),
        ({"forms": (asking("medication"),)}, "forms[0].content.medication"),
        ({"sessions": SessionPlan(records=("social_work_decisions",)), "not_stated": None},
         "sessions.records[0]"),
    ],
)  # fmt: skip
def test_nothing_that_lies_beyond_a_boundary_can_be_defined(changed, where):
    """K6, K14: treatment, medication, therapy, decisions of others, doing things for somebody."""
    with pytest.raises(DefinitionError, match="beyond a boundary") as caught:
        evolve(KOKEMUSOHJAUS, **changed)

    assert [problem.where for problem in caught.value.problems] == [where]


def test_where_no_boundary_is_stated_nothing_is_ruled_out():
    """A boundary is data of a programme: another one may work with what this one leaves alone."""
    assert beyond_boundaries(VERNA) == frozenset()
    assert evolve(VERNA, support_modes=("done_for",)).support_modes == ("done_for",)


def test_a_boundary_of_ones_own_holds_as_well():
    own = (Boundary(code="lending_money", text=WORD),)

    with pytest.raises(DefinitionError, match="'lending_money' lies beyond"):
        evolve(VERNA, boundaries=own, support_modes=("lending_money",))
