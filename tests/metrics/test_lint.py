"""What an author of a metric is told before anything runs: what, where, and what would work."""

from __future__ import annotations

from datetime import date

import pytest

import osallisuus as osa
from osallisuus.metrics.catalogue import CATALOGUE


def _select(hit: str, rest: str = "") -> str:
    return f"SELECT person, started_on AS happened_on, {hit} AS hit FROM enrollments {rest}"


def _hit(condition: str) -> str:
    return _select(f"CASE WHEN {condition} THEN 1 ELSE 0 END")


BAD = {
    "a table that is not there": (_select("1").replace("enrollments", "enrolments"), "enrollments"),
    "a column that is not there": (_select("1").replace("started_on", "start_on"), "started_on"),
    "a column of an alias": (_select("e.persn", "AS e"), "person"),
    "a sum": (_select("1 + 1"), "no arithmetic"),
    "a difference of days": (_select("ended_on - started_on"), "days_between"),
    "a product": (_select("2 * 2"), "no arithmetic"),
    "a quotient": (_select("1 / 2"), "no arithmetic"),
    "joined text": (_select("channel || aim"), "no arithmetic"),
    "a semicolon": (_select("1", "; DELETE FROM people"), "semicolon"),
    "a comment": (_select("1", "-- all of them"), "comments"),
    "a comment inside": (_select("1 /* hit */"), "comments"),
    "a quoted name": (_select("1").replace("person", '"person"'), "quoted"),
    "a name in backticks": (_select("1").replace("person", "`person`"), "quoted"),
    "a name in brackets": (_select("1").replace("person", "[person]"), "quoted"),
    "a value in the text": (_select("1", "WHERE started_on > '2020-01-01'"), ":parameter"),
    "a name in the text": (_select("1", "WHERE channel = 'O''Hara'"), ":parameter"),
    "a function that differs": (_select("upper(channel)"), "upper"),
    "a function that draws lots": (_select("random()"), "random"),
    "a function that loads code": (_select("load_extension(channel)"), "load_extension"),
    "a missing column": ("SELECT person, started_on AS happened_on FROM enrollments", "hit"),
    "a column too many": (_select("1").replace("person,", "person, aim,"), "aim"),
    "a parameter without value": (_select("1", "WHERE started_on > :since"), "params"),
    "a parameter by place": (_select("1", "WHERE started_on > ?"), "params"),
    "a deletion": ("DELETE FROM people", "SELECT"),
    "an insertion": ("INSERT INTO people SELECT id, id FROM people", "SELECT"),
    "a deletion after WITH": ("WITH x AS (SELECT 1) DELETE FROM people", "syntax"),
    "a pragma": ("PRAGMA table_info(people)", "pragma"),
    "a pragma as a table": (
        "SELECT name AS person, name AS happened_on, 1 AS hit FROM pragma_table_info('people')",
        "only reading",
    ),
    "the schema": (
        "SELECT name AS person, sql AS happened_on, 1 AS hit FROM sqlite_master",
        "only reading",
    ),
    "free text": ("SELECT form AS person, note AS happened_on, 1 AS hit FROM answers", "own words"),
    "who must not share a group": (
        "SELECT one AS person, until AS happened_on, 1 AS hit FROM keep_apart",
        "never counted",
    ),
    "the first few": (_select("1", "LIMIT 5"), "limit"),
    "a pattern": (_select("1", "WHERE channel LIKE 'street'"), "like"),
    "a window without order": (_select("ROW_NUMBER() OVER ()"), "ORDER BY"),
    "a window with a part and no order": (
        _select("ROW_NUMBER() OVER (PARTITION BY person)"),
        "ORDER BY",
    ),
    "a condition as hit": (_select("ended_on IS NOT NULL"), "CASE WHEN"),
    "a comparison as hit": (_select("ending = 'completed'"), "CASE WHEN"),
    "a comparison in brackets": (_select("(started_on < ended_on)"), "CASE WHEN"),
    "a sum of conditions": (_select("SUM(ending = 'left')", "GROUP BY person"), "CASE WHEN"),
    "a condition that a case gives": (
        _select("CASE WHEN ended_on IS NULL THEN aim = 'x' ELSE 0 END"),
        "CASE WHEN",
    ),
    "whether there is any": (_select("EXISTS (SELECT 1 FROM pauses)"), "CASE WHEN"),
    "a condition inside": (
        f"WITH x AS (SELECT id, aim IN ('a', 'b') AS y FROM enrollments) {_select('1')}",
        "CASE WHEN",
    ),
    "a day out of text": (_select("CAST(started_on AS DATE)"), "CAST"),
    "one day only": (_select("days_between(started_on)"), "days_between"),
    "a select without end": (
        f"WITH RECURSIVE n AS (SELECT 1 AS x UNION ALL SELECT x FROM n) {_select('1', ', n')}",
        "does not end",
    ),
    "nothing": ("", "SELECT"),
    "all columns": ("SELECT * FROM enrollments", "name the columns"),
    "all columns of an alias": ("SELECT e.* FROM enrollments AS e", "name the columns"),
    "all columns besides": (_select("1").replace("person,", "person, *,"), "name the columns"),
    "a name that SQL reserves": (_select("1", "AS e WHERE e.group = 'g'"), "called group_id"),
    "another that SQL reserves": (_select("1", "JOIN pauses AS p ON p.of = id"), "called of_id"),
    "a code that is none": (_hit("ending = 'complete'"), "did you mean 'completed'?"),
    "a code that is none, of an alias": (
        _hit("e.ending = 'complete'").replace("enrollments", "enrollments AS e"),
        "e.ending is never 'complete'",
    ),
    "a code that is none, first": (_hit("'complete' <> ending"), "did you mean 'completed'?"),
    "a code that is none, in a list": (_hit("ending NOT IN ('left', 'lost')"), "never 'lost'"),
    "a code of another table": (_hit("ending IS 'present'"), "never 'present'"),
}


