"""Hypothesis strategies: small questionnaires, answers to them, and conditions on the answers."""

from __future__ import annotations

from hypothesis import strategies as st

from osallisuus.model.criteria import AllOf, Answered, AnyOf, Not
from osallisuus.model.questionnaire import EnableWhen, Item, Option, Questionnaire
from osallisuus.model.stated import Text

WORDS = Text(en="words")
OPTIONS = (Option("a", WORDS), Option("b", WORDS))
ANSWERS = {"boolean": (True, False), "choice": ("a", "b"), "integer": (-1, 0, 1, 2, 3)}
COMPARED = {"boolean": (True, False), "choice": ("a", "b"), "integer": (0, 1, 2)}
OPERATORS = {
    "boolean": ("=", "!="),
    "choice": ("=", "!="),
    "integer": ("=", "!=", "<", "<=", ">", ">="),
}


@st.composite
def questionnaires(draw, most=5, *, rules=True, absence=True):
    """A questionnaire of few questions in groups; *absence*: rules may ask for no answer."""
    asked: list[Item] = []

    def rule():
        item = draw(st.sampled_from(asked))
        if draw(st.integers(0, 4)) == 0:
            return EnableWhen(item.link_id, "exists", draw(st.booleans()) if absence else True)
        operator = draw(st.sampled_from(OPERATORS[item.type]))
        return EnableWhen(item.link_id, operator, draw(st.sampled_from(COMPARED[item.type])))

    def item(number, depth):
        more = {}
        if rules and asked and draw(st.booleans()):
            more["enable_when"] = tuple(rule() for _ in range(draw(st.integers(1, 2))))
            more["enable_all"] = draw(st.booleans())
        if depth < 2 and draw(st.integers(0, 2)) == 0:
            inner = tuple(
                item(f"{number}_{place}", depth + 1) for place in range(draw(st.integers(1, 2)))
            )
            return Item(link_id=f"g{number}", text=WORDS, type="group", items=inner, **more)
        kind = draw(st.sampled_from(sorted(ANSWERS)))
        more["options"] = OPTIONS if kind == "choice" else ()
        more["required"] = draw(st.booleans())
        made = Item(link_id=f"q{number}", text=WORDS, type=kind, **more)
        asked.append(made)
        return made

    items = tuple(item(number, 0) for number in range(draw(st.integers(1, most))))
    return Questionnaire(name="form", version="1", title=WORDS, items=items)


def questions(form):
    """The items that can be answered."""
    return [item for item in form.walk() if item.type in ANSWERS]


def given(form):
    """Answers to some of the questions, shown or not."""
    one = {
        item.link_id: st.none() | st.sampled_from(ANSWERS[item.type]) for item in questions(form)
    }
    return st.fixed_dictionaries(one)


@st.composite
def conditions(draw, form, depth=2):
    """A condition on the questions of *form*."""
    kind = draw(st.sampled_from(["leaf", "leaf", "all", "any", "not"])) if depth else "leaf"
    if kind == "not":
        return Not(draw(conditions(form, depth - 1)))
    if kind != "leaf":
        joined = {"all": AllOf, "any": AnyOf}[kind]
        return joined(
            tuple(draw(conditions(form, depth - 1)) for _ in range(draw(st.integers(1, 3))))
        )
    return draw(leaves(st.sampled_from(questions(form))))


@st.composite
def leaves(draw, items):
    """A comparison on one of *items*."""
    item = draw(items)
    if draw(st.integers(0, 5)) == 0:
        return Answered(question=item.link_id, operator="exists", answer=draw(st.booleans()))
    operator = draw(st.sampled_from(OPERATORS[item.type]))
    return Answered(
        question=item.link_id, operator=operator, answer=draw(st.sampled_from(COMPARED[item.type]))
    )


@st.composite
def read_once(draw, form):
    """A condition that looks at each question once at most, and never only whether it exists."""
    items = draw(st.permutations(questions(form)))
    parts = []
    for item in items[: draw(st.integers(1, len(items)))]:
        operator = draw(st.sampled_from(OPERATORS[item.type]))
        answer = draw(st.sampled_from(COMPARED[item.type]))
        leaf = Answered(question=item.link_id, operator=operator, answer=answer)
        parts.append(Not(leaf) if draw(st.booleans()) else leaf)
    while len(parts) > 1:
        joined = draw(st.sampled_from([AllOf, AnyOf]))((parts.pop(), parts.pop()))
        parts.insert(0, Not(joined) if draw(st.booleans()) else joined)
    return parts[0]
