"""Writes docs/spec_*.md, what each programme promises, from the tables that tests/spec runs.

``--check`` says whether they are current.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from osallisuus.model.program import Program
from osallisuus.model.stated import each
from osallisuus.register import program_named
from osallisuus.words import Words

HERE = Path(__file__).parent
TABLES = HERE.parent / "tests" / "spec"
MODELS = ("wertzu", "kokemusohjaus", "yhteiso", "yhteiskehittaminen", "verna")

ENGLISH = Words("en")

HOW_TO_READ = """\
Each section is one promise, with the requirements that it answers in brackets. Under *What was
recorded* stand a few made-up facts, and below them what the library says of them. A test runs every
one of these tables, so what stands here is so. A dash is "not stated". Days are year, month, day.
What deserves a look is a [finding](findings.md): nothing is refused, since a fact did happen.
"""

ASKED = {
    "measure": "The figures of “[{title}](metrics.md#{of})”, of what was recorded before {on}",
    "check": "What deserves a look on {on}",
    "criteria": "How each criterion stands on {on}",
    "steps": "Which roles are open to {person} on {on}",
    "roles": "The roles of {person} on {on}",
    "way": "What has changed in the roles of {person} by {on}",
    "pay": "What is paid",
    "plan": "The plan",
    "numbers": "How many sessions that is",
    "talks": "Where each talk stands on {on}",
    "cases": "Where each case stands on {on}",
    "hours": "Working time in {of}",
    "members": "How the members of the community {of} take part on {on}",
    "memberships": "Where each membership stands on {on}",
    "rules": "Rules and areas of responsibility of the community {of} on {on}",
    "course": "How the community has assessed itself by {on}",
    "reports": "The reports whose time is over on {on}",
    "ideas": "Where each idea stands on {on}",
    "taught": "The trainings held by {on}",
    "sides": "What each side has said by {on}",
    "workshops": "The workshops by {on}",
}
"""The heading of an outcome, by what was asked."""

COLUMNS = {
    "k": "how many",
    "n": "of how many",
    "value": "figure",
    "low": "likely at least",
    "high": "likely at most",
    "at": "after days",
    "name": "part",
    "censored": "share not known yet",
    "times": "how many such",
}
"""Columns of figures in words; others are their own words."""

WORDS = {"ost_client": "in substitution treatment", "enrollments": "enrolments"}
"""Codes whose own words would not say what they are."""

PEOPLE = {"person", "peer", "guide", "held_by"}
"""Columns that hold names, made up as they are."""


def main() -> int:
    """Write the files, or compare them."""
    requirements = tomllib.loads((HERE / "requirements.toml").read_text("utf-8"))
    stale = False
    for name in MODELS:
        target = HERE / f"spec_{name}.md"
        text = page(name, requirements)
        if "--check" in sys.argv:
            stale |= not target.is_file() or target.read_text("utf-8") != text
        else:
            target.write_text(text, "utf-8")
    return int(stale)


def page(name: str, requirements: Mapping[str, Any]) -> str:
    """The page of one model."""
    told = _told(name)
    parts = [f"# {told['title']}", told["introduction"].strip(), HOW_TO_READ.strip()]
    for number, example in enumerate(told["example"], 1):
        parts += _example(number, example)
    parts += _stated(program_named(name))
    parts += _promises(name, requirements)
    return "\n\n".join(parts) + "\n"


def sections_of(name: str) -> dict[str, list[int]]:
    """Requirement -> the numbers of the sections of a page that show it."""
    shown = defaultdict(list)
    for number, example in enumerate(_told(name)["example"], 1):
        for identifier in example["shows"]:
            shown[identifier].append(number)
    return shown


def _told(name: str) -> dict[str, Any]:
    return tomllib.loads((TABLES / f"{name}.toml").read_text("utf-8"))


def _example(number: int, example: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {number}. {example['promise']} ({', '.join(example['shows'])})"
    yield example["why"].strip()
    for place, block in enumerate(example["facts"].strip().split("\n\n")):
        title, *lines = block.splitlines()
        if title == "asked":
            yield "*What was asked*"
        else:
            if place == 0:
                yield "*What was recorded*"
            yield f"**{_words(title).capitalize()}**"
        yield _table(lines)
    of = example.get("of", "")
    title = ENGLISH(f"metric.{of}.title") if example["ask"] == "measure" else ""
    words = ASKED[example["ask"]].format(
        on=example.get("on"), of=of, person=of.title(), title=title
    )
    lines = example["outcome"].strip().splitlines()
    yield f"*{words}*"
    yield _table(lines) if len(lines) > 1 else "Nothing is found."


def _table(lines: Sequence[str]) -> str:
    columns = lines[0].split()
    head = [COLUMNS.get(column) or _words(column.split(".")[-1]) for column in columns]
    rows = [
        [_cell(column, cell) for column, cell in zip(columns, line.split(), strict=True)]
        for line in lines[1:]
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


def _cell(column: str, text: str) -> str:
    if text == "-":
        return "–"
    if re.fullmatch(r"\d+\.\d+", text):
        return f"{float(text):g}"
    return text.title() if column in PEOPLE else _words(text)


def _words(code: str) -> str:
    """A code as words: no code has a space, and a list of them is parted by commas."""
    return WORDS.get(code, code.replace("_", " ").replace(",", ", "))


def _stated(program: Program) -> Iterator[str]:
    """What the definition says that no example shows: what is not asked, not done, not stated."""
    sections = {
        "Expressly not asked of anybody": program.non_criteria,
        "What is not done": each(program.boundaries),
        "Rights": each(program.rights),
        "What the source leaves open": each(program.not_stated),
    }
    for title, listed in sections.items():
        if listed:
            yield f"## {title}"
            yield "\n".join(f"- {one.text.label('en')}" for one in listed)


def _promises(name: str, requirements: Mapping[str, Any]) -> Iterator[str]:
    """Every requirement of the model, and what shows it."""
    sections = sections_of(name)
    letter = min(sections)[0]
    rows = ["| | asked | shown by |", "| --- | --- | --- |"]
    for identifier, one in requirements.items():
        if identifier[0] == letter:
            shown = _how(one, sections.get(identifier, []))
            rows.append(f"| {identifier} | {one['asks']} | {shown} |")
    yield "## Everything that is asked"
    yield (
        "The definition states a value for most of these. *Other tests* are listed in\n"
        "[requirements](requirements.md); **open** is what nothing shows yet."
    )
    yield "\n".join(rows)


def _how(one: Mapping[str, Any], sections: Sequence[int]) -> str:
    ways = [f"section {', '.join(map(str, sections))}"] if sections else []
    if not sections and "shown" in one:
        ways.append("other tests")
    if not ways and "says" in one:
        ways.append("the definition")
    if "open" in one:
        ways.append(f"**open:** {one['open']}")
    return "; ".join(ways)


if __name__ == "__main__":
    sys.exit(main())
