"""The core is given its clock, its chance and its settings; it fetches none of them.

The arrows between the layers are held by import-linter, whose contracts stand in pyproject.toml.
"""

import ast
import re
import sys
import tomllib

CORE_LIBRARIES = {"attrs", "attr", "cattrs", "dateutil", "tabulate"}
OUTSIDE = {
    *("asyncio", "ftplib", "getpass", "http", "locale", "multiprocessing", "platform"),
    *("secrets", "smtplib", "socket", "ssl", "subprocess", "tempfile", "time", "urllib", "uuid"),
}
CLOCKS = {"now", "utcnow", "today", "localtime", "gmtime", "getlocale", "getenv", "environ"}


def _top(name):
    return name.partition(".")[0]


def test_the_core_needs_only_its_four_libraries(core):
    """Beyond the standard library the core imports attrs, cattrs, dateutil and tabulate only."""
    known = CORE_LIBRARIES | sys.stdlib_module_names | {"osallisuus"}

    strange = [
        f"{module.place(node)} {name}"
        for module in core
        for name, node in module.imports()
        if _top(name) not in known
    ]

    assert strange == []


def test_the_core_imports_nothing_that_reaches_outside(core):
    """No network, process, clock, locale or source of chance is imported in the core."""
    found = [
        f"{module.place(node)} {name}"
        for module in core
        for name, node in module.imports()
        if _top(name) in OUTSIDE
    ]

    assert found == []


def test_the_core_asks_no_clock_locale_or_environment(core):
    """Nothing in the core reads the present, the locale or the environment."""
    found = [
        f"{module.place(node)} {ast.unparse(node)}"
        for module in core
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS
    ]

    assert found == []


def test_chance_in_the_core_has_a_seed(core):
    """The core uses ``random.Random(seed)`` and no other part of ``random``."""
    wrong = [
        module.place(node)
        for module in core
        for node in ast.walk(module.tree)
        if _draws_without_seed(node)
    ]

    assert wrong == []


def _draws_without_seed(node):
    if isinstance(node, ast.ImportFrom):
        return node.module == "random" and [alias.name for alias in node.names] != ["Random"]
    if isinstance(node, ast.Attribute):
        return ast.unparse(node.value) == "random" and node.attr != "Random"
    return (
        isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("Random", "random.Random")
        and not node.args
    )


def test_the_core_hides_no_import(core):
    """No module of ours is imported in a function or for typing only: every arrow is in sight."""
    hidden = []
    for module in core:
        at_top = {id(node) for node in module.tree.body}
        for name, node in module.imports():
            if _top(name) == "osallisuus" and id(node) not in at_top:
                hidden.append(f"{module.place(node)} {name}")
            if isinstance(node, ast.ImportFrom) and any(
                alias.name == "TYPE_CHECKING" for alias in node.names
            ):
                hidden.append(f"{module.place(node)} TYPE_CHECKING")

    assert hidden == []


def test_nobody_inside_uses_the_front_door(modules):
    """Names are taken from the module that makes them; ``osallisuus`` itself is for users."""
    names = {module.name for module in modules}

    found = [
        module.place(node)
        for module in modules
        for name, node in module.imports()
        if name == "osallisuus"
        and not all(f"osallisuus.{alias.name}" in names for alias in node.names)
    ]

    assert found == []


def test_every_library_that_is_imported_is_declared(modules, root):
    """A library that any module imports is a dependency or stands in an extra."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    lines = [*project["dependencies"], *(line for extra in extras for line in extra)]
    declared = {re.match(r"[\w.-]+", line)[0].lower().replace("-", "_") for line in lines}
    # Libraries whose import name differs from the name by which they are installed.
    declared |= {"attr", "dateutil", "docx", "fhir", "python_calamine", "ruamel", "vl_convert"}
    # The conformance kit is used inside a plug-in author's own tests.
    for_tests = {"pytest", "hypothesis"}

    undeclared = [
        f"{module.place(node)} {name}"
        for module in modules
        for name, node in module.imports()
        if _top(name) not in sys.stdlib_module_names
        and _top(name) not in declared | {"osallisuus"}
        and not (module.name.startswith("osallisuus.conformance") and _top(name) in for_tests)
    ]

    assert undeclared == []
