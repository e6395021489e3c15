"""The template workbook of a programme."""

from __future__ import annotations

import argparse
from pathlib import Path

from osallisuus.errors import StoreError
from osallisuus.ingest.template import template_workbook
from osallisuus.register import program_named
from osallisuus.whole import write_whole

__all__ = ["template"]


def template(arguments: argparse.Namespace) -> int:
    """``template PROGRAM --out FILE``."""
    content = template_workbook(program_named(arguments.program), arguments.locale)
    target = Path(arguments.out)
    if target.suffix.lower() != ".xlsx":
        raise StoreError("a template is an .xlsx file", where=arguments.out, remedy="name it so")
    write_whole(target, content, what="template")
    print(arguments.out)
    return 0
