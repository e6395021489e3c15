"""Plug-ins for real: packages of somebody else, built, installed and used in a child process."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import osallisuus as osa
from osallisuus.metrics.catalogue import CATALOGUE
from tests.cli.running import EXAMPLES, ROOT, run

TINY = Path(__file__).parent / "plugins" / "tiny"
WERTZU, VERNA = EXAMPLES / "wertzu", EXAMPLES / "verna"


def install(source, site):
    """Build and install the package at *source* into the folder *site*, without a network."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    offline = ["--no-index", "--no-deps", "--no-build-isolation"]
    done = subprocess.run(
        [*pip, *offline, "--target", str(site), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return site


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A fresh folder into which the package in tests/plugins/tiny has been installed."""
    folder = tmp_path_factory.mktemp("tiny")
    shutil.copytree(TINY, folder / "source")
    return install(folder / "source", folder / "site")


# A package of somebody else -------------------------------------------------------------------


def test_its_parts_are_listed_beside_ours(site):
    """Each part of the package is listed with the package's name and version, and keeps its contract."""
    listed = run("plugins", path=site)
    lines = [" ".join(line.split()) for line in listed.out.splitlines()]

    assert (listed.code, listed.err) == (0, "")
    for group, name in (
        ("metrics", "tiny_metric"), ("exporters", "tiny"), ("programs", "tiny_program")
    ):  # fmt: skip
        assert f"{group} {name} osallisuus-tiny 0.3.0" in lines
        checked = run("plugins", name, path=site)
        assert checked.code == 0
        assert checked.out.split() == [group, name, "osallisuus-tiny", "0.3.0", "ok"]


def test_it_is_gone_when_it_is_not_installed():
    """Without the package nobody knows its names."""
    assert "tiny" not in run("plugins").out
    assert run("metrics", "tiny_metric").code == 1


def test_its_metric_shows_its_card(site):
    """The card says whose metric it is and what it reads."""
    done = run("metrics", "tiny_metric", path=site)

    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("tiny_metric: Tiny metric (osallisuus-tiny 0.3.0)\n")
    assert "contacts.happened_on" in done.out
    assert "contact: of the same enrolment" in done.out
    assert "tiny_metric" in run("metrics", path=site).out


def contacted_before_the_start(folder):
    """Counted by hand: enrolments interviewed and started, and those with a contact in between."""
    with osa.open(str(folder)) as register:
        contacts = list(register.facts(osa.Contact))
        started = [
            one
            for one in register.facts(osa.Enrollment)
            if one.interviewed_on is not None and one.started_on is not None
        ]
    reached = [
        one
        for one in started
        if any(
            contact.enrollment == one.id and one.interviewed_on <= contact.happened_on < one.started_on
            for contact in contacts
        )
    ]  # fmt: skip
    return len(reached), len(started)


def test_its_metric_is_measured(site):
    """The figure is what counting by hand gives, with an interval of our making."""
    done = run("measure", VERNA, "tiny_metric", "--internal", "--json", path=site)
    assert done.code == 0
    assert done.err == "Synthetic example data: no real person is behind these figures.\n"
    shown = json.loads(done.out)
    (figure,) = shown["figures"]

    assert (shown["metric"], shown["kind"]) == ("tiny_metric", "proportion")
    assert (figure["k"], figure["n"]) == contacted_before_the_start(VERNA)
    assert figure["n"] == 38
    assert figure["low"] < figure["value"] <= figure["high"]


def test_its_metric_passes_the_same_gate(site):
    """What its figure would give away is hidden like that of a metric of ours."""
    by = ("--by", "enrollment.channel", "--periods", "yearly", "--json")
    done = run("measure", VERNA, "tiny_metric", *by, path=site)
    hidden = [
        figure for figure in json.loads(done.out)["figures"] if figure["status"] == "suppressed"
    ]

    assert hidden
    assert {figure[name] for figure in hidden for name in ("value", "k", "n", "low")} == {None}


OF_A_METRIC_WITHOUT_A_CARD = """
schema_version = 1
name = "own"
title = { en = "Own" }
by = ["group.place"]
[[sections]]
kind = "metric"
heading = "taking_part"
metric = "tiny_metric"
form = "share"
brief = true
split = true
"""
IN_EVERY_FORM = """
import osallisuus as osa

release = osa.open({place!r}).report({report!r}, program="verna").release()
for form in ("html", "text", "json"):
    assert "iny metric" in release.render(form).decode(), form
"""


def test_a_metric_without_a_card_stands_in_reports_by_its_name(site, tmp_path, monkeypatch):
    """Nobody has to write a card: the caption is the name, made readable."""
    monkeypatch.setenv("PYTHONPATH", str(site))
    report = tmp_path / "own.toml"
    report.write_text(OF_A_METRIC_WITHOUT_A_CARD)
    code = IN_EVERY_FORM.format(place=str(VERNA), report=str(report))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_its_exporter_writes_a_report(site, tmp_path):
    """``--as tiny`` writes what the stranger's class makes of the document."""
    target = tmp_path / "report.tiny"
    done = run("report", WERTZU, "--program", "wertzu", "--as", "tiny", "--out", target, path=site)
    title, *headings = target.read_text("utf-8").splitlines()

    assert (done.code, done.out) == (0, f"{target}\n")
    assert title.startswith("Peer facilitator training (Wertzu)")
    assert "    Completing the programme" in headings


def test_its_exporter_is_found_by_the_ending(site, tmp_path):
    """A file that ends in the exporter's name needs no ``--as``."""
    target = tmp_path / "report.tiny"
    done = run("report", WERTZU, "--program", "wertzu", "--out", target, path=site)

    assert done.code == 0
    assert target.read_text("utf-8").startswith("Peer facilitator training")


WITH_ENDINGS = """
class Outline:
    api_version, name, suffix, media_type = 1, "outline", ".adoc", "text/asciidoc"

    def render(self, document):
        return self.name.encode()


class Notes(Outline):
    name, suffix = "notes", ".txt"


class Minutes(Outline):
    name = "minutes"


class Odd(Outline):
    name, suffix = "odd", property(str)
"""


def with_endings(folder, *names):
    """A folder with exporters of those names, beside one that cannot be imported."""
    points = "".join(f"{name} = hostile:{name.title()}\n" for name in (*names, "broken"))
    return pretend(folder, f"[osallisuus.exporters]\n{points}", WITH_ENDINGS)


def test_an_exporter_is_found_by_the_ending_that_it_declares(tmp_path):
    """A file that ends in its ``suffix`` needs no ``--as``, unless one of ours has that ending."""
    site = with_endings(tmp_path / "site", "outline", "notes", "odd")
    asked = ("report", WERTZU, "--program", "wertzu", "--internal", "--out")
    outline, text = tmp_path / "report.adoc", tmp_path / "report.txt"
    assert [run(*asked, target, path=site).code for target in (outline, text)] == [0, 0]
    assert outline.read_text() == "outline"
    assert text.read_text().startswith("*** INTERNAL")


def test_an_ending_that_two_exporters_declare_is_refused_with_their_names(tmp_path):
    """Nothing is guessed, and nothing is released."""
    site = with_endings(tmp_path, "outline", "minutes")
    done = run("report", WERTZU, "--program", "wertzu", "--out", "report.adoc", path=site)
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "plugin: several exporters write files with this ending @ report.adoc"
        " (--as minutes or --as outline)\n"
    )


def test_an_ending_that_no_exporter_declares_is_told_with_those_that_there_are(tmp_path):
    """Ours and those of plug-ins, and how an exporter is named whatever the ending."""
    site = with_endings(tmp_path, "outline", "odd")
    done = run("report", WERTZU, "--program", "wertzu", "--out", "report.tex", path=site)
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "plugin: no exporter writes files with this ending @ report.tex (name the exporter with"
        " --as NAME, or take one of .adoc, .csv, .docx, .html, .json, .md, .pdf, .txt, .xlsx, .zip)\n"
    )


