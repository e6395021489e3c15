"""``./dev`` sets up a checkout, does not do so twice, and tells the truth about the checks."""

import ast
import re
import sys
import tomllib
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def dev():
    """The script as a module, fresh for each test."""
    loader = SourceFileLoader("dev", str(ROOT / "dev"))
    module = module_from_spec(spec_from_loader("dev", loader))
    loader.exec_module(module)
    return module


@pytest.fixture
def checkout(dev, tmp_path, monkeypatch):
    """An empty project; instead of pip, which takes minutes, ``steps`` notes what would be run."""
    (tmp_path / "pyproject.toml").write_text("one")
    (tmp_path / "constraints.txt").write_text("two")
    steps = []

    def note(command):
        steps.append(command)
        if "venv" in command:
            dev.PYTHON.parent.mkdir(parents=True)
            dev.PYTHON.touch()

    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(dev, "step", note)
    return steps


def test_an_old_python_can_read_the_script():
    """The script parses as Python 3.7, so that an old Python gets advice and no syntax error."""
    ast.parse((ROOT / "dev").read_text("utf-8"), feature_version=(3, 7))


def test_an_old_python_is_told_what_is_needed(dev, monkeypatch):
    """Python 3.10 ends with a sentence that names 3.11."""
    monkeypatch.setattr(dev.sys, "version_info", (3, 10, 9))

    with pytest.raises(SystemExit, match=r"Python 3\.10\.9, but 3\.11 or later is needed"):
        dev.refuse_unusable_python()


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_is_told_the_debian_package(dev, monkeypatch, module):
    """A Python that lacks ``venv`` or ``ensurepip`` ends with the package that brings it."""
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        dev.refuse_unusable_python()


@pytest.mark.parametrize("arguments", [[], ["chekc"]])
def test_an_unknown_task_changes_nothing(dev, checkout, capsys, arguments):
    """Without a known task the usage is shown, the exit code is 2 and nothing is set up."""
    assert dev.main(arguments) == 2
    assert "demo|check|test|attack|stress|docs|bench|fmt" in capsys.readouterr().err
    assert checkout == []


def test_the_second_call_starts_at_once(dev, checkout):
    """What was set up is not set up again."""
    dev.set_up(for_use_only=False)
    first = len(checkout)
    dev.set_up(for_use_only=False)

    assert first > 0
    assert len(checkout) == first


def test_the_demo_needs_only_what_users_need(dev, checkout):
    """``demo`` installs no development tools, and uses them if they are there."""
    dev.set_up(for_use_only=True)
    assert not any("--group" in command for command in checkout)

    dev.set_up(for_use_only=False)
    assert "--group" in checkout[-1]

    done = len(checkout)
    dev.set_up(for_use_only=True)
    assert len(checkout) == done


def test_a_changed_project_is_installed_again(dev, checkout, tmp_path):
    """A change of pyproject.toml installs again, in the same environment."""
    dev.set_up(for_use_only=False)
    checkout.clear()
    (tmp_path / "pyproject.toml").write_text("changed")
    dev.set_up(for_use_only=False)

    assert "--editable" in checkout[-1]
    assert not any("venv" in command for command in checkout)


def test_another_python_makes_the_environment_anew(dev, checkout, monkeypatch):
    """An environment made by another Python is thrown away."""
    dev.set_up(for_use_only=False)
    checkout.clear()
    monkeypatch.setattr(dev.sys, "version", "3.99.0 (another)")
    dev.set_up(for_use_only=False)

    assert checkout[0][1:3] == ["-m", "venv"]


def test_a_set_up_that_was_broken_off_is_done_again(dev, checkout, monkeypatch):
    """A failed installation leaves no stamp, so the next call tries again."""
    note = dev.step

    def fail(command):
        note(command)
        if "--editable" in command:
            sys.exit("no network")

    monkeypatch.setattr(dev, "step", fail)
    with pytest.raises(SystemExit, match="no network"):
        dev.set_up(for_use_only=False)
    monkeypatch.setattr(dev, "step", note)
    checkout.clear()
    dev.set_up(for_use_only=False)

    assert "--editable" in checkout[-1]


@pytest.fixture
def programs(dev, monkeypatch):
    """The checks use the Python that runs these tests."""
    monkeypatch.setattr(dev, "PROGRAMS", Path(sys.executable).parent)
    return Path(sys.executable).name


def test_check_goes_on_after_a_failure_and_names_it(dev, programs, monkeypatch, capfd):
    """All checks run, the summary names the failed one, and the exit code is 1."""
    checks = {
        "First": [programs, "-c", "raise SystemExit(3)"],
        "Second": [programs, "-c", "print('second ran')"],
    }
    monkeypatch.setattr(dev, "CHECKS", checks)

    assert dev.check() == 1
    shown = capfd.readouterr().out
    assert "second ran" in shown
    assert "1 of 2 failed: First" in shown


def test_check_is_zero_when_all_pass(dev, programs, monkeypatch, capfd):
    """With nothing wrong the exit code is 0."""
    monkeypatch.setattr(dev, "CHECKS", {"Only": [programs, "-c", "pass"]})

    assert dev.check() == 0
    assert "all 1 passed" in capfd.readouterr().out


def test_constraints_pin_everything_that_is_asked_for_by_name():
    """Each dependency and each member of a group has a pinned version in constraints.txt."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = [line for group in project["dependency-groups"].values() for line in group]
    asked = [*project["project"]["dependencies"], *(g for g in groups if isinstance(g, str))]
    pinned = re.findall(
        r"^([\w.-]+)==", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE
    )

    names = {re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", line)[0].lower()) for line in asked}
    assert names - set(pinned) == set()
