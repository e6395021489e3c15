"""All that a public figure shows comes from rounded counts, and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.disclosure import output
from osallisuus.disclosure.gate import release
from osallisuus.disclosure.profile import PUBLIC, Profile
from osallisuus.engines.sqlite import SQLiteEngine
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.compile import Settings
from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.figure import Figure, Provenance, Result
from osallisuus.metrics.measure import measure
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Tally, Thinning
from osallisuus.model import facts as f
from osallisuus.model.batch import Batch
from osallisuus.model.store import Act
from osallisuus.stores.memory import MemoryStore
from osallisuus.values import frozen

START = date(2021, 1, 4)
AS_OF = date(2022, 1, 1)


@given(st.integers(0, 500), st.sampled_from([None, 2, 3, 5, 10]), st.integers(3, 30))
def test_a_span_holds_exactly_the_counts_that_are_shown_alike(
    n: int, base: int | None, threshold: int
) -> None:
    """A reader thinks of every count that is shown like this one and may be shown, and no other."""
    profile = Profile(name="test", threshold=threshold, base=base)
    low, high = profile.span(n)
    shown = Thinning({}, base=base).rounded
    alike = [m for m in range(n + 20) if shown(m) == shown(n) and m >= min(n, threshold)]
    if n == 0:
        alike = [0]
    assert (low, high) == (alike[0], alike[-1])


def test_the_public_profile_rounds_to_five() -> None:
    """Ties go up; ten is told from twelve by nobody."""
    assert [PUBLIC.span(n) for n in (10, 12, 13, 40)] == [(10, 12), (10, 12), (13, 17), (38, 42)]
    assert PUBLIC.span(0) == (0, 0)  # "nobody" is shown as such, where it is shown at all


def _world(completed: int, left: int, moved: int = 0) -> SQLiteEngine:
    """Episodes that end on the same days, a place of theirs, and a session in which all were."""
    facts: list[f.Fact] = [
        f.Group(id="g", program="wertzu", program_version="1", kind="closed", place="Oulu",
                starts_on=START)
    ]  # fmt: skip
    endings = ["completed"] * completed + ["left"] * left + ["moved_on"] * moved
    for number, ending in enumerate(endings):
        who = f"p{number:03}"
        days = {"completed": 120, "left": 60, "moved_on": 90}[ending]
        facts.append(f.Person(id=who, registered_on=START))
        facts.append(
            f.Enrollment(
                id=f"e{number:03}",
                person=who,
                program="wertzu",
                program_version="1",
                group="g",
                reached_on=START,
                started_on=START,
                ended_on=START + timedelta(days),
                ending=ending,
            )
        )
    store = MemoryStore(lambda: datetime(2022, 1, 1, tzinfo=UTC))
    store.append(Batch.of(facts), Act("test", "test", "test"))
    return SQLiteEngine.open(store)


ASKED = ("people_and_episodes", "recruitment_funnel", "completion", "retention", "leaving")


def _released(engine: SQLiteEngine, names: Sequence[str] = ASKED) -> tuple[Result, ...]:
    settings = Settings(as_of=AS_OF)
    return release([measure(CATALOGUE[name], settings, engine) for name in names], PUBLIC).results


@pytest.mark.parametrize(
    "other", [(41, 19), (38, 22), (42, 18), (40, 21)], ids=lambda pair: f"{pair[0]}+{pair[1]}"
)
def test_equal_rounded_counts_make_equal_figures(other: tuple[int, int]) -> None:
    """Facts that differ by less than the rounding cannot be told apart, in any digit."""
    assert [r.to_dict() for r in _released(_world(*other))] == [
        r.to_dict() for r in _released(_world(40, 20))
    ]


def test_no_count_leaves_as_it_is() -> None:
    """Of 43 and 26 no figure says more than 45, 25 and 70; the shares are whole percents."""
    results = _released(_world(43, 26))
    figures = [figure for result in results for figure in result]
    assert sum(figure.status == "shown" for figure in figures) > 8
    for figure in figures:
        for count in (figure.k, figure.n, figure.persons, figure.at_risk):
            assert count is None or count % 5 == 0
        assert figure.std_err is None
        if figure.measure == "proportion":
            for share in (figure.value, figure.low, figure.high, figure.censored):
                assert share is None or share == round(share, 2)
        elif figure.status == "shown" and figure.measure == "count":
            assert int(float(figure)) % 5 == 0
        assert figure.status != "shown" or figure.provenance.rounding == 5


@frozen(kw_only=True)
class Blunt(Metric):
    """A stranger's kind that knows nothing of rounding."""

    kind: ClassVar[str] = "blunt"
    columns: ClassVar[tuple[str, ...]] = ("person", "happened_on")

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`."""
        return "SELECT COUNT(*) AS n FROM placed"

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`."""
        ((n,),) = rows
        return [Draw(name="all", measure="count", value=n, n=n, tallies=(Tally(("all",), n),))]

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return ("1",)

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        return {("all",): len(rows)}


def test_a_kind_that_does_not_round_is_hidden() -> None:
    """Whoever writes a kind may forget it; then nothing leaves, rather than too much."""
    engine = _world(43, 26)
    metric = Blunt(name="blunt", cases="SELECT person, started_on AS happened_on FROM enrollments")
    (result,) = release([measure(metric, Settings(as_of=AS_OF), engine)], PUBLIC).results
    assert [figure.status for figure in result] == ["suppressed"]
    exact: Any = release(
        [measure(metric, Settings(as_of=AS_OF), engine)], Profile(name="exact", threshold=10)
    )
    assert [figure.value for figure in exact.results[0]] == [69]


@pytest.mark.parametrize(
    ("measure_of", "method", "value", "seen"),
    [
        ("proportion", "kaplan_meier", 0.12345, 0.12),
        ("days", "kaplan_meier", 45.3, 45),
        ("proportion", "aalen_johansen", 0.12345, 0.12),
        ("proportion", "Wilson", 0.12345, 0.12345),
    ],
)
def test_what_depends_on_those_still_open_loses_its_last_digits_with_them(
    measure_of: Any, method: str, value: float, seen: float
) -> None:
    """Else the last digits of a curve would tell how few are open; a plain share does not."""
    source = Provenance(metric="m", kind="k", definition="0" * 16, as_of=AS_OF)
    figure = Figure(
        name="it", measure=measure_of, provenance=source, method=method, value=value,
        low=value, high=value, std_err=0.1, censored=0.25, n=40,
    )  # fmt: skip
    found = output._without_open(figure)
    assert (found.value, found.low, found.high, found.censored) == (seen, seen, seen, None)
    assert found.std_err == (0.1 if method == "Wilson" else None)
    undefined = Figure(
        name="it", measure=measure_of, provenance=source, status="undefined", censored=0.25
    )
    assert output._without_open(undefined).status == "suppressed"


@pytest.mark.parametrize(
    ("values", "seen"),
    [
        ({"measure": "count", "value": 45}, 45),
        ({"measure": "count", "value": 43}, None),
        ({"measure": "proportion", "value": 0.12345, "k": 5, "n": 40}, 0.12),
        ({"measure": "difference", "value": 0.12345}, 0.12),
        ({"measure": "mean", "value": 12.345, "n": 40}, 12.345),
        ({"measure": "mean", "value": 12.345, "n": 41}, None),
        ({"measure": "mean", "value": 12.345, "persons": 41}, None),
        ({"measure": "days", "value": 43, "at_risk": 41}, None),
    ],
)
def test_a_figure_of_counts_that_are_not_rounded_does_not_leave(
    values: dict[str, Any], seen: float | None
) -> None:
    """Shares are whole percents; of other figures the kind answers for the digits."""
    source = Provenance(metric="m", kind="k", definition="0" * 16, as_of=AS_OF)
    figure = Figure(name="it", provenance=source, std_err=0.1, **values)
    found = output._rounded(figure, 5)
    assert found.status == ("suppressed" if seen is None else "shown")
    assert (found.value, found.std_err) == (seen, None)
    assert output._rounded(figure, None) == figure
