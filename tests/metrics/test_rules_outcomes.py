"""The rules of the metric reference (A.1), by letter, for the metrics about change."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

import osallisuus as osa
from osallisuus.errors import DefinitionError
from osallisuus.metrics.catalogue.outcomes import (
    follow_up,
    outcome_change,
    outcome_phases,
    recovery_star,
    reliable_change,
)
from osallisuus.metrics.catalogue.surveys import esis, survey_change
from tests.metrics.outcome_facts import AS_OF, DAYS, episode, goals, pairs, reading, register

NORMS = osa.Norms(sd=7.5, reliability=0.8, source="Jacobson & Truax 1991")
FIGURES = ("before", "after", "change", "srm", "effect_size", "floor_before", "followed_up")


def measured(facts, metric="outcome_change", **how):
    return register(facts).measure(metric, **({"as_of": AS_OF} | how))


@pytest.mark.parametrize("name", FIGURES)
def test_z_nobody_read_is_undefined_and_no_number(name):
    """Rule Z: a denominator of 0 has a reason, and the figure refuses to be a number."""
    figure = measured([]).figure(name)
    assert (figure.status, figure.value, figure.reason) == ("undefined", None, "no_cases")
    with pytest.raises(osa.UndefinedFigure):
        float(figure)


def test_z_the_same_change_for_all_has_no_standardised_size():
    """Rule Z: a spread of 0 is no infinitely large response; two people have none either."""
    alike = measured(pairs([(20, 15), (18, 13), (12, 7), (9, 4)]))
    assert alike.figure("srm").reason == "no_variation"
    assert alike.figure("effect_size").status == "shown"
    assert measured(pairs([(20, 15), (18, 10)])).figure("srm").reason == "too_few"


def test_z_goals_without_weight_and_goals_without_rating_are_no_score():
    """Rule Z: the sum of weights is a denominator too."""
    facts = goals({"p1": [(0, 2)], "p2": [(1, None)], "p3": [(1, 1)]})
    result = measured(facts, "goal_attainment")
    assert (result.figure("t_score").n, result.figure("t_score").value) == (1, 60)
    assert (result.figure("rated").k, result.figure("rated").n) == (1, 3)
    only = measured(goals({"p2": [(1, None)]}), "goal_attainment").figure("t_score")
    assert (only.status, only.reason) == ("undefined", "not_known_yet")


def test_c_who_is_still_taking_part_has_not_missed_the_second_reading():
    """Rule C: not yet is not no; a planned end that has passed makes it due."""
    facts = [
        *(fact for one in "abcd" for fact in reading(one, "start", 20)),
        *reading("a", "end", 10),
        episode("a", ended_on=date(2025, 6, 1)),
        episode("b", planned_end_on=date(2025, 8, 1)),
        episode("c", planned_end_on=date(2025, 6, 30)),
        # of d nothing is known but the reading
    ]
    for figure in (
        measured(facts, follow_up()).figure("follow_up"),
        measured(facts).figure("followed_up"),
    ):
        assert (figure.k, figure.n, figure.censored) == (1, 2, 0.5)
    nobody = measured([*reading("b", "start", 20), episode("b")])
    assert nobody.figure("change").reason == "not_known_yet"
    assert nobody.figure("followed_up").reason == "not_known_yet"


def test_x_death_makes_no_second_reading_due():
    """Rule X: who has died before it neither missed it nor is awaited; one that was made counts."""
    died = {"ended_on": date(2025, 6, 1), "ending": "died"}
    facts = [
        *(fact for one in "ab" for fact in reading(one, "start", 20)),
        *reading("b", "end", 10),
        episode("a", **died),
        episode("b", **died),
    ]
    figure = measured(facts).figure("followed_up")
    assert (figure.k, figure.n, figure.censored) == (1, 1, 0)
    assert measured(facts, "follow_up").figure().n == 1


def test_v_a_later_reading_is_not_known_yet():
    """Rule V: on the day before it the pair is not there, and an ending is not known either."""
    facts = pairs([(20, 10)])
    early = measured(facts, as_of=DAYS["end"])
    assert early.figure("change").reason == "not_known_yet"
    assert early.figure("followed_up").censored == 1
    late = measured(facts, as_of=date(2025, 5, 21))
    assert late.figure("change").value == -10


def test_v_goals_are_as_last_rated_on_the_day():
    """Rule V: an earlier rating stands until the next one is known."""
    facts = goals({"p": [(1, 2)]})
    facts.append(osa.GoalRating(id="r", goal="g-p-0", rated_on=date(2025, 3, 1), level=-1))
    assert measured(facts, "goals_reached").figure().k == 1
    assert measured(facts, "goals_reached", as_of=date(2025, 4, 1)).figure().k == 0
    unrated = measured(facts, "goals_reached", as_of=date(2025, 2, 1)).figure()
    assert (unrated.reason, unrated.censored) == ("not_known_yet", 1)


def test_h_a_pair_belongs_to_the_period_of_its_first_reading():
    """Rule H: half-open periods; the second reading may come later."""
    periods = (
        osa.Period(date(2025, 1, 1), DAYS["start"]),
        osa.Period(DAYS["start"], date(2025, 2, 1)),
    )
    result = measured(pairs([(20, 10)]), periods=periods)
    assert [figure.n for figure in result if figure.name == "change"] == [0, 1]


def test_r_a_reading_belongs_to_the_period_of_taking_part_that_began_last_before_it():
    """Rule R: who came back is read once before and once after, and counted once."""
    person = "p"
    facts = [
        osa.Group(
            id=place, program="verna", program_version="1", kind="x", place=place,
            starts_on=date(2024, 1, 1),
        )
        for place in ("Oulu", "Espoo")
    ]  # fmt: skip
    facts += [
        osa.Enrollment(
            id=f"e{number}", person=person, program="verna", program_version="1", group=place,
            started_on=day,
        )
        for number, (place, day) in enumerate(
            [("Oulu", date(2024, 1, 7)), ("Espoo", date(2025, 1, 7)), ("Oulu", date(2025, 2, 7))]
        )
    ]  # fmt: skip
    facts += reading(person, "start", 30) + reading(person, "end", 10)
    facts += reading(person, "start", 12, on=date(2025, 2, 10), number=1)
    facts += reading(person, "end", 14, on=date(2025, 4, 1), number=1)
    result = measured(facts, by="group.place")
    shown = {f.strata["group.place"]: f.value for f in result if f.name == "change"}
    assert shown == {"Espoo": -20}


def test_g_the_interval_is_by_persons_and_few_of_them_are_told():
    """Rule G: df is persons less one, and under eight the range is called unreliable."""
    few = measured(pairs([(20, 15), (18, 14), (12, 11), (9, 4)])).figure("change")
    assert "few_clusters" in few.notes
    many = measured(pairs([(20 + n % 3, 15 + n % 5) for n in range(8)])).figure("change")
    assert "few_clusters" not in many.notes
    one = measured(pairs([(20, 15)])).figure("change")
    assert (one.value, one.low, one.notes) == (-5, None, ("one_cluster",))


def test_g_goals_of_one_person_are_one_case():
    """Rule G: five goals of one person do not make an interval narrower than one."""
    facts = goals({"p1": [(1, 2)] * 5, "p2": [(1, -2)], "p3": [(1, 0)]})
    share = measured(facts, "goals_reached").figure()
    assert (share.k, share.n, share.persons) == (6, 7, 3)
    assert "few_clusters" in share.notes
    assert measured(facts, "goal_attainment").figure("t_score").n == 3


def test_two_versions_of_an_instrument_are_no_pair():
    """Trap F.21: another version, or way of rating, measures something else."""
    facts = pairs([(20, None)], version="3 alone")
    facts += reading("p0", "end", 5, version="3 together")
    result = measured(facts)
    assert result.figure("change").reason == "no_cases"
    assert (result.figure("followed_up").k, result.figure("followed_up").n) == (0, 1)


def test_a_second_reading_before_the_first_is_no_pair():
    """Days that run backwards are a finding, not a change."""
    facts = pairs([(20, None)]) + reading("p0", "end", 5, on=date(2025, 1, 7))
    assert measured(facts).figure("change").n == 0


def test_scores_that_could_not_be_computed_are_no_readings_and_partial_ones_by_choice():
    """Trap F.22: missing is never 0; a partial score counts unless the policy says otherwise."""
    facts = pairs([(20, 10), (16, None)])
    facts += reading("p1", "end", None)
    facts += reading("p1", "start", 30, instrument="other")
    facts += reading("p1", "end", 10, instrument="other")
    assert measured(facts).figure("change").n == 1
    partial = pairs([(20, 10)], completeness="partial")
    assert measured(partial).figure("change").n == 1
    assert measured(partial, policies={"partial": "out"}).figure("change").n == 0


def test_floors_and_ceilings_are_shares_of_the_pairs():
    """Who began at the end of the scale could not move further."""
    result = measured(pairs([(0, 0), (40, 0), (40, 20), (12, 12)]))
    found = [
        result.figure(name).k
        for name in ("floor_before", "ceiling_before", "floor_after", "ceiling_after")
    ]
    assert found == [1, 2, 2, 0]


def test_regression_to_the_mean_is_named_where_entry_was_by_a_reading():
    """O1: it is a note of the change, and of nothing else."""
    facts = pairs([(30, 20), (28, 20), (31, 12)])
    for entry, noted in (("open", False), ("by_score", True)):
        result = measured(facts, policies={"entry": entry})
        noting = [f.name for f in result if "regression_to_the_mean" in f.notes]
        assert noting == (["change"] if noted else [])


def test_phases_are_of_the_same_people():
    """E.5: who lacks one of three readings is in none of the changes."""
    facts = pairs([(20, 10), (30, 10), (10, None)])
    facts += reading("p0", "mid", 18) + reading("p2", "mid", 0)
    result = measured(facts, outcome_phases())
    assert [result.figure(f"{part}_change").value for part in ("middle", "last")] == [-2, -10]
    assert [result.figure(f"{part}_before").value for part in ("middle", "last")] == [20, 20]
    assert result.figure("last_followed_up").n == 3


def test_the_star_has_no_figure_over_all_areas_and_moves_by_stages():
    """O5: a total that somebody kept is not read; a point within a stage is no move."""
    facts = pairs([(1, 2), (2, 3), (9, 8), (10, 10)], instrument="recovery_star")
    renamed = [
        osa.Score(
            id=f.id, assessment=f.assessment, scale="area_10", value=f.value,
            completeness=f.completeness,
        )
        if isinstance(f, osa.Score)
        else f
        for f in facts
    ]  # fmt: skip
    kept = reading("p9", "start", 50, instrument="recovery_star")
    kept += reading("p9", "end", 60, instrument="recovery_star")
    result = measured([*renamed, *kept], recovery_star())
    assert {figure.name.split("_")[1] for figure in result} == {"10"}
    moves = [result.figure(f"area_10_{name}").k for name in ("moved_up", "stayed", "moved_down")]
    assert moves == [1, 2, 1]
    with pytest.raises(DefinitionError, match="licence"):
        outcome_change("recovery_star", "total")


def test_areas_come_in_the_order_of_their_numbers():
    """The tenth area stands after the ninth."""
    values = {f"area_{number}": 3 for number in (10, 9, 2, 1)}
    facts = [episode("p"), *reading("p", "start", values, instrument="recovery_star")]
    facts += reading("p", "end", values, instrument="recovery_star")
    names = [f.name for f in measured(facts, recovery_star()) if f.name.endswith("change")]
    assert names == [f"area_{number}_change" for number in (1, 2, 9, 10)]


def test_reliable_change_has_no_answer_without_published_numbers():
    """O2: s, r and their source are required; the follow-up is known all the same."""
    result = measured(pairs([(32.5, 47.5)]), "reliable_change")
    classes = [f for f in result if f.name != "followed_up"]
    assert {f.reason for f in classes} == {"norms_not_stated"}
    assert all(f.n is None and f.k is None for f in classes)
    assert result.figure("followed_up").value == 1


def test_reliable_change_looks_at_the_direction_of_the_scale():
    """A lower AUDIT is for the better; classes and net add up."""
    facts = pairs([(30, 10), (30, 12), (30, 29), (10, 30)])
    result = measured(facts, reliable_change(norms=NORMS))
    counts = [result.figure(n).k for n in ("improved", "no_reliable_change", "worse")]
    assert counts == [2, 1, 1]
    assert result.figure("net").value == 0.25
    assert "precision_of_others" in result.figure("improved").notes
    other = measured(facts, evolve(reliable_change(norms=NORMS), better="higher"))
    assert other.figure("improved").k == 1
    assert other.figure("improved").provenance.definition != (
        result.figure("improved").provenance.definition
    )


def test_norms_given_as_policies_are_the_norms_that_were_published():
    """By name, from the outside, as one value, or changed later: the same metric."""
    policies = {"norms_sd": "7.5", "norms_reliability": "0.8", "norms_source": NORMS.source}
    metric = reliable_change(norms=NORMS)
    assert reliable_change().under(**policies) == metric
    assert reliable_change().under(**policies).definition == metric.definition
    assert metric.policies.items() >= policies.items()
    cut = metric.under(norms_cut_off="8", norms_population="students")
    assert cut.norms == evolve(NORMS, cut_off=8, population="students")
    assert metric.under(partial="out").norms == NORMS
    unstated = [name for name in reliable_change().policies if name.startswith("norms_")]
    assert not [*unstated, *({"limit"} & reliable_change().policies.keys())]


def test_the_direction_and_the_limit_of_a_reliable_change_are_printed_with_every_figure():
    """1.96 · √2 · 7.5 · √0.2 = 9.30; a comma in Finnish, words instead of codes, first to last."""
    metric = reliable_change(norms=NORMS)
    assert (metric.policies["better"], metric.policies["limit"]) == ("lower", "9.30")
    told = measured(pairs([(30, 10)]), metric).figure("improved").explain("fi")
    assert "Pienempi lukema on parempi." in told
    assert "Raja, jonka yli muutos lasketaan: 9,30." in told
    assert "Mittarin hajonta: 7,5." in told
    assert not any(f": {code}." in told for code in ("start", "end", "audit", "total", "7.5"))
    assert told.index("Ensimmäinen mittauskerta") < told.index("Viimeinen mittauskerta")


@pytest.mark.parametrize("better", ["down", "LOWER", "", None])
def test_a_direction_that_is_none_is_refused(better):
    """Nothing but higher or lower: a misspelt one would turn every figure round."""
    with pytest.raises(DefinitionError, match="higher or lower"):
        evolve(reliable_change(norms=NORMS), better=better)


def test_nobody_turns_the_direction_of_a_known_instrument_round():
    """Less drinking is for the better, whatever the caller says."""
    with pytest.raises(DefinitionError, match=r"lower is for the better.*leave better out"):
        reliable_change(norms=NORMS, better="higher")
    assert reliable_change(norms=NORMS, better="lower") == reliable_change(norms=NORMS)


@pytest.mark.parametrize("make", [outcome_change, reliable_change, outcome_phases, follow_up])
def test_an_instrument_for_groups_is_read_person_by_person_by_nobody(make):
    """Trap F.21: the ESIS is refused with a reason and a way out."""
    with pytest.raises(DefinitionError, match="groups only") as caught:
        make("esis")
    assert "means of groups" in caught.value.problems[0].remedy


def test_an_instrument_that_nobody_knows_needs_a_direction():
    """O2: which way is for the better is not guessed."""
    with pytest.raises(DefinitionError, match="for the better"):
        reliable_change("own_scale", norms=NORMS)
    assert reliable_change("own_scale", norms=NORMS, better="higher").better == "higher"


def _forms(points, wave="start", person=None):
    facts = []
    for number, answers in enumerate(points):
        form = f"f-{wave}-{number}"
        facts.append(
            osa.Assessment(
                id=form, person=person, instrument="esis", instrument_version="official",
                wave=wave, happened_on=DAYS[wave],
            )
        )  # fmt: skip
        facts += [
            osa.Answer(id=f"{form}-{item}", form=form, item=f"item_{item}", number=number)
            for item, number in enumerate(answers, 1)
            if number is not None
        ]
    return facts


def test_the_esis_has_no_mean_of_fewer_than_five_forms_even_inside():
    """O4: also those who may see the facts get no number that is close to one person's."""
    four = [[n] * 10 for n in (5, 3, 2, 4)]
    for name in ("before", "change"):
        assert measured(_forms(four), esis()).figure(name).status == "undefined"
    assert measured(_forms(four), esis()).figure("before").reason == "too_few_forms"
    assert measured(_forms([*four, [1] * 10]), esis()).figure("before").value == 50


