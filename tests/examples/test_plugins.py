"""The plug-in packages of examples/plugins: each installs by itself and keeps its promises."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache

import pytest

from tests.cli.running import EXAMPLES, run
from tests.test_plugins import install, pretend

PLUGINS = EXAMPLES / "plugins"
PACKAGES = sorted(path.parent.name for path in PLUGINS.glob("*/pyproject.toml"))


def project(package):
    """The table ``project`` of its pyproject.toml."""
    return tomllib.loads((PLUGINS / package / "pyproject.toml").read_text("utf-8"))["project"]


def needs(package):
    """The modules without which the package cannot be tried out."""
    named = [re.split("[<>=[]", one)[0] for one in project(package)["dependencies"]]
    return [one for one in named if not importlib.util.find_spec(one.replace("-", "_"))]


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """Gives a fresh folder into which a package has been installed, without a network."""

    @cache
    def site(package):
        if missing := needs(package):
            pytest.skip(f"needs {', '.join(missing)}")
        folder = tmp_path_factory.mktemp(package)
        built = ("__pycache__", "dist", "*.egg-info")
        shutil.copytree(PLUGINS / package, folder / "source", ignore=shutil.ignore_patterns(*built))
        return install(folder / "source", folder / "site")

    return site


def own_tests(source, site):
    """How pytest ends in the folder of a package, with nothing of this repository around it."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "-ra", "tests"],
        cwd=source,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_its_own_tests_pass(sites, package):
    """As a stranger would run them: after installing, in the package's own folder."""
    site = sites(package)
    done = own_tests(site.parent / "source", site)
    assert done.returncode == 0, done.stdout[-4000:]
    assert " passed" in done.stdout


@pytest.mark.parametrize("package", PACKAGES)
def test_its_parts_keep_their_contracts(sites, package):
    """``osallisuus plugins`` says ok of every entry point that it declares."""
    site = sites(package)
    declared = project(package)["entry-points"]
    assert declared
    for group, points in declared.items():
        for name in points:
            checked = run("plugins", name, path=site)
            lines = [line.split() for line in checked.out.splitlines()]
            wanted = [group.removeprefix("osallisuus."), name, package, project(package)["version"]]
            assert [*wanted, "ok"] in lines, checked.out + checked.err


@pytest.mark.parametrize("package", PACKAGES)
def test_it_is_laid_out_as_the_others_are(package):
    """A short README, code in src with its types, and tests of its own."""
    folder = PLUGINS / package
    module = package.replace("-", "_")
    assert len((folder / "README.md").read_text("utf-8").splitlines()) <= 20
    assert (folder / "src" / module / "py.typed").is_file()
    assert list((folder / "tests").glob("test_*.py"))
    assert (folder.name, project(package)["license"]) == (project(package)["name"], "MIT")


def test_the_slides_are_written_by_the_command(sites, tmp_path):
    """``--as slides`` gives a page with a slide for each section."""
    target = tmp_path / "meeting.html"
    done = run(
        *("report", EXAMPLES / "wertzu", "--program", "wertzu", "--as", "slides", "--out", target),
        path=sites("osallisuus-slides"),
    )
    assert done.code == 0, done.err
    assert target.read_text("utf-8").count("<section>") > 3


@pytest.mark.parametrize(
    ("locale", "title"),
    [("fi", "Perutut tapaamiset"), ("sv", "Inställda träffar"), ("en", "Sessions called off")],
)
def test_a_strangers_metric_says_its_card_in_every_language(sites, locale, title):
    """Its title, its populations and its example, from the file in the package."""
    site = sites("osallisuus-metric-pack")
    done = run("metrics", "sessions_called_off", "--locale", locale, path=site)
    assert (done.code, done.err) == (0, "")
    assert title in done.out.splitlines()[0]


def test_a_card_that_cannot_be_read_is_told_with_the_package(sites, tmp_path):
    """And disturbs no other metric."""
    site = tmp_path / "site"
    shutil.copytree(sites("osallisuus-metric-pack"), site)
    (site / "osallisuus_metric_pack" / "cards" / "workshop_size.toml").write_text("secret = ")
    broken = run("metrics", "workshop_size", path=site)
    assert broken.code == 1
    assert "osallisuus-metric-pack 0.1.0" in broken.err
    assert "secret" not in broken.err
    assert run("metrics", "mid_review_held", path=site).code == 0


@pytest.fixture
def begun(tmp_path):
    """A package that was begun from the template, and the folder into which it is installed."""
    script = PLUGINS / "template" / "new.py"
    begin = [sys.executable, str(script), "my-own-plugin", str(tmp_path / "work")]
    subprocess.run(begin, check=True, capture_output=True)
    source = tmp_path / "work" / "my-own-plugin"
    return begin, source, install(source, tmp_path / "site")


