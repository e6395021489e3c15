"""The glossary and the code use the same words."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "osallisuus"


def _rows():
    """The cells of every row with five columns: Finnish, Swedish, English, in code, meaning."""
    lines = (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in rows if len(row) == 5 and row[0] != "Finnish" and "---" not in row[0]]


def _identifiers():
    """What stands as code in the glossary's fourth column."""
    return {name for row in _rows() for name in re.findall(r"`([^`]+)`", row[3])}


@pytest.fixture(scope="module")
def vocabulary():
    """Code -> its words by language, in every vocabulary that has it."""
    tables = tomllib.loads((SOURCE / "model" / "vocabulary.toml").read_text("utf-8"))
    words = {}
    for table in tables.values():
        for code, labels in table["terms"].items():
            words.setdefault(code, []).append(labels)
    return words


@pytest.fixture(scope="module")
def names():
    """Every name of a class, constant, function, field or method in the source."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                found.add(node.name)
            elif isinstance(node, ast.Name | ast.Attribute):
                found.add(node.id if isinstance(node, ast.Name) else node.attr)
    return found


def test_every_name_in_the_glossary_is_used_in_code(names, vocabulary):
    """A word of the glossary that stands as code is a name or a code of the library."""
    known = names | set(vocabulary) | {"None", "suppressed"}

    gone = {name for name in _identifiers() if name not in known and "." not in name}
    assert gone == set()


def test_every_fact_is_in_the_glossary():
    """Each fact record is explained, so that no table is a riddle."""
    tree = ast.parse((SOURCE / "model" / "facts.py").read_text("utf-8"))
    facts = {
        node.name
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base) == "Fact" for base in node.bases)
    }

    assert len(facts) > 20
    assert facts - _identifiers() == set()


def test_roles_have_the_same_words_as_in_reports(vocabulary):
    """A role in the glossary has the Finnish and Swedish words that reports print."""
    roles = [row for row in _rows() if re.fullmatch(r"`(peer|client|expert|user|co)_\w+`", row[3])]
    printed = [
        any(labels["fi"] == row[0] and labels["sv"] == row[1] for labels in vocabulary[code])
        for row in roles
        for code in re.findall(r"`(.+)`", row[3])
        if code in vocabulary
    ]

    assert len(printed) >= 5
    assert all(printed)


def test_what_reports_call_their_parts_is_in_the_glossary():
    """Every title of a chapter, kind of report and mark, with the words that are printed."""
    words = {
        locale: tomllib.loads((SOURCE / "words" / f"{locale}.toml").read_text("utf-8"))
        for locale in ("fi", "sv", "en")
    }
    named = {
        re.sub("`", "", row[3]): tuple(row[:3])
        for row in _rows()
        if re.match(r"`\w+\.\w+`$", row[3])
    }
    wanted = [("section", key) for key in words["en"]["section"]]
    wanted += [("profile", "public"), ("profile", "internal")]
    wanted += [("mark", "hidden_word"), ("mark", "undefined_word")]
    for table, key in wanted:
        printed = tuple(words[locale][table][key] for locale in ("fi", "sv", "en"))
        assert named.get(f"{table}.{key}") == printed
