"""Scores: never a number for missing answers, never one that nobody may have."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import DefinitionError, ImportProblem
from osallisuus.model import facts
from osallisuus.model.instruments import REGISTRY
from osallisuus.rules.scoring import (
    GroupScore,
    NotComputable,
    Partial,
    Score,
    answers_on,
    score,
    score_group,
)

AUDIT = [item.code for item in REGISTRY["audit"].items]
ESIS = [f"item_{number}" for number in range(1, 11)]


def audit(*points: int | None) -> dict[str, int | None]:
    return dict(zip(AUDIT, points, strict=True))


def esis(points: list[int | None]) -> dict[str, int | None]:
    return dict(zip(ESIS, points, strict=True))


@pytest.mark.parametrize(
    ("points", "total", "zone", "parts"),
    [
        ((0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 0, "zone_1", (0, 0, 0)),
        ((1, 2, 1, 0, 1, 0, 1, 0, 0, 0), 6, "zone_1", (4, 1, 1)),
        ((2, 2, 2, 0, 1, 0, 0, 0, 0, 0), 7, "zone_1", (6, 1, 0)),
        ((2, 2, 2, 0, 1, 1, 0, 0, 0, 0), 8, "zone_2", (6, 2, 0)),
        ((4, 4, 4, 1, 1, 1, 0, 0, 0, 0), 15, "zone_2", (12, 3, 0)),
        ((4, 4, 4, 1, 1, 0, 0, 0, 2, 0), 16, "zone_3", (12, 2, 2)),
        ((4, 4, 4, 1, 1, 1, 0, 0, 4, 0), 19, "zone_3", (12, 3, 4)),
        ((4, 4, 4, 1, 1, 0, 0, 0, 4, 2), 20, "zone_4", (12, 2, 6)),
        ((4, 4, 4, 4, 4, 4, 4, 4, 4, 4), 40, "zone_4", (12, 12, 16)),
    ],
)
def test_audit_adds_up_ten_answers_to_its_zone_and_its_three_parts(points, total, zone, parts):
    """Babor and others 2001: 0-7, 8-15, 16-19, 20-40; items 1-3, 4-6 and 7-10."""
    whole = score("audit", audit(*points))
    assert isinstance(whole, Score)
    assert (whole.value, whole.band, whole.answered, whole.items) == (total, zone, 10, 10)
    found = tuple(
        score("audit", audit(*points), scale=scale).value
        for scale in ("consumption", "dependence", "harm")
    )
    assert found == parts


def test_the_jumps_of_the_audit_form_are_no_missing_answers():
    """Who never drinks answers 1, 9 and 10; who never drinks much 1 to 3, 9 and 10."""
    never = score("audit", audit(0, *[None] * 7, 0, 2))
    little = score("audit", audit(3, 0, 0, *[None] * 5, 0, 0))
    assert isinstance(never, Score)
    assert isinstance(little, Score)
    assert (never.value, little.value) == (2, 3)
    # whoever has more than two drinks has not jumped
    assert isinstance(score("audit", audit(3, 1, 0, *[None] * 5, 0, 0)), NotComputable)


def test_an_answer_counts_also_where_the_form_would_have_jumped():
    """Answers that were given are not replaced by 0."""
    assert score("audit", audit(3, 0, 0, 1, None, None, None, None, 0, 0)).value == 4


def test_a_missing_answer_is_never_a_0():
    """One answer less: no score; by a rule of the caller's, a partial one by the others' mean."""
    points = audit(2, 2, 2, 2, 2, 2, 2, 2, 2, None)
    none = score("audit", points)
    assert isinstance(none, NotComputable)
    assert (none.reason, none.answered, none.items) == ("too_few_answers", 9, 10)
    some = score("audit", points, missing=9)
    assert isinstance(some, Partial)
    assert (some.value, some.answered) == (20, 9)


def test_an_empty_form_has_no_score():
    """Not 0, whatever the rule."""
    for missing in ("complete", 1):
        outcome = score("audit", {}, missing=missing)
        assert isinstance(outcome, NotComputable)
        assert outcome.reason == "no_answers"


def test_an_instrument_without_a_stated_rule_needs_one_from_the_caller():
    """The pages on the ESIS do not say how many answers may be missing."""
    with pytest.raises(DefinitionError, match="how many answers may be missing"):
        score_group("esis", [], missing=None)


@pytest.mark.parametrize("missing", [0, 11, True, "some"])
def test_a_rule_for_missing_answers_is_complete_or_a_number_of_items(missing):
    """A rule that cannot be kept is refused before anything is scored."""
    with pytest.raises(DefinitionError, match="not a rule"):
        score("audit", audit(*[0] * 10), missing=missing)


def test_the_esis_gives_nobody_a_number():
    """Asked for one person, it refuses and says why."""
    outcome = score("esis", esis([3] * 10), missing="complete")
    assert isinstance(outcome, NotComputable)
    assert outcome.reason == "group_level_only"
    assert outcome.fact("s1", "a1").value is None


def test_the_esis_of_a_group_is_100_times_the_mean_of_sum_less_ten_over_40():
    """Sums 50, 30, 20, 40, 10 are 100, 50, 25, 75, 0; a form without an answer is left out."""
    forms = [esis([n] * 10) for n in (5, 3, 2, 4, 1)]
    group = score_group("esis", [*forms, esis([5] * 9 + [None])], missing="complete")
    assert isinstance(group, GroupScore)
    assert (group.mean, group.forms, group.left_out) == (50, 5, 1)
    partial = score_group("esis", [*forms, esis([5] * 9 + [None])], missing=9)
    assert (partial.mean, partial.forms) == (pytest.approx(350 / 6), 6)


@pytest.mark.parametrize("fewest", [0, 5])
def test_fewer_than_five_forms_are_no_group(fewest):
    """Nobody can ask for less; a caller may ask for more."""
    forms = [esis([n] * 10) for n in (5, 3, 2, 4)]
    outcome = score_group("esis", forms, missing="complete", fewest=fewest)
    assert isinstance(outcome, NotComputable)
    assert outcome.reason == "too_few_forms"
    six = [*forms, *forms]
    assert isinstance(score_group("esis", six, missing="complete", fewest=9), NotComputable)
    assert isinstance(score_group("esis", six, missing="complete", fewest=8), GroupScore)


def test_the_recovery_star_has_stages_and_no_total_without_a_licence():
    """Two points make a stage; one number over all areas only by the user's own licence."""
    star = {f"area_{number}": number for number in range(1, 11)}
    stages = [score("recovery_star", star, scale=area).band for area in star]
    assert stages == [f"stage_{number}" for number in (1, 1, 2, 2, 3, 3, 4, 4, 5, 5)]
    refused = score("recovery_star", star)
    assert isinstance(refused, NotComputable)
    assert refused.reason == "licence_needed"
    assert isinstance(score("recovery_star", star, licence="  "), NotComputable)
    assert score("recovery_star", star, licence="Licence 12, section 4").value == 55


