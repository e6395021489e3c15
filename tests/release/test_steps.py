"""The steps of a release: builds are compared, hashes listed, and a bill of materials written."""

import hashlib
import json
import subprocess
import tarfile
from io import BytesIO

import pytest
from cyclonedx.model.bom import Bom
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tools.bill import bill_of
from tools.building import Failed, run
from tools.minimum import floors
from tools.release import equal, requirement, sums, unpacked

NAMES = {
    "osallisuus": (
        "0.1.0",
        ["One_Thing>=1", "another ; extra == 'more'"],
        {"license_expression": "MIT"},
    ),
    "One.Thing": ("1.2", [], {"classifier": ["License :: OSI Approved :: BSD License"]}),
}
REPORT = {
    "install": [
        {
            "metadata": {"name": name, "version": version, "requires_dist": needs, **licence},
            "download_info": {
                "url": "file:///somewhere/else",
                "archive_info": {"hashes": {"sha256": hashlib.sha256(name.encode()).hexdigest()}},
            },
        }
        for name, (version, needs, licence) in NAMES.items()
    ]
}


@pytest.fixture
def bill():
    return bill_of(REPORT, subject="osallisuus", moment=1_500_000_000)


def test_a_bill_is_valid_cyclonedx(bill):
    """The strict schema of version 1.6 accepts it, and a reader of that format finds everything."""
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill) is None

    read = Bom.from_json(json.loads(bill))
    assert (read.metadata.component.name, read.metadata.component.version) == (
        "osallisuus",
        "0.1.0",
    )
    (one,) = read.components
    assert (one.name, one.version) == ("one-thing", "1.2")
    assert [licence.name for licence in one.licenses] == ["BSD License"]


def test_the_validator_refuses_a_bill_with_a_wrong_hash(bill):
    """So the test above can fail."""
    broken = bill.replace(hashlib.sha256(b"osallisuus").hexdigest(), "no hash")

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(broken) is not None


def test_a_bill_says_what_needs_what(bill):
    """By the names as they are compared; what only an extra needs is not asked for."""
    assert json.loads(bill)["dependencies"] == [
        {"ref": "pkg:pypi/one-thing@1.2", "dependsOn": []},
        {"ref": "pkg:pypi/osallisuus@0.1.0", "dependsOn": ["pkg:pypi/one-thing@1.2"]},
    ]


def test_a_bill_tells_no_place_and_is_the_same_again(bill):
    assert "somewhere" not in bill
    assert bill == bill_of(REPORT, subject="osallisuus", moment=1_500_000_000)


def test_builds_that_differ_in_one_byte_are_no_release(tmp_path):
    for folder, content in (("a", b"same"), ("b", b"same"), ("c", b"some")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "one.whl").write_bytes(content)
    first, second, third = (tmp_path / folder / "one.whl" for folder in "abc")

    equal([first], [second])
    with pytest.raises(Failed, match=r"one\.whl: two builds of one commit differ"):
        equal([first], [third])


def test_sha256sum_agrees_with_the_list_of_hashes(tmp_path):
    """The program that everybody has reads the list, and sees a changed file."""
    file = tmp_path / "one.whl"
    file.write_bytes(b"content")
    (tmp_path / "SHA256SUMS").write_text(sums([file]))
    command = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]

    assert subprocess.run(command, cwd=tmp_path, check=False).returncode == 0
    file.write_bytes(b"changed")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_a_requirement_names_both_files_by_their_hash(tmp_path):
    wheel, sdist = (
        tmp_path / "osallisuus-0.1.0-py3-none-any.whl",
        tmp_path / "osallisuus-0.1.0.tar.gz",
    )
    wheel.write_bytes(b"wheel")
    sdist.write_bytes(b"sdist")

    assert requirement(wheel, sdist) == (
        f"osallisuus==0.1.0 --hash=sha256:{hashlib.sha256(b'wheel').hexdigest()}"
        f" --hash=sha256:{hashlib.sha256(b'sdist').hexdigest()}\n"
    )


def test_the_second_clean_folder_has_other_file_times(tmp_path):
    """Otherwise a build that keeps the time of a file would look the same twice."""
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        one = tarfile.TarInfo("one.py")
        one.mtime = 1_500_000_000
        archive.addfile(one, BytesIO())

    times = [
        (unpacked(packed.getvalue(), tmp_path / str(seconds), seconds=seconds) / "one.py").stat()
        for seconds in (0, 86_400)
    ]
    assert [int(one.st_mtime) for one in times] == [1_500_000_000, 1_500_086_400]


def test_a_step_that_fails_says_which_one_and_why(tmp_path):
    with pytest.raises(Failed, match=r"git log.*not a git repository"):
        run(["git", "log"], within=tmp_path, GIT_CEILING_DIRECTORIES=str(tmp_path.parent))


def test_the_floors_are_the_lowest_versions_that_are_allowed():
    project = '[project]\ndependencies = ["attrs>=25.4", "python-dateutil>=2.9,<5"]'

    assert floors(project) == ["attrs==25.4", "python-dateutil==2.9"]
