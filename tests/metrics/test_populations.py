"""Who is in which population of a share, as FHIR Measure has it, and the score that follows.

The nine people are those of the test cases of HL7's guide for quality measures (fhir-cqm,
``MeasureReport-IGProportion-*``, 2024): which rules each of them meets, which populations each is
in, and what the score is of each alone.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import osallisuus as osa
from osallisuus.engines.sqlite import SQLiteEngine
from osallisuus.metrics.compile import Settings
from osallisuus.metrics.measure import Measurement, Place, measure
from osallisuus.metrics.metric import Thinning
from tests.disclosure.test_gate_counts import _differences
from tests.spec.tables import register_of

POPULATIONS = (
    "initial_population",
    "denominator",
    "denominator_exclusion",
    "numerator",
    "numerator_exclusion",
    "denominator_exception",
)
RULES = ("initial", "denominator", "excluded", "numerator", "uncounted", "excepted")

# who meets which rule, 1 or 0, and the populations that the guide says the person is in
NINE = """
person  initial denominator excluded numerator uncounted excepted   IP D DX N NX DE  score
ada     1       1           0        1         0         0          1  1  0 1  0  0  1
ben     1       1           0        0         0         0          1  1  0 0  0  0  0
cyd     0       1           0        1         0         0          0  0  0 0  0  0  -
dev     1       1           1        1         0         0          1  1  1 0  0  0  -
eve     1       1           0        1         1         0          1  1  0 1  1  0  0
fin     1       1           0        0         0         1          1  1  0 0  0  1  -
gus     1       1           0        1         0         0          1  1  0 1  0  0  1
hana    0       1           0        1         0         0          0  0  0 0  0  0  -
ivy     1       0           0        1         0         0          1  0  0 0  0  0  -
"""

CASES = """
WITH said AS (
  SELECT person, MAX(CASE WHEN name = 'initial' AND value = '1' THEN 1 ELSE 0 END) AS initial,
    MAX(CASE WHEN name = 'denominator' AND value = '1' THEN 1 ELSE 0 END) AS denominator,
    MAX(CASE WHEN name = 'excluded' AND value = '1' THEN 1 ELSE 0 END) AS excluded,
    MAX(CASE WHEN name = 'numerator' AND value = '1' THEN 1
      WHEN name = 'numerator' AND value = '0' THEN 0 END) AS numerator,
    MAX(CASE WHEN name = 'uncounted' AND value = '1' THEN 1 ELSE 0 END) AS uncounted,
    MAX(CASE WHEN name = 'excepted' AND value = '1' THEN 1 ELSE 0 END) AS excepted
  FROM traits GROUP BY person)
SELECT e.person AS person, e.id AS enrollment, e.group_id AS group_id,
  e.started_on AS happened_on, s.numerator AS hit, s.denominator AS denominator,
  s.excluded AS denominator_exclusion, s.excepted AS denominator_exception,
  s.uncounted AS numerator_exclusion
