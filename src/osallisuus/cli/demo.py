"""The main job on the shipped examples, from a folder of CSV files to a report."""

from __future__ import annotations

import argparse
from importlib.resources import files
from pathlib import Path

from osallisuus.cli.printed import print_document
from osallisuus.errors import StoreError
from osallisuus.ingest.folder import read_folder
from osallisuus.register import open_register

__all__ = ["demo"]

_EXAMPLES = ("wertzu", "verna")


def demo(arguments: argparse.Namespace) -> int:
    """``demo [--out FOLDER]``: import both examples and write a report on each."""
    out = Path(arguments.out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        reason = ""
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
    if reason:
        raise StoreError(f"the folder cannot be made: {reason}", where=str(out), remedy="--out")
    pages = []
    for name in _EXAMPLES:
        source = _example(name)
        with open_register("memory:", actor="demo", purpose="demo") as register:
            receipt = register.add(read_folder(source), reason="demo")
            report = register.report("evaluation", program=name, locale=arguments.locale)
            release = report.release(profile="public")
        print(f"{name}: {receipt.added} facts from {source}\n")
        print_document(release.document)
        print()
        pages.append(release.save(out / f"{name}.html", overwrite=True))
    print("Open in a browser:")
    for page in pages:
        print(f"  {page}")
    return 0


def _example(name: str) -> Path:
    """The example's folder: in the repository, or in the installed package."""
    package = Path(str(files("osallisuus")))
    for place in (package / "examples" / name, package.parents[1] / "examples" / name):
        if place.is_dir():
            return place
    raise StoreError(
        "the examples are not installed", where=name, remedy="run ./dev demo in the repository"
    )
