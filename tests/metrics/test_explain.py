"""A figure explains itself in three languages, says no more than it may, and never fails to."""

from __future__ import annotations

import re
from datetime import date
from typing import get_args

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import osallisuus as osa
from osallisuus.errors import DefinitionError
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.explain import headline, told
from osallisuus.metrics.figure import Figure
from osallisuus.metrics.plain import Measure, Provenance, Status
from osallisuus.metrics.written import note_text, policy_texts, value_text
from osallisuus.words import Words
from tests.metrics.figures import (
    ALL_CLOSED,
    COMPLETION,
    EXPLAINED,
    HALF,
    HIDDEN,
    LANGUAGES,
    ON_A_DAY,
    OTHERS,
    ROUNDED,
    STILL_OPEN,
    THEME,
    TOLD,
    UNDEFINED,
    explained,
    measured,
    source,
)

METHODS = ("", "count", "wilson", "aalen_johansen", "kaplan_meier", "clustered_ratio", "their_own")
NAMES = {"instrument", "scale", "before", "during", "after"}
"""Policies whose values are names in the facts, which are shown as they are."""
KINDS = ("time_to_event", "funnel", "proportion", "count", "their_own")


@pytest.mark.parametrize("name", TOLD)
def test_an_explanation_is_word_for_word_the_one_that_was_read_and_kept(name):
    assert explained(TOLD[name]) == (EXPLAINED / f"{name}.txt").read_text("utf-8")


def test_the_main_figure_reads_as_people_speak():
    assert ALL_CLOSED.explain().startswith(
        "Of 41 who began, 28 completed (68%; likely 53–80%). Nobody is still on the way."
    )


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("status", get_args(Status))
@pytest.mark.parametrize("measure", get_args(Measure))
def test_every_measure_and_status_has_a_whole_text_in_every_language(measure, status, code):
    figure = measured(measure, 0.5, low=0.25, high=0.75, status=status, reason="too_few")
    figure = figure.suppressed() if status == "suppressed" else figure
    text = figure.explain(code)
    assert not re.search(r"[{}]|None|nan|  ", text)
    for line in text.split("\n"):
        assert line[0].isupper() or line[0].isdigit()
        assert line.endswith(".")
        assert ".." not in line


@pytest.mark.parametrize("figure", [*TOLD.values(), *OTHERS])
def test_the_three_languages_name_the_same_numbers(figure):
    """Leaving out how each writes a day: what differs otherwise is a slip of a translation."""

    def numbers(code):
        plain = " ".join(told(evolve(figure, period=None), Words(code)))
        return sorted(re.findall(r"\d+", plain.replace("\u00a0", "").replace(",", "")))

    languages = [numbers("fi"), numbers("sv")]
    assert languages[0] == languages[1]
    # an English decimal point parts what a comma parts in the others
    joined = "".join(numbers("en"))
    assert sorted(joined) == sorted("".join(languages[0]))


# What may not be said ----------------------------------------------------------------------------


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_hidden_figure_is_explained_without_any_number(code):
    assert not re.search(r"\d", HIDDEN.explain(code))


FRACTION = st.floats(0, 1, allow_nan=False)
COUNTS = st.none() | st.integers(0, 10**6)
VALUES = st.none() | st.floats(-1e7, 1e7, allow_nan=False) | st.integers(-(10**7), 10**7)


@st.composite
def figures(draw):
    measure = draw(st.sampled_from(get_args(Measure)))
    values = VALUES if measure != "proportion" else st.none() | FRACTION
    return Figure(
        name=draw(st.sampled_from(["completed", "median", "x_y", "any"])),
        measure=measure,
        provenance=source(
            draw(st.sampled_from(["completion", "retention", "leaving", "of_a_stranger"])),
            draw(st.sampled_from(KINDS)),
            rounding=draw(st.sampled_from([None, 5])),
        ),
        strata=draw(st.dictionaries(st.sampled_from(["group.place"]), st.none() | st.text())),
        at=draw(st.none() | st.integers(0, 5000)),
        value=draw(values),
        low=draw(values),
        high=draw(values),
        k=draw(COUNTS),
        n=draw(COUNTS),
        persons=draw(COUNTS),
        at_risk=draw(COUNTS),
        censored=draw(st.none() | FRACTION),
        method=draw(st.sampled_from(METHODS)),
        status=draw(st.sampled_from(get_args(Status))),
        reason=draw(st.sampled_from(["", "no_cases", "their_own"])),
        notes=tuple(draw(st.lists(st.sampled_from(["few_clusters", "still_open", "odd"])))),
    )


