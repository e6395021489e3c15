"""Do the tests notice an error in the code? Makes small errors on purpose and runs the tests.

``python benchmarks/mutation.py src/osallisuus/metrics/estimate --tests tests/metrics/estimate``
changes one token of one module at a time (a mutant), runs the tests until the first failure, and
lists the mutants that no test noticed. Nothing is written: a mutant lives in the memory of one
child process. ``--every 5`` takes each fifth mutant, ``--explained FILE`` names a file of mutants
that mean the same as the original, one a line with the reason after `` | ``.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import importlib
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType

COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPERATIONS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}

EXAMPLES = 25
"""How many examples a property is given, so that a survivor is soon known as one."""


@dataclass(frozen=True)
class Mutant:
    """One small error: where it is, what stands there and what instead."""

    module: str
    key: str
    file: Path
    place: int
    """The number of the changed node in the order of the text."""
    which: int
    """The number of its change."""

    def compiled(self) -> CodeType:
        """The module with the error in it."""
        tree = ast.parse(self.file.read_text(encoding="utf-8"))
        sites = _Sites()
        sites.visit(tree)
        old = sites.found[self.place][1]
        new = list(changes(old))[self.which]
        changed = ast.fix_missing_locations(_Replace(old, new).visit(tree))
        return compile(changed, self.module, "exec")


@singledispatch
def changes(node: ast.AST) -> Iterator[ast.AST]:
    """What *node* may be replaced by."""
    yield from ()


@changes.register
def _(node: ast.Compare) -> Iterator[ast.AST]:
    for place, operator in enumerate(node.ops):
        changed = copy.deepcopy(node)
        changed.ops[place] = COMPARISONS[type(operator)]()
        yield changed


@changes.register(ast.BinOp)
@changes.register(ast.AugAssign)
def _(node: ast.BinOp | ast.AugAssign) -> Iterator[ast.AST]:
    if type(node.op) in OPERATIONS:
        changed = copy.deepcopy(node)
        changed.op = OPERATIONS[type(node.op)]()
        yield changed


@changes.register
def _(node: ast.BoolOp) -> Iterator[ast.AST]:
    changed = copy.deepcopy(node)
    changed.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield changed


@changes.register
def _(node: ast.UnaryOp) -> Iterator[ast.AST]:
    yield copy.deepcopy(node.operand)


@changes.register
def _(node: ast.IfExp) -> Iterator[ast.AST]:
    changed = copy.deepcopy(node)
    changed.body, changed.orelse = changed.orelse, changed.body
    yield changed


@changes.register
def _(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
    elif isinstance(node.value, float):
        yield ast.Constant(node.value * 1.5 + 0.25)
    elif isinstance(node.value, str) and node.value and " " not in node.value:
        yield ast.Constant(node.value + "_changed")  # a code; words with spaces are for people


@changes.register(ast.Break)
@changes.register(ast.Continue)
@changes.register(ast.Raise)
def _(node: ast.stmt) -> Iterator[ast.AST]:
    yield ast.Pass()


@changes.register
def _(node: ast.Call) -> Iterator[ast.AST]:
    swapped = {"min": "max", "max": "min"}
    if isinstance(node.func, ast.Name) and node.func.id in swapped:
        changed = copy.deepcopy(node)
        changed.func = ast.Name(swapped[node.func.id], ast.Load())
        yield changed


class _Sites(ast.NodeVisitor):
    """The nodes that may be changed, with the function each is in."""

    def __init__(self) -> None:
        self.found: list[tuple[str, ast.AST]] = []
        self.within: list[str] = []

    def generic_visit(self, node: ast.AST) -> None:
        self.found.append((".".join(self.within), node))
        super().generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """The body and the defaults, not the types."""
        self.within.append(node.name)
        for part in [*node.body, *node.args.defaults, *node.args.kw_defaults]:
            if part is not None:
                self.visit(part)
        self.within.pop()

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """The body, not the decorators."""
        self.within.append(node.name)
        for part in node.body:
            self.visit(part)
        self.within.pop()

    def visit_Expr(self, node: ast.Expr) -> None:
        """Any but a docstring."""
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """The value, not the type."""
        if node.value is not None:
            self.visit(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        """Outside of functions only numbers: the rest are names and types."""
        if self.within or isinstance(node.value, ast.Constant | ast.BinOp | ast.UnaryOp):
            self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        """As a whole: its words are for people."""
        self.found.append((".".join(self.within), node))

    def visit_Import(self, node: ast.Import) -> None:
        """Nothing in it: a wrong import fails at once."""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Nothing in it."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Nothing in it: words for people."""


