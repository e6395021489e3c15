"""What goes wrong is said on stderr as ``problem @ place (remedy)``; stdout stays empty."""

import re
import shutil
import sqlite3

import pytest

from tests.cli.running import EXAMPLES

# what is called, and what the one line on stderr says; WERTZU stands for a store
NORMS = "measure WERTZU reliable_change --policy norms_source=x"
MISTAKES = {
    "a missing file": (
        "measure none.db completion",
        "store: there is no store @ none.db (import a fact folder into it)",
    ),
    "a missing folder": (
        "measure none completion",
        "store: there is no such folder @ none (check the path)",
    ),
    "a missing store of check": ("check none.db", "store: there is no store @ none.db"),
    "a missing store of report": (
        "report none.db --program wertzu",
        "store: there is no store @ none.db",
    ),
    "a missing store of export": (
        "export none.db --out here",
        "store: there is no store @ none.db",
    ),
    "a missing source": (
        "import none --into new.db",
        "import: there is no such folder @ none (check the path)",
    ),
    "a file as source": (
        "import junk.db --into new.db",
        "import: this is a file, not a folder @ junk.db",
    ),
    "a text file as store": (
        "measure junk.db completion",
        "store: this is not a SQLite file @ junk.db",
    ),
    "another program's SQLite file": (
        "measure other.db completion",
        "store: this SQLite file is not a store of this library @ other.db (name another file)",
    ),
    "another program's SQLite file to import into": (
        "import EXAMPLE --into other.db",
        "store: this SQLite file is not a store of this library @ other.db",
    ),
    "a dry run into another program's SQLite file": (
        "import EXAMPLE --into other.db --dry-run",
        "store: this SQLite file is not a store of this library @ other.db",
    ),
    "a file that is no store at all": (
        "check there.html",
        "store: this is a file, not a folder @ there.html",
    ),
    "an unknown kind of store": (
        "check sqlit:///WERTZU",
        "plugin: no plug-in 'sqlit' among the stores @ stores (did you mean 'sqlite'?)",
    ),
    "an unknown metric": (
        "measure WERTZU compleation",
        "definition: no metric has this name @ compleation (did you mean 'completion'?)",
    ),
    "an unknown metric's card": (
        "metrics compleation",
        "definition: no metric has this name @ compleation (did you mean 'completion'?)",
    ),
    "an unknown stratum": (
        "measure WERTZU completion --by group.plaec",
        "completion cannot be asked by this stratum @ by=group.plaec (did you mean 'group.place'?",
    ),
    "norms that are incomplete": (
        "measure WERTZU reliable_change --internal --policy norms_sd=7.5",
        "definition: the norms lack norms_reliability, norms_source @ reliable_change (give norms",
    ),
    "norms that are no number": (
        f"{NORMS} --policy norms_sd=7,5 --policy norms_reliability=0.8",
        "norms_sd is a number @ reliable_change (write it with a point, as in norms_sd=7.5)",
    ),
    "norms without end": (
        f"{NORMS} --policy norms_sd=inf --policy norms_reliability=0.8",
        "definition: norms_sd is a number @ reliable_change",
    ),
    "norms that cannot be": (
        f"{NORMS} --policy norms_sd=7.5 --policy norms_reliability=1",
        "reliable change needs a standard deviation above 0 and a reliability below 1 @ norms",
    ),
    "a misspelt norm": (
        "measure WERTZU reliable_change --policy norm_sd=7.5",
        "reliable_change offers no choice of this policy @ norm_sd (did you mean 'norms_sd'?)",
    ),
    "unknown periods": (
        "measure WERTZU completion --periods yerly",
        "definition: unknown periods @ yerly (did you mean 'yearly'?)",
    ),
    "a period of years": (
        "measure WERTZU completion --periods 2018..2019",
        "not a period @ 2018..2019 (write FROM..TO, such as 2018-01-01..2019-01-01)",
    ),
    "a period that ends first": (
        "measure WERTZU completion --periods 2019-01-01..2018-01-01",
        "a period ends before it starts @ 2019-01-01..2018-01-01 (swap its two days)",
    ),
    "a confidence of two": (
        "measure WERTZU completion --confidence 2",
        "not a confidence level @ confidence (between 0.5 and 0.999999999, as 0.95)",
    ),
    "a confidence that floats cannot tell from one": (
        "measure WERTZU completion --confidence 0.9999999999999999",
        "not a confidence level @ confidence (between 0.5 and 0.999999999, as 0.95)",
    ),
    "an export without a name": (
        "export WERTZU --as folder --out .",
        "store: the export has no name @ . (name a new file or folder)",
    ),
    "no number as confidence": (
        "measure WERTZU completion --confidence nan",
        "not a confidence level @ confidence",
    ),
    "an unknown programme to measure": (
        "measure WERTZU completion --program wertz",
        "@ program=wertz (did you mean 'wertzu'?)",
    ),
    "an unknown programme to report on": (
        "report WERTZU --program wertz",
        "plugin: no plug-in 'wertz' among the programs @ programs (did you mean 'wertzu'?)",
    ),
    "an unknown programme's card": (
        "programs wertz",
        "plugin: no plug-in 'wertz' among the programs @ programs (did you mean 'wertzu'?)",
    ),
    "a definition that is not there": (
        "programs none.toml",
        "definition: the definition cannot be read: no such file or directory @ none.toml",
    ),
    "a programme without facts": (
        "report WERTZU --program yhteiso",
        "enrolment or role of this programme @ program=yhteiso (it has: wertzu)",
    ),
    "an unknown report": (
        "report WERTZU --program wertzu --report evaluaton",
        "definition: no report has this name @ evaluaton (did you mean 'evaluation'?",
    ),
    "an unknown format": (
        "report WERTZU --program wertzu --as htm",
        "plugin: no plug-in 'htm' among the exporters @ exporters (did you mean 'html'?)",
    ),
    "an unknown ending": (
        "report WERTZU --program wertzu --out page.htm",
        "plugin: no exporter writes files with this ending @ page.htm (name the exporter with --as",
    ),
    "an output file that is there": (
        "report WERTZU --program wertzu --out there.html",
        "store: the file is there already @ there.html (--overwrite)",
    ),
    "an output folder that is missing": (
        "report WERTZU --program wertzu --out none/page.html",
        "@ none/page.html (make the folder it is to stand in",
    ),
    "a store in a missing folder": (
        "import EXAMPLE --into none/new.db",
        "store: the store cannot be made: no such file or directory @ none/new.db",
    ),
    "an export onto something": (
        "export WERTZU --out there.html",
        "store: there is something already @ there.html (name a new file or folder)",
    ),
    "an export into a file": (
        "export WERTZU --out there.html/folder",
        "store: the export cannot be written: not a directory @ there.html/folder",
    ),
    "an unknown plug-in": (
        "plugins sqlit",
        "plugin: no plug-in has this name @ plugins (did you mean 'sqlite'?)",
    ),
    "a demo onto a file": (
        "demo --out there.html",
        "store: the folder cannot be made: file exists @ there.html",
    ),
    "too many rows": (
        "import EXAMPLE --into new.db --max-rows 10",
        "limit: more than 10 rows in all @ ",
    ),
}


