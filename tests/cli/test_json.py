"""What programs read: ``--json`` of every command that has an answer for them."""

import json

import pytest

import osallisuus as osa
from osallisuus.cli.commands import build_parser
from osallisuus.cli.parser import EXAMPLES as HELP
from tests.cli.running import EXAMPLES

SHAPES = {
    "check WERTZU": {"findings"},
    "releases WERTZU": {"releases"},
    "remind WERTZU --program wertzu --on 2018-01-01": {
        *("internal", "program", "on", "days", "waiting")
    },
    "fund WERTZU --program wertzu --period 2018-01-01..2019-01-01": {
        *("program", "internal", "period", "hidden", "lines", "results")
    },
    "measure WERTZU completion --internal": {"metric", "kind", "settings", "figures"},
    "plan wertzu --start 2026-09-01": {"program", "meeting"},
    "programs": {"programs"},
    "programs verna": {"hash", "definition"},
    "metrics": {"metrics"},
    "metrics completion": {
        *("name", "title", "kind", "definition", "source", "unit", "policies", "choices"),
        *("strata", "fields", "cases"),
    },
    "plugins": {"plugins"},
    "plugins html": {"plugins"},
    "import EXAMPLE --into new.db": {
        *("stored", "rows", "added", "revised", "unchanged", "findings")
    },
    "export WERTZU --out facts": {"place", "files", "format", "rows", "left_out"},
    "simulate wertzu --people 3 --seed 1 --out made_up": {"place", "rows"},
    "compose WERTZU --program wertzu --rules rules.toml --on 2018-01-01": {
        *("internal", "feasible", "proved", "groups", "wishes_met", "wishes_unmet"),
        *("unevenness", "without", "alternatives"),
    },
    "erase WERTZU p-04e708 --dry-run": {
        *("dry_run", "found", "taken", "shortened", "named", "free_texts", "commit", "digest"),
        *("cleared", "pending", "vault", "beyond"),
    },
    "verify WERTZU": {"sound", "problems"},
    "snapshot WERTZU backup.db": {"internal", "place", "commit"},
    "restore WERTZU moved.db": {"commit"},
    "upgrade WERTZU": {"before", "after", "commits", "stored"},
    "sync WERTZU parquet:published": {
        *("internal", "place", "published", "after", "upto", "rows", "removed"),
    },
    "vault make new.vault --key new.key": {"vault"},
    "doctor WERTZU": {"healthy", "found"},
    "show guidance WERTZU --program wertzu --on 2018-01-01": {"view", "internal", "cases"},
}
"""What is asked, and the keys of the answer; tests/ingest and tests/rules look at what is in it."""

DOCUMENTS = {
    "report": "its format is chosen with --as, and json is one",
    "reissue": "its format is chosen with --as, and json is one",
    "site": "its pages are for people",
    "demo": "it shows the others at work",
    "copy": "a text for one person",
    "innokyla": "a text for a web form",
    "template": "it makes a workbook and nothing else",
    "completion": "a script for a shell",
}
"""Commands without ``--json``, and why."""


@pytest.fixture
def asked(call, stores, tmp_path):
    """Ask a command, with WERTZU and EXAMPLE replaced by places."""
    with osa.open(stores["wertzu"], actor="test", purpose="test") as register:
        group = min(one.id for one in register.facts(osa.Group))
        people = sorted(one.id for one in register.facts(osa.Person))[:8]
    (tmp_path / "rules.toml").write_text(f"people = {people}\n[groups.{group}]\nmost = 8\n")
    places = {"WERTZU": stores["wertzu"], "EXAMPLE": str(EXAMPLES / "wertzu")}

    def asked(line):
        return call(*(places.get(word, word) for word in line.split()))

    return asked


@pytest.mark.parametrize("line", SHAPES)
def test_an_answer_is_json_with_its_keys(asked, line):
    """All of stdout is one JSON value, and the keys are those that the manual names."""
    done = asked(f"{line} --json")

    assert done.code == 0, done.err
    assert json.loads(done.out).keys() >= SHAPES[line]


def commands():
    """Every command by name."""
    (found,) = [one.choices for one in build_parser()._actions if isinstance(one.choices, dict)]
    return found


def test_every_command_has_json_or_a_reason():
    """A new command says which of the two it is."""
    with_json = {line.split()[0] for line in SHAPES} | {"migrate-program"}
    assert with_json | set(DOCUMENTS) == set(commands())
    assert not with_json & set(DOCUMENTS)


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_command_shows_examples_that_can_be_typed(command):
    """The help ends with examples, and each of them is a right command line of this command."""
    assert "example" in commands()[command].format_help()
    for example in HELP[command]:
        words = example.partition(" > ")[0].split()
        assert words[0] == command
        assert build_parser().parse_args(words)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mesure", "'measure'"),
        ("show neds x", "'needs'"),
        ("measure x y --perids yearly", "'--periods'"),
        ("report x --program y --profile pubic", "'public'"),
        ("check x --jsno", "'--json'"),
    ],
)
def test_a_misspelt_word_is_answered_with_the_right_one(call, typed, meant):
    """In the last line, with exit code 2."""
    done = call(*typed.split())
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1].endswith(f"; did you mean {meant}?")


def test_a_release_can_be_found_again_by_a_program(asked):
    """Its number, what it asked and how it was protected."""
    assert asked("measure WERTZU own_attendance").code == 0
    last = json.loads(asked("releases WERTZU --json").out)["releases"][-1]

    assert last["metrics"] == ["own_attendance"]
    assert (last["profile"], last["actor"], last["purpose"]) == (
        "public", "command line", "measure",
    )  # fmt: skip
    assert last["threshold"] >= 3


def test_a_dry_run_says_that_nothing_was_stored(asked, tmp_path):
    """The counts are those that there would be."""
    done = json.loads(asked("import EXAMPLE --into new.db --dry-run --json").out)
    assert (done["stored"], done["added"]) == (False, sum(done["rows"].values()))
    assert not (tmp_path / "new.db").exists()