@given(figures(), st.sampled_from(LANGUAGES))
def test_no_figure_however_odd_fails_to_be_explained_or_printed(figure, code):
    assert figure.explain(code)
    assert str(figure) in repr(figure)


@given(figures(), st.sampled_from(LANGUAGES))
def test_what_is_said_of_a_hidden_figure_depends_on_its_place_alone(figure, code):
    hidden = evolve(figure, status="suppressed")
    assert hidden.explain(code) == figure.suppressed().explain(code)
    assert str(hidden) == str(figure.suppressed())


@given(
    counts=st.lists(st.integers(0, 40).map(lambda number: 5 * number), min_size=4, max_size=4),
    share=FRACTION,
    censored=st.none() | FRACTION,
    method=st.sampled_from(METHODS),
    kind=st.sampled_from(KINDS),
    measure=st.sampled_from(["count", "proportion"]),
    code=st.sampled_from(LANGUAGES),
)
def test_a_rounded_figure_names_no_count_that_is_not_rounded(
    counts, share, censored, method, kind, measure, code
):
    k, n, persons, at_risk = sorted(counts)
    figure = evolve(
        ROUNDED,
        measure=measure,
        provenance=evolve(ROUNDED.provenance, kind=kind),
        value=n if measure == "count" else share,
        k=k,
        n=n,
        persons=persons,
        at_risk=at_risk,
        censored=censored,
        method=method,
        low=None,
        high=None,
    )
    plain = " ".join(told(figure, Words(code)))
    without_shares = re.sub(r"[<>]?[\d,.]+\u00a0?%", "", plain)
    assert all(int(number) % 5 == 0 for number in re.findall(r"\d+", without_shares))


def test_a_rounded_figure_says_that_it_is_rounded_and_to_what():
    assert "about 25" in ROUNDED.explain()
    assert "rounded to the nearest 5" in ROUNDED.explain()
    assert "about" not in STILL_OPEN.explain()


def test_only_a_figure_that_leads_back_to_facts_says_that_it_must_not_be_published():
    internal = evolve(ALL_CLOSED, origin=object())
    assert "not for publication" in internal.explain()
    assert "not for publication" not in ALL_CLOSED.explain()
    assert "not for publication" not in internal.suppressed().explain()


# What must be said -------------------------------------------------------------------------------


def test_the_ratio_by_hand_is_told_with_the_reason_of_the_metrics_card():
    assert "Counted by hand it would be 40%. The plain share takes" in STILL_OPEN.explain()


@pytest.mark.parametrize("k", [36, 0])
def test_the_ratio_by_hand_is_not_told_where_it_reads_the_same(k):
    figure = evolve(STILL_OPEN, k=k, value=k / 60 + 0.001 * bool(k))
    assert "by hand" not in figure.explain()


def test_a_metric_without_a_card_tells_why_the_ratio_by_hand_differs_in_general_words():
    figure = evolve(STILL_OPEN, provenance=evolve(COMPLETION, metric="of_a_stranger"))
    assert "as if it would never happen to them" in figure.explain()


def test_unknown_cases_are_told_beside_a_share_and_people_on_the_way_within_it():
    assert "Not known: 116, left out of the figure." in THEME.explain()
    assert "Still on the way: 12." in STILL_OPEN.explain()


def test_a_share_that_does_not_tell_what_is_unknown_claims_nothing_of_it():
    text = evolve(ALL_CLOSED, censored=None).explain()
    assert "on the way" not in text
    assert "unknown" not in text


def test_a_share_by_time_of_which_all_is_known_is_told_as_any_other():
    """People who came under observation late are the only reason to go by time then."""
    text = evolve(STILL_OPEN, censored=0.0).explain()
    assert text.startswith("Of 60 who began, 24 completed (52%; likely 38–65%). Nobody is still")
    assert "reckons" not in text


