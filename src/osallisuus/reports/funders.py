"""The table of a fund's indicators by gender, out of results that the gate let out.

Columns keep apart who does not want to answer and who has not been asked (U22). A cell is hidden
where a count of it is, or is not listed; a sum of rounded counts is the sum of what is shown, so
that combined lines are the sums of their parts (R22).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from attrs import evolve

from osallisuus.metrics.figure import Result
from osallisuus.rules.funders import NO_ANSWER, FundRules, Standing, fund_rules
from osallisuus.rules.leaving import Leaving
from osallisuus.time import Period
from osallisuus.values import frozen
from osallisuus.words import Words

__all__ = [
    "ANOTHER",
    "GENDERS",
    "FundLine",
    "FundTable",
    "fund_heads",
    "fund_notes",
    "fund_questions",
    "fund_table",
    "fund_title",
    "tell_fund_table",
    "tell_standings",
]

GENDERS: Final = ("woman", "man", "other", NO_ANSWER, None)
"""The columns: women, men, non-binary, does not want to answer, not asked."""

ANOTHER: Final = "another"
"""One more column, where somebody's gender is a code that is none of these: nobody is left out."""


@frozen(kw_only=True)
class FundLine:
    """One line: what is counted, and how many people by gender. ``None``: hidden."""

    code: str
    verified: bool
    text: str
    counts: Mapping[str | None, int | None]
    """By gender, in the order of the columns: :data:`GENDERS`, then :data:`ANOTHER` if need be."""


@frozen(kw_only=True)
class FundTable:
    """The lines of one period, the total first; then who does not want to answer, or was not asked.

    ``results`` are those of everybody who left in the period: each result on leaving, then who does
    not want to answer and of whom it is not known. ``internal``: exact figures, whether they passed
    the gate for internal views or none. ``rounding`` is the base to which the counts are rounded,
    ``number`` that of the release that is remembered; ``synthetic``: the facts are made up.
    """

    rules: FundRules
    period: Period
    lines: tuple[FundLine, ...]
    internal: bool
    hidden: int = 0
    results: tuple[FundLine, ...] = ()
    program: str = ""
    rounding: int | None = None
    number: int | None = None
    synthetic: bool = False

    @property
    def columns(self) -> tuple[str | None, ...]:
        """The genders that are told apart; ``None`` is who was not asked."""
        return tuple(self.lines[0].counts)


def fund_questions(rules: str) -> int:
    """How many results :func:`fund_table` is made of: in all, by each trait, each on leaving."""
    chosen = fund_rules(rules)
    return 1 + len(chosen.traits) + len(chosen.results)


def fund_table(
    rules: FundRules,
    period: Period,
    results: Sequence[Result],
    *,
    words: Words,
    exact: bool = False,
    program: str = "",
    number: int | None = None,
    synthetic: bool = False,
) -> FundTable:
    """The table of *results*: people by gender, by gender and each trait of the rules, and then
    those who left by gender and each result on leaving.

    *exact*: they passed no gate, so that who is not in them is nobody. The table is internal where
    one of them is. *program* is its title, *number* that of the release, and *synthetic* says that
    the facts are made up.
    """
    total, *others = results
    by_trait, on_leaving = others[: len(rules.traits)], others[len(rules.traits) :]
    known = dict(zip(rules.traits, by_trait, strict=True))
    lines = [
        FundLine(
            code=rules.total,
            verified=rules.total_verified,
            text=words("fund.total"),
            counts=_counts(total, None, (None,), exact=exact),
        )
    ]
    for one in rules.indicators:
        lines.append(
            FundLine(
                code=one.code,
                verified=one.verified,
                text=one.text.label(words.code),
                counts=_counts(known[one.trait], one.trait, one.values, exact=exact),
            )
        )
    for trait in rules.traits:
        for value, word in ((NO_ANSWER, "fund.no_answer"), (None, "fund.not_asked")):
            text = words(word, about=words.label("fund.about", trait))
            counts = _counts(known[trait], trait, (value,), exact=exact)
            lines.append(FundLine(code="–", verified=True, text=text, counts=counts))
    of_leaving = _leaving(rules, on_leaving, words, exact=exact)
    another = any(ANOTHER in line.counts for line in (*lines, *of_leaving))
    lines, leaving = (
        [_with_column(line, another=another, exact=exact) for line in some]
        for some in (lines, of_leaving)
    )
    return FundTable(
        rules=rules,
        period=period,
        lines=tuple(lines),
        internal=any(one.internal for one in results),
        hidden=sum(count is None for line in (*lines, *leaving) for count in line.counts.values()),
        results=tuple(leaving),
        program=program,
        rounding=total.provenance.rounding,
        number=number,
        synthetic=synthetic,
    )


def _with_column(line: FundLine, *, another: bool, exact: bool) -> FundLine:
    """The line with a count of another gender where some line of the table has one."""
    if not another or ANOTHER in line.counts:
        return line
    return evolve(line, counts={**line.counts, ANOTHER: 0 if exact else None})


