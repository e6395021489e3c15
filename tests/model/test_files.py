"""Files that a user names: read so far and no further, and TOML so big and so deep."""

from pathlib import Path

import pytest

from osallisuus.errors import DefinitionError, LimitError
from osallisuus.ingest.mapping_toml import load_mapping, read_mapping
from osallisuus.model.definition import read_program
from osallisuus.model.files import LARGEST_DEFINITION, content_of, read_toml
from osallisuus.register import program_named
from osallisuus.reports.definition import definition_named, read_report
from osallisuus.reports.look import read_look

READERS = [read_toml, read_program, read_report, read_look, read_mapping]
HOSTILE = {
    "a number of 5,000 digits": ("x = " + "9" * 5000, DefinitionError, "too many digits"),
    "a number of 1,000 digits": ("x = " + "9" * 1000, DefinitionError, r"x \(give fewer"),
    "a number deep inside": ("[a]\nb = [{c = 1e300}]", DefinitionError, r"a.b\[0\].c \(give fewer"),
    "not a number": ("x = nan", DefinitionError, "not a number"),
    "without end": ("x = -inf", DefinitionError, "not a number"),
    "3,000 lists in each other": ("x = " + "[" * 3000 + "]" * 3000, LimitError, "nested deeper"),
    "100 lists in each other": ("x = " + "[" * 100 + "]" * 100, LimitError, "nested deeper"),
    "too long": ("#" * (LARGEST_DEFINITION + 1), LimitError, "more than 1000000 bytes"),
    "no TOML": ("x = \n", DefinitionError, "not TOML: .* @ f.toml:line 1"),
    "no end": ("x = [", DefinitionError, "not TOML: .* @ f.toml:(its end|line 1)"),
}


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("name", HOSTILE)
def test_every_reader_of_toml_refuses_what_nobody_writes(read, name):
    text, error, told = HOSTILE[name]
    with pytest.raises(error, match=told):
        read(text.encode(), "f.toml")


def test_the_mark_that_some_editors_write_first_is_no_part_of_it():
    assert (
        read_toml("\ufeffx = 1", "f.toml") == read_toml(b"\xef\xbb\xbfx = 1", "f.toml") == {"x": 1}
    )


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no device without end")
@pytest.mark.parametrize(
    "read",
    [program_named, definition_named, load_mapping, lambda path: content_of(Path(path), "it")],
)
def test_a_file_without_end_is_read_to_the_limit_only(read, tmp_path):
    """It says that it has 0 bytes."""
    endless = tmp_path / "endless.toml"
    endless.symlink_to("/dev/zero")
    with pytest.raises(LimitError, match="more than"):
        read(str(endless))


@pytest.mark.parametrize("path", ["none.toml", ".", "a\x00b.toml"])
def test_what_cannot_be_read_is_named(path):
    with pytest.raises(DefinitionError, match=r"it cannot be read: .* @ "):
        content_of(Path(path), "it")
