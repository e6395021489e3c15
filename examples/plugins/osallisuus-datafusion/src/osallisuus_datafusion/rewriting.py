"""What DataFusion cannot plan, said in other words that mean the same.

The SQL of a metric is a small portable part of SQL, of which DataFusion (55) does not take four
things: a column called ``cluster``, two results of one name, the sum of a column that is ``NULL``
wherever it is stated, and ``EXISTS`` where a value stands. Nothing here knows a metric.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import TypeVar

from sqlglot import exp, parse_one

__all__ = ["in_its_words"]

E = TypeVar("E", bound=exp.Expression)


@lru_cache(maxsize=512)  # a register asks the same again and again
def in_its_words(sql: str) -> str:
    """*sql*, one SELECT with parameters as ``$name``, as DataFusion can plan it."""
    tree = parse_one(sql, dialect="duckdb")
    for select in [*tree.find_all(exp.Select)]:
        if tests := [*_tests_for_values(select)]:
            _found_before(select, tests)
        _name_apart(select)
    for total in tree.find_all(exp.Sum):
        # the sum of a column without a type is refused; that of 0 more has one
        total.set(
            "this", exp.Add(this=exp.Paren(this=total.this), expression=exp.Literal.number(0))
        )
    return tree.sql(dialect="duckdb", identify=True)  # in quotes, ``cluster`` is a name


def _of(select: exp.Select, kind: type[E]) -> Iterator[E]:
    """What of a *kind* stands in the results, GROUP BY and HAVING of a SELECT itself."""
    for part in ("expressions", "group", "having", "order"):
        held = select.args.get(part) or []
        for root in held if isinstance(held, list) else [held]:
            yield from (one for one in root.find_all(kind) if one.parent_select is select)


def _tests_for_values(select: exp.Select) -> Iterator[exp.Exists]:
    """Every EXISTS of which a value is made; as a condition of WHERE they are planned."""
    return _of(select, exp.Exists)


def _found_before(select: exp.Select, tests: list[exp.Exists]) -> None:
    """Let a SELECT read its rows with the answers to *tests* beside them.

    Each row is either among those for which a test holds or among the others, never among both,
    since EXISTS is true or false. So a part with each answer is put together by UNION ALL.
    """
    asked = [test.copy() for test in tests]
    for number, test in enumerate(tests):
        test.replace(exp.column(f"test_{number}"))
    columns = {}
    for column in [*_of(select, exp.Column)]:
        if column.name.startswith("test_"):
            continue
        name = f"{column.table}_{column.name}" if column.table else column.name
        columns[name] = column.copy()
        _rename(column, exp.column(name))
    parts = []
    for answers in product((True, False), repeat=len(asked)):
        part = exp.select(*(exp.alias_(one.copy(), name) for name, one in columns.items()))
        for name in ("from_", "joins", "where"):
            held = select.args.get(name)
            if held is not None:
                part.set(
                    name, [one.copy() for one in held] if isinstance(held, list) else held.copy()
                )
        for number, (test, answer) in enumerate(zip(asked, answers, strict=True)):
            part = part.where(test.copy() if answer else exp.not_(test.copy()))
            part = part.select(exp.alias_(exp.Boolean(this=answer), f"test_{number}"))
        parts.append(part)
    rows = exp.union(*parts, distinct=False).subquery("tested")
    for name in ("joins", "where"):
        select.set(name, None)
    select.from_(rows, copy=False)


def _rename(column: exp.Expression, new: exp.Expression) -> None:
    """Put *new* for a column; a result keeps the name that it had."""
    is_result = isinstance(column.parent, exp.Select)
    column.replace(exp.alias_(new, column.name) if is_result else new)


def _name_apart(select: exp.Select) -> None:
    """Give results that nobody has named a name of their own where two are alike."""
    seen: set[str] = set()
    for place, result in enumerate([*select.expressions]):
        name = result.alias_or_name or result.sql()
        if name in seen and not isinstance(result, exp.Alias):
            result.replace(exp.alias_(result.copy(), f"result_{place}"))
        seen.add(name)
