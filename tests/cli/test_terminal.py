"""At a real terminal, and away from one: tables, colours, progress, Ctrl-C and completion."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time

import pytest

from osallisuus.cli.progress import Progress
from tests.cli.running import EXAMPLES, SCRIPT, Run, run

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
PLAIN = """
import sys
sys.modules["rich"] = None
from osallisuus.cli.main import main
sys.exit(main(sys.argv[1:]))
"""
"""The command as it is where the extra is not installed."""


def at_terminal(*arguments, command=SCRIPT, columns=80, **environment) -> Run:
    """Run a command whose stdout and stderr are a terminal of that width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    env = {**os.environ, "TERM": "xterm-256color", **environment}
    env = {name: value for name, value in env.items() if value is not None}
    with subprocess.Popen(
        [*command, *map(str, arguments)],
        stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=env,
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # how Linux says that nobody writes any more
                break
            if not part:
                break
            shown += part
    os.close(ours)
    return Run(process.returncode, shown.decode("utf-8").replace("\r\n", "\n"), "")


def test_a_list_is_a_table_at_a_terminal_and_lines_in_a_pipe():
    """The table has heads; in a pipe each line begins with a name, and nothing steers a screen."""
    table, lines = at_terminal("programs").out, run("programs").out

    assert "programme" in ESCAPE.sub("", table)
    assert "─" in table
    assert "programme " not in lines
    names = "kokemusohjaus verna wertzu yhteiskehittaminen yhteiso".split()
    assert [line.split()[0] for line in lines.splitlines()] == names
    assert all(name in table for name in names)


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"TERM": "unknown"}])
def test_a_simple_terminal_gets_what_a_pipe_gets(environment):
    """No escape sequence reaches a terminal that cannot read one."""
    assert at_terminal("programs", **environment).out == run("programs").out


def test_without_the_extra_a_terminal_gets_what_a_pipe_gets():
    """The library for tables is not needed for any of it."""
    assert at_terminal("programs", command=(sys.executable, "-c", PLAIN)).out == run("programs").out


def test_colours_say_nothing_that_the_words_do_not():
    """With NO_COLOR the same is there without them, and so it is in a pipe."""
    coloured = at_terminal("check", "none.db")
    sober = at_terminal("check", "none.db", NO_COLOR="1")

    assert coloured.code == sober.code == 1
    assert "\x1b[1;31m" in coloured.out
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", sober.out)
    assert ESCAPE.sub("", coloured.out) == ESCAPE.sub("", sober.out) == run("check", "none.db").err


@pytest.mark.parametrize("columns", [40, 60, 96])
def test_figures_fit_into_the_window(columns):
    """No line is wider than the window, and every figure is still there."""
    asked = ("measure", EXAMPLES / "wertzu", "completion", "--by", "group.place", "--internal")
    shown = at_terminal(*asked, columns=columns).out

    assert max(map(len, shown.splitlines())) <= columns
    assert [part for part in ("13 of 20", "15 of 21", "65%", "71%") if part not in shown] == []


def test_a_pipe_does_not_feel_the_window():
    """What goes on to another program is the same whatever COLUMNS says."""
    asked = ("measure", EXAMPLES / "wertzu", "completion", "--internal")
    assert run(*asked, COLUMNS="40") == run(*asked)


def test_json_is_never_coloured_or_broken():
    """At a terminal it is what a program would get."""
    asked = ("metrics", "completion", "--json")
    assert at_terminal(*asked, columns=40).out == run(*asked).out


def test_progress_is_told_at_a_terminal_only(tmp_path):
    """A long work shows how far it is on a terminal, and nothing at all in a log."""
    asked = ("simulate", "verna", "--people", "8000", "--seed", "1", "--out")
    shown = at_terminal(*asked, tmp_path / "one").out
    silent = run(*asked, tmp_path / "two")

    assert re.search(r"simulating [\d,]+ of 8,000 people \(\d+ s\)", shown)
    assert silent.err == ""
    assert "simulating" not in silent.out


class Terminal:
    """A stream that says it is a terminal and keeps what was written."""

    def __init__(self):
        self.text = ""

    def isatty(self):
        return True

    def write(self, text):
        self.text += text

    def flush(self):
        pass


@pytest.fixture
def terminal(monkeypatch):
    """Call it to have a simple terminal as stderr; pytest sets its own before each test."""

    def made():
        stream = Terminal()
        monkeypatch.setenv("TERM", "dumb")
        monkeypatch.setattr(sys, "stderr", stream)
        return stream

    return made