def with_a_group(folder, program, version="1"):
    """A folder with one group of the programme: there is something to report on."""
    folder.mkdir()
    columns = "id,program,program_version,kind,starts_on"
    (folder / "groups.csv").write_text(f"{columns}\ng-1,{program},{version},weekly,2020-01-01\n")
    return folder


def test_its_programme_stands_beside_ours(site, tmp_path):
    """A programme of the package is listed, shown and reported on."""
    listed = [" ".join(line.split()) for line in run("programs", path=site).out.splitlines()]
    assert "tiny_program 2026.1 Open group" in listed
    assert run("programs", "tiny_program", path=site).out.startswith("tiny_program version 2026.1")
    facts = with_a_group(tmp_path / "facts", "tiny_program", "2026.1")
    assert run("check", facts, path=site).out == "no findings\n"
    assert "Open group" in run("report", facts, "--program", "tiny_program", path=site).out


FROM_PYTHON = """
import osallisuus as osa

register = osa.open({place!r})
figure = register.measure("tiny_metric").figure()
assert osa.metric("tiny_metric").name == "tiny_metric"
assert osa.program("tiny_program").version == "2026.1"
release = register.report("evaluation", program="verna").release()
assert release.render("tiny").startswith(b"Verna")
assert "tiny" in {{plugin.name for plugin in osa.plugins.status()}}
print(figure.k, figure.n)
"""


