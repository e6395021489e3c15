"""A sixth programme by one TOML file: the guide's file is read, and the guide's way can be gone."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import osallisuus as osa
from osallisuus.model.cadence import Length, Rate
from osallisuus.model.definition import read_program
from osallisuus.model.stated import each
from tests.examples.pages import BLOCK, run_page

GUIDE = (Path(__file__).parents[2] / "docs" / "adding_a_programme.md").read_text("utf-8")


@pytest.fixture
def definition(tmp_path, monkeypatch):
    """The guide's one TOML block, saved under the name that the guide gives it."""
    (text,) = [block for language, block in BLOCK.findall(GUIDE) if language == "toml"]
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "ok_kurssi.toml"
    file.write_text(text, "utf-8")
    return file


def test_the_file_says_what_the_source_says_and_no_more(definition):
    """Two days in the group and two of activity a week, four months, eight places."""
    program = read_program(definition.read_bytes(), definition.name)

    (activity,) = each(program.meetings)
    assert (program.sessions.cadence, activity.cadence) == (Rate(2, 2, "week"), Rate(2, 2, "week"))
    assert program.sessions.nominal_duration == Length(4, 4, "month")
    assert program.sessions.capacity == 8
    assert (program.interview, program.completion, program.compensation) == (None, None, None)


def test_the_way_of_the_guide_can_be_gone(definition):
    """Defined, planned, simulated, imported, checked and released, without a line of code."""
    commands = run_page(GUIDE, definition.parent)

    assert commands == "programs plan plan simulate import check report measure".split()
    page = (definition.parent / "ok.html").read_text("utf-8")
    assert "OK course" in page
    assert "no real person is behind these figures" in page


def test_a_check_holds_the_facts_against_the_file(definition):
    """A group that met once in each of four weeks, where the file promises twice."""
    rows = [osa.Group(id="g-1", program="ok_kurssi", program_version="1", kind="group_training",
                      starts_on=date(2017, 1, 9), ends_on=date(2017, 2, 6))]  # fmt: skip
    rows += [_session(number) for number in range(4)]
    with osa.open("memory:") as register:
        register.add(rows)
        assert [one.code for one in register.check()] == ["unknown_program"]
        (found,) = register.check(on=date(2017, 2, 6), programs=[str(definition)])

    assert found.code == "fewer_meetings_than_promised"
    assert re.search(r"4 meetings .* at least 8", found.what)


def test_a_ninth_person_in_a_group_is_found_and_kept(definition):
    """The file says eight places, and the group nothing."""
    group = osa.Group(id="g-1", program="ok_kurssi", program_version="1", kind="group_training",
                      starts_on=date(2017, 1, 9))  # fmt: skip
    with osa.open("memory:") as register:
        register.add(
            osa.Person(id=f"p-{number}", registered_on=date(2016, 12, 1)) for number in range(9)
        )
        register.add([group, *(_enrolled(number) for number in range(8))])
        assert "over_capacity" not in _codes(register, definition)
        register.add([_enrolled(8)])
        assert "over_capacity" in _codes(register, definition)
        (places,) = register.places(["g-1"], on=date(2017, 2, 1), programs=[str(definition)])
    assert (places.capacity, places.taking_part, places.standing) == (8, 9, "over")


def _codes(register, definition):
    return [one.code for one in register.check(programs=[str(definition)])]


def _enrolled(number):
    return osa.Enrollment(id=f"e-{number}", person=f"p-{number}", program="ok_kurssi",
                          program_version="1", group="g-1", started_on=date(2017, 1, 9))  # fmt: skip


def _session(week):
    at = datetime(2017, 1, 10, 10, tzinfo=ZoneInfo("Europe/Helsinki")) + timedelta(weeks=week)
    return osa.Session(id=f"s-{week}", group="g-1", kind="group_session", starts_at=at, minutes=180,
                       status="held")  # fmt: skip
