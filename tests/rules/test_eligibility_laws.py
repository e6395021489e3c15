"""Laws of answers and eligibility, against models that try everything."""

from datetime import date
from itertools import combinations, product

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from osallisuus.model.cadence import step
from osallisuus.model.criteria import AllOf, AnyOf, Criterion, Elapsed, Not, TargetGroup
from osallisuus.model.questionnaire import Item, Questionnaire
from osallisuus.model.stated import Text
from osallisuus.rules.answers import read_response, respond
from osallisuus.rules.conditions import days_of, holds
from osallisuus.rules.eligibility import assess
from osallisuus.rules.judging import stretch
from osallisuus.rules.nearest import possible_answer
from tests.rules import questionnaires as made

WORDS = Text(en="words")
DAY = date(2026, 3, 1)
FEW = settings(max_examples=60, suppress_health_check=list(HealthCheck))


def standing(condition, response):
    criterion = Criterion(code="c", text=WORDS, condition=condition)
    return assess(TargetGroup(text=WORDS, criteria=(criterion,)), response, on=DAY)["c"].standing


def naive_shown(form, answers):
    """What is shown, by its definition: the item's rules hold and what it is in is shown."""
    above = {inner.link_id: item for item in form.walk() for inner in item.items}

    def counted(name):
        return () if answers.get(name) is None or not shown(form.item(name)) else (answers[name],)

    def rule_holds(rule):
        values = counted(rule.question)
        if rule.operator == "exists":
            return bool(values) == rule.answer
        return holds(values, rule.operator, rule.answer, of_day=False)

    def shown(item):
        met = [rule_holds(rule) for rule in item.enable_when]
        own = not met or (all(met) if item.enable_all else any(met))
        return own and (item.link_id not in above or shown(above[item.link_id]))

    return tuple(item.link_id for item in form.walk() if shown(item))


@FEW
@given(st.data())
def test_what_is_shown_follows_its_definition(data):
    """Reading from top to bottom once shows what the recursive definition shows."""
    form = data.draw(made.questionnaires())
    answers = data.draw(made.given(form))
    response = respond(form, answers)

    shown = naive_shown(form, answers)
    assert response.shown == shown
    assert set(response.values) == {n for n, a in answers.items() if a is not None and n in shown}
    assert set(response.not_asked) == {
        n for n, a in answers.items() if a is not None and n not in shown
    }
    assert response.missing == tuple(
        name for name in shown if form.item(name).required and answers[name] is None
    )


@FEW
@given(st.data())
def test_nothing_below_a_hidden_group_is_shown(data):
    """Whatever the own conditions of an item say, a group that is not shown hides it."""
    form = data.draw(made.questionnaires())
    response = respond(form, data.draw(made.given(form)))

    for group in form.walk():
        if group.items and group.link_id not in response.shown:
            assert not {inner.link_id for inner in group.items} & set(response.shown)


@FEW
@given(st.data())
def test_the_order_of_answers_and_of_facts_does_not_matter(data):
    """Answers in any order make the same response, and so do their facts, read back in any order."""
    form = data.draw(made.questionnaires())
    answers = data.draw(made.given(form))
    response = respond(form, answers)
    shuffled = data.draw(st.permutations(list(answers.items())))
    facts = data.draw(st.permutations(response.facts("i1")))

    assert respond(form, dict(shuffled)) == response
    assert read_response(form, "i1", facts) == respond(form, dict(response.values))


def completions(form, response):
    """The response with every other answer, or none, to the questions that have none."""
    free = [item for item in made.questions(form) if item.link_id not in response.values]
    for more in product(*((None, *made.ANSWERS[item.type]) for item in free)):
        names = (item.link_id for item in free)
        yield respond(form, response.values | dict(zip(names, more, strict=True)))


@FEW
@given(st.data())
def test_more_answers_never_overturn_what_is_known(data):
    """Met stays met and not met stays not met, however the unanswered questions are answered.

    It holds where no item is shown only as long as another has no answer.
    """
    form = data.draw(made.questionnaires(most=3, absence=False))
    assume(made.questions(form) and len(made.questions(form)) <= 5)
    condition = data.draw(made.conditions(form))
    response = respond(form, data.draw(made.given(form)))
    now = standing(condition, response)

    if now != "unknown":
        assert {standing(condition, one) for one in completions(form, response)} == {now}


