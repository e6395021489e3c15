"""What the scripts beside this one have in common: tables, files that are current, what is said."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from textwrap import dedent

__all__ = ["cell", "keys_told", "main_of", "paragraph", "table"]


def main_of(files: Mapping[Path, str]) -> int:
    """Write the files; with ``--check`` only say, by 1, that one of them is not so."""
    if "--check" in sys.argv:
        return int(any(not p.is_file() or p.read_text("utf-8") != t for p, t in files.items()))
    for path, text in files.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return 0


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown, one line for each row."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell(one) for one in line) + " |" for line in lines) + "\n"


def cell(text: str) -> str:
    """*text* as it may stand in a cell: on one line, and without a bar of its own."""
    return " ".join(text.split()).replace("|", "\\|")


def paragraph(docstring: str | None) -> str:
    """The first paragraph of a docstring as Markdown: its roles and double backticks are plain."""
    first = dedent(docstring or "").strip().split("\n\n")[0]
    return plain(" ".join(first.split()))


def plain(text: str) -> str:
    """A sentence of reStructuredText as Markdown."""
    for role in ("class", "func", "meth", "mod", "data", "attr", "exc", "obj", "doc"):
        text = text.replace(f":{role}:`~", "`").replace(f":{role}:`", "`")
    return text.replace("``", "`")


def keys_told(record: type) -> dict[str, str]:
    """Field -> the words that stand below it in the class."""
    (body,) = ast.parse(dedent(inspect.getsource(record))).body
    told: dict[str, str] = {}
    name = ""
    for node in body.body if isinstance(body, ast.ClassDef) else ():
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
        else:
            value = node.value if isinstance(node, ast.Expr) else None
            if name and isinstance(value, ast.Constant) and isinstance(value.value, str):
                told[name] = plain(" ".join(value.value.split()))
            name = ""
    return told