def test_it_is_used_from_python(site, monkeypatch):
    """The same parts by the same names in a program of one's own."""
    monkeypatch.setenv("PYTHONPATH", str(site))
    done = subprocess.run(
        [sys.executable, "-c", FROM_PYTHON.format(place=str(VERNA))],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert tuple(map(int, done.stdout.split())) == contacted_before_the_start(VERNA)


def test_listing_imports_nothing_of_it(site, monkeypatch):
    """To list what is installed, no module of the package is imported."""
    monkeypatch.setenv("PYTHONPATH", str(site))
    code = (
        "import sys, osallisuus as osa; names = {one.name for one in osa.plugins.status()};"
        "print('tiny' in names, 'osallisuus_tiny' in sys.modules, 'osallisuus.exporters.html' in "
        "sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["True", "False", "False"]


# The document that says how to make one -------------------------------------------------------


def blocks(text, language):
    """The code blocks of one language in a page."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_document_can_be_followed_to_the_letter(tmp_path):
    """The package that docs/adding.md tells to write installs, and all of its parts work."""
    page = (ROOT / "docs" / "adding.md").read_text("utf-8")
    source = tmp_path / "source"
    (source / "src" / "my_package").mkdir(parents=True)
    (source / "pyproject.toml").write_text("\n".join(blocks(page, "toml")), "utf-8")
    code = [block for block in blocks(page, "python") if not block.startswith(">>>")]
    (source / "src" / "my_package" / "__init__.py").write_text("\n".join(code), "utf-8")
    site = install(source, tmp_path / "site")

    for name in ("outline", "ideas_told_back", "open_group"):
        checked = run("plugins", name, path=site)
        assert checked.out.split()[2:] == ["my-package", "0.1.0", "ok"]
    facts = with_a_group(tmp_path / "facts", "open_group")
    report = run("report", facts, "--program", "open_group", "--as", "outline", path=site)
    assert report.out.startswith("Open group")
    measured = run("measure", WERTZU, "ideas_told_back", "--internal", path=site)
    assert measured.code == 0
    assert run("metrics", "ideas_told_back", path=site).code == 0


def test_every_metric_of_ours_is_declared_like_a_strangers():
    """The catalogue and the entry points in pyproject.toml name the same values."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = project["entry-points"]["osallisuus.metrics"]

    assert sorted(declared) == sorted(CATALOGUE)
    for name, value in declared.items():
        module, attribute = value.split(":")
        namespace = __import__(module, fromlist=[attribute])
        assert getattr(namespace, attribute) is CATALOGUE[name]


# Packages that are broken or hostile ----------------------------------------------------------


GOOD_METRIC = """
from osallisuus.metrics.kinds import Proportion

METRIC = Proportion(
    name="{name}",
    cases="SELECT id AS person, registered_on AS happened_on, 1 AS hit FROM people",
)
"""
GOOD_EXPORTER = """
class Exporter:
    api_version, name, suffix, media_type = {version}, "bad", ".bad", "text/plain"

    def render(self, document):
        {body}
"""
FAULTY_PROGRAM = """
from osallisuus.model.definition import read_program

PROGRAM = read_program('name = "bad"\\nnonsense = 1', "bad.toml")
"""
FAULTY_STORE = """
class Store:
    api_version = 2
    append = scan = known_ids = head = tx_at = journal = close = None

    def open(place, **options):
        raise RuntimeError(place)
"""
HOSTILE = {
    # what is wrong: (group, name, entry point, code of the module, what the error says)
    "raises while imported": (
        "metrics", "bad", "hostile:METRIC", "\n\n1 / 0", "ZeroDivisionError at hostile.py:3",
    ),
    "lacks a library": (
        "metrics", "bad", "hostile:METRIC", "import no_such_library",
        "ModuleNotFoundError: no_such_library",
    ),
    "is not Python": ("metrics", "bad", "hostile:METRIC", "def", "SyntaxError"),
    "ends the program": (
        "metrics", "bad", "hostile:METRIC", "raise SystemExit(0)", "SystemExit",
    ),
    "has no such module": ("metrics", "bad", "no_such_module:X", "", "ModuleNotFoundError"),
    "has no such name": (
        "metrics", "bad", "hostile:METRIC", "METRICS = 1",
        "hostile has no METRIC (it has 'METRICS')",
    ),
    "fails in a library": (
        "metrics", "bad", "hostile:METRIC",
        "from pathlib import Path\n\nPath('no-such-file').read_text()",
        "FileNotFoundError at hostile.py:3",
    ),
    "has a junk value": ("metrics", "bad", "!!! not an entry point", "", "module:name"),
    "has a value with extras only": ("metrics", "bad", "[extra]", "", "module:name"),
    "names a number": ("metrics", "bad", "hostile:METRIC", "METRIC = 7", "lacks name, kind"),
    "names a look-alike": (
        "metrics", "bad", "hostile:METRIC",
        "class METRIC: name = kind = cases = definition = 'bad'", "names something else",
    ),
    "has another name": (
        "metrics", "bad", "hostile:METRIC", GOOD_METRIC.format(name="other"), "another name",
    ),
    "raises when it is looked at": (
        "metrics", "bad", "hostile:METRIC",
        "class Odd:\n    def __getattr__(self, name): raise OSError\nMETRIC = Odd()", "OSError",
    ),
    "keeps another version": (
        "exporters", "bad", "hostile:Exporter",
        GOOD_EXPORTER.format(version=2, body="return b''"), "version 2 of the port, not 1",
    ),
    "states no version": (
        "exporters", "bad", "hostile:Exporter", "class Exporter: pass",
        "does not state api_version = 1",
    ),
    "is no class": (
        "exporters", "bad", "hostile:EXPORTER",
        GOOD_EXPORTER.format(version=1, body="return b''") + "\nEXPORTER = Exporter()",
        "not a class",
    ),
    "does not render": (
        "exporters", "bad", "hostile:Exporter",
        "class Exporter: api_version, name, suffix, media_type = 1, 'bad', '.bad', 'text/plain'",
        "Exporter lacks render",
    ),
    "raises while it renders": (
        "exporters", "bad", "hostile:Exporter",
        GOOD_EXPORTER.format(version=1, body="return {}['x']"), "KeyError at hostile.py:6",
    ),
    "gives text, not bytes": (
        "exporters", "bad", "hostile:Exporter",
        GOOD_EXPORTER.format(version=1, body="return 'text'"), "str, not bytes",
    ),
    "has a faulty definition": (
        "programs", "bad", "hostile:PROGRAM",
        ("from osallisuus.model.definition import read_program\n"
        "PROGRAM = read_program('name = \"bad\"\\nnonsense = 1', 'bad.toml')"),
        "bad.toml",
    ),
    "names no programme": ("programs", "bad", "hostile:X", "X = object()", "lacks name, version"),
    "has a store that cannot open": (
        "stores", "bad", "hostile:Store",
        ("class Store:\n    api_version = 2\n"
        "    append = scan = known_ids = head = tx_at = journal = close = None\n"
        "    def open(place, **options): raise RuntimeError(place)"),
        "RuntimeError at hostile.py:4",
    ),
}  # fmt: skip
ASK = {
    "metrics": ("measure", WERTZU, "bad", "--internal"),
    "exporters": ("report", WERTZU, "--program", "wertzu", "--as", "bad"),
    "programs": ("report", WERTZU, "--program", "bad"),
    "stores": ("check", "bad:somewhere"),
}


def pretend(folder, entry_points, code="", *, name="hostile", version="6.6.6"):
    """What an installed distribution leaves in a folder, made by hand so that it can be wrong."""
    information = folder / f"{name}-{version}.dist-info"
    information.mkdir(parents=True)
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    (information / "METADATA").write_text(metadata)
    points = entry_points if isinstance(entry_points, bytes) else entry_points.encode()
    (information / "entry_points.txt").write_bytes(points)
    (folder / "hostile.py").write_text(code)
    return folder


@pytest.mark.parametrize("fault", HOSTILE)
def test_a_broken_part_is_told_only_when_it_is_asked_for(tmp_path, fault):
    """Its error names the distribution, its version and what would help, without a traceback."""
    group, name, value, code, told = HOSTILE[fault]
    site = pretend(tmp_path, f"[osallisuus.{group}]\n{name} = {value}\n", code)
    asked = run(*ASK[group], path=site)

    assert (asked.code, asked.out) == (1, "")
    # the folder that is asked keeps no ledger, which a report says first
    told_of = asked.err.removeprefix(
        "this store keeps no ledger: later releases will not know of this\n"
    )
    assert re.fullmatch(r"plugin: .*'bad'.* @ hostile 6\.6\.6 \(.*uninstall hostile\)\n", told_of)
    assert told in asked.err


def test_listing_shows_every_broken_part(tmp_path):
    """However a part is broken, the list names it and its distribution, and imports nothing."""
    for number, (group, _, value, code, _) in enumerate(HOSTILE.values()):
        points = f"[osallisuus.{group}]\nbad_{number} = {value}\n"
        pretend(tmp_path, points, code, name=f"hostile_{number}")
    (tmp_path / "hostile.py").write_text("raise SystemExit('hostile was imported')")
    listed = run("plugins", path=tmp_path)

    assert (listed.code, listed.err) == (0, "")
    for number, (group, *_) in enumerate(HOSTILE.values()):
        line = rf"^{group} +bad_{number} +hostile_{number} 6\.6\.6$"
        assert re.search(line, listed.out, re.MULTILINE)


def test_a_broken_part_is_shown_by_plugins(tmp_path):
    """``osallisuus plugins NAME`` imports that part only, says what is wrong and ends with 1."""
    points = (
        "[osallisuus.metrics]\nbad = hostile:METRIC\n[osallisuus.programs]\nworse = hostile:X\n"
    )
    site = pretend(tmp_path, points, "raise SystemExit(0)")
    asked = run("plugins", "bad", path=site)
    other = run("plugins", "html", path=site)

    assert (asked.code, asked.err) == (1, "")
    assert "importing it raised SystemExit" in asked.out
    assert (other.code, other.err) == (0, "")
    assert other.out.split()[-1] == "ok"


@pytest.fixture(scope="module")
def infested(tmp_path_factory):
    """A folder with a broken part of every group, and with metadata that cannot be read."""
    folder = tmp_path_factory.mktemp("infested")
    groups = ("stores", "engines", "exporters", "programs", "metrics")
    points = "".join(f"[osallisuus.{group}]\nbad = hostile:X\n" for group in groups)
    pretend(folder, points, "raise SystemExit('hostile was imported')")
    pretend(folder, b"[osallisuus.metrics]\n\xff\xfe = \xe4:x\n", "", name="latin")
    pretend(folder, "no section\nand = no = sense\n[[[", "", name="junk")
    pretend(folder, "[osallisuus.nothing]\nbad = hostile:X\n", "", name="elsewhere")
    (folder / "empty-1.dist-info").mkdir()
    (folder / "nameless-1.dist-info").mkdir()
    (folder / "nameless-1.dist-info" / "METADATA").write_text("")
    nameless = points.replace("bad", "nameless")
    (folder / "nameless-1.dist-info" / "entry_points.txt").write_text(nameless)
    (folder / "hostile.py").write_text("raise SystemExit('hostile was imported')")
    return folder


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", WERTZU),
        ("measure", WERTZU, "completion", "--internal", "--json"),
        ("report", WERTZU, "--program", "wertzu", "--as", "html"),
        ("metrics", "completion"),
        ("programs", "wertzu"),
        ("--help",),
    ],
    ids=lambda arguments: arguments[0],
)
def test_everything_else_goes_on(infested, arguments):
    """Beside broken packages each command does what it does without them."""
    beside = run(*arguments, path=infested)

    assert beside == run(*arguments)
    assert beside.code == 0


