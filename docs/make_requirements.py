"""Writes docs/requirements.md from docs/requirements.toml and the comments of the definitions.

``--check`` says whether it is current.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import defaultdict
from importlib.resources import files
from pathlib import Path
from typing import Any

from make_spec import sections_of

HERE = Path(__file__).parent
TARGET = HERE / "requirements.md"
PROGRAMS = {
    "W": "wertzu",
    "K": "kokemusohjaus",
    "Y": "yhteiso",
    "X": "yhteiskehittaminen",
    "V": "verna",
}
INTRODUCTION = """\
# Requirements

The five published descriptions that the shipped programmes come from ask for something in every
line: W is the training of peer facilitators, K guidance by lived experience, Y community in
substitution treatment, X expertise by experience, V Verna; U is what the people ask who would use
the library. Each row says which keys of the definition answer it, what does it, and which test shows
it; *this row* means that the value which the definition states is all that is asked, and *page* is
what the programme promises in words and small tables. What nothing shows yet is **open**. A test
compares this table with the definitions, the code and the tests, and looks up every value in the
column *the definition says*; another takes rules away and sees that the tests notice.

| | asked | open or open in part |
| --- | --- | --- |
{counts}
"""


def main() -> int:
    """Write the file, or compare it."""
    text = _page(tomllib.loads((HERE / "requirements.toml").read_text("utf-8")))
    if "--check" in sys.argv:
        return int(TARGET.read_text("utf-8") != text)
    TARGET.write_text(text, "utf-8")
    return 0


def keys_by_requirement(name: str) -> dict[str, list[str]]:
    """Requirement -> the keys of a shipped definition whose comments carry it, in their order."""
    found: dict[str, list[str]] = defaultdict(list)
    lines = files("osallisuus.programs").joinpath(f"{name}.toml").read_text("utf-8").splitlines()
    header = key = ""
    for number, line in enumerate(lines):
        bare, _, comment = line.partition(" # ")
        if section := re.match(r"\[\[?([a-z_.]+)\]\]?", bare):
            header = key = section[1] + _name(lines[number + 1 :])
        elif entry := re.match(r"([a-z_.]+) = ", bare):
            key = ".".join(part for part in (header, entry[1]) if part)
        for requirement in re.findall(r"[WKYXV]\d+", comment if not line.startswith("#") else ""):
            if key not in found[requirement]:
                found[requirement].append(key)
    return found


def _name(lines: list[str]) -> str:
    """The code of the item that begins before *lines*, as the end of its path."""
    for line in lines:
        if line.startswith("["):
            break
        if found := re.match(
            r'(?:code|by|point|phase|program|role|matter|about) = "([^"]+)"', line
        ):
            return f".{found[1]}"
    return ""


def _page(requirements: dict[str, dict[str, Any]]) -> str:
    groups: dict[str, list[str]] = defaultdict(list)
    for identifier in requirements:
        groups[identifier[0]].append(identifier)
    counts = [
        f"| {letter} | {len(own)} | {sum('open' in requirements[one] for one in own)} |"
        for letter, own in groups.items()
    ]
    parts = [INTRODUCTION.format(counts="\n".join(counts))]
    for letter, own in groups.items():
        program = PROGRAMS.get(letter)
        keys = keys_by_requirement(program) if program else {}
        parts.append(f"\n## {letter}: {program or 'people who use the library'}\n")
        parts.append("| id | asks | defined in | the definition says | done by | shown by |")
        parts.append("| --- | --- | --- | --- | --- | --- |")
        sections = sections_of(program) if program else {}
        for one in own:
            page = _page_of(program, sections[one]) if one in sections else []
            parts.append(_row(one, requirements[one], keys.get(one, []), page))
    return "\n".join(parts) + "\n"


def _page_of(program: str | None, sections: list[int]) -> list[str]:
    """Where the page of the programme shows it, by tables that run as a test."""
    return [f"[page](spec_{program}.md), section {', '.join(map(str, sections))}"]


def _row(identifier: str, one: dict[str, Any], keys: list[str], page: list[str]) -> str:
    tests = page + [f"`{test}`" for test in one.get("shown", ())]
    if "open" in one:
        tests.append(f"**open:** {one['open']}")
    elif not tests:
        tests.append("this row")
    says = [statement.partition(": ")[2] for statement in one.get("says", ())]
    cells = (
        identifier,
        one["asks"],
        _codes(keys),
        _codes(says),
        _codes(one.get("done", ())),
        "<br>".join(tests),
    )
    return f"| {' | '.join(cells)} |"


def _codes(words: Any) -> str:
    return "<br>".join(f"`{word}`" for word in words)


if __name__ == "__main__":
    sys.exit(main())
