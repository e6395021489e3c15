"""A programme as a value: pinned by its hash, checked however it was made."""

from datetime import date

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError

from osallisuus import programs
from osallisuus.errors import DefinitionError
from osallisuus.model.canonical import plain
from osallisuus.model.criteria import Criterion
from osallisuus.model.evidence import PublishedFigure
from osallisuus.model.offering import Meeting
from osallisuus.model.program import Program
from osallisuus.model.references import value_at
from osallisuus.model.roles import Prerequisite, Role
from osallisuus.model.stated import NONE, Text
from osallisuus.model.structure import structure

WORDS = Text(en="words")
SHIPPED = programs.__all__


def _circle(**more):
    return Program(name="circle", version="1", title=WORDS, kinds=("group_training",), **more)


def test_a_programme_cannot_be_changed():
    """A change is a new value; the old one stays as it was."""
    program = _circle()

    with pytest.raises(FrozenInstanceError):
        program.version = "2"
    assert evolve(program, version="2").hash != program.hash


def test_the_hash_is_sixteen_digits_of_the_content():
    """Equal definitions have equal hashes; a known definition has a known hash."""
    assert _circle().hash == _circle().hash == _circle(stage=None).hash
    assert _circle().hash == "2371da4814f4e802"
    assert _circle(stage="ready").hash != _circle().hash


@pytest.mark.parametrize("name", SHIPPED)
def test_the_plain_form_of_a_programme_reads_back_equal(name):
    """Nothing is lost or invented on the way through tables, lists and texts."""
    program = getattr(programs, name)
    problems = []

    again = structure(Program, plain(program), "", problems)

    assert problems == []
    assert again == program
    assert again.hash == program.hash


def test_a_reference_is_checked_in_python_too():
    """A meeting of people who are no role of the programme is refused, however it was made."""
    meeting = Meeting(code="team", label=WORDS, kind="team", attendees=("peer",))

    with pytest.raises(DefinitionError, match=r"'peer' is not among the roles @ meetings\[0\]"):
        _circle(meetings=(meeting,))
    assert _circle(meetings=(meeting,), roles=(Role(code="peer"),)).meetings == (meeting,)


def test_a_path_of_roles_names_roles_of_the_programme():
    """A view of how roles may follow one another cannot name a role that is not offered."""
    with pytest.raises(DefinitionError, match=r"role_paths\[0\]\[1\]"):
        _circle(roles=(Role(code="peer"),), role_paths=(("peer", "expert"),))


def test_a_criterion_cannot_be_slipped_in_beside_its_non_criterion():
    """Changing a shipped programme in code does not get round what it does not ask (W13)."""
    target = programs.WERTZU.target
    abstinence = Criterion(code="abstinence", text=WORDS)

    with pytest.raises(DefinitionError, match="expressly not asked"):
        evolve(target, criteria=(*target.criteria, abstinence))


def test_criteria_in_force_leave_out_the_former_ones():
    """Only what is asked on that day is given; the former rule of abstinence is not (W25)."""
    asked = programs.WERTZU.criteria_on(date(2020, 1, 1))

    assert [criterion.code for criterion in asked] == ["ost_client"]
    assert _circle().criteria_on(date(2020, 1, 1)) == ()
    assert _circle().non_criteria == ()


def test_an_unknown_role_is_answered_with_the_nearest():
    """Asking for a role by a misspelt code tells the right one."""
    with pytest.raises(DefinitionError, match="did you mean 'peer'"):
        programs.VERNA.role("peeer")


def test_silence_on_prerequisites_is_not_openness():
    """Only a stated "none" makes a role open to all."""
    assert Role(code="peer", prerequisites=NONE).open_to_all
    assert not Role(code="peer").open_to_all


@pytest.mark.parametrize("text", ["started:verna", "completed:wertzu", "lived_experience_attested"])
def test_a_prerequisite_reads_back_as_written(text):
    """The short form of a prerequisite is its one form."""
    assert str(Prerequisite.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "completed", "invited:verna", "completed:Not a Code", "sober"]
)
def test_a_prerequisite_that_cannot_be_is_refused(text):
    """Completing has to name a programme, and nothing else does."""
    with pytest.raises(DefinitionError):
        Prerequisite.parse(text)


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        ({"total": 11, "denominator": "asked"}, "a part is larger than its whole"),
        ({"total": 20}, "a total needs the word"),
        ({"denominator": "asked"}, "a total needs the word"),
    ],
)
def test_a_published_figure_says_of_what_it_is_a_part(parts, what):
    with pytest.raises(DefinitionError, match=what):
        PublishedFigure(code="completed", text=Text(en="Completed"), count=12, **parts)


def test_a_field_of_what_is_not_stated_is_not_stated():
    nothing = evolve(programs.WERTZU, sessions=None)
    assert value_at(programs.WERTZU, "sessions.cadence") is not None
    assert value_at(nothing, "sessions.cadence") is None
