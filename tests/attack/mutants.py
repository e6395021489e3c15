"""Faults of the gate, each planted by itself: the attacks must find every one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from osallisuus.disclosure import (
    audit,
    cases,
    gate,
    joint,
    margins,
    output,
    pattern,
    publish,
    tallies,
)
from osallisuus.disclosure.knowledge import Knowledge
from osallisuus.disclosure.profile import Profile
from osallisuus.disclosure.protect import Protection
from osallisuus.disclosure.tallies import REST
from osallisuus.metrics.figure import Figure
from osallisuus.metrics.kinds import multilabel, outcome, proportion
from osallisuus.metrics.kinds.thinned import open_tallies
from osallisuus.metrics.metric import Thinning

__all__ = ["MUTANTS"]

Plant = Callable[[pytest.MonkeyPatch], None]


def no_audit_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is small is hidden."""

    def careless(counts: Any, **_: Any) -> Protection:
        first = frozenset(count.key for count in counts if count.sensitive)
        return Protection(first, first, frozenset(), {}, safe=True)

    monkeypatch.setattr(joint, "protect", careless)


def two_in_each_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule of thumb in the place of the audit."""

    def careless(counts: Any, **_: Any) -> Protection:
        first = frozenset(count.key for count in counts if count.sensitive)
        hidden = set(first)
        for whole in counts:
            parts = [c for c in counts if c.members.keys() < whole.members.keys()]
            others = [c for c in parts if c.key not in hidden and not c.released]
            if sum(c.key in hidden for c in parts) == 1 and others:
                hidden.add(min(others, key=lambda c: (c.value, str(c.key))).key)
        return Protection(frozenset(hidden), first, frozenset(), {}, safe=True)

    monkeypatch.setattr(joint, "protect", careless)


def clean_up_without_a_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that was hidden to protect something else is given back, and nobody looks again."""
    monkeypatch.setattr(pattern.Pattern, "_given_back", lambda self, knowledge, unit: True)
    safe = lambda *a, **k: audit.Audit({}, ())  # noqa: E731 - an audit that finds nothing
    monkeypatch.setattr(pattern, "audit", safe)


def bounds_taken_for_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hidden count is called safe when two values remain."""

    def two(self: Knowledge, place: int) -> bool:
        low, high = self.interval(place)
        return high is None or high > low

    monkeypatch.setattr(Knowledge, "is_safe", two)


def one_value_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who knows of themselves to be in a cell is forgotten: three fewer remain."""
    real = joint.protect

    def less(counts: Any, *, threshold: int, **more: Any) -> Protection:
        return real(counts, threshold=threshold - 3, **more)

    monkeypatch.setattr(joint, "protect", less)


def no_totals(monkeypatch: pytest.MonkeyPatch) -> None:
    """The total of totals is not in the audit."""
    real = joint.counts_of

    def without(*args: Any) -> Any:
        return (count for count in real(*args) if any(count.key[1].strata))

    monkeypatch.setattr(joint, "counts_of", without)
    before = joint.counts_then
    monkeypatch.setattr(
        joint, "counts_then", lambda *args: (c for c in before(*args) if any(c.key[1].strata))
    )


def no_complement(monkeypatch: pytest.MonkeyPatch) -> None:
    """19 of 20 is shown: nobody looks at the rest of a whole."""
    real = joint.sensitive_keys

    def without(*args: Any) -> Any:
        return frozenset(key for key in real(*args) if key[2][-1:] != (REST,))

    monkeypatch.setattr(joint, "sensitive_keys", without)


def no_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    """Earlier releases are forgotten."""

    def forgetful(press: Any, ask: Any, profile: Profile) -> Any:
        with press.engine_at(press.tx) as engine:
            return evolve(publish.release(ask(engine), profile), number=1)

    monkeypatch.setattr(publish.Press, "_remembered", forgetful)


def not_sticky(monkeypatch: pytest.MonkeyPatch) -> None:
    """A published figure is replaced whenever anybody has moved, and increments are no secret."""
    monkeypatch.setattr(gate, "remaining", lambda *args: frozenset())
    monkeypatch.setattr(joint, "increments", lambda *args: [])