@pytest.fixture
def places(stores, tmp_path):
    """Files that are in the way, in the folder where commands are run."""
    (tmp_path / "junk.db").write_text("this is no database, whatever its name says\n" * 50)
    (tmp_path / "there.html").write_text("mine")
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE mine (value)")
    other.commit()
    other.close()
    return {"WERTZU": stores["wertzu"], "EXAMPLE": str(EXAMPLES / "wertzu")}


def contents(folder):
    """Every file below the folder with what is in it."""
    return {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_in_one_line(call, places, tmp_path, mistake):
    """One line on stderr, exit code 1, nothing on stdout, and no file made, changed or lost."""
    arguments, told = MISTAKES[mistake]
    for word, place in places.items():
        arguments = arguments.replace(word, place)
    before = contents(tmp_path)
    done = call(*arguments.split())

    assert (done.code, done.out) == (1, "")
    assert told in done.err
    assert re.fullmatch(r"[a-z]+: .+ @ .+ \(.+\)\n", done.err)
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "mesure",
        "measure",
        "measure x.db",
        "measure x.db completion --as-of 2018-13-01",
        "measure x.db completion --as-of yesterday",
        "measure x.db completion --confidence much",
        "measure x.db completion --locale de",
        "report x.db",
        "report x.db --program wertzu --profile secret",
        "report x.db --program wertzu --profile public --internal",
        "import x --into y --max-rows many",
        "export x.db",
        "export x.db --as parquet",
        "programs one two",
    ],
)
def test_a_wrong_command_line_is_code_2(call, arguments):
    """What argparse cannot read shows the usage on stderr and touches nothing."""
    done = call(*arguments.split())

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("usage: osallisuus")
    assert "error: " in done.err