def _leaving(
    rules: FundRules, results: Sequence[Result], words: Words, *, exact: bool
) -> list[FundLine]:
    """Everybody who left, each result, and beside them who does not answer or is not known."""
    if not results:
        return []
    told = [("–", True, words("fund.left"), _labelled(results[0], None, exact=exact))]
    of_result = list(zip(rules.results, results, strict=True))
    for one, result in of_result:
        counts = _labelled(result, "yes", exact=exact)
        told.append((one.code, one.verified, one.text.label(words.code), counts))
    for one, result in of_result:
        for label, word in (("no_answer", "fund.no_answer"), ("unknown", "fund.not_known")):
            text = words(word, about=words.label("fund.about", one.trait))
            told.append(("–", True, text, _labelled(result, label, exact=exact)))
    return [
        FundLine(code=code, verified=verified, text=text, counts=counts)
        for code, verified, text, counts in told
    ]


def tell_fund_table(table: FundTable, *, words: Words) -> str:
    """The table as Markdown; a code that is not verified is marked with an asterisk."""
    parts = [f"# {fund_title(table, words)}"]
    if table.internal:
        parts.append(words("document.internal"))
    if table.synthetic:
        parts.append(words("document.synthetic"))
    if table.rounding is not None:
        parts.append(f"{words('document.rounded', base=table.rounding)}.")
    head = ("", words("fund.indicator"), *fund_heads(table, words))
    parts.append(_markdown(head, _rows(table.lines, words)))
    if table.results:
        parts += [f"## {words('fund.on_leaving')}", _markdown(head, _rows(table.results, words))]
    parts += fund_notes(table, words)
    if table.number is not None:
        parts.append(words("fund.remembered", number=table.number))
    return "\n\n".join(parts) + "\n"


def fund_title(table: FundTable, words: Words) -> str:
    """The fund, the programme where it is known, and the period."""
    fund = table.rules.title.label(words.code)
    named = f"{fund}, {table.program}" if table.program else fund
    return words("fund.title", fund=named, period=words.locale.period(table.period))


def fund_heads(table: FundTable, words: Words) -> tuple[str, ...]:
    """The heads of the columns of counts."""
    return tuple(words(f"fund.gender.{gender or 'not_asked'}") for gender in table.columns)


def fund_notes(table: FundTable, words: Words) -> tuple[str, ...]:
    """What stands under the table: hidden counts, a gender that is another, codes, who counts."""
    hidden = [words("mark.hidden_meaning")] if table.hidden else []
    another = [words("fund.another")] if ANOTHER in table.columns else []
    always = (words("fund.unverified"), words("fund.who"), words("fund.results"))
    return (*hidden, *another, *always)


def _rows(lines: Sequence[FundLine], words: Words) -> list[Sequence[str]]:
    return [
        (
            f"{line.code}{'' if line.verified else '*'}",
            line.text,
            *(
                words("mark.hidden") if count is None else words.locale.number(count)
                for count in line.counts.values()
            ),
        )
        for line in lines
    ]


def tell_standings(
    standings: Sequence[Standing], leavings: Sequence[Leaving] = (), *, words: Words
) -> str:
    """Why each person counts or does not, then each result of who left: INTERNAL, by ids."""
    lines = [
        f"{one.person}: {words(f'fund.reason.{one.reason}')} ({one.evidence})" for one in standings
    ] or [words("fund.nobody")]
    results = [
        f"{one.person}: {one.indicator.text.label(words.code)}:"
        f" {words(f'fund.outcome.{one.outcome}')} ({one.evidence})"
        for one in leavings
    ]
    if results:
        lines += ["", f"{words('fund.on_leaving')}:", *results]
    return "\n".join([words("document.internal"), "", *lines])


def _counts(
    result: Result, trait: str | None, values: Sequence[str | None], *, exact: bool
) -> Mapping[str | None, int | None]:
    """People by gender who have one of *values*; without a *trait* all of that gender."""
    found: dict[tuple[str | None, str | None], int | None] = {}
    for figure in result:
        if figure.name == "persons":
            place = figure.strata.get(f"person.{trait}") if trait is not None else None
            shown = figure.value if figure.status == "shown" else None
            found[figure.strata["person.gender"], place] = None if shown is None else int(shown)
    absent = 0 if exact else None
    genders = [gender for gender, _ in found]
    by_gender = {
        gender: _sum([found.get((gender, value), absent) for value in values])
        for gender in dict.fromkeys((*GENDERS, *genders))
    }
    return _in_columns(by_gender)


def _labelled(result: Result, label: str | None, *, exact: bool) -> Mapping[str | None, int | None]:
    """People by gender who have the *label*; without one, all."""
    absent = 0 if exact else None
    genders = (figure.strata["person.gender"] for figure in result)
    counts: dict[str | None, int | None] = dict.fromkeys((*GENDERS, *genders), absent)
    for figure in result:
        gender, shown = figure.strata["person.gender"], figure.status == "shown"
        if label is None and shown:
            counts[gender] = figure.n
        elif label is not None and figure.name == label:
            counts[gender] = figure.k if shown else None
    return _in_columns(counts)


def _in_columns(by_gender: Mapping[str | None, int | None]) -> dict[str | None, int | None]:
    """The counts in our columns, and in one more of all whose gender is none of them."""
    others = [count for gender, count in by_gender.items() if gender not in GENDERS]
    counts = {gender: by_gender[gender] for gender in GENDERS}
    return counts | ({ANOTHER: _sum(others)} if others else {})


def _sum(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * 2 + ["---:"] * (len(head) - 2), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
