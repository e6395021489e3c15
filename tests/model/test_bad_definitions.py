"""What cannot be meant is told with its key or fact and what would help; it never crashes.

Nine ways to go wrong: a contradicting cadence, no places, an end before a start, overlapping spans
of one role, questionnaires that go round in a circle, an unknown time zone, 30 February, a rule on
something that is not there, and a limit that counts nothing.
"""

from datetime import date

import pytest

from osallisuus.errors import DefinitionError
from osallisuus.ingest.folder import read_folder
from osallisuus.model.cadence import Rate
from osallisuus.model.definition import read_program
from osallisuus.rules.findings import check
from osallisuus.rules.schedule.days import day_of
from osallisuus.rules.schedule.plan import plan
from osallisuus.rules.schedule.timetable import Timetable
from tests.model import made

HEAD = """
name = "circle"
version = "1"
title.en = "A circle"
kinds = ["group_training"]
"""
BACKWARDS = "first = '2014', last = '2013'"


def sessions(text):
    return f"sessions = {{ {text} }}"


def cadence(text, more=""):
    return sessions(f"cadence = {{ {text} }}{more}")


def asking(*items):
    """An interview with items: a link_id, and the one that it waits for or what else it has."""
    written = ", ".join(
        f"{{ link_id = '{link}', text.en = 'Q', {shown(more)} }}" for link, more in items
    )
    return (
        "interview.purpose.en = 'To meet'\n"
        "interview.questionnaire = { name = 'q', version = '1', title.en = 'Q', "
        f"items = [ {written} ] }}"
    )


def shown(more):
    if more is None or " " in more:
        return more or "type = 'boolean'"
    rule = f"{{ question = '{more}', operator = '=', answer = true }}"
    return f"type = 'boolean', enable_when = [ {rule} ]"


def asks(condition):
    criterion = f"{{ code = 'c', text.en = 'C', condition = {{ {condition} }} }}"
    return f"target = {{ text.en = 'All', criteria = [ {criterion} ] }}\n"


CIRCLE = "interview.questionnaire.items[0].enable_when[0].question"
FIRST = "put that item first; conditions may not go round in a circle"
PLACES = "give 1 to 100000, or leave it out where it is not stated"
LIMIT = "give 1 or more, or leave the limit out where it is not stated"
UNITS = "a community's size is counted in clients or persons"

