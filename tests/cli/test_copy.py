"""``osallisuus copy``: what is recorded of a person, into their own hands."""

import stat

import pytest


@pytest.fixture
def person(stores):
    import osallisuus as osa

    with osa.open(str(stores["verna"])) as register:
        return next(register.facts(osa.Person)).id


def test_a_copy_is_written_for_its_owner_alone(call, stores, person, tmp_path):
    """The file has the mode 0600, says what the screen would, and is theirs, not INTERNAL."""
    file = tmp_path / "mine.md"
    told = call("copy", stores["verna"], person, "--locale", "fi", "--out", file)
    printed = call("copy", stores["verna"], person, "--locale", "fi").out

    assert told.out == f"{file}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text("utf-8") == printed
    assert printed.startswith("# Sinusta kirjatut tiedot\n")
    assert "SISÄINEN" not in printed
    assert "INTERNAL" not in printed


def test_a_file_that_is_there_is_left_as_it_is(call, stores, person, tmp_path):
    file = tmp_path / "mine.md"
    file.write_text("a letter")
    told = call("copy", stores["verna"], person, "--out", file)

    assert "the file is there already" in told.err
    assert file.read_text() == "a letter"


def test_somebody_of_whom_nothing_is_recorded(call, stores):
    """The id is not repeated: it could be a name."""
    told = call("copy", stores["verna"], "Virtanen")

    assert "nothing is recorded of anybody with this id" in told.err
    assert "Virtanen" not in told.err


@pytest.mark.parametrize("locale", ["fi", "sv", "en"])
def test_a_copy_can_be_a_page(call, stores, person, tmp_path, locale):
    """The same words in a format of reports; it is theirs, so nothing says INTERNAL."""
    store = stores["verna"]
    plain = call("copy", store, person, "--locale", locale).out
    page = call("copy", store, person, "--locale", locale, "--as", "text").out
    assert call("copy", store, person, "--as", "html", "--out", "copy.html").code == 0
    said = [line.lstrip("#- ").replace("\\", "") for line in plain.splitlines() if line]
    words = " ".join(page.split())
    assert [line for line in said if line not in words.replace("• ", "")] == []
    assert "INTERNAL" not in page
    assert (tmp_path / "copy.html").stat().st_mode & 0o777 == 0o600
