"""The table of a fund's indicators by gender, out of results that the gate let out.

Columns keep apart who does not want to answer and who has not been asked (U22). A cell is hidden
where a count of it is, or is not listed; a sum of rounded counts is the sum of what is shown, so
that combined lines are the sums of their parts (R22).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from osallisuus.metrics.figure import Result
from osallisuus.model.stated import Locale
from osallisuus.rules.funders import NO_ANSWER, FundRules, Standing
from osallisuus.time import Period
from osallisuus.values import frozen
from osallisuus.words import Words

__all__ = ["GENDERS", "FundLine", "FundTable", "fund_table", "tell_fund_table", "tell_standings"]

GENDERS: Final = ("woman", "man", "other", NO_ANSWER, None)
"""The columns: women, men, non-binary, does not want to answer, not asked."""


@frozen(kw_only=True)
class FundLine:
    """One line: what is counted, and how many people by gender. ``None``: hidden."""

    code: str
    verified: bool
    text: str
    counts: Mapping[str | None, int | None]


@frozen(kw_only=True)
class FundTable:
    """The lines of one period, the total first; then who does not want to answer, or was not asked.

    ``internal``: exact figures, whether they passed the gate for internal views or none.
    """

    rules: FundRules
    period: Period
    lines: tuple[FundLine, ...]
    internal: bool
    hidden: int = 0


def fund_table(
    rules: FundRules,
    period: Period,
    results: Sequence[Result],
    *,
    words: Words,
    exact: bool = False,
) -> FundTable:
    """The table of *results*: people by gender, then by gender and each trait of the rules.

    *exact*: they passed no gate, so that who is not in them is nobody. The table is internal where
    one of them is.
    """
    total, *by_trait = results
    known = dict(zip(rules.traits, by_trait, strict=True))
    locale: Locale = words.code  # type: ignore[assignment]  # a language that Words has is one of ours
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
                text=one.text.label(locale),
                counts=_counts(known[one.trait], one.trait, one.values, exact=exact),
            )
        )
    for trait in rules.traits:
        for value, word in ((NO_ANSWER, "fund.no_answer"), (None, "fund.not_asked")):
            text = words(word, about=words.label("fund.about", trait))
            counts = _counts(known[trait], trait, (value,), exact=exact)
            lines.append(FundLine(code="–", verified=True, text=text, counts=counts))
    hidden = sum(count is None for line in lines for count in line.counts.values())
    internal = any(one.internal for one in results)
    return FundTable(
        rules=rules, period=period, lines=tuple(lines), internal=internal, hidden=hidden
    )


def tell_fund_table(table: FundTable, *, words: Words) -> str:
    """The table as Markdown; a code that is not verified is marked with an asterisk."""
    locale: Locale = words.code  # type: ignore[assignment]  # as above
    heads = [words(f"fund.gender.{gender or 'not_asked'}") for gender in GENDERS]
    rows = [
        (
            f"{line.code}{'' if line.verified else '*'}",
            line.text,
            *(
                words("mark.hidden") if count is None else words.locale.number(count)
                for count in (line.counts[gender] for gender in GENDERS)
            ),
        )
        for line in table.lines
    ]
    title = table.rules.title.label(locale)
    parts = [f"# {words('fund.title', fund=title, period=words.locale.period(table.period))}"]
    if table.internal:
        parts.append(words("document.internal"))
    parts.append(_markdown(("", words("fund.indicator"), *heads), rows))
    if table.hidden:
        parts.append(words("mark.hidden_meaning"))
    parts += [words("fund.unverified"), words("fund.who"), words("fund.results")]
    return "\n\n".join(parts) + "\n"


def tell_standings(standings: Sequence[Standing], *, words: Words) -> str:
    """Why each person counts or does not: INTERNAL, in the order of ids."""
    lines = [
        f"{one.person}: {words(f'fund.reason.{one.reason}')} ({one.evidence})" for one in standings
    ]
    return "\n".join([words("document.internal"), "", *(lines or [words("fund.nobody")])])


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
    return {
        gender: _sum([found.get((gender, value), absent) for value in values]) for gender in GENDERS
    }


def _sum(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * 2 + ["---:"] * (len(head) - 2), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