def test_the_rule_for_missing_answers_is_part_of_the_metric():
    """O4: all ten by default; another rule is another definition and is printed."""
    forms = _forms([*([n] * 10 for n in (5, 3, 2, 4, 1)), [5] * 8 + [None] * 2])
    strict, lenient = (measured(forms, esis(missing=rule)) for rule in ("complete", 8))
    assert (strict.figure("before").n, lenient.figure("before").n) == (5, 6)
    assert lenient.figure("before").value == pytest.approx(350 / 6)
    assert strict.provenance.definition != lenient.provenance.definition
    assert [r.provenance.policies["missing"] for r in (strict, lenient)] == [
        "all_ten",
        "at_least_8",
    ]
    assert strict.figure("usable_forms").k == 5


def test_answers_that_the_form_does_not_offer_do_not_count():
    """O4: 1 to 5 only, on its own ten items."""
    forms = _forms([[5] * 9 + [7], *([3] * 10 for _ in range(5))])
    figure = measured(forms, esis()).figure("before")
    assert (figure.n, figure.value) == (5, 50)


def test_a_person_has_one_form_in_a_wave():
    """Trap F.9: five forms of one person are no five answers."""
    forms = _forms([[n] * 10 for n in (5, 3, 2, 4, 1)], person="p")
    assert measured(forms, esis()).figure("before").reason == "too_few_forms"


