"""The heading of a programme is what reading the whole definition gives, only sooner."""

import subprocess
import sys
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus import programs
from osallisuus.errors import DefinitionError
from osallisuus.model.definition import read_program
from osallisuus.model.excerpt import excerpt
from osallisuus.model.heading import ProgramFile, heading_of
from osallisuus.programs import files

SMALL = """
name = "small"
version = "1"
title.en = "Small"
kinds = ["group_training"]

[disclosure]
threshold = 9

[[roles]]
code = "guide"
label.en = "Pathfinder"

[[themes]]
code = "silence"
"""


@pytest.mark.parametrize("name", files.__all__)
def test_only_a_small_part_of_a_shipped_file_is_parsed(name):
    """Otherwise the excerpt would save nothing."""
    text = getattr(files, name).path.read_text("utf-8")

    assert len(excerpt(text, ("roles", "themes", "title", "disclosure"))) < len(text) / 2


@pytest.mark.parametrize("name", files.__all__)
def test_the_heading_of_a_shipped_file_is_that_of_its_programme(name):
    """The quick reading and the whole one agree in every field."""
    assert getattr(files, name).heading == getattr(programs, name).heading


@pytest.mark.parametrize(
    ("change", "to"),
    [
        ("", ""),
        ("threshold = 9", 'threshold = 12\nnever_by = [\n  "group.place",\n]'),
        ("[disclosure]\nthreshold = 9\n", ""),
        ("[disclosure]", '["disclosure"]'),
        ("[disclosure]", "  [ disclosure ]  # tightened"),
        ("[disclosure]", '["disclosure"]  # one, two,'),
        ("[disclosure]", "[[claims]]\ncode = 'talk'\ntext.en = 'Talk'\n['disclosure']"),
        (
            'kinds = ["group_training"]',
            'kinds = [\n"group_training",\n]\nrole_paths = [\n["guide", "guide"],\n]',
        ),
        ('title.en = "Small"', 'title = { en = """\nSmall\n[disclosure]\nthreshold = 5\n""" }'),
        ('title.en = "Small"\nkinds', "kinds"),
        ("[disclosure]\nthreshold = 9", "disclosure.threshold = 9"),
        ('[[roles]]\ncode = "guide"\nlabel.en = "Pathfinder"\n', ""),
        ('label.en = "Pathfinder"', '[roles.label]\nen = "Pathfinder"'),
    ],
)
def test_the_heading_is_right_however_the_definition_is_written(change, to):
    """Every way that TOML has to write a table leads to the heading of the whole programme."""
    text = SMALL.replace(change, to) if change else SMALL
    if "title" not in text:
        text = text + '\n[title]\nen = "Small"\n'

    assert heading_of(text, "small.toml") == read_program(text, "small.toml").heading


def test_the_heading_carries_the_threshold_of_the_definition():
    """What tightens the protection is never lost on the way."""
    assert heading_of(SMALL, "small.toml").threshold == 9


@pytest.mark.parametrize(
    ("change", "to"),
    [
        ("threshold = 9", "threshold = 4"),
        ("threshold = 9", 'threshold = "9"'),
        ("threshold = 9", "threshold = true"),
        ('name = "small"', ""),
        ('version = "1"', "version = 1"),
        ('title.en = "Small"', "title = 3"),
        ("[disclosure]", "[disclosure"),
        ('label.en = "Pathfinder"', 'label = "Pathfinder"'),
    ],
)
def test_a_heading_that_the_whole_reading_refuses_is_refused(change, to):
    """Nothing looser or stranger gets through because less is read."""
    text = SMALL.replace(change, to)

    with pytest.raises(DefinitionError):
        read_program(text, "small.toml")
    with pytest.raises(DefinitionError, match=r"small\.toml|text without words"):
        heading_of(text, "small.toml")


def test_a_file_is_read_when_it_is_asked(tmp_path):
    """Making the value touches nothing, so that a missing file disturbs nobody else."""
    path = tmp_path / "late.toml"
    file = ProgramFile(path)
    path.write_text(SMALL, "utf-8")

    assert (file.name, file.version, file.title.en) == ("small", "1", "Small")


def test_the_files_of_the_programmes_come_without_the_classes_of_a_definition():
    """What a report needs does not load what only the whole definition needs."""
    code = (
        "import sys; from osallisuus.programs.files import WERTZU; WERTZU.heading;"
        "sys.exit('osallisuus.model.program' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


KEYS = st.sampled_from(["a", "b", "roles", "x-1"])
LINES = st.one_of(
    st.just(""),
    st.builds("# {}".format, KEYS),
    st.builds("{} = 1".format, KEYS),
    st.builds("[{}]".format, KEYS),
    st.builds("[[{}]]  # more".format, KEYS),
    st.builds("[{}.{}]".format, KEYS, KEYS),
    st.builds('["{}"]'.format, KEYS),
    st.builds('["{}"]  # one, two,'.format, KEYS),
    st.builds('{} = [\n  ["x", "y"],\n  ["z"],\n]'.format, KEYS),
    st.builds("{} = [\n  [1],\n  [2]\n]".format, KEYS),
    st.builds("{} = '''\n[roles]\n'''".format, KEYS),
    st.builds('{} = """\n[a]\n"""'.format, KEYS),
)


@given(st.lists(LINES, max_size=12).map("\n".join), st.sets(KEYS))
def test_an_excerpt_reads_as_the_whole_does(text, wanted):
    """Of a right text the asked tables are kept as they are, or the excerpt is no TOML at all."""
    try:
        whole = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    try:
        part = tomllib.loads(excerpt(text, wanted))
    except tomllib.TOMLDecodeError:
        return  # then nobody takes it for the whole

    assert {key: part.get(key) for key in wanted} == {key: whole.get(key) for key in wanted}
