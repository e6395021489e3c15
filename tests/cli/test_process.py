"""The command as a process: two names, exit codes, pipes and encodings."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import EXAMPLES, MODULE, SCRIPT, run

COMMANDS = "demo import check measure report export programs metrics plugins".split()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        (["--version"], 0),
        (["metrics", "completion"], 0),
        (["measure", EXAMPLES / "wertzu", "completion", "--internal", "--json"], 0),
        (["measure", "none.db", "completion"], 1),
        (["measure"], 2),
    ],
)
def test_the_script_and_the_module_are_one(tmp_path, arguments, code):
    """``osallisuus`` and ``python -m osallisuus`` print and end alike."""
    script = run(*arguments, command=SCRIPT, cwd=tmp_path)
    module = run(*arguments, command=MODULE, cwd=tmp_path)

    assert script == module
    assert script.code == code
    assert "Traceback" not in script.err


def test_help_names_every_command():
    """The help goes to stdout, and each command has a help of its own."""
    done = run("--help")

    assert done.err == ""
    assert [word for word in COMMANDS if f"\n    {word} " not in done.out] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_helps(command):
    """``COMMAND --help`` says how it is used, without importing anything heavy."""
    done = run(command, "--help")

    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"usage: osallisuus {command}")


@pytest.mark.parametrize("arguments", [["metrics"], ["programs", "yhteiso"], ["plugins"]])
def test_a_reader_that_goes_away_is_no_disaster(arguments):
    """When the pipe is closed the program ends without a word."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*SCRIPT, *arguments], stdout=writing, stderr=subprocess.PIPE, timeout=60, check=False
    )
    os.close(writing)

    assert (done.returncode, done.stderr) == (1, b"")


def test_a_reader_that_goes_away_during_a_report(tmp_path):
    """Also where the output is larger than a pipe holds."""
    command = [*SCRIPT, "report", EXAMPLES / "wertzu", "--program", "wertzu", "--as", "html"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    ) as process:
        assert process.stdout.readline() == b"<!DOCTYPE html>\n"
        process.stdout.close()
        assert process.stderr.read().count(b"\n") == 1  # that a folder remembers no releases


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-16"])
def test_the_output_is_utf8_whatever_the_terminal_says(encoding):
    """The same bytes everywhere, as for a report in a file."""
    arguments = ("measure", EXAMPLES / "wertzu", "completion", "--locale", "fi")

    assert run(*arguments, PYTHONIOENCODING=encoding) == run(*arguments)
    assert "–" in run(*arguments).out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_full_disk_is_told(tmp_path):
    """Where stdout cannot be written, one line says so, and the code is 1."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*SCRIPT, "metrics"], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False
        )

    assert done.returncode == 1
    assert done.stderr == b"error: no space left on device\n"


def test_starting_imports_nothing_heavy():
    """The help is shown without the store, the metrics or the reports."""
    code = (
        "import sys; from osallisuus.cli.commands import build_parser; build_parser().format_help();"
        "print([name for name in sys.modules if name.startswith('osallisuus.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "osallisuus.errors" in done.stdout
    heavy = ("register", "metrics", "model", "reports", "stores", "plugins")
    assert [name for name in heavy if f"osallisuus.{name}'" in done.stdout] == []