DEFINITIONS = [
    # 1 a cadence that contradicts itself, or the breaks of its sessions
    (cadence("kind = 'rate', min = 2, max = 1, per = 'week'"), "sessions.cadence.max", "swap min and max"),
    (cadence("kind = 'every', min = 2, max = 1, unit = 'week'"), "sessions.cadence.max", "swap min and max"),
    (cadence("kind = 'exactly', count = 0, every = 'week'"), "sessions.cadence.count", "give 1 to 1000000"),
    (cadence("kind = 'as_needed', count = 8"), "sessions.cadence.count", "nothing is known here"),
    (cadence("kind = 'exactly', count = 8, every = 'week', min = 1"), "sessions.cadence.min", "known: count, duration, every"),
    (
        cadence("kind = 'exactly', count = 8, every = 'week', duration = 60", ", breaks = [{ code = 'lunch', minutes = 60 }]"),
        "sessions.breaks",
        "the duration of a cadence is the whole length, breaks included",
    ),
    (sessions("breaks = [{ code = 'lunch', minutes = 0 }]"), "sessions.breaks[0].minutes", "give its minutes, or leave them out where they are not stated"),
    (sessions("nominal_duration = { min = 2, max = 1, unit = 'month' }"), "sessions.nominal_duration.max", "swap min and max"),
    (sessions("nominal_duration = { min = 1, max = 101, unit = 'year' }"), "sessions.nominal_duration.max", "give at most 100 years"),
    # 2 no places
    (sessions("capacity = 0"), "sessions.capacity", PLACES),
    (sessions("capacity = -8"), "sessions.capacity", PLACES),
    (sessions("capacity = 100001"), "sessions.capacity", PLACES),
    (sessions("capacity = '8'"), "sessions.capacity", "write a whole number"),
    # 3 an end before its start
    (f"period = {{ {BACKWARDS} }}", "period", "swap first and last"),
    (f"responsibility = [{{ by = 'state', of.en = 'S', during = {{ {BACKWARDS} }} }}]", "responsibility[0].during", "swap first and last"),
    # 5 questions that wait for themselves, for each other, or for their own group
    (asking(("a", "a")), CIRCLE, FIRST),
    (asking(("a", "b"), ("b", "a")), CIRCLE, FIRST),
    (asking(("a", "c"), ("b", "a"), ("c", "b")), CIRCLE, FIRST),
    (
        asking(("g", "type = 'group', items = [{ link_id = 'a', text.en = 'Q', type = 'boolean' }], enable_when = [{ question = 'a', operator = '=', answer = true }]")),
        CIRCLE,
        FIRST,
    ),
    # 7 30 February
    ("period = { first = '2014-02-30' }", "period.first", "check month and day"),
    ("period = { first = 2014-02-30 }", "line 6", "correct it there"),
    (
        asking(("a", "type = 'date'"), ("b", "type = 'boolean', enable_when = [{ question = 'a', operator = '>', answer = '2018-02-30' }]")),
        "interview.questionnaire.items[1].enable_when[0].answer",
        "write it as 2018-01-31",
    ),
    # 8 a rule on something that is not there
    (asking(("a", None), ("b", "aa")), "interview.questionnaire.items[1].enable_when[0].question", "did you mean 'a'?"),
    (asks("kind = 'answered', question = 'aa', answer = true") + asking(("a", None)), "target.criteria.c", "did you mean 'a'?"),
    (asks("kind = 'elapsed', question = 'aa', unit = 'year', at_least = 18") + asking(("a", None)), "target.criteria.c", "did you mean 'a'?"),
    (sessions("outline = [{ title.en = 'A', theme = 'hop' }]") + "\nthemes = [{ code = 'hope' }]", "sessions.outline[0].theme", "did you mean 'hope'?"),
    # 9 a limit that counts nothing
    ("community = { size_limit = { high = 50 } }", "community.size_limit.unit", "add it"),
    ("community = { size_limit = { high = 50, unit = 'euros' } }", "community.size_limit.unit", UNITS),
    ("community = { size_limit = { low = 5, unit = 'persons' } }", "community.size_limit.high", LIMIT),
    ("community = { size_limit = { high = 0, unit = 'persons' } }", "community.size_limit.high", LIMIT),
]  # fmt: skip


@pytest.mark.parametrize(("text", "where", "remedy"), DEFINITIONS)
def test_a_definition_that_cannot_be_meant_is_refused_by_its_key(text, where, remedy):
    with pytest.raises(DefinitionError) as caught:
        read_program(HEAD + text, "circle.toml")
    (problem,) = caught.value.problems
    assert (problem.where, problem.remedy) == (f"circle.toml:{where}", remedy)


GROUPS = "id,program,program_version,kind,starts_on,ends_on,capacity\n"
SESSIONS = "id,group,kind,starts_at,minutes,status\n"
WHOLE = "a whole number, 1 to 100000"
DAY = "a day that exists, as 2018-01-31, in the years 1000 to 8999"
MOMENT = (
    "a local time with its zone, as 2018-01-08T10:00[Europe/Helsinki]; "
    "with its offset in the hour that the clocks repeat"
)

