"""The tutorial's commands, run as they stand there, do what it says."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import osallisuus as osa
from osallisuus.ingest.folder import read_folder
from osallisuus.ingest.mapping_toml import read_mapping
from osallisuus.register import program_named

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "tutorial.md").read_text("utf-8")


def commands():
    """Each command of the page with what it prints there."""
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            yield command, printed


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An empty folder with the examples in it, after all commands; each must do what it says."""
    folder = tmp_path_factory.mktemp("tutorial")
    shutil.copytree(ROOT / "examples", folder / "examples")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for command, printed in commands():
        done = subprocess.run(
            shlex.split(command),
            cwd=folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, (command, done.stderr)
        if printed:  # how wide a table is printed does not matter here
            assert done.stdout.split() == printed.split()
    return folder


def test_the_page_has_the_two_commands(folder):
    """An import and a report, and before them what shows the way."""
    names = [command.split()[:2] for command, _ in commands()]
    assert ["osallisuus", "import"] in names
    assert ["osallisuus", "report"] in names


def test_the_list_becomes_the_published_figures(folder):
    """28 of 41 completed, as in the fact folder that the list was made of."""
    with osa.open(str(folder / "tiedot.db"), actor="test", purpose="test", create=False) as opened:
        figure = opened.measure("completion").figures[0]
        assert (figure.k, figure.n) == (28, 41)
        days = {one.name: (one.k, one.n) for one in opened.measure("attendance").figures}
    with osa.open("memory:", actor="test", purpose="test") as opened:
        opened.add(read_folder(ROOT / "examples" / "wertzu"))
        assert {one.name: (one.k, one.n) for one in opened.measure("attendance").figures} == days


def test_a_person_s_own_copy_says_who_recorded(folder):
    """By the role that the import names."""
    with osa.open(str(folder / "tiedot.db"), actor="test", purpose="test", create=False) as opened:
        person = next(opened.facts(osa.Person)).id
        assert "koordinaattori" in opened.own_copy(person)


def test_what_the_page_says_of_a_list_of_this_size_is_so(folder):
    """One look, which releases nothing: all together show a share, and by place there is none."""
    text = (folder / "raportti.html").read_text("utf-8")
    assert "75 %" in text.replace("\u00a0", " ")
    with osa.open(str(folder / "tiedot.db"), actor="test", purpose="test", create=False) as opened:
        assert len([*opened.releases()]) == 1  # --review was none


def test_no_name_and_no_number_gets_out_of_the_list(folder):
    """Neither into the store nor into the page; the key is nobody's but the owner's."""
    for name in ("tiedot.db", "raportti.html", "proposal.toml"):
        content = (folder / name).read_bytes()
        for word in ("Keksilä", "Mallinen", "Aava", "050 000"):
            assert word.encode() not in content
    assert (folder / "avain.txt").stat().st_mode & 0o077 == 0


def test_the_list_is_the_same_bytes_each_time(folder, tmp_path):
    """It is made up by seeded chance, and no clock is in it."""
    script = folder / "examples" / "spreadsheet" / "make.py"
    subprocess.run([sys.executable, script, tmp_path / "again.xlsx"], check=True)
    assert (tmp_path / "again.xlsx").read_bytes() == (folder / "osallistujat.xlsx").read_bytes()


def test_the_mapping_that_the_manual_shows_is_one():
    """Its pieces are read as they stand there, for a list of one programme."""
    page = (ROOT / "docs" / "importing.md").read_text("utf-8")
    first, groups, attendance = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    marks = '\n[codes.marks]\nx = "present"\n'
    text = first.replace("[codes.endings]", f"{attendance}\n[codes.endings]") + marks + groups
    made = read_mapping(text.encode(), "importing.md", program_named("wertzu"))
    assert [fact.table for fact in made.sheet[0].fact] == ["enrollments", "attendance"]
    assert [fact.table for fact in made.sheet[1].fact] == ["groups"]