def test_a_range_without_a_value_is_told_as_it_is():
    text = evolve(STILL_OPEN, value=None).explain()
    assert text.startswith("Of 60 who began, 24 completed (38–65%). Still on the way: 12.")


def test_an_undefined_figure_says_why_and_what_would_help():
    assert "It has not come that far yet. Look at the curve" in UNDEFINED.explain()


def test_each_choice_is_a_sentence_and_one_that_nobody_has_worded_is_still_readable():
    words = Words("en")
    known = Provenance(metric="m", kind="k", definition="", as_of=COMPLETION.as_of)
    assert policy_texts(evolve(known, policies={"clock": "stopped"}), words) == (
        "The days of a pause do not count as time.",
    )
    assert policy_texts(evolve(known, policies={"clock": "by_ear", "a_b": "c_d"}), words) == (
        "A b: c d.",
        "Pauses and time: by ear.",
    )


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", CATALOGUE)
def test_every_choice_of_every_metric_has_words(name, code):
    metric, words = CATALOGUE[name], Words(code)
    offered = {policy: {value} for policy, value in metric.policies.items()}
    for policy, values in metric.choices.items():
        offered.setdefault(policy, set()).update(values)
    for policy, values in offered.items():
        keys = {f"policy.{policy}.title"}
        keys |= set() if policy in NAMES else {f"policy.{policy}.{value}" for value in values}
        assert sorted(key for key in keys if key not in words) == []


def test_a_programmes_own_words_are_used_for_its_codes():
    figure = evolve(THEME, name="own_theme", strata={"group.place": "hub"})
    own = {"own_theme": "Sauna evenings", "hub": "The Hub"}
    text = " ".join(told(figure, Words("en"), own))
    assert "this came up in 128: Sauna evenings" in text
    assert text.startswith("Place: The Hub.")


def test_a_headline_is_the_core_of_what_is_told():
    words = Words("en")
    assert headline([ALL_CLOSED], words) == " ".join(told(ALL_CLOSED, words)[:2])
    assert "likely" in headline([STILL_OPEN], words)


def test_a_headline_of_several_figures_says_nothing_twice():
    """What they have in common before a dash opens one sentence on both."""
    both = [ON_A_DAY, evolve(ON_A_DAY, name="completed", value=0.67, low=0.51, high=0.78)]
    assert headline(both, Words("en")) == (
        "Had ended in this way by day 60 – Left: 13% (likely 5–26%); "
        "Completed: 67% (likely 51–78%). Still on the way: 4."
    )
    assert headline([ALL_CLOSED, ALL_CLOSED], Words("en")) == headline([ALL_CLOSED], Words("en"))


@pytest.mark.parametrize(
    ("code", "said"),
    [("fi", "ennen päivää 1.7.2018"), ("sv", "före 1 juli 2018"), ("en", "before 1 July 2018")],
)
def test_the_headline_of_a_figure_that_stays_as_published_says_of_which_time_it_is(code, said):
    held = evolve(
        ALL_CLOSED,
        provenance=evolve(ALL_CLOSED.provenance, as_of=date(2018, 7, 1)),
        notes=("as_published",),
    )
    assert said in headline([held], Words(code))
    assert said not in headline([evolve(held, notes=())], Words(code))


@pytest.mark.parametrize(
    ("code", "said"),
    [("fi", "enintään 117 päivää"), ("sv", "högst 117 dagar"), ("en", "at most 117 days")],
)
def test_the_day_of_a_thinned_curve_is_said_to_be_the_latest(code, said):
    """Only the next day that may be shown is known, in the table as in the sentence."""
    thinned = evolve(HALF, value=117.0, low=None, high=None, notes=("at_the_latest",))
    words = Words(code)
    assert value_text(thinned, words) == said
    assert said in thinned.explain(code)
    assert words("note.at_the_latest") in thinned.explain(code)
    assert said not in evolve(thinned, notes=()).explain(code)


@pytest.mark.parametrize(
    ("code", "said"),
    [("fi", "käyneet ohjelman läpi"), ("sv", "hade slutfört"), ("en", "had completed it")],
)
def test_being_in_the_programme_says_that_whoever_completed_is_no_longer_in_it(code, said):
    """So that "0%" is not taken for everybody having left."""
    nobody = evolve(
        ON_A_DAY,
        provenance=evolve(ON_A_DAY.provenance, metric="retention"),
        name="in_programme",
        value=0.0,
        low=None,
        high=None,
    )
    assert said in headline([nobody], Words(code))
    assert "next section" not in Words("en")("metric.retention.sentence")