def test_a_wrong_day_is_told_how_to_write_one(call):
    """--as-of says which form a day has."""
    assert "write a day as 2018-12-31" in call("measure", "x", "y", "--as-of", "31.12.2018").err


@pytest.mark.parametrize("command", ["check", "measure", "report", "export"])
def test_a_folder_with_problems_is_named_before_them(call, tmp_path, command):
    """Used as a store, a faulty folder is named with the number of its problems, then each."""
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "people.csv").write_text("id,registered_on\np-1,never\np 2,2018-01-01\n")
    further = {
        "measure": ["completion"],
        "report": ["--program", "wertzu"],
        "export": ["--out", "x"],
    }
    done = call(command, "facts", *further.get(command, []))

    first, *others = done.err.splitlines()
    assert (done.code, done.out) == (1, "")
    assert first == (
        "store: the folder cannot be used as a store: it has 2 problems @ facts "
        "(correct what follows)"
    )
    places = {re.search("@ (.*?) ", line)[1] for line in others}
    assert places == {"people.csv:2.registered_on", "people.csv:3.id"}


def test_no_message_repeats_a_cell(call, tmp_path):
    """The cells of a faulty folder stay in it."""
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "people.csv").write_text("id,registered_on\nMaija,Hämeenkatu\nÅke,\n")

    for arguments in (["check", "facts"], ["import", "facts", "--into", "new.db"]):
        done = call(*arguments)
        assert done.code == 1
        assert not [word for word in ("Maija", "Hämeenkatu", "Åke") if word in done.err]


def test_overwrite_replaces_a_report(call, places, tmp_path):
    """A page that is there is replaced only when that is asked for."""
    done = call(
        "report", places["WERTZU"], "--program", "wertzu", "--out", "there.html", "--overwrite"
    )

    assert done.code == 0
    assert (tmp_path / "there.html").read_text("utf-8").startswith("<!DOCTYPE html>")


OVER_THE_STORE = {
    "a report": "report {own} --program wertzu --as html --out {own} --overwrite",
    "a table of the store": "report {folder} --program wertzu --out {folder}/people.csv --overwrite",
    "a page in the store": "report {folder} --program wertzu --out {folder}/page.html",
    "a kept report": "report {own} --program wertzu --freeze {own} --overwrite",
    "the log of its last commits": "report {own} --program wertzu --freeze {own}-wal --overwrite",
    "an export": "export {own} --as xes --out {own} --overwrite",
    "an own copy": "copy {own} P1 --out {own}",
    "a site": "site {own} --program wertzu --out {own} --overwrite",
    "a site in the store": "site {folder} --program wertzu --out {folder} --overwrite",
    "a published copy": "sync {own} parquet:{own}",
    "the store in another file": "report {folder} --program wertzu --as html --out {own} --overwrite",
}


@pytest.mark.parametrize("written", OVER_THE_STORE)
def test_no_command_writes_over_the_store_it_reads(call, tmp_path, written):
    """Nor over any other store, nor into it: its facts are there nowhere else."""
    folder = tmp_path / "facts"
    shutil.copytree(EXAMPLES / "wertzu", folder)
    own = tmp_path / "y.db"
    assert call("import", str(folder), "--into", str(own)).code == 0
    before = own.read_bytes(), sorted(folder.iterdir())

    done = call(*OVER_THE_STORE[written].format(own=own, folder=folder).split())

    assert done.code == 1
    assert "store itself" in done.err or "never written over" in done.err
    assert (own.read_bytes(), sorted(folder.iterdir())) == before
