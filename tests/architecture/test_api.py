"""What the library promises to those who use it changes only where somebody sees it."""

import inspect
from importlib.util import module_from_spec, spec_from_file_location

import pytest

import osallisuus as osa


@pytest.fixture(scope="module")
def listed(root):
    """The script that writes the list."""
    spec = spec_from_file_location("make_api", root / "docs" / "make_api.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_list_of_public_names_is_current(listed):
    """docs/api.txt says what the code says; each difference is a change of what is promised."""
    changed = listed.difference()

    assert not changed, (
        f"\n{changed}\n\nThe public names changed. If this is meant, write it into CHANGELOG.md,"
        " keep docs/versions.md (how something goes), and run: python docs/make_api.py"
    )


def test_a_change_of_a_signature_shows(listed, monkeypatch):
    """A parameter with another default, type or name makes another line."""

    def open_register(place: str, *, actor: str = "nobody") -> osa.Register: ...

    monkeypatch.setattr(listed, "text", lambda: f"open{inspect.signature(open_register)}")

    assert "+open(place: str, *, actor: str = 'nobody')" in listed.difference()


def test_what_the_front_door_shows_stands_with_its_methods(listed):
    """Also those that a class has from its parts: a register is asked through its own name."""
    lines = listed.TARGET.read_text("utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("  class Register("))
    methods = {line.split("(")[0].strip() for line in lines[start + 1 : start + 60]}

    assert {"add", "check", "measure", "report", "erase", "known_at", "own_copy"} <= methods


def test_the_list_holds_nothing_that_changes_from_run_to_run(listed):
    """No address in memory and no object that shows itself otherwise tomorrow."""
    text = listed.TARGET.read_text("utf-8")

    assert " at 0x" not in text
    assert "<" not in text.replace("<lambda>", "")