def test_arithmetic_is_not_what_is_said_of_all_columns():
    """Who writes SELECT * hears of columns, and who multiplies hears of arithmetic."""
    with pytest.raises(osa.DefinitionError) as caught:
        osa.Proportion(name="mine", cases="SELECT * FROM enrollments")
    assert [problem.what for problem in caught.value.problems] == ["no * for all columns"]
    with pytest.raises(osa.DefinitionError, match="no arithmetic"):
        osa.Proportion(name="mine", cases="SELECT *, 2 * 3 AS hit FROM enrollments")


@pytest.mark.parametrize(
    "condition",
    [
        "ending = 'completed' OR ending IN ('left', 'died')",
        "aim = 'anything' OR channel <> 'own_word'",
        "ending = :ending",
    ],
)
def test_codes_that_there_are_open_codes_and_parameters_pass(condition: str):
    cases = _select(
        f"MAX(CASE WHEN {condition} THEN 1 END)", "GROUP BY person, started_on HAVING COUNT(*) > 1"
    )
    assert osa.Proportion(name="mine", cases=cases, params={"ending": "left"}).lineage.fields


def test_a_column_that_the_select_makes_itself_may_hold_any_word():
    """The same name means something else then."""
    cases = """
WITH marked AS (
  SELECT person, started_on, CASE WHEN ended_on IS NULL THEN 'open' ELSE ending END AS ending
  FROM enrollments)
SELECT person, started_on AS happened_on, CASE WHEN ending = 'open' THEN 1 ELSE 0 END AS hit
FROM marked"""
    assert osa.Proportion(name="mine", cases=cases).lineage.tables == ("enrollments",)


def test_a_policy_is_compared_with_its_choices_only():
    """A choice that the SELECT misspells would be one without effect."""
    with pytest.raises(osa.DefinitionError, match=r":open is never 'ot'.*did you mean 'out'"):
        osa.Proportion(
            name="mine",
            cases=_select("1", "WHERE :open = 'in' OR (:open = 'ot' AND ended_on IS NOT NULL)"),
            policies={"open": "in"},
            choices={"open": ("in", "out")},
        )


@pytest.mark.parametrize("what", BAD)
def test_bad_sql_is_refused_with_its_place_and_a_remedy(what: str):
    """The message says what is wrong in the author's words; nothing has been run on facts."""
    cases, word = BAD[what]
    with pytest.raises(osa.DefinitionError) as caught:
        osa.Proportion(name="mine", cases=cases)
    assert word in str(caught.value)
    assert all(problem.where == "mine.cases" for problem in caught.value.problems)
    assert all(problem.what and problem.remedy for problem in caught.value.problems)


@pytest.mark.parametrize(
    "hit",
    [
        "CASE WHEN started_on < ended_on AND NOT (ending IN ('left', 'died')) THEN 1 ELSE 0 END",
        "CASE WHEN EXISTS (SELECT 1 FROM pauses AS p WHERE p.of_id = id) THEN 1 END",
        "MAX(CASE WHEN ending = 'left' OR ending IS NULL THEN 1 ELSE 0 END)",
        "MAX(id) OVER (PARTITION BY person ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)",
        "COALESCE(CASE WHEN aim = 'x' THEN CASE WHEN ended_on IS NULL THEN 0 ELSE 1 END END, 0)",
        "(SELECT MAX(p.starts_on) FROM pauses AS p WHERE p.of_id = id AND p.ends_on IS NULL)",
    ],
)
def test_a_condition_in_its_place_is_no_value(hit: str):
    """WHEN, WHERE, ON and HAVING take conditions, windows have BETWEEN, and all of them nest."""
    cases = _select(hit, "GROUP BY person, started_on HAVING COUNT(id) > 1 OR MAX(id) = 'x'")
    assert osa.Proportion(name="mine", cases=cases).lineage.tables[0] == "enrollments"