def test_the_barc10_adds_up_ten_answers_from_1_to_6():
    """From 10 to 60."""
    assert score("barc10", dict.fromkeys(ESIS, 1)).value == 10
    assert score("barc10", dict.fromkeys(ESIS, 6)).value == 60


def test_an_instrument_without_structure_is_not_scored():
    """We know its name and its licence, not its areas."""
    outcome = score("outcomes_star", {"area_1": 3})
    assert isinstance(outcome, NotComputable)
    assert outcome.reason == "no_scoring"
    assert "licence" in outcome.license_note.lower()


def test_impossible_answers_are_refused_all_at_once_and_without_their_value():
    """The remedy names what the item offers, not what somebody has written."""
    with pytest.raises(ImportProblem) as caught:
        score("audit", {"injury": 3, "guilt": 77, "somebodys_name": 1, "frequency": 2})
    assert len(caught.value.problems) == 3
    text = str(caught.value)
    assert "points 0, 2, 4" in text
    assert "77" not in text
    assert "somebody" not in text


def test_unknown_instruments_and_scales_are_refused_with_the_nearest_name():
    """A typing error is told apart from a missing score."""
    with pytest.raises(DefinitionError, match="audit"):
        score("audi", {})
    with pytest.raises(DefinitionError, match="consumption"):
        score("audit", {}, scale="consumtion")


def test_every_outcome_says_by_what_right_it_was_made():
    """Licence and source go with the number, and a fact is kept of each outcome."""
    whole = score("audit", audit(*[1] * 8, 2, 2))
    assert "World Health Organization" in whole.license_note
    assert "2001" in whole.source
    for outcome, kept in (
        (whole, ("complete", 12.0)),
        (score("audit", audit(*[1] * 8, 2, None), missing=9), ("partial", 10 * 10 / 9)),
        (score("audit", {}), ("not_computable", None)),
    ):
        fact = outcome.fact("s1", "a1")
        assert (fact.completeness, fact.value) == (kept[0], pytest.approx(kept[1]))


def test_answers_are_read_off_the_facts_of_one_form():
    """Other forms are left alone; an answer without a number is missing."""
    rows = [
        facts.Answer(id="1", form="a1", item="guilt", number=2),
        facts.Answer(id="2", form="a1", item="injury"),
        facts.Answer(id="3", form="a2", item="guilt", number=4),
    ]
    assert answers_on("a1", rows) == {"guilt": 2, "injury": None}
    for wrong in (
        facts.Answer(id="4", form="a1", item="guilt", number=2),
        facts.Answer(id="4", form="a1", item="other", number=1.5),
    ):
        with pytest.raises(ImportProblem, match="twice, or not in whole points"):
            answers_on("a1", [*rows, wrong])


@given(st.lists(st.sampled_from([None, 1, 2, 3, 4, 5, 6]), min_size=10, max_size=10))
def test_a_partial_score_is_the_mean_of_the_given_answers_times_all_items(points):
    """And it stays within the ends of the scale, whatever is missing."""
    given_points = [one for one in points if one is not None]
    outcome = score("barc10", dict(zip(ESIS, points, strict=True)), missing=1)
    if not given_points:
        assert isinstance(outcome, NotComputable)
        return
    assert outcome.value == float(Fraction(sum(given_points) * 10, len(given_points)))
    assert 10 <= outcome.value <= 60
    assert isinstance(outcome, Score if len(given_points) == 10 else Partial)


def test_what_may_not_be_scored_has_no_mean_of_a_group_either():
    """For want of a scoring, or of a licence."""
    for instrument, why in (("outcomes_star", "no_scoring"), ("recovery_star", "licence_needed")):
        found = score_group(instrument, [], missing="complete")
        assert isinstance(found, NotComputable)
        assert found.reason == why


def test_an_instrument_may_be_given_by_itself_or_by_its_code():
    answers = audit(*[0] * 10)
    assert score(REGISTRY["audit"], answers) == score("audit", answers)