def test_lists_go_on_and_name_what_is_broken(infested):
    """Each list holds all that works; the programme that cannot be read has its reason beside it."""
    programs = run("programs", path=infested)
    metrics = run("metrics", path=infested)
    plugins = run("plugins", path=infested)

    assert (programs.code, programs.err, metrics.code, metrics.err) == (0, "", 0, "")
    assert re.search(
        r"^wertzu +1 +Peer facilitator training \(Wertzu\)$", programs.out, re.MULTILINE
    )
    assert re.search(r"^bad +- +.*SystemExit.* @ hostile 6\.6\.6 ", programs.out, re.MULTILINE)
    assert "bad " in metrics.out
    assert (plugins.code, plugins.err) == (0, "")
    assert re.search(r"^exporters +html ", plugins.out, re.MULTILINE)
    assert re.search(r"^exporters +nameless ", plugins.out, re.MULTILINE)


CLASHES = {
    "metrics": ("completion", ("measure", WERTZU, "completion")),
    "exporters": ("html", ("report", WERTZU, "--program", "wertzu", "--as", "html")),
    "programs": ("wertzu", ("report", WERTZU, "--program", "wertzu")),
    "stores": ("folder", ("check", WERTZU)),
}


@pytest.mark.parametrize("group", CLASHES)
def test_a_name_of_ours_cannot_be_taken(tmp_path, group):
    """A stranger's part under a name of ours is refused by name, never used in silence."""
    name, ask = CLASHES[group]
    code = "raise SystemExit('hostile was imported')"
    site = pretend(tmp_path, f"[osallisuus.{group}]\n{name} = hostile:X\n", code)
    asked = run(*ask, path=site)
    listed = run("plugins", path=site)

    assert (asked.code, asked.out) == (1, "")
    assert re.fullmatch(r"plugin: .* @ .*hostile 6\.6\.6.* \(.*uninstall.*\)\n", asked.err)
    assert listed.code == 0
    assert len(re.findall(rf"{group} +{name} .*another distribution has the same", listed.out)) == 2
    assert run("programs", "verna", path=site).code == 0


