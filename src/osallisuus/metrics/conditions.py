"""Where a SELECT takes a condition for a value: some engines refuse it, some say true and some 1.

A flag is written ``CASE WHEN a = b THEN 1 ELSE 0 END`` and never ``a = b`` (trap T3 of the SQL
rules). The words are read once from left to right; the innermost bracket, SELECT or CASE says
whether a value or a condition stands there.
"""

from __future__ import annotations

import re

__all__ = ["conditions_as_values"]

_WORD = re.compile(r"'[^']*'|<=|>=|<>|!=|==|[<>=(),]|:?[A-Za-z_][\w.]*|\d+")
_OPERATORS = frozenset("= == < > <= >= <> != IS IN NOT AND OR BETWEEN EXISTS TRUE FALSE".split())
_FOLLOWED_BY = {
    "SELECT": "value",
    "FROM": "other",
    "JOIN": "other",
    "ON": "condition",
    "WHERE": "condition",
    "HAVING": "condition",
    "GROUP": "value",
    "ORDER": "value",
    "UNION": "other",
    "WHEN": "condition",
    "THEN": "value",
    "ELSE": "value",
}
"""What stands after a word, up to the next of them in the same bracket."""
_NO_FUNCTIONS = _OPERATORS | _FOLLOWED_BY.keys()


def conditions_as_values(cases: str) -> list[str]:
    """The operators that make a value of a condition, in the order of the text."""
    found: list[str] = []
    inside = ["other"]
    before = ""
    for word in map(str.upper, _WORD.findall(cases)):
        if word in ("(", "CASE"):
            inside.append("value" if word == "CASE" else _in_bracket(inside[-1], before))
        elif word in (")", "END"):
            inside = inside[:-1] or ["other"]
        elif word in _OPERATORS:
            found += [word] if inside[-1] == "value" else []
        elif inside[-1] != "window":
            inside[-1] = _FOLLOWED_BY.get(word, inside[-1])
        before = word
    return found


def _in_bracket(outside: str, before: str) -> str:
    """What stands in a bracket: the arguments of a function are values, also in a condition."""
    if before == "OVER":
        return "window"
    if before in ("IN", "AS"):
        return "other"
    is_function = re.fullmatch(r"[A-Z_]\w*", before) and before not in _NO_FUNCTIONS
    return "value" if is_function and outside != "other" else outside