@FEW
@given(st.data())
def test_what_can_still_go_either_way_is_unknown_and_nothing_else_is(data):
    """Where every question is asked and looked at once, unknown means exactly: both may come."""
    form = data.draw(made.questionnaires(most=4, rules=False))
    assume(len(made.questions(form)) <= 5)
    condition = data.draw(made.read_once(form))
    response = respond(form, data.draw(made.given(form)))
    full = {standing(condition, one) for one in completions(form, response)} - {"unknown"}

    now = standing(condition, response)
    assert full == ({"met", "not_met"} if now == "unknown" else {now})


@FEW
@given(st.data())
def test_the_nearest_changes_are_enough_and_none_are_fewer(data):
    """Each set makes the criterion met, and no smaller set of questions would."""
    form = data.draw(made.questionnaires(most=3))
    questions = made.questions(form)
    assume(len(questions) <= 4)
    condition = data.draw(made.conditions(form))
    response = respond(form, data.draw(made.given(form)))
    criterion = Criterion(code="c", text=WORDS, condition=condition)
    found = assess(TargetGroup(text=WORDS, criteria=(criterion,)), response, on=DAY)
    start = dict(response.values)

    sets = found.nearest("c", most=50)
    for changes in sets:
        other = {c.question: possible_answer(form.item(c.question), c.comparisons) for c in changes}
        assert standing(condition, respond(form, start | other)) == "met"
        assert all((start.get(name) or (None,))[0] != answer for name, answer in other.items())
    smallest = fewest_changes(form, questions, start, condition)
    if found["c"].standing == "met":
        assert sets == ()
    else:
        assert (len(sets[0]) if sets else None) == smallest


def fewest_changes(form, questions, start, condition):
    """By trying all: in how many questions a response that meets *condition* differs at least."""
    for count in range(1, len(questions) + 1):
        for chosen in combinations(questions, count):
            for answers in product(*(made.ANSWERS[item.type] for item in chosen)):
                other = {item.link_id: answer for item, answer in zip(chosen, answers, strict=True)}
                if standing(condition, respond(form, start | other)) == "met":
                    return count
    return None


DAYS = st.dates(date(1990, 1, 1), date(2030, 12, 31))


@given(
    DAYS,
    DAYS,
    st.integers(0, 60),
    st.integers(1, 60),
    st.sampled_from(["day", "week", "month", "year"]),
)
def test_elapsed_time_is_the_same_from_both_ends(start, on, least, more, unit):
    """Adding time to the answer and taking it from the day agree, on the last of February too."""
    condition = Elapsed(question="q", unit=unit, at_least=least, less_than=least + more)
    bounds = days_of(condition, on)

    assert all(holds((start,), one.operator, one.answer, of_day=True) for one in bounds) == (
        step(start, least, unit) <= on < step(start, least + more, unit)
    )


@FEW
@given(st.data())
def test_the_days_on_which_time_changes_a_standing_are_found(data):
    """Day by day, a condition is met from the day that is told on and not before it."""
    form = DATES
    condition = data.draw(elapsed_conditions())
    answers = {
        name: data.draw(st.none() | st.dates(date(2026, 1, 20), date(2026, 3, 20))) for name in "ab"
    }
    response = respond(form, answers)
    criterion = Criterion(code="c", text=WORDS, condition=condition)
    group = TargetGroup(text=WORDS, criteria=(criterion,))

    def met(day):
        return assess(group, response, on=day)["c"].standing == "met"

    met_from, met_until = stretch(condition, response, DAY)
    days = [date.fromordinal(DAY.toordinal() + by) for by in range(-90, 90)]
    ahead = [day for day in days if day >= DAY and met(day)]
    if met(DAY):
        before = [day for day in days if day < DAY and not met(day)]
        assert met_from == (date.fromordinal(before[-1].toordinal() + 1) if before else None)
        after = [day for day in days if day > DAY and not met(day)]
        assert met_until == (after[0] if after else None)
    else:
        assert met_from == (ahead[0] if ahead else None)


DATES = Questionnaire(
    name="days",
    version="1",
    title=WORDS,
    items=tuple(Item(link_id=name, text=WORDS, type="date") for name in "ab"),
)


def elapsed(question, low, more):
    """Open to the left, to the right, or to neither side."""
    if not low:
        return Elapsed(question=question, unit="day", less_than=more + 1)
    return Elapsed(
        question=question, unit="day", at_least=low, less_than=low + more if more else None
    )


def elapsed_conditions():
    leaf = st.builds(elapsed, st.sampled_from("ab"), st.integers(0, 30), st.integers(0, 20))
    return st.recursive(
        leaf,
        lambda inner: (
            st.builds(Not, inner)
            | st.builds(AllOf, st.tuples(inner, inner))
            | st.builds(AnyOf, st.tuples(inner, inner))
        ),
        max_leaves=4,
    )