def test_unlinked_waves_are_two_samples_and_say_so():
    """Trap F.20: the difference of crowds is another metric than the change of people."""
    facts = [
        fact
        for number, (one, other) in enumerate([(3, 4), (4, 5), (2, 2.5)])
        for wave, value in (("start", one), ("end", other))
        for fact in reading(None, wave, value, instrument="client_survey", number=number)
    ]
    change = measured(facts, survey_change()).figure("change")
    assert change.value == pytest.approx(11.5 / 3 - 3)
    assert "waves_not_linked" in change.notes
    assert change.method == "welch_t"
    # the same numbers as pairs have a much narrower range
    linked = measured(
        pairs([(3, 4), (4, 5), (2, 2.5)], instrument="client_survey"),
        outcome_change("client_survey"),
    ).figure("change")
    assert linked.high - linked.low < change.high - change.low


def test_only_the_programme_that_is_asked_for_is_looked_at():
    """Readings and goals follow the people of the programme, and goals their own guidance."""
    facts = pairs([(20, 10), (20, 16)])
    facts = [
        osa.Enrollment(
            id=f.id, person=f.person, program="wertzu", program_version="1", started_on=f.started_on
        )
        if isinstance(f, osa.Enrollment) and f.person == "p1"
        else f
        for f in facts
    ]
    facts += goals({"p0": [(1, 1)], "p1": [(1, 1)]})
    assert measured(facts).figure("change").n == 2
    for program in ("verna", "wertzu"):
        assert measured(facts, program=program).figure("change").n == 1
        assert measured(facts, "goals_reached", program=program).figure().n == 1


