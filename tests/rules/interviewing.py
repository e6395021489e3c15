"""A circle that says what its interview asks, as a TOML file, and somebody who was interviewed."""

from datetime import date

from osallisuus.model.definition import read_program
from osallisuus.model.facts import Interview
from osallisuus.rules.answers import respond
from tests.model import made

TOML = """
name = "circle"
version = "1"
title = { fi = "Piiri", en = "A circle" }
kinds = ["group_training"]

[target]
text.en = "Women who want to come."
non_criteria = [{ code = "abstinence", text.en = "Abstinence is not required." }]

[[target.criteria]]
code = "woman"
text = { fi = "On nainen.", sv = "Är kvinna.", en = "Is a woman." }
condition = { kind = "answered", question = "gender", answer = "woman" }

[[target.criteria]]
code = "adult"
text = { fi = "On täysi-ikäinen.", sv = "Är myndig.", en = "Is of age." }
condition = { kind = "elapsed", question = "born_on", unit = "year", at_least = 18 }

[[target.criteria]]
code = "free"
text.en = "Has an evening, and few visits elsewhere."

[target.criteria.condition]
kind = "all"
of = [
  { kind = "answered", question = "evening", answer = true },
  { kind = "answered", question = "visits", operator = "<", answer = 3 },
]

[[target.criteria]]
code = "can_share"
text.en = "Can be in the same group."

[interview]
purpose.en = "To get to know each other."

[interview.questionnaire]
name = "intake"
version = "1"
title.en = "First interview"
items = [
  { link_id = "gender", text = { fi = "Sukupuolesi?", en = "Your gender?" }, type = "choice", open = true, options = [
    { code = "woman", label = { fi = "nainen", sv = "kvinna", en = "woman" } },
  ] },
  { link_id = "born_on", text = { fi = "Milloin synnyit?", en = "Born on?" }, type = "date" },
  { link_id = "evening", text = { fi = "Onko sinulla ilta?", en = "An evening?" }, type = "boolean" },
  { link_id = "visits", text.en = "Visits a week?", type = "integer", enable_when = [
    { question = "evening", operator = "=", answer = true },
  ] },
]

[[roles]]
code = "participant"
"""

PROGRAM = read_program(TOML, "circle.toml")
FORM = PROGRAM.interview.questionnaire


def interview(number, outcome, *, program="circle", person="Maija"):
    """An interview in March 2026, by its day."""
    return Interview(
        id=f"i{number}", person=person, program=program, happened_on=date(2026, 3, number),
        outcome=outcome, decided_by="w1",
    )  # fmt: skip


def facts():
    """Somebody not yet of age who was interviewed twice, and another who was not."""
    yield from (made.one("people", id=name) for name in ("Maija", "p2"))
    yield interview(2, "not_now")
    yield interview(9, "place")
    yield from respond(FORM, {"gender": "my own words"}).facts("i2")
    given = {"gender": "woman", "born_on": date(2008, 5, 17), "evening": False}
    yield from respond(FORM, given).facts("i9")