def no_near_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who were offered a place less those who started are no secret."""
    monkeypatch.setattr(joint, "near_counts", lambda *args: [])
    real = joint.sensitive_keys

    def without(found: Any, *args: Any) -> Any:
        return frozenset(key for key in real(found, *args) if key[2][0] != "between")

    monkeypatch.setattr(joint, "sensitive_keys", without)


def nobody_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody, and all of them, are shown."""
    monkeypatch.setattr(gate, "empty_keys", lambda drawn: frozenset())
    monkeypatch.setattr(tallies, "rest_of", lambda found, key: (10**6, 10**5))


def hidden_is_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is hidden is printed as 0."""

    def zero(self: Figure) -> Figure:
        return evolve(self, value=0, low=0.0, high=0.0, k=0 if self.k is not None else None, n=0)

    monkeypatch.setattr(Figure, "suppressed", zero)


def hidden_keeps_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hidden figure loses its value and keeps of how many it is."""
    real = Figure.suppressed
    monkeypatch.setattr(Figure, "suppressed", lambda self: evolve(real(self), n=self.n))


def at_risk_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure is printed with the exact number of those who are still followed."""
    real = output._rounded

    def with_it(figure: Figure, base: int | None) -> Figure:
        return evolve(real(figure, base), at_risk=None if figure.n is None else figure.n + 1)

    monkeypatch.setattr(output, "_rounded", with_it)


def interval_of_exact_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The counts are rounded, and the interval beside them is not."""
    real = proportion.share

    def exact(name: str, k: int, n: int, **more: Any) -> Any:
        drawn = real(name, k, n, **more)
        plain = real(name, k, n, **{**more, "grid": None})
        return evolve(drawn, low=plain.low, high=plain.high)

    monkeypatch.setattr(proportion, "share", exact)
    monkeypatch.setattr(multilabel, "share", exact)


def rounded_to_even(monkeypatch: pytest.MonkeyPatch) -> None:
    """Halves are rounded to even, as Python's own round does, or down: base 5 gets 4 for 5."""

    def even(self: Thinning, n: int, unit: int = 1) -> int:
        return n if self.base is None else n // (self.base * unit) * self.base * unit

    monkeypatch.setattr(Thinning, "rounded", even)


def span_too_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """The audit believes a rounded number to leave twice as much open as it does."""
    real = Profile.span

    def wide(self: Profile, n: int) -> tuple[int, int]:
        low, high = real(self, n)
        return max(low - 5, 0), high + 5

    monkeypatch.setattr(Profile, "span", wide)


def totals_of_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A total is the sum of the rows that are shown, without a word."""
    real = gate.release

    def kept(measurements: Any, profile: Profile, earlier: Any = ()) -> Any:
        released = real(measurements, profile, earlier)
        (fine,) = released.results
        if len(fine.by) != 1:
            return released
        asked = list(released.asked)
        asked[0] = evolve(
            asked[0],
            figures=tuple(
                evolve(figure, value=figure.n, n=figure.n - 15)
                if figure.status == "shown" and figure.measure == "count" and figure.n > 30
                else figure
                for figure in asked[0].figures
            ),
        )
        results = (evolve(fine, figures=asked[0].figures),)
        return evolve(released, results=results, asked=tuple(asked))

    monkeypatch.setattr(publish, "release", kept)


def only_the_names_that_occur(monkeypatch: pytest.MonkeyPatch) -> None:
    """A place lists only the endings that somebody had there: the others had nobody."""
    monkeypatch.setattr(multilabel.MultiLabel, "grid", lambda self, places, threshold: None)


def a_label_that_nobody_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """The audit thinks of an ending that is not listed, and that nobody can have had."""
    real = multilabel.MultiLabel.otherwise

    def unlisted(self: Any, rows: Any, label: Any, grid: Any) -> Any:
        return [
            *(
                [(case, own and "") for case, own in turned]
                for turned in real(self, rows, label, None)
            ),
            *real(self, rows, label, grid),
        ]

    monkeypatch.setattr(multilabel.MultiLabel, "otherwise", unlisted)


def half_a_case_is_turned(monkeypatch: pytest.MonkeyPatch) -> None:
    """The audit thinks of people who completed in a place and did not in the total."""
    real = cases.Cases._turned

    def half(self: Any, number: int, place: Any, label: Any) -> Any:
        for ways, turned in zip(self._all_ways(), real(self, number, place, label), strict=False):
            yield [
                new if i % 2 else old
                for i, (old, new) in enumerate(zip(ways, turned, strict=False))
            ]

    monkeypatch.setattr(cases.Cases, "_turned", half)


def nobody_asked_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """What can be added up, and was not asked for, is no secret."""
    monkeypatch.setattr(gate, "margins", lambda *args: [])


def one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells of two strata that were asked one after the other are no secret."""
    monkeypatch.setattr(gate, "crossings", lambda *args: [])