class _Replace(ast.NodeTransformer):
    """Puts another node in the place of one."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def mutants(file: Path, module: str) -> Iterator[Mutant]:
    """Every mutant of one module, in the order of its text."""
    sites = _Sites()
    sites.visit(ast.parse(file.read_text(encoding="utf-8")))
    seen: Counter[str] = Counter()
    for place, (within, node) in enumerate(sites.found):
        for which, change in enumerate(changes(node)):
            key = f"{module.rsplit('.', 1)[-1]} {within or '-'}: {_words(node)} -> {_words(change)}"
            seen[key] += 1
            suffix = f" #{seen[key]}" if seen[key] > 1 else ""
            yield Mutant(module, key + suffix, file, place, which)


def _words(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:120]


class _Mutated(MetaPathFinder, Loader):
    """Lets one module be imported with an error in it."""

    def __init__(self, module: str, code: CodeType) -> None:
        self.module, self.code = module, code

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname == self.module else None

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)


def _near_and_far(tests: list[str], mutant: Mutant | None) -> Iterator[list[str]]:
    """The test files that name the module that has the error, and then the others."""
    near = [
        file for file in tests if mutant and mutant.module in Path(file).read_text(encoding="utf-8")
    ]
    yield from (files for files in (near, [file for file in tests if file not in near]) if files)


def start(mutant: Mutant | None, tests: list[str], found: Path | None = None) -> int:
    """Run the tests in a child process; its exit code is 0 where nothing was noticed.

    The names of all modules that the child imported are written to the file *found*.
    """
    child = os.fork()
    if child:
        return child
    code = 3
    try:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        if mutant is not None:
            sys.meta_path.insert(0, _Mutated(mutant.module, mutant.compiled()))
        import pytest
        from hypothesis import Phase, settings

        settings.register_profile(
            "few",
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),  # that it fails is enough
        )
        arguments = ["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-profile", "few"]
        # what was imported before the fork cannot have its assertions rewritten, and need not
        arguments += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
        for files in _near_and_far(tests, mutant):
            code = int(pytest.main([*arguments, *files]))
            if code:
                break
        if found is not None:
            found.write_text("\n".join(_foreign()), encoding="utf-8")
    finally:
        os._exit(code)


def _foreign() -> Iterator[str]:
    """The modules that are neither of the project nor of its tests: no mutant changes them."""
    here = str(Path.cwd().resolve())
    for name, module in list(sys.modules.items()):
        if name != "__main__" and not str(getattr(module, "__file__", None)).startswith(here):
            yield name


def import_all(names: list[str]) -> None:
    """Import modules once, so that no child needs to."""
    for name in names:
        with contextlib.suppress(Exception):  # some can be imported in their own way only
            importlib.import_module(name)


@dataclass
class Running:
    mutant: Mutant
    since: float


def run(chosen: list[Mutant], tests: list[str], workers: int, limit: float) -> Iterator[tuple]:
    """(mutant, verdict) as they end; the verdict is noticed, too slow or survived."""
    waiting, running = list(reversed(chosen)), {}
    while waiting or running:
        while waiting and len(running) < workers:
            mutant = waiting.pop()
            running[start(mutant, tests)] = Running(mutant, time.monotonic())
        time.sleep(0.02)
        for child in list(running):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                verdict = "noticed" if os.waitstatus_to_exitcode(status) else "survived"
            elif time.monotonic() - running[child].since > limit:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                verdict = "too slow"
            else:
                continue
            yield running.pop(child).mutant, verdict


def explained(file: Path | None) -> dict[str, str]:
    """Mutants known to mean the same as the original, with the reason."""
    if file is None:
        return {}
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if " | " in line]
    pairs = [line.rsplit(" | ", 1) for line in lines if not line.startswith("#")]
    return {key.strip(): reason for key, reason in pairs}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("package", type=Path, help="a folder or file below src")
    parser.add_argument("--tests", nargs="+", required=True, type=Path, metavar="PATH")
    parser.add_argument("--without", nargs="*", default=(), metavar="TEST", help="slow test files")
    parser.add_argument("--only", nargs="*", metavar="MODULE", help="modules by their last name")
    parser.add_argument("--every", type=int, default=1, help="take each so many-th mutant")
    parser.add_argument("--first", type=int, default=0, help="and begin at this one")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--limit", type=float, default=90, help="seconds for one mutant")
    parser.add_argument("--explained", type=Path)
    options = parser.parse_args()
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = tempfile.mkdtemp()
    import hypothesis  # noqa: F401 - imported once here, not in each child
    import pytest  # noqa: F401

    source = next(p for p in options.package.resolve().parents if p.name == "src")
    files = [options.package] if options.package.is_file() else options.package.glob("*.py")
    found: list[Mutant] = []
    for file in sorted(files):
        if file.name == "__init__.py" or (options.only and file.stem not in options.only):
            continue
        parts = file.resolve().relative_to(source).with_suffix("").parts
        found += mutants(file, ".".join(parts))
    chosen = found[options.first :: options.every]
    tests = [
        str(file)
        for path in options.tests
        for file in (sorted(path.rglob("test_*.py")) if path.is_dir() else [path])
        if file.stem not in options.without
    ]
    print(f"{len(found)} mutants, {len(chosen)} of them tried", flush=True)
    imported = Path(tempfile.mkdtemp(), "imported")
    child = start(None, tests, imported)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        print("the tests fail without any mutant")
        return 2
    import_all(imported.read_text(encoding="utf-8").split())
    known = explained(options.explained)
    tally: dict[str, Counter[str]] = {}
    survivors = []
    for mutant, verdict in run(chosen, tests, options.workers, options.limit):
        named = verdict
        if verdict == "survived" and mutant.key in known:
            named = "explained"
        elif verdict == "survived":
            survivors.append(mutant.key)
            print("survived:", mutant.key, flush=True)
        tally.setdefault(mutant.module.rsplit(".", 1)[-1], Counter())[named] += 1
    for module, counts in sorted(tally.items()):
        print(f"{module:14} {dict(counts)}")
    whole = sum(tally.values(), Counter())
    noticed = whole["noticed"] + whole["too slow"]
    print(
        f"noticed {noticed} of {len(chosen)} ({100 * noticed / len(chosen):.1f} %);"
        f" {whole['explained']} mean the same, {len(survivors)} survived"
    )
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
