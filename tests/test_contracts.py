"""What the contract of a plug-in asks is told so that its author knows what to write."""

import pytest

from osallisuus.contracts import breach, described

EXPORTER = {"api_version": 1, "name": "x", "suffix": ".x", "media_type": "text/x", "render": None}
ALWAYS = "open append scan known_ids head tx_at journal close".split()
STORE = {"api_version": 2, "capabilities": frozenset(), **dict.fromkeys(ALWAYS)}
BREACHES = [
    # group, what is right, what is wrong in it, what is told
    ("exporters", EXPORTER, {}, ""),
    ("exporters", EXPORTER, {"api_version": "1"}, "of the type str, and should be the whole"),
    ("exporters", EXPORTER, {"api_version": 2}, "version 2 of the port, not 1"),
    ("exporters", EXPORTER, {"suffix": 3}, "suffix is of the type int, and should be text"),
    ("exporters", EXPORTER, {"render": ..., "rendr": None}, "lacks render (it has 'rendr')"),
    ("exporters", EXPORTER, {"name": "y"}, "another name"),
    ("stores", STORE, {}, ""),
    ("stores", STORE, {"capabilities": {"leger"}}, "'leger': did you mean 'ledger'?"),
    ("stores", STORE, {"capabilities": {"ledger"}}, "declares ledger and lacks publish, public"),
    ("stores", STORE, {"capabilities": {"void"}, "viod": None}, "lacks void (it has 'viod')"),
    ("stores", STORE, {"capabilities": {"void"}, "void": None}, ""),
    ("stores", STORE, {"capabilities": property(lambda _: {"no"})}, ""),
]


@pytest.mark.parametrize(("group", "right", "wrong", "told"), BREACHES)
def test_a_breach_says_what_is_missing_or_of_the_wrong_type(group, right, wrong, told):
    """And nothing is said of what keeps its contract."""
    members = {name: value for name, value in {**right, **wrong}.items() if value is not ...}
    said = breach(group, "x", type("Mine", (), members))
    assert told in said if told else said == ""


def test_the_line_of_an_error_is_the_authors_own():
    """Wherever in a library it ended; without a line of theirs, the last one there is."""
    code = compile("\n\nopen_it()", "mine/__init__.py", "exec")

    def open_it():
        raise FileNotFoundError

    with pytest.raises(FileNotFoundError) as raised:
        exec(code, {"__name__": "mine.part", "open_it": open_it})
    assert described(raised.value, "mine") == "FileNotFoundError at mine/__init__.py:3"
    assert "at test_contracts.py:" in described(raised.value, "another")
