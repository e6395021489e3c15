"""Pages of paper as eyes see them: nothing lies over anything, nothing is cut off, little is empty."""

from itertools import combinations
from pathlib import Path

import pytest

import osallisuus as osa
from osallisuus.ingest.folder import read_folder
from tests.exporters.paper import words_on

EXAMPLES = Path(__file__).parents[2] / "examples"
PROGRAMS = ("kokemusohjaus", "wertzu", "yhteiso")
MARGIN = 14 / 25.4 * 72  # a millimetre less than the smallest margin of a page, in points


@pytest.fixture(scope="module", params=PROGRAMS)
def register(request):
    with osa.open("memory:", actor="test", purpose="test") as opened:
        opened.add(read_folder(EXAMPLES / request.param))
        yield opened, request.param


def paper(register, name, locale):
    opened, program = register
    made = opened.report(name, program=program, locale=locale)
    return words_on(made.release("public").render("pdf"))


def faults(found):
    """What is wrong with pages, by the words it is wrong with."""
    for number, (width, height, words) in enumerate(found, start=1):
        for word in words:
            if word.left < MARGIN or word.right > width - MARGIN or word.bottom > height:
                yield f"page {number}: outside: {word.text}"
        lines = sorted(words, key=lambda word: word.top)
        for one, other in combinations(lines, 2):
            if one.covers(other):
                yield f"page {number}: {one.text} lies over {other.text}"


def test_a_board_has_one_page_on_which_everything_can_be_read(register):
    found = paper(register, "board", "fi")  # Finnish has the longest words
    assert len(found) == 1
    assert list(faults(found)) == []


@pytest.mark.parametrize("register", ["kokemusohjaus"], indirect=True)
def test_in_an_evaluation_everything_can_be_read_and_only_the_last_page_is_short(register):
    found = paper(register, "evaluation", "fi")
    assert list(faults(found)) == []
    for _, height, words in found[:-1]:
        lowest = max(word.bottom for word in words if word.bottom < 0.9 * height)
        assert lowest > 0.55 * height
