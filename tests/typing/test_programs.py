"""What users write is understood by their type checker: the right is accepted, the wrong refused."""

import pytest

from tests.typing.checkers import PROGRAMS, by_mypy, by_pyright, wanted

NAMES = sorted(path.name for path in PROGRAMS.glob("*.py"))
CHECKERS = {"mypy": by_mypy, "pyright": by_pyright}


@pytest.mark.parametrize("checker", CHECKERS)
@pytest.mark.parametrize("name", NAMES)
def test_a_program_is_judged_as_it_says_itself(checker, name):
    """Each line marked as an error is refused, each revealed type is the one named, no other."""
    said = CHECKERS[checker]().get(name, {})

    judged = {line: "error" if text.startswith("error") else text for line, text in said.items()}
    expected = wanted(PROGRAMS / name)
    wrong = {
        line: (expected.get(line, "nothing"), said.get(line, "nothing"))
        for line in judged.keys() | expected.keys()
        if judged.get(line) != expected.get(line)
    }
    assert wrong == {}


def test_the_programs_hold_wrong_lines_and_types():
    """There is something to refuse and something to reveal in each."""
    for name in NAMES:
        marks = list(wanted(PROGRAMS / name).values())
        assert "error" in marks
        assert set(marks) - {"error"}