def test_a_name_that_is_not_there_is_answered_with_those_that_are():
    """The columns of the tables that the SELECT names, and all tables for an unknown one."""
    with pytest.raises(osa.DefinitionError) as caught:
        osa.Proportion(name="mine", cases=_select("1").replace("started_on", "begun"))
    remedy = caught.value.problems[0].remedy
    assert "enrollments has: id, person, program" in remedy
    assert "sessions" not in remedy
    with pytest.raises(osa.DefinitionError) as caught:
        osa.Proportion(name="mine", cases=_select("1").replace("enrollments", "courses"))
    assert "the tables are people, traits, groups, enrollments" in caught.value.problems[0].remedy


def test_all_that_is_wrong_with_the_columns_is_said_at_once():
    """Who forgets two columns and adds one hears of everything in one message."""
    with pytest.raises(osa.DefinitionError) as caught:
        osa.Proportion(name="mine", cases="SELECT person, aim FROM enrollments")
    told = [problem.what for problem in caught.value.problems]
    assert "missing: happened_on, hit" in told[0]
    assert "aim" in told[1]


def test_bad_sql_is_refused_as_soon_as_the_metric_is_made():
    """No way to the facts leads past the check, and nobody has to ask to hear of a mistake."""
    with pytest.raises(osa.DefinitionError, match="limit"):
        osa.Proportion(name="mine", cases=_select("1", "LIMIT 5"))


def test_a_parameter_with_a_value_is_accepted_and_bound():
    """What may not stand in the text may be bound by name."""
    metric = osa.Proportion(
        name="mine",
        cases=_select("1", "WHERE channel = :channel"),
        params={"channel": "O'Hara; DROP TABLE people"},
    )
    assert metric.lineage.columns == ("person", "happened_on", "hit")
    assert osa.open("memory:").measure(metric).figure().reason == "no_cases"


def test_the_lineage_names_what_a_metric_reads():
    """Tables and columns, so that a report can say where a figure comes from."""
    lineage = osa.Proportion(name="mine", cases=_select("1", "WHERE ended_on IS NULL")).lineage
    assert lineage.tables == ("enrollments",)
    assert lineage.fields == (
        "enrollments.ended_on",
        "enrollments.person",
        "enrollments.started_on",
    )


def test_a_count_of_all_rows_reads_its_table():
    """A table of which no column is named belongs to the lineage as well."""
    cases = _select("1", "WHERE EXISTS (SELECT COUNT(*) FROM encounters)")
    assert osa.Proportion(name="mine", cases=cases).lineage.tables == ("encounters", "enrollments")


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_metrics_of_the_catalogue_pass(name: str):
    """Ours keep the rules that a stranger's must keep."""
    assert set(CATALOGUE[name].needed) <= set(CATALOGUE[name].lineage.columns)


def test_a_metric_that_protects_cases_says_which_they_are():
    """With unit="case" the cases return case_id, besides what the kind needs."""
    cases = "SELECT NULL AS person, decided_on AS happened_on, 1 AS hit FROM ideas"
    with pytest.raises(osa.DefinitionError, match="missing: case_id"):
        osa.Proportion(name="mine", cases=cases, unit="case")
    told = cases.replace("SELECT", "SELECT id AS case_id,")
    assert "case_id" in osa.Proportion(name="mine", cases=told, unit="case").lineage.columns
    assert osa.Proportion(name="mine", cases=cases).lineage.columns[0] == "person"


def test_another_unit_is_refused_when_the_metric_is_made():
    """What is protected are people or cases; a slip would else be taken for one of them."""
    with pytest.raises(osa.DefinitionError, match=r"mine\.unit"):
        osa.Proportion(name="mine", cases=_select("1"), unit="group")


def test_a_hit_is_yes_no_or_unknown():
    """Another mark is told, since such cases would be left out in silence."""
    people = [osa.Person(id="p-1", registered_on=date(2020, 1, 1))]
    episode = osa.Enrollment(
        id="e-1", person="p-1", program="wertzu", program_version="1", started_on=date(2020, 1, 1)
    )
    with osa.open("memory:") as register:
        register.add([*people, episode])
        for hit in ("2", "'yes'"):
            metric = osa.Proportion(name="mine", cases=_select(hit))
            for ask in (register.measure, register.release):
                with pytest.raises(osa.EngineError, match="something else than 1, 0 or NULL"):
                    ask(metric)
        for hit in ("1", "0", "NULL"):
            register.measure(osa.Proportion(name="mine", cases=_select(hit)))


def test_a_metric_shows_itself_without_its_sql():
    """In a console its name and choices are of use, fifty lines of SQL are not."""
    shown = repr(CATALOGUE["completion"])
    assert "name='completion'" in shown
    assert "SELECT" not in shown


def test_a_name_that_two_tables_share_may_hold_the_codes_of_both():
    """Without its table ``ending`` is of either; where one of them is open, of any."""

    def checked(word: str, other: str) -> None:
        rest = f"WHERE id IN (SELECT id FROM {other} WHERE ending = '{word}')"
        osa.Proportion(name="mine", cases=_select("1", rest))

    checked("stepped_back", "roles")
    checked("own_word", "memberships")
    with pytest.raises(osa.DefinitionError, match="ending is never 'own_word'"):
        checked("own_word", "roles")