def test_goals_can_be_told_apart_by_their_domain():
    """M29: by the area of life that a goal is of."""
    facts = goals({"p0": [(1, 1), (1, -1)], "p1": [(1, 1)]})
    result = measured(facts, "goals_reached", by="goal.domain")
    assert [dict(f.strata) for f in result] == [{"goal.domain": "home"}]


@pytest.mark.parametrize(("after", "crossed"), [(9.0, 1), (10.0, 0)])
def test_a_reading_at_the_cut_off_is_not_beyond_it(after, crossed):
    """O2: who comes to it has not come over it; who was on it has not been beyond."""
    norms = osa.Norms(sd=2, reliability=0.8, source="made up", cut_off=10)
    metric = reliable_change(norms=norms)
    assert measured(pairs([(20, after)]), metric).figure("crossed_cut_off").k == crossed
    assert measured(pairs([(10, 5)]), metric).figure("crossed_cut_off").k == 1
    assert measured(pairs([(9.5, 4)]), metric).figure("crossed_cut_off").k == 0


def test_a_goal_belongs_to_the_programme_of_its_guidance():
    """A person of two programmes has goals in one of them."""
    facts = [
        episode("p"),
        osa.Guidance(
            id="c",
            person="p",
            guide="p",
            program="kokemusohjaus",
            offered_on=DAYS["start"],
            planned_end_on=AS_OF,
        ),
        osa.Goal(id="g", person="p", guidance="c", domain="home", weight=1, set_on=DAYS["start"]),
        osa.GoalRating(id="r", goal="g", rated_on=DAYS["end"], level=1),
    ]
    for program, n in (("verna", 0), ("kokemusohjaus", 1)):
        figure = measured(facts, "goals_reached", program=program).figure()
        assert (figure.n or 0) == n


