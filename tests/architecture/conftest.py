"""The source of the library, parsed once for all tests on its shape."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import field, frozen

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
CORE = ("errors", "time", "plugins", "model", "rules", "metrics", "disclosure", "reports")


@frozen
class Module:
    """One file of the library: its dotted name, where it is and what stands in it."""

    name: str
    path: Path = field(repr=False)
    tree: ast.Module = field(repr=False)

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"

    @property
    def is_core(self) -> bool:
        parts = self.name.split(".")
        return len(parts) > 1 and parts[1] in CORE

    def place(self, node: ast.stmt | ast.expr) -> str:
        return f"{self.path.relative_to(ROOT)}:{node.lineno}"

    def imports(self) -> Iterator[tuple[str, ast.Import | ast.ImportFrom]]:
        """Every dotted name that is imported anywhere in the module, with its statement."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield alias.name, node
            elif isinstance(node, ast.ImportFrom) and node.module is not None:
                yield node.module, node


def _read(path: Path) -> Module:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name, path, ast.parse(path.read_text("utf-8"), str(path)))


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def modules() -> list[Module]:
    found = [_read(path) for path in sorted(SOURCE.rglob("*.py"))]
    assert len(found) > 20, "the source was not found"
    return found


@pytest.fixture(scope="session")
def core(modules: list[Module]) -> list[Module]:
    return [module for module in modules if module.is_core]