def test_a_package_begun_from_the_template_passes_its_tests(begun):
    """It installs, its tests pass, its part is found, and no word of the template is left in it."""
    _, source, site = begun
    done = own_tests(source, site)
    assert done.returncode == 0, done.stdout[-4000:]
    assert "ok" in run("plugins", "my-own-plugin", path=site).out.split()
    left = ("your-distribution", "your_package", "your-plugin", "your-group", "YourPart")
    for path in source.rglob("*.*"):
        assert not [word for word in left if word in path.name]
        if path.suffix in (".py", ".toml", ".md"):
            assert not [word for word in left if word in path.read_text("utf-8")]


def test_every_kind_of_package_begun_from_the_template_passes_its_tests(tmp_path):
    """No kit finds anything to say against its part."""
    sys.path.insert(0, str(PLUGINS / "template"))
    try:
        from new import new
    finally:
        sys.path.pop(0)
    kinds, site = {"metric": "days-set", "store": None, "programme": None}, tmp_path / "site"
    for kind, part in kinds.items():
        source = new(f"my-own-{kind}", tmp_path, kind, part)
        declared = tomllib.loads((source / "pyproject.toml").read_text("utf-8"))["project"]
        ((group, points),) = declared["entry-points"].items()
        # as if installed: building a package is tried with an exporter already
        shutil.copytree(source / "src", site, dirs_exist_ok=True)
        ((name, value),) = points.items()
        pretend(site, f"[{group}]\n{name} = {value}\n", name=f"my-own-{kind}")
        shutil.copytree(source / "tests", tmp_path / "tests", dirs_exist_ok=True)
    done = own_tests(tmp_path, site)
    assert done.returncode == 0, done.stdout[-4000:]
    assert run("plugins", "my-own-store", path=site).out.split()[-1] == "ok"
    place = f"my-own-store:{tmp_path / 'facts'}"
    assert run("import", EXAMPLES / "wertzu", "--into", place, path=site).code == 0
    assert "enrolments" in run("metrics", "days_set", path=site).out


def test_a_part_may_be_called_otherwise_than_its_package(tmp_path):
    """``--part`` gives the name that users write; one that nobody could write is refused."""
    begin = [sys.executable, str(PLUGINS / "template" / "new.py"), "asciidoc-report", str(tmp_path)]
    refused = subprocess.run([*begin, "--part", "as ci"], check=False, capture_output=True)
    assert (refused.returncode, list(tmp_path.iterdir())) == (1, [])
    subprocess.run([*begin, "--part", "asciidoc"], check=True, capture_output=True)
    source, site = tmp_path / "asciidoc-report", tmp_path / "site"
    declared = tomllib.loads((source / "pyproject.toml").read_text("utf-8"))["project"]
    assert declared["entry-points"] == {
        "osallisuus.exporters": {"asciidoc": "asciidoc_report:Exporter"}
    }
    shutil.copytree(source / "src", site)
    pretend(site, "[osallisuus.exporters]\nasciidoc = asciidoc_report:Exporter\n")
    assert run("plugins", "asciidoc", path=site).out.split()[-1] == "ok"


def test_the_template_takes_nobodys_place(begun):
    """A folder of that name is left as it is."""
    begin, source, _ = begun
    (source / "README.md").write_text("mine")
    assert subprocess.run(begin, check=False, capture_output=True).returncode != 0
    assert (source / "README.md").read_text() == "mine"


def test_a_store_of_a_stranger_is_used_by_its_address(sites, tmp_path):
    """Facts go into ``lmdb:`` and come out counted as they are in a folder."""
    site = sites("osallisuus-lmdb")
    address = f"lmdb:{tmp_path / 'facts'}"
    assert run("import", EXAMPLES / "wertzu", "--into", address, path=site).code == 0
    asked = ("completion", "--internal", "--json")
    counted, other = (
        run("measure", of, *asked, path=site) for of in (address, EXAMPLES / "wertzu")
    )
    assert counted.code == 0, counted.err
    assert [f["k"] for f in json.loads(counted.out)["figures"]] == [
        f["k"] for f in json.loads(other.out)["figures"]
    ]


def test_facts_leave_as_json_lines(sites, tmp_path):
    """One line for each fact of the folder that may leave."""
    target = tmp_path / "facts.jsonl"
    site = sites("osallisuus-jsonl")
    done = run("export", EXAMPLES / "wertzu", "--as", "jsonl", "--out", target, path=site)
    assert done.code == 0, done.err
    with (EXAMPLES / "wertzu" / "people.csv").open() as people:
        told = [json.loads(line)["fact"] for line in target.read_text("utf-8").splitlines()]
        assert told.count("people") == sum(1 for _ in people) - 1