def test_a_release_of_reliable_change_is_remembered_with_its_numbers_and_their_source():
    """D: norms are a part of the question, so that a release can be asked again later."""
    rows = [(30 + n % 3, (10, 29, 39)[n % 3]) for n in range(45)]
    opened = register(pairs(rows))
    metric = reliable_change(norms=NORMS, better="lower")
    first = opened.release(metric, as_of=AS_OF).results[0]
    shown = [(f.name, f.value) for f in first if f.status == "shown"]
    assert shown
    again = opened.release(metric, as_of=AS_OF).results[0]
    assert [(f.name, f.value) for f in again if f.status == "shown"] == shown


def test_a_form_without_any_answer_is_a_form_without_enough_answers():
    """Trap F.22: an empty form is counted as such, and is no 0."""
    forms = _forms([*([n] * 10 for n in (5, 3, 2, 4, 1)), [None] * 10])
    result = measured(forms, esis())
    assert (result.figure("usable_forms").k, result.figure("usable_forms").n) == (5, 6)
    assert result.figure("before").value == 50


def test_r_taking_part_that_begins_on_the_day_of_a_reading_has_begun():
    """Rule R: half-open days: that day is its first."""
    facts = reading("p", "start", 20)
    facts += [
        osa.Enrollment(
            id=f"e{number}",
            person="p",
            program=program,
            program_version="1",
            started_on=day,
            ended_on=ended_on,
        )
        for number, (program, day, ended_on) in enumerate(
            [("wertzu", date(2025, 1, 7), None), ("verna", DAYS["start"], date(2025, 6, 1))]
        )
    ]
    figure = measured(facts).figure("followed_up")
    assert (figure.k, figure.n) == (0, 1)