MALFORMED = [
    # 2, 6 and 7 in the facts; a day that means "never" counts no days either
    ("groups", GROUPS + "g1,verna,1,support_group,2026-03-02,,0\n", "capacity", WHOLE),
    ("groups", GROUPS + "g1,verna,1,support_group,2026-02-30,,8\n", "starts_on", DAY),
    ("groups", GROUPS + "g1,verna,1,support_group,2026-03-02,9999-12-31,8\n", "ends_on", DAY),
    ("sessions", SESSIONS + "s1,g1,talk,2026-03-02T10:00[Europe/Helsingfors],60,held\n", "starts_at", MOMENT),
    ("sessions", SESSIONS + "s1,g1,talk,2026-02-30T10:00[Europe/Helsinki],60,held\n", "starts_at", MOMENT),
]  # fmt: skip


@pytest.mark.parametrize(("table", "text", "column", "remedy"), MALFORMED)
def test_a_fact_that_cannot_be_read_is_refused_by_its_row_and_column(
    tmp_path, table, text, column, remedy
):
    (tmp_path / f"{table}.csv").write_text(text, "utf-8")
    (problem,) = read_folder(tmp_path).problems
    assert (problem.where, problem.remedy) == (f"{table}.csv:2.{column}", remedy)


def role(id_, first, last=None, **more):
    given = {"person": "p1", "role": "peer", "program": "verna"} | more
    ended = {"ends_on": day(last), "ending": "term_ended"} if last else {}
    return made.one("roles", id=id_, starts_on=day(first), **given, **ended)


def day(text):
    return date.fromisoformat(text)


FOUND = [
    # 3 an end before its start
    (
        [made.one("groups", id="g1", program="verna", starts_on=day("2026-03-02"), ends_on=day("2026-03-01"))],
        "groups[g1].ends_on",
        "correct one of the two days",
    ),
    # 4 overlapping spans of one role of one person in one context
    (
        [role("r1", "2026-01-01"), role("r2", "2026-02-01")],
        "roles[r2].starts_on",
        "end the earlier one, or make the two one",
    ),
    ([role("r1", "2026-01-01", "2026-02-01"), role("r2", "2026-02-01")], None, None),
    ([role("r1", "2026-01-01"), role("r2", "2026-02-01", program="wertzu")], None, None),
    ([role("r1", "2026-01-01"), role("r2", "2026-02-01", group="g2")], None, None),
    ([role("r1", "2026-01-01"), role("r2", "2026-02-01", role="guide")], None, None),
    ([role("r1", "2026-01-01"), role("r2", "2026-02-01", person="p2")], None, None),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "where", "remedy"), FOUND)
def test_facts_that_contradict_one_another_are_kept_and_found(facts, where, remedy):
    rows = {facts[0].table.name: facts}
    found = [(one.where, one.remedy) for one in check(rows)]
    assert found == ([] if where is None else [(where, remedy)])


def planned(**more):
    return plan(Rate(1, 1, "week"), day("2026-03-02"), **more)


ZONE = "write a name such as Europe/Helsinki"
ASKED = {
    "an end before the start": (lambda: planned(ends_on=day("2026-03-01")), "ends_on", "give a later day"),
    "no end": (planned, "ends_on", "give the first day after, or a length"),
    "no such zone": (lambda: Timetable(zone="Europe/Helsingfors"), "zone", ZONE),
    "a path": (lambda: Timetable(zone="../../etc/passwd"), "zone", ZONE),
    "30 February": (lambda: day_of("02-30"), "02-30", "write month and day as 05-15"),
    "31 April": (lambda: day_of("04-31"), "04-31", "write month and day as 05-15"),
    "all break": (
        lambda: Timetable(minutes=60, break_minutes=60),
        "break_minutes",
        "minutes are the whole length, breaks included",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("ask", "where", "remedy"), ASKED.values(), ids=ASKED)
def test_a_plan_that_cannot_be_made_is_refused_by_what_was_asked(ask, where, remedy):
    with pytest.raises(DefinitionError) as caught:
        ask()
    (problem,) = caught.value.problems
    assert (problem.where, problem.remedy) == (where, remedy)