@pytest.mark.parametrize("group", CLASHES)
def test_what_is_not_allowed_takes_no_name_and_is_never_imported(tmp_path, group):
    """Strict mode: a package that would take a name of ours disturbs nothing, and is told."""
    name, ask = CLASHES[group]
    points = f"[osallisuus.{group}]\n{name} = hostile:X\nown = hostile:X\n"
    site = pretend(tmp_path, points, "raise SystemExit('hostile was imported')")
    beside = run(*ask, path=site, OSALLISUUS_PLUGINS="")
    listed = run("plugins", path=site, OSALLISUUS_PLUGINS="other-package")

    assert beside == run(*ask)
    assert len(re.findall(r"hostile 6\.6\.6 .*may be used here", listed.out)) == 2


def test_what_is_allowed_is_used_and_nothing_else(site, tmp_path):
    """By the name of the package, however it is spelt; all others are refused with the reason."""
    allowed = run("plugins", "tiny", path=site, OSALLISUUS_PLUGINS="x, Osallisuus_TINY")
    refused = run(
        "report", WERTZU, "--program", "wertzu", "--as", "tiny", path=site, OSALLISUUS_PLUGINS="x"
    )

    assert (allowed.code, allowed.out.split()[-1]) == (0, "ok")
    assert (refused.code, refused.out) == (1, "")
    assert "may not be used here @ osallisuus-tiny 0.3.0 (allow osallisuus-tiny" in refused.err


def test_two_installations_of_one_package_are_no_clash(tmp_path, site):
    """Where a package is installed twice, the first on Python's path is used, as it is imported."""
    older = pretend(
        tmp_path, "[osallisuus.exporters]\ntiny = gone:Exporter\n", name="Osallisuus_Tiny",
        version="0.1.0",
    )  # fmt: skip
    done = run("plugins", "tiny", path=f"{site}:{older}")

    assert (done.code, done.out.split()) == (0, "exporters tiny osallisuus-tiny 0.3.0 ok".split())