@pytest.mark.parametrize(
    ("code", "said"),
    [("fi", "13 % (todennäköisesti 5–26 %); "), ("sv", "13 % (troligen 5–26 %) "),
     ("en", "13% (likely 5–26%) ")],
)  # fmt: skip
def test_how_sure_a_value_is_stands_right_behind_it_and_not_behind_the_sentence(code, said):
    still = evolve(
        ON_A_DAY, name="in_programme", provenance=evolve(ON_A_DAY.provenance, metric="retention")
    )
    assert said in headline([still], Words(code)).replace("\u00a0", " ")


FEW = evolve(ALL_CLOSED, notes=("few_open",), censored=None)


@pytest.mark.parametrize("metric", ["completion", "ideas"])
@pytest.mark.parametrize(
    ("code", "rises"), [("fi", "voi vielä nousta"), ("sv", "kan ännu stiga"), ("en", "still rise")]
)
def test_a_share_that_is_shown_as_all_is_not_said_to_rise(metric, code, rises):
    """It depends on nothing but the value that is shown: one that reads ">99%" can rise."""
    some = evolve(FEW, provenance=source(metric, "time_to_event"))
    words = Words(code)
    for value, said in ((0.68, True), (0.999, True), (1.0, False)):
        text = note_text(evolve(some, value=value), "few_open", words)
        assert (rises in text) is said, value


@pytest.mark.parametrize(
    ("code", "people", "things"),
    [("fi", "Heidät on", "Ne on"), ("sv", "på väg", "öppna"), ("en", "people who", "still open")],
)
@pytest.mark.parametrize(
    ("metric", "counted"),
    [("completion", "people"), ("ideas", "things"), ("decisions_carried_out", "things"),
     ("linkage", "things"), ("of_a_stranger", "people"), ("a stranger's/own", "people")],
)  # fmt: skip
def test_what_is_open_is_called_people_or_things_by_what_is_counted(
    code, people, things, metric, counted
):
    text = note_text(evolve(FEW, provenance=source(metric, "steps")), "few_open", Words(code))
    assert (people in text, things in text) == (counted == "people", counted == "things")


@pytest.mark.parametrize(
    ("code", "people"), [("fi", "joilla on"), ("sv", "på väg"), ("en", "on the")]
)
def test_the_headline_of_open_decisions_speaks_of_decisions(code, people):
    decisions = source("decisions_carried_out", "time_to_event")
    assert people in headline([STILL_OPEN], Words(code))
    text = headline([evolve(STILL_OPEN, name="carried_out", provenance=decisions)], Words(code))
    assert people not in text


def test_an_unknown_language_is_refused():
    with pytest.raises(DefinitionError, match="no such language"):
        ALL_CLOSED.explain("xx")


@pytest.mark.parametrize("code", LANGUAGES)
def test_many_figures_say_their_method_and_what_holds_for_all_of_them_once(code):
    """A curve of fifteen days has one method, one day and one set of choices."""
    with osa.open("examples/wertzu", actor="tester", purpose="a test") as register:
        result = register.measure("retention")
    told_all = result.explain(code)
    words = Words(code)
    assert len(told_all.splitlines()) == len(result) + 1
    for figure in result:
        assert " ".join(told(figure, words)) in told_all
    last = told_all.splitlines()[-1]
    for text in (*policy_texts(result.provenance, words), words("explain.internal_all")):
        assert told_all.count(text) == last.count(text) == 1
    assert told_all.count(words("method.kaplan_meier")) == 1


def test_figures_of_several_methods_say_each_their_own():
    """A funnel has counts, Wilson's shares and curves: whose is which?"""
    with osa.open("examples/wertzu", actor="tester", purpose="a test") as register:
        result = register.measure("recruitment_funnel")
    lines = result.explain().splitlines()
    assert lines[-2].endswith("Method: Wilson interval for a share.")
    assert "Method" not in lines[0] + lines[-1]
    assert evolve(result, internal=False).explain() != result.explain()