def one_question_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells of two strata are a secret only of a question that was asked by both of them."""
    real = margins._elsewhere
    monkeypatch.setattr(margins, "_elsewhere", lambda one: (one.provenance.definition, real(one)))


def what_is_open_goes_unsaid(monkeypatch: pytest.MonkeyPatch) -> None:
    """That a share tells whether a few or many are still open is not in the audit."""

    def unsaid(*asked: Any) -> Any:
        return (), open_tallies(*asked)[1]

    monkeypatch.setattr(outcome, "open_tallies", unsaid)


def that_nobody_left_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside many who are on the way only a few who ended otherwise are guarded, and not nobody."""
    known = outcome._otherwise
    monkeypatch.setattr(outcome, "_otherwise", lambda *of: [one for one in known(*of) if one.n])


def newcomers_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret that cannot be kept stops no release, also where it is new with it."""
    monkeypatch.setattr(joint, "_is_new", lambda *args: False)


def twins_are_strangers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The audit thinks of people who completed by one metric and not by another that says it."""
    monkeypatch.setattr(cases.Cases, "_all_alike", lambda self: {})


def names_of_the_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that two people have is listed by its name."""
    monkeypatch.setattr(output, "is_rare", lambda *args: False)


def threshold_of_five(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts of five and more are shown, though ten were promised."""
    real = gate.release

    def lower(measurements: Any, profile: Profile, earlier: Any = ()) -> Any:
        return real(measurements, evolve(profile, threshold=5), earlier)

    monkeypatch.setattr(publish, "release", lower)


def data_may_loosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The threshold of a programme replaces that of the profile, also where it is lower."""
    monkeypatch.setattr(Profile, "tighten", lambda self, threshold: evolve(self, threshold=3))


MUTANTS: tuple[tuple[Plant, str], ...] = (
    (no_audit_at_all, "tables"),
    (two_in_each_line, "tables"),
    (clean_up_without_a_check, "tables"),
    (bounds_taken_for_safe, "tables"),
    (one_value_fewer, "tables"),
    (no_totals, "tables"),
    (no_complement, "all_of_one_kind"),
    (no_ledger, "sequence"),
    (not_sticky, "sequence"),
    (no_near_counts, "tables"),
    (nobody_is_no_secret, "all_of_one_kind"),
    (hidden_is_zero, "tables"),
    (hidden_keeps_its_size, "tables"),
    (at_risk_is_exact, "tables"),
    (interval_of_exact_counts, "tables"),
    (rounded_to_even, "tables"),
    (span_too_wide, "tables"),
    (totals_of_what_is_kept, "tables"),
    (only_the_names_that_occur, "all_of_one_kind"),
    (a_label_that_nobody_names, "more_of_one_kind"),
    (half_a_case_is_turned, "all_of_one_kind"),
    (nobody_asked_for_it, "tables_of_people"),
    (one_after_the_other, "tables_of_crossings"),
    (one_question_only, "tables_of_other_twins"),
    (what_is_open_goes_unsaid, "tables"),
    (that_nobody_left_is_no_secret, "tables_on_the_way"),
    (newcomers_are_let_go, "sequence_of_newcomers"),
    (twins_are_strangers, "tables_of_twins"),
    (threshold_of_five, "tables"),
    (data_may_loosen, "tables"),
)
"""Each fault, and the attack that finds it."""
