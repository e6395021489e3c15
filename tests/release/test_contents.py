"""A wheel or source archive with something missing or something stray is not released."""

import tarfile
import zipfile
from io import BytesIO

import pytest

from tools.building import ROOT
from tools.contents import sdist_problems, source_files, wheel_problems

METADATA = """\
Metadata-Version: 2.4
Name: osallisuus
Version: 0.1.0
Summary: Short
Requires-Python: >=3.11
License-Expression: MIT
License-File: LICENSE
Classifier: Typing :: Typed
Requires-Dist: attrs>=25.4
Requires-Dist: cattrs>=25.3
Requires-Dist: python-dateutil<5,>=2.9
Requires-Dist: tabulate>=0.9
Provides-Extra: xlsx
Requires-Dist: xlsxwriter>=3.2.5; extra == 'xlsx'
Description-Content-Type: text/markdown

# osallisuus
"""
INFO = "osallisuus-0.1.0.dist-info/"
WHEEL = {
    "osallisuus/__init__.py": "",
    "osallisuus/py.typed": "",
    INFO + "METADATA": METADATA,
    INFO + "WHEEL": "",
    INFO + "RECORD": "",
    INFO + "entry_points.txt": "",
    INFO + "licenses/LICENSE": "",
}
EXPECTED = {"osallisuus/__init__.py", "osallisuus/py.typed"}


@pytest.fixture
def problems(tmp_path):
    def found(**changes):
        with zipfile.ZipFile(tmp_path / "one.whl", "w") as archive:
            for name, text in (WHEEL | changes.get("files", {})).items():
                if text is not None:
                    archive.writestr(name, text)
        return wheel_problems(tmp_path / "one.whl", changes.get("expected", EXPECTED))

    return found


def test_a_right_wheel_has_no_problem(problems):
    assert problems() == []


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("osallisuus/py.typed", None, "missing: osallisuus/py.typed"),
        ("osallisuus/__init__.py", None, "missing: osallisuus/__init__.py"),
        ("osallisuus/left.py", "", "stray: osallisuus/left.py"),
        ("tests/test_one.py", "", "stray: tests/test_one.py"),
        ("osallisuus/facts.db", "", "no file of ours: osallisuus/facts.db"),
        ("osallisuus/.hidden.py", "", "no file of ours: osallisuus/.hidden.py"),
        (INFO + "licenses/LICENSE", None, "missing in the metadata: licenses/LICENSE"),
        (INFO + "direct_url.json", "", "stray in the metadata: direct_url.json"),
    ],
)
def test_a_file_too_few_or_too_many_is_named(problems, name, text, problem):
    assert problem in problems(files={name: text})


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("Requires-Dist: attrs>=25.4", "Requires-Dist: attrs @ file:///attrs.whl", "an address"),
        ("Requires-Dist: tabulate>=0.9\n", "", "metadata: needs"),
        ("Classifier: Typing :: Typed\n", "", "metadata: typed"),
        ("License-Expression: MIT", "License-Expression: GPL-3.0-only", "metadata: licence"),
        ("# osallisuus", "", "metadata: description"),
        ("Requires-Python: >=3.11", "Requires-Python: later", "metadata: "),
    ],
)
def test_wrong_metadata_are_named(problems, old, new, problem):
    assert old in METADATA
    found = problems(files={INFO + "METADATA": METADATA.replace(old, new)})

    assert any(problem in one for one in found)


def test_what_a_wheel_has_to_hold_is_the_package_with_its_data():
    """Words, programmes, definitions and the examples of the demo, and no cache."""
    files = source_files(ROOT)

    assert {
        "osallisuus/py.typed",
        "osallisuus/words/fi.toml",
        "osallisuus/programs/wertzu.toml",
        "osallisuus/exporters/report.schema.json",
        "osallisuus/examples/wertzu/people.csv",
        "osallisuus/examples/verna/people.csv",
    } <= files
    assert not any("__pycache__" in file for file in files)


def _sdist(place, names):
    with tarfile.open(place, "w:gz") as archive:
        for name in names:
            archive.addfile(tarfile.TarInfo(name), BytesIO())
    return place


def test_a_source_archive_holds_what_is_tracked_and_nothing_else(tmp_path):
    """A file that git does not know, or one that is missing, is named."""
    plain = ["LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml", "src/osallisuus/a.py"]
    whole = [f"osallisuus-0.1.0/{name}" for name in [*plain, "PKG-INFO"]]

    assert sdist_problems(_sdist(tmp_path / "a", whole), plain) == []
    assert sdist_problems(_sdist(tmp_path / "b", whole[1:]), plain) == ["missing: LICENSE"]
    assert sdist_problems(_sdist(tmp_path / "c", [*whole, "osallisuus-0.1.0/facts.db"]), plain) == [
        "stray: facts.db"
    ]
    assert "several folders" in sdist_problems(_sdist(tmp_path / "d", [*whole, "x/y"]), plain)[0]