FROM enrollments AS e JOIN said AS s ON s.person = e.person WHERE s.initial = 1"""

SCORED = osa.ScreenedProportion(name="scored", cases=CASES)
AS_OF = date(2018, 7, 1)


def people(rows: list[list[str]]) -> str:
    """Facts of people who meet, of :data:`RULES`, those with a 1; ``?``: not known yet."""
    traits = [
        f"{person} {name} {value} 2018-01-01"
        for person, *values in rows
        for name, value in zip(RULES, values, strict=False)
        if value != "?"
    ]
    started = [f"{person} red 2018-01-02" for person, *_ in rows]
    return "\n".join(
        [
            *("traits", "person name value since", *traits, ""),
            *("enrollments", "person group started_on", *started),
        ]
    )


def scored(rows: list[list[str]]) -> osa.Result:
    with register_of(people(rows)) as register:
        return register.measure(SCORED, as_of=AS_OF)


def counts(result: osa.Result) -> list[int]:
    return [int(float(result.figure(name))) for name in POPULATIONS]


LINES = [line.split() for line in NINE.strip().splitlines()[1:]]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[0])
def test_each_of_the_nine_is_in_the_populations_that_the_guide_names(line: list[str]):
    """Outside the initial population, or the denominator, nobody comes any further; an exclusion
    takes out who meets the numerator as well, and only a numerator exclusion counts as a no."""
    result = scored([line])
    *expected, score = line[7:]
    figure = result.figure("scored")
    if expected[0] == "0":
        assert {one.reason for one in result} == {"no_cases"}
        return
    assert counts(result) == [int(n) for n in expected]
    assert (figure.reason if figure.value is None else f"{figure.value:g}") == (
        "no_cases" if score == "-" else score
    )


def test_the_nine_together_score_two_of_four():
    """(N - NX) / (D - DX - DE) = (3 - 1) / (6 - 1 - 1)."""
    result = scored(LINES)
    assert counts(result) == [7, 6, 1, 3, 1, 1]
    figure = result.figure()
    assert (figure.value, figure.k, figure.n, figure.censored) == (0.5, 2, 4, 0)


def test_an_exception_counts_only_for_who_does_not_meet_the_numerator():
    """Who could be excused and did it all the same is in the numerator."""
    result = scored([["a", *"110101"], ["b", *"110001"]])
    assert counts(result) == [2, 2, 0, 1, 0, 1]
    assert result.figure().value == 1


def test_a_numerator_exclusion_counts_only_for_who_meets_the_numerator():
    result = scored([["a", *"110010"], ["b", *"110011"], ["c", *"110111"]])
    assert counts(result) == [3, 3, 0, 1, 1, 1]
    assert (result.figure().k, result.figure().n) == (0, 2)


def test_who_is_not_known_yet_is_in_the_initial_population_and_never_a_no():
    result = scored([["a", *"11010"], ["b", *"110?0"], ["c", *"111?0"], ["d", *"110?01"]])
    assert counts(result) == [4, 3, 1, 1, 0, 1]
    figure = result.figure()
    assert (figure.value, figure.n, figure.censored) == (1, 1, 0.5)


@given(st.lists(st.tuples(st.just("1"), *[st.sampled_from("01")] * 2, st.sampled_from("01?"),
                          *[st.sampled_from("01")] * 2), min_size=1, max_size=12))  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_the_share_is_the_score_of_the_counts_beside_it(met: list[tuple[str, ...]]):
    """Whoever meets which rules: the formula of the manual gives the figure from the counts."""
    result = scored([[f"p{n}", *rules] for n, rules in enumerate(met)])
    _, d, dx, n, nx, de = counts(result)
    figure = result.figure("scored")
    assert n <= d - dx - de
    if d == dx + de:
        assert figure.value is None
    else:
        assert figure.value == (n - nx) / (d - dx - de)


def test_every_population_leads_back_to_the_people_in_it():
    with register_of(people(LINES)) as register:
        result = register.measure(SCORED, as_of=AS_OF)
        inside = {
            name: {case.person for case in result.figure(name).facts() if case.counted}
            for name in POPULATIONS
        }
    assert inside["denominator_exclusion"] == {"dev"}
    assert inside["denominator_exception"] == {"fin"}
    assert inside["numerator_exclusion"] == {"eve"}
    assert inside["numerator"] == {"ada", "eve", "gus"}
    assert inside["initial_population"] - inside["denominator"] == {"ivy"}


def test_populations_are_explained_and_stand_in_json():
    result = scored(LINES)
    told = {
        locale: result.figure("denominator_exception").explain(locale).splitlines()[0]
        for locale in ("fi", "sv", "en")
    }
    assert told["fi"].startswith("Scored – Poikkeukset, joita ei lasketa kielteisiksi: 1.")
    assert told["sv"].startswith("Scored – Undantag som inte räknas som nej: 1.")
    assert told["en"].startswith("Scored – Exceptions, not counted as a no: 1.")
    assert "Who is left out of the share" in result.figure().explain("en")
    written = json.loads(json.dumps(result.to_dict()))["figures"]
    assert {one["name"]: one["value"] for one in written}["numerator_exclusion"] == 1


def test_only_the_populations_that_are_stated_are_counted():
    plain = osa.ScreenedProportion(
        name="plain",
        cases="SELECT person, started_on AS happened_on, 1 AS hit FROM enrollments",
    )
    assert plain.populations == ("initial_population", "denominator", "numerator")
    assert SCORED.populations == (
        "initial_population",
        "denominator",
        "denominator_exclusion",
        "denominator_exception",
        "numerator",
        "numerator_exclusion",
    )


def test_a_mark_that_is_none_is_refused():
    wrong = osa.ScreenedProportion(
        name="wrong",
        cases="SELECT person, started_on AS happened_on, 2 AS hit, 1 AS denominator_exclusion"
        " FROM enrollments",
    )
    with register_of(people(LINES)) as register, pytest.raises(osa.EngineError, match="hit is"):
        register.measure(wrong, as_of=AS_OF)


def measured(rows: list[list[str]]) -> Measurement:
    with register_of(people(rows)) as register:
        engine = SQLiteEngine.open(register.store)
        return measure(SCORED, Settings(as_of=AS_OF), engine)


@given(st.lists(st.tuples(st.sampled_from("01"), *[st.sampled_from("01")] * 2,
                          st.sampled_from("01?"), *[st.sampled_from("01")] * 2), max_size=14),
       st.integers(0, 14))  # fmt: skip
@settings(max_examples=25, deadline=None)
def test_tables_of_disjoint_people_add_up_and_the_gate_counts_alike(
    met: list[tuple[str, ...]], cut: int
):
    rows = [[f"p{n}", *rules] for n, rules in enumerate(met)]
    whole, one, other = (measured(part) for part in (rows, rows[:cut], rows[cut:]))
    merged = SCORED.tabulation.merge(*(m.tables.get(Place(), ()) for m in (one, other)))
    assert merged == SCORED.tabulation.merge(whole.tables.get(Place(), ()))
    assert _differences(whole, threshold=3) == []


def crowd(**of_kind: int) -> list[list[str]]:
    kinds = {"yes": "11010", "no": "11000", "excluded": "11100", "excepted": "110001",
             "uncounted": "11011"}  # fmt: skip
    return [[f"{kind}{n}", *kinds[kind]] for kind, count in of_kind.items() for n in range(count)]


def released(**of_kind: int) -> dict[str, osa.Figure]:
    with register_of(people(crowd(**of_kind))) as register:
        out = register.release(SCORED, as_of=AS_OF).results[0]
    return {figure.name: figure for figure in out}


def test_a_few_who_were_left_out_do_not_leave_the_gate():
    """Those who were left out in larger numbers do."""
    out = released(yes=40, no=30, excluded=12, excepted=3, uncounted=15)
    assert out["denominator_exclusion"].value == 10
    assert out["numerator_exclusion"].value == 15
    assert out["denominator_exception"].status == "suppressed"


def test_that_all_were_left_out_does_not_leave_the_gate():
    """It would be said of each of them."""
    out = released(excluded=60)
    assert out["denominator_exclusion"].status == "suppressed"


def test_the_few_who_remain_are_not_told_by_what_was_left_out():
    """Two numbers of which one is a part of the other tell the rest, however it is made up."""
    out = released(yes=1, no=1, excepted=1, excluded=60)
    assert "suppressed" in {out[name].status for name in ("denominator", "denominator_exclusion")}


def test_none_and_a_few_left_out_look_alike():
    none, few = released(yes=40, no=30), released(yes=40, no=30, excepted=4)
    assert none["denominator_exception"].status == "suppressed"
    assert few["denominator_exception"].status == "suppressed"


def test_what_leaves_is_drawn_from_rounded_counts():
    out = released(yes=43, no=31, excluded=22, excepted=17, uncounted=11)
    shown = [figure for figure in out.values() if figure.status == "shown"]
    assert {figure.name for figure in shown} >= {"denominator_exclusion", "numerator_exclusion"}
    assert all(n is None or n % 5 == 0 for figure in shown for n in (figure.k, figure.n))


def test_the_turned_case_of_a_telling_count_changes_that_count():
    """Where all or none are in a population, the audit thinks of them as not, or as, in it."""
    grid = Thinning({}, threshold=3)
    kinds = ("denominator", "numerator", "denominator_exclusion", "denominator_exception",
             "numerator_exclusion")  # fmt: skip
    for label, kind in product(("yes", *kinds[2:]), kinds):
        before = Counter(SCORED.contributions([(kind,)], grid))
        (turned,) = SCORED.otherwise([(kind,)], (label,), None)
        after = Counter(SCORED.contributions(turned, grid))
        assert after[label,] == 1 - before[label,]
        assert after["denominator",] == before["denominator",]
