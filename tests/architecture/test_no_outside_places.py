"""The repository works wherever it is put: no file depends on, or tells, where it was made."""

import re

SKIPPED = {".git", ".venv", ".build", "dist", "__pycache__", ".hypothesis", ".mypy_cache"}
SKIPPED |= {".pytest_cache", ".ruff_cache", ".import_linter_cache"}

# Written so that no pattern matches this file itself.
REGISTRY = re.compile(r"pypi[.]org|pythonhosted[.]org|npmjs[.](com|org)|debian[.]org/debian")
MACHINE = re.compile(r"/(home|root|Users)/[a-z]|/(tmp|work)/\w|/opt/\w|[A-Z]:\\Users")


def _texts(root):
    for path in sorted(root.rglob("*")):
        if path.is_file() and not SKIPPED & set(path.relative_to(root).parts):
            try:
                yield path.relative_to(root), path.read_text("utf-8")
            except UnicodeDecodeError:
                continue


def _places(root, pattern):
    return [
        f"{path}:{number}"
        for path, text in _texts(root)
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_the_patterns_find_what_they_are_for():
    """A registry's address and somebody's folder are recognised, so the tests below can fail."""
    assert REGISTRY.search("https://" + "pypi" + ".org/simple")
    assert MACHINE.search("open('" + "/home" + "/somebody/facts.csv')")


def test_no_file_names_a_package_registry(root):
    """Where packages come from is the business of the machine that installs them."""
    assert _places(root, REGISTRY) == []


def test_no_file_tells_where_it_was_made(root):
    """No file holds a path of the machine on which it was written."""
    assert _places(root, MACHINE) == []
