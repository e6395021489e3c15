"""What happens, and what does not, when the library is imported."""

import subprocess
import sys

from grimp import build_graph

ADAPTERS = ("stores", "engines", "exporters", "programs", "ingest", "simulate", "cli")


def _in_a_fresh_python(code):
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_importing_the_library_loads_no_adapter():
    """``import osallisuus`` loads no store, engine, exporter, programme, importer or command."""
    loaded = _in_a_fresh_python("import osallisuus, sys; print(*sys.modules)")

    assert "osallisuus" in loaded
    assert [name for name in loaded if name.split(".")[:1] == ["osallisuus"]
            and name.split(".")[1:2] in [[adapter] for adapter in ADAPTERS]] == []  # fmt: skip


def test_importing_the_library_loads_nothing_heavy():
    """``import osallisuus`` loads neither tabulate nor a library that only an extra brings."""
    loaded = _in_a_fresh_python("import osallisuus, sys; print(*sys.modules)")

    heavy = {"tabulate", "sqlite3", "babel", "pyarrow", "pandas", "numpy", "xlsxwriter", "altair"}
    assert heavy & {name.partition(".")[0] for name in loaded} == set()


def test_importing_the_library_prints_nothing():
    """``import osallisuus`` says nothing."""
    assert _in_a_fresh_python("import osallisuus") == []


def _in_circles():
    """The modules that are in a circle of imports, those within functions included, or between two.

    A package is imported before its modules. All other modules can be imported before any other.
    """
    graph = build_graph("osallisuus", exclude_type_checking_imports=True, cache_dir=None)
    needed = {
        name: {*graph.find_modules_directly_imported_by(name), name.rpartition(".")[0]}
        for name in graph.modules
    }
    left = set(needed)
    while True:
        wanted = {other for name in left for other in needed[name] & left}
        free = {name for name in left if name not in wanted or not needed[name] & left}
        if not free:
            return sorted(left)
        left -= free


def test_every_module_can_be_the_first_one_imported():
    """Each module can be imported before any other, so none relies on the order of imports."""
    names = [name for name in _in_circles() if not name.endswith("__main__")]
    assert len(names) > 100

    _in_a_fresh_python(
        "import importlib, sys\n"
        f"for name in {names!r}:\n"
        "    for loaded in [old for old in sys.modules if old.startswith('osallisuus')]:\n"
        "        del sys.modules[loaded]\n"
        "    importlib.import_module(name)\n"
    )