def test_short_work_is_done_without_a_word(terminal):
    """Under a second nobody needs to be told."""
    shown = terminal()
    with Progress("reading") as told:
        told("people", 1)
    assert shown.text == ""


def test_work_over_a_second_says_how_far_it_is(terminal):
    """Once for each thing that is new, not once for each second."""
    shown = terminal()
    with Progress("reading") as told:
        told("people", 20_000)
        time.sleep(2.3)
    assert shown.text == "reading people: 20,000 rows (1 s)\n"


def test_progress_ends_with_an_error(terminal):
    """It says nothing more after its work has failed."""
    shown = terminal()
    with pytest.raises(ZeroDivisionError), Progress("reading"):
        raise ZeroDivisionError
    time.sleep(1.2)
    assert shown.text == ""


def stopped(arguments, folder, sign):
    """A command that gets Ctrl-C as soon as the file or folder *sign* is there."""
    with subprocess.Popen(
        [*SCRIPT, *map(str, arguments)],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        until = time.monotonic() + 60
        while not sign.exists() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    return Run(process.returncode, out.decode(), err.decode())


def test_ctrl_c_during_an_import_leaves_no_store(tmp_path):
    """The code is 130, one line says so, and the file that was begun is gone."""
    asked = ("import", EXAMPLES / "verna", "--into", "new.db")
    done = stopped(asked, tmp_path, tmp_path / "new.db")

    assert done == (130, "", "stopped; nothing half done was stored\n")
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_during_a_simulation_leaves_no_folder(tmp_path):
    """Neither the folder nor what was being made of it."""
    asked = ("simulate", "verna", "--people", "100000", "--seed", "1", "--out", "made_up")
    done = stopped(asked, tmp_path, tmp_path / ".made_up.new")

    assert done == (130, "", "stopped; nothing half done was stored\n")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def bash(tmp_path_factory):
    """A function that says what a real bash offers after some words."""
    folder = tmp_path_factory.mktemp("bash")
    (folder / "osallisuus.bash").write_text(run("completion", "bash").out)
    for name in ("facts.db", "page.html"):
        (folder / name).touch()
    (folder / "pages").mkdir()
    words = (
        'source osallisuus.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
        '_shtab_osallisuus; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    path = os.path.dirname(SCRIPT[0]) + os.pathsep + os.environ["PATH"]  # noqa: PTH120

    def offered(*typed):
        done = subprocess.run(
            ["bash", "--norc", "-c", words, "bash", "osallisuus", *typed],
            cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True,
            timeout=60, check=True,
        )  # fmt: skip
        assert done.stderr == ""
        return {word.strip() for word in done.stdout.splitlines() if word.strip()}

    return offered


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["me"], {"measure", "metrics"}),
        (["show", "nee"], {"needs"}),
        (["measure", "fa"], {"facts.db"}),
        (["measure", "facts.db", "comple"], {"completion", "completeness"}),
        (["measure", "facts.db", "completion", "--per"], {"--periods"}),
        (["measure", "facts.db", "completion", "--program", "w"], {"wertzu"}),
        (["metrics", "role_o"], {"role_occupancy"}),
        (["programs", "yhteis"], {"yhteiso", "yhteiskehittaminen"}),
        (["report", "facts.db", "--locale", ""], {"fi", "sv", "en"}),
        (["demo", "--out", "pag"], {"pages"}),
        (["completion", "z"], {"zsh"}),
    ],
    ids=lambda one: " ".join(one if isinstance(one, list) else sorted(one)),
)
def test_bash_completes(bash, typed, offered):
    """Commands, views, options, choices, files, folders, and the names that are installed."""
    assert bash(*typed) == offered


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_get_a_script(shell):
    """It names every command and asks for the installed names when they are needed."""
    script = run("completion", shell).out
    assert [word for word in ("measure", "releases", "show") if word not in script] == []
    listing = {"zsh": "_osallisuus_names metrics", "fish": "(osallisuus metrics 2>/dev/null"}
    assert listing[shell] in script


def test_completion_says_what_it_needs():
    """Without the extra one line says how to get it."""
    without = PLAIN.replace("rich", "shtab")
    done = run("completion", "bash", command=(sys.executable, "-c", without))
    assert (done.code, done.out) == (1, "")
    assert "python -m pip install 'osallisuus[cli]'" in done.err
